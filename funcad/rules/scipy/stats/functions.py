"""Functions that the formulas of several distributions are made of, without cancellation at either end."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from scipy import special

from funcad.core.domains import Domain
from funcad.core.function import PrimitiveFunction
from funcad.core.tracer import anywhere, plain
from funcad.rules.slopes.families import beta_below, gamma_above, gamma_below
from funcad.rules.slopes.integrals import DEPTH, column, fall, integral

LOG_2: Final = math.log(2)
LOG_PI: Final = math.log(math.pi)
LOG_ROOT_2PI: Final = 0.5 * math.log(2 * math.pi)
EULER: Final = 0.5772156649015329
ROOT_HALF: Final = math.sqrt(0.5)
#: terms of a power series in numbers up to 1/10
TERMS: Final = 18
#: up to here squares are far from the largest number, in half precision too
FAR: Final = 250


def log_phi(z: Any) -> Any:
    """The logarithm of the density of the standard normal distribution."""
    return -0.5 * z * z - LOG_ROOT_2PI


def log_power(z: Any, p: Any) -> Any:
    """The logarithm of z^p, which is 0 where both are 0; elsewhere by `np.log`, a small part of the time of `xlogy`."""
    return special.xlogy(p, z) if anywhere(np.equal(plain(z), 0)) else p * np.log(z)


def log_square(z: Any) -> Any:
    """log(1 + z^2), where z^2 may be too large."""
    far = np.abs(plain(z)) > FAR
    if not anywhere(far):
        return np.log1p(z * z)
    inverse, z = 1 / np.where(far, z, 1.0), np.where(far, 1.0, z)
    return np.where(far, np.log1p(inverse * inverse) - 2 * np.log(np.abs(inverse)), np.log1p(z * z))


def over_square(z: Any, n: Any = 1.0) -> Any:
    """z / (n + z^2), where z^2 may be too large."""
    far = np.abs(plain(z)) > FAR
    if not anywhere(far):
        return z / (n + z * z)
    large, z = np.where(far, z, 1.0), np.where(far, 1.0, z)
    return np.where(far, 1 / (large + n / large), z / (n + z * z))


def log1mexp(w: Any) -> Any:
    """log(1 - exp(-w)) for positive w, each side of log 2 by the function that is exact there (Maechler 2012)."""
    large = np.greater(plain(w), LOG_2)
    far, near = np.where(large, w, 1.0), np.where(large, 1.0, w)
    return np.where(large, np.log1p(-np.exp(-far)), np.log(-np.expm1(-near)))


def log_above_gumbel(y: Any) -> Any:
    """log(1 - exp(-exp(-y))), which is about -y for large y."""
    large = np.greater(plain(y), 0)
    w = np.exp(-y)
    return np.where(large, -y + log_exp_relative(-np.where(large, w, 1.0)), log1mexp(np.where(large, 1.0, w)))


def log_relative(t: Any) -> Any:
    """log(1 + t) / t, which is 1 at 0."""
    return near_zero(t, lambda n: 1 / (n + 1), lambda t: np.log1p(t) / t)


def log_excess(t: Any) -> Any:
    """((1 + t) log(1 + t) - t) / t^2, which is 1/2 at 0."""
    return near_zero(t, lambda n: 1 / ((n + 1) * (n + 2)), lambda t: ((1 + t) * np.log1p(t) - t) / (t * t))


def near_zero(t: Any, coefficient: Any, elsewhere: Any) -> Any:
    """A function by its power series in -t where t is small."""
    small = np.abs(plain(t)) < 0.1
    result: Any = 0.0
    if anywhere(small):
        s = np.where(small, -t, 0.0)
        for n in range(TERMS, -1, -1):
            result = result * s + coefficient(n)
    if anywhere(~small):
        result = np.where(small, result, elsewhere(np.where(small, 1.0, t)))
    return result


def log_gamma_relative(c: Any) -> Any:
    """log Gamma(1 + c) / c, which is -0.577 at 0 (DLMF 5.7.3)."""

    def coefficient(n: int) -> float:
        return -EULER if n == 0 else -float(special.zeta(n + 1)) / (n + 1)

    return near_zero(c, coefficient, lambda c: special.gammaln(1 + c) / c)


def log_gamma_bend(c: Any) -> Any:
    """(log Gamma(1 + 2c) - 2 log Gamma(1 + c)) / c^2, by the same series."""

    def coefficient(n: int) -> float:
        return float(special.zeta(n + 2)) * (2.0 ** (n + 2) - 2) / (n + 2)

    return near_zero(
        c, coefficient, lambda c: (special.gammaln(1 + 2 * c) - 2 * special.gammaln(1 + c)) / (c * c)
    )


def _log_exp_relative(x: Any) -> Any:
    large = x > 30
    inner = np.where(large | np.equal(x, 0), 1.0, x)
    log = np.log(np.expm1(inner) / inner)
    return np.where(large, x - np.log(np.where(large, x, 1.0)), np.where(np.equal(x, 0), 0.0, log))


def exp_relative_slope(x: Any) -> Any:
    """1 + 1 / (exp(x) - 1) - 1 / x: 1/2 + x/12 - x^3/720 and so on, by Bernoulli numbers, where x is small."""
    small = np.abs(plain(x)) < 0.7
    s = np.where(small, x, 0.0)
    square = s * s
    total: Any = 0.0
    for n in range(12, 0, -1):
        total = total * square + float(special.bernoulli(2 * n)[-1]) / math.factorial(2 * n)
    w = np.where(small, 1.0, x)
    up = np.greater(plain(w), 0)
    # 1 + 1 / expm1(w) = -1 / expm1(-w), without overflow on either side
    tail = np.where(
        up,
        -1 / np.expm1(-np.where(up, w, 1.0)),
        np.exp(np.where(up, -1.0, w)) / np.expm1(np.where(up, -1.0, w)),
    )
    return np.where(small, 0.5 + s * total, tail - 1 / w)


#: log((exp(x) - 1) / x), which is 0 at 0
log_exp_relative: PrimitiveFunction[Any, Any] = PrimitiveFunction(
    _log_exp_relative, name="log((exp(x) - 1) / x)"
)
log_exp_relative.def_elementwise(lambda x: exp_relative_slope(x))


def _log_normal_mass(a: Any, b: Any) -> Any:
    # the side on which both are negative, or where the middle lies between them
    a, b = np.where(a > 0, -b, a), np.where(a > 0, -a, b)
    low, high = special.log_ndtr(a), special.log_ndtr(b)
    with np.errstate(invalid="ignore", divide="ignore"):
        one_side = high + log1mexp(high - low)
        middle = np.log1p(-special.ndtr(a) - special.ndtr(-b))
    return np.where(b <= 0, one_side, middle)[()]


#: the logarithm of the probability of a normal number between a and b
log_normal_mass: PrimitiveFunction[Any, Any] = PrimitiveFunction(
    _log_normal_mass, name="log of a normal mass"
)
log_normal_mass.def_elementwise(
    lambda ans, x: -np.exp(log_phi(x) - ans),
    lambda ans, y: np.exp(log_phi(y) - ans),
    domain=(Domain("below", -2.0, 0.5), Domain("above", 1.0, 2.0)),
)


def log_lower(z: Any, w: Any) -> Any:
    """log F of a symmetric distribution whose tails are exp(-w) / 2 each."""
    below = np.less(plain(z), 0)
    return np.where(below, -w - LOG_2, np.log1p(-0.5 * np.exp(-w)))


def log_upper(z: Any, w: Any) -> Any:
    """log(1 - F) of a symmetric distribution whose tails are exp(-w) / 2 each."""
    return log_lower(-z, w)


def log_angle(y: Any, x: Any) -> Any:
    """The logarithm of an angle as a part of pi; it does not depend on the radius, whose square may be too large."""
    radius = plain(np.hypot(y, x))
    return np.log(np.arctan2(y / radius, x / radius)) - LOG_PI


def tail(log: Any, slope: Any, sign: int) -> Any:
    """F / f of a density whose logarithm is concave, or (1 - F) / f for the sign -1, where f falls to that side."""

    def ratio(z: Any, *shapes: Any) -> Any:
        x, fixed = plain(z), [plain(s) for s in shapes]
        start = log(x, *fixed)

        def depth(v: Any) -> Any:
            return start - log(x - sign * v, *fixed), sign * slope(x - sign * v, *fixed)

        falls = sign * slope(x, *fixed)
        end = fall(depth, DEPTH / np.where(falls > 0, falls, 1.0))
        u, columns = column(z), [column(s) for s in shapes]
        return integral(lambda v: np.exp(log(u - sign * v, *columns) - log(u, *columns)), end)

    return ratio


def through(ratio: Any, inner: Any, slope: Any) -> Any:
    """The ratio of F and f of a number that is a monotone function of another one."""
    return lambda z, *shapes: ratio(*inner(z, *shapes)) / slope(z, *shapes)


def lower(z: Any, a: Any) -> Any:
    """F / f of the gamma distribution."""
    return gamma_below(z, a, mass=True)


def upper(z: Any, a: Any) -> Any:
    """(1 - F) / f of the gamma distribution."""
    return gamma_above(z, a, mass=True)


def part(z: Any, w: Any, a: Any, b: Any) -> Any:
    """F / f of the beta distribution at z = 1 - w."""
    return beta_below(z, w, a, b, mass=True)
