"""The derivative of the exponential of a matrix along another one, for plain numbers.

The Padé approximant of degree m is (V - U)^-1 (V + U), where V is even and U = A W odd in A. It is differentiated in
turn, and then squared as often as the matrix was halved (A. H. Al-Mohy and N. J. Higham, Computing the Frechet
derivative of the matrix exponential, 2009, algorithm 6.4), with no step repeated for the value, which is known.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from scipy.linalg import get_lapack_funcs

#: by degree, the 1-norm up to which the derivative of the approximant is exact to rounding (table 6.1 there)
LIMITS: Final = {3: 1.08e-2, 5: 2.00e-1, 7: 7.83e-1, 9: 1.78, 13: 4.74}


def _coefficients(m: int) -> Any:
    """Return rows of factors of I, A^2, A^4 and so on: for W and V, of degree 13 for what A^6 multiplies first."""
    b = [math.comb(m, j) * math.factorial(2 * m - j) / math.factorial(2 * m) for j in range(m + 1)]
    odd, even = b[1::2], b[0::2]
    if m < 13:
        return np.array([odd, even])
    return np.array([[0.0, *odd[4:]], [0.0, *even[4:]], odd[:4], even[:4]])


COEFFICIENTS: Final = {m: _coefficients(m) for m in LIMITS}


def change_of_exponential(a: Any, e: Any) -> Any:
    """Return the derivative of exp(a) along e."""
    kind = np.result_type(a, e, np.float64)
    norm = np.max(np.sum(np.abs(a), axis=0), initial=0.0)
    if not a.size or not np.isfinite(norm):
        return np.full(a.shape, np.nan, kind)
    degree = next((m for m, limit in LIMITS.items() if norm <= limit), 13)
    squarings = max(0, math.ceil(math.log2(norm / LIMITS[13]))) if degree == 13 else 0
    a, e = (x.astype(kind, "C") * 2.0**-squarings for x in (a, e))
    factors = COEFFICIENTS[degree]
    # even powers, and their changes
    powers, changes = np.empty((2, factors.shape[1], *a.shape), kind)
    powers[0], changes[0] = np.eye(len(a)), 0.0
    powers[1], changes[1] = a @ a, a @ e + e @ a
    for k in range(2, len(powers)):
        powers[k] = powers[k - 1] @ powers[1]
        changes[k] = powers[k - 1] @ changes[1] + changes[k - 1] @ powers[1]
    sums, moves = ((factors @ x.reshape(len(x), -1)).reshape(-1, *a.shape) for x in (powers, changes))
    if degree == 13:
        top, of_top = powers[3], changes[3]
        moves = top @ moves[:2] + of_top @ sums[:2] + moves[2:]
        sums = top @ sums[:2] + sums[2:]
    (w, v), (of_w, of_v) = sums, moves
    u, of_u = a @ w, a @ of_w + e @ w
    factorise, solve = get_lapack_funcs(("getrf", "getrs"), (u,))
    # from the right, R (V - U) = V + U, since transposed arrays are in LAPACK's order
    factor, pivots, _ = factorise((v - u).T, overwrite_a=True)
    result = solve(factor, pivots, (v + u).T, overwrite_b=True)[0].T
    change = solve(factor, pivots, (of_u + of_v + result @ (of_u - of_v)).T, overwrite_b=True)[0].T
    for k in range(squarings):
        if k:
            result = result @ result
        change = result @ change + change @ result
    return change
