"""`scipy.ndimage`: correlations, and the filters that are made of them.

In scope: `t` the tangent, `g` the cotangent, `ans` the output. An image is extended beyond its borders, and a sum of
shifted copies taken; the transpose spreads each element over its window and folds what lies outside back.
A function of the transposed image costs what the filter costs; there is no matrix.
"""

from __future__ import annotations

import string
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage

from funcad.core.assemble import as_operand
from funcad.core.batching import looped
from funcad.core.broadcast import own_dtype
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import Tracer
from funcad.errors import UnsupportedArgumentError
from funcad.rules.linalg import conj

correlate1d = twin(ndimage.correlate1d)
convolve1d = twin(ndimage.convolve1d)
correlate = twin(ndimage.correlate)
convolve = twin(ndimage.convolve)
uniform_filter1d = twin(ndimage.uniform_filter1d)
uniform_filter = twin(ndimage.uniform_filter)


# --- the image beyond its borders

#: SciPy's other names of the modes
_SYNONYMS = {"grid-mirror": "reflect", "grid-constant": "constant", "grid-wrap": "wrap"}


def sources(n: int, left: int, right: int, mode: str) -> Any:
    """Return which elements of a line stand in its extension."""
    i = np.arange(-left, n + right)
    mode = _SYNONYMS.get(mode, mode)
    if mode == "nearest":
        return np.clip(i, 0, n - 1)
    if mode == "wrap":
        return i % n
    last = 2 * n - 1 if mode == "reflect" else max(2 * n - 2, 1)
    i = i % (last + (mode == "reflect"))
    return np.minimum(i, last - i) if mode == "reflect" or n > 1 else np.zeros_like(i)


def is_constant(mode: str) -> bool:
    """Tell whether a constant stands beyond the borders."""
    return _SYNONYMS.get(mode, mode) == "constant"


def _extended(x: Any, widths: Any, mode: str) -> Any:
    if is_constant(mode):
        return np.pad(x, widths)
    for axis, (left, right) in enumerate(widths):
        if left or right:
            x = np.take(x, sources(x.shape[axis], left, right, mode), axis)
    return x


def _folded(h: Any, widths: Any, mode: str) -> Any:
    for axis, (left, right) in enumerate(widths):
        h = np.moveaxis(h, axis, 0)
        n = h.shape[0] - left - right
        inside = h[left : left + n]
        if not is_constant(mode) and (left or right):
            inside = inside.copy()
            for k, source in enumerate(sources(n, left, right, mode)):
                if not left <= k < left + n:
                    inside[source] += h[k]
        h = np.moveaxis(inside, 0, axis)
    return h


#: an image with some rows more at each border, 0 beyond them where the mode is constant, and the transpose
extended = PrimitiveFunction(_extended, name="an image beyond its borders")
folded = PrimitiveFunction(_folded, name="an image folded back at its borders")
extended.def_linear(lambda g, widths, mode: folded(g, widths, mode))
folded.def_linear(lambda g, widths, mode: extended(g, widths, mode))
batching(lambda c: c.evaluate(*c.values, widths=((0, 0), *c.param("widths"))), extended, folded)


# --- correlations: `along` an axis, and `around` each element with weights of as many axes as the image


def _along(image: Any, weights: Any, axis: Any, dtype: Any, mode: Any, cval: Any, origin: Any) -> Any:
    return ndimage.correlate1d(image, weights, axis, dtype, mode, cval, origin)


def _around(image: Any, weights: Any, dtype: Any, mode: Any, cval: Any, origins: Any) -> Any:
    return ndimage.correlate(image, weights, dtype, mode, cval, origins)


def _averaged(image: Any, size: Any, axis: Any, dtype: Any, mode: Any, cval: Any, origin: Any) -> Any:
    return ndimage.uniform_filter1d(image, size, axis, dtype, mode, cval, origin)


along = PrimitiveFunction(_along, name="scipy.ndimage.correlate1d (one axis)")
around = PrimitiveFunction(_around, name="scipy.ndimage.correlate (all axes)")
averaged = PrimitiveFunction(_averaged, name="scipy.ndimage.uniform_filter1d (one axis)")


def kind(ans: Any) -> Any:
    """Return the dtype of a result that has a derivative."""
    dtype = own_dtype(ans)
    if dtype.kind not in "fc":
        raise UnsupportedArgumentError(
            f"a function of scipy.ndimage would round the derivative to {dtype}, the dtype of the image: pass "
            "output=float, or an image of floats"
        )
    return dtype


