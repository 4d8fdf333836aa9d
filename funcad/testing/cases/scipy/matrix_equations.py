"""Sample calls of `scipy.linalg`: linear and quadratic equations for a matrix."""

from typing import Any

import numpy as np

from funcad.rules.scipy.matrix_equations import (
    solve_continuous_are,
    solve_continuous_lyapunov,
    solve_discrete_are,
    solve_discrete_lyapunov,
    solve_sylvester,
)
from funcad.testing.samples import Spec, array, call, samples, well_conditioned


def _complex(x: Any) -> Any:
    return x / x.shape[-1] + 2 * np.eye(x.shape[-1])


def _turned(x: Any) -> Any:
    """Make a pair of eigenvalues complex."""
    turn = np.zeros(x.shape[-2:])
    turn[0, 1], turn[1, 0] = 2, -1
    return x / 6 + np.eye(x.shape[-1]) + turn


A, B = well_conditioned(3, 3), well_conditioned(2, 2)
TURNED, Z = Spec((3, 3), make=_turned), Spec((3, 3), make=_complex, complex=True)
ZB, ZQ = Spec((2, 2), make=_complex, complex=True), array(3, 2, complex=True)
STABLE = Spec((3, 3), make=lambda x: x / 4)
ZSTABLE = Spec((3, 3), make=lambda x: x / 4, complex=True)
#: SciPy demands that they are symmetric to the last bit, so that no entry can be moved alone
Q3, R2 = np.diag([1.0, 2.0, 3.0]) + 0.25, np.array([[2.0, 0.5], [0.5, 1.0]])

samples(
    solve_sylvester,
    call(A, B, array(3, 2)),
    call(TURNED, TURNED, array(3, 3)),
    call(Z, ZB, ZQ),
)
samples(
    solve_continuous_lyapunov,
    call(A, array(3, 3)),
    call(TURNED, array(3, 3)),
    call(Z, array(3, 3, complex=True)),
)
samples(
    solve_discrete_lyapunov,
    call(STABLE, array(3, 3)),
    call(STABLE, array(3, 3), "bilinear"),
    call(ZSTABLE, array(3, 3, complex=True), method="direct"),
    call(ZSTABLE, array(3, 3, complex=True), method="bilinear"),
)
E_, S_ = well_conditioned(3, 3), Spec((3, 2), make=lambda x: x / 8)
B3 = Spec((3, 2), make=lambda x: x / 8 + np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]))
Z3 = Spec((3, 2), make=lambda x: x / 8 + np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), complex=True)
for f in (solve_continuous_are, solve_discrete_are):
    samples(
        f,
        call(STABLE, B3, Q3, R2, float32=False),
        call(STABLE, B3, Q3, R2, balanced=False, float32=False),
        call(STABLE, B3, Q3, R2, E_, S_, float32=False),
        call(STABLE, B3, Q3, R2, s=S_, float32=False),
        call(ZSTABLE, Z3, Q3, R2, float32=False),
    )
