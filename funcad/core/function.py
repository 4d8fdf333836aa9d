"""`@primitive`: any function of arrays as a primitive with rules of its own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

from funcad.core.assemble import contains_tracer
from funcad.core.domains import Domain, real
from funcad.core.elementwise import Binary, Partial, Unary
from funcad.core.kinds import Formulas, elementwise_primitive, general_primitive, name_of
from funcad.core.primitive import Composite, Constant, Formula, Primitive, register, registry
from funcad.core.tracer import Tracer, check_closed, plain, user_line
from funcad.core.valued import Valued
from funcad.errors import NoRuleError, RegistrationError, RuleError

P = ParamSpec("P")
R = TypeVar("R")
Body = TypeVar("Body", bound=Callable[..., Any])


class PrimitiveFunction(Generic[P, R]):
    """A function whose body is not traced: plain arrays reach it, and rules differentiate it.

    One declaration is enough for both modes and for every order. The function may be declared
    by one call of `def_elementwise` or `def_linear`, or by `def_jvp`, `def_vjp` or both.
    """

    def __init__(self, fn: Callable[P, R], *, name: str | None = None) -> None:
        functools.update_wrapper(self, fn)
        self._fn = fn
        self._name = name or fn.__qualname__
        self._rules: dict[str, Formulas] = {}
        self._unaffected: tuple[str, ...] = ()
        self._operands: tuple[str, ...] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if not (contains_tracer(args) or (kwargs and contains_tracer(tuple(kwargs.values())))):
            return self._fn(*args, **kwargs)
        p = registry.get(self)
        if p is None:
            raise NoRuleError(
                f"{self._name} has no rule yet; declare one with {self._name}.def_jvp, "
                ".def_vjp, .def_elementwise or .def_linear"
            )
        values: tuple[Any, ...] = args
        named: dict[str, Any] = kwargs
        if named and isinstance(p, (Unary, Binary)):
            values, named = self._in_order(values, named, 1 if isinstance(p, Unary) else 2)
        result: R = p.apply(values, named)
        if isinstance(result, Tracer):
            _check_result(p, result)
        return result

    def _in_order(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], count: int
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return a call with its array arguments by position."""
        listed, rest = list(args), dict(kwargs)
        for name in list(inspect.signature(self._fn).parameters)[len(args) : count]:
            if name in rest:
                listed.append(rest.pop(name))
        return tuple(listed), rest

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        # so that a function in a class body is a method
        return self if obj is None else functools.partial(self, obj)

    def __reduce__(self) -> str:
        return self._fn.__qualname__

    def def_jvp(self, *rules: Formula | None, unaffected: Iterable[str] = ()) -> None:
        """Declare, per operand, the tangent of the output as a formula of the operand's tangent.

        The first parameter of a rule is the tangent; further ones name `ans`, operands, params
        or shapes (`x_shape`). None marks an operand that takes no derivative.

        Raises:
            RuleError: a rule names what the function does not have.
            RegistrationError: the function has jvp rules already.
        """
        self._general("jvp", rules, unaffected)

    def def_vjp(self, *rules: Formula | None, unaffected: Iterable[str] = ()) -> None:
        """Declare, per operand, its cotangent as a formula of the output's cotangent.

        The first parameter of a rule is the cotangent (a tuple for several outputs); the others
        are as for `def_jvp`. Broadcast axes are summed and dtypes restored by funcad.

        Raises:
            RuleError: a rule names what the function does not have.
            RegistrationError: the function has vjp rules already.
        """
        self._general("vjp", rules, unaffected)

    def def_elementwise(
        self,
        *partials: Partial | None,
        domain: Domain | Sequence[Domain] = real,
        operands: Sequence[str] | None = None,
    ) -> None:
        """Declare, per argument, the partial derivative as a formula of `ans` and the arguments, or a number.

        The arguments are called `x`, `y` and `z`, or as `operands` says. None stands for an argument
        that takes no derivative.

        Raises:
            RuleError: a formula names what is not there.
            RegistrationError: the function has a declaration already, or another number of arguments.
        """
        p = elementwise_primitive(self._name, self, partials, domain, operands)
        self._check_count(len(partials))
        register(self, p)

    def _check_count(self, count: int) -> None:
        """Refuse a number of partial derivatives that the function cannot be called with."""
        try:
            listed = inspect.signature(self._fn).parameters.values()
        except (TypeError, ValueError):
            return  # some compiled functions do not tell theirs
        if any(p.kind is p.VAR_POSITIONAL for p in listed):
            return
        positional = [p for p in listed if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        required = [p for p in positional if p.default is p.empty]
        if not len(required) <= count <= len(positional):
            raise RegistrationError(
                f"{self._name} takes {len(positional)} arguments, but {count} partial derivatives are "
                "given; an elementwise function has one per argument"
            )

    def def_linear(self, *transposes: Formula, unaffected: Iterable[str] = ()) -> None:
        """Declare that the function is linear in its operands together, with its transposes.

        Raises:
            RuleError: a formula names what the function does not have.
            RegistrationError: the function has a declaration already.
        """
        p = general_primitive(self._name, self, "linear", (), transposes, None, unaffected, self._fn)
        register(self, p)

    def def_constant(self) -> None:
        """Declare that no derivative flows through the function."""
        register(self, Constant(self._name, self))

    def def_composite(self, own_value: bool = False) -> Callable[[Body], Body]:
        """Declare, as a decorator, Python code over other primitives that gives the function's derivative.

        Args:
            own_value: whether the value is to be what the function itself computes, where the code
                rounds otherwise.
        """

        def declare(body: Body) -> Body:
            kind = Valued if own_value else Composite
            register(self, kind(self._name, self, body))
            return body

        return declare

    def _general(self, mode: str, rules: Sequence[Formula | None], unaffected: Iterable[str]) -> None:
        declared = registry.get(self)
        if mode in self._rules or (declared is not None and declared.kind != "general"):
            raise RegistrationError(f"{self._name} has {mode} rules already, or another declaration")
        self._rules[mode] = rules
        self._unaffected += tuple(unaffected)
        try:
            p = general_primitive(
                self._name,
                self,
                "general",
                self._rules.get("jvp", ()),
                self._rules.get("vjp", ()),
                None,
                self._unaffected,
                self._fn,
            )
        except Exception:
            del self._rules[mode]
            raise
        registry.pop(self, None)
        register(self, p)


def _check_result(p: Primitive, result: Tracer) -> None:
    """Refuse what no rule can differentiate: a body that closes over tracers, a result that is no array."""
    value = result.value
    of_batch = p.kind == "constant" and plain(result) is result
    if p.kind == "constant" and not of_batch:
        check_closed(p, result, result.run)
    if of_batch or p.kind == "elementwise":
        check_closed(p, value, result.run)
    if value is None or isinstance(value, (dict, set, str)):
        raise RuleError(
            f"{p.name} (called at {user_line()}) returned a {type(value).__name__}; a primitive returns an "
            "array or a tuple of arrays, and funcad.custom_jvp is for functions of containers"
        )


def primitive(fn: Callable[P, R]) -> PrimitiveFunction[P, R]:
    """Turn a function of arrays into a primitive; its body may call compiled code.

    Args:
        fn: the function; its array arguments come first. It may return a tuple of arrays.

    Returns:
        The function, with the methods `def_jvp`, `def_vjp`, `def_elementwise` and `def_linear`.

    >>> import numpy as np
    >>> import funcad as fc
    >>> @fc.primitive
    ... def cube(x):
    ...     return x * x * x
    >>> cube.def_elementwise(lambda x: 3 * x * x)
    >>> float(fc.grad(fc.grad(cube))(2.0))
    12.0
    """
    return PrimitiveFunction(fn)


def twin(fn: Callable[P, R], name: str | None = None) -> PrimitiveFunction[P, R]:
    """Return a function of another library in a form that sees traced values: it waits for its rules."""
    return PrimitiveFunction(fn, name=name or name_of(fn))
