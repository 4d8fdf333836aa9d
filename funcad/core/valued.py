"""Functions whose value they compute themselves, and whose derivative is that of a formula.

A compiled function rounds otherwise than the NumPy code that says the same. Under a transform the
code gives the derivative, and the function the value, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from funcad.core.broadcast import own_dtype
from funcad.core.domains import real
from funcad.core.elementwise import Binary
from funcad.core.primitive import Composite, Constant
from funcad.core.rows import rebuilt
from funcad.core.tracer import Tracer


def substituted(x: Any, value: Any) -> Any:
    """Return the derivative of the first argument with the value of the second."""
    return _SUBSTITUTED.apply((x, value), {}) if isinstance(x, Tracer) else value


_SUBSTITUTED: Final = Binary("a value with the derivative of a formula", substituted)
_SUBSTITUTED.declare((1, 0), real)


class Valued(Composite):
    """A function with the value that it computes and the derivative of Python code over primitives."""

    __slots__ = ("own",)

    def __init__(self, name: str, impl: Callable[..., Any], body: Callable[..., Any]) -> None:
        super().__init__(name, impl, body)
        self.own = Constant(name, impl)

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.own.batching = self.batching
        return with_value(self.body(*args, **kwargs), self.own.apply(args, kwargs))


def with_value(result: Any, value: Any) -> Any:
    """Return the derivative of one result, or of each of several, with another value."""
    if isinstance(result, (tuple, list)):
        return rebuilt(value, [with_value(r, v) for r, v in zip(result, value, strict=True)])
    if not isinstance(result, Tracer):
        return value
    dtype = own_dtype(value)
    if dtype is not None and own_dtype(result) != dtype:
        result = result.astype(dtype)  # type: ignore[attr-defined]  # every tracer of an array has it
    return substituted(result, value)
