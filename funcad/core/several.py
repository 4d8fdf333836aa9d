"""Elementwise functions of three arguments or more, or with an argument that has no rule.

Those of one and two arguments have their own primitives (elementwise.py), which the modes read fastest.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from funcad.core.batching import Call
from funcad.core.broadcast import fit, own_dtype, shape_of
from funcad.core.domains import Domain
from funcad.core.elementwise import Partial
from funcad.core.general import General
from funcad.core.primitive import parameter_names


class Times:
    """The rule of a partial derivative: the product of a tangent or a cotangent with it."""

    def __init__(self, partial: Partial, *first: str) -> None:
        names = parameter_names(partial) if callable(partial) else ()
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        listed = [inspect.Parameter(name, kind) for name in ("factor", *first, *names)]
        self.__signature__ = inspect.Signature(listed)
        #: so that messages name the place of the formula
        self.__wrapped__ = partial
        self.partial = partial

    def __call__(self, t: Any, *named: Any) -> Any:
        return t * self.value(named)

    def value(self, named: tuple[Any, ...]) -> Any:
        """Return the partial derivative."""
        return self.partial(*named) if callable(self.partial) else self.partial


class SummedTimes(Times):
    """The same of a cotangent, summed first where the partial has the shape of a smaller argument."""

    def __init__(self, partial: Partial, operand: str) -> None:
        super().__init__(partial, f"{operand}_shape")

    def __call__(self, g: Any, shape: Any, *named: Any) -> Any:
        partial = self.value(named)
        if shape_of(partial) == shape != shape_of(g):
            g = fit(g, shape, own_dtype(g))
        return g * partial


def pointwise(c: Call) -> Any:
    """Compute a batch of a function that acts element by element: the ranks of its operands are aligned."""
    rank = max([c.rank(k) for k in range(len(c.values))])
    return c.evaluate(*[c.aligned(k, rank) for k in range(len(c.values))])


def several_primitive(
    name: str,
    impl: Any,
    partials: Sequence[Partial | None],
    domain: Sequence[Domain],
    operands: Sequence[str],
) -> General:
    """Return an elementwise primitive with a rule for each of its arguments, or None, unregistered."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature([inspect.Parameter(o, kind) for o in operands])
    p = General(name, impl, "general", signature, operands)
    p.declare(
        [None if partial is None else Times(partial) for partial in partials],
        [None if f is None else SummedTimes(f, o) for f, o in zip(partials, operands, strict=True)],
    )
    p.domain = tuple(domain)
    p.batching = pointwise
    return p
