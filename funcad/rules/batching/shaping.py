"""Batches of functions that move, copy, join or convert elements."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from funcad.core.batching import Call, aligned, looped
from funcad.core.elements import item, join, separate, view_parts
from funcad.core.kinds import batching
from funcad.rules.batching.reductions import flat, shifted
from funcad.rules.bessel import bessel
from funcad.rules.joining import joined, parts, stacked
from funcad.rules.padding import padded, widths
from funcad.rules.selection import finite, sinc_derivative
from funcad.rules.shaping import converted, diagonal_matrix, layout

# --- shape


def through(c: Call) -> Any:
    """Work element by element, or on the last axes: the examples are one axis more in front."""
    return c.evaluate(*c.values)


def through_aligned(c: Call) -> Any:
    """Work element by element on operands of different ranks."""
    rank = max([c.rank(k) for k in range(len(c.values))])
    return c.evaluate(*[c.aligned(k, rank) for k in range(len(c.values))])


def of_matrices(c: Call) -> Any:
    """Work on the last two axes of each example."""
    return through(c) if c.rank(0) > 1 else c.evaluate(np.zeros(c.shape(0)))  # NumPy's error


def of_planes(c: Call) -> Any:
    """Work on the last two axes; what a vector is made into is no stack of vectors."""
    if c.rank(0) > 1:
        return through(c)
    return c.evaluate(np.broadcast_to(c.values[0][:, None, :], (c.size, *c.shape(0) * 2)))


def reshaped(c: Call) -> Any:
    """Give each example a shape, with one length left open."""
    shape, size = c.param("shape"), math.prod(c.shape(0))
    lengths = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if -1 in lengths or math.prod(lengths) != size:
        lengths = np.reshape(np.empty(c.shape(0), bool), lengths).shape  # NumPy's own word on it
    return _in_order(c.values[0], c.param("order"), (c.size, *lengths))


def _in_order(x: Any, order: str, shape: tuple[int, ...]) -> Any:
    """Reshape each example with its elements read and written in an order."""
    if order == "C":
        return np.reshape(x, shape)
    layout(order)
    # the Fortran order of an example is the C order of its axes turned around
    turned = np.transpose(x, (0, *range(x.ndim - 1, 0, -1)))
    out = np.reshape(turned, (shape[0], *shape[:0:-1]))
    return np.transpose(out, (0, *range(len(shape) - 1, 0, -1)))


def raveled(c: Call) -> Any:
    """Put the elements of each example in one row."""
    return _in_order(c.values[0], c.param("order"), (c.size, math.prod(c.shape(0))))


def squeezed(c: Call) -> Any:
    """Drop axes of length 1 of the examples, never that of the examples."""
    axis, shape = c.param("axis"), c.shape(0)
    ones = tuple([k + 1 for k, n in enumerate(shape) if n == 1])
    return c.evaluate(c.values[0], axis=ones if axis is None else shifted(axis, len(shape)))


def expanded(c: Call) -> Any:
    """Insert axes, counted in the result."""
    axis = c.param("axis")
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    rank = c.rank(0) + len(axes)
    return c.evaluate(c.values[0], axis=tuple([k + 1 for k in normalize_axis_tuple(axes, rank)]))


def broadcast(c: Call) -> Any:
    """Broadcast each example to a shape."""
    shape = c.param("shape")
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (int(shape),)
    if len(shape) < c.rank(0):
        raise ValueError("input operand has more dimensions than allowed by the axis remapping")
    return c.evaluate(c.aligned(0, len(shape)), shape=(c.size, *shape))


# --- order of axes and elements


def transposed(c: Call) -> Any:
    """Permute the axes of an example."""
    axes, rank = c.param("axes"), c.rank(0)
    if axes is None:
        return c.evaluate(c.values[0], axes=(0, *range(rank, 0, -1)))
    if len(axes) != rank:
        raise ValueError("axes don't match array")
    return c.evaluate(c.values[0], axes=(0, *shifted(tuple(axes), rank)))


def two_axes(first: str, second: str) -> Any:
    """Return the rule for a function whose params name two axes."""

    def rule(c: Call) -> Any:
        rank = c.rank(0)
        axes = {name: shifted(c.param(name), rank) for name in (first, second)}
        return c.evaluate(c.values[0], **axes)

    return rule


def moved(c: Call) -> Any:
    """Move axes of an example."""
    rank = c.rank(0)
    source, destination = (shifted(c.param(n), rank) for n in ("source", "destination"))
    return c.evaluate(c.values[0], source=source, destination=destination)


def rolled_axis(c: Call) -> Any:
    """Bring an axis of an example before another one."""
    rank, start = c.rank(0), c.param("start")
    start = start + rank if start < 0 else start
    return c.evaluate(c.values[0], axis=shifted(c.param("axis"), rank), start=start + 1)


def turned(c: Call) -> Any:
    """Turn the plane of two axes of an example."""
    return c.evaluate(c.values[0], axes=shifted(tuple(c.param("axes")), c.rank(0)))


def on_axis(axis: int) -> Any:
    """Return the rule for np.fliplr and np.flipud: np.flip along an axis of each example."""

    def rule(c: Call) -> Any:
        return np.flip(c.values[0], shifted(axis, c.rank(0)))

    return rule


# --- copies


def tiled(c: Call) -> Any:
    """Repeat each example as a whole."""
    reps = c.param("reps")
    reps = tuple(reps) if np.ndim(reps) else (int(reps),)
    rank = max(len(reps), c.rank(0))
    return c.evaluate(aligned(c.values[0], rank), reps=(1,) + (1,) * (rank - len(reps)) + reps)


def with_padding(c: Call) -> Any:
    """Pad the axes of an example, and leave that of the examples."""
    rank, filler = c.rank(0), c.param("constant_values")
    if np.ndim(filler):
        filler = np.concatenate([np.zeros((1, 2)), np.broadcast_to(filler, (rank, 2))])
    pairs = [(0, 0), *widths(c.param("pad_width"), rank)]
    return c.evaluate(c.values[0], pad_width=pairs, constant_values=filler)


# --- joining, and taking apart


def joined_along(c: Call) -> Any:
    """Join the arrays of each example along an axis."""
    axis, count = c.param("axis"), len(c.values)
    whole = [c.whole(k) for k in range(count)]
    if axis is None:
        rows = [np.reshape(x, (c.size, math.prod(c.shape(k)))) for k, x in enumerate(whole)]
        return c.evaluate(*rows, axis=1)
    return c.evaluate(*whole, axis=shifted(axis, c.rank(0)))


def stacked_along(c: Call) -> Any:
    """Stack the arrays of each example along a new axis."""
    axis = normalize_axis_index(c.param("axis"), c.rank(0) + 1) + 1
    return c.evaluate(*[c.whole(k) for k in range(len(c.values))], axis=axis)


def elements_joined(c: Call) -> Any:
    """Join the numbers of each example."""
    return np.stack([c.whole(k) for k in range(len(c.values))], axis=1)


def separated(c: Call) -> Any:
    """Take each example apart along its first axis."""
    x = c.values[0]
    return tuple([x[:, k] for k in range(c.shape(0)[0])])


def cut(c: Call) -> Any:
    """Cut each example along an axis."""
    return c.evaluate(c.values[0], axis=shifted(c.param("axis"), c.rank(0)))


def one_item(c: Call) -> Any:
    """Take one element of each example, in the precision of Python's numbers."""
    x = flat(c)[:, c.param("place")]
    return x.astype(np.result_type(x.dtype, float)) if x.dtype.kind in "fc" else x


