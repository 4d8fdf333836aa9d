"""Sample calls of the convolutions of `scipy.signal`, and of its filters that select."""

import numpy as np

from funcad.rules.scipy import signal_convolution as rules
from funcad.testing.samples import array, call, samples, separated

X, Y, A, B = array(6), array(3), array(4, 5), array(2, 3)
Z, W = array(5, complex=True), array(3, complex=True)

for fn in (rules.convolve, rules.correlate):
    for mode in ("full", "same", "valid"):
        samples(
            fn,
            call(X, Y, mode),
            call(Y, X, mode, "direct"),
            call(A, B, mode, method="fft"),
            call(A, B, mode, "direct"),
            call(B, A, mode),
            call(Z, W, mode),
            call(X, W, mode),
        )
    samples(
        fn, call(array(), array()), call(array(2, 3, 2), array(2, 1, 2), "same"), call(X, [1.0, array(), 2.0])
    )
for fn in (rules.fftconvolve, rules.oaconvolve):
    for mode in ("full", "same", "valid"):
        samples(
            fn,
            call(X, Y, mode),
            call(Y, X, mode),
            call(A, B, mode),
            call(Z, W, mode),
            call(A, array(4, 3), mode, axes=1),
            call(A, array(1, 3), mode, axes=-1),
            call(A, array(2, 1), mode),
        )
    samples(fn, call(array(1, 3), A, axes=[1]), call(array(1, 3), A, "valid", axes=(1,)))
for fn in (rules.convolve2d, rules.correlate2d):
    for mode in ("full", "same", "valid"):
        samples(
            fn,
            call(A, B, mode),
            call(A, B, mode, "wrap"),
            call(A, B, mode, "symm"),
            call(A, B, mode, fillvalue=0.5),
            call(array(4, 4, complex=True), array(3, 2, complex=True), mode, "fill"),
        )
    samples(fn, call(B, A, "valid"), call(B, A, "same"), call(array(3, 4, complex=True), A, "valid"))
    samples(fn, call(A, B, fillvalue=array()))

samples(
    rules.medfilt,
    call(separated(6)),
    call(separated(4, 5), (3, 1)),
    call(separated(4, 5)),
    call(separated(5), 5),
)
samples(rules.medfilt2d, call(separated(4, 5)), call(separated(4, 5), (3, 5)))
samples(rules.order_filter, call(separated(4, 5), np.array([[0, 1, 0], [1, 1, 1], [0, 1, 1]]), 1))
samples(rules.order_filter, call(separated(6), np.ones(3), 0), call(separated(6), np.ones(3), 2))
samples(
    rules.wiener,
    call(separated(5, 4)),
    call(separated(7), 5, noise=2.0),
    call(separated(4, 6), (1, 3), array()),
)
