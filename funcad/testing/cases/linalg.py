"""Sample calls of equations, inverses, determinants and powers of matrices."""

from typing import Any

import numpy as np

from funcad.rules.linalg import cofactors, curvature
from funcad.testing.samples import Spec, array, call, samples, well_conditioned

V, M, Z = array(3), array(3, 2), array(3, 2, complex=True)
A, STACK = well_conditioned(3, 3), well_conditioned(4, 3, 3)
ONE, NONE = well_conditioned(1, 1), array(0, 0)


def _complex(x: Any) -> Any:
    return x / x.shape[-1] + 2 * np.eye(x.shape[-1])


def _singular(x: Any) -> Any:
    x = x.copy()
    x[..., -1, :] = 2 * x[..., 0, :]
    return x


def _rank_one(x: Any) -> Any:
    return x[..., :1] * x[..., :1, :]


C = Spec((3, 3), make=_complex, complex=True)
TURNED = Spec((2, 6, 3), make=lambda x: x + 3 * np.eye(6).reshape(2, 3, 6).swapaxes(1, 2))
CSTACK = Spec((2, 3, 3), make=_complex, complex=True)

samples(
    np.linalg.solve,
    call(A, V),
    call(A, M),
    call(STACK, V),
    call(STACK, M),
    call(STACK, array(4, 3, 2)),
    call(A, array(4, 3, 2)),
    call(well_conditioned(2, 1, 3, 3), array(4, 3, 2)),
    call(ONE, array(1)),
    call(NONE, array(0, 2)),
    call(NONE, array(0)),
    call(A, array(3, 0)),
    call(C, V),
    call(C, Z),
    call(A, Z),
    call(CSTACK, array(3, complex=True)),
)
samples(np.linalg.inv, call(A), call(STACK), call(ONE), call(NONE), call(C), call(CSTACK))
samples(
    np.linalg.det,
    call(A, order=3),
    call(array(2, 2)),
    call(array(4, 4)),
    call(STACK),
    call(ONE),
    call(NONE),
    call(array(0, 2, 2)),
    call(C),
    call(Spec((3, 3), make=_singular)),
    call(Spec((2, 4, 4), make=_singular)),
    call(Spec((3, 3), make=_singular, complex=True)),
)
samples(
    cofactors,
    call(A),
    call(C),
    call(STACK),
    # at a singular matrix there is no third derivative of det
    call(Spec((3, 3), make=_singular), order=1),
    call(Spec((3, 3), make=_rank_one), order=1),
    call(Spec((2, 3, 3), make=_rank_one, complex=True), order=1),
)
samples(curvature, call(array(3, 3), A), call(array(4, 3, 3), STACK), call(array(3, 3, complex=True), C))
samples(np.linalg.slogdet, call(A), call(STACK), call(ONE), call(NONE), call(C), call(CSTACK))
samples(
    np.linalg.pinv,
    call(array(3, 2)),
    call(array(2, 3)),
    call(A),
    call(array(2, 4, 2)),
    call(array(3, 2), 1e-10),
    call(array(3, 2), rtol=1e-12),
    call(array(3, 2), rtol=None),
    call(array(0, 3)),
    call(Z),
)
samples(
    np.linalg.lstsq,
    call(array(4, 2), array(4)),
    call(array(4, 2), array(4, 3)),
    call(array(2, 3), array(2)),
    call(A, V),
    call(array(4, 2), array(4), rcond=1e-12),
    call(array(4, 2, complex=True), array(4, complex=True)),
)
samples(
    np.linalg.matrix_power,
    call(A, 1),
    call(A, 2),
    call(A, 3),
    call(A, 6),
    call(A, -1),
    call(A, -3),
    call(STACK, 5),
    call(C, 4),
)
samples(
    np.linalg.tensorsolve,
    call(Spec((2, 3, 6), make=lambda x: 0.3 * x + 3 * np.eye(6).reshape(x.shape)), array(2, 3)),
    call(TURNED, array(2, 3), axes=(1,)),
)
samples(
    np.linalg.tensorinv,
    call(Spec((2, 3, 6), make=lambda x: 0.3 * x + 3 * np.eye(6).reshape(x.shape))),
    call(Spec((6, 2, 3), make=lambda x: 0.3 * x + 3 * np.eye(6).reshape(x.shape)), ind=1),
)
