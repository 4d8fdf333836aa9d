"""Sample calls of functions that make numbers along a line, and of Bessel functions."""

from typing import Any

import numpy as np

import funcad.numpy as fnp
from funcad.core.domains import positive
from funcad.core.elements import view_parts
from funcad.rules.bessel import bessel
from funcad.testing.samples import array, call, samples

N, V, P = array(), array(3), array(domain=positive)
PS = array(3, domain=positive)


def _small(x: Any) -> Any:
    return x / 50


samples(
    np.logspace,
    call(N, N, 4),
    call(0.0, N),
    call(N, 1.0, 5, False),
    call(V, array(2, 1), 3),
    call(N, N, 4, base=P),
    call(V, 1.0, 3, axis=-1, base=2),
    call(0.0, 2.0, 3, base=PS),
    call(V, 1.0, 3, base=PS, axis=-1),
    call(N, 1, num=1),
    call(N, 1, 3, dtype=np.float64),
)
samples(
    np.geomspace,
    call(P, P, 5),
    call(P, 10.0, num=4, endpoint=False),
    call(-2.0, array(make=lambda x: -abs(x) - 1), 3),
    call(PS, [[1.0], [2.0]], 3, axis=-1),
    call(P, 2, 1),
    call(P, 2, 2, dtype=np.float64),
    call(P, P, 0),
)
samples(
    np.arange,
    call(array(make=_small), 2.3, 0.7),
    call(0, 2.3, array(make=lambda x: 0.65 + x / 50)),
    call(array(make=_small), -2.2, -0.6, np.float64),
    call(array(make=_small), 3.5),
    by=fnp.arange,
)
samples(bessel, call(array(4), 1), call(array(make=lambda x: 20 * x), 2), call(array(2, 2), 0), call(N, 3))
for _z, _dtype in (
    (array(2, 3, complex=True), float),
    (array(3, 4), complex),
    (array(1, complex=True), float),
):
    samples(view_parts, call(_z, _dtype, float32=False))
samples(
    np.geomspace,
    call(array(domain=positive, complex=True), array(domain=positive, complex=True), 4),
    call(array(2, domain=positive), array(2, domain=positive, complex=True), 3, endpoint=False),
)
