"""`checkpoint` and `checkpoint_loop`: the same derivatives, from less memory, or an error."""

import functools
import importlib.util
import inspect
import pickle
import random
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import numpy as np
import pytest

import funcad as fc
from funcad.errors import (
    ArgumentError,
    AssignmentError,
    LeakedTracerError,
    MismatchError,
    ReversePassError,
    RuleError,
)

X = np.array([0.3, -1.2, 0.7])
W = np.array([[1.0, 0.5, -0.2], [0.3, -1.0, 0.4], [0.1, 0.2, 0.9]])


def wave(x):
    """A wave."""
    return np.sin(x * x) + np.exp(-x) * W[0]


def total(f):
    return lambda *args: np.sum(f(f(*args)) ** 2)


def same(a, b):
    fc.tree.map(lambda u, v: np.testing.assert_array_equal(u, v, strict=True), a, b)


def close(a, b):
    fc.tree.map(lambda u, v: np.testing.assert_allclose(u, v, rtol=1e-14, atol=1e-14), a, b)


class Counter:
    """Counts the runs of a function; an object whose attributes are no part of a snapshot."""

    def __init__(self, f):
        self.f = f
        self.runs = 0
        self.__name__ = "counted"

    def __call__(self, *args):
        self.runs += 1
        return self.f(*args)


@pytest.fixture(autouse=True)
def both_generators():
    """Have both modules of random numbers imported, so that their states are looked at."""
    assert random.random() < 1 and np.random.random() < 1


class TestPlain:
    def test_without_a_transform_it_is_the_function(self):
        f = fc.checkpoint(wave)
        same(f(X), wave(X))
        assert fc.checkpoint(lambda *a, **k: (a, k))(1, "a", b=None) == ((1, "a"), {"b": None})

    def test_name_docstring_signature_and_pickle(self):
        f = fc.checkpoint(wave)
        assert f.__name__ == "wave" and f.__doc__ == "A wave." and inspect.unwrap(f) is wave
        assert inspect.signature(f) == inspect.signature(wave)
        same(pickle.loads(pickle.dumps(f))(X), wave(X))
        with pytest.raises(ArgumentError, match="checkpoint takes a function"):
            fc.checkpoint(3)

    def test_a_method(self):
        class Model:
            scale = 2.0

            @fc.checkpoint
            def apply(self, x):
                return np.sin(x) * self.scale

        same(fc.grad(lambda x: np.sum(Model().apply(x)))(X), fc.grad(lambda x: np.sum(np.sin(x) * 2.0))(X))


NESTINGS = {
    "grad": lambda F: fc.grad(F)(X),
    "value_and_grad": lambda F: fc.value_and_grad(F)(X),
    "jvp": lambda F: fc.jvp(F, (X,), (X[::-1].copy(),)),
    "hvp, jvp of grad": lambda F: fc.hvp(F, (X,), (np.ones(3),)),
    "grad of jvp": lambda F: fc.grad(lambda x: fc.jvp(F, (x,), (np.ones(3),))[1])(X),
    "grad of jvp by the direction": lambda F: fc.grad(lambda v: fc.jvp(F, (X,), (v,))[1])(X),
    "jvp of jvp": lambda F: fc.jvp(lambda x: fc.jvp(F, (x,), (X,))[1], (X,), (np.ones(3),)),
    "grad of grad": lambda F: fc.grad(lambda x: np.sum(fc.grad(F)(x) ** 2))(X),
    "hessian": lambda F: fc.hessian(F)(X),
    "jacfwd of jacrev": lambda F: fc.jacfwd(fc.jacrev(F))(X),
    "jacrev of jacfwd": lambda F: fc.jacrev(fc.jacfwd(F))(X),
    "third": lambda F: fc.grad(lambda x: fc.hvp(F, (x,), (np.ones(3),)) @ X)(X),
    "grad of grad of grad": lambda F: fc.grad(
        lambda x: np.sum(fc.grad(lambda y: np.sum(fc.grad(F)(y) ** 2))(x))
    )(X),
    "grad of grad of jvp": lambda F: fc.grad(
        lambda x: np.sum(fc.grad(lambda y: fc.jvp(F, (y,), (np.ones(3),))[1])(x) ** 2)
    )(X),
    "pullback of jvp": lambda F: fc.jvp(lambda g: fc.vjp(F, X)[1](g), (2.0,), (1.0,)),
}


