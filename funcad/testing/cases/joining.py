"""Sample calls of functions that join arrays, and that take them apart."""

import numpy as np

from funcad.testing.samples import array, call, samples

samples(
    np.concatenate,
    call([array(2), array(3)]),
    call([array(2, 3), array(1, 3)], 0),
    call([array(2, 3), np.ones((2, 1)), array(2, 2)], axis=-1),
    call([array(2, 3), array(4)], axis=None),
    call([array(0), array(2)]),
    call([array(2), array(2, complex=True)]),
    call([array(2), array(2)], dtype=np.float64),
    call([array(2), array(2)], dtype=complex, casting="safe"),
    call([array(3)]),
    call(array(3, 2)),
)
samples(
    np.stack,
    call([array(), array()]),
    call([array(3), array(3)]),
    call([array(2, 3), np.ones((2, 3))], axis=-1),
    call([array(2, 3), array(2, 3)], axis=1, dtype=np.float64),
    call([array(2, 3), array(2, 3)], dtype=complex, casting="safe"),
    call([array(2), array(2, complex=True)], 1),
    call(array(3, 2), axis=1),
)
samples(np.vstack, call([array(3), array(2, 3)]), call([array(2, 1), array(1, 1)], dtype=np.float64))
samples(np.hstack, call([array(3), array(2)]), call([array(2, 1), array(2, 3)]), call([array(), array(2)]))
for _stack in (np.vstack, np.hstack):
    samples(_stack, call([array(2), array(2)], dtype=np.float64, casting="unsafe"))
samples(np.dstack, call([array(3), array(3)]), call([array(2, 3), array(2, 3)]))
samples(np.column_stack, call([array(3), array(3, 2)]), call([array(3), np.arange(3.0)]))
samples(np.append, call(array(3), 4.0), call(array(2, 2), array(3)), call(array(2, 2), array(2, 1), axis=1))
samples(
    np.block,
    call([array(3), array(2)]),
    call([[array(2, 2), array(2, 1)], [array(1, 2), array()]]),
    call([array(2, 1), np.ones((2, 2))]),
    call([[[array(1)], [array(2, 1)]]]),
)

samples(
    np.array_split,
    call(array(7), 3),
    call(array(3, 4), 2, axis=-1),
    call(array(5), [1, 3]),
    call(array(5), [3, 1]),
    call(array(5), np.array([2, 9])),
    call(array(2, 5), (-3, -1), 1),
)
samples(np.split, call(array(6), 3), call(array(4, 2), [1, 3]), call(array(2, 6), 2, axis=1))
samples(np.hsplit, call(array(6), 2), call(array(2, 4), [1]))
samples(np.vsplit, call(array(4, 2), 2))
samples(np.dsplit, call(array(2, 2, 4), 2))
samples(np.unstack, call(array(3)), call(array(3, 4)), call(array(2, 3, 2), axis=-2))

samples(
    np.tile,
    call(array(), 3),
    call(array(3), 2),
    call(array(3), (2,)),
    call(array(3, 3), 2),
    call(array(3, 4), (2, 1, 3)),
    call(array(3, 4), [2, 2]),
    call(array(2), (2, 3)),
    call(array(3), 0),
)
samples(
    np.repeat,
    call(array(), 3),
    call(array(3), 2),
    call(array(3, 4), 2),
    call(array(3, 4), 2, axis=-1),
    call(array(3, 4), [1, 2, 0], axis=0),
    call(array(3, 4), np.array([1, 2, 0, 1]), 1),
    call(array(2, 2), [1, 0, 2, 3]),
    call(array(3, 2), [2], axis=0),
    call(array(3), 0),
)
