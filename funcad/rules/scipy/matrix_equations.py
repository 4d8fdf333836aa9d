"""`scipy.linalg`: linear and quadratic equations for a matrix.

In scope: `t` the tangent, `g` the cotangent, `ans` the solution, and the coefficients by SciPy's names. Cotangents
are unconjugated. A derivative solves a linear equation with the coefficients at the solution; that of Sylvester
has the Schur factors which the solution was found with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.batching import looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.rules.decompositions import is_complex, mH
from funcad.rules.linalg import conj, mT
from funcad.rules.scipy.operands import one_matrix

solve_sylvester = twin(scipy.linalg.solve_sylvester)
solve_continuous_lyapunov = twin(scipy.linalg.solve_continuous_lyapunov)
solve_discrete_lyapunov = twin(scipy.linalg.solve_discrete_lyapunov)
solve_continuous_are = twin(scipy.linalg.solve_continuous_are)
solve_discrete_are = twin(scipy.linalg.solve_discrete_are)


# --- A X + X B = Q, or with A^T and B^T, where A = U R U^H and B^H = V S V^H

#: Schur factors as plain numbers
schur_of = twin(scipy.linalg.schur)
schur_of.def_constant()


def _by_schur(a: Any, b: Any, q: Any, r: Any, u: Any, s: Any, v: Any, transposed: bool = False) -> Any:
    if transposed:
        q = np.conjugate(q)
    f = np.dot(np.dot(u.conj().T, q), v)
    (trsyl,) = scipy.linalg.get_lapack_funcs(("trsyl",), (r, s, f))
    y, scale, info = trsyl(r, s, f, trana="C") if transposed else trsyl(r, s, f, tranb="C")
    if info == 1:
        raise UndefinedDerivativeError(
            "scipy.linalg.solve_sylvester: a and -b have a common eigenvalue, so that a X + X b = q does not "
            "determine X, which has no derivative"
        )
    x = np.dot(np.dot(u, scale * y), v.conj().T)
    return np.conjugate(x) if transposed else x


#: the solution by Schur factors, as a function of the coefficients that they are of
by_schur = PrimitiveFunction(_by_schur, name="scipy.linalg.solve_sylvester (factors)")


@solve_sylvester.def_composite()
def _solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    a, b, q = as_operand(a), as_operand(b), as_operand(q)
    for x in (a, b, q):
        one_matrix(np.shape(x), "solve_sylvester")
    all_alike("solve_sylvester", a, b, q)
    r, u = schur_of(a)
    s, v = schur_of(mH(b))
    return by_schur(a, b, q, r, u, s, v)


def all_alike(name: str, *coefficients: Any) -> None:
    """Refuse real coefficients with complex ones, for which LAPACK reads real Schur factors as triangular ones."""
    if len({is_complex(x) for x in coefficients}) > 1:
        raise UnsupportedArgumentError(
            f"scipy.linalg.{name} has rules for real coefficients or for complex ones, and not for both together, "
            "where SciPy's own result may be wrong: pass each as x.astype(complex)"
        )


def sylvester_push_a(
    t: Any, ans: Any, a: Any, b: Any, r: Any, u: Any, s: Any, v: Any, transposed: bool
) -> Any:
    """Solve for -t X with the same factors."""
    return by_schur(a, b, -((mT(t) if transposed else t) @ ans), r, u, s, v, transposed)


def sylvester_push_b(
    t: Any, ans: Any, a: Any, b: Any, r: Any, u: Any, s: Any, v: Any, transposed: bool
) -> Any:
    """Solve for -X t with the same factors."""
    return by_schur(a, b, -(ans @ (mT(t) if transposed else t)), r, u, s, v, transposed)


def sylvester_pull_a(
    g: Any, ans: Any, a: Any, b: Any, r: Any, u: Any, s: Any, v: Any, transposed: bool
) -> Any:
    """-Y X^T, where Y solves the transposed equation for g."""
    y = by_schur(a, b, g, r, u, s, v, not transposed)
    return -(ans @ mT(y)) if transposed else -(y @ mT(ans))


def sylvester_pull_b(
    g: Any, ans: Any, a: Any, b: Any, r: Any, u: Any, s: Any, v: Any, transposed: bool
) -> Any:
    """-X^T Y."""
    y = by_schur(a, b, g, r, u, s, v, not transposed)
    return -(mT(y) @ ans) if transposed else -(mT(ans) @ y)


by_schur.def_jvp(
    sylvester_push_a,
    sylvester_push_b,
    lambda t, a, b, r, u, s, v, transposed: by_schur(a, b, t, r, u, s, v, transposed),
)
by_schur.def_vjp(
    sylvester_pull_a,
    sylvester_pull_b,
    lambda g, a, b, r, u, s, v, transposed: by_schur(a, b, g, r, u, s, v, not transposed),
)
batching(looped, by_schur)


@solve_continuous_lyapunov.def_composite(own_value=True)
def _solve_continuous_lyapunov(a: Any, q: Any) -> Any:
    a, q = np.atleast_2d(as_operand(a)), np.atleast_2d(as_operand(q))
    one_matrix(np.shape(a), "solve_continuous_lyapunov")
    one_matrix(np.shape(q), "solve_continuous_lyapunov")
    all_alike("solve_continuous_lyapunov", a, q)
    factors = schur_of(a)
    return by_schur(a, mH(a), q, *factors, *factors)


# --- A X A^H - X + Q = 0


def discrete_push(t: Any, ans: Any, a: Any, method: Any) -> Any:
    """Solve for t X A^H + A X t^H."""
    one_matrix(np.shape(a), "solve_discrete_lyapunov")
    return solve_discrete_lyapunov(a, t @ ans @ mH(a) + a @ ans @ mH(t), method)


def discrete_pull(g: Any, ans: Any, a: Any, method: Any) -> Any:
    """Transpose both terms, where Y solves the transposed equation for g."""
    one_matrix(np.shape(a), "solve_discrete_lyapunov")
    y = solve_discrete_lyapunov(mT(a), g, method)
    return y @ mT(ans @ mH(a)) + conj(mT(y) @ (a @ ans))


solve_discrete_lyapunov.def_jvp(discrete_push, lambda t, a, method: solve_discrete_lyapunov(a, t, method))
solve_discrete_lyapunov.def_vjp(discrete_pull, lambda g, a, method: solve_discrete_lyapunov(mT(a), g, method))


# --- Riccati: a change of the solution solves a Lyapunov equation with the closed loop


def times(x: Any, e: Any) -> Any:
    """Return x e, and x itself for None in place of the identity."""
    return x if e is None else x @ e


def over(x: Any, e: Any) -> Any:
    """Return x e^-1."""
    return x if e is None else mT(np.linalg.solve(mT(e), mT(x)))


class Loop:
    """The gain K and the closed loop A - B K at the solution X of a Riccati equation.

    Continuous: A^H X E + E^H X A - (E^H X B + S) K + Q = 0 with K = R^-1 (B^H X E + S^H). Discrete: A^H X A -
    E^H X E - (A^H X B + S) K + Q = 0 with K = (R + B^H X B)^-1 (B^H X A + S^H). To first order K may be held fixed.
    """

    def __init__(self, discrete: bool, x: Any, a: Any, b: Any, r: Any, e: Any, s: Any) -> None:
        cross = mH(b) @ (x @ a if discrete else times(x, e))
        weight = r + mH(b) @ x @ b if discrete else r
        self.gain = np.linalg.solve(weight, cross if s is None else cross + mH(s))
        closed = a - b @ self.gain
        through, past = mH(closed) @ x, mH(times(x, e))
        #: by what a change of a, and of e, is multiplied from the left
        self.of_a, self.of_e = (through, -past) if discrete else (past, through)
        self.discrete, self.closed, self.e = discrete, over(closed, e), e

    def solution(self, change: Any) -> Any:
        """Return the change of the solution for one of the left side."""
        change = mH(over(mH(over(change, self.e)), self.e))
        if self.discrete:
            return solve_discrete_lyapunov(mH(self.closed), change)
        return solve_continuous_lyapunov(mH(self.closed), -change)


def both(x: Any) -> Any:
    """Return x + x^H."""
    return x + mH(x)


#: the change of the left side for a change of each coefficient: a, b, q, r, e, s
TERMS: Final[tuple[Callable[[Loop, Any], Any], ...]] = (
    lambda loop, t: both(loop.of_a @ t),
    lambda loop, t: -both(loop.of_a @ t @ loop.gain),
    lambda loop, t: t,
    lambda loop, t: mH(loop.gain) @ t @ loop.gain,
    lambda loop, t: both(loop.of_e @ t),
    lambda loop, t: -both(t @ loop.gain),
)


def riccati(discrete: bool, term: Callable[[Loop, Any], Any]) -> Callable[..., Any]:
    """Return the rule of one coefficient."""

    def push(t: Any, ans: Any, a: Any, b: Any, r: Any, e: Any, s: Any) -> Any:
        one_matrix(np.shape(ans), "solve_discrete_are" if discrete else "solve_continuous_are")
        loop = Loop(discrete, ans, a, b, r, e, s)
        return loop.solution(term(loop, t))

    return push


solve_continuous_are.def_jvp(*[riccati(False, term) for term in TERMS], unaffected=["balanced"])
solve_discrete_are.def_jvp(*[riccati(True, term) for term in TERMS], unaffected=["balanced"])
