"""Sample calls of functions that choose among elements."""

import numpy as np

import funcad.numpy as fnp
from funcad.core.domains import nonzero, positive
from funcad.rules.selection import chosen, sinc_derivative
from funcad.testing.samples import array, call, samples, separated

ROW = np.array([True, False, True, True])
GRID = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])

samples(
    np.where,
    call(ROW, array(4), array(4)),
    call(GRID, array(4), array(3, 1)),
    call(ROW, array(), 0.0),
    call(ROW, 1.0, array()),
    call(np.array([[True], [False]]), array(4), 0.0),
    call(True, array(2), array(3, 2)),
    call(ROW, array(4), array(4, complex=True)),
    call(ROW[:0], array(0), array()),
)
samples(
    chosen,
    call(array(4), array(4), ROW),
    call(array(4), array(3, 1), GRID),
    call(array(), 0.0, condition=ROW),
)
samples(
    np.select,
    call([ROW, ~ROW], [array(4), array()]),
    call([ROW[:2], ~ROW[:2]], [array(3, 2), 1.0], default=2.5),
    call([GRID, ROW], [array(3, 1), array(4)], 2),
)
samples(
    np.take,
    call(array(4), 2),
    call(array(4), [0, -1, 0]),
    call(array(3, 4), [[0, 5], [11, 5]]),
    call(array(3, 4), [1, 1, 0], axis=0),
    call(array(3, 4), np.array([[3, 0], [0, 0]]), axis=-1),
    call(array(4), [5, -7, 2], mode="wrap"),
    call(array(3, 4), [5, -7, 2], axis=1, mode="clip"),
    call(array(3, 4), np.array([], int), axis=1),
)
samples(
    np.take_along_axis,
    call(array(4), np.array([3, 0, 0])),
    call(array(3, 4), np.array([[3, 0], [1, 1], [2, 3]]), axis=1),
    call(array(3, 4), np.array([[2, 0, 0, 1]]), axis=0),
    call(array(3, 4), np.array([11, 0, 11]), axis=None),
    call(array(2, 3, 2), np.array([[[0, 2], [1, 1]]]), axis=-2),
)
samples(np.bincount, call(np.array([0, 2, 2]), array(3), float32=False))
samples(np.bincount, call(np.array([1, 1]), weights=array(2), minlength=4, float32=False))
samples(
    np.compress,
    call([True, False, True], array(3)),
    call([1, 0, 1, 0, 1], array(3, 4)),
    call(ROW, array(3, 4), axis=1),
    call(np.array([True, True]), array(3, 4), axis=-2),
)
samples(np.extract, call(GRID, array(3, 4)), call([1, 0, 0], array(3)))
samples(
    np.choose,
    call(np.array([0, 1, 1]), [array(3), array(3)]),
    call(np.array([[0], [2]]), [array(3), array(), np.ones(3)]),
    call(np.array([3, -1]), [array(2), array(2)], mode="wrap"),
    call(np.array([3, -1]), (array(2), array(2)), mode="clip"),
)

samples(
    np.clip,
    call(array(3, 4, domain=nonzero), -1.05, 0.0),
    call(array(4, domain=nonzero), 0.0, None),
    call(array(4, domain=nonzero), None, 0.0),
    call(array(4)),
    call(array(4, domain=nonzero), a_min=0.0, a_max=5.0),
    call(array(4, domain=nonzero), min=-5.0, max=0.0),
    call(array(4, domain=nonzero), max=0.0),
    call(array(4), array(4), 9.0),
    call(array(4), -9.0, array(2, 4)),
    call(array(3, 4), array(), array(3, 1)),
    call(array(), array(), array()),
    call(array(4), array(4), array(4)),
    call(np.linspace(-2.0, 2.0, 5), array(), array(5)),
    call(np.arange(5), array(), 3.3),
)
samples(
    np.sort,
    call(separated(4)),
    call(separated(3, 4)),
    call(separated(3, 4), axis=0),
    call(separated(3, 4), axis=None),
    call(separated(2, 3, 2), -2, kind="stable"),
    call(separated(5), stable=True),
    call(array(0)),
    call(array(1)),
)
samples(
    np.partition,
    call(separated(6), 2),
    call(separated(3, 4), 1, axis=0),
    call(separated(3, 4), (1, 2), axis=-1),
    call(separated(3, 4), kth=5, axis=None, kind="introselect"),
)
samples(
    np.nan_to_num,
    call(array(3)),
    call(array(2, 2), nan=1.0, posinf=2.0, neginf=3.0),
    call(array(2, complex=True)),
)
samples(np.sinc, call(array()), call(array(3, 4)), call(array(3, make=lambda x: 1e-3 * x)), call(array(0)))
samples(np.sinc, call(array(4, make=lambda x: 3.0 * x)), call(array(3, complex=True)))
samples(
    np.linspace,
    call(array(), array()),
    call(array(), 2.0, 5),
    call(0.0, array(), num=4, endpoint=False),
    call(array(), array(), 4, retstep=True),
    call(array(3), array(2, 1), 3),
    call(array(3), array(3), 4, axis=-1, endpoint=False, retstep=True),
    call(array(), array(), 1),
    call(array(2), array(), 3, dtype=np.float64),
    call(array(), array(), 3, device="cpu"),
)
samples(
    np.histogram,
    call(separated(5), order=1),
    call(separated(5), 3, order=1),
    call(separated(5), 3, weights=array(5)),
    call(separated(2, 3), 2, density=True),
    call(separated(5), 3, None, True, array(5, domain=positive)),
    call(np.arange(6.0), 4, (0.5, 4.5), weights=array(6)),
    call(np.arange(6.0), [0.0, 1.5, 4.0], weights=array(6, complex=True)),
    call(np.arange(6.0).reshape(2, 3), [array(make=lambda x: x / 9), 1.5, 4.2], weights=array(2, 3)),
    call(separated(4), 3, (-2.0, array(make=lambda x: 2 + x / 9)), True),
    by=fnp.histogram,
)
samples(np._core.umath.clip, call(array(4), array(4), array(4)), call(np.arange(4.0), array(), 2.5))  # type: ignore[attr-defined]
samples(sinc_derivative, call(array(), 1), call(array(3), 2), call(array(3, make=lambda x: 4.0 * x), 3))
