"""Views: which array a traced value is a part of, so that both see what is written to either.

A view remembers its base and how it was made of it. It is not told when the base is written to:
from then on the trace is watched, and a view is made anew where it is used next.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.broadcast import dtype_named, own_dtype, shape_of
from funcad.core.elements import put, view_parts
from funcad.core.tracer import Tracer, plain
from funcad.errors import UnsupportedArgumentError


class Link:
    """What a view is a view of: the base, how the view is made of it, and what was seen of it."""

    __slots__ = ("args", "base", "last", "make", "seen", "writeable")

    def __init__(self, base: Any, make: Callable[..., Any] | None, args: Any, writeable: bool) -> None:
        self.base = base
        #: a function of the base and `args`; without one, `args` is an index
        self.make = make
        self.args = args
        #: the value that the view was made of: that of the base, or a piece that was written to it
        self.seen = base.value
        #: the last piece that was written to the base when the view was made
        self.last: Any = None
        self.writeable = writeable

    def made(self) -> Any:
        """Return what the view is of the base as it is now."""
        base = self.base.run.current(self.base)
        if self.make is None:
            return base[self.args] if not isinstance(base, Tracer) else base.run.read(base, self.args)
        return self.make(base, *self.args)

    def refresh(self, view: Any) -> None:
        """Make a view anew if its base was written to."""
        base = self.base
        filling = base.link
        if filling is not None and self.make is None and type(filling) is not Link:
            if self.last is filling.pieces[-1]:
                return
            piece = filling.find(self.args)
            if piece is not None:
                if piece is not self.seen:
                    become(view, filling.taken(piece, self.args))
                self.seen, self.last = piece, filling.pieces[-1]
                return
        if base.run.written:
            base.run.current(base)
        if base.value is not self.seen:
            become(view, self.made())
            self.seen = base.value

    def put_back(self, value: Any) -> Any:
        """Return the base with another value in the place of the view."""
        base = self.base.run.current(self.base)
        if self.make is None:
            return placed(base, self.args, value)
        if self.make is np.real:
            return _of_parts(value, np.imag(base)) if np.iscomplexobj(base) else value
        if self.make is np.imag:
            return _of_parts(np.real(base), value)
        if self.make is view_parts:
            return view_parts(value, own_dtype(base))
        shape = shape_of(base)
        places = self.make(np.arange(int(np.prod(shape))).reshape(shape), *self.args)
        return placed(base, np.unravel_index(places, shape), value)


def _of_parts(real: Any, imag: Any) -> Any:
    """Return complex numbers of their parts; a product with 1j would make nan where one is infinite."""
    parts = np.stack([real, imag], -1)
    return view_parts(parts, np.result_type(own_dtype(parts), np.complex64))[..., 0]


def placed(x: Any, index: Any, value: Any) -> Any:
    """Return a copy of an array, traced or plain, with values put at an index."""
    return put(x, value, index)


def mark_written(x: Any) -> None:
    """Note that an array was written to, for the traces of all its views."""
    while isinstance(x, Tracer):
        x.run.written = x.run.watched = True
        x = x.value


def become(x: Any, new: Any) -> None:
    """Make a traced array another one: all names of it see the change."""
    from funcad.core.assignable import HOLDERS

    if isinstance(new, Tracer) and new.run.written:
        new = new.run.current(new)
    if type(new) is type(x) and new.run is x.run:
        x.overwrite(new)
        return
    x.run = HOLDERS
    x.value = new


def linked(result: Any, base: Any, make: Callable[..., Any] | None, args: Any) -> Any:
    """Note that a traced array is a view of another one, where NumPy's result is."""
    if isinstance(result, Tracer) and result is not base:
        below, origin = bottom(result), bottom(base)
        if not isinstance(below, np.ndarray) or not isinstance(origin, np.ndarray):
            return result  # a scalar of NumPy is no view
        if shape_of(base) == () and type(base.link) is not Link and isinstance(plain(base), Tracer):
            return result  # nor is what is made of a number, for each example of a batch
        if below is origin or (below.base is not None and _owner(below) is _owner(origin)):
            result.link = Link(base, make, args, bool(below.flags.writeable or not origin.flags.writeable))
    return result


def _owner(x: Any) -> Any:
    """Return the array that a view shows elements of, or whatever else holds their memory."""
    while (base := getattr(x, "base", None)) is not None:
        x = base
    return x


def viewed(x: Any, dtype: Any = None, type: Any = None) -> Any:  # noqa: A002 - as NumPy calls it
    """Return `x.view(dtype)`: the array itself, or complex numbers as pairs of real ones and back.

    Raises:
        UnsupportedArgumentError: the bytes would become other numbers.
    """
    if dtype is None and type in (None, np.ndarray):
        return x
    if type is None and not (isinstance(dtype, builtins.type) and issubclass(dtype, np.ndarray)):
        asked = dtype_named(dtype)
        if asked == x.dtype:
            return x
        if asked.kind in "fc" and np.empty(0, asked).real.dtype == np.empty(0, x.dtype).real.dtype:
            pairs = view_parts(x, asked)
            pairs.link = Link(x, view_parts, (asked,), True)
            return pairs
    raise UnsupportedArgumentError(
        "x.view(...) of a traced array has a rule for complex numbers as pairs of real ones, and back; write "
        "x.astype(dtype) for the same numbers in another dtype"
    )


def bottom(x: Any) -> Any:
    """Return the array below all levels of tracing, the axes of batches included."""
    while isinstance(x, Tracer):
        x = x.value
    return x


def is_array(x: Any) -> bool:
    """Tell whether a traced value is an array, and not a number, which nobody can write to."""
    value = plain(x)
    if isinstance(value, np.ndarray):
        return True
    # a number of a batch does not tell whether it was an array without axes, unless it is a view
    return isinstance(value, Tracer) and (shape_of(value) != () or type(x.link) is Link)


def keeps_array(index: Any) -> bool:
    """Tell whether a basic index that leaves no axis gives an array, a view, and not a number."""
    return index is Ellipsis or (type(index) is tuple and any([i is Ellipsis for i in index]))


def is_basic(index: Any) -> bool:
    """Tell whether an index reads a view: numbers, slices and new axes, but no arrays."""
    if type(index) is tuple:
        return all([is_basic(i) for i in index])
    if isinstance(index, (bool, np.bool_)):
        return False
    return index is None or index is Ellipsis or isinstance(index, (int, slice, np.integer))
