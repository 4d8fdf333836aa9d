"""Forward mode: the dual number, and how it reads the rules."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np

from funcad.core.array import TracedArray
from funcad.core.assemble import as_operand, assembled
from funcad.core.batching import rule_for_each
from funcad.core.broadcast import stretch
from funcad.core.elements import GETITEM, array_like
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General, redispatched
from funcad.core.primitive import top_within
from funcad.core.protocol import binary
from funcad.core.rows import rebuilt
from funcad.core.tracer import Trace, Tracer, check_closed, user_line
from funcad.errors import BatchError, RuleError, because

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)


class Dual(TracedArray):
    """A value and its tangent; a value that does not depend on the input is no Dual."""

    __slots__ = ("tangent",)

    def __init__(self, trace: Trace, value: Any, tangent: Any) -> None:
        self.run = trace
        self.value = value
        self.link = None
        self.tangent = tangent

    def overwrite(self, other: Any) -> None:
        self.value, self.tangent = other.value, other.tangent

    def kept(self) -> Any:
        return Dual(self.run, self.value, self.tangent)


class JvpTrace(Trace):
    """One running call of `jvp`: every operation computes its tangent along with its value."""

    __slots__ = ()
    mode: ClassVar[str] = "jvp"

    def unary(self, p: Unary, x: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.unary(p, x)
        dual: Dual = x
        v = dual.value
        ans = p.impl(v)
        row = p.row
        t = row.times(row.save(ans, v, None), dual.tangent)
        return Dual(self, ans, t if p.regular and type(ans) is type(v) else stretch(t, ans))

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        if type(y) is not Dual or y.run is not self:
            return self.left(p, x, y)
        if type(x) is not Dual or x.run is not self:
            return self.right(p, x, y)
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        left: Dual = x
        right: Dual = y
        x, y = left.value, right.value
        ans = p.impl(x, y)
        row0, row1 = p.row0, p.row1
        s = row0.times(row0.save(ans, x, y), left.tangent)
        t = row1.times(row1.save(ans, x, y), right.tangent)
        return Dual(self, ans, s + t if type(ans) is float else stretch(s + t, ans))

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        dual: Dual = x
        x = dual.value
        kind = type(y)
        if kind is _ndarray and y.dtype is _OBJECT and y is not (together := assembled(y)):
            return binary(p, dual, together)
        ans = p.impl(x, y)
        row = p.row0
        t = row.times(row.save(ans, x, y), dual.tangent)
        # a Python number changes neither shape nor precision
        same = p.regular and (kind is float or kind is int) and type(x) is type(ans)
        return Dual(self, ans, t if same else stretch(t, ans))

    def right(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        dual: Dual = y
        y = dual.value
        ans = p.impl(x, y)
        row = p.row1
        t = row.times(row.save(ans, x, y), dual.tangent)
        kind = type(x)
        same = p.regular and (kind is float or kind is int) and type(y) is type(ans)
        return Dual(self, ans, t if same else stretch(t, ans))

    def read(self, x: Any, index: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.read(x, index)
        dual: Dual = x
        if type(index) is not int and type(index) is not slice:
            if top_within(index) is not None:
                return self.general(GETITEM, (x,), (index,))
            return Dual(self, array_like(dual.value)[index], array_like(dual.tangent)[index])
        return Dual(self, dual.value[index], dual.tangent[index])

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        if self.watched and self.outdated(*operands):
            return redispatched(p, operands, params)
        pairs = [self.primal_and_tangent(o) for o in operands]
        primals = tuple([v for v, _ in pairs])
        ans = p.evaluate(primals, params)
        if isinstance(ans, Tracer):
            check_closed(p, ans, self)
        t = tangent_of(p, ans, primals, params, [t for _, t in pairs])
        try:
            return self._with_tangents(p, ans, t)
        except ValueError as e:
            if isinstance(e, RuleError):
                raise
            raise because(
                RuleError(
                    f"a jvp rule of {p.name} (called at {user_line()}) returned a tangent that does not fit "
                    f"the result: {e}"
                ),
                e,
            )

    def _with_tangents(self, p: General, ans: Any, t: Any) -> Any:
        if isinstance(ans, (tuple, list)):
            for a in ans:
                check_closed(p, a, self)
            if not isinstance(t, (tuple, list)) or len(t) != len(ans):
                raise RuleError(
                    f"a jvp rule of {p.name} must return a tuple of {len(ans)} tangents, one per result"
                )
            return rebuilt(ans, [self.lift(a, d) for a, d in zip(ans, t, strict=True)])
        return self.lift(ans, t)

    def lift(self, value: Any, tangent: Any) -> Any:
        """Return a value with its tangent, or plain where it has none."""
        return value if tangent is None else Dual(self, value, stretch(tangent, value))

    def primal_and_tangent(self, x: Any) -> tuple[Any, Any]:
        """Return the value and the tangent of an operand; None where it does not depend on the input."""
        if type(x) is Dual and x.run is self:
            return x.value, x.tangent
        x = as_operand(x)
        if type(x) is Dual and x.run is self:
            return x.value, x.tangent
        return x, None


def tangent_of(
    p: General, ans: Any, primals: tuple[Any, ...], params: tuple[Any, ...], tangents: list[Any]
) -> Any:
    """Return the tangent of a result from the jvp rules, or from the transpose of the vjp rules."""
    if p.kind != "general":
        return p.tangent_of(tangents, primals, params)
    total: Any = None
    for k, t in enumerate(tangents):
        if t is None:
            continue
        rule = p.pushes[0 if p.variadic else k]
        if rule is not None:
            saved = p.save(rule, k, ans, primals, params)
            try:
                term = rule.fn(t, *saved)
            except BatchError as e:
                term = rule_for_each(e, rule.fn, (t, *saved))
            if term is None and ans is not None and not isinstance(ans, (tuple, list)):
                raise RuleError(f"a jvp rule of {p.name} returned None; return zeros where they are")
        else:
            from funcad.transforms.transpose import push_by_transposing

            term = push_by_transposing(p, k, t, ans, primals, params)
        total = _add(total, term)
    return total


def _add(a: Any, b: Any) -> Any:
    """Add tangents of one result: arrays, or tuples with None where there is no tangent."""
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (tuple, list)):
        return tuple([_add(u, v) for u, v in zip(a, b, strict=True)])
    return a + b
