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

from funcad.core.domains import Domain, above_minus_one, nonzero, positive, real, unit
from funcad.core.kinds import elementwise
from funcad.core.tracer import anywhere, plain
from funcad.rules.scipy.formulas import (
    ROOT_PI,
    decaying,
    refuse_complex,
    slope_of_erfcx,
    slope_of_exprel,
    slope_of_spence,
)
from funcad.rules.scipy.parameters import (
    beta_by_a,
    beta_by_b,
    beta_density,
    beta_density_at,
    finite,
    gamma_by_a,
    gamma_density,
    student_by_df,
    student_density,
)
from funcad.rules.scipy.parameters_bessel import ive_order, jv_order, kve_order, yv_order
from funcad.rules.scipy.parameters_series import zeta_series
from funcad.rules.slopes.families import beta_slope, gamma_slope, t_slope
from funcad.rules.ufuncs import slope_in_base, slope_in_exponent

ROOT_2PI = math.sqrt(2 * math.pi)
ROOT_HALF = math.sqrt(0.5)
LN2 = math.log(2.0)
LN10 = math.log(10.0)
DEGREE = math.pi / 180

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
    none = np.equal(y, 0)
    return x / (np.where(none & np.equal(x, 0), 1.0, y) if anywhere(none) else y)


def slope_in_power(log: Any, y: Any) -> Any:
    """The derivative by y of (e^(y log) - 1) / y = log exprel(y log)."""
    none = np.equal(plain(log), -np.inf)  # of a base 0, where the function is -1 / y
    inside = np.where(none, -1.0, log)
    return np.where(none, 1 / np.where(none, y * y, 1.0), inside * inside * slope_of_exprel(y * inside))


def slope_in_root(x: Any, y: Any) -> Any:
    """The derivative by y of log(1 + x y) / y, a hypergeometric series where the terms cancel."""
    u = x * y
    near = np.abs(plain(u)) < 0.5
    far = np.where(near, 1.0, u)
    series = -0.5 * special.hyp2f1(2.0, 2.0, 3.0, -np.where(near, u, 0.0))
    return x * x * np.where(near, series, (far / (1 + far) - np.log1p(far)) / (far * far))


def slope_of_ie(ans: Any, v: Any, x: Any) -> Any:
    """The derivative of e^(-|x|) I_v(x), where x is real (10.29.1)."""
    refuse_complex(special.ive, "iv(v, z) * np.exp(-abs(z.real))", x)
    near = (special.ive(v - 1, x) + special.ive(v + 1, x)) / 2 - np.sign(x) * ans
    return decaying(near, ans, v, x, -np.abs(x))


def slope_of_ke(ans: Any, v: Any, x: Any) -> Any:
    """The derivative of e^x K_v(x) (10.29.1)."""
    return decaying(ans - (special.kve(v - 1, x) + special.kve(v + 1, x)) / 2, ans, v, x, x)


def rescaled(y: Any, x: Any) -> Any:
    """e^x y, where e^x alone may be too large or too small."""
    root = np.exp(0.5 * x)
    return root * y * root


def pseudo_huber_by_x(ans: Any, x: Any, y: Any) -> Any:
    """x (R - 1)^2 / R, where R^2 = 1 + (y / x)^2, written out where R is large."""
    steep = np.abs(plain(y)) > plain(x)
    low = np.where(steep, 0.0, y)
    h = np.hypot(x, y)
    near = np.where(steep, 0.0, ans) / x
    return np.where(steep, h - 2 * x + x * x / h, near * near / (x * np.hypot(1.0, low / x)))


def pseudo_huber_by_y(x: Any, y: Any) -> Any:
    """y / R; where R is large in terms of x / y, so that its derivatives do not cancel."""
    steep = np.abs(plain(y)) > plain(x)
    low, high = np.where(steep, 0.0, y), np.where(steep, y, 1.0)
    far = x * np.sign(plain(high)) / np.hypot(1.0, x / high)
    return np.where(steep, far, low / np.hypot(1.0, low / x))


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
elementwise(special.pseudo_huber, pseudo_huber_by_x, pseudo_huber_by_y, domain=(positive, nonzero))
elementwise(special.boxcox,    lambda x, y: np.power(x, y - 1),          lambda x, y: slope_in_power(np.log(x), y), domain=positive)
elementwise(special.boxcox1p,  lambda x, y: np.exp(special.xlog1py(y - 1, x)),    lambda x, y: slope_in_power(np.log1p(x), y), domain=positive)
elementwise(special.inv_boxcox, lambda ans, y: ans ** (1 - y),     lambda ans, x, y: ans * slope_in_root(x, y), domain=positive)
elementwise(special.inv_boxcox1p, lambda ans, y: np.exp(special.xlog1py(1 - y, ans)), lambda ans, x, y: (1 + ans) * slope_in_root(x, y), domain=positive)
elementwise(special.exprel,    slope_of_exprel)
elementwise(special.powm1,     slope_in_base,                      lambda ans, x, y: slope_in_exponent(ans + 1, x, y), domain=(positive, real))
elementwise(special.sindg,     lambda x: DEGREE * special.cosdg(x))
elementwise(special.cosdg,     lambda x: -DEGREE * special.sindg(x))
elementwise(special.tandg,     lambda ans: DEGREE * (1 + ans * ans))
elementwise(special.cotdg,     lambda ans: -DEGREE * (1 + ans * ans), domain=Domain("degrees", 5.0, 150.0))
elementwise(special.radian,    DEGREE, DEGREE / 60, DEGREE / 3600, operands=("d", "m", "s"))
elementwise(special.spence,    slope_of_spence,                    domain=positive)

