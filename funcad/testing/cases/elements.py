"""Sample calls of the engine's own primitives: indexing, and joining or separating elements."""

import numpy as np

from funcad.core.elements import getitem, item, join, scatter, separate
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
