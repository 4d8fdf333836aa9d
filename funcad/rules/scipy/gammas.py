"""Partial derivatives of the gamma function's relatives in `scipy.special`.

In scope: `x`, `y` the arguments, `ans` the output. Where 1 / Gamma is 0 and psi has a pole, their product has a
limit, which these rules give. Numbers in brackets are equations of the NIST Digital Library of Mathematical
Functions (DLMF).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching, constant, elementwise
from funcad.core.tracer import anywhere, plain
from funcad.rules.batching import constants
from funcad.rules.scipy.formulas import (
    check_pole,
    is_pole,
    rise_of_psi,
    slope_of_rgamma,
    times_psi,
)
from funcad.rules.scipy.special import HURWITZ

#: B_2k / (2k)!, the coefficients of the Euler-Maclaurin formula
_BERNOULLI = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600]


def _complex_zeta(s: Any, z: Any) -> Any:
    # as many terms as lead to where the Euler-Maclaurin formula holds (25.11.28)
    z = np.asarray(z)
    steps = max(0, math.ceil(12 - np.min(np.real(z), initial=12.0)))
    total: Any = sum([(z + k) ** -s for k in range(steps)])
    w = z + steps
    term = w**-s
    total = total + w * term / (s - 1) + term / 2
    for k, c in enumerate(_BERNOULLI):
        term = term * (s + 2 * k) / w if k == 0 else term * (s + 2 * k - 1) * (s + 2 * k) / (w * w)
        total = total + c * term
    return np.asarray(total, z.dtype)[()]


#: Hurwitz's zeta function of a complex start, which SciPy does not have
complex_zeta = PrimitiveFunction(_complex_zeta, name="zeta(s, z)")


def trigamma(x: Any) -> Any:
    """psi'(x) = zeta(2, x) (25.11.12)."""
    return complex_zeta(2.0, x) if np.iscomplexobj(plain(x)) else HURWITZ(2.0, x)


def beta_by_x(ans: Any, x: Any, y: Any) -> Any:
    """B(x, y) (psi(x) - psi(x + y)) (5.12.1); psi and 1 / Gamma of x + y are taken together."""
    if not anywhere(np.less_equal(plain(x) + plain(y), 0)):
        return -ans * rise_of_psi(x, y)
    check_pole("scipy.special.beta", x)
    check_pole("scipy.special.beta", y)
    return ans * special.psi(x) - times_psi(ans, x + y, (x, 1), (y, 1))


def betaln_by_x(x: Any, y: Any) -> Any:
    """psi(x) - psi(x + y)."""
    check_pole("scipy.special.betaln", x + y)
    return -rise_of_psi(x, y)


def poch_by_x(ans: Any, x: Any, y: Any) -> Any:
    """(x)_y (psi(x + y) - psi(x)) (5.2.5), and its limit where x is 0 or a negative whole number."""
    pole = is_pole(x)
    if not anywhere(pole):
        return ans * rise_of_psi(x, y)
    # of a whole y it is a polynomial, of another y the pole of x is the only one
    both = pole & is_pole(plain(x) + plain(y))
    one = pole & ~both
    neither = np.where(pole, 1.0, x)
    mirrored = np.where(both, 1 - x - y, 1.0)
    at_zero = special.gamma(np.where(one, x + y, 1.0)) * slope_of_rgamma(np.where(one, x, 0.0))
    slope = np.where(one, at_zero, ans * rise_of_psi(neither, np.where(pole, 1.0, y)))
    return np.where(both, -ans * rise_of_psi(mirrored, np.where(both, y, 1.0)), slope)


def poch_by_y(ans: Any, x: Any, y: Any) -> Any:
    """(x)_y psi(x + y)."""
    check_pole("scipy.special.poch, by its second argument,", x + y)
    return ans * special.psi(x + y)


def binom_by_x(ans: Any, x: Any, y: Any) -> Any:
    """binom(x, y) (psi(x + 1) - psi(x - y + 1)) (1.2.6)."""
    rest = x - y + 1
    if not anywhere(np.less(plain(rest), 0.5)):
        return ans * rise_of_psi(rest, y)
    return ans * special.psi(x + 1) - times_psi(ans, rest, (x + 1, 1), (y + 1, -1))


def binom_by_y(ans: Any, x: Any, y: Any) -> Any:
    """binom(x, y) (psi(x - y + 1) - psi(y + 1))."""
    of_rest = times_psi(ans, x - y + 1, (x + 1, 1), (y + 1, -1))
    return of_rest - times_psi(ans, y + 1, (x + 1, 1), (x - y + 1, -1))


# fmt: off
elementwise(special.gamma,     lambda ans, x: ans * special.psi(x), domain=positive)
elementwise(special.rgamma,    slope_of_rgamma)
elementwise(special.gammaln,   lambda x: special.psi(x),           domain=positive)
elementwise(special.loggamma,  lambda x: special.psi(x),           domain=positive)
elementwise(special.psi,       trigamma,                           domain=positive)
elementwise(special.beta,      beta_by_x,   lambda ans, x, y: beta_by_x(ans, y, x), domain=positive)
elementwise(special.betaln,    betaln_by_x, lambda x, y: betaln_by_x(y, x),         domain=positive)
elementwise(special.poch,      poch_by_x,   poch_by_y,             domain=positive)
elementwise(special.binom,     binom_by_x,  binom_by_y,            domain=(Domain("above_two", 2.1, 5.0), positive))
constant(special.gammasgn)
batching(constants.elementwise, special.gammasgn)
complex_zeta.def_elementwise(None, lambda s, z: -s * complex_zeta(s + 1, z), operands=("s", "z"),
                             domain=(Domain("exponent", 2.0, 4.0, differentiable=False), positive))
# fmt: on
