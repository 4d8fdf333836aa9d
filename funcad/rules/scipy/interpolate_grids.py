"""`scipy.interpolate`: values on rectangular grids, read between the nodes: in the values and in the places.

The values are SciPy's. The derivatives are those of the same products of polynomials; at a kink the mean of both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate
from scipy.sparse import csc_array

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.elements import getitem
from funcad.core.general import is_plain
from funcad.core.tracer import anywhere, plain
from funcad.rules.scipy.interpolate_bsplines import (
    Fit,
    beside,
    bspline,
    design,
    fitted,
    interpolating,
    knots_of,
    lowered,
    refused,
)
from funcad.rules.scipy.interpolate_piecewise import doubled, under_name
from funcad.rules.scipy.tensor_products import both_sides, weighted

# --- one axis


def basis(at: Any, knots: Any, k: int, left: bool) -> tuple[Any, Any]:
    """Return the numbers of the B-splines that are not 0 at each place, and their values there.

    The recurrence of C. de Boor, On calculating with B-splines (1972).
    """
    before = beside(at, knots, k, left)
    values: list[Any] = [np.ones(np.shape(before))]
    for p in range(1, k + 1):
        terms: list[Any] = [0.0] * (p + 1)
        for j in range(p):
            low, high = getitem(knots, before + (j + 1 - p)), getitem(knots, before + (j + 1))
            part = values[j] / (high - low)
            terms[j] = terms[j] + (high - at) * part
            terms[j + 1] = terms[j + 1] + (at - low) * part
        values = terms
    index = np.stack([before + (j - k) for j in range(k + 1)])
    return index, np.stack(values)


def at_knots(at: Any, knots: Any, k: int) -> bool:
    """Tell whether some traced place is where a piecewise linear function has a kink."""
    if k != 1 or is_plain(at):
        return False
    return anywhere(np.not_equal(beside(at, knots, k, True), beside(at, knots, k, False)))


def tensor(c: Any, places: list[Any], knots: list[Any], degrees: list[int]) -> Any:
    """Return a product of splines at points, given by a vector of coordinates for each axis."""

    def read(left: bool) -> Any:
        near = [basis(at, t, k, left) for at, t, k in zip(places, knots, degrees, strict=True)]
        return weighted(c, [index for index, _ in near], [weights for _, weights in near])

    return both_sides(read, any([at_knots(*axis) for axis in zip(places, knots, degrees, strict=True)]))


# --- RegularGridInterpolator

_DEGREES = {"linear": 1, "slinear": 1, "cubic": 3, "quintic": 5}


def _on_grid(
    values: Any,
    xi: Any,
    points: Any,
    method: str,
    bounds_error: bool,
    fill_value: Any,
    made: Any,
    solving: Any,
) -> Any:
    if made is None:
        own = scipy.interpolate.RegularGridInterpolator
        made = own(points, values, method, bounds_error, fill_value, **solving)
    return made(xi, method)


on_grid = under_name(scipy.interpolate.RegularGridInterpolator, _on_grid)


@on_grid.def_composite(own_value=True)
def _between_nodes(
    values: Any,
    xi: Any,
    points: Any,
    method: str,
    bounds_error: bool,
    fill_value: Any,
    made: Any,
    solving: Any,
) -> Any:
    values, points = doubled(values), [np.asarray(p, float) for p in points]
    for axis, p in enumerate(points):
        if p[0] > p[-1]:
            values, points[axis] = np.flip(values, axis), p[::-1]
    places, shape = coordinates(xi, len(points))
    if method == "nearest":
        index = [nearest(p, plain(at)) for p, at in zip(points, places, strict=True)]
        y = getitem(values, tuple(index))
    elif method in _DEGREES:
        k = _DEGREES[method]
        knots = [knots_of(p, k, [None, None], False) for p in points]
        if k > 1:
            for axis, p in enumerate(points):
                c = interpolating(values, p, k, None, None, axis)
                values = np.moveaxis(c, 0, axis)
        y = tensor(values, places, knots, [k] * len(points))
    else:
        raise refused(
            "RegularGridInterpolator",
            f"for method={method!r}",
            f"it has for {', '.join(_DEGREES)} and nearest",
        )
    if not bounds_error and fill_value is not None:
        for p, at in zip(points, places, strict=True):
            outside = np.less(plain(at), p[0]) | np.greater(plain(at), p[-1])
            y = np.where(np.reshape(outside, (-1,) + (1,) * (np.ndim(y) - 1)), fill_value, y)
    return np.reshape(y, (*shape, *np.shape(y)[1:]))


def nearest(nodes: Any, at: Any) -> Any:
    """Return the number of the nearest node, of two the first."""
    low = np.clip(np.searchsorted(nodes, at) - 1, 0, len(nodes) - 2)
    start, end = getitem(nodes, low), getitem(nodes, low + 1)
    return low + np.greater((at - start) / (end - start), 0.5)


def coordinates(xi: Any, count: int) -> tuple[list[Any], tuple[int, ...]]:
    """Return a vector for each coordinate of points, and the shape that the points are in."""
    if isinstance(xi, tuple):
        xi = np.stack(np.broadcast_arrays(*[doubled(x) for x in xi]), axis=-1)
    else:
        xi = doubled(xi)
        xi = np.reshape(xi, (-1, count)) if np.ndim(xi) == 1 else xi
    shape = np.shape(xi)[:-1]
    xi = np.reshape(xi, (-1, count))
    return [xi[:, k] for k in range(count)], shape


class RegularGridInterpolator(scipy.interpolate.RegularGridInterpolator):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.RegularGridInterpolator`, made of and read at traced values as well."""

    def __init__(
        self,
        points: Any,
        values: Any,
        method: str = "linear",
        bounds_error: bool = True,
        fill_value: Any = np.nan,
        **solving: Any,
    ) -> None:
        if contains_tracer((list(points), fill_value)):
            raise refused("RegularGridInterpolator", "in the points", "pass funcad.stop_gradient(points)")
        self._nodes, self._table, self._solving = points, values, solving
        self._tracing = contains_tracer((values,))
        if not self._tracing:
            super().__init__(points, values, method, bounds_error, fill_value, **solving)
        else:
            self.method, self.bounds_error, self.fill_value = method, bounds_error, fill_value

    def __call__(self, xi: Any, method: Any = None, *, nu: Any = None) -> Any:
        within = list(xi) if isinstance(xi, tuple) else xi
        if not self._tracing and not contains_tracer((within,)):
            return super().__call__(xi, method, nu=nu)
        if nu is not None:
            raise refused("RegularGridInterpolator", "with nu", "differentiate the call with funcad.jacobian")
        method = self.method if method is None else method
        made = None if self._tracing else super().__call__
        how = method, self.bounds_error, self.fill_value
        return on_grid(self._table, xi, self._nodes, *how, made, self._solving)


