"""The distributions with a density whose quantiles are those of gamma and beta numbers, and von Mises'.

z is the standardised variable; further names are the shapes, and m and n degrees of freedom.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.tracer import plain
from funcad.rules.scipy.formulas import rise_of_psi
from funcad.rules.scipy.parameters import student_constant
from funcad.rules.scipy.special import HURWITZ, share
from funcad.rules.scipy.stats.entries import INF, continuous
from funcad.rules.scipy.stats.functions import (
    EULER,
    LOG_2,
    log_power,
    log_square,
    lower,
    over_square,
    part,
    through,
    upper,
)
from funcad.rules.slopes.families import (
    beta_slope,
    gamma_slope,
    half_step,
    t_slope,
    vonmises_slope,
)

HALF_LINE = (0.0, INF)
PI = math.pi


def gamma_log(z: Any, a: Any) -> Any:
    """The logarithm of the density of the gamma distribution."""
    return log_power(z, a - 1) - z - special.gammaln(a)


def beta_log(z: Any, w: Any, a: Any, b: Any) -> Any:
    """The logarithm of the density of the beta distribution at z = 1 - w."""
    return log_power(z, a - 1) + log_power(w, b - 1) - special.betaln(a, b)


def beta_power(z: Any, w: Any, a: Any, b: Any) -> Any:
    """The density of the beta distribution."""
    return np.power(z, a - 1) * np.power(w, b - 1) / special.beta(a, b)


def half_chi(z: Any, n: Any) -> tuple[Any, ...]:
    """The gamma number, and its shape, of a number whose square has the chi-squared distribution."""
    return 0.5 * z * z, 0.5 * n


def shares(z: Any, m: Any, n: Any) -> tuple[Any, ...]:
    """The beta number of an F number, 1 less it, and its shapes."""
    total = m * z + n
    return m * z / total, n / total, 0.5 * m, 0.5 * n


def others(x: Any, w: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """The same for 1 less the beta number."""
    return w, x, b, a


def share_slope(z: Any, m: Any, n: Any) -> Any:
    """The slope of that beta number."""
    return m * n / (m * z + n) ** 2


def student_shares(z: Any, df: Any) -> tuple[Any, ...]:
    """The beta number of which half the probability is that of a tail of Student's distribution."""
    w = z * z / (df + z * z)
    return df / (df + z * z), w, 0.5 * df, 0.5


def student_slope(z: Any, df: Any) -> Any:
    """The slope of that beta number, in size."""
    return 2 * df * np.abs(z) / (df + z * z) ** 2


def student_by_z(z: Any, df: Any) -> Any:
    """The slope of the logarithm of the density of Student's distribution."""
    return -(df + 1) * over_square(z, df)


def student_by_df(z: Any, df: Any) -> Any:
    """The derivative of that logarithm by the degrees of freedom."""
    log = log_square(z / np.sqrt(df))
    return 0.5 * (half_step(0.5 * df) - log + (df + 1) / df * (z * over_square(z, df)))


