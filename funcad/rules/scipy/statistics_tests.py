"""Regressions, tests, transforms to normality and distances of samples in `scipy.stats`.

Values are SciPy's. Derivatives of a p-value are those of the distribution of its statistic.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import special, stats

from funcad.core.assemble import as_operand
from funcad.core.elements import getitem
from funcad.core.function import twin
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.statistics import along_last, arguments, statistic
from funcad.rules.scipy.statistics_results import correlated, fitted, tested

SIDES: Final = {"less": -1, "two-sided": 0, "greater": 1}


def resampled(name: str, method: Any) -> None:
    """Refuse that a p-value is counted."""
    if method is not None:
        raise UnsupportedArgumentError(
            f"scipy.stats.{name} has no derivative rule for method={type(method).__name__}(...), which counts "
            "resampled statistics; leave method out"
        )


def p_value(t: Any, df: Any, alternative: str) -> Any:
    """Return the p-value of Student's statistic."""
    if alternative == "two-sided":
        return 2 * special.stdtr(df, -np.abs(t))
    return special.stdtr(df, t if alternative == "less" else -t)


# --- correlation and regression


def correlation(x: Any, y: Any) -> Any:
    """Return the correlation of samples along the last axis."""
    x, y = x - np.mean(x, -1, keepdims=True), y - np.mean(y, -1, keepdims=True)
    return np.sum(x * y, -1) / np.sqrt(np.sum(x * x, -1) * np.sum(y * y, -1))


def p_of_correlation(r: Any, n: int, alternative: str) -> Any:
    """Return the p-value of a correlation; its density is (1 - r^2)^(n/2 - 2) over a beta function."""
    if n == 2:
        return 0.0 * r
    a = n / 2 - 1
    sign = {"two-sided": np.sign(plain(r)), "greater": 1.0, "less": -1.0}[alternative]
    p = special.betainc(a, a, (1 - sign * r) / 2)
    return 2 * p if alternative == "two-sided" else p


@statistic(stats.pearsonr, "x y", fields=lambda found: (found.statistic, found.pvalue))
def pearson(x: Any, y: Any, alternative: str = "two-sided", method: Any = None) -> Any:
    """The correlation and its p-value."""
    resampled("pearsonr", method)
    r = correlation(x, y)
    return r, p_of_correlation(r, np.shape(x)[-1], alternative)


pearsonr = twin(stats.pearsonr)


@pearsonr.def_composite()
def _pearsonr(x: Any, y: Any, *, alternative: str = "two-sided", method: Any = None, axis: Any = 0) -> Any:
    x, y = as_operand(x), as_operand(y)
    r, p = pearson(x, y, alternative=alternative, method=method, axis=axis)
    x, y = along_last(x, axis), along_last(y, axis)
    return correlated(r, p, alternative, np.shape(x)[-1], x, y)


@statistic(stats.linregress, "x y", fields=lambda found: (*found, found.intercept_stderr))
def line(x: Any, y: Any, alternative: str = "two-sided") -> Any:
    """The line of least squares: slope, intercept, correlation, p-value and the standard errors of both."""
    n = np.shape(x)[-1]
    center = np.mean(x, -1)
    dx, dy = x - np.expand_dims(center, -1), y - np.mean(y, -1, keepdims=True)
    xx, xy, yy = np.mean(dx * dx, -1), np.mean(dx * dy, -1), np.mean(dy * dy, -1)
    r, slope = xy / np.sqrt(xx * yy), xy / xx
    intercept = np.mean(y, -1) - slope * center
    if n == 2:  # through both points
        return slope, intercept, 0.0 * r, 0.0 * r, 0.0 * r, 0.0 * r
    rest = np.mean((dy - np.expand_dims(slope, -1) * dx) ** 2, -1)
    error = np.sqrt(rest / xx / (n - 2))
    return (
        slope,
        intercept,
        r,
        p_value(slope / error, n - 2.0, alternative),
        error,
        error * np.sqrt(xx + center * center),
    )


linregress = twin(stats.linregress)


