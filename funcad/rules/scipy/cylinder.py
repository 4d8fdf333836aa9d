"""Functions of `scipy.special` near Bessel's: partial derivatives by the argument, and of Hankel's by the order.

Airy, Hankel, Struve, Kelvin and parabolic cylinder functions as they are, spherical Bessel functions as twins. In
scope: `v`, `z`, or the names that SciPy gives the arguments; `ans` the output, `t` the tangent. Numbers in
brackets are equations of the NIST Digital Library of Mathematical Functions (DLMF).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.assemble import as_operand
from funcad.core.domains import positive
from funcad.core.function import twin
from funcad.core.kinds import batching, elementwise, general
from funcad.core.primitive import register
from funcad.core.several import pointwise
from funcad.core.tracer import plain
from funcad.core.valued import Valued
from funcad.rules.batching import constants
from funcad.rules.scipy.formulas import decaying, horner, refuse_complex
from funcad.rules.scipy.parameters_bessel import jv_order, yv_order
from funcad.rules.scipy.special import order, whole

ROOT_I = (1 + 1j) / math.sqrt(2)


def real_only(fn: Any, bessel: str) -> Any:
    """The derivative (10.6.1) of a function that is scaled by the imaginary part, so that it is for real z."""

    def slope(v: Any, z: Any) -> Any:
        refuse_complex(fn, f"{bessel}(v, z) * np.exp(-abs(z.imag))", z)
        return (fn(v - 1, z) - fn(v + 1, z)) / 2

    return slope


def struve_slope(fn: Any, sign: float, ans: Any, v: Any, x: Any) -> Any:
    """The derivative of a Struve function: of its series (11.2.1, 11.2.2) near 0, elsewhere (11.4.29, 11.4.33)."""
    near = np.abs(plain(x)) < 1
    low, far = np.where(near, x, 1.0) / 2, np.where(near, 1.0, x)
    terms = [(2 * k + v + 1) / 2 * special.rgamma(k + 1.5) * special.rgamma(k + v + 1.5) for k in range(11)]
    series = low**v * horner(terms, sign * low * low)
    return np.where(near, series, fn(v - 1, far) - v * ans / far)


def scaled_airy(x: Any) -> Any:
    """Ai, Ai', Bi and Bi' without their exponentials; by Bessel functions (9.6.2, 9.6.4), which do not cancel."""
    refuse_complex(special.airye, "airy(z) and the exponentials", x)
    x = as_operand(x)
    far = plain(x) > 2
    low, high = np.where(far, -1.0, x), np.where(far, x, 4.0)
    near, right = special.airy(low), plain(low) > 0
    grown = np.where(right, np.exp(2 / 3 * np.where(right, low, 1.0) ** 1.5), 1.0)
    zeta, third, root = 2 / 3 * high**1.5, 1 / 3, np.sqrt(high / 3)
    away = (
        root / np.pi * special.kve(third, zeta),
        -high / (np.pi * np.sqrt(3)) * special.kve(2 * third, zeta),
        root * (special.ive(-third, zeta) + special.ive(third, zeta)),
        high / np.sqrt(3) * (special.ive(-2 * third, zeta) + special.ive(2 * third, zeta)),
    )
    scales = (grown, grown, 1 / grown, 1 / grown)
    return tuple([np.where(far, a, n * s) for a, n, s in zip(away, near, scales, strict=True)])


def kelvin_of_j(x: Any) -> Any:
    """The derivative of berp(x) + i beip(x): the second one of J_0(x e^(3 pi i / 4)) (10.61.1)."""
    z = x * (ROOT_I * 1j)
    return -0.5j * (special.jv(2, z) - special.jv(0, z))


def kelvin_of_k(x: Any) -> Any:
    """The derivative of kerp(x) + i keip(x): the second one of K_0(x e^(pi i / 4)) (10.61.2)."""
    z = x * ROOT_I
    return 0.5j * (special.kv(2, z) + special.kv(0, z))


def weber(t: Any, ans: Any, curvature: Any) -> Any:
    """The tangents of a solution of y'' = curvature y and of its derivative."""
    return t * ans[1], t * curvature * ans[0]


# fmt: off
# --- Hankel functions (10.6.1); the scaled ones have an expansion in -i z and i z (10.17.5)
elementwise(special.hankel1,   lambda v, z: jv_order(1, v, z) + 1j * yv_order(1, v, z),
                               lambda v, z: (special.hankel1(v - 1, z) - special.hankel1(v + 1, z)) / 2, operands=("v", "z"), domain=positive)
elementwise(special.hankel2,   lambda v, z: jv_order(1, v, z) - 1j * yv_order(1, v, z),
                               lambda v, z: (special.hankel2(v - 1, z) - special.hankel2(v + 1, z)) / 2, operands=("v", "z"), domain=positive)
elementwise(special.hankel1e,  lambda v, z: np.exp(-1j * z) * (jv_order(1, v, z) + 1j * yv_order(1, v, z)),
                               lambda ans, v, z: decaying((special.hankel1e(v - 1, z) - special.hankel1e(v + 1, z)) / 2 - 1j * ans, ans, v, z, -1j * z),
                               operands=("v", "z"), domain=positive)
elementwise(special.hankel2e,  lambda v, z: np.exp(1j * z) * (jv_order(1, v, z) - 1j * yv_order(1, v, z)),
                               lambda ans, v, z: decaying((special.hankel2e(v - 1, z) - special.hankel2e(v + 1, z)) / 2 + 1j * ans, ans, v, z, 1j * z),
                               operands=("v", "z"), domain=positive)

# --- of whole orders, and scaled ones
elementwise(special.kn,        None, lambda n, x: -(special.kv(n - 1, x) + special.kv(n + 1, x)) / 2, operands=("n", "x"), domain=(whole, positive))
elementwise(special.yn,        None, lambda n, x: (special.yv(n - 1, x) - special.yv(n + 1, x)) / 2,  operands=("n", "x"), domain=(whole, positive))
elementwise(special.jve,       lambda v, z: jv_order(1, v, z), real_only(special.jve, "jv"), operands=("v", "z"), domain=positive)
elementwise(special.yve,       lambda v, z: yv_order(1, v, z), real_only(special.yve, "yv"), operands=("v", "z"), domain=positive)

# --- Struve functions
elementwise(special.struve,    None, lambda ans, v, x: struve_slope(special.struve, -1.0, ans, v, x),   operands=("v", "x"), domain=(order, positive))
elementwise(special.modstruve, None, lambda ans, v, x: struve_slope(special.modstruve, 1.0, ans, v, x), operands=("v", "x"), domain=(order, positive))

# --- Airy functions (9.2.1)
general(special.airy,          lambda t, x, ans: (t * ans[1], t * x * ans[0], t * ans[3], t * x * ans[2]), like=lambda x: None)
batching(pointwise, special.airy)
register(special.airye, Valued("scipy.special.airye", special.airye, scaled_airy))
batching(constants.elementwise, special.airye)

# --- Kelvin functions
elementwise(special.ber,       lambda x: special.berp(x))
elementwise(special.bei,       lambda x: special.beip(x))
elementwise(special.ker,       lambda x: special.kerp(x),          domain=positive)
elementwise(special.kei,       lambda x: special.keip(x),          domain=positive)
elementwise(special.berp,      lambda x: np.real(kelvin_of_j(x)))
elementwise(special.beip,      lambda x: np.imag(kelvin_of_j(x)))
elementwise(special.kerp,      lambda x: np.real(kelvin_of_k(x)),  domain=positive)
elementwise(special.keip,      lambda x: np.imag(kelvin_of_k(x)),  domain=positive)
general(special.kelvin,        lambda t, x, ans: (t * ans[2], t * ans[3], t * kelvin_of_j(x), t * kelvin_of_k(x)), like=lambda x: None)

# --- parabolic cylinder functions and their derivatives (12.2.4, 12.2.14)
general(special.pbdv,          (None, lambda t, ans, v, x: weber(t, ans, x * x / 4 - v - 0.5)), operands=("v", "x"), like=lambda v, x: None)
general(special.pbvv,          (None, lambda t, ans, v, x: weber(t, ans, x * x / 4 - v - 0.5)), operands=("v", "x"), like=lambda v, x: None)
general(special.pbwa,          (None, lambda t, ans, a, x: weber(t, ans, a - x * x / 4)),       operands=("a", "x"), like=lambda a, x: None)
batching(pointwise, special.kelvin, special.pbdv, special.pbvv, special.pbwa)
# fmt: on

# --- spherical Bessel functions, of which any derivative is a sum of two neighbours (10.51.2, 10.51.5)
spherical_jn = twin(special.spherical_jn)
spherical_yn = twin(special.spherical_yn)
spherical_in = twin(special.spherical_in)
spherical_kn = twin(special.spherical_kn)


def neighbours(fn: Any, below: float, above: float) -> Any:
    """Return the rule by z: (below n f_(n-1) + above (n + 1) f_(n+1)) / (2 n + 1)."""

    def slope(t: Any, n: Any, z: Any, derivative: Any) -> Any:
        lower = below * n * fn(np.maximum(n - 1, 0), z, derivative)
        return t * (lower + above * (n + 1) * fn(n + 1, z, derivative)) / (2 * n + 1)

    return slope


for _fn, _below, _above in (
    (spherical_jn, 1.0, -1.0),
    (spherical_yn, 1.0, -1.0),
    (spherical_in, 1.0, 1.0),
    (spherical_kn, -1.0, -1.0),
):
    _fn.def_jvp(None, neighbours(_fn, _below, _above))
batching(pointwise, spherical_jn, spherical_yn, spherical_in, spherical_kn)
