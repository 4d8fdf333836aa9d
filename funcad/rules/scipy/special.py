"""Partial derivatives of `scipy.special`.

In scope: `x`, `y`, `z` the arguments, or the names that SciPy gives them; `ans` the output. None stands for a
parameter by which no formula is known here: to differentiate by it is an error. Numbers in brackets are
equations of the NIST Digital Library of Mathematical Functions (DLMF).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, above_minus_one, nonzero, positive, unit
from funcad.core.kinds import batching, elementwise, general
from funcad.core.several import pointwise
from funcad.rules.scipy.parameters import (
    beta_by_a,
    beta_by_b,
    beta_density,
    beta_density_at,
    gamma_by_a,
    gamma_density,
    student_by_df,
    student_density,
)
from funcad.rules.slopes.families import beta_slope, gamma_slope, t_slope

ROOT_PI = math.sqrt(math.pi)
ROOT_2PI = math.sqrt(2 * math.pi)
ROOT_HALF = math.sqrt(0.5)
LN2 = math.log(2.0)
LN10 = math.log(10.0)

probability = Domain("probability", 0.05, 0.95)
above_two = Domain("above_two", 2.1, 5.0)
negative = Domain("negative", -4.0, -0.2)
#: an order or a number of degrees of freedom, which takes no derivative
order = Domain("order", 0.2, 3.0, differentiable=False)
whole = Domain("whole", 0.0, 4.0, integer=True, differentiable=False)


def normal_density(x: Any) -> Any:
    """The density of the standard normal distribution."""
    return np.exp(-0.5 * x * x) / ROOT_2PI


def slope_of_log_ndtr(x: Any) -> Any:
    """Density over distribution function; erfcx keeps its accuracy far in the lower tail."""
    return 2 / ROOT_2PI / special.erfcx(-ROOT_HALF * x)


def share(x: Any, y: Any) -> Any:
    """x / y, and 0 where both are 0: there the function is constant in y."""
    return x / np.where(np.equal(x, 0) & np.equal(y, 0), 1.0, y)


def root_of_huber(delta: Any, r: Any) -> Any:
    """sqrt(1 + (r / delta)^2)."""
    return np.hypot(1.0, r / delta)


# fmt: off
# --- exponentials and logarithms
elementwise(special.expm1,     np.exp)
elementwise(special.exp2,      lambda ans: LN2 * ans)
elementwise(special.exp10,     lambda ans: LN10 * ans)
elementwise(special.log1p,     lambda x: 1 / (1 + x),              domain=above_minus_one)
elementwise(special.cbrt,      lambda ans: 1 / (3 * ans * ans),    domain=nonzero)
elementwise(special.cosm1,     lambda x: -np.sin(x))
elementwise(special.expit,     lambda x: special.expit(x) * special.expit(-x))
elementwise(special.logit,     lambda x: 1 / (x * (1 - x)),        domain=probability)
elementwise(special.log_expit, lambda x: special.expit(-x))
elementwise(special.xlogy,     lambda y: np.log(y),                lambda x, y: share(x, y),    domain=positive)
elementwise(special.xlog1py,   lambda y: np.log1p(y),              lambda x, y: share(x, 1 + y), domain=positive)
elementwise(special.entr,      lambda x: -1 - np.log(x),           domain=positive)
elementwise(special.rel_entr,  lambda x, y: 1 + np.log(x / y),     lambda x, y: -x / y,         domain=positive)
elementwise(special.kl_div,    lambda x, y: np.log(x / y),         lambda x, y: 1 - x / y,      domain=positive)
elementwise(special.huber,     lambda x, y: np.maximum(np.abs(y) - x, 0.0),
                               lambda x, y: np.clip(y, -x, x),     domain=(positive, Domain("wide", -6.0, 6.0)))
elementwise(special.pseudo_huber, lambda ans, x, y: (ans / x) ** 2 / (x * root_of_huber(x, y)),
                               lambda x, y: y / root_of_huber(x, y), domain=(positive, nonzero))
elementwise(special.boxcox,    lambda x, y: x ** (y - 1),          None,                        domain=(positive, order))
elementwise(special.boxcox1p,  lambda x, y: (1 + x) ** (y - 1),    None,                        domain=(positive, order))
elementwise(special.inv_boxcox, lambda ans, y: ans ** (1 - y),     None,                        domain=(positive, order))

# --- error functions and the normal distribution
elementwise(special.erf,       lambda x: 2 / ROOT_PI * np.exp(-x * x))
elementwise(special.erfc,      lambda x: -2 / ROOT_PI * np.exp(-x * x))
elementwise(special.erfcx,     lambda ans, x: 2 * x * ans - 2 / ROOT_PI)
elementwise(special.erfi,      lambda x: 2 / ROOT_PI * np.exp(x * x))
elementwise(special.dawsn,     lambda ans, x: 1 - 2 * x * ans)
elementwise(special.erfinv,    lambda ans: 0.5 * ROOT_PI * np.exp(ans * ans),  domain=unit)
elementwise(special.erfcinv,   lambda ans: -0.5 * ROOT_PI * np.exp(ans * ans), domain=Domain("erfc", 0.1, 1.9))
elementwise(special.ndtr,      normal_density)
elementwise(special.log_ndtr,  slope_of_log_ndtr)
elementwise(special.ndtri,     lambda ans: ROOT_2PI * np.exp(0.5 * ans * ans), domain=probability)
elementwise(special.ndtri_exp, lambda ans: 1 / slope_of_log_ndtr(ans),         domain=negative)
elementwise(special.owens_t,   lambda x, y: -0.5 * normal_density(x) * special.erf(ROOT_HALF * x * y),
                               lambda x, y: np.exp(-0.5 * x * x * (1 + y * y)) / (2 * math.pi * (1 + y * y)))

# --- gamma and beta functions; psi' = zeta(2, x) (25.11.12)
elementwise(special.gamma,     lambda ans, x: ans * special.psi(x), domain=positive)
elementwise(special.gammaln,   lambda x: special.psi(x),           domain=positive)
elementwise(special.loggamma,  lambda x: special.psi(x),           domain=positive)
elementwise(special.psi,       lambda x: HURWITZ(2.0, x),          domain=positive)
elementwise(special.beta,      lambda ans, x, y: ans * (special.psi(x) - special.psi(x + y)),
                               lambda ans, x, y: ans * (special.psi(y) - special.psi(x + y)), domain=positive)
elementwise(special.betaln,    lambda x, y: special.psi(x) - special.psi(x + y),
                               lambda x, y: special.psi(y) - special.psi(x + y),   domain=positive)

# --- incomplete ones and their inverses: in the variable the derivative is a density
elementwise(special.gammainc,     gamma_by_a, gamma_density,                        operands=("a", "x"), domain=positive)
elementwise(special.gammaincc,    lambda a, x: -gamma_by_a(a, x),
                                  lambda a, x: -gamma_density(a, x),                operands=("a", "x"), domain=positive)
elementwise(special.gammaincinv,  lambda ans, a: gamma_slope(ans, a),
                                  lambda ans, a: 1 / gamma_density(a, ans),         operands=("a", "y"), domain=(positive, probability))
elementwise(special.gammainccinv, lambda ans, a: gamma_slope(ans, a),
                                  lambda ans, a: -1 / gamma_density(a, ans),        operands=("a", "y"), domain=(positive, probability))
elementwise(special.betainc,      beta_by_a, beta_by_b, beta_density,               operands=("a", "b", "x"), domain=(positive, positive, probability))
elementwise(special.betaincc,     lambda a, b, x: -beta_by_a(a, b, x), lambda a, b, x: -beta_by_b(a, b, x),
                                  lambda a, b, x: -beta_density(a, b, x),           operands=("a", "b", "x"), domain=(positive, positive, probability))
# the inverses take 1 - ans from the inverse of the other tail
elementwise(special.betaincinv,   lambda ans, a, b, y: beta_slope(ans, special.betainccinv(b, a, y), a, b),
                                  lambda ans, a, b, y: -beta_slope(special.betainccinv(b, a, y), ans, b, a),
                                  lambda ans, a, b, y: 1 / beta_density_at(a, b, ans, special.betainccinv(b, a, y)),
                                  operands=("a", "b", "y"), domain=(positive, positive, probability))
elementwise(special.betainccinv,  lambda ans, a, b, y: beta_slope(ans, special.betaincinv(b, a, y), a, b),
                                  lambda ans, a, b, y: -beta_slope(special.betaincinv(b, a, y), ans, b, a),
                                  lambda ans, a, b, y: -1 / beta_density_at(a, b, ans, special.betaincinv(b, a, y)),
                                  operands=("a", "b", "y"), domain=(positive, positive, probability))
elementwise(special.stdtr,        student_by_df, student_density,                   operands=("df", "t"), domain=(positive, nonzero))
elementwise(special.stdtrit,      lambda ans, df: t_slope(ans, df),
                                  lambda ans, df: 1 / student_density(df, ans),     operands=("df", "p"), domain=(positive, probability))

# --- exponential integrals
elementwise(special.expi,      lambda x: np.exp(x) / x,            domain=positive)
elementwise(special.exp1,      lambda x: -np.exp(-x) / x,          domain=positive)

# --- Bessel functions (10.6.1, 10.29.1): in the argument, not in the order
elementwise(special.j0,        lambda x: -special.j1(x))
elementwise(special.j1,        lambda x: (special.j0(x) - special.jv(2.0, x)) / 2)
elementwise(special.y0,        lambda x: -special.y1(x),           domain=positive)
elementwise(special.y1,        lambda ans, x: special.y0(x) - ans / x, domain=positive)
elementwise(special.i0,        lambda x: special.i1(x))
elementwise(special.i1,        lambda x: (special.i0(x) + special.iv(2.0, x)) / 2)
elementwise(special.i0e,       lambda ans, x: special.i1e(x) - np.sign(x) * ans, domain=nonzero)
elementwise(special.i1e,       lambda ans, x: (special.i0e(x) + special.ive(2.0, x)) / 2 - np.sign(x) * ans, domain=nonzero)
elementwise(special.k0,        lambda x: -special.k1(x),           domain=positive)
elementwise(special.k1,        lambda ans, x: -special.k0(x) - ans / x, domain=positive)
elementwise(special.k0e,       lambda ans, x: ans - special.k1e(x), domain=positive)
elementwise(special.k1e,       lambda ans, x: ans - special.k0e(x) - ans / x, domain=positive)
elementwise(special.jv,        None, lambda v, x: (special.jv(v - 1, x) - special.jv(v + 1, x)) / 2,  operands=("v", "x"), domain=(order, positive))
elementwise(special.yv,        None, lambda v, x: (special.yv(v - 1, x) - special.yv(v + 1, x)) / 2,  operands=("v", "x"), domain=(order, positive))
elementwise(special.iv,        None, lambda v, x: (special.iv(v - 1, x) + special.iv(v + 1, x)) / 2,  operands=("v", "x"), domain=(order, positive))
elementwise(special.kv,        None, lambda v, x: -(special.kv(v - 1, x) + special.kv(v + 1, x)) / 2, operands=("v", "x"), domain=(order, positive))
elementwise(special.ive,       None, lambda ans, v, x: (special.ive(v - 1, x) + special.ive(v + 1, x)) / 2 - np.sign(x) * ans, operands=("v", "x"), domain=(order, positive))
elementwise(special.kve,       None, lambda ans, v, x: ans - (special.kve(v - 1, x) + special.kve(v + 1, x)) / 2, operands=("v", "x"), domain=(order, positive))
# fmt: on

#: Hurwitz's zeta function of an exponent and a start, which `scipy.special.zeta` calls (25.11.17)
HURWITZ: Any = special._ufuncs._zeta
elementwise(
    HURWITZ,
    None,
    lambda x, q: -x * HURWITZ(x + 1, q),
    operands=("x", "q"),
    domain=(Domain("exponent", 2.0, 4.0, differentiable=False), positive),
)

# --- several results
general(
    special.sici,
    jvp=lambda t, x: (t * np.sinc(x / np.pi), t * np.cos(x) / x),
    like=lambda x: None,
)
general(
    special.fresnel,
    jvp=lambda t, x: (t * np.sin(0.5 * np.pi * x * x), t * np.cos(0.5 * np.pi * x * x)),
    like=lambda x: None,
)
batching(pointwise, special.sici, special.fresnel)
