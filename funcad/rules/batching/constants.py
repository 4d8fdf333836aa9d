"""Batches of functions that no derivative flows through.

A rule is given the function, its arguments with a `Stack` for each batch, and its keywords; it
returns None for calls that are better looped over.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.batching import Stack, aligned, holds_stack
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.kinds import batching
from funcad.core.primitive import registry
from funcad.rules.batching.reductions import shifted


def elementwise(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Align the ranks of all arguments."""
    if kwargs or any([holds_stack(a) for a in args if not isinstance(a, Stack)]):
        return None
    rank = max([len(shape_of(a.array)) - 1 if isinstance(a, Stack) else np.ndim(a) for a in args])
    return fn(*[aligned(a.array, rank) if isinstance(a, Stack) else a for a in args])


def along(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Shift the axis, which comes second, by that of the examples."""
    x = args[0]
    if len(args) > 2 or not isinstance(x, Stack) or holds_stack([*args[1:], *kwargs.values()]):
        return None
    kwargs = {**kwargs, **({"axis": args[1]} if len(args) > 1 else {})}
    shape = shape_of(x.array)
    if shape[0] == 0:  # NumPy's argmax refuses it, even where every example has elements
        one = Stack(np.zeros((1, *shape[1:]), own_dtype(x.array)))
        ans = along(fn, (one, *args[1:]), kwargs)
        return None if ans is None else ans[:0]
    rank = len(shape) - 1
    if "axis" not in kwargs and fn is np.argsort:
        kwargs["axis"] = -1
    axis = kwargs.get("axis")
    if rank == 0 or kwargs.get("where", True) is not True:
        return None
    if axis is None and fn in _ONE_AXIS:
        if kwargs.get("keepdims"):
            return None
        size = shape_of(x.array)[0]
        return fn(np.reshape(x.array, (size, x.array.size // max(size, 1))), **{**kwargs, "axis": 1})
    axis = tuple(range(1, rank + 1)) if axis is None else shifted(axis, rank)
    return fn(x.array, **{**kwargs, "axis": axis})


_ONE_AXIS = (np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort)

batching(along, np.any, np.all, np.count_nonzero, *_ONE_AXIS)
batching(
    elementwise, np.isclose, np.isposinf, np.isneginf, np.iscomplex, np.isreal, np.fix, np.round, np.around
)
batching(
    elementwise,
    *[
        fn
        for fn, p in registry.items()
        if p.kind == "constant" and isinstance(fn, np.ufunc) and fn.signature is None
    ],
)
