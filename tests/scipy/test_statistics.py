"""Descriptive functions, regressions and tests of `funcad.scipy.stats`: SciPy's values, slopes, programs, and what is refused."""

import mpmath
import numpy as np
import pytest
import scipy.optimize
import scipy.stats

import funcad as fc
from funcad.errors import NoRuleError, UnsupportedArgumentError
from funcad.scipy import stats
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
#: no two elements are near each other: finite differences cross no tie
A, B, W = RNG.permuted(np.linspace([0.5] * 3, [2.0, 2.1, 2.2], 20), axis=0).T.reshape(3, 4, 5)
HALF = np.float64(0.3)
CALLS = {
    "weights along several axes": ("gmean", (A,), {"axis": (0, 1), "weights": W, "keepdims": True}),
    "weights of columns": ("hmean", (A,), {"axis": 1, "weights": W[0]}),
    "a power that is traced": ("pmean", (A, HALF), {"axis": None}),
    "the power 0": ("pmean", (A, 0), {"weights": W}),
    "moments": ("moment", (A, [0, 1, 2, 3]), {"axis": None}),
    "a moment about a number": ("moment", (A,), {"center": 0.3, "order": 3}),
    "skewness of a sample": ("skew", (A,), {"bias": False, "axis": -1}),
    "kurtosis of a sample": ("kurtosis", (A,), {"bias": False, "fisher": False}),
    "error of the mean": ("sem", (A,), {"ddof": 0, "keepdims": True}),
    "variation": ("variation", (A, 1), {"ddof": 1}),
    "scores": ("zscore", (A,), {"axis": None, "ddof": 1}),
    "scores by another sample": ("zmap", (A[0], B), {}),
    "scores of logarithms": ("gzscore", (A,), {"axis": 1}),
    "quartiles": ("iqr", (A,), {"axis": (1, 0), "rng": (20, 65), "scale": "normal"}),
    "median distance from the mean": ("median_abs_deviation", (A,), {"center": np.mean, "scale": "normal"}),
    "mean within limits": ("tmean", (A, (0.7, 1.8)), {"axis": 0, "keepdims": True}),
    "variance above a limit": ("tvar", (A, (0.7, None), (False, True)), {"axis": None}),
    "deviation below a limit": ("tstd", (A, (None, 1.8)), {}),
    "its error": ("tsem", (A,), {"ddof": 0, "axis": 1}),
    "mean of the middle": ("trim_mean", (A, 0.25), {"axis": 1}),
    "mean angle": ("circmean", (A, 1.9), {"low": 0.1, "axis": 0}),
    "circular variance": ("circvar", (A,), {"keepdims": True}),
    "circular deviation": ("circstd", (A,), {"normalize": True, "axis": 1}),
    "entropy": ("entropy", (A,), {"base": 2}),
    "divergence": ("entropy", (A, B), {"axis": None}),
    "Box-Cox": ("boxcox", (A, HALF), {}),
    "its likelihood": ("boxcox_llf", (HALF, A), {"axis": 1, "keepdims": True}),
    "Yeo-Johnson": ("yeojohnson", (A - 1, HALF), {}),
    "its likelihood too": ("yeojohnson_llf", (HALF, A - 1), {}),
    "correlation": ("pearsonr", (A, B), {"axis": 1, "alternative": "greater"}),
    "line": ("linregress", (A[0], B[0], "less"), {}),
    "lines": ("linregress", (A, B), {"axis": -1, "keepdims": True}),
    "mean of one sample": ("ttest_1samp", (A, B[:1]), {}),
    "pairs": ("ttest_rel", (A, B), {"axis": None}),
    "two samples": ("ttest_ind", (A, B[:3]), {}),
    "two unlike samples": ("ttest_ind", (A, B[:3]), {"equal_var": False, "alternative": "less"}),
    "distance on the line": ("wasserstein_distance", (A[0], B[0, :3]), {}),
    "distance of weighted samples": ("energy_distance", (A[0], B[0, :3], W[0], W[1, :3]), {}),
}


def fields(result):
    """All numbers that a result holds."""
    if not hasattr(result, "_fields"):
        return [result]
    more = [getattr(result, name) for name in ("intercept_stderr", "df") if hasattr(result, name)]
    return [*result, *more]


