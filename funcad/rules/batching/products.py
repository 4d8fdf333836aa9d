"""Products of batches: NumPy's own stacked forms, and one large product where an operand is shared.

In scope: `c` the call, whose operands have the examples along the first axis where they are stacked.
What NumPy refuses for one example is left to the loop, which then raises NumPy's own error.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple
from numpy.lib.stride_tricks import sliding_window_view

from funcad.core.batching import Call, aligned, looped
from funcad.core.broadcast import shape_of
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching
from funcad.rules.einsum import _LETTERS, contract, terms_of
from funcad.rules.products import chain, conj, mT, pairs

Shape = tuple[int, ...]


# --- matmul and its kin


def product(x: Any, y: Any, x_stacked: bool, y_stacked: bool) -> Any:
    """Return the matrix products of all examples; one of the operands, or both, are stacked."""
    nx, ny = len(shape_of(x)) - x_stacked, len(shape_of(y)) - y_stacked
    if x_stacked and not y_stacked and ny <= 2:
        return times_shared(x, y)
    if y_stacked and not x_stacked and ny == 1:
        return (
            times_shared(y, mT(x)) if nx == 2 else np.matmul(y, x) if nx == 1 else np.matvec(x, over(y, nx))
        )
    if nx == ny == 1:
        return np.vecdot(conj(x), y)
    if ny == 1:
        return np.matvec(x, over(y, nx) if y_stacked else y)
    if nx == 1:
        return np.matvec(mT(y), over(x, ny) if x_stacked else x)
    return np.matmul(aligned(x, ny) if x_stacked else x, aligned(y, nx) if y_stacked else y)


def over(vectors: Any, rank: int) -> Any:
    """Return one vector per example, ready to meet stacks of matrices of some rank."""
    return aligned(vectors, rank - 1)


def times_shared(x: Any, y: Any) -> Any:
    """Multiply stacked vectors or matrices by a matrix or vector that all examples share: one product."""
    shape = shape_of(x)
    if len(shape) == 2:
        return np.matmul(x, y)
    flat = np.reshape(x, (math.prod(shape[:-1]), shape[-1]))
    return np.reshape(np.matmul(flat, y), shape[:-1] + shape_of(y)[1:])


def _matmul(c: Call) -> Any:
    if c.rank(0) == 0 or c.rank(1) == 0:
        return looped(c)
    return product(*c.values, *c.stacked)


def _matvec(c: Call) -> Any:
    (x, y), (nx, ny) = c.values, (c.rank(0), c.rank(1))
    if nx < 2 or ny < 1:
        return looped(c)
    if ny == 1:
        return product(x, y, *c.stacked)
    if nx == 2 and not c.stacked[0]:
        return times_shared(y, mT(x))
    return np.matvec(c.aligned(0, ny + 1), c.aligned(1, nx - 1))


def _vecmat(c: Call) -> Any:
    (x, y), (nx, ny) = c.values, (c.rank(0), c.rank(1))
    if nx < 1 or ny < 2:
        return looped(c)
    if nx == 1 or (ny == 2 and not c.stacked[1]):
        return product(conj(x), y, *c.stacked)
    return np.vecmat(c.aligned(0, ny - 1), c.aligned(1, nx + 1))


def _vecdot(c: Call) -> Any:
    ranks = c.rank(0), c.rank(1)
    if 0 in ranks:
        return looped(c)
    axis = c.param("axis")
    x, y = [
        v if axis is None or axis == -1 else np.moveaxis(v, normalize_axis_index(axis, n) + s, -1)
        for v, n, s in zip(c.values, ranks, c.stacked, strict=True)
    ]
    n = max(ranks)
    return np.vecdot(aligned(x, n) if c.stacked[0] else x, aligned(y, n) if c.stacked[1] else y)


# --- dot, inner, outer, tensordot


def scaled(c: Call) -> Any:
    """Multiply by numbers, one per example."""
    n = max(c.rank(0), c.rank(1))
    return np.multiply(c.aligned(0, n), c.aligned(1, n))


def contraction(c: Call, of_a: Sequence[int], of_b: Sequence[int]) -> Any:
    """Sum over pairs of axes, numbered as in one example; the result is ordered as by np.tensordot."""
    shapes = c.shape(0), c.shape(1)
    if [shapes[0][k] for k in of_a] != [shapes[1][k] for k in of_b]:
        return looped(c)
    a, b = c.values
    kept_a = [k for k in range(len(shapes[0])) if k not in of_a]
    kept_b = [k for k in range(len(shapes[1])) if k not in of_b]
    if not c.stacked[1]:
        return np.tensordot(a, b, ([k + 1 for k in of_a], list(of_b)))
    if not c.stacked[0]:
        return np.moveaxis(np.tensordot(a, b, (list(of_a), [k + 1 for k in of_b])), len(kept_a), 0)
    rows = tuple([shapes[0][k] for k in kept_a])
    columns = tuple([shapes[1][k] for k in kept_b])
    inside = math.prod([shapes[0][k] for k in of_a])
    a = np.transpose(a, [0, *[k + 1 for k in kept_a], *[k + 1 for k in of_a]])
    b = np.transpose(b, [0, *[k + 1 for k in of_b], *[k + 1 for k in kept_b]])
    a = np.reshape(a, (c.size, math.prod(rows), inside))
    b = np.reshape(b, (c.size, inside, math.prod(columns)))
    return np.reshape(np.matmul(a, b), (c.size, *rows, *columns))


def _dot(c: Call) -> Any:
    na, nb = c.rank(0), c.rank(1)
    if na == 0 or nb == 0:
        return scaled(c)
    return _matmul(c) if nb <= 2 else contraction(c, [na - 1], [nb - 2])


def _inner(c: Call) -> Any:
    na, nb = c.rank(0), c.rank(1)
    return scaled(c) if na == 0 or nb == 0 else contraction(c, [na - 1], [nb - 1])


def _tensordot(c: Call) -> Any:
    given = pairs(c.param("axes"))
    try:
        of_a, of_b = [normalize_axis_tuple(axes, c.rank(k)) for k, axes in enumerate(given)]
    except ValueError:
        return looped(c)
    return contraction(c, of_a, of_b)


def flattened(c: Call, k: int) -> Any:
    """Return operand k with one axis, behind that of the examples where it is stacked."""
    n = math.prod(c.shape(k))
    return np.reshape(c.values[k], (c.size, n) if c.stacked[k] else (n,))


def _outer(c: Call) -> Any:
    a, b = flattened(c, 0), flattened(c, 1)
    return np.multiply(a[..., None], b[:, None, :] if c.stacked[1] else b)


def _vdot(c: Call) -> Any:
    return np.vecdot(flattened(c, 0), flattened(c, 1))


def _kron(c: Call) -> Any:
    n = max(c.rank(0), c.rank(1))
    blocks, sizes = [], []
    for k in (0, 1):
        size = (1,) * (n - c.rank(k)) + c.shape(k)
        pairs = [(m, 1) if k == 0 else (1, m) for m in size]
        lead = (c.size,) if c.stacked[k] else ()
        blocks.append(np.reshape(c.values[k], lead + tuple([m for pair in pairs for m in pair])))
        sizes.append(size)
    out = [p * q for p, q in zip(*sizes, strict=True)]
    return np.reshape(np.multiply(*blocks), (c.size, *out))


def _cross(c: Call) -> Any:
    axis = c.param("axis")
    names = ("axisa", "axisb", "axisc")
    of_a, of_b, of_c = (c.param(name) if axis is None else axis for name in names)
    if c.rank(0) == 0 or c.rank(1) == 0:
        return looped(c)
    vectors = [
        np.moveaxis(v, normalize_axis_index(k, c.rank(n)) + c.stacked[n], -1)
        for n, (v, k) in enumerate(zip(c.values, (of_a, of_b), strict=True))
    ]
    rank = max(c.rank(0), c.rank(1))
    a, b = (aligned(v, rank) if s else v for v, s in zip(vectors, c.stacked, strict=True))
    flat = a.shape[-1] == b.shape[-1] == 2
    d = np.cross(a, b)
    return d if flat else np.moveaxis(d, -1, normalize_axis_index(of_c, rank) + 1)


# --- convolve and correlate


def _slid(a: Any, v: Any) -> Any:
    n = v.shape[-1]
    v = np.ascontiguousarray(conj(v))  # for both functions conjugate one of their operands
    # the loop over examples costs a call of NumPy for each, the windows a call of BLAS for every number
    if a.shape[-1] <= 256:
        return np.vecdot(v[..., None, :], sliding_window_view(a, n, -1))
    stack = np.broadcast_shapes(a.shape[:-1], v.shape[:-1])
    rows, kernels = (np.broadcast_to(x, (*stack, x.shape[-1])) for x in (a, v))
    out = np.empty((*stack, a.shape[-1] - n + 1), np.result_type(a, v))
    for k in np.ndindex(stack):
        out[k] = np.correlate(rows[k], kernels[k])
    return out


def widened(g: Any, n: int) -> Any:
    """Put n - 1 zeros at both ends of the last axis."""
    return np.pad(g, [(0, 0)] * (g.ndim - 1) + [(n - 1, n - 1)])


#: sum over k of a[..., j + k] v[..., k]: np.correlate in the mode "valid" along the last axis of stacks
slid = PrimitiveFunction(_slid, name="np.correlate (stacks)")
slid.def_jvp(lambda t, v: slid(t, v), lambda t, a: slid(a, t))
slid.def_vjp(lambda g, v: slid(widened(g, v.shape[-1]), v[..., ::-1]), lambda g, a: slid(a, g))


def side_by_side(c: Call) -> Any:
    """Call a function of stacks that are broadcast against each other."""
    n = max(c.rank(0), c.rank(1))
    return c.evaluate(c.aligned(0, n), c.aligned(1, n))


def _convolve(c: Call) -> Any:
    a, v = c.values
    return of_mode(c, a, v, turns=False)


def _correlate(c: Call) -> Any:
    a, v = c.values
    return of_mode(c, a, conj(v)[..., ::-1] if c.rank(1) else conj(v), turns=True)


def of_mode(c: Call, a: Any, v: Any, turns: bool) -> Any:
    """Return the part of the full convolutions that the mode asks for."""
    ranks, mode = (c.rank(0), c.rank(1)), c.param("mode")
    letter = "vsf"[mode] if mode in (0, 1, 2) else mode[:1] if mode in ("valid", "same", "full") else ""
    a, v = (np.reshape(x, (*shape_of(x), 1)) if n == 0 else x for x, n in zip((a, v), ranks, strict=True))
    na, nv = shape_of(a)[-1], shape_of(v)[-1]
    if max(ranks) > 1 or not (letter and na and nv):
        return looped(c)
    long, short = (a, v) if na >= nv else (v, a)
    n, big = min(na, nv), max(na, nv)
    before = {"v": n - 1, "s": (n - 1) // 2, "f": 0}[letter]
    size = {"v": big - n + 1, "s": big, "f": big + n - 1}[letter]
    if turns and nv > na:  # NumPy computes with the longer operand in front, and turns the result
        before = big + n - 1 - size - before
    left, right = n - 1 - before, max(0, before + size - big)
    if left or right:
        long = np.pad(long, [(0, 0)] * (np.ndim(long) - 1) + [(left, right)])
    return slid(long, short[..., ::-1])


# --- einsum and chains of matrices


def _einsum(c: Call) -> Any:
    shapes = [c.shape(k) for k in range(len(c.values))]
    inputs, out = terms_of(c.param("subscripts"), shapes)
    free = [letter for letter in _LETTERS if letter not in "".join(inputs)]
    if not free:
        return looped(c)
    terms = [free[0] + t if s else t for t, s in zip(inputs, c.stacked, strict=True)]
    return c.evaluate(*c.values, subscripts=",".join(terms) + "->" + free[0] + out)


def _chain(c: Call) -> Any:
    shapes = [c.shape(k) for k in range(len(c.values))]
    first, *inner, last = [len(s) for s in shapes]
    if not {first, last} <= {1, 2} or any([n != 2 for n in inner]):
        return looped(c)
    if any([s[-1] != t[0] for s, t in itertools.pairwise(shapes)]):
        return looped(c)
    sizes = [
        1 if first == 1 else shapes[0][0],
        *[s[0] for s in shapes[1:]],
        1 if last == 1 else shapes[-1][1],
    ]
    mats = list(zip(c.values, c.stacked, strict=True))
    return multiplied(mats, cuts(sizes), 0, len(mats))[0]


def cuts(sizes: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return where to cut every part of a chain of matrices, for the fewest multiplications."""
    n = len(sizes) - 1
    cost = {(i, i + 1): 0 for i in range(n)}
    where: dict[tuple[int, int], int] = {}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length
            costs = {cost[i, k] + cost[k, j] + sizes[i] * sizes[k] * sizes[j]: k for k in range(i + 1, j)}
            cost[i, j] = min(costs)
            where[i, j] = costs[cost[i, j]]
    return where


def multiplied(
    mats: Sequence[tuple[Any, bool]], where: dict[tuple[int, int], int], i: int, j: int
) -> tuple[Any, bool]:
    """Return the product of a part of a chain, and whether it is stacked."""
    if j - i == 1:
        return mats[i]
    (x, of_x), (y, of_y) = multiplied(mats, where, i, where[i, j]), multiplied(mats, where, where[i, j], j)
    return (product(x, y, of_x, of_y) if of_x or of_y else np.matmul(x, y)), of_x or of_y


batching(_matmul, np.matmul)
batching(_matvec, np.matvec)
batching(_vecmat, np.vecmat)
batching(_vecdot, np.vecdot)
batching(_dot, np.dot)
batching(_inner, np.inner)
batching(_tensordot, np.tensordot)
batching(_outer, np.outer)
batching(_vdot, np.vdot)
batching(_kron, np.kron)
batching(_cross, np.cross)
batching(_convolve, np.convolve)
batching(_correlate, np.correlate)
batching(_einsum, contract)
batching(_chain, chain)
batching(side_by_side, slid)
