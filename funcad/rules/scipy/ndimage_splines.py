"""`scipy.ndimage`: images between their elements, in the image and in where it is read.

The values are SciPy's. The derivative is that of the same spline: its coefficients at the elements near a place, with
the weights of the uniform B-splines there. At a kink it is the mean of both sides, where the image ends that inside.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from scipy import ndimage, special

from funcad.core.assemble import as_operand
from funcad.core.elements import getitem
from funcad.core.function import twin
from funcad.core.general import is_plain
from funcad.core.tracer import anywhere, plain
from funcad.core.valued import substituted
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.ndimage_coefficients import filtered
from funcad.rules.scipy.ndimage_filters import dtype_for, extended, image_of, per_axis
from funcad.rules.scipy.tensor_products import both_sides, weighted

map_coordinates = twin(ndimage.map_coordinates)
affine_transform = twin(ndimage.affine_transform)
shift = twin(ndimage.shift)
zoom = twin(ndimage.zoom)
rotate = twin(ndimage.rotate)


# --- the spline at places


class Places:
    """Where an axis is read: the numbers of the coefficients there, and the weights of each."""

    def __init__(
        self, at: Any, n: int, order: int, mode: str, cval: Any, prefilter: bool, left: bool
    ) -> None:
        pad = 12 if prefilter and order > 1 and mode in ("nearest", "grid-constant") else 0
        where = plain(at)
        #: what is read outside of the image is one constant
        self.outside = (np.less(where, 0) | np.greater(where, n - 1)) if mode == "constant" else None
        y = within(at, n, mode) + pad
        n += 2 * pad
        base = plain(y)
        base = np.floor(base + 0.5) if order % 2 == 0 else np.ceil(base) - 1 if left else np.floor(base)
        if order == 1 and mode in ("constant", "wrap"):
            base = np.clip(base, 0, max(n - 2, 0))
        fraction = y - base + (0.5 if order % 2 == 0 else 0.0)
        weights = spline_weights(fraction, order) if order else [np.ones(np.shape(base))]
        index = np.stack([base + (k - order // 2) for k in range(order + 1)]).astype(int)
        if mode == "grid-constant":
            beyond = np.less(index, 0) | np.greater_equal(index, n)
            weights = [np.where(beyond[k], 0, w) for k, w in enumerate(weights)]
            index = np.where(beyond, 0, index)
        else:
            index = taken(index, n, mode)
        self.index, self.weights = index, np.stack(weights)


def taken(index: Any, n: int, mode: str) -> Any:
    """Return which coefficients stand beyond the first and the last one."""
    if not anywhere(np.less(index, 0) | np.greater_equal(index, n)):
        return index
    if mode == "nearest":
        return np.clip(index, 0, n - 1)
    if mode == "grid-wrap":
        return index % n
    # mirrored at the last element, or behind it
    period = max(2 * n - 2, 1) if mode in ("constant", "wrap", "mirror") else 2 * n
    index = index % period
    return np.minimum(index, 2 * n - 1 - index if period == 2 * n else period - index)


def within(x: Any, n: int, mode: str) -> Any:
    """Return coordinates in the image of coordinates anywhere: at most a change of sign and a constant."""
    last = n - 1
    if mode in ("constant", "grid-constant", "nearest"):
        return x
    if last == 0:
        return x - x
    at = plain(x)
    if mode == "wrap":
        below = at + last * (np.floor(-at / last) + 1)
        return moved(x, np.where(np.less(at, 0), below, np.where(np.greater(at, last), at % last, at)))
    if mode == "grid-wrap":
        return moved(x, at % n)
    if mode == "mirror":
        y, half, centre = at % (2 * last), last, 0.0
        # SciPy leaves what is less than one element behind the last: halfway, the nearest is another one
        back = np.where(np.less(at, 0), np.greater(y, last), np.greater_equal(y, n))
    else:
        y, half, centre = (at + 0.5) % (2 * n), n, 0.5
        back = np.greater(y, half)
    return moved(np.where(back, -x, x), np.where(back, 2 * half - y, y) - centre)


def moved(x: Any, value: Any) -> Any:
    """Return another value of the same derivative."""
    return substituted(x, value)


def spline_weights(f: Any, order: int) -> list[Any]:
    """Return the weights of the coefficients next to a fraction of the way between two of them.

    The recurrence of the B-splines (C. de Boor, On calculating with B-splines, 1972) for uniform knots.
    """
    weights = [1.0]
    for p in range(1, order + 1):
        padded = [0.0, *weights, 0.0]
        weights = [((f + p - j) * padded[j] + (1 - f + j) * padded[j + 1]) / p for j in range(p + 1)]
    return weights


def kinked(order: int, coordinates: list[Any]) -> bool:
    """Tell whether a line is read at an element, where its slope changes, at a traced place."""
    if order != 1:
        return False
    return any([not is_plain(x) and anywhere(np.equal(plain(x), np.floor(plain(x)))) for x in coordinates])


class Image:
    """The coefficients of an image, the first axes of which are read; beyond a constant they are its difference."""

    def __init__(self, x: Any, axes: int, order: int, mode: str, cval: Any, prefilter: bool) -> None:
        if order < 0 or order > 5:
            raise RuntimeError("spline order not supported")
        self.order, self.mode, self.cval, self.prefilter, self.axes = order, mode, cval, prefilter, axes
        self.shape = np.shape(x)
        self.base = cval if mode == "grid-constant" else 0
        if mode == "grid-constant":
            x = x - cval
        if prefilter and order > 1:
            if mode in ("nearest", "grid-constant"):
                rest = ((0, 0),) * (len(self.shape) - axes)
                x = extended(x, ((12, 12),) * axes + rest, "nearest" if mode == "nearest" else "constant")
            x = filtered(x, order, mode, axes)
        self.c = x

    def places(self, axis: int, at: Any, left: bool) -> Places:
        """Return where an axis is read at coordinates, from the left or the right of a kink."""
        return Places(at, self.shape[axis], self.order, self.mode, self.cval, self.prefilter, left)

    def at(self, coordinates: list[Any]) -> Any:
        """Return the image at points, given by a vector of coordinates for each of the axes that are read."""
        return both_sides(lambda left: self._at(coordinates, left), kinked(self.order, coordinates))

    def _at(self, coordinates: list[Any], left: bool) -> Any:
        places = [self.places(axis, at, left) for axis, at in enumerate(coordinates)]
        rest = np.shape(self.c)[self.axes :]
        y = weighted(self.c, [p.index for p in places], [p.weights for p in places]) + self.base
        for place in places:
            if place.outside is not None:
                y = np.where(np.reshape(place.outside, (-1,) + (1,) * len(rest)), self.cval, y)
        return y

    def on_grid(self, coordinates: list[Any]) -> Any:
        """Return the image on the grid of a vector of coordinates for each axis."""
        return both_sides(lambda left: self._on_grid(coordinates, left), kinked(self.order, coordinates))

    def _on_grid(self, coordinates: list[Any], left: bool) -> Any:
        y, rank = self.c, self.axes
        outside = np.zeros((1,) * rank, bool)
        for axis, at in enumerate(coordinates):
            place = self.places(axis, at, left)
            column = (-1,) + (1,) * (rank - axis - 1)
            y = sum([
                np.reshape(place.weights[k], column) * getitem(y, (slice(None),) * axis + (place.index[k],))
                for k in range(self.order + 1)
            ])  # fmt: skip
            if place.outside is not None:
                outside = outside | np.reshape(place.outside, column)
        return np.where(outside, self.cval, y + self.base)


# --- the functions of SciPy


@map_coordinates.def_composite(own_value=True)
def _map_coordinates(
    input: Any,
    coordinates: Any,
    output: Any = None,
    order: int = 3,
    mode: str = "constant",
    cval: Any = 0.0,
    prefilter: bool = True,
) -> Any:
    x, coordinates = image_of(input), image_of(coordinates)
    dtype_for(output, x, "map_coordinates")
    rank, *shape = np.shape(coordinates)
    points = np.reshape(coordinates, (rank, -1))
    image = Image(x, rank, order, mode, cval, prefilter)
    return np.reshape(image.at([points[k] for k in range(rank)]), shape)


@affine_transform.def_composite(own_value=True)
def _affine_transform(
    input: Any,
    matrix: Any,
    offset: Any = 0.0,
    output_shape: Any = None,
    output: Any = None,
    order: int = 3,
    mode: str = "constant",
    cval: Any = 0.0,
    prefilter: bool = True,
) -> Any:
    x, matrix = image_of(input), image_of(matrix)
    dtype_for(output, x, "affine_transform")
    rank = np.ndim(x)
    shape = np.shape(x) if output_shape is None else tuple(output_shape)
    if np.ndim(matrix) == 2 and np.shape(matrix)[1] == rank + 1:
        # homogeneous coordinates
        offset, matrix = matrix[:rank, rank], matrix[:rank, :rank]
    offset = as_operand(offset)
    offsets = [offset if np.ndim(offset) == 0 else offset[k] for k in range(rank)]
    image = Image(x, rank, order, mode, cval, prefilter)
    if np.ndim(matrix) == 1:
        return image.on_grid([matrix[k] * np.arange(shape[k]) + offsets[k] for k in range(rank)])
    return np.reshape(image.at([line(matrix[k], offsets[k], shape) for k in range(rank)]), shape)


def line(row: Any, offset: Any, shape: tuple[int, ...]) -> Any:
    """Return a coordinate at all elements of a grid, added up as SciPy does: a border may be met to the bit."""
    total = offset
    for k, index in enumerate(np.indices(shape).reshape(len(shape), -1)):
        total = total + index * row[k]
    return total


@shift.def_composite(own_value=True)
def _shift(
    input: Any,
    shift: Any,
    output: Any = None,
    order: int = 3,
    mode: str = "constant",
    cval: Any = 0.0,
    prefilter: bool = True,
) -> Any:
    x = image_of(input)
    dtype_for(output, x, "shift")
    steps = per_axis(shift, np.ndim(x))
    image = Image(x, np.ndim(x), order, mode, cval, prefilter)
    return image.on_grid([np.arange(n) - step for n, step in zip(np.shape(x), steps, strict=True)])


@zoom.def_composite(own_value=True)
def _zoom(
    input: Any,
    zoom: Any,
    output: Any = None,
    order: int = 3,
    mode: str = "constant",
    cval: Any = 0.0,
    prefilter: bool = True,
    *,
    grid_mode: bool = False,
) -> Any:
    x = image_of(input)
    dtype_for(output, x, "zoom")
    if not is_plain(zoom):
        raise UnsupportedArgumentError(
            "scipy.ndimage.zoom has no derivative in the factor, which only gives a number of elements; write "
            "funcad.scipy.ndimage.affine_transform(input, 1 / factor, ...)"
        )
    factors = per_axis(zoom, np.ndim(x))
    if all([factor == 1 for factor in factors]) and prefilter:
        return x
    image = Image(x, np.ndim(x), order, mode, cval, prefilter)
    coordinates = []
    for n, factor in zip(np.shape(x), factors, strict=True):
        m = round(n * factor)
        if grid_mode:
            coordinates.append((np.arange(m) + 0.5) * (n / m) - 0.5)
        else:
            coordinates.append(np.arange(m) * ((n - 1) / (m - 1) if m > 1 else 1.0))
    return image.on_grid(coordinates)


@rotate.def_composite(own_value=True)
def _rotate(
    input: Any,
    angle: Any,
    axes: Any = (1, 0),
    reshape: bool = True,
    output: Any = None,
    order: int = 3,
    mode: str = "constant",
    cval: Any = 0.0,
    prefilter: bool = True,
) -> Any:
    x = image_of(input)
    dtype_for(output, x, "rotate")
    plane = sorted([int(axis) % np.ndim(x) for axis in axes])
    x = np.moveaxis(x, plane, (0, 1))
    sizes = np.array(np.shape(x)[:2])
    turn, at = np.deg2rad(angle), plain(angle)
    # the values are those of degrees, exact at right angles
    c = moved(np.cos(turn), special.cosdg(at))
    s = moved(np.sin(turn), special.sindg(at))
    matrix = np.stack([np.stack([c, s]), np.stack([-s, c])])
    shape = tuple(sizes)
    if reshape:
        corners = np.array(list(itertools.product((0, sizes[0]), (0, sizes[1])))).T
        entries = [[float(plain(matrix[k, j])) for j in (0, 1)] for k in (0, 1)]
        shape = tuple((np.ptp(entries @ corners, axis=1) + 0.5).astype(int))
    offset = (sizes - 1) / 2 - matrix @ ((np.array(shape) - 1) / 2)
    image = Image(x, 2, order, mode, cval, prefilter)
    y = image.at([line(matrix[k], offset[k], shape) for k in (0, 1)])
    return np.moveaxis(np.reshape(y, (*shape, *np.shape(x)[2:])), (0, 1), plane)
