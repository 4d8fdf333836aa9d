"""Distributions of vectors and matrices and densities around data: SciPy's values, slopes, programs, and what is refused."""

import pickle

import mpmath
import numpy as np
import pytest
import scipy.optimize
import scipy.stats

import funcad as fc
from funcad.core.primitive import registry
from funcad.errors import NoRuleError, UndefinedDerivativeError, UnsupportedArgumentError
from funcad.scipy import stats
from funcad.testing import check_grads

RNG = np.random.default_rng(0)


def covariance(n):
    a = RNG.normal(size=(n, n))
    return a @ a.T / n + np.eye(n)


X, M, S, R = RNG.normal(size=(4, 3)), RNG.normal(size=3), covariance(3), covariance(4)
D, DW = np.array([1.0, 2.0, 3.0]), np.array([1.5, 2.0, 3.0])
NUMBER, DF = np.float64(1.7), np.float64(5.5)
MATRICES = np.stack([covariance(3), covariance(3)], -1)
CALLS = {
    "normal": ("multivariate_normal", (X, M, S), {}),
    "normal of a number": ("multivariate_normal", (NUMBER, NUMBER * 0.2, NUMBER), {}),
    "normal of many numbers": ("multivariate_normal", (M,), {}),
    "normal of stacks": ("multivariate_normal", (np.stack([X, 2 * X]), M, D), {"allow_singular": True}),
    "normal without a mean": ("multivariate_normal", (X[0], None, S), {}),
    "normal with one variance": ("multivariate_normal", (X[0], M, NUMBER), {}),
    "normal of a factored covariance": (
        "multivariate_normal",
        (X, M, scipy.stats.Covariance.from_cholesky(np.linalg.cholesky(S))),
        {},
    ),
    "Student of 3": ("multivariate_t", (X, M, S, DF), {}),
    "Student of 4": ("multivariate_t", (X.T, R[0], R, DF), {}),
    "Student of a number": ("multivariate_t", (NUMBER, None, None, DF), {}),
    "Dirichlet": ("dirichlet", (np.array([0.2, 0.3]), DW), {}),
    "Dirichlet of many": ("dirichlet", (np.array([[0.2, 0.4], [0.3, 0.1]]), DW), {}),
    "Wishart": ("wishart", (S, DF, covariance(3)), {}),
    "Wishart of many": ("wishart", (MATRICES, DF, D), {}),
    "Wishart of numbers": ("wishart", (D, DF, NUMBER), {}),
    "inverse Wishart": ("invwishart", (S, DF, covariance(3)), {}),
    "inverse Wishart of many": ("invwishart", (MATRICES, DF, covariance(3)), {}),
    "inverse Wishart of numbers": ("invwishart", (D, DF, NUMBER), {}),
    "normal matrix": ("matrix_normal", (X, X / 3, R, S), {}),
    "normal matrices": ("matrix_normal", (np.stack([X, 2 * X]), X / 3, NUMBER, D), {}),
}


def traced(f, args):
    """A function of the arrays among the arguments, and these."""
    places = [k for k, v in enumerate(args) if isinstance(v, (np.ndarray, np.floating))]

    def of_arrays(*given):
        return f(*[given[places.index(k)] if k in places else v for k, v in enumerate(args)])

    return of_arrays, tuple([args[k] for k in places])


def agrees(f, given, wanted):
    """Whether values are the wanted ones to the bit in every way, and derivatives hold."""
    np.testing.assert_array_equal(f(*given), wanted, strict=True)
    np.testing.assert_array_equal(fc.jvp(f, given, given)[0], wanted, strict=True)
    np.testing.assert_array_equal(fc.vmap(f)(*[np.stack([v, v]) for v in given])[1], wanted)
    check_grads(f, given, order=2)


@pytest.mark.parametrize("name", ["logpdf", "pdf"])
@pytest.mark.parametrize(("dist", "args", "kwargs"), CALLS.values(), ids=CALLS)
def test_values_are_scipys_to_the_bit_and_derivatives_hold(dist, args, kwargs, name):
    f, given = traced(lambda *a: getattr(getattr(stats, dist), name)(*a, **kwargs), args)
    agrees(f, given, getattr(getattr(scipy.stats, dist), name)(*args, **kwargs))


