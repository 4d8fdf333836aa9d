"""Primitives of the user's own, and custom derivatives: one rule is enough for every mode."""

import copy
import pickle

import numpy as np
import pytest

import funcad as fc
from funcad.core.tracer import Tracer
from funcad.errors import (
    DerivativeError,
    MismatchError,
    RegistrationError,
    RuleError,
    UnsupportedArgumentError,
)
from funcad.testing import check_grads, check_primitive

X = np.array([0.5, 1.2, 2.0])


def make(declare):
    """Return y -> x^2 y as a primitive that only plain arrays reach."""

    @fc.primitive
    def f(x, y):
        assert not isinstance(x, Tracer) and not isinstance(y, Tracer)
        return np.asarray(x) ** 2 * y

    declare(f)
    return f


DECLARATIONS = {
    "elementwise": lambda f: f.def_elementwise(lambda x, y: 2 * x * y, lambda x: x * x),
    "jvp": lambda f: f.def_jvp(lambda t, x, y: 2 * x * y * t, lambda t, x: x * x * t),
    "vjp": lambda f: f.def_vjp(lambda g, x, y: 2 * x * y * g, lambda g, x: x * x * g),
    "both": lambda f: (
        f.def_vjp(lambda g, x, y: 2 * x * y * g, lambda g, x: x * x * g),
        f.def_jvp(lambda t, x, y: 2 * x * y * t, lambda t, x: x * x * t),
    ),
}


@pytest.mark.parametrize("declaration", DECLARATIONS)
class TestOneRuleIsEnough:
    def test_every_mode_and_order(self, declaration):
        f = make(DECLARATIONS[declaration])
        check_grads(f, (X, 2 * X))
        check_grads(f, (1.5, 2.0))
        assert fc.grad(fc.grad(fc.grad(lambda x: f(x, x))))(2.0) == pytest.approx(6.0)

    def test_broadcasting(self, declaration):
        f = make(DECLARATIONS[declaration])
        check_grads(f, (X, np.ones((2, 1))))
        check_grads(f, (1.5, X))

    def test_checker(self, declaration):
        check_primitive(make(DECLARATIONS[declaration]), X, 2 * X)

    def test_lists_of_traced_values(self, declaration):
        f = make(DECLARATIONS[declaration])
        check_grads(lambda x: f([x[0], x[1]], 2.0), (X,))


def test_linear():
    @fc.primitive
    def smooth(x, weights):
        return np.convolve(x, weights, mode="same")

    smooth.def_vjp(lambda g, weights: smooth(g, weights[::-1]), None)
    weights = np.array([0.25, 0.5, 0.125])
    check_grads(lambda x: smooth(x, weights) ** 2, (np.arange(6.0),))

    @fc.primitive
    def circular(x):
        return False

    circular.def_jvp(lambda t: circular(t))
    with pytest.raises(RuleError, match="circular.def_linear"):
        fc.grad(circular)(1.0)

    @fc.primitive
    def double(x, shift=0):
        return 2 * x

    double.def_linear(lambda g: 2 * g, unaffected=["shift"])
    check_grads(lambda x: double(x, shift=3), (X,))


def test_several_results():
    @fc.primitive
    def both(x):
        return np.sin(x), np.cos(x)

    both.def_jvp(lambda t, ans: (t * ans[1], -t * ans[0]))
    check_grads(lambda x: both(x)[0] * both(x)[1], (X,))

    @fc.primitive
    def pair(x):
        return np.sin(x), np.cos(x)

    pair.def_vjp(
        lambda g, ans: (0 if g[0] is None else g[0] * ans[1]) - (0 if g[1] is None else g[1] * ans[0])
    )
    check_grads(lambda x: pair(x)[0] ** 2 * pair(x)[1], (X,))
    check_grads(lambda x: pair(x)[1], (X,))


def test_params_and_an_operand_without_derivative():
    @fc.primitive
    def power(x, n, offset=0.0):
        return x**n + offset

    power.def_vjp(lambda g, x, n: g * n * x ** (n - 1), None, unaffected=["offset"])
    check_grads(lambda x: power(x, 3, offset=1.0), (X,))
    with pytest.raises(NotImplementedError, match="no derivative with respect to its argument 'n'"):
        fc.grad(lambda n: power(2.0, n))(3.0)


def test_checker_finds_a_wrong_rule():
    @fc.primitive
    def f(x):
        return x**2

    f.def_elementwise(lambda x: 2.001 * x)
    with pytest.raises(DerivativeError, match=r"test_primitives.py"):
        check_primitive(f, X)


