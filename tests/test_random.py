"""`funcad.numpy.random`: the draws and the states of the plain run, and derivatives by the parameters."""

import pickle

import numpy as np
import pytest

import funcad as fc
import funcad.numpy
from funcad.errors import (
    AssignmentError,
    BatchError,
    ConversionError,
    UnsupportedArgumentError,
)
from funcad.numpy import random

SEED = 3
A = np.array([0.7, 1.5, 3.0])
COV = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, 0.2], [0.1, 0.2, 3.0]])
TWO = ("normal", "lognormal", "laplace", "logistic", "gumbel", "gamma", "beta", "f", "wald", "vonmises")
ONE = ("exponential", "rayleigh", "weibull", "pareto", "power", "standard_gamma", "chisquare", "standard_t")
CALLS = [
    *[(name, (0.6, 1.7), {}) for name in TWO],
    *[(name, (A, 1.7), {}) for name in TWO],
    *[(name, (A, A[:, None]), {}) for name in TWO],
    *[(name, (0.5, np.float64(0.7)), {"size": 4}) for name in TWO],
    *[(name, (A, np.array(0.7)), {"size": (2, 3)}) for name in TWO],
    *[(name, (0.6, 1.7), {"size": ()}) for name in TWO],
    *[(name, (np.float32(0.6), A.astype(np.float32)), {}) for name in TWO],
    *[(name, (0.6,), {}) for name in ONE],
    *[(name, (A,), {}) for name in ONE],
    *[(name, (A.astype(np.float32),), {"size": (2, 3)}) for name in ONE],
    *[("uniform", p, {}) for p in ((0.5, 0.7), (A, 4.0), (A, A[:, None] + 3))],
    ("triangular", (A - 0.5, A, 4.0), {"size": (2, 3)}),
    ("triangular", (0.0, 0.5, 2.0), {}),
    ("standard_gamma", (A,), {"dtype": np.float32}),
    ("standard_gamma", (0.5,), {"dtype": np.float32, "size": 3}),
    *[("dirichlet", (a,), {"size": size}) for a in (A, 0.03 * A) for size in (None, 2, (2, 2))],
    *[
        ("multivariate_normal", (A, COV), {"size": size, "method": method})
        for size in (None, 2, (2, 2))
        for method in ("svd", "eigh", "cholesky")
    ],
    *[("permutation", (x,), {"axis": axis}) for x, axis in ((A, 0), (COV, 0), (COV, 1))],
    *[("permuted", (x,), {"axis": axis}) for x, axis in ((A, None), (COV, None), (COV, 1))],
    *[("choice", (x,), {"size": 2, "p": p}) for x in (A, COV) for p in (None, [0.1, 0.2, 0.7])],
    *[("choice", (x,), {"size": 2, "replace": False, "shuffle": False}) for x in (A, COV)],
    ("choice", (A,), {}),
]


def ids(case):
    return f"{case[0]}-{'-'.join(str(np.shape(p)) for p in case[1])}-{case[2]}"


def ones(x):
    return 1.0 if isinstance(x, float) and type(x) is float else np.ones_like(x)


def drawing(name, kwargs, states=None):
    """Return the draw as a function of its parameters: each call begins at one state."""

    def draw(*params):
        rng = random.default_rng(SEED)
        out = getattr(rng, name)(*params, **kwargs)
        if states is not None:
            states.append(rng.bit_generator.state)
        return out

    return draw


@pytest.mark.parametrize("case", CALLS, ids=ids)
def test_draws_types_and_states_are_those_of_the_plain_run(case):
    name, params, kwargs = case
    rng = np.random.default_rng(SEED)
    wanted = getattr(rng, name)(*params, **kwargs)
    states = []
    draw = drawing(name, kwargs, states)
    values = [
        draw(*params),
        fc.jvp(draw, params, tuple(ones(p) for p in params))[0],
        fc.vjp(draw, *params)[0],
        fc.jvp(lambda *p: fc.vjp(draw, *p)[0], params, tuple(ones(p) for p in params))[0],
    ]
    for value in values:
        np.testing.assert_array_equal(value, wanted)
        assert type(value) is type(wanted)
        assert np.result_type(value) == np.result_type(wanted)
    assert all(state == rng.bit_generator.state for state in states)


