"""The methods of ufuncs: how `np.add.reduce`, `np.subtract.outer` and the like find their rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.elementwise import Binary
from funcad.core.primitive import registry, strip, top_within
from funcad.errors import NoRuleError

F = TypeVar("F", bound=Callable[..., Any])

#: by the name of a method, the function of a ufunc and of the method's arguments that computes it
_METHODS: Final[dict[str, Callable[..., Any]]] = {}
#: functions that compute the same for a whole batch
_OF_BATCHES: Final[dict[tuple[Any, str], Any]] = {
    (np.logical_and, "reduce"): np.all,
    (np.logical_or, "reduce"): np.any,
}


def method(name: str) -> Callable[[F], F]:
    """Declare, as a decorator, what computes a method of all elementwise ufuncs of two arguments."""

    def declare(body: F) -> F:
        _METHODS[name] = body
        return body

    return declare


def call_method(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer a method of a ufunc, one of whose arguments is traced."""
    of_two = ufunc.nin == 2 and ufunc.signature is None and (ufunc.nout == 1 or method == "outer")
    if not of_two:
        getattr(ufunc, method)(*[0.0, [0]][: len(inputs)])  # raises what NumPy raises
    elif method == "outer":
        return _outer(ufunc, *inputs, **kwargs)
    else:
        p = registry.get(ufunc)
        if isinstance(p, Binary):
            return _METHODS[method](ufunc, *inputs, **kwargs)
        if p is not None and p.kind == "constant":
            return _constant(ufunc, method, inputs, kwargs)
    name = f"np.{ufunc.__name__}.{method}"
    top = top_within(inputs)
    if top is not None and top.stacks:
        return top.each(getattr(ufunc, method), name, inputs, kwargs)
    raise NoRuleError(f"{name} has no derivative rule; write it with functions that have one")


def _outer(ufunc: Any, a: Any, b: Any, **kwargs: Any) -> Any:
    """Apply a ufunc to every pair of elements of two arrays, of which Python numbers make arrays too."""
    a, b = as_operand(a), as_operand(b)
    rank = np.ndim(b)
    return ufunc(np.reshape(a, np.shape(a) + (1,) * rank), b if rank else np.reshape(b, ()), **kwargs)


def _constant(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Apply a method of a ufunc that no derivative flows through."""
    inputs = strip(inputs)
    kwargs = {k: strip(v) for k, v in kwargs.items()}
    fn = getattr(ufunc, method)
    top = top_within((inputs, tuple(kwargs.values())))
    if top is None:
        return fn(*inputs, **kwargs)
    whole = _OF_BATCHES.get((ufunc, method))
    if whole is not None and kwargs.keys() <= {"axis", "keepdims"}:
        return whole(*inputs, **{"axis": 0, **kwargs})
    return top.each(fn, f"np.{ufunc.__name__}.{method}", inputs, kwargs)
