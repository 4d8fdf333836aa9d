"""`funcad.scipy.stats`: SciPy's values, fits with standard errors, ends of supports, draws, and what is refused."""

import mpmath as mp
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import funcad as fc
from funcad.core.primitive import registry
from funcad.errors import FuncadError, NoRuleError, UnsupportedArgumentError
from funcad.scipy import stats
from funcad.testing import check_grads
from funcad.testing.checker import Checker
from funcad.testing.drawing import from_call
from funcad.testing.primitives import check_call
from funcad.testing.samples import SAMPLES

RNG = np.random.default_rng(0)
METHODS = sorted(
    [
        (p.name, fn)
        for fn, p in registry.items()
        if p.declared_in.startswith("funcad.rules.scipy.stats.") and fn in SAMPLES
    ],
    key=lambda row: row[0],
)
EVERYDAY = [
    "bernoulli", "beta", "betabinom", "binom", "cauchy", "chi2", "expon", "f", "gamma", "genextreme", "gennorm", "genpareto",
    "geom", "gumbel_l", "gumbel_r", "halfcauchy", "halfnorm", "invgamma", "invgauss", "laplace", "logistic", "lognorm",
    "nbinom", "norm", "pareto", "poisson", "rayleigh", "skewnorm", "t", "truncnorm", "uniform", "vonmises", "weibull_min",
    "wrapcauchy",
]  # fmt: skip


# --- the table


@pytest.mark.parametrize("name", EVERYDAY)
def test_everyday_distributions_have_their_methods(name):
    found = {row.rpartition(".")[2] for row, _ in METHODS if row.startswith(f"scipy.stats.{name}.")}
    if hasattr(getattr(scipy.stats, name), "logpdf"):
        wanted = {"pdf", "logpdf", "cdf", "sf", "ppf", "isf"}
        wanted |= set() if name == "vonmises" else {"logcdf", "logsf"}
    else:
        wanted = {"pmf", "logpmf", "ppf", "isf"}
        wanted |= set() if name == "betabinom" else {"cdf", "sf", "logcdf", "logsf"}
    assert wanted <= found


@settings(max_examples=20)
@given(st.sampled_from(METHODS), st.integers(0, 2**32 - 1))
def test_a_method_holds_for_all_seeds(row, seed):
    fn, rng = row[1], np.random.default_rng(seed)
    (sample,) = SAMPLES[fn]
    drawn = from_call(registry[fn], fn, sample, rng)
    check_call(registry[fn], drawn, Checker(rng), drawn.order)


@pytest.mark.parametrize("name", ["norm", "gamma", "t", "genpareto", "truncnorm"])
@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "logsf"])
def test_values_are_scipys_to_the_bit_inside_outside_and_where_parameters_are_wrong(name, method):
    shapes = {"gamma": (2.3,), "t": (3.1,), "genpareto": (-0.4,), "truncnorm": (-1.0, 2.0)}.get(name, ())
    x = np.array([-50.0, -1.0, -0.3, 0.0, 0.7, 2.0, 2.5, 400.0, np.nan])
    scale = np.array([[0.7], [1e-3], [-1.0]])
    wanted = getattr(getattr(scipy.stats, name), method)(x, *shapes, 0.1, scale)
    twin = getattr(getattr(stats, name), method)
    with np.errstate(all="ignore"):
        value, slope = fc.jvp(
            lambda x, s: twin(x, *shapes, 0.1, s), (x, scale), (np.ones(9), np.ones((3, 1)))
        )
    np.testing.assert_array_equal(twin(x, *shapes, 0.1, scale), wanted)
    np.testing.assert_array_equal(value, wanted)
    assert np.all(np.isnan(slope) | ~np.isnan(wanted))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    ("name", "shapes"),
    [("norm", ()), ("gamma", (2.3,)), ("t", (3.1,)), ("beta", (1.2, 0.7)), ("lognorm", (0.8,))],
)
def test_densities_of_parameters_that_are_broadcast_each_in_its_own_way(name, shapes, order):
    x, loc, scale = np.array([0.4, 0.7, 0.9]), np.array([[-0.1], [0.05]]), np.array([1.1])
    logpdf = getattr(stats, name).logpdf
    check_grads(lambda *p: np.sum(logpdf(*p) ** 2), (x, *shapes, loc, scale), order=order)
    check_grads(lambda *p: np.sum(logpdf(*p) ** 2), (x, *shapes, 0.1, np.array([[1.1], [1.3]])), order=order)


