"""`scipy.interpolate`: cubic interpolants, in the values at the nodes and in the nodes.

The coefficients are SciPy's; their derivatives are those of the same equations. The slopes of a spline solve a system
with three diagonals, whose transpose is one solve more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate

from funcad.core.assemble import contains_tracer
from funcad.core.tracer import plain
from funcad.rules.scipy.banded import solve_banded
from funcad.rules.scipy.interpolate_piecewise import PPoly, doubled, under_name

# --- a system with three diagonals


def tridiagonal(lower: Any, diagonal: Any, upper: Any, b: Any) -> Any:
    """Solve a system for right sides along the first axis."""
    none = np.zeros(1)
    band = np.stack([np.concatenate([none, upper]), diagonal, np.concatenate([lower, none])])
    return np.reshape(solve_banded((1, 1), band, np.reshape(b, (np.shape(b)[0], -1))), np.shape(b))


# --- the slopes at the nodes: in `x` the nodes, `y` the values with the nodes along the first axis


def steps_of(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the distances of nodes, as a column for each value, and the slopes between them."""
    h = np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(y) - 1))
    return h, np.diff(y, axis=0) / h


def hermite(x: Any, y: Any, slopes: Any) -> Any:
    """Return the coefficients of the cubics with these values and slopes at the nodes."""
    h, m = steps_of(x, y)
    t = (slopes[:-1] + slopes[1:] - 2 * m) / h
    return np.stack([t / h, (m - slopes[:-1]) / h - t, slopes[:-1], y[:-1]])


def monotone(x: Any, y: Any) -> Any:
    """Return the slopes of PCHIP: harmonic means of the slopes of the lines, 0 where these change sign."""
    h, m = steps_of(x, y)
    if np.shape(y)[0] == 2:
        return np.concatenate([m, m])
    sign = np.sign(plain(m))
    turns = np.not_equal(sign[1:], sign[:-1]) | np.equal(sign[1:], 0) | np.equal(sign[:-1], 0)
    w, v = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    before, behind = np.where(turns, 1, m[:-1]), np.where(turns, 1, m[1:])
    inside = np.where(turns, 0, (w + v) / (w / before + v / behind))
    first, last = end_slope(h[:1], h[1:2], m[:1], m[1:2]), end_slope(h[-1:], h[-2:-1], m[-1:], m[-2:-1])
    return np.concatenate([first, inside, last])


def end_slope(h: Any, k: Any, m: Any, n: Any) -> Any:
    """Return the slope at an end by three points, bounded so that the curve keeps the shape of the lines."""
    d = ((2 * h + k) * m - h * n) / (h + k)
    turns = np.not_equal(np.sign(plain(d)), np.sign(plain(m)))
    steep = np.not_equal(np.sign(plain(m)), np.sign(plain(n)))
    steep = steep & np.greater(np.abs(plain(d)), 3 * np.abs(plain(m)))
    return np.where(turns, 0, np.where(steep, 3 * m, d))


def of_neighbours(x: Any, y: Any, method: str) -> Any:
    """Return Akima's slopes: means of the slopes of the two lines, with weights by the lines next to them."""
    _, m = steps_of(x, y)
    if np.shape(y)[0] == 2:
        return np.concatenate([m, m])
    before, behind = 2 * m[:1] - m[1:2], 2 * m[-1:] - m[-2:-1]
    m = np.concatenate([2 * before - m[:1], before, m, behind, 2 * behind - m[-1:]])
    changes = np.abs(np.diff(m, axis=0))
    if method == "makima":
        changes = changes + 0.5 * np.abs(m[1:] + m[:-1])
    w, v = changes[2:], changes[:-2]
    total = w + v
    defined = np.greater(plain(total), 1e-9 * np.max(plain(total)))
    inner = m[1:-2] + v / np.where(defined, total, 1) * (m[2:-1] - m[1:-2])
    return np.where(defined, inner, 0.5 * (m[3:] + m[:-3]))


