"""Sample calls of interpolation of scattered data by `scipy.interpolate`."""

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy.interpolate_scattered import of_nearest, on_triangles, radial
from funcad.testing.samples import array, call, samples

SITES = np.array([[0.0, 0], [1, 0.1], [2, 0], [0.1, 1], [1, 1.2], [2.1, 1], [0, 2], [1.1, 2], [2, 2.2]])
SITE = array(9, 2, domain=Domain("near", -0.1, 0.1), make=lambda x: x + SITES)
AT = array(2, 2, domain=Domain("inside", 0.1, 0.3), make=lambda x: x + np.array([[0.2, 0.3], [1.2, 1.3]]))
SOME = Domain("some", 0.1, 0.2)
WIDTH = array(domain=Domain("width", 0.8, 1.2))

samples(
    radial,
    *[
        call(SITE, array(9), AT, 0.0, None, kernel, None, None, float32=False)
        for kernel in ("linear", "thin_plate_spline", "cubic", "quintic")
    ],
    *[
        call(SITE, array(9), AT, 0.0, WIDTH, kernel, None, None, float32=False)
        for kernel in ("multiquadric", "inverse_multiquadric", "inverse_quadratic", "gaussian")
    ],
    call(
        SITES,
        array(9, 2),
        AT,
        array(9, domain=Domain("some", 0.1, 0.2)),
        1.1,
        "gaussian",
        -1,
        None,
        float32=False,
    ),
    call(SITES, array(9), AT, array(domain=SOME), None, "cubic", 2, None, float32=False),
)
samples(
    on_triangles,
    call(array(9), AT, SITES, np.nan, False, float32=False),
    call(array(9, 2), (array(domain=Domain("x", 0.2, 0.3)), [0.55, 0.6]), SITES, 1.0, True, float32=False),
    call(array(9), np.array([[9.0, 9], [1.2, 0.4]]), SITES, 0.5, False, float32=False),
)
samples(
    of_nearest,
    call(array(9), AT, SITES, False, float32=False),
    call(array(9, 2), ([0.2, 1.9], 0.3), SITES, True, float32=False),
)
