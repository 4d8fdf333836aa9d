"""The errors for what would lose a derivative: they say what happened, where, and what to write instead."""

from __future__ import annotations

import dis
import sys
import warnings
from types import FrameType
from typing import Any, Final, NoReturn

import numpy as np

from funcad.core.broadcast import own_dtype
from funcad.core.callers import random_method
from funcad.core.libraries import advice, asking_of_scipy, refuse_twin
from funcad.core.tracer import Tracer, is_users, plain, user_frame, user_line
from funcad.errors import (
    AssignmentError,
    ConversionError,
    NoRuleError,
    TakenApartWarning,
    UnsupportedArgumentError,
)


def no_rule(fn: Any) -> NoRuleError:
    """Return the error for a function that has no rule."""
    from funcad.core.kinds import name_of

    name = name_of(fn)
    return NoRuleError(
        f"{name} has no derivative rule (called at {user_line()}); express it with functions "
        "that have one (`python -m funcad rules` lists them), wrap it with funcad.primitive and "
        "a rule of your own, or pass funcad.stop_gradient(x) if no derivative is wanted"
    )


#: the instructions of item assignment; `a[i:j] = v` has one of its own since Python 3.12
_STORES: Final = frozenset({"STORE_SUBSCR", "STORE_SLICE"})


def is_store() -> bool:
    """Tell whether the user's line is executing an item assignment."""
    return instruction() in _STORES


def instruction() -> str | None:
    """Return the name of the instruction that the user's code is executing."""
    frame = user_frame()
    return None if frame is None else dis.opname[frame.f_code.co_code[frame.f_lasti]]


def formats_text() -> bool:
    """Tell whether the user's line is executing `text % value`; numbers have a remainder of their own."""
    frame = user_frame()
    if frame is None:
        return False
    code, at = frame.f_code.co_code, frame.f_lasti
    return dis.opname[code[at]] == "BINARY_OP" and code[at + 1] == _REMAINDER


_REMAINDER: Final = next(
    i.arg for i in dis.get_instructions(compile("a % b", "", "eval")) if i.opname == "BINARY_OP"
)


def refuse_conversion(what: str) -> NoReturn:
    """Raise the error for a conversion that would lose the derivative."""
    lost = f"a traced value cannot become {what} at {user_line()}: the derivative would be lost. "
    refuse_in_scipy(lost)
    if is_store():
        refuse_store("array[...] = value")
    drawing = random_method()
    if drawing is not None:
        raise ConversionError(_of_generator(*drawing))
    name = _called_of_numpy()
    if name in _TWINS:
        # not a TypeError, which the brackets of np.mgrid would catch
        raise UnsupportedArgumentError(f"{lost}Write {_TWINS[name]}")
    raise ConversionError(
        f"{lost}Compute with it as it is; write np.sin(x) for math.sin(x), np.array([...]) without a "
        "dtype (or funcad.numpy.array, arange and the like) to make arrays of values, x.astype(dtype) "
        "for np.float64(x), and funcad.stop_gradient(x) where only the number is wanted"
    )


def refuse_in_scipy(lost: str) -> None:
    """Refuse what code of SciPy asks for."""
    refuse_twin()
    frames = asking_of_scipy()
    if frames:
        raise ConversionError(f"{lost}{advice(frames)}")


def _of_generator(call: str, owner: Any) -> str:
    """Say how a draw with traced parameters is written."""
    name = call.rpartition(".")[2]
    generator = f"`random.default_rng({call.rpartition('.')[0]})`, which draws from the same state"
    if type(owner).__name__ != "Generator":
        generator = "`rng = random.default_rng(seed)`"
    return (
        f"{call} at {user_line()} is compiled and does not see traced values: the derivative would be lost. "
        f"Write `from funcad.numpy import random` and call {name} of the generator {generator}: it is "
        "NumPy's, with the same draws, and has derivatives; or pass funcad.stop_gradient(x) where only the "
        "number is wanted"
    )


#: functions that NumPy does not let a traced value see, and what sees it; by the names of their code
_TWINS: Final = {
    "AxisConcatenator.__getitem__": "funcad.numpy.r_ for np.r_, and funcad.numpy.c_ for np.c_",
    "nd_grid.__getitem__": "funcad.numpy.mgrid for np.mgrid, and funcad.numpy.ogrid for np.ogrid",
    "vectorize.__call__": "funcad.numpy.vectorize for np.vectorize",
    "full": "funcad.numpy.full for np.full",
    "full_like": "funcad.numpy.full_like for np.full_like",
    "insert": "funcad.numpy.insert for np.insert",
    "kaiser": "funcad.numpy.kaiser for np.kaiser",
    "piecewise": "funcad.numpy.piecewise for np.piecewise",
    "require": "funcad.numpy.require for np.require",
    "asarray_chkfinite": "funcad.numpy.asarray_chkfinite for np.asarray_chkfinite",
    "apply_along_axis": "funcad.numpy.apply_along_axis for np.apply_along_axis",
}