class TestNestings:
    @pytest.mark.parametrize("name", NESTINGS)
    def test_checkpointed(self, name):
        close(NESTINGS[name](total(fc.checkpoint(wave))), NESTINGS[name](total(wave)))

    @pytest.mark.parametrize("name", NESTINGS)
    def test_checkpoint_inside_checkpoint(self, name):
        inner = fc.checkpoint(wave)
        outer = fc.checkpoint(lambda x: inner(inner(x)) * x)
        close(NESTINGS[name](total(outer)), NESTINGS[name](total(lambda x: wave(wave(x)) * x)))

    @pytest.mark.parametrize("name", NESTINGS)
    def test_closing_over_the_values_of_every_level(self, name):
        def loss(checkpoint):
            def F(x):
                def f(y):
                    return np.tanh(y * x) + fc.grad(lambda z: np.sum(np.sin(z * x) * y))(y)

                return np.sum(checkpoint(f)(x * x))

            return F

        close(NESTINGS[name](loss(fc.checkpoint)), NESTINGS[name](loss(lambda f: f)))

    @pytest.mark.parametrize("name", NESTINGS)
    def test_loop(self, name):
        def step(x, k):
            return x + 0.1 * np.sin(x * (k + 1))

        def plain(x):
            for k in range(7):
                x = step(x, k)
            return np.sum(x * x)

        def looped(x):
            y = fc.checkpoint_loop(step, x, 7)
            return np.sum(y * y)

        close(NESTINGS[name](looped), NESTINGS[name](plain))

    def test_first_order_is_equal_bit_for_bit(self):
        for name in ("grad", "value_and_grad", "jvp", "hvp, jvp of grad"):
            same(NESTINGS[name](total(fc.checkpoint(wave))), NESTINGS[name](total(wave)))

    def test_inside_custom_rules(self):
        f = fc.checkpoint(wave)

        @fc.custom_vjp
        def by_hand(x):
            return f(x)

        by_hand.defvjp(lambda x: (f(x), x), lambda x, g: (fc.vjp(f, x)[1](g)[0],))

        @fc.custom_jvp
        def forward(x):
            return f(x)

        forward.defjvp(lambda ps, ts: fc.jvp(f, ps, ts))
        for g in (by_hand, forward, fc.checkpoint(by_hand), fc.checkpoint(forward)):
            for name in ("grad", "hessian", "grad of jvp", "hvp, jvp of grad"):
                close(NESTINGS[name](total(g)), NESTINGS[name](total(wave)))

    def test_a_pullback_may_be_called_again_and_after_changes_of_the_arguments(self):
        a, c = X.copy(), np.array([2.0, 3.0, 4.0])
        value, pullback = fc.vjp(fc.checkpoint(lambda x: np.sin(x) * c), a)
        a[:] = 0.0
        c[:] = 0.0
        for _ in range(2):
            same(pullback(np.ones(3))[0], np.cos(X) * np.array([2.0, 3.0, 4.0]))

    def test_the_rule_that_other_modes_read(self):
        from funcad.transforms.dual import Dual, JvpTrace
        from funcad.transforms.rerun import Call, Pull

        trace = JvpTrace()
        x, y = Dual(trace, X, np.ones(3)), Dual(trace, 2.0, 1.0)
        made = Call(lambda x, y: (np.sin(x) * y, 5), (x, y), {})
        p = made._primitive(Pull(made, made.arrays))
        (out, count) = p.apply((x, y), {})
        same(out.tangent, np.cos(X) * 2.0 + np.sin(X))
        assert count == 5


_spec = importlib.util.spec_from_file_location("programs", Path(__file__).with_name("programs.py"))
programs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(programs)


def summed(derivative):
    return lambda *args: sum([np.sum(x) for x in fc.tree.flatten(derivative(*args))[0]])


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_programs(name):
    f, args = programs.PROGRAMS[name]
    tangents = fc.tree.map(lambda x: 1.0 if isinstance(x, float) else np.ones_like(x), args)
    every = tuple(range(len(args)))

    def derivatives(f):
        F = lambda *args: np.sum(f(*args) ** 2)
        forward = lambda *args: fc.jvp(F, args, tangents)[1]
        return (
            fc.grad(F, every)(*args),
            fc.grad(summed(fc.grad(F, every)), every)(*args),
            fc.grad(forward, every)(*args),
            fc.jvp(fc.grad(forward, every), args, tangents)[1],
        )

    got, expected = [fc.tree.flatten(derivatives(g))[0] for g in (fc.checkpoint(f), f)]
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-11 * np.max(np.abs(b), initial=1.0))


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclass
class Layer:
    weight: Any
    name: str = "layer"


@attrs.frozen
class Frozen:
    weight: Any


