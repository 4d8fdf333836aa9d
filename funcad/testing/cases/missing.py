"""Sample calls of reductions that leave out nan."""

from typing import Any

import numpy as np

from funcad.rules.missing import nanstd, nanvar
from funcad.testing.cases.quantiles import missing
from funcad.testing.samples import Spec, array, call, samples, separated

ROW = np.array([True, False, True, True])
GRID = np.array([[True, False, True, True], [False, True, True, True], [True, True, False, True]])


def _holed(x: Any) -> Any:
    x.flat[1::5] = np.nan
    return x


def holed(*shape: int, complex: bool = False) -> Spec:
    """Specify an array of which some elements are nan."""
    return array(*shape, make=_holed, complex=complex)


AXES = [
    call(array()),
    call(holed(4)),
    call(holed(3, 4)),
    call(holed(3, 4), axis=0),
    call(holed(3, 4), axis=-1, keepdims=True),
    call(holed(2, 3, 2), axis=(0, -1)),
    call(holed(2, 3, 2), axis=(2, 1), keepdims=True),
    call(array(3, 4)),
    call(holed(3, 2, complex=True), axis=0),
    call(holed(3, 4), axis=0, dtype=np.float64),
]
MASKS = [
    call(holed(4), where=ROW),
    call(holed(3, 4), axis=1, where=GRID),
    call(holed(3, 4), axis=0, where=GRID, keepdims=True),
]
INITIAL = [call(holed(3, 4), initial=1.5), call(holed(3, 4), axis=1, initial=0.5, where=GRID)]

samples(np.nansum, *AXES, *MASKS, *INITIAL, call(array(0)))
samples(np.nanprod, *AXES, *MASKS, *INITIAL, call(array(0)))
samples(np.nanmean, *AXES, *MASKS)
for _running in (np.nancumsum, np.nancumprod):
    samples(
        _running,
        call(array()),
        call(holed(4)),
        call(holed(3, 4)),
        call(holed(3, 4), axis=0),
        call(holed(3, 4), axis=-1, dtype=np.float64),
        call(holed(3, 2, complex=True), 1),
    )

SPREAD = [
    *AXES[1:],
    *MASKS[1:],
    call(holed(4), ddof=1),
    call(holed(3, 4), axis=1, correction=1, keepdims=True),
    call(holed(3, 4), axis=0, ddof=0.5),
]
samples(np.nanvar, *SPREAD, call(array()))
samples(np.nanstd, *SPREAD)
for _spread in (nanvar, nanstd):
    samples(
        _spread,
        call(holed(3, 4), array(1, 4), 0),
        call(holed(3, 4), array(1, 1), axis=(0, 1), correction=1),
        call(holed(3, 4), axis=1, mean=array(3, 1), where=GRID),
    )

for _fn in (np.nanmax, np.nanmin):
    samples(
        _fn,
        call(array()),
        call(missing(4)),
        call(missing(3, 4)),
        call(missing(3, 4), axis=0),
        call(missing(3, 4), axis=-1, keepdims=True),
        call(missing(2, 3, 2), axis=(0, 2)),
        call(separated(3, 4)),
        call(missing(3, 4), initial=0.1),
        call(missing(3, 4), axis=1, initial=0.1, where=GRID),
        call(missing(3, 4), axis=0, initial=-100.0),
        call(missing(3, 4), axis=0, initial=100.0),
    )
