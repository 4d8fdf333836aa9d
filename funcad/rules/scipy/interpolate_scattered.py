"""`scipy.interpolate`: scattered data, by radial functions and on triangles.

The values are SciPy's. The interpolant by radial functions is the solution of one system, and is differentiated in all
that enters it; on triangles the data and the places are, in which the interpolant is linear.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import scipy.interpolate
from scipy.spatial import Delaunay, KDTree

from funcad.core.assemble import contains_tracer
from funcad.core.elements import getitem
from funcad.core.function import twin
from funcad.core.tracer import plain
from funcad.rules.scipy.interpolate_bsplines import refused
from funcad.rules.scipy.interpolate_line import interp1d
from funcad.rules.scipy.interpolate_piecewise import doubled, under_name

# --- radial functions


def root(q: Any) -> Any:
    """Return the distance of its square: 0 has derivative 0 there, the mean over all directions."""
    same = np.equal(plain(q), 0)
    return np.where(same, 0, np.sqrt(np.where(same, 1, q)))


def squared_logarithm(q: Any) -> Any:
    """Return r^2 log r of the square of r."""
    same = np.equal(plain(q), 0)
    return np.where(same, 0, q * np.log(np.where(same, 1, q)) / 2)


#: the radial functions, of the square of the distance: smooth where they can be
_KERNELS: dict[str, Any] = {
    "linear": lambda q: -root(q),
    "thin_plate_spline": squared_logarithm,
    "cubic": lambda q: q * root(q),
    "quintic": lambda q: -(q**2) * root(q),
    "multiquadric": lambda q: -np.sqrt(q + 1),
    "inverse_multiquadric": lambda q: 1 / np.sqrt(q + 1),
    "inverse_quadratic": lambda q: 1 / (q + 1),
    "gaussian": lambda q: np.exp(-q),
}
#: the degree of the polynomial with which the interpolant is unique
_DEGREES = {"multiquadric": 0, "linear": 0, "thin_plate_spline": 1, "cubic": 1, "quintic": 2}


def _radial(y: Any, d: Any, x: Any, smoothing: Any, epsilon: Any, kernel: str, degree: Any, made: Any) -> Any:
    if made is None:
        made = scipy.interpolate.RBFInterpolator(y, d, None, smoothing, kernel, epsilon, degree).__call__
    return made(x)


radial = under_name(scipy.interpolate.RBFInterpolator, _radial)


@radial.def_composite(own_value=True)
def _radial_basis(
    y: Any, d: Any, x: Any, smoothing: Any, epsilon: Any, kernel: str, degree: Any, made: Any
) -> Any:
    y, d, x = doubled(y), doubled(d), doubled(x)
    kernel = kernel.lower()
    n, dimensions = np.shape(y)
    degree = max(_DEGREES.get(kernel, -1), 0) if degree is None else int(degree)
    powers = [p for k in range(degree + 1) for p in combinations_with_replacement(range(dimensions), k)]
    # the polynomial is that of coordinates near 1, which changes the matrix and not the interpolant
    low, high = np.min(plain(y), axis=0), np.max(plain(y), axis=0)
    wide = np.where(np.equal(high, low), 1.0, (high - low) / 2)

    def rows(at: Any) -> Any:
        at_y = ((at[:, None, :] - y[None]) * (1.0 if epsilon is None else epsilon)) ** 2
        kernels = _KERNELS[kernel](np.sum(at_y, axis=-1))
        near = (at - (low + high) / 2) / wide
        one = np.ones_like(near[:, 0])
        columns = [np.prod(near[:, list(p)], axis=1) if p else one for p in powers]
        return np.concatenate([kernels, *[column[:, None] for column in columns]], axis=1)

    count = len(powers)
    top = rows(y)
    bottom = np.concatenate([np.transpose(top[:, n:]), np.zeros((count, count))], axis=1)
    diagonal = np.eye(n, n + count) * (np.zeros(n) + doubled(smoothing))[:, None]
    matrix = np.concatenate([top + diagonal, bottom])
    columns = np.reshape(d, (n, -1))
    right = np.concatenate([columns, np.zeros((count, np.shape(columns)[1]))])
    result = rows(x) @ np.linalg.solve(matrix, right)
    return np.reshape(result, (np.shape(x)[0], *np.shape(d)[1:]))


class RBFInterpolator(scipy.interpolate.RBFInterpolator):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.RBFInterpolator`, made of and read at traced values as well."""

    def __init__(
        self,
        y: Any,
        d: Any,
        neighbors: Any = None,
        smoothing: Any = 0.0,
        kernel: str = "thin_plate_spline",
        epsilon: Any = None,
        degree: Any = None,
    ) -> None:
        self._data = y, d, smoothing, epsilon, kernel, degree
        self._near = neighbors
        self._tracing = contains_tracer((y, d, smoothing, epsilon))
        if not self._tracing:
            super().__init__(y, d, neighbors, smoothing, kernel, epsilon, degree)

    def __call__(self, x: Any) -> Any:
        if not self._tracing and not contains_tracer((x,)):
            return super().__call__(x)
        if self._near is not None:
            raise refused(
                "RBFInterpolator", "with neighbors", "leave neighbors out, which solves with all points"
            )
        y, d, smoothing, epsilon, kernel, degree = self._data
        made = None if self._tracing else super().__call__
        return radial(y, d, x, smoothing, epsilon, kernel, degree, made)


