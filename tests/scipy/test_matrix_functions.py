"""Functions of a matrix and equations for one: closed forms, many digits, filters and regulators."""

import mpmath
import numpy as np
import pytest
import scipy.linalg

import funcad as fc
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.scipy import linalg
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 3)) / 3 + 2 * np.eye(3)
T = RNG.normal(size=(3, 3))
J = np.array([[0.0, -1.0], [1.0, 0.0]])


def rotation(angle):
    return np.cos(angle) * np.eye(2) + np.sin(angle) * J


def test_the_logarithm_of_a_rotation_is_its_angle():
    for angle in (-3.0, -0.5, 1e-8, 2.0):
        np.testing.assert_allclose(fc.jacfwd(lambda x: linalg.logm(rotation(x)))(angle), J, atol=1e-13)
    np.testing.assert_allclose(fc.jacfwd(fc.jacfwd(lambda x: linalg.logm(rotation(x))))(0.5), 0, atol=1e-12)


def test_the_mean_of_rotations_by_descent():
    # the Karcher mean in SO(3): the gradient vanishes there
    spins = RNG.normal(size=(3, 3)) * 0.4
    turns = [scipy.linalg.expm(skew(s)) for s in spins]

    def spread(s):
        return sum([np.sum(linalg.logm(turn.T @ linalg.expm(skew(s))) ** 2) for turn in turns])

    s = np.mean(spins, axis=0)
    for _ in range(6):
        s = s - np.linalg.solve(fc.hessian(spread)(s), fc.grad(spread)(s))
    np.testing.assert_allclose(fc.grad(spread)(s), 0, atol=1e-10)
    mean = scipy.linalg.expm(skew(s))
    np.testing.assert_allclose(sum([scipy.linalg.logm(turn.T @ mean) for turn in turns]), 0, atol=1e-10)


def skew(s):
    zero = 0 * s[0]
    return np.stack([
        np.stack([zero, -s[2], s[1]]), np.stack([s[2], zero, -s[0]]), np.stack([-s[1], s[0], zero])
    ])  # fmt: skip


def many_digits(f, a, t):
    """Differentiate a function of a matrix along t with 60 digits, by a central difference."""
    with mpmath.workdps(60):
        a, t = mpmath.matrix(a.tolist()), mpmath.matrix(t.tolist())
        step = mpmath.mpf(10) ** -20
        d = (f(a + step * t) - f(a - step * t)) / (2 * step)
        return np.array([[complex(d[i, j]) for j in range(d.cols)] for i in range(d.rows)])


