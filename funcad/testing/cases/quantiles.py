"""Sample calls of medians and quantiles, with and without nan."""

from typing import Any

import numpy as np

from funcad.rules.quantiles import CONTINUOUS, STEPS
from funcad.testing.samples import Spec, array, call, samples, separated


def _some_missing(x: Any) -> Any:
    x = _apart(x)
    x.flat[1::5] = np.nan
    return x


def _apart(x: Any) -> Any:
    return separated(*x.shape).make(x)  # type: ignore[misc]


def missing(*shape: int) -> Spec:
    """Specify an array without ties, of which some elements are nan."""
    return array(*shape, make=_some_missing)


def level(*shape: int) -> Spec:
    """Specify levels between 0.2 and 0.8 that are not those of an element."""
    return array(*shape, make=lambda x: 0.55 + 0.002 * x + 0.07 * np.arange(x.size).reshape(x.shape))


for _median, _x in ((np.median, separated), (np.nanmedian, missing)):
    samples(
        _median,
        call(array()),
        call(_x(5)),
        call(_x(4)),
        call(_x(3, 4)),
        call(_x(3, 4), axis=0),
        call(_x(3, 4), axis=-1, keepdims=True),
        call(_x(2, 3, 2), axis=(0, -1), keepdims=True),
        call(_x(2, 3, 2), axis=(2, 1)),
    )

for _fn, _x in ((np.quantile, separated), (np.nanquantile, missing)):
    samples(
        _fn,
        call(array(), 0.3),
        call(_x(5), level()),
        call(_x(3, 4), level(), axis=0),
        call(_x(3, 4), level(2), axis=-1),
        call(_x(3, 4), 0.25, axis=1, keepdims=True),
        call(_x(3, 4), [0.0, 0.3, 1.0], axis=0, keepdims=True),
        call(_x(2, 3, 2), level(2), axis=(0, -1), keepdims=True),
        call(_x(4), 1),
        call(_x(5), 0.45, method="inverted_cdf", weights=np.array([1.0, 2.0, 0.5, 0.0, 1.0])),
        call(_x(3, 4), [0.3, 0.9], axis=0, method="inverted_cdf", weights=np.arange(1.0, 13.0).reshape(3, 4)),
        call(_x(3, 4), 0.6, axis=1, method="inverted_cdf", weights=np.arange(1.0, 13.0).reshape(3, 4)),
    )
    samples(_fn, *[call(_x(5), level(), method=m) for m in CONTINUOUS])
    samples(_fn, *[call(_x(5), [0.0, 0.05, 0.37, 0.97, 1.0], method=m) for m in (*CONTINUOUS, *STEPS)])
    samples(_fn, *[call(_x(3, 4), 0.5, axis=1, method=m, keepdims=True) for m in (*CONTINUOUS, *STEPS)])
samples(
    np.quantile,
    call(separated(3, 4), 0.6, axis=1, method="inverted_cdf", weights=np.array([1.0, 2.0, 0.5, 3.0])),
    call(separated(2, 3, 2), 0.6, axis=(2, 0), method="inverted_cdf", weights=np.arange(4.0).reshape(2, 2)),
    call(separated(2, 3, 2), level(2, 2), axis=(0, -1), keepdims=True),
    call([1, 4, 2, 7], level()),
)

for _percentile, _x in ((np.percentile, separated), (np.nanpercentile, missing)):
    samples(
        _percentile,
        call(_x(5), 30),
        call(_x(5), array(make=lambda x: 55 + 0.2 * x)),
        call(_x(3, 4), array(2, make=lambda x: 55 + 0.2 * x), axis=-1, keepdims=True),
        call(_x(3, 4), [0, 25.0, 100], axis=0, method="hazen"),
        call(_x(4), 45.0, method="inverted_cdf", weights=[1.0, 2.0, 0.5, 3.0]),
    )
