"""Initial value problems: SciPy's solution bit for bit, and derivatives that are known otherwise."""

import numpy as np
import pytest
import scipy.integrate
import scipy.interpolate
import scipy.linalg
from scipy.optimize import least_squares

import funcad as fc
from funcad.errors import ArgumentError, BatchError, ConversionError, RuleError, UnsupportedArgumentError
from funcad.scipy import linalg
from funcad.scipy.integrate import odeint, solve_ivp
from funcad.testing import check_grads

TIGHT = {"rtol": 1e-9, "atol": 1e-10}
WAYS = [
    ("RK23", None),
    ("RK45", None),
    ("DOP853", None),
    ("RK45", "forward"),
    ("DOP853", "adjoint"),
    ("LSODA", None),
    ("LSODA", "adjoint"),
    ("BDF", None),
    ("Radau", None),
    ("Radau", "adjoint"),
]
A = np.array([[-1.0, 2.0], [-2.0, -0.5]])
START = np.array([1.0, 0.5])
WEIGHTS = np.array([1.0, -2.0])
TIMES = np.linspace(0.0, 3.0, 7)


def lotka_volterra(t, z, a, b, c, d):
    x, y = z
    return [a * x - b * x * y, -c * y + d * x * y]


def populations(p, solve=solve_ivp, **options):
    return solve(lotka_volterra, (0, 3), [p[4], p[5]], t_eval=TIMES, args=tuple(p[:4]), **options).y


P = np.array([1.5, 1.0, 3.0, 1.0, 10.0, 5.0])


@pytest.mark.parametrize(("method", "way"), WAYS)
def test_the_value_is_that_of_scipy_in_both_modes(method, way):
    expected = populations(P, scipy.integrate.solve_ivp, method=method)
    np.testing.assert_array_equal(populations(P, method=method, sensitivity=way), expected)
    value, _ = fc.vjp(lambda p: populations(p, method=method, sensitivity=way), P)
    np.testing.assert_array_equal(value, expected)
    value, _ = fc.jvp(
        lambda p: solve_ivp(lotka_volterra, (0, 3), p[4:], method, args=tuple(p[:4])).y, (P,), (P,)
    )
    plain = scipy.integrate.solve_ivp(lotka_volterra, (0, 3), P[4:], method, args=tuple(P[:4]))
    np.testing.assert_array_equal(value, plain.y)


def forced(A, start, first, last, method, way, **options):
    # y' = (1 + 0.3 sin t) A y
    return (
        WEIGHTS
        @ solve_ivp(
            lambda t, y: A @ y * (1 + 0.3 * np.sin(t)),
            (first, last),
            start,
            method,
            sensitivity=way,
            **options,
        ).y[:, -1]
    )


def exact(A, start, first, last):
    clock = last - first - 0.3 * (np.cos(last) - np.cos(first))
    return WEIGHTS @ (linalg.expm(A * clock) @ start)


@pytest.mark.parametrize(("method", "way"), WAYS)
def test_a_linear_system_by_matrix_start_and_both_times(method, way):
    arguments = A, START, 0.2, 1.5
    options = {"rtol": 1e-7, "atol": 1e-8} if method in ("RK23", "Radau") else TIGHT
    found = fc.grad(lambda *x: forced(*x, method, way, **options), (0, 1, 2, 3))(*arguments)
    for g, e in zip(found, fc.grad(exact, (0, 1, 2, 3))(*arguments), strict=True):
        np.testing.assert_allclose(g, e, atol=2e-6 if method == "RK23" else 3e-7)
    forward = fc.jvp(lambda *x: forced(*x, method, way, **options), arguments, arguments)[1]
    np.testing.assert_allclose(
        forward, sum(np.sum(g * x) for g, x in zip(found, arguments, strict=True)), atol=1e-6
    )


@pytest.mark.parametrize(
    ("method", "way"), [("RK45", None), ("DOP853", None), ("LSODA", None), ("LSODA", "adjoint")]
)
def test_second_derivatives_by_parameters_start_and_times(method, way):
    def split(f):
        return lambda z: f(np.reshape(z[:4], (2, 2)), z[4:6], z[6], z[7])

    z = np.concatenate([A.ravel(), START, [0.2, 1.5]])
    expected = fc.hessian(split(exact))(z)
    f = split(lambda *x: forced(*x, method, way, **TIGHT))
    np.testing.assert_allclose(fc.jacfwd(fc.grad(f))(z), expected, atol=1e-6)
    if method == "DOP853":
        np.testing.assert_allclose(fc.jacfwd(fc.jacfwd(f))(z), expected, atol=1e-6)
        np.testing.assert_allclose(fc.jacrev(fc.grad(f))(z), expected, atol=1e-6)
        np.testing.assert_allclose(fc.jacrev(fc.jacfwd(f))(z), expected, atol=1e-6)


