"""`scipy.ndimage`: statistics of labelled regions, filters of a Fourier transform, and what has no derivative.

Labels are constants; equal extremes of a region share the derivative equally.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from funcad.core.elements import getitem
from funcad.core.function import twin
from funcad.core.tracer import plain
from funcad.rules.scipy.ndimage_filters import image_of

sum_labels = twin(ndimage.sum_labels)
sum_ = twin(ndimage.sum)
mean = twin(ndimage.mean)
variance = twin(ndimage.variance)
standard_deviation = twin(ndimage.standard_deviation)
minimum = twin(ndimage.minimum)
maximum = twin(ndimage.maximum)
median = twin(ndimage.median)
extrema = twin(ndimage.extrema)
center_of_mass = twin(ndimage.center_of_mass)


class Regions:
    """The elements of an image that belong to regions, and to which one each of them belongs."""

    def __init__(self, input: Any, labels: Any, index: Any) -> None:
        x = image_of(input)
        shape = np.shape(x)
        #: whether there is one region, whose statistics are numbers
        self.single = labels is None or index is None or np.isscalar(index)
        self.index = np.zeros(1, int)
        if labels is None:
            wanted, member = np.ones(shape, bool), np.zeros(shape, int)
        else:
            labels = np.asarray(labels)
            shape = np.broadcast_shapes(shape, labels.shape)
            labels = np.broadcast_to(labels, shape)
            if index is None:
                wanted, member = labels > 0, np.zeros(shape, int)
            else:
                known, back = np.unique(np.atleast_1d(index), return_inverse=True)
                member = np.clip(np.searchsorted(known, labels), 0, len(known) - 1)
                wanted, self.index = known[member] == labels, back.reshape(np.shape(index) or (1,))
        self.shape = shape
        self.chosen = np.flatnonzero(wanted)
        self.member = member.ravel()[self.chosen]
        self.count = int(self.index.max(initial=0)) + 1
        self.values = self.of(x)

    def of(self, x: Any) -> Any:
        """Return the elements that belong to a region."""
        return getitem(np.reshape(np.broadcast_to(x, self.shape), (-1,)), self.chosen)

    def sums(self, x: Any) -> Any:
        """Return the sum over each region."""
        if np.iscomplexobj(plain(x)):
            return self.sums(np.real(x)) + 1j * self.sums(np.imag(x))
        return np.bincount(self.member, x, self.count)

    def sizes(self) -> Any:
        """Return the number of elements of each region."""
        return np.bincount(self.member, minlength=self.count)

    def result(self, y: Any) -> Any:
        """Return statistics of the regions in the form in which they were asked for."""
        return y[0] if self.single else getitem(y, self.index)

    def extreme(self, sign: float) -> Any:
        """Return the greatest, or of the negative the least, element of each region."""
        top = greatest_of(sign * self.values, self.member, self.count)
        equal = np.equal(sign * plain(self.values), getitem(top, self.member)) * 1.0
        share = equal / getitem(self.sums(equal), self.member)
        return self.sums(self.values * share)


def _greatest_of(x: Any, member: Any, count: int) -> Any:
    top = np.full(count, -np.inf)
    np.maximum.at(top, member, x)
    return top


def _middle_of(x: Any, member: Any, count: int) -> Any:
    order = np.lexsort((x, member))
    size = np.bincount(member, minlength=count)
    start = np.cumsum(size) - size
    last = np.maximum(len(order) - 1, 0)
    return tuple([order[np.minimum(start + np.maximum(size - 1 + k, 0) // 2, last)] for k in (0, 1)])


greatest_of = twin(_greatest_of, "the greatest of a region")
middle_of = twin(_middle_of, "the middle of a region")
greatest_of.def_constant()
middle_of.def_constant()


@sum_.def_composite(own_value=True)
@sum_labels.def_composite(own_value=True)
def _sum(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    return r.result(r.sums(r.values))


@mean.def_composite(own_value=True)
def _mean(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    return r.result(r.sums(r.values) / np.maximum(r.sizes(), 1))


@variance.def_composite(own_value=True)
def _variance(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    sizes = np.maximum(r.sizes(), 1)
    apart = r.values - getitem(r.sums(r.values) / sizes, r.member)
    return r.result(r.sums(apart * np.conj(apart)) / sizes)


@standard_deviation.def_composite(own_value=True)
def _standard_deviation(input: Any, labels: Any = None, index: Any = None) -> Any:
    square = variance(input, labels, index)
    # a length has derivative 0 at the origin
    equal = np.equal(plain(square), 0)
    return np.where(equal, 0, np.sqrt(np.where(equal, 1, square)))


@minimum.def_composite(own_value=True)
def _minimum(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    return r.result(r.extreme(-1.0))


@maximum.def_composite(own_value=True)
def _maximum(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    return r.result(r.extreme(1.0))


@median.def_composite(own_value=True)
def _median(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    low, high = middle_of(r.values, r.member, r.count)
    return r.result((getitem(r.values, low) + getitem(r.values, high)) / 2)


@extrema.def_composite(own_value=True)
def _extrema(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    # where they are is a constant
    return r.result(r.extreme(-1.0)), r.result(r.extreme(1.0)), None, None


@center_of_mass.def_composite(own_value=True)
def _center_of_mass(input: Any, labels: Any = None, index: Any = None) -> Any:
    r = Regions(input, labels, index)
    total = r.sums(r.values)
    grids = np.indices(np.shape(image_of(input)))
    centre = [r.result(r.sums(r.values * r.of(grid)) / total) for grid in grids]
    if r.single:
        return tuple(centre)
    return [tuple([c[k] for c in centre]) for k in range(len(r.index))]


# --- filters of a Fourier transform: products with constants

fourier_gaussian = twin(ndimage.fourier_gaussian)
fourier_uniform = twin(ndimage.fourier_uniform)
fourier_ellipsoid = twin(ndimage.fourier_ellipsoid)
fourier_shift = twin(ndimage.fourier_shift)

# fmt: off
fourier_gaussian.def_linear(lambda g, sigma, n, axis: fourier_gaussian(g, sigma, n, axis))
fourier_uniform.def_linear(lambda g, size, n, axis: fourier_uniform(g, size, n, axis))
fourier_ellipsoid.def_linear(lambda g, size, n, axis: fourier_ellipsoid(g, size, n, axis))
fourier_shift.def_linear(lambda g, shift, n, axis: fourier_shift(g, shift, n, axis))
# fmt: on


# --- whole numbers and truth values

label = twin(ndimage.label)
find_objects = twin(ndimage.find_objects)
minimum_position = twin(ndimage.minimum_position)
maximum_position = twin(ndimage.maximum_position)
binary_closing = twin(ndimage.binary_closing)
binary_dilation = twin(ndimage.binary_dilation)
binary_erosion = twin(ndimage.binary_erosion)
binary_fill_holes = twin(ndimage.binary_fill_holes)
binary_hit_or_miss = twin(ndimage.binary_hit_or_miss)
binary_opening = twin(ndimage.binary_opening)
binary_propagation = twin(ndimage.binary_propagation)
distance_transform_bf = twin(ndimage.distance_transform_bf)
distance_transform_cdt = twin(ndimage.distance_transform_cdt)
distance_transform_edt = twin(ndimage.distance_transform_edt)
histogram = twin(ndimage.histogram)

for _whole in (
    label,
    find_objects,
    minimum_position,
    maximum_position,
    binary_closing,
    binary_dilation,
    binary_erosion,
    binary_fill_holes,
    binary_hit_or_miss,
    binary_opening,
    binary_propagation,
    distance_transform_bf,
    distance_transform_cdt,
    distance_transform_edt,
    histogram,
):
    _whole.def_constant()
