"""`scipy.ndimage`: functions that call Python code for every window or element, which traced values do not reach."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from scipy import ndimage

from funcad.core.assemble import contains_tracer
from funcad.core.tracer import user_line
from funcad.errors import UnsupportedArgumentError


def refusing(fn: Callable[..., Any], instead: str) -> Callable[..., Any]:
    """Return a function of SciPy that refuses traced values, with what to write instead."""

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        if contains_tracer((args, tuple(kwargs.values()))):
            raise UnsupportedArgumentError(
                f"scipy.ndimage.{fn.__name__} (called at {user_line()}) hands plain numbers to a Python function, "
                f"which loses the derivative; write {instead}"
            )
        return fn(*args, **kwargs)

    return call


_WINDOWS = "the function over np.lib.stride_tricks.sliding_window_view(np.pad(x, width), size)"
_TERMS = "its terms with funcad.scipy.ndimage.correlate1d or gaussian_filter1d along each axis"

generic_filter = refusing(ndimage.generic_filter, _WINDOWS)
generic_filter1d = refusing(ndimage.generic_filter1d, _WINDOWS)
generic_laplace = refusing(ndimage.generic_laplace, _TERMS)
generic_gradient_magnitude = refusing(ndimage.generic_gradient_magnitude, _TERMS)
geometric_transform = refusing(
    ndimage.geometric_transform, "funcad.scipy.ndimage.map_coordinates at the mapped coordinates"
)
