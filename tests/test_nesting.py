"""Nesting: perturbation confusion, leaked tracers, every order of composition, threads.

The traps are named by their source. Each passes ordinary tests of first derivatives, and each
has been got wrong by a published library.
"""

import itertools
import threading

import numpy as np
import pytest

import funcad as fc
from funcad.errors import LeakedTracerError


def forward(f):
    """Derivative by forward mode."""
    return lambda x: fc.jvp(f, (x,), (1.0,))[1]


def reverse(f):
    """Derivative by reverse mode, with the pullback."""

    def derivative(x):
        value, pullback = fc.vjp(f, x)
        return pullback(1.0)[0]

    return derivative


MODES = {
    "forward": forward,
    "reverse": reverse,
    "grad": fc.grad,
    "jacobian": fc.jacobian,
    "jacfwd": fc.jacfwd,
}
PAIRS = list(itertools.product(MODES, repeat=2))


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
class TestPerturbationConfusion:
    def test_inner_derivative_of_a_sum(self, outer, inner):
        """Siskind and Pearlmutter 2005: d/dx (x * d/dy (x + y)) is 1, not 2."""
        d, e = MODES[outer], MODES[inner]
        assert d(lambda x: x * e(lambda y: x + y)(1.0))(1.0) == 1.0

    def test_inner_derivative_of_a_product(self, outer, inner):
        """d/dx (x * d/dy (x * y)) at 3 is 2 x = 6."""
        d, e = MODES[outer], MODES[inner]
        assert d(lambda x: x * e(lambda y: x * y)(2.0))(3.0) == 6.0

    def test_closure(self, outer, inner):
        """A function made in the outer derivative and differentiated in the inner one."""
        d, e = MODES[outer], MODES[inner]

        def f(x):
            def g(y):
                return x * x * y

            return e(g)(5.0) * x

        assert d(f)(2.0) == pytest.approx(3 * 2.0**2, abs=0)

    def test_curried(self, outer, inner):
        """The curried form: f(x)(y) = x y, differentiated in y and then in x."""
        d, e = MODES[outer], MODES[inner]

        def f(x):
            return lambda y: x * y

        assert d(lambda x: e(f(x))(7.0) * x)(3.0) == 6.0

    def test_inner_derivative_at_the_outer_variable(self, outer, inner):
        """d/dx [d/dy (x^2 y^3) at y = x] = d/dx 3 x^4 = 12 x^3."""
        d, e = MODES[outer], MODES[inner]
        assert d(lambda x: e(lambda y: x**2 * y**3)(x))(2.0) == pytest.approx(96.0, rel=1e-15)

    def test_constant_inner_function(self, outer, inner):
        """The inner function does not depend on its own variable."""
        d, e = MODES[outer], MODES[inner]
        assert d(lambda x: x + e(lambda y: x * x)(1.0))(3.0) == 1.0


@pytest.mark.parametrize("mode", MODES)
def test_amazing_bug(mode):
    """Manzyuk, Pearlmutter, Radul, Rush, Siskind 2019: a derivative of a higher-order function.

    s(u)(f)(x) = f(x + u), D s at 0 applied to itself: the two perturbations must stay apart.
    """
    d = MODES[mode]

    def shift(u):
        return lambda f: lambda x: f(x + u)

    def shifted_derivative(f):
        # the derivative of u -> shift(u)(f)(x) at u = 0, as a function of x
        return lambda x: d(lambda u: shift(u)(f)(x))(0.0)

    h = np.exp
    assert shifted_derivative(shifted_derivative(h))(1.0) == pytest.approx(np.e, rel=1e-15)
    assert shifted_derivative(shifted_derivative(shifted_derivative(h)))(1.0) == pytest.approx(
        np.e, rel=1e-15
    )


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_all_nestings_agree_with_closed_forms(order):
    """Every sequence of modes up to order 4, against derivatives known in closed form."""
    x = 0.7
    functions = {
        "sin(x) exp(x)": (
            lambda x: np.sin(x) * np.exp(x),
            # the n-th derivative of Im exp((1 + i) x) is Im (1 + i)^n exp((1 + i) x)
            lambda n: ((1 + 1j) ** n * np.exp((1 + 1j) * x)).imag,
        ),
        "1 / (1 + x)": (
            lambda x: 1 / (1 + x),
            lambda n: (-1) ** n * np.prod(np.arange(1, n + 1)) / (1 + x) ** (n + 1),
        ),
        "x ** 5": (lambda x: x**5, lambda n: np.prod(np.arange(6 - n, 6)) * x ** (5 - n)),
    }
    modes = ("forward", "reverse", "grad")
    for sequence in itertools.product(modes, repeat=order):
        for name, (f, closed) in functions.items():
            g = f
            for mode in sequence:
                g = MODES[mode](g)
            assert g(x) == pytest.approx(closed(order), rel=1e-12), (name, sequence)


