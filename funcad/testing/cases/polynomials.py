"""Sample calls of the functions that take polynomials as arrays of coefficients."""

from typing import Any

import numpy as np
from numpy.polynomial import polynomial

from funcad.testing.samples import Spec, array, call, samples

P, Q, X = array(4), array(3), array(2, 3)


def _leading(x: Any) -> Any:
    """Make the first coefficient large, so that quotients and roots are well conditioned."""
    x = x.copy()
    x[0] = 3 + x[0] / 4
    return x


def _of_roots(*roots: complex) -> Any:
    """Return what makes a polynomial near one whose roots are far from each other."""
    return lambda x: np.poly(roots) + 0.01 * x


def _points(x: Any) -> Any:
    return np.linspace(-1.0, 1.5, len(x)) + 0.02 * x


DIVISOR = array(3, make=_leading)
POINTS = array(6, make=_points)
REAL, PAIRS = array(4, make=_of_roots(1, 2.5, -2)), array(5, make=_of_roots(1 + 1j, 1 - 1j, -2, 3))
COMPLEX = Spec((3,), make=lambda x: np.poly([1j, 2]) + 0.05 * x, complex=True)

samples(
    np.polyval,
    call(P, X),
    call(P, array()),
    call([2.0, 1.0], array(3)),
    call(P, 1.5),
    call(P, np.arange(3)),
    call(array(3, 2), array(2)),
    call(P, array(2, complex=True)),
    call(array(0), array(2)),
)
for _fn in (np.polyadd, np.polysub):
    samples(_fn, call(P, Q), call(Q, P), call(P, P), call([1, 2], Q), call(array(), Q))
samples(np.polymul, call(P, Q), call([0.0, 0.0, 2.0], Q), call(Q, array()), call(Q, array(2, complex=True)))
# in single precision the degree of NumPy's remainder depends on rounding
samples(
    np.polydiv,
    call(array(5), DIVISOR, float32=False),
    call(Q, array(5, make=_leading), float32=False),
    call(DIVISOR, DIVISOR, float32=False),
    call([1.0, 2.0, 3.0, 4.0], DIVISOR, float32=False),
    call(array(4, complex=True), DIVISOR, float32=False),
    call(Q, np.array([2.0]), float32=False),
)
samples(np.polyder, call(P), call(P, 2), call(P, m=0), call(Q, 4), call(array(3, complex=True)))
samples(np.polyint, call(P), call(P, 2), call(P, m=0), call(P, 2, [1.0, 2.0]), call(P, 2, k=array()))
samples(np.polyint, call(P, 3, array(3)), call(P, 1, 2.5), call(array(0), 1))
samples(np.polyint, call(array(3, complex=True), 2, [1.0, 2.0]))
samples(
    np.poly,
    call(P),
    call(array(3, 3, make=lambda x: x + np.diag([0, 5, 10]))),
    call(array(2, complex=True)),
)
for _p in (REAL, PAIRS, COMPLEX, array(2, make=_leading), array(1, make=_leading)):
    samples(np.roots, call(_p, float32=False))
samples(
    np.vander,
    call(P),
    call(P, 3),
    call(P, N=3, increasing=True),
    call(P, 1),
    call(P, 0),
    call(P, 2, True),
    call(array(2, complex=True), 3),
    call(array(0), 2),
)
samples(
    np.polyfit,
    call(POINTS, array(6), 2, float32=False),
    call(POINTS, array(6, 2), 1, float32=False),
    call(np.arange(5), array(5), 2, 1e-9),
    call(POINTS, array(6), 1, w=array(6, make=lambda w: 2 + w / 4), float32=False),
    call(POINTS, array(6, 2), 1, w=np.arange(1.0, 7.0), float32=False),
    call(POINTS, array(6), 1, full=True, float32=False),
    call(POINTS, array(6), 1, cov=True, float32=False),
    call(POINTS, array(6, 2), deg=1, cov="unscaled", float32=False),
)
samples(
    polynomial.polyval2d,
    call(Q, Q, array(2, 3)),
    call(array(), 2.0, array(2, 3)),
    call(np.ones(2), np.ones(2), array(2, 2, 2)),
    call(np.ones(2), array(2), np.arange(4).reshape(2, 2)),
)
samples(polynomial.polygrid2d, call(Q, array(2), array(2, 3)), call([1.0, 2.0], array(2, 2), array(2, 3)))
samples(polynomial.polygrid2d, call(array(), array(), array(3, 2)))
