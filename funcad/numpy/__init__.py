"""The NumPy namespace for code that makes arrays out of traced values.

`import funcad.numpy as np` is NumPy, but for `array`, `asarray`, `full` and the like, which
join traced values into one traced array at once; plain NumPy gives an array of traced
elements, which is slower. It is also the way over for code written for `autograd.numpy`.
"""

from __future__ import annotations

from typing import Any

import numpy as _np
from numpy import *  # noqa: F403 - the namespace is NumPy's
from numpy import fft as fft
from numpy import linalg as linalg

# NumPy's `random` has come by the star: only this form looks for ours
import funcad.numpy.random as random  # type: ignore[no-redef]  # noqa: F401
from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.assignable import assignable, inside_transform
from funcad.core.primitive import registry
from funcad.core.tracer import Tracer

# the functions below take the place of NumPy's own, on purpose (`no-redef`)


def array(obj: Any, /, dtype: Any = None, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return an array, traced where some element is.

    Args:
        obj: numbers, arrays, traced values, or nested sequences of them.
        dtype: the dtype of the result.
        **kwargs: the further keywords of `numpy.array`, for plain values only.

    >>> import funcad as fc
    >>> import funcad.numpy as np
    >>> fc.jacobian(lambda x: np.array([x[0] * x[1], 3 * x[0]]))(np.array([1.0, 2.0]))
    array([[2., 1.],
           [3., 0.]])
    """
    if not contains_tracer(obj):
        return _new(_np.array(obj, dtype, **kwargs))
    result = _joined(obj, kwargs)
    if isinstance(obj, Tracer):
        result = _np.copy(result)
    return result if dtype is None else result.astype(dtype)


def asarray(a: Any, dtype: Any = None, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return a value as an array, without a copy if it is one; traced where some element is."""
    if not contains_tracer(a):
        return _np.asarray(a, dtype, **kwargs)
    result = _joined(a, kwargs)
    return result if dtype is None or result.dtype == dtype else result.astype(dtype)


def take(a: Any, indices: Any, axis: int | None = None, out: Any = None, mode: Any = "raise") -> Any:  # type: ignore[no-redef]
    """Return elements of an array along an axis; plain NumPy does not see that an index is a batch."""
    if isinstance(a, Tracer) or not contains_tracer(indices):
        return _np.take(a, indices, axis, out, mode)
    return registry[_np.take].apply((a, as_operand(indices), axis, out, mode), {})


def full(  # type: ignore[no-redef]
    shape: Any, fill_value: Any, dtype: Any = None, **kwargs: Any
) -> Any:
    """Return an array filled with a value, which may be traced."""
    if not contains_tracer(fill_value):
        return _new(_np.full(shape, fill_value, dtype, **kwargs))
    result = _np.broadcast_to(_joined(fill_value, kwargs), shape)
    return result if dtype is None else result.astype(dtype)


def zeros(*args: Any, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return an array of zeros, as `numpy.zeros`; inside a transform it may be assigned traced values.

    >>> import funcad as fc
    >>> import funcad.numpy as np
    >>> def powers(x):
    ...     y = np.zeros(3)
    ...     for k in range(3):
    ...         y[k] = x ** k
    ...     return y
    >>> fc.jacfwd(powers)(2.0)
    array([0., 1., 4.])
    """
    return _new(_np.zeros(*args, **kwargs))


def ones(*args: Any, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return an array of ones, as `numpy.ones`; inside a transform it may be assigned traced values."""
    return _new(_np.ones(*args, **kwargs))


def empty(*args: Any, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return a new array, as `numpy.empty`; inside a transform it may be assigned traced values."""
    return _new(_np.empty(*args, **kwargs))


def arange(*args: Any, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return numbers in a row, as `numpy.arange`; inside a transform they may be assigned traced values."""
    return _new(_np.arange(*args, **kwargs))


def eye(*args: Any, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return a matrix with ones on a diagonal, as `numpy.eye`; see `zeros`."""
    return _new(_np.eye(*args, **kwargs))


def _new(x: Any) -> Any:
    """Return a new array, in a form that traced values may be assigned to where a transform is running."""
    return assignable(x) if inside_transform() else x


def _joined(a: Any, kwargs: dict[str, Any]) -> Any:
    if kwargs:
        raise TypeError(f"traced values take no keywords but dtype (got {', '.join(kwargs)})")
    return as_operand(a)


asanyarray = asarray  # type: ignore[assignment]
ascontiguousarray = asarray
