"""NumPy's protocols on a tracer: how `np.sin(x)` and `np.linalg.solve(a, b)` find their rules.

Also what must not happen silently: conversions to plain numbers, and stores into plain arrays.
"""

from __future__ import annotations

import dis
import functools
import math
import sys
import warnings
from types import FrameType
from typing import Any, Final, NoReturn

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.callers import random_method
from funcad.core.elements import separate
from funcad.core.elementwise import Binary, Unary
from funcad.core.operators import POW
from funcad.core.primitive import registry, strip, top_within
from funcad.core.tracer import Tracer, is_users, plain, user_frame, user_line
from funcad.core.ufunc_methods import call_method
from funcad.errors import (
    AssignmentError,
    ConversionError,
    NoRuleError,
    TakenApartWarning,
    UnsupportedArgumentError,
)

_power: Final = np.power
#: functions whose result may be a view of their first argument
VIEWS: Final = frozenset({
    *(np.reshape, np.ravel, np.squeeze, np.expand_dims, np.broadcast_to, np.transpose, np.matrix_transpose),
    *(np.swapaxes, np.moveaxis, np.rollaxis, np.flip, np.fliplr, np.flipud, np.rot90, np.diagonal, np.real),
    *(np.imag, np.diag),
})  # fmt: skip


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
            elif kwargs.get("out") is not None:
                return _stored(ufunc, inputs, kwargs)
            return p.apply(inputs, kwargs)
        return _ufunc_method(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        p = registry.get(func)
        if p is None:
            return _unknown(func, args, kwargs)
        out = kwargs.get("out") if kwargs else None
        if isinstance(out, Tracer):
            from funcad.core.writing import store

            return store(out, p.apply(args, {k: v for k, v in kwargs.items() if k != "out"}))
        result = p.apply(args, kwargs)
        if func in VIEWS and isinstance(args[0], Tracer):
            from funcad.core.links import linked

            return linked(result, args[0], _with_keywords(func, kwargs), args[1:])
        return result

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if dtype is not None and np.dtype(dtype).kind != "O":
            refuse_conversion(f"an array of {np.dtype(dtype)}")
        shape = shape_of(self)
        if is_store():
            refuse_store("array[...] = value")
        if 0 in shape:
            return np.empty(shape, own_dtype(self))  # no element is there that would carry a derivative
        self.check_separable()
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

    def check_separable(self) -> None:
        """Refuse what NumPy computes differently with once it is an array of separate elements.

        NumPy takes those for real numbers, and adds them up in their own dtype.
        """
        dtype = own_dtype(self)
        if dtype.kind == "c" or (dtype.kind in "biu" and np.add.reduce(np.empty(0, dtype)).dtype != dtype):
            raise ConversionError(
                f"NumPy would make separate elements of traced values of dtype {dtype} (at {user_line()}), "
                "and compute with them otherwise than with an array; put them together with np.stack, "
                "np.concatenate or funcad.numpy.array"
            )

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
        from funcad.core.writing import write

        write(self, strip(index), value)

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
    """Answer `np.add.reduce` and the like, unless it writes into an array."""
    name = f"np.{ufunc.__name__}.{method}"
    if method == "at":
        if not isinstance(inputs[0], Tracer):
            refuse_store(name)
        from funcad.core.writing import apply_at

        return apply_at(ufunc, *inputs)
    outs = kwargs.pop("out", None)
    if outs is not None:
        (out,) = outs
        if not isinstance(out, Tracer):
            refuse_store(f"{name}(..., out=...)")
        from funcad.core.writing import store

        return store(out, getattr(ufunc, method)(*inputs, **kwargs))
    return call_method(ufunc, method, inputs, kwargs)


def _with_keywords(func: Any, kwargs: dict[str, Any]) -> Any:
    return functools.partial(func, **kwargs) if kwargs else func


def _stored(ufunc: Any, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Compute a ufunc with `out=`: the result is written into that array, where `where=` says so."""
    from funcad.core.writing import store

    kwargs = dict(kwargs)
    outs = kwargs.pop("out")
    where = kwargs.pop("where", True)
    casting = kwargs.pop("casting", "same_kind")
    for out in outs:
        if out is not None and not isinstance(out, Tracer):
            refuse_store(f"np.{ufunc.__name__}(..., out=...)")
    results = ufunc(*inputs, **kwargs)
    several = isinstance(results, tuple)
    stored = []
    for out, result in zip(outs, results if several else (results,), strict=True):
        if out is None:
            stored.append(result)
            continue
        if shape_of(result) != shape_of(out):
            # an operand may be broadcast to the shape of the output, never the other way round
            result = np.broadcast_to(result, np.broadcast_shapes(shape_of(result), shape_of(out)))
        stored.append(store(out, result if where is True else np.where(where, result, out), casting))
    return tuple(stored) if several else stored[0]


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


def is_store() -> bool:
    """Tell whether the user's line is executing an item assignment."""
    return instruction() in _STORES


def instruction() -> str | None:
    """Return the name of the instruction that the user's code is executing."""
    frame = user_frame()
    return None if frame is None else dis.opname[frame.f_code.co_code[frame.f_lasti]]


def refuse_conversion(what: str) -> NoReturn:
    """Raise the error for a conversion that would lose the derivative."""
    if is_store():
        refuse_store("array[...] = value")
    drawing = random_method()
    if drawing is not None:
        raise ConversionError(_of_generator(*drawing))
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
