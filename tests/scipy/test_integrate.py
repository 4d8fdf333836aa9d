"""Integrals of samples and of functions: values of SciPy, and derivatives that are known otherwise."""

import math

import mpmath
import numpy as np
import pytest
import scipy.integrate
from scipy import special

import funcad as fc
from funcad.errors import ConversionError, RuleError, UnsupportedArgumentError
from funcad.scipy import integrate
from funcad.testing import check_grads

P = np.array([0.3, 1.2, 0.7])


def test_functions_of_samples_have_the_values_of_scipy():
    rng = np.random.default_rng(0)
    for n in (2, 3, 5, 6, 9):
        y, x = rng.normal(size=(2, n)), np.cumsum(rng.uniform(0.1, 1.0, n))
        for name in ("trapezoid", "simpson", "cumulative_trapezoid", "cumulative_simpson"):
            own, scipys = getattr(integrate, name), getattr(scipy.integrate, name)
            for options in ({}, {"x": x}, {"dx": 0.3}):
                value, _ = fc.jvp(lambda y, own=own, options=options: own(y, **options), (y,), (y,))
                np.testing.assert_array_equal(value, scipys(y, **options))


def test_equal_places_count_as_scipy_has_it():
    y, x = np.array([1.0, 2.0, 5.0]), np.array([0.0, 1.0, 1.0])
    assert np.all(np.isfinite(fc.grad(lambda y: integrate.simpson(y, x))(y)))


def test_work_along_a_path_by_its_places():
    # of the area under a parabola through the places, d/dx_k is known from the values
    x = np.linspace(0.0, 1.0, 5)
    by_places = fc.grad(lambda x: integrate.trapezoid(x**2, x))(x)
    np.testing.assert_allclose(by_places[[0, -1]], [-(x[1] ** 2) / 2, (1 + 0.75**2) / 2 + 0.25], rtol=1e-12)


# --- quad


def test_the_period_of_a_pendulum_and_its_derivatives_by_the_amplitude():
    def period(m):
        return 4 * integrate.quad(lambda u: 1 / np.sqrt(1 - m * np.sin(u) ** 2), 0, np.pi / 2)[0]

    m = 0.6
    assert fc.value_and_grad(period)(m)[0] == period(m)
    k, e = special.ellipk(m), special.ellipe(m)
    np.testing.assert_allclose(fc.grad(period)(m), 4 * (e / (2 * m * (1 - m)) - k / (2 * m)), rtol=1e-10)
    second = float(mpmath.diff(lambda m: 4 * mpmath.ellipk(m), m, 2))
    for nested in (
        fc.grad(fc.grad(period)),
        lambda m: fc.jvp(fc.grad(period), (m,), (1.0,))[1],
        fc.grad(lambda m: fc.jvp(period, (m,), (1.0,))[1]),
        lambda m: fc.jvp(lambda m: fc.jvp(period, (m,), (1.0,))[1], (m,), (1.0,))[1],
    ):
        np.testing.assert_allclose(nested(m), second, rtol=1e-8)


def black_scholes(p, strike=100.0, time=0.5):
    spot, volatility, rate = p
    spread = volatility * np.sqrt(time)

    def paid(z):
        end = spot * np.exp((rate - volatility**2 / 2) * time + spread * z)
        return (end - strike) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)

    # the option is worth something from here on: a limit that depends on everything
    least = (np.log(strike / spot) - (rate - volatility**2 / 2) * time) / spread
    return np.exp(-rate * time) * integrate.quad(paid, least, np.inf, epsabs=1e-12, epsrel=1e-11)[0]


