"""Sample calls of functions that treat arrays as sets, and others that choose elements by their values."""

import numpy as np

from funcad.testing.samples import array, call, samples, separated

ROWS = array(4, 2, make=lambda x: np.arange(8.0).reshape(4, 2)[::-1] + 0.01 * x)
KNOWN = np.array([0.0, 4.0, 7.0])

samples(
    np.unique,
    call(separated(4)),
    call(separated(3, 4)),
    call(separated(4), return_index=True, return_inverse=True, return_counts=True),
    call(ROWS, axis=0),
    call(ROWS, axis=-1, return_inverse=True),
    call(separated(4), axis=0, equal_nan=False),
    call(separated(4), sorted=False),
    call(array(3, complex=True)),
    call(array(0)),
)
for _fn in (np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values):
    samples(_fn, call(separated(4)), call(separated(2, 3)))
samples(
    np.union1d,
    call(separated(4), array(2, make=lambda x: 9 + np.arange(2.0))),
    call([1.3, 1.4], separated(3)),
)
FAR = array(2, make=lambda x: 9.0 + np.arange(2.0) + 0.01 * x)
samples(
    np.setdiff1d,
    call(separated(4), KNOWN),
    call(separated(2, 2), [9.0], assume_unique=True),
    call(separated(3), FAR),
)
samples(np.setxor1d, call(separated(4), KNOWN), call(separated(3), FAR, True))
# what is common to both is so no more when one of them moves: tests/test_stats.py
samples(np.intersect1d, call(separated(4), FAR), call(separated(3), KNOWN, return_indices=True))
samples(np.intersect1d, call(separated(3), KNOWN, assume_unique=True))
samples(np.sort_complex, call(separated(4)), call(separated(3, 4)), call(array(4, complex=True)))
# zeros that move are not trimmed
samples(np.trim_zeros, call(array(4)), call(array(2, 3), "f", axis=1), call(array(0)))