@pytest.mark.parametrize("case", CALLS, ids=ids)
def test_forward_and_reverse_agree_and_second_derivatives_are_finite(case):
    name, params, kwargs = case
    draw = drawing(name, kwargs)
    value, tangent = fc.jvp(draw, params, tuple(ones(p) for p in params))
    assert np.shape(tangent) == np.shape(value)
    assert np.result_type(tangent) == np.result_type(value)
    cotangents = fc.vjp(draw, *params)[1](ones(value))
    cotangents = cotangents if isinstance(cotangents, tuple) else (cotangents,)
    for p, c in zip(params, cotangents, strict=True):
        assert (np.shape(c), np.result_type(c)) == (np.shape(p), np.result_type(p))
    rtol = 1e-5 if any(np.result_type(x) == np.float32 for x in (value, *params)) else 1e-10
    np.testing.assert_allclose(np.sum(tangent), sum(np.sum(c) for c in cotangents), rtol, 1e-12)
    everyone = tuple(range(len(params)))
    second = fc.hessian(lambda *p: np.sum(draw(*p)), everyone)(*params)
    assert all(np.all(np.isfinite(part)) for row in second for part in row)


EXPLICIT = [
    *[(name, (0.6, 1.7)) for name in ("normal", "lognormal", "laplace", "logistic", "gumbel")],
    *[(name, (0.6,)) for name in ("exponential", "rayleigh", "weibull", "pareto", "power")],
    ("uniform", (0.5, 2.0)),
    ("triangular", (0.0, 0.7, 2.0)),
    ("multivariate_normal", (A, COV)),
]


@pytest.mark.parametrize(("name", "params"), EXPLICIT)
def test_derivatives_are_differences_with_the_same_random_numbers(name, params):
    kwargs = {"size": 50} if name != "multivariate_normal" else {"size": 5, "method": "cholesky"}
    draw = drawing(name, kwargs)
    ts = [0.1 * ones(p) if np.ndim(p) < 2 else 0.1 * (p + p.T) for p in params]

    def tangent(*p):
        return fc.jvp(draw, p, tuple(ts))[1]

    h = 1e-5
    ahead, back = ([p + s * t for p, t in zip(params, ts, strict=True)] for s in (h, -h))
    for f, derivative in ((draw, tangent), (tangent, lambda *p: fc.jvp(tangent, p, tuple(ts))[1])):
        difference = (f(*ahead) - f(*back)) / (2 * h)
        np.testing.assert_allclose(derivative(*params), difference, rtol=1e-6, atol=1e-8)


MEANS = [
    ("gamma", (0.4, 2.0), (2.0, 0.4)),
    ("beta", (0.4, 0.5), (0.5 / 0.81, -0.4 / 0.81)),
    ("beta", (3.0, 2.0), (2 / 25, -3 / 25)),
    ("chisquare", (3.0,), (1.0,)),
    ("f", (3.0, 9.0), (0.0, -2 / 49)),
    ("wald", (2.0, 3.0), (1.0, 0.0)),
]


@pytest.mark.parametrize(("name", "params", "wanted"), MEANS)
def test_the_mean_derivative_is_the_derivative_of_the_mean(name, params, wanted):
    rng = random.default_rng(1)
    count = 40000
    got = []
    for k in range(len(params)):
        ts = tuple(float(k == n) for n in range(len(params)))
        slopes = fc.jvp(lambda *p: getattr(rng, name)(*p, size=count), params, ts)[1]
        got.append((np.mean(slopes), np.std(slopes) / np.sqrt(count)))
    for (mean, error), exact in zip(got, wanted, strict=True):
        assert abs(mean - exact) < 5 * error


def test_a_dirichlet_draw_stays_on_the_simplex():
    for alpha in (A, 0.03 * A):
        for slopes in fc.jacobian(drawing("dirichlet", {"size": 4}))(alpha):
            np.testing.assert_allclose(np.sum(slopes, axis=0), 0, atol=1e-12)


def test_the_variance_of_student_t_falls_with_the_degrees_of_freedom():
    rng = random.default_rng(1)
    t, slope = fc.jvp(lambda n: rng.standard_t(n, size=40000), (9.0,), (1.0,))
    changes = 2 * t * slope
    assert abs(np.mean(changes) + 2 / 49) < 5 * np.std(changes) / 200


# --- selections and counts


def test_selections_carry_the_derivatives_of_what_they_select():
    for name, kwargs in (("permutation", {}), ("choice", {"size": 5}), ("permuted", {})):
        jacobian = fc.jacobian(drawing(name, kwargs))(A)
        np.testing.assert_array_equal(jacobian @ A, drawing(name, kwargs)(A))
        np.testing.assert_array_equal(np.sum(jacobian, axis=1), 1)


