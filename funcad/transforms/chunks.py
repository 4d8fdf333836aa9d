"""How many tangents or cotangents go through a function at once: unit vectors, in chunks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from funcad.core.batching import repeated
from funcad.core.broadcast import dtype_of, fit, shape_of
from funcad.core.general import zeros_like
from funcad.core.tracer import Tracer
from funcad.errors import ArgumentError
from funcad.transforms.batch import Batch, Batched
from funcad.transforms.vmap import check_count

#: so many vectors are worth a pass over the records even where they do not stay in the caches
_AT_LEAST: Final = 32
#: about as many bytes as stay in the caches of a processor while they are computed with
_CACHE: Final = 8_000_000
_UNITS: Final = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}

Memory = int | str
"""a number of bytes, or a text such as "500MB" """

MEMORY: Final = "500MB"
"""the default budget for what tangents or cotangents need on their way"""


class Budget:
    """The size of the chunks: given, or the largest that keeps to a budget of memory."""

    __slots__ = ("chunk_size", "memory")

    def __init__(self, chunk_size: int | None, memory: Memory) -> None:
        check_count(chunk_size, "chunk_size", 1)
        self.chunk_size = chunk_size
        self.memory = bytes_of(memory)

    def chunk(self, count: int, peak: Callable[[], int]) -> int:
        """Return how many vectors go at once, where `peak` tells the bytes that one needs on its way."""
        if count <= 1:
            return 1
        if self.chunk_size is not None:
            return min(self.chunk_size, count)
        # a rule has about as much in hand as its variable is large: twice the peak is on the safe side
        needs = max(2 * peak(), 1)
        return max(1, min(count, self.memory // needs, max(_AT_LEAST, _CACHE // needs)))


def bytes_of(memory: Memory) -> int:
    """Return a budget in bytes.

    Raises:
        ArgumentError: it is no number of bytes and no text such as "500MB".
    """
    if isinstance(memory, (int, np.integer)) and not isinstance(memory, bool) and memory > 0:
        return int(memory)
    if isinstance(memory, str):
        text = memory.strip()
        number, unit = text[:-1].strip(), text[-1:]
        if unit.upper() == "B" and number[-1:] in ("k", "K", "M", "G"):
            unit, number = number[-1:], number[:-1].strip()
            factor = _UNITS["k" if unit == "K" else unit]
            try:
                size = float(number)
            except ValueError:
                size = -1.0
            if size > 0:
                return int(size * factor)
    raise ArgumentError(f"memory must be a number of bytes, or a text such as '500MB' (got {memory!r})")


def unit_vectors(x: Any, chunk: int) -> Iterator[tuple[int, Any]]:
    """Yield the unit vectors of the space that a value lives in, in chunks along a new first axis.

    Yields:
        The number of vectors, and an array with as many of them.
    """
    shape = shape_of(x)
    dtype = getattr(x, "dtype", None) or np.dtype(type(x))
    size = int(np.prod(shape))
    for start in range(0, size, chunk):
        count = min(chunk, size - start)
        rows = np.zeros((count, size), dtype)
        rows[np.arange(count), start + np.arange(count)] = 1
        yield count, np.reshape(rows, (count, *shape))


class Block:
    """The derivatives of one number of the result by one of the arguments, filled chunk by chunk."""

    __slots__ = ("_columns", "_dtype", "_filled", "_out", "_pieces", "_size", "_value", "_x")

    def __init__(self, value: Any, x: Any, columns: bool) -> None:
        self._value = value
        self._x = x
        #: whether the chunks are columns, in the order of the argument's numbers, or rows
        self._columns = columns
        self._size = math.prod(shape_of(x if columns else value))
        self._dtype = dtype_in(value, x)
        self._out: Any = None
        #: chunks that are not written to one array: a single one, and traced ones
        self._pieces: list[Any] = []
        self._filled = 0

    def add(self, y: Any, count: int) -> None:
        """Take the results of the next unit vectors, which lie along the first axis; None for zeros."""
        start = self._filled
        self._filled += count
        if self._pieces or count == self._size or isinstance(y, Tracer):
            if start and not self._pieces:
                self._pieces.append(self._rows()[:start])
            like = self._value if self._columns else self._x
            self._pieces.append(repeated(zeros_like(like), count) if y is None else y)
        elif y is not None:
            self._rows()[start : self._filled] = y

    def _rows(self) -> Any:
        """Return the whole array with the results of each unit vector along the first axis, to write to."""
        value, x = shape_of(self._value), shape_of(self._x)
        if self._out is None:
            self._out = np.zeros(value + x, self._dtype or float)
        if self._columns:
            return np.moveaxis(np.reshape(self._out, (*value, self._size)), -1, 0)
        return np.reshape(self._out, (self._size, *x))

    def finished(self) -> Any:
        """Return the whole block."""
        if not self._pieces:
            if self._out is None:
                self._rows()
            return self._out
        y = self._pieces[0] if len(self._pieces) == 1 else np.concatenate(self._pieces)
        if self._columns and shape_of(self._value):
            y = np.moveaxis(y, 0, -1)
        return block(y, self._value, self._x)


def applied(
    apply: Callable[[list[Any]], list[Any]],
    k: int,
    sources: list[Any],
    targets: list[Any],
    chunk: int,
    columns: bool,
) -> list[Any]:
    """Apply a linear map to all unit vectors of one source; return for each target the block.

    Args:
        apply: the map from vectors of the sources to those of the targets, None for zeros.
        k: the source whose unit vectors are applied.
        sources, targets: values that the vectors belong to.
        chunk: how many vectors go at once.
        columns: whether the sources are the arguments of the function, or its results.
    """
    blocks = [Block(y, sources[k], True) if columns else Block(sources[k], y, False) for y in targets]
    for count, units in unit_vectors(sources[k], chunk):
        vectors: list[Any] = [None] * len(sources)
        trace = Batch(count)
        vectors[k] = units[0] if count == 1 else Batched(trace, units)
        try:
            results = apply(vectors)
        finally:
            trace.end()
        for made, y in zip(blocks, results, strict=True):
            if type(y) is Batched and y.run is trace:
                made.add(y.value, count)
            else:
                # what is the same for all unit vectors is zero, but for a single one
                made.add(None if y is None else repeated(y, count), count)
    return [made.finished() for made in blocks]


def dtype_in(value: Any, x: Any) -> Any:
    """Return the dtype of a block, None for a Python number: the argument's, complex if the result is."""
    dtype = dtype_of(x)
    return np.result_type(np.complex64, dtype or float) if _kind(value) == "c" else dtype


def _kind(value: Any) -> str:
    kind: str = (dtype_of(value) or np.dtype(type(value))).kind
    return kind


def block(y: Any, value: Any, x: Any) -> Any:
    """Return the results of unit vectors as a block of the Jacobian, an array of its own."""
    shape = shape_of(value) + shape_of(x)
    dtype = dtype_in(value, x)
    if _kind(value) not in "fc":
        # an integer result has a derivative of zeros, which are floating-point numbers
        return np.zeros(shape, dtype) if shape else zeros_like(x)
    y = np.reshape(y, shape)
    if isinstance(y, Tracer):
        return fit(y, shape, dtype)
    if shape == ():
        return y.astype(dtype)[()] if dtype is not None else y.item()
    dtype = dtype or np.dtype(float)
    owned = y.flags.owndata and y.flags.c_contiguous and y.dtype == dtype
    return y if owned else np.array(y, dtype, order="C")
