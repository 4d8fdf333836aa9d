"""Derivatives that several tables of `scipy.special` share, in forms that keep their accuracy everywhere.

Numbers in brackets are equations of the NIST Digital Library of Mathematical Functions (DLMF).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.tracer import anywhere, plain
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError

ROOT_PI = math.sqrt(math.pi)


def horner(coefficients: list[float], x: Any) -> Any:
    """Return the polynomial with these coefficients, the constant one first."""
    total = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        total = c + x * total
    return total


# --- exponentials and logarithms


def slope_of_exprel(x: Any) -> Any:
    """The derivative of (e^x - 1) / x = M(1, 2, x): that of Kummer's function (13.3.15)."""
    return special.hyp1f1(2.0, 3.0, x) / 2


def slope_of_spence(x: Any) -> Any:
    """log(x) / (1 - x), a hypergeometric series (15.4.1) near 1, where the quotient of small numbers cancels."""
    near = np.abs(plain(x) - 1) < 0.5
    far = np.where(near, 2.0, x)
    return np.where(near, -special.hyp2f1(1.0, 1.0, 2.0, 1 - np.where(near, x, 1.0)), np.log(far) / (1 - far))


# --- error functions of complex arguments

#: (2k - 1)!! for k = 1, 2, ...: the asymptotic series of error functions (7.12.1) in 1 / (2 z^2)
ODD_PRODUCTS = [float(math.prod(range(1, 2 * k, 2))) for k in range(1, 19)]


def slope_of_wofz(z: Any, w: Any) -> Any:
    """w'(z) = -2 z w + 2i / sqrt(pi) (7.10.2); far from 0, where that cancels, the asymptotic series."""
    re, im = np.real(plain(z)), np.imag(plain(z))
    far = (np.hypot(re, im) > 8) & ((im >= 0) | ((re - im) * (re + im) > 40))
    near = -2 * z * w + 2j / ROOT_PI
    if not anywhere(far):
        return near
    away = np.where(far, z, 1e3)
    q = 0.5 / (away * away)
    # the real part on the real axis is no power of 1 / z
    on_axis = np.where(im == 0, -2 * away * np.exp(-away * away), 0)
    return np.where(far, on_axis - 2j / ROOT_PI * q * horner(ODD_PRODUCTS, q), near)


def slope_of_erfcx(x: Any, ans: Any) -> Any:
    """2 x erfcx(x) - 2 / sqrt(pi); far from 0, where that cancels, the asymptotic series."""
    real, imaginary = np.real(plain(x)), np.imag(plain(x))
    far = (real > 8) & (np.abs(imaginary) < real)
    near = 2 * x * ans - 2 / ROOT_PI
    if not anywhere(far):
        return near
    q = -0.5 / np.where(far, x, 1e3) ** 2
    return np.where(far, 2 / ROOT_PI * q * horner(ODD_PRODUCTS, q), near)


# --- gamma functions


def turned(x: Any) -> Any:
    """Return x less the nearest even number, so that pi x has no rounding of a large multiple of pi."""
    return x - 2 * np.round(np.real(plain(x)) / 2)


def is_pole(x: Any) -> Any:
    """Tell where the gamma function has a pole."""
    x = plain(x)
    return np.less_equal(np.real(x), 0) & np.equal(x, np.round(np.real(x)))


def slope_of_rgamma(x: Any) -> Any:
    """The derivative of 1 / Gamma, by reflection (5.5.3) left of 1/2, where psi has poles and it has none."""
    low = np.real(plain(x)) < 0.5
    left, right = np.where(low, x, 0.0), np.where(low, 1.0, x)
    turn = np.pi * turned(left)
    of_left = special.gamma(1 - left) * (np.cos(turn) - np.sin(turn) / np.pi * special.psi(1 - left))
    return np.where(low, of_left, -special.rgamma(right) * special.psi(right))


#: B_2k / (2k), the coefficients of the asymptotic series of psi (5.11.2)
_PSI = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12]


