"""The structural primitives of the engine: indexing, and joining or separating elements."""

from __future__ import annotations

import math
import operator
from typing import Any, cast

import numpy as np

from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.indexing import scattered
from funcad.core.primitive import registry
from funcad.core.tracer import Tracer


def _getitem(x: Any, index: Any) -> Any:
    return x[index]


def _scatter(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    return scattered(g, index, shape)


def _join(*elements: Any) -> Any:
    return np.array(elements)


def _separate(x: Any) -> tuple[Any, ...]:
    return tuple(x)


def _item(x: Any, place: int) -> Any:
    return x.item(place)


def _joined(g: tuple[Any, ...], x_shape: tuple[int, ...]) -> Any:
    filler = np.zeros(x_shape[1:])
    return np.stack([filler if c is None else c for c in g])


# x[index]; zeros with g added at an index; scalars as one vector; the items along the first
# axis; the element at a place of the flattened array, as a Python number
getitem = PrimitiveFunction(_getitem, name="indexing")
scatter = PrimitiveFunction(_scatter, name="scatter")
join = PrimitiveFunction(_join, name="join")
separate = PrimitiveFunction(_separate, name="iteration")

item = PrimitiveFunction(_item, name="item")

# a plain cotangent, which is the common case, needs no search for tracers
getitem.def_linear(
    lambda g, index, x_shape: (scatter if isinstance(g, Tracer) else _scatter)(g, index, x_shape)
)
scatter.def_linear(lambda g, index: getitem(g, index), unaffected=["shape"])
join.def_linear(lambda g, i: g[i])
separate.def_linear(_joined)
item.def_linear(lambda g, place, x_shape: np.reshape(scatter(g, place, (math.prod(x_shape),)), x_shape))

GETITEM = cast(General, registry[getitem])
GETITEM.impl = operator.getitem  # which finds its way by itself
SCATTER = cast(General, registry[scatter])
SEPARATE = cast(General, registry[separate])
