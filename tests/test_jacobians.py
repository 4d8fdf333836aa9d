"""The Jacobian family: agreement of its modes, chunks, dtypes, memory, containers, and nestings."""

import itertools
import threading
import tracemalloc

import numpy as np
import pytest

import funcad as fc
from funcad.errors import InputTypeError, OutputError, ReversePassError

RNG = np.random.default_rng(11)
W = RNG.normal(size=(4, 4))
X = RNG.normal(size=4)
FAMILY = [fc.jacfwd, fc.jacrev, fc.jacobian, lambda f, **k: lambda *a: fc.value_and_jacobian(f, **k)(*a)[1]]


def by_jvp(f):
    """The Jacobian column by column, each from a run of its own."""

    def jacobian(x):
        columns = [fc.jvp(f, (x,), (np.reshape(e, np.shape(x)),))[1] for e in np.eye(x.size)]
        return np.reshape(np.stack(columns, axis=-1), np.shape(columns[0]) + np.shape(x))

    return jacobian


PROGRAMS = {
    "elementwise": lambda x: np.tanh(x) * np.exp(-x),
    "broadcast": lambda x: x[:, None] * np.sin(x),
    "number": lambda x: np.sum(np.cos(W @ x)) ** 2,
    "reductions": lambda x: np.stack([np.max(x), np.std(x), np.prod(x), np.linalg.norm(x)]),
    "elements": lambda x: np.array([[x[0] * x[1], 1.0], [np.sin(x[2]), x[3] ** 3]]),
    "one by one": lambda x: np.array([v * v for v in x]),
    "order": lambda x: np.sort(x)[::-1] * np.cumsum(x),
    "choice": lambda x: np.where(x > 0, x**2, np.sin(x)),
    "reading": lambda x: x[[0, 2, 2]] * x[1],
    "solve": lambda x: np.linalg.solve(W + 5 * np.eye(4), x * x),
    "inverse": lambda x: np.linalg.inv(np.outer(x, x) + 2 * np.eye(4)),
    "eigenvalues": lambda x: np.linalg.eigvalsh(W + W.T + np.diag(x)),
    "checkpoint": fc.checkpoint(lambda x: np.sin(W @ x) * x),
    "constant parts": lambda x: np.concatenate([x * x, np.ones(2)]),
    "does not depend": lambda x: np.floor(x) * 2.0,
    "closure": lambda x: fc.jvp(lambda y: x * np.sin(y * x), (X,), (np.ones(4),))[1],
}


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)
class TestAgreement:
    @pytest.mark.parametrize("chunk", [{}, {"chunk_size": 1}, {"chunk_size": 3}, {"memory": 64}])
    def test_all_modes_in_chunks(self, f, chunk):
        expected = by_jvp(f)(X)
        for jac in FAMILY:
            got = jac(f, **chunk)(X)
            assert got.flags.owndata and got.flags.c_contiguous
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13)

    def test_nested_in_every_order(self, f):
        expected = by_jvp(by_jvp(f))(X)
        for outer, inner in itertools.product([fc.jacfwd, fc.jacrev, fc.jacobian], repeat=2):
            for chunk in (None, 1, 3):
                got = outer(inner(f, chunk_size=chunk), chunk_size=chunk)(X)
                np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-11)
        for chunk in (None, 3):
            np.testing.assert_allclose(fc.hessian(f, chunk_size=chunk)(X), expected, rtol=1e-10, atol=1e-11)

    def test_of_a_batch(self, f):
        batch = np.stack([X, 0.5 * X, -X])
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            expected = np.stack([jac(f)(x) for x in batch])
            got = fc.vmap(jac(f, chunk_size=3))(batch)
            np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-12)

    def test_diagonal_and_trace(self, f):
        scalar = lambda x: np.sum(f(x) ** 2)
        expected = np.diagonal(by_jvp(by_jvp(scalar))(X))
        for chunk in (None, 1, 3):
            got = fc.hessian_diagonal(scalar, chunk_size=chunk)(X)
            np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)
            np.testing.assert_allclose(fc.laplacian(scalar, chunk_size=chunk)(X), expected.sum(), rtol=1e-10)


