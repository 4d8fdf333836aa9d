"""Sample calls of the engine's own primitives: indexing, and joining or separating elements."""

import numpy as np

from funcad.core.elements import added, getitem, item, join, put, scatter, separate
from funcad.testing.samples import array, call, samples

ROWS = np.array([2, 0, 2])
MASK = np.array([True, False, True])

samples(
    getitem,
    call(array(3), 1),
    call(array(3, 4), (slice(None), 2)),
    call(array(3, 4), slice(None, None, -1)),
    call(array(3, 4), (Ellipsis, None, slice(1, 3))),
    call(array(3, 4), ROWS),
    call(array(3, 4), (ROWS, np.array([0, 1, 0]))),
    call(array(3, 4), (ROWS, slice(0, 2))),
    call(array(3, 4), [0, 0, 1]),
    call(array(3, 4), (slice(None), [1, 1])),
    call(array(3), MASK),
    call(array(3, 4), (MASK, 0)),
    call(array(3, 4), np.arange(12).reshape(3, 4) % 2 == 0),
    call(array(3, 4), slice(0, 0)),
    call(array(), ()),
    call(array(0), slice(None)),
)
samples(
    scatter,
    call(array(), 1, (3,)),
    call(array(3), (slice(None), 2), (3, 4)),
    call(array(3, 4), ROWS, (3, 4)),
    call(array(3), [0, 0, 1], (4,)),
    call(array(0), slice(0, 0), (3,)),
)
samples(item, call(array(3), 1), call(array(2, 3), -1), call(array(), 0), call(array(3, complex=True), 2))
samples(join, call(array(), array(), array()), call(array()), call(array(2), array(2)))
samples(separate, call(array(3)), call(array(2, 3)), call(array(1)))
for _fn in (put, added):
    samples(
        _fn,
        call(array(3, 4), array(4), 1),
        call(array(3, 4), array(), (slice(None), 2)),
        call(array(3, 4), array(3, 1), (slice(None), slice(1, 3))),
        call(array(3, 4), array(1, 4), slice(0, 1)),
        call(array(3, 4), array(2, 4), np.array([0, 2])),
        call(array(3, 4), array(3), ([0, 0, 2], [1, 1, 3])),
        call(array(3, 4), array(), np.array([[True, False, True, False]] * 3)),
        call(array(3, 4), array(3, 2), (slice(None), np.array([3, 0]))),
        call(array(3, 4), array(2, 4), (np.array([2, 0]), slice(None))),
        call(array(3, 4), array(3, 4), Ellipsis),
        call(array(4), array(), []),
        call(array(3, complex=True), array(2), slice(1, None)),
        call(array(3, complex=True), array(2, complex=True), slice(1, None)),
    )
