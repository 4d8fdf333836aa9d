"""The form of a call: where its operands and params stand, settled once and looked up afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funcad.core.assemble import as_operand


class Form:
    """A number of positional arguments and some keywords: the places of operands and params.

    A place is a position among the arguments of a call, first the positional ones and then those
    by keyword; below zero the argument is left out and has its default.
    """

    __slots__ = ("default_operands", "default_params", "given", "leading", "operand_places", "param_places")

    def __init__(
        self,
        operand_places: Sequence[int],
        default_operands: tuple[Any, ...],
        param_places: Sequence[int],
        default_params: tuple[Any, ...],
    ) -> None:
        self.operand_places = tuple(operand_places)
        self.default_operands = default_operands
        self.param_places = tuple(param_places)
        self.default_params = default_params
        #: whether the operands are the first arguments
        self.leading = self.operand_places == tuple(range(len(self.operand_places)))
        #: the params that are given, by their position among the params
        self.given = tuple([j for j, place in enumerate(self.param_places) if place >= 0])

    def operands(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the operands of a call with these arguments."""
        if self.leading:
            return tuple([as_operand(values[k]) for k in range(len(self.operand_places))])
        return tuple([
            as_operand(values[k]) if k >= 0 else default
            for k, default in zip(self.operand_places, self.default_operands, strict=True)
        ])  # fmt: skip

    def params(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the params of a call; the very tuple of defaults where none is given."""
        if not self.given:
            return self.default_params
        return tuple([
            values[k] if k >= 0 else default
            for k, default in zip(self.param_places, self.default_params, strict=True)
        ])  # fmt: skip
