"""Piecewise linear interpolation.

In scope: `t` the tangent, and the parameters of np.interp. On the line from node j to the next one, with the slope s
and the fraction u of the way, dy = (1 - u) (df_j - s dx_j) + u (df_k - s dx_k) + s dx. At a node s is the mean of the
slopes on both sides; where the function jumps it is that of the side which the value belongs to.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.elements import getitem
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.tracer import anywhere, plain


def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    return np.interp(x, xp, fp, left, right)


def read(a: Any, index: Any) -> Any:
    """Return elements, also of a plain array at places that are a batch."""
    return getitem(a, index)


def ends(x: Any, xp: Any) -> tuple[Any, Any]:
    """Return the numbers of the nodes around x: at a node, and outside, it is the same one twice."""
    x, xp = plain(x), plain(xp)
    n = np.shape(xp)[0]
    behind = np.searchsorted(xp, x, "right")
    low = np.maximum(behind - 1, 0)
    at_node = np.equal(read(xp, low), x) | np.equal(behind, 0)
    return low, np.minimum(np.where(at_node, low, low + 1), n - 1)


def fraction(x: Any, xp: Any) -> Any:
    """Return which fraction of the way from node to node x has gone."""
    j, k = ends(x, xp)
    same = np.equal(j, k)
    start = read(xp, j)
    return np.where(same, 0, (x - start) / np.where(same, 1, read(xp, k) - start))


def slope(x: Any, xp: Any, fp: Any, left: Any, right: Any) -> Any:
    """Return the slope at x, at a node the mean of both sides."""
    h = np.diff(xp)
    jump = np.equal(h, 0)
    inside = np.where(jump, 0, np.diff(fp)) / np.where(jump, 1, h)
    flat = np.zeros(1, inside.dtype)
    slopes = np.concatenate([flat, inside, flat])  # the one before each node, and the one behind all
    before, after = (np.searchsorted(plain(xp), plain(x), side) for side in ("left", "right"))
    at_node = np.not_equal(before, after)
    # the side of the value where the function jumps: behind a node that stands twice, and inside at the ends
    last = np.shape(xp)[0] - 1
    values = plain(fp)
    first_of, last_of = np.minimum(before, last), np.maximum(after - 1, 0)
    outside_left = at_node & np.equal(before, 0) & other(left, values[0])
    outside_right = at_node & np.equal(after, last + 1) & other(right, values[-1])
    twice = at_node & np.not_equal(read(values, first_of), read(values, last_of))
    s, r = read(slopes, before), read(slopes, after)
    s, r = np.where(outside_left | twice, r, s), np.where(outside_right, s, r)
    return (s + r) / 2


def other(end: Any, value: Any) -> Any:
    """Tell whether the value outside is another than that of the node at the end."""
    return np.False_ if end is None else np.not_equal(plain(end), value)


def line(t_j: Any, t_k: Any, x: Any, xp: Any) -> Any:
    """Return what is between two numbers at the fraction of x."""
    return t_j + fraction(x, xp) * (t_k - t_j)


def within(y: Any, x: Any, xp: Any, left: Any, right: Any) -> Any:
    """Return zeros where an end that was given stands for the line."""
    x, xp = plain(x), plain(xp)
    if left is not None:
        y = np.where(np.less(x, xp[0]), 0, y)
    return y if right is None else np.where(np.greater(x, xp[-1]), 0, y)


def push_nodes(t: Any, x: Any, xp: Any, fp: Any, left: Any, right: Any) -> Any:
    """Return minus the slope times the tangent of the line through the nodes."""
    j, k = ends(x, xp)
    return -slope(x, xp, fp, left, right) * line(read(t, j), read(t, k), x, xp)


def push_values(t: Any, x: Any, xp: Any, left: Any, right: Any) -> Any:
    """Return what is between the tangents of the values at the nodes."""
    j, k = ends(x, xp)
    return within(line(read(t, j), read(t, k), x, xp), x, xp, left, right)


interpolated = PrimitiveFunction(_interp, name="np.interp")
# fmt: off
interpolated.def_jvp(
    lambda t, x, xp, fp, left, right: slope(x, xp, fp, left, right) * t,
    push_nodes,
    push_values,
    lambda t, x, xp: np.where(np.less(plain(x), plain(xp)[0]), t, 0),
    lambda t, x, xp: np.where(np.greater(plain(x), plain(xp)[-1]), t, 0),
)
# fmt: on


@composite(np.interp)
def _interp_any(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    x, xp, fp = as_operand(x), doubled(as_operand(xp)), doubled(as_operand(fp))
    if period is None:
        return interpolated(x, xp, fp, left, right)
    # NumPy's own steps
    if anywhere(np.equal(period, 0)):
        raise ValueError("period must be a non-zero value")
    if np.ndim(xp) != 1 or np.ndim(fp) != 1:
        raise ValueError("Data points must be 1-D sequences")
    if np.shape(xp)[0] != np.shape(fp)[0]:
        raise ValueError("fp and xp are not of the same length")
    period = abs(period)
    x, xp = doubled(x) % period, xp % period
    order = np.argsort(xp)
    xp, fp = read(xp, order), read(fp, order)
    xp = np.concatenate((xp[-1:] - period, xp, xp[0:1] + period))
    return interpolated(x, xp, np.concatenate((fp[-1:], fp, fp[0:1])), None, None)


def doubled(x: Any) -> Any:
    """Return an array or number in double precision, in which NumPy computes here."""
    dtype = np.result_type(x, np.float64) if np.iscomplexobj(x) else np.float64
    if not hasattr(x, "astype"):
        return x
    return x if x.dtype == dtype else x.astype(dtype)