def traced(name, args, kwargs):
    """The arrays among the arguments, and the function of them."""
    places = [k for k, v in enumerate(args) if isinstance(v, (np.ndarray, np.floating))]

    def f(*given):
        full = [given[places.index(k)] if k in places else v for k, v in enumerate(args)]
        return fields(getattr(stats, name)(*full, **kwargs))

    return f, tuple([args[k] for k in places])


@pytest.mark.parametrize(("name", "args", "kwargs"), CALLS.values(), ids=CALLS)
def test_values_are_scipys_to_the_bit_and_derivatives_hold(name, args, kwargs):
    wanted = fields(getattr(scipy.stats, name)(*args, **kwargs))
    f, given = traced(name, args, kwargs)
    for found in (f(*given), fc.jvp(f, given, given)[0], fc.vmap(f)(*[v[None] for v in given])):
        for value, reference in zip(found, wanted, strict=True):
            batched = np.shape(value) == (1, *np.shape(reference))
            np.testing.assert_array_equal(value[0] if batched else value, reference, strict=batched)
    check_grads(f, given, order=2)


def test_single_precision_stays():
    a = A.astype(np.float32)
    value, slope = fc.jvp(stats.zscore, (a,), (a,))
    np.testing.assert_array_equal(value, scipy.stats.zscore(a), strict=True)
    assert slope.dtype == np.float32


# --- derivatives against formulas and against exact arithmetic


def test_p_value_of_a_correlation_near_1_has_all_digits():
    r, n = 0.999, 30
    mpmath.mp.dps = 40
    a = mpmath.mpf(n) / 2 - 1
    exact = -2 * (1 - mpmath.mpf(r) ** 2) ** (a - 1) / (mpmath.beta(a, a) * 2 ** (2 * a - 1))
    from funcad.rules.scipy.statistics_tests import p_of_correlation

    assert fc.grad(lambda r: p_of_correlation(r, n, "two-sided"))(r) == pytest.approx(float(exact), rel=1e-12)


def test_box_coxs_likelihood_has_its_slope_at_the_power_0_and_for_large_data():
    x = RNG.lognormal(size=30)
    logs = np.log(x)
    # with y = log x: sum y - N cov(y^2 / 2, y) / var(y)
    wanted = np.sum(logs) - 30 * np.mean((logs - logs.mean()) * (logs**2 / 2)) / np.var(logs)
    slope = fc.grad(stats.boxcox_llf)
    assert slope(0.0, x) == pytest.approx(wanted, rel=1e-12)
    assert slope(40.0, x * 1e12) == pytest.approx(slope(40.0, x), rel=1e-9)


def test_equal_elements_share_the_derivative_of_their_mode():
    np.testing.assert_array_equal(
        fc.grad(lambda x: stats.mode(x).mode)(np.array([1.0, 2.0, 2.0, 5.0])), [0.0, 0.5, 0.5, 0.0]
    )


def test_the_wasserstein_distance_moves_samples_towards_each_other():
    u, v = np.array([0.0, 1.0]), np.array([3.0, 4.0, 5.0])
    np.testing.assert_allclose(fc.grad(stats.wasserstein_distance)(u, v), [-0.5, -0.5])


def test_a_frequency_of_0_leaves_the_entropy_its_other_slopes():
    p = np.array([0.0, 0.25, 0.75])
    with np.errstate(divide="ignore"):
        slope = fc.grad(stats.entropy)(p)
    np.testing.assert_allclose(slope, [np.inf, *(-np.log(p[1:]) - scipy.stats.entropy(p))])


def test_ranks_are_constant():
    assert np.all(fc.grad(lambda x: np.sum(x * stats.rankdata(x)))(A[0]) == scipy.stats.rankdata(A[0]))


# --- programs


def test_a_power_is_found_by_newtons_method():
    data = RNG.gamma(2.0, size=200)
    slope = fc.grad(lambda lmb: stats.boxcox_llf(lmb, data))
    root = scipy.optimize.newton(slope, 0.5, fc.grad(slope), tol=1e-12)
    assert root == pytest.approx(scipy.stats.boxcox_normmax(data, method="mle"), abs=1e-6)


