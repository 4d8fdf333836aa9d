"""Sample calls of the filters of `scipy.ndimage`."""

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy.ndimage_filters import (
    along,
    around,
    averaged,
    convolve,
    convolve1d,
    correlate,
    correlate1d,
    extended,
    folded,
    uniform_filter,
    uniform_filter1d,
)
from funcad.rules.scipy.ndimage_gaussian import (
    gaussian_filter,
    gaussian_filter1d,
    gaussian_gradient_magnitude,
    gaussian_laplace,
    laplace,
    prewitt,
    sobel,
)
from funcad.testing.samples import array, call, samples

LINE, IMAGE, CUBE = array(5), array(4, 5), array(3, 4, 2)
Z = array(4, complex=True)
# away from the widths at which the filter becomes longer
WIDTH, WIDTHS = array(domain=Domain("wide", 0.9, 1.1)), array(2, domain=Domain("wide", 0.65, 0.85))
MODES = ["reflect", "constant", "nearest", "mirror", "wrap", "grid-mirror", "grid-constant", "grid-wrap"]

samples(
    extended, *[call(IMAGE, ((1, 2), (3, 0)), mode) for mode in MODES], call(array(1), ((2, 2),), "mirror")
)
samples(folded, *[call(array(7, 8), ((1, 2), (3, 0)), mode) for mode in MODES])
samples(
    along,
    call(IMAGE, array(3), -1, None, "reflect", 0.0, 0),
    call(CUBE, array(2), 1, None, "wrap", 0.0, -1),
    call(array(2), array(7), 0, None, "mirror", 0.0, 0),
)
samples(
    around,
    call(IMAGE, array(3, 2), None, "reflect", 0.0, (0, -1)),
    call(IMAGE, array(2, 3), None, "constant", 1.5, (0, 1)),
)
samples(averaged, call(IMAGE, 3, 0, None, "reflect", 0.0, 1), call(LINE, 4, -1, None, "constant", 2.0, 0))

for filter1d in (correlate1d, convolve1d):
    samples(
        filter1d,
        *[call(IMAGE, array(4), axis=0, mode=mode, cval=0.5, origin=-1) for mode in MODES[:5]],
        call(LINE, [0.5, 1.0, -2.0]),
        call([1, 2, 3, 4], array(3), output=float, mode="wrap"),
        call(CUBE, array(3), 1, None, "mirror"),
        call(Z, array(3)),
        call(LINE, array(2, complex=True)),
        call(Z, array(2, complex=True), mode="constant", cval=1 + 2j),
    )
for filter_ in (correlate, convolve):
    samples(
        filter_,
        *[call(IMAGE, array(3, 2), mode=mode, cval=0.5, origin=(1, -1)) for mode in MODES],
        call(CUBE, array(2, 3), axes=(0, -2)),
        call(LINE, array(4), origin=-2, axes=0),
        call(array(2, 2), array(5, 4), mode="mirror"),
        call(np.arange(12).reshape(3, 4), array(2, 2), output=np.float64),
        call(array(3, 3, complex=True), array(2, 2, complex=True)),
    )
samples(
    uniform_filter1d,
    *[call(IMAGE, 3, axis=0, mode=mode, cval=0.5, origin=1) for mode in MODES[:5]],
    call(LINE, 4, output=float),
    call(Z, 3),
)
samples(
    uniform_filter,
    call(IMAGE),
    call(CUBE, (1, 3), axes=(0, 2), mode=("wrap", "constant"), cval=1.0, origin=(0, -1)),
    call(LINE, 1, output="float64"),
)
samples(
    gaussian_filter1d,
    call(IMAGE, WIDTH),
    call(LINE, 0.8, 0, 1, None, "constant", 0.5),
    call(LINE, WIDTH, -1, 2, mode="wrap", radius=2),
    call(LINE, WIDTH, 0, 3, float, truncate=2.0),
)
samples(
    gaussian_filter,
    call(IMAGE, WIDTH),
    call(IMAGE, WIDTHS, (0, 1), mode=("nearest", "mirror"), radius=(2, 1)),
    call(CUBE, 0.7, 2, axes=(1, 2), output="float64"),
    call(CUBE, [0.0, 0.7, WIDTH], mode="constant", cval=1.0, truncate=3.0),
)
samples(gaussian_laplace, call(IMAGE, WIDTH), call(CUBE, WIDTHS, axes=(0, 2), truncate=2.5, mode="wrap"))
samples(
    gaussian_gradient_magnitude,
    call(IMAGE, WIDTH),
    call(IMAGE, WIDTHS, output=float, mode="constant", cval=2.0, axes=(0, 1)),
)
samples(
    laplace,
    call(IMAGE),
    call(CUBE, mode=("wrap", "constant"), cval=1.0, axes=(0, 2)),
    call(LINE, output=float),
    call(Z),
)
for difference in (prewitt, sobel):
    samples(
        difference,
        call(IMAGE),
        call(CUBE, 0, mode=("wrap", "constant", "nearest"), cval=1.0),
        call(LINE, output=float),
    )
