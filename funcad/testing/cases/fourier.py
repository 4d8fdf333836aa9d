"""Sample calls of Fourier transforms, of functions that turn complex, and of sliding windows."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from funcad.core.domains import above_one, nonzero, positive
from funcad.testing.samples import array, call, samples

Z = array(2, 5, complex=True)
_fn: Any

#: of one dimension, for real and complex arrays: even and odd lengths, cut and padded
ONE = [
    call(array(4)),
    call(array(5)),
    call(array(1)),
    call(array(2), 1),
    call(array(3, 4), 6),
    call(array(3, 4), n=7),
    call(array(3, 4), 3, axis=-1),
    call(array(3, 4), 2),
    call(array(3, 4), axis=0),
    call(array(2, 3, 4), 5, -2, "ortho"),
    call(array(5), norm="forward"),
    call(array(4), 7, norm="backward"),
    call(array(4), 3, norm="forward"),
    call(array(0, 3)),
    call(array(3, 0), 4, 0),
]
COMPLEX = [
    call(Z),
    call(Z, 4),
    call(Z, 8, norm="ortho"),
    call(Z, 7, norm="forward"),
    call(Z, 3, axis=0),
    call(array(4, complex=True), norm="backward"),
    call(array(2, 1, complex=True), 1, 0),
]
for _fn in (np.fft.fft, np.fft.ifft):
    samples(_fn, *ONE, *COMPLEX)
for _fn in (np.fft.rfft, np.fft.ihfft):
    samples(_fn, *ONE)
for _fn in (np.fft.irfft, np.fft.hfft):
    # of one number these would make none
    samples(_fn, *[c for c in (*ONE, *COMPLEX) if c.args[0].shape != (1,)])
    samples(_fn, call(array(1, complex=True), 1), call(array(2), 2), call(array(3, complex=True), 2))

PLANES = [
    call(array(3, 4)),
    call(array(3, 4), (2, 6), (0, 1)),
    call(array(3, 4), s=(5, -1), axes=(1, 0), norm="forward"),
    call(array(2, 3, 4), axes=(0, -1), norm="ortho"),
    call(array(2, 3, 4), axes=(-1,)),
    call(array(2, 3), [3, 5], (-2, -1)),
    call(array(3, 2), (4, 3), (0, 0)),
    call(array(3, 4), axes=(1, 1)),
]
for _name in ("fft", "ifft", "rfft", "irfft"):
    for _suffix in ("2", "n"):
        _fn = getattr(np.fft, _name + _suffix)
        samples(_fn, *PLANES, call(array(2, 3, 2)), call(array(0, 2, 3), axes=(1, 2)))
        if _name != "rfft":
            samples(_fn, call(Z), call(Z, (3, 4), (0, 1), "ortho"), call(Z, (2, 2), (1, 0), "backward"))
samples(np.fft.fftn, call(array()), call(array(4), axes=()))
for _fn in (np.fft.fftshift, np.fft.ifftshift):
    samples(
        _fn,
        call(array(4)),
        call(array(5)),
        call(array(3, 4)),
        call(array(3, 4), 0),
        call(array(3, 4), axes=np.int64(-1)),
        call(array(2, 3, 4), (0, -1)),
        call(array(0)),
        call(Z, [1]),
    )

#: of both signs in every drawing, since those decide whether a result is complex
MIXED = array(2, 3, domain=positive, make=lambda x: x * [1, -1, 1])
for _fn in (np.emath.sqrt, np.emath.log, np.emath.log2, np.emath.log10):
    samples(_fn, call(array(3, domain=positive)), call(MIXED), call(array(0)))
    samples(_fn, call(array(domain=positive)), call(array(2, 2, complex=True, domain=nonzero)))
for _fn in (np.emath.arccos, np.emath.arcsin, np.emath.arctanh):
    samples(
        _fn,
        call(array(3, make=lambda x: x / 3)),
        call(array(make=lambda x: x / 3)),
        call(array(2, 3, domain=above_one, make=lambda x: x * [1, -1, 1])),
        call(array(3, complex=True, domain=nonzero)),
    )
samples(
    np.emath.logn,
    call(2, MIXED),
    call(array(domain=above_one), array(3, domain=positive)),
    call(array(3, make=lambda x: -2 - x * x), array(2, 1, domain=positive)),
)
samples(
    np.emath.power,
    call(MIXED, 2),
    call(array(2, 3, domain=positive), -3),
    call(MIXED, array(3)),
    call(array(2, complex=True, domain=nonzero), array(2)),
    call([2, 4], array(2)),
)

samples(
    sliding_window_view,
    call(array(6), 3),
    call(array(6), (1,)),
    call(array(4), 4, subok=True),
    call(array(3, 4), (2, 3)),
    call(array(3, 4), 2, axis=0),
    call(array(3, 4), 2, -1),
    call(array(2, 3, 4), (2, 2), (-1, 0)),
    call(array(6), (2, 3), (0, 0)),
    call(array(5, 2), (2, 2, 2), axis=(0, 1, 0)),
    call(array(4), 0),
    call(array(0, 3), 2, 1),
    call(Z, 2, 1),
)
