"""Distribution functions of `scipy.special` that are no incomplete gamma or beta functions.

In scope: `x`, `y` the arguments, or the names that SciPy gives them; `ans` the output.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from funcad.core.domains import Domain, positive
from funcad.core.kinds import elementwise
from funcad.core.tracer import plain
from funcad.rules.scipy.special import (
    ROOT_2PI,
    normal_density,
    probability,
    slope_in_power,
)

#: the derivative of `smirnov`, with which SciPy inverts it
SMIRNOV_SLOPE: Any = special._ufuncs._smirnovp
sizes = Domain("sizes", 4.0, 5.0, integer=True, differentiable=False)
#: where the distribution of these sizes is one polynomial
distance = Domain("distance", 0.52, 0.58)


def kolmogorov_density(x: Any) -> Any:
    """The density of Kolmogorov's distribution: by one of two theta series, which converge fast."""
    low, none = plain(x) < 1, plain(x) < 0.02
    small, large = np.where(low & ~none, x, 0.5), np.where(low, 1.0, x)
    near: Any = 0.0
    away: Any = 0.0
    q = small**-2
    for k in range(1, 6):
        c = (2 * k - 1) ** 2 * math.pi**2 / 8
        near = near + np.exp(-c * q) * (2 * c * q - 1) * q
        away = away - (-1) ** k * k * k * np.exp(-2 * k * k * large * large)
    return np.where(low, np.where(none, 0.0, ROOT_2PI * near), 8 * large * away)


def smirnov_curvature(n: Any, d: Any) -> Any:
    """The second derivative of Smirnov's sum d sum_j C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j).

    From Z. W. Birnbaum and F. H. Tingey, Ann. Math. Statist. 22 (1951) 592.
    """
    n = np.trunc(plain(n))
    first = n * (n - 1) * np.maximum(1 - d, 0.0) ** np.maximum(n - 2, 0)  # of the term (1 - d)^n
    n, x = np.expand_dims(n, -1), np.expand_dims(d, -1)
    j = np.arange(1, int(np.max(n, initial=1)) + 1)
    present = (1 - plain(x) - j / n > 0) & (j <= n)
    u = np.where(present, x + j / n, 0.5)
    a, b = np.where(present, j - 1, 0), np.where(present, n - j, 0)
    log = special.gammaln(n + 1) - special.gammaln(np.where(present, j, 0) + 1) - special.gammaln(b + 1)
    term = np.exp(np.where(present, log, 0.0) + a * np.log(u) + b * np.log1p(-u))
    slope = a / u - b / (1 - u)
    curvature = slope * slope - a / (u * u) - b / (1 - u) ** 2
    return first + np.sum(np.where(present, term * (2 * slope + x * curvature), 0.0), axis=-1)


def lambda_density(ans: Any, x: Any, lmbda: Any) -> Any:
    """The density of Tukey's lambda distribution, 0 beyond the ends of its support."""
    other = special.tklmbda(-x, lmbda)
    inside = (plain(ans) > 0) & (plain(other) > 0)
    p, q = np.where(inside, ans, 0.5), np.where(inside, other, 0.5)
    return np.where(inside, 1 / (p ** (lmbda - 1) + q ** (lmbda - 1)), 0.0)


def lambda_by_shape(ans: Any, x: Any, lmbda: Any) -> Any:
    """The derivative of its distribution function by lambda: how the number of a given probability moves."""
    other = special.tklmbda(-x, lmbda)
    inside = (plain(ans) > 0) & (plain(other) > 0)
    p, q = np.where(inside, ans, 0.5), np.where(inside, other, 0.5)
    moved = slope_in_power(np.log(p), lmbda) - slope_in_power(np.log(q), lmbda)
    return np.where(inside, -moved / (p ** (lmbda - 1) + q ** (lmbda - 1)), 0.0)


# fmt: off
elementwise(special.kolmogorov, lambda x: -kolmogorov_density(x),   domain=positive)
elementwise(special.kolmogi,    lambda ans: -1 / kolmogorov_density(ans), domain=probability)
elementwise(special.smirnov,    None, lambda n, d: SMIRNOV_SLOPE(n, d), operands=("n", "d"), domain=(sizes, distance))
elementwise(SMIRNOV_SLOPE,      None, smirnov_curvature,           operands=("n", "d"), domain=(sizes, distance))
elementwise(special.smirnovi,   None, lambda ans, n: 1 / SMIRNOV_SLOPE(n, ans), operands=("n", "p"), domain=(sizes, probability))
elementwise(special.tklmbda,    lambda_density, lambda_by_shape,   operands=("x", "lmbda"), domain=(Domain("narrow", -0.8, 0.8), Domain("shape", -0.9, 0.9)))
elementwise(special.nrdtrimn,   lambda p, std: -std / normal_density(special.ndtri(p)),
                                lambda p: -special.ndtri(p), 1,    operands=("p", "std", "x"), domain=(probability, positive, positive))
elementwise(special.nrdtrisd,   lambda p: -1 / special.ndtri(p),
                                lambda ans, p: -ans / (special.ndtri(p) * normal_density(special.ndtri(p))),
                                lambda p: 1 / special.ndtri(p),    operands=("mn", "p", "x"), domain=(Domain("low", -2.0, -1.0), Domain("upper", 0.6, 0.95), positive))
# fmt: on
