"""Sample calls of `scipy.linalg`."""

from typing import Any

import numpy as np

from funcad.rules.scipy.linalg import cho_factor, cho_solve, cholesky, det, expm, inv, solve_triangular
from funcad.testing.samples import Spec, array, call, positive_definite, samples, well_conditioned

A, P, V, M = well_conditioned(3, 3), positive_definite(3, 3), array(3), array(3, 2)


def _complex(x: Any) -> Any:
    return x / x.shape[-1] + 2 * np.eye(x.shape[-1])


def _hermitian(x: Any) -> Any:
    return x @ np.conjugate(x.T) / 3 + np.eye(3)


Z = Spec((3, 3), make=_complex, complex=True)
H = Spec((3, 3), make=_hermitian, complex=True)

samples(
    solve_triangular,
    call(A, V),
    call(A, M, lower=True),
    call(A, V, trans=1),
    call(A, M, trans="T", lower=True),
    call(A, V, unit_diagonal=True),
    call(A, V, "C", True, True),
    call(Z, array(3, complex=True)),
    call(Z, V, trans=1),
    call(Z, array(3, 2, complex=True), trans=2),
)
samples(cholesky, call(P), call(P, lower=True), call(P, check_finite=False), call(H, lower=True))
samples(cho_factor, call(P), call(P, lower=True))
samples(cho_solve, call((A, False), V), call((A, True), M), call((Z, True), array(3, complex=True)))
samples(inv, call(A), call(well_conditioned(2, 3, 3)), call(Z))
samples(det, call(A), call(well_conditioned(2, 3, 3)), call(Z))
samples(expm, call(array(3, 3)), call(array(2, 2, 2)), call(array(1, 1)), call(Z))