class TestValues:
    def test_containers_keywords_and_leaves_that_are_no_numbers(self):
        def f(p, x, *, scale=1.0, mode="sin"):
            assert mode == "cos"
            y = np.cos(p["w"] @ x) * scale
            return {"y": (y, [p["b"] * 2]), "mode": mode, "count": 3, "flag": None}

        def loss(f):
            def F(p, s):
                out = f(p, X, scale=s, mode="cos")
                assert out["mode"] == "cos" and out["flag"] is None
                assert type(out["count"]) is int
                return np.sum(out["y"][0]) * out["y"][1][0] * range(9)[out["count"]]

            return F

        args = ({"w": W, "b": 0.5}, 2.0)
        same(fc.grad(loss(fc.checkpoint(f)), (0, 1))(*args), fc.grad(loss(f), (0, 1))(*args))

    def test_classes(self):
        def f(l, z, p):
            return Pair(np.sin(l.weight) * z.weight, Layer(p.a * p.b))

        def loss(f):
            def F(a, b):
                out = f(Layer(a), Frozen(b), Pair(a, b))
                return np.sum(out.a * out.b.weight)

            return F

        same(fc.grad(loss(fc.checkpoint(f)), (0, 1))(X, W[0]), fc.grad(loss(f), (0, 1))(X, W[0]))

    def test_types_of_numbers(self):
        def f(x):
            return np.exp(x) * x

        g = fc.grad(fc.checkpoint(f))
        for x in (0.5, np.float64(0.5), np.float32(0.5), np.array(0.5), np.array(0.5, np.float32)):
            assert type(g(x)) is type(fc.grad(f)(x)) and g(x) == fc.grad(f)(x)
        x = X.astype(np.float32)
        same(fc.grad(total(fc.checkpoint(np.sin)))(x), fc.grad(total(np.sin))(x))
        z = X + 1j
        same(
            fc.grad(lambda z: np.sum(np.abs(fc.checkpoint(f)(z))))(z),
            fc.grad(lambda z: np.sum(np.abs(f(z))))(z),
        )
        same(fc.grad(fc.checkpoint(f), holomorphic=True)(1 + 2j), fc.grad(f, holomorphic=True)(1 + 2j))

    def test_aux_and_results_that_do_not_depend(self):
        def f(x):
            return np.sum(x**2), {"twice": 2 * x, "sign": np.sign(x), "n": 3, "rate": 0.5}

        g, aux = fc.grad(fc.checkpoint(f), has_aux=True)(X)
        expected, expected_aux = fc.grad(f, has_aux=True)(X)
        same((g, aux), (expected, expected_aux))

        def uses(x):
            _, aux = fc.checkpoint(f)(x)
            return np.sum(aux["twice"]) * float(aux["rate"]) * float(aux["sign"][0])

        same(fc.grad(uses)(X), np.ones(3))

    def test_a_result_that_is_not_used_and_one_that_is_none(self):
        f = fc.checkpoint(lambda x: (np.sin(x), np.cos(x), x))
        same(fc.grad(lambda x: np.sum(f(x)[1]))(X), -np.sin(X))
        assert fc.grad(lambda x: x if fc.checkpoint(lambda x: None)(x) is None else 0.0)(2.0) == 1.0
        same(fc.grad(lambda x: np.sum(fc.checkpoint(lambda x: np.ones(3))(x) + x))(X), np.ones(3))

    def test_arrays_of_traced_elements(self):
        def f(x):
            return np.array([x[0] * x[1], np.sin(x[2])])

        same(fc.jacobian(fc.checkpoint(f))(X), fc.jacobian(f)(X))
        g = fc.checkpoint(lambda v: v * v)
        same(
            fc.grad(lambda x: np.sum(g(np.array([x[0], x[0] * x[2]]))))(X),
            fc.grad(lambda x: x[0] ** 2 + (x[0] * x[2]) ** 2)(X),
        )

    def test_constants_with_strides_are_rounded_as_they_were(self):
        rng = np.random.default_rng(0)
        a = rng.normal(size=(60, 50)).T
        x = rng.normal(size=60)
        f = lambda x: np.tanh(a @ x) @ a
        value, pullback = fc.vjp(fc.checkpoint(f), x)
        same(pullback(x), fc.vjp(f, x)[1](x))

    def test_branches_and_early_returns(self):
        def f(x):
            return np.sin(x) if x > 1 else x * x

        for x in (0.5, 2.0):
            assert fc.grad(fc.checkpoint(f))(x) == fc.grad(f)(x)


def agrees(loss, x=X):
    """Compare a loss that is written with a given `checkpoint` with the same without."""
    for derivative in (fc.grad, fc.hessian):
        close(derivative(loss(fc.checkpoint))(x), derivative(loss(lambda f: f))(x))


held = None


