"""Sample calls of interpolation on lines and grids by `scipy.interpolate`."""

import numpy as np
from scipy.sparse.linalg import spsolve

from funcad.core.domains import Domain
from funcad.rules.scipy.interpolate_grids import on_grid, surface
from funcad.rules.scipy.interpolate_line import between
from funcad.testing.cases.scipy.interpolate_cubic import nodes
from funcad.testing.samples import array, call, samples

X = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
IN = Domain("inside", 0.3, 0.45)
AT = array(3, domain=IN, make=lambda x: x + np.array([0, 2, 3]))
OUT = array(3, domain=IN, make=lambda x: x + np.array([-1, 2, 7]))

samples(
    between,
    call(nodes(6), array(6), AT, "linear", -1, None, np.nan, False),
    call(nodes(6), array(6, 2), OUT, "linear", 0, None, "extrapolate", True),
    call(X[::-1], array(2, 6), OUT, "linear", -1, False, (array(), 0.5), False),
    *[
        call(X, array(6), OUT, kind, -1, None, "extrapolate", False, float32=False)
        for kind in ("zero", "slinear", "quadratic", "cubic", 3)
    ],
    *[
        call(X, array(6), AT, kind, -1, None, np.nan, False)
        for kind in ("nearest", "nearest-up", "previous", "next")
    ],
)

#: SciPy solves with an iteration otherwise
EXACT = {"solver": spsolve}
GRID = (np.arange(6.0), np.array([0.0, 1.0, 2.5, 3.0, 4.0, 5.0, 6.5]))
DOWN = (np.arange(4.0)[::-1], np.arange(3.0))
POINTS = array(3, 2, domain=IN, make=lambda x: x + np.array([[0, 2], [1, 1], [4, 5]]))
FAR = array(2, 2, domain=IN, make=lambda x: x + np.array([[-2, 2], [1, 7]]))
samples(
    on_grid,
    *[
        call(array(6, 7), POINTS, GRID, method, True, np.nan, None, EXACT if k > 1 else {}, float32=False)
        for k, method in ((1, "linear"), (0, "nearest"), (1, "slinear"), (3, "cubic"), (5, "quintic"))
    ],
    call(array(4, 3, 2), array(2, domain=IN), DOWN, "linear", True, np.nan, None, {}, float32=False),
    call(array(6, 7), FAR, GRID, "linear", False, None, None, {}, float32=False),
    call(array(6, 7), FAR, GRID, "linear", False, 0.5, None, {}, float32=False),
)
samples(
    surface,
    call(array(6, 7), AT, AT, 0, 0, True, (*GRID, [None] * 4, 3, 3, 0), float32=False),
    call(array(6, 7), AT, AT, 1, 0, False, (*GRID, [None] * 4, 3, 2, 0), float32=False),
    call(array(6, 7), OUT, array(domain=IN), 0, 0, False, (*GRID, [None] * 4, 1, 4, 0), float32=False),
)
