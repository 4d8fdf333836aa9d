"""What a tape holds: its variables, and the records of primitives that are not elementwise."""

from __future__ import annotations

from typing import Any

from funcad.core.array import TracedArray
from funcad.core.broadcast import Fit, fit_of
from funcad.core.general import General
from funcad.core.tracer import Trace


class Taped(TracedArray):
    """A variable of a tape: its value, and its place on the tape."""

    __slots__ = ("fit", "index")

    def __init__(self, trace: Trace, value: Any, index: int, fit: Fit | None = None) -> None:
        self.run = trace
        self.value = value
        self.link = None
        self.index = index
        #: shape and dtype, where they were asked for or are those of another variable
        self.fit = fit

    def overwrite(self, other: Any) -> None:
        self.value, self.index, self.fit = other.value, other.index, other.fit

    def kept(self) -> Any:
        return Taped(self.run, self.value, self.index, self.fit)

    def measure(self) -> Fit:
        """Return shape and dtype; those of a Python number are not remembered, since results differ."""
        fit = self.fit
        if fit is None:
            fit = fit_of(self.value)
            if fit[1] is not None:
                self.fit = fit
        return fit


class RecordFailure(Exception):
    """A rule raised during the walk, at the record of a position."""

    def __init__(self, position: int, cause: Exception) -> None:
        self.position = position
        self.cause = cause


Edge = tuple[Any, tuple[Any, ...], int, tuple[int, ...], Any]
"""(pullback, saved, parent, shape, dtype): what a node knows of one traced operand"""


class Node:
    """The record of a primitive that is not elementwise: per traced operand its pullback."""

    __slots__ = ("edges", "outputs", "primitive", "pushing")

    def __init__(self, primitive: General, outputs: int, edges: list[Edge]) -> None:
        self.primitive = primitive
        #: where the tape is read forwards too: result, values of all operands, and params
        self.pushing: Any = None
        #: the number of results in a tuple, or -1 for a single array
        self.outputs = outputs
        self.edges = edges