@pytest.mark.parametrize(
    ("own", "exact"),
    [
        (linalg.sqrtm, mpmath.sqrtm),
        (linalg.logm, mpmath.logm),
        (
            lambda a: linalg.fractional_matrix_power(a, 0.3),
            lambda a: mpmath.expm(mpmath.mpf(0.3) * mpmath.logm(a)),
        ),
        (linalg.cosm, mpmath.cosm),
        (linalg.sinm, mpmath.sinm),
        (lambda a: linalg.funm(a, np.exp), mpmath.expm),
    ],
)
def test_derivatives_to_twelve_digits(own, exact):
    _, moved = fc.jvp(own, (A,), (T,))
    np.testing.assert_allclose(moved, many_digits(exact, A, T).real, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("size", [0.0, 1e-3, 0.05, 0.3, 1.0, 3.0, 40.0])
@pytest.mark.parametrize("turn", [1.0, np.exp(0.7j)], ids=["real", "complex"])
def test_exponentials_of_small_and_large_matrices(size, turn):
    a = turn * size * (RNG.normal(size=(4, 4)) - 1.0) / 4
    t = RNG.normal(size=(4, 4))
    expected = many_digits(lambda a: mpmath.expm(a, method="taylor"), a, t)
    _, moved = fc.jvp(linalg.expm, (a,), (t.astype(a.dtype),))
    np.testing.assert_allclose(moved, expected, atol=1e-13 * max(1.0, size) * np.max(np.abs(expected)))


def test_exponentials_of_no_entries_and_of_what_is_not_finite():
    assert fc.grad(lambda a: np.sum(linalg.expm(a)))(np.zeros((0, 0))).shape == (0, 0)
    assert np.all(np.isnan(fc.grad(lambda a: np.sum(linalg.expm(a)))(np.full((2, 2), np.nan))))


def test_functions_of_matrices_with_equal_and_nearly_equal_eigenvalues():
    nearly = np.diag([2.0, 2.0 + 1e-9, 3.0])
    for a in (2 * np.eye(3), nearly):
        for own, exact in ((linalg.sqrtm, mpmath.sqrtm), (linalg.logm, mpmath.logm)):
            _, moved = fc.jvp(own, (a,), (T,))
            np.testing.assert_allclose(moved, many_digits(exact, a, T).real, rtol=1e-10, atol=1e-12)


def test_a_real_matrix_with_a_negative_eigenvalue_has_a_complex_result():
    # diagonal in a fixed basis: log, root and power act on the eigenvalues
    v = np.array([[1.0, 2.0], [0.5, -1.0]])
    inverse = np.linalg.inv(v)

    def f(own):
        return lambda x: own(v @ np.diag([2.0, -1.0]) @ inverse * x)

    for own, slope in (
        (linalg.logm, [1.0, 1.0]),
        (linalg.sqrtm, [np.sqrt(2) / 2, 1j / 2]),
        (lambda a: linalg.fractional_matrix_power(a, 0.25), np.array([2.0, -1.0 + 0j]) ** 0.25 / 4),
    ):
        moved = fc.jacfwd(f(own))(1.0)
        assert np.iscomplexobj(moved)
        np.testing.assert_allclose(moved, v @ np.diag(slope) @ inverse, atol=1e-11)
        g = fc.grad(lambda x, own=own: np.sum(np.abs(f(own)(x)) ** 2))(1.0)
        value = f(own)(1.0)
        np.testing.assert_allclose(g, 2 * np.sum(np.conj(value) * moved).real, rtol=1e-10)


def test_the_derivative_by_the_exponent():
    _, moved = fc.jvp(lambda p: linalg.fractional_matrix_power(A, p), (0.4,), (1.0,))
    wanted = scipy.linalg.logm(A) @ scipy.linalg.fractional_matrix_power(A, 0.4)
    np.testing.assert_allclose(moved, wanted, rtol=1e-11)
    check_grads(lambda a, p: linalg.fractional_matrix_power(a, p), (A, 0.4), order=2)


def test_a_function_with_a_traced_parameter():
    def f(p):
        return linalg.funm(A * p, lambda w: w**p)

    wanted = scipy.linalg.logm(2 * A) @ (2 * A) @ (2 * A) + 2 * A @ (2 * A)
    np.testing.assert_allclose(fc.jacfwd(f)(2.0), wanted, rtol=1e-10)


def test_the_sign_of_a_matrix():
    def sign(x):
        v = np.eye(2) + x * np.array([[0.0, 1.0], [2.0, 0.0]])
        return linalg.signm(v @ np.diag([3.0, -1.0]) @ np.linalg.inv(v))

    def exact(x):
        v = np.eye(2) + x * np.array([[0.0, 1.0], [2.0, 0.0]])
        return v @ np.diag([1.0, -1.0]) @ np.linalg.inv(v)

    np.testing.assert_allclose(fc.jacfwd(sign)(0.2), fc.jacfwd(exact)(0.2), atol=1e-11)
    np.testing.assert_allclose(fc.jacobian(linalg.signm)(A), 0, atol=1e-12)


def test_where_there_is_no_derivative():
    with pytest.raises(UndefinedDerivativeError, match="common eigenvalue"):
        fc.jacobian(lambda a: linalg.solve_sylvester(a, -a, np.eye(2)))(np.diag([1.0, 2.0]))
    with pytest.warns(scipy.linalg.LinAlgWarning), pytest.raises(UndefinedDerivativeError, match="singular"):
        fc.jacobian(linalg.sqrtm)(np.diag([0.0, 0.0, 1.0]))
    # the powers beside the square of a negative number are complex
    with pytest.raises(UndefinedDerivativeError, match="negative eigenvalues"):
        fc.jacfwd(lambda p: linalg.fractional_matrix_power(np.diag([-1.0, 2.0]), p))(2.0)
    with pytest.raises(UnsupportedArgumentError, match="disp"):
        fc.jacfwd(lambda x: linalg.funm(x * A, np.exp, disp=False)[0])(1.0)


# --- a filter and a regulator


STEP = 0.1
MOTION = np.array([[1.0, STEP], [0.0, 1.0]])
SEEN = np.array([[1.0, 0.0]])


def steady(q, r):
    """The covariance of the prediction of a position and a velocity, of which the position is seen."""
    noise = q * np.array([[STEP**3 / 3, STEP**2 / 2], [STEP**2 / 2, STEP]])
    return linalg.solve_discrete_are(MOTION.T, SEEN.T, noise, np.reshape(r, (1, 1)))


def log_likelihood(q, r, seen):
    p = steady(q, r)
    s = SEEN @ p @ SEEN.T + r
    gain = MOTION @ p @ SEEN.T / s
    state, total = np.zeros(2), 0.0
    for y in seen:
        error = y - (SEEN @ state)[0]
        total = total - 0.5 * (error**2 / s[0, 0] + np.log(s[0, 0]))
        state = MOTION @ state + gain[:, 0] * error
    return total


def test_a_kalman_filter_in_its_steady_state():
    path = np.cumsum(np.cumsum(RNG.normal(size=40)) * STEP) * STEP + 0.3 * RNG.normal(size=40)
    check_grads(lambda q, r: log_likelihood(q, r, path), (0.8, 0.1), order=2)

    def recursion(q, r):
        noise = q * np.array([[STEP**3 / 3, STEP**2 / 2], [STEP**2 / 2, STEP]])
        p = np.eye(2)
        for _ in range(300):
            gain = MOTION @ p @ SEEN.T / (SEEN @ p @ SEEN.T + r)
            p = MOTION @ p @ MOTION.T - gain @ (SEEN @ p @ MOTION.T) + noise
        return p

    for k in (0, 1):
        wanted = fc.jacfwd(recursion, k)(0.8, 0.1)
        np.testing.assert_allclose(fc.jacfwd(steady, k)(0.8, 0.1), wanted, rtol=1e-9)
        np.testing.assert_allclose(fc.jacrev(steady, k)(0.8, 0.1), wanted, rtol=1e-9)


@pytest.mark.parametrize("solver", [linalg.solve_continuous_are, linalg.solve_discrete_are])
def test_all_coefficients_of_a_riccati_equation(solver):
    a, b, s = T / 6, np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), np.outer([1.0, 2.0, -1.0], [0.1, 0.05])
    q, r, e = np.diag([1.0, 2.0, 3.0]), np.array([[2.0, 0.5], [0.5, 1.0]]), np.eye(3) + T / 9

    def both(x):
        return (x + x.T) / 2

    check_grads(lambda q, r: solver(a, b, both(q), both(r)), (q, r), order=2)
    check_grads(lambda a, b, q, r, e, s: solver(a, b, both(q), both(r), e, s), (a, b, q, r, e, s), order=1)
    z = q + 0.2j * (T - T.T)
    check_grads(lambda z: solver(a, b, (z + np.conj(z.T)) / 2, r), (z,), order=2)


