"""Linear algebra of batches: NumPy's own stacks of matrices.

In scope: `c` the call, whose operands have the examples along the first axis where they are stacked.
What NumPy refuses for one example is left to the loop, which then raises NumPy's own error.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from funcad.core.batching import Call, Stack, looped
from funcad.core.kinds import batching
from funcad.rules.batching.products import side_by_side
from funcad.rules.linalg import cofactors, condition, curvature
from funcad.rules.norms import nuclear


def of_matrices(c: Call) -> Any:
    """Call a function of one stack of matrices."""
    return c.evaluate(c.values[0]) if c.rank(0) >= 2 else looped(c)


def _pinv(c: Call) -> Any:
    # a cut-off for every matrix of a stack is aligned with it from the last axis
    most = max(np.ndim(c.param("rcond")), np.ndim(c.param("rtol")))
    return of_matrices(c) if most <= c.rank(0) - 2 or most == 0 else looped(c)


def _solve(c: Call) -> Any:
    na, nb = c.rank(0), c.rank(1)
    if na < 2 or nb < 1:
        return looped(c)
    a, b = c.values
    if na == 2 and nb <= 2 and not c.stacked[0]:
        # one factorisation serves all examples: their right sides are columns beside each other
        columns = np.moveaxis(b, 0, -1)
        x = np.linalg.solve(a, np.reshape(columns, (c.shape(1)[0], math.prod(c.shape(1)[1:]) * c.size)))
        return np.moveaxis(np.reshape(x, columns.shape), -1, 0)
    if nb == 1:
        return np.linalg.solve(a, c.aligned(1, na - 1)[..., None])[..., 0]
    return np.linalg.solve(c.aligned(0, nb), c.aligned(1, na))


def _norm(c: Call) -> Any:
    rank, order, axis = c.rank(0), c.param("ord"), c.param("axis")
    x = c.values[0]
    if axis is not None:
        axes = axis if isinstance(axis, tuple) else (axis,)
        axes = tuple([k + 1 for k in normalize_axis_tuple(axes, rank)])
        return c.evaluate(x, axis=axes if isinstance(axis, tuple) else axes[0])
    if order is not None:
        axes = tuple(range(1, rank + 1))
        return c.evaluate(x, axis=axes[0] if rank == 1 else axes) if rank in (1, 2) else looped(c)
    flat = np.reshape(x, (c.size, math.prod(c.shape(0))))
    norm = np.linalg.norm(flat, axis=1)
    return np.reshape(norm, (c.size,) + (1,) * rank) if c.param("keepdims") else norm


def of_stack(fn: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Call a function that gives one plain number per matrix; the loop takes what is a batch beside it."""
    alone = len(args) == 1 and not kwargs and isinstance(args[0], Stack) and args[0].array.ndim >= 3
    return fn(args[0].array) if alone else None


batching(of_matrices, np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.cholesky)
batching(of_matrices, np.linalg.eigh, np.linalg.eigvalsh, np.linalg.eig, np.linalg.eigvals)
batching(of_matrices, np.linalg.svd, np.linalg.qr, nuclear, cofactors)
batching(side_by_side, curvature)
batching(_pinv, np.linalg.pinv)
batching(_solve, np.linalg.solve)
batching(_norm, np.linalg.norm)
batching(of_stack, np.linalg.matrix_rank, condition)
