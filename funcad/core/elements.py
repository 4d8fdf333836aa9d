"""The structural primitives of the engine: indexing, and joining or separating elements."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np

from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.indexing import scattered
from funcad.core.primitive import registry, top_within
from funcad.core.tracer import Tracer


def _getitem(x: Any, index: Any) -> Any:
    return x[index]


def array_like(x: Any) -> Any:
    """Return a value that can be indexed; beside a scalar of NumPy a tangent may be a Python number."""
    return np.asarray(x)[()] if isinstance(x, (float, complex)) else x


def _elements_at(x: Any, index: Any) -> Any:
    # a plain array does not see that an index is a batch
    top = None if isinstance(x, Tracer) else top_within(index)
    return array_like(x)[index] if top is None else top.read(x, index)


def _scatter(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    return scattered(g, index, shape)


def _join(*elements: Any) -> Any:
    return np.array(elements)


def _separate(x: Any) -> tuple[Any, ...]:
    return tuple(x)


def _item(x: Any, place: int) -> Any:
    return array_like(x).item(place)


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

getitem.def_linear(lambda g, index, x_shape: scatter(g, index, x_shape))
scatter.def_linear(lambda g, index: getitem(g, index), unaffected=["shape"])
join.def_linear(lambda g, i: g[i])
separate.def_linear(_joined)
item.def_linear(lambda g, place, x_shape: np.reshape(scatter(g, place, (math.prod(x_shape),)), x_shape))

GETITEM = cast(General, registry[getitem])
GETITEM.impl = _elements_at  # which finds its way by itself
SCATTER = cast(General, registry[scatter])
SEPARATE = cast(General, registry[separate])
