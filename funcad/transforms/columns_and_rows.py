"""The columns of a Jacobian by forward mode, and its rows by reverse mode.

Forward mode takes one tangent per number of the arguments, reverse mode one cotangent per number of
the result; they go through the function's derivative in chunks, as one batch each.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, ParamSpec

import numpy as np

from funcad.core.batching import repeated
from funcad.core.broadcast import dtype_of, shape_of
from funcad.errors import InputTypeError, OutputError
from funcad.transforms.batch import Batch, Batched
from funcad.transforms.chunks import Budget, applied, block
from funcad.transforms.jvp import push
from funcad.transforms.leaves import Parts
from funcad.transforms.linearize import Linearization
from funcad.transforms.recording import Recording, pair
from funcad.transforms.select import Argnums, Selection
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")

AT_ONCE = 32
"""up to so many tangents go along with the function's run itself"""


class Jacobian(Transformed[P, Any]):
    """What the three have in common: the selection of arguments, aux, and the checks of dtypes."""

    def __init__(
        self,
        f: Callable[P, Any],
        argnums: Argnums,
        has_aux: bool,
        holomorphic: bool,
        budget: Budget,
    ) -> None:
        super().__init__(f, argnums)
        self._has_aux = has_aux
        self._holomorphic = holomorphic
        self._budget = budget

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        jacobian, aux, _ = self._evaluate(args, kwargs)
        return (jacobian, aux) if self._has_aux else jacobian

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any, Any]:
        """Return Jacobian, aux and value."""
        selection = Selection(self._f, self._argnums, args, kwargs)
        are_complex = [_is_complex(x) for p in selection.parts for x in p.numbers]
        if self._holomorphic and not all(are_complex):
            raise InputTypeError("holomorphic=True differentiates with respect to complex numbers")
        return self._by_fewer(selection, any(are_complex) and not self._holomorphic)

    def _by_fewer(self, selection: Selection, complex_argument: bool) -> tuple[Any, Any, Any]:
        """Go forwards or backwards, whichever takes fewer vectors."""
        linearization = Linearization(selection, selection.parts, self._has_aux)
        recording = linearization.recording
        try:
            self._check_result(recording.out, recording.result)
            complex_result = any([_is_complex(v) for v in recording.values()]) and not self._holomorphic
            inputs = sum([_size(x) for p in selection.parts for x in p.numbers])
            forwards = complex_result or inputs <= sum([_size(x) for x in recording.out.numbers])
            if forwards and not complex_argument:
                blocks = self._columns(linearization)
            else:
                blocks = self._rows(recording)
        finally:
            recording.tape.release()
        return self._shaped(selection, recording.out, blocks), recording.aux, _value(recording)

    def _shaped(self, selection: Selection, out: Parts, blocks: list[list[Any]]) -> Any:
        """Return blocks, per number of the result those of all argument numbers, as a tree of trees."""
        return out.rebuild([selection.shaped(_grouped(b, selection.parts)) for b in blocks])

    def _check_result(self, out: Parts, result: Any) -> None:
        if not out.numbers:
            raise OutputError(
                f"a Jacobian needs a function that returns an array or a container of arrays (got {result!r})"
            )
        if self._holomorphic and not all([_is_complex(x) for x in out.numbers]):
            raise OutputError(
                "holomorphic=True needs complex results, but the function returned a real one; leave "
                "holomorphic out for a real function"
            )

    def _columns(self, linearization: Linearization) -> list[list[Any]]:
        """Return per number of the result the blocks of all argument numbers, by forward mode."""
        recording = linearization.recording
        numbers = [x for p in recording.arguments for x in p.numbers]
        values = recording.values()
        blocks: list[list[Any]] = [[] for _ in values]
        for n, x in enumerate(numbers):
            chunk = self._budget.chunk(_size(x), recording.peak)
            if chunk < _size(x):
                recording.settle()
            columns = applied(linearization.push, n, numbers, values, chunk, columns=True)
            for listed, made in zip(blocks, columns, strict=True):
                listed.append(made)
        return blocks

    def _rows(self, recording: Recording) -> list[list[Any]]:
        """Return per number of the result the blocks of all argument numbers, by reverse mode."""
        numbers = [x for p in recording.arguments for x in p.numbers]
        values = recording.values()
        if not self._holomorphic and any([_is_complex(v) for v in values]):
            raise OutputError(
                "jacrev needs real results; pass holomorphic=True for a holomorphic function, take "
                "jacfwd for a complex function of real arguments, or differentiate real and "
                "imaginary parts"
            )
        blocks: list[list[Any]] = []
        for k, value in enumerate(values):
            chunk = self._budget.chunk(_size(value), recording.peak)
            if chunk < _size(value):
                recording.settle()
            blocks.append(applied(recording.cotangents, k, values, numbers, chunk, columns=False))
        return blocks


