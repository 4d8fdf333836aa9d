"""Reverse mode: the tape, its variable, and the walk back over the records.

The tape is one flat list in order of execution. The record at position k is the operation
that made variable k, so an index is all that a variable needs. An elementwise operation is a
chain of edges, one per traced argument:

    (row, saved, parent, fit, next edge)

and every other primitive is a `Node`. The reverse pass walks the list backwards once.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np

from funcad.core.assemble import as_operand, assembled
from funcad.core.broadcast import fit_of, is_count, other, shape_of, unlike
from funcad.core.elements import GETITEM, array_like
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General, redispatched
from funcad.core.indexing import SIMPLE
from funcad.core.primitive import ANS, top_within
from funcad.core.protocol import binary
from funcad.core.rows import SAME, Reading, X, Y, rebuilt
from funcad.core.tracer import Trace, Tracer, check_closed, kept, user_line
from funcad.errors import NoRuleError
from funcad.transforms.constants import Constants, plain_index
from funcad.transforms.variable import Node, Taped

_ndarray: Final = np.ndarray
_float64: Final = np.float64
_OBJECT: Final = np.dtype(object)
_READING: Final = Reading()
#: the types of params that are or hold what can be written to
_MUTABLE: Final = frozenset((_ndarray, list, tuple))


class Tape(Trace):
    """One running call of `vjp`: every operation leaves a record."""

    __slots__ = ("branched", "constants", "kept", "lines", "records")
    mode: ClassVar[str] = "vjp"

    def __init__(self, locks: bool = False, copies: bool = False) -> None:
        """Make an empty tape.

        Args:
            locks: whether the constants that it saves are protected from being written to.
            copies: whether it keeps copies of them, since it outlives the lock.
        """
        super().__init__()
        self.records: list[Any] = []
        #: whether some elements were chosen by a condition, so that others may lead nowhere
        self.branched: bool = False
        self.constants: Constants | None = Constants(copies) if locks else None
        #: the constant that was kept last as it is, as a short cut for loops
        self.kept: Any = None
        #: the user's line of every record, where they are recorded at all
        self.lines: dict[int, str] | None = None

    def observe(self) -> None:
        if self.lines is None:
            super().observe()
        else:
            self.lines[len(self.records)] = user_line()

    def note_lines(self) -> dict[int, str]:
        """From now on note the user's line of every record; return the table of lines."""
        self.lines = {}
        self.watched = True
        return self.lines

    def end(self) -> None:
        super().end()
        self.lines = None

    def constant(self, v: Any) -> Any:
        """Return a plain array as the tape may keep it."""
        if self.constants is None:
            return v
        kept = self.constants.keep(v)
        if kept is v:
            self.kept = v
        return kept

    def fixed(self, params: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return params as the tape may keep them."""
        if self.constants is None or _MUTABLE.isdisjoint(map(type, params)):
            return params
        return tuple([self.constants.fixed(v) for v in params])

    def release(self) -> None:
        """Make the locked constants writeable again."""
        if self.constants is not None:
            self.constants.release()
        self.constants = None

    def input(self, value: Any) -> Taped:
        """Return a new variable with a value: an input of the differentiated function."""
        self.records.append(None)
        return Taped(self, kept(value), len(self.records) - 1)

    def unary(self, p: Unary, x: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.unary(p, x)
        variable: Taped = x
        v = variable.value
        ans = p.impl(v)
        row = p.row
        slot = row.slot
        saved = v if slot == X else ans if slot == ANS else row.save(ans, v, None)
        records = self.records
        index = len(records)
        to = None if p.regular else unlike(v, ans)
        records.append((row, saved, variable.index, to, None))
        return Taped(self, ans, index, variable.fit if p.regular else None)

    def read(self, x: Any, index: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.read(x, index)
        variable: Taped = x
        kind = type(index)
        if kind is tuple and SIMPLE.issuperset(map(type, index)):
            ans = array_like(variable.value)[index]
        elif kind is not int and kind is not slice:
            if top_within(index) is not None:
                return self.general(GETITEM, (x,), (index,))
            ans = array_like(variable.value)[index]
            index = plain_index(index)
            if self.constants is not None:
                index = self.constants.fixed(index)
        else:
            ans = variable.value[index]
        records = self.records
        place = len(records)
        records.append((_READING, index, variable.index, variable.fit or variable.measure(), None))
        return Taped(self, ans, place)

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        if self.watched and self.outdated(*operands):
            return redispatched(p, operands, params)
        if p.chooses:
            self.branched = True
        if len(operands) == 1:
            v = operands[0].value
            values: tuple[Any, ...] = (v,)
            ans = p.evaluate(values, params)
            if params is not p.default_params:
                params = self.fixed(params)
            edges = [(*_pullback_of(p, 0, ans, values, params), operands[0].index, *fit_of(v))]
        else:
            listed: list[Any] = list(operands)
            traced = []
            for k, o in enumerate(operands):
                if type(o) is Taped and o.run is self:
                    listed[k] = o.value
                    traced.append(k)
            ans = p.evaluate(listed, params)
            if p.keeps:
                for k, o in enumerate(operands):
                    if type(o) is _ndarray and o is not self.kept:
                        listed[k] = self.constant(o)
                    elif isinstance(o, Tracer) and listed[k] is o:
                        listed[k] = kept(o)
            if params is not p.default_params:
                params = self.fixed(params)
            values = tuple(listed)
            shapes = tuple([shape_of(v) for v in values]) if p.variadic else None
            edges = []
            for k in traced:
                pull, saved = _pullback_of(p, k, ans, values, params, shapes)
                shape, dtype = fit_of(listed[k])
                edges.append((pull, saved, operands[k].index, shape, dtype))
        if isinstance(ans, Tracer):
            check_closed(p, ans, self)
        records = self.records
        index = len(records)
        if type(ans) is _ndarray or not isinstance(ans, (tuple, list)):
            records.append(Node(p, -1, edges))
            return Taped(self, ans, index)
        for a in ans:
            check_closed(p, a, self)
        if not ans:
            return ans
        records.append(Node(p, len(ans), edges))
        records.extend([None] * (len(ans) - 1))
        # what is counted carries no derivative, such as the rank that lstsq returns
        return rebuilt(ans, [a if is_count(a) else Taped(self, a, index + n) for n, a in enumerate(ans)])

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        if type(y) is not Taped or y.run is not self:
            return self.left(p, x, y)
        if type(x) is not Taped or x.run is not self:
            return self.right(p, x, y)
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        left: Taped = x
        right: Taped = y
        x, y = left.value, right.value
        ans = p.impl(x, y)
        to0 = to1 = None
        fit = left.fit
        kind = type(x)
        if fit is None or fit is not right.fit:
            if (kind is float or kind is _float64) and type(y) is kind and type(ans) is kind:
                fit = None
            else:
                fit, of_right = left.measure(), right.measure()
                if fit == of_right and fit[1] is not None:
                    right.fit = fit  # the next comparison is one of identity
                else:
                    of_ans = fit_of(ans)
                    to0, to1 = other(fit, of_ans), other(of_right, of_ans)
                    fit = None
        row0, row1 = p.row0, p.row1
        saved0 = y if row0.slot == Y else row0.save(ans, x, y)
        saved1 = x if row1.slot == X else row1.save(ans, x, y)
        records = self.records
        index = len(records)
        records.append((row0, saved0, left.index, to0, (row1, saved1, right.index, to1, None)))
        return Taped(self, ans, index, fit if p.regular else None)

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        variable: Taped = x
        x = variable.value
        row = p.row0
        to = None
        fit = variable.fit
        kind = type(y)
        if kind is _ndarray:
            dtype = y.dtype
            if dtype is _OBJECT and y is not (together := assembled(y)):
                return binary(p, variable, together)
            ans = p.impl(x, y)
            if fit is None:
                fit = variable.measure()
            if dtype is not fit[1] or y.shape != fit[0]:
                to = unlike(x, ans)
                fit = None
            if y is not self.kept and row.how >= SAME:
                y = self.constant(y)
        else:
            ans = p.impl(x, y)
            # a Python number changes neither shape nor precision of an array, all else may
            if type(ans) is not type(x) or (kind is not float and kind is not int):
                to = unlike(x, ans)
                fit = None
                y = kept(y)
        records = self.records
        index = len(records)
        records.append((row, y if row.slot == Y else row.save(ans, x, y), variable.index, to, None))
        return Taped(self, ans, index, fit if p.regular else None)

    def right(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        variable: Taped = y
        y = variable.value
        ans = p.impl(x, y)
        row = p.row1
        to = None
        fit = variable.fit
        kind = type(x)
        if kind is _ndarray:
            if fit is None:
                fit = variable.measure()
            if x.dtype is not fit[1] or x.shape != fit[0]:
                to = unlike(y, ans)
                fit = None
            if x is not self.kept and row.how >= SAME:
                x = self.constant(x)
        elif type(ans) is not type(y) or (kind is not float and kind is not int):
            to = unlike(y, ans)
            fit = None
            x = kept(x)
        records = self.records
        index = len(records)
        records.append((row, x if row.slot == X else row.save(ans, x, y), variable.index, to, None))
        return Taped(self, ans, index, fit if p.regular else None)


def _pullback_of(
    p: General,
    k: int,
    ans: Any,
    values: tuple[Any, ...],
    params: tuple[Any, ...],
    shapes: tuple[tuple[int, ...], ...] | None = None,
) -> tuple[Any, tuple[Any, ...]]:
    """Return the pullback of operand k, and what it saves."""
    if not p.variadic:
        rule = p.pulls[k]
        if rule is not None:
            return rule.fn, rule.save(ans, values, params)
    position = 0 if p.variadic else k
    rule = p.pulls[position]
    if rule is not None:
        return rule.fn, p.save(rule, k, ans, values, params, shapes)
    rule = p.pushes[position]
    if rule is None:
        raise no_derivative(p, k)
    saved = p.save(rule, k, ans, values, params, shapes)
    from funcad.transforms.transpose import pull_by_transposing

    return pull_by_transposing, (p, rule.fn, saved, *fit_of(values[k]))


def no_derivative(p: General, k: int) -> NoRuleError:
    """Return the error for an operand that no rule differentiates."""
    name = str(k) if p.variadic else p.names[p.operand_at[k]]
    return NoRuleError(
        f"{p.name} has no derivative with respect to its argument {name!r}; pass "
        "funcad.stop_gradient(value) there if the derivative through it is not wanted"
    )


def seed(tape: Tape, outs: Any, gs: Any) -> list[Any]:
    """Return the list of cotangents, one place per variable, with those of the results set."""
    cotangents: list[Any] = [None] * len(tape.records)
    for out, g in zip(outs, gs, strict=True):
        out = as_operand(out)
        if g is not None and type(out) is Taped and out.run is tape:
            c = cotangents[out.index]
            cotangents[out.index] = g if c is None else c + g
    return cotangents