class TestClosures:
    def test_a_variable_a_default_and_a_partial(self):
        agrees(lambda ck: lambda x: np.sum(ck(lambda y: np.sin(y * x))(x + 1)))
        agrees(lambda ck: lambda x: np.sum(ck(lambda y, z=x * x: np.sin(y * z))(x + 1)))
        agrees(lambda ck: lambda x: np.sum(ck(functools.partial(lambda z, y: np.sin(y * z), x * x))(x + 1)))

        def keyword(ck):
            def F(x):
                def f(y, *, z=x * x):
                    return np.sin(y * z)

                return np.sum(ck(f)(x + 1) + ck(functools.partial(f, z=x))(x))

            return F

        agrees(keyword)

    def test_only_what_it_closes_over_is_traced(self):
        agrees(lambda ck: lambda x: np.sum(ck(lambda: np.sin(x * x))()))
        agrees(lambda ck: lambda x: np.sum(ck(lambda y: np.sin(y * x))(np.ones(3))))

    def test_a_closure_over_a_closure(self):
        def loss(ck):
            def F(x):
                def inner(y):
                    return np.sin(y * x)

                functions = {"inner": [inner]}

                def outer(y):
                    return functions["inner"][0](inner(y)) * 2

                return np.sum(ck(outer)(x))

            return F

        agrees(loss)

    def test_a_function_as_an_argument(self):
        agrees(lambda ck: lambda x: np.sum(ck(lambda f, y: f(f(y)))(lambda y: np.sin(y * x), x)))

    def test_recursion(self):
        def loss(ck):
            def F(x):
                def power(y, n):
                    return x if n == 0 else np.sin(y * power(y, n - 1))

                def checkpointed(y, n):
                    return x * y if n == 0 else ck(checkpointed)(np.sin(y), n - 1)

                return np.sum(ck(power)(x, 4)) + np.sum(checkpointed(x, 3))

            return F

        agrees(loss)

    def test_containers_and_objects(self):
        class Model:
            def __init__(self, layer):
                self.layer = layer

        @dataclass
        class Scaled:
            weight: Any

            def __call__(self, y):
                return np.sin(self.weight * y)

            def method(self, y):
                return np.cos(self.weight * y)

        def loss(ck):
            def F(x):
                params = {"a": [x, (x * x, "text")], "pair": Pair(x, Frozen(x + 1)), "layer": Layer(x)}
                plain = Model(Layer(2.0))

                def f(y):
                    p = params["a"][0] * params["a"][1][0] * params["pair"].b.weight
                    return p * y * params["layer"].weight * plain.layer.weight

                s = Scaled(x * x)
                return np.sum(ck(f)(x) + ck(s)(x) + ck(s.method)(x))

            return F

        agrees(loss)

    def test_transformed_functions(self):
        def loss(ck):
            def F(x):
                inner = ck(lambda y: np.sin(y * x))
                slope = fc.grad(lambda y: np.sum(np.sin(y * x)))
                return np.sum(ck(lambda y: inner(y) + slope(y))(x))

            return F

        agrees(loss)

    def test_the_variable_of_a_loop(self):
        def loss(ck):
            def F(x):
                for k in range(4):
                    x = ck(lambda y: np.sin(y) * (k + 1) + x)(x)
                return np.sum(x)

            return F

        agrees(loss)

    def test_what_changes_outside_after_the_call(self):
        def loss(ck):
            def F(x):
                states = [x]
                for _ in range(4):
                    states.append(ck(lambda y: np.sin(y) * states[-1] * len(states))(x))
                return np.sum(states[-1])

            return F

        agrees(loss)

    def test_variables_that_it_counts_with(self):
        def loss(ck):
            def F(x):
                k, log = 1.0, []

                def f(y):
                    nonlocal k
                    k += 1.0
                    log.append(k)
                    return np.sin(y) * k

                out = np.sum(ck(f)(ck(f)(x)))
                assert k == 3.0 and log == [2.0, 3.0]
                return out

            return F

        close(fc.grad(loss(fc.checkpoint))(X), fc.grad(loss(lambda f: f))(X))

    def test_empty_cells_cycles_and_modules(self):
        def F(x):
            ring = [1.0]
            ring.append(ring)

            def f(y):
                if y[0] > 100:
                    return later
                return np.sin(y) * ring[1][0]

            out = np.sum(fc.checkpoint(f)(x))
            later = None
            return out

        same(fc.grad(F)(X), np.cos(X))

    def test_other_containers(self):
        from collections import OrderedDict, deque

        d = OrderedDict(a=2.0)

        def F(x):
            both = OrderedDict(a=x, b=deque([x, x]))
            return np.sum(fc.checkpoint(lambda y: y * both["a"] * both["b"][1] * d["a"])(x))

        same(fc.grad(F)(np.ones(3)), 6 * np.ones(3))