def spline_slopes(x: Any, y: Any, bc_type: Any) -> Any:
    """Return the slopes with which the second derivative is continuous (C. de Boor, 1978, chapter IV)."""
    n = np.shape(y)[0]
    h, m = steps_of(x, y)
    dx = np.diff(x)
    start, end = (bc_type, bc_type) if isinstance(bc_type, str) else bc_type
    start, end = [_ALIASES.get(bc, bc) if isinstance(bc, str) else bc for bc in (start, end)]
    if n == 2:
        start, end = [(1, m[0]) if isinstance(bc, str) else bc for bc in (start, end)]
    if n == 3 and start == "periodic":
        mean = np.sum(m / h, axis=0) / np.sum(1 / h, axis=0)
        return np.broadcast_to(mean, (n, *np.shape(mean)))
    if n == 3 and isinstance(start, str) and isinstance(end, str):
        # the parabola through three points
        middle = (h[:1] * m[1:] + h[1:] * m[:1]) / (h[:1] + h[1:])
        return np.concatenate([2 * m[:1] - middle, middle, 2 * m[1:] - middle])
    inside = 3 * (h[1:] * m[:-1] + h[:-1] * m[1:])
    if start == "periodic":
        return around(dx, 3 * (h[:1] * m[-1:] + h[-1:] * m[:1]), inside)
    first, last = end_row(start, h, m), end_row(end, h[::-1], m[::-1])
    # what bends at the last node does so against the direction in which the row is written
    if not isinstance(end, str) and end[0] == 2:
        last = end_row((2, -1.0 * doubled(end[1])), h[::-1], m[::-1])
    diagonal = np.concatenate([as_row(first[0]), 2 * (dx[:-1] + dx[1:]), as_row(last[0])])
    upper = np.concatenate([as_row(first[1]), dx[:-1]])
    lower = np.concatenate([dx[1:], as_row(last[1])])
    return tridiagonal(lower, diagonal, upper, np.concatenate([first[2], inside, last[2]]))


_ALIASES: dict[str, Any] = {"clamped": (1, 0.0), "natural": (2, 0.0)}


def as_row(x: Any) -> Any:
    """Return a number as a vector of one."""
    return np.reshape(x, (1,))


def end_row(bc: Any, h: Any, m: Any) -> tuple[Any, Any, Any]:
    """Return the diagonal element, the one beside it, and the right side of the condition at the first node."""
    if isinstance(bc, str):
        d = h[0] + h[1]
        b = ((h[:1] + 2 * d) * h[1:2] * m[:1] + h[:1] ** 2 * m[1:2]) / d
        return h[1], d, b
    order, value = bc[0], doubled(bc[1])
    if order == 1:
        return 1.0, 0.0, np.zeros_like(m[:1]) + value
    return 2 * h[0], h[0], -0.5 * value * h[:1] ** 2 + 3 * m[:1] * h[:1]


def around(dx: Any, first: Any, inside: Any) -> Any:
    """Solve the cyclic system of a periodic spline: one unknown is kept apart."""
    b = np.concatenate([first, inside])
    diagonal = np.concatenate([2 * (dx[-1:] + dx[:1]), 2 * (dx[:-2] + dx[1:-1])])
    upper, lower = np.concatenate([dx[-1:], dx[:-3]]), dx[1:-1]
    apart = np.concatenate([-dx[:1], np.zeros(np.shape(dx)[0] - 3), -dx[-3:-2]])
    if np.shape(dx)[0] == 3:
        apart = np.concatenate([-dx[:1], -dx[:1]])
    s = tridiagonal(lower, diagonal, upper, b[:-1])
    r = tridiagonal(lower, diagonal, upper, apart)
    rest = b[-1:] - dx[-2] * s[:1] - dx[-1] * s[-1:]
    last = rest / (2 * (dx[-1] + dx[-2]) + dx[-2] * r[0] + dx[-1] * r[-1])
    s = s + np.reshape(r, (-1,) + (1,) * (np.ndim(s) - 1)) * last
    return np.concatenate([s, last, s[:1]])


# --- the coefficients, with SciPy's values


def _moved(x: Any, y: Any, axis: int) -> tuple[Any, Any]:
    return doubled(x), np.moveaxis(doubled(y), axis, 0)


hermite_coefficients = under_name(
    scipy.interpolate.CubicHermiteSpline,
    lambda x, y, dydx, axis: scipy.interpolate.CubicHermiteSpline(x, y, dydx, axis).c,
)
pchip_coefficients = under_name(
    scipy.interpolate.PchipInterpolator,
    lambda x, y, axis: scipy.interpolate.PchipInterpolator(x, y, axis).c,
)
akima_coefficients = under_name(
    scipy.interpolate.Akima1DInterpolator,
    lambda x, y, axis, method: scipy.interpolate.Akima1DInterpolator(x, y, axis, method=method).c,
)
spline_coefficients = under_name(
    scipy.interpolate.CubicSpline,
    lambda x, y, axis, bc_type: scipy.interpolate.CubicSpline(x, y, axis, bc_type).c,
)


