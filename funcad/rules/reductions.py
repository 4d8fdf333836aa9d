"""Functions that combine the elements along axes: sums, means, products, extremes, differences.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, and the function's own parameters,
of which `np._NoValue` are those that the call left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from funcad.core.assemble import as_operand
from funcad.core.broadcast import fit
from funcad.core.kinds import composite, general, linear, shortcut
from funcad.core.reducing import (
    ABSENT,
    aligned,
    count,
    everywhere,
    masked,
    over_twice,
    reduced_axes,
    refuse_out,
    restored,
    started,
)
from funcad.core.tracer import anywhere, plain


def per_element(g: Any, shape: tuple[int, ...], axis: Any, keepdims: Any, where: Any) -> Any:
    """Divide by the number of elements."""
    return np.divide(g, count(shape, axis, keepdims, where, getattr(g, "dtype", float)))


def total(t: Any, axis: Any, dtype: Any, keepdims: Any, where: Any) -> Any:
    """Return the sum of a tangent, past NumPy's wrapper where nothing but the array is given."""
    whole = type(t) is np.ndarray and axis is dtype is None and keepdims is where is ABSENT
    return np.add.reduce(t, axis=None) if whole else np.sum(t, axis, dtype, keepdims=keepdims, where=where)


def reduced(
    fn: Any, ufunc: Any, a: Any, axis: Any, dtype: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    """Return what a function of NumPy gives, by the ufunc that it hands most calls on to."""
    if initial is ABSENT and where is ABSENT:
        return ufunc.reduce(a, axis, dtype, None, keepdims is not ABSENT and keepdims)
    given = {} if dtype is None else {"dtype": dtype}
    return fn(a, axis=axis, keepdims=keepdims, initial=initial, where=where, **given)


def mean_of(a: Any, axis: Any, dtype: Any, out: Any, keepdims: Any, where: Any) -> Any:
    """Return the mean, past NumPy's wrapper where nothing but the array is given."""
    if axis is dtype is None and keepdims is where is ABSENT and a.dtype.char in "fd" and a.size:
        return np.add.reduce(a, axis=None) / a.size
    return np.mean(a, axis, dtype, keepdims=keepdims, where=where)


# --- variance: the mean square of the deviations


def deviation(a: Any, mean: Any, axis: Any, dtype: Any, where: Any) -> Any:
    """Return conj(a - mean), and zeros where the reduction does not look."""
    if mean is ABSENT:
        mean = np.mean(a, axis=axis, dtype=dtype, keepdims=True, where=where)
    d = masked(a - mean, where)
    return np.conjugate(d) if np.iscomplexobj(d) else d


def scaled(g: Any, shape: Any, axis: Any, keepdims: Any, where: Any, ddof: Any, correction: Any) -> Any:
    """Divide by the degrees of freedom."""
    n = count(shape, axis, keepdims, where, getattr(g, "dtype", float))
    n = n - (ddof if correction is ABSENT else correction)
    return np.divide(g, np.maximum(n, 0) if isinstance(n, np.ndarray) else max(n, 0))


def push_var(
    t: Any, a: Any, mean: Any, axis: Any, dtype: Any, ddof: Any, keepdims: Any, where: Any, correction: Any
) -> Any:
    """Return the tangent of the variance by that of the array; minus that of a given mean."""
    change = np.sum(2 * deviation(a, mean, axis, dtype, where) * t, axis=axis, keepdims=keepdims)
    return scaled(change, np.shape(a), axis, keepdims, where, ddof, correction)


def pull_var(
    g: Any, a: Any, mean: Any, axis: Any, dtype: Any, ddof: Any, keepdims: Any, where: Any, correction: Any
) -> Any:
    """Return the cotangent of the array from that of the variance; minus that of a given mean."""
    shape = np.shape(a)
    share = restored(scaled(g, shape, axis, keepdims, where, ddof, correction), shape, axis, keepdims)
    return 2 * share * deviation(a, mean, axis, dtype, where)


def push_std(
    t: Any, ans: Any, a: Any, mean: Any, axis: Any, dtype: Any, ddof: Any, keepdims: Any, where: Any,
    correction: Any,
) -> Any:  # fmt: skip
    """Return the tangent of the square root of the variance."""
    return over_twice(push_var(t, a, mean, axis, dtype, ddof, keepdims, where, correction), ans)


def pull_std(
    g: Any, ans: Any, a: Any, mean: Any, axis: Any, dtype: Any, ddof: Any, keepdims: Any, where: Any,
    correction: Any,
) -> Any:  # fmt: skip
    """Return the cotangent of the array from that of the square root of the variance."""
    return pull_var(over_twice(g, ans), a, mean, axis, dtype, ddof, keepdims, where, correction)


# --- products: exact where factors are zero, too


def regular(ans: Any) -> bool:
    """Tell whether a product may be divided by its factors: none is tiny, nor differentiated once more."""
    s = plain(ans)
    return s is ans and not anywhere(~(np.isfinite(s) & (np.abs(s) >= np.finfo(s.dtype).tiny)))


def product_of_others(x: Any) -> Any:
    """Return, along the last axis, the product of all elements but this one, without a division."""
    n = x.shape[-1]
    one = np.ones((*x.shape[:-1], 1), x.dtype)
    if n < 2:
        return one if n else x
    if n % 2:
        return product_of_others(np.concatenate([x, one], axis=-1))[..., :n]
    left, right = x[..., ::2], x[..., 1::2]
    rest = product_of_others(left * right)
    return np.reshape(np.stack([rest * right, rest * left], axis=-1), x.shape)


def slope_of_product(ans: Any, a: Any, axis: Any, dtype: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    """Return the product of all the other factors, for each factor."""
    shape = np.shape(a)
    a = np.reshape(a, shape)
    if dtype is not None:
        a = a.astype(dtype)
    if not everywhere(where):
        a = np.where(where, a, 1)
    if regular(ans):
        return masked(restored(ans, shape, axis, keepdims) / a, where)
    reduced = reduced_axes(shape, axis)
    order = [k for k in range(len(shape)) if k not in reduced] + reduced
    moved = tuple([shape[k] for k in order])
    kept = moved[: len(shape) - len(reduced)]
    flat = np.reshape(np.transpose(a, order), (*kept, count(shape, axis, False, True, None)))
    others = np.reshape(product_of_others(flat), moved)
    if started(initial):
        others = initial * others
    return masked(np.transpose(others, np.argsort(order)), where)


def push_prod(
    t: Any, ans: Any, a: Any, axis: Any, dtype: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    """Sum over the factors: the tangent of one times the product of the others."""
    return np.sum(
        slope_of_product(ans, a, axis, dtype, keepdims, initial, where) * t, axis=axis, keepdims=keepdims
    )


def pull_prod(
    g: Any, ans: Any, a: Any, axis: Any, dtype: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    """Return the cotangent times the product of the other factors."""
    slope = slope_of_product(ans, a, axis, dtype, keepdims, initial, where)
    return restored(g, np.shape(a), axis, keepdims) * slope


def push_cumprod(t: Any, ans: Any, a: Any, axis: Any, dtype: Any) -> Any:
    """Return the tangent of the running products."""
    a, t = np.reshape(a, np.shape(a)), np.reshape(t, np.shape(a))
    if axis is None or a.ndim == 0:
        a, t, axis = np.ravel(a), np.ravel(t), 0
    if dtype is not None:
        a, t = a.astype(dtype), t.astype(dtype)
    if regular(ans):
        return ans * np.cumsum(t / a, axis=axis)
    # a scan of pairs (product, tangent of the product), each step over twice as many elements
    x, t = np.moveaxis(a, axis, -1), np.moveaxis(t, axis, -1)
    n, k = x.shape[-1], 1
    while k < n:
        low, high = x[..., :-k], x[..., k:]
        t = np.concatenate([t[..., :k], high * t[..., :-k] + low * t[..., k:]], axis=-1)
        x = np.concatenate([x[..., :k], low * high], axis=-1)
        k *= 2
    return np.moveaxis(t, -1, axis)


# --- extremes: ties share equally


def counted(mask: Any, where: Any, top: Any, ans: Any) -> tuple[Any, Any]:
    """Return truth values where the reduction looks, and how many are true."""
    mask = mask if everywhere(where) else mask & where
    dtype = ans.dtype if ans.dtype.kind == "f" else np.finfo(ans.dtype).dtype
    number = fit(mask.astype(dtype), np.shape(top), dtype)
    return mask, number if top is ans else np.reshape(number, np.shape(ans))


def attained(a: Any, ans: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> tuple[Any, Any]:
    """Return which elements attain the extreme, and how many do, `initial` among them."""
    a, ans = plain(a), plain(ans)
    top = aligned(ans, np.shape(a), axis, keepdims)
    mask, number = counted(np.equal(a, top), where, top, ans)
    if anywhere(np.equal(number, 0)):  # where the extreme is nan, or `initial`
        mask, number = counted(np.equal(a, top) | (np.isnan(a) & np.isnan(top)), where, top, ans)
    if started(initial):
        number = number + (np.equal(initial, ans) | (np.isnan(initial) & np.isnan(ans)))
    return mask, number


def push_extreme(t: Any, ans: Any, a: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    """Return the mean of the tangents of the elements that attain the extreme."""
    mask, number = attained(a, ans, axis, keepdims, initial, where)
    return np.sum(np.where(mask, t, 0), axis=axis, keepdims=keepdims) / number


def pull_extreme(g: Any, ans: Any, a: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    """Share the cotangent among the elements that attain the extreme."""
    mask, number = attained(a, ans, axis, keepdims, initial, where)
    return np.where(mask, aligned(g / number, np.shape(a), axis, keepdims), 0)


def cumsum_back(g: Any, axis: Any, a_shape: tuple[int, ...]) -> Any:
    """Sum the cotangents from the end."""
    if axis is None or a_shape == ():
        return np.reshape(np.flip(np.cumsum(np.flip(g))), a_shape)
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


# fmt: off
general(np.sum,     jvp=total,
        vjp=lambda g, axis, keepdims, where, a_shape: masked(restored(g, a_shape, axis, keepdims), where),
        unaffected=["initial"])
linear(np.mean,
       lambda g, axis, keepdims, where, a_shape: masked(
           restored(per_element(g, a_shape, axis, keepdims, where), a_shape, axis, keepdims), where),
       unaffected=["dtype"])
shortcut(np.sum,    lambda a, axis, dtype, out, keepdims, initial, where:
         reduced(np.sum, np.add, a, axis, dtype, keepdims, initial, where))
shortcut(np.mean,   mean_of)
general(np.prod,    jvp=push_prod,    vjp=pull_prod)
general(np.max,     jvp=push_extreme, vjp=pull_extreme)
shortcut(np.max,    lambda a, axis, out, keepdims, initial, where:
         reduced(np.max, np.maximum, a, axis, None, keepdims, initial, where))
general(np.amax,    jvp=push_extreme, vjp=pull_extreme)
general(np.min,     jvp=push_extreme, vjp=pull_extreme)
general(np.amin,    jvp=push_extreme, vjp=pull_extreme)
general(np.nanmax,  jvp=push_extreme, vjp=pull_extreme)
general(np.nanmin,  jvp=push_extreme, vjp=pull_extreme)
linear(np.cumsum,   cumsum_back,      unaffected=["dtype"])
general(np.cumprod, jvp=push_cumprod)
# a mean that is given is an operand of its own: what it gets is minus what the elements get
general(np.var,
        jvp=[push_var, lambda t, a, mean, axis, dtype, ddof, keepdims, where, correction:
             -push_var(t, a, mean, axis, dtype, ddof, keepdims, where, correction)],
        vjp=[pull_var, lambda g, a, mean, axis, dtype, ddof, keepdims, where, correction:
             -pull_var(g, a, mean, axis, dtype, ddof, keepdims, where, correction)],
        operands=["a", "mean"])
general(np.std,
        jvp=[push_std, lambda t, ans, a, mean, axis, dtype, ddof, keepdims, where, correction:
             -push_std(t, ans, a, mean, axis, dtype, ddof, keepdims, where, correction)],
        vjp=[pull_std, lambda g, ans, a, mean, axis, dtype, ddof, keepdims, where, correction:
             -pull_std(g, ans, a, mean, axis, dtype, ddof, keepdims, where, correction)],
        operands=["a", "mean"])
# fmt: on


# --- over other primitives


@composite(np.ptp)
def _ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = ABSENT) -> Any:
    refuse_out(out)
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


def running(x: Any, total: Any, axis: Any, dtype: Any, out: Any, first: int | None) -> Any:
    """Return running sums or products as the array API standard has them."""
    refuse_out(out)
    x = np.atleast_1d(as_operand(x))
    if axis is None:
        if x.ndim > 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0
    result = total(x, axis=axis, dtype=dtype)
    if first is None:
        return result
    shape = list(x.shape)
    shape[axis] = 1
    return np.concatenate([np.full(shape, first, result.dtype), result], axis=axis)


@composite(np.cumulative_sum)
def _cumulative_sum(
    x: Any, /, *, axis: Any = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    return running(x, np.cumsum, axis, dtype, out, 0 if include_initial else None)


@composite(np.cumulative_prod)
def _cumulative_prod(
    x: Any, /, *, axis: Any = None, dtype: Any = None, out: Any = None, include_initial: bool = False
) -> Any:
    return running(x, np.cumprod, axis, dtype, out, 1 if include_initial else None)


@composite(np.average)
def _average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = ABSENT
) -> Any:
    a = as_operand(a)
    shape = np.shape(a)
    if axis is not None:
        axis = normalize_axis_tuple(axis, len(shape), argname="axis")
    if weights is None:
        average = np.mean(a, axis, keepdims=keepdims)
        total = average.dtype.type(np.size(a) / np.size(average))
    else:
        weights = aligned_weights(as_operand(weights), shape, axis)
        dtype = np.result_type(a, weights, *([] if a.dtype.kind in "fc" else ["f8"]))
        total = np.sum(weights, axis=axis, dtype=dtype, keepdims=keepdims)
        if anywhere(total == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        average = np.sum(np.multiply(a, weights, dtype=dtype), axis, keepdims=keepdims) / total
    if not returned:
        return average
    return average, np.copy(np.broadcast_to(total, average.shape)) if total.shape != average.shape else total


def aligned_weights(weights: Any, shape: tuple[int, ...], axis: tuple[int, ...] | None) -> Any:
    """Return weights along some axes so that they broadcast against an array."""
    if weights.shape == shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.shape != tuple([shape[k] for k in axis]):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    weights = np.transpose(weights, np.argsort(axis))
    return np.reshape(weights, tuple([n if k in axis else 1 for k, n in enumerate(shape)]))