class TestCustomJvp:
    @staticmethod
    def log1pexp():
        @fc.custom_jvp
        def log1pexp(x):
            return np.log1p(np.exp(x))

        @log1pexp.defjvp
        def rule(primals, tangents):
            (x,), (t,) = primals, tangents
            return log1pexp(x), t * (1 - 1 / (1 + np.exp(x)))

        return log1pexp

    def test_stable_derivative_in_both_modes_and_orders(self):
        f = self.log1pexp()
        check_grads(f, (X,))
        with np.errstate(over="ignore"):
            assert fc.grad(f)(1000.0) == 1.0
        assert fc.grad(fc.grad(f))(0.0) == 0.25

    def test_containers(self):
        @fc.custom_jvp
        def f(p, scale):
            return {"out": p["a"] * p["b"][0] * scale}

        @f.defjvp
        def rule(primals, tangents):
            (p, s), (t, ts) = primals, tangents
            tangent = t["a"] * p["b"][0] * s + p["a"] * t["b"][0] * s + p["a"] * p["b"][0] * ts
            return f(p, s), {"out": tangent}

        g = fc.grad(lambda p: f(p, 2.0)["out"] ** 2)({"a": 3.0, "b": [5.0], "s": "text"})
        assert g == {"a": 2 * 30 * 10.0, "b": [2 * 30 * 6.0], "s": "text"}

    def test_no_rule_and_wrong_results(self):
        @fc.custom_jvp
        def f(x):
            return x

        assert f(1.0) == 1.0
        with pytest.raises(RuleError, match="f.defjvp"):
            fc.grad(f)(1.0)
        f.defjvp(lambda p, t: t[0])
        with pytest.raises(RuleError, match="pair"):
            fc.jvp(f, (1.0,), (1.0,))
        f.defjvp(lambda p, t: (p[0], (t[0],)))
        with pytest.raises(MismatchError, match="structure"):
            fc.jvp(f, (1.0,), (1.0,))


class TestCustomVjp:
    def test_used_in_both_modes(self):
        @fc.custom_vjp
        def f(x, y):
            return x * np.sin(y)

        f.defvjp(lambda x, y: (f(x, y), (x, y)), lambda r, g: (g * np.sin(r[1]), g * r[0] * np.cos(r[1])))
        check_grads(f, (X, 2 * X))
        check_grads(lambda x: f(x, 2.0), (1.5,))

    def test_keywords_and_none(self):
        @fc.custom_vjp
        def straight_through(x, levels=4):
            return np.round(x * levels) / levels

        straight_through.defvjp(lambda x, levels: (straight_through(x, levels), None), lambda _, g: (g, None))
        np.testing.assert_array_equal(
            fc.grad(lambda x: np.sum(straight_through(x, levels=8) ** 1))(X), np.ones(3)
        )

    def test_both_halves_run_once_for_all_leaves(self):
        calls = []

        @fc.custom_vjp
        def f(p):
            return sum(p.values())

        def forward(p):
            calls.append("forward")
            return f(p), p

        def backward(p, g):
            calls.append("backward")
            return (dict.fromkeys(p, g),)

        f.defvjp(forward, backward)
        p = {"a": 1.0, "b": 2.0, "c": 3.0}
        assert fc.grad(lambda p: f(p) ** 2)(p) == dict.fromkeys(p, 12.0)
        assert calls == ["forward", "backward"]

    def test_wrong_number_of_cotangents(self):
        @fc.custom_vjp
        def f(x, y):
            return x * y

        f.defvjp(lambda x, y: (x * y, None), lambda r, g: g)
        with pytest.raises(RuleError, match="tuple of 2 cotangents"):
            fc.grad(f)(1.0, 2.0)

    def test_name_and_docstring_are_kept(self):
        @fc.custom_vjp
        def f(x):
            """Doc."""
            return x

        assert f.__name__ == "f" and f.__doc__ == "Doc."


