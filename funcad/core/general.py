"""The primitive behind every kind that is not elementwise: operands, params, and rules per operand.

A call is split once into *operands* (the arrays that may carry a derivative) and *params*
(everything else). Modes see only those two tuples, so keyword order, defaults and array-likes
are settled here and nowhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.primitive import Formula, Primitive, Rule, resolve, unsupported
from funcad.core.tracer import Tracer, plain, top_trace
from funcad.errors import RuleError

_MISSING = inspect.Parameter.empty
#: params of these types may hold tracers
_NESTING = frozenset((list, tuple, np.ndarray))


class General(Primitive):
    """A function of arrays with rules per operand; `linear` and `bilinear` need no jvp rules.

    A variadic primitive takes any number of operands, `f(*operands, **params)`, and has one
    rule for all of them, which may name the position `i`, the tuple `operands` and `shapes`.
    """

    __slots__ = (
        "arity",
        "checked",
        "default_params",
        "defaults",
        "finished",
        "index",
        "leading",
        "names",
        "operand_at",
        "optional",
        "param_at",
        "params",
        "plain_call",
        "positional",
        "pulls",
        "pushes",
        "required",
        "variadic",
    )

    def __init__(
        self,
        name: str,
        impl: Callable[..., Any],
        kind: str,
        signature: inspect.Signature,
        operands: Sequence[str],
    ) -> None:
        super().__init__(name, impl, kind)
        listed = list(signature.parameters.values())
        self.variadic = bool(listed) and listed[0].kind is listed[0].VAR_POSITIONAL
        listed = [p for p in listed if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        self.names = tuple(p.name for p in listed)
        self.index = {n: k for k, n in enumerate(self.names)}
        self.defaults: tuple[Any, ...] = tuple([p.default for p in listed])
        self.positional = sum(p.kind is not p.KEYWORD_ONLY for p in listed)
        for o in operands:
            if not self.variadic and o not in self.index:
                raise RuleError(f"{name} has no parameter {o!r} (it has {', '.join(self.names)})")
        self.operand_at = () if self.variadic else tuple(self.index[o] for o in operands)
        #: operands that may be left out of a call: None or absent there
        self.optional = frozenset(k for k in self.operand_at if self.defaults[k] is not _MISSING)
        self.param_at = tuple(k for k in range(len(self.names)) if k not in self.operand_at)
        self.params = tuple(self.names[k] for k in self.param_at)
        self.default_params = tuple(self.defaults[k] for k in self.param_at)
        self.arity = len(self.operand_at)
        self.required = sum(d is _MISSING for d in self.defaults)
        #: whether the operands are the first arguments, as they nearly always are
        self.leading = self.operand_at == tuple(range(self.arity)) and not self.variadic
        #: whether a call is just operands and then params
        self.plain_call = self.leading and self.positional == len(self.names)
        #: whether no rule knows a param, so that it must keep its default
        self.checked: tuple[bool, ...] = ()
        #: called when all operands of one record have been pulled back
        self.finished: Callable[[], None] | None = None
        self.pushes: tuple[Rule | None, ...] = ()
        self.pulls: tuple[Rule | None, ...] = ()

    # --- declaration

    def declare(
        self,
        jvp: Sequence[Formula | None],
        vjp: Sequence[Formula | None],
        unaffected: Iterable[str] = (),
    ) -> None:
        """Resolve the rules, and note which params none of them knows."""
        self.rules = tuple(f for f in (*jvp, *vjp) if f is not None)
        self.pushes = tuple(self._rule(f) for f in jvp)
        self.pulls = tuple(self._rule(f) for f in vjp)
        known = set(unaffected)
        for rule in (*self.pushes, *self.pulls):
            if rule is not None:
                known |= rule.params & set(self.params)
        for name in known:
            if name not in self.params:
                raise RuleError(f"{self.name} has no param {name!r} (it has {', '.join(self.params)})")
        self.checked = tuple(name not in known for name in self.params)

    def _rule(self, fn: Formula | None) -> Rule | None:
        if fn is None:
            return None
        if self.variadic:
            return resolve(self.name, fn, (), ("operands", "shapes", "i", *self.params), skip=1)
        return resolve(self.name, fn, [self.names[k] for k in self.operand_at], self.params, skip=1)

    def save(
        self, rule: Rule, k: int, ans: Any, operands: tuple[Any, ...], params: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        """Return what a rule names, for the operand at position k."""
        if not self.variadic:
            return rule.save(ans, operands, params)
        shapes = tuple([getattr(o, "shape", ()) for o in operands])
        return rule.save(ans, (), (operands, shapes, k, *params))

    # --- calls

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        operands, params = self.split(args, kwargs)
        top = top_trace(operands)
        if params is not self.default_params:
            self._check(params, traced=top is not None)
            if top is not None and self._loses_derivative(params):
                return self.evaluate([plain(o) for o in operands], params)
        return self.evaluate(operands, params) if top is None else top.general(self, operands, params)

    def _loses_derivative(self, params: tuple[Any, ...]) -> bool:
        """Tell whether the result is of an integer or boolean dtype, by a param of that name."""
        if "dtype" not in self.params:
            return False
        dtype = params[self.params.index("dtype")]
        return dtype is not None and np.dtype(dtype).kind not in "fc"

    def _check(self, params: tuple[Any, ...], traced: bool) -> None:
        """Refuse traced params, and values of params that no rule knows."""
        for name, v, default, checked in zip(
            self.params, params, self.default_params, self.checked, strict=True
        ):
            if v is default:
                continue
            if isinstance(v, Tracer) or (type(v) in _NESTING and contains_tracer(v)):
                raise unsupported_operand(self, name)
            if checked and traced and not is_default(v, default):
                unsupported(self, name, v)

    def split(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Split a call into operands and params, defaults filled in."""
        if self.variadic:
            return tuple([as_operand(a) for a in args]), self._fill((), kwargs)
        if not kwargs and self.leading and self.required <= len(args) <= self.positional:
            given = len(args)
            operands = tuple([as_operand(a) for a in args[: self.arity]])
            if given < self.arity:
                operands += self.defaults[given : self.arity]
            if given <= self.arity:
                return operands, self.default_params
            return operands, args[self.arity :] + self.defaults[given:]
        values = self._fill(args, kwargs)
        chosen = [
            v if k in self.optional and v is self.defaults[k] else as_operand(v)
            for k in self.operand_at
            for v in (values[k],)
        ]
        return tuple(chosen), tuple([values[k] for k in self.param_at])

    def _fill(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        if len(args) > self.positional:
            raise TypeError(f"{self.name} takes {self.positional} arguments ({len(args)} given)")
        values = [*args, *self.defaults[len(args) :]]
        for name, value in kwargs.items():
            if name not in self.index:
                if isinstance(self.impl, np.ufunc):
                    unsupported(self, name, value)
                raise TypeError(f"{self.name} got an unexpected keyword argument {name!r}")
            if self.index[name] < len(args):
                raise TypeError(f"{self.name} got two values for its argument {name!r}")
            values[self.index[name]] = value
        for name, value in zip(self.names, values, strict=True):
            if value is _MISSING:
                raise TypeError(f"{self.name} needs a value for its argument {name!r}")
        return tuple(values)

    def evaluate(self, operands: Sequence[Any], params: tuple[Any, ...]) -> Any:
        """Call the function itself; lower levels of tracing find their own way from there."""
        if params is self.default_params and (self.leading or self.variadic):
            return self.impl(*operands)
        if self.plain_call:
            return self.impl(*operands, *params)
        values: list[Any] = [None] * len(self.names)
        for k, v in zip(self.operand_at, operands, strict=False):
            values[k] = v
        for k, v in zip(self.param_at, params, strict=True):
            values[k] = v
        # what has its default is not passed: NumPy then takes the path of the user's own call
        last = self.positional
        while last and values[last - 1] is self.defaults[last - 1]:
            last -= 1
        keywords = {
            self.names[k]: values[k]
            for k in range(self.positional, len(values))
            if values[k] is not self.defaults[k]
        }
        if self.variadic:
            return self.impl(*operands, *values[:last], **keywords)
        return self.impl(*values[:last], **keywords)

    def tangent_of(self, tangents: Sequence[Any], operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        """Return the tangent of a linear or bilinear function, which is the function itself."""
        if self.kind == "linear":
            filled = [zeros_like(o) if t is None else t for o, t in zip(operands, tangents, strict=True)]
            return self.evaluate(filled, params)
        total = None
        for k, t in enumerate(tangents):
            if t is not None:
                term = self.evaluate((*operands[:k], t, *operands[k + 1 :]), params)
                total = term if total is None else total + term
        return total


def zeros_like(x: Any) -> Any:
    """Return zeros with the shape and dtype of a value, traced or plain; None for None."""
    if x is None or type(x) is float or type(x) is complex:
        return x if x is None else type(x)()
    x = plain(x)
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        return 0j if isinstance(x, complex) else 0.0
    zeros = np.zeros(x.shape, dtype)
    return zeros[()] if isinstance(x, np.generic) else zeros


def is_default(value: Any, default: Any) -> bool:
    """Tell whether an argument equals its default; arrays and other objects do not."""
    return type(value) in (bool, int, float, str) and type(value) is type(default) and value == default


def unsupported_operand(p: Primitive, name: str) -> Exception:
    """Return the error for a traced value in a place that takes no derivative."""
    from funcad.errors import UnsupportedArgumentError

    return UnsupportedArgumentError(
        f"{p.name} has no derivative with respect to its argument {name!r}; pass "
        "`funcad.stop_gradient(value)` there if the derivative through it is not wanted"
    )
