"""Eigenvalues and decompositions of `funcad.scipy.linalg`: formulas, programs, and where there is no derivative."""

import numpy as np
import pytest
import scipy.linalg

import funcad as fc
from funcad.errors import FuncadError, UndefinedDerivativeError, UnsupportedArgumentError
from funcad.scipy import linalg
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
A = RNG.normal(size=(5, 5))
SYM = A + A.T
SPD = A @ A.T + np.eye(5)


def stiffness(k):
    """A chain of masses between walls."""
    return np.diag(k[:-1] + k[1:]) - np.diag(k[1:-1], 1) - np.diag(k[1:-1], -1)


def test_vibration_frequencies_by_masses_and_springs():
    masses, springs = np.array([1.0, 2.0, 0.5, 1.5]), np.array([3.0, 1.0, 2.0, 4.0, 1.0])

    def squares(m, k):
        return linalg.eigh(stiffness(k), np.diag(m))[0]

    w, v = scipy.linalg.eigh(stiffness(springs), np.diag(masses))
    # K v = w M v with v^T M v = 1: dw = v^T (dK - w dM) v
    np.testing.assert_allclose(fc.jacobian(squares)(masses, springs), -(w[:, None] * v.T**2), rtol=1e-10)
    stretched = np.diff(np.pad(v, ((1, 1), (0, 0))), axis=0)
    np.testing.assert_allclose(
        fc.jacobian(squares, 1)(masses, springs), stretched.T**2, rtol=1e-9, atol=1e-12
    )
    check_grads(lambda m, k: np.sqrt(linalg.eigvalsh(stiffness(k), np.diag(m))), (masses, springs), order=2)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_the_vectors_of_a_pair_stay_normalised(kind):
    def residual(a, b):
        w, v = linalg.eigh(a + a.T, b @ b.T, type=kind)
        b = b @ b.T
        left = {1: a + a.T, 2: (a + a.T) @ b, 3: b @ (a + a.T)}[kind] @ v
        right = (b if kind == 1 else np.eye(5)) @ v * w
        weight = np.linalg.inv(b) if kind == 3 else b
        return left - right, v.T @ weight @ v

    b = RNG.normal(size=(5, 5)) / 3 + 2 * np.eye(5)
    _, (equation, norm) = fc.jvp(residual, (A, b), (RNG.normal(size=(5, 5)), RNG.normal(size=(5, 5))))
    np.testing.assert_allclose(equation, 0, atol=1e-9)
    np.testing.assert_allclose(norm, 0, atol=1e-9)


def test_a_part_of_the_spectrum_is_that_of_the_whole():
    whole = fc.jacobian(lambda a: linalg.eigh(a, driver="evd")[1] ** 2)(SYM)
    by_index = fc.jacobian(lambda a: linalg.eigh(a, subset_by_index=[1, 3])[1] ** 2)(SYM)
    np.testing.assert_allclose(by_index, whole[:, 1:4], atol=1e-10)
    w = np.linalg.eigvalsh(SYM)
    limits = [(w[1] + w[2]) / 2, np.inf]
    by_value = fc.jacobian(lambda a: linalg.eigh(a, subset_by_value=limits)[1] ** 2)(SYM)
    np.testing.assert_allclose(by_value, whole[:, 2:], atol=1e-10)
    values = fc.jacobian(lambda a: linalg.eigvalsh(a, subset_by_value=limits))(SYM)
    np.testing.assert_allclose(values, fc.jacobian(np.linalg.eigvalsh)(SYM)[2:], atol=1e-12)


def test_the_default_driver_has_the_derivative_of_its_own_signs():
    _, v = scipy.linalg.eigh(SYM)
    t = RNG.normal(size=(5, 5))
    t = t + t.T
    (w, u), (dw, du) = fc.jvp(linalg.eigh, (SYM,), (t,))
    np.testing.assert_array_equal(u, v)
    np.testing.assert_allclose(t @ u + SYM @ du - du * w - u * dw, 0, atol=1e-10)


def test_energies_of_an_oscillator_on_a_grid():
    # -u'' / 2 + k x^2 / 2 has the energies sqrt(k) (n + 1/2), whose derivatives at k = 1 are (n + 1/2) / 2
    x = np.linspace(-8, 8, 161)
    h = x[1] - x[0]

    def energies(k):
        diagonal = 1 / h**2 + k * x**2 / 2
        off = np.full(160, -0.5 / h**2)
        return linalg.eigh_tridiagonal(diagonal, off, eigvals_only=True, select="i", select_range=(0, 2))

    np.testing.assert_allclose(fc.jacfwd(energies)(1.0), (np.arange(3) + 0.5) / 2, rtol=4e-3)
    np.testing.assert_allclose(fc.jacrev(energies)(1.0), fc.jacfwd(energies)(1.0), rtol=1e-10)


def test_general_eigenvalues_of_a_pair():
    wanted = fc.jacobian(lambda a, b: np.sum(np.linalg.eigvals(np.linalg.solve(b, a)) ** 3).real, (0, 1))(
        A, SPD
    )
    got = fc.jacobian(lambda a, b: np.sum(linalg.eigvals(a, b) ** 3).real, (0, 1))(A, SPD)
    for g, w in zip(got, wanted, strict=True):
        np.testing.assert_allclose(g, w, rtol=1e-8, atol=1e-10)
    with pytest.raises(UnsupportedArgumentError, match="eigvals"):
        fc.jacobian(lambda a: linalg.eig(a, SPD)[1])(A)


