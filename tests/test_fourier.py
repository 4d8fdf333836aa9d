"""Fourier transforms, functions that turn complex, sliding windows: what the sample calls do not show."""

import warnings

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import funcad as fc
import funcad.numpy
from funcad.errors import AssignmentError, ConversionError, UnsupportedArgumentError
from funcad.testing import check_grads

RNG = np.random.default_rng(5)
V, A = RNG.normal(size=4), RNG.normal(size=(3, 4))
Z = RNG.normal(size=(3, 4)) + 1j * RNG.normal(size=(3, 4))

#: calls that HIPS autograd 1.9.1 differentiates wrongly, refuses, or has no rule for
HOLES = {
    "rfft, norm forward": lambda x: np.fft.rfft(x, norm="forward"),
    "rfft, norm backward": lambda x: np.fft.rfft(x, norm="backward"),
    "rfft, padded": lambda x: np.fft.rfft(x, n=6),
    "rfft, cut to even": lambda x: np.fft.rfft(x, n=2),
    "rfft, cut to odd": lambda x: np.fft.rfft(x, n=3),
    "rfft of an odd length": lambda x: np.fft.rfft(x[:3]),
    "irfft, norm forward": lambda x: np.fft.irfft(x, norm="forward"),
    "irfft, norm backward": lambda x: np.fft.irfft(x, norm="backward"),
    "irfft to an odd length": lambda x: np.fft.irfft(x, n=5),
    "rfft2, norm forward": lambda x: np.fft.rfft2(np.outer(x, x), norm="forward"),
    "fft along repeated axes": lambda x: np.fft.fftn(np.outer(x, x), axes=(0, 0)),
    "hfft": np.fft.hfft,
    "ihfft": np.fft.ihfft,
}


@pytest.mark.parametrize("f", HOLES)
def test_calls_that_other_libraries_get_wrong(f):
    fn = HOLES[f]
    check_grads(lambda x: np.sum(np.abs(fn(x)) ** 2 * np.arange(1, 1 + np.shape(fn(x))[-1])), (V,))


def by_probing(f, z):
    """Return df/dx - i df/dy of a real linear f, by its values at the units: exact, without a step."""
    out = np.zeros(z.shape, complex)
    for k in np.ndindex(z.shape):
        unit = np.zeros(z.shape, complex)
        unit[k] = 1
        out[k] = f(unit) - 1j * f(1j * unit)
    return out


@pytest.mark.parametrize("name", ["fft", "ifft", "irfft", "hfft"])
@pytest.mark.parametrize("norm", [None, "backward", "ortho", "forward"])
def test_gradients_by_the_real_and_the_imaginary_parts(name, norm):
    for length in range(1, 6):
        z = RNG.normal(size=length) + 1j * RNG.normal(size=length)
        for n in range(1, 9):
            w = RNG.normal(size=n) + 1j * RNG.normal(size=n)

            def f(z, n=n, w=w):
                return np.sum(np.real(w * getattr(np.fft, name)(z, n, norm=norm)))

            np.testing.assert_allclose(fc.grad(f)(z), by_probing(f, z), atol=1e-13)
            np.testing.assert_allclose(fc.grad(f)(z.real), by_probing(f, z).real, atol=1e-13)


