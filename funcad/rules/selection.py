"""Functions that choose among elements: by a condition, an index, an order or a bound.

In scope: `t` the tangent, `g` the cotangent, `a_shape` the shape of the operand `a`, and the
function's own parameters. Ties share equally; at a bound the derivative is 1/2.
"""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np

from funcad.core.assemble import as_operand, typed
from funcad.core.elements import scatter
from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.kinds import composite, general, linear
from funcad.core.links import is_array
from funcad.core.primitive import registry, strip
from funcad.core.refusals import refuse_store
from funcad.core.ties import shared
from funcad.core.tracer import Tracer, anywhere, plain
from funcad.core.writing import store
from funcad.errors import UnsupportedArgumentError

ABSENT: Any = getattr(np, "_NoValue")  # noqa: B009 - the type stubs of NumPy do not know it

# --- by a condition


def _where(x: Any, y: Any, condition: Any) -> Any:
    return np.where(condition, x, y)


chosen = PrimitiveFunction(_where, name="np.where")
chosen.def_linear(
    lambda g, condition: np.where(condition, g, 0), lambda g, condition: np.where(condition, 0, g)
)


cast(General, registry[chosen]).chooses = True


@composite(np.where)
def _where_any(condition: Any, /, *branches: Any) -> Any:
    if len(branches) != 2:
        return np.where(True, *branches) if branches else np.nonzero(strip(condition))
    return chosen(branches[0], branches[1], strip(condition))


@composite(np.select)
def _select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    conditions: list[Any] = [as_operand(strip(c)) for c in condlist]
    for i, c in enumerate(conditions):
        if np.result_type(c) != np.dtype(bool):
            raise TypeError(f"invalid entry {i} in condlist: should be boolean ndarray")
    choices = [as_operand(c) for c in (*choicelist, default)]
    dtype = np.result_type(*choices)
    result = typed(choices[-1], dtype)
    for condition, choice in zip(reversed(conditions), reversed(choices[:-1]), strict=True):
        result = np.where(condition, typed(choice, dtype), result)
    return result


# --- by an index


def untake(g: Any, a_shape: tuple[int, ...], indices: Any, axis: int | None, mode: str) -> Any:
    """Add the cotangents up where the elements were taken."""
    if axis is None:
        return np.reshape(untake(g, (math.prod(a_shape),), indices, 0, mode), a_shape)
    axis %= len(a_shape)
    n = a_shape[axis]
    indices = as_operand(indices)
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = np.clip(indices, 0, n - 1)
    return scatter(g, (slice(None),) * axis + (indices,), a_shape)


def untake_along(g: Any, arr_shape: tuple[int, ...], indices: Any, axis: int | None) -> Any:
    """Add the cotangents up where np.take_along_axis took the elements."""
    if axis is None:
        return np.reshape(scatter(g, (indices,), (math.prod(arr_shape),)), arr_shape)
    ndim = len(arr_shape)
    places = tuple(
        [
            indices if k == axis % ndim else np.reshape(np.arange(n), (-1,) + (1,) * (ndim - k - 1))
            for k, n in enumerate(arr_shape)
        ]
    )
    return scatter(g, places, arr_shape)


# fmt: off
linear(np.take,            untake)
linear(np.take_along_axis, untake_along)
linear(np.bincount,        lambda g, x: np.take(g, x), operands=["weights"], unaffected=["minlength"],
       like=lambda x, /, weights=None, minlength=0: None)
# fmt: on


