"""Partial derivatives of the integrals in `scipy.special` whose derivative is their integrand.

Exponential, sine and Fresnel integrals, error functions of complex arguments, and Voigt's profile. In scope: `x`
the argument, `ans` the output, `t` the tangent. Numbers in brackets are equations of the NIST Digital Library of
Mathematical Functions (DLMF).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive
from funcad.core.kinds import batching, elementwise, general
from funcad.core.several import pointwise
from funcad.core.tracer import plain
from funcad.rules.scipy.formulas import ODD_PRODUCTS, ROOT_PI, horner, slope_of_wofz
from funcad.rules.scipy.special import whole

#: the square root of i
ROOT_I = (1 + 1j) / math.sqrt(2)


def sinhc(x: Any) -> Any:
    """sinh(x) / x, from exprel on both sides of 0."""
    if np.iscomplexobj(plain(x)):
        return np.sinc(1j * x / np.pi)
    return (special.exprel(x) + special.exprel(-x)) / 2


def struve_ratio(x: Any) -> Any:
    """H_0(x) / x, near 0 from the series (11.2.1)."""
    near = np.abs(plain(x)) < 1
    low, far = np.where(near, x, 0.0) / 2, np.where(near, 1.0, x)
    series = horner([0.5 / math.gamma(k + 1.5) ** 2 for k in range(11)], -low * low)
    return np.where(near, series, special.struve(0.0, far) / far)


def pair(first: Any, second: Any) -> tuple[Any, Any]:
    """Return the rules of both modes for two results; one that is not used may have no derivative at x."""

    def push(t: Any, x: Any) -> Any:
        return t * first(x), t * second(x)

    def pull(g: Any, x: Any) -> Any:
        return sum([h * f(x) for h, f in zip(g, (first, second), strict=True) if h is not None])

    return push, pull


def slope_of_expn(n: Any, x: Any) -> Any:
    """-E_(n-1)(x) (8.19.13), where E_-1 is elementary."""
    zero = np.equal(n, 0)
    below = np.exp(-x) * (1 + x) / np.where(zero, x * x, 1.0)
    return -np.where(zero, below, special.expn(np.where(zero, 1, n - 1), x))


# --- Voigt's profile W(s, z) = w(z / (s sqrt 2)) / (s sqrt(2 pi)), whose real part at z = x + i g it is


#: k (2k - 1)!! for k = 1, 2, ...
_WEIGHTED = [(k + 1) * c for k, c in enumerate(ODD_PRODUCTS)]


def _voigt_parts(x: Any, s: Any, g: Any) -> tuple[Any, Any, Any, Any]:
    """Return where s is small beside z and g counts, z and s / z there, and z / (s sqrt 2) elsewhere."""
    far = np.hypot(plain(x), plain(g)) > 8 * math.sqrt(2) * np.abs(plain(s))
    far = far & (np.not_equal(plain(g), 0) | np.equal(plain(s), 0))
    z = x + 1j * g
    away = np.where(far, z, 1.0)
    return (
        far,
        away,
        np.where(far, s, 0.0) / away,
        np.where(far, 1.0, z / (math.sqrt(2) * np.where(far, 1.0, s))),
    )


def voigt_by_z(x: Any, s: Any, g: Any) -> Any:
    """dW/dz, where s is small from the asymptotic series (7.12.1), which holds at s = 0 too."""
    far, away, ratio, z = _voigt_parts(x, s, g)
    series = -1j / (np.pi * away * away) * horner(ODD_PRODUCTS, ratio * ratio)
    near = slope_of_wofz(z, special.wofz(z)) / (2 * ROOT_PI * np.where(far, 1.0, s) ** 2)
    return np.where(far, series, near)


def voigt_by_s(ans: Any, x: Any, s: Any, g: Any) -> Any:
    """The derivative by the width of the normal distribution."""
    far, away, ratio, _ = _voigt_parts(x, s, g)
    series = np.real(2j / (np.pi * away * away) * ratio * horner(_WEIGHTED, ratio * ratio))
    near = -(ans + np.real((x + 1j * g) * voigt_by_z(x, s, g))) / np.where(far, 1.0, s)
    return np.where(far, series, near)


# fmt: off
elementwise(special.expi,      lambda x: np.exp(x) / x,            domain=positive)
elementwise(special.exp1,      lambda x: -np.exp(-x) / x,          domain=positive)
elementwise(special.expn,      None, slope_of_expn,                operands=("n", "x"), domain=(whole, positive))
elementwise(special.wofz,      lambda ans, x: slope_of_wofz(x, ans))
elementwise(special.voigt_profile, lambda x, s, g: np.real(voigt_by_z(x, s, g)), voigt_by_s,
                               lambda x, s, g: -np.imag(voigt_by_z(x, s, g)),
                               operands=("x", "s", "g"), domain=(Domain("real", -2.0, 2.0), positive, positive))
elementwise(special.itstruve0,    lambda x: special.struve(0.0, x),    domain=positive)
elementwise(special.itmodstruve0, lambda x: special.modstruve(0.0, x), domain=positive)
elementwise(special.it2struve0,   lambda x: -struve_ratio(x),          domain=positive)

# --- several results
general(special.sici,        *pair(lambda x: np.sinc(x / np.pi), lambda x: np.cos(x) / x), like=lambda x: None)
general(special.shichi,      *pair(sinhc, lambda x: np.cosh(x) / x),                       like=lambda x: None)
general(special.iti0k0,      *pair(special.i0, special.k0),                                like=lambda x: None)
general(special.itj0y0,      *pair(special.j0, special.y0),                                like=lambda x: None)
general(special.fresnel,     *pair(lambda x: np.sin(0.5 * np.pi * x * x), lambda x: np.cos(0.5 * np.pi * x * x)), like=lambda x: None)
# the second results are w(i z) / 2 of z = x / sqrt(i), and its conjugate (7.7.13)
general(special.modfresnelp, lambda t, ans, x: (-t * np.exp(1j * x * x),
                                                t * (ROOT_I / 2) * slope_of_wofz(ROOT_I * x, 2 * ans[1])), like=lambda x: None)
general(special.modfresnelm, lambda t, ans, x: (-t * np.exp(-1j * x * x),
                                                t * np.conj(ROOT_I / 2 * slope_of_wofz(ROOT_I * x, 2 * np.conj(ans[1])))), like=lambda x: None)
batching(pointwise, special.sici, special.shichi, special.fresnel, special.modfresnelp, special.modfresnelm)
batching(pointwise, special.iti0k0, special.itj0y0)
# fmt: on
