"""Taylor mode: every rule against nested jvp to order 6, closed forms at order 12, nesting, errors."""

import math
import pickle
import re
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import settings

import funcad as fc
from funcad.core.kinds import bilinear
from funcad.core.primitive import registry
from funcad.core.tracer import top_trace
from funcad.errors import (
    ArgumentError,
    FuncadError,
    InputTypeError,
    LeakedTracerError,
    MismatchError,
    NoRuleError,
    RuleError,
)
from funcad.testing.reach import calls
from funcad.testing.refusals import REFUSALS
from funcad.testing.vectors import draw_direction, is_differentiable

ORDER = 6
#: nested jvp takes 2^n times the work, and a rule that is wrong at order 6 is so at 4
QUICK_ORDER = 6 if settings.get_current_profile_name() == "thorough" else 4


def taken(p):
    """Of the methods of distributions, hundreds of one table, the densities and those of two distributions."""
    name = p.name.removeprefix("scipy.stats.")
    return (
        name == p.name or name.startswith(("gamma.", "weibull_min.")) or name.endswith((".logpdf", ".logpmf"))
    )


RULES = {
    p.name: (p, fn) for fn, p in registry.items() if p.kind != "constant" and fn not in REFUSALS and taken(p)
}
#: derivatives by parameters are sums of hundreds of terms, and nested jvp takes them 2^n times
SUMS = re.compile(
    r"scipy\.special\.(\w+ \(by its \w+\)|(beta|btd|fd|gammainc|gdtr|chdtr|stdtr|pdtrik)\w*|hyp\w+|[jyik]ve?|hankel[12]e?)"
)
SINGLE = (np.dtype(np.float32), np.dtype(np.complex64))


def listed(out):
    return list(out) if isinstance(out, (tuple, list)) else [out]


def all_derivatives(f, n):
    """Return the function of t that gives f(t) and its derivatives to order n, by nested jvp."""
    g = lambda t: [f(t)]
    for _ in range(n):
        g = lambda t, g=g: (lambda values, tangents: [*values, tangents[-1]])(*fc.jvp(g, (t,), (1.0,)))
    return g


def nested(f, n):
    """Return the n-th derivative by nested jvp."""
    return lambda x: all_derivatives(f, n)(x)[-1]


def path_of(call, n, rng):
    """Draw the derivatives of a path through the arrays of a call."""

    def term(x):
        t = np.asarray(0.5 * draw_direction(x, rng))
        return t.astype(x.dtype)[()] if hasattr(x, "dtype") else float(t)

    return [[term(x) for _ in range(n)] for x in call.leaves]


def moved(x, terms, t):
    """Return the point of a path at t."""
    step = 0.0
    for k in range(len(terms), 0, -1):
        step = (step + terms[k - 1] * (1 / math.factorial(k))) * t
    return x + step


def outcome(compute):
    """Return what a computation gives, or the class of the error by which funcad refuses it."""
    try:
        with np.errstate(all="ignore"):
            return compute()
    except FuncadError as error:
        return type(error)


def check(call, n, rng, tolerance):
    """Compare the derivatives of a call along a path with those of nested jvp."""
    path = path_of(call, n, rng)

    def flat(*xs):
        return [y for y in listed(call(*xs)) if is_differentiable(fc.stop_gradient(y))]

    def along(t):
        return flat(*[moved(x, terms, t) for x, terms in zip(call.leaves, path, strict=True)])

    found = outcome(lambda: fc.jet(flat, call.leaves, tuple(path)))
    reference = outcome(lambda: all_derivatives(along, n)(0.0))
    if isinstance(found, type) or isinstance(reference, type):
        assert found is reference  # as for the third derivative of det at a singular matrix
        return
    value, series = found
    plain = flat(*call.leaves)
    for y, v in zip(value, plain, strict=True):
        assert type(y) is type(v)
        assert np.asarray(y).tobytes() == np.asarray(v).tobytes()
    for derivatives, wanted in zip(series, reference[1:], strict=True):
        for d, w, v in zip(derivatives, wanted, plain, strict=True):
            assert (np.shape(d), np.asarray(d).dtype) == (np.shape(v), np.asarray(v).dtype)
            if np.size(d):
                size = np.nan_to_num(np.max(np.abs(w)))
                np.testing.assert_allclose(d, w, rtol=0, atol=tolerance * size)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", RULES)
