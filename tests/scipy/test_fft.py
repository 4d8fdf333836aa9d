"""`funcad.scipy.fft`: SciPy's values, transposes of all types of transforms, operands that are kept."""

import numpy as np
import pytest
import scipy.fft

import funcad as fc
from funcad.errors import FuncadError
from funcad.scipy import fft
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 8))
Z = X + 1j * RNG.normal(size=X.shape)
NAMES = [
    n for n in scipy.fft.__all__ if getattr(fft, n) is not getattr(scipy.fft, n) and not n.endswith("ht")
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
def test_values_are_scipys_own_to_the_bit(name, norm):
    x = Z if name in {"irfft", "hfft", "irfft2", "hfft2", "irfftn", "hfftn"} else X
    kwargs = {} if name.endswith("shift") else {"norm": norm}
    wanted = getattr(scipy.fft, name)(x, **kwargs)
    plain = getattr(fft, name)(x, **kwargs)
    traced, _ = fc.jvp(lambda v: getattr(fft, name)(v, **kwargs), (x,), (np.ones_like(x),))
    for value in (plain, traced):
        assert value.dtype == wanted.dtype
        np.testing.assert_array_equal(value, wanted)


@pytest.mark.parametrize("name", ["dct", "idct", "dst", "idst"])
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
@pytest.mark.parametrize("orthogonalize", [None, True, False])
def test_the_reverse_pass_is_the_transpose_of_the_matrix(name, kind, norm, orthogonalize):
    for n in (5, 6):
        matrix = getattr(scipy.fft, name)(np.eye(n), kind, axis=0, norm=norm, orthogonalize=orthogonalize)
        g = RNG.normal(size=n)
        f = getattr(fft, name)
        _, pullback = fc.vjp(lambda x, f=f: f(x, kind, norm=norm, orthogonalize=orthogonalize), np.zeros(n))
        np.testing.assert_allclose(pullback(g)[0], matrix.T @ g, rtol=1e-13, atol=1e-14)


def test_an_orthogonal_transform_is_pulled_back_by_its_inverse():
    g = RNG.normal(size=X.shape)
    _, pullback = fc.vjp(lambda x: fft.dctn(x, norm="ortho"), X)
    np.testing.assert_allclose(pullback(g)[0], scipy.fft.idctn(g, norm="ortho"), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["fft", "rfft", "dct", "dctn", "idst", "fftn"])
def test_the_operand_is_never_written_over(name):
    x = X.astype(complex) if name == "fft" else X.copy()
    before = x.copy()
    f = getattr(fft, name)
    value = f(x, overwrite_x=True)
    np.testing.assert_array_equal(value, getattr(scipy.fft, name)(before))
    fc.grad(lambda v: np.sum(np.abs(f(v, overwrite_x=True)) ** 2).real)(x)
    np.testing.assert_array_equal(x, before)


def test_compressing_an_image_by_its_cosine_coefficients():
    image = RNG.normal(size=(4, 4))

    def loss(x):
        c = fft.dctn(x, norm="ortho")
        return np.sum(np.sqrt(c * c + 1e-2)) + 0.5 * np.sum((fft.idctn(0.9 * c, norm="ortho") - image) ** 2)

    check_grads(loss, (image + 0.1,), order=2)


def test_solving_poissons_equation_by_sines():
    n = 15
    k = np.arange(1, n + 1)
    eigenvalues = (2 - 2 * np.cos(np.pi * k / (n + 1))) * (n + 1) ** 2

    def solve(f):
        return fft.idst(fft.dst(f, 1) / eigenvalues, 1)

    grid = k / (n + 1)
    jacobian = fc.jacobian(solve)(np.sin(np.pi * grid))
    laplacian = (2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)) * (n + 1) ** 2
    np.testing.assert_allclose(jacobian @ laplacian, np.eye(n), atol=1e-12)
    np.testing.assert_allclose(fc.jacfwd(solve)(grid), jacobian, atol=1e-15)


def test_the_hankel_transform_is_symmetric():
    for f in (fft.fht, fft.ifht):
        for n in (7, 8):
            matrix = fc.jacobian(lambda a, f=f: f(a, 0.1, 0.5, offset=0.2, bias=0.3))(np.ones(n))
            columns = [f(row, 0.1, 0.5, offset=0.2, bias=0.3) for row in np.eye(n)]
            np.testing.assert_allclose(matrix, np.stack(columns, 1), rtol=1e-11, atol=1e-13)


def test_batches_are_transformed_at_once():
    np.testing.assert_array_equal(fc.vmap(lambda x: fft.dct(x, 3))(X), scipy.fft.dct(X, 3))
    np.testing.assert_allclose(fc.vmap(lambda x: fft.rfftn(x))(X), scipy.fft.rfft(X), rtol=1e-14, atol=1e-14)


def test_a_transform_of_other_parameters_has_no_derivative_in_them():
    with pytest.raises(FuncadError, match="dln"):
        fc.grad(lambda dln: np.sum(fft.fht(X[0], dln, 0.5)))(0.1)


def test_lengths_and_frequencies_are_scipys():
    assert fft.next_fast_len is scipy.fft.next_fast_len
    assert fft.rfftfreq is scipy.fft.rfftfreq
