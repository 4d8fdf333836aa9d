"""Eigenvalues and singular values that are equal: their derivatives are right, and those of vectors an error."""

import numpy as np
import pytest

import funcad as fc
from funcad.errors import UndefinedDerivativeError
from funcad.testing import check_grads

eye, weights = np.eye(2), np.array([1.0, 2.0])
degenerate = np.diag([1.0, 1.0, 3.0])
linalg = np.linalg


def rebuilt(a):
    w, v = linalg.eigh(a)
    return v * w @ v.T


@pytest.mark.parametrize(
    "f",
    [
        lambda a: linalg.eigh(a)[0] @ weights,
        lambda a: linalg.eigvalsh(a) @ weights,
        lambda a: np.real(linalg.eig(a)[0]) @ weights,
        lambda a: np.real(linalg.eigvals(a)) @ weights,
        lambda a: linalg.svd(a)[1] @ weights,
        lambda a: linalg.svdvals(a) @ weights,
    ],
)
@pytest.mark.parametrize("size", [1.0, 3.0])
def test_values_have_their_derivatives(f, size):
    np.testing.assert_allclose(fc.grad(f)(size * eye), np.diag(weights), atol=1e-15)


def test_values_in_forward_mode():
    for f in (linalg.eigvalsh, linalg.svdvals):
        np.testing.assert_array_equal(fc.jacfwd(f)(eye), fc.jacrev(f)(eye))
    value, tangent = fc.jvp(lambda a: linalg.eigh(a)[0], (eye,), (np.diag(weights),))
    np.testing.assert_array_equal(tangent, weights)


@pytest.mark.parametrize(
    ("f", "a", "instead"),
    [
        (lambda a: linalg.eigh(a)[1], eye, "eigvalsh"),
        (lambda a: linalg.eigh(a)[1][0, 1], degenerate, "eigvalsh"),
        (lambda a: linalg.eigh(a, "U")[1], degenerate.astype(complex), "eigvalsh"),
        (lambda a: linalg.eig(a)[1], degenerate, "eigvals"),
        (lambda a: linalg.svd(a)[0], eye, "compute_uv=False"),
        (lambda a: linalg.svd(a, full_matrices=False)[2][2, 1], degenerate, "compute_uv=False"),
        (lambda a: linalg.svd(a, full_matrices=False)[0], np.zeros((3, 1)), "compute_uv=False"),
        (lambda a: linalg.eigh(a)[1], np.stack([np.diag([1.0, 2.0]), eye]), "eigvalsh"),
        (rebuilt, eye, "matrix_power"),
        # the cotangent of the vectors is 0 here, and the derivative is not
        (rebuilt, np.zeros((2, 2)), "matrix_power"),
        # second derivatives of equal values, by which nothing tells w[0] ** 2 from w @ w
        (fc.grad(lambda a: np.sum(linalg.eigvalsh(a) ** 2)), eye, "matrix_power"),
        (fc.grad(lambda a: np.sum(linalg.eigvalsh(a) ** 2)), np.zeros((2, 2)), "matrix_power"),
        (fc.grad(lambda a: np.sum(linalg.svdvals(a) ** 2)), np.zeros((2, 2)), "norm"),
    ],
)
def test_vectors_are_an_error(f, a, instead):
    for transform in (fc.jacrev, fc.jacfwd, lambda f: lambda a: fc.vmap(fc.jacrev(f))(np.stack([a, a]))):
        if np.iscomplexobj(a):
            transform = lambda f: lambda a: fc.vjp(f, a)[1](np.ones_like(a))
        with pytest.raises(UndefinedDerivativeError, match=instead):
            transform(f)(a)


def test_one_matrix_of_a_batch_is_enough():
    apart = np.diag([1.0, 2.0])
    first = lambda a: linalg.eigh(a)[1][..., 0, 1]
    got = fc.vmap(fc.grad(first))(np.stack([apart, 2 * apart]))
    np.testing.assert_array_equal(got, [fc.grad(first)(apart), fc.grad(first)(2 * apart)])
    with pytest.raises(UndefinedDerivativeError):
        fc.vmap(fc.grad(first))(np.stack([apart, eye]))
    with pytest.raises(UndefinedDerivativeError, match=r"test_equal_values\.py"):
        fc.grad(lambda a: np.sum(first(a)))(np.stack([apart, eye]))


def test_vectors_of_other_values():
    """The last vector is that of a single eigenvalue, whatever the others are."""
    check_grads(
        lambda x: linalg.eigh(degenerate + (x + x.T) * np.eye(3)[2])[1][:, -1] ** 2,
        (np.zeros((3, 3)),),
        modes=("rev",),
        order=1,
    )


def test_a_tangent_that_mixes_no_vectors():
    along = np.diag(weights)
    np.testing.assert_array_equal(fc.jvp(rebuilt, (eye,), (along,))[1], along)
    np.testing.assert_array_equal(fc.jvp(rebuilt, (np.zeros((2, 2)),), (along,))[1], along)


def test_normal_vectors_of_equal_variances():
    def draw(method):
        return lambda c: fc.numpy.random.default_rng(0).multivariate_normal(np.zeros(2), c, method=method)

    for method in ("svd", "eigh"):
        with pytest.raises(UndefinedDerivativeError, match="method='cholesky'"):
            fc.jacrev(draw(method))(eye)
    z = draw("cholesky")(eye)
    got = fc.jacrev(draw("cholesky"))(eye)
    np.testing.assert_allclose(got, [[[z[0] / 2, 0], [0, 0]], [[0, 0], [z[0], z[1] / 2]]])
