"""The primitives that act element by element: of one argument and of two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import dtype_named, holds_no_derivative, laid_out, own_dtype
from funcad.core.domains import Domain
from funcad.core.primitive import Formula, Primitive, strip, unsupported
from funcad.core.rows import Row, X, Y
from funcad.core.tracer import Tracer, top_trace

Partial = Formula | float


class Unary(Primitive):
    """An elementwise function of one argument."""

    __slots__ = ("real_valued", "regular", "row")

    row: Row

    def __init__(self, name: str, impl: Callable[..., Any]) -> None:
        super().__init__(name, impl, "elementwise")
        #: True for a real function of complex arguments, such as the absolute value
        self.real_valued = False
        #: whether the result has the shape and dtype of an array that it is given
        self.regular = is_regular(impl)

    def declare(self, partials: Sequence[Partial], domain: Domain | Sequence[Domain]) -> None:
        """Resolve the partial derivative."""
        self.row = Row(self.name, partials[0], ("x",))
        _note(self, partials, domain)

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if kwargs:
            return _apply_with_dtype(self, args, kwargs)
        if len(args) != 1:
            raise TypeError(f"{self.name} takes one array (got {len(args)} arguments)")
        x = as_operand(args[0])
        return x.run.unary(self, x) if isinstance(x, Tracer) else self.impl(x)


class Binary(Primitive):
    """An elementwise function of two arguments, each with its partial derivative."""

    __slots__ = ("regular", "row0", "row1")

    row0: Row
    row1: Row

    def __init__(self, name: str, impl: Callable[..., Any]) -> None:
        super().__init__(name, impl, "elementwise")
        #: whether arrays of one shape and dtype give an array of that shape and dtype
        self.regular = is_regular(impl)

    def declare(self, partials: Sequence[Partial], domain: Domain | Sequence[Domain]) -> None:
        """Resolve the partial derivatives."""
        self.row0, self.row1 = (
            Row(self.name, partial, ("x", "y"), own) for partial, own in zip(partials, (X, Y), strict=True)
        )
        _note(self, partials, domain)

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if kwargs:
            return _apply_with_dtype(self, args, kwargs)
        if len(args) != 2:
            raise TypeError(f"{self.name} takes two arrays (got {len(args)} arguments)")
        x, y = as_operand(args[0]), as_operand(args[1])
        top = top_trace((x, y))
        return self.impl(x, y) if top is None else top.binary(self, x, y)


def is_regular(fn: Any) -> bool:
    """Tell whether a function has one loop for every floating-point dtype, into that very dtype."""
    loops = getattr(fn, "types", ())
    nin = getattr(fn, "nin", 0)
    return all([f"{c * nin}->{c}" in loops for c in "fd"]) and all([
        t[-1] == t[0] for t in loops if t[0] in "efdgFDG" and t.startswith(t[0] * nin + "->")
    ])  # fmt: skip


def _note(p: Primitive, partials: Sequence[Partial], domain: Domain | Sequence[Domain]) -> None:
    p.rules = tuple(f for f in partials if callable(f))
    p.domain = (domain,) * len(partials) if isinstance(domain, Domain) else tuple(domain)


def _changes(key: str, value: Any) -> bool:
    """Tell whether a keyword of a ufunc asks for what no rule here gives."""
    if key in ("order", "subok"):
        np.positive(0.0, **{key: value})  # raises what NumPy raises
        return bool(
            key == "order" and value == "A"
        )  # the layout of operands, which a traced one need not have
    return value is not None and not (key == "where" and value is True)


def _apply_with_dtype(p: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Apply a ufunc with the keywords `dtype` and `casting`: NumPy casts the inputs, and so do we."""
    order = kwargs.get("order", "K")
    if order in ("C", "F"):
        result = _apply_with_dtype(p, args, {k: v for k, v in kwargs.items() if k != "order"})
        return laid_out(result, order)
    for key, value in kwargs.items():
        if key not in ("dtype", "casting") and _changes(key, value):
            unsupported(p, key, value)
    dtype = kwargs.get("dtype")
    operands: list[Any] = [as_operand(a) for a in args]
    if "casting" in kwargs:
        # NumPy's own error where it does not allow what would have to be cast
        kinds: Any = tuple([own_dtype(a) or type(a) for a in operands])
        signature: Any = (None,) * len(kinds) + (None if dtype is None else dtype_named(dtype),)
        ufunc: Any = p.impl
        ufunc.resolve_dtypes((*kinds, None), signature=signature, casting=kwargs["casting"])
    if dtype is None:
        return p.apply(args, {})
    if holds_no_derivative(dtype):
        operands = [strip(a) for a in operands]
    cast = [a.astype(dtype) if hasattr(a, "astype") else np.asarray(a, dtype) for a in operands]
    return p.apply(tuple(cast), {})
