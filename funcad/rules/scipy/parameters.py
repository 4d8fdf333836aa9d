"""Incomplete gamma and beta functions, Student's and Fisher's distributions: in their parameters too.

How a distribution function F depends on a parameter is known from how a number z at a fixed probability moves
with it (`funcad.rules.slopes.families`): dF/da = -p dz/da, where p is the density. That number is the inverse
function. In scope of the rows: the names that SciPy gives the arguments, and `ans`, the output.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import elementwise
from funcad.core.tracer import anywhere, plain
from funcad.errors import UndefinedDerivativeError
from funcad.rules.scipy.formulas import horner
from funcad.rules.slopes.families import beta_slope, f_slopes, gamma_slope, half_step, t_slope

LOG_ROOT_2PI = 0.5 * math.log(2 * math.pi)
#: B_2k / 2k (2k - 1), of Stirling's series (DLMF 5.11.1), and from where it holds to the last digit
STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]
LARGE = 16.0
#: a number whose density is 0
HUGE = 1e30

probability = Domain("probability", 0.05, 0.95)
above_two = Domain("above_two", 2.1, 5.0)
#: a count, which SciPy rounds down, so that it takes no derivative
count = Domain("count", 0.0, 2.0, integer=True, differentiable=False)
#: a number of trials, and of successes that are waited for
trials = Domain("trials", 4.0, 7.0, integer=True, differentiable=False)


def within(x: Any, top: float, *parameters: Any) -> Any:
    """Tell where x is not at an end, 0 or the top, of its range, where nothing depends on the parameters.

    Raises:
        UndefinedDerivativeError: a parameter is 0 or infinite, the end of its range.
    """
    if any(anywhere(np.equal(plain(a), 0) | np.isinf(plain(a))) for a in parameters):
        raise UndefinedDerivativeError(
            "a distribution function has no derivative with respect to a parameter at the end of its range, "
            "0 or infinity; keep the parameter away from there, or take it as a constant"
        )
    return np.not_equal(plain(x), 0) & np.not_equal(plain(x), top)


def finite(z: Any) -> Any:
    """Return a number at a given probability, which moves with the parameters unless it is infinite.

    Raises:
        UndefinedDerivativeError: it is infinite, for any parameters.
    """
    if anywhere(np.isinf(plain(z))):
        raise UndefinedDerivativeError(
            "an inverse distribution function has no derivative with respect to its parameters where it is "
            "infinite; keep the probability away from 0 and 1, or take the parameters as constants"
        )
    return z


# --- densities; with a large parameter from Stirling's formula, where what is large has cancelled
# (C. Loader: Fast and accurate computation of binomial probabilities, 2000)


def stirling_error(a: Any) -> Any:
    """log Gamma(a) less (a - 1/2) log a - a + log(2 pi) / 2, about 1 / 12a (DLMF 5.11.1)."""
    large = plain(a) > LARGE
    low, high = np.where(large, 1.0, a), np.where(large, a, LARGE)
    near = special.gammaln(low) - (low - 0.5) * np.log(low) + low - LOG_ROOT_2PI
    return np.where(large, horner(STIRLING, 1 / (high * high)) / high, near)


def excess(step: Any, ratio: Any) -> Any:
    """log(ratio) - step, for a ratio of 1 + step."""
    near = np.abs(plain(step)) < 0.5
    return np.where(near, np.log1p(np.where(near, step, 0.0)), np.log(np.where(near, 1.0, ratio))) - step


def gamma_density(a: Any, x: Any) -> Any:
    """The density of the gamma distribution."""
    endless = np.isposinf(plain(x))
    if anywhere(endless):
        x = np.where(endless, HUGE, x)
    large = (plain(a) > LARGE) & (plain(x) > 0)
    low = np.where(large, 1.0, a)
    near = special.xlogy(low - 1, x) - x - special.gammaln(low)
    if not anywhere(large):
        return np.exp(near)
    a, x = np.where(large, a, 1.0), np.where(large, x, 1.0)
    far = a * excess((x - a) / a, x / a) + 0.5 * np.log(a) - np.log(x) - stirling_error(a) - LOG_ROOT_2PI
    return np.exp(np.where(large, far, near))


def beta_density(a: Any, b: Any, x: Any) -> Any:
    """The density of the beta distribution."""
    return beta_density_at(a, b, x, 1 - x)


def beta_density_at(a: Any, b: Any, x: Any, w: Any) -> Any:
    """The density of the beta distribution at x = 1 - w, of which both are known."""
    large = (np.maximum(plain(a), plain(b)) > LARGE) & (plain(x) > 0) & (plain(w) > 0)
    low, other = np.where(large, 1.0, a), np.where(large, 1.0, b)
    near = special.xlogy(low - 1, x) + special.xlogy(other - 1, w) - special.betaln(low, other)
    if not anywhere(large):
        return np.exp(near)
    a, b, x, w = (np.where(large, v, k) for v, k in ((a, 1.0), (b, 1.0), (x, 0.5), (w, 0.5)))
    n, off = a + b, b * x - a * w
    far = a * excess(off / a, x * n / a) + b * excess(-off / b, w * n / b) + 0.5 * np.log(a / n * b)
    far = far + stirling_error(n) - stirling_error(a) - stirling_error(b) - np.log(x * w) - LOG_ROOT_2PI
    return np.exp(np.where(large, far, near))


def _student_constant(df: Any) -> Any:
    n = 0.5 * np.asarray(df)
    error = stirling_error(n + 0.5) - stirling_error(n)
    return n * np.log1p(0.5 / n) - 0.5 - LOG_ROOT_2PI + error


#: the logarithm of the density of Student's t at 0; its slope is about 1 / 4 df^2 for many degrees
student_constant: PrimitiveFunction[Any, Any] = PrimitiveFunction(
    _student_constant, name="log of Student's density at 0"
)
student_constant.def_elementwise(lambda x: 0.5 * half_step(0.5 * x), domain=positive)


def student_density(df: Any, t: Any) -> Any:
    """The density of Student's distribution."""
    return np.exp(student_constant(df) - 0.5 * (df + 1) * np.log1p(t * t / df))


