"""The transforms' own behaviour: arguments, aux, signatures, pickling, modes."""

import copy
import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest

import funcad as fc
from funcad.errors import ArgumentError, AssignmentError

X = np.array([1.0, -2.0, 0.5])
TRANSFORMS = [fc.grad, fc.value_and_grad, fc.jacfwd, fc.jacrev, fc.jacobian, fc.hessian]


def energy(x, scale=2.0, *, shift=0.0):
    """The energy of a state."""
    return np.sum((x - shift) ** 2) * scale


gradient_of_energy = fc.grad(energy)


@fc.grad
def decorated(x):
    """A decorated function."""
    return np.sum(x**3)


class TestArguments:
    def test_position_name_and_keyword(self):
        assert fc.grad(energy, 1)(X, 3.0) == np.sum(X**2)
        assert fc.grad(energy, "scale")(X, 3.0) == np.sum(X**2)
        assert fc.grad(energy, "scale")(X, scale=3.0) == np.sum(X**2)
        assert fc.grad(energy, 1)(X, scale=3.0) == np.sum(X**2)
        assert fc.grad(energy, -1)(X, 3.0) == np.sum(X**2)
        np.testing.assert_allclose(fc.grad(energy, "x")(x=X), 4 * X)
        assert fc.grad(energy, "shift")(X, shift=1.0) == pytest.approx(-4 * np.sum(X - 1))

    def test_tuples(self):
        gx, gs, gt = fc.grad(energy, ("x", 1, "shift"))(X, 3.0, shift=1.0)
        np.testing.assert_allclose(gx, 6 * (X - 1))
        assert gs == np.sum((X - 1) ** 2) and gt == pytest.approx(-6 * np.sum(X - 1))
        assert isinstance(fc.grad(energy, (0,))(X), tuple)

    def test_keyword_dictionaries(self):
        def f(**options):
            return options["a"] * options["b"]

        assert fc.grad(f, "a")(a=2.0, b=3.0) == 3.0

    def test_a_name_is_never_that_of_an_extra_argument(self):
        def f(a, *rest, key=1.0):
            return a * rest[0] * rest[1] * key

        assert fc.grad(f, "key")(2.0, 3.0, 5.0, key=2.0) == 30.0
        for name in ("key", "rest"):
            with pytest.raises(ArgumentError):
                fc.grad(f, name)(2.0, 3.0, 5.0)

    def test_aux(self):
        def f(x):
            return np.sum(x**2), {"doubled": 2 * x, "note": "text"}

        g, aux = fc.grad(f, has_aux=True)(X)
        np.testing.assert_allclose(g, 2 * X)
        assert type(aux["doubled"]) is np.ndarray and aux["note"] == "text"
        (value, aux), g = fc.value_and_grad(f, has_aux=True)(X)
        assert value == np.sum(X**2) and type(aux["doubled"]) is np.ndarray
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            j, aux = jac(lambda x: (x**2, x), has_aux=True)(X)
            np.testing.assert_allclose(j, np.diag(2 * X))
            np.testing.assert_array_equal(aux, X)
        h, aux = fc.hessian(f, has_aux=True)(X)
        np.testing.assert_allclose(h, 2 * np.eye(3))
        assert type(aux["doubled"]) is np.ndarray
        # derivatives of an outer transform flow through aux
        assert fc.grad(lambda x: fc.grad(lambda y: (y * y, x * x), has_aux=True)(1.0)[1])(3.0) == 6.0

    def test_independent_arguments_and_constant_results(self):
        np.testing.assert_array_equal(fc.grad(lambda x, y: y)(X, 1.0), np.zeros(3))
        assert fc.grad(lambda x: 3)(1.0) == 0.0
        assert fc.grad(lambda x: np.floor(x) + np.sign(x))(1.5) == 0.0
        np.testing.assert_array_equal(fc.jacobian(lambda x: np.ones(2))(X), np.zeros((2, 3)))
        np.testing.assert_array_equal(fc.hessian(lambda x: x[0])(X), np.zeros((3, 3)))
        assert fc.jvp(lambda x: 2.0, (1.0,), (1.0,)) == (2.0, 0.0)

    def test_scalars_of_every_type(self):
        for x in (2.0, np.float64(2), np.float32(2), np.array(2.0)):
            g = fc.grad(lambda x: x * x)(x)
            assert g == 4.0 and getattr(g, "dtype", np.float64) == getattr(x, "dtype", np.float64)
            assert isinstance(g, np.ndarray) == isinstance(x, np.ndarray)

    def test_empty_arrays(self):
        empty = np.zeros((0, 2))
        assert fc.grad(lambda x: np.sum(x * 2))(empty).shape == (0, 2)
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            assert jac(lambda x: x[:, 0])(empty).shape == (0, 0, 2)
            assert jac(lambda x: np.sum(x, axis=0))(empty).shape == (2, 0, 2)