class TestRefusals:
    @pytest.mark.parametrize(
        "declare",
        [
            lambda f: f.def_elementwise(lambda x: 1.0),
            lambda f: f.def_vjp(lambda g, x: g),
            lambda f: f.def_constant(),
        ],
    )
    @pytest.mark.parametrize("several", [False, True])
    def test_closing_over_a_traced_value(self, declare, several):
        def outer(y):
            @fc.primitive
            def f(x):
                return x * y

            @fc.primitive
            def pair(x):
                return x * y, x

            pair.def_jvp(lambda t: (t, t))
            declare(f)
            return pair(y)[0] if several else f(y)

        for run in (fc.grad(outer), lambda y: fc.jvp(outer, (y,), (1.0,))):
            with pytest.raises(RuleError, match="not among its arguments"):
                run(3.0)

    def test_closing_over_a_value_of_an_outer_transform_is_exact(self):
        def outer(y):
            @fc.primitive
            def f(x):
                return x * y

            f.def_elementwise(lambda: y)
            return fc.grad(lambda x: f(x) ** 2)(2.0)

        assert fc.grad(outer)(3.0) == 24.0

    def test_traced_values_in_a_list_of_params(self):
        @fc.primitive
        def f(x, n):
            return x * n[0]

        f.def_jvp(lambda t, n: t * n[0])
        with pytest.raises(UnsupportedArgumentError, match="its argument 'n'"):
            fc.grad(lambda s: f(2.0, [s, s]))(3.0)

    def test_results_and_rules_that_are_no_arrays(self):
        @fc.primitive
        def box(x):
            return {"x": x}

        box.def_jvp(lambda t: {"x": t})
        with pytest.raises(RuleError, match="box.*returned a dict.*custom_jvp"):
            fc.grad(lambda x: box(x)["x"])(1.0)

        @fc.primitive
        def forgets(x):
            return x * 2

        forgets.def_vjp(lambda g: None)
        with pytest.raises(RuleError, match="returned None"):
            fc.grad(forgets)(1.0)
        forgets.def_jvp(lambda t: None)
        with pytest.raises(RuleError, match="returned None"):
            fc.jvp(forgets, (1.0,), (1.0,))

    def test_tangents_that_do_not_fit(self):
        @fc.primitive
        def f(x):
            return x * 2

        f.def_jvp(lambda t: np.ones((2, 7)))
        with pytest.raises(RuleError, match="does not fit"):
            fc.jvp(f, (X,), (X,))

        @fc.primitive
        def pair(x):
            return x, x

        pair.def_jvp(lambda t: t)
        with pytest.raises(RuleError, match="tuple of 2 tangents"):
            fc.jvp(pair, (X,), (X,))

    def test_numbers_of_partial_derivatives(self):
        for fn, partials in ((lambda x, y: x + y, (1.0,)), (lambda x: x, (1.0, 1.0))):
            with pytest.raises(RegistrationError, match="one per argument"):
                fc.primitive(fn).def_elementwise(*partials)

    def test_rules_without_plain_parameters(self):
        for rule in (lambda t, *rest: t, lambda t, **rest: t, lambda t, *, n: t, lambda: 1.0):
            with pytest.raises(RuleError, match="parameter"):
                fc.primitive(lambda x, n=2: x).def_jvp(rule)


def test_keyword_calls_of_an_elementwise_primitive():
    @fc.primitive
    def f(a, b):
        return a * b

    f.def_elementwise(lambda y: y, lambda x: x)
    assert fc.grad(lambda s: f(b=s, a=3.0))(1.0) == 3.0
    assert fc.grad(lambda s: f(s, b=s))(2.0) == 4.0


class Model:
    def __init__(self, rate):
        self.rate = rate

    @fc.custom_jvp
    def loss(self, x):
        return self.rate * x * x

    @loss.defjvp
    def _(primals, tangents):  # noqa: N805 - a rule is no method
        (self, x), (_, t) = primals, tangents
        return self.loss(x), 2 * self.rate * x * t

    @fc.primitive
    def scaled(self, x):
        return self.rate * x

    scaled.def_jvp(None, lambda t, self: self.rate * t)


def test_in_a_class_they_are_methods():
    model = Model(3.0)
    assert model.loss(2.0) == 12.0 and fc.grad(model.loss)(2.0) == 12.0
    assert model.scaled(2.0) == 6.0 and fc.grad(model.scaled)(2.0) == 3.0


@fc.primitive
def cube(x):
    return x**3


@fc.custom_jvp
def square(x):
    return x * x


@fc.custom_vjp
def half(x):
    return x / 2


cube.def_elementwise(lambda x: 3 * x * x)
square.defjvp(lambda p, t: (square(p[0]), 2 * p[0] * t[0]))
half.defvjp(lambda x: (half(x), None), lambda _, g: (g / 2,))


@pytest.mark.parametrize("f", [cube, square, half], ids=lambda f: f.__name__)
def test_pickle(f):
    assert pickle.loads(pickle.dumps(f)) is f
    assert copy.deepcopy(f) is f
    assert pickle.loads(pickle.dumps(fc.grad(f)))(2.0) == fc.grad(f)(2.0)


def test_a_ufunc_is_a_formula_of_the_argument():
    @fc.primitive
    def sine(x):
        return np.sin(x)

    sine.def_elementwise(np.cos)
    check_grads(sine, (X,))

    @fc.primitive
    def product(x, y):
        return x * y

    with pytest.raises(RuleError, match="the ufunc positive; only f'\\(x\\) of one argument"):
        product.def_elementwise(np.positive, lambda x: x)
