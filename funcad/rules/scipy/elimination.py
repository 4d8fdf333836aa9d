"""`scipy.linalg`: Gaussian elimination, and systems by its factors, which the rules keep and use again.

In scope: `t` the tangent, `g` the cotangent, `ans` the output. Cotangents are unconjugated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.batching import Call, looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import plain
from funcad.rules.batching.linalg import of_matrices
from funcad.rules.linalg import conj, mT
from funcad.rules.scipy.operands import kept, kind_of, one_matrix, outer
from funcad.rules.scipy.triangular import by_lower, by_upper

lu = twin(scipy.linalg.lu)
lu_factor = twin(scipy.linalg.lu_factor)
lu_solve = twin(scipy.linalg.lu_solve)


# --- the factors: L U = A[rows]


def unit_lower(x: Any) -> Any:
    """Return L of L and U in one matrix."""
    m, n = x.shape[-2:]
    return np.tril(x[..., : min(m, n)], -1) + np.eye(m, min(m, n), dtype=x.dtype)


def upper(x: Any) -> Any:
    """Return U of L and U in one matrix."""
    return np.triu(x[..., : min(x.shape[-2:]), :])


def divided(x: Any, u: Any) -> Any:
    """Return x u^-1."""
    return mT(by_upper(u, mT(x), 1))


def factors_push(t: Any, l: Any, u: Any) -> tuple[Any, Any]:
    """Return the changes of L and U along a change of L U: both are parts of L^-1 t U^-1."""
    k = l.shape[-1]
    right = divided(t[..., :k], u[..., :k])
    left, inside = by_lower(l[..., :k, :], t[..., :k, :]), by_lower(l[..., :k, :], right[..., :k, :])
    return np.tril(right - l @ np.triu(inside), -1), np.triu(left - np.tril(inside, -1) @ u)


def factors_pull(of_l: Any, of_u: Any, l: Any, u: Any) -> Any:
    """Return the cotangent of L U; those of the factors may be None."""
    of_l = np.zeros_like(l) if of_l is None else np.tril(of_l, -1)
    of_u = np.zeros_like(u) if of_u is None else np.triu(of_u)
    k = l.shape[-1]
    first = l[..., :k, :]
    inside = mT(l) @ of_l - of_u @ mT(u)
    if u.shape[-1] > k:
        inside = mT(by_upper(u[..., :k], mT(np.tril(inside, -1))))
        whole = np.concatenate([of_u[..., :k] + inside, of_u[..., k:]], -1)
        return by_lower(first, whole, 1)
    inside = by_lower(first, np.triu(inside), 1)
    whole = np.concatenate([of_l[..., :k, :] - inside, of_l[..., k:, :]], -2)
    return mT(by_upper(u, mT(whole)))


def picked(x: Any, rows: Any) -> Any:
    """Return the rows of matrices in an order."""
    return np.take_along_axis(x, np.broadcast_to(rows[..., None], x.shape), -2)


def _rows(pivots: Any, m: int) -> Any:
    rows = np.broadcast_to(np.arange(m), (*pivots.shape[:-1], m)).copy()
    for i in range(pivots.shape[-1]):
        there = np.take_along_axis(rows, pivots[..., i : i + 1], -1)
        np.put_along_axis(rows, pivots[..., i : i + 1], rows[..., i : i + 1], -1)
        rows[..., i : i + 1] = there
    return rows


#: the order of rows that swaps make, and the order that undoes another, as plain numbers
order_of = PrimitiveFunction(_rows, name="scipy.linalg.lu_factor (rows)")
order_of.def_constant()


def factor_push(t: Any, ans: Any) -> Any:
    """Return the change of both factors in one matrix."""
    both, pivots = ans
    dl, du = factors_push(picked(t, order_of(pivots, both.shape[-2])), unit_lower(both), upper(both))
    return joined(dl, du), None


def joined(below: Any, above: Any) -> Any:
    """Return a strictly lower and an upper part as one matrix."""
    m, n = below.shape[-2], above.shape[-1]
    rest = [(0, 0)] * (below.ndim - 2)
    k = below.shape[-1]
    return np.pad(below, [*rest, (0, 0), (0, n - k)]) + np.pad(above, [*rest, (0, m - k), (0, 0)])


def factor_pull(g: Any, ans: Any) -> Any:
    """Return the cotangent of the matrix from that of both factors."""
    both, pivots = ans
    k = min(both.shape[-2:])
    whole = factors_pull(g[0][..., :k], g[0][..., :k, :], unit_lower(both), upper(both))
    return picked(whole, np.argsort(order_of(pivots, both.shape[-2]), -1))


lu_factor.def_jvp(factor_push, unaffected=["check_finite"])
lu_factor.def_vjp(factor_pull)

#: the factors with the order of rows by their indices
with_indices = twin(scipy.linalg.lu)


def indices_push(t: Any, ans: Any, p_indices: Any) -> Any:
    """Return the changes of the factors: A = L[p] U."""
    p, l, u = ans
    return None, *factors_push(picked(t, np.argsort(plain(p), -1)), l, u)


def indices_pull(g: Any, ans: Any, p_indices: Any) -> Any:
    """Return the cotangent of the matrix."""
    p, l, u = ans
    return picked(factors_pull(g[1], g[2], l, u), plain(p))


with_indices.def_jvp(indices_push, unaffected=["check_finite"])
with_indices.def_vjp(indices_pull)


@lu.def_composite()
def _lu(
    a: Any,
    permute_l: bool = False,
    overwrite_a: bool = False,
    check_finite: bool = True,
    p_indices: bool = False,
) -> Any:
    kept(overwrite_a, "lu", "overwrite_a")
    p, l, u = with_indices(a, check_finite=check_finite, p_indices=True)
    p = plain(p)
    if permute_l:
        return picked(l, p), u
    if not p_indices:
        p = np.equal(p[..., :, None], np.arange(p.shape[-1])).astype(l.real.dtype)
    return p, l, u


# --- systems: with P the order of rows, P L U x = b, or the transposed system


def _by_factors(lu: Any, piv: Any, b: Any, trans: int = 0, check_finite: bool = True) -> Any:
    return scipy.linalg.lu_solve((lu, piv), b, trans, check_finite=check_finite)


#: lu_solve with its factors as two arguments
by_factors = PrimitiveFunction(_by_factors, name="scipy.linalg.lu_solve (factors)")


@lu_solve.def_composite()
def _lu_solve(
    lu_and_piv: Any, b: Any, trans: Any = 0, overwrite_b: bool = False, check_finite: bool = True
) -> Any:
    kept(overwrite_b, "lu_solve", "overwrite_b")
    both, pivots = lu_and_piv
    both, b = as_operand(both), as_operand(b)
    one_matrix(np.shape(both), "lu_solve")
    return by_factors(both, plain(pivots), b, kind_of(trans), check_finite)


def by_factors_push(t: Any, ans: Any, lu: Any, piv: Any, trans: int) -> Any:
    """-A^-1 (dL U + L dU) x, or of the transposed system, without a product of matrices."""
    if trans == 2:
        return conj(by_factors_push(t, conj(ans), lu, piv, 1))
    l, u, dl, du = unit_lower(lu), upper(lu), np.tril(t, -1), np.triu(t)
    rows = order_of(piv, lu.shape[0])
    if trans == 1:
        x = in_order(ans, rows)
        return -by_factors(lu, piv, mT(du) @ (mT(l) @ x) + mT(u) @ (mT(dl) @ x), 1)
    change = dl @ (u @ ans) + l @ (du @ ans)
    return -by_factors(lu, piv, in_order(change, np.argsort(rows)), 0)


def in_order(x: Any, rows: Any) -> Any:
    """Return the entries of a vector, or the rows of a matrix, in an order."""
    return np.take(x, rows, axis=0)


def by_factors_pull(g: Any, ans: Any, lu: Any, piv: Any, trans: int) -> Any:
    """Solve the transposed system with the same factors."""
    if trans == 2:
        return by_factors_pull(conj(g), conj(ans), lu, piv, 1)
    w = by_factors(lu, piv, g, 1 - trans)
    left, right = (w, ans) if trans == 0 else (ans, w)
    left = in_order(left, order_of(piv, lu.shape[0]))
    of_l, of_u = outer(left, upper(lu) @ right), outer(mT(unit_lower(lu)) @ left, right)
    return -(np.tril(of_l, -1) + np.triu(of_u))


def by_factors_back(g: Any, lu: Any, piv: Any, trans: int) -> Any:
    """Solve the transposed system."""
    return conj(by_factors(lu, piv, conj(g), 0)) if trans == 2 else by_factors(lu, piv, g, 1 - trans)


by_factors.def_jvp(
    by_factors_push,
    None,
    lambda t, lu, piv, trans: by_factors(lu, piv, t, trans),
    unaffected=["check_finite"],
)
by_factors.def_vjp(by_factors_pull, None, by_factors_back)


def _batch_by_factors(c: Call) -> Any:
    b = c.values[2]
    if c.stacked[0] or c.stacked[1] or c.rank(2) > 2:
        return looped(c)
    # one factorisation serves all examples: their right sides are columns beside each other
    columns = np.moveaxis(b, 0, -1)
    x = c.evaluate(c.values[0], c.values[1], np.reshape(columns, (columns.shape[0], -1)))
    return np.moveaxis(np.reshape(x, columns.shape), -1, 0)


batching(_batch_by_factors, by_factors)
batching(of_matrices, lu_factor, with_indices)
