"""NumPy's protocols on a tracer: how `np.sin(x)` and `np.linalg.solve(a, b)` find their rules.

Also what must not happen silently: conversions to plain numbers, and stores into plain arrays.
"""

from __future__ import annotations

import dis
import math
import sys
import warnings
from types import FrameType
from typing import Any, Final, NoReturn

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import separate
from funcad.core.elementwise import Binary, Unary
from funcad.core.operators import POW
from funcad.core.primitive import registry, top_within
from funcad.core.tracer import Tracer, is_users, plain, user_frame, user_line
from funcad.errors import (
    AssignmentError,
    ConversionError,
    NoRuleError,
    TakenApartWarning,
    UnsupportedArgumentError,
)

_power: Final = np.power
_METHODS: Final[dict[tuple[Any, str], Any]] = {
    (np.add, "reduce"): np.sum,
    (np.multiply, "reduce"): np.prod,
    (np.maximum, "reduce"): np.max,
    (np.minimum, "reduce"): np.min,
    (np.add, "accumulate"): np.cumsum,
    (np.multiply, "accumulate"): np.cumprod,
}


def binary(p: Binary, x: Any, y: Any) -> Any:
    """Hand an elementwise function of two arguments, one of them traced, to the innermost trace."""
    if isinstance(x, Tracer):
        if isinstance(y, Tracer):
            trace = y.run if y.run.level > x.run.level else x.run
            return trace.binary(p, x, y)
        if type(y) is not float and type(y) is not int:
            y = as_operand(y)
            if isinstance(y, Tracer):
                return binary(p, x, y)
        return x.run.left(p, x, y)
    if type(x) is not float and type(x) is not int:
        x = as_operand(x)
        if isinstance(x, Tracer):
            return binary(p, x, y)
    tracer: Tracer = y
    return tracer.run.right(p, x, y)


class Protocols(Tracer):
    """A tracer that answers NumPy's dispatch protocols and refuses silent conversions."""

    __slots__ = ()

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        p: Any = registry.get(ufunc)
        if method == "__call__":
            if p is None:
                return _unknown(ufunc, inputs, kwargs)
            if not kwargs:
                kind = type(p)
                if kind is Unary:
                    return self.run.unary(p, self)
                if kind is Binary:
                    if ufunc is _power and not isinstance(inputs[0], Tracer) and instruction() == "BINARY_OP":
                        p = POW  # the operator, which rounds some results otherwise than np.power
                    return binary(p, inputs[0], inputs[1])
            elif any(type(a) is np.ndarray for a in kwargs.get("out") or ()):
                refuse_store(f"np.{ufunc.__name__}(..., out=...)")
            return p.apply(inputs, kwargs)
        return _ufunc_method(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        p = registry.get(func)
        return _unknown(func, args, kwargs) if p is None else p.apply(args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if dtype is not None and np.dtype(dtype).kind != "O":
            refuse_conversion(f"an array of {np.dtype(dtype)}")
        shape = shape_of(self)
        if _is_store():
            refuse_store("array[...] = value")
        out: Any = np.empty(shape, object)
        if _changes_precision(self):
            refuse_conversion("a part of an array of another precision")
        if shape == ():
            out[()] = self
            return out
        warn_taken_apart()
        for k, element in enumerate(separate(np.ravel(self))):
            out.flat[k] = element
        return out

    def __float__(self) -> float:
        refuse_conversion("a float")

    def __int__(self) -> int:
        refuse_conversion("an int")

    def __index__(self) -> int:
        refuse_conversion("an index")

    def __complex__(self) -> complex:
        refuse_conversion("a complex number")

    def __floor__(self) -> Any:
        return math.floor(plain(self))

    def __ceil__(self) -> Any:
        return math.ceil(plain(self))

    def __trunc__(self) -> Any:
        return math.trunc(plain(self))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise AssignmentError(
            f"assignment into a traced array at {user_line()}: arrays under a transform are not "
            "written to; build the result with np.where, np.concatenate or np.stack"
        )

    def __delitem__(self, index: Any) -> None:
        raise AssignmentError(f"elements of an array cannot be deleted (at {user_line()}); see np.delete")

    def __format__(self, spec: str) -> str:
        return format(plain(self), spec)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r}, level={self.run.level})"

    def __reduce__(self) -> NoReturn:
        raise ConversionError("a traced value cannot be pickled; pass funcad.stop_gradient(value)")


