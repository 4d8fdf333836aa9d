"""Discrete Fourier transforms: four of one dimension with a transpose, all others composed of them.

In scope: `g` the cotangent, `a_shape` the shape of the operand, and the function's own parameters.
The transform of n numbers is the symmetric matrix F[j, k] = e^(-2 pi i j k / n) after cutting or padding
them to n. Its transpose is therefore F, then padding or cutting; that of the inverse likewise.
`rfft` keeps half of F and `irfft` stands for the other half by doubling, so that theirs differ in weights.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.kinds import composite, linear
from funcad.core.refusals import refuse_store
from funcad.core.tracer import user_frame

OTHER_WAY = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def along(values: Any, axis: int, ndim: int) -> Any:
    """Return a row of numbers along an axis, to broadcast against an array."""
    return np.reshape(values, tuple([-1 if k == axis % ndim else 1 for k in range(ndim)]))


def resized(x: Any, length: int, axis: int) -> Any:
    """Cut an array along an axis, or pad it with zeros at its end: each is the transpose of the other."""
    k, have = axis % x.ndim, x.shape[axis]
    if length > have:
        return np.pad(x, [(0, length - have if j == k else 0) for j in range(x.ndim)])
    return x if length == have else x[(slice(None),) * k + (slice(length),)]


def weighted(x: Any, n: int, axis: int, weight: float) -> Any:
    """Multiply by a weight what stands for two of n frequencies: all but the first, and n / 2."""
    weights = np.full(n // 2 + 1, weight, np.finfo(x.dtype).dtype)
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return x * along(weights, axis, x.ndim)


def transpose_rfft(g: Any, n: int | None, axis: int, norm: Any, a_shape: tuple[int, ...]) -> Any:
    """Re(sum over k of g[k] F[k, j]): a Hermitian transform of g, of which all inner frequencies are half."""
    n = a_shape[axis] if n is None else n
    x = np.fft.hfft(weighted(g, n, axis, 0.5), n, axis, norm)
    return resized(x, a_shape[axis], axis)


def transpose_irfft(g: Any, axis: int, norm: Any, a_shape: tuple[int, ...]) -> Any:
    """The inverse transform of the real g, of which all inner frequencies count twice."""
    n = g.shape[axis]
    z = weighted(np.fft.ihfft(g, n, axis, norm), n, axis, 2)
    return resized(z, a_shape[axis], axis)


# fmt: off
linear(np.fft.fft,   lambda g, axis, norm, a_shape: resized(np.fft.fft(g, None, axis, norm), a_shape[axis], axis),
       unaffected=["n"])
linear(np.fft.ifft,  lambda g, axis, norm, a_shape: resized(np.fft.ifft(g, None, axis, norm), a_shape[axis], axis),
       unaffected=["n"])
linear(np.fft.rfft,  transpose_rfft)
linear(np.fft.irfft, transpose_irfft, unaffected=["n"])
# fmt: on


# --- Hermitian input, and several dimensions, as NumPy computes them


def refuse_out(name: str, out: Any) -> None:
    """Refuse an array to write into."""
    if out is not None:
        refuse_store(f"np.fft.{name}(..., out=...)")


def reversed_norm(norm: Any) -> Any:
    """Return the normalisation of the transform in the other direction."""
    if norm not in OTHER_WAY:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return OTHER_WAY[norm]


@composite(np.fft.hfft)
def _hfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse_out("hfft", out)
    return np.fft.irfft(np.conjugate(a), n, axis, reversed_norm(norm))


@composite(np.fft.ihfft)
def _ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse_out("ihfft", out)
    return np.conjugate(np.fft.rfft(a, n, axis, reversed_norm(norm)))


def lengths(shape: tuple[int, ...], s: Any, axes: Any, halved: bool = False) -> list[tuple[Any, int]]:
    """Return the length and the axis of each transform of one dimension, as NumPy settles them."""
    given = s is not None
    s = list(s) if given else [shape[k] for k in (range(len(shape)) if axes is None else axes)]
    if axes is None:
        if given:
            _deprecated("`axes` should not be `None` if `s` is not `None` (Deprecated in NumPy 2.0)")
        axes = range(-len(s), 0)
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    if halved and not given:
        s[-1] = (shape[axes[-1]] - 1) * 2
    if None in s:
        _deprecated("Passing an array containing `None` values to `s` is deprecated in NumPy 2.0")
    return [(shape[k] if n == -1 else n, k) for n, k in zip(s, axes, strict=True)]


def _deprecated(message: str) -> None:
    """Warn, at the user's line, as NumPy does."""
    frame = user_frame()
    if frame is not None:
        warnings.warn_explicit(message, DeprecationWarning, frame.f_code.co_filename, frame.f_lineno)


def several(name: str, real: bool, forward: bool, default: Any) -> None:
    """Declare a transform of several dimensions: one after the other, the last axis first if forward."""
    of_rest = np.fft.fft if forward else np.fft.ifft
    of_last: Any = of_rest if not real else np.fft.rfft if forward else np.fft.irfft

    def body(a: Any, s: Any = None, axes: Any = default, norm: Any = None, out: Any = None) -> Any:
        refuse_out(name, out)
        a = as_operand(a)
        steps = lengths(a.shape, s, axes, halved=real and not forward)
        transforms = [of_rest] * len(steps)
        if real:
            transforms[-1] = of_last
        if forward or not real:
            steps, transforms = steps[::-1], transforms[::-1]
        for transform, (n, axis) in zip(transforms, steps, strict=True):
            a = transform(a, n, axis, norm)
        return a if steps else np.copy(a)  # an array, also of a number

    composite(getattr(np.fft, name))(body)


for _suffix, _axes in (("n", None), ("2", (-2, -1))):
    several(f"fft{_suffix}", real=False, forward=True, default=_axes)
    several(f"ifft{_suffix}", real=False, forward=False, default=_axes)
    several(f"rfft{_suffix}", real=True, forward=True, default=_axes)
    several(f"irfft{_suffix}", real=True, forward=False, default=_axes)


def rolled(x: Any, axes: Any, sign: int) -> Any:
    """Roll an array by half of its length along some axes."""
    x = as_operand(x)
    if axes is None:
        axes = tuple(range(x.ndim))
    if isinstance(axes, (int, np.integer)):
        return np.roll(x, sign * (x.shape[axes] // 2), axes)
    return np.roll(x, [sign * (x.shape[k] // 2) for k in axes], axes)


@composite(np.fft.fftshift)
def _fftshift(x: Any, axes: Any = None) -> Any:
    return rolled(x, axes, 1)


@composite(np.fft.ifftshift)
def _ifftshift(x: Any, axes: Any = None) -> Any:
    return rolled(x, axes, -1)