# --- numbers along a line, powers of points, parts of complex numbers


def between_ends(c: Call) -> Any:
    """Return the numbers between two ends, which may themselves be arrays."""
    rank = max(c.rank(0), c.rank(1))
    low, high = c.aligned(0, rank), c.aligned(1, rank)
    return c.evaluate(low, high, axis=shifted(c.param("axis"), rank + 1))


def powers(c: Call) -> Any:
    """Return the powers of the points of all examples, which are one row of points."""
    (n,) = c.shape(0)
    columns = n if c.param("N") is None else c.param("N")
    return np.reshape(c.evaluate(np.reshape(c.values[0], (c.size * n,)), N=columns), (c.size, n, columns))


def through_rows(c: Call) -> Any:
    """Work on the last axis of each example; a number has none."""
    return through(c) if c.rank(0) else looped(c)


# fmt: off
batching(through,       np.copy, np.real, np.imag, np.conjugate, np.sinc,
                        finite, sinc_derivative, bessel, converted, diagonal_matrix, np.modf, np.frexp)
batching(through_aligned, np.ldexp)
batching(of_matrices,   np.matrix_transpose)
batching(of_planes,     np.tril, np.triu)
batching(reshaped,      np.reshape)
batching(raveled,       np.ravel)
batching(squeezed,      np.squeeze)
batching(expanded,      np.expand_dims)
batching(broadcast,     np.broadcast_to)
batching(transposed,    np.transpose)
batching(two_axes("axis1", "axis2"), np.swapaxes, np.diagonal, np.trace)
batching(moved,         np.moveaxis)
batching(rolled_axis,   np.rollaxis)
batching(turned,        np.rot90)
batching(on_axis(1),    np.fliplr)
batching(on_axis(0),    np.flipud)
batching(tiled,         np.tile)
batching(with_padding,  padded)
batching(joined_along,  joined)
batching(stacked_along, stacked)
batching(elements_joined, join)
batching(separated,     separate)
batching(cut,           parts)
batching(one_item,      item)
batching(between_ends,  np.linspace)
batching(powers,        np.vander)
batching(through_rows,  view_parts)
# fmt: on
