"""NumPy's protocols on a tracer: how `np.sin(x)` and `np.linalg.solve(a, b)` find their rules.

Also what must not happen silently: conversions to plain numbers, and stores into plain arrays.
"""

from __future__ import annotations

import functools
import inspect
import math
import sys
from typing import Any, Final, NoReturn

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import separate
from funcad.core.elementwise import Binary, Unary
from funcad.core.libraries import check_asked
from funcad.core.on_demand import loaded
from funcad.core.operators import POW
from funcad.core.primitive import registry, strip, top_within
from funcad.core.refusals import (
    changes_precision,
    formats_text,
    instruction,
    is_store,
    no_rule,
    reads_memory,
    refuse_conversion,
    refuse_store,
    warn_taken_apart,
)
from funcad.core.tracer import Tracer, plain, user_line
from funcad.core.ufunc_methods import call_method
from funcad.errors import AssignmentError, ConversionError

_power: Final = np.power
#: functions whose result may be a view of their first argument
VIEWS: Final = frozenset({
    *(np.reshape, np.ravel, np.squeeze, np.expand_dims, np.broadcast_to, np.transpose, np.matrix_transpose),
    *(np.swapaxes, np.moveaxis, np.rollaxis, np.flip, np.fliplr, np.flipud, np.rot90, np.diagonal, np.real),
    *(np.imag, np.diag, np.lib.stride_tricks.sliding_window_view),
})  # fmt: skip


def seen_through(result: Any, x: Any, make: Any, args: tuple[Any, ...]) -> Any:
    """Return `make(x, *args)` as the view of a traced array that it may be."""
    from funcad.core.assignable import views_of
    from funcad.core.links import linked

    result = linked(result, x, make, args)
    return views_of(x, result, make, args) if x.run.holds else result


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
        if out is None and len(args) > 1 and (place := _place_of_out(func)) < len(args):
            out = args[place]
            if isinstance(out, Tracer):
                args = (*args[:place], None, *args[place + 1 :])
        if isinstance(out, Tracer):
            from funcad.core.writing import store

            return store(out, p.apply(args, {k: v for k, v in kwargs.items() if k != "out"}))
        result = p.apply(args, kwargs)
        if not args or not isinstance(args[0], Tracer):
            return result
        if func in VIEWS:
            return seen_through(result, args[0], _with_keywords(func, kwargs), args[1:])
        if args[0].run.holds:
            from funcad.core.assignable import views_of

            return views_of(args[0], result, _with_keywords(func, kwargs), args[1:])
        return result

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if check_asked():
            out: Any = np.empty((), object)
            out[()] = self
            return out
        if dtype is not None and np.dtype(dtype).kind != "O":
            refuse_conversion(f"an array of {np.dtype(dtype)}")
        shape = shape_of(self)
        if is_store():
            refuse_store("array[...] = value")
        if 0 in shape:
            return np.empty(shape, own_dtype(self))  # no element is there that would carry a derivative
        self.check_separable()
        out = np.empty(shape, object)
        if changes_precision(self):
            refuse_conversion("a part of an array of another precision")
        if shape == ():
            out[()] = self
            return out
        by_memory = reads_memory(self)
        warn_taken_apart()
        for k, element in enumerate(separate(np.ravel(self))):
            out.flat[k] = element
        out.flags.writeable = not by_memory  # what is written there would not be seen in the array
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
        if not formats_text():
            refuse_conversion("a float")
        return float(plain(self))

    def __int__(self) -> int:
        if not formats_text():
            refuse_conversion("an int")
        return int(plain(self))

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

    def __str__(self) -> str:
        value = plain(self)
        return repr(self) if isinstance(value, Tracer) else str(value)

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


@functools.cache
def _place_of_out(func: Any) -> int:
    """Return the position of `out` among the arguments of a function, beyond all of them if it has none."""
    try:
        listed = inspect.signature(func).parameters
    except ValueError:
        return sys.maxsize  # some compiled functions do not tell theirs
    by_position = "out" in listed and listed["out"].kind is not inspect.Parameter.KEYWORD_ONLY
    return list(listed).index("out") if by_position else sys.maxsize


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
    results = ufunc(*inputs, **kwargs) if where is True else _where_it_looks(ufunc, inputs, where, kwargs)
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


def _where_it_looks(ufunc: Any, inputs: tuple[Any, ...], where: Any, kwargs: dict[str, Any]) -> Any:
    """Compute a ufunc on numbers that it looks at, in place of those that `where=` hides from it.

    Those may be outside its domain, and would give warnings that the plain run does not give.
    """
    marks, *values = [strip(as_operand(v)) for v in (where, *inputs)]
    if any([isinstance(v, Tracer) for v in (marks, *values)]) or not np.any(marks):
        with np.errstate(all="ignore"):  # the examples of a batch look at different places
            return ufunc(*inputs, **kwargs)
    shape = np.broadcast_shapes(*[np.shape(v) for v in (marks, *values)])
    place = np.unravel_index(np.argmax(np.broadcast_to(marks, shape)), shape)
    shown = [np.where(marks, x, np.broadcast_to(v, shape)[place]) if np.ndim(v) else x
             for x, v in zip(inputs, values, strict=True)]  # fmt: skip
    return ufunc(*shown, **kwargs)


def _unknown(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer a function that has no rule: for a batch it is called for every example."""
    if loaded(fn):
        return fn(*args, **kwargs)
    top = top_within((args, tuple(kwargs.values())))
    if top is None or not top.stacks:
        raise no_rule(fn)
    from funcad.core.kinds import name_of

    return top.each(fn, name_of(fn), args, kwargs)
