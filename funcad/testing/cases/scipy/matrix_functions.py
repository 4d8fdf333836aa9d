"""Sample calls of `scipy.linalg`: functions of one matrix."""

from typing import Any

import numpy as np

from funcad.rules.scipy.matrix_functions import (
    change_of_expm,
    coshm,
    cosm,
    expm,
    expm_frechet,
    fractional_matrix_power,
    funm,
    logm,
    signm,
    sinhm,
    sinm,
    sqrtm,
    tanhm,
    tanm,
)
from funcad.testing.samples import Spec, array, call, samples, well_conditioned


def _complex(x: Any) -> Any:
    return x / x.shape[-1] + 2 * np.eye(x.shape[-1])


def _turned(x: Any) -> Any:
    """Make a pair of eigenvalues complex."""
    turn = np.zeros(x.shape[-2:])
    turn[0, 1], turn[1, 0] = 2, -1
    return x / 6 + np.eye(x.shape[-1]) + turn


def _mixed_signs(x: Any) -> Any:
    """Make eigenvalues of both signs, apart from each other."""
    return x / 8 + np.diag([-3.0, 1.0, 3.0])


A, Z = well_conditioned(3, 3), Spec((3, 3), make=_complex, complex=True)
TURNED, SIGNS = Spec((3, 3), make=_turned), Spec((3, 3), make=_mixed_signs)
SMALL = Spec((2, 2), make=lambda x: x / 4)

samples(expm, call(array(3, 3)), call(array(2, 2, 2)), call(array(1, 1)), call(Z))
samples(change_of_expm, call(A, array(3, 3)), call(Z, array(3, 3, complex=True)))
samples(
    expm_frechet,
    call(A, array(3, 3)),
    call(A, array(3, 3), compute_expm=False),
    call(Z, array(3, 3, complex=True), "blockEnlarge", check_finite=False),
)
# SciPy estimates norms with random numbers, but for two rows: results may differ in the last bit
A2, TURNED2 = Spec((2, 2), make=lambda x: x / 5 + np.diag([2.0, 4.0])), Spec((2, 2), make=_turned)
Z2 = Spec((2, 2), make=lambda x: x / 5 + np.diag([2.0, 4.0]), complex=True)
SIGNS2 = Spec((2, 2), make=lambda x: x / 8 + np.diag([-3.0, 1.0]))
samples(
    logm,
    call(A2, float32=False),
    call(TURNED2, float32=False),
    call(Z2, float32=False),
    call(SIGNS2, float32=False),
    call(Spec((3, 2, 2), make=lambda x: x / 4 + 2 * np.eye(2)), float32=False),
)
samples(sqrtm, call(A), call(TURNED), call(Z), call(SIGNS), call(well_conditioned(1, 1)))
samples(
    fractional_matrix_power,
    call(A2, 0.5, float32=False),
    call(TURNED2, -1.25, float32=False),
    call(A, 3, float32=False),
    call(A, -2, float32=False),
    call(Z2, 0.3, float32=False),
    call(SIGNS2, 0.5, float32=False),
    call(SIGNS, 3, float32=False),
)
samples(signm, call(SIGNS, float32=False))
samples(
    funm,
    call(SIGNS, np.exp, float32=False),
    call(TURNED, lambda w: w * w * w, float32=False),
    call(Spec((3, 3), make=lambda x: _mixed_signs(x), complex=True), np.sin, float32=False),
)
for f in (cosm, sinm, tanm, coshm, sinhm, tanhm):
    samples(f, call(SMALL), call(Spec((2, 2), make=lambda x: x / 4, complex=True)))
