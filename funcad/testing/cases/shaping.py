"""Sample calls of functions that move, copy or convert elements."""

import numpy as np

from funcad.core.domains import nonzero
from funcad.rules.padding import computed
from funcad.testing.samples import array, call, samples

Z = array(2, 3, complex=True)

samples(
    np.reshape,
    call(array(3, 4), (2, 6)),
    call(array(3, 4), -1),
    call(array(3, 4), (4, -1), "F"),
    call(array(2, 3, 2), (3, 4), "F"),
    call(array(3, 4), (2, 6), copy=True),
    call(array(), (1, 1)),
    call(array(1), ()),
    call(array(0, 3), (3, 0)),
    call(Z, (3, 2)),
)
samples(np.ravel, call(array()), call(array(3, 4)), call(array(3, 4), "F"), call(array(0, 2)), call(Z))
samples(
    np.squeeze,
    call(array(1, 3, 1)),
    call(array(1, 3, 1), axis=0),
    call(array(1, 3, 1), axis=(0, -1)),
    call(array()),
)
samples(np.expand_dims, call(array(), 0), call(array(3, 4), -1), call(array(3, 4), axis=(0, 2)))
samples(
    np.broadcast_to,
    call(array(), (2, 3)),
    call(array(4), (3, 4)),
    call(array(3, 1), (2, 3, 4)),
    call(array(1, 1), (1, 2)),
    call(array(3, 4), (3, 4), subok=True),
    call(array(1), (0,)),
)
samples(np.copy, call(array()), call(array(3, 4), "F"), call(array(0)), call(Z, subok=True))
samples(
    np.transpose,
    call(array(4)),
    call(array(3, 4)),
    call(array(2, 3, 4), (1, 2, 0)),
    call(array(2, 3, 4), axes=(-1, 0, 1)),
    call(array(2, 3, 4), [2, 0, -2]),
    call(array()),
)
samples(np.matrix_transpose, call(array(3, 4)), call(array(2, 3, 4)))
samples(np.swapaxes, call(array(2, 3, 4), 0, -1), call(array(2, 3, 4), 2, 1), call(array(3, 4), -1, -1))
samples(
    np.moveaxis,
    call(array(2, 3, 4), 0, -1),
    call(array(2, 3, 4), -1, 0),
    call(array(2, 3, 4), (0, 1), (2, 0)),
    call(array(2, 3, 4), source=[0, -1], destination=[-1, 1]),
)
samples(
    np.rollaxis,
    call(array(2, 3, 4), 2),
    call(array(2, 3, 4), -1),
    call(array(2, 3, 4), 0, 3),
    call(array(2, 3, 4), 0, 2),
    call(array(2, 3, 4), axis=1, start=-1),
    call(array(2, 3, 4), 2, -2),
    call(array(2, 3, 4), 1, 1),
)
samples(
    np.flip,
    call(array(4)),
    call(array(3, 4)),
    call(array(3, 4), axis=0),
    call(array(2, 3, 2), axis=(0, -1)),
    call(array()),
)
samples(np.fliplr, call(array(3, 4)))
samples(np.flipud, call(array(3, 4)), call(array(3)))
samples(np.rot90, call(array(3, 4)), call(array(3, 4), -1), call(array(3, 4), 2), call(array(3, 4), 5))
samples(np.rot90, call(array(2, 3, 4), k=1, axes=(1, 0)), call(array(2, 3, 4), 3, (0, -1)))
samples(
    np.roll,
    call(array(4), 1),
    call(array(3, 4), -2),
    call(array(3, 4), 1, axis=-1),
    call(array(3, 4), (1, 2), axis=(0, 1)),
    call(array(3, 4), [1, 2], axis=0),
    call(array(3, 4), np.array([1, -1]), axis=(0, 1)),
    call(array(0), 1),
)