def window(size: int, origin: int) -> tuple[int, int]:
    """Return how far a filter reaches to each side."""
    left = size // 2 + origin
    return left, size - left - 1


def spread_along(g: Any, weights: Any, axis: Any, mode: Any, origin: Any) -> Any:
    """Return the transpose of `along` in the image."""
    axis, size, rank = axis % np.ndim(g), np.shape(weights)[0], np.ndim(g)
    g = np.pad(g, [(0, size - 1 if k == axis else 0) for k in range(rank)])
    h = along(g, weights[::-1], axis, None, "constant", 0.0, (size - 1) // 2)
    return folded(h, tuple([window(size, origin) if k == axis else (0, 0) for k in range(rank)]), mode)


def spread_around(g: Any, weights: Any, mode: Any, origins: Any) -> Any:
    """Return the transpose of `around` in the image."""
    sizes = np.shape(weights)
    g = np.pad(g, [(0, size - 1) for size in sizes])
    h = around(g, np.flip(weights), None, "constant", 0.0, tuple([(size - 1) // 2 for size in sizes]))
    return folded(h, tuple([window(s, o) for s, o in zip(sizes, origins, strict=True)]), mode)


def products(g: Any, x: Any, sizes: Any, mode: Any, cval: Any, origins: Any) -> Any:
    """Return the products of a cotangent with the image at each place of the weights."""
    widths = tuple([window(s, o) for s, o in zip(sizes, origins, strict=True)])
    shift = cval if is_constant(mode) else 0
    x = extended(x - shift, widths, mode) + shift if shift else extended(x, widths, mode)
    image = string.ascii_letters[: len(sizes)]
    lags = string.ascii_letters[-len(sizes) :]
    # the weights of a correlation are conjugated
    return conj(np.einsum(f"{lags}{image},{image}->{lags}", sliding_window_view(x, np.shape(g)), g))


def pull_weights_along(
    g: Any, ans: Any, image: Any, weights_shape: Any, axis: Any, mode: Any, cval: Any, origin: Any
) -> Any:
    """Return the cotangent of the weights of one axis."""
    kind(ans)
    rank = np.ndim(image)
    there = [k == axis % rank for k in range(rank)]
    sizes = [weights_shape[0] if at else 1 for at in there]
    return np.reshape(products(g, image, sizes, mode, cval, [origin if at else 0 for at in there]), (-1,))


def pull_weights_around(
    g: Any, ans: Any, image: Any, weights_shape: Any, mode: Any, cval: Any, origins: Any
) -> Any:
    """Return the cotangent of the weights of all axes."""
    kind(ans)
    return products(g, image, weights_shape, mode, cval, origins)


# fmt: off
along.def_jvp(
    lambda t, ans, weights, axis, mode, origin: along(t, weights, axis, kind(ans), mode, 0.0, origin),
    lambda t, ans, image, axis, mode, cval, origin: along(image, t, axis, kind(ans), mode, cval, origin),
    unaffected=["dtype", "cval"],
)
along.def_vjp(
    lambda g, weights, axis, mode, origin: spread_along(g, weights, axis, mode, origin),
    pull_weights_along,
)
around.def_jvp(
    lambda t, ans, weights, mode, origins: around(t, weights, kind(ans), mode, 0.0, origins),
    lambda t, ans, image, mode, cval, origins: around(image, t, kind(ans), mode, cval, origins),
    unaffected=["dtype", "cval"],
)
around.def_vjp(
    lambda g, weights, mode, origins: spread_around(g, weights, mode, origins),
    pull_weights_around,
)
averaged.def_jvp(
    lambda t, ans, size, axis, mode, origin: averaged(t, size, axis, kind(ans), mode, 0.0, origin),
    unaffected=["dtype", "cval"],
)
averaged.def_vjp(
    lambda g, size, axis, mode, origin: spread_along(g, np.full(int(size), 1 / size), axis, mode, origin)
)
# fmt: on


def one_axis_more(c: Any) -> Any:
    """Compute a batch of images with one filter along an axis."""
    if len(c.values) > 1 and c.stacked[1]:
        return looped(c)
    axis = c.param("axis")
    return c.evaluate(*c.values, axis=axis if axis < 0 else axis + 1)


def filter_of_one(c: Any) -> Any:
    """Compute a batch of images with one filter, which has one element along the axis of the examples."""
    if c.stacked[1]:
        return looped(c)
    return c.evaluate(c.values[0], c.values[1][None], origins=(0, *c.param("origins")))


batching(one_axis_more, along, averaged)
batching(filter_of_one, around)


# --- arguments


def dtype_for(output: Any, x: Any, name: str) -> Any:
    """Return the dtype of a result; an array to write to is refused."""
    if output is None:
        return own_dtype(x)
    if isinstance(output, (np.ndarray, Tracer, list)):
        raise UnsupportedArgumentError(
            f"scipy.ndimage.{name} has no derivative rule for an array as output: use the returned array, or "
            "give a dtype"
        )
    return np.dtype(output)


def image_of(input: Any) -> Any:
    """Return an image as an array or a tracer."""
    x = as_operand(input)
    return x if isinstance(x, Tracer) else np.asarray(x)


def axes_of(axes: Any, rank: int) -> list[int]:
    """Return the numbers of axes, all of them for None."""
    if axes is None:
        return list(range(rank))
    listed: list[Any] = [axes] if np.isscalar(axes) else list(axes)
    return [axis % rank for axis in listed]


def per_axis(value: Any, count: int) -> list[Any]:
    """Return a value for each axis of one for all or of a sequence."""
    if isinstance(value, (str, type(None))) or (type(value) not in (list, tuple) and np.ndim(value) == 0):
        return [value] * count
    if len(value) != count:
        raise RuntimeError("sequence argument must have length equal to input rank")
    return [value[k] for k in range(count)]


def turned(size: int, origin: int) -> int:
    """Return the origin of a convolution as that of a correlation with the weights reversed."""
    return -origin - (size % 2 == 0)


# --- the functions of SciPy: its own steps


@correlate1d.def_composite()
def _correlate1d(
    input: Any,
    weights: Any,
    axis: int = -1,
    output: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: int = 0,
) -> Any:
    x, weights = image_of(input), image_of(weights)
    if output is not None:
        output = dtype_for(output, x, "correlate1d")
    return along(x, weights, axis, output, mode, cval, origin)


@convolve1d.def_composite()
def _convolve1d(
    input: Any,
    weights: Any,
    axis: int = -1,
    output: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: int = 0,
) -> Any:
    weights = image_of(weights)
    origin = turned(np.shape(weights)[0], origin)
    return correlate1d(input, conj(weights[::-1]), axis, output, mode, cval, origin)


def _over_axes(
    name: str, input: Any, weights: Any, output: Any, mode: Any, cval: Any, origin: Any, axes: Any
) -> Any:
    x, weights = image_of(input), image_of(weights)
    if output is not None:
        output = dtype_for(output, x, name)
    rank, convolves = np.ndim(x), name == "convolve"
    axes = axes_of(axes, rank)
    if np.ndim(weights) != len(axes):
        raise RuntimeError(f"weights.ndim ({np.ndim(weights)}) must match len(axes) ({len(axes)})")
    origins = [0] * rank
    for axis, o in zip(axes, per_axis(origin, len(axes)), strict=True):
        origins[axis] = o
    weights = np.expand_dims(weights, tuple([k for k in range(rank) if k not in axes]))
    if convolves:
        origins = [turned(n, o) for n, o in zip(np.shape(weights), origins, strict=True)]
        weights = conj(np.flip(weights))
    return around(x, weights, output, mode, cval, tuple(origins))


@correlate.def_composite()
def _correlate(
    input: Any,
    weights: Any,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
    *,
    axes: Any = None,
) -> Any:
    return _over_axes("correlate", input, weights, output, mode, cval, origin, axes)


@convolve.def_composite()
def _convolve(
    input: Any,
    weights: Any,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
    *,
    axes: Any = None,
) -> Any:
    return _over_axes("convolve", input, weights, output, mode, cval, origin, axes)


@uniform_filter1d.def_composite()
def _uniform_filter1d(
    input: Any,
    size: int,
    axis: int = -1,
    output: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    origin: int = 0,
) -> Any:
    x = image_of(input)
    return averaged(x, size, axis, dtype_for(output, x, "uniform_filter1d"), mode, cval, origin)


@uniform_filter.def_composite()
def _uniform_filter(
    input: Any,
    size: Any = 3,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
    *,
    axes: Any = None,
) -> Any:
    x = image_of(input)
    dtype = dtype_for(output, x, "uniform_filter")
    axes = axes_of(axes, np.ndim(x))
    steps = [per_axis(value, len(axes)) for value in (size, mode, origin)]
    for axis, n, how, o in zip(axes, *steps, strict=True):
        if n > 1:
            x = averaged(x, int(n), axis, dtype, how, cval, o)
    return x if own_dtype(x) == dtype else x.astype(dtype)