@pytest.mark.parametrize(
    ("name", "shapes", "wanted"), [("t", (3.0,), -4.0), ("cauchy", (), -2.0), ("halfcauchy", (), -2.0)]
)
def test_a_density_of_numbers_whose_squares_are_too_large(name, shapes, wanted):
    x = np.array([0.0, 1e3, 1e200, 1e300])
    with np.errstate(over="ignore"):  # in SciPy's own value
        slope = fc.grad(lambda x: np.sum(getattr(stats, name).logpdf(x, *shapes)))(x)
    np.testing.assert_allclose(slope[2:], wanted / x[2:], rtol=1e-15)
    n = shapes[0] if shapes else 1.0
    np.testing.assert_allclose(slope[1], wanted * 1e3 / (n + 1e6), rtol=1e-15)
    assert slope[0] == 0


def test_a_density_by_the_degrees_of_freedom_where_the_square_is_too_large():
    # log f is -(n + 1) log x + n / 2 log n - log B(n / 2, 1 / 2) beside terms that vanish
    n, x = mp.mpf(3), mp.mpf(10) ** 200
    wanted = mp.diff(lambda n: -(n + 1) * mp.log(x) + n / 2 * mp.log(n) - mp.log(mp.beta(n / 2, 0.5)), n)
    with np.errstate(over="ignore"):  # in SciPy's own value
        np.testing.assert_allclose(
            fc.grad(lambda n: stats.t.logpdf(1e200, n))(3.0), float(wanted), rtol=1e-13
        )


# --- programs


def test_standard_errors_of_a_gamma_fit_by_its_hessian():
    data = scipy.stats.gamma.rvs(2.5, scale=1.7, size=400, random_state=1)

    def loss(p):
        return -np.sum(stats.gamma.logpdf(data, np.exp(p[0]), scale=np.exp(p[1])))

    shape, _, scale = scipy.stats.gamma.fit(data, floc=0)
    p = np.log([shape, scale])
    for _ in range(3):  # Newton, from SciPy's fit
        p = p - np.linalg.solve(fc.hessian(loss)(p), fc.grad(loss)(p))
    np.testing.assert_allclose(fc.grad(loss)(p), 0.0, atol=1e-9)
    np.testing.assert_allclose(np.exp(p), [shape, scale], rtol=1e-4)
    # the information of log shape and log scale is n [[a^2 psi'(a), a], [a, a]]
    a = np.exp(p[0])
    wanted = 400 * np.array([[a * a * scipy.special.polygamma(1, a), a], [a, a]])
    information = fc.hessian(loss)(p)
    # the observed one has the score of log shape besides, which is 0 at the maximum
    np.testing.assert_allclose(information, wanted, rtol=1e-9)
    assert np.all(np.sqrt(np.diagonal(np.linalg.inv(information))) < 0.1)


def test_a_fit_of_students_distribution_in_all_its_parameters():
    data = scipy.stats.t.rvs(4.0, 1.0, 2.0, size=500, random_state=2)

    def loss(p):
        return -np.mean(stats.t(np.exp(p["log_df"]), p["loc"], np.exp(p["log_scale"])).logpdf(data))

    p = {"log_df": np.log(5.0), "loc": 0.9, "log_scale": np.log(1.8)}
    check_grads(loss, (p,), order=2)
    v = np.array(list(p.values()))

    def packed(v):
        return loss(dict(zip(p, v, strict=True)))

    for _ in range(8):
        v = v - np.linalg.solve(fc.hessian(packed)(v), fc.grad(packed)(v))
    df, loc, scale = scipy.stats.t.fit(data)
    np.testing.assert_allclose([np.exp(v[0]), v[1], np.exp(v[2])], [df, loc, scale], rtol=2e-3)
    errors = np.sqrt(np.diagonal(np.linalg.inv(500 * fc.hessian(packed)(v))))
    assert np.all((errors > 0.01) & (errors < 0.4))


