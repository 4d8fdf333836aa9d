"""Sample calls of what computes the methods of ufuncs; the methods themselves are tested in tests/rules."""

from typing import Any

import numpy as np

from funcad.core.domains import positive
from funcad.rules.ufunc_methods import accumulated, reduced, segmented
from funcad.testing.samples import Spec, array, call, samples, separated

GRID = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])

_ufunc: Any


def above_zero(*shape: int) -> Spec:
    """Specify an array of numbers above zero."""
    return array(*shape, domain=positive)


#: reorderable, with a slope in closed form: several axes, masks, and a number to start from
for _ufunc, _array, _first in (
    (np.logaddexp, array, -1.0),
    (np.logaddexp2, array, 0.5),
    (np.hypot, above_zero, 2.0),
    (np.fmax, separated, -9.0),
    (np.fmin, separated, 9.0),
):
    samples(
        reduced,
        call(_array(4), _ufunc),
        call(_array(3, 4), _ufunc, 0),
        call(_array(3, 4), _ufunc, axis=-1, keepdims=True),
        call(_array(2, 3, 2), _ufunc, (0, -1)),
        call(_array(3, 4), _ufunc, None),
        call(_array(3, 4), _ufunc, 1, initial=_first, where=GRID),
        call(_array(3, 4), _ufunc, None, True, _first),
        call(_array(), _ufunc),
        call(_array(2, 2), _ufunc, ()),
        call(_array(3, 1), _ufunc, 1),
        call(_array(0, 2), _ufunc, 1),
    )
    samples(accumulated, call(_array(5), _ufunc, 0), call(_array(3, 4), _ufunc, 1))
    samples(segmented, call(_array(5), _ufunc, [0, 3, 1], 0), call(_array(2, 4), _ufunc, [1, 2], 1))
#: computed from the left
for _ufunc in (np.subtract, np.divide, np.copysign):
    _array = above_zero
    samples(
        reduced,
        call(_array(4), _ufunc),
        call(_array(3, 4), _ufunc, 0),
        call(_array(3, 4), _ufunc, axis=-1, keepdims=True),
        call(_array(3, 2), _ufunc, 0, initial=1.5),
        call(_array(), _ufunc),
        call(_array(2, 2), _ufunc, ()),
        call(_array(2, 2), _ufunc, (), initial=1.5),
        call(_array(1, 3), _ufunc, 0),
        call(_array(0, 2), _ufunc, 1),
    )
    samples(accumulated, call(_array(5), _ufunc, 0), call(_array(4, 3), _ufunc, 0))
    samples(segmented, call(_array(5), _ufunc, [0, 2], 0))
for _ufunc in (np.power, np.arctan2):
    samples(accumulated, call(array(3, domain=positive), _ufunc, 0))
samples(reduced, call(array(3, domain=positive), np.float_power, float32=False))
samples(reduced, call(array(3, complex=True), np.subtract), call(array(3, 2, complex=True), np.divide))
for _ufunc in (np.maximum, np.minimum):
    samples(
        accumulated,
        call(separated(1), _ufunc, 0),
        call(separated(7), _ufunc, 0),
        call(separated(3, 4), _ufunc, 0),
        call(separated(2, 3, 2), _ufunc, 1),
        call(separated(0), _ufunc, 0),
    )
    samples(segmented, call(separated(5), _ufunc, [0, 3], 0))
samples(accumulated, call(array(4, complex=True), np.subtract, 0))
samples(
    segmented,
    call(array(6), np.add, [0, 2, 3], 0),
    call(array(6), np.add, [4, 1, 1, 5], 0),
    call(array(8), np.add, np.array([0, 4, 1, 5, 2, 6, 3, 7]), 0),
    call(array(3, 4), np.add, [0, 2], 1),
    call(array(3, 4), np.add, [1], 0),
    call(array(3), np.add, [], 0),
    call(array(2, 4, complex=True), np.add, [3, 1], 1),
    call(array(3, 4), np.multiply, [0, 2, 1], 1),
    call(array(2, 3), np.subtract, [1, 0], 1),
)