class TestWhatIsHidden:
    """Each is an error or right, and never a derivative that is lost."""

    def test_a_global_variable(self):
        def F(x):
            global held
            held = x * x
            return np.sum(fc.checkpoint(lambda y: y * held)(x))

        with pytest.raises(RuleError, match="uses a traced value that is not among its arguments"):
            fc.grad(F)(X)

    def test_a_global_variable_of_an_outer_transform(self):
        def outer(checkpoint):
            def F(x):
                global held
                held = x
                return np.sum(fc.grad(lambda y: np.sum(checkpoint(lambda y: np.sin(y * held))(y)))(X))

            return F

        close(fc.grad(outer(fc.checkpoint))(X), fc.grad(outer(lambda f: f))(X))

        def mixed(x):
            global held
            held = x
            return np.sum(fc.grad(lambda y: np.sum(fc.checkpoint(lambda y: np.sin(y * held))(y)))(x))

        with pytest.raises(RuleError, match="not among its arguments"):
            fc.grad(mixed)(X)

    def test_a_global_variable_where_nothing_else_is_traced(self):
        def F(x):
            global held
            held = x
            return np.sum(fc.checkpoint(lambda y: y * held)(np.array([1.0, 2.0, 3.0])))

        same(fc.grad(F)(X), np.array([1.0, 2.0, 3.0]))

    def test_an_attribute(self):
        class Model:
            pass

        def F(x):
            m = Model()
            m.weight = x
            return np.sum(fc.checkpoint(lambda y: y * m.weight)(x))

        for derivative in (fc.grad, fc.jacrev, fc.hessian):
            with pytest.raises(RuleError, match="not among its arguments"):
                derivative(F)(X)
        # forward mode keeps nothing, and runs the function as it is
        same(fc.jvp(F, (X,), (np.ones(3),))[1], np.sum(2 * X))

    def test_an_attribute_below_forward_mode(self):
        class Model:
            pass

        def F(x):
            m = Model()
            m.weight = x
            return np.sum(fc.checkpoint(lambda y: y * m.weight)(x))

        with pytest.raises(RuleError, match="not among its arguments"):
            fc.grad(lambda x: fc.jvp(F, (x,), (np.ones(3),))[1])(X)

    def test_a_set_and_a_generator(self):
        def F(x):
            values = iter([x, x])
            return np.sum(fc.checkpoint(lambda y: y * next(values))(x))

        with pytest.raises(RuleError, match="not among its arguments"):
            fc.grad(F)(X)

        def G(x):
            numbers = iter([1.0, 2.0])
            return np.sum(fc.checkpoint(lambda y: y * next(numbers))(x))

        with pytest.raises(ReversePassError, match="computed something else"):
            fc.grad(G)(X)

    def test_an_attribute_that_does_not_show_in_the_result(self):
        class Model:
            total: Any = 0.0

        def F(x):
            m = Model()
            m.weight = x

            def f(y):
                m.total = m.total + m.weight * y
                return np.sin(y)

            out = fc.checkpoint(f)(x)
            return np.sum(out + m.total)

        with pytest.raises(LeakedTracerError):
            fc.grad(F)(X)

    def test_values_that_it_stores_elsewhere(self):
        def in_a_list(x):
            log = []
            out = fc.checkpoint(lambda y: (log.append(y * y), np.sin(y))[1])(x)
            return np.sum(out + log[0])

        def in_a_variable(x):
            last = None

            def f(y):
                nonlocal last
                last = y * y
                return np.sin(y)

            out = fc.checkpoint(f)(x)
            return np.sum(out + last)

        def closed_over(x):
            log = []
            out = fc.checkpoint(lambda y: (log.append(y * y), np.sin(y))[1])(x)
            return np.sum(out + fc.checkpoint(lambda y: y * log[0])(x))

        for F in (in_a_list, in_a_variable, closed_over):
            with pytest.raises(LeakedTracerError):
                fc.grad(F)(X)
            with pytest.raises(LeakedTracerError):
                fc.grad(lambda x: fc.jvp(F, (x,), (np.ones(3),))[1])(X)

    def test_what_an_earlier_transform_left_behind(self):
        last = None

        @fc.checkpoint
        def f(y):
            nonlocal last
            last = y * y
            return np.sin(y)

        for _ in range(2):
            same(fc.grad(lambda x: np.sum(f(x)))(X), np.cos(X))
        same(f(X), np.sin(X))
        kept = []
        fc.grad(lambda x: kept.append(x) or np.sum(x))(X)
        for derivative in (fc.grad, fc.jacfwd):
            with pytest.raises(LeakedTracerError):
                derivative(lambda x: np.sum(fc.checkpoint(lambda y: y * kept[0])(x)))(X)

    def test_results_that_are_not_taken_apart(self):
        class Box:
            def __init__(self, x):
                self.x = x

        for f, get in (
            (lambda y: Box(y * 2), lambda box: box.x),
            (lambda y: (v * 2 for v in y), lambda values: sum(values)),
        ):
            with pytest.raises(LeakedTracerError):
                fc.grad(lambda x: np.sum(get(fc.checkpoint(f)(x))))(X)

    def test_functions_that_cannot_be_rebuilt(self):
        class Model:
            def __init__(self, w):
                self.w = w

            def __call__(self, y):
                return np.sin(y) * self.w

        def cached(x):
            @functools.lru_cache
            def doubled():
                return 2 * x

            return lambda y: y * doubled()

        def custom(x):
            f = fc.custom_vjp(lambda y: y * x)
            f.defvjp(lambda y: (y * x, None), lambda _, g: (g * x,))
            return f

        for make in (Model, cached, custom):
            with pytest.raises(RuleError, match="not among its arguments"):
                fc.grad(lambda x: np.sum(fc.checkpoint(make(x))(x)))(X)

    def test_writes_to_containers_and_variables_that_hold_traced_values(self):
        def in_a_list(x):
            acc = [x]
            fc.checkpoint(lambda y: acc.append(y * acc[0]))(x)
            return np.sum(acc[-1])

        def in_a_variable(x):
            acc = x

            def f(y):
                nonlocal acc
                acc = acc * y
                return y

            fc.checkpoint(f)(x)
            return np.sum(acc)

        def in_an_argument(x):
            acc = {"a": x}
            fc.checkpoint(lambda d: d.update(b=d["a"] * 2))(acc)
            return np.sum(acc["b"])

        def in_a_dataclass(x):
            acc = Layer(x)
            fc.checkpoint(lambda y: setattr(acc, "weight", acc.weight * y))(x)
            return np.sum(acc.weight)

        cases = {
            "list": in_a_list,
            "variable": in_a_variable,
            "dict": in_an_argument,
            "Layer": in_a_dataclass,
        }
        for kind, F in cases.items():
            with pytest.raises(AssignmentError, match=f"writes to a {kind} that it closes over"):
                fc.grad(F)(X)

    def test_a_plain_log_may_be_written_to(self):
        def F(x):
            energies = np.zeros(3)
            log = []

            def step(x, k):
                energies[k] = fc.stop_gradient(np.sum(x * x))
                log.append(float(fc.stop_gradient(x[0])))
                return np.sin(x)

            out = np.sum(fc.checkpoint_loop(step, x, 3, every=1))
            assert len(log) == 3 and energies[0] == np.sum(X * X)
            return out

        same(fc.grad(F)(X), fc.grad(lambda x: np.sum(np.sin(np.sin(np.sin(x)))))(X))


