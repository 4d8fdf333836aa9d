"""The kinds of declaration: from as little as a formula, the primitive that every mode reads.

| kind        | declared                                  | follows                                   |
|-------------|-------------------------------------------|-------------------------------------------|
| elementwise | a partial derivative per argument         | jvp, vjp summed back over broadcast axes  |
| linear      | the transpose per operand                 | jvp is the function on the tangents       |
| bilinear    | the transpose per operand                 | jvp is the function, tangent by tangent   |
| general     | a jvp or a vjp per operand, or both       | the missing mode                          |
| composite   | Python code over other primitives         | everything                                |
| constant    | nothing                                   | plain values; no derivative flows         |
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from funcad.core.domains import Domain, real
from funcad.core.elementwise import Binary, Partial, Unary
from funcad.core.general import General
from funcad.core.primitive import Composite, Constant, Formula, register, registry
from funcad.core.several import several_primitive
from funcad.errors import RegistrationError

F = TypeVar("F", bound=Callable[..., Any])
Formulas = Formula | Sequence[Formula | None]


def name_of(fn: Any) -> str:
    """Return the name by which users call a function: `np.linalg.solve`, `scipy.special.erf`."""
    name = str(getattr(fn, "__qualname__", None) or getattr(fn, "__name__", repr(fn)))
    if isinstance(fn, np.ufunc):
        for module, prefix in (("numpy", "np"), ("scipy.special", "scipy.special")):
            if getattr(sys.modules.get(module), name, None) is fn:
                return f"{prefix}.{name}"
        return name
    module = str(getattr(fn, "__module__", None) or "")
    if module == "numpy" or module.startswith("numpy."):
        return module.replace("numpy", "np", 1) + "." + name
    if module.startswith("scipy."):
        # where it is public, which is seldom the file that it stands in
        return ".".join([*module.split(".")[:2], name])
    return name


def elementwise(
    fn: Any,
    *partials: Partial | None,
    domain: Domain | Sequence[Domain] = real,
    operator: Unary | Binary | None = None,
    real_valued: bool = False,
    operands: Sequence[str] | None = None,
) -> None:
    """Declare a function that acts element by element.

    Args:
        fn: the function; `x`, `y` and `z` are the names of its arguments unless `operands` gives others.
        partials: per argument, the derivative by it as a formula of `ans` and the arguments, a number, or
            None for an argument that takes no derivative.
        domain: where the rows hold, one for all arguments or one for each.
        operator: the primitive of the Python operator that computes the same.
        real_valued: whether it is a real function of complex arguments too.
        operands: the names of the arguments.

    Raises:
        RuleError: a formula names what the function does not have.
        RegistrationError: the function has a declaration already.
    """
    p = elementwise_primitive(name_of(fn), fn, partials, domain, operands)
    register(fn, p)
    if isinstance(p, Unary):
        p.real_valued = real_valued
    if operator is not None and not isinstance(p, General):
        operator.declare(_all_given(partials), domain)
        operator.regular = p.regular
        register(operator.impl, operator)
        if isinstance(operator, Unary):
            operator.real_valued = real_valued


def elementwise_primitive(
    name: str,
    impl: Any,
    partials: Sequence[Partial | None],
    domain: Domain | Sequence[Domain],
    operands: Sequence[str] | None = None,
) -> Unary | Binary | General:
    """Return an elementwise primitive, unregistered."""
    count = len(partials)
    if not count:
        raise RegistrationError(f"{name}: an elementwise row has a partial derivative for each argument")
    if operands is not None or count > 2 or None in partials:
        domains = [domain] * count if isinstance(domain, Domain) else domain
        return several_primitive(name, impl, partials, domains, operands or ("x", "y", "z")[:count])
    p = Unary(name, impl) if count == 1 else Binary(name, impl)
    p.declare(_all_given(partials), domain)
    return p


def _all_given(partials: Sequence[Partial | None]) -> list[Partial]:
    return [partial for partial in partials if partial is not None]


def linear(
    fn: Any,
    *transposes: Formula,
    operands: Sequence[str] | None = None,
    unaffected: Iterable[str] = (),
    like: Callable[..., Any] | None = None,
) -> None:
    """Declare a function that is linear in its operands taken together.

    Args:
        fn: the function.
        transposes: per operand, the cotangent `g` of the output pulled back to that operand.
        operands: the names of the array parameters, the first ones unless given.
        unaffected: params on which the derivative does not depend.
        like: a function with the signature, where NumPy's own cannot be read or is too wide.
    """
    _declare(fn, "linear", (), transposes, operands, unaffected, like)


def bilinear(
    fn: Any,
    *transposes: Formula,
    operands: Sequence[str] | None = None,
    unaffected: Iterable[str] = (),
    like: Callable[..., Any] | None = None,
) -> None:
    """Declare a function that is linear in each of its operands: matmul, einsum, convolve."""
    _declare(fn, "bilinear", (), transposes, operands, unaffected, like)


def general(
    fn: Any,
    jvp: Formulas = (),
    vjp: Formulas = (),
    operands: Sequence[str] | None = None,
    unaffected: Iterable[str] = (),
    like: Callable[..., Any] | None = None,
) -> None:
    """Declare a function by its jvp rules, its vjp rules, or both; the missing mode follows.

    Args:
        fn: the function.
        jvp: per operand a formula of the tangent (its first parameter), or None.
        vjp: per operand a formula of the cotangent (its first parameter), or None. For several
            outputs the cotangent is a tuple, None where an output was not used.
        operands, unaffected, like: as for `linear`.
    """
    _declare(fn, "general", jvp, vjp, operands, unaffected, like)


def _declare(
    fn: Any,
    kind: str,
    jvp: Formulas,
    vjp: Formulas,
    operands: Sequence[str] | None,
    unaffected: Iterable[str],
    like: Callable[..., Any] | None,
) -> None:
    p = general_primitive(name_of(fn), fn, kind, jvp, vjp, operands, unaffected, like)
    register(fn, p)


def general_primitive(
    name: str,
    impl: Any,
    kind: str,
    jvp: Formulas,
    vjp: Formulas,
    operands: Sequence[str] | None = None,
    unaffected: Iterable[str] = (),
    like: Callable[..., Any] | None = None,
) -> General:
    """Return a primitive with rules per operand, unregistered."""
    jvp, vjp = _listed(jvp), _listed(vjp)
    signature = inspect.signature(like or impl)
    if operands is None:
        names = [p.name for p in signature.parameters.values()]
        operands = names[: max(len(jvp), len(vjp))]
    p = General(name, impl, kind, signature, operands)
    count = 1 if p.variadic else len(operands)
    for rules in (jvp, vjp):
        if rules and len(rules) != count:
            raise RegistrationError(f"{name} has {count} operands, but {len(rules)} rules of a mode")
    p.declare(jvp or [None] * count, vjp or [None] * count, unaffected)
    return p


def _listed(rules: Formulas) -> list[Formula | None]:
    return [rules] if callable(rules) else list(rules)


def shortcut(fn: Any, compute: Callable[..., Any]) -> None:
    """Declare a faster way to the very value of `fn(array, *params)`, past NumPy's wrapper of it."""
    p = registry[fn]
    assert isinstance(p, General)
    p.shortcut = compute


