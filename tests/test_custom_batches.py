"""Custom functions under vmap: the body and its rules run once for all examples."""

import numpy as np
import pytest

import funcad as fc
from funcad.errors import BatchError, RuleError

RNG = np.random.default_rng(0)
W, X, T = RNG.normal(size=3), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))


def by_jvp(runs):
    """A function of containers whose derivative is twice the true one, by its tangent."""

    @fc.custom_jvp
    def f(w, point):
        runs.append("body")
        return {"sum": w @ point["x"], "all": np.sin(point["x"]) * w, "name": "f"}

    @f.defjvp
    def rule(primals, tangents):
        runs.append("rule")
        (w, point), (tw, tp) = primals, tangents
        x, tx = point["x"], tp["x"]
        change = {
            "sum": 2 * (w @ tx + tw @ x),
            "all": 2 * (np.cos(x) * tx * w + np.sin(x) * tw),
            "name": "f",
        }
        return f(w, point), change

    return f


def by_vjp(runs):
    """The same by its cotangent."""

    @fc.custom_vjp
    def f(w, point):
        runs.append("body")
        return {"sum": w @ point["x"], "all": np.sin(point["x"]) * w, "name": "f"}

    def forward(w, point):
        runs.append("rule")
        return f(w, point), (w, {"kept": point["x"]})

    def backward(kept, g):
        w, x = kept[0], kept[1]["kept"]
        of_w = 2 * (g["sum"] * x + g["all"] * np.sin(x))
        return of_w, {"x": 2 * (g["sum"] * w + g["all"] * np.cos(x) * w)}

    f.defvjp(forward, backward)
    return f


def loss(f):
    def value(w, x):
        out = f(w, {"x": x})
        return out["sum"] ** 2 + np.sum(np.exp(out["all"]))

    return value


KINDS = pytest.mark.parametrize("make", [by_jvp, by_vjp])
AXES = pytest.mark.parametrize("axes", [(None, 0), (0, 0), (0, None)])


def looped(g, axes, *args):
    rows = [[x if a is None else x[k] for x, a in zip(args, axes, strict=True)] for k in range(4)]
    results = [g(*row) for row in rows]
    return (
        [np.array(column) for column in zip(*results, strict=True)] if type(results[0]) is tuple else results
    )


def arguments(axes):
    return [v if a == 0 else v[0] for v, a in zip((T, X), axes, strict=True)]


@KINDS
@AXES
def test_values_and_derivatives_inside_vmap(make, axes):
    value, args = loss(make([])), arguments(axes)
    np.testing.assert_allclose(fc.vmap(value, axes)(*args), looped(value, axes, *args))

    def tangent(w, x):
        return fc.jvp(value, (w, x), (x, w))[1]

    for g in (fc.grad(value, argnums=(0, 1)), tangent, fc.hessian(value, argnums=1)):
        wanted = looped(g, axes, *args)
        got = fc.vmap(g, axes)(*args)
        for a, b in zip(got, wanted, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


OUTSIDE = {
    "grad": lambda f: fc.grad(f, argnums=(0, 1)),
    "jacfwd": lambda f: fc.jacfwd(f, argnums=(0, 1)),
    "grad of grad": lambda f: fc.grad(lambda w, x: np.sum(fc.grad(f)(w, x) ** 2), argnums=(0, 1)),
    "jvp of grad": lambda f: lambda w, x: fc.jvp(fc.grad(f, argnums=(0, 1)), (w, x), (w, x))[1],
}


@KINDS
@AXES
@pytest.mark.parametrize("of", OUTSIDE)
def test_derivatives_of_vmap_take_the_rule_and_sum_over_what_is_shared(make, axes, of):
    value, args = loss(make([])), arguments(axes)

    def batch(w, x):
        return np.sum(fc.vmap(value, axes)(w, x) * np.arange(1.0, 5.0))

    def loop(w, x):
        rows = [[v if a is None else v[k] for v, a in zip((w, x), axes, strict=True)] for k in range(4)]
        return sum((k + 1.0) * value(*row) for k, row in enumerate(rows))

    for got, wanted in zip(OUTSIDE[of](batch)(*args), OUTSIDE[of](loop)(*args), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-11)


@KINDS
def test_the_body_and_the_rule_run_once_for_a_batch(make):
    runs = []
    f = make(runs)
    fc.vmap(lambda x: f(W, {"x": x})["sum"])(X)
    assert runs == ["body"]
    runs.clear()
    fc.grad(lambda w: np.sum(fc.vmap(lambda x: f(w, {"x": x})["sum"])(X)))(W)
    assert runs.count("rule") == 1


@KINDS
def test_nested_batches(make):
    value = loss(make([]))
    ws, xs = RNG.normal(size=(2, 3)), RNG.normal(size=(5, 3))
    for g in (value, fc.grad(value)):
        pairs = fc.vmap(fc.vmap(g, (None, 0)), (0, None))(ws, xs)
        np.testing.assert_allclose(pairs, [[g(w, x) for x in xs] for w in ws], rtol=1e-12)

    def total(w):
        return np.sum(fc.vmap(fc.vmap(value, (None, 0)), (0, None))(w, xs))

    wanted = fc.grad(lambda w: sum(value(w[i], x) for i in range(2) for x in xs))(ws)
    np.testing.assert_allclose(fc.grad(total)(ws), wanted, rtol=1e-12)
    np.testing.assert_allclose(fc.jacfwd(total)(ws), wanted, rtol=1e-12)


def test_cotangents_and_tangents_that_are_broadcast_are_so_for_each_example():
    @fc.custom_vjp
    def mean(x, unused):
        return np.mean(x)

    mean.defvjp(lambda x, unused: (np.mean(x), None), lambda _, g: (g / 3, None))

    @fc.custom_jvp
    def doubled(x):
        return 2 * x

    doubled.defjvp(lambda xs, ts: (2 * xs[0], 1.0 + 0 * np.sum(ts[0])))
    x = RNG.normal(size=(3, 3))
    of_batch = fc.vjp(lambda x: fc.vmap(mean, (0, None))(x, 1.0), x)[1](np.array([1.0, 2.0, 3.0]))[0]
    np.testing.assert_allclose(of_batch, np.outer([1, 2, 3], np.ones(3)) / 3)
    np.testing.assert_allclose(fc.jvp(fc.vmap(doubled), (x,), (x,))[1], np.ones((3, 3)))


def test_a_result_that_is_the_same_for_all_examples_and_an_empty_batch():
    @fc.custom_jvp
    def two(x):
        return np.array([1.0, 2.0])

    two.defjvp(lambda xs, ts: (two(xs[0]), np.zeros(2)))
    np.testing.assert_array_equal(fc.vmap(two)(X), [[1.0, 2.0]] * 4)
    np.testing.assert_array_equal(fc.jvp(fc.vmap(two), (X,), (T,))[1], np.zeros((4, 2)))
    assert fc.vmap(lambda x: by_vjp([])(W, {"x": x})["all"])(X[:0]).shape == (0, 3)


def test_errors():
    @fc.custom_jvp
    def branching(x):
        return x if x > 0 else -x

    branching.defjvp(lambda xs, ts: (xs[0], ts[0]))
    with pytest.raises(BatchError, match="branch"):
        fc.vmap(branching)(X[:, 0])

    def closing(x):
        inner = fc.custom_jvp(lambda y: x * y)
        inner.defjvp(lambda xs, ts: (xs[0], ts[0]))
        return inner(2 * x)

    with pytest.raises(RuleError, match="not among its arguments"):
        fc.vmap(closing)(X)
