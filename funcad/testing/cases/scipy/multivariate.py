"""Sample calls of distributions of vectors and matrices, and of densities around data, of `scipy.stats`."""

from typing import Any

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy import kernel_density as kde
from funcad.rules.scipy.multivariate import VECTORS
from funcad.testing.samples import Call, array, call, positive_definite, samples

ABOVE = Domain("above 0", 0.8, 2.0)
#: twice: the dimension less 1 is below
DF = array(domain=Domain("df", 3.5, 6.0))
FACTOR = array(domain=Domain("factor", 0.4, 0.8))
SHARES = Domain("shares", 0.1, 0.3)
VARIANCE = array(domain=ABOVE)
S = positive_definite(3, 3)


def _stacked(x: Any) -> Any:
    return np.moveaxis(x @ np.swapaxes(x, -1, -2) / 3 + np.eye(3), 0, -1)


def method(dist: str, names: str, *calls: Call) -> None:
    """Add sample calls of methods of a distribution."""
    for name in names.split():
        samples(getattr(VECTORS[dist], name), *calls)


method(
    "multivariate_normal",
    "logpdf pdf",
    call(array(3), array(3), S, float32=False),
    call(array(2, 2, 3), array(3), array(3, domain=ABOVE), allow_singular=True, float32=False),
    call(array(3), None, VARIANCE, float32=False),
    call(array(3), 0.5, 2.0, float32=False),
)
method("multivariate_normal", "entropy", call(array(3), S, float32=False), call(None, S, float32=False))
method(
    "multivariate_normal",
    "rvs",
    call(array(3), VARIANCE, size=(2, 2), random_state=3, float32=False),
    call(array(2), array(2, make=lambda x: np.abs(x) + np.array([1, 4])), random_state=3, float32=False),
    call(array(), VARIANCE, 4, 3, float32=False),
)
method(
    "multivariate_t",
    "logpdf pdf",
    call(array(2, 3), array(3), S, DF, float32=False),
    call(array(4), array(4), VARIANCE, DF, float32=False),
    call(array(3), None, VARIANCE, 2.5, float32=False),
)
method(
    "dirichlet",
    "logpdf pdf",
    call(array(2, domain=SHARES), array(3, domain=ABOVE), float32=False),
    call(array(2, 3, domain=SHARES), array(3, domain=ABOVE), float32=False),
)
method("dirichlet", "entropy mean var", call(array(3, domain=ABOVE), float32=False))
method(
    "wishart",
    "logpdf pdf",
    call(S, DF, S, float32=False),
    call(array(2, 3, 3, make=_stacked), 4.5, S, float32=False),
    call(array(2, domain=ABOVE), DF, VARIANCE, float32=False),
)
method(
    "invwishart",
    "logpdf pdf",
    call(S, DF, S, float32=False),
    call(array(2, 3, 3, make=_stacked), 4.5, array(3, domain=ABOVE), float32=False),
    call(array(2, domain=ABOVE), DF, VARIANCE, float32=False),
)
method(
    "matrix_normal",
    "logpdf pdf",
    call(array(2, 3), array(2, 3), positive_definite(2, 2), S, float32=False),
    call(array(2, 2, 3), array(2, 3), VARIANCE, array(3, domain=ABOVE), float32=False),
)

ON_LINE, IN_PLANE = (array(1, 5), FACTOR), (array(2, 6), FACTOR, array(6, domain=ABOVE))
for _f in (kde.evaluate, kde.logpdf):
    samples(_f, call(array(1, 3), *ON_LINE, float32=False), call(array(2), *IN_PLANE, float32=False))
samples(kde.covariance, call(*ON_LINE, float32=False), call(*IN_PLANE, float32=False))
samples(
    kde.integrate_gaussian,
    call(array(1), VARIANCE, *ON_LINE, float32=False),
    call(array(2), positive_definite(2, 2), *IN_PLANE, float32=False),
)
samples(kde.integrate_box_1d, call(array(), array(), *ON_LINE, float32=False))
samples(kde.integrate_kde, call(IN_PLANE, (array(2, 5), 0.7, None), float32=False))