def test_named_compositions():
    def f(x):
        return np.sum(x**3 * np.roll(x, 1))

    x = np.array([1.0, -2.0, 0.5])
    v = np.array([0.3, 0.1, -1.0])
    h = fc.hessian(f)(x)
    np.testing.assert_allclose(h, h.T, rtol=1e-14)
    np.testing.assert_allclose(fc.jvp(fc.grad(f), (x,), (v,))[1], h @ v, rtol=1e-13)
    np.testing.assert_allclose(fc.grad(lambda x: fc.jvp(f, (x,), (v,))[1])(x), h @ v, rtol=1e-13)
    np.testing.assert_allclose(fc.grad(lambda x: fc.grad(f)(x) @ v)(x), h @ v, rtol=1e-13)
    np.testing.assert_allclose(fc.hvp(f, (x,), (v,)), h @ v, rtol=1e-13)
    np.testing.assert_allclose(fc.jacobian(fc.jacobian(f))(x), h, rtol=1e-13)
    np.testing.assert_allclose(fc.jacfwd(fc.jacfwd(f))(x), h, rtol=1e-13)
    np.testing.assert_allclose(fc.jacrev(fc.jacrev(f))(x), h, rtol=1e-13)
    third = fc.jacobian(fc.hessian(f))(x)
    np.testing.assert_allclose(third, fc.jacfwd(fc.jacrev(fc.jacrev(f)))(x), rtol=1e-13)
    np.testing.assert_allclose(third, np.transpose(third, (2, 0, 1)), rtol=1e-13, atol=1e-13)


def test_grad_inside_a_loop_of_grad():
    """Newton's method by inner derivatives, itself differentiated by the outer one."""

    def root(a):
        x = 1.0
        for _ in range(8):
            g = lambda x: x * x - a
            x = x - g(x) / fc.grad(g)(x)
        return x

    assert root(2.0) == pytest.approx(np.sqrt(2.0), rel=1e-15)
    assert fc.grad(root)(2.0) == pytest.approx(0.5 / np.sqrt(2.0), rel=1e-13)
    assert fc.grad(fc.grad(root))(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-12)


def test_recursion():
    def power(x, n):
        return 1.0 if n == 0 else x * power(x, n - 1)

    assert fc.grad(power)(2.0, 5) == 80.0
    assert fc.grad(fc.grad(power))(2.0, 5) == 160.0


class TestLeakedTracers:
    @pytest.mark.parametrize("mode", MODES)
    def test_using_one_after_the_transform_is_an_error(self, mode):
        kept = []

        def f(x):
            kept.append(x * 2)
            return x * x

        MODES[mode](f)(3.0)
        for use in (lambda t: t + 1, np.sin, lambda t: 2.0 * t, lambda t: np.sum(t)):
            with pytest.raises(LeakedTracerError, match="test_nesting.py"):
                use(kept[0])

    def test_using_one_in_a_later_transform_is_an_error(self):
        kept = []
        fc.grad(lambda x: kept.append(x) or x * x)(3.0)
        with pytest.raises(LeakedTracerError):
            fc.grad(lambda x: x * kept[0])(1.0)

    def test_a_failing_function_leaves_nothing_behind(self):
        def fails(x):
            raise KeyError("mine")

        for _ in range(3):
            with pytest.raises(KeyError):
                fc.grad(lambda x: fc.grad(fails)(x))(1.0)
        assert fc.grad(lambda x: x * fc.grad(lambda y: x + y)(1.0))(1.0) == 1.0

    def test_returning_the_outer_variable_from_the_inner_function(self):
        assert fc.grad(lambda x: fc.jvp(lambda y: x, (2.0,), (1.0,))[0] * x)(3.0) == 6.0


def test_threads_take_exact_nested_gradients():
    """8 threads, each with its own function; the results equal those of one thread bit for bit."""

    def work(k):
        f = lambda x: np.sum(np.sin(x) ** (k + 2)) * x[0]
        x = np.linspace(0.1, 1.0 + k, 7)
        return [fc.grad(lambda x: np.sum(fc.grad(f)(x) ** 2))(x) for _ in range(10)]

    expected = [work(k)[0] for k in range(8)]
    results = [None] * 8
    barrier = threading.Barrier(8)

    def run(k):
        barrier.wait()
        results[k] = work(k)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for k in range(8):
        for result in results[k]:
            np.testing.assert_array_equal(result, expected[k])


def test_the_mixed_derivative_of_a_power_at_exponent_zero():
    for power in (np.power, np.float_power, lambda x, y: x**y):
        hessian = fc.hessian(lambda v, power=power: power(v[0], v[1]))(np.array([3.0, 0.0]))
        np.testing.assert_allclose(hessian, [[0.0, 1 / 3], [1 / 3, np.log(3.0) ** 2]], rtol=1e-15)
