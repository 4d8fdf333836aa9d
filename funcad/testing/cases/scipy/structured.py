"""Sample calls of `scipy.linalg`: matrices with a structure."""

from typing import Any

import numpy as np

from funcad.rules.scipy.structured import (
    block_diag,
    circulant,
    companion,
    convolution_matrix,
    diagsvd,
    fiedler,
    fiedler_companion,
    hankel,
    khatri_rao,
    leslie,
    matmul_toeplitz,
    matrix_balance,
    solve_circulant,
    solve_toeplitz,
    toeplitz,
)
from funcad.testing.samples import Spec, array, call, samples, separated


def _heavy(x: Any) -> Any:
    """Let the first entry, which is on the main diagonal, outweigh the others."""
    return x / 4 + 2 * (np.arange(x.shape[-1]) == 0)


V, W, M, Z = array(4), array(3), array(4, 2), array(4, complex=True)
C, ZC = Spec((4,), make=_heavy), Spec((4,), make=_heavy, complex=True)
LEADING = Spec((5,), make=_heavy)

samples(
    block_diag,
    call(array(2, 2), array(3), array(1, 2)),
    call(array(2, 1, 2), array(2, 2)),
    call(array()),
    call(M),
)
samples(toeplitz, call(V), call(V, W), call(Z), call(W, Z), call(array()))
samples(hankel, call(V), call(V, W), call(Z, V))
samples(circulant, call(V), call(array(2, 3)), call(Z))
samples(
    convolution_matrix,
    call(W, 5),
    call(V, 3, mode="same"),
    call(W, 4, "same"),
    call(V, 2, mode="valid"),
    call(W, 5, "valid"),
    call(array(2, 3), 4),
)
samples(companion, call(LEADING), call(Spec((2, 4), make=_heavy)), call(ZC), call(Spec((2,), make=_heavy)))
samples(
    fiedler_companion,
    call(LEADING),
    call(Spec((6,), make=_heavy)),
    call(Spec((2, 4), make=_heavy)),
    call(ZC),
    call(Spec((3,), make=_heavy)),
    call(Spec((2,), make=_heavy)),
)
samples(fiedler, call(separated(4)), call(separated(2, 3)))
samples(leslie, call(V, W), call(array(2, 3), array(2, 2)))
samples(khatri_rao, call(array(2, 3), array(4, 3)), call(array(2, 2, 3), array(2, 2, 3)))
samples(diagsvd, call(W, 3, 5), call(W, 4, 3), call(W, 3, 3))
#: far from where another power of two scales better
UNEVEN = Spec((2, 2), make=lambda x: (x / 50 + 1) * np.array([[1.0, 8.0], [0.125, 1.0]]))
samples(
    matrix_balance,
    call(UNEVEN),
    call(UNEVEN, separate=True, permute=False),
    call(UNEVEN, scale=False),
)
samples(
    solve_toeplitz,
    call(C, V),
    call((C, V), V),
    call((C, V), M, check_finite=False),
    call(ZC, Z),
    call((ZC, V), array(4, 2, complex=True)),
)
samples(
    matmul_toeplitz,
    call(V, V),
    call((V, V), M),
    call((V, W), W),
    call(Z, array(4, 2, complex=True)),
)
samples(
    solve_circulant,
    call(C, V),
    call(C, M),
    call(C, array(2, 4), baxis=1, outaxis=1),
    call(Spec((2, 4), make=_heavy), V, outaxis=-1),
    call(ZC, Z),
)