class TestSignatures:
    @pytest.mark.parametrize("transform", TRANSFORMS)
    def test_name_docstring_and_signature_are_kept(self, transform):
        f = transform(energy)
        assert f.__name__ == "energy" and f.__doc__ == "The energy of a state."
        assert f.__module__ == __name__ and inspect.unwrap(f) is energy
        assert inspect.signature(f) == inspect.signature(energy)
        assert "energy" in repr(f)

    @pytest.mark.parametrize("transform", TRANSFORMS)
    def test_pickle(self, transform):
        f = transform(energy, argnums=(0, "scale"))
        again = pickle.loads(pickle.dumps(f))
        assert again.__name__ == "energy"
        fc.tree.map(np.testing.assert_array_equal, f(X, 2.0), again(X, 2.0))

    def test_pickle_of_nested_module_level_and_decorated_ones(self):
        for f in (gradient_of_energy, fc.grad(fc.grad(np.sin)), decorated):
            x = X if f is not None and f.__name__ != "sin" else 0.3
            again = pickle.loads(pickle.dumps(f))
            np.testing.assert_array_equal(again(x), f(x))

    def test_pickled_in_another_process(self, tmp_path):
        (tmp_path / "model.py").write_text("def cube(x):\n    return x * x * x\n")
        make = "import pickle, sys, model, funcad; sys.stdout.buffer.write(pickle.dumps(funcad.grad(model.cube)))"
        use = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read())(2.0))"
        data = subprocess.run(
            [sys.executable, "-c", make], cwd=tmp_path, capture_output=True, check=True
        ).stdout
        out = subprocess.run(
            [sys.executable, "-c", use], cwd=tmp_path, input=data, capture_output=True, check=True
        )
        assert out.stdout.strip() == b"12.0"

    def test_methods(self):
        class Model:
            rate = 3.0

            def loss(self, w):
                return self.rate * w * w

            slope = fc.grad(loss, argnums=1)

        assert Model().slope(2.0) == 12.0
        assert fc.grad(Model().loss)(2.0) == 12.0


class TestModes:
    def test_jacobian_runs_the_function_once(self):
        calls = []

        def f(x):
            calls.append(1)
            return np.concatenate([x, x, x])

        fc.jacobian(f)(np.ones(2))
        assert len(calls) == 1  # 2 tangents instead of 6 cotangents go through its derivative
        calls.clear()
        fc.jacobian(lambda x: f(x)[:1])(np.ones(2))
        assert len(calls) == 1
        calls.clear()
        fc.jacfwd(f, chunk_size=1)(np.ones(2))
        assert len(calls) == 1

    def test_jacobian_of_complex_functions_of_real_numbers(self):
        j = fc.jacobian(lambda x: np.exp(1j * x))(X)
        np.testing.assert_allclose(j, np.diag(1j * np.exp(1j * X)))

    def test_matrix_shapes(self):
        a = np.arange(6.0).reshape(2, 3) + 1
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            j = jac(lambda a: a.T @ a)(a)
            assert j.shape == (3, 3, 2, 3)
        np.testing.assert_allclose(fc.jacfwd(lambda a: a.T @ a)(a), fc.jacrev(lambda a: a.T @ a)(a))

    def test_hvp_of_several_arguments(self):
        f = lambda x, y: np.sum(x**2) * y
        hx, hy = fc.hvp(f, (X, 2.0), (np.ones(3), 1.0))
        np.testing.assert_allclose(hx, 4 * np.ones(3) + 2 * X)
        assert hy == np.sum(2 * X)

    def test_stop_gradient(self):
        assert fc.grad(lambda x: x * fc.stop_gradient(x * x))(3.0) == 9.0
        assert fc.grad(fc.grad(lambda x: fc.stop_gradient(x) * x * x))(3.0) == 6.0
        p = fc.stop_gradient({"a": 1.0, "s": "text"})
        assert p == {"a": 1.0, "s": "text"}
        g = fc.grad(lambda p: p["a"] * fc.stop_gradient(p)["a"])({"a": 3.0})
        assert g == {"a": 3.0}


