"""Undoing broadcasting and promotion: the only place that knows shapes and dtypes must match."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import UnsupportedArgumentError

Fit = tuple[tuple[int, ...], Any]
"""the shape and dtype that a cotangent must have; the dtype is None for a real Python number"""


_ndarray: Final = np.ndarray
_COMPLEX: Final = np.dtype(complex)
_DOUBLE: Final = np.dtype(float)
#: axes up to this length are summed by a product with ones
_SHORT: Final = 128
_ONES: Final[dict[Any, Any]] = {np.dtype(c): np.ones(_SHORT, c) for c in "fdFD"}


def shape_of(x: Any) -> tuple[int, ...]:
    """Return the shape of an array, a tracer or a number."""
    if type(x) is float:
        return ()  # compiled code pays for an attribute that is not there with an exception
    shape: tuple[int, ...] = getattr(x, "shape", ())
    return shape


def own_dtype(x: Any) -> Any:
    """Return the dtype of an array, a tracer or a scalar of NumPy; None for a Python number."""
    if type(x) is float:
        return None
    if isinstance(x, Tracer):
        x = plain(x)
        return getattr(x, "dtype", None) or np.dtype(type(x))
    return getattr(x, "dtype", None)


def dtype_named(dtype: Any) -> Any:
    """Return the dtype that an argument names; np.dtype takes the classes of numpy.dtypes for any others."""
    return np.empty(0, dtype).dtype


def holds_no_derivative(dtype: Any) -> bool:
    """Tell whether a dtype is one of integers, truth values or text.

    Raises:
        UnsupportedArgumentError: it is that of Python objects.
    """
    kind = dtype_named(dtype).kind
    if kind == "O":
        raise UnsupportedArgumentError(
            f"traced values were asked for as Python objects (dtype=object at {user_line()}): leave the "
            "dtype out, or write x.astype(object), which takes an array apart into its elements"
        )
    return kind not in "fc"


def dtype_of(x: Any) -> Any:
    """Return the dtype that a derivative of a value has: None for a real Python number."""
    return _COMPLEX if type(x) is complex else own_dtype(x)


def laid_out(x: Any, order: Any) -> Any:
    """Return an array in C or Fortran order, copied where it is in another; "K" leaves it as it is.

    Raises:
        UnsupportedArgumentError: the order is "A", that of another array, which a traced one need not share.
    """
    if order == "A":
        raise UnsupportedArgumentError(
            f"order='A' at {user_line()} depends on the memory layout of an array; pass 'C' or 'F'"
        )
    if order == "K" or len(shape_of(x)) < 2:
        return x
    flags = x.flags
    return x if (flags.c_contiguous if order == "C" else flags.f_contiguous) else np.copy(x, order)


def is_count(x: Any) -> bool:
    """Tell whether a value is of integers or truth values."""
    if isinstance(x, int):
        return True
    dtype = own_dtype(x)
    return dtype is not None and dtype.kind in "biu"


def fit_of(x: Any) -> Fit:
    """Return the shape and dtype of an operand."""
    if type(x) is _ndarray:
        return x.shape, x.dtype
    return shape_of(x), dtype_of(x)


def unlike(x: Any, ans: Any) -> Fit | None:
    """Return what an operand's cotangent must be made to fit, None where it is as the output's."""
    return other(fit_of(x), fit_of(ans))


def other(own: Fit, fit: Fit) -> Fit | None:
    """Return a shape and dtype, None where they are those of the output."""
    return None if own == fit else own


def fit(g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Sum a cotangent over the axes that broadcasting added, and give it the operand's dtype."""
    have = shape_of(g)
    if have != shape:
        extra = len(have) - len(shape)
        if extra > 0 and shape == ():
            g = np.add.reduce(g, axis=None)
        elif extra < 0:
            g = np.broadcast_to(g, shape)
        else:
            g = summed(g, [k for k in range(len(have)) if k < extra or shape[k - extra] != have[k]])
            if shape_of(g) != shape:
                g = g.reshape(shape)
    return g if type(g) is _ndarray and g.dtype is dtype else cast(g, dtype)


def summed(x: Any, axes: list[int]) -> Any:
    """Sum over some axes; over a short one of the last two by a product, several times as fast."""
    # as many numbers as NumPy's own sums add up without halving them
    if len(axes) == 1 and type(x) is _ndarray and x.ndim > 1:
        axis, n = axes[0] - x.ndim, x.shape[axes[0]]
        ones = _ONES.get(x.dtype)
        flags = x.flags
        if ones is not None and n <= _SHORT and (flags.c_contiguous or (x.ndim == 2 and flags.f_contiguous)):
            if axis == -1:
                return x.dot(ones[:n]) if x.ndim == 2 else np.matmul(x, ones[:n])
            if axis == -2:
                return ones[:n].dot(x) if x.ndim == 2 else np.matmul(ones[:n], x)
    return np.add.reduce(x, axis=tuple(axes))


def fit_product(x: Any, g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Return x * g fitted to a shape and dtype; for a row or a column x, by a product of matrices."""
    if type(x) is _ndarray and type(g) is _ndarray and x.shape != (of_g := g.shape):
        of_x, n = x.shape, len(shape)
        alike = x.ndim == g.ndim == n > 1 and x.dtype is g.dtype is dtype and dtype in _ONES
        if alike and of_x[:-2] == of_g[:-2] == shape[:-2]:
            here, there, whole = of_x[-2:], shape[-2:], of_g[-2:]
            if here == (1, whole[1]) and there == (whole[0], 1):
                return np.matmul(g, x.swapaxes(-1, -2))
            if here == (whole[0], 1) and there == (1, whole[1]):
                return np.matmul(x.swapaxes(-1, -2), g)
    return fit(x * g, shape, dtype)


def cast(g: Any, dtype: Any) -> Any:
    """Give a cotangent or tangent a dtype; a complex one of a real value loses its imaginary part."""
    have = own_dtype(g)
    if dtype is None:
        dtype = _DOUBLE
    if have is None:
        if isinstance(g, complex) and dtype.kind != "c":
            g = g.real
        return dtype.type(g) if dtype.char in "efgFG" else g
    if have == dtype:
        return g
    if have.kind == "c" and dtype.kind != "c":
        g = g.real
    return g if g.dtype == dtype else g.astype(dtype)


def stretch(t: Any, like: Any) -> Any:
    """Broadcast a tangent to the shape and dtype of its value."""
    return stretched(t, shape_of(like), own_dtype(plain(like)), dtype_of(like))


def stretched(t: Any, shape: tuple[int, ...], own: Any, dtype: Any) -> Any:
    """Broadcast a tangent to a shape, and to a dtype, of which a Python number has none of its own."""
    if shape_of(t) != shape:
        t = np.broadcast_to(t, shape)
    if own is not None and own_dtype(t) is None:
        return own.type(t)  # beside a scalar of NumPy stands one of NumPy
    return cast(t, dtype)
