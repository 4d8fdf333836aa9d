"""What the rules of one operation give, computed when it is asked for, and the chain rule over it."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.general import General
from funcad.core.rows import MANY, NEGATE, NUMBER, ONE, PASS, Row
from funcad.transforms.dual import tangent_of
from funcad.transforms.growing import Growing, dot, same


class Partial:
    """A partial derivative of an elementwise function: its formula is run when it is asked for, once."""

    __slots__ = ("factor", "ready", "row", "saved")

    def __init__(self, row: Row, saved: tuple[Any, ...]) -> None:
        self.row = row
        self.saved = saved
        self.ready = False
        self.factor: Any = None

    def get(self) -> Any:
        """Return the value of the formula: a series, or a constant."""
        if not self.ready:
            self.ready = True
            self.factor = as_operand(self._run())
            self.saved = ()
        return self.factor

    def _run(self) -> Any:
        row = self.row
        if row.how == NUMBER:
            return row.factor
        if row.how != ONE and row.how != MANY:
            return self.saved[0]
        try:
            return row.fn(*self.saved)
        except ZeroDivisionError:
            # a Python number raises where one of NumPy gives the infinity that it should be
            return row.fn(*[_of_numpy(v) for v in self.saved])


def _of_numpy(v: Any) -> Any:
    """Return a series of a Python float as one of a scalar of NumPy."""
    if isinstance(v, Growing) and type(v.value) is float:
        return Growing(v.run, np.float64(v.value), same, (v,))
    return v


class Tangent:
    """The tangent that the rules of a primitive give: they are run when it is asked for, once."""

    __slots__ = ("ans", "operands", "p", "params", "ready", "result")

    def __init__(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> None:
        self.p = p
        self.operands = operands
        self.params = params
        self.ans: Any = None
        self.ready = False
        self.result: Any = None

    def coefficient(self, k: int) -> Any:
        """Return coefficient k, or those of several results."""
        if not self.ready:
            self.ready = True
            slopes = [o.derived() if isinstance(o, Growing) else None for o in self.operands]
            self.result = tangent_of(self.p, self.ans, self.operands, self.params, slopes)
        if isinstance(self.ans, (tuple, list)):
            return None if self.result is None else tuple([_at(t, k) for t in self.result])
        return _at(self.result, k)


def _at(t: Any, k: int) -> Any:
    """Return coefficient k of a series or of a constant."""
    t = as_operand(t)
    if isinstance(t, Growing):
        return t.coefficient(k)
    return t if k == 0 else None


def chain(k: int, terms: list[tuple[Partial, Growing]]) -> Any:
    """z' is the sum of d x' over the partial derivatives d."""
    plainly = summed = None
    for partial, x in terms:
        how = partial.row.how
        d: Any = None
        if how > NEGATE:
            d = partial.get()
        if isinstance(d, Growing):
            x.slope(k)
            d.coefficient(k - 1)
            s = dot(x.slopes, d.known, k, 1)
            if s is not None:
                summed = s if summed is None else summed + s
            continue
        c = x.coefficient(k)
        if c is not None:
            c = c if how == PASS else -c if how == NEGATE else d * c
            plainly = c if plainly is None else plainly + c
    if summed is None:
        return plainly
    return summed / k if plainly is None else plainly + summed / k


def ruled(k: int, tangent: Tangent) -> Any:
    """z' is the tangent."""
    c = tangent.coefficient(k - 1)
    if isinstance(c, tuple):
        return tuple([None if part is None else part / k for part in c])
    return None if c is None else c / k