# --- triangles

on_triangles = under_name(
    scipy.interpolate.griddata,
    lambda values, xi, points, fill_value, rescale: scipy.interpolate.griddata(
        points, values, xi, "linear", fill_value, rescale
    ),
)
of_nearest = twin(
    lambda values, xi, points, rescale: scipy.interpolate.griddata(
        points, values, xi, "nearest", rescale=rescale
    ),
    "scipy.interpolate.griddata (nearest)",
)


triangle_at = twin(lambda at, triangles: triangles.find_simplex(at), "the triangle of a point")
nearest_to = twin(lambda at, tree: tree.query(at)[1], "the nearest of some points")
triangle_at.def_constant()
nearest_to.def_constant()


def scaled(points: Any, xi: Any, rescale: bool) -> tuple[Any, Any]:
    """Return points and places in units of the extent of the points, if they are to be rescaled."""
    if not rescale:
        return points, xi
    centre, extent = points.mean(axis=0), np.ptp(points, axis=0)
    extent = np.where(extent > 0, extent, 1.0)
    return (points - centre) / extent, (xi - centre) / extent


def together(x: Any) -> Any:
    """Return points given by a tuple of their coordinates as one array."""
    if isinstance(x, tuple):
        return np.stack(np.broadcast_arrays(*[doubled(part) for part in x]), axis=-1)
    return doubled(x)


@on_triangles.def_composite(own_value=True)
def _on_triangles(values: Any, xi: Any, points: Any, fill_value: Any, rescale: bool) -> Any:
    values, xi, points = doubled(values), together(xi), together(points)
    shape, dimensions = np.shape(xi)[:-1], np.shape(xi)[-1]
    points, at = scaled(points, np.reshape(xi, (-1, dimensions)), rescale)
    triangles = Delaunay(points)
    found = triangle_at(at, triangles)
    inverse = getitem(triangles.transform[:, :dimensions], found)
    corner = getitem(triangles.transform[:, dimensions], found)
    first = np.einsum("nij,nj->ni", inverse, at - corner)
    weights = np.concatenate([first, 1 - np.sum(first, axis=1, keepdims=True)], axis=1)
    near = getitem(values, getitem(triangles.simplices, found))
    y = np.sum(np.reshape(weights, np.shape(weights) + (1,) * (np.ndim(values) - 1)) * near, axis=1)
    y = np.where(np.reshape(np.less(found, 0), (-1,) + (1,) * (np.ndim(y) - 1)), fill_value, y)
    return np.reshape(y, shape + np.shape(values)[1:])


@of_nearest.def_composite(own_value=True)
def _of_nearest(values: Any, xi: Any, points: Any, rescale: bool) -> Any:
    points, at = scaled(together(points), together(xi), rescale)
    return getitem(doubled(values), nearest_to(at, KDTree(points)))


def griddata(
    points: Any, values: Any, xi: Any, method: str = "linear", fill_value: Any = np.nan, rescale: bool = False
) -> Any:
    """Return what `scipy.interpolate.griddata` does, also for traced values."""
    listed = [list(x) if isinstance(x, tuple) else x for x in (points, xi)]
    if not contains_tracer((*listed, values)):
        return scipy.interpolate.griddata(points, values, xi, method, fill_value, rescale)
    if contains_tracer((listed[0],)):
        raise refused(
            "griddata", "in the points", "pass funcad.stop_gradient(points), or use RBFInterpolator"
        )
    known = together(points)
    if np.ndim(known) == 1 or np.shape(known)[-1] == 1:
        at = xi[0] if isinstance(xi, tuple) else xi
        fill = "extrapolate" if method == "nearest" else fill_value
        return interp1d(np.ravel(known), values, method, 0, True, False, fill)(at)
    if method == "linear":
        return on_triangles(values, xi, known, fill_value, rescale)
    if method == "nearest":
        return of_nearest(values, xi, known, rescale)
    raise refused("griddata", f"for method={method!r}", "it has for linear and nearest; use RBFInterpolator")
