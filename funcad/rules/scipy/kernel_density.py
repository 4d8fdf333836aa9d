"""`scipy.stats.gaussian_kde`: in the points, the data, their weights and the bandwidth.

Values are SciPy's, of a density that is made again of plain numbers. Derivatives go through one Cholesky factor of the
covariance of the kernel.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.function import PrimitiveFunction
from funcad.errors import NoRuleError
from funcad.rules.linalg import mT
from funcad.rules.scipy.covariances import log_det, whitened
from funcad.rules.scipy.functions import logsumexp
from funcad.rules.scipy.linalg import cholesky
from funcad.rules.scipy.multivariate import LOG_2PI


def made(data: Any, factor: Any, weights: Any) -> Any:
    """Return SciPy's own density of plain numbers."""
    return stats.gaussian_kde(data, factor if np.isscalar(factor) else factor[()], weights)


def kernel(data: Any, factor: Any, weights: Any = None) -> Any:
    """Return the covariance of the kernel, a matrix."""
    spread = np.cov(data, aweights=weights)
    return np.reshape(spread, (np.shape(data)[0],) * 2) * factor**2


def log_sum(data: Any, at: Any, spread: Any, weights: Any) -> Any:
    """Return, for each point, the logarithm of the weighted sum of normal densities around the data."""
    # SciPy reads the upper triangle
    lower, shape = cholesky(mT(spread), True), (np.shape(data)[0], -1)
    at, data = np.reshape(whitened(lower, at, 0), shape), np.reshape(whitened(lower, data, 0), shape)
    squares = np.sum((at[:, :, None] - data[:, None, :]) ** 2, 0)
    return logsumexp(-0.5 * squares, -1, weights) - 0.5 * (shape[0] * LOG_2PI + log_det(lower))


def shares(data: Any, weights: Any) -> Any:
    """Return the weights of the data, which add up to 1."""
    n = np.shape(data)[1]
    return np.ones(n) / n if weights is None else weights / np.sum(weights)


def placed(points: Any, d: int) -> Any:
    """Return points as columns, as SciPy reads them."""
    points = np.atleast_2d(as_operand(points))
    return np.reshape(points, (d, 1)) if np.shape(points) == (1, d) and d > 1 else points


covariance = PrimitiveFunction(
    lambda data, factor, weights=None: made(data, factor, weights).covariance,
    name="scipy.stats.gaussian_kde.covariance",
)
covariance.def_composite(own_value=True)(kernel)
logpdf = PrimitiveFunction(
    lambda points, data, factor, weights=None: made(data, factor, weights).logpdf(points),
    name="scipy.stats.gaussian_kde.logpdf",
)
evaluate = PrimitiveFunction(
    lambda points, data, factor, weights=None: made(data, factor, weights).evaluate(points),
    name="scipy.stats.gaussian_kde.evaluate",
)
integrate_gaussian = PrimitiveFunction(
    lambda mean, cov, data, factor, weights=None: made(data, factor, weights).integrate_gaussian(mean, cov),
    name="scipy.stats.gaussian_kde.integrate_gaussian",
)
integrate_box_1d = PrimitiveFunction(
    lambda low, high, data, factor, weights=None: made(data, factor, weights).integrate_box_1d(low, high),
    name="scipy.stats.gaussian_kde.integrate_box_1d",
)
integrate_kde = PrimitiveFunction(
    lambda first, second: made(*first).integrate_kde(made(*second)),
    name="scipy.stats.gaussian_kde.integrate_kde",
)


@logpdf.def_composite(own_value=True)
def _logpdf(points: Any, data: Any, factor: Any, weights: Any = None) -> Any:
    at = placed(points, np.shape(data)[0])
    return log_sum(data, at, kernel(data, factor, weights), shares(data, weights))


@evaluate.def_composite(own_value=True)
def _evaluate(points: Any, data: Any, factor: Any, weights: Any = None) -> Any:
    return np.exp(_logpdf(points, data, factor, weights))


@integrate_gaussian.def_composite(own_value=True)
def _integrate_gaussian(mean: Any, cov: Any, data: Any, factor: Any, weights: Any = None) -> Any:
    d = np.shape(data)[0]
    mean, cov = np.reshape(as_operand(mean), (d, 1)), np.reshape(as_operand(cov), (d, d))
    return np.exp(log_sum(data, mean, kernel(data, factor, weights) + cov, shares(data, weights)))[0]


@integrate_box_1d.def_composite(own_value=True)
def _integrate_box_1d(low: Any, high: Any, data: Any, factor: Any, weights: Any = None) -> Any:
    deviation = np.sqrt(kernel(data, factor, weights)[0, 0])
    inside = special.ndtr((high - data[0]) / deviation) - special.ndtr((low - data[0]) / deviation)
    return np.sum(shares(data, weights) * inside)


