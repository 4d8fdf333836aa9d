"""`scipy.linalg`: triangular systems, and what is made with them for one matrix or for a stack.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `a`, `b` the operands, and SciPy's own parameters.
Cotangents are unconjugated, as in rules/linalg.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.function import twin
from funcad.rules.linalg import conj, mH, mT
from funcad.rules.scipy.operands import kind_of, one_matrix, outer, triangle

solve_triangular = twin(scipy.linalg.solve_triangular)


def solved(a: Any, b: Any, trans: Any, lower: Any, unit_diagonal: Any) -> Any:
    """Solve in a rule: the matrix has been looked at, and what is not finite goes through."""
    return solve_triangular(a, b, trans, lower, unit_diagonal, check_finite=False)


# --- triangular systems: by `trans` x solves T x = b, T^T x = b, or T^H x = b


def triangular_jvp_a(
    t: Any, ans: Any, a: Any, a_shape: Any, trans: Any, lower: Any, unit_diagonal: Any
) -> Any:
    """-op(T)^-1 op(t) x."""
    one_matrix(a_shape, "solve_triangular")
    how = kind_of(trans)
    t = triangle(t, lower, unit_diagonal)
    change = t if how == 0 else mT(t) if how == 1 else conj(mT(t))
    return -solved(a, change @ ans, trans, lower, unit_diagonal)


def triangular_vjp_a(
    g: Any, ans: Any, a: Any, a_shape: Any, trans: Any, lower: Any, unit_diagonal: Any
) -> Any:
    """y x^T with op(T)^T y = -g, transposed and conjugated as T was."""
    one_matrix(a_shape, "solve_triangular")
    how = kind_of(trans)
    y = -transposed(g, a, how, lower, unit_diagonal)
    change = outer(y, ans) if how == 0 else outer(ans, y) if how == 1 else conj(outer(ans, y))
    return triangle(change, lower, unit_diagonal)


def transposed(g: Any, a: Any, how: int, lower: Any, unit_diagonal: Any) -> Any:
    """Solve op(T)^T y = g."""
    if how == 2:
        return conj(solved(a, conj(g), 0, lower, unit_diagonal))
    return solved(a, g, 1 - how, lower, unit_diagonal)


solve_triangular.def_jvp(
    triangular_jvp_a,
    lambda t, a, trans, lower, unit_diagonal: solved(a, t, trans, lower, unit_diagonal),
    unaffected=["check_finite"],
)
solve_triangular.def_vjp(
    triangular_vjp_a,
    lambda g, a, trans, lower, unit_diagonal: transposed(g, a, kind_of(trans), lower, unit_diagonal),
)


def by_lower(factor: Any, x: Any, trans: int = 0) -> Any:
    """Solve L y = x for the columns of x; by `trans` L^T y = x, or L^H y = x. All may be stacks."""
    if np.ndim(factor) == 2 and np.ndim(x) == 2:
        return solve_triangular(factor, x, trans, True)
    return np.linalg.solve(factor if trans == 0 else mT(factor) if trans == 1 else mH(factor), x)


def by_upper(factor: Any, x: Any, trans: int = 0) -> Any:
    """Solve U y = x for the columns of x; by `trans` U^T y = x, or U^H y = x. All may be stacks."""
    if np.ndim(factor) == 2 and np.ndim(x) == 2:
        return solve_triangular(factor, x, trans)
    return np.linalg.solve(factor if trans == 0 else mT(factor) if trans == 1 else mH(factor), x)