def test_permutation_and_choice_of_numbers_stay_plain():
    rng, plain = random.default_rng(0), np.random.default_rng(0)
    g = fc.grad(lambda x: np.sum(x[rng.permutation(3)] * rng.choice(3, size=3)))(A)
    i, w = plain.permutation(3), plain.choice(3, size=3)
    np.testing.assert_array_equal(g[i], w)


@pytest.mark.parametrize(
    ("name", "params"),
    [("poisson", (2.5,)), ("binomial", (9, 0.4)), ("geometric", (0.4,)), ("multinomial", (5, [0.2, 0.8]))],
)
def test_counts_are_plain(name, params):
    wanted = getattr(np.random.default_rng(SEED), name)(*params)
    draw = drawing(name, {})

    def f(s):
        # the last parameter is traced, and keeps its value
        last = [v * s for v in params[-1]] if isinstance(params[-1], list) else params[-1] * s
        out = draw(*params[:-1], last)
        assert type(out) is type(wanted)
        np.testing.assert_array_equal(out, wanted)
        return s * np.sum(out)

    assert fc.grad(f)(1.0) == np.sum(wanted)


def test_the_probabilities_of_a_choice_carry_no_derivative():
    p = np.array([0.2, 0.3, 0.5])
    value, pull = fc.vjp(lambda x, p: random.default_rng(2).choice(x, 4, p=p), A, p)
    np.testing.assert_array_equal(value, np.random.default_rng(2).choice(A, 4, p=p))
    gx, gp = pull(np.ones(4))
    assert (np.sum(gx), np.sum(gp)) == (4, 0)
    assert (
        fc.grad(
            lambda p: p[0] * random.default_rng(2).choice(5, p=[0.5, 0.5 * p[1], 0.5 - 0.5 * p[1], 0, 0])
        )(p)[1]
        == 0
    )


# --- vmap


def test_a_batch_of_parameters_draws_as_the_loop_does():
    for name, rows in (
        ("normal", A),
        ("gamma", A),
        ("dirichlet", np.stack([A, A[::-1]])),
        ("permutation", COV),
    ):
        plain, rng = np.random.default_rng(5), random.default_rng(5)
        wanted = [getattr(plain, name)(row) for row in rows]
        np.testing.assert_array_equal(fc.vmap(getattr(rng, name))(rows), wanted)
        assert rng.bit_generator.state == plain.bit_generator.state


def test_derivatives_of_a_batch_are_those_of_its_draws():
    def slope(a):
        return fc.value_and_grad(lambda a: np.sum(rng.gamma(a, a, size=2)))(a)

    rng = random.default_rng(5)
    values, slopes = fc.vmap(slope)(A)
    rng = random.default_rng(5)
    one_by_one = [slope(a) for a in A]
    np.testing.assert_array_equal(values, [v for v, _ in one_by_one])
    np.testing.assert_allclose(slopes, [s for _, s in one_by_one], rtol=1e-12)
    rng = random.default_rng(5)
    outside = fc.grad(lambda x: np.sum(fc.vmap(lambda a: np.sum(rng.gamma(a, a, size=2)))(x)))(A)
    np.testing.assert_allclose(outside, slopes, rtol=1e-12)


def test_batches_in_batches():
    rng, plain = random.default_rng(5), np.random.default_rng(5)
    got = fc.vmap(fc.vmap(lambda m: rng.normal(m, 1.0), 0), 0)(COV)
    np.testing.assert_array_equal(got, plain.normal(COV, 1.0))


def test_a_draw_without_batched_parameters_is_one_for_all_examples():
    rng = random.default_rng(5)
    noise = fc.vmap(lambda x: x + rng.normal(0.0, 1.0))(A) - A
    np.testing.assert_allclose(noise, noise[0])


def test_counts_of_a_batch():
    rng, plain = random.default_rng(5), np.random.default_rng(5)
    np.testing.assert_array_equal(fc.vmap(rng.poisson)(A), [plain.poisson(a) for a in A])


def test_a_batch_of_dirichlets_that_draw_in_two_ways_is_refused():
    with pytest.raises(BatchError, match="dirichlet.*loop over the examples"):
        fc.vmap(random.default_rng(0).dirichlet)(np.array([[0.01, 0.02], [1.0, 2.0]]))


# --- the generator


def test_the_generator_is_numpys():
    rng = random.default_rng(7)
    assert isinstance(rng, np.random.Generator)
    assert random.default_rng(rng) is rng
    assert funcad.numpy.random is random
    assert random.PCG64 is np.random.PCG64
    np.testing.assert_array_equal(rng.normal(size=3), np.random.default_rng(7).normal(size=3))
    (child,) = rng.spawn(1)
    assert type(child) is random.Generator
    again = pickle.loads(pickle.dumps(rng))
    assert type(again) is random.Generator
    assert again.normal() == rng.normal()


