"""Sample calls of sums, means, products, extremes and differences."""

from typing import Any

import numpy as np

from funcad.core.domains import nonzero
from funcad.testing.samples import array, call, samples, separated

ROW = np.array([True, False, True, True])
GRID = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
WITH_ZEROS = np.array([[0.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]])


def _with_zeros(x: Any) -> Any:
    return x * WITH_ZEROS


def _one_zero(x: Any) -> Any:
    return x * (np.arange(x.size).reshape(x.shape) != 1)


AXES = [
    call(array()),
    call(array(4)),
    call(array(3, 4)),
    call(array(3, 4), axis=0),
    call(array(3, 4), axis=-1),
    call(array(3, 4), 1, keepdims=True),
    call(array(3, 4), keepdims=True),
    call(array(2, 3, 2), axis=(0, -1)),
    call(array(2, 3, 2), axis=(2, 1), keepdims=True),
    call(array(2, 3, 2), axis=()),
    call(array(1)),
]
MASKS = [
    call(array(4), where=ROW),
    call(array(3, 4), where=ROW),
    call(array(3, 4), axis=1, where=GRID),
    call(array(3, 4), axis=0, where=GRID, keepdims=True),
    call(array(3, 4), axis=0, where=np.array([[True], [False], [True]])),
]
COMPLEX = [call(array(3, 2, complex=True)), call(array(3, 2, complex=True), axis=1)]
DTYPE = call(array(3, 4), axis=0, dtype=np.float64)

samples(np.sum, *AXES, *MASKS, *COMPLEX, DTYPE)
samples(
    np.sum,
    call(array(0)),
    call(array(3, 0), axis=1),
    call(array(0, 3), axis=0, keepdims=True),
    call(array(3, 4), initial=3.0),
    call(array(3, 4), axis=1, initial=3.0, where=GRID),
    call(array(2, 2), axis=0, dtype=complex),
)
samples(np.mean, *AXES, *MASKS, *COMPLEX, DTYPE)

samples(np.prod, *AXES, *MASKS, *COMPLEX, DTYPE)
samples(
    np.prod,
    call(array(0)),
    call(array(3, 0), axis=1),
    call(array(3, 4), axis=1, initial=1.5),
    call(array(3, 4), initial=0.0),
    call(array(3, 4, make=_one_zero)),
    call(array(3, 4, make=_with_zeros), axis=0),
    call(array(3, 4, make=_with_zeros), axis=-1, keepdims=True),
    call(array(3, 4, make=_with_zeros), axis=1, initial=-1.5, where=GRID),
    call(array(5, make=_one_zero)),
    call(array(2, 3, 3, make=_one_zero), axis=(2, 0)),
    call(array(3, complex=True, make=_one_zero)),
    call(array(1, make=lambda x: 0.0 * x)),
)
samples(np.cumprod, call(array()), call(array(4)), call(array(3, 4)), call(array(3, 4), 0))
samples(
    np.cumprod,
    call(array(3, 4), axis=-1, dtype=np.float64),
    call(array(0)),
    call(array(3, 4, make=_with_zeros)),
    call(array(3, 4, make=_with_zeros), axis=0),
    call(array(3, 4, make=_with_zeros), axis=1),
    call(array(6, make=_one_zero)),
    call(array(3, complex=True)),
)
samples(np.cumsum, call(array()), call(array(4)), call(array(3, 4)), call(array(3, 4), 0), call(array(0)))
samples(np.cumsum, call(array(3, 4), axis=-1, dtype=np.float64), call(array(2, 2, complex=True), 1))
for _running in (np.cumulative_sum, np.cumulative_prod):
    samples(
        _running,
        call(array()),
        call(array(4)),
        call(array(4), include_initial=True),
        call(array(3, 4), axis=-1, include_initial=True),
        call(array(3, 4), axis=0, dtype=np.float64),
    )

for _fn in (np.max, np.amax, np.min, np.amin):
    samples(
        _fn,
        call(array()),
        call(separated(4)),
        call(separated(3, 4)),
        call(separated(3, 4), axis=0),
        call(separated(3, 4), axis=-1, keepdims=True),
        call(separated(2, 3, 2), axis=(0, 2)),
        call(separated(3, 4), initial=0.0),
        call(separated(3, 4), axis=1, initial=0.0, where=GRID),
        call(separated(3, 4), axis=0, initial=-100.0),
        call(separated(3, 4), axis=0, initial=100.0),
    )
samples(np.ptp, call(separated(4)), call(separated(3, 4), 0), call(separated(3, 4), axis=1, keepdims=True))

SPREAD = [
    *AXES[1:-2],
    *MASKS,
    *COMPLEX,
    DTYPE,
    call(array(4), ddof=1),
    call(array(3, 4), axis=1, correction=1, keepdims=True),
    call(array(3, 4), axis=0, ddof=0.5),
    call(array(3, 4), axis=1, where=GRID, ddof=1),
    call(array(3, 4), axis=0, mean=array(1, 4)),
    call(array(3, 4), mean=array(1, 1), axis=(0, 1), correction=1),
    call(array(3, 4), axis=1, mean=array(3, 1), where=GRID),
]
samples(np.var, *SPREAD, call(array()), call(array(1)))
samples(np.std, *SPREAD)

samples(
    np.average,
    call(array(4)),
    call(array(3, 4), axis=0),
    call(array(3, 4), axis=(0, 1), keepdims=True),
    call(array(4), weights=array(4, domain=nonzero, make=np.abs)),
    call(array(3, 4), axis=1, weights=array(4, domain=nonzero, make=np.abs)),
    call(array(3, 4), weights=array(3, 4, domain=nonzero, make=np.abs), axis=0, keepdims=True),
    call(array(2, 3, 2), axis=(1, 0), weights=array(3, 2, domain=nonzero, make=np.abs)),
    call(array(3, 4), axis=1, weights=array(4, domain=nonzero, make=np.abs), returned=True),
)