def test_derivatives_by_time_up_to_order_four():
    def end(t):
        return solve_ivp(lambda t, y: -y * t, (0.0, t), [1.0], "DOP853", rtol=1e-11, atol=1e-12).y[0, -1]

    t, value = 0.7, np.exp(-0.245)
    expected = [-t, t**2 - 1, 3 * t - t**3, t**4 - 6 * t**2 + 3]
    derivative = end
    for polynomial in expected:
        derivative = fc.grad(derivative)
        np.testing.assert_allclose(derivative(t), polynomial * value, rtol=1e-8)
    with pytest.raises(UnsupportedArgumentError, match="by time up to order 4"):
        fc.grad(derivative)(t)


@pytest.mark.parametrize(("method", "tolerance"), [("RK23", 1e-4), ("RK45", 1e-5), ("DOP853", 1e-7)])
def test_between_steps_the_derivative_is_that_of_the_methods_interpolation(method, tolerance):
    times = np.linspace(0.0, 2.0, 41)

    def f(k):
        return solve_ivp(lambda t, y: -k * y, (0, 2), [1.0], method, times, rtol=tolerance, atol=1e-9).y[0]

    k = 1.3
    steps = scipy.integrate.solve_ivp(lambda t, y: -k * y, (0, 2), [1.0], method, rtol=tolerance, atol=1e-9).t
    assert len(steps) < len(times), "most times are within a step"
    first = fc.jacfwd(f)(k)
    np.testing.assert_allclose(first, -times * np.exp(-k * times), atol=10 * tolerance)
    np.testing.assert_allclose(fc.jacfwd(fc.jacfwd(f))(k), times**2 * np.exp(-k * times), atol=40 * tolerance)
    # the two ways to the derivative are one function: at once from numbers, and by traced arithmetic
    np.testing.assert_allclose(
        fc.jvp(lambda k: fc.jvp(f, (k,), (1.0,))[1], (k,), (0.0,))[0], first, rtol=1e-12
    )


def test_taylor_series_of_a_solution():
    def end(k):
        return solve_ivp(lambda t, y: -k * y, (0, 1), [1.0], "DOP853", rtol=1e-10, atol=1e-10).y[0, -1]

    value, series = fc.jet(end, (0.5,), ((1.0, 0.0, 0.0),))
    np.testing.assert_allclose([value, *series], np.exp(-0.5) * np.array([1, -1, 1, -1]), rtol=1e-7)


def test_odeint_by_matrix_start_and_times():
    def f(A, start, t):
        return odeint(lambda y, t: A @ y, start, t)

    def closed_form(A, start, t):
        return np.stack([linalg.expm(A * (s - t[0])) @ start for s in t])

    for t in (np.array([0.0, 0.4, 1.0, 1.0, 2.0]), np.array([2.0, 1.5, 0.0])):
        arguments = A, START, t
        np.testing.assert_array_equal(
            fc.jvp(f, arguments, arguments)[0], scipy.integrate.odeint(lambda y, t: A @ y, START, t)
        )
        for found, e in zip(
            fc.jacobian(f, (0, 1, 2))(*arguments),
            fc.jacobian(closed_form, (0, 1, 2))(*arguments),
            strict=True,
        ):
            np.testing.assert_allclose(found, e, atol=2e-6)
    by_adjoint = fc.grad(
        lambda k: odeint(lambda t, y: [-k * y[0]], 1.0, [0, 1], tfirst=True, sensitivity="adjoint")[-1, 0]
    )
    np.testing.assert_allclose(by_adjoint(2.0), -np.exp(-2), atol=1e-6)
    plain = odeint(lambda t, y: -y, 1.0, [0, 1], (), None, 0, 0, None, None, 1e-6, 1e-6, tfirst=True)
    value, _ = fc.vjp(
        lambda y: odeint(lambda t, y: -y, y, [0, 1], (), None, 0, 0, None, None, 1e-6, 1e-6, tfirst=True), 1.0
    )
    np.testing.assert_array_equal(value, plain)
    value, told = odeint(lambda y, t: -y, 1.0, [0.0, 1.0], full_output=True)
    assert (
        fc.grad(lambda y: odeint(lambda y, t: -y, y, [0.0, 1.0], full_output=True)[1]["nfe"][0] * y)(2.0) > 0
    )
    assert value[0, 0] == 1.0 and "nfe" in told


