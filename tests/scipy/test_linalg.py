"""`funcad.scipy.linalg`: SciPy's values, derivatives of a likelihood, and what is refused."""

import numpy as np
import pytest
import scipy.linalg

import funcad as fc
from funcad.errors import FuncadError
from funcad.scipy import linalg
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 2))
Y = RNG.normal(size=6)
SPD = X @ X.T + np.eye(6)


def log_likelihood(scale, noise):
    gaps = np.sum((X[:, None] - X[None]) ** 2, axis=-1)
    factor = linalg.cho_factor(np.exp(-gaps / scale**2) + noise * np.eye(6), lower=True)
    return -0.5 * Y @ linalg.cho_solve(factor, Y) - np.sum(np.log(np.diagonal(factor[0])))


def test_a_gaussian_likelihood_by_its_cholesky_factor():
    check_grads(log_likelihood, (1.3, 0.2), order=2)
    # against the formula with the inverse: (a a^T - K^-1) / 2 in the direction of the noise
    gaps = np.sum((X[:, None] - X[None]) ** 2, axis=-1)
    inverse = np.linalg.inv(np.exp(-gaps / 1.3**2) + 0.2 * np.eye(6))
    a = inverse @ Y
    np.testing.assert_allclose(
        fc.grad(log_likelihood, 1)(1.3, 0.2), 0.5 * (a @ a - np.trace(inverse)), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("expm", (X.T @ X,)),
        ("inv", (SPD,)),
        ("det", (SPD,)),
        ("cholesky", (SPD, True)),
        ("cho_factor", (SPD,)),
        ("solve_triangular", (SPD, Y, 1)),
    ],
)
def test_values_are_scipys_own_to_the_bit(name, args):
    own, twin = getattr(scipy.linalg, name), getattr(linalg, name)
    wanted = own(*args)
    plain = twin(*args)
    traced, _ = fc.jvp(lambda a: twin(a, *args[1:]), (args[0],), (np.ones_like(args[0]),))
    for value in (plain, traced):
        for v, w in zip(value, wanted, strict=True) if isinstance(wanted, tuple) else [(value, wanted)]:
            np.testing.assert_array_equal(v, w)


def test_the_exponential_along_a_direction_of_any_size():
    a = RNG.normal(size=(4, 4))
    t = RNG.normal(size=(4, 4))
    wanted = scipy.linalg.expm_frechet(a, t, compute_expm=False)
    for size in (1e-200, 1.0, 1e200):
        _, moved = fc.jvp(linalg.expm, (a,), (size * t,))
        np.testing.assert_allclose(moved / size, wanted, rtol=1e-12)


def test_the_exponential_of_time():
    # d^2/dt^2 exp(t A) = A^2 exp(t A)
    a = np.array([[0.0, 1.0], [-1.0, 0.0]])
    second = fc.jacfwd(fc.jacfwd(lambda t: linalg.expm(t * a)))(0.7)
    np.testing.assert_allclose(second, -scipy.linalg.expm(0.7 * a), rtol=1e-14)


@pytest.mark.parametrize(
    ("f", "named"),
    [
        (lambda a: linalg.cholesky(a, overwrite_a=True), "overwrite_a=True"),
        (lambda a: linalg.cho_factor(a, overwrite_a=True), "overwrite_a=True"),
        (lambda a: linalg.inv(a, assume_a="diagonal"), "assume_a=.diagonal."),
        (lambda a: linalg.solve_triangular(np.stack([a, a]), np.stack([Y, Y])[..., None]), "funcad.vmap"),
    ],
)
def test_what_is_not_supported_is_a_named_error(f, named):
    with pytest.raises(FuncadError, match=named):
        fc.jacobian(f)(SPD)


def test_the_other_functions_of_the_namespace_are_scipys():
    assert linalg.hadamard is scipy.linalg.hadamard


FULL = RNG.normal(size=(3, 6, 6))
STACK = FULL @ np.swapaxes(FULL, 1, 2) / 3 + np.diag(np.arange(1.0, 7.0))


@pytest.mark.parametrize(
    "f",
    [
        linalg.expm,
        linalg.logm,
        linalg.cholesky,
        lambda a: linalg.fractional_matrix_power(a, 0.3),
        lambda a: linalg.eigh(a, driver="evd")[1] ** 2,
        lambda a: linalg.eigh(a @ a, a)[1] ** 2,
        lambda a: linalg.svd(a)[1],
        lambda a: linalg.pinvh(a),
        lambda a: linalg.polar(a[..., :2])[0],
        lambda a: linalg.lu(a)[2],
        lambda a: linalg.lu_factor(a)[0],
        lambda a: linalg.solve(a, Y),
        lambda a: linalg.solve(a, X, assume_a="pos"),
        lambda a: linalg.inv(a, assume_a="sym"),
        lambda a: linalg.block_diag(a, a[..., :2, :]),
        lambda a: linalg.khatri_rao(a, SPD),
        lambda a: linalg.companion(a[..., 0]),
    ],
)
def test_a_stack_of_matrices_is_differentiated_as_each_of_them(f):
    directions = RNG.normal(size=STACK.shape)
    value, moved = fc.jvp(f, (STACK,), (directions,))
    for k in range(3):
        wanted, change = fc.jvp(f, (STACK[k],), (directions[k],))
        np.testing.assert_allclose(value[k], wanted, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(moved[k], change, rtol=1e-8, atol=1e-10 * np.max(np.abs(change)))
    y, pull = fc.vjp(f, STACK)
    g = RNG.normal(size=y.shape)
    np.testing.assert_allclose(np.sum(g * moved), np.sum(pull(g) * directions), rtol=1e-8)


@pytest.mark.parametrize("cholesky", [linalg.cholesky, np.linalg.cholesky])
@pytest.mark.parametrize("imaginary", [0, 1j])
def test_a_large_cholesky_factor_is_pulled_back_by_halves(cholesky, imaginary):
    # the identity of both modes, of which the forward one does not halve
    n = 230
    a, t, g = [RNG.normal(size=(n, n)) + imaginary * RNG.normal(size=(n, n)) for _ in range(3)]
    a, t = a @ np.conj(a.T) + n * np.eye(n), t + np.conj(t.T)
    lower = {"lower": True} if cholesky is linalg.cholesky else {}
    upper = {} if lower else {"upper": True}
    for keywords in (lower, upper):
        _, moved = fc.jvp(lambda a: cholesky(a, **keywords), (a,), (t,))
        _, pull = fc.vjp(lambda a: cholesky(a, **keywords), a)
        wanted = np.sum(np.real(g * moved))
        np.testing.assert_allclose(np.sum(np.real(pull(g) * t)), wanted, rtol=1e-9)
        assert not np.any(np.triu(pull(g), 1) if keywords is lower else np.tril(pull(g), -1))
