"""Sample calls of the piecewise polynomials of `scipy.interpolate`."""

from typing import Any

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy.interpolate_cubic import (
    akima_coefficients,
    hermite_coefficients,
    pchip_coefficients,
    spline_coefficients,
)
from funcad.rules.scipy.interpolate_piecewise import antiderivative, integral, piecewise
from funcad.testing.samples import Spec, array, call, samples


def _increasing(x: Any) -> Any:
    return np.arange(len(x)) + 0.2 * np.tanh(x)


def nodes(n: int) -> Spec:
    """Specify nodes in increasing order."""
    return array(n, make=_increasing)


# neither a node, nor where a slope changes sign
AT = array(4, domain=Domain("inside", 0.3, 0.7), make=lambda x: x + np.arange(-1, 3))
RISING = array(5, domain=Domain("steps", 0.5, 1.5), make=np.cumsum)
TURNING = array(
    5, 2, domain=Domain("steps", 0.5, 1.5), make=lambda x: np.cumsum(x, 0) * [1, -1] + [[0, 9]] * 5
)

samples(
    piecewise,
    call(array(3, 3), nodes(4), AT, 0, True, float32=False),
    call(array(4, 3, 2), nodes(4), AT, 1, True, float32=False),
    call(array(2, 3), nodes(4), AT, 2, True, float32=False),
    call(array(3, 3, complex=True), np.arange(4.0), AT, 0, True, float32=False),
    call(
        array(3, 3),
        np.arange(4.0),
        array(3, domain=Domain("inside", 0.2, 0.8)),
        0,
        False,
        float32=False,
    ),
)
samples(
    antiderivative,
    call(array(3, 4), nodes(5), 1, float32=False),
    call(array(1, 3, 2), nodes(4), 2, float32=False),
)
samples(
    integral,
    call(array(3, 4), nodes(5), array(domain=Domain("low", 0.3, 0.7)), 2.4, True, float32=False),
    call(array(3, 4, 2), nodes(5), 3.4, array(domain=Domain("low", -0.7, -0.3)), True, float32=False),
    call(array(2, 4), np.arange(5.0), 0.3, array(domain=Domain("far", 9.3, 9.7)), "periodic", float32=False),
)
samples(
    hermite_coefficients,
    call(nodes(4), array(4), array(4), 0),
    call(nodes(4), array(2, 4), array(2, 4), -1),
)
samples(
    pchip_coefficients,
    call(nodes(5), RISING, 0),
    call(nodes(5), TURNING, 0),
    call(nodes(3), array(2, 3, make=lambda x: x**3 + [0, 2, 9]), 1),
    call(nodes(2), array(2), 0),
)
samples(
    akima_coefficients,
    call(nodes(6), array(6), 0, "akima"),
    call(nodes(6), array(2, 6), -1, "makima"),
    call(nodes(2), array(2), 0, "akima"),
)
samples(
    spline_coefficients,
    *[call(nodes(5), array(5), 0, bc) for bc in ("not-a-knot", "natural", "clamped")],
    *[call(nodes(n), array(n), 0, "not-a-knot") for n in (2, 3, 4)],
    call(nodes(5), array(2, 5), 1, ((1, array(2)), (2, [0.5, 1.0]))),
    call(nodes(4), array(4), 0, ((2, 0.3), "not-a-knot")),
    call(nodes(3), array(3), 0, ("not-a-knot", (1, array()))),
    call(nodes(4), array(4, complex=True), 0, "natural"),
    *[call(nodes(n), np.sin(np.arange(n) * 2 * np.pi / (n - 1)).round(9), 0, "periodic") for n in (3, 4, 6)],
)