def test_left_vectors_are_those_of_the_conjugate_transpose():
    t = RNG.normal(size=(5, 5))
    (w, vl), (dw, dvl) = fc.jvp(lambda a: linalg.eig(a, left=True, right=False), (A,), (t,))
    defect = t.T @ vl + A.T @ dvl - dvl * np.conj(w) - vl * np.conj(dw)
    np.testing.assert_allclose(defect, 0, atol=1e-10)


def test_schur_form_with_pairs_of_complex_eigenvalues():
    t = RNG.normal(size=(5, 5))
    form, z = scipy.linalg.schur(A)
    assert np.any(np.diag(form, -1))
    _, (df, dz) = fc.jvp(linalg.schur, (A,), (t,))
    np.testing.assert_allclose(dz @ form @ z.T + z @ df @ z.T + z @ form @ dz.T, t, atol=1e-10)
    np.testing.assert_allclose(dz.T @ z + z.T @ dz, 0, atol=1e-10)
    np.testing.assert_array_equal(df[np.tri(5, k=-1) * (form == 0) == 1], 0)
    for k in np.flatnonzero(np.diag(form, -1)):
        np.testing.assert_allclose(df[k, k], df[k + 1, k + 1], atol=1e-12)


def test_the_complex_form_of_a_real_one_keeps_the_trace_of_a_function():
    block = np.array([[1.0, 2.0, 0.5], [-3.0, 1.0, 1.0], [0.0, 0.0, 4.0]])

    def f(s):
        scaled = block * np.array([[1.0, s, 1.0], [s, 1.0, 1.0], [1.0, 1.0, s]])
        form, _ = linalg.rsf2csf(scaled, np.eye(3))
        return np.sum(np.exp(np.diagonal(form))).real

    # eigenvalues 1 +- i s sqrt(6) and 4 s
    s = 1.2
    wanted = -2 * np.sqrt(6) * np.exp(1) * np.sin(np.sqrt(6) * s) + 4 * np.exp(4 * s)
    np.testing.assert_allclose(fc.grad(f)(s), wanted, rtol=1e-12)


def test_the_rotation_of_a_polar_factor():
    # a symmetric positive factor has no part in the rotation
    angle = 0.7

    def u(x):
        r = np.stack([np.stack([np.cos(x), -np.sin(x)]), np.stack([np.sin(x), np.cos(x)])])
        return linalg.polar(r @ np.diag([2.0, 2.0]))[0]

    c, s = np.cos(angle), np.sin(angle)
    np.testing.assert_allclose(fc.jacfwd(u)(angle), [[-s, -c], [c, -s]], atol=1e-14)


def test_range_and_null_space():
    tall = RNG.normal(size=(5, 3))
    projection = lambda basis: basis @ basis.T
    wanted = fc.jacobian(lambda a: a @ np.linalg.pinv(a))(tall)
    np.testing.assert_allclose(fc.jacobian(lambda a: projection(linalg.orth(a)))(tall), wanted, atol=1e-10)
    wide = RNG.normal(size=(3, 4))
    wanted = fc.jacobian(lambda a: np.eye(4) - np.linalg.pinv(a) @ a)(wide)
    np.testing.assert_allclose(
        fc.jacobian(lambda a: projection(linalg.null_space(a)))(wide), wanted, atol=1e-10
    )


ROTATIONS = np.diag([2.0, 2.0, 5.0])


@pytest.mark.parametrize(
    ("f", "at", "named"),
    [
        (lambda a: linalg.eigh(a)[1], ROTATIONS, "scipy.linalg.eigvalsh"),
        (lambda a: linalg.eigh(a, np.eye(3))[1], ROTATIONS, "equal eigenvalues"),
        (lambda a: linalg.eig(a)[1], ROTATIONS, "scipy.linalg.eigvals"),
        (lambda a: linalg.eigvals(a, np.diag([1.0, 1.0, 0.0])).real, ROTATIONS, "infinite eigenvalues"),
        (lambda a: linalg.svd(a)[0], ROTATIONS, "scipy.linalg.svdvals"),
        (lambda a: linalg.schur(a)[1], ROTATIONS, "scipy.linalg.eigvals"),
        (lambda a: linalg.schur(a, output="complex")[1].real, A, "phases"),
        (lambda a: linalg.hessenberg(a), ROTATIONS, "subdiagonal"),
        (lambda a: linalg.null_space(a[:2]), A, "projection"),
        (lambda a: linalg.qz(a, a), A, "eigvals"),
        (lambda a: linalg.qr(a[:, :2])[1], A, "mode='economic'"),
        (lambda a: linalg.qr(a, mode="raw")[1], A, "mode='economic'"),
        (lambda a: linalg.rq(a[:2])[0], A, "mode='economic'"),
        (lambda a: linalg.eig(a, homogeneous_eigvals=True)[0].real, A, "homogeneous_eigvals=True"),
        (lambda a: linalg.eigh(a, overwrite_a=True)[0], A, "overwrite_a=True"),
        (lambda a: linalg.eig_banded(a[:2] + 0j)[0], A, "eigvals_only=True"),
    ],
)
def test_what_is_undefined_is_a_named_error(f, at, named):
    with pytest.raises(FuncadError, match=named):
        fc.jacfwd(f)(at)


def test_equal_eigenvalues_have_derivatives_of_what_they_determine():
    t = RNG.normal(size=(3, 3))
    _, trace = fc.jvp(lambda a: np.sum(linalg.eigvalsh(a) ** 2), (ROTATIONS,), (t,))
    np.testing.assert_allclose(trace, 2 * np.sum(np.diag(ROTATIONS) * np.diag(t)), rtol=1e-12)
    with pytest.raises(UndefinedDerivativeError):
        fc.jvp(lambda a: linalg.eigh(a)[1], (ROTATIONS,), (t,))
