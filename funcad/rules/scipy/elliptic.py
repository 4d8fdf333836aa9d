"""Elliptic integrals and functions of `scipy.special`: partial derivatives in all arguments.

Those of Legendre's integrals are Carlson's R_D, which has no cancellation anywhere (DLMF 19.25.1, 19.25.9). In
scope: `x`, `y`, `z` the arguments, or the names that SciPy gives them; `ans` the output.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching, elementwise, general
from funcad.core.primitive import register
from funcad.core.several import pointwise
from funcad.core.tracer import anywhere, plain
from funcad.core.valued import Valued
from funcad.rules.batching import constants

parameter = Domain("parameter", -1.5, 0.8)
angle = Domain("angle", -6.0, 6.0)


of_roots = PrimitiveFunction(lambda a, b, c: special.elliprd(a * a, b * b, c * c), name="R_D of squares")


@of_roots.def_composite(own_value=True)
def duplicated(a: Any, b: Any, c: Any) -> Any:
    """R_D(a^2, b^2, c^2) by Carlson's duplication theorem (19.26.20): sums of one sign, as their derivatives.

    From the roots, since a cosine is smooth where the root of its square is not.
    """
    x, y, z = a * a, b * b, c * c
    mean = (x + y + 3 * z) / 5
    total: Any = 0.0
    weight = 1.0
    # each step divides the distances by 4: five at least, so that the derivatives of what is left out vanish too
    for step in range(40):
        if step > 4 and not anywhere(is_spread(x, y, z, mean)):
            break
        if step > 0:
            a, b, c = np.sqrt(x), np.sqrt(y), np.sqrt(z)
        shift = a * b + a * c + b * c
        total = total + weight / (c * (z + shift))
        x, y, z, mean = [(v + shift) / 4 for v in (x, y, z, mean)]
        weight = weight / 4
    # the series in the distances from the mean (19.36.2), up to the fifth order
    u, v, w = (mean - x) / mean, (mean - y) / mean, (mean - z) / mean
    p, q = u * v, w * w
    second, third = p - 6 * q, (3 * p - 8 * q) * w
    series = 1 - second * (3 / 14 - 9 / 88 * second + 9 / 52 * third) + third / 6
    series = series - 9 / 22 * (p - q) * q + 3 / 26 * p * q * w
    return 3 * total + weight * series / (mean * np.sqrt(mean))


def is_spread(x: Any, y: Any, z: Any, mean: Any) -> Any:
    """Tell where some of the numbers are too far from their mean for the series."""
    center = plain(mean)
    far = np.maximum(
        np.maximum(np.abs(plain(x) - center), np.abs(plain(y) - center)), np.abs(plain(z) - center)
    )
    return far > 0.003 * np.abs(center)


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
    return s**3 / 6 * of_roots(c, 1.0, np.sqrt(1 - m * s * s)) + np.where(turned, whole, 0.0)


def second_by_m(phi: Any, m: Any) -> Any:
    """The derivative of E(phi | m) by m."""
    count, rest = halves(phi)
    s, c = np.sin(rest), np.cos(rest)
    turned = np.not_equal(count, 0)
    whole = count * special.elliprd(0.0, 1 - np.where(turned, m, 0.0), 1.0) / 3
    return -(s**3) / 6 * of_roots(c, np.sqrt(1 - m * s * s), 1.0) - np.where(turned, whole, 0.0)


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


def of_squares(x: Any, y: Any, z: Any) -> Any:
    """R_D(x, y, z) from the roots."""
    return duplicated(np.sqrt(x), np.sqrt(y), np.sqrt(z))


register(special.elliprd, Valued("scipy.special.elliprd", special.elliprd, of_squares))
batching(constants.elementwise, special.elliprd, of_roots)

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