def test_a_poisson_regression_by_newtons_method():
    x = np.column_stack([np.ones(200), RNG.normal(size=(200, 2))])
    counts = scipy.stats.poisson.rvs(np.exp(x @ [0.5, 0.3, -0.2]), random_state=3)

    def loss(w):
        return -np.sum(stats.poisson.logpmf(counts, np.exp(x @ w)))

    w = np.zeros(3)
    for _ in range(8):
        w = w - np.linalg.solve(fc.hessian(loss)(w), fc.grad(loss)(w))
    np.testing.assert_allclose(x.T @ (counts - np.exp(x @ w)), 0.0, atol=1e-9)
    np.testing.assert_allclose(fc.hessian(loss)(w), x.T @ (np.exp(x @ w)[:, None] * x), rtol=1e-10)


def test_a_logistic_regression():
    x = np.column_stack([np.ones(100), RNG.normal(size=100)])
    y = (RNG.random(100) < 0.5).astype(int)

    def loss(w):
        return -np.sum(stats.bernoulli.logpmf(y, 1 / (1 + np.exp(-x @ w))))

    w = np.array([0.3, -0.7])
    np.testing.assert_allclose(fc.grad(loss)(w), x.T @ (1 / (1 + np.exp(-x @ w)) - y), rtol=1e-12)


def test_a_censored_likelihood_has_a_batch_of_gradients():
    times = np.array([0.5, 1.2, 3.0])
    seen = np.array([True, True, False])

    def loss(p):
        d = stats.weibull_min(p[0], scale=p[1])
        return -np.sum(np.where(seen, d.logpdf(times), d.logsf(times)))

    points = np.array([[1.3, 2.0], [0.8, 1.5]])
    np.testing.assert_allclose(fc.vmap(fc.grad(loss))(points), [fc.grad(loss)(p) for p in points], rtol=1e-14)
    check_grads(loss, (points[0],), order=2)


def test_a_quantile_undoes_the_distribution_function_in_every_argument():
    def same(x, a, b, loc, scale):
        return stats.beta.ppf(stats.beta.cdf(x, a, b, loc, scale), a, b, loc, scale)

    slopes = fc.grad(same, (0, 1, 2, 3, 4))(0.5, 2.3, 1.4, 0.1, 1.2)
    np.testing.assert_allclose(slopes, [1, 0, 0, 0, 0], atol=1e-12)


# --- ends of the support

inf = np.inf


@pytest.mark.parametrize(
    ("method", "args", "wanted"),
    [
        (stats.expon.logpdf, (0.0,), (-1,)),
        (stats.expon.logpdf, (-1.0,), (0,)),
        (stats.expon.cdf, (0.0,), (0.5,)),
        (stats.expon.cdf, (-1.0,), (0,)),
        (stats.uniform.cdf, (1.0,), (0.5,)),
        (stats.uniform.logsf, (0.0,), (-0.5,)),
        (stats.uniform.logcdf, (0.0,), (inf,)),
        (stats.uniform.ppf, (0.0,), (1,)),
        (stats.gamma.pdf, (0.0, 1.0), (-1, np.euler_gamma)),
        (stats.gamma.pdf, (0.0, 2.0), (1, 0)),
        (stats.gamma.pdf, (0.0, 3.0), (0, 0)),
        (stats.gamma.logpdf, (0.0, 3.0), (inf, 0)),
        (stats.gamma.logpdf, (0.0, 0.5), (-inf, 0)),
        (stats.gamma.cdf, (0.0, 0.5), (inf, 0)),
        (stats.gamma.logcdf, (0.0, 0.5), (inf, 0)),
        (stats.gamma.cdf, (-1.0, 0.5), (0, 0)),
        (stats.lognorm.cdf, (0.0, 1.0), (0, 0)),
        (stats.rayleigh.pdf, (0.0,), (1,)),
        (stats.beta.pdf, (1.0, 3.0, 2.0), (-12, 0, 0)),
        (stats.beta.logsf, (1.0, 3.0, 2.0), (-inf, 0, 0)),
        (stats.laplace.logpdf, (0.0,), (0,)),
        # the end moves: z = -1/c at c = -1/2
        (stats.genpareto.logsf, (2.0, -0.5), (-inf, inf)),
        (stats.norm.cdf, (inf,), (0,)),
        (stats.t.pdf, (-inf, 3.0), (0, 0)),
    ],
)
def test_ends_of_the_support(method, args, wanted):
    found = fc.grad(method, tuple(range(len(args))))(*[np.float64(a) for a in args])
    np.testing.assert_allclose(found, wanted, rtol=1e-14, atol=0)