def test_robertsons_kinetics_by_their_rates():
    def kinetics(t, y, k):
        made, lost, third = k[0] * y[0], k[2] * y[1] * y[2], k[1] * y[1] ** 2
        return np.array([lost - made, made - lost - third, third])

    def concentrations(k, method="Radau", way=None, **options):
        found = solve_ivp(
            lambda t, y: kinetics(t, y, k),
            (0, 40),
            [1.0, 0.0, 0.0],
            method,
            [0.4, 4.0, 40.0],
            sensitivity=way,
            **options,
        )
        return found.y

    k = np.array([0.04, 3e7, 1e4])

    # of the sensitivity equations written out by hand
    def by_hand(t, state):
        y, s = state[:3], state[3:].reshape(3, 3)
        by_y = np.array([
            [-k[0], k[2] * y[2], k[2] * y[1]],
            [k[0], -k[2] * y[2] - 2 * k[1] * y[1], -k[2] * y[1]],
            [0.0, 2 * k[1] * y[1], 0.0],
        ])  # fmt: skip
        by_k = np.array([[-y[0], 0, y[1] * y[2]], [y[0], -(y[1] ** 2), -y[1] * y[2]], [0, y[1] ** 2, 0]])
        return np.concatenate([kinetics(t, y, k), (by_y @ s + by_k * k).ravel()])

    state = np.concatenate([[1.0, 0.0, 0.0], np.zeros(9)])
    reference = scipy.integrate.solve_ivp(
        by_hand, (0, 40), state, "LSODA", [0.4, 4.0, 40.0], rtol=1e-11, atol=1e-16
    ).y[3:]
    relative = np.moveaxis(reference.reshape(3, 3, 3), 1, 2)
    options = {"rtol": 1e-7, "atol": 1e-12}
    found = fc.jacobian(concentrations)(k, "LSODA", **options)
    np.testing.assert_allclose(found * k, relative, rtol=1e-4, atol=1e-12)
    weights = np.array([[1.0], [1e4], [1.0]])
    for method, way in (("LSODA", "adjoint"), ("BDF", None)):
        g = fc.grad(lambda k, m=method, w=way: np.sum(weights * concentrations(k, m, w, **options)))(k)
        np.testing.assert_allclose(g * k, np.tensordot(np.broadcast_to(weights, (3, 3)), relative), rtol=1e-3)


def test_a_fit_of_lotka_volterra_by_least_squares_finds_the_rates():
    data = populations(P, **TIGHT)
    start = P * np.array([1.1, 0.9, 1.1, 0.95, 1.02, 0.98])
    residuals = fc.value_and_jacobian(lambda p: np.ravel(populations(p, rtol=1e-7, atol=1e-8) - data))
    found = least_squares(
        lambda p: residuals(p)[0], start, jac=lambda p: residuals(p)[1], x_scale=P, method="lm"
    )
    np.testing.assert_allclose(found.x, P, rtol=1e-5)
    assert found.njev <= 12


def test_the_gradient_of_a_fit_in_all_ways():
    def misfit(p, way, method="RK45"):
        return np.sum(np.log(populations(p, method=method, sensitivity=way, **TIGHT)) ** 2)

    check_grads(lambda p: misfit(p, "steps"), (P,), order=1, rtol=1e-5)
    expected = fc.grad(misfit)(P, "steps")
    np.testing.assert_allclose(fc.grad(misfit)(P, "forward"), expected, rtol=1e-6)
    np.testing.assert_allclose(fc.grad(misfit)(P, "adjoint"), expected, rtol=1e-6)
    np.testing.assert_allclose(fc.jacfwd(misfit)(P, "steps"), expected, rtol=1e-10)


def test_many_parameters_of_a_neural_differential_equation():
    n = 30
    weights = np.random.default_rng(0).normal(size=(n, n)) / np.sqrt(n)

    def end(weights, way=None):
        found = solve_ivp(lambda t, y: np.tanh(weights @ y), (0, 2), np.ones(n), sensitivity=way, **TIGHT)
        return np.sum(found.y[:, -1] ** 2)

    gradient = fc.grad(end)(weights)
    np.testing.assert_allclose(fc.grad(end)(weights, "adjoint"), gradient, atol=1e-6)
    direction = np.random.default_rng(1).normal(size=(n, n))
    np.testing.assert_allclose(
        np.sum(gradient * direction), fc.jvp(end, (weights,), (direction,))[1], rtol=1e-10
    )


