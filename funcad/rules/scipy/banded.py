"""`scipy.linalg`: banded matrices, stored by their diagonals: the one at j - i = d in row u - d, at column j.

In scope: `t` the tangent, `g` the cotangent, `ans` the output. Cotangents are unconjugated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.batching import looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.rules.decompositions import cholesky_jvp, cholesky_vjp
from funcad.rules.linalg import conj, mT
from funcad.rules.scipy.operands import kept, one_matrix

solve_banded = twin(scipy.linalg.solve_banded)
solveh_banded = twin(scipy.linalg.solveh_banded)
cholesky_banded = twin(scipy.linalg.cholesky_banded)
cho_solve_banded = twin(scipy.linalg.cho_solve_banded)


def shifted(x: Any, d: int) -> Any:
    """Return the entries of the last axis moved to the right by d, zeros in the places that come free."""
    n = np.shape(x)[-1]
    k = min(abs(d), n)
    rest = [(0, 0)] * (np.ndim(x) - 1)
    return np.pad(x[..., : n - k], [*rest, (k, 0)]) if d >= 0 else np.pad(x[..., k:], [*rest, (0, k)])


def within(ab: Any, u: int) -> Any:
    """Return a band with zeros where it has no matrix entry."""
    rows, n = np.shape(ab)
    row, column = np.arange(u, u - rows, -1)[:, None], np.arange(n)
    return np.where((column - row >= 0) & (column - row < n), ab, 0)


def transposed(ab: Any, u: int) -> Any:
    """Return the band of the transposed matrix, whose number of upper diagonals is that of the lower ones."""
    ab = within(ab, u)
    return np.stack([shifted(ab[k], k - u) for k in range(np.shape(ab)[0])][::-1])


def product(ab: Any, x: Any, u: int) -> Any:
    """Return the product of a banded matrix and a vector, or the columns of a matrix."""
    terms = [shifted(ab[k] * mT_(x), k - u) for k in range(np.shape(ab)[0])]
    return mT_(sum(terms[1:], terms[0]))


def mT_(x: Any) -> Any:
    """Return a vector as it is, a matrix transposed."""
    return x if np.ndim(x) == 1 else mT(x)


def of_product(y: Any, x: Any, u: int, rows: int) -> Any:
    """Return the band of y x^T, summed over columns."""
    y, x = mT_(y), mT_(x)
    entries = [shifted(y, u - k) * x for k in range(rows)]
    if np.ndim(x) == 2:
        entries = [np.sum(entry, axis=0) for entry in entries]
    return np.stack(entries)


def _by_band(ab: Any, b: Any, lower: int, upper: int, check_finite: bool = True) -> Any:
    return scipy.linalg.solve_banded((lower, upper), ab, b, check_finite=check_finite)


#: solve_banded with the matrix and the right side first
by_band = PrimitiveFunction(_by_band, name="scipy.linalg.solve_banded (band)")


def band_push(t: Any, ans: Any, ab: Any, lower: int, upper: int) -> Any:
    """-A^-1 t x."""
    return -by_band(ab, product(within(t, upper), ans, upper), lower, upper)


def band_pull(g: Any, ans: Any, ab: Any, lower: int, upper: int) -> Any:
    """Return the band of -(A^-T g) x^T."""
    y = by_band(transposed(ab, upper), g, upper, lower)
    return -of_product(y, ans, upper, lower + upper + 1)


by_band.def_jvp(
    band_push,
    lambda t, ab, lower, upper: by_band(ab, t, lower, upper),
    unaffected=["check_finite"],
)
by_band.def_vjp(band_pull, lambda g, ab, lower, upper: by_band(transposed(ab, upper), g, upper, lower))


def columns_more(c: Any) -> Any:
    """Compute a batch of right sides of one matrix as columns more."""
    if c.stacked[0]:
        return looped(c)
    b = np.moveaxis(c.values[1], 0, -1)
    x = c.evaluate(c.values[0], np.reshape(b, (np.shape(b)[0], -1)))
    return np.moveaxis(np.reshape(x, np.shape(b)), -1, 0)


batching(columns_more, by_band)


@solve_banded.def_composite()
def _solve_banded(
    l_and_u: Any,
    ab: Any,
    b: Any,
    overwrite_ab: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
) -> Any:
    kept(overwrite_ab, "solve_banded", "overwrite_ab")
    kept(overwrite_b, "solve_banded", "overwrite_b")
    ab, b = as_operand(ab), as_operand(b)
    one_matrix(np.shape(ab), "solve_banded")
    lower, upper = l_and_u
    return by_band(ab, b, lower, upper, check_finite)


# --- Hermitian bands: the diagonals on one side


def whole(ab: Any, lower: bool) -> Any:
    """Return the band of a Hermitian matrix with the diagonals on both sides."""
    k = np.shape(ab)[0] - 1
    ab = within(ab, 0 if lower else k)
    main = np.real(ab[0 if lower else k])
    other = conj(transposed(ab, 0 if lower else k))
    parts = [other[:k], main[None], ab[1:]] if lower else [ab[:k], main[None], other[1:]]
    return np.concatenate([p.astype(ab.dtype) for p in parts])


def dense(ab: Any, u: int) -> Any:
    """Return a banded matrix with all of its entries."""
    rows, n = np.shape(ab)
    ab = within(ab, u)
    unit = np.eye(n, dtype=ab.dtype)
    # the entry at (i, j) of the diagonal d is at j - i = d
    return sum([np.roll(unit, d, axis=1) * ab[u - d] for d in range(u, u - rows, -1)])


def hermitian_of_band(ab: Any, lower: bool) -> Any:
    """Return the dense Hermitian matrix of a band."""
    return dense(whole(ab, lower), np.shape(ab)[0] - 1)


def band_of(x: Any, rows: int, lower: bool) -> Any:
    """Return one side of the diagonals of a dense matrix, as a band."""
    n = np.shape(x)[0]
    u = 0 if lower else rows - 1
    kept_ = []
    for d in range(u, u - rows, -1):
        entries = np.diagonal(x, d)
        kept_.append(np.pad(entries, (d, 0) if d >= 0 else (0, -d)) if abs(d) < n else np.zeros(n, x.dtype))
    return np.stack(kept_)


@solveh_banded.def_composite(own_value=True)
def _solveh_banded(
    ab: Any,
    b: Any,
    overwrite_ab: bool = False,
    overwrite_b: bool = False,
    lower: bool = False,
    check_finite: bool = True,
) -> Any:
    kept(overwrite_ab, "solveh_banded", "overwrite_ab")
    kept(overwrite_b, "solveh_banded", "overwrite_b")
    ab, b = as_operand(ab), as_operand(b)
    one_matrix(np.shape(ab), "solveh_banded")
    k = np.shape(ab)[0] - 1
    return by_band(whole(ab, lower), b, k, k)


def banded_push(t: Any, ans: Any, lower: bool) -> Any:
    """Return the change of the factor, by the formula for dense matrices; what is beyond the matrix is kept."""
    one_matrix(np.shape(ans), "cholesky_banded")
    rows = np.shape(ans)[0]
    u = 0 if lower else rows - 1
    change = cholesky_jvp(dense(t, u), dense(ans, u), not lower)
    return band_of(change, rows, lower) + t - within(t, u)


def banded_pull(g: Any, ans: Any, lower: bool) -> Any:
    """Return the cotangent of the band."""
    one_matrix(np.shape(ans), "cholesky_banded")
    rows = np.shape(ans)[0]
    u = 0 if lower else rows - 1
    return band_of(cholesky_vjp(dense(g, u), dense(ans, u), not lower), rows, lower) + g - within(g, u)


cholesky_banded.def_jvp(banded_push, unaffected=["check_finite"])
cholesky_banded.def_vjp(banded_pull)


@cho_solve_banded.def_composite(own_value=True)
def _cho_solve_banded(cb_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_b, "cho_solve_banded", "overwrite_b")
    cb, lower = cb_and_lower
    cb, b = as_operand(cb), as_operand(b)
    one_matrix(np.shape(cb), "cho_solve_banded")
    k = np.shape(cb)[0] - 1
    u = 0 if lower else k
    other = conj(transposed(cb, u))
    first, second = (cb, other) if lower else (other, cb)
    return by_band(second, by_band(first, b, k, 0), 0, k)
