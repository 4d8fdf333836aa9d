"""Sample calls of the filters of `scipy.ndimage` that choose, and of its statistics of regions."""

import numpy as np

from funcad.core.domains import positive
from funcad.rules.scipy.ndimage_choices import (
    black_tophat,
    grey_closing,
    grey_dilation,
    grey_erosion,
    grey_opening,
    maximum_filter,
    maximum_filter1d,
    median_filter,
    minimum_filter,
    minimum_filter1d,
    morphological_gradient,
    morphological_laplace,
    percentile_filter,
    rank_filter,
    white_tophat,
)
from funcad.rules.scipy.ndimage_regions import (
    center_of_mass,
    extrema,
    fourier_ellipsoid,
    fourier_gaussian,
    fourier_shift,
    fourier_uniform,
    maximum,
    mean,
    median,
    minimum,
    standard_deviation,
    sum_,
    sum_labels,
    variance,
)
from funcad.testing.samples import array, call, samples, separated

LINE, IMAGE, CUBE = separated(6), separated(4, 5), separated(3, 4, 2)
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)
CORNER = np.array([[1, 1], [0, 1]], bool)
HEIGHTS = np.array([[0.0, 0.3], [0.1, 0.02]])
MODES = ["reflect", "constant", "nearest", "mirror", "wrap"]

for line in (minimum_filter1d, maximum_filter1d):
    samples(
        line,
        *[call(IMAGE, 3, axis=0, mode=mode, cval=0.123, origin=1) for mode in MODES],
        call(LINE, 4, -1, float),
    )
for window in (minimum_filter, maximum_filter, median_filter):
    samples(
        window,
        *[call(IMAGE, 3, mode=mode, cval=0.123) for mode in MODES],
        call(IMAGE, footprint=CROSS, origin=(1, 0)),
        call(CUBE, (2, 1), axes=(0, 2), output=float),
        call(LINE, 4, origin=-1),
    )
for ranked, value in ((rank_filter, -2), (percentile_filter, 30)):
    samples(
        ranked,
        call(IMAGE, value, 3, mode="constant", cval=0.123),
        call(IMAGE, value, footprint=CROSS, origin=1),
        call(CUBE, value, (3, 2), axes=(0, 2), output=float),
        call(LINE, 1, 3, mode="wrap"),
    )
for morphology in (
    grey_erosion,
    grey_dilation,
    grey_opening,
    grey_closing,
    morphological_gradient,
    morphological_laplace,
    white_tophat,
    black_tophat,
):
    samples(
        morphology,
        call(IMAGE, 3),
        call(IMAGE, (2, 3), mode="constant", cval=0.123),
        call(IMAGE, footprint=CORNER, structure=HEIGHTS, origin=(0, -1)),
        call(IMAGE, structure=HEIGHTS, mode="nearest"),
        call(CUBE, (2, 2), axes=(0, 1), output=float),
    )

LABELS = np.array([[1, 1, 0, 2, 2], [0, 1, 1, 2, 0], [3, 3, 0, 2, 2], [3, 3, 1, 0, 4]])
for statistic in (sum_, sum_labels, mean, variance, standard_deviation, minimum, maximum, median):
    samples(
        statistic,
        call(IMAGE),
        call(IMAGE, LABELS),
        call(IMAGE, LABELS, 2),
        call(IMAGE, labels=LABELS, index=[3, 1, 2]),
        call(IMAGE, LABELS[0], np.array([2, 1])),
    )
for statistic in (sum_, sum_labels, mean):
    samples(statistic, call(array(3, 4, complex=True)))
samples(extrema, call(IMAGE), call(IMAGE, LABELS, 2))
samples(
    center_of_mass,
    call(array(4, 5, domain=positive)),
    call(array(4, 5, domain=positive), labels=LABELS, index=2),
)
for product in (fourier_gaussian, fourier_uniform, fourier_ellipsoid, fourier_shift):
    samples(
        product,
        call(array(4, 3), 1.2),
        call(array(4, 3, complex=True), (0.7, 1.5), 5, axis=-1),
        call(array(3, 4), 2.0, n=6, axis=1),
    )