@pytest.mark.parametrize("args", [(M, S), (None, S), (M, NUMBER)])
def test_entropies_of_normal_vectors(args):
    f, given = traced(stats.multivariate_normal.entropy, args)
    agrees(f, given, scipy.stats.multivariate_normal.entropy(*args))


@pytest.mark.parametrize("name", ["entropy", "mean", "var"])
def test_dirichlets_parameters(name):
    agrees(getattr(stats.dirichlet, name), (DW,), getattr(scipy.stats.dirichlet, name)(DW))


# --- the normal distribution


def test_the_derivative_is_that_of_the_triangle_that_scipy_reads():
    slope = fc.grad(stats.multivariate_normal.logpdf, 2)(X[0], M, S)
    w = np.linalg.solve(S, X[0] - M)
    full = 0.5 * (np.outer(w, w) - np.linalg.inv(S))
    np.testing.assert_allclose(slope, np.tril(full) + np.tril(full, -1), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("size", [1, 5, (2, 3)])
def test_draws_are_scipys_and_move_with_mean_and_deviation(size):
    def draw(mean, variance):
        return stats.multivariate_normal.rvs(mean, variance, size, random_state=3)

    value, pushed = fc.jvp(draw, (M, NUMBER), (np.ones(3), NUMBER))
    np.testing.assert_array_equal(value, scipy.stats.multivariate_normal.rvs(M, NUMBER, size, 3))
    np.testing.assert_allclose(pushed, 1 + (value - M) / 2)
    check_grads(draw, (M, NUMBER), order=2)


@pytest.mark.parametrize(
    "seed", [lambda: 3, lambda: np.random.default_rng(3), lambda: np.random.RandomState(3)]
)
def test_draws_move_with_a_covariance(seed):
    def draw(mean, root):
        return stats.multivariate_normal.rvs(mean, root @ root.T + np.eye(3), 2, seed())

    check_grads(draw, (M, X[:3]), order=2)
    wanted = scipy.stats.multivariate_normal.rvs(M, X[:3] @ X[:3].T + np.eye(3), 2, seed())
    np.testing.assert_array_equal(fc.jvp(draw, (M, X[:3]), (M, X[:3]))[0], wanted)


def test_draws_of_equal_eigenvalues_say_what_to_do():
    with pytest.raises(UndefinedDerivativeError, match="method='cholesky'"):
        fc.grad(lambda s: np.sum(stats.multivariate_normal.rvs(M, s * np.eye(3), 2, 3)))(2.0)


def test_given_parameters():
    def given(m):
        return stats.multivariate_normal(m, S, allow_singular=True, seed=3)

    own = scipy.stats.multivariate_normal(M, S, seed=3)
    assert isinstance(stats.multivariate_normal(M, S), type(own))
    np.testing.assert_array_equal(stats.multivariate_normal(M, S).mean, M)
    np.testing.assert_allclose(
        fc.grad(lambda m: np.sum(given(m).logpdf(X)))(M), np.sum(np.linalg.solve(S, (X - M).T), 1)
    )
    np.testing.assert_allclose(
        fc.grad(lambda x: stats.multivariate_normal(M, S).logpdf(x))(X[0]), -np.linalg.solve(S, X[0] - M)
    )
    np.testing.assert_array_equal(fc.grad(lambda m: given(m).entropy())(M), np.zeros(3))

    def twice(m):
        frozen = given(m)
        return frozen.rvs(2), frozen.rvs(2)

    np.testing.assert_array_equal(fc.jvp(twice, (M,), (M,))[0], (own.rvs(2), own.rvs(2)))
    with pytest.raises(NoRuleError, match="cdf"):
        fc.grad(lambda m: given(m).cdf(X[0]))(M)


def test_distributions_are_pickled():
    assert pickle.loads(pickle.dumps(stats.wishart)) is stats.wishart
    given = pickle.loads(pickle.dumps(stats.multivariate_normal(M, cov=S)))
    np.testing.assert_array_equal(given.logpdf(X), scipy.stats.multivariate_normal.logpdf(X, M, S))
    density = pickle.loads(pickle.dumps(stats.gaussian_kde(X.T)))
    np.testing.assert_array_equal(density(X.T), scipy.stats.gaussian_kde(X.T)(X.T))


def test_covariances_are_scipys():
    made = stats.Covariance.from_diagonal(D)
    assert type(made) is type(scipy.stats.Covariance.from_diagonal(D))
    assert isinstance(made, stats.Covariance)
    assert not isinstance(S, stats.Covariance)


# --- Student's, shares and counts


@pytest.mark.parametrize("dim", [1, 2, 3, 6])
@pytest.mark.parametrize("df", [0.7, 30.0, 1e7])
def test_students_constant_has_its_slope_for_any_degrees_of_freedom(df, dim):
    from funcad.rules.scipy.multivariate import student_log_constant

    mpmath.mp.dps = 50
    v = mpmath.mpf(df)
    exact = (mpmath.digamma((v + dim) / 2) - mpmath.digamma(v / 2) - dim / v) / 2
    assert fc.grad(lambda df: student_log_constant(df, dim) + 0 * df)(df) == pytest.approx(
        float(exact), rel=1e-12
    )


def test_counts_move_with_probabilities():
    x = np.array([[1, 2, 3], [6, 0, 0], [1, 1, 1]])

    def log(a):
        p = np.exp(a) / np.sum(np.exp(a))
        return stats.multinomial.logpmf(x, 6, p)

    a = RNG.normal(size=3)
    p = np.exp(a) / np.sum(np.exp(a))
    value, pushed = fc.jvp(log, (a,), (np.array([1.0, 0.0, 0.0]),))
    np.testing.assert_array_equal(value, scipy.stats.multinomial.logpmf(x, 6, p))
    np.testing.assert_allclose(pushed, [1 - 6 * p[0], 6 - 6 * p[0], 0.0], atol=1e-14)
    slope = fc.jvp(
        lambda a: stats.multinomial(6, np.exp(a) / np.sum(np.exp(a))).pmf(x), (a,), (np.eye(3)[0],)
    )[1]
    np.testing.assert_allclose(slope, pushed * scipy.stats.multinomial.pmf(x, 6, p), atol=1e-14)
    check_grads(
        lambda p: stats.multinomial(5, p / np.sum(p)).pmf([1, 2, 2]), (np.array([0.2, 0.3, 0.5]),), order=3
    )
    np.testing.assert_allclose(
        fc.hessian(lambda a: log(a)[0])(a), -6 * (np.diag(p) - np.outer(p, p)), atol=1e-13
    )
    with pytest.raises(UnsupportedArgumentError, match="whole"):
        fc.grad(lambda x: stats.multinomial.logpmf(x, 6, p))(np.array([1.0, 2.0, 3.0]))


def test_probabilities_that_do_not_add_up_are_completed_as_scipy_does_it():
    x, p = np.array([1, 2, 3]), np.array([0.2, 0.3, 0.4])
    with pytest.warns(FutureWarning, match="sum to 1"):
        value, slope = fc.value_and_grad(lambda p: stats.multinomial.logpmf(x, 6, p))(p)
    with pytest.warns(FutureWarning, match="sum to 1"):
        assert value == scipy.stats.multinomial.logpmf(x, 6, p)
    np.testing.assert_allclose(slope, [1 / 0.2 - 3 / 0.5, 2 / 0.3 - 3 / 0.5, 0.0], rtol=1e-12, atol=1e-12)


# --- densities around data

LINE, PLANE = RNG.normal(size=8), RNG.normal(size=(2, 9))
W8, W9 = RNG.uniform(0.5, 1.0, 8), RNG.uniform(0.5, 1.0, 9)
H, HERE = np.float64(0.4), RNG.normal(size=(2, 4))
COV = np.array([[1.0, 0.3], [0.3, 2.0]])
DENSITIES = {
    "on a line": (lambda kde, d, w, h, p: kde(d, h, w)(p), (LINE, W8, H, HERE[0])),
    "by Scott's rule": (lambda kde, d, w, p: kde(d, weights=w).evaluate(p), (LINE, W8, HERE[0])),
    "by Silverman's rule": (lambda kde, d, w, p: kde(d, "silverman", w).logpdf(p), (PLANE, W9, HERE)),
    "by a rule": (
        lambda kde, d, w, p: kde(d, lambda k: 0.7 * k.scotts_factor(), w).pdf(p),
        (PLANE, W9, HERE),
    ),
    "at one point": (lambda kde, d, p: kde(d)(p), (PLANE, HERE[:, 0])),
    "of plain data": (lambda kde, p: kde(PLANE)(p), (HERE,)),
    "times a normal density": (
        lambda kde, d, w, h, m: kde(d, h, w).integrate_gaussian(m, COV),
        (PLANE, W9, H, HERE[:, 0]),
    ),
    "times one of a variance": (lambda kde, d, v: kde(d).integrate_gaussian(0.2, v), (LINE, H)),
    "between numbers": (lambda kde, d, w, h, a: kde(d, h, w).integrate_box_1d(a, 1.0), (LINE, W8, H, -H)),
    "times another": (lambda kde, d, w, h, e: kde(d, h, w).integrate_kde(kde(e)), (PLANE, W9, H, HERE)),
    "times a plain one": (lambda kde, d: kde(d).integrate_kde(scipy.stats.gaussian_kde(HERE)), (PLANE,)),
    "of a coordinate": (lambda kde, d, p: kde(d).marginal(-1)(p), (PLANE, HERE[0])),
    "its covariance": (lambda kde, d, h: kde(d, h).covariance, (PLANE, H)),
    "its sample size": (lambda kde, w: kde(LINE, weights=w).neff, (W8,)),
}


@pytest.mark.parametrize(("f", "given"), DENSITIES.values(), ids=DENSITIES)
def test_densities_around_data(f, given):
    agrees(lambda *a: f(stats.gaussian_kde, *a), given, f(scipy.stats.gaussian_kde, *given))


def test_a_density_of_plain_data_is_scipys():
    own, twin = scipy.stats.gaussian_kde(PLANE, 0.3), stats.gaussian_kde(PLANE, 0.3)
    assert isinstance(twin, scipy.stats.gaussian_kde)
    for name in ("covariance", "inv_cov", "cho_cov", "log_det"):
        np.testing.assert_array_equal(getattr(twin, name), getattr(own, name))
    np.testing.assert_array_equal(twin.resample(3, 1), own.resample(3, 1))


def test_far_from_the_data_the_logarithm_still_has_a_slope():
    slope = fc.grad(lambda x: stats.gaussian_kde(LINE, 0.1).logpdf(x)[0])(1e3)
    assert slope == pytest.approx(-(1e3 - LINE.max()) / np.var(LINE, ddof=1) / 0.01, rel=1e-6)


# --- programs


def test_a_mixture_is_fitted_by_maximum_likelihood():
    data = np.concatenate([RNG.normal(size=(60, 2)) - 2, 0.5 * RNG.normal(size=(40, 2)) + 2])

    def loss(p):
        logs = [
            np.log(share) + stats.multivariate_normal.logpdf(data, mean, np.tril(root) @ np.tril(root).T)
            for share, mean, root in zip(
                np.exp(p["a"]) / np.sum(np.exp(p["a"])), p["mean"], p["root"], strict=True
            )
        ]
        return -np.mean(np.logaddexp(*logs))

    start = {
        "a": np.zeros(2),
        "mean": np.array([[-1.0, 0.0], [1.0, 0.0]]),
        "root": np.stack([np.eye(2)] * 2),
    }
    flat, back = fc.tree.ravel(start)
    found = scipy.optimize.minimize(fc.value_and_grad(lambda v: loss(back(v))), flat, jac=True, tol=1e-8)
    best = back(found.x)
    np.testing.assert_allclose(best["mean"], [data[:60].mean(0), data[60:].mean(0)], atol=0.05)
    for root, part in zip(best["root"], (data[:60], data[60:]), strict=True):
        np.testing.assert_allclose(np.tril(root) @ np.tril(root).T, np.cov(part.T, bias=True), atol=0.05)
    check_grads(loss, (start,), order=2)


def test_a_bandwidth_is_found_by_leaving_one_out():
    data = RNG.normal(size=30)

    def loss(h):
        return -np.mean([stats.gaussian_kde(np.delete(data, k), h).logpdf(data[k])[0] for k in range(30)])

    slope = fc.grad(loss)
    root = scipy.optimize.brentq(slope, 0.1, 1.5)
    values = [loss(h) for h in (root - 0.05, root, root + 0.05)]
    assert np.argmin(values) == 1


def test_dirichlets_shares_are_fitted_by_newtons_method():
    shares = RNG.dirichlet([2.0, 5.0, 1.0], size=400).T

    def loss(a):
        return -np.mean(stats.dirichlet.logpdf(shares, np.exp(a)))

    found = scipy.optimize.minimize(
        loss, np.zeros(3), method="trust-exact", jac=fc.grad(loss), hess=fc.hessian(loss), tol=1e-10
    )
    np.testing.assert_allclose(fc.grad(loss)(found.x), 0.0, atol=1e-8)
    np.testing.assert_allclose(np.exp(found.x), [2.0, 5.0, 1.0], rtol=0.2)


# --- what is refused


@pytest.mark.parametrize(
    ("call", "error", "advice"),
    [
        (lambda m: stats.multivariate_normal.cdf(M, m, S), NoRuleError, "stop_gradient"),
        (lambda m: stats.multivariate_normal.logcdf(m, M, S), NoRuleError, "logcdf"),
        (lambda m: stats.multivariate_normal(m, S).mean, NoRuleError, "mean"),
        (
            lambda m: stats.multivariate_normal.logpdf(M, m, np.ones((3, 3)), allow_singular=True),
            UnsupportedArgumentError,
            "add a small",
        ),
        (
            lambda m: stats.multivariate_normal.logpdf(M, m, np.ones((3, 3))),
            np.linalg.LinAlgError,
            "definite",
        ),
        (
            lambda m: stats.multivariate_t.logpdf(M, m, np.ones((3, 3)), 2),
            UnsupportedArgumentError,
            "full rank",
        ),
        (lambda m: stats.Covariance.from_diagonal(m), UnsupportedArgumentError, "cov=d"),
        (lambda m: stats.Covariance.from_cholesky(np.diag(m)), UnsupportedArgumentError, "L @ L.T"),
        (
            lambda m: stats.multivariate_normal.rvs(m, scipy.stats.Covariance.from_diagonal(D)),
            UnsupportedArgumentError,
            "cov.covariance",
        ),
        (
            lambda m: stats.multivariate_normal.logpdf(
                m, M, stats.Covariance.from_eigendecomposition((np.array([0.0, 1.0, 2.0]), np.eye(3)))
            ),
            UnsupportedArgumentError,
            "full rank",
        ),
        (lambda m: stats.gaussian_kde(m).resample(2), NoRuleError, "stop_gradient"),
        (lambda m: stats.gaussian_kde(M).integrate_box(m[:1], [1.0]), NoRuleError, "integrate_box"),
        (lambda m: stats.gaussian_kde(m).log_det, NoRuleError, "covariance"),
        (lambda m: stats.dirichlet(m).rvs(), NoRuleError, "rvs"),
    ],
)
def test_what_has_no_rule_says_so(call, error, advice):
    with pytest.raises(error, match=advice):
        fc.jvp(call, (M,), (M,))


def test_every_density_has_its_logarithm():
    names = {p.name for p in registry.values()}
    for dist in (
        "multivariate_normal",
        "multivariate_t",
        "dirichlet",
        "wishart",
        "invwishart",
        "matrix_normal",
    ):
        assert {f"scipy.stats.{dist}.pdf", f"scipy.stats.{dist}.logpdf"} <= names
