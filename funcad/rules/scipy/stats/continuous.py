"""The distributions with a density whose quantiles are elementary, or those of the normal distribution.

z is the standardised variable; further names are the shapes. A row is a name, the logarithm of the density, the motion
of a quantile with each shape, and what else is known.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.tracer import plain
from funcad.rules.scipy.special import share, slope_of_log_ndtr
from funcad.rules.scipy.stats.entries import INF, continuous
from funcad.rules.scipy.stats.functions import (
    EULER,
    LOG_2,
    LOG_PI,
    LOG_ROOT_2PI,
    ROOT_HALF,
    log1mexp,
    log_above_gumbel,
    log_angle,
    log_excess,
    log_exp_relative,
    log_gamma_bend,
    log_gamma_relative,
    log_lower,
    log_normal_mass,
    log_phi,
    log_power,
    log_relative,
    log_square,
    log_upper,
    over_square,
    tail,
)
from funcad.rules.slopes.families import wald_slopes

HALF_LINE = (0.0, INF)
UNIT = (0.0, 1.0)
PI = math.pi


def power(z: Any, c: Any) -> Any:
    """How a quantile of the power 1/c of a fixed number moves with c."""
    return -special.xlogy(z, np.abs(z)) / c


def log_logistic(z: Any) -> Any:
    """The logarithm of the density of the logistic distribution."""
    return special.log_expit(z) + special.log_expit(-z)


def extreme(z: Any, c: Any) -> Any:
    """The Gumbel number of which z is the extreme value."""
    return z * log_relative(-c * z)


def extreme_log(z: Any, c: Any) -> Any:
    """The logarithm of the density of an extreme value."""
    y = extreme(z, c)
    return -(1 - c) * y - np.exp(-y)


def extreme_mean(c: Any) -> Any:
    """(1 - Gamma(1 + c)) / c."""
    h = log_gamma_relative(c)
    return -h * np.exp(log_exp_relative(c * h))


def extreme_variance(c: Any) -> Any:
    """(Gamma(1 + 2c) - Gamma(1 + c)^2) / c^2."""
    bend = log_gamma_bend(c)
    return bend * np.exp(2 * c * log_gamma_relative(c) + log_exp_relative(c * c * bend))


def pareto(z: Any, c: Any) -> Any:
    """The exponential number of which z is the generalised Pareto number."""
    return z * log_relative(c * z)


def extreme_ends(c: Any) -> tuple[Any, ...]:
    """The upper end for c > 0, the lower one for c < 0."""
    end = 1 / np.where(np.equal(c, 0), 1.0, c)
    return np.where(np.less(c, 0), end, -INF), np.where(np.greater(c, 0), end, INF)


def wald_arguments(z: Any, mu: Any) -> tuple[Any, ...]:
    """What the normal distribution function is taken of in that of an inverse normal number."""
    root = np.sqrt(z)
    return (z / mu - 1) / root, -(z / mu + 1) / root


def skew(a: Any) -> Any:
    """The correlation of a skew normal number with the normal number that skews it."""
    return a / np.sqrt(1 + a * a)


def skew_log(z: Any, a: Any) -> Any:
    """The logarithm of the density of a skew normal number."""
    return LOG_2 + log_phi(z) + special.log_ndtr(a * z)


def skew_slope(z: Any, a: Any) -> Any:
    """The slope of that."""
    return -z + a * slope_of_log_ndtr(a * z)


def sum_log(z: Any, K: Any) -> Any:
    """The logarithm of the density of a normal and an exponential number together."""
    return (0.5 / K - z) / K - np.log(K) + special.log_ndtr(z - 1 / K)


def sum_slope(z: Any, K: Any) -> Any:
    """The slope of that."""
    return -1 / K + slope_of_log_ndtr(z - 1 / K)


def at_bounds(a: Any, b: Any) -> tuple[Any, ...]:
    """The densities of a truncated normal number at its bounds, and each times its bound."""
    mass = log_normal_mass(a, b)
    low, high = np.exp(log_phi(a) - mass), np.exp(log_phi(b) - mass)
    finite = [np.where(np.isinf(plain(x)), 0.0, x) for x in (a, b)]
    return low, high, finite[0] * low, finite[1] * high


def truncated_variance(a: Any, b: Any) -> Any:
    """The variance of a truncated normal number."""
    low, high, a_low, b_high = at_bounds(a, b)
    return 1 + a_low - b_high - (low - high) ** 2


def truncated_entropy(a: Any, b: Any) -> Any:
    """The entropy of a truncated normal number."""
    _, _, a_low, b_high = at_bounds(a, b)
    return log_normal_mass(a, b) + LOG_ROOT_2PI + 0.5 + 0.5 * (a_low - b_high)


def turn(z: Any, c: Any) -> tuple[Any, ...]:
    """(1 + c) sin(z/2) and (1 - c) cos(z/2), of a wrapped Cauchy number."""
    return (1 + c) * np.sin(0.5 * z), (1 - c) * np.cos(0.5 * z)


def triangle(z: Any, c: Any, left: Any, right: Any) -> Any:
    """One formula left of the mode, one right of it, and their mean at it."""
    low, high = np.less(plain(z), plain(c)), np.greater(plain(z), plain(c))
    # each where it is taken
    rise = left(np.where(high, 0.5, z), np.where(high, 0.5, c))
    drop = right(np.where(low, 0.5, z), np.where(low, 0.5, c))
    return np.where(low, rise, np.where(high, drop, 0.5 * (rise + drop)))


def exponweib_log(z: Any, c: Any) -> Any:
    """log(1 - exp(-z^c))."""
    return log1mexp(np.power(z, c))


def kappa_log(z: Any, a: Any) -> Any:
    """log F of kappa3 times its shape."""
    return -np.log1p(a * np.power(z, -a))


def kappa_motion(z: Any, a: Any) -> Any:
    """By F^a = w / (a + w) with w = z^a."""
    w = np.power(z, a)
    return z / a * ((kappa_log(z, a) * (a + w) / a + 1) / a - np.log(z))


def share_of_logs(z: Any, a: Any, b: Any) -> Any:
    """F of the log-uniform distribution."""
    return np.log(z / a) / np.log(b / a)


# fmt: off
# --- the normal distribution and what is made of it
continuous("norm",      log_phi,
           logcdf=special.log_ndtr, logsf=lambda z: special.log_ndtr(-z),
           mean=lambda: 0.0, var=lambda: 1.0, entropy=lambda: LOG_ROOT_2PI + 0.5,
           score=(lambda z: -z,))
continuous("halfnorm",  lambda z: log_phi(z) + LOG_2, support=HALF_LINE,
           logcdf=lambda z: np.log(special.erf(ROOT_HALF * z)), logsf=lambda z: LOG_2 + special.log_ndtr(-z),
           mean=lambda: math.sqrt(2 / PI), var=lambda: 1 - 2 / PI, entropy=lambda: 0.5 * math.log(PI / 2) + 0.5,
           score=(lambda z: -z,))
continuous("foldnorm",  lambda z, c: np.logaddexp(log_phi(z - c), log_phi(z + c)),
           lambda z, c: np.tanh(c * z), support=HALF_LINE,
           logcdf=lambda z, c: log_normal_mass(-z - c, z - c),
           logsf=lambda z, c: np.logaddexp(special.log_ndtr(c - z), special.log_ndtr(-z - c)))
continuous("lognorm",   lambda z, s: log_phi(np.log(z) / s) - np.log(s * z), lambda z, s: special.xlogy(z, z) / s, support=HALF_LINE,
           logcdf=lambda z, s: special.log_ndtr(np.log(z) / s), logsf=lambda z, s: special.log_ndtr(-np.log(z) / s), pdf=lambda z, s: 0.0 * z * s,
           mean=lambda s: np.exp(0.5 * s * s), var=lambda s: np.exp(s * s) * np.expm1(s * s), entropy=lambda s: 0.5 + LOG_ROOT_2PI + np.log(s),
           score=(lambda z, s: -(1 + np.log(z) / (s * s)) / z, lambda z, s: ((np.log(z) / s) ** 2 - 1) / s))
continuous("skewnorm",  skew_log,
           lambda z, a: slope_of_log_ndtr(a * z) / (1 + a * a),
           mean=lambda a: skew(a) * math.sqrt(2 / PI), var=lambda a: 1 - skew(a) ** 2 * 2 / PI,
           slope=skew_slope, below=tail(skew_log, skew_slope, 1), above=tail(skew_log, skew_slope, -1))
continuous("truncnorm", lambda z, a, b: log_phi(z) - log_normal_mass(a, b),
           lambda z, a, b: np.exp(log_phi(a) - log_phi(z) + log_normal_mass(z, b) - log_normal_mass(a, b)),
           lambda z, a, b: np.exp(log_phi(b) - log_phi(z) + log_normal_mass(a, z) - log_normal_mass(a, b)),
           support=(lambda a, b: a, lambda a, b: b),
           logcdf=lambda z, a, b: log_normal_mass(a, z) - log_normal_mass(a, b),
           logsf=lambda z, a, b: log_normal_mass(z, b) - log_normal_mass(a, b),
           mean=lambda a, b: at_bounds(a, b)[0] - at_bounds(a, b)[1], var=truncated_variance, entropy=truncated_entropy)
continuous("invgauss",  lambda z, mu: -LOG_ROOT_2PI - 1.5 * np.log(z) - 0.5 * ((z - mu) / mu) ** 2 / z,
           lambda z, mu: wald_slopes(z, mu, 1.0)[0], support=HALF_LINE, pdf=lambda z, mu: 0.0 * z * mu,
           mean=lambda mu: mu, var=lambda mu: mu**3,
           score=(lambda z, mu: (-1.5 + 0.5 * (1 / z - z / (mu * mu))) / z, lambda z, mu: (z / mu - 1) / (mu * mu)))
continuous("exponnorm", sum_log,
           # of the normal and the exponential number that make z, the mean of the exponential one
           lambda z, K: (z - 1 / K + slope_of_log_ndtr(z - 1 / K)) / K,
           mean=lambda K: K, var=lambda K: 1 + K * K,
           slope=sum_slope, below=tail(sum_log, sum_slope, 1), above=tail(sum_log, sum_slope, -1))
continuous("johnsonsu", lambda z, a, b: log_phi(a + b * np.arcsinh(z)) + np.log(b) - 0.5 * log_square(z),
           lambda z, a, b: -np.hypot(1.0, z) / b, lambda z, a, b: -np.arcsinh(z) * np.hypot(1.0, z) / b,
           logcdf=lambda z, a, b: special.log_ndtr(a + b * np.arcsinh(z)), logsf=lambda z, a, b: special.log_ndtr(-a - b * np.arcsinh(z)))
continuous("johnsonsb", lambda z, a, b: log_phi(a + b * special.logit(z)) + np.log(b) - np.log(z) - np.log1p(-z),
           lambda z, a, b: -z * (1 - z) / b, lambda z, a, b: -special.logit(z) * z * (1 - z) / b, support=UNIT, pdf=lambda z, a, b: 0.0 * z * a * b,
           logcdf=lambda z, a, b: special.log_ndtr(a + b * special.logit(z)), logsf=lambda z, a, b: special.log_ndtr(-a - b * special.logit(z)))
continuous("moyal",     lambda z: -0.5 * (z + np.exp(-z)) - LOG_ROOT_2PI,
           logcdf=lambda z: LOG_2 + special.log_ndtr(-np.exp(-0.5 * z)), logsf=lambda z: np.log(special.erf(ROOT_HALF * np.exp(-0.5 * z))),
           mean=lambda: EULER + LOG_2, var=lambda: PI * PI / 2,
           score=(lambda z: 0.5 * np.expm1(-z),))
continuous("levy",      lambda z: -LOG_ROOT_2PI - 1.5 * np.log(z) - 0.5 / z, support=HALF_LINE, pdf=lambda z: 0.0 * z,
           logcdf=lambda z: LOG_2 + special.log_ndtr(-1 / np.sqrt(z)), logsf=lambda z: np.log(special.erf(ROOT_HALF / np.sqrt(z))),
           score=(lambda z: (0.5 / z - 1.5) / z,))

# --- uniform and triangular
continuous("uniform",   lambda z: 0.0 * z, support=UNIT, logcdf=np.log, logsf=lambda z: np.log1p(-z),
           mean=lambda: 0.5, var=lambda: 1 / 12, entropy=lambda: 0.0)
continuous("triang",    lambda z, c: triangle(z, c, lambda z, c: np.log(2 * z / c), lambda z, c: np.log(2 * (1 - z) / (1 - c))),
           lambda z, c: triangle(z, c, lambda z, c: 0.5 * z / c, lambda z, c: 0.5 * (1 - z) / (1 - c)), support=UNIT,
           pdf=lambda z, c: triangle(z, c, lambda z, c: 2 * z / c, lambda z, c: 2 * (1 - z) / (1 - c)),
           logcdf=lambda z, c: triangle(z, c, lambda z, c: np.log(z * z / c), lambda z, c: np.log1p(-(1 - z) ** 2 / (1 - c))),
           logsf=lambda z, c: triangle(z, c, lambda z, c: np.log1p(-z * z / c), lambda z, c: np.log((1 - z) ** 2 / (1 - c))),
           mean=lambda c: (1 + c) / 3, var=lambda c: (1 - c + c * c) / 18, entropy=lambda c: 0.5 - LOG_2 + 0.0 * c)
continuous("powerlaw",  lambda z, a: np.log(a) + log_power(z, a - 1), power, support=UNIT, pdf=lambda z, a: a * np.power(z, a - 1),
           logcdf=lambda z, a: a * np.log(z), logsf=lambda z, a: log1mexp(-a * np.log(z)),
           mean=lambda a: a / (a + 1), var=lambda a: a / ((a + 2) * (a + 1) ** 2), entropy=lambda a: 1 - 1 / a - np.log(a),
           score=(lambda z, a: share(a - 1, z), lambda z, a: 1 / a + np.log(z)))
continuous("loguniform", lambda z, a, b: -np.log(z) - np.log(np.log(b / a)),
           lambda z, a, b: z * (1 - share_of_logs(z, a, b)) / a, lambda z, a, b: z * share_of_logs(z, a, b) / b,
           support=(lambda a, b: a, lambda a, b: b),
           logcdf=lambda z, a, b: np.log(np.log(z / a)) - np.log(np.log(b / a)), logsf=lambda z, a, b: np.log(np.log(b / z)) - np.log(np.log(b / a)),
           mean=lambda a, b: (b - a) / np.log(b / a), entropy=lambda a, b: 0.5 * np.log(a * b) + np.log(np.log(b / a)))

# --- exponential, and powers and logarithms of it
continuous("expon",     lambda z: -z, support=HALF_LINE, logcdf=log1mexp, logsf=lambda z: -z,
           mean=lambda: 1.0, var=lambda: 1.0, entropy=lambda: 1.0,
           score=(-1.0,))
continuous("truncexpon", lambda z, b: -z - log1mexp(b), lambda z, b: np.exp(log1mexp(z) - log1mexp(b) + z - b), support=(0.0, lambda b: b),
           logcdf=lambda z, b: log1mexp(z) - log1mexp(b), logsf=lambda z, b: -z + log1mexp(b - z) - log1mexp(b))
continuous("weibull_min", lambda z, c: np.log(c) + log_power(z, c - 1) - np.power(z, c), power, support=HALF_LINE,
           logcdf=lambda z, c: log1mexp(np.power(z, c)), logsf=lambda z, c: -np.power(z, c), pdf=lambda z, c: c * np.power(z, c - 1) * np.exp(-np.power(z, c)),
           mean=lambda c: special.gamma(1 + 1 / c), var=lambda c: special.gamma(1 + 2 / c) - special.gamma(1 + 1 / c) ** 2,
           entropy=lambda c: EULER * (1 - 1 / c) - np.log(c) + 1)
continuous("weibull_max", lambda z, c: np.log(c) + log_power(-z, c - 1) - np.power(-z, c), power, support=(-INF, 0.0),
           logcdf=lambda z, c: -np.power(-z, c), logsf=lambda z, c: log1mexp(np.power(-z, c)), pdf=lambda z, c: c * np.power(-z, c - 1) * np.exp(-np.power(-z, c)),
           mean=lambda c: -special.gamma(1 + 1 / c), var=lambda c: special.gamma(1 + 2 / c) - special.gamma(1 + 1 / c) ** 2,
           entropy=lambda c: EULER * (1 - 1 / c) - np.log(c) + 1)
continuous("invweibull", lambda z, c: np.log(c) - (c + 1) * np.log(z) - np.power(z, -c), power, support=HALF_LINE, pdf=lambda z, c: 0.0 * z * c,
           logcdf=lambda z, c: -np.power(z, -c), logsf=lambda z, c: log1mexp(np.power(z, -c)))
continuous("dweibull",  lambda z, c: np.log(0.5 * c) + (c - 1) * np.log(np.abs(z)) - np.power(np.abs(z), c), power,
           logcdf=lambda z, c: log_lower(z, np.power(np.abs(z), c)), logsf=lambda z, c: log_upper(z, np.power(np.abs(z), c)),
           mean=lambda c: 0.0 * c, var=lambda c: special.gamma(1 + 2 / c))
continuous("exponweib", lambda z, a, c: np.log(a * c) + (a - 1) * exponweib_log(z, c) - np.power(z, c) + log_power(z, c - 1),
           lambda z, a, c: -exponweib_log(z, c) * np.expm1(np.power(z, c)) * np.power(z, 1 - c) / (a * c), lambda z, a, c: power(z, c),
           support=HALF_LINE, pdf=lambda z, a, c: a * c * np.power(z, a * c - 1) * np.exp((a - 1) * log_exp_relative(-np.power(z, c)) - np.power(z, c)),
           logcdf=lambda z, a, c: a * exponweib_log(z, c), logsf=lambda z, a, c: log1mexp(-a * exponweib_log(z, c)))
continuous("rayleigh",  lambda z: np.log(z) - 0.5 * z * z, support=HALF_LINE, pdf=lambda z: z,
           logcdf=lambda z: log1mexp(0.5 * z * z), logsf=lambda z: -0.5 * z * z,
           mean=lambda: math.sqrt(PI / 2), var=lambda: 2 - PI / 2, entropy=lambda: EULER / 2 + 1 - LOG_2 / 2,
           score=(lambda z: 1 / z - z,))
continuous("pareto",    lambda z, b: np.log(b) - (b + 1) * np.log(z), power, support=(1.0, INF),
           logcdf=lambda z, b: log1mexp(b * np.log(z)), logsf=lambda z, b: -b * np.log(z),
           mean=lambda b: b / (b - 1), var=lambda b: b / ((b - 2) * (b - 1) ** 2), entropy=lambda b: 1 + 1 / b - np.log(b),
           score=(lambda z, b: -(b + 1) / z, lambda z, b: 1 / b - np.log(z)))
continuous("lomax",     lambda z, c: np.log(c) - (c + 1) * np.log1p(z), lambda z, c: -(1 + z) * np.log1p(z) / c, support=HALF_LINE,
           logcdf=lambda z, c: log1mexp(c * np.log1p(z)), logsf=lambda z, c: -c * np.log1p(z),
           mean=lambda c: 1 / (c - 1), var=lambda c: c / ((c - 2) * (c - 1) ** 2), entropy=lambda c: 1 + 1 / c - np.log(c),
           score=(lambda z, c: -(c + 1) / (1 + z), lambda z, c: 1 / c - np.log1p(z)))
continuous("genpareto", lambda z, c: -(1 + c) * pareto(z, c), lambda z, c: z * z * log_excess(c * z),
           support=(0.0, lambda c: extreme_ends(-c)[1]),
           logcdf=lambda z, c: log1mexp(pareto(z, c)), logsf=lambda z, c: -pareto(z, c),
           mean=lambda c: 1 / (1 - c), var=lambda c: 1 / ((1 - c) ** 2 * (1 - 2 * c)), entropy=lambda c: 1 + c)
continuous("genextreme", extreme_log, lambda z, c: -z * z * log_excess(-c * z),
           support=(lambda c: extreme_ends(c)[0], lambda c: extreme_ends(c)[1]),
           logcdf=lambda z, c: -np.exp(-extreme(z, c)), logsf=lambda z, c: log_above_gumbel(extreme(z, c)),
           mean=extreme_mean, var=extreme_variance, entropy=lambda c: EULER * (1 - c) + 1)
continuous("gumbel_r",  lambda z: -z - np.exp(-z), logcdf=lambda z: -np.exp(-z), logsf=log_above_gumbel,
           mean=lambda: EULER, var=lambda: PI * PI / 6, entropy=lambda: EULER + 1,
           score=(lambda z: np.expm1(-z),))
continuous("gumbel_l",  lambda z: z - np.exp(z), logcdf=lambda z: log_above_gumbel(-z), logsf=lambda z: -np.exp(z),
           mean=lambda: -EULER, var=lambda: PI * PI / 6, entropy=lambda: EULER + 1,
           score=(lambda z: -np.expm1(z),))
continuous("gompertz",  lambda z, c: np.log(c) + z - c * np.expm1(z), lambda z, c: np.expm1(-z) / c, support=HALF_LINE,
           logcdf=lambda z, c: log1mexp(c * np.expm1(z)), logsf=lambda z, c: -c * np.expm1(z))
continuous("laplace",   lambda z: -np.abs(z) - LOG_2, logcdf=lambda z: log_lower(z, np.abs(z)), logsf=lambda z: log_upper(z, np.abs(z)),
           mean=lambda: 0.0, var=lambda: 2.0, entropy=lambda: LOG_2 + 1,
           score=(lambda z: -np.sign(z),))
continuous("loglaplace", lambda z, c: np.log(0.5 * c) - np.log(z) - c * np.abs(np.log(z)), power, support=HALF_LINE, pdf=lambda z, c: 0.5 * c * np.power(z, c - 1),
           logcdf=lambda z, c: log_lower(np.log(z), c * np.abs(np.log(z))), logsf=lambda z, c: log_upper(np.log(z), c * np.abs(np.log(z))))

# --- logistic, and what is made of it
continuous("logistic",  log_logistic, logcdf=special.log_expit, logsf=lambda z: special.log_expit(-z),
           mean=lambda: 0.0, var=lambda: PI * PI / 3, entropy=lambda: 2.0,
           score=(lambda z: -np.tanh(0.5 * z),))
continuous("halflogistic", lambda z: LOG_2 + log_logistic(z), support=HALF_LINE,
           logcdf=lambda z: np.log(np.tanh(0.5 * z)), logsf=lambda z: LOG_2 + special.log_expit(-z),
           mean=lambda: 2 * LOG_2, var=lambda: PI * PI / 3 - 4 * LOG_2**2, entropy=lambda: 2 - LOG_2,
           score=(lambda z: -np.tanh(0.5 * z),))
continuous("genlogistic", lambda z, c: np.log(c) + c * special.log_expit(z) + special.log_expit(-z),
           lambda z, c: -special.log_expit(z) / (c * special.expit(-z)),
           logcdf=lambda z, c: c * special.log_expit(z), logsf=lambda z, c: log1mexp(-c * special.log_expit(z)))
continuous("fisk",      lambda z, c: np.log(c / z) + log_logistic(c * np.log(z)), power, support=HALF_LINE,
           logcdf=lambda z, c: special.log_expit(c * np.log(z)), logsf=lambda z, c: special.log_expit(-c * np.log(z)), pdf=lambda z, c: c * np.power(z, c - 1) / (1 + np.power(z, c)) ** 2,
           mean=lambda c: PI / c / np.sin(PI / c), entropy=lambda c: 2 - np.log(c))
continuous("burr",      lambda z, c, d: np.log(c * d) - (c + 1) * np.log(z) - (d + 1) * np.log1p(np.power(z, -c)), lambda z, c, d: power(z, c),
           lambda z, c, d: z * (1 + np.power(z, c)) * np.log1p(np.power(z, -c)) / (c * d), support=HALF_LINE,
           pdf=lambda z, c, d: c * d * np.power(z, c * d - 1) * np.power(1 + np.power(z, c), -d - 1),
           logcdf=lambda z, c, d: -d * np.log1p(np.power(z, -c)), logsf=lambda z, c, d: log1mexp(d * np.log1p(np.power(z, -c))))
continuous("burr12",    lambda z, c, d: np.log(c * d) + log_power(z, c - 1) - (d + 1) * np.log1p(np.power(z, c)), lambda z, c, d: power(z, c),
           lambda z, c, d: -z * (1 + np.power(z, -c)) * np.log1p(np.power(z, c)) / (c * d), support=HALF_LINE,
           pdf=lambda z, c, d: c * d * np.power(z, c - 1) * np.power(1 + np.power(z, c), -d - 1),
           logcdf=lambda z, c, d: log1mexp(d * np.log1p(np.power(z, c))), logsf=lambda z, c, d: -d * np.log1p(np.power(z, c)))
continuous("kappa3",    lambda z, a: np.log(a) - (a + 1) / a * np.log(a + np.power(z, a)), kappa_motion, support=HALF_LINE,
           logcdf=lambda z, a: kappa_log(z, a) / a, logsf=lambda z, a: log1mexp(-kappa_log(z, a) / a))
continuous("hypsecant", lambda z: LOG_2 - LOG_PI - np.logaddexp(z, -z),
           logcdf=lambda z: LOG_2 + log_angle(np.exp(np.minimum(z, 0.0)), np.exp(np.minimum(-z, 0.0))),
           logsf=lambda z: LOG_2 + log_angle(np.exp(np.minimum(-z, 0.0)), np.exp(np.minimum(z, 0.0))),
           mean=lambda: 0.0, var=lambda: PI * PI / 4, entropy=lambda: math.log(2 * PI),
           score=(lambda z: -np.tanh(z),))

# --- angles
continuous("cauchy",    lambda z: -LOG_PI - log_square(z), logcdf=lambda z: log_angle(1.0, -z), logsf=lambda z: log_angle(1.0, z),
           entropy=lambda: math.log(4 * PI),
           score=(lambda z: -2 * over_square(z),))
continuous("halfcauchy", lambda z: LOG_2 - LOG_PI - log_square(z), support=HALF_LINE,
           logcdf=lambda z: LOG_2 + log_angle(z, 1.0), logsf=lambda z: LOG_2 + log_angle(1.0, z), entropy=lambda: math.log(2 * PI),
           score=(lambda z: -2 * over_square(z),))
continuous("arcsine",   lambda z: -LOG_PI - 0.5 * (np.log(z) + np.log1p(-z)), support=UNIT, pdf=lambda z: np.power(z * (1 - z), -0.5) / PI,
           logcdf=lambda z: LOG_2 + log_angle(np.sqrt(z), np.sqrt(1 - z)), logsf=lambda z: LOG_2 + log_angle(np.sqrt(1 - z), np.sqrt(z)),
           mean=lambda: 0.5, var=lambda: 1 / 8, entropy=lambda: math.log(PI / 4))
continuous("wrapcauchy", lambda z, c: np.log1p(-c * c) - math.log(2 * PI) - np.log((1 - c) ** 2 + 4 * c * np.sin(0.5 * z) ** 2),
           lambda z, c: -2 * np.sin(z) / (1 - c * c), support=(0.0, 2 * PI), turned=lambda x: np.mod(x, 2 * PI),
           logcdf=lambda z, c: log_angle(*turn(z, c)), logsf=lambda z, c: log_angle(turn(z, c)[0], -turn(z, c)[1]),
           entropy=lambda c: math.log(2 * PI) + np.log1p(-c * c))
# fmt: on