def test_a_correlation_is_maximised():
    x = RNG.normal(size=(60, 3))
    y = x @ [1.0, -2.0, 0.5] + 0.1 * RNG.normal(size=60)
    loss = fc.value_and_grad(lambda w: 1 - stats.pearsonr(x @ w, y).statistic)
    found = scipy.optimize.minimize(loss, np.ones(3), jac=True, tol=1e-10)
    best = np.linalg.lstsq(x - x.mean(0), y - y.mean(), rcond=None)[0]
    np.testing.assert_allclose(found.x / np.linalg.norm(found.x), best / np.linalg.norm(best), atol=1e-5)


def test_the_error_of_a_slope_is_propagated_through_a_regression():
    x, y = np.arange(6.0), np.array([0.1, 0.9, 2.2, 2.8, 4.1, 5.2])
    slopes = fc.jacobian(lambda y: stats.linregress(x, y).slope)(y)
    assert np.sqrt(slopes @ slopes) == pytest.approx(1 / np.sqrt(np.sum((x - x.mean()) ** 2)))
    result = fc.jvp(lambda y: stats.linregress(x, y).intercept_stderr, (y,), (np.ones(6),))
    assert result[1] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("equal_var", [True, False])
def test_bounds_of_an_interval_have_derivatives(equal_var):
    def low(a, b):
        return stats.ttest_ind(a, b, equal_var=equal_var).confidence_interval(0.9).low

    value, slope = fc.value_and_grad(low)(A[0], B[0])
    assert value == scipy.stats.ttest_ind(A[0], B[0], equal_var=equal_var).confidence_interval(0.9).low
    assert np.sum(slope) == pytest.approx(1.0)
    check_grads(low, (A[0], B[0]))


RESULTS = {
    "correlation": lambda x: stats.pearsonr(x, B[0], alternative="less"),
    "line": lambda x: stats.linregress(x, B[0]),
    "mean": lambda x: stats.ttest_1samp(x, 0.5, 0, "propagate", "greater"),
    "pairs": lambda x: stats.ttest_rel(x, B[0]),
    "two samples": lambda x: stats.ttest_ind(x, B[0], equal_var=False),
    "mode": lambda x: stats.mode(x),
}


@pytest.mark.parametrize("f", RESULTS.values(), ids=RESULTS)
def test_results_leave_a_transform_in_scipys_classes(f):
    plain, (value, pushed) = f(A[0]), fc.jvp(f, (A[0],), (B[0],))
    assert type(value) is type(pushed) is type(plain)
    np.testing.assert_array_equal(fields(value), fields(plain))
    assert fc.tree.map(type, plain)[0] is np.float64
    listed = fc.jvp(lambda x: fields(f(x)), (A[0],), (B[0],))[1]
    np.testing.assert_array_equal(fields(pushed), listed)
    stacked = fields(fc.vmap(f)(A))
    for k, a in enumerate(A):
        np.testing.assert_array_equal([v[k] for v in stacked], fields(f(a)))
    if hasattr(plain, "confidence_interval"):
        assert value.confidence_interval() == plain.confidence_interval()


# --- what is refused


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda x: stats.zscore(x, nan_policy="omit"), "take the elements that are no NaN"),
        (lambda x: stats.gmean(x, nan_policy="raise"), "nan_policy='raise'"),
        (lambda x: stats.boxcox(x), "lmbda = scipy.stats.boxcox"),
        (lambda x: stats.yeojohnson(x), "yeojohnson_llf"),
        (lambda x: stats.pearsonr(x, x, method=scipy.stats.PermutationMethod()), "leave method out"),
        (lambda x: stats.ttest_ind(x, x, trim=0.1), "trim_mean"),
        (lambda x: stats.pmean(A, x[0] * 0), "at p = 0"),
    ],
)
def test_what_has_no_rule_says_what_to_write(call, advice):
    with pytest.raises(UnsupportedArgumentError, match=advice):
        fc.jvp(call, (A[0],), (A[0],))


@pytest.mark.parametrize("name", ["spearmanr", "kendalltau"])
def test_statistics_of_ranks_have_no_derivative(name):
    with pytest.raises(NoRuleError, match="stop_gradient"):
        fc.grad(lambda x: getattr(stats, name)(x, B[0]).statistic)(A[0])
    assert getattr(stats, name)(A[0], B[0]) == getattr(scipy.stats, name)(A[0], B[0])


def test_an_unknown_keyword_is_an_error():
    with pytest.raises(TypeError, match=r"skew\(\) got an unexpected keyword argument 'dof'"):
        fc.grad(lambda x: stats.skew(x, dof=1))(A[0])