def test_integration_back_in_time_complex_states_and_no_time_at_all():
    back = fc.grad(
        lambda k: solve_ivp(lambda t, y: k * y, (1.0, 0.0), [1.0], t_eval=[0.5, 0.0], **TIGHT).y[0, -1]
    )
    np.testing.assert_allclose(back(0.5), -np.exp(-0.5), rtol=1e-8)
    turned = fc.grad(
        lambda w: np.real(solve_ivp(lambda t, y: 1j * w * y, (0, 1), [1.0 + 0j], **TIGHT).y[0, -1])
    )
    np.testing.assert_allclose(turned(2.0), -np.sin(2.0), rtol=1e-8)
    with pytest.raises(UnsupportedArgumentError, match="complex systems"):
        fc.grad(lambda w: np.real(solve_ivp(lambda t, y: 1j * w * y, (0, 1), [1.0 + 0j], "BDF").y[0, -1]))(
            2.0
        )
    assert fc.grad(lambda y: solve_ivp(lambda t, y: y, (0, 1), [y], t_eval=[0.0]).y[0, 0])(3.0) == 1.0


def ground(t, y, speed, angle):
    return y[0]


ground.terminal, ground.direction = True, -1


def test_the_time_and_place_of_an_event():
    g = 9.81

    def flight(p):
        speed, angle = p
        y = [0.0, 0.0, speed * np.cos(angle), speed * np.sin(angle)]
        return solve_ivp(
            lambda t, y, *_: [y[3], y[2], 0.0, -g], (0, 20), y, args=(speed, angle), events=ground, **TIGHT
        )

    p = np.array([20.0, 0.6])
    speed, angle = p
    time = fc.grad(lambda p: flight(p).t_events[0][0])(p)
    np.testing.assert_allclose(time, [2 * np.sin(angle) / g, 2 * speed * np.cos(angle) / g], rtol=1e-7)
    np.testing.assert_array_equal(fc.grad(lambda p: flight(p).t[-1])(p), time)
    width = fc.grad(lambda p: flight(p).y_events[0][0, 1])(p)
    np.testing.assert_allclose(
        width, [2 * speed * np.sin(2 * angle) / g, 2 * speed**2 * np.cos(2 * angle) / g], rtol=1e-7
    )
    bend = fc.hessian(lambda p: flight(p).y[1, -1])(p)
    np.testing.assert_allclose(bend[1, 1], -4 * speed**2 * np.sin(2 * angle) / g, rtol=1e-6)


def test_a_right_hand_side_that_branches_or_knows_numbers_of_time_only():
    spline = scipy.interpolate.CubicSpline([0.0, 0.5, 1.0, 2.0], [1.0, 2.0, 0.5, 0.0])

    def end(k):
        return solve_ivp(lambda t, y: -k * spline(t) * y if y[0] > 0.2 else -k * y, (0, 1), [1.0], **TIGHT).y[
            0, -1
        ]

    k = 0.9
    np.testing.assert_allclose(fc.grad(end)(k), -spline.integrate(0, 1) * end(k), rtol=1e-7)
    bend = fc.grad(fc.grad(end))(k)
    np.testing.assert_allclose(bend, spline.integrate(0, 1) ** 2 * end(k), rtol=1e-7)


def test_batches_of_problems():
    def ends(y):
        return solve_ivp(lambda t, y: A @ y, (0, 1), y, t_eval=[0.5, 1.0]).y

    batch = np.stack([START, 2 * START])
    np.testing.assert_array_equal(fc.vmap(ends)(batch), [ends(y) for y in batch])
    each = [fc.jacobian(ends)(y) for y in batch]
    np.testing.assert_allclose(fc.vmap(fc.jacobian(ends))(batch), each, rtol=1e-12)
    np.testing.assert_allclose(fc.vmap(fc.grad(lambda y: np.sum(ends(y) ** 2)))(batch)[0],
                               fc.grad(lambda y: np.sum(ends(y) ** 2))(START), rtol=1e-12)  # fmt: skip
    whole = fc.jacobian(fc.vmap(ends))(batch)
    np.testing.assert_allclose(whole[0, :, :, 0], each[0], rtol=1e-12)
    assert not np.any(whole[0, :, :, 1])
    with pytest.raises(BatchError, match=r"test_ode\.py:\d+.*give the times as t_eval"):
        fc.vmap(lambda k: solve_ivp(lambda t, y: -k * y, (0, 9), [1.0]).y)(np.array([0.1, 5.0]))


