"""Functions that make arrays of values.

Plain NumPy sees here only what is passed as `like=`; `funcad.numpy` calls these functions for all traced values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer, typed
from funcad.core.assignable import assignable
from funcad.core.broadcast import dtype_named
from funcad.core.kinds import composite, of_type
from funcad.core.links import is_array
from funcad.core.primitive import strip
from funcad.core.tracer import Tracer, anywhere, plain
from funcad.errors import UnsupportedArgumentError

# what takes no values gives plain arrays
of_type(np.zeros, np.ones, np.empty, np.eye, np.identity, np.tri)


@composite(np.array)
def _array(
    object: Any, dtype: Any = None, *, copy: bool | None = True, order: Any = "K", subok: bool = False,
    ndmin: int = 0, ndmax: int = 0,
) -> Any:  # fmt: skip
    if not contains_tracer(object):
        limit: Any = {"ndmax": ndmax} if ndmax else {}
        return np.array(object, dtype, copy=copy, order=order, subok=subok, ndmin=ndmin, **limit)
    x: Any = as_operand(object)
    made = x is not object or not is_array(x)
    if dtype is not None and dtype_named(dtype) != x.dtype:
        x, made = x.astype(dtype), True
    if made and copy is False:
        raise ValueError("Unable to avoid copy while creating an array as requested: pass copy=None")
    if ndmax and x.ndim > ndmax:
        raise UnsupportedArgumentError("np.array of traced values has no derivative rule for a smaller ndmax")
    if copy or not is_array(x) or order in ("C", "F"):
        x = np.copy(x, order)
    return np.reshape(x, (1,) * (ndmin - x.ndim) + x.shape) if ndmin > x.ndim else x


def on_cpu(device: Any) -> None:
    """Refuse every device but the one that NumPy has."""
    if device not in (None, "cpu"):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')


@composite(np.asarray)
def _asarray(
    a: Any, dtype: Any = None, order: Any = None, *, device: Any = None, copy: bool | None = None
) -> Any:
    on_cpu(device)
    return _array(a, dtype, copy=copy, order=order or "K")


@composite(np.asanyarray)
def _asanyarray(
    a: Any, dtype: Any = None, order: Any = None, *, device: Any = None, copy: bool | None = None
) -> Any:
    return _asarray(a, dtype, order, device=device, copy=copy)


@composite(np.ascontiguousarray)
def _ascontiguousarray(a: Any, dtype: Any = None) -> Any:
    return _array(a, dtype, copy=None, order="C", ndmin=1)


@composite(np.asfortranarray)
def _asfortranarray(a: Any, dtype: Any = None) -> Any:
    return _array(a, dtype, copy=None, order="F", ndmin=1)


@composite(np.require)
def _require(a: Any, dtype: Any = None, requirements: Any = None) -> Any:
    asked = {str(r).upper()[0] for r in requirements or ()}
    if unknown := asked - set("CFAWOE"):
        raise KeyError(unknown.pop())
    if {"C", "F"} <= asked:
        raise ValueError('Cannot specify both "C" and "F" order')
    order = "F" if "F" in asked else "C" if "C" in asked else "K"
    return _array(a, dtype, copy=None, order=order)


@composite(np.asarray_chkfinite)
def _asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    a = _asarray(a, dtype, order)
    if anywhere(np.logical_not(np.isfinite(plain(a)))):
        raise ValueError("array must not contain infs or NaNs")
    return a


@composite(np.full)
def _full(shape: Any, fill_value: Any, dtype: Any = None, order: str = "C", *, device: Any = None) -> Any:
    on_cpu(device)
    fill = as_operand(fill_value)
    return _array(np.broadcast_to(fill, shape), dtype, order=order)


@composite(np.full_like)
def _full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *,
    device: Any = None,
) -> Any:  # fmt: skip
    like: Any = np.empty_like(plain(as_operand(a)), dtype, order, subok, shape, device=device)  # type: ignore[call-overload]
    fill = as_operand(fill_value)
    if like.dtype.kind not in "fc" or not isinstance(fill, Tracer):
        return assignable(np.full_like(like, strip(fill_value)))
    return np.copy(np.broadcast_to(typed(fill, like.dtype), like.shape))


@composite(np.ix_)
def _ix(*args: Any) -> tuple[Any, ...]:
    out = []
    for k, x in enumerate(map(as_operand, args)):
        if np.ndim(x) != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if x.size == 0 and not isinstance(args[k], np.ndarray):
            x = x.astype(np.intp)
        if x.dtype == bool:
            (x,) = np.nonzero(x)
        out.append(np.reshape(x, (1,) * k + (x.size,) + (1,) * (len(args) - k - 1)))
    return tuple(out)


@composite(np.kaiser)
def _kaiser(M: Any, beta: Any) -> Any:
    beta = typed(as_operand(beta), np.result_type(plain(beta), float))
    if M == 1:
        return np.ones(1)
    n, alpha = np.arange(0.0, M), (M - 1) / 2.0
    return np.i0(beta * np.sqrt(1 - ((n - alpha) / alpha) ** 2.0)) / np.i0(beta)
