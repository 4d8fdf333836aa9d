"""Systems, factors and structured matrices of `funcad.scipy.linalg`: what is read, what is kept, whole programs."""

import numpy as np
import pytest
import scipy.linalg

import funcad as fc
from funcad.errors import UnsupportedArgumentError
from funcad.scipy import linalg
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
A = RNG.normal(size=(4, 4)) + 4 * np.eye(4)
SPD = A @ A.T
B = RNG.normal(size=4)


@pytest.mark.parametrize(
    ("assume_a", "lower", "seen"),
    [
        ("pos", True, np.tri(4)),
        ("pos", False, np.tri(4).T),
        ("sym", True, np.tri(4)),
        ("her", False, np.tri(4).T),
        ("lower triangular", False, np.tri(4)),
        ("upper triangular", False, np.tri(4).T),
        ("diagonal", False, np.eye(4)),
        ("tridiagonal", False, np.tri(4, k=1) * np.tri(4, k=1).T),
    ],
)
def test_the_gradient_is_zero_where_the_solver_does_not_read(assume_a, lower, seen):
    g = fc.grad(lambda a: np.sum(linalg.solve(a, B, lower=lower, assume_a=assume_a)))(SPD)
    np.testing.assert_array_equal(g != 0, seen == 1)


def test_a_definite_system_counts_an_entry_of_the_triangle_twice():
    # x = A^-1 b with A symmetric: the gradient of u x is -(w x^T + x w^T) off the diagonal, where A w = u
    u = RNG.normal(size=4)
    x, w = np.linalg.solve(SPD, B), np.linalg.solve(SPD, u)
    wanted = -np.outer(w, x)
    wanted = np.tril(wanted + wanted.T, -1) + np.diag(np.diag(wanted))
    g = fc.grad(lambda a: u @ linalg.solve(a, B, lower=True, assume_a="pos"))(SPD)
    np.testing.assert_allclose(g, wanted, rtol=1e-10, atol=1e-14)


def test_integers_and_lists_are_taken_as_scipy_takes_them():
    whole = [[4, 1], [1, 3]]
    b, t = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    for assume_a in ("pos", "sym", "her", "gen", None):
        x, dx = fc.jvp(lambda b, k=assume_a: linalg.solve(whole, b, assume_a=k), (b,), (t,))
        np.testing.assert_allclose(dx, np.linalg.solve(whole, t), rtol=1e-14)
    w = fc.jacobian(lambda a: linalg.eigvalsh(a, whole))(np.diag([1.0, 5.0]))
    exact = fc.jacobian(lambda a: np.sort(np.linalg.eigvals(np.linalg.solve(np.array(whole, float), a))))
    wanted = exact(np.diag([1.0, 5.0]))
    np.testing.assert_allclose(np.trace(w, axis1=1, axis2=2), np.trace(wanted, axis1=1, axis2=2), rtol=1e-12)
    g = fc.grad(lambda x: linalg.expm([[0.0, x], [-x, 0.0]])[0, 1])(0.3)
    np.testing.assert_allclose(g, np.cos(0.3), rtol=1e-14)


def test_one_factorisation_serves_both_passes_and_all_right_sides(monkeypatch):
    calls = []
    factor = linalg.lu_factor._fn

    def counted(*args, **kwargs):
        calls.append(1)
        return factor(*args, **kwargs)

    monkeypatch.setattr(linalg.lu_factor, "_fn", counted)

    def f(a):
        factors = linalg.lu_factor(a)
        x = linalg.lu_solve(factors, B)
        return np.sum(linalg.lu_solve(factors, x, trans=1) ** 2)

    value, g = fc.value_and_grad(f)(A)
    assert len(calls) == 1
    monkeypatch.undo()
    np.testing.assert_allclose(value, np.sum(np.linalg.solve(A.T, np.linalg.solve(A, B)) ** 2))
    wanted = fc.grad(lambda a: np.sum(np.linalg.solve(a.T, np.linalg.solve(a, B)) ** 2))(A)
    np.testing.assert_allclose(g, wanted, rtol=1e-10)


def test_the_logarithm_of_a_determinant_by_its_factors():
    def log_det(a):
        return np.sum(np.log(np.abs(np.diagonal(linalg.lu_factor(a)[0]))))

    np.testing.assert_allclose(fc.grad(log_det)(A), np.linalg.inv(A).T, rtol=1e-11)
    np.testing.assert_allclose(
        fc.hessian(log_det)(A), fc.hessian(lambda a: np.linalg.slogdet(a)[1])(A), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5)])
def test_the_factors_of_elimination_multiply_to_the_matrix(shape):
    a, t = RNG.normal(size=shape), RNG.normal(size=shape)
    (p, l, u), (dp, dl, du) = fc.jvp(linalg.lu, (a,), (t,))
    assert dp is None or not np.any(dp)
    np.testing.assert_allclose(p @ (dl @ u + l @ du), t, atol=1e-12)
    assert not np.any(np.triu(dl))
    assert not np.any(np.tril(du, -1))


def test_heat_flows_through_a_rod():
    # implicit steps of a banded system, with a conductivity in every cell
    n = 8
    x = np.linspace(0, 1, n)

    def rod(k):
        k = np.concatenate([k, k[-1:]])
        ab = np.stack([np.pad(-k[:-2], (1, 0)), 1 + k[:-1] + k[1:], np.pad(-k[1:-1], (0, 1))])
        u = np.exp(-20 * (x - 0.5) ** 2)
        for _ in range(3):
            u = linalg.solve_banded((1, 1), ab, u)
        return u

    def dense(k):
        k = np.concatenate([k, k[-1:]])
        a = np.diag(1 + k[:-1] + k[1:]) + np.diag(-k[:-2], 1) + np.diag(-k[1:-1], -1)
        u = np.exp(-20 * (x - 0.5) ** 2)
        for _ in range(3):
            u = np.linalg.solve(a, u)
        return u

    k = np.linspace(0.5, 1.5, n)
    np.testing.assert_allclose(fc.jacobian(rod)(k), fc.jacobian(dense)(k), rtol=1e-9, atol=1e-13)
    check_grads(rod, (k,), order=2)