class TestRunsThatDiffer:
    def test_the_global_generators(self):
        for draw in (lambda: np.random.normal(), lambda: random.random()):
            f = fc.checkpoint(lambda x: np.sin(x) * draw())
            # at 0 the factor does not show in the value
            for x in (X, np.zeros(3)):
                with pytest.raises(ReversePassError, match="drew other random numbers.*recorded at"):
                    fc.grad(lambda x: np.sum(f(x)))(x)
                with pytest.raises(ReversePassError, match="drew other random numbers"):
                    fc.grad(lambda x: fc.jvp(lambda x: np.sum(f(x)), (x,), (np.ones(3),))[1])(x)

    def test_a_function_that_sets_the_seed(self):
        def f(x):
            np.random.seed(3)
            return np.sin(x) * np.random.normal(size=3)

        same(fc.grad(lambda x: np.sum(fc.checkpoint(f)(x)))(X), fc.grad(lambda x: np.sum(f(x)))(X))

    def test_a_generator_in_a_closure_or_an_argument_draws_the_same_again(self):
        for make in (np.random.default_rng, np.random.RandomState, random.Random):

            def loss(ck):
                def F(x):
                    rng = make(0)
                    for _ in range(3):
                        x = ck(lambda y: np.sin(y) * (1 + rng.uniform(0, 1)))(x)
                        x = ck(lambda y, g: np.sin(y) * (1 + g.uniform(0, 1)))(x, rng)
                    return np.sum(x)

                return F

            agrees(loss)

    def test_a_hidden_generator(self):
        class Noise:
            rng = np.random.default_rng(0)

        def mask(x):
            return x * (Noise.rng.uniform(size=3) > 0.5) + Noise.rng.uniform() * x

        def scale(x):
            return x * Noise.rng.uniform()

        for f in (mask, scale):
            for x in (X, np.zeros(3)):
                with pytest.raises(ReversePassError, match="computed something else"):
                    fc.grad(lambda x: np.sum(fc.checkpoint(f)(x)))(x)

    def test_an_attribute_that_changes(self):
        class Simulation:
            dt = 1.0

        s = Simulation()

        def F(x):
            for k in range(3):
                s.dt = k + 1.0
                x = fc.checkpoint(lambda y: y * s.dt)(x)
            return np.sum(x)

        for x in (X, np.zeros(3)):
            with pytest.raises(ReversePassError, match="computed something else"):
                fc.grad(F)(x)

    def test_an_array_that_is_written_to(self):
        def F(x):
            c = np.ones(3)
            y = fc.checkpoint(lambda y: np.sin(y) * c)(x)
            c[0] = 2.0
            return np.sum(y)

        with pytest.raises(AssignmentError, match="read-only until the transform returns"):
            fc.grad(F)(X)
        c = np.ones(3)
        assert fc.grad(lambda x: np.sum(fc.checkpoint(lambda y: np.sin(y) * c)(x)))(X).shape == (3,)
        c[0] = 2.0  # writeable again

    def test_another_structure_shape_or_length(self):
        runs = Counter(lambda x: x)

        def first_differs(a, b):
            def f(x):
                runs(x)
                return a(x) if runs.runs == 1 else b(x)

            runs.runs = 0
            return f

        for a, b in (
            (lambda x: x * 2, lambda x: [x * 2]),
            (lambda x: x * 2, lambda x: (x * 2)[:2]),
            (lambda x: x * 2, lambda x: x + x),
            (lambda x: x * 2, lambda x: np.ones(3)),
        ):
            with pytest.raises(ReversePassError, match="computed something else"):
                fc.grad(lambda x: np.sum(fc.checkpoint(first_differs(a, b))(x)))(X)

    def test_an_error_in_the_second_run(self):
        runs = Counter(lambda x: x)

        def f(x):
            if runs.runs:
                raise ZeroDivisionError("the second run")
            return runs(x) * x

        with pytest.raises(ReversePassError, match="ZeroDivisionError: the second run"):
            fc.grad(lambda x: np.sum(fc.checkpoint(f)(x)))(X)

    def test_an_error_in_the_first_run(self):
        def f(x):
            raise ZeroDivisionError("the first run")

        with pytest.raises(ZeroDivisionError, match="the first run"):
            fc.grad(lambda x: np.sum(fc.checkpoint(f)(x)))(X)
        with pytest.raises(MismatchError):
            fc.vjp(fc.checkpoint(np.sin), X)[1](np.ones(2))


