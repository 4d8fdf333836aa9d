"""Polynomials: the functions of `numpy`, and those of `numpy.polynomial`, which have no protocol."""

import warnings

import numpy as np
import pytest
from numpy.exceptions import RankWarning
from numpy.polynomial import Chebyshev, Polynomial, chebyshev, hermite, hermite_e, laguerre, legendre
from numpy.polynomial import polynomial as series

import funcad as fc
from funcad.errors import BatchError, ConversionError, TakenApartWarning
from funcad.testing import check_grads

X = np.array([1.3, -0.4, 2.2, 0.7])


def check(f, *args, order=2):
    """The value is that of the plain run, bit for bit and in type; the derivatives pass."""
    plain, traced = f(*args), fc.vjp(f, *args)[0]
    assert type(plain) is type(traced) and plain.dtype == traced.dtype
    np.testing.assert_array_equal(plain, traced)
    check_grads(f, args, order=order)


# --- roots


def test_a_root_at_zero_moves_as_the_constant_coefficient_does():
    jacobian = fc.jacobian(np.roots)(np.array([1.0, -3.0, 2.0, 0.0]))
    np.testing.assert_allclose(jacobian, [[-4, -2, -1, -0.5], [1, 1, 1, 1], [0, 0, 0, -0.5]], atol=1e-12)


def test_roots_move_with_a_leading_coefficient_that_is_zero():
    step = 1e-6
    p = np.array([0.0, 1.0, -3.0, 2.0])
    moved = np.roots([step, *p[1:]])[-2:]  # the first root came from infinity
    np.testing.assert_allclose(fc.jacobian(np.roots)(p)[:, 0], (moved - np.roots(p)) / step, rtol=1e-4)


def test_a_multiple_root_has_no_derivative_and_spoils_no_other():
    jacobian = fc.jacobian(np.roots)(np.array([1.0, 2.0, 0.0, 0.0]))
    np.testing.assert_allclose(jacobian[0], [2.0, -1.0, 0.5, -0.25])
    assert np.isnan(jacobian[1:]).all()


def test_complex_roots_of_real_coefficients():
    p = np.array([1.0, -3.0, 2.0, 5.0])
    check_grads(lambda p: np.roots(p).real, (p,), order=3)
    check_grads(lambda p: np.roots(p).imag, (p,), order=2)
    np.testing.assert_allclose(fc.grad(lambda p: np.sum(np.roots(p)).real)(p), [-3.0, -1.0, 0, 0], atol=1e-12)


@pytest.mark.parametrize("p", [[3.0], [0.0], [0.0, 0.0]])
def test_a_constant_has_no_roots_and_derivative_zero(p):
    np.testing.assert_array_equal(fc.grad(lambda p: np.sum(np.roots(p)))(np.array(p)), np.zeros(len(p)))


def test_the_characteristic_polynomial_of_a_real_matrix_is_real():
    turning = np.array([[0.0, 1.0], [-2.0, 0.5]])
    assert np.iscomplexobj(np.linalg.eigvals(turning))
    check(np.poly, turning)
    np.testing.assert_allclose(fc.jacobian(np.poly)(turning)[1], [[-1.0, 0.0], [0.0, -1.0]], atol=1e-12)


# --- products and quotients


def test_polymul_leaves_leading_zeros_out_as_numpy_does():
    check(lambda p: np.polymul(p, [0.0, 0.0, 1.0, 2.0]), X)
    p = np.array([0.0, 2.0, 3.0])
    assert fc.vjp(lambda p: np.polymul(p, [1.0, 1.0]), p)[0].shape == (3,)


def test_examples_whose_degrees_differ_are_an_error():
    batch = np.array([[1.0, 2.0], [0.0, 2.0]])
    with pytest.raises(BatchError, match="differ in whether a leading coefficient is zero"):
        fc.vmap(lambda p: np.polymul(p, [1.0, 1.0]))(batch)