# a compiled class has no slot of this name, unless it is assigned to
setattr(Protocols, "__index__", vars(Protocols)["__index__"])  # noqa: B010


def _ufunc_method(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer `np.add.reduce` and the like through the function that computes the same."""
    name = f"np.{ufunc.__name__}.{method}"
    if method == "at":
        refuse_store(name)
    if any(kwargs.get(k) is not None for k in ("out",)):
        refuse_store(f"{name}(..., out=...)")
    if method == "outer":
        a, b = inputs
        if kwargs:
            raise UnsupportedArgumentError(f"{name} has no rule for the keywords {sorted(kwargs)}")
        return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)
    p = registry.get(ufunc)
    if p is not None and p.kind == "constant":
        bound = getattr(ufunc, method)
        inputs = tuple([plain(x) for x in inputs])
        top = top_within(inputs)
        return bound(*inputs, **kwargs) if top is None else top.each(bound, name, inputs, kwargs)
    fn = _METHODS.get((ufunc, method))
    if fn is None:
        top = top_within(inputs)
        if top is not None and top.stacks:
            return top.each(getattr(ufunc, method), name, inputs, kwargs)
        raise NoRuleError(f"{name} has no derivative rule; use the function of numpy that it equals")
    # the methods work along axis 0 by default, the functions over all axes
    return fn(inputs[0], **{"axis": 0, **{k: v for k, v in kwargs.items() if k != "out"}})


def _unknown(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer a function that has no rule: for a batch it is called for every example."""
    top = top_within((args, tuple(kwargs.values())))
    if top is None or not top.stacks:
        raise no_rule(fn)
    from funcad.core.kinds import name_of

    return top.each(fn, name_of(fn), args, kwargs)


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


def _is_store() -> bool:
    """Tell whether the user's line is executing an item assignment."""
    return instruction() in _STORES


def instruction() -> str | None:
    """Return the name of the instruction that the user's code is executing."""
    frame = user_frame()
    return None if frame is None else dis.opname[frame.f_code.co_code[frame.f_lasti]]


def refuse_conversion(what: str) -> NoReturn:
    """Raise the error for a conversion that would lose the derivative."""
    if _is_store():
        refuse_store("array[...] = value")
    lost = f"a traced value cannot become {what} at {user_line()}: the derivative would be lost. "
    name = _called_of_numpy()
    if name in _TWINS:
        # not a TypeError, which the brackets of np.mgrid would catch
        raise UnsupportedArgumentError(f"{lost}Write {_TWINS[name]}")
    raise ConversionError(
        f"{lost}Compute with it as it is; write np.sin(x) for math.sin(x), np.array([...]) without a "
        "dtype (or funcad.numpy.array, arange and the like) to make arrays of values, x.astype(dtype) "
        "for np.float64(x), and funcad.stop_gradient(x) where only the number is wanted"
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


def _changes_precision(x: Tracer) -> bool:
    """Tell whether code of NumPy asks that would put what it gets into an array of double precision."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back  # compiled functions have no frames
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
    name = _called_of_numpy()
    if name in _TWINS:
        raise UnsupportedArgumentError(
            f"a traced value was given to a function that makes a plain array at {user_line()}: the "
            f"derivative would be lost. Write {_TWINS[name]}"
        )
    raise AssignmentError(
        f"a traced value cannot be stored into a plain array at {user_line()} ({how}): the "
        "derivative would be lost. Collect the values in a list and join them with np.array or "
        "np.stack, or write `a = a + value` instead of `a += value`"
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
