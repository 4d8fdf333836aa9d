"""Arrays that plain NumPy makes of traced values: exact, or an error, never a derivative that is lost."""

import numpy as np
import pytest

import funcad as fc
from funcad.errors import ConversionError

X = np.array([0.5, -1.5, 2.0])
Z = np.array([1 + 2j, 3 - 1j])


@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning")
class TestElements:
    def test_arrays_without_axes_inside_an_array(self):
        f = lambda x: np.array([np.asarray(x[0]), np.array(x[1]) * 2.0, np.asarray(x[0])])
        expected = [[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [1.0, 0.0, 0.0]]
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            np.testing.assert_array_equal(jac(f)(X), expected)
        np.testing.assert_array_equal(fc.vmap(f)(np.stack([X, -X])), [f(X), f(-X)])
        g = lambda x: np.array([np.asarray(x[0]), np.asarray(x[1])]) @ np.array([np.asarray(x[1]), x[2]])
        np.testing.assert_allclose(fc.grad(g)(X), [X[1], X[0] + X[2], X[1]])

    def test_arrays_of_arrays_are_an_error(self):
        def ragged(x):
            out = np.empty(2, object)
            out[0], out[1] = [x[0], x[1]], [x[2]]
            return out

        for use in (ragged, lambda x: x[0] * ragged(x)):
            with pytest.raises(ConversionError, match="derivative would be lost"):
                fc.jacobian(use)(X)

    @pytest.mark.parametrize(
        "f",
        [
            lambda z: np.sum(np.imag(np.array([z[0], z[1]]))),
            lambda z: np.sum(np.array([z[0], z[1]]).real),
            lambda z: np.abs(np.linalg.norm(np.array([z[0], z[1]]))),
            lambda z: np.var(np.array([z[0], z[1]])),
            lambda z: np.imag(np.asarray(z[0])),
            lambda z: np.sum(np.imag(np.exp(1j * np.array([z[0].real, z[1].imag])))),
        ],
    )
    def test_complex_elements_are_an_error(self, f):
        """NumPy takes Python objects for real numbers: the imaginary part would be 0."""
        for transform in (fc.grad, lambda f: lambda z: fc.vmap(f)(z[None])):
            with pytest.raises(ConversionError, match=r"test_elements\.py.*np\.stack"):
                transform(f)(Z)

    def test_stacked_complex_elements(self):
        f = lambda z: (
            np.linalg.norm(np.stack([z[0], z[1]])) ** 2 + np.sum(np.imag(fc.numpy.array([z[0], z[1]])))
        )
        np.testing.assert_allclose(fc.grad(f)(Z), 2 * np.conj(Z) - 1j)

    @pytest.mark.parametrize("dtype", [bool, np.int32, np.uint8])
    def test_elements_that_numpy_adds_up_in_a_larger_dtype_are_an_error(self, dtype):
        x = (np.array([[200, 100], [1, 1]]) if dtype is not bool else np.ones((2, 2))).astype(dtype)
        with pytest.raises(ConversionError, match=r"np\.stack"):
            fc.vmap(lambda x: np.sum(np.array([x[0], x[1]])))(x)
        np.testing.assert_array_equal(fc.vmap(lambda x: np.sum(np.stack([x[0], x[1]])))(x), np.sum(x, axis=1))

    def test_integers(self):
        x = np.array([[2, 1], [0, 2]])
        np.testing.assert_array_equal(
            fc.vmap(lambda i: X[0] + np.array([i[0], i[1] + 1]))(x), 0.5 + x + [0, 1]
        )
        np.testing.assert_array_equal(fc.vmap(lambda i: fc.numpy.take(X, np.array([i[0], i[1]])))(x), X[x])
        got = fc.vmap(lambda i, y: y[np.array([i[0], i[1]])] * y[[i[1], i[0]]], in_axes=(0, 0))(
            x, np.stack([X, X])
        )
        np.testing.assert_array_equal(got, X[x] * X[x[:, ::-1]])
        pick = lambda i: fc.grad(lambda y: y[np.array([i[0], i[1]])] @ X[:2])(X)
        np.testing.assert_array_equal(fc.vmap(pick)(x), [[0, X[1], X[0]], [X[0], 0, X[1]]])

    def test_empty_arrays_keep_their_dtype(self):
        for dtype in (np.float32, np.complex128, bool):
            x = np.zeros((2, 0), dtype)
            for f in (lambda x: np.array([x, x]), np.array, lambda x: np.sum([x, x], axis=0)):
                got = fc.vmap(f)(x)
                assert got.dtype == f(x[0]).dtype and got.shape == (2, *f(x[0]).shape)

    def test_constant_elements_are_numbers_again(self):
        f = lambda x: np.array([1.0, x[0]])[:1]
        value, tangent = fc.jvp(f, (X,), (X,))
        assert value.dtype == np.float64 and value == 1.0 and tangent == 0.0
        assert fc.vmap(f)(np.stack([X, X])).dtype == np.float64

    @pytest.mark.parametrize(
        "f",
        [
            lambda v: np.logaddexp(0.5, v),
            lambda v: np.arctan2(0.5, v),
            lambda v: np.sum(v, where=np.eye(2) > 0),
            np.isfinite,
            np.corrcoef,
            np.linalg.inv,
        ],
    )
    def test_functions_that_need_one_array_say_so(self, f):
        g = lambda x: f(np.array([[x[0], x[1]], [x[1], x[2]]]))
        for transform in (fc.jacfwd, fc.jacrev, lambda g: lambda x: fc.vmap(g)(x[None])):
            with pytest.raises(ConversionError, match=r"test_elements\.py.*funcad\.numpy\.array"):
                transform(g)(X)

    def test_a_users_own_attribute_error_is_left_alone(self):
        with pytest.raises(AttributeError, match="no attribute 'shape'") as caught:
            fc.grad(lambda x: x * (2.0).shape)(1.0)
        assert type(caught.value) is AttributeError


def test_a_python_number_beside_a_scalar_of_numpy():
    """np.negative makes a scalar of NumPy of a Python float; its tangent can be indexed as it can."""
    d = lambda f: lambda x: fc.jvp(f, (x,), (1.0,))[1]
    for f in (lambda x: np.negative(x)[()] ** 2, lambda x: np.negative(x)[None][0] ** 2):
        assert d(d(f))(0.3) == fc.hessian(f)(0.3) == 2.0
    assert d(d(lambda x: np.tanh(x).item() ** 2))(0.3) == pytest.approx(
        fc.hessian(lambda x: np.tanh(x) ** 2)(0.3)
    )
