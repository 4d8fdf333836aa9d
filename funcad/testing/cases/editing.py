"""Sample calls of functions that leave out, put in, repeat, or apply a function piece by piece."""

from typing import Any

import numpy as np

import funcad.numpy as fnp
from funcad.testing.samples import array, call, samples

V, M = array(4), array(3, 4)

samples(
    np.delete,
    call(V, 1),
    call(V, [0, -1]),
    call(M, 5),
    call(M, slice(None, None, 2), axis=1),
    call(M, slice(3, 0, -1), -1),
    call(M, np.array([True, False, True]), 0),
    call(V, []),
    call(array(), []),
)
samples(
    np.insert,
    call(V, 1, 2.0),
    call(V, [0, 2, 2], array(3)),
    call(V, slice(0, 3, 2), array()),
    call(V, 1, array(3)),
    call(M, 1, array(4), axis=0),
    call(M, 1, array(3), 1),
    call(M, [1], array(3, 1), axis=1),
    call(M, [0, -1], array(3, 2), axis=-1),
    call(M, np.array([True, False, True, False]), array(), axis=1),
    call(np.ones((3, 4)), 12, array()),
    call(np.ones(3), 1, [array(), 2.0]),
    call(V, [], 1.0),
    by=fnp.insert,
)
samples(np.resize, call(V, (3, 3)), call(M, 5), call(array(), (2, 2)), call(V, (0, 2)), call(array(0), 2))


def _pair(row: Any) -> Any:
    return [row[0] * row[1], 2 * row[2]]


def _scaled(row: Any, by: Any = 1.0) -> Any:
    return row * by


samples(
    np.apply_along_axis,
    call(np.cumsum, 0, M),
    call(np.sum, -1, M),
    call(np.sum, 0, V),
    call(np.outer, 1, M, np.arange(2.0)),
    call(_pair, 0, M),
    call(_scaled, 1, M, by=array()),
    by=fnp.apply_along_axis,
)
samples(
    np.apply_over_axes,
    call(np.sum, M, [0, -1]),
    call(np.sum, M, 1),
    call(np.cumsum, array(2, 3, 2), (0, 2)),
)


def _square(x: Any, by: Any = 1.0) -> Any:
    return x * x * by


def _minus(x: Any, by: Any = 1.0) -> Any:
    return -x


NEGATIVE = [np.array([True, False, True, False])]
ROWS = np.array([True, False, True])
samples(
    np.piecewise,
    call(V, NEGATIVE, [_minus, _square]),
    call(V, NEGATIVE[0], [_minus, 2.0]),
    call(V, NEGATIVE, [_square]),
    call(V, [*NEGATIVE, [True, True, False, False]], [array(), _square, _minus]),
    call(M, [ROWS], [_square, array()]),
    call(V, NEGATIVE, [_square, _minus], array()),
    call(V, NEGATIVE, [_square, _minus], by=2.0),
    call(array(), True, [_square, _minus]),
    call(np.arange(4.0), NEGATIVE, [array(), _square]),
    call(V, NEGATIVE, [array(2), 1]),
    by=fnp.piecewise,
)
