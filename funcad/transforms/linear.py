"""The linearisation of a function: a tape that is read forwards as well as backwards.

Its records hold the partial derivatives as numbers, so that each reading is products and sums:
the function itself runs once, however many tangents and cotangents follow.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.broadcast import dtype_of, own_dtype, shape_of, stretched
from funcad.core.elements import GETITEM
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General, redispatched
from funcad.core.primitive import ANS
from funcad.core.rows import MANY, ONE, READ, Settled
from funcad.errors import because
from funcad.transforms.dual import tangent_of
from funcad.transforms.lifetimes import last_uses, parents_of
from funcad.transforms.tape import Tape
from funcad.transforms.variable import Node, RecordFailure, Taped

_ndarray: Final = np.ndarray
_SETTLED: Final = Settled()
#: operands of up to this many bytes are kept, which costs less than to put zeros in their place
_SMALL: Final = 8192

Like = tuple[tuple[int, ...], Any, Any]
"""shape, own dtype (None for a Python number), and the dtype of a derivative"""


def like(x: Any) -> Like:
    """Return what a tangent of a value must be like."""
    return shape_of(x), own_dtype(x), dtype_of(x)


def needed(p: General, traced: list[bool], ans: Any, values: list[Any]) -> tuple[Any, tuple[Any, ...]]:
    """Return what a tangent is computed from; of an operand that is not named, shape and dtype are."""
    if p.kind == "linear":
        return None, tuple([placeholder(v) for v in values])
    if p.kind == "bilinear":
        count = sum(traced)
        return None, tuple([
            v if count > t else placeholder(v) for v, t in zip(values, traced, strict=True)
        ])  # fmt: skip
    if p.variadic or any([t and p.pushes[k] is None for k, t in enumerate(traced)]):
        return ans, tuple(values)
    rules = [p.pushes[k] for k, t in enumerate(traced) if t]
    named = {s for r in rules if r is not None for s in r.slots}
    kept = [v if 1 + k in named else placeholder(v) for k, v in enumerate(values)]
    return ans if ANS in named else (None,) * len(ans) if isinstance(ans, tuple) else None, tuple(kept)


def placeholder(x: Any) -> Any:
    """Return zeros of the shape and dtype of an array that take no memory; a small one as it is."""
    if type(x) is float or getattr(x, "nbytes", 0) <= _SMALL:
        return x
    return np.broadcast_to(np.zeros((), own_dtype(x)), shape_of(x))


def settled(record: Any) -> Any:
    """Return the edges of a record with their partial derivatives as values."""
    if record is None:
        return None
    row, saved, parent, to, following = record
    rest = settled(following)
    if row.how == ONE:
        return _SETTLED, row.fn(saved), parent, to, rest
    if row.how == MANY and (row.ends is None or row.ended(saved) is None):
        return _SETTLED, row.fn(*saved), parent, to, rest
    return row, saved, parent, to, rest


def settle(records: list[Any], outputs: list[int]) -> None:
    """Compute the partial derivatives of a tape's records, so that nothing is left to do but products.

    Raises:
        RecordFailure: a formula raised; it knows the record and the cause.
    """
    last = last_uses(records, outputs)
    k = 0
    try:
        for k, record in enumerate(records):
            if last[k] < 0:
                records[k] = None
            elif type(record) is tuple:
                records[k] = settled(record)
    except Exception as e:
        raise because(RecordFailure(k, e), e)


class LinearTape(Tape):
    """A tape that knows the shape and dtype of every variable."""

    __slots__ = ("likes",)

    def __init__(self, locks: bool = False, copies: bool = False) -> None:
        super().__init__(locks, copies)
        self.likes: list[Like] = []

    def input(self, value: Any) -> Taped:
        variable = super().input(value)
        self._note(variable)
        return variable

    def unary(self, p: Unary, x: Any) -> Any:
        return self._note(super().unary(p, x))

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        return self._note(super().binary(p, x, y))

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        return self._note(super().left(p, x, y))

    def right(self, p: Binary, x: Any, y: Any) -> Any:
        return self._note(super().right(p, x, y))

    def read(self, x: Any, index: Any) -> Any:
        return self._note(super().read(x, index))

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        if self.watched and self.outdated(*operands):
            return redispatched(p, operands, params)
        place = len(self.records)  # of the node: operands that are out of date leave records of their own
        result = super().general(p, operands, params)
        if len(self.records) == place:
            return result  # an array without items, taken apart
        node: Node = self.records[place]
        traced = [type(o) is Taped and o.run is self for o in operands]
        values = [o.value if t else o for o, t in zip(operands, traced, strict=True)]
        if isinstance(result, (tuple, list)):
            ans: Any = tuple([r.value if type(r) is Taped and r.run is self else r for r in result])
            self.likes.extend([like(a) for a in ans])
        else:
            ans = result.value
            self.likes.append(like(ans))
        parents = [o.index if t else -1 for o, t in zip(operands, traced, strict=True)]
        kept, operand_values = needed(p, traced, ans, values)
        node.pushing = (kept, operand_values, params, parents)
        return result

    def _note(self, result: Any) -> Any:
        # an array of traced elements is put together by further records, which have noted themselves
        if len(self.likes) < len(self.records):
            self.likes.append(like(result.value))
        return result

    def nonlinear(self, outputs: list[int]) -> int:
        """Return the first record whose derivative depends on the inputs, -1 where there is none."""
        last = last_uses(self.records, outputs)
        for k, record in enumerate(self.records):
            if record is None or last[k] < 0:
                continue
            if type(record) is Node:
                if self._node_varies(record):
                    return k
                continue
            row, _, _, _, following = record
            if following is not None:
                if row.slots or following[0].slots:
                    return k
            elif row.how != READ and (row.own in row.slots or ANS in row.slots):
                return k
        return -1

    def _node_varies(self, node: Node) -> bool:
        p = node.primitive
        if p.kind == "linear":
            return False
        parents: list[int] = node.pushing[3]
        if p.kind == "bilinear":
            return len(parents_of(node)) > 1
        if p.variadic:
            return True
        varying = {ANS, *[1 + k for k, i in enumerate(parents) if i >= 0]}
        for k, i in enumerate(parents):
            rule = p.pulls[k] or p.pushes[k]
            if i >= 0 and rule is not None and not varying.isdisjoint(rule.slots):
                return True
        return False

    def is_elementwise(self, k: int, outputs: list[int]) -> bool:
        """Tell whether every entry of some variables depends on its own entry of input k alone."""
        last = last_uses(self.records, outputs)
        shape = self.likes[k][0]
        depends = [False] * len(self.records)
        depends[k] = True
        for i, record in enumerate(self.records):
            if record is None or last[i] < 0 or not any([depends[j] for j in parents_of(record)]):
                continue
            if type(record) is Node or self.likes[i][0] != shape or record[0].how == READ:
                return False
            depends[i] = True
        return True

    def push(self, tangents: list[Any], outputs: list[int]) -> list[Any]:
        """Return the tangents of some variables.

        Args:
            tangents: of the inputs, None for zeros.
            outputs: the variables that are asked for.
        """
        records = self.records
        last = last_uses(self.records, outputs)
        ts: list[Any] = [None] * len(records)
        ts[: len(tangents)] = tangents
        for k in range(len(records)):
            record = records[k]
            if record is None or last[k] < 0:
                continue
            if type(record) is tuple:
                self._push_edges(record, k, ts)
            else:
                self._push_node(record, k, ts)
            for parent in parents_of(record):
                if last[parent] == k:
                    ts[parent] = None
        return [ts[k] for k in outputs]

    def _push_edges(self, record: Any, k: int, ts: list[Any]) -> None:
        total: Any = None
        edge = record
        while edge is not None:
            row, saved, parent, _, edge = edge
            t = ts[parent]
            if t is not None:
                term = GETITEM.impl(t, saved) if row.how == READ else row.times(saved, t)
                total = term if total is None else total + term
        if total is not None:
            ts[k] = stretched(total, *self.likes[k])

    def _push_node(self, node: Node, k: int, ts: list[Any]) -> None:
        ans, values, params, parents = node.pushing
        of_operands = [ts[i] if i >= 0 else None for i in parents]
        if all([t is None for t in of_operands]):
            return
        t = tangent_of(node.primitive, ans, values, params, of_operands)
        if node.outputs < 0:
            ts[k] = None if t is None else stretched(t, *self.likes[k])
            return
        for n in range(node.outputs):
            ts[k + n] = None if t[n] is None else stretched(t[n], *self.likes[k + n])
