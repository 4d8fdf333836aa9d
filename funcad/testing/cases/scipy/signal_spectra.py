"""Sample calls of the spectra of `scipy.signal`, and of its short-time transforms."""

import numpy as np
from scipy import signal

from funcad.core.domains import positive
from funcad.rules.scipy import signal_short_time as short_time
from funcad.rules.scipy import signal_spectra as rules
from funcad.testing.samples import array, call, samples

X, S, Z, FS, W = (
    array(10),
    array(2, 8),
    array(9, complex=True),
    array(domain=positive),
    array(4, domain=positive),
)

samples(
    rules.welch,
    call(X, nperseg=4),
    call(X, FS, W, noverlap=1, nfft=5),
    call(S, nperseg=3, axis=0 - 1, detrend="linear", scaling="spectrum"),
    call(array(8, 2), nperseg=4, axis=0, average="median"),
    call(Z, nperseg=4, detrend=False, return_onesided=False),
    call(X, window=("kaiser", FS), nperseg=5, return_onesided=False),
)
samples(
    rules.csd,
    call(X, X, nperseg=4),
    call(X, array(7), FS, W, noverlap=1, nfft=5),
    call(S, array(8), nperseg=4, scaling="spectrum"),
    call(array(8, 2), array(8, 2), nperseg=3, axis=0, average="median"),
    call(Z, array(9, complex=True), nperseg=4, detrend=False, return_onesided=False),
)
samples(
    rules.crossed,
    call(X, array(10), FS, "hann", 4, None, None, "constant", True, "density", -1, "mean"),
    by=rules.csd,
)
samples(
    rules.periodogram,
    call(X),
    call(X, FS, "hamming", 12, scaling="spectrum"),
    call(S, nfft=5, axis=-1),
    call(array(4), window=W, detrend="linear"),
    call(Z, detrend=False, return_onesided=False),
)
samples(
    rules.coherence, call(X, array(10), nperseg=4), call(S, array(2, 8), FS, nperseg=3, axis=1, detrend=False)
)
for mode in ("psd", "complex", "magnitude", "angle", "phase"):
    samples(rules.spectrogram, call(X, window=np.array([1.0, 2.0, 1.5]), mode=mode, detrend=False))
samples(
    rules.spectrogram,
    call(array(40), nperseg=16),
    call(S, FS, W, noverlap=2, axis=-1, scaling="spectrum", mode="complex"),
    call(array(8, 2), window=W, axis=0, detrend="linear", nfft=5),
    call(Z, window=W, noverlap=1, return_onesided=False),
)
for boundary in ("zeros", "even", "odd", "constant", None):
    samples(rules.stft, call(X, nperseg=4, boundary=boundary), call(S, FS, W, 4, 1, boundary=boundary))
samples(
    rules.stft,
    call(array(9, 2), nperseg=4, axis=0, padded=False, scaling="psd"),
    call(X, nperseg=3, nfft=5, detrend="constant", return_onesided=False),
    call(Z, nperseg=4, return_onesided=False),
)
samples(
    rules.istft,
    call(array(3, 5, complex=True)),
    call(array(3, 5, complex=True), FS, W, noverlap=1),
    call(array(2, 5, 3, complex=True), nperseg=4, time_axis=1, freq_axis=2, scaling="psd"),
    call(array(4, 5, complex=True), input_onesided=False),
    call(array(3, 5, complex=True), boundary=False, window="boxcar"),
    call(array(3, 2, 4, complex=True), nperseg=3, nfft=5, time_axis=-1, freq_axis=0),
)

WIN = signal.windows.hann(5)[:4] + 0.1
for mode in ("onesided", "twosided", "centered", "onesided2X"):
    TRANSFORM = signal.ShortTimeFFT(WIN, 2, 1.0, fft_mode=mode, mfft=5, scale_to="psd")
    samples(
        short_time.stft_detrend, call(TRANSFORM, X, None), call(TRANSFORM, array(8, 2), "constant", axis=0)
    )
    points = TRANSFORM.f_pts
    samples(short_time.istft, call(TRANSFORM, array(points, 6, complex=True)))
TRANSFORM = signal.ShortTimeFFT(WIN, 3, 2.0, phase_shift=None)
for padding in ("zeros", "edge", "even", "odd"):
    samples(short_time.stft_detrend, call(TRANSFORM, X, "linear", 0, 3, k_offset=-1, padding=padding))
samples(
    short_time.istft,
    call(TRANSFORM, array(3, 5, complex=True), 1, 8),
    call(TRANSFORM, array(2, 3, 5, complex=True), 0),
    call(TRANSFORM, array(5, 3, 2, complex=True), f_axis=1, t_axis=0),
)
