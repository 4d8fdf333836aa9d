"""`scipy.signal.windows`: windows by their shape, a formula in the distance from the middle.

A window with `sym=False` is the beginning of one with a point more.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import signal, special
from scipy.signal import windows

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.primitive import registry
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError


def window(fn: Callable[..., Any]) -> PrimitiveFunction[..., Any]:
    """Return the twin of a window under the name by which users call it."""
    return twin(fn, f"scipy.signal.windows.{fn.__name__}")


kaiser = window(windows.kaiser)
kaiser_bessel_derived = window(windows.kaiser_bessel_derived)
gaussian = window(windows.gaussian)
general_gaussian = window(windows.general_gaussian)
exponential = window(windows.exponential)
tukey = window(windows.tukey)
general_cosine = window(windows.general_cosine)
general_hamming = window(windows.general_hamming)
chebwin = window(windows.chebwin)
get_window = twin(signal.get_window)


def formula(fn: PrimitiveFunction[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the formula of a window, which is 1 where it has one point."""

    def declare(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def full(M: int, *shape: Any, **named: Any) -> Any:
            return np.ones(M) if M <= 1 else body(M, *shape, **named)

        return fn.def_composite(own_value=True)(full)

    return declare


def length(M: int, sym: bool) -> int:
    """Return the number of points of the whole window."""
    return M if sym else M + 1


def from_middle(M: int, sym: bool) -> Any:
    """Return the distances of the points from the middle of the whole window, negative before it."""
    return np.arange(M) - (length(M, sym) - 1) / 2


@formula(kaiser)
def _kaiser(M: int, beta: Any, sym: bool = True) -> Any:
    beta = as_operand(beta)
    half = (length(M, sym) - 1) / 2
    root = np.sqrt(1 - (from_middle(M, sym) / half) ** 2)
    # by scaled functions, for which no beta is too large
    return special.i0e(beta * root) / special.i0e(beta) * np.exp(np.abs(beta) * (root - 1))


@kaiser_bessel_derived.def_composite(own_value=True)
def _kaiser_bessel_derived(M: int, beta: Any, *, sym: bool = True) -> Any:
    sums = np.cumsum(_kaiser(M // 2 + 1, beta))
    rising = np.sqrt(sums[:-1] / sums[-1])
    return np.concatenate([rising, np.flip(rising)])


@formula(gaussian)
def _gaussian(M: int, std: Any, sym: bool = True) -> Any:
    return np.exp(-0.5 * (from_middle(M, sym) / as_operand(std)) ** 2)


@formula(general_gaussian)
def _general_gaussian(M: int, p: Any, sig: Any, sym: bool = True) -> Any:
    n = np.abs(from_middle(M, sym))
    # in the middle it is 1, whatever the power
    power = np.where(n == 0, 0.0, np.abs(np.where(n == 0, 1.0, n) / as_operand(sig)) ** (2 * as_operand(p)))
    return np.exp(-0.5 * power)


@formula(exponential)
def _exponential(M: int, center: Any = None, tau: Any = 1.0, sym: bool = True) -> Any:
    middle = (length(M, sym) - 1) / 2 if center is None else as_operand(center)
    return np.exp(-np.abs(np.arange(M) - middle) / as_operand(tau))


@formula(tukey)
def _tukey(M: int, alpha: Any = 0.5, sym: bool = True) -> Any:
    whole = length(M, sym) - 1
    n = np.arange(M)
    # from 1 on it is Hann's window, from 0 down a rectangle
    alpha = np.minimum(as_operand(alpha), 1.0)
    steep = np.where(np.equal(np.maximum(plain(alpha), 0), 0), 1.0, alpha)
    u = 2 * np.minimum(n, whole - n) / whole
    ramp = 0.5 - 0.5 * np.cos(np.pi * u / steep)
    return np.where(np.less(u, plain(alpha)), ramp, 1.0)


@formula(general_cosine)
def _general_cosine(M: int, a: Any, sym: bool = True) -> Any:
    a = as_operand(a)
    angle = 2 * np.pi * from_middle(M, sym) / (length(M, sym) - 1)
    return a @ np.cos(np.arange(len(a))[:, None] * angle)


@formula(general_hamming)
def _general_hamming(M: int, alpha: Any, sym: bool = True) -> Any:
    return _general_cosine(M, [as_operand(alpha), 1.0 - alpha], sym)


def chebyshev(order: int, x: Any) -> Any:
    """Return Chebyshev's polynomial, by its values at half the order (DLMF 18.18.21)."""
    t, following = np.ones_like(x), x
    for bit in f"{order:b}":
        between = 2 * t * following - x
        t, following = (between, 2 * following**2 - 1) if bit == "1" else (2 * t**2 - 1, between)
    return t


@formula(chebwin)
def _chebwin(M: int, at: Any, sym: bool = True) -> Any:
    n = length(M, sym)
    gain = 10 ** (np.abs(as_operand(at)) / 20)
    x = np.cosh(np.arccosh(gain) / (n - 1)) * np.cos(np.pi * np.arange(n) / n)
    # real and symmetric: the transform of the polynomial of order n - 1, about its middle
    w = np.cos(2 * np.pi * np.outer(from_middle(n, True), np.arange(n)) / n) @ chebyshev(n - 1, x)
    return (w / np.max(w))[:M]


#: windows with a shape by the first of their names that `get_window` takes
SHAPED = {
    "kaiser": kaiser, "ksr": kaiser, "kaiser bessel derived": kaiser_bessel_derived, "kbd": kaiser_bessel_derived,
    "gaussian": gaussian, "gauss": gaussian, "gss": gaussian, "general gaussian": general_gaussian,
    "general gauss": general_gaussian, "ggs": general_gaussian, "exponential": exponential, "poisson": exponential,
    "tukey": tukey, "tuk": tukey, "general cosine": general_cosine, "general hamming": general_hamming,
    "chebwin": chebwin, "cheb": chebwin,
}  # fmt: skip


@get_window.def_composite(own_value=True)
def _get_window(window: Any, Nx: int, fftbins: bool = True) -> Any:
    name, *shape = window if isinstance(window, tuple) else ("kaiser", window)
    words = name.replace("_", " ").removesuffix(" periodic").removesuffix(" symmetric")
    if words not in SHAPED:
        raise UnsupportedArgumentError(
            f"scipy.signal.get_window has no derivative rule for the window {name!r}; write its formula"
        )
    if words != name.replace("_", " "):
        fftbins = name.endswith("periodic")
    return registry[SHAPED[words]].body(Nx, *shape, sym=not fftbins)  # type: ignore[attr-defined]  # a composite
