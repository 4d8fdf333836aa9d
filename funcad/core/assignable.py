"""Arrays of plain numbers that may be assigned traced values, inside a transform.

`np.zeros_like(x)` of a traced x, and `funcad.numpy.zeros` inside a transform, make them. What such an
array holds is a plain array until a traced value is written into it, and a traced array afterwards.
"""

from __future__ import annotations

import functools
import threading
from typing import Any, ClassVar, Final

import numpy as np

from funcad.core.array import TracedArray
from funcad.core.elements import GETITEM
from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General, redispatched
from funcad.core.links import Link, linked
from funcad.core.primitive import Primitive, top_within
from funcad.core.protocol import binary
from funcad.core.rows import rebuilt
from funcad.core.tracer import Trace, Tracer

_ndarray: Final = np.ndarray


class Assignable(TracedArray):
    """An array that holds plain numbers, or a traced array that was written into it."""

    __slots__ = ()

    def kept(self) -> Any:
        return self.value

    def __repr__(self) -> str:
        return repr(self.run.current(self))

    def __bool__(self) -> bool:
        return bool(self.run.current(self))

    def __float__(self) -> float:
        return float(self.run.current(self))

    def __int__(self) -> int:
        return int(self.run.current(self))

    def __complex__(self) -> complex:
        return complex(self.run.current(self))

    def __index__(self) -> int:
        return int(self.run.current(self).__index__())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        now = self.run.current(self)
        return now.__array__(dtype, copy=copy) if isinstance(now, _ndarray) else now.__array__(dtype, copy)

    def tolist(self) -> Any:
        return self.run.current(self).tolist()

    def item(self, *index: Any) -> Any:
        return self.run.current(self).item(*index)


# a compiled class has no slot of this name, unless it is assigned to
setattr(Assignable, "__index__", vars(Assignable)["__index__"])  # noqa: B010


def assignable(x: Any) -> Any:
    """Return a plain array as one that may be assigned traced values; all else as it is."""
    return Assignable(HOLDERS, x) if type(x) is _ndarray else x


def views_of(x: Any, result: Any, fn: Any, args: tuple[Any, ...]) -> Any:
    """Return results of `fn(x, *args)`, computed with what x holds, as the views of x that they are."""
    if isinstance(result, (tuple, list)):
        parts = [views_of(x, r, functools.partial(_item_of, fn, k), args) for k, r in enumerate(result)]
        return rebuilt(result, parts)
    held = x.value
    if result is held:
        return x
    if not isinstance(held, Tracer):
        return linked(assignable(result), x, fn, args)
    view = result
    while isinstance(view, Tracer) and type(view.link) is Link:
        link = view.link
        if link.base is held:
            link.base, link.seen = x, held
        view = link.base
    return result


def _item_of(fn: Any, k: int, x: Any, *args: Any) -> Any:
    return fn(x, *args)[k]


class Holders(Trace):
    """The trace of arrays that hold a value of another trace, or a plain one: it hands over to that."""

    __slots__ = ()
    mode: ClassVar[str] = "assignment"
    holds: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.level = 1 << 60  # above all others, so that what is held is looked up first
        self.written = True

    def current(self, x: Any) -> Any:
        if x.link is not None:
            x.link.refresh(x)
            if x.run is not self:
                return x.run.current(x)
        value = x.value
        return value.run.current(value) if isinstance(value, Tracer) and value.run.written else value

    def unary(self, p: Unary, x: Any) -> Any:
        x = self.current(x)
        return x.run.unary(p, x) if isinstance(x, Tracer) else assignable(p.impl(x))

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        x, y = now(x), now(y)
        if isinstance(x, Tracer) or isinstance(y, Tracer):
            return binary(p, x, y)
        return assignable(p.impl(x, y))

    def read(self, x: Any, index: Any) -> Any:
        held = self.current(x) if isinstance(x, Tracer) else x
        index = now(index)
        if isinstance(held, Tracer):
            return held.run.read(held, index)
        top = top_within(index)
        return assignable(GETITEM.impl(held, index)) if top is None else top.read(held, index)

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        operands = tuple([now(o) for o in operands])
        params = tuple([now(v) for v in params])
        ans = redispatched(p, operands, params)
        if isinstance(ans, (tuple, list)):
            return rebuilt(ans, [assignable(a) for a in ans])
        return assignable(ans)

    def apply_constant(self, p: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return p.apply(now(args), {k: now(v) for k, v in kwargs.items()})

    def each(self, fn: Any, _name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return fn(*now(args), **{k: now(v) for k, v in kwargs.items()})


def now(x: Any) -> Any:
    """Return an argument, or what is in its sequences, with what is held in place of the holders."""
    if isinstance(x, Tracer):
        return x.run.current(x) if x.run.written else x
    if type(x) is list or type(x) is tuple:
        return type(x)([now(v) for v in x])
    return x


HOLDERS: Final = Holders()


#: `count`: how many transforms are calling a function in this thread
DEPTH: Final = threading.local()


def inside_transform() -> bool:
    """Tell whether a transform is calling the user's function."""
    return getattr(DEPTH, "count", 0) > 0