def f_density(m: Any, n: Any, x: Any) -> Any:
    """The density of Fisher's distribution: m x / (m x + n) is a beta number."""
    total = m * x + n
    return beta_density_at(m / 2, n / 2, m * x / total, n / total) * (m / total) * (n / total)


# --- distribution functions, by their parameters


def gamma_by_a(a: Any, x: Any) -> Any:
    """The derivative of gammainc by its parameter."""
    inside = within(x, np.inf, a)
    x = np.where(inside, x, 1.0)
    return np.where(inside, -gamma_density(a, x) * gamma_slope(x, a), 0.0)


def beta_by_a(a: Any, b: Any, x: Any) -> Any:
    """The derivative of betainc by its first parameter."""
    inside = within(x, 1.0, a, b)
    x = np.where(inside, x, 0.5)
    return np.where(inside, -beta_density(a, b, x) * beta_slope(x, 1 - x, a, b), 0.0)


def beta_by_b(a: Any, b: Any, x: Any) -> Any:
    """The derivative of betainc by its second parameter."""
    inside = within(x, 1.0, a, b)
    x = np.where(inside, x, 0.5)
    return np.where(inside, beta_density(a, b, x) * beta_slope(1 - x, x, b, a), 0.0)


def student_by_df(df: Any, t: Any) -> Any:
    """The derivative of stdtr by the degrees of freedom."""
    inside = ~np.isinf(plain(t)) & within(1.0, np.inf, df)
    t = np.where(inside, t, 1.0)
    return np.where(inside, -student_density(df, t) * t_slope(t, df), 0.0)


def f_by_df(m: Any, n: Any, x: Any, which: int) -> Any:
    """The derivative of fdtr by one of its degrees of freedom."""
    inside = within(x, np.inf, m, n)
    x = np.where(inside, x, 1.0)
    return np.where(inside, -f_density(m, n, x) * f_slopes(x, m, n)[which], 0.0)


# fmt: off
# --- the gamma distribution: gdtr(a, b, x) = gammainc(b, a x), chdtr(v, x) = gammainc(v / 2, x / 2)
elementwise(special.chdtr,    lambda v, x: gamma_by_a(v / 2, x / 2) / 2,
                              lambda v, x: gamma_density(v / 2, x / 2) / 2,        operands=("v", "x"), domain=positive)
elementwise(special.chdtrc,   lambda v, x: -gamma_by_a(v / 2, x / 2) / 2,
                              lambda v, x: -gamma_density(v / 2, x / 2) / 2,       operands=("v", "x"), domain=positive)
elementwise(special.chdtri,   lambda ans, v: gamma_slope(finite(ans) / 2, v / 2),
                              lambda ans, v: -2 / gamma_density(v / 2, ans / 2),   operands=("v", "p"), domain=(positive, probability))
elementwise(special.chdtriv,  lambda ans, x: 2 / gamma_by_a(ans / 2, x / 2),
                              lambda ans, x: 1 / gamma_slope(x / 2, ans / 2),      operands=("p", "x"), domain=(probability, positive))
elementwise(special.gdtr,     lambda a, b, x: x * gamma_density(b, a * x),
                              lambda a, b, x: gamma_by_a(b, a * x),
                              lambda a, b, x: a * gamma_density(b, a * x),         operands=("a", "b", "x"), domain=positive)
elementwise(special.gdtrc,    lambda a, b, x: -x * gamma_density(b, a * x),
                              lambda a, b, x: -gamma_by_a(b, a * x),
                              lambda a, b, x: -a * gamma_density(b, a * x),        operands=("a", "b", "x"), domain=positive)
elementwise(special.gdtrix,   lambda ans, a: -ans / a,
                              lambda ans, a, b: gamma_slope(a * finite(ans), b) / a,
                              lambda ans, a, b: 1 / (a * gamma_density(b, a * ans)), operands=("a", "b", "p"), domain=(positive, positive, probability))