def test_every_rule_agrees_with_nested_jvp(name, portion):
    p, fn = RULES[name]
    rng = np.random.default_rng(0)
    count = 0
    for call in portion(p, calls(p, fn, rng)):
        single = any(getattr(x, "dtype", None) in SINGLE for x in call.leaves)
        # dozens of samples of one function differ in their keywords, not in their mathematics
        short = count >= 12 or SUMS.fullmatch(name)
        long = QUICK_ORDER if name.startswith(("scipy.", "random:")) else ORDER
        n = 1 if call.order < 2 else 2 if single else 3 if short else long
        check(call, n, rng, 1e-3 if single else 1e-9)
        count += 1
    assert count, f"{name} has no sample to be checked with"


# --- closed forms at order 12

ORDER_12 = [
    (np.exp, 0.7, math.exp(0.7)),
    (np.sin, 0.7, math.sin(0.7)),
    (np.cosh, 0.7, math.cosh(0.7)),
    (np.log, 0.7, -math.factorial(11) / 0.7**12),
    (np.reciprocal, 0.7, math.factorial(12) / 0.7**13),
    (lambda x: 1 / x, 0.7, math.factorial(12) / 0.7**13),
    (lambda x: x**-2, 0.7, math.factorial(13) / 0.7**14),
    (lambda x: x**12, 0.7, math.factorial(12)),
    (lambda x: x**15, 0.7, math.factorial(15) / 6 * 0.7**3),
    (lambda x: x**15.0, 0.0, 0.0),
    (lambda x: np.power(x, 12), 1e-200, math.factorial(12)),
    (lambda x: np.sqrt(x), 0.7, math.prod(0.5 - k for k in range(12)) * 0.7**-11.5),
    (lambda x: x**2.5, 0.7, math.prod(2.5 - k for k in range(12)) * 0.7**-9.5),
    (lambda x: 3**x, 0.7, math.log(3) ** 12 * 3**0.7),
    (lambda x: np.sin(x) * np.exp(x), 0.7, 64 * math.sin(0.7 + 3 * math.pi) * math.exp(0.7)),
    # by mpmath, with 60 digits
    (np.tanh, 0.7, -616306.43693144219),
    (np.tan, 0.4, 61599982.609968397),
    (np.arctan, 0.7, 3156086.3126473594),
    (np.arcsin, 0.4, 1677497109.8221696),
    (np.arcsinh, 0.7, 644339.86170511168),
    (np.arccosh, 1.7, -289452015.92518512),
    (np.arctanh, 0.4, 9168410345.9862446),
    (np.log1p, 0.7, -68512.318015521529),
    (np.expm1, 0.7, 2.0137527074704764),
    (np.cbrt, 0.7, -280590692.95254223),
    (np.log2, 0.7, -4160579039.4982946),
    (np.exp2, 0.7, 0.019981428324822328),
    (np.sinc, 0.7, -31988.748293587451),
    (lambda x: x**x, 0.7, 220774679.13141886),
    (lambda x: np.exp(-x * x) / (1 + x), 0.7, 155969.49477765769),
    (lambda x: np.hypot(x, 1.5) ** 2.5, 0.7, -1653.7685375157945),
    (lambda x: np.arctan2(x, 1 + x), 0.7, 1712768.3238475304),
    (lambda x: np.logaddexp(x, x * x), 0.7, 198884.30874917202),
    (lambda x: np.sqrt(1 + x**3), 0.7, 31668547.716677774),
]


@pytest.mark.parametrize(("f", "x", "wanted"), ORDER_12)
def test_the_12th_derivative(f, x, wanted):
    np.testing.assert_allclose(fc.derivative(f, 12)(x), wanted, rtol=1e-10)
    np.testing.assert_allclose(fc.derivative(f, 12)(np.array(x)), wanted, rtol=1e-10)


def test_powers_of_a_base_near_zero_keep_their_digits():
    f = lambda x: (x + x * x) ** 3
    np.testing.assert_allclose(fc.derivative(f, 6)(1e-6), 720.0, rtol=1e-12)
    powers = np.array([0.0, 1.0, 2.0, 3.0, 2.5])
    found = fc.derivative(lambda x: x**powers, 2)(1e-6)
    np.testing.assert_allclose(found, [0.0, 0.0, 2.0, 6e-6, 2.5 * 1.5 * 1e-3], rtol=1e-12)