@linregress.def_composite()
def _linregress(*args: Any, **kwargs: Any) -> Any:
    return fitted(*line(*args, **kwargs))


# --- Student's tests


def of_ttest(found: Any) -> tuple[Any, ...]:
    """Return what a test's result holds: the statistic, the p-value, degrees of freedom, error and estimate."""
    return found.statistic, found.pvalue, found.df, found._standard_error, found._estimate


def ttest(fn: Any, own: Callable[..., Any]) -> Any:
    """Return the twin of a test, whose result has SciPy's form."""
    f = twin(fn)

    @f.def_composite()
    def run(*args: Any, **kwargs: Any) -> Any:
        numbers = own(*args, **kwargs)
        return tested(numbers, SIDES[arguments(fn, args, kwargs).get("alternative", "two-sided")])

    return f


def of_mean(a: Any, center: Any, alternative: str) -> tuple[Any, ...]:
    """Return the test of a mean along the last axis."""
    n = np.shape(a)[-1]
    estimate = np.mean(a, -1)
    error = np.std(a, -1, ddof=1) / np.sqrt(n)
    t = (estimate - center) / error
    return t, p_value(t, n - 1.0, alternative), n - 1 + 0 * plain(t), error, estimate


@statistic(stats.ttest_1samp, "a popmean", paired=False, fields=of_ttest)
def one_sample(a: Any, popmean: Any, alternative: str = "two-sided") -> Any:
    """The test of a mean."""
    return of_mean(a, np.squeeze(popmean, -1), alternative)


@statistic(stats.ttest_rel, "a b", fields=of_ttest)
def paired_samples(a: Any, b: Any, alternative: str = "two-sided") -> Any:
    """The test of the mean of differences."""
    return of_mean(a - b, 0.0, alternative)


@statistic(stats.ttest_ind, "a b", paired=False, fields=of_ttest)
def two_samples(
    a: Any,
    b: Any,
    equal_var: bool = True,
    alternative: str = "two-sided",
    trim: float = 0,
    method: Any = None,
) -> Any:
    """The test of the difference of two means."""
    resampled("ttest_ind", method)
    if trim != 0:
        raise UnsupportedArgumentError(
            f"scipy.stats.ttest_ind has no derivative rule for trim={trim}; leave it out, or compare means by trim_mean"
        )
    n, m = np.shape(a)[-1], np.shape(b)[-1]
    u, v = np.var(a, -1, ddof=1), np.var(b, -1, ddof=1)
    if equal_var:
        df = n + m - 2.0
        error = np.sqrt(((n - 1) * u + (m - 1) * v) / df * (1 / n + 1 / m))
    else:
        u, v = u / n, v / m
        df, error = (u + v) ** 2 / (u * u / (n - 1) + v * v / (m - 1)), np.sqrt(u + v)
    estimate = np.mean(a, -1) - np.mean(b, -1)
    t = estimate / error
    return t, p_value(t, df, alternative), df + 0 * plain(t), error, estimate


ttest_1samp = ttest(stats.ttest_1samp, one_sample)
ttest_rel = ttest(stats.ttest_rel, paired_samples)
ttest_ind = ttest(stats.ttest_ind, two_samples)


# --- entropy


def shared(frequencies: Any) -> tuple[Any, Any]:
    """Return frequencies over their sum, which is held fixed, and the sum of these shares, which is 1."""
    parts = frequencies / plain(np.sum(frequencies, -1, keepdims=True))
    return parts, np.sum(parts, -1)


@statistic(stats.entropy, "pk qk")
def entropy(pk: Any, qk: Any = None, base: Any = None) -> Any:
    """The entropy of frequencies, or their divergence from others."""
    p, p_sum = shared(pk)
    # of what is divided by their sum afterwards: a frequency of 0, whose own slope is infinite, does not spoil the others
    if qk is None:
        total = np.log(p_sum) + np.sum(special.entr(p), -1) / p_sum
    else:
        q, q_sum = shared(qk)
        total = np.log(q_sum) - np.log(p_sum) + np.sum(special.rel_entr(p, q), -1) / p_sum
    return total if base is None else total / np.log(base)


