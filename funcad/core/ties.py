"""Ties: elements that are equal stand for each other, so that each gets the mean of what all get."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.elements import scatter
from funcad.core.tracer import anywhere, plain


def shared(t: Any, ans: Any, axis: int) -> Any:
    """Replace the elements that belong to equal sorted values, or to nan, by their mean."""
    values = np.moveaxis(plain(ans), axis, -1)
    # nan is sorted to the end: what follows one is one
    equal = np.equal(values[..., 1:], values[..., :-1]) | np.isnan(values[..., :-1])
    if not anywhere(equal):
        return t
    rows = np.moveaxis(t, axis, -1)
    first = np.ones((*values.shape[:-1], 1), bool)
    # no array is as long as there are groups, since every example of a batch has a number of its own
    groups = np.cumsum(np.concatenate([first, np.logical_not(equal)], -1)) - 1
    number, total = (
        scatter(x, groups, (values.size,))[groups] for x in (np.ones(values.size, rows.dtype), np.ravel(rows))
    )
    return np.moveaxis(np.reshape(total / number, values.shape), -1, axis)