def test_the_jacobian_of_an_implicit_method_may_be_funcads():
    def stiff(t, y, k):
        return np.array([-k * (y[0] - np.cos(t)), y[0] - y[1]])

    def end(k, solve=solve_ivp):
        return solve(stiff, (0, 2), [0.0, 0.0], "BDF", args=(k,), jac=fc.jacobian(stiff, 1), **TIGHT).y[1, -1]

    assert fc.value_and_grad(end)(50.0)[0] == end(50.0) == end(50.0, scipy.integrate.solve_ivp)
    steps = fc.grad(lambda k: solve_ivp(stiff, (0, 2), [0.0, 0.0], args=(k,), **TIGHT).y[1, -1])
    np.testing.assert_allclose(fc.grad(end)(50.0), steps(50.0), rtol=1e-5)


@pytest.mark.parametrize("method", ["LSODA", "BDF", "Radau"])
def test_a_sensitivity_that_is_faster_than_the_solution(method):
    # the solution is cos t, whatever the rate is; beside it a change dies out a thousand times faster
    times, rate = [1e-3, 5e-3, 1.0], 1000.0

    def f(start, rate):
        return solve_ivp(
            lambda t, y: -rate * (y - np.cos(t)) - np.sin(t),
            (0, 1),
            [start],
            method,
            times,
            rtol=1e-6,
            atol=1e-9,
        ).y[0]

    by_start, by_rate = fc.jacobian(f, (0, 1))(1.0, rate)
    np.testing.assert_allclose(by_start, np.exp(-rate * np.array(times)), rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(by_rate, 0.0, atol=1e-8)


def test_parameters_that_are_tiny_are_as_exact_as_others():
    for k in (1e-12, 1e9):
        f = fc.grad(
            lambda q, k=k: solve_ivp(lambda t, y: -(q / k) * y, (0, 1), [1.0], "LSODA", rtol=1e-8).y[0, -1]
        )
        np.testing.assert_allclose(f(k) * k, -np.exp(-1), rtol=1e-5)
    seed = fc.grad(
        lambda y: solve_ivp(lambda t, y: y * 0.5, (0, 1), [y], "BDF", rtol=1e-6, atol=1e-9).y[0, -1]
    )
    np.testing.assert_allclose(seed(1e-14), np.exp(0.5), rtol=1e-4)
    # where it is differentiated once more, the derivative is integrated with the solution
    np.testing.assert_allclose(fc.jvp(seed, (1e-14,), (1e-14,))[0], np.exp(0.5), rtol=1e-4)


class Rate:
    value = 1.0


def test_what_is_not_supported_says_what_to_write():
    with pytest.raises(ArgumentError, match="sensitivity is one of"):
        solve_ivp(lambda t, y: y, (0, 1), [1.0], sensitivity="backward")
    with pytest.raises(ArgumentError, match="BDF has 'forward' and 'adjoint'"):
        fc.grad(lambda y: solve_ivp(lambda t, y: y, (0, 1), [y], "BDF", sensitivity="steps").y[0, -1])(1.0)
    with pytest.raises(UnsupportedArgumentError, match="t_eval"):
        fc.grad(lambda y: solve_ivp(lambda t, y: y, (0, 1), [y], dense_output=True).y[0, -1])(1.0)
    with pytest.raises(UnsupportedArgumentError, match="'rtol'"):
        fc.grad(lambda r: solve_ivp(lambda t, y: y, (0, 1), [1.0], rtol=r).y[0, -1])(1e-3)
    with pytest.raises(UnsupportedArgumentError, match="tcrit"):
        fc.grad(lambda y: odeint(lambda y, t: y, y, [0, 1], tcrit=[0.5])[-1, 0])(1.0)

    def by_attribute(k):
        rate = Rate()
        rate.value = k
        return solve_ivp(lambda t, y: rate.value * y, (0, 1), [k]).y[0, -1]

    with pytest.raises(RuleError, match="an attribute"):
        fc.grad(by_attribute)(1.0)
    with pytest.raises(ConversionError, match="from funcad.scipy import integrate"):
        fc.grad(lambda k: scipy.integrate.solve_ivp(lambda t, y: k * y, (0, 1), [1.0]).y[0, -1])(1.0)