@hermite_coefficients.def_composite(own_value=True)
def _hermite(x: Any, y: Any, dydx: Any, axis: int) -> Any:
    x, y = _moved(x, y, axis)
    return hermite(x, y, np.moveaxis(doubled(dydx), axis, 0))


@pchip_coefficients.def_composite(own_value=True)
def _pchip(x: Any, y: Any, axis: int) -> Any:
    x, y = _moved(x, y, axis)
    return hermite(x, y, monotone(x, y))


@akima_coefficients.def_composite(own_value=True)
def _akima(x: Any, y: Any, axis: int, method: str) -> Any:
    x, y = _moved(x, y, axis)
    return hermite(x, y, of_neighbours(x, y, method))


@spline_coefficients.def_composite(own_value=True)
def _spline(x: Any, y: Any, axis: int, bc_type: Any) -> Any:
    x, y = _moved(x, y, axis)
    return hermite(x, y, spline_slopes(x, y, bc_type))


# --- the classes, which are of each other's kind as SciPy's are


class CubicHermiteSpline(PPoly, scipy.interpolate.CubicHermiteSpline):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.CubicHermiteSpline`, made of and read at traced values as well."""

    def __init__(self, x: Any, y: Any, dydx: Any, axis: int = 0, extrapolate: Any = None) -> None:
        if not contains_tracer((x, y, dydx)):
            scipy.interpolate.CubicHermiteSpline.__init__(self, x, y, dydx, axis, extrapolate)
            return
        c = hermite_coefficients(x, y, dydx, axis)
        self._set(c, x, True if extrapolate is None else extrapolate, axis % np.ndim(doubled(y)))


class PchipInterpolator(CubicHermiteSpline, scipy.interpolate.PchipInterpolator):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.PchipInterpolator`, made of and read at traced values as well."""

    def __init__(self, x: Any, y: Any, axis: int = 0, extrapolate: Any = None) -> None:
        if not contains_tracer((x, y)):
            scipy.interpolate.PchipInterpolator.__init__(self, x, y, axis, extrapolate)
            return
        c = pchip_coefficients(x, y, axis)
        self._set(c, x, True if extrapolate is None else extrapolate, axis % np.ndim(doubled(y)))


class Akima1DInterpolator(CubicHermiteSpline, scipy.interpolate.Akima1DInterpolator):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.Akima1DInterpolator`, made of and read at traced values as well."""

    def __init__(
        self, x: Any, y: Any, axis: int = 0, *, method: Any = "akima", extrapolate: Any = None
    ) -> None:
        if not contains_tracer((x, y)):
            scipy.interpolate.Akima1DInterpolator.__init__(
                self, x, y, axis, method=method, extrapolate=extrapolate
            )
            return
        c = akima_coefficients(x, y, axis, method)
        self._set(c, x, False if extrapolate is None else extrapolate, axis % np.ndim(doubled(y)))


class CubicSpline(CubicHermiteSpline, scipy.interpolate.CubicSpline):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.CubicSpline`, made of and read at traced values as well."""

    def __init__(
        self, x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot", extrapolate: Any = None
    ) -> None:
        if not contains_tracer((x, y, bc_type)):
            scipy.interpolate.CubicSpline.__init__(self, x, y, axis, bc_type, extrapolate)
            return
        c = spline_coefficients(x, y, axis, bc_type)
        if extrapolate is None:
            extrapolate = "periodic" if bc_type == "periodic" else True
        self._set(c, x, extrapolate, axis % np.ndim(doubled(y)))


def pchip_interpolate(xi: Any, yi: Any, x: Any, der: Any = 0, axis: int = 0) -> Any:
    """Return what `scipy.interpolate.pchip_interpolate` does, also for traced values."""
    curve = PchipInterpolator(xi, yi, axis)
    if isinstance(der, (list, tuple, np.ndarray)):
        return [curve.derivative(nu)(x) for nu in der]
    return curve(x) if der == 0 else curve.derivative(der)(x)