class TestDtypes:
    SINGLE = np.array([0.5, 1.5], np.float32)

    @pytest.mark.parametrize("chunk", [None, 1])
    def test_a_jacobian_has_the_dtype_of_its_argument_in_every_mode(self, chunk):
        f = lambda x: x * np.array([1.0, 2.0])  # a double-precision result of a single-precision argument
        g = lambda x: np.float32(2.0) * self.SINGLE * x
        for jac in FAMILY:
            assert jac(f, chunk_size=chunk)(self.SINGLE).dtype == np.float32
            assert jac(g, chunk_size=chunk)(np.float64(2.0)).dtype == np.float64
            assert jac(g, chunk_size=chunk)(2.0).dtype == np.float64
            assert jac(lambda x: np.sum(f(x)))(self.SINGLE).dtype == np.float32

    def test_blocks_of_arguments_of_different_dtypes(self):
        f = lambda p: {"s": p["a"] * np.sum(p["b"]), "t": p["b"] * p["a"][0]}
        p = {"a": self.SINGLE, "b": np.array([1.0, 2.0, 3.0])}
        for jac in FAMILY:
            for row in jac(f)(p).values():
                assert (row["a"].dtype, row["b"].dtype) == (np.float32, np.float64)

    def test_a_complex_result_of_real_arguments(self):
        got = fc.jacfwd(lambda x: np.exp(1j * x))(self.SINGLE)
        assert got.dtype == np.complex64
        np.testing.assert_allclose(np.diagonal(got), 1j * np.exp(1j * self.SINGLE), rtol=1e-6)

    @pytest.mark.parametrize("chunk", [None, 1])
    def test_holomorphic_functions(self, chunk):
        z = np.array([1 + 2j, 0.5 - 1j, 2j])
        f = lambda z: np.stack([z[0] * z[1], np.exp(z[2]) * z[0]])
        expected = [[z[1], z[0], 0], [np.exp(z[2]), 0, np.exp(z[2]) * z[0]]]
        for jac in FAMILY:
            np.testing.assert_allclose(jac(f, holomorphic=True, chunk_size=chunk)(z), expected, rtol=1e-14)
        with pytest.raises(InputTypeError):
            fc.jacfwd(f)(z)
        with pytest.raises(OutputError):
            fc.jacrev(f)(z)


