"""The adjoint of reading elements: adding numbers to the places of an array that an index reads."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

_ndarray: Final = np.ndarray
_bool: Final = np.dtype(bool)
#: what an index consists of that reads a view and needs no closer look
SIMPLE: Final = frozenset((int, slice, type(None), type(Ellipsis)))


def scattered(g: Any, index: Any, shape: tuple[int, ...], dtype: Any = None) -> Any:
    """Return zeros of a dtype, that of the numbers unless given, with numbers added at an index."""
    total = np.zeros(shape, dtype or getattr(g, "dtype", type(g)))
    if type(index) is int or picks_once(index):
        total[index] = g
    else:
        np.add.at(total, index, g)
    return total


def add_at(total: Any, g: Any, index: Any) -> None:
    """Add numbers to the elements of an array that an index reads, in place."""
    if type(index) is int or picks_once(index):
        total[index] += g
    else:
        np.add.at(total, index, g)


def picks_once(index: Any) -> bool:
    """Tell whether an index picks every element at most once: numbers, slices, masks."""
    if isinstance(index, tuple):
        if SIMPLE.issuperset(map(type, index)):
            return True
        return all([picks_once(i) for i in index])
    if isinstance(index, _ndarray):
        return index.dtype is _bool and index.ndim > 0
    return index is None or index is Ellipsis or isinstance(index, (int, slice, np.integer, np.bool_))
