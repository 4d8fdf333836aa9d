"""Sample calls of `scipy.signal`: other rates of sampling, smoothing and trends."""

import numpy as np

from funcad.core.domains import positive
from funcad.rules.scipy import signal_sampling as rules
from funcad.testing.samples import array, call, samples, separated

H, X, S, Z = array(4), array(7), array(2, 6), array(6, complex=True)

for rates in ((1, 1), (2, 3), (3, 2), (1, 4), (4, 1)):
    samples(rules.between_rates, call(H, X, *rates, -1), call(array(2), S, *rates, 0), by=rules.upfirdn)
samples(rules.between_rates, call(array(9), S, 2, 3, -1), call(H, Z, 3, 2, 0), by=rules.upfirdn)
MODES = ("wrap", "reflect", "symmetric", "edge", "smooth", "line", "antisymmetric", "antireflect")
for mode in MODES:
    samples(
        rules.outside,
        call(H, X, 2, 3, -1, mode, 0),
        call(array(9), array(3, 2), 1, 2, 0, mode, 0),
        by=rules.upfirdn,
    )
samples(rules.outside, call(H, X, 2, 1, -1, "constant", array()), by=rules.upfirdn)
samples(rules.upfirdn, call(H, X, 3), call([1.0, array()], X, down=2), call(H, S, 2, axis=0, mode="edge"))

samples(
    rules.resample_poly,
    call(X, 3, 2),
    call(S, 2, 4, axis=-1, window=array(5)),
    call(X, 1, 2, window="hamming", padtype="line"),
    call(X, 3, 1, window=array(4), padtype="mean"),
    call(separated(6), 2, 3, padtype="median"),
    call(separated(6), 2, 3, padtype="maximum"),
    call(X, 3, 2, window=array(7), cval=array()),
    call(X, 2, 2),
    call(Z, 5, 3),
)
samples(
    rules.decimate,
    call(array(30), 2),
    call(X, 2, zero_phase=False),
    call(S, 3, 4, "fir"),
    call(array(9, 2), 2, ftype="fir", axis=0, zero_phase=False),
)
samples(rules.hilbert, call(X), call(array(6)), call(S, 5, 0), call(S, N=8), call(array(1)))
for num in (4, 5, 6, 7, 8, 9):
    samples(rules.resample, call(array(6), num), call(X, num), call(Z, num))
samples(
    rules.resample,
    call(S, 5, axis=-1, window="hamming"),
    call(X, 4, np.arange(7.0)),
    call(array(6), 9, window=array(6)),
    call(array(7, complex=True), 4, window=array(7)),
    call(Z, 4, domain="freq"),
    call(X, 5, window=np.cos),
)
samples(
    rules.detrend,
    call(X),
    call(S, 0, "constant"),
    call(array(9, 2), axis=0, bp=[3, 5]),
    call(Z, bp=2),
    call(X, type="l"),
)
for mode in ("mirror", "constant", "nearest", "wrap", "interp"):
    samples(rules.savgol_filter, call(array(8), 5, 2, mode=mode), call(array(7, 2), 4, 1, 1, 0.5, 0, mode))
samples(
    rules.savgol_filter,
    call(X, 3, 1, mode="constant", cval=array()),
    call(S, 5, 3, deriv=2, delta=array(domain=positive)),
    call(X, 5, 2, deriv=3),
    call(X, 1, 0),
)
