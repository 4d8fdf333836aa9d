"""Medians and quantiles: the elements at places of the sorted array, and the line between two of them.

The value is NumPy's own. It is linear in the sorted elements, and equal ones share. In scope: `t` the tangent,
`ans` the output, and the parameters `a`, `q`, `axis`, `method`, `weights`. Inside, the reduced elements
are *rows* along the last axis, and a *place* is a number of n and q, with n - 1 for the last element.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.primitive import strip
from funcad.core.reducing import ABSENT, refuse_out
from funcad.core.ties import shared
from funcad.core.tracer import anywhere, plain
from funcad.errors import UnsupportedArgumentError

# --- places. R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American
# Statistician 50 (1996), 361-365: continuous methods have the place n q + m(q) - 1 with m linear in q. The
# order of operations is that of NumPy, since a place is compared with whole numbers.

#: alpha and beta, with m(q) = alpha + q (1 - alpha - beta)
CONTINUOUS: dict[str, tuple[float, float]] = {
    "interpolated_inverted_cdf": (0, 1),
    "hazen": (0.5, 0.5),
    "weibull": (0, 0),
    "linear": (1, 1),
    "median_unbiased": (1 / 3.0, 1 / 3.0),
    "normal_unbiased": (3 / 8.0, 3 / 8.0),
}


def line(method: str, n: Any, q: Any) -> Any:
    """Return the place of a continuous method: n q + alpha + q (1 - alpha - beta) - 1."""
    alpha, beta = CONTINUOUS[method]
    return (n - 1) * q if method == "linear" else n * q + (alpha + q * (1 - alpha - beta)) - 1


def nearest_odd(place: Any) -> Any:
    """Return the whole number behind a place, or the place itself where it is whole and odd."""
    low = np.floor(place)
    return np.where(np.equal(place, low) & np.equal(low % 2, 1), low, low + 1)


def halfway(place: Any) -> Any:
    """Return the place between two whole numbers, the place itself where it is whole."""
    return 0.5 * (np.floor(place) + np.ceil(place))


def halfway_or_later(place: Any) -> Any:
    """Return the next whole number, the place behind it by a half where it is whole."""
    return np.where(np.equal(place % 1, 0), place + 0.5, np.ceil(place))


# fmt: off
#: the places of the methods with steps: one element, or the mean of two
STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "inverted_cdf":          lambda n, q: np.ceil(n * q - 1),
    "averaged_inverted_cdf": lambda n, q: halfway_or_later(n * q - 1),
    "closest_observation":   lambda n, q: nearest_odd(n * q - 1 - 0.5),
    "lower":                 lambda n, q: np.floor((n - 1) * q),
    "higher":                lambda n, q: np.ceil((n - 1) * q),
    "midpoint":              lambda n, q: halfway((n - 1) * q),
    "nearest":               lambda n, q: np.around((n - 1) * q),
}
# fmt: on


def place_of(method: str, n: Any, q: Any) -> Any:
    """Return where among n sorted elements a quantile is."""
    return line(method, n, q) if method in CONTINUOUS else STEPS[method](n, plain(q))


# --- rows


def rows_of(x: Any, axis: Any) -> Any:
    """Return the elements that are reduced along a last axis, behind the axes that are kept."""
    shape = np.shape(x)
    if axis is None:
        return np.reshape(x, (math.prod(shape),))
    axes = [k % len(shape) for k in (axis if isinstance(axis, tuple) else (axis,))]
    kept = [k for k in range(len(shape)) if k not in axes]
    n = math.prod([shape[k] for k in axes])
    return np.reshape(np.transpose(x, kept + sorted(axes)), (*[shape[k] for k in kept], n))


def ranked(t: Any, rows: Any) -> Any:
    """Return tangents in the order of the values; those of equal values share."""
    order = np.argsort(rows, axis=-1, kind="stable")
    return shared(np.take_along_axis(t, order, -1), np.take_along_axis(rows, order, -1), -1)


def numbers(rows: Any, missing: bool, dtype: Any = None) -> Any:
    """Return the number of elements; with `missing` that of those which are not nan, for each row.

    Numbers by row are of the dtype of the levels, in which NumPy computes places.
    """
    return np.sum(~np.isnan(rows), axis=-1, keepdims=True, dtype=dtype) if missing else rows.shape[-1]


def at(values: Any, index: Any, n: Any) -> Any:
    """Return the elements at whole places, the first or the last one where the place is outside."""
    index = np.minimum(np.maximum(index, 0), np.maximum(n - 1, 0)).astype(int)
    return np.take_along_axis(values, np.broadcast_to(index, (*values.shape[:-1], index.shape[-1])), -1)


def between(values: Any, place: Any, n: Any, backwards: Any = 0.5) -> Any:
    """Return the numbers at places, on the lines between neighbours.

    At an element the line before it counts by `backwards`, and the one behind it by the rest.
    """
    low, high = np.floor(place), np.ceil(place)
    behind = at(values, low, n) + (place - low) * rise(values, low, n)
    if not anywhere(np.equal(low, high)):
        return behind
    before = at(values, high, n) + (place - high) * rise(values, high - 1, n)
    return behind + backwards * (before - behind)


def rise(values: Any, start: Any, n: Any) -> Any:
    """Return the difference of the elements behind and at whole places."""
    return at(values, start + 1, n) - at(values, start, n)


def backwards_at(level: Any) -> Any:
    """Return 1/2; nothing is before the level 0, nor behind the level 1."""
    return np.where(np.equal(level, 0), 0.0, np.where(np.equal(level, 1), 1.0, 0.5))


def shaped(x: Any, q: Any, ans: Any) -> Any:
    """Return one number per row and level in the shape of the quantiles, whose first axes are those of q."""
    return np.reshape(np.moveaxis(x, -1, 0) if np.ndim(q) else x, np.shape(ans))


# --- rules


def push_median(t: Any, ans: Any, a: Any, axis: Any, missing: bool) -> Any:
    """Return the tangent of the element in the middle, or the mean of both."""
    rows = rows_of(plain(a), axis)
    if not rows.shape[-1]:
        return np.zeros(np.shape(ans))
    n = numbers(rows, missing)
    place = np.reshape((n - 1) / 2, (*rows.shape[:-1], 1) if missing else (1,))
    tangents = ranked(rows_of(t, axis), rows)
    return np.reshape(settled(between(tangents, place, n), tangents, rows, missing), np.shape(ans))


def settled(value: Any, tangents: Any, rows: Any, missing: bool) -> Any:
    """Return the tangent of nan where the quantile is nan since an element is."""
    if missing:
        return value
    return np.where(np.any(np.isnan(rows), axis=-1, keepdims=True), tangents[..., -1:], value)


def push_elements(
    t: Any, ans: Any, a: Any, q: Any, axis: Any, method: str, weights: Any, missing: bool
) -> Any:
    """Return the tangent of quantiles by that of the elements."""
    rows = rows_of(plain(a), axis)
    if not rows.shape[-1]:
        return np.zeros(np.shape(ans))
    if weights is not None:
        return push_weighted(t, ans, a, q, axis, weights)
    level, tangents = np.reshape(q, (math.prod(np.shape(q)),)), ranked(rows_of(t, axis), rows)
    n = numbers(rows, missing, level.dtype)
    value = between(tangents, place_of(method, n, level), n, backwards_at(plain(level)))
    return shaped(settled(value, tangents, rows, missing), q, ans)


def push_weighted(t: Any, ans: Any, a: Any, q: Any, axis: Any, weights: Any) -> Any:
    """Return the mean of the tangents of the elements of some weight that equal the quantile."""
    rows, shape, ans_shape = rows_of(plain(a), axis), np.shape(a), np.shape(ans)
    levels = math.prod(np.shape(q))
    ans = np.moveaxis(np.reshape(plain(ans), (levels, *rows.shape[:-1])), 0, -1)[..., np.newaxis]
    equal = (
        np.equal(np.expand_dims(rows, -2), ans)
        & (rows_of(spread(weights, shape, axis), axis) > 0)[..., np.newaxis, :]
    )
    # where the quantile is nan
    equal = equal | (np.isnan(np.expand_dims(rows, -2)) & np.isnan(ans))
    tangents = np.where(equal, np.expand_dims(rows_of(t, axis), -2), 0)
    mean = np.sum(tangents, axis=-1) / np.maximum(np.sum(equal, axis=-1), 1)
    return np.reshape(np.moveaxis(mean, -1, 0), ans_shape)


def spread(weights: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """Return weights, which may be along the reduced axes only, for every element."""
    weights = as_operand(weights)
    if np.shape(weights) != shape:
        axes = [k % len(shape) for k in (axis if isinstance(axis, tuple) else (axis,))]
        weights = np.transpose(weights, np.argsort(axes))
        weights = np.reshape(weights, [n if k in axes else 1 for k, n in enumerate(shape)])
    return np.broadcast_to(weights, shape)


def push_level(t: Any, ans: Any, a: Any, q: Any, axis: Any, method: str, missing: bool) -> Any:
    """Return the tangent of quantiles by that of q: the slope of the line, the mean of both at an element."""
    if method not in CONTINUOUS or not np.size(a):
        return np.zeros(np.shape(ans))
    rows, shape = np.sort(rows_of(a, axis), axis=-1), np.shape(q)
    level = np.reshape(plain(q), (math.prod(shape),))
    n = numbers(plain(rows), missing, level.dtype)
    place = line(method, n, level)
    behind, before = rise(rows, np.floor(place), n), rise(rows, np.ceil(place) - 1, n)
    slope = behind + backwards_at(level) * (before - behind)
    # nan stays nan at every level
    slope = np.where(np.isnan(plain(rows)[..., :1] if missing else plain(rows)[..., -1:]), 0, slope)
    alpha, beta = CONTINUOUS[method]
    change = (n + (1 - alpha - beta)) * slope * np.reshape(t, (math.prod(shape),))
    return shaped(change, q, ans)


# --- declarations


def _declare_median(fn: Any, missing: bool) -> Any:
    """Declare a median; the array is never overwritten."""
    name = f"np.{fn.__name__}"
    p = PrimitiveFunction(lambda a, axis=None, keepdims=False: fn(a, axis, keepdims=keepdims), name=name)
    p.def_jvp(lambda t, ans, a, axis: push_median(t, ans, a, axis, missing), unaffected=["keepdims"])

    @composite(fn)
    def _median(
        a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = ABSENT
    ) -> Any:
        refuse_out(out)
        return p(a, strip(axis), keepdims is not ABSENT and keepdims)

    return p


def _declare_quantile(fn: Any, percent: bool, missing: bool) -> Any:
    """Declare a quantile; the array is never overwritten, and the weights choose elements."""
    name = f"np.{fn.__name__}"

    def level(q: Any) -> Any:
        return np.true_divide(q, 100) if percent else q

    def value(
        a: Any, q: Any, axis: Any = None, method: Any = "linear", keepdims: Any = False, weights: Any = None
    ) -> Any:
        return fn(a, q, axis, method=method, keepdims=keepdims, weights=weights)

    p = PrimitiveFunction(value, name=name)
    p.def_jvp(
        lambda t, ans, a, q, axis, method, weights: push_elements(
            t, ans, a, level(q), axis, method, weights, missing
        ),
        lambda t, ans, a, q, axis, method: push_level(
            t / 100 if percent else t, ans, a, level(q), axis, method, missing
        ),
        unaffected=["keepdims"],
    )

    @composite(fn)
    def _quantile(
        a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False,
        method: str = "linear", keepdims: Any = ABSENT, *, weights: Any = None,
    ) -> Any:  # fmt: skip
        refuse_out(out)
        if missing and np.ndim(q) > 1:
            raise UnsupportedArgumentError(
                f"{name} has no derivative rule for levels of more than one axis; pass np.ravel(q)"
            )
        return p(a, q, axis, method, keepdims is not ABSENT and keepdims, strip(weights))

    return p


# fmt: off
median        = _declare_median(np.median,    missing=False)
nanmedian     = _declare_median(np.nanmedian, missing=True)
quantile      = _declare_quantile(np.quantile,      percent=False, missing=False)
percentile    = _declare_quantile(np.percentile,    percent=True,  missing=False)
nanquantile   = _declare_quantile(np.nanquantile,   percent=False, missing=True)
nanpercentile = _declare_quantile(np.nanpercentile, percent=True,  missing=True)
# fmt: on
