"""The operators of a tracer.

Operators apply Python's own, so that a Python float stays a Python float as it does untraced.
"""

from __future__ import annotations

import operator
from typing import Any, Final

import numpy as np

from funcad.core.element_methods import ElementMethods
from funcad.core.elementwise import Binary
from funcad.core.foreign import operate
from funcad.core.links import is_array
from funcad.core.operators import ABS, ADD, DIV, MOD, MUL, NEG, POS, POW, SUB
from funcad.core.primitive import registry, strip
from funcad.core.protocol import binary
from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import ConversionError


def _binary(p: Binary, x: Tracer, y: Any) -> Any:
    """Apply an operator to a tracer and another value, or leave it to the other's type."""
    kind = type(y)
    if kind is float or kind is int or kind is _ndarray:
        return x.run.left(p, x, y)
    if kind is type(x):
        if x.run is y.run:
            return x.run.binary(p, x, y)
    elif not _computes(y):
        return operate(p.name, x, y)
    return binary(p, x, y)


def _reflected(p: Binary, x: Any, y: Tracer) -> Any:
    """Apply an operator whose right operand is the tracer."""
    kind = type(x)
    if kind is float or kind is int:
        return y.run.right(p, x, y)
    if not _computes(x):
        return operate(p.name, x, y)
    return binary(p, x, y)


_ndarray: Final = np.ndarray
# a tracer that is asked for its class looks who asks, so that its own class comes first
_OPERANDS: Final = (Tracer, np.ndarray, np.generic, float, int, complex, list, tuple)


def _computes(y: Any) -> bool:
    """Tell whether NumPy computes with an operand, or leaves operators to its type, as to a Polynomial."""
    return isinstance(y, _OPERANDS) or getattr(y, "__array_ufunc__", None) is not None


def _in_place(p: Binary, x: Tracer, y: Any) -> Any:
    return _stored(x, _binary(p, x, y))


def _stored(x: Tracer, result: Any) -> Any:
    """Write a result into an array, whose other names see the change; numbers do not change."""
    if result is NotImplemented or not is_array(x):
        return result
    from funcad.core.writing import store

    return store(x, result)


def _compare(op: Any, ufunc: Any, x: Tracer, y: Any) -> Any:
    a, b = plain(x), strip(y)
    if isinstance(a, Tracer) or isinstance(b, Tracer):
        return registry[ufunc].apply((a, b), {})
    return op(a, b)


class TracedArray(ElementMethods):
    """A traced array or number: what user code sees in place of the plain one."""

    __slots__ = ()

    def __hash__(self) -> int:
        raise ConversionError(
            f"a traced value cannot be hashed at {user_line()}: as a key of a dict, a set or a cache (such "
            "as functools.lru_cache) its derivative would be lost. Call the function without its cache "
            "(`f.__wrapped__`), or use funcad.stop_gradient(x) as the key"
        )

    # --- operators; the first look at the other operand saves the commonest ones a call

    def __neg__(self) -> Any:
        return self.run.unary(NEG, self)

    def __pos__(self) -> Any:
        return self.run.unary(POS, self)

    def __abs__(self) -> Any:
        return self.run.unary(ABS, self)

    def __add__(self, other: Any) -> Any:
        kind = type(other)
        if kind is _ndarray or kind is float:
            return self.run.left(ADD, self, other)
        return _binary(ADD, self, other)

    def __radd__(self, other: Any) -> Any:
        return _reflected(ADD, other, self)

    def __sub__(self, other: Any) -> Any:
        kind = type(other)
        if kind is _ndarray or kind is float:
            return self.run.left(SUB, self, other)
        return _binary(SUB, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _reflected(SUB, other, self)

    def __mul__(self, other: Any) -> Any:
        kind = type(other)
        if kind is _ndarray or kind is float:
            return self.run.left(MUL, self, other)
        return _binary(MUL, self, other)

    def __rmul__(self, other: Any) -> Any:
        return _reflected(MUL, other, self)

    def __truediv__(self, other: Any) -> Any:
        kind = type(other)
        if kind is _ndarray or kind is float:
            return self.run.left(DIV, self, other)
        return _binary(DIV, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _reflected(DIV, other, self)

    def __pow__(self, other: Any) -> Any:
        return _binary(POW, self, other)

    def __rpow__(self, other: Any) -> Any:
        return _reflected(POW, other, self)

    def __mod__(self, other: Any) -> Any:
        return _binary(MOD, self, other)

    def __rmod__(self, other: Any) -> Any:
        return _reflected(MOD, other, self)

    def __floordiv__(self, other: Any) -> Any:
        if not isinstance(other, _OPERANDS) and getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        return _compare(operator.floordiv, np.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        a, b = strip(other), plain(self)
        if isinstance(a, Tracer) or isinstance(b, Tracer):
            return registry[np.floor_divide].apply((a, b), {})
        return operator.floordiv(a, b)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __matmul__(self, other: Any) -> Any:
        if not isinstance(other, _OPERANDS):
            return np.matmul(self, other) if _computes(other) else operate("@", self, other)
        return registry[np.matmul].apply((self, other), {})

    def __rmatmul__(self, other: Any) -> Any:
        if not _computes(other):
            return operate("@", other, self)
        return np.matmul(other, self)

    # in place: numbers are made anew, arrays change under all their names

    def __iadd__(self, other: Any) -> Any:
        return _in_place(ADD, self, other)

    def __isub__(self, other: Any) -> Any:
        return _in_place(SUB, self, other)

    def __imul__(self, other: Any) -> Any:
        return _in_place(MUL, self, other)

    def __itruediv__(self, other: Any) -> Any:
        return _in_place(DIV, self, other)

    def __ipow__(self, other: Any) -> Any:
        return _in_place(POW, self, other)

    def __imod__(self, other: Any) -> Any:
        return _in_place(MOD, self, other)

    def __ifloordiv__(self, other: Any) -> Any:
        return _stored(self, self // other)

    def __imatmul__(self, other: Any) -> Any:
        return _stored(self, self @ other)

    # --- comparisons and truth: plain values, so that `if` and `while` take their branch

    def __lt__(self, other: Any) -> Any:
        return _compare(operator.lt, np.less, self, other)

    def __le__(self, other: Any) -> Any:
        return _compare(operator.le, np.less_equal, self, other)

    def __gt__(self, other: Any) -> Any:
        return _compare(operator.gt, np.greater, self, other)

    def __ge__(self, other: Any) -> Any:
        return _compare(operator.ge, np.greater_equal, self, other)

    def __eq__(self, other: object) -> Any:
        return _compare(operator.eq, np.equal, self, other)

    def __ne__(self, other: object) -> Any:
        return _compare(operator.ne, np.not_equal, self, other)

    def __bool__(self) -> bool:
        return bool(plain(self))