class TestRuns:
    """How often the function is run."""

    def count(self, derivative, inner=lambda f: f):
        f = Counter(wave)
        g = fc.checkpoint(f)
        derivative(lambda x: np.sum(g(x)))
        return f.runs

    def test_counts(self):
        assert self.count(lambda F: F(X)) == 1
        assert self.count(lambda F: fc.jvp(F, (X,), (X,))) == 1
        assert self.count(lambda F: fc.grad(F)(X)) == 2
        assert self.count(lambda F: fc.hvp(F, (X,), (X,))) == 2
        assert self.count(lambda F: fc.grad(lambda x: fc.jvp(F, (x,), (X,))[1])(X)) == 2
        # the run, the pullback, and the pullback again; then the run again where its value matters
        assert self.count(lambda F: fc.grad(lambda x: np.sum(fc.grad(F)(x)))(X)) == 3
        assert self.count(lambda F: fc.grad(lambda x: np.sum(fc.grad(lambda y: F(y) ** 2)(x)))(X)) == 4

    def test_once_for_each_pullback_and_for_all_operands_and_results(self):
        f = Counter(lambda a, b: (a * b, a + b))
        _, pullback = fc.vjp(fc.checkpoint(f), X, X)
        assert f.runs == 1
        for k in range(3):
            pullback((X, X))
            assert f.runs == 2 + k

    def test_loop(self):
        for n, every in ((10, None), (10, 1), (10, 4), (10, 99)):
            step = Counter(lambda x, k: np.sin(x) + k)
            fc.grad(lambda x: np.sum(fc.checkpoint_loop(step, x, n, every)))(X)
            assert step.runs == 2 * n

    def test_nested(self):
        f = Counter(wave)
        inner = fc.checkpoint(f)
        outer = fc.checkpoint(lambda x: inner(inner(x)))
        fc.grad(lambda x: np.sum(outer(x)))(X)
        # each of the two: the run of the loss, that of the outer function again, and its own again
        assert f.runs == 6


def double(x, k):
    return np.sin(x) * (1.0 + 0.1 * k)


