"""A function's run on a tape, and the way back from its result to its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.tracer import Tracer, raised_at
from funcad.core.tree import flatten, unflatten
from funcad.errors import AssignmentError, FuncadError, OutputError, ReversePassError, because
from funcad.transforms.branches import has_nan, walk_branches
from funcad.transforms.leaves import Parts, call, finish
from funcad.transforms.lifetimes import peak
from funcad.transforms.linear import settle
from funcad.transforms.tape import Tape
from funcad.transforms.variable import RecordFailure, Taped
from funcad.transforms.walk import walk


class Recording:
    """A function's run on a tape: its result, and the way back to the arguments."""

    __slots__ = ("arguments", "aux", "function", "out", "result", "tape")

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Parts],
        has_aux: bool = False,
        tape: Tape | None = None,
    ) -> None:
        """Run `function(*trees)` on new variables for the numbers of the arguments, on a new tape."""
        self.function = function
        self.arguments = arguments
        self.tape = Tape(locks=True) if tape is None else tape
        try:
            out = self._run(self.tape)
            # before the end of the tape, on which traced elements are put together into one array
            self.aux: Any = None
            if has_aux:
                out, aux = pair(out)
                self.aux = lowered(aux, self.tape)
            self.result = out
            self.out = Parts(out)
        except BaseException as e:
            locked = self.tape.constants is not None and bool(self.tape.constants.locked)
            self.tape.release()
            if locked and isinstance(e, ValueError) and "read-only" in str(e):
                raise because(
                    AssignmentError(
                        f"{e} at {raised_at(e)}: an array that was computed with is read-only until the "
                        "transform returns, since the derivative needs it unchanged; compute with a copy of "
                        "it, or write to a new array"
                    ),
                    e,
                )
            raise
        finally:
            self.tape.end()

    def _run(self, tape: Tape) -> Any:
        trees = [a.rebuild([tape.input(x) for x in a.numbers]) for a in self.arguments]
        return call(self.function, trees, {})

    def owns(self, leaf: Any) -> bool:
        """Tell whether a leaf of the result depends on the arguments."""
        return type(leaf) is Taped and leaf.run is self.tape

    def values(self) -> list[Any]:
        """Return the numbers of the result, one level down."""
        return [x.value if self.owns(x) else x for x in self.out.numbers]

    def variables(self) -> list[int]:
        """Return the variables of the result's numbers, of those that depend on the arguments."""
        return [x.index for x in self.out.numbers if self.owns(x)]

    def variables_of(self, k: int) -> list[int]:
        """Return the variable of one number of the result, none if it does not depend on the arguments."""
        x = self.out.numbers[k]
        return [x.index] if self.owns(x) else []

    def peak(self) -> int:
        """Return how many bytes one tangent or cotangent needs on its way."""
        fits = [x.measure() for x in self.out.numbers if self.owns(x)]
        return peak(self.tape.records, self.variables(), fits)

    def settle(self) -> None:
        """Compute the partial derivatives once, for many tangents or cotangents to come."""
        try:
            settle(self.tape.records, self.variables())
        except RecordFailure as failure:
            raise because(self._explained(failure), failure.cause)

    def pull(self, gs: Sequence[Any], keep: bool = True) -> list[list[Any]]:
        """Return the cotangents of the arguments' numbers, given those of the result's numbers."""
        found = self.cotangents(gs, keep)
        taken = {id(g): g for g in gs}
        pulled, k = [], 0
        for a in self.arguments:
            pulled.append([finish(found[k + n], x, taken) for n, x in enumerate(a.numbers)])
            k += len(a.numbers)
        return pulled

    def cotangents(self, gs: Sequence[Any], keep: bool = True) -> list[Any]:
        """Return the cotangents of the arguments' numbers as the walk finds them, None for zeros."""
        count = sum([len(a.numbers) for a in self.arguments])
        try:
            if self.tape.branched:
                return self._through_branches(gs, count)
            cotangents = self._seeded(gs)
            walk(self.tape.records, cotangents, keep)
        except RecordFailure as failure:
            raise because(self._explained(failure), failure.cause)
        return cotangents[:count]

    def _seeded(self, gs: Sequence[Any]) -> list[Any]:
        """Return the list of cotangents, one place per variable, with those of the result set."""
        cotangents: list[Any] = [None] * len(self.tape.records)
        for leaf, g in zip(self.out.numbers, gs, strict=True):
            if self.owns(leaf) and g is not None:
                c = cotangents[leaf.index]
                cotangents[leaf.index] = g if c is None else c + g
        return cotangents

    def _through_branches(self, gs: Sequence[Any], count: int) -> list[Any]:
        """Walk back, and once more with care where an infinite branch that was not taken gave nan."""
        with np.errstate(divide="ignore", invalid="ignore"):
            try:
                cotangents = self._seeded(gs)
                walk(self.tape.records, cotangents, keep=True)
                if not any([has_nan(c) for c in cotangents[:count]]):
                    return cotangents[:count]
            except RecordFailure as failure:
                if not isinstance(failure.cause, ZeroDivisionError):
                    raise
            cotangents = self._seeded(gs)
            walk_branches(self.tape.records, cotangents)
        return cotangents[:count]

    def line_of(self, position: int) -> str:
        """Return the user's line of a record: the function runs once more, with all lines noted."""
        self.tape.release()  # the function may write to what it computed with
        tape = Tape()
        lines = tape.note_lines()
        try:
            self._run(tape)
        except Exception:
            lines = {}  # a function that does not run twice: the failure itself is worth more
        finally:
            tape.end()
        same = len(tape.records) == len(self.tape.records)
        return lines.get(position, "an unknown line") if same else "an unknown line"

    def _explained(self, failure: RecordFailure) -> Exception:
        """Return the error of a rule that raised, with the user's line of its record."""
        where = self.line_of(failure.position)
        cause = failure.cause
        message = f"{cause} (in the reverse pass, of the operation recorded at {where})"
        if isinstance(cause, FuncadError):
            return type(cause)(message)
        return ReversePassError(f"{type(cause).__name__}: {message}")


def pair(out: Any) -> tuple[Any, Any]:
    """Return the value and aux of a function that was called with has_aux=True."""
    if not isinstance(out, tuple) or len(out) != 2:
        raise OutputError(
            f"with has_aux=True the function must return a pair (value, aux) (got {type(out).__name__})"
        )
    return out


def lowered(tree: Any, tape: Tape) -> Any:
    """Return a tree with the variables of a tape replaced by their values."""
    leaves, structure = flatten(tree)
    leaves = [as_operand(x) for x in leaves]
    return unflatten(structure, [x.value if isinstance(x, Tracer) and x.run is tape else x for x in leaves])
