"""Putting traced elements together into one traced array, and taking one apart.

`np.array([x[0] * x[1], np.sin(x[0])])` gives an object array whose elements are tracers.
Wherever such an array meets a funcad operation or leaves a transform it becomes one traced
array again, here.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.tracer import Tracer, top_trace, user_line
from funcad.errors import ConversionError, InputTypeError

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)
_NUMBERS: Final = (float, complex, int, np.number, np.bool_)


def as_operand(x: Any) -> Any:
    """Return an array-like as what rules compute with: a tracer, an array or a number."""
    if isinstance(x, Tracer):
        return x.run.current(x) if x.run.written else x
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
        return x.dtype is _OBJECT and any([contains_tracer(e) for e in elements_of(x)])
    if kind is tuple or kind is list:
        return any([contains_tracer(v) for v in x])
    return isinstance(x, Tracer)


def elements_of(x: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    """Return the elements of an object array, which NumPy may have put into arrays without axes."""
    elements = x.ravel().tolist()
    return tuple([e.item() if type(e) is _ndarray and e.shape == () else e for e in elements])


def assembled(x: np.ndarray[Any, Any]) -> Any:
    """Return an object array of traced scalars as one traced array; of plain numbers, as a plain one."""
    elements = elements_of(x)
    if top_trace(elements) is None:
        # the constant elements of an array of separate ones
        if all([isinstance(e, _NUMBERS) for e in elements]):
            return np.reshape(np.array(elements), x.shape)
        if any([contains_tracer(e) for e in elements]):
            raise ConversionError(
                f"an array of arrays or lists of traced elements was used at {user_line()}: the derivative "
                "would be lost; keep them in a list, or make one array of them with np.stack"
            )
        return x
    from funcad.core.elements import join

    vector = join(*elements)
    return vector if x.ndim == 1 else vector.reshape(x.shape)


def typed(x: Any, dtype: Any) -> Any:
    """Return an operand, which may be a Python number, in a dtype."""
    if getattr(x, "dtype", None) == dtype:
        return x
    return x.astype(dtype) if hasattr(x, "astype") else np.asarray(x, dtype)
