"""Batching: the value that stands for a whole batch, and how it reads the rules.

A `Batched` looks to the function like one example: `x.shape` is that of an example. Below it is
one array with the examples along its first axis, so that each operation runs once for all.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, NoReturn

import numpy as np

from funcad.core.array import TracedArray
from funcad.core.assemble import as_operand, assembled
from funcad.core.batching import Call, Stack, aligned, example, holds_stack, loop, looped
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.callers import random_method
from funcad.core.elements import GETITEM, item
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General, redispatched
from funcad.core.primitive import Constant, Primitive
from funcad.core.protocol import binary
from funcad.core.refusals import instruction, is_store, refuse_conversion, refuse_store
from funcad.core.rows import rebuilt
from funcad.core.tracer import Trace, Tracer, check_closed, plain, user_line
from funcad.core.writing import refuse
from funcad.errors import BatchError

_ndarray: Final = np.ndarray
_OBJECT: Final = np.dtype(object)
_CHOOSE: Final = "in place of array[mask] write np.where(mask, array, other)"
_COLLECT: Final = "collect values with np.stack, or with np.array without a dtype"
_USE: Final = "compute with it as it is, and write np.sin(x) for math.sin(x)"
_TAKE: Final = "where it picks elements of a plain array write funcad.numpy.take(array, i, axis=0)"


class Batched(TracedArray):
    """A batch that the function sees as one example."""

    __slots__ = ()

    def kept(self) -> Any:
        return Batched(self.run, self.value)

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.value)[1:]

    @shape.setter
    def shape(self, _shape: Any) -> None:
        refuse("x.shape = ...")

    @property
    def size(self) -> int:
        size = 1
        for n in self.shape:
            size *= n
        return size

    @property
    def dtype(self) -> Any:
        return own_dtype(self.value)

    def __len__(self) -> int:
        shape = self.shape
        if not shape:
            raise TypeError("len() of unsized object")
        return shape[0]

    def item(self, *index: Any) -> Any:
        shape = self.shape
        np.empty(shape).item(*index)  # raises what NumPy raises
        place = index[0] if len(index) == 1 else index or 0
        return item(self, place if isinstance(place, int) else np.ravel_multi_index(place, shape))

    # --- what needs one example alone

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if dtype is not None and (kind := np.dtype(dtype).kind) != "O":
            if random_method() is not None:
                refuse_conversion("an array")
            self._refuse(f"an array of {np.dtype(dtype)}: {_TAKE if kind in 'iu' else _COLLECT}")
        if self.dtype.kind in "biu" and instruction() == "BINARY_SUBSCR":
            self._refuse(f"an index of a plain array: {_CHOOSE if self.dtype.kind == 'b' else _TAKE}")
        return super().__array__(dtype, copy)

    def __bool__(self) -> bool:
        raise BatchError(
            f"a branch at {user_line()} depends on a value under vmap, which stands for a whole batch: write "
            "np.where(condition, a, b) in place of `if`, a fixed number of steps in place of `while`, or "
            "loop over the examples in place of vmap"
        )

    def __float__(self) -> float:
        self._refuse(f"a float: {_USE}")

    def __int__(self) -> int:
        self._refuse(f"an int: {_USE}")

    def __index__(self) -> int:
        self._refuse(f"an index or a length: {_TAKE}")

    def __complex__(self) -> complex:
        self._refuse(f"a complex number: {_USE}")

    def __floor__(self) -> Any:
        self._refuse("an int; write np.floor")

    def __ceil__(self) -> Any:
        self._refuse("an int; write np.ceil")

    def __trunc__(self) -> Any:
        self._refuse("an int; write np.trunc")

    def __round__(self, ndigits: int | None = None) -> Any:
        return np.round(self, ndigits or 0)

    def __and__(self, other: Any) -> Any:
        return np.bitwise_and(self, other)

    def __rand__(self, other: Any) -> Any:
        return np.bitwise_and(other, self)

    def __or__(self, other: Any) -> Any:
        return np.bitwise_or(self, other)

    def __ror__(self, other: Any) -> Any:
        return np.bitwise_or(other, self)

    def __xor__(self, other: Any) -> Any:
        return np.bitwise_xor(self, other)

    def __rxor__(self, other: Any) -> Any:
        return np.bitwise_xor(other, self)

    def __lshift__(self, other: Any) -> Any:
        return np.left_shift(self, other)

    def __rlshift__(self, other: Any) -> Any:
        return np.left_shift(other, self)

    def __rshift__(self, other: Any) -> Any:
        return np.right_shift(self, other)

    def __rrshift__(self, other: Any) -> Any:
        return np.right_shift(other, self)

    def __invert__(self) -> Any:
        return np.invert(self)

    def __contains__(self, item: Any) -> bool:
        return bool(np.any(np.equal(self, item)))

    def __format__(self, spec: str) -> str:
        return repr(self)

    def _refuse(self, what: str) -> NoReturn:
        if is_store():
            refuse_store("array[...] = value")
        raise BatchError(
            f"a value under vmap, which stands for a whole batch, cannot become {what} (at {user_line()})"
        )


# a compiled class has no slot of this name, unless it is assigned to
setattr(Batched, "__index__", vars(Batched)["__index__"])  # noqa: B010


class Batch(Trace):
    """One running call of `vmap`: every operation computes all examples at once."""

    __slots__ = ("size",)
    mode: ClassVar[str] = "vmap"

    def __init__(self, size: int) -> None:
        super().__init__()
        self.stacks = True
        self.size = size

    def unary(self, p: Unary, x: Any) -> Any:
        if self.watched and self.outdated(x):
            return x.run.unary(p, x)
        batched: Batched = x
        return Batched(self, p.impl(batched.value))

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        if type(y) is not Batched or y.run is not self:
            return self.left(p, x, y)
        if type(x) is not Batched or x.run is not self:
            return self.right(p, x, y)
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        u, v = x.value, y.value
        m, n = len(shape_of(u)), len(shape_of(v))
        if m != n:
            u, v = aligned(u, n - 1), aligned(v, m - 1)
        return Batched(self, p.impl(u, v))

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        kind = type(y)
        if kind is _ndarray and y.dtype is _OBJECT and y is not (together := assembled(y)):
            return binary(p, x, together)
        u = x.value
        if kind is not float and kind is not int:
            u = aligned(u, len(shape_of(y)))
        return Batched(self, p.impl(u, y))

    def right(self, p: Binary, x: Any, y: Any) -> Any:
        if self.watched and self.outdated(x, y):
            return binary(p, x, y)
        v = y.value
        kind = type(x)
        if kind is not float and kind is not int:
            v = aligned(v, len(shape_of(x)))
        return Batched(self, p.impl(x, v))

    def read(self, x: Any, index: Any) -> Any:
        if type(x) is Batched and x.run is self and (type(index) is int or type(index) is slice):
            if self.watched and self.outdated(x):
                return x.run.read(x, index)
            return Batched(self, x.value[:, index])  # too many indices for a batch of numbers
        return self.general(GETITEM, (x,), (index,))

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        if self.watched and self.outdated(*operands):
            return redispatched(p, operands, params)
        rule = p.batching or looped
        if params is not p.default_params:
            below = tuple([self.below(v) for v in params])
            if rule is not looped and not self.handled(p, below):
                rule = looped
            params = below
        operands = tuple([as_operand(o) for o in operands])
        stacked = tuple([type(o) is Batched and o.run is self for o in operands])
        values = tuple([o.value if s else o for o, s in zip(operands, stacked, strict=True)])
        ans = rule(Call(p, values, stacked, params, self.size))
        return self.lifted(p, ans)

    def handled(self, p: General, params: tuple[Any, ...]) -> bool:
        """Tell whether the rule of a primitive takes all params that are batches."""
        named = zip(p.params, params, strict=True)
        return all([name in p.batched_params or not holds_stack(v) for name, v in named])

    def below(self, v: Any) -> Any:
        """Return a param one level down, with a `Stack` for each batch."""
        if type(v) is Batched and v.run is self:
            return Stack(v.value)
        if type(v) is list or type(v) is tuple:
            return type(v)([self.below(i) for i in v])
        return v

    def lifted(self, p: Primitive, ans: Any) -> Any:
        """Return results, whose first axis is that of the examples, as batches."""
        if isinstance(ans, (tuple, list)):
            return rebuilt(ans, [None if a is None else self.lifted(p, a) for a in ans])
        if isinstance(ans, Tracer):
            check_closed(p, ans, self)
        return Batched(self, ans)

    def apply_constant(self, p: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.watched:
            self.observe()
        if isinstance(p, Constant) and p.of_type:
            return p.impl(*self.typed(args), **{k: self.typed(v) for k, v in kwargs.items()})
        if p.batching is not None:
            given = {k: self.below(v) for k, v in kwargs.items()}
            ans = p.batching(p.impl, self.below(args), given)
            if ans is not None:
                return self.lifted(p, ans)
        return self.each(p.impl, p.name, args, kwargs)

    def typed(self, x: Any) -> Any:
        """Return an argument with an array of the shape and dtype of an example for each batch."""
        if type(x) is Batched and x.run is self:
            return np.zeros(x.shape, x.dtype)
        return type(x)([self.typed(v) for v in x]) if type(x) is list or type(x) is tuple else x

    def each(self, fn: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function for one example after the other."""
        if self.watched:
            self.observe()
        args = self.below(args)
        kwargs = {k: self.below(v) for k, v in kwargs.items()}

        def one(i: int) -> Any:
            return fn(*example(args, i), **{k: example(v, i) for k, v in kwargs.items()})

        ans = loop(one, self.size, name)
        if isinstance(ans, (tuple, list)):
            return rebuilt(ans, [None if a is None else Batched(self, a) for a in ans])
        return None if ans is None else Batched(self, ans)

    def stripped(self, x: Any) -> Any:
        value = plain(x.value)
        return x if value is x.value else Batched(self, value)