def test_an_autoregression_by_the_yule_walker_equations():
    series = np.cumsum(RNG.normal(size=60)) * 0.3 + RNG.normal(size=60)

    def coefficients(scale):
        y = np.tanh(scale * series)
        y = y - np.mean(y)
        r = np.stack([np.sum(y[: 60 - k] * y[k:]) for k in range(5)])
        return linalg.solve_toeplitz(r[:-1], r[1:])

    def dense(scale):
        y = np.tanh(scale * series)
        y = y - np.mean(y)
        r = np.stack([np.sum(y[: 60 - k] * y[k:]) for k in range(5)])
        return np.linalg.solve(linalg.toeplitz(r[:-1]), r[1:])

    np.testing.assert_allclose(fc.jacfwd(coefficients)(0.3), fc.jacfwd(dense)(0.3), rtol=1e-9)
    np.testing.assert_allclose(fc.jacrev(coefficients)(0.3), fc.jacfwd(dense)(0.3), rtol=1e-9)


def test_a_toeplitz_system_by_column_and_row():
    c, r, b = RNG.normal(size=(3, 5))
    c[0] = r[0] = 6.0
    wanted = fc.jacobian(lambda c, r, b: np.linalg.solve(linalg.toeplitz(c, r), b), (0, 1, 2))(c, r, b)
    got = fc.jacobian(lambda c, r, b: linalg.solve_toeplitz((c, r), b), (0, 1, 2))(c, r, b)
    for g, w in zip(got, wanted, strict=True):
        np.testing.assert_allclose(g, w, atol=1e-13)


def test_the_roots_of_a_polynomial_by_its_companion_matrix():
    # dx/da_k = -x^(n-k) / p'(x)
    p = np.array([2.0, -3.0, -11.0, 6.0])
    roots, moved = fc.jvp(lambda a: linalg.eigvals(linalg.companion(a)), (p,), (np.eye(4)[2],))
    np.testing.assert_allclose(moved, -roots / np.polyval(np.polyder(p), roots), rtol=1e-10)


def test_least_squares_with_either_driver():
    tall, b = RNG.normal(size=(6, 3)), RNG.normal(size=6)
    wanted = fc.jacobian(lambda a: np.linalg.lstsq(a, b, rcond=None)[0])(tall)
    for driver in (None, "gelsd", "gelss", "gelsy"):
        got = fc.jacobian(lambda a, d=driver: linalg.lstsq(a, b, lapack_driver=d)[0])(tall)
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("f", "named"),
    [
        (lambda a: linalg.solve(a, B, overwrite_a=True), "overwrite_a=True"),
        (lambda a: linalg.solve(a, B, overwrite_b=True), "overwrite_b=True"),
        (lambda a: linalg.lu_solve(linalg.lu_factor(np.stack([a, a])), np.stack([B, B])), "funcad.vmap"),
        (lambda a: linalg.solve_banded((1, 2), np.stack([a, a]), np.stack([B, B])), "funcad.vmap"),
        (lambda a: linalg.toeplitz(a), "funcad.vmap"),
        (lambda a: linalg.solve_circulant(a[0], B, singular="lstsq"), "singular='lstsq'"),
        (lambda a: linalg.pinv(a, rtol=0.5), "rtol=0.5"),
    ],
)
def test_what_is_not_supported_is_a_named_error(f, named):
    with pytest.raises(UnsupportedArgumentError, match=named):
        fc.jacobian(f)(A)


def test_a_batch_of_systems_has_one_factorisation_where_the_matrix_is_the_same():
    sides = RNG.normal(size=(3, 4))
    x = fc.vmap(lambda b: linalg.lu_solve(linalg.lu_factor(A), b))(sides)
    np.testing.assert_allclose(x, [scipy.linalg.solve(A, b) for b in sides], rtol=1e-12)
    g = fc.vmap(fc.grad(lambda a, b: np.sum(linalg.cho_solve(linalg.cho_factor(a), b))), (None, 0))(
        SPD, sides
    )
    assert g.shape == (3, 4, 4)


@pytest.mark.parametrize("n", [48, 49, 130])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_cholesky_factors_of_more_columns_than_go_at_once_have_the_derivative_of_numpys(n, dtype):
    rng = np.random.default_rng(n)
    a = rng.normal(size=(n, n)).astype(dtype)
    if dtype is np.complex128:
        a += 1j * rng.normal(size=(n, n))
    a = a @ a.conj().T / n + np.eye(n, dtype=dtype)
    g = rng.normal(size=(n, n)).astype(a.real.dtype)
    for lower in (True, False):
        # a cotangent of the zeros too
        found, expected = (
            fc.grad(lambda a, f=f: np.sum(g * np.real(f(a))))(a)
            for f in (lambda a: linalg.cholesky(a, lower), lambda a: np.linalg.cholesky(a, upper=not lower))
        )
        assert found.dtype == expected.dtype
        error = 1e-12 if a.real.dtype == np.float64 else 1e-4
        np.testing.assert_allclose(found, expected, atol=error * np.max(np.abs(expected)))
