"""The array face of a tracer: operators, attributes and methods of `numpy.ndarray`.

What NumPy reads without any protocol is here; what has a protocol is in `protocol.py`.
Operators apply Python's own, so that a Python float stays a Python float as it does untraced.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from funcad.core.elements import GETITEM, SEPARATE
from funcad.core.operators import ABS, ADD, DIV, MOD, MUL, NEG, POS, POW, SUB
from funcad.core.primitive import Binary, strip
from funcad.core.protocol import Protocols, binary
from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import AssignmentError

def _binary(p: Binary, x: Any, y: Any) -> Any:
    """Apply a binary operator to a tracer and another value, or leave it to the other's type."""
    other = y if isinstance(x, Tracer) else x
    if isinstance(other, _OPERANDS) or hasattr(other, "__array_ufunc__"):
        return binary(p, x, y)
    return NotImplemented


_OPERANDS = (Tracer, float, int, complex, np.ndarray, np.generic, list, tuple)


def _in_place(p: Binary, x: Tracer, y: Any) -> Any:
    if isinstance(plain(x), np.ndarray):
        raise AssignmentError(
            f"`x {p.name}= ...` on a traced array at {user_line()}: arrays under a transform are "
            f"not written to; write `x = x {p.name} ...`"
        )
    return _binary(p, x, y)


def _compare(op: Any, x: Tracer, y: Any) -> Any:
    return op(plain(x), strip(y))


def _method(name: str) -> Any:
    fn = getattr(np, name)

    def method(self: TracedArray, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    method.__name__ = name
    method.__doc__ = f"As `numpy.{name}`."
    return method


def _refused(name: str) -> Any:
    def method(self: TracedArray, *args: Any, **kwargs: Any) -> NoReturn:
        raise AssignmentError(
            f"`x.{name}(...)` on a traced array at {user_line()}: arrays under a transform are "
            f"not written to; make a new array (np.{name} where NumPy has it)"
        )

    return method


class TracedArray(Protocols):
    """A traced array or number: what user code sees in place of the plain one."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # as for ndarray: equality is elementwise

    # --- operators

    def __neg__(self) -> Any:
        return self.run.unary(NEG, self)

    def __pos__(self) -> Any:
        return self.run.unary(POS, self)

    def __abs__(self) -> Any:
        return self.run.unary(ABS, self)

    def __add__(self, other: Any) -> Any:
        return _binary(ADD, self, other)

    def __radd__(self, other: Any) -> Any:
        return _binary(ADD, other, self)

    def __sub__(self, other: Any) -> Any:
        return _binary(SUB, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _binary(SUB, other, self)

    def __mul__(self, other: Any) -> Any:
        return _binary(MUL, self, other)

    def __rmul__(self, other: Any) -> Any:
        return _binary(MUL, other, self)

    def __truediv__(self, other: Any) -> Any:
        return _binary(DIV, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _binary(DIV, other, self)

    def __pow__(self, other: Any) -> Any:
        return _binary(POW, self, other)

    def __rpow__(self, other: Any) -> Any:
        return _binary(POW, other, self)

    def __mod__(self, other: Any) -> Any:
        return _binary(MOD, self, other)

    def __rmod__(self, other: Any) -> Any:
        return _binary(MOD, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return _compare(operator.floordiv, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return operator.floordiv(strip(other), plain(self))

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __matmul__(self, other: Any) -> Any:
        return np.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return np.matmul(other, self)

    # in place: exact for numbers, which are immutable; arrays would have to change under aliases

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

    # --- comparisons and truth: plain values, so that `if` and `while` take their branch

    def __lt__(self, other: Any) -> Any:
        return _compare(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return _compare(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return _compare(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return _compare(operator.ge, self, other)

    def __eq__(self, other: object) -> Any:
        return _compare(operator.eq, self, other)

    def __ne__(self, other: object) -> Any:
        return _compare(operator.ne, self, other)

    def __bool__(self) -> bool:
        return bool(plain(self))

    # --- shape and elements

    @property
    def shape(self) -> tuple[int, ...]:
        return getattr(self.value, "shape", ())

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return getattr(self.value, "size", 1)

    @property
    def dtype(self) -> Any:
        return getattr(self.value, "dtype", None) or np.dtype(type(self.value))

    @property
    def itemsize(self) -> int:
        return int(self.dtype.itemsize)

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Any:
        return self.run.general(GETITEM, (self,), (strip(index),))

    def __iter__(self) -> Iterator[Any]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return iter(self.run.general(SEPARATE, (self,), ()))

    def __contains__(self, item: Any) -> bool:
        return strip(item) in plain(self)

    @property
    def T(self) -> Any:
        return np.transpose(self)

    @property
    def mT(self) -> Any:
        return np.matrix_transpose(self)

    @property
    def real(self) -> Any:
        return np.real(self)

    @property
    def imag(self) -> Any:
        return np.imag(self)

    @property
    def flat(self) -> Any:
        return np.ravel(self)

    # --- methods: NumPy's functions, with the signatures that ndarray has

    def reshape(self, *shape: Any, **kwargs: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **kwargs)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def astype(self, dtype: Any, **kwargs: Any) -> Any:
        return np.astype(self, dtype, **kwargs)  # type: ignore[call-overload]

    def item(self, *index: Any) -> Any:
        if not index and self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        place = index[0] if len(index) == 1 else index or 0
        flat = np.ravel(self) if isinstance(place, int) else self
        return flat[place]

    def tolist(self) -> Any:
        return self if self.ndim == 0 else [row.tolist() for row in self]

    def copy(self, order: str = "C") -> Any:
        return np.copy(self, order)  # type: ignore[call-overload]

    def __copy__(self) -> Any:
        return np.copy(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return np.copy(self)

    def flatten(self, order: str = "C") -> Any:
        return np.copy(np.ravel(self, order))  # type: ignore[call-overload]

    def round(self, *args: Any, **kwargs: Any) -> Any:
        return np.round(self, *args, **kwargs)

    def __round__(self, ndigits: int | None = None) -> Any:
        return round(plain(self), ndigits)

    def conj(self) -> Any:
        return np.conjugate(self)

    def clip(self, min: Any = None, max: Any = None, **kwargs: Any) -> Any:
        return np.clip(self, min, max, **kwargs)

    conjugate = conj
    sum = _method("sum")
    mean = _method("mean")
    prod = _method("prod")
    max = _method("max")
    min = _method("min")
    var = _method("var")
    std = _method("std")
    cumsum = _method("cumsum")
    cumprod = _method("cumprod")
    squeeze = _method("squeeze")
    swapaxes = _method("swapaxes")
    ravel = _method("ravel")
    repeat = _method("repeat")
    take = _method("take")
    compress = _method("compress")
    diagonal = _method("diagonal")
    trace = _method("trace")
    dot = _method("dot")
    all = _method("all")
    any = _method("any")
    argmax = _method("argmax")
    argmin = _method("argmin")
    argsort = _method("argsort")
    nonzero = _method("nonzero")
    searchsorted = _method("searchsorted")
    sort = _refused("sort")
    fill = _refused("fill")
    put = _refused("put")
    partition = _refused("partition")
    resize = _refused("resize")
