"""Sample calls of the B-splines of `scipy.interpolate`."""

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy.interpolate_bspline_class import derived, integral, integrated
from funcad.rules.scipy.interpolate_bsplines import (
    Fit,
    bspline,
    coefficients_of,
    design,
    fitted,
    interpolating,
    least_squares,
    refitted,
    splev,
)
from funcad.testing.samples import array, call, samples

X = np.array([0.0, 0.9, 2.1, 3.0, 4.2, 5.0])
T3 = np.array([0.0, 0, 0, 0, 2.1, 3.0, 5, 5, 5, 5])
T2 = np.array([0.0, 0, 0, 1.5, 1.5, 3, 3, 3])
T1 = np.array([0.0, 0, 1, 2, 3, 3])
# between two knots
AT = array(3, domain=Domain("inside", 0.3, 0.7), make=lambda x: x + np.array([0, 2, 3]))
FIT = Fit(design(X, T3, 3))
SEVEN = np.linspace(0.0, 5.0, 9)
CLOSED = np.sin(np.linspace(0, 2 * np.pi, 6)).round(9)

samples(
    bspline,
    call(array(6), AT, T3, 3, 0, True, False, float32=False),
    call(array(6, 2), AT, T3, 3, 1, True, True, float32=False),
    call(array(5), array(3, domain=Domain("inside", 0.2, 1.2)), T2, 2, 0, False, False, float32=False),
    call(array(4), array(3, domain=Domain("inside", 0.2, 0.8)), T1, 1, 0, True, False, float32=False),
)
samples(fitted, call(array(6), FIT, float32=False), call(array(6, 2, complex=True), FIT, float32=False))
samples(refitted, call(array(6), FIT, float32=False))
samples(
    interpolating,
    *[call(array(6), X, k, None, None, 0) for k in range(6)],
    call(array(2, 6), X, 3, None, "natural", 1),
    call(array(6), X, 3, None, ([(1, array())], [(2, 0.5)]), 0),
    call(array(6), X, 3, None, "clamped", 0),
    call(array(6, 2), X, 3, T3, None, 0),
)
samples(
    least_squares,
    call(array(9), SEVEN, T3, 3, None, 0, "qr"),
    call(array(2, 9), SEVEN, T3, 3, np.arange(1.0, 10.0), -1, "norm-eq"),
)
samples(
    splev,
    *[call(AT, (T3, array(10), 3), ext=ext, float32=False) for ext in (0, 1, 3)],
    call(AT, (T3, array(6), 3), der=1, float32=False),
    call(array(2, domain=Domain("outside", 5.2, 5.8)), (T3, array(10), 3), ext=1, float32=False),
    call(array(2, domain=Domain("outside", 5.2, 5.8)), (T3, array(10), 3), ext=0, float32=False),
)
samples(coefficients_of, call(array(6), X, None, None, None, 3), call(array(6), X, None, -0.5, 5.5, 2))
samples(derived, call(array(6), T3, 3, 1, float32=False), call(array(6, 2), T3, 3, 2, float32=False))
samples(integrated, call(array(6), T3, 3, float32=False), call(array(5, 2), T2, 2, float32=False))
END = array(domain=Domain("inside", 0.3, 0.7))
samples(
    integral,
    call(array(6), END, 4.6, T3, 3, True, float32=False),
    call(array(6), 5.7, END, T3, 3, False, float32=False),
    call(array(6, 2), END, 13.3, T3, 3, "periodic", float32=False),
)