class JacFwd(Jacobian[P]):
    """The Jacobian by forward mode."""

    def _by_fewer(self, selection: Selection, complex_argument: bool) -> tuple[Any, Any, Any]:
        if complex_argument:
            raise InputTypeError(
                "jacfwd needs real arguments; pass holomorphic=True for a holomorphic function, or "
                "take jacrev for a real function of complex arguments"
            )
        count = sum([_size(x) for p in selection.parts for x in p.numbers])
        if 0 < count <= (self._budget.chunk_size or AT_ONCE):
            return self._at_once(selection, count)
        linearization = Linearization(selection, selection.parts, self._has_aux)
        recording = linearization.recording
        try:
            self._check_result(recording.out, recording.result)
            blocks = self._columns(linearization)
        finally:
            recording.tape.release()
        return self._shaped(selection, recording.out, blocks), recording.aux, _value(recording)

    def _at_once(self, selection: Selection, count: int) -> tuple[Any, Any, Any]:
        """Take all tangents along with the function's run, which then leaves no records."""
        trace = Batch(count)
        directions: list[list[Any]] = []
        start = 0
        for part in selection.parts:
            directions.append([])
            for x in part.numbers:
                units = np.zeros((count, _size(x)), dtype_of(x))
                units[np.arange(_size(x)) + start, np.arange(_size(x))] = 1
                directions[-1].append(Batched(trace, np.reshape(units, (count, *shape_of(x)))))
                start += _size(x)
        aux = None
        try:
            value, tangent = push(selection, selection.parts, directions)
            if self._has_aux:
                (value, aux), tangent = pair(value), tangent[0]
            out, tangents = Parts(value), Parts(tangent)
            self._check_result(out, value)
        finally:
            trace.end()
        numbers = [x for p in selection.parts for x in p.numbers]
        ends = np.cumsum([0, *[_size(x) for x in numbers]]).tolist()
        blocks = []
        for v, k in zip(out.numbers, out.numeric, strict=True):
            t = tangents.leaves[k]
            stacked = type(t) is Batched and t.run is trace
            rows = t.value if stacked else repeated(t, count)  # what is the same for all of them is zero
            parts = [rows[i:j] for i, j in pairwise(ends)]
            blocks.append([
                block(np.moveaxis(y, 0, -1) if shape_of(v) else y, v, x)
                for y, x in zip(parts, numbers, strict=True)
            ])  # fmt: skip
        return self._shaped(selection, out, blocks), aux, value


class JacRev(Jacobian[P]):
    """The Jacobian by reverse mode."""

    def _by_fewer(self, selection: Selection, complex_argument: bool) -> tuple[Any, Any, Any]:  # noqa: ARG002
        recording = Recording(selection, selection.parts, self._has_aux)
        try:
            self._check_result(recording.out, recording.result)
            blocks = self._rows(recording)
        finally:
            recording.tape.release()
        return self._shaped(selection, recording.out, blocks), recording.aux, _value(recording)


def _value(recording: Recording) -> Any:
    """Return the result of a recording, one level down."""
    return recording.out.rebuild(recording.values())


def _grouped(numbers: list[Any], parts: list[Parts]) -> list[list[Any]]:
    """Return what belongs to the numbers of all arguments, argument by argument."""
    grouped, k = [], 0
    for p in parts:
        grouped.append(numbers[k : k + len(p.numbers)])
        k += len(p.numbers)
    return grouped


def _is_complex(x: Any) -> bool:
    return (getattr(x, "dtype", None) or np.dtype(type(x))).kind == "c"


def _size(x: Any) -> int:
    size: int = getattr(x, "size", 1)
    return size


class ValueAndJacobian(Jacobian[P]):
    """The value and the Jacobian of a function, from one run."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        jacobian, aux, value = self._evaluate(args, kwargs)
        return ((value, aux) if self._has_aux else value), jacobian
