"""Sample calls of covariances and histograms."""

import numpy as np

from funcad.core.domains import nonzero
from funcad.testing.samples import array, call, samples, separated

COUNTS = np.array([1, 2, 1, 3])
WEIGHTS = array(4, domain=nonzero, make=np.abs)

samples(
    np.cov,
    call(array(4)),
    call(array(3, 4)),
    call(array(4, 3), rowvar=False),
    call(array(4), array(4)),
    call(array(2, 4), array(4), bias=True),
    call(array(4, 2), array(4, 1), False),
    call(array(2, 4), ddof=0),
    call(array(2, 4), ddof=2),
    call(array(2, 4), fweights=COUNTS),
    call(array(2, 4), aweights=WEIGHTS),
    call(array(2, 4), aweights=WEIGHTS, ddof=0),
    call(array(2, 4), aweights=WEIGHTS, fweights=COUNTS),
    call(array(2, 4), aweights=WEIGHTS, fweights=COUNTS, bias=True),
    call(array(2, 4, complex=True)),
    call(array(2, 4, complex=True), array(4)),
    call(array(2, 4), dtype=np.float64),
    call(array(2, 4), dtype=complex),
)
samples(
    np.corrcoef,
    call(array(4), order=1),
    call(array(3, 4)),
    call(array(4, 2), rowvar=False),
    call(array(4), array(4)),
    call(array(4, 2), array(4, 1), False, dtype=np.float64),
    call(array(2, 4, complex=True)),
)

# no number is near the edge of a bin, where counts jump
RANGE = (-0.95, 1.05)
POINTS = array(
    5, 2, make=lambda x: 0.02 * x + np.array([[0.0, 2.0], [1.0, 0.0], [1.9, 5.0], [3.0, 1.0], [4.0, 3.0]])
)  # fmt: skip
samples(
    np.histogram,
    call(separated(5), order=1),
    call(separated(5), 3, order=1),
    call(separated(5), 3, density=True),
    call(separated(5), "sturges"),
    call(separated(5), np.array([-0.9, 0.0, 0.8]), weights=array(5)),
    call(separated(2, 3), 4, RANGE, weights=array(2, 3)),
    call(separated(5), 3, weights=array(5, domain=nonzero, make=np.abs), density=True),
    call(separated(5), array(3, make=lambda x: np.array([-0.8, 0.0, 0.9]) + 0.01 * x), density=True),
)
samples(
    np.histogram_bin_edges,
    call(separated(5)),
    call(separated(2, 3), 4),
    call(separated(5), "auto"),
    call(separated(5), "fd"),
    call(array(4), array(3, make=np.sort)),
    call(separated(5), 2, weights=np.ones(5)),
    call(array(4), 3, range=(0.0, 1.0)),
)
samples(
    np.histogramdd,
    call(separated(5, 2), 3, range=[(-1.0, 1.0), (-1.0, 1.5)], weights=array(5)),
    call(separated(5, 2), order=1),
    call(POINTS, 3, weights=array(5)),
    call([separated(5), separated(5)], [3, 7], density=True),
    call(separated(5), 3),
    call(
        POINTS, (3, np.array([-1.0, 1.5, 6.0])), density=True, weights=array(5, domain=nonzero, make=np.abs)
    ),
)
samples(
    np.histogram2d,
    call(separated(5), separated(5), 3),
    call(separated(5), separated(5), [3, 7], density=True),
    call(separated(5), separated(5), np.array([-1.0, 0.0, 0.25, 1.3]), weights=array(5)),
    call(separated(5), separated(5), 2, [RANGE, RANGE], weights=array(5)),
)