elementwise(special.gdtria,   lambda ans, b, x: 1 / (x * gamma_density(b, ans * x)),
                              lambda ans, b, x: gamma_slope(ans * x, b) / x,
                              lambda ans, x: -ans / x,                             operands=("p", "b", "x"), domain=(probability, positive, positive))
elementwise(special.gdtrib,   lambda ans, a, x: x / gamma_slope(a * x, ans),
                              lambda ans, a, x: 1 / gamma_by_a(ans, a * x),
                              lambda ans, a, x: a / gamma_slope(a * x, ans),       operands=("a", "p", "x"), domain=(positive, probability, positive))

# --- Poisson's: pdtr(k, m) = gammaincc(k + 1, m)
elementwise(special.pdtr,     None, lambda k, m: -gamma_density(np.floor(k) + 1, m), operands=("k", "m"), domain=(count, positive))
elementwise(special.pdtrc,    None, lambda k, m: gamma_density(np.floor(k) + 1, m),  operands=("k", "m"), domain=(count, positive))
elementwise(special.pdtri,    None, lambda ans, k: -1 / gamma_density(np.floor(k) + 1, ans), operands=("k", "y"), domain=(count, probability))
elementwise(special.pdtrik,   lambda ans, m: -1 / gamma_by_a(ans + 1, m),
                              lambda ans, m: 1 / gamma_slope(m, ans + 1),          operands=("p", "m"), domain=(probability, above_two))

# --- the beta distribution
elementwise(special.btdtria,  lambda ans, b, x: 1 / beta_by_a(ans, b, x),
                              lambda ans, b, x: -beta_by_b(ans, b, x) / beta_by_a(ans, b, x),
                              lambda ans, b, x: 1 / beta_slope(x, 1 - x, ans, b),  operands=("p", "b", "x"), domain=(probability, positive, probability))
elementwise(special.btdtrib,  lambda ans, a, x: -beta_by_a(a, ans, x) / beta_by_b(a, ans, x),
                              lambda ans, a, x: 1 / beta_by_b(a, ans, x),
                              lambda ans, a, x: -1 / beta_slope(1 - x, x, ans, a), operands=("a", "p", "x"), domain=(positive, probability, probability))

# --- binomial ones: bdtr(k, n, p) = betaincc(k + 1, n - k, p), nbdtr(k, n, p) = betainc(n, k + 1, p)
elementwise(special.bdtr,     None, None, lambda k, n, p: -beta_density(np.floor(k) + 1, n - np.floor(k), p),
                              operands=("k", "n", "p"), domain=(count, trials, probability))
elementwise(special.bdtrc,    None, None, lambda k, n, p: beta_density(np.floor(k) + 1, n - np.floor(k), p),
                              operands=("k", "n", "p"), domain=(count, trials, probability))
elementwise(special.bdtri,    None, None, lambda ans, k, n: -1 / beta_density(np.floor(k) + 1, n - np.floor(k), ans),
                              operands=("k", "n", "y"), domain=(count, trials, probability))
elementwise(special.nbdtr,    None, None, lambda k, n, p: beta_density(n, k + 1, p),
                              operands=("k", "n", "p"), domain=(count, trials, probability))
elementwise(special.nbdtrc,   None, None, lambda k, n, p: -beta_density(n, k + 1, p),
                              operands=("k", "n", "p"), domain=(count, trials, probability))
elementwise(special.nbdtri,   None, None, lambda ans, k, n: 1 / beta_density(n, k + 1, ans),
                              operands=("k", "n", "y"), domain=(count, trials, probability))

# --- Student's and Fisher's distributions
elementwise(special.stdtridf, lambda ans, t: 1 / student_by_df(ans, t),
                              lambda ans, t: 1 / t_slope(t, ans),                  operands=("p", "t"), domain=(Domain("below", 0.1, 0.2), Domain("low", -1.6, -1.45)))
elementwise(special.fdtr,     lambda dfn, dfd, x: f_by_df(dfn, dfd, x, 0),
                              lambda dfn, dfd, x: f_by_df(dfn, dfd, x, 1),
                              lambda dfn, dfd, x: f_density(dfn, dfd, x),          operands=("dfn", "dfd", "x"), domain=positive)
elementwise(special.fdtrc,    lambda dfn, dfd, x: -f_by_df(dfn, dfd, x, 0),
                              lambda dfn, dfd, x: -f_by_df(dfn, dfd, x, 1),
                              lambda dfn, dfd, x: -f_density(dfn, dfd, x),         operands=("dfn", "dfd", "x"), domain=positive)
elementwise(special.fdtri,    lambda ans, dfn, dfd: f_slopes(finite(ans), dfn, dfd)[0],
                              lambda ans, dfn, dfd: f_slopes(finite(ans), dfn, dfd)[1],
                              lambda ans, dfn, dfd: 1 / f_density(dfn, dfd, ans),  operands=("dfn", "dfd", "p"), domain=(positive, positive, probability))
# fmt: on
