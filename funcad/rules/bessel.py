"""The modified Bessel functions of the first kind, of which NumPy has that of order 0.

I_n' = (I_(n-1) + I_(n+1)) / 2, and I_0' = I_1 (NIST Digital Library of Mathematical Functions, 10.29).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import elementwise


def _bessel(x: Any, n: int) -> Any:
    # near 0 the power series (10.25.2), whose terms have one sign, elsewhere Hankel's expansion (10.40.1)
    dtype = getattr(x, "dtype", np.dtype(float))
    x = np.asarray(x, float)
    reach = 30.0 + n * n
    near = np.abs(x) < reach
    half = np.where(near, x, 0.0) / 2
    term = total = half**n / math.factorial(n)
    for k in range(1, int(2 * reach) + 20):
        term = term * (half * half) / (k * (k + n))
        total = total + term
    size = np.where(near, reach, np.abs(x))
    part = rest = np.ones_like(size)
    for k in range(1, 25):
        part = part * (((2 * k - 1) ** 2 - 4 * n * n) / (8 * k * size))
        rest = rest + part
    with np.errstate(over="ignore", invalid="ignore"):
        # in two halves, since the exponential alone overflows earlier than the product
        grown = np.exp(size / 2) / np.sqrt(2 * np.pi * size) * rest * np.exp(size / 2)
    return np.where(near, total, np.where(x < 0, (-1) ** n, 1) * grown).astype(dtype)[()]


#: I_n(x), element by element
bessel = PrimitiveFunction(_bessel, name="I_n")


def slope(x: Any, n: int) -> Any:
    """Return the derivative of I_n."""
    return bessel(x, 1) if n == 0 else (bessel(x, n - 1) + bessel(x, n + 1)) / 2


bessel.def_jvp(lambda t, x, n: t * slope(x, n))
bessel.def_vjp(lambda g, x, n: g * slope(x, n))

elementwise(np.i0, lambda x: bessel(x, 1))
