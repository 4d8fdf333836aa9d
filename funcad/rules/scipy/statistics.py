"""Descriptive functions of `scipy.stats`: SciPy's values, with the derivatives of the code here.

As in SciPy, code is for samples along the last axis. What depends on ranks alone has no derivative.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import special, stats

from funcad.core.assemble import as_operand, typed
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.general import is_plain
from funcad.core.tracer import anywhere, plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.stats.twins import guarded

Body = Callable[..., Any]
#: what a scale by name divides by, for which a normal sample gives its standard deviation
NORMAL: Final = float(special.ndtri(0.75))


# --- samples along the last axis


def aligned(samples: list[Any], paired: bool) -> list[Any]:
    """Return samples with the same number of axes; paired ones with the same shape."""
    shapes = [np.shape(x) for x in samples]
    if paired:
        common = np.broadcast_shapes(*shapes)
        return [
            x if s == common else np.broadcast_to(x, common) for x, s in zip(samples, shapes, strict=True)
        ]
    rank = max([len(s) for s in shapes])
    return [
        x if len(s) == rank else np.reshape(x, (1,) * (rank - len(s)) + s)
        for x, s in zip(samples, shapes, strict=True)
    ]


def along_last(x: Any, axis: Any) -> Any:
    """Return an array with the elements along some axes along one last axis."""
    if axis is None:
        return np.ravel(x)
    axes = (axis,) if np.ndim(axis) == 0 else tuple(axis)
    x = np.moveaxis(x, axes, tuple(range(-len(axes), 0)))
    return x if len(axes) == 1 else np.reshape(x, (*np.shape(x)[: -len(axes)], -1))


def with_ones(y: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """Return a statistic of samples of a shape, with axes of length 1 where they were reduced."""
    axes = range(len(shape)) if axis is None else np.ravel(axis)
    reduced = {int(k) % len(shape) for k in axes}
    rest = iter(np.shape(y))
    return np.reshape(y, tuple([1 if k in reduced else next(rest) for k in range(len(shape))]))


signature_of = functools.cache(inspect.signature)


def arguments(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call of a function of SciPy by name, without its policy for NaN.

    Raises:
        TypeError: an argument is missing, or not known.
        UnsupportedArgumentError: the policy is another than 'propagate'.
    """
    try:
        given = dict(signature_of(fn).bind(*args, **kwargs).arguments)
    except TypeError as error:
        raise TypeError(f"{fn.__name__}() {error}") from None
    policy = given.pop("nan_policy", "propagate")
    if policy != "propagate":
        raise UnsupportedArgumentError(
            f"scipy.stats.{fn.__name__} has no derivative rule for nan_policy={policy!r}: "
            "take the elements that are no NaN, x[~np.isnan(x)], and leave nan_policy out"
        )
    return given


def reduced(fn: Any, names: str, body: Body, paired: bool = True) -> Body:
    """Return code for samples along the last axis as code for SciPy's own arguments.

    Args:
        fn: the function of SciPy.
        names: of the samples.
        body: a function of them and of the other arguments, without `axis` and `keepdims`.
        paired: whether the samples are broadcast against each other, and not only along the other axes.
    """
    listed = signature_of(fn).parameters

    @functools.wraps(body)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = arguments(fn, args, kwargs)
        axis = given.pop("axis", listed["axis"].default)
        keepdims = given.pop("keepdims", False)
        held = [n for n in names.split() if given.get(n) is not None]
        samples = aligned([as_operand(given[n]) for n in held], paired)
        shape = np.shape(samples[0])
        given |= {n: along_last(x, axis) for n, x in zip(held, samples, strict=True)}
        result = body(**given)
        if not keepdims:
            return result
        if isinstance(result, tuple):
            return tuple([with_ones(y, shape, axis) for y in result])
        return with_ones(result, shape, axis)

    return run


def statistic(
    fn: Any, names: str, paired: bool = True, fields: Body | None = None
) -> Callable[[Body], PrimitiveFunction[Any, Any]]:
    """Return a decorator that makes of code for samples along the last axis the twin of a function of SciPy.

    Args:
        fn: the function of SciPy.
        names: of the samples.
        paired: whether they are broadcast against each other.
        fields: makes a tuple of SciPy's result, where that holds more than its elements.
    """

    def declare(body: Body) -> PrimitiveFunction[Any, Any]:
        label = f"scipy.stats.{fn.__name__}"
        f = (
            twin(fn, label)
            if fields is None
            else PrimitiveFunction(lambda *a, **k: fields(fn(*a, **k)), name=label)
        )
        f.def_composite(own_value=True)(reduced(fn, names, body, paired))
        return f

    return declare


# --- means and moments


def mean_of(x: Any, weights: Any) -> Any:
    """Return the weighted mean along the last axis."""
    return np.mean(x, -1) if weights is None else np.sum(weights * x, -1) / np.sum(weights, -1)