@pytest.mark.parametrize("name", ["rfft", "ihfft"])
@pytest.mark.parametrize("norm", [None, "backward", "ortho", "forward"])
def test_gradients_of_transforms_of_real_numbers(name, norm):
    for length in range(1, 6):
        for n in range(1, 9):
            w = RNG.normal(size=n // 2 + 1) + 1j * RNG.normal(size=n // 2 + 1)

            def f(x, n=n, w=w):
                return np.sum(np.real(w * getattr(np.fft, name)(x, n, norm=norm)))

            gradient = fc.grad(f)(np.zeros(length))
            np.testing.assert_allclose(gradient, [f(e) for e in np.eye(length)], atol=1e-13)


@pytest.mark.parametrize("name", ["irfft2", "irfftn", "ifft2", "fftn"])
def test_gradients_in_several_dimensions(name):
    for s, axes in ((None, (0, 1)), ((5, 3), (0, 1)), ((2, 7), (1, 0)), ((4, 3), (0, 0)), ((2, 6), (-1, -1))):
        out = getattr(np.fft, name)(Z, s, axes)
        w = RNG.normal(size=out.shape) + 1j * RNG.normal(size=out.shape)

        def f(z, s=s, axes=axes, w=w):
            return np.sum(np.real(w * getattr(np.fft, name)(z, s, axes)))

        np.testing.assert_allclose(fc.grad(f)(Z), by_probing(f, Z), atol=1e-13)


def test_the_jacobian_of_a_transform_is_its_matrix():
    matrix = np.exp(-2j * np.pi * np.outer(np.arange(4), np.arange(4)) / 4)
    for jacobian in (fc.jacfwd, fc.jacrev):
        np.testing.assert_allclose(jacobian(np.fft.fft, holomorphic=True)(Z[0]), matrix, atol=1e-14)
        np.testing.assert_allclose(jacobian(lambda x: np.fft.rfft(x).imag)(V), matrix.imag[:3], atol=1e-14)


def test_the_gradient_of_a_spectrum_is_real_and_batches():
    def energy(x):
        return np.sum(np.abs(np.fft.rfft(x, norm="ortho")) ** 4)

    g = fc.grad(energy)(V)
    assert g.dtype == np.float64
    check_grads(energy, (V,))
    np.testing.assert_allclose(fc.vmap(fc.grad(energy))(A), [fc.grad(energy)(row) for row in A])
    single = fc.grad(energy)(V.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, g, rtol=1e-5)


@pytest.mark.parametrize(
    "fn",
    [
        lambda x: np.fft.fft(x, 0),
        lambda x: np.fft.fft(x, axis=2),
        lambda x: np.fft.fft(x, norm="none"),
        lambda x: np.fft.hfft(x, norm="none"),
        lambda x: np.fft.fft(x[0, 0]),
        lambda x: np.fft.irfft(x[:, :1]),
        lambda x: np.fft.rfft(x + 1j),
        lambda x: np.fft.ihfft(x + 1j),
        lambda x: np.fft.rfftn(x + 1j),
        lambda x: np.fft.rfftn(x[0, 0]),
        lambda x: np.fft.irfftn(x, axes=()),
        lambda x: np.fft.fft2(x, (2, 3, 4)),
        lambda x: np.fft.fft2(x[0]),
        lambda x: np.fft.fftshift(x, 2),
        lambda x: sliding_window_view(x, 2),
        lambda x: sliding_window_view(x, 5, 1),
        lambda x: sliding_window_view(x, -1, 1),
    ],
)
def test_what_numpy_refuses_is_refused(fn):
    with pytest.raises((TypeError, ValueError, IndexError)) as plain:
        fn(A)
    for f in (lambda x: fc.jvp(fn, (x,), (x,)), lambda x: fc.vjp(fn, x), lambda x: fc.vmap(fn)(x[None])):
        with pytest.raises(plain.type):
            f(A)


def test_an_array_to_write_into_is_refused():
    out = np.zeros(4, complex)
    for fn in (np.fft.fft, np.fft.ifft, np.fft.ihfft, np.fft.fftn):
        with pytest.raises((UnsupportedArgumentError, AssignmentError), match="out"):
            fc.jvp(lambda x, fn=fn: fn(x, out=out), (V,), (V,))


def test_an_array_of_traced_elements_is_an_error_that_says_what_to_write():
    def energy(x, join):
        return np.sum(np.abs(np.fft.fft(join([x[0] * x[1], x[1], 1.0]))) ** 2)

    with pytest.raises(ConversionError, match=r"funcad\.numpy\.array"):
        fc.grad(energy)(V, np.array)
    check_grads(lambda x: energy(x, fc.numpy.array), (V,))
    check_grads(lambda x: np.fft.fftshift([x[0], x[1], x[0] * x[2]]), (V,))


def test_lengths_without_axes_warn_as_in_numpy():
    for fn in (lambda x: np.fft.fftn(x, (2, 3)), lambda x: np.fft.fft2(x, (None, 3))):
        with warnings.catch_warnings(record=True) as plain:
            warnings.simplefilter("always")
            value = fn(A)
        with warnings.catch_warnings(record=True) as traced:
            warnings.simplefilter("always")
            np.testing.assert_array_equal(fc.jvp(fn, (A,), (A,))[0], value)
        assert [w.category for w in plain] == [w.category for w in traced] == [DeprecationWarning]
        assert traced[0].filename == __file__


# --- functions that turn complex


@pytest.mark.parametrize("name", ["arccos", "arcsin", "arctanh", "sqrt", "log", "log2", "log10"])
def test_derivatives_outside_of_the_real_domain(name):
    fn = getattr(np.emath, name)
    x = np.array([-3.0, -1.5, 2.5]) if name.startswith("arc") else np.array([-3.0, -0.5])
    check_grads(lambda x: np.abs(fn(x)) ** 2, (x,))
    step = 1e-6
    wanted = (fn(x + step) - fn(x - step)) / (2 * step)
    np.testing.assert_allclose(fc.jvp(fn, (x,), (np.ones(len(x)),))[1], wanted, atol=1e-8)


@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize("fn", [np.arccos, np.arcsin, np.arccosh, np.arctanh, np.sqrt, np.log, np.arcsinh])
def test_slopes_on_both_sides_of_a_branch_cut(fn, zero):
    step = 1e-6
    for at in (-3.0, -0.5, 0.5, 2.0):
        turned = fn is np.arcsinh  # its cuts are on the imaginary axis
        low, z, high = (
            np.complex128(complex(zero, v) if turned else complex(v, zero))
            for v in (at - step, at, at + step)
        )
        direction = np.complex128(1j if turned else 1.0)
        wanted = (fn(high) - fn(low)) / (2 * step)
        np.testing.assert_allclose(fc.jvp(fn, (z,), (direction,))[1], wanted, atol=1e-8)


def test_a_whole_batch_turns_complex_or_none_of_it():
    x = np.array([[1.0, 4.0], [9.0, -1.0]])
    np.testing.assert_array_equal(fc.vmap(np.emath.sqrt)(x), [[1, 2], [3, 1j]])
    assert fc.vmap(np.emath.sqrt)(x).dtype == complex
    assert fc.vmap(np.emath.sqrt)(x[:1]).dtype == float
    assert fc.vmap(np.emath.sqrt)(x.astype(np.float32)).dtype == np.complex64
    total = lambda x: np.sum(np.abs(np.emath.sqrt(x)))
    np.testing.assert_allclose(fc.vmap(fc.grad(total))(x), [fc.grad(total)(row) for row in x])


@pytest.mark.parametrize("x", [2.0, -2.0, np.float32(-2.0), np.array([-2.0, 3.0], np.float32)])
def test_numbers_and_their_types(x):
    for fn in (np.emath.sqrt, lambda x: np.emath.power(x, np.float32(2)), lambda x: np.emath.logn(2, x)):
        value, plain = fc.jvp(fn, (x,), (x,))[0], fn(x)
        assert type(value) is type(plain)
        assert value.dtype == plain.dtype
        np.testing.assert_array_equal(value, plain)


# --- sliding windows


def test_windows_give_the_derivatives_of_a_convolution():
    kernel = np.array([0.5, 1.0, -2.0])
    for jacobian in (fc.jacfwd, fc.jacrev):
        got = jacobian(lambda x: sliding_window_view(x, 3) @ kernel)(V)
        np.testing.assert_allclose(got, jacobian(lambda x: np.convolve(x, kernel[::-1], "valid"))(V))
    check_grads(lambda x: np.max(sliding_window_view(x, (2, 2)), axis=(2, 3)), (A,))


def test_windows_to_write_into_are_refused():
    with pytest.raises(UnsupportedArgumentError, match="writeable"):
        fc.grad(lambda x: np.sum(sliding_window_view(x, 2, writeable=True)))(V)