def prime(z: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """The beta number of a beta prime number, 1 less it, and its shapes."""
    return z / (1 + z), 1 / (1 + z), a, b


def normal_power(z: Any, beta: Any) -> Any:
    """How a quantile of the generalised normal distribution moves: |z|^beta is a gamma number of shape 1/beta."""
    size = np.where(np.equal(plain(z), 0), 1.0, np.abs(z))
    g = np.power(size, beta)
    return -z / beta * (np.log(size) + gamma_slope(g, 1 / beta) / (g * beta * beta))


def sizes(z: Any, beta: Any) -> tuple[Any, ...]:
    """That gamma number."""
    return np.power(np.abs(z), beta), 1 / beta


def power_ratio(z: Any, a: Any, c: Any, rising: Any, falling: Any) -> Any:
    """The ratio of F and f of a power 1/c of a gamma number, which rises with it for positive c."""
    g = np.power(z, c)
    up = np.greater(plain(c), 0)
    ratio = np.where(up, rising(np.where(up, g, a), a), falling(np.where(up, a, g), a))
    return ratio * z / (np.abs(c) * g)


def wrapped(z: Any) -> Any:
    """An angle between -pi and pi."""
    return z - 2 * PI * np.round(plain(z) / (2 * PI))


# fmt: off
# --- gamma
continuous("gamma",    gamma_log, gamma_slope, support=HALF_LINE,
           below=lower, above=upper, pdf=lambda z, a: np.power(z, a - 1) * np.exp(-z) / special.gamma(a),
           mean=lambda a: a, var=lambda a: a, entropy=lambda a: a + special.gammaln(a) + (1 - a) * special.psi(a),
           score=(lambda z, a: share(a - 1, z) - 1, lambda z, a: np.log(z) - special.psi(a)))
continuous("chi2",     lambda z, df: gamma_log(0.5 * z, 0.5 * df) - LOG_2, lambda z, df: gamma_slope(0.5 * z, 0.5 * df), support=HALF_LINE,
           below=lambda z, df: 2 * lower(0.5 * z, 0.5 * df), above=lambda z, df: 2 * upper(0.5 * z, 0.5 * df),
           pdf=lambda z, df: 0.5 * np.power(0.5 * z, 0.5 * df - 1) * np.exp(-0.5 * z) / special.gamma(0.5 * df),
           mean=lambda df: df, var=lambda df: 2 * df, entropy=lambda df: 0.5 * df + LOG_2 + special.gammaln(0.5 * df) + (1 - 0.5 * df) * special.psi(0.5 * df),
           score=(lambda z, df: share(0.5 * df - 1, z) - 0.5, lambda z, df: 0.5 * (np.log(0.5 * z) - special.psi(0.5 * df))))
continuous("chi",      lambda z, df: gamma_log(*half_chi(z, df)) + np.log(z), lambda z, df: 0.5 * gamma_slope(*half_chi(z, df)) / z, support=HALF_LINE,
           below=through(lower, half_chi, lambda z, df: z), above=through(upper, half_chi, lambda z, df: z),
           pdf=lambda z, df: np.power(z, df - 1) * np.exp((1 - 0.5 * df) * LOG_2) / special.gamma(0.5 * df))
continuous("maxwell",  lambda z: 0.5 * math.log(2 / PI) + 2 * np.log(z) - 0.5 * z * z, support=HALF_LINE, pdf=lambda z: math.sqrt(2 / PI) * z * z,
           below=through(lower, lambda z: half_chi(z, 3.0), lambda z: z), above=through(upper, lambda z: half_chi(z, 3.0), lambda z: z),
           mean=lambda: 2 * math.sqrt(2 / PI), var=lambda: 3 - 8 / PI, entropy=lambda: EULER + 0.5 * math.log(2 * PI) - 0.5,
           score=(lambda z: 2 / z - z,))
continuous("nakagami", lambda z, nu: gamma_log(nu * z * z, nu) + np.log(2 * nu * z),
           lambda z, nu: 0.5 * (gamma_slope(nu * z * z, nu) / z - z) / nu, support=HALF_LINE,
           below=through(lower, lambda z, nu: (nu * z * z, nu), lambda z, nu: 2 * nu * z),
           above=through(upper, lambda z, nu: (nu * z * z, nu), lambda z, nu: 2 * nu * z),
           pdf=lambda z, nu: 2 * np.power(nu, nu) * np.power(z, 2 * nu - 1) / special.gamma(nu))
continuous("invgamma", lambda z, a: -(a + 1) * np.log(z) - 1 / z - special.gammaln(a), lambda z, a: -z * z * gamma_slope(1 / z, a), support=HALF_LINE,
           below=through(upper, lambda z, a: (1 / z, a), lambda z, a: 1 / (z * z)), above=through(lower, lambda z, a: (1 / z, a), lambda z, a: 1 / (z * z)),
           pdf=lambda z, a: 0.0 * z * a, mean=lambda a: 1 / (a - 1), var=lambda a: 1 / ((a - 1) ** 2 * (a - 2)),
           entropy=lambda a: a + special.gammaln(a) - (1 + a) * special.psi(a),
           score=(lambda z, a: (1 / z - (a + 1)) / z, lambda z, a: -np.log(z) - special.psi(a)))
continuous("loggamma", lambda z, c: c * z - np.exp(z) - special.gammaln(c), lambda z, c: gamma_slope(np.exp(z), c) * np.exp(-z),
           below=through(lower, lambda z, c: (np.exp(z), c), lambda z, c: np.exp(z)), above=through(upper, lambda z, c: (np.exp(z), c), lambda z, c: np.exp(z)),
           mean=special.psi, var=lambda c: HURWITZ(2.0, c),
           score=(lambda z, c: c - np.exp(z), lambda z, c: z - special.psi(c)))
continuous("gengamma", lambda z, a, c: np.log(np.abs(c)) + log_power(z, c * a - 1) - np.power(z, c) - special.gammaln(a),
           lambda z, a, c: np.power(z, 1 - c) / c * gamma_slope(np.power(z, c), a), lambda z, a, c: -special.xlogy(z, z) / c, support=HALF_LINE,
           below=lambda z, a, c: power_ratio(z, a, c, lower, upper), above=lambda z, a, c: power_ratio(z, a, c, upper, lower),
           pdf=lambda z, a, c: np.abs(c) * np.power(z, c * a - 1) * np.exp(-np.power(z, c)) / special.gamma(a))
continuous("gennorm",  lambda z, beta: np.log(0.5 * beta) - special.gammaln(1 / beta) - np.power(np.abs(z), beta), normal_power,
           below=through(upper, sizes, lambda z, beta: beta * np.power(np.abs(z), beta - 1)),
           above=through(upper, sizes, lambda z, beta: beta * np.power(np.abs(z), beta - 1)),
           mean=lambda beta: 0.0 * beta, var=lambda beta: np.exp(special.gammaln(3 / beta) - special.gammaln(1 / beta)),
           entropy=lambda beta: 1 / beta - np.log(0.5 * beta) + special.gammaln(1 / beta))

# --- beta
continuous("beta",     lambda z, a, b: beta_log(z, 1 - z, a, b),
           lambda z, a, b: beta_slope(z, 1 - z, a, b), lambda z, a, b: -beta_slope(1 - z, z, b, a), support=(0.0, 1.0),
           below=lambda z, a, b: part(z, 1 - z, a, b), above=lambda z, a, b: part(1 - z, z, b, a), pdf=lambda z, a, b: beta_power(z, 1 - z, a, b),
           mean=lambda a, b: a / (a + b), var=lambda a, b: a * b / ((a + b) ** 2 * (a + b + 1)),
           entropy=lambda a, b: special.betaln(a, b) - (a - 1) * special.psi(a) - (b - 1) * special.psi(b) + (a + b - 2) * special.psi(a + b),
           score=(lambda z, a, b: share(a - 1, z) - share(b - 1, 1 - z), lambda z, a, b: np.log(z) + rise_of_psi(a, b), lambda z, a, b: np.log1p(-z) + rise_of_psi(b, a)))
continuous("betaprime", lambda z, a, b: log_power(z, a - 1) - (a + b) * np.log1p(z) - special.betaln(a, b),
           lambda z, a, b: (1 + z) ** 2 * beta_slope(*prime(z, a, b)), lambda z, a, b: -((1 + z) ** 2) * beta_slope(*others(*prime(z, a, b))), support=HALF_LINE,
           below=through(part, prime, lambda z, a, b: (1 + z) ** -2.0), above=through(part, lambda *v: others(*prime(*v)), lambda z, a, b: (1 + z) ** -2.0),
           pdf=lambda z, a, b: np.power(z, a - 1) * (1 + z) ** (-a - b) / special.beta(a, b))
continuous("f",        lambda z, dfn, dfd: beta_log(*shares(z, dfn, dfd)) + np.log(dfn * dfd) - 2 * np.log(dfn * z + dfd),
           lambda z, dfn, dfd: 0.5 * beta_slope(*shares(z, dfn, dfd)) / share_slope(z, dfn, dfd) - z / dfn,
           lambda z, dfn, dfd: z / dfd - 0.5 * beta_slope(*others(*shares(z, dfn, dfd))) / share_slope(z, dfn, dfd), support=HALF_LINE,
           below=through(part, shares, share_slope), above=through(part, lambda *v: others(*shares(*v)), share_slope),
           pdf=lambda z, dfn, dfd: beta_power(*shares(z, dfn, dfd)) * share_slope(z, dfn, dfd),
           mean=lambda dfn, dfd: dfd / (dfd - 2) + 0.0 * dfn, var=lambda dfn, dfd: 2 * dfd**2 * (dfn + dfd - 2) / (dfn * (dfd - 2) ** 2 * (dfd - 4)))
continuous("t",        lambda z, df: student_constant(df) - 0.5 * (df + 1) * log_square(z / np.sqrt(df)), t_slope,
           below=through(part, student_shares, student_slope), above=through(part, student_shares, student_slope),
           mean=lambda df: 0.0 * df, var=lambda df: df / (df - 2),
           entropy=lambda df: 0.5 * (df + 1) * (special.psi(0.5 * (df + 1)) - special.psi(0.5 * df)) + 0.5 * np.log(df) + special.betaln(0.5 * df, 0.5),
           score=(student_by_z, student_by_df))

# --- von Mises
continuous("vonmises", lambda z, kappa: -2 * kappa * np.sin(0.5 * z) ** 2 - np.log(2 * PI * special.i0e(kappa)),
           lambda z, kappa: vonmises_slope(wrapped(z), kappa), turned=lambda x: np.mod(x + PI, 2 * PI) - PI,
           # SciPy's F is that of the normal distribution where kappa is large
           without=("logcdf", "logsf"),
           entropy=lambda kappa: kappa * (1 - special.i1e(kappa) / special.i0e(kappa)) + np.log(2 * PI * special.i0e(kappa)))
# fmt: on