@integrate_kde.def_composite(own_value=True)
def _integrate_kde(first: Any, second: Any) -> Any:
    (data, _, weights), (others, _, other_weights) = first, second
    spread = kernel(*first) + kernel(*second)
    logs = log_sum(others, data, spread, shares(others, other_weights))
    return np.sum(shares(data, weights) * np.exp(logs))


class gaussian_kde(stats.gaussian_kde):  # type: ignore[misc]  # SciPy has no types  # noqa: N801 - its name
    """A density around data, all of which may be traced.

    >>> import numpy as np
    >>> import funcad as fc
    >>> from funcad.scipy import stats
    >>> data = np.array([0.1, 0.4, 1.2, 1.3])
    >>> fc.grad(lambda h: np.sum(stats.gaussian_kde(data, h).logpdf([0.0, 1.0])))(0.5)
    np.float64(-0.658...)
    """

    def __init__(self, dataset: Any, bw_method: Any = None, weights: Any = None) -> None:
        dataset = np.atleast_2d(as_operand(dataset))
        weights = None if weights is None else np.atleast_1d(as_operand(weights))
        self._given = weights
        self._traced = contains_tracer(dataset) or contains_tracer(weights) or contains_tracer(bw_method)
        if not self._traced:
            super().__init__(dataset, bw_method, weights)
            return
        self.dataset = dataset
        self.d, self.n = np.shape(dataset)
        self._weights = shares(dataset, weights)
        self._neff = 1 / np.vecdot(self._weights, self._weights)
        self.set_bandwidth(bw_method)

    def _compute_covariance(self) -> None:
        factor = self.covariance_factor()
        if not self._traced and not contains_tracer(factor):
            super()._compute_covariance()
            return
        self._traced = True
        self.factor = factor
        self.covariance = covariance(self.dataset, factor, self._given)

    def __getattr__(self, name: str) -> Any:
        if name in ("cho_cov", "log_det"):
            raise NoRuleError(
                f"scipy.stats.gaussian_kde.{name} has no rule for traced values; write it of covariance"
            )
        raise AttributeError(name)

    def _held(self) -> tuple[Any, Any, Any]:
        return self.dataset, self.factor, self._given

    def _asks(self, *args: Any) -> bool:
        return self._traced or any([contains_tracer(a) for a in args])

    def set_bandwidth(self, bw_method: Any = None) -> None:
        """Set the bandwidth, which may be traced."""
        if contains_tracer(bw_method):
            self.covariance_factor: Any = lambda: bw_method
            self._compute_covariance()
        else:
            super().set_bandwidth(bw_method)

    def evaluate(self, points: Any) -> Any:
        """Return the density at points."""
        return evaluate(points, *self._held()) if self._asks(points) else super().evaluate(points)

    __call__ = evaluate

    def pdf(self, x: Any) -> Any:
        """Return the density at points."""
        return self.evaluate(x)

    def logpdf(self, x: Any) -> Any:
        """Return the logarithm of the density at points."""
        return logpdf(x, *self._held()) if self._asks(x) else super().logpdf(x)

    def integrate_gaussian(self, mean: Any, cov: Any) -> Any:
        """Return the integral of the product with a normal density."""
        if not self._asks(mean, cov):
            return super().integrate_gaussian(mean, cov)
        return integrate_gaussian(mean, cov, *self._held())

    def integrate_box_1d(self, low: Any, high: Any) -> Any:
        """Return the integral between two numbers."""
        if not self._asks(low, high):
            return super().integrate_box_1d(low, high)
        return integrate_box_1d(low, high, *self._held())

    def integrate_kde(self, other: Any) -> Any:
        """Return the integral of the product with another density."""
        if not self._traced and not getattr(other, "_traced", False):
            return super().integrate_kde(other)
        second = (
            other
            if isinstance(other, gaussian_kde)
            else gaussian_kde(other.dataset, other.factor, other.weights)
        )
        return integrate_kde(self._held(), second._held())

    def marginal(self, dimensions: Any) -> Any:
        """Return the density of some of the coordinates."""
        if not self._traced:
            return super().marginal(dimensions)
        return gaussian_kde(self.dataset[np.atleast_1d(dimensions)], self.factor, self.weights)

    def integrate_box(self, low_bounds: Any, high_bounds: Any, maxpts: Any = None, **kwargs: Any) -> Any:
        """Return the integral over a box, of plain numbers."""
        self._plain("integrate_box", low_bounds, high_bounds)
        return super().integrate_box(low_bounds, high_bounds, maxpts, **kwargs)

    def resample(self, size: Any = None, seed: Any = None) -> Any:
        """Draw from the density, of plain numbers."""
        self._plain("resample")
        return super().resample(size, seed)

    def _plain(self, name: str, *args: Any) -> None:
        if self._asks(*args):
            raise NoRuleError(
                f"scipy.stats.gaussian_kde.{name} has no rule: it is SciPy's own, for plain values; make the density "
                "of funcad.stop_gradient(data), with a plain bandwidth and plain weights"
            )
