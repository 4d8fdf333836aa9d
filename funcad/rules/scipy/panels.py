"""The cotangent of a matrix from that of its Cholesky factor, for plain numbers: some columns at a time, by BLAS.

With the factor [[D, 0], [B, E]] and the cotangents [[G, 0], [H, .]] let S + S^T be that of the part under E, which is
known. Then H takes C = (H - (S + S^T) B) D^-1, and G - C^T B is pulled back through D by the formula for the whole
(I. Murray, arXiv:1602.07527). That is twice the arithmetic of the factor, nearly all of it in products.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.linalg import get_blas_funcs

from funcad.rules.decompositions import cholesky_pull, is_complex
from funcad.rules.decompositions import lower as lower_weights
from funcad.rules.scipy.triangular import by_lower

#: columns of a panel: narrower ones cost more calls, wider ones more arithmetic
WIDTH: Final = 48


def pull_by_panels(g: Any, factor: Any) -> Any:
    """Return the cotangent of the lower triangle of a matrix, from that of its lower factor."""
    if type(g) is not np.ndarray or type(factor) is not np.ndarray:
        return cholesky_pull(g, factor, by_lower)  # traced: the formula has derivatives of its own
    if factor.ndim != 2 or is_complex(g) or is_complex(factor):
        return cholesky_pull(g, factor, by_lower)
    n = end = len(factor)
    solve = get_blas_funcs("trsm", (g, factor))
    both, result = np.empty((n, n), g.dtype), np.zeros((n, n), g.dtype)
    weights = lower_weights(factor[:WIDTH, :WIDTH])
    while end:
        start = max(end - WIDTH, 0)
        panel, rest = slice(start, end), slice(end, n)
        corner = np.asfortranarray(factor[panel, panel])
        of_corner = g[panel, panel]
        keep = weights[: end - start, : end - start]
        # X = B D^-1 as D^T X^T = B^T: transposed arrays are in the order of BLAS, so that nothing is copied
        if end < n:
            below = factor[rest, panel]
            of_below = g[rest, panel] - both[rest, rest] @ below
            of_below = solve(1.0, corner, of_below.T, lower=1, trans_a=1, overwrite_b=1).T
            of_corner = of_corner - of_below.T @ below
            result[rest, panel] = both[rest, panel] = of_below
            both[panel, rest] = of_below.T
        inside = keep * (corner.T @ of_corner)
        inside = solve(1.0, corner, inside.T, side=1, lower=1, overwrite_b=1)
        inside = solve(1.0, corner, inside, lower=1, trans_a=1, overwrite_b=1)
        both[panel, panel] = inside + inside.T
        result[panel, panel] = keep * both[panel, panel]
        end = start
    return result
