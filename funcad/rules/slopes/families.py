"""How a random number moves with the parameters of its distribution, at a fixed probability.

The quantile z of F(z; a) = u moves with dz/da = -(dF/da) / p, where p is the density (Figurnov, Mohamed,
Mnih: Implicit reparameterization gradients, 2018). With the score s(t) = d log p(t; a) / da this is

    dz/da = -1/p(z) ∫ s(t) p(t) dt below z = 1/p(z) ∫ s(t) p(t) dt above z

and the score of each family here changes its sign once. The integral is taken on the side of z where it does
not, so that nothing cancels. With t at a distance v from z, in a scale in which the density decays smoothly,
the integral over v from 0 to where the density has fallen to exp(-50) is a Gauss-Legendre sum: 64 nodes give
12 digits. Where the density has two scales, near an end of the domain with a small exponent, a power series
takes its place. All of it is traced NumPy, so that further derivatives follow.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from funcad.core.tracer import plain
from funcad.rules.slopes.integrals import (
    DEPTH,
    SHIFT,
    chosen,
    column,
    digamma,
    digamma_less_log,
    digamma_step,
    fall,
    integral,
    quadrature,
)

#: how many terms of a power series in numbers up to 1/2, and of one with factorials in numbers up to 1
TERMS: Final = 54
FACTORIALS: Final = 22


# --- gamma


def gamma_slope(z: Any, a: Any) -> Any:
    """The derivative of a standard gamma number z by its shape a."""
    x, shape = plain(z), plain(a)
    inside = (x > 0) & (shape > 0)
    small = inside & (x <= 1)
    mode = np.exp(digamma(np.where(shape > 0, shape, 1.0)))
    below = inside & ~small & (x < mode)
    above = inside & ~small & ~below
    z, a = np.where(inside, z, 1.0), np.where(inside, a, 1.0)
    return chosen(
        (small, gamma_by_series, (1.0, 1.0)),
        (below, gamma_below, (2.0, 4.0)),
        (above, gamma_above, (4.0, 2.0)),
        values=(z, a),
    )


def gamma_by_series(z: Any, a: Any) -> Any:
    """-(dP/da) / p by the series of P = z^a / Gamma(1 + a) (1 + a S) with S = sum of (-z)^n / n! (a + n)."""
    s: Any = 0.0
    s_a: Any = 0.0
    term: Any = 1.0
    for n in range(1, FACTORIALS):
        term = term * (-z) / n
        s = s + term / (a + n)
        s_a = s_a - term / (a + n) ** 2
    log = np.log(z) - digamma(1 + a)
    return -z / a * np.exp(z) * ((1 + a * s) * log + s + a * s_a)


def gamma_score(z: Any, a: Any) -> Any:
    """The score log z - digamma(a), without cancellation for large a."""
    near = np.abs(plain(z) - plain(a)) < 0.5 * plain(a)
    ratio = np.where(near, (z - a) / a, 0.0)
    return np.where(near, np.log1p(ratio), np.log(z / a)) - digamma_less_log(a)


def gamma_below(z: Any, a: Any, mass: bool = False) -> Any:
    """The integral from 0 to z, with t = z exp(-v), of the score or of the density alone."""
    x, shape = plain(z), plain(a)

    def depth(v: Any) -> Any:
        return (shape - x) * v + x * (v + np.expm1(-v)), shape - x + x * -np.expm1(-v)

    end = fall(depth, (DEPTH + x) / shape)
    u, b, score = column(z), column(a), None if mass else column(gamma_score(z, a))

    def term(v: Any) -> Any:
        return (1.0 if mass else v - score) * np.exp((u - b) * v - u * (v + np.expm1(-v)))

    return z * integral(term, end)


def gamma_above(z: Any, a: Any, mass: bool = False) -> Any:
    """The integral from z upwards, with t = z exp(v), of the score or of the density alone."""
    x, shape = plain(z), plain(a)

    def depth(v: Any) -> Any:
        return x * np.expm1(v) - shape * v, x * np.exp(v) - shape

    end = fall(depth, np.log1p((DEPTH + 2 * np.maximum(shape - x, 0.0)) / x) + 3 / np.sqrt(x) + 1)
    u, b, score = column(z), column(a), None if mass else column(gamma_score(z, a))

    def term(v: Any) -> Any:
        return (1.0 if mass else v + score) * np.exp((b - u) * v - u * (np.expm1(v) - v))

    return z * integral(term, end)


# --- beta


def beta_slope(z: Any, w: Any, a: Any, b: Any) -> Any:
    """The derivative of a beta number z = 1 - w by its first parameter; by the second it is -slope(w, z, b, a)."""
    x, y, p, q = plain(z), plain(w), plain(a), plain(b)
    inside = (x > 0) & (y > 0) & (p > 0) & (q > 0)
    z, w, a, b = (np.where(inside, value, k) for value, k in ((z, 0.5), (w, 0.5), (a, 1.0), (b, 1.0)))
    x, y, p, q = plain(z), plain(w), plain(a), plain(b)
    low = inside & (x <= 0.5) & (q * x <= 1)
    high = inside & ~low & (y <= 0.5) & (p * y <= 1)
    mean = -digamma_step(p, q)
    below = inside & ~low & ~high & (np.log(x) < mean)
    above = inside & ~low & ~high & ~below
    return chosen(
        (low, beta_by_low_series, (0.25, 0.75, 2.0, 2.0)),
        (high, beta_by_high_series, (0.75, 0.25, 2.0, 2.0)),
        (below, beta_below, (0.3, 0.7, 5.0, 5.0)),
        (above, beta_above, (0.7, 0.3, 5.0, 5.0)),
        values=(z, w, a, b),
    )


def beta_by_low_series(z: Any, w: Any, a: Any, b: Any) -> Any:
    """-(dI/da) / p by the series of I = z^a / aB (1 + a S) with S = sum of (1-b)_n z^n / n! (a + n)."""
    s: Any = 0.0
    s_a: Any = 0.0
    term: Any = 1.0
    for n in range(1, TERMS):
        term = term * ((n - b) / n * z)
        s = s + term / (a + n)
        s_a = s_a - term / (a + n) ** 2
    log = np.log(z) + digamma_step(a, b) - 1 / a
    return -z / a * w ** (1 - b) * ((1 + a * s) * log + s + a * s_a)


def beta_by_high_series(z: Any, w: Any, a: Any, b: Any) -> Any:
    """(dQ/da) / p by the series of Q = w^b / bB (1 + b S) with S = sum of (1-a)_n w^n / n! (b + n)."""
    s: Any = 0.0
    s_a: Any = 0.0
    term: Any = 1.0
    term_a: Any = 0.0
    for n in range(1, TERMS):
        ratio = (n - a) / n * w
        term_a = term_a * ratio - term * (w / n)
        term = term * ratio
        s = s + term / (b + n)
        s_a = s_a + term_a / (b + n)
    return w / b * z ** (1 - a) * ((1 + b * s) * digamma_step(a, b) + b * s_a)


def beta_score(z: Any, w: Any, a: Any, b: Any) -> Any:
    """The score log z - digamma(a) + digamma(a + b), without cancellation for large parameters."""
    ratio = (b * z - a * w) / a  # z (a + b) / a - 1
    near = np.abs(plain(ratio)) < 0.5
    log = np.where(near, np.log1p(np.where(near, ratio, 0.0)), np.log(np.where(near, 1.0, 1 + ratio)))
    return log - digamma_less_log(a) + digamma_less_log(a + b)


def beta_decay(z: Any, w: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """Return where t^a (1 - t)^(b-1) has fallen, with t = z exp(-v), and its logarithm relative to v = 0."""
    r, p, q = plain(z / w), plain(a), plain(b) - 1

    def depth(v: Any) -> Any:
        rise = -r * np.expm1(-v)
        return p * v - q * np.log1p(rise), p - q * r * np.exp(-v) / (1 + rise)

    end = fall(depth, (DEPTH + np.maximum(q, 0.0) * np.log1p(r)) / p)
    ratio, p, q = column(z / w), column(a), column(b) - 1
    return end, lambda v: q * np.log1p(-ratio * np.expm1(-v)) - p * v


def beta_below(z: Any, w: Any, a: Any, b: Any, mass: bool = False) -> Any:
    """The integral from 0 to z, with t = z exp(-v), of the score or of the density alone."""
    end, log = beta_decay(z, w, a, b)
    score = None if mass else column(beta_score(z, w, a, b))
    return z * integral(lambda v: (1.0 if mass else v - score) * np.exp(log(v)), end)


def beta_above(z: Any, w: Any, a: Any, b: Any) -> Any:
    """The integral from z to 1, with 1 - t = (1 - z) exp(-v)."""
    end, log = beta_decay(w, z, b, a)
    score, ratio = column(beta_score(z, w, a, b)), column(w / z)
    return w * integral(lambda v: (score + np.log1p(-ratio * np.expm1(-v))) * np.exp(log(v)), end)


# --- F and Student's t


def f_slopes(z: Any, m: Any, n: Any) -> tuple[Any, Any]:
    """The derivatives of an F number by its degrees of freedom: m z / (m z + n) is a beta number."""
    total = m * z + n
    x, y = m * z / total, n / total
    by_x = n / (m * y * y)
    return (
        by_x * 0.5 * beta_slope(x, y, m / 2, n / 2) - z / m,
        z / n - by_x * 0.5 * beta_slope(y, x, n / 2, m / 2),
    )


def half_step(x: Any) -> Any:
    """The difference digamma(x + 1/2) - digamma(x) - 1 / 2x, about 1 / 8x^2 for large x."""
    total: Any = 0.0
    for k in range(SHIFT):
        total = total + 1 / (4 * (x + k) * (x + (k + 0.5)) * (x + (k + 1)))
    y = 1 / (x + SHIFT) ** 2
    return total + y * (1 / 8 + y * (-1 / 64 + y * (1 / 128 + y * (-17 / 2048 + y * (31 / 2048)))))


def t_score(y: Any, n: Any) -> Any:
    """Twice the score of Student's t at sqrt(n) sinh(y)."""
    p = np.tanh(y) ** 2
    return half_step(n / 2) - log_excess(p, y) + p / n


