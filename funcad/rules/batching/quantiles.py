"""Batches of medians and quantiles: the axes of an example, shifted; the axes of q come first in NumPy's result."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.batching import Call, looped
from funcad.core.kinds import batching
from funcad.rules import quantiles
from funcad.rules.batching.reductions import shifted


def rows(c: Call) -> Any:
    """Reduce the elements of each example."""
    axis, rank = c.param("axis"), c.rank(0)
    if math.prod(c.shape(0)) == 0:
        return looped(c)
    axis = tuple(range(1, rank + 1)) if axis is None else shifted(axis, rank)
    return c.evaluate(*c.values, axis=axis)


def rows_at_levels(c: Call) -> Any:
    """Take the same levels of all examples, or levels of each example of the same elements."""
    of_elements, of_levels = c.stacked
    # NumPy takes levels along one axis, or two by chance
    if c.param("weights") is not None or (of_levels and (of_elements or c.rank(1) > 0)):
        return looped(c)
    out = rows(c) if of_elements else c.evaluate(*c.values)
    # the axes of the levels come first
    return np.moveaxis(out, c.rank(1), 0) if of_elements else out


batching(rows, quantiles.median, quantiles.nanmedian)
batching(rows_at_levels, quantiles.quantile, quantiles.percentile)
batching(rows_at_levels, quantiles.nanquantile, quantiles.nanpercentile)
