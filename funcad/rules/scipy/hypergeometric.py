"""Hypergeometric functions of `scipy.special`, and the inverses of z e^z.

In scope: the names that SciPy gives the arguments, `ans` the output. Numbers in brackets are equations of the NIST
Digital Library of Mathematical Functions (DLMF).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive, real
from funcad.core.kinds import elementwise
from funcad.core.tracer import anywhere, plain
from funcad.rules.scipy.parameters_series import (
    hyp0f1_by_v,
    hyp1f1_by_a,
    hyp1f1_by_b,
    hyp2f1_by_a,
    hyp2f1_by_c,
)
from funcad.rules.scipy.parameters_tricomi import hyperu_by_a, hyperu_by_b, hyperu_by_x
from funcad.rules.scipy.special import order

inside = Domain("inside", -0.9, 0.7)
branch = Domain("branch", -1.0, 1.0, integer=True, differentiable=False)
tolerance = Domain("tolerance", 1e-9, 1e-8, differentiable=False)

#: Lambert's function, which `scipy.special.lambertw` calls
LAMBERT: Any = special._ufuncs._lambertw


def hyp2f1_by_z(a: Any, b: Any, c: Any, z: Any) -> Any:
    """a b / c F(a + 1, b + 1; c + 1; z) (15.5.1)."""
    return a * b / c * gauss(a + 1, b + 1, c + 1, z)


def gauss(a: Any, b: Any, c: Any, z: Any) -> Any:
    """F(a, b; c; z), below -1 with Pfaff's transformation (15.8.1): SciPy's function may have no digit there."""
    if np.iscomplexobj(plain(z)):
        return special.hyp2f1(a, b, c, z)
    far = (plain(z) < -1) & (plain(c) > np.maximum(np.abs(plain(a)), np.abs(plain(b))))
    near = special.hyp2f1(a, b, c, np.where(far, 0.0, z))
    if not anywhere(far):
        return near
    less = plain(a) <= plain(b)
    low, high, y = np.where(less, a, b), np.where(less, b, a), np.where(far, z, -1.0)
    return np.where(far, (1 - y) ** -low * special.hyp2f1(low, c - high, c, y / (y - 1)), near)


# fmt: off
elementwise(special.hyp0f1,    hyp0f1_by_v, lambda v, z: special.hyp0f1(v + 1, z) / v, operands=("v", "z"), domain=(positive, real))
elementwise(special.hyp1f1,    hyp1f1_by_a, hyp1f1_by_b, lambda a, b, x: a / b * special.hyp1f1(a + 1, b + 1, x),
                               operands=("a", "b", "x"), domain=(positive, positive, real))                                          # 13.3.15
elementwise(special.hyp2f1,    hyp2f1_by_a, lambda a, b, c, z: hyp2f1_by_a(b, a, c, z), hyp2f1_by_c,
                               hyp2f1_by_z, operands=("a", "b", "c", "z"), domain=(positive, positive, positive, inside))
elementwise(special.hyperu,    hyperu_by_a, hyperu_by_b, hyperu_by_x, operands=("a", "b", "x"), domain=positive)
elementwise(special.wright_bessel, None, None, lambda a, b, x: special.wright_bessel(a, a + b, x), operands=("a", "b", "x"), domain=(order, order, positive))  # 10.46.1
elementwise(special.log_wright_bessel, None, None, lambda ans, a, b, x: np.exp(special.log_wright_bessel(a, a + b, x) - ans),
                               operands=("a", "b", "x"), domain=(order, order, positive))
elementwise(LAMBERT,           lambda ans: np.exp(-ans) / (1 + ans), None, None,               operands=("z", "k", "tol"), domain=(positive, branch, tolerance))  # 4.13.4
elementwise(special.wrightomega, lambda ans: ans / (1 + ans))
# fmt: on
