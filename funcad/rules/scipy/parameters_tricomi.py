"""Tricomi's confluent hypergeometric function in its parameters, from its integral (DLMF 13.4.4).

Gamma(a) U(a, b, x) is the integral of t^(a-1) (1 + t)^(b-a-1) exp(-x t); derivatives bring down logarithms. On the
scale log t the integrand has one maximum. Parameters a below 1 come from a + 1 and a + 2 (13.3.7), the stable way.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import special

from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching
from funcad.core.several import pointwise
from funcad.core.tracer import anywhere, plain
from funcad.rules.scipy.parameters_bessel import integral
from funcad.rules.scipy.parameters_series import floats, more, refuse

#: the logarithm of what the integrand falls to at the ends
FALL: Final = 60.0
#: the first parameter whose integrand falls too slowly next to 0
SMALLEST: Final = 0.02
#: one whose factorial is far from overflow
LARGEST: Final = 60.0


def _moments(a: Any, b: Any, x: Any, orders: Any = (0, 0, 0)) -> Any:
    """The derivative of some orders in a, b and x of Gamma(a) U(a, b, x)."""
    if any(np.iscomplexobj(v) for v in (a, b, x)):
        refuse("hyperu", "arguments are complex")
    a, b, x = floats(a, b, x)
    shape, (i, j, m) = a.shape, orders
    a, b, x = a.ravel(), b.ravel(), x.ravel()
    if np.any((a < SMALLEST) | (x <= 0)):
        refuse("hyperu", "its first parameter is below -0.98 or its argument is not positive")
    p = b - 1 - x
    root = np.sqrt(p * p + 4 * a * x)
    peak = np.log(np.where(p > 0, (p + root) / (2 * x), 2 * a / (root - np.minimum(p, 0.0))))

    def power(s: Any, a: Any, b: Any, x: Any) -> Any:
        return a * s - x * np.exp(s) + (b - a - 1) * np.logaddexp(0.0, s)

    def end(side: float) -> Any:
        def fallen(w: Any) -> Any:
            return power(peak, a, b, x) - power(peak + side * w, a, b, x) > FALL

        high = np.ones_like(x)
        for _ in range(12):
            high = np.where(fallen(high), high, 2 * high)
        low = np.zeros_like(x)
        for _ in range(20):
            middle = (low + high) / 2
            deep = fallen(middle)
            low, high = np.where(deep, low, middle), np.where(deep, middle, high)
        return peak + side * high

    columns = a[:, None], b[:, None], x[:, None]

    def term(s: Any) -> Any:
        logs = (-np.logaddexp(0.0, -s)) ** i * np.logaddexp(0.0, s) ** j
        return logs * (-np.exp(s)) ** m * np.exp(power(s, *columns))

    with np.errstate(over="ignore", under="ignore"):
        first, last = end(-1.0), end(1.0)
        result = integral(term, first, last, 3 + (last - first) / 3)
    if not np.all(np.isfinite(result) | np.isnan(a + b + x)):
        refuse("hyperu", "its integral overflows")
    return result.reshape(shape)[()]


moments = PrimitiveFunction(_moments, name="scipy.special.hyperu (by its parameters)")
moments.def_jvp(
    lambda t, a, b, x, orders: t * moments(a, b, x, more(orders, 0)),
    lambda t, a, b, x, orders: t * moments(a, b, x, more(orders, 1)),
    lambda t, a, b, x, orders: t * moments(a, b, x, more(orders, 2)),
)
batching(pointwise, moments)


def slopes(a: Any, b: Any, x: Any) -> tuple[Any, Any, Any]:
    """U and its derivatives by a and by b, for a of 1 or more."""
    scale = special.rgamma(a)
    u = scale * moments(a, b, x)
    return u, scale * moments(a, b, x, (1, 0, 0)) - special.psi(a) * u, scale * moments(a, b, x, (0, 1, 0))


def hyperu_by_a(a: Any, b: Any, x: Any) -> Any:
    """The derivative by the first parameter."""
    low = np.less(plain(a), 1)
    near = slopes(np.where(low, 2.0, a), b, x)[1]
    if not anywhere(low):
        return near
    a = np.where(low, a, 0.5)
    (u, u_a, _), (v, v_a, _) = slopes(a + 1, b, x), slopes(a + 2, b, x)
    below = 2 * u + (x + 2 * a + 2 - b) * u_a - (2 * a + 3 - b) * v - (a + 1) * (a + 2 - b) * v_a
    return np.where(low, below, near)


def hyperu_by_b(a: Any, b: Any, x: Any) -> Any:
    """The derivative by the second parameter."""
    low = np.less(plain(a), 1)
    near = slopes(np.where(low, 2.0, a), b, x)[2]
    if not anywhere(low):
        return near
    a = np.where(low, a, 0.5)
    (u, _, u_b), (v, _, v_b) = slopes(a + 1, b, x), slopes(a + 2, b, x)
    below = -u + (x + 2 * a + 2 - b) * u_b + (a + 1) * v - (a + 1) * (a + 2 - b) * v_b
    return np.where(low, below, near)


def hyperu_by_x(a: Any, b: Any, x: Any) -> Any:
    """-a U(a + 1, b + 1, x) (13.3.22), from its integral: SciPy's function may have 7 digits where x is about 15."""
    held = (plain(a) > SMALLEST - 1) & (plain(a) < LARGEST) & (plain(x) > 0)
    if not anywhere(held):
        return -a * special.hyperu(a + 1, b + 1, x)
    p, q, y = (np.where(held, v, 1.0) for v in (a, b, x))
    near = -p * special.rgamma(p + 1) * moments(p + 1, q + 1, y)
    if not anywhere(~held):
        return near
    p, q, y = (np.where(held, 1.0, v) for v in (a, b, x))
    return np.where(held, near, -p * special.hyperu(p + 1, q + 1, y))