def rise_of_psi(x: Any, step: Any) -> Any:
    """psi(x + step) - psi(x), which cancels if the step is small: then term by term (5.5.2, 5.11.2)."""
    values, steps = plain(x), plain(step)
    small = (np.abs(steps) < 0.01 * values) & (values > 0)
    plainly = special.psi(x + step) - special.psi(x)
    if not anywhere(small):
        return plainly
    x, step = np.where(small, x, 1.0), np.where(small, step, 0.0)
    total = sum([step / ((x + k) * (x + k + step)) for k in range(10)])
    x = x + 10
    y = x + step
    total = total + np.log1p(step / x) + step / (2 * x * y)
    p, q = 1 / (x * x), 1 / (y * y)
    difference = (-step * (x + y)) * p * q
    term, power = difference, 1.0
    for c in _PSI:
        total = total - c * term
        power = power * p
        term = q * term + power * difference
    return np.where(small, total, plainly)


def times_psi(ans: Any, s: Any, *others: tuple[Any, int]) -> Any:
    """ans psi(s), where ans is the product of 1 / Gamma(s) and Gamma(x)^power for the others, with its limit.

    By reflection psi(s) = psi(1 - s) - pi / tan(pi s), and 1 / Gamma(s) = sin(pi s) Gamma(1 - s) / pi.
    """
    low = plain(s) < 0.5
    if not anywhere(low):
        return ans * special.psi(s)
    t = np.where(low, s, 0.0)
    log, sign = special.gammaln(1 - t), 1.0
    for x, power in others:
        x = np.where(low, x, 1.0)
        log = log + power * special.gammaln(x)
        sign = sign * special.gammasgn(x)
    reflected = ans * special.psi(1 - t) - np.cos(np.pi * turned(t)) * sign * np.exp(log)
    return np.where(low, reflected, ans * special.psi(np.where(low, 1.0, s)))


def check_pole(name: str, s: Any) -> None:
    """Refuse to differentiate where a function of gamma functions jumps between infinities.

    Raises:
        UndefinedDerivativeError: the argument is a pole of the gamma function.
    """
    if anywhere(is_pole(s)):
        raise UndefinedDerivativeError(
            f"{name} has no derivative where an argument of the gamma function is 0 or a negative whole "
            "number; keep away from these points, or choose the branch with np.where on the arguments"
        )


# --- scaled Bessel functions


def decay(v: Any, w: Any) -> Any:
    """-z u'(z) / u(z) of u = z^(-1/2) sum a_k(v) / w^k, w = c z: Hankel's expansions (10.17.5, 10.40.2)."""
    term: Any = 1.0
    above: Any = 0.5
    below: Any = 1.0
    for k in range(1, 25):
        term = term * (4 * v * v - (2 * k - 1) ** 2) / (8 * k * w)
        above = above + (k + 0.5) * term
        below = below + term
    return above / below


def decaying(near: Any, ans: Any, v: Any, z: Any, w: Any) -> Any:
    """The derivative of a scaled Bessel function: from Hankel's expansion where the recurrence cancels.

    Args:
        near: the derivative by the recurrence.
        ans: the function, of order v at z.
        w: the variable of the expansion, z but for its direction in the plane.
    """
    far = np.abs(plain(w)) > 40 + plain(v) ** 2 / 4
    far = far & (np.real(plain(z)) > 0) if np.iscomplexobj(plain(w)) else far
    if not anywhere(far):
        return near
    z, w = np.where(far, z, 1e3), np.where(far, w, 1e3)
    return np.where(far, -ans / z * decay(np.where(far, v, 0.5), w), near)


def refuse_complex(fn: Any, instead: str, z: Any) -> None:
    """Refuse complex arguments of a function that is not holomorphic.

    Raises:
        UnsupportedArgumentError: the argument is complex.
    """
    if np.iscomplexobj(plain(z)):
        name = f"scipy.special.{fn.__name__}"
        raise UnsupportedArgumentError(
            f"{name} has a rule for real arguments (it is not holomorphic); write {instead} for complex ones"
        )