def test_products_of_small_factors_keep_their_digits():
    f = lambda x: np.prod(np.stack([x, 1 + x, 2 + x]))
    for g in (fc.derivative(f, 3), nested(f, 3)):
        np.testing.assert_allclose(g(1e-7), 6.0, rtol=1e-12)
    g = lambda x: np.cumprod(np.stack([x, 1 + x, 2 + x]))
    np.testing.assert_allclose(fc.derivative(g, 3)(1e-7), [0.0, 0.0, 6.0], atol=1e-12)


# --- jet: paths, dtypes, shapes, containers


def test_a_path_that_is_no_line():
    # f(x(t)) with x = 1 + 2t + 3t^2/2 + 4t^3/6
    value, series = fc.jet(lambda x: x * x, (1.0,), ((2.0, 3.0, 4.0),))
    assert (value, series) == (1.0, [4.0, 14.0, 44.0])
    assert [type(d) for d in series] == [float] * 3


def test_dtypes_are_kept():
    x, t = np.ones(3, np.float32), np.full(3, 0.5, np.float32)
    value, series = fc.jet(lambda x: np.exp(x) / x**2.5 + x**3, (x,), ((t, t, t),))
    assert {d.dtype for d in (value, *series)} == {np.dtype(np.float32)}
    assert fc.derivative(np.sqrt, 3)(np.float32(2.0)).dtype == np.float32
    assert type(fc.derivative(lambda x: 3 * x**4 - x, 2)(2.0)) is float


def test_single_precision_times_double_is_double():
    x = np.float32(1.7)
    found = fc.derivative(lambda x: np.float_power(x, 3), 2)(x)
    assert found == 6 * float(x)


def test_complex_numbers():
    z = 0.4 + 0.3j
    found = fc.derivative(lambda z: np.sin(z) * np.exp(1j * z) / z**1.5 + z**3, 4)(z)
    np.testing.assert_allclose(found, nested(lambda z: np.sin(z) * np.exp(1j * z) / z**1.5 + z**3, 4)(z))
    # along a line in the plane a function need not be holomorphic
    line = lambda t: np.abs(z + t * (1 - 2j)) ** 2
    np.testing.assert_allclose(fc.derivative(line, 2)(0.0), 10.0)
    np.testing.assert_allclose(fc.derivative(line, 3)(0.0), 0.0, atol=1e-12)


def test_broadcasting():
    x, y = np.arange(1.0, 4.0), np.array([[2.0], [0.5]])
    f = lambda x, y: x**y / (x + y) + np.arctan2(x, y)
    dx, dy = np.array([1.0, -1.0, 0.5]), np.array([[0.3], [1.0]])
    _, series = fc.jet(f, (x, y), ((dx, 0 * dx, 0 * dx), (dy, 0 * dy, 0 * dy)))
    wanted = all_derivatives(lambda t: f(x + t * dx, y + t * dy), 3)(0.0)[1:]
    for d, w in zip(series, wanted, strict=True):
        assert d.shape == (2, 3)
        np.testing.assert_allclose(d, w, rtol=1e-12)


@dataclass
class Point:
    x: float
    y: np.ndarray
    name: str = "p"


def test_containers():
    def f(p, scale):
        return {"r": p.x * p.y * scale[0], "name": p.name, "n": 3}

    point, step = Point(2.0, np.array([1.0, 3.0])), Point(1.0, np.array([0.0, 1.0]))
    zero = Point(0.0, np.zeros(2))
    value, (first, second) = fc.jet(f, (point, [2.0]), ((step, zero), ([0.0], [0.0])))
    assert value["name"] == first["name"] == "p"
    assert (value["n"], first["n"]) == (3, 0)
    np.testing.assert_array_equal(first["r"], [2.0, 10.0])
    np.testing.assert_array_equal(second["r"], [0.0, 4.0])