class TestContainers:
    TREE = {"w": np.array([1.0, 2.0]), "b": [0.5, (np.array([[3.0]], np.float32),)]}

    @staticmethod
    def f(p, scale=1.0):
        w, b, c = p["w"], p["b"][0], p["b"][1][0]
        return {"u": np.sin(w) * b * scale, "v": [np.sum(c) * w[0], w[:, None] * c]}

    @pytest.mark.parametrize("chunk", [None, 1])
    def test_trees_of_trees(self, chunk):
        jacobians = [jac(self.f, chunk_size=chunk)(self.TREE) for jac in FAMILY]
        assert jacobians[0]["v"][1]["b"][1][0].shape == (2, 1, 1, 1)
        leaves = [fc.tree.ravel(j)[0] for j in jacobians]
        for other in leaves[1:]:
            np.testing.assert_allclose(other, leaves[0], rtol=1e-6)

    def test_value_gradient_and_hessian_of_a_tree(self):
        loss = lambda p: np.sum(self.f(p)["u"] ** 2) + self.f(p)["v"][0] ** 2
        value, gradient, hessian = fc.value_grad_and_hessian(loss)(self.TREE)
        assert value == loss(self.TREE)
        np.testing.assert_array_equal(gradient["w"], fc.grad(loss)(self.TREE)["w"])
        diagonal = fc.hessian_diagonal(loss)(self.TREE)
        np.testing.assert_allclose(diagonal["w"], np.diagonal(hessian["w"]["w"]), rtol=1e-6)
        np.testing.assert_allclose(diagonal["b"][0], hessian["b"][0]["b"][0], rtol=1e-6)

    def test_several_arguments_and_aux(self):
        f = lambda a, b: (a * np.sum(b), {"sum": np.sum(b), "name": "f"})
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            (by_b, by_a), aux = jac(f, argnums=(1, 0), has_aux=True)(X, X[:2])
            np.testing.assert_allclose(by_a, np.sum(X[:2]) * np.eye(4))
            np.testing.assert_allclose(by_b, np.stack([X, X], axis=1))
            assert aux == {"sum": np.sum(X[:2]), "name": "f"} and type(aux["sum"]) is np.float64

    def test_empty_arguments_and_results(self):
        for jac in FAMILY:
            for chunk in (None, 1):
                assert jac(lambda x: np.sin(x), chunk_size=chunk)(np.zeros(0)).shape == (0, 0)
                assert jac(lambda x: x[:0], chunk_size=chunk)(X).shape == (0, 4)
                # an array without items, taken apart and put together
                assert jac(lambda x: np.array([v * 2 for v in x]), chunk_size=chunk)(np.zeros(0)).shape == (
                    0,
                    0,
                )
        assert fc.laplacian(lambda x: np.sum(np.array([v * 2 for v in x])))(np.zeros(0)) == 0.0


class TestMemory:
    @staticmethod
    def over(jac, f, x):
        """Bytes at the worst moment beyond the result."""
        tracemalloc.start()
        result = jac(f, memory="2MB")(x)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak - result.nbytes

    @pytest.mark.parametrize("jac", [fc.jacfwd, fc.jacrev])
    def test_the_budget_is_kept_beside_the_result(self, jac):
        x = RNG.normal(size=1000)
        for f in (lambda x: np.sin(np.cumsum(x)), lambda x: np.concatenate([x[:500] ** 2, np.sort(x)])):
            assert self.over(jac, f, x) < 3e6

    def test_partial_derivatives_are_computed_once_for_all_chunks(self):
        calls = []

        @fc.primitive
        def wave(x):
            return np.sin(x)

        wave.def_elementwise(lambda x: calls.append(1) or np.cos(x))
        for jac in (fc.jacfwd, fc.jacrev):
            calls.clear()
            got = jac(wave, chunk_size=1)(np.linspace(0, 1, 40))
            assert calls == [1]
            np.testing.assert_array_equal(np.diagonal(got), np.cos(np.linspace(0, 1, 40)))


def test_an_error_in_a_formula_names_the_line_of_the_operation():
    @fc.primitive
    def fragile(x):
        return x * x

    def partial(x):
        raise KeyError("no table")

    fragile.def_elementwise(partial)
    for chunk in (1, None):
        with pytest.raises(ReversePassError, match=r"no table.*test_jacobians\.py.*fragile\(x\) \+ 1"):
            fc.jacrev(lambda x: fragile(x) + 1, chunk_size=chunk)(X)
    with pytest.raises(ReversePassError, match=r"no table.*test_jacobians\.py.*fragile\(x\) \+ 1"):
        fc.linearize(lambda x: fragile(x) + 1, X)


def test_threads_do_not_disturb_each_other():
    f = lambda x: np.sum(np.tanh(W @ x) ** 2) + np.linalg.norm(x)
    batches = [RNG.normal(size=(5, 4)) for _ in range(4)]
    run = lambda x: (fc.vmap(fc.hessian(f, chunk_size=2))(x), fc.vmap(fc.jacrev(fc.jacfwd(f)))(x))
    expected = [run(x) for x in batches]
    wrong = []

    def work(k):
        for _ in range(10):
            if not all(np.array_equal(a, b) for a, b in zip(run(batches[k]), expected[k], strict=True)):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []
