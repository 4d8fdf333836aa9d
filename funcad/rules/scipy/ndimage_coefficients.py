"""`scipy.ndimage`: the coefficients of the spline through an image, a linear function of it, and its transpose."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.signal import lfilter

from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import plain
from funcad.rules.scipy.ndimage_filters import dtype_for, image_of

spline_filter1d = twin(ndimage.spline_filter1d)
spline_filter = twin(ndimage.spline_filter)


def _coefficients(x: Any, order: int, axis: int, mode: str, dtype: Any) -> Any:
    return ndimage.spline_filter1d(x, order, axis, dtype, mode)


coefficients = PrimitiveFunction(_coefficients, name="scipy.ndimage.spline_filter1d (one axis)")
#: the modes with which the image is reflected behind its last element
_REFLECTED = ("reflect", "grid-mirror", "nearest")


def transposed(g: Any, order: int, axis: int, mode: str) -> Any:
    """Return the transpose of the filter, which is the filter itself where the image repeats.

    Where the image is mirrored at its ends, the matrix A of the values at the elements is not symmetric, but D A is,
    with 1/2 at both ends of the diagonal D: A^-T = D A^-1 D^-1.
    """
    n = np.shape(g)[axis]
    if mode in _REFLECTED:
        return spread(g, order, axis)
    if mode == "grid-wrap" or n == 1 or order < 2:
        return coefficients(g, order, axis, mode, doubled(g))
    weights = np.ones(n)
    weights[[0, -1]] = 0.5
    weights = np.expand_dims(weights, tuple(range(1, np.ndim(g) - axis % np.ndim(g))))
    return weights * coefficients(g / weights, order, axis, mode, doubled(g))


def doubled(g: Any) -> Any:
    """Return the dtype in which SciPy computes."""
    return np.result_type(plain(g).dtype, np.float64)


_POLES: dict[int, tuple[float, ...]] = {
    2: (sqrt(8) - 3,),
    3: (sqrt(3) - 2,),
    4: tuple([sqrt(664 + sign * sqrt(438976)) - sign * sqrt(304) - 19 for sign in (-1, 1)]),
    5: tuple([sqrt(67.5 + sign * sqrt(4436.25)) - sign * sqrt(26.25) - 6.5 for sign in (-1, 1)]),
}


def _spread(g: Any, order: int, axis: int) -> Any:
    """Run the two recursions of the filter backwards, for each of its poles.

    What SciPy starts the first one with is not quite the sum of the reflected image: to it the sum itself has been
    added, times a power of the pole that only counts for a few elements. The transpose is that of what it computes.
    """
    y = np.moveaxis(g, axis, -1)
    n = y.shape[-1]
    if n == 1 or order < 2:
        return g
    k = np.arange(n)
    for z in reversed(_POLES[order]):
        back = lfilter([1], [1, -z], y) * np.where(k == n - 1, z / (z - 1), -z)
        y = lfilter([1], [1, -z], back[..., ::-1])[..., ::-1] * ((1 - z) * (1 - 1 / z))
        once = np.where(k == n - 1, z**n, np.where(k == 0, 1.0, z**k + z ** (2 * n - 1 - k)))
        start = (
            z / (1 - z ** (2 * n)) * ((1 + z ** (2 * n - 1)) * once + np.where(k == n - 1, z ** (n - 1), 0))
        )
        y = np.where(k == 0, 0, y) + np.where(k == 0, 1 + start, start) * y[..., :1]
    return np.moveaxis(y, -1, axis)


#: the transpose of the filter for a reflected image
spread = PrimitiveFunction(_spread, name="scipy.ndimage.spline_filter1d (transpose)")
spread.def_linear(lambda g, order, axis: coefficients(g, order, axis, "reflect", doubled(g)))
coefficients.def_linear(
    lambda g, order, axis, mode: transposed(g, order, axis, mode),
    unaffected=["dtype"],
)
batching(
    lambda c: c.evaluate(c.values[0], axis=c.param("axis") + (c.param("axis") >= 0)),
    coefficients,
    spread,
)


@spline_filter1d.def_composite()
def _spline_filter1d(
    input: Any, order: int = 3, axis: int = -1, output: Any = np.float64, mode: str = "mirror"
) -> Any:
    x = image_of(input)
    return coefficients(x, order, axis, mode, stored(output, x, "spline_filter1d"))


@spline_filter.def_composite()
def _spline_filter(input: Any, order: int = 3, output: Any = np.float64, mode: str = "mirror") -> Any:
    x = image_of(input)
    dtype = stored(output, x, "spline_filter")
    if order < 2 or order > 5:
        raise RuntimeError("spline order not supported")
    return filtered(x, order, mode, np.ndim(x), dtype)


def stored(output: Any, x: Any, name: str) -> Any:
    """Return the dtype of the coefficients, which of a complex image is complex."""
    dtype = dtype_for(output, x, name)
    return np.result_type(dtype, np.complex64) if np.iscomplexobj(plain(x)) else dtype


def filtered(x: Any, order: int, mode: str, axes: int, dtype: Any = np.float64) -> Any:
    """Return the coefficients along the first axes."""
    if np.iscomplexobj(plain(x)):
        dtype = np.result_type(dtype, np.complex64)
    for axis in range(axes):
        x = coefficients(x, order, axis, mode, dtype)
    return x
