"""The structural primitives of the engine: indexing, and joining or separating elements."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np

from funcad.core.broadcast import shape_of
from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.indexing import picks_once, scattered
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


def _put(x: Any, value: Any, index: Any) -> Any:
    out = np.array(x)
    out[index] = value
    return out


def _added(x: Any, value: Any, index: Any) -> Any:
    out = np.array(x)
    np.add.at(out, index, value)
    return out


def _winners(g: Any, index: Any) -> Any:
    """Return the cotangents of the values that are still there: the last of those with one place."""
    read = getitem(array_like(g), index)
    if top_within(index) is not None or picks_once(index):
        return read
    shape = shape_of(read)
    number = np.reshape(np.arange(math.prod(shape)), shape)
    order = np.zeros(shape_of(g), int)
    order[index] = number
    return np.where(order[index] == number, read, 0)


def _join(*elements: Any) -> Any:
    return np.array(elements)


def _separate(x: Any) -> tuple[Any, ...]:
    return tuple(x)


def _item(x: Any, place: int) -> Any:
    return array_like(x).item(place)


def _joined(g: tuple[Any, ...], x_shape: tuple[int, ...]) -> Any:
    filler = np.zeros(x_shape[1:])
    return np.stack([filler if c is None else c for c in g])


def _view_parts(x: Any, dtype: Any) -> Any:
    return np.copy(x, "C").view(dtype)


def _parts_back(g: Any, dtype: Any) -> Any:
    # cotangents are unconjugated: that of z = a + ib is (d/da) - i (d/db)
    if np.dtype(dtype).kind == "c":
        z = np.conjugate(g)
        return view_parts(z, np.empty(0, z.dtype).real.dtype)
    return np.conjugate(view_parts(g, np.result_type(g.dtype, np.complex64)))


# x[index]; zeros with g added at an index; a copy with values put at an index, or added there; scalars
# as one vector; the items along the first axis; the element at a place of the flattened array, as a
# Python number
getitem = PrimitiveFunction(_getitem, name="indexing")
scatter = PrimitiveFunction(_scatter, name="scatter")
put = PrimitiveFunction(_put, name="assignment")
added = PrimitiveFunction(_added, name="np.add.at")
join = PrimitiveFunction(_join, name="join")
separate = PrimitiveFunction(_separate, name="iteration")

item = PrimitiveFunction(_item, name="item")

getitem.def_linear(lambda g, index, x_shape: scatter(g, index, x_shape))
scatter.def_linear(lambda g, index: getitem(g, index), unaffected=["shape"])
put.def_linear(lambda g, index: put(g, 0, index), _winners)
added.def_linear(lambda g: g, lambda g, index: getitem(g, index))
join.def_linear(lambda g, i: g[i])
separate.def_linear(_joined)
item.def_linear(lambda g, place, x_shape: np.reshape(scatter(g, place, (math.prod(x_shape),)), x_shape))

# the numbers of an array as numbers of another dtype, as real and imaginary parts or from them
view_parts = PrimitiveFunction(_view_parts, name="view")
view_parts.def_jvp(lambda t, dtype: view_parts(t, dtype))
view_parts.def_vjp(_parts_back)


GETITEM = cast(General, registry[getitem])
GETITEM.impl = _elements_at  # which finds its way by itself
SCATTER = cast(General, registry[scatter])
SEPARATE = cast(General, registry[separate])