class TestLoop:
    @pytest.mark.parametrize("n", [0, 1, 2, 7, 9, 10, 13, 16, 25])
    @pytest.mark.parametrize("every", [None, 1, 3, 5, 100])
    def test_agrees_with_the_plain_loop(self, n, every):
        def plain(x):
            for k in range(n):
                x = double(x, k)
            return x

        def looped(x):
            return fc.checkpoint_loop(double, x, n, every)

        same(looped(X), plain(X))
        assert fc.checkpoint_loop(double, X, 0) is X
        same(fc.grad(lambda x: np.sum(looped(x)))(X), fc.grad(lambda x: np.sum(plain(x)))(X))
        same(fc.jvp(looped, (X,), (X,)), fc.jvp(plain, (X,), (X,)))

    def test_containers_and_closures(self):
        def run(loop):
            def F(p, rate):
                def step(state, k):
                    x, v = state["x"], state["v"]
                    v = v - rate * np.sin(x)
                    return {"x": x + rate * v, "v": v, "name": state["name"]}

                end = loop(step, {"x": p, "v": np.zeros(3), "name": "pendulum"}, 12)
                return np.sum(end["x"] ** 2)

            return F

        def plain(step, state, n):
            for k in range(n):
                state = step(state, k)
            return state

        for derivative in (fc.grad, fc.hessian):
            # the cotangents of the rate are added up in another order
            close(derivative(run(fc.checkpoint_loop), (0, 1))(X, 0.1), derivative(run(plain), (0, 1))(X, 0.1))

    def test_numbers_of_steps(self):
        seen = []
        fc.grad(lambda x: fc.checkpoint_loop(lambda x, k: (seen.append(k), x * 2)[1], x, 5))(1.0)
        assert seen == [0, 1, 2, 3, 4] and all(type(k) is int for k in seen)
        assert fc.checkpoint_loop(lambda x, k: x + k, 0, np.int64(4), np.int64(2)) == 6

    def test_wrong_arguments(self):
        for n in (-1, 2.0, True, "3", None):
            with pytest.raises(ArgumentError, match="n must be an integer of 0 or more"):
                fc.checkpoint_loop(double, X, n)
        for every in (0, -2, 1.5, False, "1"):
            with pytest.raises(ArgumentError, match="every must be an integer of 1 or more"):
                fc.checkpoint_loop(double, X, 3, every)
        with pytest.raises(ArgumentError, match="the function of one step first"):
            fc.checkpoint_loop(X, double, 3)


class TestThreads:
    def test_transforms_and_one_pullback_in_many_threads(self):
        f = fc.checkpoint(lambda x: np.sin(x) * x)
        _, pullback = fc.vjp(lambda x: f(f(x)), X)
        expected = fc.grad(lambda x: np.sum(f(f(x))))(X)

        def work(k):
            g = fc.grad(lambda x: np.sum(f(f(x))))(X)
            return np.array_equal(g, expected), np.array_equal(pullback(np.ones(3) * 2**k)[0], g * 2**k)

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(work, range(40))) == {(True, True)}


def peak(f, *args):
    tracemalloc.start()
    try:
        f(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def steps(x, n):
    for _ in range(n):
        x = x + 0.01 * np.sin(x)
    return x


class TestMemory:
    """Peaks as `tracemalloc` sees them, which counts the arrays of NumPy exactly."""

    LARGE = np.linspace(0.0, 1.0, 1000)

    def ratio(self, derivative, n):
        plain = lambda x: np.sum(steps(x, n) ** 2)
        looped = lambda x: np.sum(fc.checkpoint_loop(lambda x, k: x + 0.01 * np.sin(x), x, n) ** 2)
        return peak(derivative, looped) / peak(derivative, plain)

    def test_grad(self):
        assert self.ratio(lambda F: fc.grad(F)(self.LARGE), 2000) < 0.1

    def test_second_order(self):
        v = np.ones(1000)
        assert self.ratio(lambda F: fc.hvp(F, (self.LARGE,), (v,)), 600) < 0.15
        assert self.ratio(lambda F: fc.grad(lambda x: fc.jvp(F, (x,), (v,))[1])(self.LARGE), 600) < 0.15
        assert self.ratio(lambda F: fc.grad(lambda x: np.sum(fc.grad(F)(x) ** 2))(self.LARGE), 600) < 0.15

    def test_grows_as_the_square_root(self):
        def of(n):
            step = lambda x, k: x + 0.01 * np.sin(x)
            return peak(lambda: fc.grad(lambda x: np.sum(fc.checkpoint_loop(step, x, n)))(self.LARGE))

        assert 1.5 < of(1600) / of(400) < 2.5

    def test_a_pullback_keeps_arguments_and_results_only(self):
        x = np.linspace(0.0, 1.0, 20000)
        f = fc.checkpoint(lambda x: steps(x, 50))
        fc.vjp(lambda x: f(f(x)), x)
        tracemalloc.start()
        try:
            _, pullback = fc.vjp(lambda x: f(f(x)), x)
            held = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        # the argument, the state between, the result and that which was returned
        assert held < 4.3 * x.nbytes
        assert callable(pullback)