def test_polydiv_gives_back_quotient_and_remainder():
    def restored(u, v):
        q, r = np.polydiv(u, v)
        return np.polyadd(np.polymul(q, v), r)

    u, v = np.array([2.0, 1.0, -1.0, 0.5]), np.array([1.5, -0.3])
    first, second = fc.jacobian(restored, (0, 1))(u, v)
    np.testing.assert_allclose(first, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(second, np.zeros((4, 2)), atol=1e-12)


def test_poly1d_as_an_argument():
    p = np.poly1d([1.0, -2.0, 0.5])
    check(lambda x: p(x) + np.polyval(p, x) + np.polyval(x, p(1.0)), X)
    check(lambda x: np.polyval(np.polyder(p), x), X)


# --- least squares


def test_polyfit_keeps_numpys_dtypes_with_weights():
    w = np.array([1.0, 2.0, 3.0, 4.0])
    y = X.astype(np.float32)
    f = lambda y: np.polyfit(np.arange(4), y, 1, w=w)
    plain, traced = f(y), fc.vjp(f, y)[0]
    assert plain.dtype == traced.dtype
    np.testing.assert_array_equal(plain, traced)


def test_a_line_through_points_by_the_normal_equations():
    x = np.array([0.0, 1.0, 2.5, 4.0])

    def by_hand(x, y):
        a = np.stack([x, np.ones_like(x)], axis=1)
        return np.linalg.solve(a.T @ a, a.T @ y)

    for argnums in (0, 1):
        ours = fc.jacobian(lambda x, y: np.polyfit(x, y, 1), argnums)(x, X)
        np.testing.assert_allclose(ours, fc.jacobian(by_hand, argnums)(x, X), atol=1e-10)


def test_polyfit_warns_of_a_rank_that_is_too_small_at_the_users_line():
    with pytest.warns(RankWarning, match="poorly conditioned") as caught:
        fc.vjp(lambda y: np.polyfit(np.ones(4), y, 2), X)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ((X, X, -1), ValueError),
        ((X.reshape(2, 2), X, 1), TypeError),
        ((X, X[:3], 1), TypeError),
        ((X[:0], X[:0], 1), TypeError),
    ],
)
def test_polyfit_raises_what_numpy_raises(args, error):
    for run in (np.polyfit, lambda x, y, deg: fc.vjp(lambda y: np.polyfit(x, y, deg), y)):
        with pytest.raises(error):
            run(*args)


# --- numpy.polynomial


FAMILIES = {
    "poly": series,
    "cheb": chebyshev,
    "leg": legendre,
    "lag": laguerre,
    "herm": hermite,
    "herme": hermite_e,
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    ("shape", "tensor"),
    [((3,), True), ((3, 2), True), ((3, 4), True), ((2, 3, 4), True), ((3,), False), ((3, 4), False)],
)
def test_the_value_of_a_series_at_traced_points(name, shape, tensor):
    value = getattr(FAMILIES[name], f"{name}val")
    c = np.arange(1.0, np.prod(shape) + 1).reshape(shape) / 7
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(lambda x: value(x, c, tensor=tensor), X)
        check(lambda x: value(x, c), X[0])


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning")
def test_other_functions_of_the_families_take_traced_arrays_apart(name):
    module = FAMILIES[name]
    check(lambda c: getattr(module, f"{name}val")(X, c), X)
    check(lambda x: getattr(module, f"{name}vander")(x, 3), X)
    for operation in ("add", "sub", "mul"):
        check(lambda c, op=operation: getattr(module, f"{name}{op}")(c, [1.0, 2.0]), X)
    check(getattr(module, f"{name}der"), X)
    check(getattr(module, f"{name}int"), X)


def test_series_of_two_variables():
    c = np.arange(6.0).reshape(2, 3) / 5 - 0.4
    for f in (series.polyval2d, series.polygrid2d):
        check(lambda x, f=f: f(x, x * x, c), X)
        check(lambda c, f=f: f(X, X, c), c)
    with pytest.raises(ValueError, match="incompatible"):
        fc.vjp(lambda x: series.polyval2d(x, x[:2], c), X)


def test_the_classes_of_polynomials():
    with pytest.warns(TakenApartWarning):
        check(lambda x: Polynomial([1.0, 2.0, 3.0])(x), X)
    check(lambda x: Chebyshev([1.0, 2.0, 3.0], domain=[-2, 3])(x[0]), X)


def test_sums_of_series_in_single_precision_are_an_error_since_numpy_would_convert_them():
    x = X.astype(np.float32)
    with pytest.raises(ConversionError, match="another precision"):
        fc.jvp(lambda x: series.polyadd(x, [1.0, 2.0]), (x,), (x,))


def test_a_fit_of_numpy_polynomial_is_an_error_that_says_why():
    with (
        pytest.warns(TakenApartWarning),
        pytest.raises(ConversionError, match="needs one array"),
    ):
        fc.jvp(lambda x: series.polyfit(x, X, 1), (X,), (X,))
