"""Functions that write into their first argument: a traced array, or one made to be assigned.

Each is an assignment at an index, so that all names and views of the array see the change.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import shape_of
from funcad.core.kinds import composite
from funcad.core.primitive import strip
from funcad.core.refusals import refuse_store
from funcad.core.tracer import Tracer
from funcad.core.writing import write


def target(x: Any, name: str) -> Any:
    """Return an array that may hold traced values; a plain one cannot."""
    if not isinstance(x, Tracer):
        refuse_store(f"{name}(...)")
    return x


def write_flat(x: Any, places: Any, values: Any) -> None:
    """Assign to the elements at flat positions; the values are repeated as often as needed."""
    values = np.ravel(as_operand(values))
    count = int(np.size(places))
    if not count:
        return
    size = shape_of(values)[0]
    if size == 0:
        return
    if size != count:
        values = np.take(values, np.arange(count) % size)
    write(x, np.unravel_index(np.ravel(places), shape_of(x)), values)


@composite(np.copyto)
def _copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    x = target(dst, "np.copyto")
    src = as_operand(src)
    source = getattr(src, "dtype", None) or np.dtype(type(src))
    if not np.can_cast(source, x.dtype, casting):  # type: ignore[arg-type]
        raise TypeError(
            f"Cannot cast array data from {source!r} to {x.dtype!r} according to the rule '{casting}'"
        )
    write(x, Ellipsis, src if where is True else np.where(where, src, x))


@composite(np.put)
def _put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    x = target(a, "np.put")
    size = math.prod(shape_of(x))
    places = np.arange(size)
    # which elements the indices name is NumPy's to say
    write_flat(x, np.take(places, np.ravel(strip(ind)), mode=mode), v)  # type: ignore[call-overload]


@composite(np.place)
def _place(arr: Any, mask: Any, vals: Any) -> None:
    x = target(arr, "np.place")
    places = np.flatnonzero(strip(mask))
    if places.size and not np.size(vals):
        raise ValueError("Cannot insert from an empty array!")
    write_flat(x, places, vals)


@composite(np.putmask)
def _putmask(a: Any, /, mask: Any, values: Any) -> None:
    x = target(a, "np.putmask")
    places = np.flatnonzero(strip(mask))
    values = np.ravel(as_operand(values))
    if places.size and shape_of(values)[0]:
        # unlike np.place it takes the value that stands at the position of the element
        write_flat(x, places, np.take(values, places % shape_of(values)[0]))


@composite(np.fill_diagonal)
def _fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    x = target(a, "np.fill_diagonal")
    marks = np.zeros(shape_of(x), bool)
    np.fill_diagonal(marks, True, wrap)
    write_flat(x, np.flatnonzero(marks), val)


@composite(np.put_along_axis)
def _put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> None:
    x = target(arr, "np.put_along_axis")
    indices = strip(indices)
    if axis is None:
        write_flat(x, np.take(np.arange(math.prod(shape_of(x))), indices), values)
        return
    ndim = len(shape_of(x))
    axis %= ndim
    places = tuple([
        indices if k == axis else np.reshape(np.arange(n), (-1,) + (1,) * (ndim - k - 1))
        for k, n in enumerate(shape_of(x))
    ])  # fmt: skip
    write(x, places, values)
