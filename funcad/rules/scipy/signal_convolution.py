"""`scipy.signal`: convolution and correlation, linear in each operand; median and order filters, which select.

In scope: `g` the cotangent, `in1_shape`, `in2_shape` the shapes of the operands, and SciPy's own parameters. Every
mode is the middle of the full product: a cotangent is put there, and convolved with the other operand turned around.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from funcad.core.assemble import as_operand
from funcad.core.batching import Call, looped
from funcad.core.function import twin
from funcad.core.kinds import batching, bilinear
from funcad.core.tracer import plain
from funcad.rules.batching.reductions import shifted
from funcad.rules.linalg import conj

Shape = tuple[int, ...]

convolve = twin(signal.convolve)
correlate = twin(signal.correlate)
fftconvolve = twin(signal.fftconvolve)
oaconvolve = twin(signal.oaconvolve)
convolve2d = twin(signal.convolve2d)
correlate2d = twin(signal.correlate2d)
choose_conv_method = twin(signal.choose_conv_method)
medfilt = twin(signal.medfilt)
medfilt2d = twin(signal.medfilt2d)
order_filter = twin(signal.order_filter)
wiener = twin(signal.wiener)


def in_middle(g: Any, shape: Shape) -> Any:
    """Place a cotangent in the middle of zeros of a shape."""
    before = [(full - n) // 2 for full, n in zip(shape, g.shape, strict=True)]
    widths = [(b, full - n - b) for b, full, n in zip(before, shape, g.shape, strict=True)]
    return np.pad(g, widths) if any([w != (0, 0) for w in widths]) else g


def full_shape(shape1: Shape, shape2: Shape, axes: Any = None) -> Shape:
    """Return the shape of the full product along some axes, which broadcasts along the others."""
    rank = len(shape1)
    along = range(rank) if axes is None else [k % rank for k in np.atleast_1d(axes).tolist()]
    pairs = enumerate(zip(shape1, shape2, strict=True))
    return tuple([m + n - 1 if k in along else max(m, n) for k, (m, n) in pairs])


# --- along all axes: directly, or by Fourier transforms


def against(g: Any, other: Any, method: str, in1_shape: Shape, in2_shape: Shape) -> Any:
    """Sum the cotangent of the full product times an operand, at all shifts."""
    return convolve(in_middle(g, full_shape(in1_shape, in2_shape)), np.flip(other), "valid", method)


def correlate_to_in1(g: Any, in2: Any, in1_shape: Shape, in2_shape: Shape, method: str) -> Any:
    """As for the convolution with in2 turned around and conjugated."""
    return against(g, np.flip(conj(in2)), method, in1_shape, in2_shape)


def correlate_to_in2(g: Any, in1: Any, in1_shape: Shape, in2_shape: Shape, method: str) -> Any:
    """As for the convolution, then turned around and conjugated."""
    return conj(np.flip(against(g, in1, method, in1_shape, in2_shape)))


# fmt: off
bilinear(convolve,  lambda g, in2, method, in1_shape, in2_shape: against(g, in2, method, in1_shape, in2_shape),
                    lambda g, in1, method, in1_shape, in2_shape: against(g, in1, method, in1_shape, in2_shape),
         unaffected=["mode"])
bilinear(correlate, correlate_to_in1, correlate_to_in2, unaffected=["mode"])
# fmt: on


# --- along some axes, by Fourier transforms of the whole or of pieces


def by_transforms(fn: Any) -> None:
    """Declare a convolution along some axes; along the others the operands broadcast."""

    def back(g: Any, other: Any, axes: Any, shape1: Shape, shape2: Shape) -> Any:
        return fn(in_middle(g, full_shape(shape1, shape2, axes)), np.flip(other, axes), "valid", axes)

    bilinear(
        fn,
        lambda g, in2, axes, in1_shape, in2_shape: back(g, in2, axes, in1_shape, in2_shape),
        lambda g, in1, axes, in1_shape, in2_shape: back(g, in1, axes, in1_shape, in2_shape),
        unaffected=["mode"],
    )


def all_at_once(c: Call) -> Any:
    """Convolve along the axes of an example, all of them for None."""
    rank, axes = c.rank(0), c.param("axes")
    if rank == 0 or rank != c.rank(1):
        return looped(c)
    axes = tuple(range(rank)) if axes is None else tuple(np.atleast_1d(axes).tolist())
    in2 = c.values[1] if c.stacked[1] else np.expand_dims(c.values[1], 0)
    return c.evaluate(c.whole(0), in2, axes=shifted(axes, rank))


by_transforms(fftconvolve)
by_transforms(oaconvolve)
batching(all_at_once, fftconvolve, oaconvolve)
choose_conv_method.def_constant()


# --- two dimensions, with something beyond the border: the valid part of a padded operand

PADS: dict[str, Any] = {
    "fill": "constant", "pad": "constant", "wrap": "wrap", "circular": "wrap", "symm": "symmetric",
    "symmetric": "symmetric",
}  # fmt: skip


def bordered(in1: Any, in2_shape: Shape, boundary: str, fillvalue: Any) -> Any:
    """Return an operand with what lies beyond its border, as wide as the other operand reaches."""
    widths = [(n - 1, n - 1) for n in in2_shape]
    if PADS[boundary] == "constant":
        return np.pad(in1 - fillvalue, widths) + fillvalue
    return np.pad(in1, widths, PADS[boundary])


def in_plane(in1: Any, in2: Any, mode: str, boundary: str, fillvalue: Any, offset: Any) -> Any:
    """Convolve; the part of the same shape as in1 begins at an offset by the length of in2."""
    if mode == "valid":
        return convolve(in1, in2, "valid", "direct")
    full = convolve(bordered(in1, in2.shape, boundary, fillvalue), in2, "valid", "direct")
    if mode == "full":
        return full
    return full[tuple([slice(offset(n), offset(n) + m) for m, n in zip(in1.shape, in2.shape, strict=True)])]


def swaps(mode: str, in1: Any, in2: Any) -> bool:
    """Tell whether the operands change places: only for the valid part."""
    return mode == "valid" and any([m < n for m, n in zip(in1.shape, in2.shape, strict=True)])


@convolve2d.def_composite(own_value=True)
def _convolve2d(in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Any:
    in1, in2 = as_operand(in1), as_operand(in2)
    return in_plane(in1, in2, mode, boundary, as_operand(fillvalue), lambda n: (n - 1) // 2)


@correlate2d.def_composite(own_value=True)
def _correlate2d(in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Any:
    in1, in2 = as_operand(in1), as_operand(in2)
    if swaps(mode, in1, in2):
        return np.flip(_correlate2d(in2, in1, mode))  # so that SciPy conjugates the longer operand
    return in_plane(in1, np.flip(conj(in2)), mode, boundary, as_operand(fillvalue), lambda n: n // 2)


# --- selections from a window around each element, with zeros beyond the border


def around(x: Any, size: Any) -> Any:
    """Return the window around each element along new axes."""
    return sliding_window_view(np.pad(x, [(n // 2, n // 2) for n in size]), size)


@order_filter.def_composite(own_value=True)
def _order_filter(a: Any, domain: Any, rank: int) -> Any:
    domain = np.asarray(domain)
    return np.sort(around(as_operand(a), domain.shape)[..., domain != 0], axis=-1)[..., rank]


@medfilt.def_composite(own_value=True)
def _medfilt(volume: Any, kernel_size: Any = None) -> Any:
    x = np.atleast_1d(as_operand(volume))
    size = np.broadcast_to(3 if kernel_size is None else kernel_size, x.ndim).tolist()
    values = np.reshape(around(x, size), (*x.shape, -1))
    return np.sort(values, axis=-1)[..., values.shape[-1] // 2]


@medfilt2d.def_composite(own_value=True)
def _medfilt2d(input: Any, kernel_size: Any = 3) -> Any:
    return _medfilt(input, kernel_size)


@wiener.def_composite(own_value=True)
def _wiener(im: Any, mysize: Any = None, noise: Any = None) -> Any:
    x = as_operand(im)
    size = np.broadcast_to(3 if mysize is None else mysize, x.ndim).tolist()
    ones = np.full(size, 1 / np.prod(size))
    mean = correlate(x, ones, "same", "direct")
    variance = correlate(x * x, ones, "same", "direct") - mean * mean
    noise = np.mean(variance) if noise is None else as_operand(noise)
    quiet = np.less(plain(variance), plain(noise))
    return np.where(quiet, mean, x - (x - mean) * noise / np.where(quiet, 1.0, variance))