class TestArraysThatChange:
    """A constant that is written to between its use and the walk back: exact, or an error."""

    def test_a_buffer_that_is_filled_again_is_an_error(self):
        buffer = np.zeros(3)

        def f(w):
            total = 0.0
            for k in range(3):
                buffer[:] = k
                total = total + np.sum(np.sin(w) * buffer)
            return total

        with pytest.raises(AssignmentError, match=r"test_transforms.py:\d+ \(`buffer\[:\] = k`\).*copy"):
            fc.grad(f)(X)
        buffer[:] = 1.0  # writeable again

    def test_an_array_that_was_read_only_before_gives_its_own_error(self):
        fixed = np.broadcast_to(1.0, 3)

        def f(w):
            fixed[0] = 2.0
            return np.sum(w)

        for run in (fc.grad(f), lambda x: fc.jvp(f, (x,), (x,)), f):
            with pytest.raises(ValueError, match="read-only"):
                run(X)

    def test_rows_of_a_buffer_are_exact(self):
        def f(w):
            buffer, total = np.zeros((2, 3)), 0.0
            for k in range(3):
                buffer[0] = k
                total = total + np.sum(np.sin(w) * buffer[0])
            return total

        np.testing.assert_allclose(fc.grad(f)(X), 3 * np.cos(X))

    def test_arrays_are_writeable_after_an_error(self):
        data = np.ones(3)

        def f(w):
            y = w * data
            raise KeyError(y.shape)

        with pytest.raises(KeyError):
            fc.grad(f)(X)
        data[0] = 2.0
        fc.grad(lambda w: np.sum(w * data))(X)
        data[0] = 3.0
        _, pullback = fc.vjp(lambda w: w * data, X)
        data[0] = 4.0
        np.testing.assert_array_equal(pullback(np.ones(3))[0], [3.0, 1.0, 1.0])

    def test_a_pullback_keeps_the_values_of_its_recording(self):
        x, data, rows = X.copy(), np.ones(3), np.ones((2, 3))
        _, pullback = fc.vjp(lambda x: x * x * data * rows[0], x)
        x[:] = 7.0
        data[:] = 8.0
        rows[:] = 9.0
        np.testing.assert_array_equal(pullback(np.ones(3))[0], 2 * X)

    def test_the_result_of_vjp_may_be_changed(self):
        value, pullback = fc.vjp(np.exp, X)
        before = pullback(np.ones(3))[0]
        value += 5.0
        np.testing.assert_array_equal(pullback(np.ones(3))[0], before)
        result, pullback = fc.vjp(lambda x: {"x": x, "cubes": x**3}, X)
        result["x"][:] = 100.0
        del result["cubes"]
        np.testing.assert_array_equal(pullback({"x": np.ones(3), "cubes": np.ones(3)})[0], 1 + 3 * X**2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_scalars_keep_their_type(dtype):
    x = dtype(0.5)
    for derivative in (
        fc.grad(lambda x: 2.0 * x)(x),
        fc.grad(fc.grad(lambda x: x * x * 2.0))(x),
        fc.grad(lambda x: 1.0)(x),
        fc.jacfwd(lambda x: 3)(x),
        fc.jvp(lambda x: dtype(1), (x,), (x,))[1],
    ):
        assert type(derivative) is dtype


def test_integer_and_empty_results_have_floating_point_derivatives():
    x = X.astype(np.float32)
    for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
        blocks = jac(lambda x: (np.array([np.argmax(x), 2]), np.argmax(x)))(x)
        assert [b.dtype for b in blocks] == [np.float32] * 2
        assert [b.shape for b in blocks] == [(2, 3), (3,)]
        assert jac(lambda xs: xs[0] * np.sum(xs[1]))([x, x[:0]])[1].dtype == np.float32


def test_copies_of_traced_values():
    assert fc.jvp(copy.deepcopy, (2.0,), (1.0,)) == (2.0, 1.0)
    assert type(fc.jvp(copy.copy, (2.0,), (1.0,))[0]) is float
    np.testing.assert_array_equal(fc.grad(lambda x: np.sum(copy.deepcopy(x) ** 2))(X), 2 * X)


def test_the_value_of_vjp_does_not_depend_on_the_copy_that_it_keeps():
    """Strided, reversed, transposed and repeated memory: bit for bit the value of the plain run."""
    block = np.random.default_rng(0).normal(size=(31, 40))
    views = [block, block.T, block[::2], block[:, ::3], block[::-1, ::-2], block[3], block[:, 5]]
    views += [np.broadcast_to(block[0], (4, 40)), block[1:1], np.asfortranarray(block)[2:, ::2]]
    for x in views:
        for f in (np.exp, np.sin, np.tanh, np.sum, lambda x: x @ x.T, lambda x: np.cumsum(x) * 0.1):
            value, pullback = fc.vjp(f, x)
            assert np.asarray(value).tobytes() == np.asarray(f(x)).tobytes()
            assert pullback(np.ones_like(value))[0].shape == x.shape
