"""Hypergeometric functions and the zeta function in their parameters, by series differentiated term by term.

A term of a hypergeometric series is a product of factors (a)_k and 1 / (b)_k of one parameter each, whose Taylor
coefficients in that parameter follow by recurrence. Arguments below 0 are moved to (0, 1) or above 0 by the
transformations of Kummer and Pfaff (DLMF 13.2.39, 15.8.1), where all terms have one sign for positive parameters.
Where the series cancels all the same, or needs too many terms, it is an error.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from scipy import special

from funcad.core.domains import Domain
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching, elementwise
from funcad.core.several import pointwise
from funcad.core.tracer import anywhere, plain
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.rules.scipy.parameters_bessel import jv_order

#: how many terms a series takes at most, and what part of the sum of their sizes is left at least
TERMS: Final = 4000
LEFT: Final = 1e-6
#: direct terms of Euler and Maclaurin's sum, and B(2j) / (2j)!
DIRECT: Final = 16
CORRECTIONS: Final = [float(b) / math.factorial(2 * j) for j, b in enumerate(special.bernoulli(28)[2::2], 1)]


def refuse(name: str, why: str) -> None:
    """Raise the error for arguments where no accurate series is known."""
    raise UnsupportedArgumentError(
        f"scipy.special.{name} has a derivative by its parameters where a series gives it to 9 digits, and here "
        f"{why}; take the parameters as constants"
    )


def sums(name: str, above: Any, below: Any, orders: tuple[int, ...], z: Any) -> Any:
    """The derivative, of some orders in the parameters above, below, and in z, of a hypergeometric series."""
    *by_parameters, m = orders
    parameters = [*above, *below]
    if any(np.iscomplexobj(v) for v in (*parameters, z)):
        refuse(name, "arguments are complex")
    if any(np.any((b <= 0) & (b == np.rint(b))) for b in below):
        raise UndefinedDerivativeError(
            f"scipy.special.{name} has a pole here, at a whole number of 0 or less"
        )
    power_of_k = len(above) - len(below) - 1
    # Taylor coefficients of (a)_k / k! and k! / (b)_k
    factors = [[1.0] + [0.0] * n for n in by_parameters]
    # the derivative of z^k, with the rest of the factorials
    power: Any = np.zeros_like(z)
    total, size, quiet = np.zeros_like(z), np.zeros_like(z), 0
    for k in range(TERMS):
        if k == m:
            power = np.ones_like(z) * float(math.factorial(m)) ** (1 + power_of_k)
        elif k > m:
            power = power * z * (float(k) ** (1 + power_of_k) / (k - m))
        term = power * math.prod([f[-1] for f in factors])
        total, size = total + term, size + np.abs(term)
        small = np.abs(term) <= 1e-17 * size
        quiet = quiet + 1 if k > m + sum(by_parameters) and np.all(small | ~np.isfinite(term)) else 0
        if quiet == 3:
            break
        for j, (f, p) in enumerate(zip(factors, parameters, strict=True)):
            factors[j] = raised(f, p + k, k + 1.0) if j < len(above) else lowered(f, p + k, k + 1.0)
    else:
        refuse(name, f"it needs more than {TERMS} terms")
    if np.any(np.abs(total) < LEFT * size):
        refuse(name, "its terms cancel")
    return total * math.prod([math.factorial(n) for n in by_parameters])


def raised(f: list[Any], p: Any, k: float) -> list[Any]:
    """Multiply a Taylor polynomial by (p + d) / k."""
    return [(f[i] * p + (f[i - 1] if i else 0.0)) / k for i in range(len(f))]


def lowered(f: list[Any], p: Any, k: float) -> list[Any]:
    """Divide a Taylor polynomial by (p + d) / k."""
    result: list[Any] = []
    for i in range(len(f)):
        result.append((f[i] * k - (result[i - 1] if i else 0.0)) / p)
    return result


def more(orders: tuple[int, ...], place: int) -> tuple[int, ...]:
    """Return the orders with one more in a place."""
    return tuple([n + (i == place) for i, n in enumerate(orders)])


def floats(*values: Any) -> list[Any]:
    """Return numbers as arrays of one shape."""
    return list(np.broadcast_arrays(*[v if np.iscomplexobj(v) else np.asarray(v, float) for v in values]))


def _series_0f1(b: Any, z: Any, orders: Any = (0, 0)) -> Any:
    b, z = floats(b, z)
    return sums("hyp0f1", [], [b], orders, z)[()]


def _series_1f1(a: Any, b: Any, z: Any, orders: Any = (0, 0, 0)) -> Any:
    a, b, z = floats(a, b, z)
    return sums("hyp1f1", [a], [b], orders, z)[()]


def _series_2f1(a: Any, b: Any, c: Any, z: Any, orders: Any = (0, 0, 0, 0)) -> Any:
    a, b, c, z = floats(a, b, c, z)
    if np.any(z >= 1):
        refuse("hyp2f1", "its argument is 1 or more")
    return sums("hyp2f1", [a, b], [c], orders, z)[()]


def _zeta_series(s: Any, q: Any, orders: Any = (1, 0)) -> Any:
    """The derivative in s of orders[0] of the zeta function, which is analytic in s and positive q (25.2.9)."""
    if np.iscomplexobj(s) or np.iscomplexobj(q):
        refuse("zeta", "arguments are complex")
    s, q = floats(s, q)
    if np.any(s == 1):
        raise UndefinedDerivativeError("scipy.special.zeta has a pole at 1")
    inside = q > 0
    q, (n, by_q) = np.where(inside, q, 1.0), orders
    # by q it is (-1)^m (s)_m zeta(s + m, q)
    rising = [1.0] + [0.0] * n
    for k in range(by_q):
        rising = [-v for v in raised(rising, s + k, 1.0)]
    s = s + by_q

    def powers(x: Any) -> list[Any]:
        return [x**-s * (-np.log(x)) ** i / math.factorial(i) for i in range(n + 1)]

    total = [sum(terms) for terms in zip(*[powers(q + k) for k in range(DIRECT)], strict=True)]
    end = q + DIRECT
    last = powers(end)
    pole = lowered([v * end for v in last], s - 1, 1.0)
    weights: list[Any] = [v * 0.0 for v in last]
    weights[0] = weights[0] + 0.5
    factor = [s / end, *([1 / end] if n else []), *([0.0] * (n - 1))]
    for j, bernoulli in enumerate(CORRECTIONS, 1):
        weights = [w + bernoulli * f for w, f in zip(weights, factor, strict=True)]
        factor = raised(raised(factor, s + (2 * j - 1), end), s + 2 * j, end)
    total = [t + p + r for t, p, r in zip(total, pole, product(last, weights), strict=True)]
    result = product(total, rising)[n] * math.factorial(n)
    return np.where(inside, result, np.nan)[()]


def product(f: list[Any], g: list[Any]) -> list[Any]:
    """Multiply two Taylor polynomials."""
    return [sum([f[j] * g[i - j] for j in range(i + 1)]) for i in range(len(f))]


#: functions that are closed under derivatives: one more in a place of `orders`
series_0f1 = PrimitiveFunction(_series_0f1, name="scipy.special.hyp0f1 (by its parameter)")
series_1f1 = PrimitiveFunction(_series_1f1, name="scipy.special.hyp1f1 (by its parameters)")
series_2f1 = PrimitiveFunction(_series_2f1, name="scipy.special.hyp2f1 (by its parameters)")
zeta_series = PrimitiveFunction(_zeta_series, name="scipy.special.zeta (by its exponent)")
series_0f1.def_jvp(
    lambda t, b, z, orders: t * series_0f1(b, z, more(orders, 0)),
    lambda t, b, z, orders: t * series_0f1(b, z, more(orders, 1)),
)
series_1f1.def_jvp(
    lambda t, a, b, z, orders: t * series_1f1(a, b, z, more(orders, 0)),
    lambda t, a, b, z, orders: t * series_1f1(a, b, z, more(orders, 1)),
    lambda t, a, b, z, orders: t * series_1f1(a, b, z, more(orders, 2)),
)
series_2f1.def_jvp(
    lambda t, a, b, c, z, orders: t * series_2f1(a, b, c, z, more(orders, 0)),
    lambda t, a, b, c, z, orders: t * series_2f1(a, b, c, z, more(orders, 1)),
    lambda t, a, b, c, z, orders: t * series_2f1(a, b, c, z, more(orders, 2)),
    lambda t, a, b, c, z, orders: t * series_2f1(a, b, c, z, more(orders, 3)),
)
zeta_series.def_jvp(
    lambda t, s, q, orders: t * zeta_series(s, q, more(orders, 0)),
    lambda t, s, q, orders: t * zeta_series(s, q, more(orders, 1)),
)
batching(pointwise, series_0f1, series_1f1, series_2f1, zeta_series)


# --- the partial derivatives of the functions


def hyp0f1_by_v(v: Any, z: Any) -> Any:
    """The derivative by the parameter, far below 0 from a Bessel function (10.16.9)."""
    far = np.less(plain(z), -20 - 5 * np.abs(plain(v)))
    near = series_0f1(v, np.where(far, 0.0, z), (1, 0))
    if not anywhere(far):
        return near
    t, v = np.sqrt(np.where(far, -z, 1.0)), np.where(far, v, 1.0)
    scale = special.gammasgn(v) * np.exp(special.gammaln(v) + (1 - v) * np.log(t))
    bessel = (special.psi(v) - np.log(t)) * special.jv(v - 1, 2 * t) + jv_order(1, v - 1, 2 * t)
    return np.where(far, scale * bessel, near)


def hyp1f1_by_a(a: Any, b: Any, x: Any) -> Any:
    """The derivative by the first parameter, below -1 with Kummer's transformation."""
    far, near, moved = kummer(x)
    return np.where(
        far, -np.exp(moved) * series_1f1(b - a, b, -moved, (1, 0, 0)), series_1f1(a, b, near, (1, 0, 0))
    )


