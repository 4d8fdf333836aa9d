"""`vmap`: axes, containers, chunks, nestings, indices that are batches, and what it refuses."""

import itertools
import logging
import math
from typing import NamedTuple

import attrs
import numpy as np
import pytest
from numpy._core.overrides import array_function_dispatch

import funcad as fc
from funcad.errors import (
    ArgumentError,
    AssignmentError,
    BatchError,
    LeakedTracerError,
    MismatchError,
    NoRuleError,
    TreeError,
)

RNG = np.random.default_rng(7)
X = RNG.normal(size=(4, 3))
W = RNG.normal(size=(3, 3))


def energy(x):
    return np.sum(np.tanh(W @ x) ** 2) + x[0] * x[1]


def loop(f, *batches):
    return np.stack([f(*rows) for rows in zip(*batches, strict=True)])


class TestAxes:
    def test_the_function_sees_one_example(self):
        seen = []

        def f(x):
            seen.append((x.shape, x.ndim, x.size, len(x), x.dtype, np.shape(x), np.ndim(x)))
            return x

        np.testing.assert_array_equal(fc.vmap(f)(X), X)
        assert seen == [((3,), 1, 3, 3, X.dtype, (3,), 1)]

    @pytest.mark.parametrize("axis", [0, 1, -1, -2])
    def test_in_axes_and_out_axes(self, axis):
        examples = np.moveaxis(X, axis, 0)
        expected = np.stack([np.sin(x) * x[0] for x in examples], axis=axis)
        got = fc.vmap(lambda x: np.sin(x) * x[0], in_axes=axis, out_axes=axis)(X)
        np.testing.assert_allclose(got, expected, rtol=1e-15)

    def test_arguments_that_are_the_same_for_all(self):
        got = fc.vmap(lambda w, x, s: w @ x * s, in_axes=(None, 0, None))(W, X, 2.0)
        np.testing.assert_allclose(got, 2 * X @ W.T, rtol=1e-14)

    def test_an_axis_for_every_leaf(self):
        tree = {"a": X, "b": [X.T, 3.0]}
        f = lambda p: p["a"] + p["b"][0] * p["b"][1]
        got = fc.vmap(f, in_axes=({"a": 0, "b": [1, None]},))(tree)
        np.testing.assert_array_equal(got, 4 * X)
        got = fc.vmap(lambda p: {"s": np.sum(p), "p": (p, 1.0)}, out_axes={"s": 0, "p": (1, None)})(X)
        np.testing.assert_array_equal(got["p"][0], X.T)
        assert got["p"][1] == 1.0

    def test_keywords_are_mapped_along_their_first_axis(self):
        np.testing.assert_array_equal(fc.vmap(lambda x, y: x * y)(X, y=X), X * X)

    def test_results_that_do_not_depend_on_the_batch_are_repeated(self):
        np.testing.assert_array_equal(fc.vmap(lambda x: 2.0)(X), np.full(4, 2.0))
        got = fc.vmap(lambda x: W, axis_size=4)(X)
        assert got.shape == (4, 3, 3)
        got[0, 0, 0] = 100.0  # an array of its own

    def test_axis_size_alone(self):
        np.testing.assert_array_equal(fc.vmap(lambda: np.ones(2), axis_size=3)(), np.ones((3, 2)))

    def test_results_share_no_memory_with_the_arguments(self):
        for f in (lambda x: x, lambda x: x[::-1], lambda x: x.reshape(3, 1)):
            assert not np.shares_memory(fc.vmap(f)(X), X)

    def test_containers(self):
        class Pair(NamedTuple):
            u: object
            v: object

        @attrs.define
        class Point:
            u: object
            name: str

        got = fc.vmap(lambda p: Point(p.u + p.v[0], "sum"))(Pair(X, [X]))
        assert got.name == "sum"
        np.testing.assert_array_equal(got.u, 2 * X)

    @pytest.mark.parametrize("dtype", [np.float32, np.complex128, np.int64, bool])
    def test_dtypes_are_kept(self, dtype):
        x = np.arange(6).reshape(2, 3).astype(dtype)
        got = fc.vmap(lambda x: x)(x)
        assert got.dtype == dtype
        np.testing.assert_array_equal(fc.vmap(np.sum)(x), [np.sum(row) for row in x])

    @pytest.mark.parametrize("size", [0, 1])
    def test_few_examples(self, size):
        x = X[:size]
        assert fc.vmap(lambda x: np.sin(x).sum() * x)(x).shape == (size, 3)

    def test_places_of_extremes_in_no_examples(self):
        for f in (np.argmax, np.argmin, np.nanargmax, lambda x: np.argsort(x), np.any):
            got = fc.vmap(f)(X[:0])
            assert got.shape == (0, *np.shape(f(X[0]))) and got.dtype == np.asarray(f(X[0])).dtype
        with pytest.raises(ValueError, match="empty"):
            fc.vmap(np.argmax)(np.zeros((0, 0)))

    @pytest.mark.parametrize("chunk", [1, 2, 3, 4, 100])
    def test_chunks(self, chunk):
        sizes = []

        def f(w, x):
            sizes.append(1)
            return {"a": w @ x, "b": 1.0}

        got = fc.vmap(f, in_axes=(None, 0), chunk_size=chunk)(W, X)
        np.testing.assert_allclose(got["a"], X @ W.T, rtol=1e-14)
        np.testing.assert_array_equal(got["b"], np.ones(4))
        assert len(sizes) == -(-4 // chunk)

    def test_side_effects_happen_once(self):
        count = []
        fc.vmap(lambda x: count.append(1) or x)(X)
        assert count == [1]


class TestBranches:
    def test_where_in_place_of_if(self):
        f = lambda x: np.where(x > 0, x, np.exp(x))
        np.testing.assert_array_equal(fc.vmap(f)(X), f(X))
        for branch in (
            lambda x: x if x[0] > 0 else -x,
            lambda x: x if np.any(x > 0) else -x,
            lambda x: max(x[0], x[1]),
            lambda x: [k for k in range(3) if x[k] > 0],
            lambda x: x[0] and x[1],
            lambda x: 1 in x,
        ):
            with pytest.raises(BatchError, match=r"np\.where") as caught:
                fc.vmap(branch)(X)
            assert "test_vmap.py" in str(caught.value)

    def test_a_branch_on_what_is_the_same_for_all(self):
        got = fc.vmap(lambda w, x: w * x if w > 0 else x, in_axes=(None, 0))(2.0, X)
        np.testing.assert_array_equal(got, 2 * X)

    def test_logic(self):
        f = lambda x: ((x > 0) & ~(x > 1) | (x < -1) ^ (x == x)) * x + (x // 0.5) * (x != 0)
        np.testing.assert_array_equal(fc.vmap(f)(X), f(X))

    def test_a_branch_of_a_derivative_inside(self):
        with pytest.raises(BatchError, match=r"np\.where"):
            fc.vmap(fc.grad(lambda x: x[0] if x[1] > 0 else x[2]))(X)


class TestNesting:
    TRANSFORMS = {
        "grad": fc.grad(energy),
        "jacfwd": fc.jacfwd(lambda x: np.sin(x) * x[0]),
        "jacrev": fc.jacrev(lambda x: np.sin(x) * x[0]),
        "hessian": fc.hessian(energy),
        "jvp": lambda x: fc.jvp(energy, (x,), (np.ones(3),))[1],
        "vjp": lambda x: fc.vjp(np.cumsum, x)[1](np.ones(3))[0],
        "hvp": lambda x: fc.hvp(energy, (x,), (np.ones(3),)),
        "linearize": lambda x: fc.linearize(energy, x)[1](np.ones(3)),
        "diagonal": fc.hessian_diagonal(energy),
        "laplacian": fc.laplacian(energy),
        "third": fc.grad(fc.laplacian(energy)),
        "vmap": fc.vmap(lambda x: x * x),
    }

    @pytest.mark.parametrize("name", TRANSFORMS)
    def test_inside(self, name):
        f = self.TRANSFORMS[name]
        np.testing.assert_allclose(fc.vmap(f)(X), loop(f, X), rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("name", TRANSFORMS)
    def test_outside(self, name):
        f = self.TRANSFORMS[name]
        weights = RNG.normal(size=np.shape(loop(f, X)))
        by_batch = lambda X: np.sum(fc.vmap(f)(X) * weights)
        by_loop = lambda X: sum(np.sum(f(x) * w) for x, w in zip(X, weights, strict=True))
        np.testing.assert_allclose(fc.grad(by_batch)(X), fc.grad(by_loop)(X), rtol=1e-10, atol=1e-11)
        t = (np.cos(X),)
        np.testing.assert_allclose(
            fc.jvp(by_batch, (X,), t)[1], fc.jvp(by_loop, (X,), t)[1], rtol=1e-10, atol=1e-11
        )

    def test_batches_of_batches(self):
        Y = RNG.normal(size=(5, 4, 3))
        for axes in itertools.product([0, 1, 2], repeat=2):
            got = fc.vmap(fc.vmap(np.cumsum, in_axes=axes[1] % 2), in_axes=axes[0])(Y)
            assert got.shape == (
                Y.shape[axes[0]],
                np.delete(Y.shape, axes[0])[axes[1] % 2],
                np.delete(np.delete(Y.shape, axes[0]), axes[1] % 2)[0],
            )
        outer = fc.vmap(lambda x: fc.vmap(lambda y: np.outer(x, y) @ y)(X))(X)
        expected = np.array([[np.outer(x, y) @ y for y in X] for x in X])
        np.testing.assert_allclose(outer, expected, rtol=1e-13)

    def test_hessian_of_a_sum_over_a_batch(self):
        total = lambda w: np.sum(fc.vmap(lambda x: np.tanh(w @ x))(X))
        w = W[0]
        expected = fc.hessian(lambda w: sum(np.tanh(w @ x) for x in X))(w)
        np.testing.assert_allclose(fc.hessian(total)(w), expected, rtol=1e-12)

    def test_confusion(self):
        """d/dx of the sum over y of x times d/dy (x + y) counts every y once."""
        f = lambda x: np.sum(fc.vmap(lambda y: x * fc.grad(lambda y: x + y)(y))(np.ones(5)))
        assert fc.grad(f)(2.0) == 5.0

    def test_a_closure_over_an_outer_derivative(self):
        f = lambda w: np.sum(fc.vmap(lambda x: w @ x)(X) ** 2)
        np.testing.assert_allclose(fc.grad(f)(W[0]), 2 * X.T @ (X @ W[0]), rtol=1e-13)

    def test_values_that_get_out(self):
        kept = []
        fc.vmap(lambda x: kept.append(x) or x)(X)
        for use in (lambda x: x + 1, np.sin, np.sum, lambda x: x[0], lambda x: x > 0):
            with pytest.raises(LeakedTracerError, match="vmap"):
                use(kept[0])


B = 4
A = RNG.normal(size=(B, 3, 4, 5))
I = RNG.integers(0, 3, size=B)
I1 = RNG.integers(-3, 3, size=(B, 2))
J = RNG.integers(0, 4, size=(B, 2))
J2 = RNG.integers(0, 4, size=(B, 3, 2))
K = RNG.integers(0, 5, size=(B, 2))
READS = {
    "number": lambda x, i, i1, j, j2, k: x[i],
    "array": lambda x, i, i1, j, j2, k: x[i1],
    "second axis": lambda x, i, i1, j, j2, k: x[:, j2],
    "apart": lambda x, i, i1, j, j2, k: x[i1, :, k],
    "numbers apart": lambda x, i, i1, j, j2, k: x[i, :, k],
    "pair": lambda x, i, i1, j, j2, k: x[i1, j],
    "pair behind": lambda x, i, i1, j, j2, k: x[:, j, k],
    "with a fixed one": lambda x, i, i1, j, j2, k: x[:, j, np.array([0, 1])],
    "with a number": lambda x, i, i1, j, j2, k: x[1, j],
    "new axes": lambda x, i, i1, j, j2, k: x[None, i1, ..., k],
    "new axis behind": lambda x, i, i1, j, j2, k: x[..., None, k],
    "ellipsis": lambda x, i, i1, j, j2, k: x[..., k],
    "number behind": lambda x, i, i1, j, j2, k: x[..., i],
    "slice between": lambda x, i, i1, j, j2, k: x[i, 1:, i],
    "fixed apart": lambda x, i, i1, j, j2, k: x[[0, 1], :, [1, 2]],
    "fixed together": lambda x, i, i1, j, j2, k: x[:, [0, 1], [1, 2]],
    "fixed number apart": lambda x, i, i1, j, j2, k: x[0, :, [1, 2]],
    "ellipsis of no axes": lambda x, i, i1, j, j2, k: x[:, [0, 1], ..., [1, 2]],
    "batches and an ellipsis of no axes": lambda x, i, i1, j, j2, k: x[:, j, ..., k],
    "ellipsis of no axes in front": lambda x, i, i1, j, j2, k: x[..., i1, j, k],
    "fixed mask": lambda x, i, i1, j, j2, k: x[:, np.array([True, False, True, True])],
    "fixed mask of two axes": lambda x, i, i1, j, j2, k: x[np.arange(12).reshape(3, 4) % 2 == 0],
    "steps": lambda x, i, i1, j, j2, k: x[-1, ::-1, ::2],
    "empty list": lambda x, i, i1, j, j2, k: x[[]],
    "take": lambda x, i, i1, j, j2, k: np.take(x, i1, axis=0),
    "take behind": lambda x, i, i1, j, j2, k: np.take(x, j2, axis=1),
    "take of all": lambda x, i, i1, j, j2, k: np.take(x, j2),
    "take with a mode": lambda x, i, i1, j, j2, k: np.take(x, j2 + 3, axis=1, mode="wrap"),
    "take of a plain array": lambda x, i, i1, j, j2, k: fc.numpy.take(A[0], i1, axis=0) * x[0, 0, 0],
    "along": lambda x, i, i1, j, j2, k: np.take_along_axis(x, np.argsort(x, axis=1), 1),
    "argmax": lambda x, i, i1, j, j2, k: x.reshape(-1)[np.argmax(x)],
    "where": lambda x, i, i1, j, j2, k: np.where(i > 1, x, -x),
    "where, as positions": lambda x, i, i1, j, j2, k: x[0][np.where(x[0] * x[0] >= 0)],
    "where along": lambda x, i, i1, j, j2, k: np.where(np.any(x > 1, axis=1), np.sum(x, axis=1), 0.0),
    "reduction where": lambda x, i, i1, j, j2, k: np.sum(x, axis=(0, 2), where=x > 0),
    "elements": lambda x, i, i1, j, j2, k: np.array([x[0, 0, 0], np.sin(x[1, 1, 1]), 2.0]),
    "nested elements": lambda x, i, i1, j, j2, k: np.array([[x[0, 0, 0], np.sin(x[1, 1, 1])], [1.0, x[0, 0, 1]]]),
    "clip": lambda x, i, i1, j, j2, k: np.clip(x, -0.5, x[0, 0, 0]),
    "iteration": lambda x, i, i1, j, j2, k: sum(row[0] * n for n, row in enumerate(x)),
    "item": lambda x, i, i1, j, j2, k: x[0].item(3) * x,
}  # fmt: skip


@pytest.mark.parametrize("f", READS.values(), ids=READS)
class TestReading:
    def test_value(self, f):
        args = (A, I, I1, J, J2, K)
        np.testing.assert_array_equal(fc.vmap(f)(*args), loop(f, *args))

    def test_derivatives_inside_and_outside(self, f):
        args = (A, I, I1, J, J2, K)
        weights = RNG.normal(size=np.shape(f(*[a[0] for a in args])))
        loss = lambda *a: np.sum(f(*a) ** 3 * weights)
        expected = loop(fc.grad(loss), *args)
        np.testing.assert_allclose(fc.vmap(fc.grad(loss))(*args), expected, rtol=1e-12, atol=1e-14)
        outside = fc.grad(lambda A: np.sum(fc.vmap(loss)(A, *args[1:])))(A)
        np.testing.assert_allclose(outside, expected, rtol=1e-12, atol=1e-14)
        push = lambda *a: fc.jvp(lambda x: f(x, *a[1:]), (a[0],), (np.cos(a[0]),))[1]
        np.testing.assert_allclose(fc.vmap(push)(*args), loop(push, *args), rtol=1e-12, atol=1e-14)


@array_function_dispatch(lambda x: (x,))
def unknown(x):
    """A function that NumPy hands over, and that has no rule."""
    return np.max(x)


class TestLoops:
    def test_what_has_no_rule_is_looped_over(self, caplog):
        @fc.primitive
        def running_max(x):
            return np.maximum.accumulate(x)

        running_max.def_jvp(lambda t, x: np.where(x == np.maximum.accumulate(fc.stop_gradient(x)), t, 0.0))
        with caplog.at_level(logging.DEBUG, "funcad"):
            for _ in range(2):
                np.testing.assert_array_equal(fc.vmap(running_max)(X), np.maximum.accumulate(X, axis=1))
        assert len([r for r in caplog.records if "running_max" in r.message]) == 1

    def test_functions_that_funcad_does_not_know(self):
        np.testing.assert_array_equal(fc.vmap(unknown)(X), np.max(X, axis=1))
        with pytest.raises(NoRuleError, match="unknown"):
            fc.vmap(fc.grad(unknown))(X)

    def test_results_of_different_shapes(self):
        with pytest.raises(BatchError, match=r"different shapes.*np\.where"):
            fc.vmap(lambda x: np.flatnonzero(x > 0))(np.array([[1.0, -1.0], [1.0, 1.0]]))
        with pytest.raises(BatchError, match=r"np\.where"):
            fc.vmap(lambda x: x[x > 0])(X)

    def test_a_rule_that_branches(self):
        @fc.primitive
        def halved(x):
            return x / 2

        halved.def_vjp(lambda g, x: g / 2 if np.all(x > 0) else 0.5 * g)
        np.testing.assert_array_equal(fc.vmap(fc.grad(lambda x: np.sum(halved(x))))(X), np.full((4, 3), 0.5))

    def test_an_empty_batch_of_a_loop(self):
        with pytest.raises(BatchError, match="0 examples"):
            fc.vmap(unknown)(X[:0])


class TestOneBatchAmongPlainArrays:
    """What is a batch may be the keyword, the condition or the index alone."""

    MASKS = X > 0

    @pytest.mark.parametrize("reduce", [np.sum, np.prod])
    def test_a_mask_of_a_plain_array(self, reduce):
        data = np.array([2.0, 3.0, 5.0])
        got = fc.vmap(lambda m: reduce(data, where=m))(self.MASKS)
        np.testing.assert_array_equal(got, [reduce(data, where=m) for m in self.MASKS])

    @pytest.mark.parametrize("reduce", [np.max, np.min])
    def test_a_mask_of_an_extreme(self, reduce):
        f = lambda m: reduce(W, axis=1, where=m, initial=0.0, keepdims=True)
        np.testing.assert_array_equal(fc.vmap(f)(self.MASKS), [f(m) for m in self.MASKS])

    def test_conditions_of_select(self):
        for f in (
            lambda x: np.select([x > 0.5, x < -0.5], [x * 2, -x], x),
            lambda x: np.select([x[0] > 0.5, x[0] < -0.5], [x[0] * 2, -x[0]], x[1]),
            lambda x: np.select([W > 0, W < 0], [x * W, W]),
        ):
            np.testing.assert_array_equal(fc.vmap(f)(X), loop(f, X))
        with pytest.raises(TypeError, match="boolean"):
            fc.vmap(lambda x: np.select([x], [x]))(X)

    def test_differences_of_truth_values(self):
        f = lambda x: np.diff(x > 0, n=2)
        np.testing.assert_array_equal(fc.vmap(f)(X), loop(f, X))

    @pytest.mark.parametrize(
        "derivative", [fc.derivative, fc.grad, fc.jacobian, lambda f: lambda s: fc.linearize(f, s)[1](1.0)]
    )
    def test_an_index_inside_a_derivative(self, derivative):
        table = np.array([1.0, 2.0, 3.0])
        got = fc.vmap(lambda i: derivative(lambda s: (table * s)[i] ** 2)(1.0))(np.array([2, 0]))
        np.testing.assert_array_equal(got, [18.0, 2.0])


class TestBadInput:
    def test_different_numbers_of_examples(self):
        with pytest.raises(MismatchError) as caught:
            fc.vmap(lambda a, b: a["w"])({"w": X, "v": [X.T]}, np.ones(5))
        for part in ("argument 0['w'] has 4", "argument 0['v'][0] has 3", "argument 1 has 5"):
            assert part in str(caught.value)
        with pytest.raises(MismatchError, match="axis_size is 7"):
            fc.vmap(lambda x: x, axis_size=7)(X)

    def test_axes_out_of_range(self):
        with pytest.raises(ArgumentError, match=r"argument 0 along axis 2: its shape is \(4, 3\)"):
            fc.vmap(np.sum, in_axes=2)(X)
        with pytest.raises(ArgumentError, match=r"argument 1 along axis 0: its shape is \(\)"):
            fc.vmap(lambda x, s: x * s)(X, 2.0)
        with pytest.raises(ArgumentError, match="the result along axis 1"):
            fc.vmap(np.sum, out_axes=1)(X)
        with pytest.raises(ArgumentError, match="None is for results that are the same"):
            fc.vmap(np.sum, out_axes=None)(X)
        with pytest.raises(ArgumentError, match="2 entries"):
            fc.vmap(np.sum, in_axes=(0, 0))(X)
        with pytest.raises(TreeError, match="in_axes"):
            fc.vmap(lambda p: p["a"], in_axes=({"b": 0},))({"a": X})

    def test_nothing_mapped(self):
        with pytest.raises(ArgumentError, match="nothing to map"):
            fc.vmap(np.sum, in_axes=None)(X)

    @pytest.mark.parametrize("size", [0, -1, 1.5, True])
    def test_chunk_sizes(self, size):
        with pytest.raises(ArgumentError, match="chunk_size"):
            fc.vmap(np.sum, chunk_size=size)

    def test_conversions(self):
        for f, hint in (
            (float, "a float"),
            (lambda x: np.arange(3)[x.astype(int)], "funcad.numpy.take"),
            (lambda x: range(x.astype(int)), "funcad.numpy.take"),
            (lambda x: np.ones(3)[x.astype(int), None], r"funcad\.numpy\.take"),
            (lambda x: np.array([x], float), r"np\.stack"),
            (math.sin, r"np\.sin"),
            (lambda x: np.ones(3)[np.ones(3) * x > 0], r"np\.where"),
            (lambda x: (np.ones(3) * x)[np.ones(3) * x > 0], r"test_vmap\.py.*np\.where"),
        ):
            with pytest.raises(BatchError, match=hint):
                fc.vmap(f)(np.ones(3))

    def test_stores_into_a_plain_array(self):
        def one_by_one(x):
            out = np.zeros(3)
            out[0] = x[0]

        def a_slice(x):
            out = np.zeros(3)
            out[:2] = x[:2]

        for f in (one_by_one, a_slice):
            with pytest.raises(AssignmentError, match=r"test_vmap\.py.*funcad\.numpy\.zeros"):
                fc.vmap(f)(X)

    def test_a_keyword_that_is_the_same_for_all(self):
        with pytest.raises(ArgumentError, match=r"argument 's'.*keywords are mapped.*close over"):
            fc.vmap(lambda x, s: x * s)(X, s=2.0)

    def test_not_a_function(self):
        with pytest.raises(ArgumentError, match="takes a function"):
            fc.vmap(X)
