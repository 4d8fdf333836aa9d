"""`scipy.linalg`: triangular and definite systems, and functions of one matrix.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `a`, `b` the operands, and SciPy's own parameters.
What would let SciPy overwrite an operand is refused. Cotangents are unconjugated, as in rules/linalg.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.function import twin
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.decompositions import cholesky_jvp, cholesky_vjp
from funcad.rules.linalg import conj, mT

solve_triangular = twin(scipy.linalg.solve_triangular)
cholesky = twin(scipy.linalg.cholesky)
cho_factor = twin(scipy.linalg.cho_factor)
cho_solve = twin(scipy.linalg.cho_solve)
inv = twin(scipy.linalg.inv)
det = twin(scipy.linalg.det)
expm = twin(scipy.linalg.expm)


# --- triangular systems: by `trans` x solves T x = b, T^T x = b, or T^H x = b

_TRANS = {"N": 0, "T": 1, "C": 2}


def kind_of(trans: Any) -> int:
    """Return what a solver does with the matrix: 0 takes it, 1 its transpose, 2 the conjugate of that."""
    return _TRANS[trans] if isinstance(trans, str) else int(trans)


def triangle(x: Any, lower: bool, unit_diagonal: bool) -> Any:
    """Return the entries that the solver reads; with a unit diagonal it does not read the diagonal."""
    return np.tril(x, -int(unit_diagonal)) if lower else np.triu(x, int(unit_diagonal))


def outer(x: Any, y: Any) -> Any:
    """Return x y^T for vectors, or summed over the columns of matrices."""
    return np.outer(x, y) if getattr(x, "ndim", 0) == 1 else x @ mT(y)


def one_matrix(shape: tuple[int, ...], name: str) -> None:
    """Refuse a stack of matrices, for which SciPy reads the other operand in its own way."""
    if len(shape) != 2:
        raise UnsupportedArgumentError(
            f"scipy.linalg.{name} has rules for one matrix and not for a stack of them (its shape is {shape}): "
            f"write funcad.vmap over funcad.scipy.linalg.{name}"
        )


def triangular_jvp_a(
    t: Any, ans: Any, a: Any, a_shape: Any, trans: Any, lower: Any, unit_diagonal: Any
) -> Any:
    """-op(T)^-1 op(t) x."""
    one_matrix(a_shape, "solve_triangular")
    how = kind_of(trans)
    t = triangle(t, lower, unit_diagonal)
    change = t if how == 0 else mT(t) if how == 1 else conj(mT(t))
    return -solve_triangular(a, change @ ans, trans, lower, unit_diagonal)


def triangular_vjp_a(
    g: Any, ans: Any, a: Any, a_shape: Any, trans: Any, lower: Any, unit_diagonal: Any
) -> Any:
    """-y x^T with op(T)^T y = g, transposed and conjugated as T was."""
    one_matrix(a_shape, "solve_triangular")
    how = kind_of(trans)
    y = transposed(g, a, how, lower, unit_diagonal)
    change = outer(y, ans) if how == 0 else outer(ans, y) if how == 1 else conj(outer(ans, y))
    return -triangle(change, lower, unit_diagonal)


def transposed(g: Any, a: Any, how: int, lower: Any, unit_diagonal: Any) -> Any:
    """Solve op(T)^T y = g."""
    if how == 2:
        return conj(solve_triangular(a, conj(g), 0, lower, unit_diagonal))
    return solve_triangular(a, g, 1 - how, lower, unit_diagonal)


solve_triangular.def_jvp(
    triangular_jvp_a,
    lambda t, a, trans, lower, unit_diagonal: solve_triangular(a, t, trans, lower, unit_diagonal),
    unaffected=["check_finite"],
)
solve_triangular.def_vjp(
    triangular_vjp_a,
    lambda g, a, trans, lower, unit_diagonal: transposed(g, a, kind_of(trans), lower, unit_diagonal),
)


# --- Cholesky's factor: SciPy reads one triangle, and so does the derivative


def cholesky_push(t: Any, ans: Any, lower: Any) -> Any:
    """Return the change of the factor; see rules/decompositions.py."""
    one_matrix(np.shape(ans), "cholesky")
    return cholesky_jvp(t, ans, not lower)


def cholesky_pull(g: Any, ans: Any, lower: Any) -> Any:
    """Return the cotangent of the triangle that is read."""
    one_matrix(np.shape(ans), "cholesky")
    return cholesky_vjp(g, ans, not lower)


cholesky.def_jvp(cholesky_push, unaffected=["check_finite"])
cholesky.def_vjp(cholesky_pull)


def kept(overwrite: bool, name: str, key: str) -> None:
    """Refuse that SciPy writes into an operand."""
    if overwrite:
        raise UnsupportedArgumentError(
            f"scipy.linalg.{name} has no derivative rule for the argument {key}=True; leave it out"
        )


@cho_factor.def_composite(own_value=True)
def _cho_factor(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_a, "cho_factor", "overwrite_a")
    a = as_operand(a)
    factor = cholesky(a, lower, check_finite=check_finite)
    # the other triangle is what it was in the matrix
    rest = np.triu(a, 1) if lower else np.tril(a, -1)
    return factor + rest, lower


@cho_solve.def_composite(own_value=True)
def _cho_solve(c_and_lower: Any, b: Any, overwrite_b: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_b, "cho_solve", "overwrite_b")
    c, lower = c_and_lower
    c, b = as_operand(c), as_operand(b)
    one_matrix(np.shape(c), "cho_solve")
    first, second = (0, 2) if lower else (2, 0)
    return solve_triangular(c, solve_triangular(c, b, first, lower), second, lower)


# --- functions of one matrix


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
    if assume_a not in (None, "gen", "general"):
        raise UnsupportedArgumentError(
            f"scipy.linalg.inv has no derivative rule for assume_a={assume_a!r}; leave it out"
        )
    return np.linalg.inv(a)


@det.def_composite(own_value=True)
def _det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_a, "det", "overwrite_a")
    return np.linalg.det(a)


def frechet(a: Any, t: Any) -> Any:
    """Return the derivative of the exponential of a along t.

    It is the upper right block of the exponential of [[a, t], [0, a]] (N. J. Higham, Functions of Matrices,
    2008, theorem 3.6). The direction is scaled to the size of one, as the algorithm depends on the norm.
    """
    n = np.shape(a)[-1]
    size = np.max(np.abs(plain(t)), axis=(-2, -1), keepdims=True, initial=0.0)
    size = np.where(np.equal(size, 0), 1.0, size)
    top = np.concatenate([a, t / size], axis=-1)
    bottom = np.concatenate([np.zeros_like(a), a], axis=-1)
    return size * expm(np.concatenate([top, bottom], axis=-2))[..., :n, n:]


expm.def_jvp(lambda t, A: frechet(A, t))
expm.def_vjp(lambda g, A: frechet(mT(A), g))