def hyp1f1_by_b(a: Any, b: Any, x: Any) -> Any:
    """The derivative by the second parameter, below -1 with Kummer's transformation."""
    far, near, moved = kummer(x)
    other = series_1f1(b - a, b, -moved, (1, 0, 0)) + series_1f1(b - a, b, -moved, (0, 1, 0))
    return np.where(far, np.exp(moved) * other, series_1f1(a, b, near, (0, 1, 0)))


def kummer(x: Any) -> tuple[Any, Any, Any]:
    """Return where an argument is moved, the arguments that are not, and those that are; 0 for the others."""
    far = np.less(plain(x), -1.0)
    return far, np.where(far, 0.0, x), np.where(far, x, 0.0)


def hyp2f1_by_a(a: Any, b: Any, c: Any, z: Any) -> Any:
    """The derivative by the first parameter, and with a and b exchanged by the second."""
    far, near, moved = pfaff(z)
    other = -((1 - moved) ** -b) * series_2f1(c - a, b, c, moved / (moved - 1), (1, 0, 0, 0))
    return np.where(far, other, series_2f1(a, b, c, near, (1, 0, 0, 0)))


def hyp2f1_by_c(a: Any, b: Any, c: Any, z: Any) -> Any:
    """The derivative by the third parameter."""
    far, near, moved = pfaff(z)
    y = moved / (moved - 1)
    other = series_2f1(a, c - b, c, y, (0, 1, 0, 0)) + series_2f1(a, c - b, c, y, (0, 0, 1, 0))
    return np.where(far, (1 - moved) ** -a * other, series_2f1(a, b, c, near, (0, 0, 1, 0)))


