"""Batches of reductions, running sums, sorts: the axes of an example, shifted by that of the examples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from funcad.core.batching import Call, Stack, aligned
from funcad.core.kinds import batching
from funcad.rules.missing import nanstd, nanvar
from funcad.rules.ufunc_methods import accumulated, segmented
from funcad.rules.ufunc_methods import reduced as ufunc_reduced

ABSENT: Any = getattr(np, "_NoValue")  # noqa: B009 - the type stubs of NumPy do not know it


def shifted(axis: Any, rank: int) -> Any:
    """Return an axis of an example, or several, as those of the batch."""
    if isinstance(axis, (tuple, list)):
        return tuple([k + 1 for k in normalize_axis_tuple(axis, rank)])
    return normalize_axis_index(axis, rank) + 1


def mask_of(c: Call, rank: int) -> Any:
    """Return the param `where`, ready to broadcast against a batch of examples of some rank."""
    where = c.param("where")
    return aligned(where.array, rank) if isinstance(where, Stack) else where


def reduced(c: Call) -> Any:
    """Reduce along the axes of an example, all of them for None."""
    axis, rank = c.param("axis"), c.rank(0)
    x = c.whole(0)
    if axis is None:
        axis = tuple(range(1, rank + 1))
    elif rank == 0:
        normalize_axis_tuple(axis, 1)  # NumPy takes 0 and -1 for a number
        axis = ()
    else:
        axis = shifted(axis, rank)
    return c.evaluate(
        x, *[c.aligned(k, rank) for k in range(1, len(c.values))], axis=axis, where=mask_of(c, rank)
    )


def flat(c: Call) -> Any:
    """Return the elements of each example in one row."""
    return np.reshape(c.values[0], (c.size, math.prod(c.shape(0))))


def along(c: Call) -> Any:
    """Work along one axis of an example, or along all elements for None."""
    axis = c.param("axis")
    if axis is None:
        return c.evaluate(flat(c), axis=1)
    return c.evaluate(c.values[0], axis=shifted(axis, c.rank(0)))


def along_any(c: Call) -> Any:
    """Work along one axis as `along` does; NumPy takes a number for a row of one there."""
    return along(c) if c.rank(0) else c.evaluate(flat(c), axis=1)


def flipped(c: Call) -> Any:
    """Flip along some axes of an example, all of them for None."""
    axis, rank = c.param("axis"), c.rank(0)
    return c.evaluate(c.values[0], axis=tuple(range(1, rank + 1)) if axis is None else shifted(axis, rank))


def rolled(c: Call) -> Any:
    """Roll along some axes of an example, or all elements for None."""
    axis, shape = c.param("axis"), c.shape(0)
    if axis is not None:
        return c.evaluate(c.values[0], axis=shifted(axis, len(shape)))
    return np.reshape(c.evaluate(flat(c), axis=1), (c.size, *shape))


# fmt: off
batching(reduced,   np.sum, np.prod, np.max, np.amax, np.min, np.amin, np.mean, np.var, np.std, params=["where"])
batching(reduced,   np.nanmax, np.nanmin, np.nanmean, nanvar, nanstd, params=["where"])
batching(along,     np.sort, np.partition)
batching(along_any, np.cumsum, np.cumprod, np.repeat)
batching(flipped,   np.flip)
batching(rolled,    np.roll)
batching(reduced,   ufunc_reduced, params=["where"])
batching(along,     accumulated, segmented)
# fmt: on
