"""`scipy.ndimage`: Gaussian filters, also in the width, and filters of differences: SciPy's own steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype
from funcad.core.function import twin
from funcad.core.tracer import Tracer, agreed, plain, user_line
from funcad.errors import BatchError
from funcad.rules.scipy.ndimage_filters import along, axes_of, dtype_for, image_of, per_axis

gaussian_filter1d = twin(ndimage.gaussian_filter1d)
gaussian_filter = twin(ndimage.gaussian_filter)
gaussian_laplace = twin(ndimage.gaussian_laplace)
gaussian_gradient_magnitude = twin(ndimage.gaussian_gradient_magnitude)
laplace = twin(ndimage.laplace)
prewitt = twin(ndimage.prewitt)
sobel = twin(ndimage.sobel)


def kernel(sigma: Any, order: int, radius: int) -> Any:
    """Return the Gaussian of some width, or its derivative of some order, at the integers within a radius.

    The derivative is a polynomial times the Gaussian; it follows from (q f)' = (q' - q x / sigma^2) f.
    """
    if order < 0:
        raise ValueError("order must be non-negative")
    square = sigma * sigma
    x = np.arange(-radius, radius + 1)
    f = np.exp(-0.5 / square * x**2)
    f = f / np.sum(f)
    if order == 0:
        return f
    q = np.zeros(order + 1)
    q[0] = 1
    powers = np.arange(order + 1)
    step = np.diag(powers[1:], 1) + np.diag(np.ones(order) / -square, -1)
    for _ in range(order):
        q = np.dot(step, q)
    return np.dot(x[:, None] ** powers, q) * f


def radius_of(sigma: Any, truncate: float) -> int:
    """Return where a Gaussian is cut off, a whole number of elements and the same for all examples of a batch."""
    reach = truncate * plain(as_operand(sigma)) + 0.5
    while isinstance(reach, Tracer):
        reach = reach.value
    radii = np.unique(np.asarray(reach).astype(int))
    if len(radii) != 1:
        raise BatchError(
            f"the Gaussian filters of a batch have different lengths (radius {', '.join(map(str, radii))}, at "
            f"{user_line()}): give them one by radius="
        )
    return int(radii[0])


@gaussian_filter1d.def_composite()
def _gaussian_filter1d(
    input: Any,
    sigma: Any,
    axis: int = -1,
    order: int = 0,
    output: Any = None,
    mode: str = "reflect",
    cval: Any = 0.0,
    truncate: float = 4.0,
    *,
    radius: Any = None,
) -> Any:
    x = image_of(input)
    dtype = dtype_for(output, x, "gaussian_filter1d")
    if radius is None:
        radius = radius_of(sigma, truncate)
    return along(x, kernel(as_operand(sigma), order, radius)[::-1], axis, dtype, mode, cval, 0)


@gaussian_filter.def_composite()
def _gaussian_filter(
    input: Any,
    sigma: Any,
    order: Any = 0,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    truncate: float = 4.0,
    *,
    radius: Any = None,
    axes: Any = None,
) -> Any:
    x = image_of(input)
    dtype = dtype_for(output, x, "gaussian_filter")
    axes = axes_of(axes, np.ndim(x))
    steps = [per_axis(value, len(axes)) for value in (sigma, order, mode, radius)]
    for axis, width, n, how, r in zip(axes, *steps, strict=True):
        if agreed(np.greater(plain(width), 1e-15), "whether they are filtered"):
            x = gaussian_filter1d(x, width, axis, n, dtype, how, cval, truncate, radius=r)
    return x if own_dtype(x) == dtype else x.astype(dtype)


def _each_axis(x: Any, dtype: Any, mode: Any, axes: Any, one: Any) -> list[Any]:
    """Return what a function of the axis and its mode gives, for each axis."""
    axes = axes_of(axes, np.ndim(x))
    return [one(axis, how) for axis, how in zip(axes, per_axis(mode, len(axes)), strict=True)]


def _total(x: Any, dtype: Any, terms: list[Any]) -> Any:
    """Return the sum of terms, in their order; the image itself where there are none."""
    if not terms:
        return x.astype(dtype)
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


@laplace.def_composite()
def _laplace(
    input: Any, output: Any = None, mode: Any = "reflect", cval: Any = 0.0, *, axes: Any = None
) -> Any:
    x = image_of(input)
    dtype = dtype_for(output, x, "laplace")

    def second(axis: int, how: str) -> Any:
        return along(x, np.array([1, -2, 1]), axis, dtype, how, cval, 0)

    return _total(x, dtype, _each_axis(x, dtype, mode, axes, second))


def _derivatives(
    name: str, order: int, input: Any, sigma: Any, output: Any, mode: Any, cval: Any, axes: Any, kwargs: Any
) -> tuple[Any, Any, list[Any]]:
    """Return the image, the dtype, and the derivatives of an order along each axis of the blurred image."""
    x = image_of(input)
    dtype = dtype_for(output, x, name)
    rank = np.ndim(x)

    def derivative(axis: int, how: Any) -> Any:
        orders = [order if k == axis else 0 for k in range(rank)]
        return gaussian_filter(x, sigma, orders, dtype, how, cval, **kwargs)

    return x, dtype, _each_axis(x, dtype, mode, axes, derivative)


@gaussian_laplace.def_composite()
def _gaussian_laplace(
    input: Any,
    sigma: Any,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    *,
    axes: Any = None,
    **kwargs: Any,
) -> Any:
    rank = np.ndim(image_of(input))
    chosen = axes_of(axes, rank)
    if len(chosen) < rank:
        widths = dict(zip(chosen, per_axis(sigma, len(chosen)), strict=True))
        sigma = [widths.get(axis, 0.0) for axis in range(rank)]
    return _total(*_derivatives("gaussian_laplace", 2, input, sigma, output, mode, cval, axes, kwargs))


@gaussian_gradient_magnitude.def_composite()
def _gaussian_gradient_magnitude(
    input: Any,
    sigma: Any,
    output: Any = None,
    mode: Any = "reflect",
    cval: Any = 0.0,
    *,
    axes: Any = None,
    **kwargs: Any,
) -> Any:
    name = "gaussian_gradient_magnitude"
    x, dtype, slopes = _derivatives(name, 1, input, sigma, output, mode, cval, axes, kwargs)
    if not slopes:
        return x.astype(dtype)
    total = _total(x, dtype, [slope * slope for slope in slopes])
    # a length has derivative 0 at the origin
    flat = np.equal(plain(total), 0)
    return np.where(flat, 0, np.sqrt(np.where(flat, 1, total)))


def _difference(name: str, input: Any, axis: int, output: Any, mode: Any, cval: Any, across: Any) -> Any:
    """Return central differences along an axis, summed with weights across the others."""
    x = image_of(input)
    dtype, rank = dtype_for(output, x, name), np.ndim(x)
    modes = per_axis(mode, rank)
    axis %= rank
    x = along(x, np.array([-1, 0, 1]), axis, dtype, modes[axis], cval, 0)
    for other in range(rank):
        if other != axis:
            x = along(x, np.array(across), other, dtype, modes[other], cval, 0)
    return x


@prewitt.def_composite()
def _prewitt(input: Any, axis: int = -1, output: Any = None, mode: Any = "reflect", cval: Any = 0.0) -> Any:
    return _difference("prewitt", input, axis, output, mode, cval, [1, 1, 1])


@sobel.def_composite()
def _sobel(input: Any, axis: int = -1, output: Any = None, mode: Any = "reflect", cval: Any = 0.0) -> Any:
    return _difference("sobel", input, axis, output, mode, cval, [1, 2, 1])
