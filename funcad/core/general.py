"""The primitive behind every kind that is not elementwise: operands, params, and rules per operand.

A call is split once into *operands* (the arrays that may carry a derivative) and *params*
(everything else). Modes see only those two tuples, so keyword order, defaults and array-likes
are settled here and nowhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.broadcast import holds_no_derivative, own_dtype, shape_of
from funcad.core.forms import Form
from funcad.core.primitive import Formula, Primitive, Rule, resolve, top_within, unsupported
from funcad.core.tracer import Trace, Tracer, plain, top_trace
from funcad.errors import RuleError

_ndarray: Final = np.ndarray
_MISSING: Final = inspect.Parameter.empty
#: params of these types may hold tracers
_NESTING: Final = frozenset((list, tuple, _ndarray))


class General(Primitive):
    """A function of arrays with rules per operand; `linear` and `bilinear` need no jvp rules.

    A variadic primitive takes any number of operands, `f(*operands, **params)`, and has one
    rule for all of them, which may name the position `i`, the tuple `operands` and `shapes`.
    """

    __slots__ = (
        "arity",
        "checked",
        "chooses",
        "default_params",
        "defaults",
        "dtype_at",
        "finished",
        "forms",
        "index",
        "keeps",
        "leading",
        "names",
        "operand_at",
        "param_at",
        "params",
        "plain_call",
        "positional",
        "pulls",
        "pushes",
        "shortcut",
        "sufficient",
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
        self.param_at = tuple(k for k in range(len(self.names)) if k not in self.operand_at)
        self.params = tuple(self.names[k] for k in self.param_at)
        self.default_params = tuple(self.defaults[k] for k in self.param_at)
        self.arity = len(self.operand_at)
        #: where among the params a dtype stands, -1 for nowhere
        self.dtype_at = self.params.index("dtype") if "dtype" in self.params else -1
        #: by the form of a call, where its operands and params stand
        self.forms: dict[Any, Form] = {}
        #: whether the operands are the first arguments, as they nearly always are
        self.leading = self.operand_at == tuple(range(self.arity)) and not self.variadic
        #: whether the operands alone are a call
        self.sufficient = self.leading and _MISSING not in self.defaults[self.arity :]
        #: whether a call is just operands and then params
        self.plain_call = self.leading and self.positional == len(self.names)
        #: whether no rule knows a param, so that it must keep its default
        self.checked: tuple[bool, ...] = ()
        #: whether a rule names an operand, which a tape then keeps
        self.keeps = False
        #: called when all operands of one record have been pulled back
        self.finished: Callable[[], None] | None = None
        #: computes the same for an array and all params, past the wrapper of NumPy
        self.shortcut: Callable[..., Any] | None = None
        #: whether its operands are branches, of which a condition takes elements: np.where
        self.chooses = False
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
        last = 1 if self.variadic else self.arity
        declared = [r for r in (*self.pushes, *self.pulls) if r is not None]
        self.keeps = any([1 <= s <= last for r in declared for s in r.slots])

    def _rule(self, fn: Formula | None) -> Rule | None:
        if fn is None:
            return None
        if self.variadic:
            return resolve(self.name, fn, (), ("operands", "shapes", "i", *self.params), skip=1)
        return resolve(self.name, fn, [self.names[k] for k in self.operand_at], self.params, skip=1)

    def save(
        self,
        rule: Rule,
        k: int,
        ans: Any,
        operands: tuple[Any, ...],
        params: tuple[Any, ...],
        shapes: tuple[tuple[int, ...], ...] | None = None,
    ) -> tuple[Any, ...]:
        """Return what a rule names, for the operand at position k."""
        if not self.variadic:
            return rule.save(ans, operands, params)
        if shapes is None:
            shapes = tuple([shape_of(o) for o in operands])
        return rule.save(ans, (), (operands, shapes, k, *params))

    # --- calls

    def apply(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not kwargs and self.sufficient and len(args) == self.arity:
            if len(args) == 1 and isinstance(args[0], Tracer):
                x: Tracer = args[0]
                return x.run.general(self, (x,), self.default_params)
            operands = tuple([as_operand(a) for a in args])
            top = top_trace(operands)
            params = self.default_params
            return self.evaluate(operands, params) if top is None else top.general(self, operands, params)
        form = self._form(args, kwargs)
        operands, params = self._taken(form, args, kwargs)
        top = top_trace(operands)
        if form.given:
            top = self._check(form, params, top)
            if top is not None and self._loses_derivative(params):
                operands = tuple([plain(o) for o in operands])
                top = self._check(form, params, top_trace(operands))
        return self.evaluate(operands, params) if top is None else top.general(self, operands, params)

    def _loses_derivative(self, params: tuple[Any, ...]) -> bool:
        """Tell whether the result is of an integer or boolean dtype, by a param of that name."""
        if self.dtype_at < 0:
            return False
        dtype = params[self.dtype_at]
        return dtype is not None and holds_no_derivative(dtype)

    def _check(self, form: Form, params: tuple[Any, ...], top: Trace | None) -> Trace | None:
        """Refuse params with a derivative, and values of params that no rule knows.

        Returns:
            The innermost trace, since params may be batches of plain values.
        """
        for j in form.given:
            v, default = params[j], self.default_params[j]
            if v is default:
                continue
            if isinstance(v, Tracer) or (type(v) in _NESTING and contains_tracer(v)):
                trace = top_within(v)
                if trace is None or not trace.stacks or not is_plain(v):
                    raise unsupported_operand(self, self.params[j])
                top = trace if top is None or trace.level > top.level else top
            if self.checked[j] and top is not None and not is_default(v, default):
                unsupported(self, self.params[j], v)
        return top

    def split(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Split a call into operands and params, defaults filled in."""
        return self._taken(self._form(args, kwargs), args, kwargs)

    def _taken(
        self, form: Form, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        if self.variadic:
            return tuple([as_operand(a) for a in args]), form.params(tuple(kwargs.values()))
        values = (*args, *kwargs.values()) if kwargs else args
        return form.operands(values), form.params(values)

    def _form(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Form:
        count = 0 if self.variadic else len(args)
        key: Any = (count, *kwargs) if kwargs else count
        form = self.forms.get(key)
        if form is None:
            form = self.forms[key] = self._settled(count, kwargs)
        return form

    def _settled(self, count: int, kwargs: dict[str, Any]) -> Form:
        """Return the form of a call with a number of positional arguments and some keywords."""
        if count > self.positional:
            raise TypeError(f"{self.name} takes {self.positional} arguments ({count} given)")
        places = [k if k < count else -1 for k in range(len(self.names))]
        for n, (name, value) in enumerate(kwargs.items()):
            if name not in self.index:
                if isinstance(self.impl, np.ufunc):
                    unsupported(self, name, value)
                raise TypeError(f"{self.name} got an unexpected keyword argument {name!r}")
            if self.index[name] < count:
                raise TypeError(f"{self.name} got two values for its argument {name!r}")
            places[self.index[name]] = count + n
        for name, place, default in zip(self.names, places, self.defaults, strict=True):
            if place < 0 and default is _MISSING:
                raise TypeError(f"{self.name} needs a value for its argument {name!r}")
        return Form(
            [places[k] for k in self.operand_at],
            tuple([self.defaults[k] for k in self.operand_at]),
            [places[k] for k in self.param_at],
            self.default_params,
        )

    def evaluate(self, operands: Sequence[Any], params: tuple[Any, ...]) -> Any:
        """Call the function itself; lower levels of tracing find their own way from there."""
        if self.shortcut is not None and type(operands[0]) is _ndarray:
            return self.shortcut(*operands, *params)
        if params is self.default_params and (self.leading or self.variadic):
            return self.impl(*operands)
        if self.plain_call:
            return self.impl(*operands, *params)
        if self.variadic:
            given = zip(self.params, params, self.default_params, strict=True)
            return self.impl(*operands, **{name: v for name, v, default in given if v is not default})
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


def redispatched(p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
    """Apply a primitive to operands some of which have moved to another trace."""
    operands = tuple([as_operand(o) for o in operands])
    top = top_trace(operands)
    return p.evaluate(operands, params) if top is None else top.general(p, operands, params)


def zeros_like(x: Any) -> Any:
    """Return zeros with the shape and dtype of a value, traced or plain; None for None."""
    if x is None or type(x) is float or type(x) is complex:
        return x if x is None else type(x)()
    x = plain(x)
    dtype = own_dtype(x)
    if dtype is None:
        return 0j if isinstance(x, complex) else 0.0
    shape = shape_of(x)
    zeros = np.zeros(shape, dtype)
    return zeros if isinstance(x, _ndarray) or shape != () else zeros[()]


def is_plain(x: Any) -> bool:
    """Tell whether nothing in a value, or in its sequences, carries a derivative."""
    if type(x) is list or type(x) is tuple:
        return all([is_plain(v) for v in x])
    return not isinstance(x, Tracer) or plain(x) is x


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