samples(
    np.diag,
    call(array(3)),
    call(array(3), 1),
    call(array(3), k=-2),
    call(array(3, 4)),
    call(array(3, 4), 2),
    call(array(3, 4), -1),
    call(array(3, 3)),
    call(array(0)),
)
samples(np.diagflat, call(array()), call(array(2, 2)), call(array(3), -1))
samples(
    np.diagonal,
    call(array(3, 3)),
    call(array(3, 4), 1),
    call(array(3, 4), -2),
    call(array(3, 4), 9),
    call(array(2, 3, 4), 0, -1, -2),
    call(array(2, 3, 4), offset=1, axis1=2, axis2=0),
    call(array(2, 3, 4), offset=-1, axis1=1, axis2=2),
    call(Z),
)
samples(
    np.trace,
    call(array(3, 3)),
    call(array(2, 3)),
    call(array(3, 4), 1),
    call(array(3, 4), -1, 1, 0),
    call(array(2, 3, 4), axis1=-1, axis2=0),
    call(array(2, 3, 4), 1, 1, 2, dtype=np.float64),
    call(array(2, 3), 5),
)
for _fn in (np.tril, np.triu):
    samples(_fn, call(array(3, 3)), call(array(3, 4), 1), call(array(2, 3, 4), k=-1), call(array(3)), call(Z))

samples(np.real, call(array()), call(array(3)), call(Z))
samples(np.imag, call(array(3)), call(Z), call(array(complex=True)))
samples(np.conjugate, call(array(3)), call(Z))
samples(np.angle, call(array(3, complex=True, domain=nonzero)), call(array(3, domain=nonzero), deg=True))
samples(np.angle, call(array(2, 2, complex=True, domain=nonzero), True))
samples(np.real_if_close, call(array(3)), call(Z), call(Z, tol=2), call(array(2, complex=True), 1e20))
samples(
    np.astype,
    call(array(3), np.float64),
    call(array(3, 2), "float64", copy=False),
    call(array(3), complex),
    call(array(), np.float64),
    call(Z, np.complex128),
)

samples(np.broadcast_arrays, call(array(3, 1), array(4)), call(array(), np.ones((2, 2))), call(array(3)))
samples(np.atleast_1d, call(array()), call(array(2)), call(array(), array(2, 3), np.ones(2)))
samples(np.atleast_2d, call(array()), call(array(2)), call(array(), array(2, 3), array(2)))
samples(np.atleast_3d, call(array()), call(array(2)), call(array(2, 3)), call(array(2, 3, 4), array(2)))
samples(
    np.meshgrid,
    call(array(3), array(2)),
    call(array(3), array(2), indexing="ij"),
    call(array(3), array(), array(2), sparse=True),
    call(array(3), np.arange(2.0), array(2), copy=False),
    call(array(3)),
)
samples(
    np.pad,
    call(array(3), 1),
    call(array(3), (1, 2)),
    call(array(3, 4), ((1, 0), (2, 3))),
    call(array(3, 4), 1, constant_values=5.0),
    call(array(3, 4), ((1, 0), (2, 3)), "constant", constant_values=((1, 2), (3, 4))),
    call(array(3, 4), 2, "edge"),
    call(array(3, 4), ((1, 4), (0, 2)), "reflect"),
    call(array(3, 4), ((1, 4), (0, 2)), "symmetric"),
    call(array(3, 4), ((1, 4), (0, 9)), "wrap"),
    call(array(1), 3, "reflect"),
    call(array(3, 4), ((1, 4), (0, 2)), "reflect", reflect_type="odd"),
    call(array(3, 4), ((1, 4), (0, 9)), mode="symmetric", reflect_type="odd"),
    call(array(3, 4), 2, "linear_ramp"),
    call(array(3, 4), ((1, 3), (0, 2)), "linear_ramp", end_values=(1.0, -2.0)),
    call(array(3, 4), 2, "mean"),
    call(array(3, 4), ((1, 3), (0, 2)), "mean", stat_length=((1, 2), (3, 9))),
    call(array(3, 4), 1, "median", stat_length=3),
    call(array(3, 4), ((1, 3), (0, 2)), "maximum", stat_length=2),
    call(array(3, 4), (0, 1), "minimum"),
    call(array(0), 2),
)
samples(
    computed,
    call(array(3), (1, 2), "mean"),
    call(array(3), 2, "linear_ramp", end_values=3.0),
    call(array(3, complex=True), 4, "reflect", reflect_type="odd"),
)
if np.lib.NumpyVersion(np.__version__) >= "2.4.0":
    # widths by axis are new there
    samples(np.pad, call(array(3, 4), {-1: (1, 2)}), call(array(3, 4), {0: 2, 1: (0, 1)}, "edge"))
