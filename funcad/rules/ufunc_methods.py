"""Methods of elementwise ufuncs of two arguments: `reduce`, `accumulate`, `reduceat`.

NumPy itself computes the values. A ufunc f reduces a row from the left: r[0] = x[0], r[k] = f(r[k-1], x[k]).
With P and Q the partial derivatives of f by its arguments, the tangents obey t[k] = P[k] t[k-1] + Q[k] dx[k],
and the slope of the last r by x[k] is Q[k] times the product of all later P. Where there is a closed form of
the slopes, the table below has it. In scope: `t` the tangent, `g` the cotangent, `ans` the output.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from funcad.core.assemble import as_operand
from funcad.core.elements import scatter
from funcad.core.elementwise import Binary
from funcad.core.function import PrimitiveFunction
from funcad.core.primitive import registry
from funcad.core.reducing import ABSENT, everywhere, reduced_axes, restored, started
from funcad.core.tracer import anywhere, plain
from funcad.core.ufunc_methods import method
from funcad.errors import NoRuleError, UnsupportedArgumentError

# --- slopes in closed form, from the elements `x` and, beside each of them, the result `top`; `number` counts
# the elements of each reduction for which something holds, and `seen` tells at which it looks


def equal(x: Any, y: Any) -> Any:
    """Tell which numbers are equal, or both nan."""
    x, y = plain(x), plain(y)
    return np.equal(x, y) | (np.isnan(x) & np.isnan(y))


def share_of_extreme(ufunc: Any, x: Any, top: Any, number: Any, seen: Any) -> Any:
    """Share 1 equally among the elements that attain the extreme."""
    tie = equal(x, top) & seen
    return np.where(tie, 1 / number(tie), 0)


def share_of_sum(ufunc: Any, x: Any, top: Any, number: Any, seen: Any) -> Any:
    """e^(x - top), or 2^(x - top); equal shares of those that are the same infinity as the result."""
    power = np.exp if ufunc is np.logaddexp else np.exp2
    tie = np.isinf(plain(top)) & equal(x, top) & seen
    if not anywhere(tie):
        return np.where(seen, power(x - top), 0)
    share = power(np.where(tie, 0, x) - np.where(tie, 0, top)) / np.where(tie, number(tie), 1)
    return np.where(seen, share, 0)


def share_of_radius(ufunc: Any, x: Any, top: Any, number: Any, seen: Any) -> Any:
    """x / top; 0 at the origin, the mean over all directions."""
    zero = np.equal(top, 0)
    return np.where(seen, x / np.where(zero, 1, top), 0) if anywhere(zero) else np.where(seen, x / top, 0)


# fmt: off
CLOSED: dict[Any, Any] = {
    np.maximum:    share_of_extreme,
    np.minimum:    share_of_extreme,
    np.fmax:       share_of_extreme,
    np.fmin:       share_of_extreme,
    np.logaddexp:  share_of_sum,
    np.logaddexp2: share_of_sum,
    np.hypot:      share_of_radius,
}
# fmt: on


def slopes(ans: Any, x: Any, ufunc: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    """Return the derivative of a reduction by each of its elements."""
    if ufunc not in CLOSED:
        return folded(ans, x, ufunc, axis, initial, where)
    top = restored(ans, np.shape(x), axis, keepdims)

    def number(tie: Any) -> Any:
        count = np.sum(tie, axis=axis, keepdims=True, dtype=real_dtype(x))
        return count + equal(initial, top) if started(initial) else count

    return CLOSED[ufunc](ufunc, x, top, number, where)


def real_dtype(x: Any) -> Any:
    """Return the dtype of the real numbers of an array."""
    return np.finfo(np.result_type(plain(x))).dtype


# --- slopes from the left


def folded(ans: Any, x: Any, ufunc: Any, axis: Any, initial: Any, where: Any) -> Any:
    """Q[k] times the product of all later P."""
    if not everywhere(where):
        raise UnsupportedArgumentError(
            f"np.{ufunc.__name__}.reduce has no derivative rule for the argument where=...; select the "
            "elements before it, or put harmless ones in with np.where"
        )
    axes = reduced_axes(np.shape(x), axis)
    rows = np.moveaxis(x, axes[0], 0) if axes else np.expand_dims(x, 0)
    count = rows.shape[0]
    if started(initial):
        first = np.full((1, *rows.shape[1:]), initial, rows.dtype)
        rows = np.concatenate([first, rows])
    r = accumulated(rows, ufunc, 0)
    if count:
        check_folded(ufunc, ans, r[-1])
    by_result, by_element = partials(ufunc, r[1:], r[:-1], rows[1:])
    one = np.ones((1, *rows.shape[1:]), rows.dtype)
    later = np.concatenate([np.flip(np.cumprod(np.flip(by_result, 0), 0), 0), one])
    slope = np.concatenate([later[:1], by_element * later[1:]])[len(rows) - count :]
    return np.moveaxis(slope, 0, axes[0]) if axes else slope[0]


def check_folded(ufunc: Any, ans: Any, last: Any) -> None:
    """Refuse a value that is not what f gives from the left: NumPy 2.4 has such loops for some processors.

    Raises:
        NoRuleError: the value of the reduction is another.
    """
    tolerance = float(np.sqrt(np.finfo(np.result_type(plain(ans))).eps))
    value = np.reshape(plain(ans), np.shape(last))
    if anywhere(np.logical_not(np.isclose(value, plain(last), rtol=tolerance, atol=0, equal_nan=True))):
        name = f"np.{ufunc.__name__}"
        raise NoRuleError(
            f"{name}.reduce of this NumPy does not give {name}({name}(x[0], x[1]), x[2]) and so on, but only "
            "part of it, so that it has no derivative; write a loop over the elements"
        )


def partials(ufunc: Any, ans: Any, x: Any, y: Any) -> list[Any]:
    """Return the partial derivatives of f(x, y) by its arguments, from the row of the ufunc."""
    p = registry[ufunc]
    assert isinstance(p, Binary)
    one = np.ones(np.shape(ans), np.result_type(plain(ans)))
    return [row.times(row.save(ans, x, y), one) for row in (p.row0, p.row1)]


# --- reduce


def _reduced(
    x: Any, ufunc: Any, axis: Any = 0, keepdims: Any = False, initial: Any = ABSENT, where: Any = True
) -> Any:
    return ufunc.reduce(x, axis=axis, keepdims=keepdims, initial=initial, where=where)


def push_reduced(
    t: Any, ans: Any, x: Any, ufunc: Any, axis: Any, keepdims: Any, initial: Any, where: Any
) -> Any:  # fmt: skip
    """Sum the slopes times the tangents."""
    return np.sum(slopes(ans, x, ufunc, axis, keepdims, initial, where) * t, axis=axis, keepdims=keepdims)


def pull_reduced(
    g: Any, ans: Any, x: Any, ufunc: Any, axis: Any, keepdims: Any, initial: Any, where: Any
) -> Any:  # fmt: skip
    """Return the cotangent of the result times the slopes."""
    slope = slopes(ans, x, ufunc, axis, keepdims, initial, where)
    return restored(g, np.shape(x), axis, keepdims) * slope


reduced = PrimitiveFunction(_reduced, name="np.ufunc.reduce")
reduced.def_jvp(push_reduced)
reduced.def_vjp(pull_reduced)

#: functions of NumPy that reduce with a ufunc
_SUMS: dict[Any, Any] = {np.add: np.sum, np.multiply: np.prod}
_EXTREMES: dict[Any, Any] = {np.maximum: np.max, np.minimum: np.min}


@method("reduce")
def _reduce(ufunc: Any, array: Any, /, axis: Any = 0, dtype: Any = None, **kwargs: Any) -> Any:
    # not by a call of the function, which would come back here where only a keyword is traced
    if ufunc in _SUMS:
        given = {"axis": axis, **({} if dtype is None else {"dtype": dtype}), **kwargs}
        return registry[_SUMS[ufunc]].apply((array,), given)
    x = converted(array, dtype)
    if ufunc in _EXTREMES:
        return registry[_EXTREMES[ufunc]].apply((x,), {"axis": axis, **kwargs})
    return reduced(x, ufunc, axis, **kwargs)


def converted(x: Any, dtype: Any) -> Any:
    """Return an operand in the dtype that a method is told to compute in."""
    x = as_operand(x)
    if dtype is None:
        return x
    return x.astype(dtype) if hasattr(x, "astype") else np.asarray(x, dtype)


def one_axis(name: str, x: Any, axis: Any) -> int:
    """Return the single axis of an array that a method works along.

    Raises:
        TypeError: the array has no axis.
        ValueError: there are several.
    """
    rank = np.ndim(x)
    if rank == 0:
        raise TypeError(f"cannot {name} on a scalar")
    axes = tuple(range(rank)) if axis is None else normalize_axis_tuple(axis, rank)
    if len(axes) != 1:
        raise ValueError(f"{name} does not allow multiple axes")
    return axes[0]


# --- accumulate


def _accumulated(x: Any, ufunc: Any, axis: int) -> Any:
    return ufunc.accumulate(x, axis=axis)


def recurrence(factors: Any, terms: Any) -> Any:
    """Solve u[0] = terms[0], u[k] = factors[k-1] u[k-1] + terms[k], doubling the number of steps taken at once."""
    n, k = len(terms), 1
    factors = np.concatenate([np.zeros((1, *factors.shape[1:]), factors.dtype), factors])
    while k < n:
        terms = np.concatenate([terms[:k], factors[k:] * terms[:-k] + terms[k:]])
        factors = np.concatenate([factors[:k], factors[k:] * factors[:-k]])
        k *= 2
    return terms


def running_shares(r: Any, x: Any) -> tuple[Any, Any]:
    """Return P and Q of a running extreme r of x: the mean of all elements so far that attain it."""
    dtype = real_dtype(r)
    tie, same = equal(x, r).astype(dtype), equal(r[:-1], r[1:]).astype(dtype)
    number = recurrence(same, tie)
    share = tie / number
    return same * (1 - share[1:]), share


def push_accumulated(t: Any, ans: Any, x: Any, ufunc: Any, axis: int) -> Any:
    """Solve t[k] = P[k] t[k-1] + Q[k] dx[k]."""
    r, x, t = (np.moveaxis(v, axis, 0) for v in (ans, x, t))
    if CLOSED.get(ufunc) is share_of_extreme:
        by_result, share = running_shares(plain(r), plain(x))
        terms = share * t
    else:
        by_result, by_element = partials(ufunc, r[1:], r[:-1], x[1:])
        terms = np.concatenate([t[:1], by_element * t[1:]])
    return np.moveaxis(recurrence(by_result, terms), 0, axis)


accumulated = PrimitiveFunction(_accumulated, name="np.ufunc.accumulate")
accumulated.def_jvp(push_accumulated)

_RUNNING: dict[Any, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}


@method("accumulate")
def _accumulate(ufunc: Any, array: Any, /, axis: Any = 0, dtype: Any = None) -> Any:
    x = as_operand(array)
    axis = one_axis("accumulate", x, axis)
    if ufunc in _RUNNING:
        return _RUNNING[ufunc](x, axis, dtype)
    return accumulated(converted(x, dtype), ufunc, axis)


# --- reduceat: a reduction of each segment


def segments(indices: Any, length: int) -> tuple[Any, Any]:
    """Return where the segments of a reduceat start, and the places behind their last elements."""
    starts = np.asarray(indices, int)
    stops = np.append(starts[1:], length)
    return starts, np.where(stops > starts, stops, starts + 1)


def places(starts: Any, stops: Any) -> tuple[Any, Any, Any]:
    """Return the places of all elements, segment after segment, their segments, and where each begins."""
    counts = stops - starts
    first = np.cumsum(counts) - counts
    owner = np.repeat(np.arange(len(starts)), counts)
    return np.arange(len(owner)) + (starts - first)[owner], owner, first


def slopes_of_segments(ans: Any, x: Any, ufunc: Any, indices: Any, axis: int) -> tuple[Any, Any, Any, Any]:
    """Return the slopes of all segments, one segment after the other, and the `places` of the elements."""
    starts, stops = segments(indices, x.shape[axis])
    where, owner, first = places(starts, stops)
    if ufunc is np.add or not len(starts):
        return 1, where, owner, first
    before = (slice(None),) * axis
    if ufunc in CLOSED:

        def number(tie: Any) -> Any:
            return np.take(np.add.reduceat(tie, first, axis, real_dtype(x)), owner, axis)

        slope = CLOSED[ufunc](ufunc, np.take(x, where, axis), np.take(ans, owner, axis), number, True)
        return slope, where, owner, first
    pairs = enumerate(zip(starts.tolist(), stops.tolist(), strict=True))
    parts = [
        slopes(ans[(*before, k)], x[(*before, slice(a, b))], ufunc, axis, False, ABSENT, True)
        for k, (a, b) in pairs
    ]
    return np.concatenate(parts, axis), where, owner, first


def push_segmented(t: Any, ans: Any, x: Any, ufunc: Any, indices: Any, axis: int) -> Any:
    """Sum, in each segment, the slopes times the tangents."""
    if ufunc is np.add:
        return np.add.reduceat(t, indices, axis)
    slope, where, _, first = slopes_of_segments(ans, x, ufunc, indices, axis)
    return np.add.reduceat(slope * np.take(t, where, axis), first, axis)


def pull_segmented(g: Any, ans: Any, x: Any, ufunc: Any, indices: Any, axis: int) -> Any:
    """Add up the cotangents of the segments times the slopes, where the elements are."""
    slope, where, owner, _ = slopes_of_segments(ans, x, ufunc, indices, axis)
    return scatter(slope * np.take(g, owner, axis), (slice(None),) * axis + (where,), np.shape(x))


def _segmented(x: Any, ufunc: Any, indices: Any, axis: int) -> Any:
    return ufunc.reduceat(x, indices, axis)


segmented = PrimitiveFunction(_segmented, name="np.ufunc.reduceat")
segmented.def_jvp(push_segmented)
segmented.def_vjp(pull_segmented)


@method("reduceat")
def _reduceat(ufunc: Any, array: Any, indices: Any, /, axis: Any = 0, dtype: Any = None) -> Any:
    x = converted(array, dtype)
    return segmented(x, ufunc, indices, one_axis("reduceat", x, axis))
