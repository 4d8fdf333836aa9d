"""Orthogonal polynomials of `scipy.special`: derivatives by their variable.

The derivative of a classical orthogonal polynomial is one of another family (DLMF 18.9.15 to 18.9.28), so that
nothing divides by 1 - x^2. By a degree or another parameter there is none. In scope: `n` the degree, `x` the variable.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, unit
from funcad.core.kinds import elementwise
from funcad.rules.scipy.special import order, whole

share = Domain("share", 0.1, 0.9)


def lower(n: Any) -> Any:
    """Return n - 1, and 0 for 0, of which the factor is 0."""
    return n - np.not_equal(n, 0)


def nonzero(n: Any) -> Any:
    """Return 1, and 0 for n = 0: the constant polynomial has no slope."""
    return np.where(np.equal(n, 0), 0.0, 1.0)


def gegenbauer(n: Any, alpha: float, x: Any, scale: float = 1.0) -> Any:
    """A multiple of Gegenbauer's polynomial of degree n - 1, 0 for n = 0."""
    return scale * nonzero(n) * special.eval_gegenbauer(lower(n), alpha, x)


# fmt: off
elementwise(special.eval_chebyt,      None, lambda n, x: n * special.eval_chebyu(lower(n), x),     operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_chebyu,      None, lambda n, x: gegenbauer(n, 2.0, x, 2.0),               operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_chebyc,      None, lambda n, x: n * special.eval_chebys(lower(n), x),     operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_chebys,      None, lambda n, x: gegenbauer(n, 2.0, x / 2),                operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_legendre,    None, lambda n, x: gegenbauer(n, 1.5, x),                    operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_gegenbauer,  None, None, lambda n, alpha, x: gegenbauer(n, alpha + 1, x, 2 * alpha), operands=("n", "alpha", "x"), domain=(whole, order, unit))
elementwise(special.eval_jacobi,      None, None, None,
            lambda n, alpha, beta, x: nonzero(n) * (n + alpha + beta + 1) / 2 * special.eval_jacobi(lower(n), alpha + 1, beta + 1, x),
            operands=("n", "alpha", "beta", "x"), domain=(whole, order, order, unit))
elementwise(special.eval_laguerre,    None, lambda n, x: -nonzero(n) * special.eval_genlaguerre(lower(n), 1.0, x), operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_genlaguerre, None, None, lambda n, alpha, x: -nonzero(n) * special.eval_genlaguerre(lower(n), alpha + 1, x),
            operands=("n", "alpha", "x"), domain=(whole, order, unit))
elementwise(special.eval_hermite,     None, lambda n, x: 2 * n * special.eval_hermite(lower(n), x), operands=("n", "x"), domain=(whole, unit))
elementwise(special.eval_hermitenorm, None, lambda n, x: n * special.eval_hermitenorm(lower(n), x), operands=("n", "x"), domain=(whole, unit))
# --- shifted to the interval from 0 to 1
elementwise(special.eval_sh_chebyt,   None, lambda n, x: 2 * n * special.eval_sh_chebyu(lower(n), x), operands=("n", "x"), domain=(whole, share))
elementwise(special.eval_sh_chebyu,   None, lambda n, x: gegenbauer(n, 2.0, 2 * x - 1, 4.0),       operands=("n", "x"), domain=(whole, share))
elementwise(special.eval_sh_legendre, None, lambda n, x: gegenbauer(n, 1.5, 2 * x - 1, 2.0),       operands=("n", "x"), domain=(whole, share))
elementwise(special.eval_sh_jacobi,   None, None, None, lambda n, p, q, x: n * special.eval_sh_jacobi(lower(n), p + 2, q + 1, x),
            operands=("n", "p", "q", "x"), domain=(whole, Domain("above", 2.0, 3.0, differentiable=False), order, share))
# fmt: on
