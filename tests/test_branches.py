"""A branch that np.where did not take has no part in the derivative, infinite or not."""

import warnings

import numpy as np
import pytest

import funcad as fc

CASES = {
    "logarithm at 0": (lambda x: np.where(x > 0, np.log(x), 0.0), [0.0, 2.0], [0.0, 0.5], [0.0, -0.25]),
    "logarithm below 0": (lambda x: np.where(x > 0, np.log(x), x), [-1.0, 2.0], [1.0, 0.5], [0.0, -0.25]),
    "root at 0": (lambda x: np.where(x > 0, np.sqrt(x), x * x), [0.0, 4.0], [0.0, 0.25], [2.0, -1 / 32]),
    "quotient": (lambda x: np.where(x != 0, 1 / x, x), [0.0, 2.0], [1.0, -0.25], [0.0, 0.25]),
    "power": (lambda x: np.where(x > 0, x**0.3, 2 * x), [0.0, 1.0], [2.0, 0.3], [0.0, -0.21]),
    "arccos at 1": (lambda x: np.where(x < 1, np.arccos(x), 0.0), [1.0, 0.0], [0.0, -1.0], [0.0, 0.0]),
    "inner one of two": (
        lambda x: np.where(x > 0, np.where(x > 1, np.sqrt(x - 1), x**2), np.exp(x)),
        [0.5, 5.0], [1.0, 0.25], [2.0, -1 / 32],
    ),
    "select": (
        lambda x: np.select([x > 1, x > 0], [np.log(x - 1), x**2], 0.0 * x), [0.5, 3.0], [1.0, 0.5], [2.0, -0.25],
    ),
    "behind other operations": (
        lambda x: 2 * np.where(x > 0, np.exp(-1 / np.sqrt(x * x)), 0.0) + x, [0.0, 1.0], [1.0, 1 + 2 / np.e], [0.0, -2 / np.e],
    ),
    "exponential that overflows": (
        lambda x: np.where(x > 700, x, np.log1p(np.exp(x) * 1.0)), [1e4, 0.0], [1.0, 0.5], [0.0, 0.25],
    ),
}  # fmt: skip

OVERFLOWS = {
    "logistic function": lambda x: 1.0 / (1.0 + np.exp(-x)),
    "as a power": lambda x: (1.0 + np.exp(-x)) ** -1,
    "as a power of floats": lambda x: np.float_power(1.0 + np.exp(-x), -1.0),
    "beside a product": lambda x: 0.5 * (2.0 / (1.0 + np.exp(-x) * 1.0)),
    "over a number that moves too": lambda x: (1.0 + x - x) / (1.0 + np.exp(-x)),
    "inside a branch": lambda x: np.where(x < 900, 1.0 / (1.0 + np.exp(-x)), np.log(x - 1e9)),
}


class TestDenominatorThatOverflows:
    """The quotient is 0 and stays 0, however fast the denominator grows."""

    x = np.array([-800.0, 0.3, 800.0])
    p = 1.0 / (1.0 + np.exp(-0.3))
    first, second = [0.0, p * (1 - p), 0.0], [0.0, p * (1 - p) * (1 - 2 * p), 0.0]
    each = pytest.mark.parametrize("f", OVERFLOWS.values(), ids=OVERFLOWS)

    @each
    def test_first_derivative(self, f):
        one = np.ones(3)
        np.testing.assert_allclose(fc.grad(lambda x: np.sum(f(x)))(self.x), self.first, atol=1e-300)
        np.testing.assert_allclose(fc.jvp(f, (self.x,), (one,))[1], self.first, atol=1e-300)
        np.testing.assert_allclose(fc.jacobian(f)(self.x), np.diag(self.first), atol=1e-300)
        np.testing.assert_allclose(fc.vmap(fc.grad(f))(self.x), self.first, atol=1e-300)
        assert fc.grad(f)(-800.0) == 0

    @each
    def test_second_derivative(self, f):
        total = lambda x: np.sum(f(x))
        slope = lambda x: fc.jvp(f, (x,), (np.ones(3),))[1]
        np.testing.assert_allclose(fc.hessian(total)(self.x), np.diag(self.second), rtol=1e-6, atol=1e-300)
        for g in (fc.grad(total), slope):
            found = fc.grad(lambda x, g=g: np.sum(g(x)))(self.x)
            np.testing.assert_allclose(found, self.second, rtol=1e-6, atol=1e-300)
            found = fc.jvp(g, (self.x,), (np.ones(3),))[1]
            np.testing.assert_allclose(found, self.second, rtol=1e-6, atol=1e-300)

    def test_taylor_series(self):
        _, terms = fc.jet(OVERFLOWS["logistic function"], (self.x,), ([np.ones(3), np.zeros(3)],))
        np.testing.assert_allclose(terms, [self.first, self.second], rtol=1e-6, atol=1e-300)

    def test_a_value_that_is_infinite_itself_has_no_derivative(self):
        assert np.isnan(fc.grad(lambda x: np.log(1.0 + np.exp(x)))(800.0))

    def test_a_denominator_with_an_infinite_derivative_is_not_taken_for_one(self):
        assert np.isnan(fc.grad(lambda x: 0.0 / (1.0 + np.sqrt(x)))(0.0))