def constant(*fns: Any, check: Callable[..., None] | None = None) -> None:
    """Declare functions that give plain values: no derivative flows through them.

    Args:
        fns: the functions.
        check: a function of their positional arguments that raises for what has a derivative.
    """
    for fn in fns:
        p = Constant(name_of(fn), fn)
        p.check = check
        register(fn, p)


def of_type(*fns: Any, wrap: Callable[[Any], Any] | None = None) -> None:
    """Declare functions of shapes and dtypes alone, whose result is a plain value.

    Args:
        fns: the functions.
        wrap: makes of the plain result what the user gets.
    """
    for fn in fns:
        p = Constant(name_of(fn), fn)
        p.of_type, p.wrap = True, wrap
        register(fn, p)


def batching(rule: Callable[..., Any], *fns: Any, params: Sequence[str] = ()) -> None:
    """Declare how primitives compute a whole batch at once.

    Args:
        rule: a function of a `Call`, or for constants of the function and its arguments, that returns
            results with the examples along the first axis.
        fns: the functions that the rule is for.
        params: the names of the params that it takes as batches too.
    """
    for fn in fns:
        p = registry[fn]
        if p.batching is not None:
            raise RegistrationError(f"{p.name} has a rule of batching already")
        p.batching, p.batched_params = rule, tuple(params)


def composite(fn: Any) -> Callable[[F], F]:
    """Declare, as a decorator, Python code over primitives that stands in for a function."""

    def declare(body: F) -> F:
        register(fn, Composite(name_of(fn), fn, body))
        return body

    return declare
