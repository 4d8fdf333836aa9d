"""Solvers whose derivative is that of a formula: code that is traced when a derivative is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.general import zeros_like
from funcad.core.tracer import Tracer, plain
from funcad.errors import BatchError
from funcad.solvers.closed import Rule, solved
from funcad.transforms.linearize import linearize
from funcad.transforms.vjp import vjp


def by_formula(
    name: str, value: Callable[..., Any], formula: Callable[..., Any], operands: tuple[Any, ...]
) -> Any:
    """Apply a solver to operands some of which are traced.

    Args:
        name: what messages call it.
        value: computes the results from plain operands.
        formula: computes results of the same form from operands that may be traced; its value is of no use.
        operands: the vectors and numbers that it depends on.
    """
    made = [_Operand(formula, i) for i in range(len(operands))]
    return solved(name, value, operands, [m.along for m in made], [m.back for m in made])


class _Operand:
    """The derivative of a formula by one operand; many tangents or cotangents share one run."""

    def __init__(self, formula: Callable[..., Any], place: int) -> None:
        self.formula = formula
        self.place = place
        #: the operands of the last run forward and of the last one on a tape, with the linear maps
        self.pushed: tuple[tuple[Any, ...], Any] | None = None
        self.pulled: tuple[tuple[Any, ...], Any] | None = None

    def only(self, operands: tuple[Any, ...]) -> Rule:
        """Return the formula as a function of the one operand."""
        i = self.place
        return lambda x: self.formula(*operands[:i], x, *operands[i + 1 :])

    def along(self, t: Any, *operands: Any) -> Any:
        """Return the tangent of the results."""
        known = self.pushed
        if known is None or not same(known[0], operands):
            known = self.pushed = operands, linearize(self.only(operands), operands[self.place])[1]
        return known[1](t)

    def back(self, g: Any, *operands: Any) -> Any:
        """Return the cotangent of the operand."""
        known = self.pulled
        if known is None or not same(known[0], operands):
            known = self.pulled = operands, vjp(self.only(operands), operands[self.place])
        value, pull = known[1]
        if isinstance(value, tuple):
            g = tuple([zeros_like(v) if c is None else c for c, v in zip(g, value, strict=True)])
        return pull(g)[0]


def same(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Tell whether operands are the very same objects."""
    return all([x is y for x, y in zip(a, b, strict=True)])


def known_by(name: str, *operands: Any) -> Any:
    """Return what the run of a solver is known by: the bytes of its operands.

    Raises:
        BatchError: they are a batch; the caller then takes one example after the other.
    """
    values = [plain(x) for x in operands]
    if any([isinstance(x, Tracer) for x in values]):
        raise BatchError(
            f"the steps of {name} differ between the examples of a batch: loop over them in place of vmap"
        )
    return tuple([np.asarray(x).tobytes() for x in values])