def test_elements_that_are_put_together():
    def f(x):
        parts = np.array([x[0] * x[1], np.sin(x[0]), x[-1]])
        a, b, c = parts * 2
        return np.array([a * b, c])

    x, dx = np.array([0.5, 2.0]), np.array([1.0, -1.0])
    _, series = fc.jet(f, (x,), ((dx, 0 * dx, 0 * dx, 0 * dx),))
    wanted = all_derivatives(lambda t: f(np.stack([x[0] + t, x[1] - t])), 4)(0.0)[1:]
    np.testing.assert_allclose(series, wanted, rtol=1e-12)


def test_constants_give_zeros_and_results_are_the_callers_own():
    x, dx = np.ones(2), np.ones(2)
    value, series = fc.jet(lambda x: (x, np.zeros(2), 1.0), (x,), ((dx, dx),))
    series[0][0][:] = 7.0
    assert (dx == 1.0).all()
    np.testing.assert_array_equal(series[1][1], [0.0, 0.0])
    assert series[0][2] == 0.0


def test_no_series_gives_the_value():
    assert fc.jet(lambda x: x * x, (3.0,), ((),)) == (9.0, [])
    assert fc.jet(lambda: 3.0, (), ()) == (3.0, [])


# --- control flow


def test_branches_and_loops():
    def f(x):
        y = x
        while y < 10.0:
            y = y * y + 1 if x > 0 else y + 2
        return y

    np.testing.assert_allclose(fc.derivative(f, 4)(1.2), nested(f, 4)(1.2))


def test_a_long_loop_does_not_recurse():
    def f(x):
        for _ in range(3000):
            x = np.sin(x) + 0.1 * x * x
        return x

    assert np.isfinite(fc.derivative(f, 4)(0.3))


def test_kinks_are_locally_constant():
    for f in (np.abs, lambda x: np.maximum(x, 0.0), lambda x: np.clip(x, 0.0, 1.0)):
        for n in (1, 2, 3):
            assert fc.derivative(f, n)(0.0) == nested(f, n)(0.0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "wanted"), [(np.log, np.inf), (np.sqrt, np.inf), (lambda x: x**0.5, np.inf)])
def test_infinite_derivatives(f, wanted):
    assert fc.derivative(f, 1)(0.0) == wanted
    assert fc.derivative(f, 2)(0.0) == -wanted


# --- linear algebra, custom rules, primitives


def test_linear_algebra():
    a, b = np.array([[3.0, 1.0], [0.5, 2.0]]), np.array([[0.2, -1.0], [1.0, 0.4]])

    def f(t):
        m = a + t * b + t * t * np.eye(2)
        return np.linalg.det(m), np.linalg.solve(m, b), np.linalg.inv(m), np.linalg.cholesky(m @ m.T)

    for d, w in zip(fc.derivative(f, 5)(0.3), nested(f, 5)(0.3), strict=True):
        np.testing.assert_allclose(d, w, rtol=1e-8, atol=1e-12)


def test_three_traced_factors():
    f = lambda x: np.einsum("i,ij,j->", np.stack([x, x * x]), np.stack([[x, 1], [2, x]]), np.stack([1, x]))
    np.testing.assert_allclose(fc.derivative(f, 3)(0.7), nested(f, 3)(0.7))


def test_custom_rules():
    @fc.custom_jvp
    def softplus(x):
        return np.log1p(np.exp(x))

    @softplus.defjvp
    def rule(primals, tangents):
        (x,), (t,) = primals, tangents
        return softplus(x), t / (1 + np.exp(-x))

    @fc.custom_vjp
    def sine(x):
        return np.sin(x)

    sine.defvjp(lambda x: (np.sin(x), x), lambda x, g: (g * np.cos(x),))
    plainly = lambda x: np.log1p(np.exp(np.sin(x)))
    np.testing.assert_allclose(
        fc.derivative(lambda x: softplus(sine(x)), 8)(0.3), fc.derivative(plainly, 8)(0.3), rtol=1e-12
    )


def test_primitives():
    @fc.primitive
    def twice(x):
        return 2 * x

    @fc.primitive
    def cube(x):
        return x**3

    @fc.primitive
    def opaque(x):
        return x

    twice.def_linear(lambda g: 2 * g)
    cube.def_jvp(lambda t, x: 3 * x**2 * t)
    opaque.def_constant()
    assert fc.derivative(lambda x: twice(cube(x)) * opaque(x), 3)(2.0) == 24.0

    @fc.primitive
    def unknown(x, y):
        return x * y

    unknown.def_jvp(lambda t, y: t * y, None)
    with pytest.raises(NoRuleError, match="'y'"):
        fc.derivative(lambda x: unknown(x, x), 2)(1.0)