def test_delta_vega_rho_and_gamma_of_an_option_by_quadrature():
    p = np.array([105.0, 0.25, 0.03])
    spot, volatility, rate = p
    time, strike = 0.5, 100.0
    spread = volatility * np.sqrt(time)
    d1 = (np.log(spot / strike) + (rate + volatility**2 / 2) * time) / spread
    density = np.exp(-d1 * d1 / 2) / np.sqrt(2 * np.pi)
    delta, vega = special.ndtr(d1), spot * density * np.sqrt(time)
    rho = strike * time * np.exp(-rate * time) * special.ndtr(d1 - spread)
    np.testing.assert_allclose(fc.grad(black_scholes)(p), [delta, vega, rho], rtol=1e-9)
    hessian = fc.hessian(black_scholes)(p)
    np.testing.assert_allclose(hessian[0, 0], density / (spot * spread), rtol=1e-8)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-7)


def test_limits_arguments_and_what_the_integrand_closes_over():
    def f(p):
        a, b, c = p
        return integrate.quad(lambda x, k: np.sin(k * x) * np.exp(-c * x * x), a, b, args=(2 * c,))[0]

    check_grads(f, (P,), order=2)
    batch = np.stack([P, 1.1 * P])
    np.testing.assert_array_equal(fc.vmap(f)(batch), [f(p) for p in batch])
    np.testing.assert_allclose(fc.vmap(fc.grad(f))(batch), [fc.grad(f)(p) for p in batch], rtol=1e-12)
    bends = fc.vmap(fc.hessian(f))(batch)
    np.testing.assert_allclose(bends, [fc.hessian(f)(p) for p in batch], rtol=1e-9)
    summed = fc.grad(lambda b: np.sum(fc.vmap(f)(b)))(batch)
    np.testing.assert_allclose(summed, [fc.grad(f)(p) for p in batch], rtol=1e-12)


def test_the_variable_of_a_loop_is_what_it_was_at_the_call():
    total = fc.grad(lambda c: sum(integrate.quad(lambda x: c * x**k, 0, 1)[0] for k in range(3)))(1.0)
    np.testing.assert_allclose(total, 1 + 1 / 2 + 1 / 3)


def test_the_integrand_is_called_as_often_as_scipy_calls_it():
    calls = []

    def f(c):
        def integrand(x):
            calls.append(x)
            return np.exp(-c * x)

        return integrate.quad(integrand, 0.0, 2.0)[0]

    f(0.5)
    plain = len(calls)
    calls.clear()
    fc.vjp(f, 0.5)
    assert calls and len(calls) == plain


def test_infinite_limits_breakpoints_weights_and_full_output():
    c = 0.8
    both = fc.grad(lambda c: integrate.quad(lambda x: np.exp(-c * x * x), -np.inf, np.inf)[0])(c)
    np.testing.assert_allclose(both, -0.5 * np.sqrt(np.pi) * c**-1.5, rtol=1e-9)
    assert fc.grad(lambda b: integrate.quad(lambda x: np.exp(-x), 0, b)[0])(np.inf) == 0.0
    at_break = fc.grad(lambda c: integrate.quad(lambda x: c * abs(x - 0.3), 0, 1, points=[0.3])[0])(c)
    np.testing.assert_allclose(at_break, 0.29, rtol=1e-12)
    weighted = fc.grad(
        lambda c: integrate.quad(lambda x: np.exp(-c * x), 0, np.inf, weight="cos", wvar=2.0)[0]
    )
    np.testing.assert_allclose(weighted(c), (4 - c * c) / (4 + c * c) ** 2, rtol=1e-7)

    def told(c):
        value, error, info = integrate.quad(lambda x: c * x, 0, 1, full_output=1)
        assert type(error) is float and info["neval"] == 21
        return value

    np.testing.assert_allclose(fc.grad(told)(c), 0.5)
    loose = fc.grad(lambda c: integrate.quad(lambda x: np.exp(-c * x), 0, 1, (), 0, 1e-3, 1e-3)[0])
    np.testing.assert_allclose(loose(c), (np.exp(-c) * (c + 1) - 1) / c**2)


