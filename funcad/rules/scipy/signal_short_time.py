"""`scipy.signal.ShortTimeFFT` of traced signals: SciPy's class, whose transforms have rules."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.function import twin
from funcad.errors import UnsupportedArgumentError
from funcad.rules.fourier import resized
from funcad.rules.scipy.signal_sampling import going_on
from funcad.rules.scipy.signal_spectra import overlapped, overlapping, without_trend

stft_detrend = twin(signal.ShortTimeFFT.stft_detrend, "scipy.signal.ShortTimeFFT.stft_detrend")
istft = twin(signal.ShortTimeFFT.istft, "scipy.signal.ShortTimeFFT.istft")

PADDING = {"zeros": "constant", "edge": "edge", "even": "reflect", "odd": "antireflect"}


def shift_of(sft: Any) -> int:
    """Return by how much a window is rolled before its transform."""
    return 0 if sft.phase_shift is None else int((sft.phase_shift + sft.m_num_mid) % sft.m_num)


def twofold(sft: Any) -> Any:
    """Return the weights of the frequencies: in the mode `onesided2X` the inner ones count for their opposites."""
    weights = np.ones(sft.f_pts)
    if sft.fft_mode == "onesided2X":
        weights[1 : -1 if sft.mfft % 2 == 0 else None] = np.sqrt(2) if sft.scaling == "psd" else 2
    return weights


@stft_detrend.def_composite(own_value=True)
def _stft_detrend(
    sft: Any,
    x: Any,
    detr: Any,
    p0: Any = None,
    p1: Any = None,
    *,
    k_offset: int = 0,
    padding: str = "zeros",
    axis: int = -1,
) -> Any:
    x = np.moveaxis(as_operand(x), axis, -1)
    n = x.shape[-1]
    p0, p1 = sft.p_range(n, p0, p1)
    start = p0 * sft.hop - sft.m_num_mid + k_offset
    stop = start + (p1 - p0 - 1) * sft.hop + sft.m_num
    x = going_on(
        x[..., max(start, 0) : min(stop, n)], max(-start, 0), max(stop - n, 0), -1, PADDING[padding], 0.0
    )
    pieces = without_trend(overlapping(x, sft.m_num, sft.hop), detr, "ShortTimeFFT.stft_detrend")
    pieces = np.roll(resized(pieces * np.conjugate(sft.win), sft.mfft, -1), -shift_of(sft), -1)
    z = np.fft.rfft(pieces) if sft.onesided_fft else np.fft.fft(pieces)
    z = np.fft.fftshift(z, -1) if sft.fft_mode == "centered" else z * twofold(sft)
    return np.moveaxis(z, -1, axis if axis >= 0 else axis - 1)


@istft.def_composite(own_value=True)
def _istft(sft: Any, S: Any, k0: int = 0, k1: Any = None, *, f_axis: int = -2, t_axis: int = -1) -> Any:
    z = np.moveaxis(as_operand(S), (t_axis, f_axis), (-2, -1))
    f_axis, t_axis = f_axis % z.ndim, t_axis % z.ndim
    z = np.fft.ifftshift(z, -1) if sft.fft_mode == "centered" else z / twofold(sft)
    x = np.fft.irfft(z, sft.mfft) if sft.onesided_fft else np.fft.ifft(z)
    x = overlapped(np.roll(x, shift_of(sft), -1)[..., : sft.m_num] * sft.dual_win, sft.hop)
    # the first window is number p_min, and its first sample lies so far before sample k0
    before = k0 - (sft.p_min * sft.hop - sft.m_num_mid)
    last = (z.shape[-2] + sft.p_min - 1) * sft.hop + sft.m_num - sft.m_num_mid
    x = resized(x[..., before:], (last if k1 is None else k1) - k0, -1)
    return np.moveaxis(x, -1, f_axis if f_axis < x.ndim else t_axis)


class ShortTimeFFT(signal.ShortTimeFFT):  # type: ignore[misc]  # SciPy has no types
    """SciPy's short-time Fourier transform for traced signals and spectra; its window is a constant.

    Source: SciPy's class of that name, with all of its properties.

    >>> import numpy as np
    >>> import funcad as fc
    >>> from funcad.scipy import signal
    >>> transform = signal.ShortTimeFFT(np.ones(4), hop=2, fs=1.0)
    >>> fc.grad(lambda x: np.sum(transform.spectrogram(x)))(np.ones(8)).shape
    (8,)
    """

    def __init__(self, win: Any, hop: int, fs: float, **options: Any) -> None:
        if contains_tracer(win):
            raise UnsupportedArgumentError(
                "scipy.signal.ShortTimeFFT has no derivative with respect to its window; "
                "funcad.scipy.signal.stft(x, window=window) has one"
            )
        super().__init__(win, hop, fs, **options)

    def stft_detrend(self, x: Any, detr: Any, p0: Any = None, p1: Any = None, **options: Any) -> Any:
        """Return the transforms of windows less their trend; see SciPy."""
        return stft_detrend(self, x, detr, p0, p1, **options)

    def istft(self, S: Any, k0: int = 0, k1: Any = None, **options: Any) -> Any:
        """Return the signal of which these are the transforms; see SciPy."""
        return istft(self, S, k0, k1, **options)
