"""Division by the gaps between eigenvalues or singular values, an error where one is zero and counts.

The vectors of equal values turn by any angle when the matrix changes as little as one likes.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import numpy as np

from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching
from funcad.core.tracer import anywhere
from funcad.errors import UndefinedDerivativeError


def off_diagonal(x: Any) -> Any:
    """Return a matrix with infinity on the diagonal, which a quotient then leaves out."""
    return np.where(np.eye(x.shape[-1], dtype=bool), np.inf, x)


def _parted(m: Any, gap: Any, name: str) -> Any:
    missing = np.broadcast_to(np.equal(gap, 0), m.shape)
    if not np.any(missing):
        return m / gap
    if np.any(missing & np.not_equal(m, 0)):
        refuse(name)
    return np.where(missing, 0, m) / np.where(missing, 1, gap)


def refuse(name: str) -> NoReturn:
    """Raise the error for the derivative of vectors that equal values leave undetermined."""
    values, which = VALUES[name]
    raise UndefinedDerivativeError(
        f"{name}: the matrix does not determine the vectors of {which}, so that they have no derivative; "
        f"call {values} if only the values are needed, or write what is wanted without the vectors "
        "(np.linalg.inv, solve, matrix_power, norm; for rng.multivariate_normal pass method='cholesky')"
    )


def strictly(g: Any, gap: Any, name: str) -> Any:
    """Divide by gaps none of which may be zero: a cotangent of 0 may be one that a zero has made."""
    if anywhere(np.equal(gap, 0)):
        refuse(name)
    return g / gap


#: by function, the one that gives the values alone, and which vectors have no derivative
VALUES: Final = {
    "np.linalg.eigh": ("np.linalg.eigvalsh(a)", "equal eigenvalues"),
    "np.linalg.eig": ("np.linalg.eigvals(a)", "equal eigenvalues"),
    "np.linalg.svd": ("np.linalg.svd(a, compute_uv=False)", "singular values that are equal or 0"),
    "scipy.linalg.eigh": ("scipy.linalg.eigvalsh(a)", "equal eigenvalues"),
    "scipy.linalg.eig": ("scipy.linalg.eigvals(a)", "equal eigenvalues"),
    "scipy.linalg.svd": ("scipy.linalg.svdvals(a)", "singular values that are equal or 0"),
}
#: m / gap, and 0 where nothing is to be divided; an error where that is a number and the gap 0
parted = PrimitiveFunction(_parted, name="np.linalg.eigh (gaps)")
parted.def_jvp(
    lambda t, gap, name: parted(t, gap, name),
    lambda t, ans, gap, name: -parted(ans * t, gap, name),
)
parted.def_vjp(
    lambda g, gap, name: strictly(g, gap, name),
    lambda g, ans, gap, name: -strictly(g * ans, gap, name),
)
batching(lambda c: c.evaluate(c.whole(0), c.whole(1)), parted)


def pulled_apart(m: Any, gap: Any, name: str, of_values: Any) -> Any:
    """Divide cotangents of vectors by gaps: 0 over 0 is 0, unless the values are used as well.

    A function of the vectors alone that has a derivative where values are equal does not change with the
    basis of their vectors. One of vectors and values may, as V diag(w) V^H does at w = 0, where the
    cotangent of V is 0.
    """
    return parted(m, gap, name) if of_values is None else strictly(m, gap, name)
