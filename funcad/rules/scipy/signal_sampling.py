"""`scipy.signal`: other rates of sampling, smoothing and trends: linear in the signal.

In scope: `g` the cotangent, `h` the filter, `x` the signal, and SciPy's own parameters.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand
from funcad.core.batching import Call, looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching, bilinear
from funcad.errors import UnsupportedArgumentError
from funcad.rules.batching.reductions import shifted
from funcad.rules.fourier import along, resized
from funcad.rules.scipy.signal_filters import _sosfilt, _sosfiltfilt, delayed, lagged, part

Shape = tuple[int, ...]

upfirdn = twin(signal.upfirdn)
resample = twin(signal.resample)
resample_poly = twin(signal.resample_poly)
decimate = twin(signal.decimate)
hilbert = twin(signal.hilbert)
detrend = twin(signal.detrend)
savgol_filter = twin(signal.savgol_filter)


# --- zeros between the samples, a filter, every few samples of the result: y[m] = sum of h[m down - k up] x[k]


def from_zeros(h: Any, x: Any, up: int, down: int, axis: int) -> Any:
    """Filter between two rates a signal that is zero outside."""
    return signal.upfirdn(h, x, up, down, axis)


between_rates = PrimitiveFunction(from_zeros, name="scipy.signal.upfirdn (zero outside)")


def stuffed(x: Any, by: int, axis: int) -> Any:
    """Put zeros between the numbers along an axis, and behind the last."""
    if by == 1:
        return x
    x = np.moveaxis(x, axis, -1)[..., None]
    x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, by - 1)])
    return np.moveaxis(np.reshape(x, (*x.shape[:-2], -1)), -1, axis)


def to_filter(g: Any, x: Any, up: int, down: int, axis: int, h_shape: Shape) -> Any:
    """Sum of g[m] x[k] where m down - k up is the index of the filter."""
    x = part(stuffed(x, up, axis), axis, 0, (x.shape[axis] - 1) * up + 1)
    g = part(stuffed(g, down, axis), axis, 0, (g.shape[axis] - 1) * down + 1)
    return lagged(g, x, h_shape[0], axis)


def to_signal(g: Any, h: Any, up: int, down: int, axis: int, x_shape: Shape) -> Any:
    """Filter with h turned around, the two rates exchanged; zeros in front bring it to a multiple of the rate."""
    late = len(h) - 1
    turned = np.concatenate([np.zeros(-late % up, h.dtype), np.flip(h)])
    x = part(between_rates(turned, g, down, up, axis), axis, -(-late // up))
    return resized(x, x_shape[axis], axis)


def all_signals(c: Call) -> Any:
    """Filter all signals at once where they have one filter."""
    return looped(c) if c.stacked[0] else c.evaluate(*c.values, axis=shifted(c.param("axis"), c.rank(1)))


bilinear(between_rates, to_filter, to_signal)
batching(all_signals, between_rates)


# --- signals that go on outside, by SciPy's modes; index k counts from the first sample

PADS: dict[str, Any] = {"symmetric": "symmetric", "edge": "edge", "wrap": "wrap", "reflect": "reflect"}


def going_on(x: Any, before: int, after: int, axis: int, mode: str, cval: Any) -> Any:
    """Return a signal with what a mode puts outside."""
    n = x.shape[axis]
    if mode in PADS:
        return np.pad(
            x, [(before, after) if k == axis % x.ndim else (0, 0) for k in range(x.ndim)], PADS[mode]
        )
    outside = [np.arange(-before, 0), np.arange(n, n + after)]
    first, last = part(x, axis, 0, 1), part(x, axis, n - 1)
    if mode == "constant":
        return joined([np.full(len(k), 1.0) for k in outside], [cval, cval], x, axis)
    if mode == "line":
        slope = (last - first) / (n - 1)
        return joined([outside[0], outside[1] - (n - 1)], [slope, slope], x, axis, (first, last))
    if mode == "smooth":
        slopes = [part(x, axis, 1, 2) - first, last - part(x, axis, n - 2, n - 1)]
        return joined([outside[0], outside[1] - (n - 1)], slopes, x, axis, (first, last))
    if mode == "antisymmetric":
        turns = [k % (2 * n) for k in outside]
        mirrored = [np.take(x, np.where(k < n, k, 2 * n - 1 - k), axis) for k in turns]
        signs = [along(np.where(k < n, 1.0, -1.0), axis, x.ndim) for k in turns]
        return np.concatenate([signs[0] * mirrored[0], x, signs[1] * mirrored[1]], axis)
    if mode == "antireflect":
        period = 2 * (n - 1)
        ends = []
        for k in outside:
            turn = k % period
            ahead = along(turn < n, axis, x.ndim)
            value = np.take(x, np.where(turn < n, turn, period - turn), axis)
            rise = along(k // period * 2.0, axis, x.ndim) * (last - first)
            ends.append(rise + np.where(ahead, value, 2 * last - value))
        return np.concatenate([ends[0], x, ends[1]], axis)
    raise UnsupportedArgumentError(
        f"scipy.signal.upfirdn has no derivative rule for mode={mode!r}; pad the signal"
    )


def joined(weights: Any, sizes: Any, x: Any, axis: int, start: Any = (0.0, 0.0)) -> Any:
    """Return a signal between multiples of two values, from two starting points on."""
    shape = [1 if k == axis % x.ndim else n for k, n in enumerate(x.shape)]
    before, after = (
        np.broadcast_to(s, shape) * along(w, axis, x.ndim) + p
        for w, s, p in zip(weights, sizes, start, strict=True)
    )
    return np.concatenate([before, x, after], axis)


def filtered_outside(h: Any, x: Any, up: int, down: int, axis: int, mode: str, cval: Any) -> Any:
    """Filter between two rates a signal that goes on outside as far as the filter reaches."""
    reach = -(-(len(h) - 1) // up)
    before = reach + -reach % down
    count = ((x.shape[axis] - 1) * up + len(h) - 1) // down + 1
    start = before * up // down
    y = between_rates(h, going_on(x, before, reach, axis, mode, cval), up, down, axis)
    return part(y, axis, start, start + count)


outside = twin(signal.upfirdn, "scipy.signal.upfirdn (going on outside)")


@outside.def_composite(own_value=True)
def _outside(h: Any, x: Any, up: int, down: int, axis: int, mode: str, cval: Any) -> Any:
    return filtered_outside(h, x, up, down, axis, mode, cval)


@upfirdn.def_composite()
def _upfirdn(
    h: Any, x: Any, up: int = 1, down: int = 1, axis: int = -1, mode: str = "constant", cval: Any = 0
) -> Any:
    h, x, cval = as_operand(h), as_operand(x), as_operand(cval)
    if mode == "constant" and isinstance(cval, (int, float)) and cval == 0:
        return between_rates(h, x, int(up), int(down), axis)
    return outside(h, x, int(up), int(down), axis, mode, cval)


BACKGROUNDS: dict[str, Any] = {"mean": np.mean, "median": np.median, "minimum": np.min, "maximum": np.max}


@resample_poly.def_composite(own_value=True)
def _resample_poly(
    x: Any,
    up: int,
    down: int,
    axis: int = 0,
    window: Any = ("kaiser", 5.0),
    padtype: str = "constant",
    cval: Any = None,
) -> Any:
    x = as_operand(x)
    common = math.gcd(int(up), int(down))
    up, down = int(up) // common, int(down) // common
    if up == down == 1:
        return np.copy(x)
    if isinstance(window, (str, tuple)):
        longer = max(up, down)
        h = signal.firwin(20 * longer + 1, 1.0 / longer, window=window)
    else:
        h = as_operand(window)
    half, count = (len(h) - 1) // 2, -(-x.shape[axis] * up // down)
    early = down - half % down
    skipped = (half + early) // down
    # zeros behind the filter, so that the last sample of the result is reached
    late = max(0, (skipped + count - 1) * down + 1 - (x.shape[axis] - 1) * up - len(h) - early)
    h = np.concatenate([np.zeros(early), up * h, np.zeros(late)])
    if padtype in BACKGROUNDS:
        ground: Any = BACKGROUNDS[padtype](x, axis=axis, keepdims=True)
        return ground + part(between_rates(h, x - ground, up, down, axis), axis, skipped, skipped + count)
    y = filtered_outside(h, x, up, down, axis, padtype, 0.0 if cval is None else as_operand(cval))
    return part(y, axis, skipped, skipped + count)


@decimate.def_composite(own_value=True)
def _decimate(
    x: Any, q: int, n: Any = None, ftype: Any = "iir", axis: int = -1, zero_phase: bool = True
) -> Any:
    x = as_operand(x)
    if ftype == "iir":
        sos = signal.cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos")
        y = _sosfiltfilt(sos, x, axis) if zero_phase else _sosfilt(sos, x, axis)
        return part(y, axis, None, None, q)
    if ftype != "fir":
        raise UnsupportedArgumentError(
            f"scipy.signal.decimate has no derivative rule for ftype={ftype!r}; filter the signal and take x[::{q}]"
        )
    h = signal.firwin((20 * q if n is None else n) + 1, 1.0 / q, window="hamming")
    if zero_phase:
        return _resample_poly(x, 1, q, axis, h)
    return part(between_rates(h, x, 1, q, axis), axis, 0, -(-x.shape[axis] // q))


# --- by Fourier transforms


@hilbert.def_composite(own_value=True)
def _hilbert(x: Any, N: Any = None, axis: int = -1) -> Any:
    x = as_operand(x)
    n = x.shape[axis] if N is None else N
    waves = np.fft.fft(x, n, axis)
    half = (n + 1) // 2
    kept = [part(waves, axis, 0, 1), part(waves, axis, 1, half) * 2.0, part(waves, axis, half, n // 2 + 1)]
    blank = np.zeros_like(part(waves, axis, n // 2 + 1 if n > 1 else 1))
    return np.fft.ifft(np.concatenate([*kept, blank], axis), axis=axis)


@resample.def_composite(own_value=True)
def _resample(
    x: Any, num: int, t: Any = None, axis: int = 0, window: Any = None, domain: str = "time"
) -> Any:
    x = as_operand(x)
    n, common = x.shape[axis], min(num, x.shape[axis])
    real = domain == "time" and not np.iscomplexobj(x)
    waves = np.fft.fft(x, axis=axis) if domain == "time" else x
    if window is not None:
        if callable(window):
            weights = window(np.fft.fftfreq(n))
        elif isinstance(window, (str, tuple, float)):
            weights = np.fft.fftshift(signal.get_window(window, n))
        else:
            weights = as_operand(window)
        waves = waves * along(weights, axis, x.ndim)
    half = common // 2
    low, high = part(waves, axis, 0, (common + 1) // 2), part(waves, axis, n - (common - 1) // 2, n)
    blank = np.zeros([num - common if k == axis % x.ndim else m for k, m in enumerate(x.shape)])
    if common % 2:
        waves = np.concatenate([low, blank, high], axis)
    else:
        # the frequency in the middle stands for a positive and a negative one
        middle, other = part(waves, axis, half, half + 1), part(waves, axis, n - half, n - half + 1)
        if num < n:
            waves = np.concatenate([low, middle + other, high], axis)
        elif num > n:
            waves = np.concatenate([low, middle / 2, part(blank, axis, 1), middle / 2, high], axis)
    y = np.fft.ifft(waves * (num / n), axis=axis)
    y = np.real(y) if real else y
    if t is None:
        return y
    t = as_operand(t)
    return y, t[0] + (t[1] - t[0]) * (n / num) * np.arange(num)


# --- polynomials through a part of the signal


@detrend.def_composite(own_value=True)
def _detrend(
    data: Any, axis: int = -1, type: str = "linear", bp: Any = 0, overwrite_data: bool = False
) -> Any:
    if overwrite_data:
        raise UnsupportedArgumentError(
            "scipy.signal.detrend has no derivative rule for the argument overwrite_data=True; leave it out"
        )
    x = np.moveaxis(as_operand(data), axis, -1)
    n = x.shape[-1]
    breaks = (
        [0, n]
        if type in ("constant", "c")
        else np.unique(np.concatenate([[0, n], np.atleast_1d(bp)])).tolist()
    )
    pieces = []
    for start, stop in itertools.pairwise(breaks):
        piece = x[..., start:stop]
        line = np.vander(np.linspace(-1, 1, stop - start), 2)
        basis = np.linalg.qr(line if type in ("linear", "l") else line[:, 1:])[0]
        pieces.append(piece - piece @ basis @ basis.T)
    return np.moveaxis(np.concatenate(pieces, -1), -1, axis)


def at_edge(window: int, order: int, deriv: int, points: Any) -> Any:
    """Return the matrix from the numbers in a window to a derivative of their polynomial at some of its points."""
    scale = max((window - 1) / 2, 1.0)
    s = (np.arange(window) - (window - 1) / 2) / scale
    powers = np.arange(deriv, order + 1)
    factors = np.array([math.perm(int(p), deriv) for p in powers]) / scale**deriv
    fit = np.linalg.pinv(np.vander(s, order + 1, increasing=True))
    return (s[points, None] ** (powers - deriv) * factors) @ fit[deriv:]


SAVGOL = {
    "mirror": "reflect",
    "nearest": "edge",
    "wrap": "wrap",
    "constant": "constant",
    "interp": "constant",
}


@savgol_filter.def_composite(own_value=True)
def _savgol_filter(
    x: Any,
    window_length: int,
    polyorder: int,
    deriv: int = 0,
    delta: Any = 1.0,
    axis: int = -1,
    mode: str = "interp",
    cval: Any = 0.0,
) -> Any:
    x, delta, half = as_operand(x), as_operand(delta), window_length // 2
    taps = signal.savgol_coeffs(window_length, polyorder, deriv)
    long = going_on(x, window_length - 1 - half, half, axis, SAVGOL[mode], as_operand(cval))
    y = part(delayed(taps, long, axis), axis, window_length - 1)
    if mode == "interp" and half:
        n = x.shape[axis]
        windows = [part(x, axis, 0, window_length), part(x, axis, n - window_length)]
        points = [np.arange(half), np.arange(window_length - half, window_length)]
        edges = [
            np.moveaxis(np.moveaxis(w, axis, -1) @ at_edge(window_length, polyorder, deriv, p).T, -1, axis)
            for w, p in zip(windows, points, strict=True)
        ]
        y = np.concatenate([edges[0], part(y, axis, half, n - half), edges[1]], axis)
    return y / delta**deriv
