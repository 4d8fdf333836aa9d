"""Sample calls of decompositions of matrices."""

from typing import Any

import numpy as np

from funcad.core.domains import positive
from funcad.core.gaps import parted
from funcad.testing.samples import Spec, array, call, positive_definite, samples


def _apart(x: Any) -> Any:
    """Keep eigenvalues and singular values apart, where vectors have their derivatives."""
    m, n = x.shape[-2:]
    return x / 4 + np.eye(m, n) * np.arange(2.0, 2.0 + 2 * n, 2.0)


def apart(*shape: int, complex: bool = False) -> Spec:
    """Specify matrices whose eigenvalues and singular values differ."""
    return Spec(shape, make=_apart, complex=complex)


def _mixed(x: Any) -> Any:
    """Keep the first entries of the vectors, whose phase is fixed, away from 0."""
    left, right = [np.eye(n) - 2 / n if n > 2 else np.array([[0.8, 0.6], [-0.6, 0.8]]) for n in x.shape[-2:]]
    return left @ (np.eye(*x.shape[-2:]) * np.arange(2.0, 2.0 + 2 * x.shape[-1], 2.0)) @ right.T + x / 8


def mixed(*shape: int) -> Spec:
    """Specify complex matrices whose vectors have a well determined phase."""
    return Spec(shape, make=_mixed, complex=True)


samples(
    parted,
    call(array(3, 3), array(3, 3, domain=positive), "np.linalg.eigh"),
    call(array(2, 3, 2), array(2, 1, 2, domain=positive), "np.linalg.svd"),
)
samples(
    np.linalg.cholesky,
    call(positive_definite(3, 3)),
    call(positive_definite(2, 3, 3), upper=True),
    call(positive_definite(1, 1)),
    call(array(0, 0)),
    call(Spec((3, 3), make=lambda x: x @ x.conj().T + 3 * np.eye(3), complex=True)),
)
samples(
    np.linalg.eigh,
    call(apart(3, 3)),
    call(apart(3, 3), "U"),
    call(apart(3, 3), UPLO="l"),
    call(apart(4, 2, 2)),
    call(apart(1, 1)),
    call(array(0, 0)),
    call(mixed(3, 3)),
    call(mixed(2, 3, 3), UPLO="U"),
)
samples(
    np.linalg.eigvalsh,
    call(apart(3, 3)),
    call(apart(4, 2, 2), "U"),
    call(apart(1, 1)),
    call(array(0, 0)),
    call(apart(3, 3, complex=True)),
)


def _turning(x: Any) -> Any:
    """Keep a pair of complex eigenvalues, and apart the sizes of the entries of their vectors."""
    return x / 8 + np.diag([1.0, 1.0, 4.0])[: x.shape[-1], : x.shape[-1]] + 2 * _quarter(x.shape[-1])


def _quarter(n: int) -> Any:
    turn = np.zeros((n, n))
    turn[0, 1], turn[1, 0] = 2, -0.5
    return turn


samples(
    np.linalg.eig,
    call(apart(3, 3)),
    call(Spec((3, 3), make=_turning)),
    call(Spec((2, 2, 2), make=_turning)),
    call(apart(1, 1)),
    call(apart(3, 3, complex=True)),
)
samples(
    np.linalg.eigvals,
    call(apart(3, 3)),
    call(Spec((2, 3, 3), make=_turning)),
    call(apart(3, 3, complex=True)),
)
samples(
    np.linalg.svd,
    call(apart(3, 3)),
    call(apart(2, 2), full_matrices=False),
    call(apart(4, 2), full_matrices=False),
    call(apart(2, 4), full_matrices=False),
    call(apart(3, 4, 2), False),
    call(apart(4, 2), compute_uv=False),
    call(apart(2, 3, 3), compute_uv=False),
    call(apart(1, 1)),
    call(array(0, 0)),
    call(mixed(3, 3)),
    call(mixed(4, 2), full_matrices=False),
    call(mixed(2, 4), full_matrices=False),
    call(apart(2, 3, complex=True), compute_uv=False),
)
samples(np.linalg.svdvals, call(apart(3, 2)), call(apart(2, 2, 3)))
samples(
    np.linalg.qr,
    call(apart(3, 3)),
    call(apart(4, 2)),
    call(apart(2, 4)),
    call(apart(4, 2), "r"),
    call(apart(2, 3), mode="complete"),
    call(apart(2, 4, 2)),
    call(apart(1, 1)),
    call(apart(3, 3, complex=True)),
    call(apart(4, 2, complex=True)),
)
