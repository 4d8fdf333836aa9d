"""Sample calls of `scipy.ndimage` between the elements of an image."""

from typing import Any

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy.ndimage_coefficients import coefficients, spline_filter, spline_filter1d, spread
from funcad.rules.scipy.ndimage_splines import affine_transform, map_coordinates, rotate, shift, zoom
from funcad.testing.samples import array, call, samples

LINE, IMAGE, CUBE = array(5), array(4, 5), array(3, 4, 2)
MODES = ["reflect", "constant", "nearest", "mirror", "wrap", "grid-mirror", "grid-constant", "grid-wrap"]
MIXED = list(zip([1, 2, 3, 4, 5, 1, 3, 0], MODES, strict=True))
# between two elements, so that no finite difference crosses one, and both inside and outside of the image
INSIDE, STEP = Domain("inside", 1.2, 1.8), Domain("step", 0.2, 0.4)
POINTS = array(2, 3, domain=INSIDE)
ANYWHERE = array(2, 3, domain=STEP, make=lambda x: x + np.array([[-2, 1, 7], [-9, 3, 5]]))


def _near_identity(x: Any) -> Any:
    return np.eye(2) + 0.01 * x


SMALL = array(2, domain=STEP)

samples(
    coefficients,
    *[call(IMAGE, order, 0, mode, np.float64) for order, mode in zip([2, 3, 4, 5] * 2, MODES, strict=True)],
    call(CUBE, 3, -2, "mirror", np.float64),
)
samples(
    spread, *[call(IMAGE, order, 0) for order in (1, 2, 3, 4, 5)], call(CUBE, 3, -2), call(array(1), 3, 0)
)
samples(
    spline_filter1d,
    *[call(IMAGE, order, 0, mode=mode) for order, mode in MIXED],
    call(array(4, complex=True), output=complex),
    call(array(1), mode="mirror"),
    call(LINE, output="float64", axis=-1),
)
samples(spline_filter, call(IMAGE), call(CUBE, 2, mode="reflect"), call(LINE, 5, output=float))
samples(
    map_coordinates,
    *[call(IMAGE, POINTS, None, order) for order in range(6)],
    *[call(IMAGE, ANYWHERE, None, order, mode=mode, cval=0.5) for mode in MODES for order in (1, 3)],
    call(IMAGE, ANYWHERE, float, 2, mode="nearest", prefilter=False),
    call(array(4, 5, complex=True), POINTS, mode="grid-constant", cval=1 + 1j),
    call(CUBE, array(3, 2, 2, domain=Domain("inside", 0.2, 0.8)), None, 1),
)
samples(
    affine_transform,
    call(IMAGE, array(2, 2, make=_near_identity), SMALL),
    call(IMAGE, array(2, domain=Domain("scale", 0.8, 0.9)), SMALL, None, float, 1, mode="wrap"),
    call(IMAGE, array(2, 2, make=_near_identity), 0.3, (2, 3), None, 2, mode="nearest", prefilter=False),
    call(IMAGE, array(2, 3, domain=STEP), mode="mirror", cval=1.0),
    call(LINE, [[0.5, 0.2], [0, 1]], 0.0, None, None, 5),
)
samples(
    shift,
    *[
        call(IMAGE, SMALL, None, order, mode=mode, cval=0.5)
        for order, mode in zip([1, 2, 3, 4, 5, 1, 3, 0], MODES, strict=True)
    ],
    call(CUBE, array(domain=STEP), prefilter=False),
    call(LINE, [array(domain=STEP)], output=float),
)
samples(
    zoom,
    call(IMAGE, 1.5),
    call(IMAGE, (2, 0.5), None, 1, mode="nearest"),
    call(LINE, 2, mode="grid-wrap", grid_mode=True, cval=1.0),
    call(LINE, 2, float, 4, prefilter=False),
    call(LINE, 1),
)
ANGLE = array(domain=Domain("angle", 24.0, 26.0))
samples(
    rotate,
    call(IMAGE, ANGLE, reshape=False),
    call(CUBE, 30.0, (0, -1), True, None, 1, mode="nearest"),
    call(IMAGE, 90, output=float, cval=1.0, prefilter=False),
    call(array(3, 3), ANGLE, (1, 0), False, None, 5, mode="reflect"),
)