def log_excess(p: Any, y: Any) -> Any:
    """-log(1 - p) - p for p = tanh(y)^2, by its series for small p."""
    small = plain(p) < 0.1
    q = np.where(small, p, 0.0)
    total: Any = 0.0
    for n in range(18, 1, -1):
        total = (total + 1 / n) * q
    size = np.abs(y)
    return np.where(small, total * q, 2 * (size + np.log1p(np.exp(-2 * size)) - math.log(2)) - p)


def t_slope(z: Any, n: Any) -> Any:
    """The derivative of Student's t by its degrees of freedom, with t = sqrt(n) sinh(y)."""
    y = np.arcsinh(z / np.sqrt(n))
    size, degrees = np.abs(plain(y)), plain(n)
    above = t_score(size, degrees) < 0
    sign = np.sign(plain(z))
    slope = chosen(
        (above, lambda y, n: sign * t_above(np.abs(y), n), (3.0, 2.0)),
        (~above, lambda y, n: -t_below(y, n), (0.0, 2.0)),
        values=(y, n),
    )
    return 0.5 * np.sqrt(n + z * z) * slope


def t_below(y: Any, n: Any) -> Any:
    """The integral from 0 to y."""
    end, m = column(y), column(n)
    top = np.log1p(2 * np.sinh(end / 2) ** 2)

    def term(x: Any) -> Any:
        return t_score(x * end, m) * np.exp(m * (top - np.log1p(2 * np.sinh(x * end / 2) ** 2)))

    return y * quadrature(term, np.size(y))