# --- transforms to normality


def given_power(lmbda: Any, name: str) -> None:
    """Refuse that the power is searched for."""
    if lmbda is None:
        raise UnsupportedArgumentError(
            f"scipy.stats.{name} has no derivative rule for lmbda=None, where SciPy searches for the power: find it "
            f"first, lmbda = scipy.stats.{name}(data)[1], and pass it, or maximise funcad.scipy.stats.{name}_llf"
        )


boxcox = twin(stats.boxcox)
yeojohnson = twin(stats.yeojohnson)


@boxcox.def_composite()
def _boxcox(x: Any, lmbda: Any = None, alpha: Any = None, optimizer: Any = None) -> Any:
    given_power(lmbda, "boxcox")
    return special.boxcox(as_operand(x), lmbda)


def yeo_johnson(x: Any, lmbda: Any) -> Any:
    """Return Box-Cox transforms of 1 + |x|, with the powers lmbda and 2 - lmbda on the two sides of 0."""
    above = np.greater_equal(plain(x), 0)
    return np.where(
        above,
        special.boxcox1p(np.where(above, x, 0.0), lmbda),
        -special.boxcox1p(np.where(above, 0.0, -x), 2 - lmbda),
    )


@yeojohnson.def_composite(own_value=True)
def _yeojohnson(x: Any, lmbda: Any = None) -> Any:
    given_power(lmbda, "yeojohnson")
    return yeo_johnson(as_operand(x), lmbda)


@statistic(stats.boxcox_llf, "data")
def boxcox_llf(lmb: Any, data: Any) -> Any:
    """The logarithm of the likelihood of a power, for data above 0."""
    logs = np.log(data)
    # relative to the geometric mean, a factor that a power of no size makes too large
    x = np.exp(logs - np.mean(logs, -1, keepdims=True))
    return -np.sum(logs, -1) - 0.5 * np.shape(data)[-1] * np.log(np.var(special.boxcox(x, lmb), -1))


@statistic(stats.yeojohnson_llf, "data")
def yeojohnson_llf(lmb: Any, data: Any) -> Any:
    """The same for data of both signs."""
    logs = np.sign(plain(data)) * np.log1p(np.abs(data))
    variance = np.var(yeo_johnson(data, lmb), -1)
    return (lmb - 1) * np.sum(logs, -1) - 0.5 * np.shape(data)[-1] * np.log(variance)


# --- distances of two samples on the line


def shares(values: Any, weights: Any, at: Any) -> Any:
    """Return the distribution function of a sample."""
    order = np.argsort(values)
    count = np.searchsorted(getitem(values, order), at, "right")
    if weights is None:
        return count / np.size(values)
    total = np.concatenate([np.zeros(1), np.cumsum(getitem(weights, order))])
    return getitem(total, count) / total[-1]


def between(u: Any, v: Any, u_weights: Any, v_weights: Any) -> tuple[Any, Any]:
    """Return the difference of two distribution functions on each piece of the line, and how long the pieces are."""
    u, v = 1.0 * as_operand(u), 1.0 * as_operand(v)
    weights = [None if w is None else 1.0 * as_operand(w) for w in (u_weights, v_weights)]
    points = np.sort(np.concatenate([u, v]))
    at = plain(points)[:-1]
    return shares(plain(u), weights[0], at) - shares(plain(v), weights[1], at), np.diff(points)


wasserstein_distance = twin(stats.wasserstein_distance)
energy_distance = twin(stats.energy_distance)


@wasserstein_distance.def_composite(own_value=True)
def _wasserstein_distance(u_values: Any, v_values: Any, u_weights: Any = None, v_weights: Any = None) -> Any:
    gap, piece = between(u_values, v_values, u_weights, v_weights)
    return np.sum(np.abs(gap) * piece)


@energy_distance.def_composite(own_value=True)
def _energy_distance(u_values: Any, v_values: Any, u_weights: Any = None, v_weights: Any = None) -> Any:
    gap, piece = between(u_values, v_values, u_weights, v_weights)
    return np.sqrt(2 * np.sum(gap * gap * piece))
