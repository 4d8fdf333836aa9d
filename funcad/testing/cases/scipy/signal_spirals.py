"""Sample calls of the chirp z-transforms of `scipy.signal`."""

from funcad.rules.scipy.signal_spirals import czt, zoom_fft
from funcad.testing.samples import array, call, samples

X, S, Z = array(6), array(2, 5), array(5, complex=True)

samples(czt, call(X), call(Z, 4), call(S, 7, 0.9 - 0.3j, 0.8 + 0.5j), call(S, m=3, a=1.1, axis=0))
samples(
    zoom_fft,
    call(X, 0.7),
    call(Z, [0.2, 0.9], 4),
    call(S, (0.3, 0.5), 7, fs=1.5, endpoint=True, axis=-1),
    call(S, 0.4, axis=0),
)
