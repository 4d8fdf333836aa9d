"""Numbers along a line, in equal steps or in equal ratios: NumPy's own algorithms over np.linspace."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand, typed
from funcad.core.broadcast import dtype_named, holds_no_derivative
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.primitive import strip
from funcad.core.tracer import anywhere, plain


def with_axes(a: Any, ndim: int) -> Any:
    """Return an array with axes of length 1 in front, until it has some number of axes."""
    return np.reshape(a, (1,) * (ndim - np.ndim(a)) + np.shape(a))


@composite(np.logspace)
def _logspace(
    start: Any, stop: Any, num: Any = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None,
    axis: int = 0,
) -> Any:  # fmt: skip
    if np.ndim(base):
        ends = [as_operand(a) for a in (start, stop, base)]
        ndim = max([np.ndim(a) for a in ends])
        start, stop, base = (with_axes(a, ndim) for a in ends)
        base = np.expand_dims(base, axis)
    y = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return y if dtype is None else typed(y, dtype_named(dtype))


@composite(np.geomspace)
def _geomspace(
    start: Any, stop: Any, num: Any = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0
) -> Any:
    start, stop = as_operand(start), as_operand(stop)
    if anywhere(np.equal(plain(start), 0)) or anywhere(np.equal(plain(stop), 0)):
        raise ValueError("Geometric sequence cannot include zero")
    dt = np.result_type(start, stop, float(num), np.zeros((), dtype))
    start, stop = typed(start, dt), typed(stop, dt)
    sign = np.sign(plain(start))  # that of a complex start moves, but falls out of the product
    start, stop = start / sign, stop / sign
    result = np.logspace(np.log10(start), np.log10(stop), num, endpoint, dtype=dt)
    if num > 0:
        # the ends are the numbers themselves, not their logarithms raised again
        row = np.shape(result)[1:]
        last = [np.broadcast_to(stop, row)] if num > 1 and endpoint else []
        middle = result[1 : num - len(last)]
        result = np.concatenate([[np.broadcast_to(start, row)], middle, *[[e] for e in last]])
    result = result * sign
    if axis != 0:
        result = np.moveaxis(result, 0, axis)
    return typed(result, dt if dtype is None else dtype_named(dtype))


# --- np.arange: how many numbers there are is constant


def _steps(start: Any, step: Any, stop: Any, dtype: Any = None) -> Any:
    make: Any = np.arange
    return make(start, stop, step, dtype)


def steps_back(g: Any, start: bool) -> Any:
    """Return the cotangent of the start, the sum, or of the step, the sum weighted by position."""
    return np.sum(g if start else g * np.arange(len(g), dtype=g.dtype))


steps = PrimitiveFunction(_steps, name="np.arange")
steps.def_jvp(
    lambda t, ans: np.broadcast_to(t, ans.shape),
    lambda t, ans: t * np.arange(len(ans)),
    unaffected=["stop", "dtype"],
)
steps.def_vjp(
    lambda g: steps_back(g, True),
    lambda g: steps_back(g, False),
    unaffected=["stop", "dtype"],
)


@composite(np.arange)
def _arange(
    start: Any = None, stop: Any = None, step: Any = None, dtype: Any = None, *, device: Any = None
) -> Any:
    if start is None and stop is None:
        raise TypeError("arange() requires stop to be specified.")
    if stop is None:
        start, stop = 0, start
    start, step = 0 if start is None else start, 1 if step is None else step
    stop = strip(stop)
    if dtype is not None and holds_no_derivative(dtype):
        start, step = strip(start), strip(step)
    return steps(start, step, stop, dtype)
