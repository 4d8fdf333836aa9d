"""Functions that join arrays, and that take them apart again."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import holds_no_derivative
from funcad.core.elements import scatter
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite, linear
from funcad.core.links import Link
from funcad.core.primitive import registry, strip
from funcad.core.tracer import Tracer
from funcad.errors import UnsupportedArgumentError


def loses_derivative(name: str, out: Any, dtype: Any) -> bool:
    """Tell whether a dtype leaves no derivative; refuse `out`."""
    if out is not None:
        raise UnsupportedArgumentError(
            f"{name} has no derivative rule for the argument out; leave it out and use the returned array"
        )
    return dtype is not None and holds_no_derivative(dtype)


def _concatenate(*arrays: Any, axis: Any = 0, dtype: Any = None, casting: Any = "same_kind") -> Any:
    return np.concatenate(arrays, axis, dtype=dtype, casting=casting)


def _stack(*arrays: Any, axis: int = 0, dtype: Any = None, casting: Any = "same_kind") -> Any:
    return np.stack(arrays, axis, dtype=dtype, casting=casting)


def piece(g: Any, i: int, shapes: Any, axis: Any) -> Any:
    """Return the part of a concatenation that came from array i."""
    if axis is None:
        sizes = [math.prod(s) for s in shapes]
        start = sum(sizes[:i])
        return np.reshape(g[start : start + sizes[i]], shapes[i])
    axis %= len(shapes[i])
    start = sum([s[axis] for s in shapes[:i]])
    return g[(*(slice(None),) * axis, slice(start, start + shapes[i][axis]))]


joined = PrimitiveFunction(_concatenate, name="np.concatenate")
joined.def_linear(piece, unaffected=["dtype", "casting"])
stacked = PrimitiveFunction(_stack, name="np.stack")
stacked.def_linear(
    lambda g, i, axis: g[i] if axis == 0 else np.moveaxis(g, axis, 0)[i], unaffected=["dtype", "casting"]
)


@composite(np.concatenate)
def _concatenate_all(
    arrays: Any, /, axis: Any = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind"
) -> Any:
    if loses_derivative("np.concatenate", out, dtype):
        return np.concatenate(strip(arrays), axis, dtype=dtype, casting=casting)
    given = {} if dtype is None and casting == "same_kind" else {"dtype": dtype, "casting": casting}
    return registry[joined].apply(tuple(arrays), {"axis": axis, **given})


@composite(np.stack)
def _stack_all(
    arrays: Any, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = "same_kind"
) -> Any:
    if loses_derivative("np.stack", out, dtype):
        return np.stack(strip(arrays), axis, dtype=dtype, casting=casting)
    given = {} if dtype is None and casting == "same_kind" else {"dtype": dtype, "casting": casting}
    return registry[stacked].apply(tuple(arrays), {"axis": axis, **given})


for _name in ("vstack", "hstack", "dstack"):
    # NumPy's own code over np.concatenate
    _fn = getattr(np, _name)
    composite(_fn)(_fn.__wrapped__)


@composite(np.column_stack)
def _column_stack(tup: Any) -> Any:
    arrays = [as_operand(a) for a in tup]
    return np.concatenate([a if np.ndim(a) > 1 else np.reshape(a, (-1, 1)) for a in arrays], 1)


@composite(np.append)
def _append(arr: Any, values: Any, axis: int | None = None) -> Any:
    if axis is None:
        return np.concatenate([np.ravel(as_operand(arr)), np.ravel(as_operand(values))])
    return np.concatenate([arr, values], axis)


@composite(np.block)
def _block(arrays: Any) -> Any:
    depth = nesting(arrays)
    ndim = max(depth, largest_ndim(arrays))
    return np.copy(blocks(arrays, depth, ndim))


def nesting(arrays: Any) -> int:
    """Return how deep the lists are nested, everywhere alike."""
    if not isinstance(arrays, list):
        return 0
    if not arrays:
        raise ValueError("List in np.block cannot be empty")
    depths = {nesting(a) for a in arrays}
    if len(depths) > 1:
        raise ValueError("List depths are mismatched: np.block needs the same depth everywhere")
    return 1 + depths.pop()


def largest_ndim(arrays: Any) -> int:
    """Return the largest number of axes among the arrays in nested lists."""
    return max(map(largest_ndim, arrays)) if isinstance(arrays, list) else int(np.ndim(arrays))


def blocks(arrays: Any, depth: int, ndim: int) -> Any:
    """Join nested lists of blocks: the innermost along the last axis."""
    if isinstance(arrays, list):
        return np.concatenate([blocks(a, depth - 1, ndim) for a in arrays], axis=-depth)
    return np.reshape(arrays, (1,) * (ndim - np.ndim(arrays)) + np.shape(arrays))


# --- taking apart


def _parts(x: Any, bounds: tuple[int, ...], axis: int) -> list[Any]:
    before = (slice(None),) * axis
    return [x[(*before, slice(k, m))] for k, m in pairwise(bounds)]


def join_parts(g: Any, x_shape: tuple[int, ...], bounds: tuple[int, ...], axis: int) -> Any:
    """Join the cotangents of the parts, zeros where one was not used."""
    if any([c is None for c in g]):
        dtype = next(c.dtype for c in g if c is not None)
        before, after = x_shape[:axis], x_shape[axis + 1 :]
        g = [
            np.zeros((*before, m - k, *after), dtype) if c is None else c
            for c, (k, m) in zip(g, pairwise(bounds), strict=True)
        ]
    return np.concatenate(g, axis)


parts = PrimitiveFunction(_parts, name="np.split")
parts.def_linear(join_parts)


def bounds_of(n: int, cuts: Any) -> tuple[int, ...] | None:
    """Return where the parts of n elements begin and end; None where they are not one after the other."""
    if isinstance(cuts, (int, np.integer)) and cuts > 0:
        size, longer = divmod(n, int(cuts))
        return tuple([k * size + min(k, longer) for k in range(cuts + 1)])
    if np.ndim(cuts) != 1:
        return None
    bounds = (0, *cuts, n)
    found = all([isinstance(k, (int, np.integer)) for k in bounds]) and list(bounds) == sorted(bounds)
    return tuple([int(k) for k in bounds]) if found else None


@composite(np.array_split)
def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    ary, cuts = as_operand(ary), strip(indices_or_sections)
    bounds = bounds_of(ary.shape[axis], cuts)
    if bounds is None:
        # NumPy's own code over slices
        return np.array_split.__wrapped__(ary, cuts, axis)  # type: ignore[attr-defined]
    axis %= ary.ndim
    pieces = registry[parts].apply((ary, bounds, axis), {})
    before = (slice(None),) * axis
    for piece, k, m in zip(pieces, bounds[:-1], bounds[1:], strict=True):
        if isinstance(piece, Tracer) and k < m:
            piece.link = Link(ary, None, (*before, slice(k, m)), True)
    return pieces


for _name in ("split", "hsplit", "vsplit", "dsplit", "unstack"):
    # NumPy's own code over np.array_split, and over iteration
    _fn = getattr(np, _name)
    composite(_fn)(_fn.__wrapped__)


# --- copies


def untile(g: Any, a_shape: tuple[int, ...], reps: Any) -> Any:
    """Sum over the copies that np.tile made."""
    reps = tuple(np.atleast_1d(reps))
    ndim = max(len(a_shape), len(reps))
    shape = (1,) * (ndim - len(a_shape)) + a_shape
    reps = (1,) * (ndim - len(reps)) + reps
    both = [n for pair in zip(reps, shape, strict=True) for n in pair]
    return np.reshape(np.sum(np.reshape(g, both), axis=tuple(range(0, 2 * ndim, 2))), a_shape)


def unrepeat(g: Any, a_shape: tuple[int, ...], repeats: Any, axis: int | None) -> Any:
    """Sum over the copies of each element."""
    if axis is None:
        flat = (math.prod(a_shape),)
        return np.reshape(unrepeat(g, flat, repeats, 0), a_shape)
    axis %= len(a_shape)
    before, n, after = a_shape[:axis], a_shape[axis], a_shape[axis + 1 :]
    if np.size(repeats) == 1:
        return np.sum(np.reshape(g, (*before, n, int(np.ravel(repeats)[0]), *after)), axis=axis + 1)
    places = np.repeat(np.arange(n), repeats)
    return scatter(g, (slice(None),) * axis + (places,), a_shape)


# fmt: off
linear(np.tile,   lambda g, A_shape, reps: untile(g, A_shape, reps))
linear(np.repeat, lambda g, a_shape, repeats, axis: unrepeat(g, a_shape, repeats, axis))
# fmt: on
