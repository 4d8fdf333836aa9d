"""Sample calls of the functions of `scipy.integrate` that take samples."""

import numpy as np

from funcad.core.domains import positive
from funcad.rules.scipy.integrate import cumulative_simpson, cumulative_trapezoid, romb, simpson, trapezoid
from funcad.testing.samples import Spec, array, call, samples

#: unequal places; the order of more than one axis does not matter
PLACES = np.array([0.0, 0.5, 1.25, 2.0])


def increasing(n: int) -> Spec:
    """Specify places that increase."""
    return array(n, domain=positive, make=np.cumsum)


samples(
    trapezoid,
    call(array(4)),
    call(array(4), array(4)),
    call(array(2, 4), array(4), axis=1),
    call(array(4, 2), array(4, 2), axis=0),
    call(array(2, 3), dx=array(domain=positive), axis=-2),
    call(array(2, 4), PLACES),
    call([array(), 1.0, array()]),
    call(array(3, complex=True), dx=0.5),
)
samples(
    cumulative_trapezoid,
    call(array(4)),
    call(array(4), array(4), initial=0),
    call(array(2, 4), array(4), axis=1),
    call(array(4, 2), array(4, 2), axis=-2, initial=0),
    call(array(2, 3), dx=array(domain=positive), axis=0),
)
samples(
    simpson,
    call(array(5)),
    call(array(5), increasing(5)),
    call(array(2, 6), increasing(6)),
    call(array(4), PLACES),
    call(array(4, 2), increasing(4), axis=0),
    call(array(2, 3), dx=array(domain=positive)),
    call(array(4, 2), dx=array(domain=positive), axis=0),
    call(array(2)),
    call(array(2, 2), array(2), axis=0),
    call(array(2, 6), axis=-1),
)
samples(
    cumulative_simpson,
    call(array(5)),
    call(array(6)),
    call(array(4), x=PLACES),
    call(array(5), x=increasing(5)),
    call(array(4, 2), x=increasing(4), axis=0),
    call(array(2), dx=array(domain=positive)),
    call(array(4, 2), dx=array(domain=positive), axis=0),
    call(array(2, 5), dx=array(2, 1, domain=positive)),
    call(array(2, 4), initial=array()),
    call(array(2, 3), initial=array(2, 1), axis=1),
)
samples(
    romb,
    call(array(3)),
    call(array(5)),
    call(array(9, 2), array(domain=positive), axis=0),
    call(array(2, 2), axis=-1),
)