def test_second_derivatives_at_an_end_are_those_of_both_sides_or_nan():
    assert fc.grad(fc.grad(stats.expon.cdf))(0.0) == -0.5
    assert np.isnan(fc.grad(fc.grad(lambda x: stats.gamma.cdf(x, 2.0)))(0.0))
    inside = fc.hessian(lambda x: np.sum(stats.gamma.cdf(x, 2.0)))(np.array([0.0, 1.0]))[1]
    np.testing.assert_allclose(inside, [0.0, 0.0], atol=1e-15)  # the density has its top at 1


def test_extreme_values_of_shape_0_are_gumbels():
    x = np.linspace(-1.0, 4.0, 6)
    for name in ("logpdf", "cdf", "logsf"):
        extreme, gumbel = getattr(stats.genextreme, name), getattr(stats.gumbel_r, name)
        slope = fc.jacobian(lambda x, f=extreme: f(x, 0.0))(x)
        np.testing.assert_allclose(slope, fc.jacobian(gumbel)(x), rtol=1e-14)
        # by the shape, from either side
        c = fc.jacobian(lambda c, f=extreme: f(x, c))
        np.testing.assert_allclose(c(0.0), 0.5 * (c(1e-7) + c(-1e-7)), rtol=1e-6)


@pytest.mark.parametrize("c", [-0.3, -0.09, 1e-8, 0.11, 0.7])
def test_moments_of_extreme_values_near_shape_0(c):
    with mp.workdps(60):
        mean = float(mp.diff(lambda c: (1 - mp.gamma(1 + c)) / c, c))
        var = float(mp.diff(lambda c: (mp.gamma(1 + 2 * c) - mp.gamma(1 + c) ** 2) / c**2, c))
    np.testing.assert_allclose(fc.grad(stats.genextreme.mean)(c), mean, rtol=1e-11)
    np.testing.assert_allclose(fc.grad(stats.genextreme.var)(c), var, rtol=1e-11)


def test_a_mean_that_is_infinite_has_no_derivative():
    assert np.isnan(fc.grad(stats.pareto.mean)(0.5))
    assert fc.grad(stats.pareto.mean)(3.0) == -0.25


def test_outside_of_the_support_nothing_moves_with_the_shapes():
    slopes = fc.jacobian(lambda c: stats.genpareto.logpdf(np.array([1.0, 2.5]), c))(-0.5)
    assert slopes[1] == 0.0
    assert slopes[0] != 0.0


# --- random numbers


@pytest.mark.parametrize("rng", [3, np.random.RandomState(3), np.random.default_rng(3)], ids=repr)
def test_draws_are_those_of_the_plain_run_and_move_with_their_parameters(rng):
    def begin():
        return rng if isinstance(rng, int) else type(rng)(np.random.MT19937(3))

    def draw(a, loc, scale):
        return stats.gamma.rvs(a, loc, scale, size=5, random_state=begin())

    plain = scipy.stats.gamma.rvs(2.5, 1.0, 2.0, size=5, random_state=begin())
    value, slope = fc.jvp(draw, (2.5, 1.0, 2.0), (1.0, 0.0, 0.0))
    np.testing.assert_array_equal(value, plain)
    # at a fixed probability
    p = scipy.stats.gamma.cdf(plain, 2.5, 1.0, 2.0)
    np.testing.assert_allclose(slope, fc.jacobian(lambda a: stats.gamma.ppf(p, a, 1.0, 2.0))(2.5), rtol=1e-9)
    np.testing.assert_allclose(fc.jvp(draw, (2.5, 1.0, 2.0), (0.0, 0.0, 1.0))[1], (plain - 1) / 2, rtol=1e-14)


def test_a_batch_of_draws_is_that_of_a_loop():
    a = np.array([0.5, 2.0, 7.0])
    rng, other = np.random.default_rng(0), np.random.default_rng(0)
    drawn = fc.vmap(lambda a: stats.t.rvs(a, random_state=rng, size=2))(a)
    np.testing.assert_array_equal(drawn, [scipy.stats.t.rvs(v, random_state=other, size=2) for v in a])


def test_von_mises_draws_are_turned_into_one_circle():
    value, slope = fc.jvp(lambda m: stats.vonmises.rvs(3.0, m, size=20, random_state=0), (2.9,), (1.0,))
    np.testing.assert_array_equal(value, scipy.stats.vonmises.rvs(3.0, 2.9, size=20, random_state=0))
    np.testing.assert_array_equal(slope, np.ones(20))


