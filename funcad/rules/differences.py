"""Differences along an axis, what is made of them, and integrals of samples.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, and the function's own parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.primitive import strip
from funcad.core.reducing import ABSENT
from funcad.core.tracer import plain


def neighbours(a: Any, axis: int) -> tuple[Any, Any]:
    """Return all elements but the first along an axis, and all but the last."""
    before = (slice(None),) * normalize_axis_index(axis, a.ndim)
    return a[(*before, slice(1, None))], a[(*before, slice(None, -1))]


@composite(np.diff)
def _diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = ABSENT, append: Any = ABSENT) -> Any:
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    a = as_operand(a)
    if np.ndim(a) == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis_index(axis, a.ndim)
    edge = tuple([1 if k == axis else m for k, m in enumerate(a.shape)])
    parts = [
        a if e is None else np.broadcast_to(e, edge) if np.ndim(e) == 0 else as_operand(e)
        for e in (prepend, None, append)
        if e is not ABSENT
    ]
    if len(parts) > 1:
        a = np.concatenate(parts, axis)
    for _ in range(n):
        a = (np.not_equal if a.dtype == np.bool else np.subtract)(*neighbours(a, axis))
    return a


@composite(np.ediff1d)
def _ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    ary = np.ravel(as_operand(ary))
    change = np.subtract(ary[1:], ary[:-1])
    if to_end is None and to_begin is None:
        return change
    begin, end = (
        ary[:0] if e is None else np.ravel(as_operand(e)) for e in (to_begin, to_end)
    )  # fmt: skip
    for name, e in (("to_begin", begin), ("to_end", end)):
        if not np.can_cast(e.dtype, ary.dtype, casting="same_kind"):
            raise TypeError(
                f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule."
            )
    return np.concatenate([begin.astype(ary.dtype), change, end.astype(ary.dtype)])


@composite(np.trapezoid)
def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    y = as_operand(y)
    if x is None:
        step = as_operand(dx)
    elif np.ndim(x := as_operand(x)) == 1:
        step = np.diff(x)
        axis = normalize_axis_index(axis, y.ndim)
        step = np.reshape(step, tuple([-1 if k == axis else 1 for k in range(y.ndim)]))
    else:
        step = np.diff(x, axis=axis)
    high, low = neighbours(y, axis)
    return np.sum(step * (high + low) / 2.0, axis)


# --- the gradient of samples: the derivative of the parabola through three neighbours. With the steps h1 and h2 and
# the divided differences d1 and d2 it is (p d1 + r d2) / (h1 + h2), where p and r are linear in the steps.
# B. Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, Mathematics of
# Computation 51 (1988), 699-706.

# fmt: off
#: where the derivative is taken: which steps are h1 and h2, and p and r
PARABOLA: dict[str, tuple[slice, slice, Any, Any]] = {
    "first":  (slice(0, 1),     slice(1, 2),     lambda h1, h2: 2 * h1 + h2, lambda h1, h2: -h1),
    "middle": (slice(None, -1), slice(1, None),  lambda h1, h2: h2,          lambda h1, h2: h1),
    "last":   (slice(-2, -1),   slice(-1, None), lambda h1, h2: -h2,         lambda h1, h2: 2 * h2 + h1),
}
# fmt: on


def _sloped(f: Any, x: Any, axis: Any, edge_order: Any) -> Any:
    return np.gradient(f, x, axis=axis, edge_order=edge_order)


def steps(x: Any, n: int) -> Any:
    """Return the steps between n samples at coordinates, or with a single spacing."""
    return np.diff(x) if np.ndim(x) else np.broadcast_to(x, (n - 1,))


def numerator(side: str, h: Any, d: Any) -> Any:
    """Return p d1 + r d2, which is linear in the steps and in the divided differences."""
    one, two, p, r = PARABOLA[side]
    return p(h[one], h[two]) * d[..., one] + r(h[one], h[two]) * d[..., two]


def span(side: str, h: Any) -> Any:
    """Return h1 + h2."""
    one, two, _, _ = PARABOLA[side]
    return h[one] + h[two]


def at_edges(edge_order: int, part: Callable[[str], Any], d: Any) -> Any:
    """Join what is in the middle with what is at the edges, which is d itself for the first order."""
    ends = (d[..., :1], d[..., -1:]) if edge_order == 1 else (part("first"), part("last"))
    return np.concatenate([ends[0], part("middle"), ends[1]], axis=-1)


def push_samples(t: Any, x: Any, axis: int, edge_order: int) -> Any:
    """Return the derivative along the axis of the tangents."""
    rows = np.moveaxis(t, axis, -1)
    h = steps(x, rows.shape[-1])
    d = np.diff(rows) / h
    return np.moveaxis(at_edges(edge_order, lambda side: numerator(side, h, d) / span(side, h), d), -1, axis)


def push_coordinates(t: Any, f: Any, x: Any, axis: int, edge_order: int) -> Any:
    """Return the tangent by the steps, of which a divided difference d changes by -d dh / h."""
    rows = np.moveaxis(f, axis, -1)
    h, dh = steps(x, rows.shape[-1]), steps(t, rows.shape[-1])
    d = np.diff(rows) / h
    dd = -d * dh / h

    def part(side: str) -> Any:
        slope = numerator(side, h, d) / span(side, h)
        return (numerator(side, h, dd) + numerator(side, dh, d) - slope * span(side, dh)) / span(side, h)

    return np.moveaxis(at_edges(edge_order, part, dd), -1, axis)


slopes = PrimitiveFunction(_sloped, name="np.gradient")
slopes.def_jvp(push_samples, push_coordinates)


@composite(np.gradient)
def _gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    f = as_operand(f)
    ndim = np.ndim(f)
    axes = tuple(range(ndim)) if axis is None else normalize_axis_tuple(axis, ndim)
    spacings = [as_operand(v) for v in varargs] or [1.0]
    if len(spacings) == 1 and np.ndim(spacings[0]) == 0:
        spacings *= len(axes)
    if len(spacings) != len(axes):
        raise TypeError("invalid number of arguments")
    if axes and f.dtype.kind in "iu":
        f = f.astype(np.float64)  # so that differences do not wrap around
    spacings = [
        x.astype(np.float64) if np.ndim(x) and x.dtype.kind in "iu" else x for x in spacings
    ]  # fmt: skip
    parts = [slopes(f, x, k, edge_order) for k, x in zip(axes, spacings, strict=True)]
    return parts[0] if len(parts) == 1 else tuple(parts)


# --- phases: what is added is a whole multiple of the period, the same between jumps


def periods(ans: Any, p: Any, period: Any) -> Any:
    """Return how many periods were added."""
    return np.rint((plain(ans) - plain(p)) / plain(period))


def _unwrap(p: Any, period: Any, discont: Any = None, axis: int = -1) -> Any:
    return np.unwrap(p, discont, axis, period=period)


unwrapped = PrimitiveFunction(_unwrap, name="np.unwrap")
# fmt: off
unwrapped.def_jvp(lambda t: t, lambda t, ans, p, period: t * periods(ans, p, period), unaffected=["discont", "axis"])
unwrapped.def_vjp(lambda g: g, lambda g, ans, p, period: g * periods(ans, p, period))
# fmt: on


@composite(np.unwrap)
def _unwrap_any(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * np.pi) -> Any:
    return unwrapped(p, period, strip(discont), axis)
