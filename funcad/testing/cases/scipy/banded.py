"""Sample calls of `scipy.linalg`: banded matrices."""

from typing import Any

import numpy as np

from funcad.rules.scipy.banded import cho_solve_banded, cholesky_banded, solve_banded, solveh_banded
from funcad.testing.samples import Spec, array, call, samples


def heavy(row: int, rows: int, n: int, complex: bool = False) -> Spec:
    """Specify a band whose main diagonal, in some row, outweighs the others."""

    def made(x: Any) -> Any:
        weights = np.zeros((rows, 1))
        weights[row] = 3
        return x / 2 + weights

    return Spec((rows, n), make=made, complex=complex)


V, M, ZV = array(4), array(4, 2), array(4, complex=True)

samples(
    solve_banded,
    call((1, 1), heavy(1, 3, 4), V),
    call((1, 2), heavy(2, 4, 4), M),
    call((2, 0), heavy(0, 3, 4), V),
    call((0, 1), heavy(1, 2, 4), M, check_finite=False),
    call((1, 1), heavy(1, 3, 4, complex=True), ZV),
    call((0, 0), heavy(0, 1, 4), V),
)
samples(
    solveh_banded,
    call(heavy(1, 2, 4), V),
    call(heavy(2, 3, 4), M),
    call(heavy(0, 3, 4), V, lower=True),
    call(heavy(0, 2, 4, complex=True), ZV, lower=True),
    call(heavy(2, 3, 4, complex=True), ZV),
)
samples(
    cholesky_banded,
    call(heavy(1, 2, 4)),
    call(heavy(0, 3, 4), lower=True),
    call(heavy(0, 2, 4, complex=True), lower=True),
    call(heavy(2, 3, 4, complex=True)),
)
samples(
    cho_solve_banded,
    call((heavy(1, 2, 4), False), V),
    call((heavy(0, 3, 4), True), M),
    call((heavy(0, 2, 4, complex=True), True), ZV),
)
