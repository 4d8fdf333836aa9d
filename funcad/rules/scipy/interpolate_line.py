"""`scipy.interpolate.interp1d`: lines, constants and splines between nodes, in the values, the nodes and the places."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate

from funcad.core.assemble import contains_tracer
from funcad.core.elements import getitem
from funcad.core.tracer import plain
from funcad.rules.scipy.interpolate_bsplines import bspline, interpolating, knots_of, refused
from funcad.rules.scipy.interpolate_piecewise import doubled, piecewise, placed, under_name


def _read(
    x: Any, y: Any, at: Any, kind: Any, axis: int, bounds_error: Any, fill_value: Any, assume_sorted: bool
) -> Any:
    own = scipy.interpolate.interp1d
    return own(x, y, kind, axis, True, bounds_error, fill_value, assume_sorted)(at)


between = under_name(scipy.interpolate.interp1d, _read)
_DEGREES = {"zero": 0, "slinear": 1, "quadratic": 2, "cubic": 3}


@between.def_composite(own_value=True)
def _between(
    x: Any, y: Any, at: Any, kind: Any, axis: int, bounds_error: Any, fill_value: Any, assume_sorted: bool
) -> Any:
    x, at = doubled(x), doubled(at)
    axis %= np.ndim(y)
    y = np.moveaxis(doubled(y), axis, 0)
    if not assume_sorted:
        order = np.argsort(plain(x), kind="mergesort")
        x, y = getitem(x, order), getitem(y, order)
    flat = np.reshape(at, (-1,))
    result = _inside(x, y, flat, kind)
    below, above = filling(y, kind, fill_value)
    column = (-1,) + (1,) * (np.ndim(y) - 1)
    for outside, value in (
        (np.less(plain(flat), plain(x)[0]), below),
        (np.greater(plain(flat), plain(x)[-1]), above),
    ):
        if value is not None:
            result = np.where(np.reshape(outside, column), value, result)
    return placed(np.reshape(result, np.shape(at) + np.shape(y)[1:]), np.ndim(at), axis)


def filling(y: Any, kind: Any, fill_value: Any) -> tuple[Any, Any]:
    """Return what stands below and above the nodes; None where the interpolant goes on."""
    if isinstance(fill_value, str):
        return (np.nan, None) if kind == "previous" else (None, np.nan) if kind == "next" else (None, None)
    if isinstance(fill_value, tuple) and len(fill_value) == 2:
        return doubled(fill_value[0]), doubled(fill_value[1])
    value = doubled(fill_value)
    return value, value


def _inside(x: Any, y: Any, at: Any, kind: Any) -> Any:
    """Return the interpolant, also outside of the nodes."""
    nodes, places, last = plain(x), plain(at), np.shape(x)[0] - 1
    if kind == "linear":
        slopes = np.diff(y, axis=0) / np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(y) - 1))
        return piecewise(np.stack([slopes, y[:-1]]), x, at, 0, True)
    if kind in ("nearest", "nearest-up"):
        half = nodes / 2.0
        side: Any = "left" if kind == "nearest" else "right"
        return getitem(y, np.clip(np.searchsorted(half[1:] + half[:-1], places, side), 0, last))
    if kind == "previous":
        index = np.searchsorted(np.nextafter(nodes, -np.inf), places, "left")
        return getitem(y, np.clip(index, 1, last + 1) - 1)
    if kind == "next":
        index = np.searchsorted(np.nextafter(nodes, np.inf), places, "right")
        return getitem(y, np.clip(index, 0, last))
    if contains_tracer((x,)):
        raise refused("interp1d", f"in x for kind={kind!r}", "CubicSpline is also differentiated in x")
    k = _DEGREES[kind] if isinstance(kind, str) else int(kind)
    knots = knots_of(x, k, [None, None], False)
    return bspline(interpolating(y, x, k, None, None, 0), at, knots, k, 0, True, False)


class interp1d(scipy.interpolate.interp1d):  # type: ignore[misc]  # noqa: N801 - SciPy's name
    """`scipy.interpolate.interp1d`, made of and read at traced values as well."""

    def __init__(
        self,
        x: Any,
        y: Any,
        kind: Any = "linear",
        axis: int = -1,
        copy: bool = True,
        bounds_error: Any = None,
        fill_value: Any = np.nan,
        assume_sorted: bool = False,
    ) -> None:
        #: the arguments of `between`, but for the places
        self._data = (x, y), (kind, axis, bounds_error, fill_value, assume_sorted)
        self._traced = contains_tracer((x, y, fill_value))
        if not self._traced:
            super().__init__(x, y, kind, axis, copy, bounds_error, fill_value, assume_sorted)

    def __call__(self, x: Any) -> Any:
        if not self._traced and not contains_tracer((x,)):
            return super().__call__(x)
        nodes, (kind, axis, bounds_error, fill_value, assume_sorted) = self._data
        return between(*nodes, x, kind, axis, bounds_error, fill_value, assume_sorted)
