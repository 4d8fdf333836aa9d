"""Plain arrays that a tape keeps: they must not change before the walk back.

They are made read-only while the transform runs, so that a write to one is an error instead of a
wrong derivative. Transforms that run inside each other, or in threads, may lock the same array.
"""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np

_ndarray: Final = np.ndarray
#: arrays that are views are copied up to this many bytes
_COPIED: Final = 65536
_guard: Final = threading.Lock()
#: by its identity each locked array, and how many tapes have locked it
_locks: Final[dict[int, list[Any]]] = {}


class Constants:
    """The arrays that one tape keeps."""

    __slots__ = ("held", "locked", "outlives")

    def __init__(self, outlives: bool) -> None:
        #: whether the tape outlives the locks, so that it keeps copies
        self.outlives = outlives
        #: by the identity of an array, the array and what is kept of it
        self.held: dict[int, tuple[Any, Any]] = {}
        self.locked: list[Any] = []

    def keep(self, v: Any) -> Any:
        """Return an array as the tape may keep it: locked, or copied where it cannot be locked."""
        known = self.held.get(id(v))
        if known is not None:
            return known[1]
        if v.base is not None and (self.outlives or v.nbytes <= _COPIED):
            return v.copy()  # the array that it is a view of could be written to
        if lock(v):
            self.locked.append(v)
        elif self.outlives and v.flags.writeable:
            return v.copy()
        kept = v.copy() if self.outlives else v
        self.held[id(v)] = (v, kept)
        return kept

    def fixed(self, value: Any) -> Any:
        """Return an argument that is no operand, with the arrays in it as the tape may keep them."""
        kind = type(value)
        if kind is _ndarray:
            return self.keep(value)
        if kind is list or kind is tuple:
            return kind([self.fixed(v) for v in value])
        return value

    def release(self) -> None:
        """Make the arrays writeable again, where no other tape has locked them."""
        if self.locked:
            unlock(self.locked)
            self.locked = []
        self.held = {}


def lock(v: Any) -> bool:
    """Make an array read-only, or note one more tape that wants it so; False for what cannot be locked."""
    with _guard:
        entry = _locks.get(id(v))
        if entry is not None:
            entry[1] += 1
            return True
        flags = v.flags
        if not (flags.writeable and flags.owndata):
            return False
        v.setflags(write=False)  # half the price of setting it on `flags`
        _locks[id(v)] = [v, 1]
        return True


def unlock(arrays: list[Any]) -> None:
    """Take back one lock of each of some arrays."""
    with _guard:
        for v in arrays:
            entry = _locks[id(v)]
            entry[1] -= 1
            if entry[1] == 0:
                del _locks[id(v)]
                v.setflags(write=True)


def plain_index(index: Any) -> Any:
    """Return an index in NumPy's own types: what is neither number, slice nor tuple becomes an array."""
    if isinstance(index, tuple):
        return tuple([plain_index(i) for i in index])
    if index is None or index is Ellipsis or isinstance(index, (int, slice, np.integer, np.bool_)):
        return index
    # an empty list reads nothing, and is no array of integers
    return index if type(index) is _ndarray else np.array(index, None if np.size(index) else int)
