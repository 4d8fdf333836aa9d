"""Bessel functions in their order: derivatives of any order n by the order v, at positive arguments.

All four are integrals along lines t = r + i s through a saddle point r, where nothing cancels, and along the line
from r + i pi on (DLMF 10.9.17, 10.32.12, and 10.9.7, 10.32.9 for the second kinds):

    pi J_v(x) = integral over s in (0, pi) of Re exp(x sinh t - v t) - integral over t > r of Im exp(-x sinh t - v t + i pi v)
    pi I_v(x) = the same with cosh for sinh

so that a derivative by v brings down a power of -t. Sums of Gauss and Legendre over panels of 32 nodes take the integrals,
and for large x Hankel's expansion (10.17.3) takes their place.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcad.core.domains import Domain, positive
from funcad.core.function import PrimitiveFunction
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.rules.slopes.integrals import DEPTH, fall

Line = Callable[[Any], tuple[Any, Any]]

_nodes, _weights = np.polynomial.legendre.leggauss(32)
NODES: Final = (1 + _nodes) / 2
WEIGHTS: Final = _weights / 2
#: the phase that a panel resolves to 16 digits
PHASE: Final = 48.0
#: terms of Hankel's expansion
TERMS: Final = 26
#: how many derivatives have been taken
taken = Domain("taken", 1.0, 2.0, integer=True, differentiable=False)


def integral(f: Callable[[Any], Any], low: Any, high: Any, panels: Any) -> Any:
    """The integral of f from low to high, in as many panels as the entry needs that needs most."""
    count = math.ceil(np.max(panels, initial=1.0))
    start, width = low[:, None], ((high - low) / count)[:, None]
    total: Any = 0.0
    for k in range(count):
        total = total + np.sum(WEIGHTS * f(start + width * (k + NODES)), -1)
    return width[:, 0] * total


def sinh_line(t: Any) -> tuple[Any, Any]:
    """The function in the exponent of J and Y, and its derivative."""
    return np.sinh(t), np.cosh(t)


def cosh_line(t: Any) -> tuple[Any, Any]:
    """The function in the exponent of I and K less 1, and its derivative."""
    return 2 * np.sinh(t / 2) ** 2, np.sinh(t)


def tail(line: Line, v: Any, x: Any, start: Any, weight: Callable[[Any], Any]) -> Any:
    """The integral of weight(t) exp(-x line(t) - v t) from a start on; the weight gets t with a last axis."""
    ratio = -v / x
    peak = np.arccosh(np.maximum(ratio, 1.0)) if line is sinh_line else np.arcsinh(ratio)
    peak = np.maximum(peak, start)
    top = x * line(peak)[0] + v * peak

    def depth(u: Any, side: float) -> tuple[Any, Any]:
        value, slope = line(start + u)
        return x * value + v * (start + u) - top, side * np.maximum(side * (x * slope + v), 1e-30)

    # the exponent falls by more than x cosh(peak) (sinh s - s) from its peak, at a distance s above it
    most = x * np.cosh(peak)
    beyond = np.minimum(np.cbrt(6 * DEPTH / most), np.maximum(2.0, np.log(8 * DEPTH / most)))
    high = start + fall(lambda u: depth(u, 1.0), peak - start + beyond)
    low = start + fall(lambda u: depth(u, -1.0), np.zeros_like(x))
    order, argument = v[:, None], x[:, None]
    return integral(
        lambda t: weight(t) * np.exp(-argument * line(t)[0] - order * t), low, high, 2 + (high - low) / 3
    )


def turned(n: int, v: Any) -> Callable[[Any], Any]:
    """Return (i pi - t)^n exp(i pi v) as a function of t."""
    phase = (np.cos(np.pi * np.remainder(v, 2)) + 1j * sin_pi(v))[:, None]
    return lambda t: (1j * np.pi - t) ** n * phase


def sin_pi(v: Any) -> Any:
    """The sine of pi v, exact next to whole numbers."""
    whole = np.rint(v)
    return np.where(np.remainder(whole, 2) == 0, 1.0, -1.0) * np.sin(np.pi * (v - whole))


def across(n: int, v: Any, x: Any, r: Any, line: Line, offset: Any) -> Any:
    """The integral of (-t)^n exp(x line(t) - v t - offset) over t = r + i s, s from 0 to pi."""
    hyperbolic = x * (np.sinh(r) if line is sinh_line else np.cosh(r))
    # with a fall by DEPTH the rest of the line does not count
    end = 2 * np.arcsin(np.minimum(1.0, np.sqrt(DEPTH / (2 * np.maximum(hyperbolic, 1e-300)))))
    start, order, argument, less = (z[:, None] for z in (r, v, x, offset))
    panels = 2 + (np.hypot(x, v) + np.abs(v)) * end / PHASE

    def term(s: Any) -> Any:
        t = start + 1j * s
        return (-t) ** n * np.exp(argument * (line(t)[0]) - order * t - less)

    return integral(term, np.zeros_like(x), end, panels)


# --- each function, for one order n of the derivative and flat arrays


def jv_near(n: int, v: Any, x: Any) -> Any:
    """J by its integrals, through the saddle point cosh r = v / x of orders above the argument."""
    r = np.arccosh(np.maximum(v / x, 1.0))
    rest = tail(sinh_line, v, x, r, lambda t: np.imag(turned(n, v)(t)))
    return (np.real(across(n, v, x, r, sinh_line, np.zeros_like(x))) - rest) / np.pi


def yv_near(n: int, v: Any, x: Any) -> Any:
    """Y by its integrals (10.9.7)."""
    zero = np.zeros_like(x)
    rest = tail(sinh_line, v, x, zero, lambda t: np.real(turned(n, v)(t)))
    rest = rest + tail(sinh_line, -v, x, zero, lambda t: t**n)
    return (np.imag(across(n, v, x, zero, sinh_line, zero)) - rest) / np.pi


def hankel(n: int, v: Any, x: Any) -> Any:
    """J + iY by Hankel's expansion, whose coefficients are polynomials of v, with their derivatives."""
    # the Taylor coefficients in v of (v^2 - (k - 1/2)^2) / 2k x, each divided by its factorial
    coefficients = [np.ones_like(x) if j == 0 else np.zeros_like(x) for j in range(n + 1)]
    total = [c.astype(complex) for c in coefficients]
    for k in range(1, TERMS):
        factors = (((v * v - (k - 0.5) ** 2) / (2 * k * x)), v / (k * x), 1 / (2 * k * x))
        coefficients = [
            sum(coefficients[j - i] * f for i, f in enumerate(factors) if i <= j) for j in range(n + 1)
        ]
        for j in range(n + 1):
            total[j] = total[j] + 1j**k * coefficients[j]
    turn = -0.5j * np.pi
    mixed = sum(math.factorial(n) / math.factorial(n - j) * turn ** (n - j) * total[j] for j in range(n + 1))
    quarter = np.remainder(v, 4)
    phase = np.exp(1j * x) * np.exp(turn * (quarter + 0.5))
    return np.sqrt(2 / (np.pi * x)) * phase * mixed


