"""Traced values, the traces they belong to, and how an operation finds its trace.

A *trace* is one running call of a transform. Its level is a number that is never reused:
there is no stack to unwind when a function raises, threads cannot disturb each other, and
the trace with the highest level among the arguments of an operation is the innermost one.
To that trace, tracers of lower levels are constants.
"""

from __future__ import annotations

import itertools
import linecache
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from funcad.errors import BatchError, LeakedTracerError, RuleError

if TYPE_CHECKING:
    from funcad.core.elementwise import Binary, Unary
    from funcad.core.general import General
    from funcad.core.primitive import Primitive

_levels: Final = itertools.count(1)


class Trace:
    """One running call of a transform: a level, and one way to read a primitive's rules."""

    __slots__ = ("ended", "level", "stacks", "watched", "written")

    #: what the messages call this mode
    mode: ClassVar[str] = "trace"
    #: whether its values are names for values of other traces, or plain ones
    holds: ClassVar[bool] = False

    def __init__(self) -> None:
        self.level: int = next(_levels)
        #: whether a value stands for a batch of them, so that there is no plain number below it
        self.stacks: bool = False
        self.ended: bool = False
        # one flag on the hot path stands for three rare states: ended, recording lines, or written to
        self.watched: bool = False
        #: whether an array of this trace was written to, so that its views may be out of date
        self.written: bool = False

    def unary(self, p: Unary, x: Any) -> Any:
        """Apply an elementwise function of one argument to a tracer of this trace."""
        raise NotImplementedError

    def binary(self, p: Binary, x: Any, y: Any) -> Any:
        """Apply an elementwise function of two arguments, one or both of this trace."""
        raise NotImplementedError

    def left(self, p: Binary, x: Any, y: Any) -> Any:
        """Apply a function of two arguments, of which only the left is of this trace.

        The other is a number or an array, which may be an array of traced objects.
        """
        return self.binary(p, x, y)

    def right(self, p: Binary, x: Any, y: Any) -> Any:
        """Apply a function of two arguments, of which only the right is of this trace."""
        return self.binary(p, x, y)

    def read(self, x: Any, index: Any) -> Any:
        """Return the elements at an index of a tracer of this trace."""
        raise NotImplementedError

    def general(self, p: General, operands: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        """Apply any other primitive; some of the operands belong to this trace."""
        raise NotImplementedError

    # what follows is asked of traces that stack, since the others have a plain value below

    def apply_constant(self, p: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Apply a function that no derivative flows through."""
        raise NotImplementedError

    def each(self, fn: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Apply a function that is not in the registry to every example."""
        raise NotImplementedError

    def stripped(self, x: Any) -> Any:
        """Return a value without the derivatives that it carries."""
        raise NotImplementedError

    def outdated(self, *operands: Any) -> bool:
        """Answer an operation on a watched trace, and tell whether it must be dispatched once more.

        Views are brought up to date; what was written into one may have been of another trace.
        """
        self.observe()
        if not self.written:
            return False
        moved = False
        for x in operands:
            if isinstance(x, Tracer):
                run = x.run
                run.current(x)
                moved = moved or x.run is not run
        return moved

    def current(self, x: Any) -> Any:
        """Return a value with what was written to the array that it is a view of."""
        if x.link is not None:
            x.link.refresh(x)
        return x if x.run is self else x.run.current(x)

    def end(self) -> None:
        """Mark the trace as ended: its tracers may not be computed with any more."""
        self.ended = True
        self.watched = True

    def observe(self) -> None:
        """Answer an operation on a watched trace: refuse it if the trace has ended."""
        if self.ended:
            raise LeakedTracerError(
                f"a traced value was used at {user_line()} after the {self.mode} that made it had "
                "returned; return it from the differentiated function instead of storing it, or "
                "store `funcad.stop_gradient(value)` if only the number is wanted"
            )


class Tracer:
    """A value together with the trace that follows it."""

    __slots__ = ("link", "run", "value")

    def __init__(self, trace: Trace, value: Any) -> None:
        self.run = trace
        self.value = value
        #: of which array it is a view, and of what part; None where it is none
        self.link: Any = None

    def overwrite(self, other: Any) -> None:
        """Become another value of the same trace: all names of this one see the change."""
        self.value = other.value

    def kept(self) -> Any:
        """Return the value as it is now, whatever may be written to it later."""
        return self  # of values that no user sees, and so nobody writes to


def top_trace(values: tuple[Any, ...]) -> Trace | None:
    """Return the innermost trace among some values, None when all of them are plain."""
    top: Trace | None = None
    for v in values:
        if isinstance(v, Tracer) and (top is None or v.run.level > top.level):
            top = v.run
    return top


def check_closed(p: Primitive, ans: Any, trace: Trace) -> None:
    """Refuse the result of a primitive whose body computed with a traced value it closes over."""
    if isinstance(ans, Tracer) and ans.run.level >= trace.level:
        raise RuleError(
            f"{p.name} (called at {user_line()}) uses a traced value that is not among its "
            "arguments; pass it as an argument, so that its derivative is not lost"
        )


def plain(x: Any) -> Any:
    """Return a value without its derivatives: a number, an array, or under `vmap` a batch of them."""
    while isinstance(x, Tracer):
        run = x.run
        if run.written:
            x = run.current(x)
            if not isinstance(x, Tracer):
                return x
            run = x.run
        if run.stacks:
            return run.stripped(x)
        x = x.value
    return x


def kept(x: Any) -> Any:
    """Return a value as it is now, whatever may be written to it later; plain arrays are kept otherwise."""
    if not isinstance(x, Tracer):
        return x
    if x.run.written:
        x = x.run.current(x)
    return x.kept() if isinstance(x, Tracer) else x


def anywhere(condition: Any) -> bool:
    """Tell whether a condition holds for some element, of any example where it is a batch."""
    while isinstance(condition, Tracer):
        condition = condition.value
    return bool(np.count_nonzero(condition))  # np.any takes ten times as long for a number


def agreed(condition: Any, what: str) -> bool:
    """Return a truth value that what comes next depends on, the same for all examples of a batch.

    Raises:
        BatchError: the examples of a batch differ.
    """
    while isinstance(condition, Tracer):
        condition = condition.value
    holds = bool(np.all(condition))
    if not holds and np.any(condition):
        raise BatchError(
            f"the examples of a batch differ in {what} (at {user_line()}): loop over them in place of vmap"
        )
    return holds


def user_frame() -> FrameType | None:
    """Return the innermost frame that belongs neither to funcad nor to NumPy."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if is_users(frame):
            return frame
        frame = frame.f_back
    return None


def user_line() -> str:
    """Name the file, the line and the source text of the innermost user frame."""
    inner = frame = user_frame()
    while frame is not None and _is_scipys(frame):
        frame = frame.f_back
    frame = frame or inner
    return "an unknown line" if frame is None else _line(frame, frame.f_lineno)


def raised_at(e: BaseException) -> str:
    """Name the line of the user's code at which an exception was raised."""
    where = "an unknown line"
    entry = e.__traceback__
    while entry is not None:
        if is_users(entry.tb_frame) and not _is_scipys(entry.tb_frame):
            where = _line(entry.tb_frame, entry.tb_lineno)
        entry = entry.tb_next
    return where


def _line(frame: FrameType, line: int) -> str:
    file = frame.f_code.co_filename
    text = linecache.getline(file, line, frame.f_globals).strip()
    return f"{file}:{line}" + (f" (`{text}`)" if text else "")


def is_users(frame: FrameType) -> bool:
    """Tell whether a frame belongs neither to funcad nor to NumPy."""
    name = frame.f_globals.get("__name__", "")
    # the demonstration is a user of the library
    return name.partition(".")[0] not in _INTERNAL or name.startswith("funcad.demo")


def _is_scipys(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith("scipy.")


_INTERNAL: Final = frozenset({"funcad", "numpy"})