def test_a_rule_that_does_not_fit():
    @fc.primitive
    def total(x):
        return np.sum(x)

    total.def_jvp(lambda t, x: t * x)
    with pytest.raises(RuleError, match="does not fit"):
        fc.jet(total, (np.ones(3),), ((np.ones(3),),))


def test_stop_gradient():
    assert fc.derivative(lambda x: x**2 * fc.stop_gradient(x), 2)(3.0) == 6.0


# --- nesting


def sine_exp(x):
    return np.sin(x) * np.exp(x)


FIFTH = {
    "derivative of derivative": fc.derivative(fc.derivative(sine_exp, 2), 3),
    "grad of derivative": fc.grad(fc.derivative(sine_exp, 4)),
    "derivative of grad": fc.derivative(fc.grad(sine_exp), 4),
    "grad of grad of derivative": fc.grad(fc.grad(fc.derivative(sine_exp, 3))),
    "jvp of derivative": lambda x: fc.jvp(fc.derivative(sine_exp, 4), (x,), (1.0,))[1],
    "derivative of jvp": fc.derivative(lambda x: fc.jvp(sine_exp, (x,), (1.0,))[1], 4),
    "vjp of derivative": lambda x: fc.vjp(fc.derivative(sine_exp, 4), x)[1](1.0)[0],
    "derivative of vjp": fc.derivative(lambda x: fc.vjp(sine_exp, x)[1](1.0)[0], 4),
    "grad of derivative of grad": fc.grad(fc.derivative(fc.grad(sine_exp), 3)),
    "derivative of a hessian": fc.derivative(lambda x: fc.hessian(sine_exp)(x), 3),
}


@pytest.mark.parametrize("name", FIFTH)
def test_every_order_of_nesting(name):
    wanted = 2**2.5 * math.exp(0.7) * math.sin(0.7 + 5 * math.pi / 4)
    np.testing.assert_allclose(FIFTH[name](0.7), wanted, rtol=1e-12)


def test_perturbations_are_not_confused():
    assert fc.derivative(lambda x: x * fc.derivative(lambda y: x + y)(1.0))(1.0) == 1.0
    assert fc.derivative(lambda x: x * fc.derivative(lambda y: x * y**3, 2)(1.0), 2)(1.0) == 12.0
    assert fc.grad(lambda x: x * fc.derivative(lambda y: x * y**3, 2)(1.0))(1.0) == 12.0


def test_an_exponent_of_another_level():
    f = lambda p, x: fc.derivative(lambda x: x**p, 2)(x)  # p (p-1) x^(p-2)
    for p, x in ((3.0, 0.5), (2.5, 0.5)):
        wanted = x ** (p - 2) * (2 * p - 1 + p * (p - 1) * math.log(x))
        np.testing.assert_allclose(fc.grad(f)(p, x), wanted, rtol=1e-12)


def test_a_gradient_along_a_path():
    a = np.array([[2.0, 1.0], [1.0, 3.0]])
    f = fc.grad(lambda x: np.sum(np.exp(a @ x)))
    x, dx = np.array([0.1, -0.2]), np.array([1.0, 2.0])
    _, series = fc.jet(f, (x,), ((dx, 0 * dx, 0 * dx),))
    wanted = all_derivatives(lambda t: f(x + t * dx), 3)(0.0)[1:]
    np.testing.assert_allclose(series, wanted, rtol=1e-12)


# --- derivative


def test_derivative_keeps_the_function():
    d = fc.derivative(sine_exp, 3)
    assert d.__name__ == "sine_exp"
    assert repr(d) == "<derivative of sine_exp>"


def test_derivative_can_be_pickled():
    assert pickle.loads(pickle.dumps(fc.derivative(np.sin, 3)))(0.0) == -1.0


def test_derivative_of_order_0_is_the_function():
    assert fc.derivative(lambda x: x * x, 0)(3) == 9


