"""Batching: what a rule of batching is given, and the loop for whatever has no such rule.

A batch of values is one array with the examples along its first axis. A rule of batching
computes the results of all examples at once, again with the examples along the first axis.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from funcad.core.broadcast import shape_of
from funcad.core.primitive import top_within
from funcad.core.rows import rebuilt
from funcad.errors import BatchError

if TYPE_CHECKING:
    from funcad.core.general import General

_log: Final = logging.getLogger("funcad")
#: what has been looped over, so that each is told once
_told: Final[set[str]] = set()


class Call:
    """One call of a primitive on a batch, one level of tracing down."""

    __slots__ = ("params", "primitive", "size", "stacked", "values")

    def __init__(
        self,
        primitive: General,
        values: tuple[Any, ...],
        stacked: tuple[bool, ...],
        params: tuple[Any, ...],
        size: int,
    ) -> None:
        self.primitive = primitive
        #: the operands; with the examples along the first axis where `stacked` says so
        self.values = values
        self.stacked = stacked
        #: a param that is a batch itself, such as the condition of a choice, is a `Stack`
        self.params = params
        self.size = size

    def rank(self, k: int) -> int:
        """Return the number of axes that operand k has in one example."""
        return len(shape_of(self.values[k])) - self.stacked[k]

    def shape(self, k: int) -> tuple[int, ...]:
        """Return the shape that operand k has in one example."""
        return shape_of(self.values[k])[self.stacked[k] :]

    def whole(self, k: int) -> Any:
        """Return operand k with the examples along its first axis, repeated where it is the same for all."""
        return self.values[k] if self.stacked[k] else repeated(self.values[k], self.size)

    def aligned(self, k: int, rank: int) -> Any:
        """Return operand k with axes of length 1 so that examples have some number of axes."""
        return aligned(self.values[k], rank) if self.stacked[k] else self.values[k]

    def param(self, name: str) -> Any:
        """Return the param of a name."""
        return self.params[self.primitive.params.index(name)]

    def evaluate(self, *values: Any, **changed: Any) -> Any:
        """Call the primitive with other operands, and with some params changed."""
        params = self.params
        if changed:
            params = tuple([
                changed.get(name, v) for name, v in zip(self.primitive.params, params, strict=True)
            ])  # fmt: skip
        return self.primitive.evaluate(values, params)


def repeated(x: Any, size: int) -> Any:
    """Return a value once for every example."""
    return np.broadcast_to(x, (size, *shape_of(x)))


def aligned(x: Any, rank: int) -> Any:
    """Insert axes of length 1 behind that of the examples until these have some number of axes."""
    shape = shape_of(x)
    missing = rank + 1 - len(shape)
    return x if missing <= 0 else np.reshape(x, (shape[0],) + (1,) * missing + shape[1:])


def looped(c: Call) -> Any:
    """Call a primitive for one example after the other."""
    p = c.primitive

    def one(i: int) -> Any:
        values = tuple([x[i] if s else x for x, s in zip(c.values, c.stacked, strict=True)])
        return p.evaluate(values, tuple([example(v, i) for v in c.params]))

    return loop(one, c.size, p.name)


def rule_for_each(error: BatchError, rule: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Call a rule, which branches on the values of a batch, once for every example.

    Raises:
        BatchError: the batch is not what the innermost trace follows.
    """
    top = top_within(args)
    if top is None or not top.stacks:
        raise error

    def one(*args: Any) -> Any:
        try:
            return rule(*args)
        except BatchError as e:
            return rule_for_each(e, rule, args)  # an example of a batch may be a batch itself

    return top.each(one, getattr(rule, "__qualname__", "a rule"), args, {})


class Stack:
    """A batch among the params of a call: the array with the examples along its first axis."""

    __slots__ = ("array",)

    def __init__(self, array: Any) -> None:
        self.array = array


def example(x: Any, i: int) -> Any:
    """Return the example of an index from a batch, or from sequences that hold batches."""
    if isinstance(x, Stack):
        return x.array[i]
    return type(x)([example(v, i) for v in x]) if type(x) is list or type(x) is tuple else x


def holds_stack(x: Any) -> bool:
    """Tell whether a param is a batch, or a sequence that holds one."""
    if type(x) is list or type(x) is tuple:
        return any([holds_stack(v) for v in x])
    return isinstance(x, Stack)


def loop(one: Callable[[int], Any], size: int, name: str) -> Any:
    """Return the results of a function of the example's index, along a new first axis.

    Raises:
        BatchError: the results differ in shape from example to example, or there is no example.
    """
    if name not in _told:
        _told.add(name)
        _log.debug("%s has no rule of batching here: it is called once for every example", name)
    if size == 0:
        raise BatchError(
            f"{name} has no rule of batching, and a batch of 0 examples does not tell what it would return"
        )
    results = [one(i) for i in range(size)]
    first = results[0]
    if isinstance(first, (tuple, list)):
        return rebuilt(first, [along_first(list(column), name) for column in zip(*results, strict=True)])
    return along_first(results, name)


def along_first(results: list[Any], name: str) -> Any:
    """Return the results of all examples as one array; None where all are."""
    if all([r is None for r in results]):
        return None
    if isinstance(results[0], str):
        raise BatchError(f"{name} gives a text for every example of a batch, and texts do not make an array")
    shapes = {shape_of(r) for r in results}
    if len(shapes) > 1:
        raise BatchError(
            f"{name} returns arrays of different shapes for the examples of a batch ({sorted(shapes)}); "
            "under vmap all must be alike: use np.where instead of a choice of elements"
        )
    return np.stack(results)