@composite(np.compress)
def _compress(condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Any:
    if out is not None:
        refuse_store("np.compress(..., out=...)")
    a, places = as_operand(a), np.flatnonzero(strip(condition))
    if axis is None:
        a, axis = np.ravel(a), 0
    if places.size and places[-1] >= a.shape[axis]:
        raise IndexError(f"index {places[-1]} is out of bounds for axis {axis} with size {a.shape[axis]}")
    mask = np.zeros(a.shape[axis], bool)
    mask[places] = True
    return a[(slice(None),) * (axis % a.ndim) + (mask,)]


@composite(np.extract)
def _extract(condition: Any, arr: Any) -> Any:
    return np.compress(np.ravel(strip(condition)), np.ravel(as_operand(arr)))


@composite(np.choose)
def _choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    if out is not None:
        refuse_store("np.choose(..., out=...)")
    *arrays, which = np.broadcast_arrays(*choices, strip(a))
    indices = np.expand_dims(which, 0)
    n = len(arrays)
    if mode == "raise" and anywhere((indices < 0) | (indices >= n)):
        raise ValueError("invalid entry in choice array")
    indices = indices % n if mode == "wrap" else np.clip(indices, 0, n - 1)
    return np.take_along_axis(np.stack(arrays), indices, axis=0)[0]


# --- by a bound


def slope_inside(ans: Any, a: Any, low: Any, high: Any) -> Any:
    """The derivative of a clipped number by itself, the mean of both sides: 1, at a bound 1/2, or 0."""
    a, low, high = plain(a), plain(low), plain(high)
    right = left = np.True_
    if low is not None:
        right, left = right & ~np.less(a, low), left & ~np.less_equal(a, low)
    if high is not None:
        right, left = right & ~np.greater_equal(a, high), left & ~np.greater(a, high)
    return half(right, left, ans)


def slope_low(ans: Any, a: Any, low: Any, high: Any) -> Any:
    """The derivative of a clipped number by the lower bound."""
    a, low, high = plain(a), plain(low), plain(high)
    right, left = np.less_equal(a, low), np.less(a, low)
    if high is not None:
        right, left = right & np.less(low, high), left & np.less_equal(low, high)
    return half(right, left, ans)


def slope_high(ans: Any, a: Any, low: Any, high: Any) -> Any:
    """The derivative of a clipped number by the upper bound, which wins over the lower one."""
    a, low, high = plain(a), plain(low), plain(high)
    m = a if low is None else np.maximum(a, low)
    return half(np.greater(m, high), np.greater_equal(m, high), ans)


def half(right: Any, left: Any, ans: Any) -> Any:
    """Return the mean of two truth values, in the dtype of the output."""
    dtype = np.result_type(plain(ans))
    return np.add(right, left, dtype=dtype) * dtype.type(0.5)


def _clipped(a: Any, low: Any = None, high: Any = None) -> Any:
    return np.clip(a, low, high)


clipped = PrimitiveFunction(_clipped, name="np.clip")
clipped.def_jvp(
    lambda t, ans, a, low, high: slope_inside(ans, a, low, high) * t,
    lambda t, ans, a, low, high: slope_low(ans, a, low, high) * t,
    lambda t, ans, a, low, high: slope_high(ans, a, low, high) * t,
)
clipped.def_vjp(
    lambda g, ans, a, low, high: slope_inside(ans, a, low, high) * g,
    lambda g, ans, a, low, high: slope_low(ans, a, low, high) * g,
    lambda g, ans, a, low, high: slope_high(ans, a, low, high) * g,
)


@composite(np.clip)
def _clip(
    a: Any, a_min: Any = ABSENT, a_max: Any = ABSENT, out: Any = None, *,
    min: Any = ABSENT, max: Any = ABSENT, **kwargs: Any,
) -> Any:  # fmt: skip
    for key in ("out", *kwargs) if out is not None else kwargs:
        raise UnsupportedArgumentError(f"np.clip has no derivative rule for the argument {key}; leave it out")
    if a_min is ABSENT and a_max is ABSENT:
        a_min = None if min is ABSENT else min
        a_max = None if max is ABSENT else max
    elif a_min is ABSENT or a_max is ABSENT:
        missing = "a_min" if a_min is ABSENT else "a_max"
        raise TypeError(f"clip() missing 1 required positional argument: '{missing}'")
    elif min is not ABSENT or max is not ABSENT:
        raise ValueError(
            "Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden."
        )
    return clipped(a, a_min, a_max)


@composite(np._core.umath.clip)  # type: ignore[attr-defined]  # what ndarray.clip calls
def _clip_bounds(x: Any, low: Any, high: Any, /, **kwargs: Any) -> Any:
    return np.clip(x, low, high, **kwargs)


# --- by an order


def order_of(a: Any, axis: int | None) -> tuple[Any, int]:
    """Return the permutation that sorts, of flat elements for the axis None."""
    a = plain(a)
    return np.argsort(np.ravel(a) if axis is None else a, axis=axis or 0, kind="stable"), axis or 0


def push_sort(t: Any, a: Any, ans: Any, axis: int | None) -> Any:
    """Sort the tangents as the values are sorted."""
    order, along = order_of(a, axis)
    return shared(np.take_along_axis(np.ravel(t) if axis is None else t, order, along), ans, along)


def pull_sort(g: Any, a: Any, ans: Any, axis: int | None) -> Any:
    """Put the cotangents back where the values came from."""
    order, along = order_of(a, axis)
    g = np.take_along_axis(shared(g, ans, along), np.argsort(order, axis=along), along)
    return np.reshape(g, np.shape(a))


def push_partition(t: Any, a: Any, ans: Any, axis: int | None) -> Any:
    """Sort the tangents, then put them where the partition has the sorted values."""
    order, along = order_of(ans, axis or 0)
    back = np.argsort(order, axis=along)
    return np.take_along_axis(push_sort(t, a, np.sort(plain(ans), along), axis), back, along)


def pull_partition(g: Any, a: Any, ans: Any, axis: int | None) -> Any:
    """Sort the cotangents as the partition's values would be, then put them back."""
    order, along = order_of(ans, axis or 0)
    return pull_sort(np.take_along_axis(g, order, along), a, np.sort(plain(ans), along), axis)


general(np.sort, jvp=push_sort, vjp=pull_sort, unaffected=["kind", "stable"])
general(np.partition, jvp=push_partition, vjp=pull_partition, unaffected=["kth", "kind"])


# --- special values


def finite_part(t: Any, x: Any) -> Any:
    """Return zeros where the real or the imaginary part of a number is not finite."""
    x = plain(x)
    if not np.iscomplexobj(x):
        return np.where(np.isfinite(x), t, 0)
    if not anywhere(np.logical_not(np.isfinite(x))):
        return t
    real, imag = (np.isfinite(part(x)) for part in (np.real, np.imag))
    return np.where(real, np.real(t), 0) + 1j * np.where(imag, np.imag(t), 0)


def _finite(x: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


finite = PrimitiveFunction(_finite, name="np.nan_to_num")
finite.def_jvp(finite_part, unaffected=["nan", "posinf", "neginf"])


@composite(np.nan_to_num)
def _nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    result = finite(as_operand(x), nan, posinf, neginf)
    return result if copy or not (isinstance(x, Tracer) and is_array(x)) else store(x, result)


def _sinc_derivative(x: Any, n: int) -> Any:
    """The n-th derivative of sin(pi x) / (pi x): a series near 0, a recurrence elsewhere."""
    z = np.pi * np.asarray(x, np.result_type(x, float))
    near = np.abs(z) < n + 2
    s = np.where(near, z, 0.0)
    series: Any = 0.0
    for k in range((n + 1) // 2, n + 24):
        series = series + s ** (2 * k - n) * ((-1) ** k / float(math.factorial(2 * k - n) * (2 * k + 1)))
    far = np.where(near, n + 2, z)
    value = np.sin(far) / far
    for k in range(1, n + 1):
        value = (np.sin(far + k * (np.pi / 2)) - k * value) / far
    return (np.pi**n * np.where(near, series, value)).astype(np.result_type(x))[()]


sinc_derivative = PrimitiveFunction(_sinc_derivative)
sinc_derivative.def_jvp(lambda t, x, n: t * sinc_derivative(x, n + 1))
sinc_derivative.def_vjp(lambda g, x, n: g * sinc_derivative(x, n + 1))
general(np.sinc, jvp=lambda t, x: t * sinc_derivative(x, 1), vjp=lambda g, x: g * sinc_derivative(x, 1))

# --- numbers along a line


def weighted(g: Any, num: int, endpoint: bool, retstep: bool, axis: int, stop: bool) -> Any:
    """Return the cotangent of an end of np.linspace from that of the numbers and the step."""
    g, g_step = g if retstep else (g, None)
    div = num - 1 if endpoint else num
    total: Any = None
    if g is not None:
        rows = np.moveaxis(g, axis, 0)
        share = np.arange(num, dtype=np.finfo(g.dtype).dtype) / max(div, 1)
        share = np.reshape(share if stop else 1 - share, (num,) + (1,) * (rows.ndim - 1))
        total = np.sum(share * rows, axis=0)
    if g_step is not None and div > 0:
        step = g_step / (div if stop else -div)
        total = step if total is None else total + step
    return total


linear(
    np.linspace,
    lambda g, num, endpoint, retstep, axis: weighted(g, num, endpoint, retstep, axis, False),
    lambda g, num, endpoint, retstep, axis: weighted(g, num, endpoint, retstep, axis, True),
    unaffected=["dtype", "device"],
)
