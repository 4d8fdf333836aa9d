"""Sample calls of piecewise linear interpolation."""

import numpy as np

from funcad.rules.interpolation import interpolated
from funcad.testing.samples import array, call, samples

NODES = array(4, make=lambda x: np.array([-1.5, -0.5, 0.5, 1.5]) + 0.1 * x)
PLACES = np.array([-1.45, -1.0, 0.1, 1.2])
# not at a node, inside and outside
POINTS = array(4, make=lambda x: np.array([-1.1, -0.1, 0.9, 2.2]) + 0.1 * x)

samples(
    np.interp,
    call(POINTS, NODES, array(4)),
    call(
        array(2, 2, make=lambda x: PLACES.reshape(2, 2) + 0.02 * x),
        np.array([-1.5, -0.5, 0.5, 1.5]),
        array(4),
    ),
    call(0.3, NODES, array(4)),
    call(PLACES, NODES, array(4, complex=True)),
    call(array(), [-3.0, 3.0], [1.0, 2.0]),
    call(POINTS, [0.1], array(1)),
    call(POINTS, NODES, array(4), left=1.5, right=-2.0),
    call(POINTS, NODES, array(4), period=4.5),
    call(array(3, make=lambda x: 0.1 * x + np.array([3.0, 4.0, 5.0])), NODES, array(4), period=-4.5),
)
samples(
    interpolated,
    call(POINTS, NODES, array(4), array(), array()),
    call(array(3, make=lambda x: 0.1 * x + 4.0), NODES, array(4), 1.0, array()),
)