_ENGINE: Final = ("funcad.core", "funcad.transforms")


def _asking() -> FrameType | None:
    """Return the innermost frame that is not of the engine."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__", "").startswith(_ENGINE):
        frame = frame.f_back  # compiled functions have no frames
    return frame


def reads_memory(x: Any) -> bool:
    """Tell whether np.lib.stride_tricks.as_strided asks, which looks at memory: that of separate elements.

    Raises:
        ConversionError: it would look at other places than those of an array that has been taken apart.
    """
    frame = _asking()
    if frame is None or frame.f_code is not _AS_STRIDED:
        return False
    shape, strides = frame.f_locals["shape"], frame.f_locals["strides"]
    shape, strides = (x.shape if shape is None else shape), (x.strides if strides is None else strides)
    steps = [max(n - 1, 0) * s for n, s in zip(shape, strides, strict=False)]  # NumPy compares their lengths
    inside = sum([min(s, 0) for s in steps]) == 0 and sum(steps) <= x.nbytes - x.itemsize
    if not (inside and x.itemsize == _POINTER and x.flags.c_contiguous):
        raise ConversionError(
            f"np.lib.stride_tricks.as_strided at {user_line()} reads memory of traced values, which it can "
            "where they are numbers of double precision in C order, inside the array: write "
            "np.lib.stride_tricks.sliding_window_view(x, window), or x[indices], for any others"
        )
    return True


_AS_STRIDED: Final = np.lib.stride_tricks.as_strided.__code__
_POINTER: Final = np.dtype(object).itemsize


def changes_precision(x: Tracer) -> bool:
    """Tell whether code of NumPy asks that would put what it gets into an array of double precision."""
    frame = _asking()
    if frame is None:
        return False
    if frame.f_code is _KAISER:
        return bool(frame.f_locals["M"] == 1) or own_dtype(plain(x)) not in _DOUBLE
    return frame.f_globals.get("__name__") in _CONVERTING and own_dtype(plain(x)) not in _DOUBLE


#: where NumPy converts what it joins, which separate elements do not see: np.r_, sums of polynomials
_CONVERTING: Final = frozenset({"numpy.lib._index_tricks_impl", "numpy.polynomial.polyutils"})
_KAISER: Final = np.kaiser.__code__
_DOUBLE: Final = (None, np.dtype(float), np.dtype(complex))


def _called_of_numpy() -> str | None:
    """Return the name of the function of NumPy, written in Python, that the user's code has called."""
    frame: FrameType | None = sys._getframe()
    name = None
    while frame is not None and not is_users(frame):
        if frame.f_globals.get("__name__", "").startswith("numpy."):
            name = frame.f_code.co_qualname
        frame = frame.f_back
    return name


def refuse_store(how: str) -> NoReturn:
    """Raise the error for storing a traced value into a plain array."""
    refuse_in_scipy(
        f"a traced value cannot be stored into a plain array at {user_line()}: the derivative would be lost. "
    )
    name = _called_of_numpy()
    if name in _TWINS:
        raise UnsupportedArgumentError(
            f"a traced value was given to a function that makes a plain array at {user_line()}: the "
            f"derivative would be lost. Write {_TWINS[name]}"
        )
    raise AssignmentError(
        f"a traced value cannot be stored into a plain array at {user_line()} ({how}): the "
        "derivative would be lost. Make the array with funcad.numpy.zeros in place of np.zeros (empty, "
        "ones, full, arange and array likewise) or with np.zeros_like of a traced array, or write "
        "`a = a + value` instead of `a += value`"
    )


def warn_taken_apart() -> None:
    """Warn, once per place, that a whole traced array becomes an array of traced elements."""
    frame = user_frame()
    if frame is None:
        return
    warnings.warn_explicit(
        f"a traced array was taken apart into elements at {user_line()}: exact, but slow; "
        "use the traced array itself where an array is expected, without np.asarray",
        TakenApartWarning,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=frame.f_globals.get("__name__"),
        registry=frame.f_globals.setdefault("__warningregistry__", {}),
    )
