"""What the rules of reductions share: the elements they look at, the axes they reduce, and the way back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.tracer import anywhere
from funcad.errors import UnsupportedArgumentError

ABSENT: Any = getattr(np, "_NoValue")  # noqa: B009 - the type stubs of NumPy do not know it


def everywhere(where: Any) -> bool:
    """Tell whether a reduction looks at every element."""
    return where is ABSENT or where is True


def started(initial: Any) -> bool:
    """Tell whether a reduction starts from a number; None is NumPy's word for the first element."""
    return initial is not ABSENT and initial is not None


def masked(x: Any, where: Any) -> Any:
    """Return zeros where a reduction does not look."""
    return x if everywhere(where) else np.where(where, x, 0)


def reduced_axes(shape: tuple[int, ...], axis: Any) -> list[int]:
    """Return the axes that a reduction reduces, in order."""
    if axis is None:
        return list(range(len(shape)))
    axes = axis if isinstance(axis, tuple) else (axis,)
    return sorted([k % len(shape) for k in axes]) if shape else []


def aligned(g: Any, shape: tuple[int, ...], axis: Any, keepdims: Any) -> Any:
    """Give the result of a reduction back the axes that it reduced, of length 1."""
    if axis is None or (keepdims is not ABSENT and keepdims):
        return g
    if type(axis) is int and shape:
        k = axis % len(shape)
        return np.reshape(g, (*shape[:k], 1, *shape[k + 1 :]))
    reduced = reduced_axes(shape, axis)
    return np.reshape(g, tuple([1 if k in reduced else n for k, n in enumerate(shape)]))


def restored(g: Any, shape: tuple[int, ...], axis: Any, keepdims: Any) -> Any:
    """Broadcast the result of a reduction back over the axes that it reduced."""
    g = aligned(g, shape, axis, keepdims)
    if math.prod(shape) <= 4096:  # faster than a view for a few numbers
        if type(g) is np.ndarray:
            out = np.empty(shape, g.dtype)
            out[...] = g
            return out
        if type(g) in _NUMBERS:
            out = np.empty(shape, getattr(g, "dtype", float))
            out.fill(g)
            return out
    return np.broadcast_to(g, shape)


_NUMBERS = (float, np.float64, np.float32)


def count(shape: tuple[int, ...], axis: Any, keepdims: Any, where: Any, dtype: Any) -> Any:
    """Return how many elements a reduction combines: an int, or an array where `where` decides."""
    if everywhere(where):
        return math.prod([shape[k] for k in reduced_axes(shape, axis)])
    real = np.finfo(dtype).dtype
    return np.sum(np.broadcast_to(where, shape), axis=axis, keepdims=keepdims, dtype=real)


def over_twice(x: Any, ans: Any) -> Any:
    """Return x / (2 ans), and 0 where ans is: the mean over all directions away from equal numbers."""
    zero = np.equal(ans, 0)
    return np.where(zero, 0, x / (2 * np.where(zero, 1, ans))) if anywhere(zero) else x / (2 * ans)


def refuse_out(out: Any) -> None:
    """Refuse an array to write into."""
    if out is not None:
        raise UnsupportedArgumentError(
            "a traced value cannot be written into `out=`; leave it out and use the returned array"
        )