def test_taylor_series_of_an_integral():
    value, series = fc.jet(
        lambda c: integrate.quad(lambda x: np.exp(-c * x), 0, np.inf)[0], (2.0,), ((1.0, 0.0, 0.0),)
    )
    np.testing.assert_allclose([value, *series], [1 / 2, -1 / 4, 1 / 4, -3 / 8], rtol=1e-8)


def test_integrals_of_arrays():
    def f(p):
        return integrate.quad_vec(lambda x: np.array([np.sin(p[0] * x), p[1] * x * x]), p[2], 1.0)[0]

    np.testing.assert_array_equal(fc.jvp(f, (P,), (P,))[0], f(P))
    check_grads(f, (P,), order=2)
    check_grads(
        lambda p: integrate.fixed_quad(lambda x: np.exp(-p[0] * x), p[1], p[2], n=7)[0], (P,), order=2
    )


def test_nested_integrals_with_limits_that_are_functions():
    def f(p, dblquad=integrate.dblquad):
        return dblquad(
            lambda y, x: np.sin(p[0] * x * y), 0, p[1], lambda x: p[2] * x, lambda x: 1 + p[0] * x
        )[0]

    assert fc.value_and_grad(f)(P)[0] == f(P) == f(P, scipy.integrate.dblquad)
    check_grads(f, (P,), order=1)
    hessian = fc.hessian(f)(P)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-8)
    volume = fc.grad(
        lambda r: integrate.tplquad(lambda z, y, x: 1.0, 0, r, 0, lambda x: x, 0, lambda x, y: y)[0]
    )
    np.testing.assert_allclose(volume(2.0), 2.0**2 / 2, rtol=1e-9)
    by_hand = fc.grad(lambda c: integrate.quad(lambda y: integrate.quad(lambda x: c * x, 0, y)[0], 0, 1)[0])(
        2.0
    )
    np.testing.assert_allclose(by_hand, 1 / 6)


def test_an_integrand_that_branches_or_knows_numbers_only():
    def f(c):
        return integrate.quad(lambda x: c * math.exp(-x) if x < 0.5 else c**2 * x, 0, 1, points=[0.5])[0]

    np.testing.assert_allclose(fc.grad(f)(2.0), 1 - np.exp(-0.5) + 2 * 2.0 * 0.375, rtol=1e-12)
    np.testing.assert_allclose(fc.grad(fc.grad(f))(2.0), 2 * 0.375, rtol=1e-12)


SCALE = [1.0]


def test_what_cannot_be_followed_is_an_error():
    def through_a_global(c):
        SCALE[0] = c
        return integrate.quad(lambda x, y: x * SCALE[0] * y, 0, 1, args=(c,))[0]

    with pytest.raises(RuleError, match=r"global variable or an attribute"):
        fc.grad(through_a_global)(2.0)
    SCALE[0] = 1.0
    with pytest.raises(UnsupportedArgumentError, match="complex_func"):
        fc.grad(lambda c: integrate.quad(lambda x: c * np.exp(1j * x), 0, 1, complex_func=True)[0].real)(1.0)
    with pytest.raises(UnsupportedArgumentError, match="'epsabs'"):
        fc.grad(lambda c: integrate.quad(lambda x: c * x, 0, 1, epsabs=c)[0])(1.0)
    with pytest.raises(UnsupportedArgumentError, match="limit under weight='alg'"):
        fc.grad(lambda c: integrate.quad(lambda x: x, 0, c, weight="alg", wvar=(0.5, 0.0))[0])(1.0)
    with pytest.raises(UnsupportedArgumentError, match="several workers"):
        fc.grad(lambda c: integrate.quad_vec(lambda x: c * x, 0, 1, workers=2)[0])(1.0)
    with pytest.raises(UnsupportedArgumentError, match="full_output"):
        fc.vmap(lambda c: integrate.quad(lambda x: c * x, 0, 1, full_output=1)[0])(P)
    with pytest.raises(ConversionError, match="from funcad.scipy import integrate"):
        fc.grad(lambda c: scipy.integrate.quad(lambda x: c * x, 0, 1)[0])(1.0)
