"""`scipy.ndimage`: filters that choose an element of a window, and the morphology of grey values.

The derivative is that of the elements that have the chosen value; equal ones share it equally.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage

from funcad.core.function import PrimitiveFunction, twin
from funcad.core.tracer import plain
from funcad.rules.scipy.ndimage_filters import (
    axes_of,
    dtype_for,
    extended,
    image_of,
    is_constant,
    per_axis,
    turned,
    window,
)

minimum_filter1d = twin(ndimage.minimum_filter1d)
maximum_filter1d = twin(ndimage.maximum_filter1d)
minimum_filter = twin(ndimage.minimum_filter)
maximum_filter = twin(ndimage.maximum_filter)
rank_filter = twin(ndimage.rank_filter)
median_filter = twin(ndimage.median_filter)
percentile_filter = twin(ndimage.percentile_filter)
grey_erosion = twin(ndimage.grey_erosion)
grey_dilation = twin(ndimage.grey_dilation)
grey_opening = twin(ndimage.grey_opening)
grey_closing = twin(ndimage.grey_closing)
morphological_gradient = twin(ndimage.morphological_gradient)
morphological_laplace = twin(ndimage.morphological_laplace)
white_tophat = twin(ndimage.white_tophat)
black_tophat = twin(ndimage.black_tophat)


def chosen(x: Any, footprint: Any, heights: Any, rank: int, modes: Any, cval: Any, origins: Any) -> Any:
    """Return the element of a rank among those of a window, to which heights are added first.

    Args:
        x: the image.
        footprint: which elements of the window count, with as many axes as the image.
        heights: what is added to these elements.
        rank: the place of the chosen element in their order.
        modes: for each axis, what stands beyond the borders.
        cval: the constant that does where the mode says so.
        origins: for each axis, where the window is.
    """
    whole, still = np.ndim(x), (0, 0)
    for axis, (size, how, origin) in enumerate(zip(np.shape(footprint), modes, origins, strict=True)):
        widths = tuple([window(size, origin) if k == axis else still for k in range(whole)])
        base = cval if is_constant(how) else 0
        x = extended(x - base, widths, how) + base if base else extended(x, widths, how)
    near = sliding_window_view(x, np.shape(footprint))
    near = np.reshape(near, (*np.shape(near)[:whole], -1))[..., np.flatnonzero(footprint)] + heights
    values = plain(near)
    equal = np.equal(values, np.partition(values, rank, axis=-1)[..., rank : rank + 1])
    return np.sum(near * (equal / np.sum(equal, axis=-1, keepdims=True)), axis=-1)


def _filter(
    name: str,
    input: Any,
    rank: Any,
    size: Any,
    footprint: Any,
    output: Any,
    mode: Any,
    cval: Any,
    origin: Any,
    axes: Any,
    structure: Any = None,
) -> Any:
    """Settle the arguments of a filter; `rank` is a function of the number of elements that count."""
    x = image_of(input)
    dtype_for(output, x, name)
    whole, axes = np.ndim(x), axes_of(axes, np.ndim(x))
    if footprint is None:
        shape = per_axis(size, len(axes)) if structure is None else np.shape(structure)
        footprint = np.ones([int(n) for n in shape], bool)
    footprint = np.asarray(footprint, bool)
    heights = 0.0 if structure is None else np.asarray(structure, float)[footprint]
    modes, origins = ["reflect"] * whole, [0] * whole
    count = len(axes)
    for axis, how, o in zip(axes, per_axis(mode, count), per_axis(origin, count), strict=True):
        modes[axis], origins[axis] = how, o
    shape = [1] * whole
    for axis, n in zip(axes, footprint.shape, strict=True):
        shape[axis] = n
    # the axes of the footprint in the order of those of the image
    footprint = footprint.transpose(np.argsort(axes)).reshape(shape)
    return chosen(x, footprint, heights, rank(int(footprint.sum())), modes, cval, origins)


def least(count: int) -> int:
    """Return the rank of the minimum."""
    return 0


def greatest(count: int) -> int:
    """Return the rank of the maximum."""
    return count - 1


def at_percentile(percentile: float) -> Any:
    """Return the rank of a percentile as a function of the number of elements."""
    part = percentile + 100.0 if percentile < 0 else percentile
    return lambda count: count - 1 if part == 100.0 else int(float(count) * part / 100.0)


def of_line(declared: PrimitiveFunction[..., Any], name: str, rank: Any) -> None:
    """Declare a filter along one axis."""

    @declared.def_composite(own_value=True)
    def _body(
        input: Any,
        size: int,
        axis: int = -1,
        output: Any = None,
        mode: str = "reflect",
        cval: Any = 0.0,
        origin: int = 0,
    ) -> Any:
        return _filter(name, input, rank, size, None, output, mode, cval, origin, axis)


def of_window(declared: PrimitiveFunction[..., Any], name: str, rank: Any) -> None:
    """Declare a filter whose rank is that of its name."""

    @declared.def_composite(own_value=True)
    def _body(
        input: Any,
        size: Any = None,
        footprint: Any = None,
        output: Any = None,
        mode: Any = "reflect",
        cval: Any = 0.0,
        origin: Any = 0,
        *,
        axes: Any = None,
    ) -> Any:
        return _filter(name, input, rank, size, footprint, output, mode, cval, origin, axes)


def of_rank(declared: PrimitiveFunction[..., Any], name: str, rank_of: Any) -> None:
    """Declare a filter whose rank is an argument."""

    @declared.def_composite(own_value=True)
    def _body(
        input: Any,
        rank: Any,
        size: Any = None,
        footprint: Any = None,
        output: Any = None,
        mode: Any = "reflect",
        cval: Any = 0.0,
        origin: Any = 0,
        *,
        axes: Any = None,
    ) -> Any:
        return _filter(name, input, rank_of(rank), size, footprint, output, mode, cval, origin, axes)


of_line(minimum_filter1d, "minimum_filter1d", least)
of_line(maximum_filter1d, "maximum_filter1d", greatest)
of_window(minimum_filter, "minimum_filter", least)
of_window(maximum_filter, "maximum_filter", greatest)
of_window(median_filter, "median_filter", lambda count: count // 2)
of_rank(rank_filter, "rank_filter", lambda rank: lambda count: rank % count)


@percentile_filter.def_composite(own_value=True)
def _percentile_filter(
    input: Any,
    percentile: Any,
    size: Any = None,
    footprint: Any = None,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    origin: Any = 0,
    *,
    axes: Any = None,
) -> Any:
    rank = at_percentile(percentile)
    return _filter("percentile_filter", input, rank, size, footprint, output, mode, cval, origin, axes)


# --- morphology


def eroded(
    name: str,
    x: Any,
    size: Any,
    footprint: Any,
    structure: Any,
    output: Any,
    mode: Any,
    cval: Any,
    origin: Any,
    axes: Any,
) -> Any:
    """Return the minimum of the window less its structure."""
    heights = None if structure is None else -np.asarray(structure, float)
    return _filter(name, x, least, size, footprint, output, mode, cval, origin, axes, heights)


def dilated(
    name: str,
    x: Any,
    size: Any,
    footprint: Any,
    structure: Any,
    output: Any,
    mode: Any,
    cval: Any,
    origin: Any,
    axes: Any,
) -> Any:
    """Return the maximum of the turned window plus its structure."""
    heights = None if structure is None else np.flip(np.asarray(structure, float))
    footprint = None if footprint is None else np.flip(np.asarray(footprint, bool))
    count = len(axes_of(axes, np.ndim(x)))
    given = footprint if footprint is not None else heights
    sizes = per_axis(size, count) if given is None else np.shape(given)
    origins = [turned(int(n), o) for n, o in zip(sizes, per_axis(origin, count), strict=True)]
    return _filter(name, x, greatest, size, footprint, output, mode, cval, origins, axes, heights)


def of_structure(declared: PrimitiveFunction[..., Any], name: str, combine: Any) -> None:
    """Declare a function of an image's erosion and dilation."""

    @declared.def_composite(own_value=True)
    def _body(
        input: Any,
        size: Any = None,
        footprint: Any = None,
        structure: Any = None,
        output: Any = None,
        mode: Any = "reflect",
        cval: Any = 0.0,
        origin: Any = 0,
        *,
        axes: Any = None,
    ) -> Any:
        how = size, footprint, structure, output, mode, cval, origin, axes

        def erode(y: Any) -> Any:
            return eroded(name, y, *how)

        def dilate(y: Any) -> Any:
            return dilated(name, y, *how)

        return combine(image_of(input), erode, dilate)


of_structure(grey_erosion, "grey_erosion", lambda x, erode, dilate: erode(x))
of_structure(grey_dilation, "grey_dilation", lambda x, erode, dilate: dilate(x))
of_structure(grey_opening, "grey_opening", lambda x, erode, dilate: dilate(erode(x)))
of_structure(grey_closing, "grey_closing", lambda x, erode, dilate: erode(dilate(x)))
of_structure(morphological_gradient, "morphological_gradient", lambda x, erode, dilate: dilate(x) - erode(x))
of_structure(
    morphological_laplace, "morphological_laplace", lambda x, erode, dilate: dilate(x) + erode(x) - 2 * x
)
of_structure(white_tophat, "white_tophat", lambda x, erode, dilate: x - dilate(erode(x)))
of_structure(black_tophat, "black_tophat", lambda x, erode, dilate: erode(dilate(x)) - x)
