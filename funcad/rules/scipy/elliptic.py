"""Elliptic integrals and functions of `scipy.special`: partial derivatives in all arguments.

Those of Legendre's integrals are Carlson's R_D, which has no cancellation anywhere (DLMF 19.25.1, 19.25.9). In
scope: `x`, `y`, `z` the arguments, or the names that SciPy gives them; `ans` the output.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive
from funcad.core.kinds import batching, elementwise, general
from funcad.core.primitive import register
from funcad.core.several import pointwise
from funcad.core.tracer import plain
from funcad.core.valued import Valued
from funcad.rules.batching import constants

parameter = Domain("parameter", -1.5, 0.8)
angle = Domain("angle", -6.0, 6.0)


def duplicated(x: Any, y: Any, z: Any) -> Any:
    """R_D(x, y, z) by Carlson's duplication theorem (19.26.20), whose terms have one sign, as their derivatives."""
    total: Any = 0.0
    weight = 1.0
    # as many steps as spread arguments of the most different sizes need, and then 4^-6 times apart at most
    for _ in range(18):
        a, b, c = np.sqrt(x), np.sqrt(y), np.sqrt(z)
        shift = a * b + a * c + b * c
        total = total + weight / (c * (z + shift))
        x, y, z, weight = (x + shift) / 4, (y + shift) / 4, (z + shift) / 4, weight / 4
    mean = (x + y + 3 * z) / 5
    # the start of the series in the distances from the mean (19.36.2)
    u, v, w = (mean - x) / mean, (mean - y) / mean, (mean - z) / mean
    p, q = u * v, w * w
    second, third = p - 6 * q, (3 * p - 8 * q) * w
    fourth = 3 * (p - q) * q
    series = 1 - 3 / 14 * second + third / 6 + 9 / 88 * second * second - 3 / 22 * fourth
    return 3 * total + weight * series / (mean * np.sqrt(mean))


def degenerate_by_x(ans: Any, x: Any, y: Any) -> Any:
    """The derivative of R_C by its first argument; the closed form where the second is negative (19.6.15)."""
    below = plain(y) < 0
    positive_y = np.where(below, 1.0, y)
    inside = -special.elliprd(positive_y, positive_y, x) / 6
    return np.where(below, (ans - 1 / np.sqrt(x)) / (2 * (np.where(below, y, x + 1) - x)), inside)


def degenerate_by_y(ans: Any, x: Any, y: Any) -> Any:
    """The derivative of R_C by its second argument, which stands for two of R_F."""
    below = plain(y) < 0
    positive_y = np.where(below, 1.0, y)
    inside = -special.elliprd(x, positive_y, positive_y) / 3
    low = np.where(below, y, x + 1)
    return np.where(below, (np.sqrt(x) / low - ans) / (2 * (low - x)), inside)


def halves(phi: Any) -> tuple[Any, Any]:
    """Return how many half turns an angle is beyond a right angle, a plain number, and what is left of it."""
    count = np.round(plain(phi) / np.pi)
    return count, phi - count * np.pi


def first_by_m(phi: Any, m: Any) -> Any:
    """The derivative of F(phi | m) by m."""
    count, rest = halves(phi)
    s, c = np.sin(rest), np.cos(rest)
    turned = np.not_equal(count, 0)
    whole = count * special.elliprd(0.0, 1.0, 1 - np.where(turned, m, 0.0)) / 3
    return s**3 / 6 * special.elliprd(c * c, 1.0, 1 - m * s * s) + np.where(turned, whole, 0.0)


def second_by_m(phi: Any, m: Any) -> Any:
    """The derivative of E(phi | m) by m."""
    count, rest = halves(phi)
    s, c = np.sin(rest), np.cos(rest)
    turned = np.not_equal(count, 0)
    whole = count * special.elliprd(0.0, 1 - np.where(turned, m, 0.0), 1.0) / 3
    return -(s**3) / 6 * special.elliprd(c * c, 1 - m * s * s, 1.0) - np.where(turned, whole, 0.0)


def jacobi_by_u(t: Any, ans: Any, m: Any) -> Any:
    """The tangents of sn, cn, dn and am by u (22.13.1)."""
    sn, cn, dn, _ = ans
    return t * cn * dn, -t * sn * dn, -t * m * sn * cn, t * dn


def jacobi_by_m(t: Any, ans: Any, m: Any) -> Any:
    """The tangents of sn, cn, dn and am by m: F(am(u, m), m) = u stays as it is."""
    sn, cn, dn, am = ans
    turn = -first_by_m(am, m) * dn
    return t * cn * turn, -t * sn * turn, -t * (sn * sn + 2 * m * sn * cn * turn) / (2 * dn), t * turn


def mean_by_x(ans: Any, x: Any, y: Any) -> Any:
    """The derivative of the arithmetic-geometric mean pi / (2 R_F(0, x^2, y^2)) (19.22.1)."""
    return 2 / (3 * np.pi) * (ans / x) ** 2 * special.elliprd(0.0, (y / x) ** 2, 1.0)


register(special.elliprd, Valued("scipy.special.elliprd", special.elliprd, duplicated))
batching(constants.elementwise, special.elliprd)

# fmt: off
# --- Carlson's symmetric forms (19.18.1)
elementwise(special.elliprf,   lambda x, y, z: -special.elliprd(y, z, x) / 6,
                               lambda x, y, z: -special.elliprd(z, x, y) / 6,
                               lambda x, y, z: -special.elliprd(x, y, z) / 6, domain=positive)
elementwise(special.elliprg,   lambda x, y, z: (special.elliprf(x, y, z) - x * special.elliprd(y, z, x) / 3) / 4,
                               lambda x, y, z: (special.elliprf(x, y, z) - y * special.elliprd(z, x, y) / 3) / 4,
                               lambda x, y, z: (special.elliprf(x, y, z) - z * special.elliprd(x, y, z) / 3) / 4, domain=positive)
elementwise(special.elliprc,   degenerate_by_x, degenerate_by_y, domain=positive)
elementwise(special.agm,       mean_by_x, lambda ans, x, y: mean_by_x(ans, y, x), domain=positive)

# --- Legendre's integrals
elementwise(special.ellipk,    lambda x: special.elliprd(0.0, 1.0, 1 - x) / 6,  domain=parameter)
elementwise(special.ellipkm1,  lambda x: -special.elliprd(0.0, 1.0, x) / 6,     domain=positive)
elementwise(special.ellipe,    lambda x: -special.elliprd(0.0, 1 - x, 1.0) / 6, domain=parameter)
elementwise(special.ellipkinc, lambda phi, m: 1 / np.sqrt(1 - m * np.sin(phi) ** 2), first_by_m,  operands=("phi", "m"), domain=(angle, parameter))
elementwise(special.ellipeinc, lambda phi, m: np.sqrt(1 - m * np.sin(phi) ** 2),     second_by_m, operands=("phi", "m"), domain=(angle, parameter))

# --- Jacobi's functions
general(special.ellipj,        (jacobi_by_u, jacobi_by_m), operands=("u", "m"), like=lambda u, m: None)
batching(pointwise, special.ellipj)
# fmt: on
