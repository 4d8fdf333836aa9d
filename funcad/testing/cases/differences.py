"""Sample calls of differences, gradients of samples, integrals and phases."""

import numpy as np

from funcad.core.domains import positive
from funcad.rules.differences import unwrapped
from funcad.testing.samples import Spec, array, call, samples

samples(
    np.diff,
    call(array(4)),
    call(array(3, 4)),
    call(array(3, 4), 2, 0),
    call(array(3, 4), n=3, axis=-1),
    call(array(3, 4), n=0),
    call(array(2, 1)),
    call(array(3, 4), prepend=1.0),
    call(array(3, 4), append=array(3, 2)),
    call(array(3, 4), axis=0, prepend=array(), append=array(1, 4)),
)
samples(
    np.trapezoid,
    call(array(4)),
    call(array(3, 4), dx=0.5),
    call(array(3, 4), dx=array()),
    call(array(3, 4), array(4)),
    call(array(3, 4), x=array(3), axis=0),
    call(array(3, 4), array(3, 4), axis=-1),
    call(array(4), x=np.array([0.0, 0.5, 2.0, 3.0])),
)
samples(
    np.ediff1d,
    call(array(4)),
    call(array(3, 4)),
    call(array(0)),
    call(array(1), to_end=array(2)),
    call(array(4), to_end=1.5, to_begin=np.array([1.0, 2.0])),
    call(array(4), array(), array(2, 2)),
    call(array(3, complex=True)),
)

COORDINATES = array(4, make=lambda x: np.array([0.0, 1.0, 2.5, 3.0]) + 0.1 * x)
EVEN = array(4, make=lambda x: 0.5 * np.arange(4.0))
samples(
    np.gradient,
    call(array(4)),
    call(array(2)),
    call(array(3, 4)),
    call(array(3, 4), axis=-1),
    call(array(3, 4), axis=(1, 0), edge_order=2),
    call(array(3, 4, complex=True), 2, axis=0),
    call(array(4), 0.5, edge_order=2),
    call(array(4), array(domain=positive)),
    call(array(3, 4), array(domain=positive)),
    call(array(3, 4), array(domain=positive), array(domain=positive), edge_order=2),
    call(array(4), COORDINATES),
    call(array(4), COORDINATES, edge_order=2),
    call(array(4), EVEN),
    call(array(4), EVEN, edge_order=2),
    call(array(3, 4), 0.5, COORDINATES),
    call(array(4, 2), COORDINATES, axis=-2, edge_order=2),
    call(array(4), np.array([0, 1, 3, 4])),
    call(array(3), [0.0, 1.0, 3.0], edge_order=2),
    call(np.arange(4), COORDINATES),
)


def phases(*shape: int, axis: int = -1) -> Spec:
    """Specify phases with jumps along an axis, none of them near half a period of 5, 6 or 2 pi."""
    steps = np.array([0.5, 4.0, -4.0, 1.0, 8.0, -0.5, -7.5, 4.2, 0.0, 7.7, -4.1, 1.2])
    line = np.resize(np.cumsum(steps), shape[axis])
    along = np.moveaxis(np.broadcast_to(line, (*shape[:axis], *shape[axis:][1:], len(line))), -1, axis)
    return array(*shape, make=lambda x: along + 0.02 * x)


samples(
    unwrapped,
    call(phases(5), 2 * np.pi),
    call(phases(3, 4), array(make=lambda x: 6.0 + 0.01 * x)),
    call(phases(6), 5.0, discont=2.75, axis=-1),
)
samples(
    np.unwrap,
    call(phases(5)),
    call(phases(12, 2, axis=0), axis=0),
    call(phases(6), discont=4.4, period=5.0),
)