def test_the_cost_of_a_regulator_by_a_lyapunov_equation():
    # the optimal gain is where the cost of any gain is stationary
    a, b = np.array([[0.0, 1.0], [0.5, -0.2]]), np.array([[0.0], [1.0]])
    q, r = np.diag([2.0, 1.0]), np.array([[0.5]])

    def cost(k):
        closed = a - b @ k
        return np.trace(linalg.solve_continuous_lyapunov(closed.T, -(q + k.T @ r @ k)))

    x = scipy.linalg.solve_continuous_are(a, b, q, r)
    k = np.linalg.solve(r, b.T @ x)
    np.testing.assert_allclose(cost(k), np.trace(x), rtol=1e-12)
    np.testing.assert_allclose(fc.grad(cost)(k), 0, atol=1e-11)
    assert np.all(np.linalg.eigvalsh(fc.hessian(cost)(k).reshape(2, 2)) > 0)


def test_schur_factors_are_made_once(monkeypatch):
    calls = []
    schur = scipy.linalg.schur

    def counted(*args, **kwargs):
        calls.append(1)
        return schur(*args, **kwargs)

    from funcad.rules.scipy.matrix_equations import schur_of

    monkeypatch.setattr(schur_of, "_fn", counted)
    b, q = A[:2, :2], RNG.normal(size=(3, 2))
    fc.grad(lambda a, b, q: np.sum(linalg.solve_sylvester(a, b, q) ** 2), (0, 1, 2))(A, b, q)
    assert len(calls) == 2


def test_real_coefficients_with_complex_ones_are_refused():
    # SciPy takes the Schur factors of a real matrix for triangular ones there
    turn = np.array([[1.0, -2.0], [2.0, 1.0]])
    for f in (
        lambda q: linalg.solve_sylvester(turn, turn, q),
        lambda q: linalg.solve_continuous_lyapunov(turn, q),
    ):
        with pytest.raises(UnsupportedArgumentError, match="astype"):
            fc.jvp(f, (np.eye(2) + 0j,), (np.eye(2) + 0j,))
