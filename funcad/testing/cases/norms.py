"""Sample calls of norms of vectors and matrices."""

from typing import Any

import numpy as np

from funcad.core.domains import nonzero
from funcad.rules.norms import nuclear
from funcad.testing.samples import Spec, array, call, samples

S, V, W = array(domain=nonzero), array(4, domain=nonzero), array(3, 4, domain=nonzero)
Z = array(4, complex=True)
STACK = array(2, 3, 4, domain=nonzero)


def _apart(x: Any) -> Any:
    m, n = x.shape[-2:]
    return x / 2 + np.eye(m, n) * np.arange(2.0, 2.0 + 2 * n, 2.0)


def _without_ties(x: Any) -> Any:
    place = np.arange(x.size, dtype=float).reshape(x.shape)
    return np.sign(x) * (1 + 0.4 * place**1.3) + 0.01 * x


def separated(*shape: int) -> Spec:
    """Specify an array whose absolute values differ, and whose sums of them do."""
    return Spec(shape, make=_without_ties)


A, ZA = Spec((3, 3), make=_apart), Spec((3, 2), make=_apart, complex=True)
TALL, WIDE, MANY = Spec((4, 2), make=_apart), Spec((2, 4), make=_apart), Spec((2, 3, 3), make=_apart)

samples(
    np.linalg.norm,
    call(S),
    call(V),
    call(W),
    call(STACK),
    call(V, keepdims=True),
    call(W, axis=0),
    call(W, axis=-1, keepdims=True),
    call(array(0)),
    call(Z),
    call(array(2, 3, complex=True), axis=1),
    # vectors
    call(V, 1),
    call(V, 2),
    call(V, 3),
    call(V, 2.5),
    call(V, 0.5),
    call(V, -1),
    call(V, -2),
    call(separated(4), np.inf),
    call(separated(4), -np.inf),
    call(separated(3, 4), np.inf, axis=0),
    call(separated(3, 4), ord=-np.inf, axis=-1, keepdims=True),
    call(W, 1, 1),
    call(W, 3, axis=0, keepdims=True),
    call(W, 2, axis=0),
    call(STACK, 1.5, axis=1),
    call(Z, 1),
    call(Z, 3),
    call(Z, np.inf),
    # matrices
    call(W, "fro"),
    call(W, axis=(0, 1)),
    call(STACK, axis=(-2, -1)),
    call(STACK, "fro", axis=(0, 2), keepdims=True),
    call(separated(3, 4), 1),
    call(separated(3, 4), -1),
    call(separated(3, 4), np.inf),
    call(separated(3, 4), -np.inf),
    call(separated(2, 3, 4), 1, axis=(0, 2)),
    call(separated(2, 3, 4), np.inf, axis=(2, 0), keepdims=True),
    call(array(3, 3, complex=True), 1),
    call(A, 2),
    call(A, -2),
    call(A, "nuc"),
    call(TALL, 2),
    call(WIDE, -2),
    call(TALL, "nuc"),
    call(WIDE, "nuc"),
    call(MANY, 2, axis=(1, 2)),
    call(MANY, "nuc", axis=(2, 1), keepdims=True),
    call(ZA, 2),
    call(ZA, "nuc"),
)
samples(nuclear, call(A), call(TALL), call(WIDE), call(MANY), call(ZA))
samples(np.linalg.matrix_norm, call(W), call(STACK, keepdims=True), call(A, ord="nuc"), call(MANY, ord=2))
samples(
    np.linalg.vector_norm,
    call(V),
    call(STACK),
    call(STACK, keepdims=True),
    call(STACK, axis=1, ord=1),
    call(STACK, axis=(2, 0), ord=3),
    call(STACK, axis=(0, -1), keepdims=True),
)
samples(
    np.linalg.cond,
    call(A),
    call(TALL),
    call(MANY, -2),
    call(A, 1),
    call(A, "fro"),
    call(MANY, p=np.inf),
    call(ZA, 2),
)
