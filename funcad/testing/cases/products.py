"""Sample calls of products of vectors, matrices and tensors."""

import numpy as np

from funcad.rules.batching.products import slid
from funcad.rules.einsum import contract
from funcad.rules.products import chain
from funcad.testing.samples import array, call, samples

S, V, M = array(), array(3), array(2, 3)
Z, ZM = array(3, complex=True), array(2, 3, complex=True)

samples(
    np.dot,
    call(S, S),
    call(S, M),
    call(M, S),
    call(V, V),
    call(M, V),
    call(V, array(3, 2)),
    call(M, array(3, 4)),
    call(array(2, 2, 3), V),
    call(V, array(2, 3, 2)),
    call(M, array(2, 3, 2)),
    call(array(2, 2, 3), array(3, 2)),
    call(array(2, 1, 3), array(2, 3, 2)),
    call(array(0), array(0)),
    call(array(0, 3), array(3, 2)),
    call(ZM, V),
    call(Z, Z),
    call(V, array(3, 2, complex=True)),
)
samples(
    np.inner,
    call(S, S),
    call(S, M),
    call(M, S),
    call(V, V),
    call(M, V),
    call(V, M),
    call(M, array(4, 3)),
    call(array(2, 2, 3), M),
    call(array(0), array(0)),
    call(ZM, Z),
)
samples(
    np.outer,
    call(S, S),
    call(S, V),
    call(V, array(2)),
    call(M, array(2, 2)),
    call(array(0), V),
    call(Z, V),
)
samples(
    np.vdot,
    call(S, S),
    call(V, V),
    call(M, array(3, 2)),
    call(array(0), array(0)),
    call(Z, Z),
    call(Z, V),
    call(V, Z),
)
samples(
    np.tensordot,
    call(array(2, 3, 2), array(3, 2, 4)),
    call(M, M, 2),
    call(M, V, 0),
    call(S, S, 0),
    call(M, array(3, 4), 1),
    call(array(2, 3, 4), array(4, 2), axes=(0, 1)),
    call(array(2, 3, 4), array(4, 3, 2), axes=([2, 0], [0, 2])),
    call(array(2, 3, 4), array(4, 2, 3), axes=([0, -2], [1, 2])),
    call(array(2, 3, 4), array(3, 4, 2), axes=([1, 2, 0], [0, 1, 2])),
    call(array(0, 3), array(3, 2), 1),
    call(ZM, Z, 1),
)
samples(
    np.kron,
    call(S, S),
    call(S, M),
    call(V, array(2)),
    call(M, array(2, 2)),
    call(V, M),
    call(array(2, 1, 2), array(2, 2)),
    call(array(0), V),
    call(Z, V),
)
samples(
    np.cross,
    call(V, V),
    call(M, M),
    call(M, V),
    call(V, M),
    call(array(2, 1, 3), array(4, 3)),
    call(array(3, 2), array(3, 2), axis=0),
    call(array(3, 2), M, axisa=0),
    call(array(3, 2), array(2, 3, 2), axisa=0, axisb=1, axisc=0),
    call(V, array(3, 2), axisb=0, axisc=-2),
    call(array(0, 3), V),
    call(Z, V),
)
for product in (np.convolve, np.correlate):
    samples(
        product,
        call(array(5), V),
        call(V, array(5)),
        call(V, V, "same"),
        call(V, array(6), mode="same"),
        call(array(4), array(6), mode="same"),
        call(array(6), array(4), "same"),
        call(array(6), array(4), "valid"),
        call(array(4), array(6), "full"),
        call(array(3), array(6), "valid"),
        call(Z, array(2, complex=True), "full"),
        call(Z, array(5), "same"),
    )
