"""The formulas of one operation, run on series that grow.

To differentiate y = sin(x) n times, its rule is read once: d = cos(x), where cos(x) is a series of
which no coefficient but the first is known yet. From y' = d x' follows y_k from d_0 ... d_(k-1). When
d_1 is asked for, the rule of cos is read, and asks for sin(x): that is y, and the circle is closed.
"""

from __future__ import annotations

import operator
from typing import Any, ClassVar, Final

import numpy as np

from funcad.core.assemble import as_operand, assembled
from funcad.core.broadcast import own_dtype
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General
from funcad.core.operators import MUL
from funcad.core.primitive import ANS
from funcad.core.protocol import binary
from funcad.core.rows import Row, rebuilt
from funcad.core.tracer import Trace, Tracer, anywhere, check_closed, plain
from funcad.transforms.growing import (
    Growing,
    Joint,
    component,
    element,
    exponential,
    image,
    images,
    multilinear,
    power,
    product,
    quotient,
    same,
    stopped,
)
from funcad.transforms.slopes import Partial, Tangent, chain, ruled

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)
#: the functions of two arguments that have a recurrence shorter than what their rows give
_PRODUCTS: Final = (operator.mul, np.multiply)
_QUOTIENTS: Final = (operator.truediv, np.divide)
_POWERS: Final = (operator.pow, np.power, np.float_power)
#: a whole exponent up to this one is a product of squares, which is exact near zeros of the base
_LARGEST: Final = 1024


