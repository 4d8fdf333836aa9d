"""Batches of reading, adding to and choosing elements, with indices and conditions that are batches too."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.batching import Call, Stack, aligned, holds_stack, looped
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import added, getitem, put, scatter
from funcad.core.kinds import batching
from funcad.core.tracer import Tracer, user_line
from funcad.errors import BatchError
from funcad.rules.batching.reductions import flat, shifted
from funcad.rules.selection import chosen, clipped


class Places:
    """An index of one example, as an index of the batch, and where the axes come out that it reads.

    NumPy puts the axes of index arrays in the place of the first one if they stand side by side, and
    in front of all others if they do not.
    """

    __slots__ = ("at", "front", "index", "rank")

    def __init__(self, entries: list[Any], size: int) -> None:
        fancy = [k for k, e in enumerate(entries) if is_fancy(e)]
        if all([is_number(entries[k]) for k in fancy]):
            fancy = []
        together = not fancy or fancy == list(range(fancy[0], fancy[-1] + 1))
        #: the number of axes that the index arrays make together
        self.rank = max([rank_of(entries[k]) for k in fancy], default=0)
        #: where the axis of the examples comes out
        self.at = 0
        #: the place to which the axes of the index arrays belong, which come out behind the examples
        self.front = 0
        if not holds_stack(entries):
            self.index = (slice(None), *entries)
            self.at = 0 if together else self.rank
            return
        new = [
            aligned(e.array, self.rank) if isinstance(e, Stack) else e for e in entries
        ]  # fmt: skip
        self.index = (np.reshape(np.arange(size), (size,) + (1,) * self.rank), *new)
        if together:
            self.front = sum([e is not Ellipsis for e in entries[: fancy[0]]])

    def read(self, out: Any) -> Any:
        """Return what the index has read with the examples along the first axis."""
        if self.front and self.rank:
            there = [1 + k for k in range(self.rank)]
            return np.moveaxis(out, there, [k + self.front for k in there])
        return np.moveaxis(out, self.at, 0) if self.at else out

    def to_write(self, g: Any) -> Any:
        """Return numbers of each example in the order of axes that the index reads them in."""
        if self.front and self.rank:
            there = [1 + k for k in range(self.rank)]
            return np.moveaxis(g, [k + self.front for k in there], there)
        return np.moveaxis(g, 0, self.at) if self.at else g


def is_fancy(e: Any) -> bool:
    """Tell whether an entry of an index takes part in what arrays select."""
    return isinstance(e, (Stack, Tracer, np.ndarray)) or is_number(e)


def is_number(e: Any) -> bool:
    """Tell whether an entry of an index is one and the same number for all examples."""
    return isinstance(e, (int, np.integer))


def rank_of(e: Any) -> int:
    """Return the number of axes that an entry has in one example."""
    return len(shape_of(e.array)) - 1 if isinstance(e, Stack) else len(shape_of(e))


def entries_of(index: Any, rank: int) -> list[Any] | None:
    """Return an index entry by entry: slices for an ellipsis, positions for masks; None for odd ones.

    Raises:
        BatchError: a mask is a batch.
    """
    entries: list[Any] = []
    for e in index if isinstance(index, tuple) else (index,):
        if isinstance(e, (Stack, Tracer)):
            if own_dtype(e.array if isinstance(e, Stack) else e).kind == "b":
                raise BatchError(
                    f"a mask that is a batch (at {user_line()}) selects another number of elements in each example: "
                    "under vmap use np.where(mask, x, other) instead of x[mask]"
                )
            entries.append(e)
        elif e is None or e is Ellipsis or isinstance(e, slice) or (is_number(e) and not isinstance(e, bool)):
            entries.append(e)
        elif holds_stack(e) or np.ndim(e) == 0:
            return None
        else:
            array = np.asarray(e, None if np.size(e) else int)
            entries += np.nonzero(array) if array.dtype == bool else [array]
    used = sum([e is not None and e is not Ellipsis for e in entries])
    for k, e in enumerate(entries):
        if e is Ellipsis:
            # one that stands for no axis still keeps index arrays apart
            entries[k : k + 1] = [slice(None)] * (rank - used) or [Ellipsis]
            break
    return entries


def read(c: Call) -> Any:
    """Read elements of each example."""
    entries = entries_of(c.param("index"), c.rank(0))
    if entries is None:
        return looped(c)
    places = Places(entries, c.size)
    return places.read(c.evaluate(c.whole(0), index=places.index))


def add_up(c: Call) -> Any:
    """Add numbers up at the places of each example."""
    shape = c.param("shape")
    entries = entries_of(c.param("index"), len(shape))
    if entries is None:
        return looped(c)
    places = Places(entries, c.size)
    return c.evaluate(places.to_write(c.whole(0)), index=places.index, shape=(c.size, *shape))


def put_at(c: Call) -> Any:
    """Put values at an index of each example."""
    entries = entries_of(c.param("index"), c.rank(0))
    if entries is None:
        return looped(c)
    places = Places(entries, c.size)
    # the shape that the index reads, which the values are broadcast to
    read = shape_of(places.read(np.broadcast_to(np.False_, (c.size, *c.shape(0)))[places.index]))
    value = c.aligned(1, len(read) - 1)
    if len(shape_of(value)) > len(read):
        value = np.reshape(value, shape_of(value)[len(shape_of(value)) - len(read) :])
    return c.evaluate(c.whole(0), places.to_write(np.broadcast_to(value, read)), index=places.index)


def taken(c: Call) -> Any:
    """Take elements along an axis, by indices that may differ from example to example."""
    indices, axis = c.param("indices"), c.param("axis")
    if not isinstance(indices, Stack):
        return (
            c.evaluate(flat(c), axis=1)
            if axis is None
            else c.evaluate(c.values[0], axis=shifted(axis, c.rank(0)))
        )
    if c.param("mode") != "raise":
        return looped(c)
    x = c.whole(0)
    if axis is None:
        x, axis = np.reshape(x, (c.size, math.prod(c.shape(0)))), 0
    else:
        axis = shifted(axis, c.rank(0)) - 1
    places = Places([*[slice(None)] * axis, indices], c.size)
    return places.read(getitem(x, places.index))


def taken_along(c: Call) -> Any:
    """Take elements along an axis as an array of indices of the same rank says."""
    indices, axis = c.param("indices"), c.param("axis")
    stacked = isinstance(indices, Stack)
    x = c.whole(0)
    if axis is None:
        x, axis = np.reshape(x, (c.size, math.prod(c.shape(0)))), 1
    else:
        axis = shifted(axis, c.rank(0))
    indices = indices.array if stacked else np.broadcast_to(indices, (c.size, *np.shape(indices)))
    return c.evaluate(x, indices=indices, axis=axis)


def chosen_by(c: Call) -> Any:
    """Choose between two values by a condition, each of them a batch or not."""
    condition = c.param("condition")
    stacked = isinstance(condition, Stack)
    rank = max(c.rank(0), c.rank(1), len(shape_of(condition.array)) - 1 if stacked else np.ndim(condition))
    condition = aligned(condition.array, rank) if stacked else condition
    return c.evaluate(c.aligned(0, rank), c.aligned(1, rank), condition=condition)


def clipped_to(c: Call) -> Any:
    """Clip to bounds, which may be None, and may be batches."""
    rank = max([c.rank(k) for k in range(3) if c.values[k] is not None])
    return c.evaluate(*[None if c.values[k] is None else c.aligned(k, rank) for k in range(3)])


# fmt: off
batching(read,        getitem,            params=["index"])
batching(add_up,      scatter,            params=["index"])
batching(put_at,      put, added,         params=["index"])
batching(taken,       np.take,            params=["indices"])
batching(taken_along, np.take_along_axis, params=["indices"])
batching(chosen_by,   chosen,             params=["condition"])
batching(clipped_to,  clipped)
# fmt: on