def in_dtype(x: Any, dtype: Any) -> Any:
    """Return samples in the dtype that SciPy is asked to compute in."""
    return x if dtype is None else typed(x, dtype)


@statistic(stats.gmean, "a weights")
def gmean(a: Any, dtype: Any = None, weights: Any = None) -> Any:
    """The exponential of the mean logarithm."""
    return np.exp(mean_of(np.log(in_dtype(a, dtype)), weights))


@statistic(stats.hmean, "a weights")
def hmean(a: Any, dtype: Any = None, weights: Any = None) -> Any:
    """The inverse of the mean inverse."""
    return 1 / mean_of(1 / in_dtype(a, dtype), weights)


@statistic(stats.pmean, "a weights")
def pmean(a: Any, p: Any, dtype: Any = None, weights: Any = None) -> Any:
    """The power mean, which is the geometric mean for p = 0."""
    a, p = in_dtype(a, dtype), as_operand(p)
    if anywhere(np.equal(plain(p), 0)):
        if not is_plain(p):
            raise UnsupportedArgumentError(
                "scipy.stats.pmean has no derivative rule with respect to p at p = 0; pass funcad.stop_gradient(p)"
            )
        return np.exp(mean_of(np.log(a), weights))
    return mean_of(np.power(a, 1.0 * p), weights) ** (1 / p)


def central(a: Any, order: int, center: Any = None) -> Any:
    """Return the mean of a power of the distances from the mean, or from a center, along the last axis."""
    if center is None and order == 1:
        return 0.0 * np.sum(a, -1)
    center = np.mean(a, -1, keepdims=True) if center is None else center
    return np.mean((a - center) ** order, -1)


@statistic(stats.moment, "a")
def moment(a: Any, order: Any = 1, center: Any = None) -> Any:
    """Moments of one order, or stacked for several."""
    found = [central(a, int(k), center) for k in np.ravel(order)]
    return np.stack(found) if np.ndim(order) else found[0]


@statistic(stats.skew, "a")
def skew(a: Any, bias: bool = True) -> Any:
    """The third central moment in standard deviations."""
    n = np.shape(a)[-1]
    ratio = central(a, 3) / central(a, 2) ** 1.5
    return ratio if bias or n < 3 else ratio * math.sqrt(n * (n - 1)) / (n - 2)


@statistic(stats.kurtosis, "a")
def kurtosis(a: Any, fisher: bool = True, bias: bool = True) -> Any:
    """The fourth central moment in squared variances; what is subtracted from it is a constant."""
    n = np.shape(a)[-1]
    ratio = central(a, 4) / central(a, 2) ** 2
    return ratio if bias or n < 4 else ratio * (n * n - 1) / ((n - 2) * (n - 3))


@statistic(stats.sem, "a")
def sem(a: Any, ddof: Any = 1) -> Any:
    """The standard error of the mean."""
    return np.std(a, -1, ddof=ddof) / math.sqrt(np.shape(a)[-1])


@statistic(stats.variation, "a")
def variation(a: Any, ddof: Any = 0) -> Any:
    """The standard deviation in means."""
    return np.std(a, -1, ddof=ddof) / np.mean(a, -1)


# --- standard scores


zscore = twin(stats.zscore)
zmap = twin(stats.zmap)
gzscore = twin(stats.gzscore)


def scores_of(scores: Any, compare: Any, axis: Any = 0, ddof: Any = 0) -> Any:
    """Return the distances from the mean of `compare` in its standard deviations."""
    with np.errstate(divide="ignore", invalid="ignore"):
        deviations = np.std(compare, axis, ddof=ddof, keepdims=True)
        return (scores - np.mean(compare, axis, keepdims=True)) / deviations


@zscore.def_composite(own_value=True)
def _zscore(*args: Any, **kwargs: Any) -> Any:
    given = arguments(stats.zscore, args, kwargs)
    a = as_operand(given.pop("a"))
    return scores_of(a, a, **given)


@zmap.def_composite(own_value=True)
def _zmap(*args: Any, **kwargs: Any) -> Any:
    given = arguments(stats.zmap, args, kwargs)
    return scores_of(as_operand(given.pop("scores")), as_operand(given.pop("compare")), **given)


@gzscore.def_composite(own_value=True)
def _gzscore(*args: Any, **kwargs: Any) -> Any:
    given = arguments(stats.gzscore, args, kwargs)
    a = np.log(as_operand(given.pop("a")))
    return scores_of(a, a, **given)


# --- order


@statistic(stats.iqr, "x")
def iqr(x: Any, rng: Any = (25, 75), scale: Any = 1.0, interpolation: Any = "linear") -> Any:
    """The distance of two quantiles."""
    low, high = np.quantile(x, np.sort(np.asarray(rng) / 100), -1, method=interpolation)
    return (high - low) / (2 * NORMAL if isinstance(scale, str) else scale)


