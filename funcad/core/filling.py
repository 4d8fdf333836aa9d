"""Arrays that are being filled: what is written piece by piece is put into the array all at once.

A loop that assigns to one element after the other would make a copy of the array for each. Instead the
array remembers what was written, and becomes its new value when somebody looks at it as a whole.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby
from typing import Any, Final

import numpy as np

from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import join, put
from funcad.core.links import Link, become, bottom, is_basic, keeps_array, mark_written
from funcad.core.tracer import Tracer, kept

_ndarray: Final = np.ndarray
_float64: Final = np.dtype(float)


class Filling:
    """What an array was, and the pieces that were written to it since."""

    __slots__ = ("base", "count", "dtype", "first", "pieces", "places", "shape", "starts", "value")

    def __init__(self, x: Any) -> None:
        #: the array as it was, which nobody writes to
        self.base = kept(x)
        self.value = x.value
        self.shape: tuple[int, ...] = shape_of(x)
        self.dtype = own_dtype(self.base)
        #: the pieces, the number of the first element of each, and of all their elements
        self.pieces: list[Any] = []
        self.starts: list[int] = []
        self.count = 0
        #: the index of the first piece
        self.first: Any = None
        #: for each place the number of the element that was written there last, -1 for none
        self.places: Any = None

    def write(self, index: Any, value: Any) -> bool:
        """Write to a part, and tell whether this can be left until somebody looks.

        Raises:
            IndexError, ValueError, TypeError: NumPy does not assign such a value to such a part.
        """
        part = (self.all_places() if self.pieces else np.broadcast_to(0, self.shape))[index]
        shape = part.shape
        if isinstance(value, Tracer):
            if shape_of(value) != shape or own_dtype(value) is not self.dtype:
                return False
            piece = kept(value)
        elif type(value) is float and self.dtype is _float64 and shape == ():
            piece = np.float64(value)
        elif np.ndim(value) > len(shape):
            return False
        else:
            piece = np.empty(shape, self.dtype)
            piece[...] = value
            piece = piece[()]
        if not self.pieces:
            self.first = index
        else:
            self._number(index, part)
        self.pieces.append(piece)
        self.starts.append(self.count)
        self.count += part.size
        if shape != ():
            mark_written(piece)  # reading it makes a view
        return True

    def _number(self, index: Any, part: Any) -> None:
        if part.shape == ():
            self.places[index] = self.count
        else:
            part[...] = np.arange(self.count, self.count + part.size).reshape(part.shape)

    def all_places(self) -> Any:
        """Return for each place the number of the element there; a single piece had no need of it."""
        if self.places is None:
            self.places = np.full(self.shape, -1)
            self.places[self.first] = np.arange(self.count).reshape(shape_of(self.pieces[0]))
        return self.places

    def find(self, index: Any) -> Any:
        """Return the piece that a part is, or the old value of the array; None for a mixture."""
        part = self.all_places()[index]
        shape = part.shape
        if not part.size:
            return None
        start = int(part if shape == () else part.flat[0])
        if start < 0:
            return self.value if shape == () or (part < 0).all() else None
        n = bisect_right(self.starts, start) - 1
        piece = self.pieces[n]
        if self.starts[n] != start or shape_of(piece) != shape:
            return None
        whole = shape == () or (part.ravel() == np.arange(start, start + part.size)).all()
        return piece if whole else None

    def taken(self, piece: Any, index: Any) -> Any:
        """Return the part at an index, of which `find` has told what it is."""
        if piece is self.value:
            base = self.base
            piece = base.run.read(base, index) if isinstance(base, Tracer) else base[index]
        elif isinstance(piece, Tracer):
            if shape_of(piece) != ():
                return piece.kept()
            # as reading does, which makes a number of NumPy of one of Python, or of an array without axes
            return piece if is_number(piece) else join(piece)[0]
        from funcad.core.assignable import assignable

        return assignable(piece)

    def read(self, x: Any, index: Any) -> Any:
        """Return a part of the array that is being filled; None where it must be put together first."""
        if not is_basic(index) or keeps_array(index):
            return None
        piece = self.find(index)
        if piece is None:
            return None
        part = self.taken(piece, index)
        if isinstance(part, Tracer) and shape_of(part) != ():
            part.link = Link(x, None, index, True)
            part.link.seen, part.link.last = piece, self.pieces[-1]
        return part

    def refresh(self, x: Any) -> None:
        """Put the pieces into the array."""
        if len(self.pieces) == 1:
            new = put(self.base, self.pieces[0], self.first)
        else:
            written = self.places >= 0
            order = self.places[written]
            numbers = self.numbers()
            if not np.array_equal(order, np.arange(self.count)):
                numbers = numbers[order]
            new = put(self.base, numbers, written)
        x.link = None
        become(x, new)

    def numbers(self) -> Any:
        """Return all elements of the pieces as one vector."""
        vectors = []
        for shape, run in groupby(self.pieces, shape_of):
            alike = list(run)
            vectors.append(join(*alike) if shape == () else np.ravel(np.stack(alike)))
        return vectors[0] if len(vectors) == 1 else np.concatenate(vectors)


def is_number(x: Any) -> bool:
    """Tell whether a traced value without axes is a number of NumPy, or a batch of them."""
    below = bottom(x)
    return isinstance(below, np.generic) or (isinstance(below, _ndarray) and below.ndim > 0)


def fill(x: Any, index: Any, value: Any) -> bool:
    """Write to a part of an array, and tell whether this can be left until somebody looks.

    Raises:
        IndexError, ValueError, TypeError: NumPy does not assign such a value to such a part.
        LeakedTracerError: the transform that made the array or the value has returned.
    """
    filling = x.link
    if type(filling) is Link or not is_basic(index):
        return False
    if filling is None:
        if shape_of(x) == () or own_dtype(x).kind not in "fc":
            return False
        filling = Filling(x)
    for run in (x.run, value.run) if isinstance(value, Tracer) else (x.run,):
        if run.watched:
            run.observe()
    if not filling.write(index, value):
        return False
    if x.link is None:
        x.link = filling
        mark_written(x)
    return True