def interpn(
    points: Any,
    values: Any,
    xi: Any,
    method: str = "linear",
    bounds_error: bool = True,
    fill_value: Any = np.nan,
) -> Any:
    """Return what `scipy.interpolate.interpn` does, also for traced values."""
    within = list(xi) if isinstance(xi, tuple) else xi
    if not contains_tracer((list(points), values, within)):
        return scipy.interpolate.interpn(points, values, xi, method, bounds_error, fill_value)
    if method == "splinef2d":
        raise refused(
            "interpn", "for method='splinef2d'", "write RectBivariateSpline(*points, values).ev(x, y)"
        )
    return RegularGridInterpolator(points, values, method, bounds_error, fill_value)(xi)


# --- RectBivariateSpline


def _surface(z: Any, x: Any, y: Any, dx: int, dy: int, grid: bool, data: Any) -> Any:
    return scipy.interpolate.RectBivariateSpline(*data[:2], z, *data[2:])(x, y, dx, dy, grid)


surface = under_name(scipy.interpolate.RectBivariateSpline, _surface)


@surface.def_composite(own_value=True)
def _on_surface(z: Any, x: Any, y: Any, dx: int, dy: int, grid: bool, data: Any) -> Any:
    sites, (bbox, kx, ky, s) = [np.asarray(d, float) for d in data[:2]], data[2:]
    zeros = np.zeros(np.shape(z)) if contains_tracer((z,)) else z
    own = scipy.interpolate.RectBivariateSpline(*sites, zeros, bbox, kx, ky, s)
    knots, degrees = list(own.tck[:2]), [kx, ky]
    if contains_tracer((z,)):
        if s:
            raise refused("RectBivariateSpline", "of a smoothing one in z", "write s=0, or fit it yourself")
        c = fitted(doubled(z), Fit(csc_array(design(sites[0], knots[0], kx))))
        c = np.transpose(fitted(np.transpose(c), Fit(csc_array(design(sites[1], knots[1], ky)))))
    else:
        c = np.reshape(own.tck[2], (len(knots[0]) - kx - 1, -1))
    places = [np.clip(doubled(v), t[k], t[-k - 1]) for v, t, k in zip((x, y), knots, degrees, strict=True)]
    for axis, order in enumerate((dx, dy)):
        c = np.swapaxes(c, 0, axis)
        for _ in range(order):
            c, knots[axis] = lowered(c, knots[axis], degrees[axis])
            degrees[axis] -= 1
        c = np.swapaxes(c, 0, axis)
    if not grid:
        u, v = np.broadcast_arrays(*places)
        points = [np.reshape(u, (-1,)), np.reshape(v, (-1,))]
        return np.reshape(tensor(c, points, knots, degrees), np.shape(u))
    for at, t, k in zip(places, knots, degrees, strict=True):
        c = np.transpose(bspline(c, np.reshape(at, (-1,)), t, k, 0, True, False))
    return c


class RectBivariateSpline(scipy.interpolate.RectBivariateSpline):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.RectBivariateSpline`, made of and read at traced values as well."""

    def __init__(
        self,
        x: Any,
        y: Any,
        z: Any,
        bbox: Any = (None, None, None, None),
        kx: int = 3,
        ky: int = 3,
        s: float = 0,
        **limits: Any,
    ) -> None:
        if contains_tracer((x, y)):
            raise refused("RectBivariateSpline", "in x and y", "pass funcad.stop_gradient(x)")
        self._z, self._data = as_operand(z), (x, y, list(bbox), kx, ky, s)
        if not contains_tracer((z,)):
            super().__init__(x, y, z, list(bbox), kx, ky, s, **limits)

    def __call__(self, x: Any, y: Any, dx: int = 0, dy: int = 0, grid: bool = True) -> Any:
        if not contains_tracer((self._z, x, y)):
            return super().__call__(x, y, dx, dy, grid)
        return surface(self._z, x, y, dx, dy, grid, self._data)

    def ev(self, xi: Any, yi: Any, dx: int = 0, dy: int = 0) -> Any:
        return self(xi, yi, dx, dy, False)
