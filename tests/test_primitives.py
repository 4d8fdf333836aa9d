"""Primitives of the user's own, and custom derivatives: one rule is enough for every mode."""

import numpy as np
import pytest

import funcad as fc
from funcad.core.tracer import Tracer
from funcad.errors import DerivativeError, MismatchError, RuleError
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
