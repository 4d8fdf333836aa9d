"""What a call of a solver leads to: traced values among its arguments, and those its functions close over.

A solver is compiled, or calls a function at points of its own choice. It gets functions of plain numbers.
To the transforms its call is a primitive of one vector: all traced values that lead into it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcad.core.assignable import DEPTH
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import join
from funcad.core.general import General
from funcad.core.tracer import Tracer, plain, top_trace, user_line
from funcad.errors import ConversionError, RuleError, because
from funcad.transforms.reach import Copier, Snapshot
from funcad.transforms.vjp import copied

Rule = Callable[..., Any]
_NOTHING: Final = np.empty(0)
_SIGNATURE: Final = inspect.signature(lambda *operands: operands)


def tracing() -> bool:
    """Tell whether a transform is running, without which nothing is traced."""
    return getattr(DEPTH, "count", 0) > 0


class Closed:
    """Functions and values, as a function of the vector of all traced values that they lead to."""

    def __init__(self, *root: Any) -> None:
        self._root: Any = root
        self._snapshot = Snapshot(root)
        leaves = self._snapshot.leaves
        self._traced = [k for k, (_, x) in enumerate(leaves) if isinstance(x, Tracer)]
        found = [leaves[k][1] for k in self._traced]
        self._originals = [leaves[k][0] for k in self._traced]
        #: the arrays, as they are now
        self._arrays = {k: copied(x) for k, (_, x) in enumerate(leaves) if not isinstance(x, Tracer)}
        self._places: list[tuple[int, int, Any]] = []
        start = 0
        for x in found:
            size = int(np.prod(shape_of(x), dtype=int))
            self._places.append((start, start + size, plain(x)))
            start += size
        #: the traced values as one vector; without any, an empty array
        self.vector: Any = _NOTHING
        if found:
            numbers = all([shape_of(x) == () for x in found])
            self.vector = join(*found) if numbers else np.concatenate([np.reshape(x, (-1,)) for x in found])

    def __bool__(self) -> bool:
        """Tell whether there are traced values at all."""
        return bool(self._traced)

    def filled(self, vector: Any) -> Any:
        """Return the functions and values, with other traced values, and all else as it was at the call."""
        return self._snapshot.filled(self._arrays | dict(zip(self._traced, self._split(vector), strict=True)))

    def called(self, vector: Any) -> Any:
        """Return the same, with all else as the caller has it: what a function notes elsewhere is kept."""
        if self._root is None:
            return self.filled(vector)
        values = self._split(vector)
        swapped = {id(x): v for x, v in zip(self._originals, values, strict=True)}
        leading = self._snapshot.leading_to(self._originals)
        return Copier(lambda x: swapped.get(id(x), x), leading).copy(self._root)

    def settle(self) -> None:
        """Forget what is needed for the first run only: a tape keeps the rest."""
        self._root, self._originals = None, []
        self._snapshot.forget()

    def _split(self, vector: Any) -> list[Any]:
        return [_like(vector, start, stop, x) for start, stop, x in self._places]


def _like(vector: Any, start: int, stop: int, x: Any) -> Any:
    """Return a part of a vector in the form that it had: a number or an array, and its dtype."""
    shape, dtype = shape_of(x), own_dtype(x)
    number = shape == () and not isinstance(x, np.ndarray)
    part = vector[start] if number else np.reshape(vector[start:stop], shape)
    wanted = dtype or np.dtype(type(x))
    if wanted.kind != "c" and part.dtype.kind == "c":
        part = np.real(part)
    if part.dtype != wanted:
        part = part.astype(wanted)
    return part.item() if number and dtype is None and not isinstance(part, Tracer) else part


def solved(
    name: str, value: Callable[..., Any], operands: tuple[Any, ...], jvp: list[Rule], vjp: list[Rule]
) -> Any:
    """Apply a solver to operands some of which are traced.

    Args:
        name: what messages call it.
        value: computes the results, an array or a tuple of arrays, from plain operands.
        operands: the vectors and numbers that it depends on.
        jvp: per operand the tangent of the results, as a function of that of the operand and of all operands.
        vjp: per operand its cotangent, as a function of that of the results and of all operands.
    """

    def apply(*operands: Any) -> Any:
        top = top_trace(operands)
        if top is not None:
            return top.general(p, operands, ())
        try:
            return value(*operands)
        except ConversionError as e:
            raise because(
                RuleError(
                    f"a function given to {name} (called at {user_line()}) reaches a traced value by a way "
                    "that cannot be followed, a global variable or an attribute: let it take it as an "
                    "argument (`args`), or close over it"
                ),
                e,
            )

    p = General(name, apply, "general", _SIGNATURE, ())
    p.declare(
        [lambda t, operands, i: jvp[i](t, *operands)],
        [lambda g, operands, i: vjp[i](g, *operands)],
    )
    return apply(*operands)