def test_derivative_by_another_argument():
    f = lambda a, x, *, b=1.0: a * x**3 + b
    assert fc.derivative(f, 2, argnums=1)(2.0, 3.0) == 36.0
    assert fc.derivative(f, 2, argnums="x")(2.0, x=3.0) == 36.0
    assert fc.derivative(f, argnums="b")(2.0, 3.0, b=4.0) == 1.0


def test_derivative_of_many_results():
    found = fc.derivative(lambda x: {"v": np.array([x, x**2, x**3]), "k": 1.0}, 2)(3.0)
    np.testing.assert_array_equal(found["v"], [0.0, 2.0, 18.0])
    assert found["k"] == 0.0


# --- errors


def test_values_that_get_out():
    kept = []
    fc.derivative(lambda x: kept.append(np.sin(x)) or x, 2)(1.0)
    with pytest.raises(LeakedTracerError, match="jet"):
        kept[0] + 1
    with pytest.raises(LeakedTracerError, match="jet"):
        np.sum(kept[0])


def test_a_rule_that_closes_over_a_traced_value():
    def f(x):
        @fc.custom_jvp
        def g(y):
            return 2 * y

        g.defjvp(lambda primals, tangents: (2 * primals[0], x * tangents[0]))
        return g(x)

    with pytest.raises(RuleError, match="pass it as an argument"):
        fc.derivative(f, 2)(1.0)


@pytest.mark.parametrize(
    ("compute", "error", "message"),
    [
        (lambda: fc.derivative(np.sin, 2)(1), InputTypeError, "is the int 1"),
        (lambda: fc.derivative(np.sin, 2)(np.ones(3)), InputTypeError, "shape \\(3,\\); use funcad.jet"),
        (lambda: fc.derivative(np.sin, 2)([1.0]), InputTypeError, "is a container"),
        (lambda: fc.derivative(np.sin, -1), ArgumentError, "got -1"),
        (lambda: fc.derivative(np.sin, 1.5), ArgumentError, "got 1.5"),
        (lambda: fc.derivative(np.sin, True), ArgumentError, "got True"),
        (lambda: fc.derivative(np.sin, 1, (0,)), ArgumentError, "one position or name"),
        (lambda: fc.derivative(np.sin, 171)(1.0), ArgumentError, "170 in double"),
        (lambda: fc.derivative(np.sin, 34)(np.float32(1.0)), ArgumentError, "33 in single"),
        (lambda: fc.derivative(3.0), ArgumentError, "takes a function"),
        (lambda: fc.jet(np.sin, 1.0, (1.0,)), MismatchError, "as tuples"),
        (lambda: fc.jet(np.sin, (1.0,), ()), MismatchError, "1 primals and 0 series"),
        (lambda: fc.jet(np.sin, (1.0,), (1.0,)), MismatchError, "write \\(x1,\\)"),
        (lambda: fc.jet(np.sin, (1,), ((1,),)), InputTypeError, "is the int 1"),
        (lambda: fc.jet(np.add, (1.0, 1.0), ((1.0,), (1.0, 0.0))), MismatchError, "one length"),
        (lambda: fc.jet(np.sin, (np.ones(2),), ((np.ones(3),),)), MismatchError, "shape"),
        (lambda: fc.jet(np.sin, (np.ones(2, "f4"),), ((np.ones(2),),)), MismatchError, "dtype"),
        (lambda: fc.jet(np.sum, ([1.0, 2.0],), (([1.0],),)), MismatchError, "structure"),
    ],
)
def test_errors(compute, error, message):
    with pytest.raises(error, match=message):
        compute()


def test_the_largest_orders():
    assert float(fc.derivative(np.exp, 170)(0.0)) == pytest.approx(1.0)
    assert float(fc.derivative(np.exp, 33)(np.float32(0.0))) == pytest.approx(1.0, rel=1e-5)


# --- cost


def test_the_cost_grows_as_the_square_of_the_order():
    calls = []

    def times(x, y):
        calls.append(1)
        return registry[times].apply((x, y), {}) if top_trace((x, y)) else x * y

    bilinear(times, lambda g, y: g * y, lambda g, x: g * x)
    counts = []
    for n in (8, 16, 32):
        fc.derivative(lambda x: times(np.exp(x), np.sin(x)), n)(0.7)
        counts.append(len(calls))
        calls.clear()
    assert counts == [1 + (n + 1) * (n + 2) // 2 for n in (8, 16, 32)]
