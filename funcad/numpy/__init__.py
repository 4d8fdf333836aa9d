"""The NumPy namespace for code that makes arrays out of traced values.

`import funcad.numpy as np` is NumPy, but for `array`, `asarray`, `full` and the like, which
join traced values into one traced array at once; plain NumPy gives an array of traced
elements, which is slower. It is also the way over for code written for `autograd.numpy`.
"""

from __future__ import annotations

import functools
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
from funcad.rules.grids import c_ as c_  # type: ignore[assignment]
from funcad.rules.grids import mgrid as mgrid  # type: ignore[assignment]
from funcad.rules.grids import ogrid as ogrid  # type: ignore[assignment]
from funcad.rules.grids import r_ as r_  # type: ignore[assignment]
from funcad.rules.vectorized import vectorize as vectorize

# the functions below take the place of NumPy's own, on purpose (`no-redef`, `assignment`)


def array(obj: Any, /, dtype: Any = None, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return an array, traced where some element is.

    Args:
        obj: numbers, arrays, traced values, or nested sequences of them.
        dtype: the dtype of the result.
        **kwargs: the further keywords of `numpy.array`.

    >>> import funcad as fc
    >>> import funcad.numpy as np
    >>> fc.jacobian(lambda x: np.array([x[0] * x[1], 3 * x[0]]))(np.array([1.0, 2.0]))
    array([[2., 1.],
           [3., 0.]])
    """
    if not contains_tracer(obj):
        return _new(_np.array(obj, dtype, **kwargs))
    kwargs.pop("like", None)
    return registry[_np.array].apply((obj, dtype), kwargs)


def take(a: Any, indices: Any, axis: int | None = None, out: Any = None, mode: Any = "raise") -> Any:  # type: ignore[no-redef]
    """Return elements of an array along an axis; plain NumPy does not see that an index is a batch."""
    if isinstance(a, Tracer) or not contains_tracer(indices):
        return _np.take(a, indices, axis, out, mode)
    return registry[_np.take].apply((a, as_operand(indices), axis, out, mode), {})


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


def eye(*args: Any, **kwargs: Any) -> Any:  # type: ignore[no-redef]
    """Return a matrix with ones on a diagonal, as `numpy.eye`; see `zeros`."""
    return _new(_np.eye(*args, **kwargs))


def _new(x: Any) -> Any:
    """Return a new array, in a form that traced values may be assigned to where a transform is running."""
    return assignable(x) if inside_transform() else x


def _seeing(fn: Any, new: Any = False) -> Any:
    """Return a function of NumPy that sees traced values in every argument, and may make a new array."""

    @functools.wraps(fn)
    def twin(*args: Any, **kwargs: Any) -> Any:
        if not contains_tracer(args) and not contains_tracer(tuple(kwargs.values())):
            return _new(fn(*args, **kwargs)) if new else fn(*args, **kwargs)
        kwargs.pop("like", None)
        return registry[fn].apply(args, kwargs)

    return twin


def _calling(fn: Any) -> Any:
    """Return a function of NumPy that calls functions, which may close over traced values."""

    @functools.wraps(fn)
    def twin(*args: Any, **kwargs: Any) -> Any:
        return registry[fn].apply(args, kwargs)

    return twin


# fmt: off
asarray           = _seeing(_np.asarray)
asanyarray        = _seeing(_np.asanyarray)
ascontiguousarray = _seeing(_np.ascontiguousarray)
asfortranarray    = _seeing(_np.asfortranarray)
asarray_chkfinite = _seeing(_np.asarray_chkfinite)
require           = _seeing(_np.require)
full              = _seeing(_np.full, new=True)
full_like         = _seeing(_np.full_like, new=True)
arange            = _seeing(_np.arange, new=True)
kaiser            = _seeing(_np.kaiser)
histogram         = _seeing(_np.histogram)
insert            = _seeing(_np.insert)
polyint           = _seeing(_np.polyint)
piecewise         = _calling(_np.piecewise)
apply_along_axis  = _calling(_np.apply_along_axis)
# fmt: on