def jv_at(n: int, v: Any, x: Any) -> Any:
    """The derivative of J."""
    return parted(x > 50 + v * v, lambda v, x: np.real(hankel(n, v, x)), lambda v, x: jv_near(n, v, x), v, x)


def yv_at(n: int, v: Any, x: Any) -> Any:
    """The derivative of Y."""
    return parted(x > 50 + v * v, lambda v, x: np.imag(hankel(n, v, x)), lambda v, x: yv_near(n, v, x), v, x)


def ive_at(n: int, v: Any, x: Any) -> Any:
    """The derivative of exp(-x) I, through the saddle point sinh r = v / x."""
    r = np.arcsinh(v / x)
    rest = tail(cosh_line, v, x, r, lambda t: np.imag(turned(n, v)(t)))
    return (np.real(across(n, v, x, r, cosh_line, np.zeros_like(x))) - np.exp(-2 * x) * rest) / np.pi


def kve_at(n: int, v: Any, x: Any) -> Any:
    """The derivative of exp(x) K (10.32.9), which is even in v."""
    size = np.abs(v)
    twice, sign = -2 * size[:, None], np.sign(v) if n % 2 else 1.0

    def weight(t: Any) -> Any:
        return 0.5 * t**n * (-np.expm1(twice * t) if n % 2 else 1 + np.exp(twice * t))

    return sign * tail(cosh_line, -size, x, np.zeros_like(x), weight)


