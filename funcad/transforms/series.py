"""Taylor mode: a value with its higher derivatives along a path, and how it reads the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import numpy as np

from funcad.core.array import TracedArray
from funcad.core.assemble import as_operand, assembled
from funcad.core.elements import GETITEM
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General, redispatched
from funcad.core.primitive import Primitive
from funcad.core.protocol import binary
from funcad.core.rows import rebuilt
from funcad.core.tracer import Trace, Tracer, check_closed
from funcad.transforms.formulas import Formulas
from funcad.transforms.growing import Growing

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)


class Series(TracedArray):
    """A value and its Taylor coefficients of order 1 to n, None where one is zero."""

    __slots__ = ("terms",)

    def __init__(self, trace: Trace, value: Any, terms: Sequence[Any]) -> None:
        self.run = trace
        self.value = value
        self.link = None
        #: the k-th derivative along the path over k factorial, for k = 1 ... n
        self.terms = terms

    def overwrite(self, other: Any) -> None:
        self.value, self.terms = other.value, other.terms

    def kept(self) -> Any:
        return Series(self.run, self.value, self.terms)


class JetTrace(Trace):
    """One running call of `jet`: every operation computes all its coefficients at once."""

    __slots__ = ("order",)
    mode: ClassVar[str] = "jet"

    def __init__(self, order: int) -> None:
        super().__init__()
        self.order = order

    def unary(self, p: Unary, x: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.unary(p, x)
        formulas = Formulas()
        return self.settled(p, formulas, formulas.unary(p, self.given(formulas, x)))

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        if type(y) is _ndarray and y.dtype is _OBJECT and y is not (together := assembled(y)):
            return binary(p, x, together)
        return self.binary(p, x, y)

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        formulas = Formulas()
        left = self.given(formulas, x)
        right = left if y is x else self.given(formulas, y)
        return self.settled(p, formulas, formulas.binary(p, left, right))

    def read(self, x: Any, index: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.read(x, index)
        series: Series = x
        read = GETITEM.impl  # the index may be a batch, which a plain array does not see
        terms = [None if c is None else read(c, index) for c in series.terms]
        return self.lifted(read(series.value, index), terms)

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        if self.watched and self.outdated(*operands):
            return redispatched(p, operands, params)
        formulas = Formulas()
        listed = tuple([self.given(formulas, as_operand(o)) for o in operands])
        ans = formulas.general(p, listed, params)
        if isinstance(ans, (tuple, list)):
            made = rebuilt(ans, [self.computed(p, node) for node in ans])
        else:
            made = self.computed(p, ans)
        formulas.release()
        return made

    def given(self, formulas: Formulas, x: Any) -> Any:
        """Return an operand as the formulas see it: a series, or a constant."""
        if type(x) is not Series or x.run is not self:
            return x
        series: Series = x
        node = formulas.growing(series.value)
        node.known.extend(series.terms)
        return node

    def settled(self, p: Primitive, formulas: Formulas, node: Growing) -> Any:
        """Compute all coefficients of a result, and drop the formulas."""
        made = self.computed(p, node)
        formulas.release()
        return made

    def computed(self, p: Primitive, node: Growing) -> Any:
        """Return a result with all its coefficients."""
        check_closed(p, node.value, self)
        terms = [node.coefficient(k) for k in range(1, self.order + 1)]
        for c in terms:
            if isinstance(c, Tracer):
                check_closed(p, c, self)
        return self.lifted(node.value, terms)

    def lifted(self, value: Any, terms: list[Any]) -> Any:
        """Return a value with its coefficients, or plain where all of them are zero."""
        return Series(self, value, terms) if any([c is not None for c in terms]) else value
