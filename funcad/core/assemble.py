"""Putting traced elements together into one traced array, and taking one apart.

`np.array([x[0] * x[1], np.sin(x[0])])` gives an object array whose elements are tracers.
Wherever such an array meets a funcad operation or leaves a transform it becomes one traced
array again, here.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.tracer import Tracer, top_trace, user_line
from funcad.errors import InputTypeError

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)


def as_operand(x: Any) -> Any:
    """Return an array-like as what rules compute with: a tracer, an array or a number."""
    if isinstance(x, Tracer):
        return x
    kind = type(x)
    if kind is _ndarray:
        return x if x.dtype is not _OBJECT else assembled(x)
    if kind is list or kind is tuple:
        return from_sequence(x)
    return base_array(x) if isinstance(x, _ndarray) else x


def base_array(x: Any) -> Any:
    """Return a memory-mapped array as a plain one; other subclasses may compute as they like."""
    if isinstance(x, np.memmap):
        return np.asarray(x)
    raise InputTypeError(
        f"a {type(x).__name__} was used at {user_line()}: it is a subclass of numpy.ndarray, whose "
        "operations are its own; pass np.asarray(x)"
    )


def from_sequence(x: list[Any] | tuple[Any, ...]) -> Any:
    """Return a (nested) sequence of numbers, arrays and tracers as one array."""
    if not contains_tracer(x):
        return np.asarray(x)
    return np.stack([from_sequence(v) if type(v) in (list, tuple) else v for v in x])


def contains_tracer(x: Any) -> bool:
    """Tell whether a value is a tracer or a sequence or object array that holds one."""
    kind = type(x)
    if kind is _ndarray:
        return x.dtype is _OBJECT and top_trace(tuple(x.flat)) is not None
    if kind is tuple or kind is list:
        return any([contains_tracer(v) for v in x])
    return isinstance(x, Tracer)


def assembled(x: np.ndarray[Any, Any]) -> Any:
    """Return an object array of traced scalars as one traced array; other arrays as they are."""
    elements = tuple(x.ravel().tolist())
    if top_trace(elements) is None:
        return x
    from funcad.core.elements import join

    vector = join(*elements)
    return vector if x.ndim == 1 else vector.reshape(x.shape)


def typed(x: Any, dtype: Any) -> Any:
    """Return an operand, which may be a Python number, in a dtype."""
    if getattr(x, "dtype", None) == dtype:
        return x
    return x.astype(dtype) if hasattr(x, "astype") else np.asarray(x, dtype)