samples(np.convolve, call(S, V), call(V, S))
samples(
    np.matmul,
    call(V, V),
    call(M, V),
    call(V, array(3, 2)),
    call(M, array(3, 4)),
    call(array(2, 2, 3), V),
    call(V, array(2, 3, 2)),
    call(array(2, 2, 3), array(3, 2)),
    call(M, array(2, 3, 2)),
    call(array(2, 1, 2, 3), array(4, 3, 2)),
    call(array(1, 2, 3), array(4, 3, 1)),
    call(array(2, 0), array(0, 3)),
    call(array(0, 2, 3), array(3, 2)),
    call(ZM, array(3, 2)),
    call(ZM, Z),
)
samples(
    np.vecdot,
    call(V, V),
    call(M, V),
    call(V, M),
    call(array(2, 1, 3), array(4, 3)),
    call(array(3, 2), array(3, 2), axis=0),
    call(array(4, 3, 2), array(3, 2), axis=-2),
    call(array(3, 1, 2), array(3, 2, 2), axis=0),
    call(array(2, 0), array(0)),
    call(ZM, Z),
    call(V, Z),
)
samples(
    np.matvec,
    call(M, V),
    call(array(4, 2, 3), V),
    call(M, array(4, 3)),
    call(array(2, 1, 2, 3), array(4, 3)),
    call(array(2, 0), array(0)),
    call(ZM, Z),
)
samples(
    np.vecmat,
    call(V, array(3, 2)),
    call(array(4, 3), array(3, 2)),
    call(V, array(4, 3, 2)),
    call(array(2, 1, 3), array(4, 3, 2)),
    call(array(0), array(0, 2)),
    call(Z, array(3, 2, complex=True)),
    call(Z, array(3, 2)),
)
samples(
    np.einsum,
    call("ij,jk->ik", M, array(3, 2)),
    call("ij,jk", M, array(3, 2)),
    call("ba,c", array(2, 3), array(2)),
    call("ij, j -> i", M, V),
    call("ij->", M),
    call("ij->j", M),
    call("ij->ji", M),
    call("ii", array(3, 3)),
    call("ii->i", array(3, 3)),
    call("iij->j", array(2, 2, 3)),
    call("iji->j", array(2, 3, 2)),
    call("iii->i", array(2, 2, 2)),
    call("iijj->ij", array(2, 2, 3, 3)),
    call("ii,ij->j", array(2, 2), M),
    call("ij,k->i", M, array(2)),
    call("i,i->i", V, V),
    call("i,i->i", array(1), V),
    call("ij,jk->ik", array(2, 1), array(3, 2)),
    call("ij,j", array(2, 1), V),
    call("...ij,...jk->...ik", array(4, 2, 3), array(1, 3, 2)),
    call("...ij,...jk", array(2, 1, 2, 3), array(4, 3, 2)),
    call("...i,...i->...", array(2, 3), array(3)),
    call("i...->...i", array(2, 3)),
    call("...->...", array(2, 3)),
    call("ab,...->ab...", M, V),
    call("...ii->...i", array(2, 3, 3)),
    call(",->", S, S),
    call(",i->i", S, V),
    call("i,ij,j->", array(2), M, V),
    call("i,ij,j->", array(2), M, V, optimize=True),
    call("ij,jk,kl->il", M, array(3, 2), array(2, 2), optimize="optimal"),
    call("ij,jk,kl->il", M, array(3, 2), array(2, 2), optimize=["einsum_path", (0, 1), (0, 1)]),
    call("ij,jk->ik", array(2, 0), array(0, 3)),
    call("ij,jk->ik", ZM, array(3, 2)),
    call("i,i->", Z, Z),
    call(M, [0, 1], array(3, 2), [1, 2], [2, 0]),
    call(M, [0, 1], array(3, 2), [1, 2]),
    call(array(2, 3, 3), [..., 5, 5], [..., 5]),
)
samples(contract, call(M, V, subscripts="ij,j->i"))
samples(
    np.linalg.multi_dot,
    call([M, array(3, 4)]),
    call([M, array(3, 4), array(4, 2)]),
    call([V, array(3, 4), array(4, 2), array(2)]),
    call([M, array(3, 4), array(4)]),
    call([V, array(3, 1), array(1, 4), array(4, 2)]),
    call([ZM, array(3, 2), array(2, 2)]),
)
samples(chain, call(M, array(3, 4), array(4, 2)))

samples(np.linalg.outer, call(V, array(2)))
samples(np.linalg.cross, call(M, V), call(array(3, 2), array(3, 2), axis=0))
samples(np.linalg.matmul, call(array(4, 2, 3), array(3, 2)))
samples(np.linalg.vecdot, call(M, V), call(array(3, 2), array(3, 2), axis=0))
samples(np.linalg.tensordot, call(M, M), call(M, V, axes=1))
samples(np.linalg.matrix_transpose, call(array(2, 3, 4)))
samples(np.linalg.diagonal, call(array(2, 3, 4)), call(array(3, 3), offset=-1))
samples(
    np.linalg.trace,
    call(array(2, 3, 4)),
    call(array(3, 3), offset=1),
    call(M, dtype=float, float32=False),
)
samples(
    slid,
    call(array(5), V),
    call(array(2, 5), V),
    call(array(5), M),
    call(array(2, 1, 5), array(4, 3)),
    call(array(4, complex=True), Z),
    call(array(2, 300), array(2, 298)),
)
