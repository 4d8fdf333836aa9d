"""Covariances and histograms: NumPy's own steps over functions that have rules."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.primitive import strip
from funcad.core.tracer import Tracer, anywhere, plain
from funcad.errors import UnsupportedArgumentError

# --- covariances


def observations(m: Any, dtype: Any, name: str) -> Any:
    """Return variables as rows, in a dtype."""
    if np.ndim(m) > 2:
        raise ValueError(f"{name} has more than 2 dimensions")
    x: Any = kept(m, dtype) if isinstance(m, Tracer) else np.asarray(m, dtype)
    return x if np.ndim(x) == 2 else np.reshape(x, (1,) * (2 - np.ndim(x)) + np.shape(x))


@composite(np.cov)
def _cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None, fweights: Any = None,
    aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m, y = as_operand(m), None if y is None else as_operand(y)
    if dtype is None:
        dtype = np.result_type(*[np.result_type(v) for v in (m, y) if v is not None], np.float64)
    x = observations(m, dtype, "m")
    if not rowvar and np.ndim(m) != 1:
        x = x.T
    if x.shape[0] == 0:
        return np.array([]).reshape(0, 0)
    if y is not None:
        y = observations(y, dtype, "y")
        x = np.concatenate((x, y.T if not rowvar and y.shape[0] != 1 else y), axis=0)
    if ddof is None:
        ddof = 1 if bias == 0 else 0
    counts = of_observations(fweights, x.shape[1], "fweights")
    importance = of_observations(aweights, x.shape[1], "aweights")
    w = importance if counts is None else counts if importance is None else counts * importance
    mean, total = np.average(x, axis=1, weights=w, returned=True)
    factor = normalization(x.shape[1], w, importance, total[0], ddof)
    # NumPy writes into the arrays, which keep their dtypes
    x = kept(x - mean[:, None], x.dtype)
    products = np.dot(x, (x.T if w is None else (x * w).T).conj())
    return np.squeeze(kept(products * np.true_divide(1, factor), products.dtype))


def kept(x: Any, dtype: Any) -> Any:
    """Return an array in a dtype."""
    return x if x.dtype == dtype else x.astype(dtype)


def of_observations(w: Any, n: int, name: str) -> Any:
    """Return weights of n observations as NumPy checks them; None for None."""
    if w is None:
        return None
    w = as_operand(w)
    if name == "fweights":
        if anywhere(np.not_equal(w, np.around(w))):
            raise TypeError("fweights must be integer")
        if plain(w) is not w:
            raise UnsupportedArgumentError(
                "np.cov has no derivative with respect to fweights, which are whole numbers; pass "
                "funcad.stop_gradient(fweights), or aweights, which may be any"
            )
    w = w.astype(float)
    if np.ndim(w) > 1:
        raise RuntimeError(f"cannot handle multidimensional {name}")
    if w.shape[0] != n:
        raise RuntimeError(f"incompatible numbers of samples and {name}")
    if anywhere(w < 0):
        raise ValueError(f"{name} cannot be negative")
    return w


def normalization(n: int, w: Any, importance: Any, total: Any, ddof: Any) -> Any:
    """Return what the products are divided by."""
    if w is None:
        factor: Any = n - ddof
    elif ddof == 0:
        factor = total
    elif importance is None:
        factor = total - ddof
    else:
        factor = total - ddof * np.sum(w * importance) / total
    if anywhere(np.less_equal(factor, 0)):
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        return np.where(np.less_equal(factor, 0), 0.0, factor)
    return factor


def _bounded(c: Any) -> Any:
    c = np.copy(c)
    np.clip(c.real, -1, 1, out=c.real)
    if np.iscomplexobj(c):
        np.clip(c.imag, -1, 1, out=c.imag)
    return c


#: clips correlations, which removes rounding and nothing else
bounded = PrimitiveFunction(_bounded, name="np.corrcoef")
bounded.def_jvp(lambda t: t)
bounded.def_vjp(lambda g: g)


@composite(np.corrcoef)
def _corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    c = np.cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    deviations = np.sqrt(np.real(np.diag(c)))
    return bounded(c / deviations[:, None] / deviations[None, :])


# --- histograms: the counts are constant, the edges are not, and weights are added up


def _bins_of(a: Any, edges: Any) -> Any:
    """Return the number of the bin of each element, the last one for the last edge, -1 for none."""
    last = len(edges) - 2
    bins = np.searchsorted(edges, a, "right") - 1
    bins = np.where(a == edges[-1], last, bins)
    return np.where(bins > last, -1, bins)


def _counted(a: Any, bins: Any, range: Any) -> Any:
    """Return the counts, the edges, and the bin of each element."""
    counts, edges = np.histogram(a, bins, range)
    return counts, edges, _bins_of(np.ravel(a), edges)


def _counted_dd(sample: Any, bins: Any, range: Any) -> Any:
    """Return the counts, the bin of each point in the flattened counts, -1 for none, and the edges of each axis."""
    counts, edges = np.histogramdd(sample, bins, range)
    places = [_bins_of(column, e) for column, e in zip(sample.T, edges, strict=True)]
    flat = np.ravel_multi_index(tuple(np.maximum(places, 0)), counts.shape)
    return counts, np.where(np.any(np.less(places, 0), axis=0), -1, flat), *edges


counted = PrimitiveFunction(_counted, name="np.histogram")
counted.def_constant()
counted_dd = PrimitiveFunction(_counted_dd, name="np.histogramdd")
counted_dd.def_constant()


def looked_up(g: Any, places: Any, shape: tuple[int, ...]) -> Any:
    """Return for each element the cotangent of its bin, 0 for none."""
    g = np.ravel(g)
    return np.reshape(np.where(np.less(places, 0), 0, np.take(g, np.maximum(places, 0))), shape)


weighted = PrimitiveFunction(
    lambda weights, a, bins, limits: np.histogram(a, bins, limits, weights=weights)[0], name="np.histogram"
)
weighted.def_linear(
    lambda g, weights_shape, a, bins, limits: looked_up(g, counted(a, bins, limits)[2], weights_shape)
)
weighted_dd = PrimitiveFunction(
    lambda weights, sample, bins, limits: np.histogramdd(sample, bins, limits, weights=weights)[0],
    name="np.histogramdd",
)
weighted_dd.def_linear(
    lambda g, weights_shape, sample, bins, limits: looked_up(
        g, counted_dd(sample, bins, limits)[1], weights_shape
    )
)


def edges_of(a: Any, bins: Any, range: Any, plain_edges: Any) -> Any:
    """Return edges with their derivatives: those given, or equal steps between the ends."""
    if not isinstance(bins, str) and np.ndim(bins):
        return as_operand(bins)
    if range is not None:
        low, high = range
    elif np.size(a) == 0:
        low, high = 0, 1
    else:
        low, high = np.min(a), np.max(a)
    alike = np.equal(low, high)
    if anywhere(alike):
        low, high = np.where(alike, low - 0.5, low), np.where(alike, high + 0.5, high)
    return np.linspace(low, high, len(plain_edges), dtype=plain_edges.dtype)


def plain_bins(bins: Any) -> Any:
    """Return bins without derivatives."""
    return bins if isinstance(bins, str) else strip(as_operand(bins) if np.ndim(bins) else bins)


@composite(np.histogram)
def _histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    a = as_operand(a)
    settled = plain(a), plain_bins(bins), strip(range)
    counts, edges, _ = counted(*settled)
    if weights is not None:
        counts = weighted(weights, *settled)
    edges = edges_of(a, bins, range, edges)
    if not density:
        return counts, edges
    return counts / np.diff(edges).astype(float) / np.sum(counts), edges


@composite(np.histogram_bin_edges)
def _histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    a = as_operand(a)
    return edges_of(a, bins, range, counted(plain(a), plain_bins(bins), strip(range))[1])


@composite(np.histogramdd)
def _histogramdd(
    sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    columns = hasattr(sample, "shape") and np.ndim(sample) == 2
    sample = as_operand(sample)
    if not columns:
        sample = np.transpose(np.atleast_2d(sample))
    number = sample.shape[1]
    bins = list(bins) if hasattr(bins, "__len__") else [bins] * number
    if len(bins) != number:
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    settled = plain(sample), [plain_bins(b) for b in bins], strip(range)
    counts, _, *plain_edges = counted_dd(*settled)
    if weights is not None:
        counts = weighted_dd(weights, *settled)
    ranges = [None] * number if range is None else list(range)
    edges = [
        edges_of(sample[:, k], b, r, e)
        for k, (b, r, e) in enumerate(zip(bins, ranges, plain_edges, strict=True))
    ]
    if density:
        total = np.sum(counts)
        for k, e in enumerate(edges):
            counts = counts / np.reshape(np.diff(e), [-1 if i == k else 1 for i, _ in enumerate(edges)])
        counts = counts / total
    return counts, edges


@composite(np.histogram2d)
def _histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    if hasattr(bins, "__len__") and len(bins) not in (1, 2):
        bins = [bins, bins]
    counts, edges = np.histogramdd([x, y], bins, range, density, weights)
    return counts, edges[0], edges[1]