@statistic(stats.median_abs_deviation, "x")
def median_abs_deviation(x: Any, center: Any = None, scale: Any = 1.0) -> Any:
    """The median distance from the median, or from another center."""
    middle = (center or np.median)(x, axis=-1)
    away = np.abs(x - np.expand_dims(middle, -1))
    return np.median(away, -1) / (NORMAL if isinstance(scale, str) else scale)


#: the most frequent elements along the last axis, and how often each occurs
most_frequent = PrimitiveFunction(
    lambda a: tuple(stats.mode(a, -1, keepdims=True)), name="scipy.stats.mode (elements)"
)
most_frequent.def_constant()


@statistic(stats.mode, "a")
def mode(a: Any) -> Any:
    """The most frequent element, the least of several, and how often it occurs."""
    element, count = most_frequent(a)
    # equal elements share the derivative
    return np.sum(np.equal(plain(a), element) / count * a, -1), np.squeeze(count, -1)


rankdata = twin(stats.rankdata)
rankdata.def_constant()
spearmanr = guarded("scipy.stats.spearmanr", stats.spearmanr)
kendalltau = guarded("scipy.stats.kendalltau", stats.kendalltau)


def within(a: Any, limits: Any, inclusive: Any) -> Any:
    """Return 1 where an element is within limits, else 0."""
    low, high = (None, None) if limits is None else limits
    inside = np.ones(np.shape(a), bool)
    if low is not None:
        inside = inside & (np.greater_equal(a, low) if inclusive[0] else np.greater(a, low))
    if high is not None:
        inside = inside & (np.less_equal(a, high) if inclusive[1] else np.less(a, high))
    return inside * 1.0


@statistic(stats.tmean, "a")
def tmean(a: Any, limits: Any = None, inclusive: Any = (True, True)) -> Any:
    """The mean of the elements within limits."""
    return mean_of(a, within(a, limits, inclusive))


def trimmed(a: Any, limits: Any, inclusive: Any, ddof: Any) -> tuple[Any, Any]:
    """Return the variance of the elements within limits, and how many they are."""
    inside = within(a, limits, inclusive)
    count = np.sum(inside, -1)
    away = a - np.expand_dims(mean_of(a, inside), -1)
    return np.sum(inside * away * away, -1) / (count - ddof), count


@statistic(stats.tvar, "a")
def tvar(a: Any, limits: Any = None, inclusive: Any = (True, True), ddof: Any = 1) -> Any:
    """Their variance."""
    return trimmed(a, limits, inclusive, ddof)[0]


@statistic(stats.tstd, "a")
def tstd(a: Any, limits: Any = None, inclusive: Any = (True, True), ddof: Any = 1) -> Any:
    """Their standard deviation."""
    return np.sqrt(trimmed(a, limits, inclusive, ddof)[0])


@statistic(stats.tsem, "a")
def tsem(a: Any, limits: Any = None, inclusive: Any = (True, True), ddof: Any = 1) -> Any:
    """The standard error of their mean."""
    variance, count = trimmed(a, limits, inclusive, ddof)
    return np.sqrt(variance / count)


@statistic(stats.trim_mean, "a")
def trim_mean(a: Any, proportiontocut: float) -> Any:
    """The mean without a part of the elements at both ends."""
    n = np.shape(a)[-1]
    cut = int(proportiontocut * n)
    return np.mean(np.sort(a, -1)[..., cut : n - cut], -1)


# --- angles


def resultant(samples: Any, period: Any) -> tuple[Any, Any]:
    """Return the means of the sines and of the cosines of numbers on a circle."""
    angles = samples * (2 * np.pi / period)
    return np.mean(np.sin(angles), -1), np.mean(np.cos(angles), -1)


def length(samples: Any, period: Any) -> Any:
    """Return the length of the mean of points on a circle."""
    radius = np.hypot(*resultant(samples, period))
    return np.where(np.greater(plain(radius), 1), 1.0, radius)  # beyond 1 by rounding


@statistic(stats.circmean, "samples")
def circmean(samples: Any, high: Any = 2 * np.pi, low: Any = 0) -> Any:
    """The direction of the mean of points on a circle."""
    period = high - low
    return np.mod(np.arctan2(*resultant(samples, period)) * (period / (2 * np.pi)) - low, period) + low


@statistic(stats.circvar, "samples")
def circvar(samples: Any, high: Any = 2 * np.pi, low: Any = 0) -> Any:
    """What that mean lacks of the radius."""
    return 1 - length(samples, high - low)


@statistic(stats.circstd, "samples")
def circstd(samples: Any, high: Any = 2 * np.pi, low: Any = 0, normalize: bool = False) -> Any:
    """The standard deviation of a normal angle whose mean has that length."""
    deviation = np.sqrt(-2 * np.log(length(samples, high - low)))
    return deviation if normalize else deviation * ((high - low) / (2 * np.pi))
