"""Primitives, the names that rules ask for, and the registry that every mode reads.

A primitive is a function with rules. Its array arguments are its *operands*; all its other
arguments are *params*. A rule is a formula that names what it needs: `ans`, an operand, a
param, or an operand's shape as `x_shape`. The names are resolved into positions once, at
registration, and only what is named is kept by the tape.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Final

import numpy as np

from funcad.core.assemble import assembled
from funcad.core.broadcast import shape_of
from funcad.core.domains import Domain
from funcad.core.tracer import Trace, Tracer, plain
from funcad.errors import RegistrationError, RuleError, UnsupportedArgumentError

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)

Formula = Callable[..., Any]

ANS: Final = 0  # the slot of the output; operands and params follow in their order
SHAPE: Final = -1  # slots below zero are shapes: -1 for operand 0, -2 for operand 1, ...


class Rule:
    """A formula whose names were resolved into slots of `(ans, *operands, *params)`."""

    __slots__ = ("fn", "params", "slots")

    def __init__(self, fn: Formula, slots: tuple[int, ...], params: frozenset[str]) -> None:
        self.fn = fn
        self.slots = slots
        self.params = params

    def save(self, ans: Any, operands: tuple[Any, ...], params: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what the formula names, in its order."""
        slots = self.slots
        if not slots:
            return ()
        values = (ans, *operands, *params)
        return tuple([values[s] if s >= 0 else shape_of(operands[SHAPE - s]) for s in slots])


def parameter_names(fn: Formula) -> tuple[str, ...]:
    """Return the names of a formula's positional parameters."""
    code = getattr(fn, "__code__", None)
    if code is not None:
        if code.co_kwonlyargcount or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
            raise RuleError(f"a rule ({place(fn)}) names what it needs as plain parameters, without * and **")
        names: tuple[str, ...] = code.co_varnames[: code.co_argcount]
        return names[1:] if inspect.ismethod(fn) else names
    return tuple(inspect.signature(fn).parameters)


def resolve(name: str, fn: Formula, operands: Sequence[str], params: Sequence[str], skip: int = 0) -> Rule:
    """Resolve the names of a formula, but for the first `skip` (the tangent or cotangent).

    Raises:
        RuleError: the formula names what the primitive does not have.
    """
    table = {"ans": ANS}
    table |= {operand: 1 + k for k, operand in enumerate(operands)}
    table |= {param: 1 + len(operands) + k for k, param in enumerate(params)}
    table |= {f"{operand}_shape": SHAPE - k for k, operand in enumerate(operands)}
    listed = parameter_names(fn)
    if len(listed) < skip:
        raise RuleError(
            f"a rule of {name} ({place(fn)}) takes the tangent or cotangent as its first parameter"
        )
    wanted = listed[skip:]
    for w in wanted:
        if w not in table:
            raise RuleError(
                f"a rule of {name} ({place(fn)}) names {w!r}, which {name} does not have; "
                f"it may name {', '.join(table)}"
            )
    return Rule(fn, tuple(table[w] for w in wanted), frozenset(wanted) & frozenset(params))


def place(fn: Formula) -> str:
    """Name the source line where a formula stands."""
    code = getattr(inspect.unwrap(fn), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else repr(fn)


class Primitive:
    """What the registry holds for a function; every kind knows how to apply itself."""

    __slots__ = ("batched_params", "batching", "declared_in", "domain", "impl", "kind", "name", "rules")

    def __init__(self, name: str, impl: Callable[..., Any], kind: str) -> None:
        self.name = name
        self.impl = impl
        self.kind = kind
        self.domain: tuple[Domain, ...] = ()
        #: the formulas as they were declared, for messages and for the checker
        self.rules: tuple[Formula, ...] = ()
        #: computes a whole batch at once; without it, one example after the other
        self.batching: Callable[..., Any] | None = None
        #: the params that it takes as batches too
        self.batched_params: tuple[str, ...] = ()
        #: the module whose table declares it
        self.declared_in = ""

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Evaluate a call in which some argument is traced."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{self.kind} primitive {self.name}>"


def unsupported(p: Primitive, key: str, value: Any) -> None:
    """Refuse an argument that the rules of a primitive do not know."""
    hint = (
        "leave it out and use the returned array"
        if key == "out"
        else "leave it out, or express it with other functions"
    )
    raise UnsupportedArgumentError(
        f"{p.name} has no derivative rule for the argument {key}={plain(value)!r}; {hint}"
    )


class Constant(Primitive):
    """A function whose result carries no derivative: comparisons, argmax, floor, shape."""

    __slots__ = ("check", "of_type", "wrap")

    def __init__(self, name: str, impl: Callable[..., Any]) -> None:
        super().__init__(name, impl, "constant")
        #: refuses arguments that a derivative would have to flow through
        self.check: Callable[..., None] | None = None
        #: whether shapes and dtypes determine the result, which is then the same for all examples
        self.of_type = False
        #: makes of the result what the user gets
        self.wrap: Callable[[Any], Any] | None = None

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.check is not None:
            self.check(*args)
        args = tuple([strip(a) for a in args])
        if kwargs:
            kwargs = {k: strip(v) for k, v in kwargs.items()}
        top = top_within((args, tuple(kwargs.values())))
        ans = self.impl(*args, **kwargs) if top is None else top.apply_constant(self, args, kwargs)
        return ans if self.wrap is None else self.wrap(ans)


def strip(x: Any) -> Any:
    """Return an argument with the tracers inside it, and inside its sequences, made plain."""
    if isinstance(x, Tracer):
        return plain(x)
    if type(x) is list or type(x) is tuple:
        return type(x)(strip(v) for v in x)
    if type(x) is _ndarray and x.dtype is _OBJECT:
        return plain(assembled(x))
    return x


class Composite(Primitive):
    """Python code over other primitives that stands in for a NumPy function."""

    __slots__ = ("body",)

    def __init__(self, name: str, impl: Callable[..., Any], body: Callable[..., Any]) -> None:
        super().__init__(name, impl, "composite")
        self.body = body

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.body(*args, **kwargs)


def top_within(x: Any) -> Trace | None:
    """Return the innermost trace among the tracers in nested tuples and lists."""
    if isinstance(x, Tracer):
        return x.run
    top: Trace | None = None
    if type(x) is tuple or type(x) is list:
        for v in x:
            trace = top_within(v)
            if trace is not None and (top is None or trace.level > top.level):
                top = trace
    return top


#: all primitives by the function that they stand for
registry: Final[dict[Any, Primitive]] = {}


def register(fn: Any, p: Primitive) -> None:
    """Register the primitive of a function; a function has one primitive.

    Raises:
        RegistrationError: the function has one already.
    """
    if fn in registry:
        raise RegistrationError(
            f"{p.name} is registered already ({registry[fn]!r}); a function has one declaration"
        )
    p.declared_in = _declaring_module()
    registry[fn] = p


def _declaring_module() -> str:
    """Name the innermost running module that is not the engine."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if not name.startswith("funcad.core."):
            return name
        frame = frame.f_back
    return ""