@pytest.fixture(autouse=True)
def no_warnings():
    """The plain run warns of the infinite branch, and so may the derivative."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize(("f", "x", "first", "second"), CASES.values(), ids=CASES)
class TestNotTaken:
    def test_first_derivative(self, f, x, first, second):
        x = np.array(x)
        np.testing.assert_allclose(fc.grad(lambda x: np.sum(f(x)))(x), first, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(fc.jvp(f, (x,), (np.ones(2),))[1], first, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(fc.jacrev(f)(x), np.diag(first), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(fc.vmap(fc.grad(f))(x), first, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose([fc.grad(f)(v) for v in x], first, rtol=1e-12, atol=1e-15)

    def test_second_derivative(self, f, x, first, second):
        x = np.array(x)
        total = lambda x: np.sum(f(x))
        for hessian in (fc.hessian(total), fc.jacrev(fc.jacrev(total)), fc.jacrev(fc.jacfwd(total))):
            np.testing.assert_allclose(hessian(x), np.diag(second), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(
            [fc.grad(fc.grad(f))(np.float64(v)) for v in x], second, rtol=1e-12, atol=1e-15
        )


def test_products_and_reductions_around_it():
    A = np.array([[1.0, 2.0], [0.0, 3.0]])

    def f(x):
        y = np.where(x > 0, np.log(x), 0.0)
        return np.sum(np.tanh(A @ y) * y[::-1]) + np.sum(np.reshape(y, (2, 1)) * x)

    x = np.array([0.0, 2.0])
    safe = fc.grad(lambda v: f(np.stack([0.0 * v, v])))(2.0)
    g = fc.grad(f)(x)
    assert g[1] == pytest.approx(float(safe))
    assert np.isfinite(g[0])


def test_what_is_nan_stays_nan():
    """The derivative of sqrt(x)**2 at 0 is 1, which the chain rule cannot tell: nan, and not 0."""
    assert np.isnan(fc.grad(lambda x: np.sqrt(x) ** 2 + np.where(x > 1, x, 0.0))(np.float64(0.0)))
    assert np.isnan(fc.grad(lambda x: np.sum(np.where(x >= 0, np.sqrt(x) ** 2, 0.0)))(np.zeros(1)))[0]


def test_what_leads_on_is_known_where_its_pullback_cancels():
    # neighbours enter a difference with opposite signs, and an imaginary part has an imaginary pullback
    steps = np.eye(5, 6) - np.eye(5, 6, k=1)
    steep = np.array([1.0, 1.0, 1.0, 1.0, 1.0, -1500.0])
    x = np.array([0.1, 0.2, 0.5, 0.3, 0.1, 0.7])

    def of_differences(x):
        return np.sum(1 / (1 + np.exp(steps @ (np.sin(x) * steep))))

    def of_imaginary_parts(x):
        return np.sum(1 / (1 + np.exp(np.imag(np.fft.ifft(np.fft.fft(1j * np.sin(x) * steep))))))

    for f in (of_differences, of_imaginary_parts):
        with np.errstate(over="ignore"):
            wanted = fc.jacfwd(f)(x)
            assert np.count_nonzero(wanted) >= 5
            np.testing.assert_allclose(fc.grad(f)(x), wanted, rtol=1e-12, atol=1e-12)