def pfaff(z: Any) -> tuple[Any, Any, Any]:
    """Return where an argument is moved, the arguments that are not, and those that are; 0 for the others."""
    far = np.less(plain(z), -0.5)
    return far, np.where(far, 0.0, z), np.where(far, z, 0.0)


def slope_of_zeta(x: Any) -> Any:
    """The derivative of Riemann's zeta function, at negative numbers from its reflection (25.4.1)."""
    low = np.less(plain(x), -0.5)
    near = zeta_series(np.where(low, 2.0, x), 1.0)
    if not anywhere(low):
        return near
    x = np.where(low, x, -2.0)
    rest = (math.log(2 * math.pi) - special.psi(1 - x)) * RIEMANN(1 - x) - zeta_series(1 - x, 1.0)
    bracket = np.pi / 2 * np.cos(np.pi / 2 * x) * RIEMANN(1 - x) + np.sin(np.pi / 2 * x) * rest
    return np.where(low, 2.0**x * np.pi ** (x - 1) * special.gamma(1 - x) * bracket, near)


#: Riemann's zeta function, which `scipy.special.zeta` calls for a single argument
RIEMANN: Any = special._ufuncs._riemann_zeta
elementwise(RIEMANN, slope_of_zeta, domain=Domain("exponents", 1.5, 4.0))