# --- error functions and the normal distribution
elementwise(special.erf,       lambda x: 2 / ROOT_PI * np.exp(-x * x))
elementwise(special.erfc,      lambda x: -2 / ROOT_PI * np.exp(-x * x))
elementwise(special.erfcx,     slope_of_erfcx)
elementwise(special.erfi,      lambda x: 2 / ROOT_PI * np.exp(x * x))
elementwise(special.dawsn,     lambda x: special.hyp1f1(1.0, 0.5, -x * x))
elementwise(special.erfinv,    lambda ans: 0.5 * ROOT_PI * np.exp(ans * ans),  domain=unit)
elementwise(special.erfcinv,   lambda ans: -0.5 * ROOT_PI * np.exp(ans * ans), domain=Domain("erfc", 0.1, 1.9))
elementwise(special.ndtr,      normal_density)
elementwise(special.log_ndtr,  slope_of_log_ndtr)
elementwise(special.ndtri,     lambda ans: ROOT_2PI * np.exp(0.5 * ans * ans), domain=probability)
elementwise(special.ndtri_exp, lambda ans: 1 / slope_of_log_ndtr(ans),         domain=negative)
elementwise(special.owens_t,   lambda x, y: -0.5 * normal_density(x) * special.erf(ROOT_HALF * x * y),
                               lambda x, y: np.exp(-0.5 * x * x * (1 + y * y)) / (2 * math.pi * (1 + y * y)))

# --- incomplete ones and their inverses: in the variable the derivative is a density
elementwise(special.gammainc,     gamma_by_a, gamma_density,                        operands=("a", "x"), domain=positive)
elementwise(special.gammaincc,    lambda a, x: -gamma_by_a(a, x),
                                  lambda a, x: -gamma_density(a, x),                operands=("a", "x"), domain=positive)
elementwise(special.gammaincinv,  lambda ans, a: gamma_slope(finite(ans), a),
                                  lambda ans, a: 1 / gamma_density(a, ans),         operands=("a", "y"), domain=(positive, probability))
elementwise(special.gammainccinv, lambda ans, a: gamma_slope(finite(ans), a),
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
elementwise(special.stdtrit,      lambda ans, df: t_slope(finite(ans), df),
                                  lambda ans, df: 1 / student_density(df, ans),     operands=("df", "p"), domain=(positive, probability))

# --- Bessel functions (10.6.1, 10.29.1)
elementwise(special.j0,        lambda x: -special.j1(x))
elementwise(special.j1,        lambda x: (special.j0(x) - special.jv(2.0, x)) / 2)
elementwise(special.y0,        lambda x: -special.y1(x),           domain=positive)
elementwise(special.y1,        lambda ans, x: special.y0(x) - ans / x, domain=positive)
elementwise(special.i0,        lambda x: special.i1(x))
elementwise(special.i1,        lambda x: (special.i0(x) + special.iv(2.0, x)) / 2)
elementwise(special.i0e,       lambda ans, x: slope_of_ie(ans, 0, x), domain=nonzero)
elementwise(special.i1e,       lambda ans, x: slope_of_ie(ans, 1, x), domain=nonzero)
elementwise(special.k0,        lambda x: -special.k1(x),           domain=positive)
elementwise(special.k1,        lambda ans, x: -special.k0(x) - ans / x, domain=positive)
elementwise(special.k0e,       lambda ans, x: slope_of_ke(ans, 0, x), domain=positive)
elementwise(special.k1e,       lambda ans, x: slope_of_ke(ans, 1, x), domain=positive)
elementwise(special.jv,        lambda v, x: jv_order(1, v, x), lambda v, x: (special.jv(v - 1, x) - special.jv(v + 1, x)) / 2,  operands=("v", "x"), domain=positive)
elementwise(special.yv,        lambda v, x: yv_order(1, v, x), lambda v, x: (special.yv(v - 1, x) - special.yv(v + 1, x)) / 2,  operands=("v", "x"), domain=positive)
elementwise(special.iv,        lambda v, x: rescaled(ive_order(1, v, x), x), lambda v, x: (special.iv(v - 1, x) + special.iv(v + 1, x)) / 2,  operands=("v", "x"), domain=positive)
elementwise(special.kv,        lambda v, x: rescaled(kve_order(1, v, x), -x), lambda v, x: -(special.kv(v - 1, x) + special.kv(v + 1, x)) / 2, operands=("v", "x"), domain=positive)
elementwise(special.ive,       lambda v, x: ive_order(1, v, x), slope_of_ie, operands=("v", "x"), domain=positive)
elementwise(special.kve,       lambda v, x: kve_order(1, v, x), slope_of_ke, operands=("v", "x"), domain=positive)
# fmt: on

#: Hurwitz's zeta function of an exponent and a start, which `scipy.special.zeta` calls (25.11.17)
HURWITZ: Any = special._ufuncs._zeta
elementwise(
    HURWITZ,
    lambda x, q: zeta_series(x, q),
    lambda x, q: -x * HURWITZ(x + 1, q),
    operands=("x", "q"),
    domain=(Domain("exponent", 2.0, 4.0), positive),
)
