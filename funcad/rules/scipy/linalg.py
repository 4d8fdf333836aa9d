"""`scipy.linalg`: systems of equations, least squares, inverses, determinants and norms.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `a`, `b` the operands, and SciPy's own parameters.
What would let SciPy overwrite an operand is refused. Cotangents are unconjugated, as in rules/linalg.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.batching import looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.valued import with_value
from funcad.errors import UnsupportedArgumentError
from funcad.rules.batching.linalg import of_matrices
from funcad.rules.decompositions import diagonal, from_triangle, placed
from funcad.rules.decompositions import lower as lower_weights
from funcad.rules.linalg import conj, lstsq_jvp_a, lstsq_jvp_b, mH, mT, pinv_jvp, pinv_vjp
from funcad.rules.scipy.operands import kept, one_matrix, outer, triangle
from funcad.rules.scipy.panels import pull_by_panels
from funcad.rules.scipy.triangular import by_lower, solve_triangular

cholesky = twin(scipy.linalg.cholesky)
cho_factor = twin(scipy.linalg.cho_factor)
cho_solve = twin(scipy.linalg.cho_solve)
solve = twin(scipy.linalg.solve)
inv = twin(scipy.linalg.inv)
det = twin(scipy.linalg.det)
lstsq = twin(scipy.linalg.lstsq)
pinv = twin(scipy.linalg.pinv)
pinvh = twin(scipy.linalg.pinvh)
norm = twin(scipy.linalg.norm)


# --- Cholesky's factor: SciPy reads one triangle, and so does the derivative


def cholesky_push(t: Any, ans: Any, lower: Any) -> Any:
    """L Phi(L^-1 t L^-H), where Phi keeps the lower triangle and half of the diagonal; see rules/decompositions.py."""
    factor = ans if lower else mH(ans)
    inside = by_lower(factor, mH(by_lower(factor, from_triangle(t, "L" if lower else "U"))))
    change = factor @ (lower_weights(inside) * inside)
    return change if lower else mH(change)


cholesky.def_jvp(cholesky_push, unaffected=["check_finite"])
cholesky.def_vjp(
    lambda g, ans, lower: pull_by_panels(g, ans) if lower else mH(pull_by_panels(mH(g), mH(ans)))
)
batching(of_matrices, cholesky)


own_factor = twin(scipy.linalg.cho_factor)
own_factor.def_constant()


@cho_factor.def_composite()
def _cho_factor(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_a, "cho_factor", "overwrite_a")
    a = as_operand(a)
    one_matrix(np.shape(a), "cho_factor")
    factor = cholesky(a, lower, check_finite=check_finite)
    # the other triangle is what it was in the matrix
    rest = np.triu(a, 1) if lower else np.tril(a, -1)
    return with_value(factor + rest, own_factor(a, lower, check_finite=check_finite)[0]), lower


@cho_solve.def_composite(own_value=True)
def _cho_solve(c_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_b, "cho_solve", "overwrite_b")
    c, lower = c_and_lower
    c, b = as_operand(c), as_operand(b)
    one_matrix(np.shape(c), "cho_solve")
    first, second = (0, 2) if lower else (2, 0)
    return solve_triangular(c, solve_triangular(c, b, first, lower), second, lower)


# --- general systems: SciPy reads what it is told to assume


def read(a: Any, assume_a: str | None, lower: bool) -> Any:
    """Return the matrix that a solver takes `a` for."""
    if assume_a in ("pos", "positive definite", "her", "hermitian"):
        return from_triangle(a, "L" if lower else "U")
    if assume_a in ("sym", "symmetric"):
        half = (lower_weights(a) if lower else lower_weights(a).T) * a
        return half + mT(half)
    if assume_a == "diagonal":
        return placed(diagonal(a))
    if assume_a == "tridiagonal":
        return np.tril(np.triu(a, -1), 1)
    if assume_a in ("upper triangular", "lower triangular"):
        return triangle(a, assume_a.startswith("lower"), False)
    return a


def _by_held(a: Any, b: Any, factor: Any, pivots: Any, lower: bool, transposed: bool = False) -> Any:
    if pivots is not None:
        return scipy.linalg.lu_solve((factor, pivots), b, int(transposed))
    if transposed:  # the transposed matrix is the conjugate one
        return conj(scipy.linalg.cho_solve((factor, lower), conj(b)))
    return scipy.linalg.cho_solve((factor, lower), b)


#: the solution by factors that are plain numbers, as a function of the matrix that they are of
by_held = PrimitiveFunction(_by_held, name="scipy.linalg.solve (factors)")


def held_push(t: Any, ans: Any, a: Any, factor: Any, pivots: Any, lower: Any, transposed: Any) -> Any:
    """Solve for -t x with the same factors."""
    return by_held(a, -((mT(t) if transposed else t) @ ans), factor, pivots, lower, transposed)


def held_pull(g: Any, ans: Any, a: Any, factor: Any, pivots: Any, lower: Any, transposed: Any) -> Any:
    """-y x^T, where y solves the transposed system for g with the same factors."""
    y = by_held(a, g, factor, pivots, lower, not transposed)
    return -(outer(ans, y) if transposed else outer(y, ans))


by_held.def_jvp(
    held_push,
    lambda t, a, factor, pivots, lower, transposed: by_held(a, t, factor, pivots, lower, transposed),
)
by_held.def_vjp(
    held_pull,
    lambda g, a, factor, pivots, lower, transposed: by_held(a, g, factor, pivots, lower, not transposed),
)
batching(looped, by_held)
#: factors as plain numbers
elimination_of = twin(scipy.linalg.lu_factor)
elimination_of.def_constant()


@solve.def_composite(own_value=True)
def _solve(
    a: Any,
    b: Any,
    lower: bool = False,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    assume_a: str | None = None,
    transposed: bool = False,
) -> Any:
    kept(overwrite_a, "solve", "overwrite_a")
    kept(overwrite_b, "solve", "overwrite_b")
    a, b = np.atleast_2d(as_operand(a)), np.atleast_1d(as_operand(b))
    if np.size(a) == 1:
        return b / np.ravel(a)[0]
    a = read(a, assume_a, lower)
    if np.ndim(a) > 2 or np.ndim(b) > 2:
        return np.linalg.solve(mT(a) if transposed else a, b)
    if assume_a in ("pos", "positive definite"):
        return by_held(a, b, own_factor(a, lower)[0], None, lower, transposed)
    if assume_a in ("upper triangular", "lower triangular"):
        return solve_triangular(a, b, int(transposed), assume_a.startswith("lower"))
    factor, pivots = elimination_of(a)
    return by_held(a, b, factor, pivots, lower, transposed)


# --- inverses, determinants, norms


@inv.def_composite(own_value=True)
def _inv(
    a: Any,
    overwrite_a: bool = False,
    check_finite: bool = True,
    *,
    assume_a: str | None = None,
    lower: bool = False,
) -> Any:
    kept(overwrite_a, "inv", "overwrite_a")
    if assume_a == "diagonal":
        raise UnsupportedArgumentError(
            "scipy.linalg.inv has no derivative rule for assume_a='diagonal', where SciPy returns what is beside "
            "the diagonal as it was; write np.diag(1 / np.diag(a))"
        )
    return np.linalg.inv(read(as_operand(a), assume_a, lower))


@det.def_composite(own_value=True)
def _det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_a, "det", "overwrite_a")
    return np.linalg.det(a)


@norm.def_composite(own_value=True)
def _norm(
    a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, check_finite: bool = True
) -> Any:
    return np.linalg.norm(a, ord, axis, keepdims)


#: the pseudo-inverse alone, and the rank alone, which is a constant
pseudo_inverse = twin(scipy.linalg.pinv)
pseudo_inverse.def_jvp(
    lambda t, ans, a, atol, rtol: pinv_jvp(t, ans, a, atol, rtol), unaffected=["check_finite"]
)
pseudo_inverse.def_vjp(lambda g, ans, a, atol, rtol: pinv_vjp(g, ans, a, atol, rtol))
of_rank = twin(scipy.linalg.pinv)
of_rank.def_constant()


@pinv.def_composite()
def _pinv(
    a: Any, *, atol: Any = None, rtol: Any = None, return_rank: bool = False, check_finite: bool = True
) -> Any:
    inverse = pseudo_inverse(a, atol=atol, rtol=rtol, check_finite=check_finite)
    if not return_rank:
        return inverse
    return inverse, of_rank(a, atol=atol, rtol=rtol, return_rank=True, check_finite=check_finite)[1]


@pinvh.def_composite(own_value=True)
def _pinvh(
    a: Any,
    atol: Any = None,
    rtol: Any = None,
    lower: bool = True,
    return_rank: bool = False,
    check_finite: bool = True,
) -> Any:
    inverse = pseudo_inverse(read(as_operand(a), "her", lower), atol=atol, rtol=rtol)
    return (inverse, None) if return_rank else inverse


# --- least squares


def lstsq_push_a(t: Any, ans: Any, a: Any, b: Any, cond: Any, lapack_driver: Any) -> Any:
    """Return the changes of solution, residues and singular values; see rules/linalg.py."""
    one_matrix(np.shape(a), "lstsq")
    dx, residues, rank, values = lstsq_jvp_a(t, ans, a, b, cond)
    return dx, residues, rank, None if lapack_driver == "gelsy" else values


def lstsq_push_b(t: Any, ans: Any, a: Any, b: Any) -> Any:
    """Return the changes of solution and residues."""
    one_matrix(np.shape(a), "lstsq")
    return lstsq_jvp_b(t, ans, a, b)


lstsq.def_jvp(lstsq_push_a, lstsq_push_b, unaffected=["check_finite"])