class Formulas(Trace):
    """The trace of the formulas of one operation; equal operations on equal series are done once."""

    __slots__ = ("done", "made")
    mode: ClassVar[str] = "jet"

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Growing] = []
        #: by function and operands, the result, and the operands, so that their identities stay taken
        self.done: dict[Any, tuple[Any, Any]] = {}

    def release(self) -> None:
        """End the trace, and drop all that was computed on the way."""
        self.end()
        for node in self.made:
            node.release()
        self.made = []
        self.done = {}

    def growing(self, value: Any, recurrence: Any = None, inputs: tuple[Any, ...] = ()) -> Growing:
        """Return a new series of this trace."""
        node = Growing(self, value, recurrence, inputs)
        self.made.append(node)
        return node

    def series(self, x: Any) -> Growing:
        """Return an operand as a series, which has one coefficient if it is a constant."""
        return x if type(x) is Growing and x.run is self else self.growing(x)

    def mine(self, x: Any) -> bool:
        """Tell whether an operand is a series of this trace."""
        return type(x) is Growing and x.run is self

    def unary(self, p: Unary, x: Any) -> Any:
        if self.watched:
            self.observe()
        key = (p, id(x))
        known = self.done.get(key)
        if known is not None:
            return known[0]
        z = self.growing(p.impl(x.value))
        self.done[key] = (z, x)
        z.recurrence, z.inputs = chain, ([self.partial(p.row, x, z, x, None)],)
        return z

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        if type(y) is _ndarray and y.dtype is _OBJECT and y is not (together := assembled(y)):
            return binary(p, x, together)
        return self.binary(p, x, y)

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched:
            self.observe()
        key = (p, id(x), id(y))
        known = self.done.get(key)
        if known is not None:
            return known[0]
        of_x, of_y = self.mine(x), self.mine(y)
        z = self.growing(p.impl(x.value if of_x else x, y.value if of_y else y))
        self.done[key] = (z, (x, y))
        impl = p.impl
        if impl in _PRODUCTS:
            z.recurrence, z.inputs = product, (self.series(x), self.series(y))
        elif impl in _QUOTIENTS:
            z.recurrence, z.inputs = quotient, (z, self.series(x), self.series(y))
        elif not (impl in _POWERS and of_x and self.raised(z, x, y, of_y)):
            terms = []
            if of_x:
                terms.append(self.partial(p.row0, x, z, x, y))
            if of_y:
                terms.append(self.partial(p.row1, y, z, x, y))
            z.recurrence, z.inputs = chain, (terms,)
        for row in (p.row0, p.row1):
            if row.ends is not None:
                found = row.ended(row.save(z.value, x, y))
                if found is not None:
                    z.recurrence, z.inputs = stopped, (found, z.recurrence, z.inputs)
        return z

    def partial(self, row: Row, of: Growing, ans: Any, x: Any, y: Any) -> tuple[Partial, Growing]:
        """Return the partial derivative that a row gives, and the series that it multiplies."""
        env = (ans, x, y)
        return Partial(row, tuple([env[s] for s in row.slots])), of

    def raised(self, z: Growing, x: Growing, y: Any, of_y: bool) -> bool:
        """Give a power a recurrence of its own, where one holds; tell whether it does.

        The rows are exact everywhere, but each of them asks for the next lower power.
        """
        exponent = plain(y)
        if not of_y and not isinstance(y, Tracer) and _is_count(exponent):
            if own_dtype(z.value) != own_dtype(x.value):
                x = np.astype(x, own_dtype(z.value))  # type: ignore[call-overload]
            z.recurrence, z.inputs = _multiplied(self, x, int(exponent))
            return True
        size = np.abs(plain(z.value))
        normal = np.isfinite(size) & (size >= np.finfo(size.dtype).tiny) & np.not_equal(plain(x.value), 0)
        if anywhere(np.logical_not(normal)):
            return False
        if of_y:
            z.recurrence, z.inputs = exponential, (z, y * np.log(x))
            return True
        if anywhere(np.equal(exponent, np.floor(np.real(exponent))) & (np.real(exponent) >= 0)):
            return False  # the recurrence divides by x, and would lose digits near its zeros
        z.recurrence, z.inputs = power, (z, x, y)
        return True

    def read(self, x: Any, index: Any) -> Any:
        if self.watched:
            self.observe()
        return self.growing(x.value[index], element, (x, index))

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        if self.watched:
            self.observe()
        operands = tuple([as_operand(o) for o in operands])
        key = (p, *[id(o) for o in operands]) if params is p.default_params else None
        if key is not None and key in self.done:
            return self.done[key][0]
        values = tuple([o.value if self.mine(o) else o for o in operands])
        ans = p.evaluate(values, params)
        several = isinstance(ans, (tuple, list))
        for a in ans if several else (ans,):
            check_closed(p, a, self)
        recurrence, inputs, tangent = self.recurrence(p, operands, values, params)
        if several:
            joint = Joint(recurrence, inputs)
            result = rebuilt(ans, [self.growing(a, component, (joint, n)) for n, a in enumerate(ans)])
        else:
            result = self.growing(ans, recurrence, inputs)
        if tangent is not None:
            tangent.ans = result
        if key is not None:
            self.done[key] = (result, operands)
        return result

    def recurrence(
        self, p: General, operands: tuple[Any, ...], values: tuple[Any, ...], params: tuple[Any, ...]
    ) -> tuple[Any, tuple[Any, ...], Tangent | None]:
        """Return the recurrence of a primitive and its inputs; the tangent, where rules have to be run."""
        traced = [k for k, o in enumerate(operands) if self.mine(o)]
        if p.kind == "linear":
            return image, (p, [self.series(o) for o in operands], params), None
        if p.kind == "bilinear":
            return multilinear, (p, [self.series(o) for o in operands], traced, params), None
        terms = []
        for k in traced:
            rule = p.pushes[0 if p.variadic else k]
            places = {1} if p.variadic else {1 + i for i in traced}
            if rule is None or ANS in rule.slots or not places.isdisjoint(rule.slots):
                tangent = Tangent(p, operands, params)
                return ruled, (tangent,), tangent
            terms.append((rule.fn, operands[k], p.save(rule, k, None, values, params)))
        # no rule looks at a traced value, so that the function is linear
        return images, (terms,), None


def _is_count(p: Any) -> bool:
    """Tell whether an exponent is one whole number that is not negative, nor large."""
    if getattr(p, "shape", ()) != () or isinstance(p, (complex, np.complexfloating)):
        return False
    return bool(0 <= p <= _LARGEST and p == int(p))


def _multiplied(formulas: Formulas, x: Any, count: int) -> tuple[Any, tuple[Any, ...]]:
    """Return the recurrence of a power as a product of squares."""
    result = None
    while count:
        if count & 1:
            result = x if result is None else formulas.binary(MUL, result, x)
        count >>= 1
        if count:
            x = formulas.binary(MUL, x, x)
    return (None, ()) if result is None else (same, (result,))