def t_above(y: Any, n: Any) -> Any:
    """The integral from y upwards."""
    half, m = plain(0.5 * (1 - np.tanh(y))), plain(n)

    def depth(v: Any) -> Any:
        fallen = np.expm1(-2 * v)
        rest = 1 + half * fallen
        return m * (v + np.log1p(half * fallen)), m * (1 - 2 * half * (1 + fallen) / rest)

    end = fall(depth, DEPTH / m + 1)
    start, half, m = column(y), column(0.5 * (1 - np.tanh(y))), column(n)
    return integral(
        lambda v: t_score(start + v, m) * np.exp(-m * (v + np.log1p(half * np.expm1(-2 * v)))), end
    )


# --- von Mises


def spread(k: Any) -> Any:
    """1 - I1(k) / I0(k), the mean of 1 - cos t."""
    end = 2 * np.arcsin(np.sqrt(np.minimum(DEPTH / 2 / np.maximum(plain(k), 1e-300), 1.0)))
    ends, rate = column(end), column(k)

    def weight(x: Any, power: int) -> Any:
        far = 2 * np.sin(ends * x / 2) ** 2
        return far**power * np.exp(-rate * far)

    size = np.size(end)
    return quadrature(lambda x: weight(x, 1), size) / quadrature(lambda x: weight(x, 0), size)


