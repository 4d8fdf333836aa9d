"""Writing to traced arrays as NumPy does: all names of an array and all its views see the change.

Below, nothing is written to: an assignment makes a new value, and the traced array becomes it.
"""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import added
from funcad.core.filling import fill
from funcad.core.links import Link, become, mark_written, placed
from funcad.core.primitive import strip
from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import AssignmentError


def write(x: Any, index: Any, value: Any) -> None:
    """Assign to the elements of a traced array at an index: `x[index] = value`.

    Raises:
        AssignmentError: the array cannot hold what is assigned.
        ValueError: the array is a read-only view.
    """
    check_writeable(x)
    if isinstance(value, Tracer) and is_same_part(value.link, x, index):
        return  # the end of `x[index] += ...`, which has written through the view
    value = as_operand(value)
    if fill(x, index, value):
        return
    now = x.run.current(x)
    check_holds(now, value)
    replace(x, placed(now, index, value))


def is_same_part(link: Any, x: Any, index: Any) -> bool:
    """Tell whether a view is that of an array at an index."""
    if type(link) is not Link or link.base is not x or link.make is not None:
        return False
    if type(index) is tuple and type(link.args) is tuple and len(index) == len(link.args):
        return all([i is j for i, j in zip(index, link.args, strict=True)])
    return index is link.args


def replace(x: Any, new: Any) -> None:
    """Make a traced array another value of its shape and dtype, and with it what it is a view of."""
    link = x.link
    if type(link) is not Link:
        x.link = None
        mark_written(x)
        become(x, new)
    elif link.make is not None or not fill(link.base, link.args, new):
        replace(link.base, link.put_back(new))


def store(x: Any, result: Any, casting: str = "same_kind") -> Any:
    """Write a result into a traced array, as `out=` does, and return the array.

    Raises:
        ValueError: the result has another shape.
        TypeError: its dtype cannot be cast to that of the array.
    """
    check_writeable(x)
    result = as_operand(result)
    shape = shape_of(x)
    if shape_of(result) != shape:
        raise ValueError(
            f"non-broadcastable output operand with shape {shape} doesn't match the broadcast shape "
            f"{shape_of(result)}"
        )
    have, wanted = _dtype(result), _dtype(x)
    if not np.can_cast(have, wanted, casting):  # type: ignore[arg-type]
        raise TypeError(
            f"Cannot cast ufunc output from dtype('{have}') to dtype('{wanted}') "
            f"with casting rule '{casting}'"
        )
    if have != wanted or shape == ():  # a number must not take the place of an array without axes
        write(x, Ellipsis, result)
    elif isinstance(result, Tracer):
        replace(x, result.kept())
    else:
        replace(x, np.array(result))
    return x


def apply_at(ufunc: Any, x: Any, index: Any, *values: Any) -> None:
    """Apply a ufunc in place to the elements at an index, once more where an index is repeated."""
    index = strip(index)
    if ufunc is np.add:
        check_writeable(x)
        value = as_operand(values[0])
        check_holds(x, value)
        replace(x, added(as_operand(x), value, index))
        return
    shape = shape_of(x)
    places = np.arange(math.prod(shape)).reshape(shape)[index]
    if np.size(np.unique(places)) == np.size(places):
        write(x, index, ufunc(x[index], *values))
        return
    # one after the other, as NumPy does
    listed = [np.ravel(np.broadcast_to(as_operand(v), np.shape(places))) for v in values]
    for k, place in enumerate(np.ravel(places)):
        at = np.unravel_index(place, shape)
        write(x, at, ufunc(x[at], *[v[k] for v in listed]))


def check_writeable(x: Any) -> None:
    """Refuse to write to a view that NumPy makes read-only, such as that of np.broadcast_to."""
    link = x.link
    while type(link) is Link:
        if not link.writeable:
            raise ValueError("assignment destination is read-only")
        link = link.base.link


def check_holds(x: Any, value: Any) -> None:
    """Refuse a value with a derivative for an array of integers or truth values."""
    if _dtype(x).kind in "biu" and isinstance(value, Tracer) and plain(value) is not value:
        raise AssignmentError(
            f"a traced value cannot be stored into an array of {_dtype(x)} at {user_line()}: the derivative "
            "would be lost; make the array with a floating-point dtype"
        )


def _dtype(x: Any) -> Any:
    return own_dtype(x) or np.dtype(type(x))


def refuse(how: str) -> NoReturn:
    """Raise the error for a method that changes an array in a way that views cannot follow."""
    raise AssignmentError(
        f"`{how}` on a traced array at {user_line()}: its size, type or memory cannot change under a "
        "transform; make a new array, with x.reshape(...) or np.resize"
    )
