"""Sample calls of `scipy.linalg`: systems of equations, inverses, norms."""

from typing import Any

import numpy as np

from funcad.rules.scipy.elimination import lu, lu_factor, lu_solve
from funcad.rules.scipy.linalg import (
    cho_factor,
    cho_solve,
    cholesky,
    det,
    inv,
    lstsq,
    norm,
    pinv,
    pinvh,
    solve,
)
from funcad.rules.scipy.triangular import solve_triangular
from funcad.testing.samples import Spec, array, call, positive_definite, samples, well_conditioned

A, P, V, M = well_conditioned(3, 3), positive_definite(3, 3), array(3), array(3, 2)


def _complex(x: Any) -> Any:
    return x / x.shape[-1] + 2 * np.eye(x.shape[-1])


def _hermitian(x: Any) -> Any:
    return x @ np.conjugate(x.T) / 3 + np.eye(3)


def _tall(x: Any) -> Any:
    return x / 4 + 2 * np.eye(*x.shape[-2:])


Z = Spec((3, 3), make=_complex, complex=True)
H = Spec((3, 3), make=_hermitian, complex=True)
ZV, ZM = array(3, complex=True), array(3, 2, complex=True)
TALL, WIDE = Spec((4, 2), make=_tall), Spec((2, 4), make=_tall)


def _swapped(x: Any) -> Any:
    """Make the elimination exchange rows."""
    return (x / 4 + 2 * np.eye(*x.shape[-2:]))[::-1]


S = Spec((3, 3), make=_swapped)

samples(
    solve_triangular,
    call(A, V),
    call(A, M, lower=True),
    call(A, V, trans=1),
    call(A, M, trans="T", lower=True),
    call(A, V, unit_diagonal=True),
    call(A, V, "C", True, True),
    call(Z, ZV),
    call(Z, V, trans=1),
    call(Z, ZM, trans=2),
)
samples(
    cholesky,
    call(P),
    call(P, lower=True),
    call(P, check_finite=False),
    call(H, lower=True),
    call(positive_definite(2, 3, 3)),
)
samples(cho_factor, call(P), call(P, lower=True))
samples(cho_solve, call((A, False), V), call((A, True), M), call((Z, True), ZV))
samples(
    solve,
    call(A, V),
    call(A, M),
    call(S, V, transposed=True),
    call(P, V, assume_a="pos"),
    call(P, M, lower=True, assume_a="positive definite"),
    call(A, V, assume_a="sym"),
    call(A, V, lower=True, assume_a="symmetric"),
    call(A, V, assume_a="her"),
    call(A, V, assume_a="gen"),
    call(A, M, assume_a="diagonal"),
    call(A, V, assume_a="tridiagonal"),
    call(A, V, assume_a="banded"),
    call(A, V, assume_a="upper triangular"),
    call(A, M, assume_a="lower triangular", transposed=True),
    call(Z, ZM),
    call(Z, V, assume_a="sym"),
    call(Z, V, assume_a="her", lower=True),
    call(H, ZV, assume_a="pos"),
    call(well_conditioned(2, 3, 3), array(2, 3, 2)),
    call(well_conditioned(1, 1), array(1)),
)
samples(
    lu,
    call(A),
    call(S),
    call(S, permute_l=True),
    call(S, p_indices=True),
    call(TALL),
    call(WIDE, check_finite=False),
    call(Z),
    call(well_conditioned(2, 3, 3)),
    call(well_conditioned(1, 1)),
)
samples(lu_factor, call(A), call(S), call(TALL), call(WIDE), call(Z), call(well_conditioned(2, 3, 3)))
PIVOTS = np.array([1, 2, 2], np.int32)
samples(
    lu_solve,
    call((A, PIVOTS), V),
    call((A, PIVOTS), M, trans=1),
    call((A, PIVOTS), M, 2),
    call((Z, PIVOTS), ZV),
    call((Z, PIVOTS), V, 1),
    call((Z, PIVOTS), ZM, trans=2),
)
samples(
    inv,
    call(A),
    call(well_conditioned(2, 3, 3)),
    call(Z),
    call(P, assume_a="pos"),
    call(A, assume_a="sym", lower=True),
    call(Z, assume_a="her"),
    call(A, assume_a="upper triangular"),
    call(A, assume_a="lower triangular"),
    call(Z, assume_a="sym"),
)
samples(det, call(A), call(well_conditioned(2, 3, 3)), call(Z))
samples(
    lstsq,
    call(TALL, array(4)),
    call(TALL, array(4, 2)),
    call(WIDE, array(2)),
    call(A, M, lapack_driver="gelss"),
    call(TALL, array(4), lapack_driver="gelsy"),
    call(Z, ZV),
)
samples(
    pinv,
    call(TALL),
    call(WIDE, rtol=1e-4),
    call(A, atol=1e-4),
    call(TALL, return_rank=True),
    call(Z),
    call(Spec((2, 4, 2), make=_tall)),
)
samples(pinvh, call(A), call(A, lower=False, return_rank=True), call(Z))
samples(
    norm,
    call(V, float32=False),
    call(M),
    call(A, 1),
    call(A, np.inf),
    call(A, ord=2),
    call(A, "nuc"),
    call(V, 3),
    call(M, axis=0),
    call(M, 1, -1, keepdims=True),
    call(ZV, float32=False),
    call(Z, "fro", check_finite=False),
)
