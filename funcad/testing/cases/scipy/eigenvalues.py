"""Sample calls of `scipy.linalg`: eigenvalues and eigenvectors."""

from typing import Any

import numpy as np

from funcad.rules.scipy.eigenvalues import (
    eig,
    eig_banded,
    eigh,
    eigh_tridiagonal,
    eigvals,
    eigvals_banded,
    eigvalsh,
    eigvalsh_tridiagonal,
)
from funcad.testing.cases.decompositions import apart, mixed
from funcad.testing.samples import Spec, array, call, positive_definite, samples


def turning(x: Any) -> Any:
    """Keep a pair of complex eigenvalues, and apart the sizes of the entries of their vectors."""
    turn = np.zeros((3, 3))
    turn[0, 1], turn[1, 0] = 4, -1
    return x / 8 + np.diag([1.0, 1.0, 4.0]) + turn


def _weights(x: Any) -> Any:
    return x @ np.conjugate(x.T) / 4 + np.eye(x.shape[-1])


A, M, P = apart(3, 3), mixed(3, 3), positive_definite(3, 3)
TURNING, W = Spec((3, 3), make=turning), Spec((3, 3), make=_weights, complex=True)

# the default driver, and "ev" now and then, turn the sign of a vector between two neighbouring matrices
samples(
    eigh,
    call(A, lower=False, driver="evd"),
    call(A, driver="evd"),
    call(A, eigvals_only=True, check_finite=False, driver="ev"),
    call(A, subset_by_index=[0, 1], driver="evx"),
    call(A, subset_by_index=[1, 2], eigvals_only=True),
    call(A, subset_by_value=[3.0, np.inf], driver="evx"),
    call(A, P),
    call(A, P, lower=False, type=2),
    call(A, P, type=3),
    call(A, P, eigvals_only=True),
    call(A, P, subset_by_index=[1, 2]),
    call(M, driver="evd", float32=False),
    call(M, lower=False, driver="evd", float32=False),
    call(M, W, float32=False),
    call(M, W, lower=False, type=2, float32=False),
    call(M, subset_by_index=[0, 1], driver="evx", float32=False),
    call(apart(2, 3, 3), driver="evd"),
    call(apart(1, 1)),
)
samples(
    eigvalsh,
    call(A),
    call(A, lower=False),
    call(A, P, type=2),
    call(A, subset_by_index=[0, 0]),
    call(A, subset_by_value=[-1.0, 5.0]),
    call(M),
)
samples(
    eig,
    call(A, float32=False),
    call(A, left=True, float32=False),
    call(A, left=True, right=False, float32=False),
    call(A, right=False),
    call(TURNING, float32=False),
    call(TURNING, None, True, float32=False),
    call(apart(3, 3, complex=True), left=True, float32=False),
    call(A, P, float32=False),
    call(A, P, right=False, float32=False),
)
samples(eigvals, call(A), call(TURNING), call(TURNING, P, float32=False), call(apart(3, 3, complex=True)))


def _rising(x: Any) -> Any:
    return x / 4 + 2 * np.arange(x.shape[-1])


def _near(x: Any) -> Any:
    """Make numbers below 1/3 in size: as many eigenvalues are then in a range for all examples of a batch."""
    return np.tanh(x) / 3


D, E = Spec((4,), make=_rising), array(3)
samples(
    eigh_tridiagonal,
    call(D, E),
    call(D, E, eigvals_only=True),
    call(D, E, select="i", select_range=(1, 2)),
    call(
        Spec((4,), make=lambda x: _rising(_near(x))),
        array(3, make=_near),
        select="v",
        select_range=(-2.0, 3.0),
        float32=False,
    ),
    call(D, E, lapack_driver="stev"),
)
samples(
    eigvalsh_tridiagonal,
    call(D, E),
    call(D, E, "i", (0, 1)),
    call(D, E, select="i", select_range=(1, 3), lapack_driver="stebz"),
)


def _band(x: Any) -> Any:
    """Make the first row, or the last, a diagonal of values that are apart."""
    return x / 4 + np.array([[1.0], [0.0], [1.0]]) * 2 * np.arange(x.shape[-1])


BAND, ZBAND = Spec((3, 4), make=_band), Spec((2, 4), make=lambda x: _band(x[[0, 1, 1]])[:2], complex=True)
samples(
    eig_banded,
    call(BAND, float32=False),
    call(BAND, lower=True, float32=False),
    call(BAND, eigvals_only=True),
    call(BAND, eigvals_only=True, select="i", select_range=(1, 2)),
    call(
        Spec((3, 4), make=lambda x: _band(_near(x))),
        lower=True,
        eigvals_only=True,
        select="v",
        select_range=(-2.0, 3.0),
        float32=False,
    ),
)
samples(
    eigvals_banded,
    call(BAND),
    call(BAND, True, select="i", select_range=(0, 1)),
    call(
        Spec((2, 4), make=lambda x: x / 4 + np.array([[1.0], [0.0]]) * 2 * np.arange(4), complex=True),
        lower=True,
    ),
)