def test_a_generator_of_numpy_is_wrapped_and_shares_its_state():
    plain = np.random.default_rng(7)
    rng = random.default_rng(plain)
    first = fc.jvp(rng.normal, (1.0,), (1.0,))[0]
    second = plain.normal(1.0)
    np.testing.assert_array_equal([first, second], np.random.default_rng(7).normal(1.0, size=2))


@pytest.mark.parametrize("bits", [np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM])
def test_every_bit_generator(bits):
    plain, rng = np.random.Generator(bits(1)), random.Generator(bits(1))
    np.testing.assert_array_equal(fc.jvp(rng.gamma, (A,), (A,))[0], plain.gamma(A))
    assert rng.normal() == plain.normal()


def test_lists_and_keywords():
    def draw(x):
        return random.default_rng(SEED).normal(scale=[x, 2.0, x * x], loc=0.0, size=(2, 3))

    np.testing.assert_array_equal(
        draw(1.5), np.random.default_rng(SEED).normal(0.0, [1.5, 2.0, 2.25], (2, 3))
    )
    z = np.random.default_rng(SEED).standard_normal((2, 3))
    np.testing.assert_allclose(fc.jacobian(draw)(1.5), z * [1.0, 0.0, 3.0])


def test_wrong_parameters_raise_what_numpy_raises():
    for f in (lambda s: random.default_rng(0).normal(0.0, -s), lambda s: random.default_rng(0).gamma(-s)):
        with pytest.raises(ValueError, match="< 0"):
            fc.grad(f)(1.0)
    with pytest.raises(TypeError, match="unexpected keyword"):
        fc.grad(lambda s: random.default_rng(0).normal(s, spread=1.0))(1.0)


def test_a_taylor_series_of_draws():
    e = np.random.default_rng(SEED).standard_exponential()
    got = fc.derivative(lambda a: random.default_rng(SEED).weibull(a), 3)(2.0)
    x, log = e**0.5, np.log(e) / 2
    np.testing.assert_allclose(got, -x * (log**3 + 6 * log**2 + 6 * log) / 8)


# --- what is refused


class Owner:
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def draw(self, x):
        return self.rng.normal(x, 1.0) ** 2


rng = np.random.default_rng(0)
NATIVE = [
    (lambda x: rng.normal(x, 1.0), r"rng\.normal at .*random\.default_rng\(rng\)"),
    (lambda x: 2 * rng.gamma(shape=x)[0], r"rng\.gamma at .*call gamma"),
    (Owner().draw, r"random\.default_rng\(self\.rng\)"),
    (lambda x: np.random.default_rng(1).normal(x), r"default_rng\(\.\.\.\)\.normal at"),
    (lambda x: np.random.normal(x), r"np\.random\.normal at .*rng = random\.default_rng\(seed\)"),
]


@pytest.mark.parametrize(("f", "message"), NATIVE)
def test_numpys_own_generator_names_the_way_over(f, message):
    for transform in (lambda f: fc.jvp(f, (A,), (A,)), lambda f: fc.vmap(f)(A[:, None])):
        with pytest.raises(
            ConversionError, match=rf"{message}.*|test_random.py.*funcad.numpy import random"
        ) as info:
            transform(f)
        assert "from funcad.numpy import random" in str(info.value)


def test_other_conversions_in_the_same_function_keep_their_message():
    def f(x):
        noise = rng.normal()
        return float(x) * noise

    with pytest.raises(ConversionError, match="cannot become a float"):
        fc.grad(f)(1.0)


def test_methods_without_derivatives_say_so():
    ours = random.default_rng(0)
    with pytest.raises(UnsupportedArgumentError, match=r"noncentral_chisquare.*stop_gradient"):
        fc.grad(lambda df: ours.noncentral_chisquare(df, 1.0))(3.0)
    assert fc.grad(lambda df: df * ours.noncentral_f(2.0, 3.0, fc.stop_gradient(df)))(3.0) > 0
    with pytest.raises(AssignmentError, match=r"rng\.permutation\(x\)"):
        fc.jvp(lambda x: ours.shuffle(x), (A,), (A,))
    with pytest.raises(UnsupportedArgumentError, match="out="):
        fc.jvp(lambda x: ours.permuted(x, out=np.zeros(3)), (A,), (A,))
    with pytest.raises(UnsupportedArgumentError, match="last alpha is 0"):
        fc.jvp(lambda a: ours.dirichlet(a), (np.array([0.01, 0.0]),), (np.ones(2),))
