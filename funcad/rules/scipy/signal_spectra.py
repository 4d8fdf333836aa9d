"""`scipy.signal`: spectra by windows that slide over a signal, and the signal back from them.

The time is the last axis and the windows are stacked before it, as SciPy computes; every spectrum of power is a mean of
products of such transforms. The values are SciPy's.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from funcad.core.assemble import as_operand
from funcad.core.function import twin
from funcad.errors import UnsupportedArgumentError
from funcad.rules.fourier import resized
from funcad.rules.linalg import conj
from funcad.rules.scipy.signal_filters import extended
from funcad.rules.scipy.signal_sampling import _detrend
from funcad.rules.scipy.windows import get_window

welch = twin(signal.welch)
csd = twin(signal.csd)
periodogram = twin(signal.periodogram)
coherence = twin(signal.coherence)
spectrogram = twin(signal.spectrogram)
stft = twin(signal.stft)
istft = twin(signal.istft)


def window_of(window: Any, nperseg: Any, n: int) -> Any:
    """Return the numbers of a window, by its name no longer than the signal."""
    if isinstance(window, (str, tuple)):
        return get_window(window, min(256 if nperseg is None else int(nperseg), n))
    return as_operand(window)


def without_trend(x: Any, detrend: Any, name: str) -> Any:
    """Remove the trend from each window."""
    if not detrend:
        return x
    if not isinstance(detrend, str):
        raise UnsupportedArgumentError(
            f"scipy.signal.{name} has no derivative rule for a function as its argument detrend; write 'constant', "
            "'linear' or False"
        )
    return _detrend(x, -1, detrend)


def overlapping(x: Any, size: int, hop: int) -> Any:
    """Return the stretches of a signal that begin at every few samples."""
    return sliding_window_view(x, size, -1)[..., ::hop, :]


def overlapped(pieces: Any, hop: int) -> Any:
    """Sum stretches of a signal at their places: the transpose of `overlapping`."""
    count, size = pieces.shape[-2:]
    blocks = -(-size // hop)
    pieces = np.reshape(resized(pieces, blocks * hop, -1), (*pieces.shape[:-1], blocks, hop))
    no = [(0, 0)] * (pieces.ndim - 3)
    total: Any = sum([np.pad(pieces[..., k, :], [*no, (k, blocks - 1 - k), (0, 0)]) for k in range(blocks)])
    total = np.reshape(total, (*total.shape[:-2], -1))
    return total[..., : size + (count - 1) * hop]


def frequencies(n: int, fs: Any, onesided: bool) -> Any:
    """Return the frequencies of a transform."""
    return (np.fft.rfftfreq(n) if onesided else np.fft.fftfreq(n)) * as_operand(fs)


def doubled(p: Any, n: int) -> Any:
    """Count twice the frequencies of a real signal that stand for a negative one too."""
    weights = np.full(p.shape[-1], 2.0)
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return p * weights


def scale_of(win: Any, fs: Any, scaling: str) -> Any:
    """Return what makes a power a density, or a spectrum."""
    return 1 / np.sum(win) ** 2 if scaling == "spectrum" else 1 / (as_operand(fs) * np.sum(win * win))


class Plan:
    """What the functions of this file settle in the same way: window, lengths, and sides."""

    def __init__(self, window: Any, nperseg: Any, noverlap: Any, nfft: Any, n: int, onesided: bool) -> None:
        self.win = window_of(window, nperseg, n)
        self.size = len(self.win)
        self.hop = self.size - (self.size // 2 if noverlap is None else int(noverlap))
        self.nfft = self.size if nfft is None else int(nfft)
        self.onesided = onesided

    def transformed(self, x: Any, detrend: Any, name: str) -> Any:
        """Return the transform of every window of a signal."""
        x = without_trend(overlapping(x, self.size, self.hop), detrend, name) * self.win
        return (np.fft.rfft if self.onesided else np.fft.fft)(x, self.nfft)


# --- powers


def power(
    name: str,
    x: Any,
    y: Any,
    fs: Any,
    window: Any,
    nperseg: Any,
    noverlap: Any,
    nfft: Any,
    detrend: Any,
    return_onesided: bool,
    scaling: str,
    axis: int,
    average: str,
) -> tuple[Any, Any]:
    """Return the frequencies, and the mean over the windows of conj(X) Y."""
    onesided = return_onesided and not (np.iscomplexobj(x) or np.iscomplexobj(y))
    same, x, y = x is y, np.moveaxis(as_operand(x), axis, -1), np.moveaxis(as_operand(y), axis, -1)
    n = max(x.shape[-1], y.shape[-1])
    plan = Plan(window, nperseg, noverlap, nfft, n, onesided)
    first = plan.transformed(resized(x, n, -1), detrend, name)
    second = first if same else plan.transformed(resized(y, n, -1), detrend, name)
    p = np.real(first) ** 2 + np.imag(first) ** 2 if same else conj(first) * second
    p = doubled(p, plan.nfft) if onesided else p
    if average == "median" and p.shape[-2] > 1:
        k = 2 * np.arange(1.0, (p.shape[-2] - 1) // 2 + 1)
        # the mean of the median of exponential variables (B. Allen et al., Physical Review D 85, 2012, appendix B)
        bias = 1 + np.sum(1 / (k + 1) - 1 / k)
        middle = np.median(np.real(p), axis=-2)
        p = (middle if same else middle + 1j * np.median(np.imag(p), axis=-2)) / bias
    else:
        p = np.mean(p, axis=-2)
    p = np.moveaxis(p * scale_of(plan.win, fs, scaling), -1, axis)
    return frequencies(plan.nfft, fs, onesided), p


@welch.def_composite(own_value=True)
def _welch(
    x: Any,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> Any:
    return power(
        "welch", x, x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, average
    )


crossed = twin(signal.csd, "scipy.signal.csd (of two signals)")


@crossed.def_composite(own_value=True)
def _crossed(x: Any, y: Any, fs: Any, window: Any, *rest: Any) -> Any:
    return power("csd", x, y, fs, window, *rest)


@csd.def_composite()
def _csd(
    x: Any,
    y: Any,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    average: str = "mean",
) -> Any:
    rest = (fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, average)
    # SciPy computes the power of one signal, which is real, where both are the very same array
    return welch(x, *rest) if y is x else crossed(x, y, *rest)


@periodogram.def_composite(own_value=True)
def _periodogram(
    x: Any,
    fs: Any = 1.0,
    window: Any = "boxcar",
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
) -> Any:
    x = as_operand(x)
    n = x.shape[axis] if nfft is None else min(nfft, x.shape[axis])
    x = resized(x, n, axis)
    window = "boxcar" if window is None else window
    return power("periodogram", x, x, fs, window, n, 0, nfft, detrend, return_onesided, scaling, axis, "mean")


@coherence.def_composite(own_value=True)
def _coherence(
    x: Any,
    y: Any,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    axis: int = -1,
) -> Any:
    of = functools.partial(
        power,
        "coherence",
        fs=fs,
        window=window,
        nperseg=nperseg,
        noverlap=noverlap,
        nfft=nfft,
        detrend=detrend,
        return_onesided=True,
        scaling="density",
        axis=axis,
        average="mean",
    )
    f, across = of(x, y)
    return f, (np.real(across) ** 2 + np.imag(across) ** 2) / (of(x, x)[1] * of(y, y)[1])


# --- windows as they are: time is the last axis of the result, and the frequency where the time was


def placed(z: Any, axis: int) -> Any:
    """Move the frequency, behind the windows, to where the time was."""
    return np.moveaxis(z, -1, axis - 1 if axis < 0 else axis)


def times(plan: Plan, n: int, fs: Any, extended: bool) -> Any:
    """Return the times of the middles of the windows."""
    first = 0.0 if extended else plan.size / 2
    return (first + plan.hop * np.arange((n - plan.size) // plan.hop + 1)) / as_operand(fs)


@spectrogram.def_composite(own_value=True)
def _spectrogram(
    x: Any,
    fs: Any = 1.0,
    window: Any = ("tukey", 0.25),
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = "constant",
    return_onesided: bool = True,
    scaling: str = "density",
    axis: int = -1,
    mode: str = "psd",
) -> Any:
    x = np.moveaxis(as_operand(x), axis, -1)
    plan = Plan(window, nperseg, noverlap, nfft, x.shape[-1], return_onesided and not np.iscomplexobj(x))
    if noverlap is None:
        plan.hop = plan.size - plan.size // 8
    z = plan.transformed(x, detrend, "spectrogram")
    scale = scale_of(plan.win, fs, scaling)
    if mode == "psd":
        p = (np.real(z) ** 2 + np.imag(z) ** 2) * scale
        z = doubled(p, plan.nfft) if plan.onesided else p
    elif mode in ("angle", "phase"):
        z = np.angle(z)
        z = np.unwrap(z, axis=-1) if mode == "phase" else z
    else:
        z = z * np.sqrt(scale)
        z = np.abs(z) if mode == "magnitude" else z
    return frequencies(plan.nfft, fs, plan.onesided), times(plan, x.shape[-1], fs, False), placed(z, axis)


@stft.def_composite(own_value=True)
def _stft(
    x: Any,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = 256,
    noverlap: Any = None,
    nfft: Any = None,
    detrend: Any = False,
    return_onesided: bool = True,
    boundary: Any = "zeros",
    padded: bool = True,
    axis: int = -1,
    scaling: str = "spectrum",
) -> Any:
    x = np.moveaxis(as_operand(x), axis, -1)
    plan = Plan(window, nperseg, noverlap, nfft, x.shape[-1], return_onesided and not np.iscomplexobj(x))
    edge = plan.size // 2
    if boundary == "zeros":
        x = np.pad(x, [*[(0, 0)] * (x.ndim - 1), (edge, edge)])
    else:
        x = extended(x, edge, -1, boundary)
    if padded:
        x = resized(x, x.shape[-1] + (-(x.shape[-1] - plan.size) % plan.hop) % plan.size, -1)
    z = plan.transformed(x, detrend, "stft") * np.sqrt(scale_of(plan.win, fs, scaling))
    t = times(plan, x.shape[-1], fs, boundary is not None)
    return frequencies(plan.nfft, fs, plan.onesided), t, placed(z, axis)


@istft.def_composite(own_value=True)
def _istft(
    Zxx: Any,
    fs: Any = 1.0,
    window: Any = "hann",
    nperseg: Any = None,
    noverlap: Any = None,
    nfft: Any = None,
    input_onesided: bool = True,
    boundary: bool = True,
    time_axis: int = -1,
    freq_axis: int = -2,
    scaling: str = "spectrum",
) -> Any:
    z = np.moveaxis(as_operand(Zxx), (time_axis, freq_axis), (-2, -1))
    time_axis, freq_axis = time_axis % z.ndim, freq_axis % z.ndim
    whole = 2 * (z.shape[-1] - 1) if input_onesided else z.shape[-1]
    size = whole if nperseg is None else int(nperseg)
    if nfft is None:
        nfft = size if input_onesided and size == whole + 1 else whole
    win = window_of(window, size, size)
    hop = size - (size // 2 if noverlap is None else int(noverlap))
    x = (np.fft.irfft if input_onesided else np.fft.ifft)(z, nfft)[..., :size]
    x, norm = overlapped(x * win, hop), overlapped(np.broadcast_to(win * win, (z.shape[-2], size)), hop)
    edge = size // 2 if boundary else 0
    x, norm = (v[..., edge : v.shape[-1] - edge] for v in (x, norm))
    x = x / np.sqrt(scale_of(win, fs, scaling)) / np.where(np.greater(norm, 1e-10), norm, 1.0)
    x = np.moveaxis(x, -1, time_axis - (freq_axis < time_axis))
    return np.arange(x.shape[0]) / as_operand(fs), x