# --- distributions as objects


def test_a_distribution_with_traced_parameters():
    def f(mu, sigma):
        d = stats.norm(mu, scale=sigma)
        low, high = d.interval(0.9)
        return d.logpdf(0.3) + d.mean() * d.std() + d.median() + high - low + np.sum(d.rvs(3, random_state=1))

    check_grads(f, (0.7, 1.3), order=2)
    d = scipy.stats.norm(0.7, scale=1.3)
    low, high = d.interval(0.9)
    wanted = d.logpdf(0.3) + d.mean() * d.std() + d.median() + high - low + np.sum(d.rvs(3, random_state=1))
    assert f(0.7, 1.3) == fc.jvp(f, (0.7, 1.3), (1.0, 1.0))[0] == wanted


def test_plain_parameters_and_a_traced_variable():
    assert fc.grad(stats.norm(1.0, 2.0).logpdf)(2.0) == -0.25
    wanted = -scipy.stats.gamma(a=2.0, scale=3.0).pdf(1.0)
    np.testing.assert_allclose(fc.grad(stats.gamma(a=2.0, scale=3.0).sf)(1.0), wanted, rtol=1e-14)


def test_everything_else_is_scipys():
    data = np.array([0.1, 0.5, 2.0])
    assert stats.norm.fit(data) == scipy.stats.norm.fit(data)
    assert isinstance(stats.norm, scipy.stats.rv_continuous)
    assert stats.norm(1.0).support() == (-inf, inf)
    assert stats.t.shapes == "df"
    assert stats.norm(2.0).expect() == scipy.stats.norm(2.0).expect()
    assert stats.kstest(data, stats.norm.cdf) == scipy.stats.kstest(data, scipy.stats.norm.cdf)
    assert stats.argus is scipy.stats.argus


# --- what is refused


@pytest.mark.parametrize(
    ("f", "error", "named"),
    [
        (lambda m: stats.norm.fit(m * np.ones(3))[0], NoRuleError, r"stats\.norm\.fit has no rule"),
        (lambda m: stats.norm(m).expect(), NoRuleError, "expect"),
        (lambda m: stats.poisson.rvs(m), UnsupportedArgumentError, r"poisson\.rvs draws whole numbers"),
        (lambda m: stats.poisson.logpmf(m, 0.3), UnsupportedArgumentError, "'k'"),
        (lambda m: stats.poisson.logpmf(2, 0.3, m), UnsupportedArgumentError, "'loc'"),
        (lambda m: stats.binom.logpmf(2, m, 0.3), UnsupportedArgumentError, "'n'"),
        (lambda m: stats.vonmises.logcdf(0.3, m), NoRuleError, r"vonmises\.logcdf"),
        (lambda m: stats.norm.pdf(m, shape=1), TypeError, "shape"),
        (lambda m: stats.gamma.pdf(m), TypeError, "needs a value for a"),
    ],
)
def test_what_has_no_derivative_is_an_error(f, error, named):
    with pytest.raises(error, match=named) as caught:
        fc.grad(f)(0.5)
    assert isinstance(caught.value, FuncadError) or error is TypeError


def test_quantiles_of_whole_numbers_are_steps():
    assert fc.grad(lambda p: p * stats.poisson.ppf(p, 3.0))(0.5) == 3.0
    assert fc.grad(lambda mu: mu * stats.poisson.ppf(0.5, mu))(3.0) == 3.0
    assert fc.grad(lambda m: stats.poisson.ppf(0.5, 3.0, m))(1.0) == 1.0


@pytest.mark.parametrize("name", ["pmf", "logpmf", "cdf", "sf", "logcdf", "logsf"])
def test_what_is_impossible_is_constant_in_both_modes(name):
    f = getattr(stats.bernoulli, name)
    for k in (-1, 2):
        assert fc.grad(lambda p, k=k: f(k, p))(0.3) == 0
        assert fc.grad(fc.grad(lambda p, k=k: f(k, p)))(0.3) == 0
        assert fc.jvp(lambda p, k=k: f(k, p), (0.3,), (1.0,))[1] == 0
    assert fc.grad(lambda p: stats.bernoulli.logsf(1, p))(0.3) == 0