def vonmises_slope(x: Any, k: Any) -> Any:
    """The derivative of an angle x, less the mean direction, by the concentration k."""
    size, mean = np.abs(plain(x)), spread(k)
    near = 2 * np.sin(size / 2) ** 2 < plain(mean)
    sign = np.sign(plain(x))
    return chosen(
        (near, lambda x, k, mean: -angles(x, k, mean, x), (0.0, 1.0, 0.5)),
        (~near, lambda x, k, mean: sign * angles(np.abs(x), k, mean, None), (3.0, 1.0, 0.5)),
        values=(x, k, mean),
    )


def angles(x: Any, k: Any, mean: Any, end: Any) -> Any:
    """The integral of (cos t - A) exp(k cos t - k cos x) from 0 to x, or from x to pi."""
    u, c, m = column(x), column(k), column(mean)
    if end is not None:

        def term(y: Any) -> Any:
            t = u * y
            power = c * 2 * np.sin((u - t) / 2) * np.sin((u + t) / 2)
            return (m - 2 * np.sin(t / 2) ** 2) * np.exp(power)

        return x * quadrature(term, np.size(x))
    start, rate = plain(x), plain(k)
    low, high = np.zeros_like(start * rate), (np.pi - start) * np.ones_like(rate)
    for _ in range(40):
        middle = (low + high) / 2
        deep = rate * 2 * np.sin(middle / 2) * np.sin(start + middle / 2) > DEPTH
        low, high = np.where(deep, low, middle), np.where(deep, middle, high)
    # the end moves with x where it is pi
    limit = np.where(high < np.pi - start, high, np.pi - x)

    def outer(v: Any) -> Any:
        power = -c * 2 * np.sin(v / 2) * np.sin(u + v / 2)
        return (m - 2 * np.sin((u + v) / 2) ** 2) * np.exp(power)

    return integral(outer, limit)


# --- Wald


def mills(x: Any) -> Any:
    """The probability of a normal number above x over its density there, the integral of exp(-t^2/2 - x t)."""
    end = 2 * DEPTH / (np.sqrt(plain(x) ** 2 + 2 * DEPTH) + plain(x))
    u = column(x)
    return integral(lambda t: np.exp(-t * (t / 2 + u)), end)


def wald_slopes(x: Any, m: Any, s: Any) -> tuple[Any, Any]:
    """The derivatives of a Wald number by its mean m and its scale s, with dF/dm and dF/ds in closed form."""
    ratio = 2 * np.sqrt(x / s) * mills(np.sqrt(s / x) * (x / m + 1))
    return ratio * x * s / (m * m), (x - ratio * x * s / m) / s
