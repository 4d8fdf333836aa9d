"""Sample calls of `scipy.linalg`: decompositions of matrices."""

import numpy as np

from funcad.rules.scipy.decompositions import (
    hessenberg,
    null_space,
    orth,
    orthogonal_procrustes,
    polar,
    qr,
    qr_multiply,
    rq,
    rsf2csf,
    schur,
    subspace_angles,
    svd,
    svdvals,
)
from funcad.testing.cases.decompositions import apart, mixed
from funcad.testing.cases.scipy.eigenvalues import turning
from funcad.testing.samples import Spec, array, call, samples

samples(
    svd,
    call(apart(3, 3)),
    call(apart(4, 2), full_matrices=False),
    call(apart(2, 4), False, lapack_driver="gesvd"),
    call(apart(3, 2), compute_uv=False, check_finite=False),
    call(mixed(4, 2), full_matrices=False),
    call(apart(2, 3, 3)),
)
samples(svdvals, call(apart(3, 2)), call(apart(2, 2, 3)), call(apart(2, 3, complex=True)))
samples(
    qr,
    call(apart(3, 3)),
    call(apart(2, 4)),
    call(apart(4, 2), mode="economic"),
    call(apart(4, 2), mode="r"),
    call(apart(4, 3), mode="economic", pivoting=True),
    call(apart(3, 4), pivoting=True, check_finite=False),
    call(apart(4, 3), mode="r", pivoting=True),
    call(apart(4, 2, complex=True), mode="economic"),
)
samples(
    qr_multiply,
    call(apart(4, 2), array(3, 4)),
    call(apart(4, 2), array(4)),
    call(apart(4, 2), array(2, 3), mode="left"),
    call(apart(3, 3), array(3), "left"),
    call(apart(4, 2), array(4), pivoting=True),
    call(apart(3, 3, complex=True), array(2, 3, complex=True), conjugate=True),
    call(apart(3, 3, complex=True), array(3, 2, complex=True), "left"),
)
samples(
    rq,
    call(apart(3, 3)),
    call(apart(2, 4), mode="economic"),
    call(apart(3, 3), mode="r"),
    call(apart(3, 3, complex=True)),
)
samples(
    polar,
    call(apart(3, 3)),
    call(apart(4, 2), side="left"),
    call(apart(4, 2)),
    call(apart(2, 4), "left"),
    call(apart(3, 3, complex=True)),
)
samples(
    orthogonal_procrustes,
    call(apart(3, 3), apart(3, 3)),
    call(apart(4, 2), apart(4, 2), check_finite=False),
    call(apart(3, 3, complex=True), apart(3, 3, complex=True)),
)
samples(orth, call(apart(4, 2)), call(apart(3, 3)), call(mixed(4, 2)))
samples(null_space, call(apart(2, 3), float32=False), call(apart(3, 4), lapack_driver="gesvd", float32=False))
samples(
    subspace_angles,
    call(array(4, 2), array(4, 2), float32=False),
    call(array(4, 1), array(4, 2), float32=False),
)


#: which entries below the diagonal are zero decides what SciPy does, so that they cannot be moved
QUASI = np.array([[1.0, 2.0, 0.5, 1.0], [0.0, 3.0, 4.0, -1.0], [0.0, -1.0, 3.0, 0.5], [0.0, 0.0, 0.0, 6.0]])

samples(
    schur,
    call(apart(3, 3), float32=False),
    call(Spec((3, 3), make=turning), float32=False),
    call(apart(4, 4), sort="lhp", float32=False),
    call(apart(1, 1)),
)
samples(rsf2csf, call(QUASI, array(4, 4)), call(QUASI, array(4, 4), check_finite=False))
FULL = Spec((4, 4), make=lambda x: x / 4 + 2 * np.eye(4, k=-1))
samples(
    hessenberg,
    call(FULL, float32=False),
    call(FULL, calc_q=True, float32=False),
    call(Spec((4, 4), make=lambda x: x / 4 + 2 * np.eye(4, k=-1), complex=True), calc_q=True, float32=False),
    call(array(2, 2)),
)
