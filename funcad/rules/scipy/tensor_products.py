"""Reading a table between its entries: sums over the entries near each place, with weights for each axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.elements import getitem


def weighted(c: Any, indices: list[Any], weights: list[Any]) -> Any:
    """Return, for each place, the sum of the entries near it.

    Args:
        c: the table, whose first axes are read; the others are those of an entry.
        indices: for each axis that is read the numbers of the entries near each place, of shape (near, places).
        weights: for each axis their weights, of the same shape.
    """
    axes, count = len(indices), np.shape(indices[0])[1]
    sizes, rest = np.shape(c)[:axes], np.shape(c)[axes:]
    flat = np.zeros((1, count), int)
    for index, n in zip(indices, sizes, strict=True):
        flat = np.reshape(flat[:, None] * n + index[None], (-1, count))
    y = getitem(np.reshape(c, (int(np.prod(sizes)), -1)), flat)
    for w in weights:
        y = np.reshape(y, (np.shape(w)[0], -1, count, np.shape(y)[-1]))
        y = np.einsum("arnt,an->rnt", y, w)
    return np.reshape(y, (count, *rest))


def both_sides(read: Callable[[bool], Any], kinked: bool) -> Any:
    """Return the mean of what is read from the left and from the right, where some place is at a kink."""
    result = read(False)
    return (result + read(True)) / 2 if kinked else result
