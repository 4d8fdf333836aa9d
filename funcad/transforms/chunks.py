"""How many tangents or cotangents go through a function at once: unit vectors, in chunks."""

from __future__ import annotations

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


def applied(
    apply: Callable[[list[Any]], list[Any]], k: int, sources: list[Any], targets: list[Any], chunk: int
) -> list[Any]:
    """Apply a linear map to all unit vectors of one source; return for each target one array.

    Args:
        apply: the map from vectors of the sources to those of the targets, None for zeros.
        k: the source whose unit vectors are applied.
        sources, targets: values that the vectors belong to.
        chunk: how many vectors go at once.

    Returns:
        Arrays with the results of all unit vectors along their first axis.
    """
    found: list[list[Any]] = [[] for _ in targets]
    for count, units in unit_vectors(sources[k], chunk):
        vectors: list[Any] = [None] * len(sources)
        trace = Batch(count)
        vectors[k] = units[0] if count == 1 else Batched(trace, units)
        try:
            results = apply(vectors)
        finally:
            trace.end()
        for listed, y, x in zip(found, results, targets, strict=True):
            if type(y) is Batched and y.run is trace:
                listed.append(y.value)
            else:
                # what is the same for all unit vectors is zero, but for a single one
                listed.append(repeated(zeros_like(x) if y is None else y, count))
    empty = [np.zeros((0, *shape_of(x)), dtype_of(x)) for x in targets]
    return [
        rows[0] if len(rows) == 1 else np.concatenate(rows or [none])
        for rows, none in zip(found, empty, strict=True)
    ]


def block(y: Any, value: Any, x: Any) -> Any:
    """Return the results of unit vectors as a block of the Jacobian, an array of its own.

    It has the dtype of the argument, in forward mode as in reverse mode; complex if the result is.
    """
    shape = shape_of(value) + shape_of(x)
    dtype = dtype_of(x)
    kind = (dtype_of(value) or np.dtype(type(value))).kind
    if kind not in "fc":
        # an integer result has a derivative of zeros, which are floating-point numbers
        return np.zeros(shape, dtype) if shape else zeros_like(x)
    if kind == "c":
        dtype = np.result_type(np.complex64, dtype or float)
    y = np.reshape(y, shape)
    if isinstance(y, Tracer):
        return fit(y, shape, dtype)
    if shape == ():
        return y.astype(dtype)[()] if dtype is not None else y.item()
    dtype = dtype or np.dtype(float)
    owned = y.flags.owndata and y.flags.c_contiguous and y.dtype == dtype
    return y if owned else np.array(y, dtype, order="C")