def parted(
    condition: Any, f: Callable[[Any, Any], Any], otherwise: Callable[[Any, Any], Any], v: Any, x: Any
) -> Any:
    """Return f where a condition holds, and another function elsewhere."""
    result = np.empty_like(x)
    for where, g in ((condition, f), (~condition, otherwise)):
        if np.any(where):
            result[where] = g(v[where], x[where])
    return result


def family(name: str, at: Callable[[int, Any, Any], Any], vanishes: bool) -> PrimitiveFunction[Any, Any]:
    """Return the function (n, v, x) of the n-th derivative by v, made of that for flat arrays.

    Args:
        name: the function of `scipy.special`.
        at: the function for flat arrays.
        vanishes: whether the function and its derivatives are 0 where x = 0 and v > 0.
    """

    def order_derivative(n: Any, v: Any, x: Any) -> Any:
        if np.iscomplexobj(x):
            raise UnsupportedArgumentError(
                f"scipy.special.{name} has a derivative by its order for real arguments only; take the order as a constant"
            )
        counts, v, x = np.broadcast_arrays(n, np.asarray(v, float), np.asarray(x, float))
        zero = np.equal(x, 0) & np.greater(v, 0) & vanishes
        if np.any(np.less_equal(x, 0) & ~zero):
            raise UndefinedDerivativeError(
                f"scipy.special.{name} has no derivative by its order at negative arguments, where it is "
                "real for whole orders alone, nor at 0; take the order as a constant"
            )
        result = np.where(np.isnan(v) | np.isnan(x), np.nan, 0.0)
        for k in np.unique(counts):
            here = (counts == k) & np.isfinite(v) & np.isfinite(x) & ~zero
            if np.any(here):
                with np.errstate(over="ignore", under="ignore"):
                    result[here] = at(int(k), v[here], x[here])
        return result[()]

    return PrimitiveFunction(order_derivative, name=f"scipy.special.{name} (by its order)")


jv_order = family("jv", jv_at, True)
yv_order = family("yv", yv_at, False)
ive_order = family("ive", ive_at, True)
kve_order = family("kve", kve_at, False)

# fmt: off
jv_order.def_elementwise(None, lambda n, v, x: jv_order(n + 1, v, x),
    lambda n, v, x: (jv_order(n, v - 1, x) - jv_order(n, v + 1, x)) / 2,  operands=("n", "v", "x"), domain=(taken, positive, positive))
yv_order.def_elementwise(None, lambda n, v, x: yv_order(n + 1, v, x),
    lambda n, v, x: (yv_order(n, v - 1, x) - yv_order(n, v + 1, x)) / 2,  operands=("n", "v", "x"), domain=(taken, positive, positive))
ive_order.def_elementwise(None, lambda n, v, x: ive_order(n + 1, v, x),
    lambda ans, n, v, x: (ive_order(n, v - 1, x) + ive_order(n, v + 1, x)) / 2 - ans, operands=("n", "v", "x"), domain=(taken, positive, positive))
kve_order.def_elementwise(None, lambda n, v, x: kve_order(n + 1, v, x),
    lambda ans, n, v, x: ans - (kve_order(n, v - 1, x) + kve_order(n, v + 1, x)) / 2, operands=("n", "v", "x"), domain=(taken, positive, positive))
# fmt: on
