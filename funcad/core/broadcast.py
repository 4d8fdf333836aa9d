"""Undoing broadcasting and promotion: the only place that knows shapes and dtypes must match."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import UnsupportedArgumentError

Fit = tuple[tuple[int, ...], Any]
"""the shape and dtype that a cotangent must have; the dtype is None for a real Python number"""


_COMPLEX: Final = np.dtype(complex)
_DOUBLE: Final = np.dtype(float)


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


def is_count(x: Any) -> bool:
    """Tell whether a value is of integers or truth values."""
    if isinstance(x, int):
        return True
    dtype = own_dtype(x)
    return dtype is not None and dtype.kind in "biu"


def fit_of(x: Any) -> Fit:
    """Return the shape and dtype of an operand."""
    return shape_of(x), dtype_of(x)


def unlike(x: Any, ans: Any) -> Fit | None:
    """Return what an operand's cotangent must be made to fit, None where it is as the output's."""
    of_x = fit_of(x)
    return None if of_x == fit_of(ans) else of_x


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
            axes = tuple(range(extra)) + tuple(
                k + extra for k, n in enumerate(shape) if n == 1 and have[k + extra] != 1
            )
            g = np.add.reduce(g, axis=axes)
            if shape_of(g) != shape:
                g = np.reshape(g, shape)
    return cast(g, dtype)


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
