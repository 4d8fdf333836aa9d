"""Numbers along a line, and the Bessel function that NumPy has."""

import decimal

import numpy as np
import pytest

import funcad as fc
import funcad.numpy as fnp
from funcad.errors import BatchError
from funcad.testing import check_grads

X = np.array([1.3, -0.4, 2.2, 0.7])


def test_the_ends_of_a_geometric_sequence_are_the_numbers_themselves():
    first, last = fc.jacobian(lambda a, b: np.geomspace(a, b, 5)[[0, -1]], (0, 1))(0.3, 7.0)
    np.testing.assert_array_equal(first, [1.0, 0.0])
    np.testing.assert_array_equal(last, [0.0, 1.0])
    with pytest.raises(ValueError, match="cannot include zero"):
        fc.jvp(lambda a: np.geomspace(a, 1.0), (0.0,), (1.0,))


def test_logspace_into_integers_is_constant():
    check_grads(lambda x: np.logspace(x[3], 1.9, 3, dtype=int) * x[0], (X,))


def series(x, n):
    """The power series of I_n in fifty digits."""
    with decimal.localcontext(prec=50):
        half = decimal.Decimal(x) / 2
        term = total = half**n / decimal.Decimal(int(np.prod(range(1, n + 1), dtype=int)))
        for k in range(1, 2000):
            term = term * half * half / (k * (k + n))
            total += term
        return float(total)


@pytest.mark.parametrize("x", [1e-9, 0.3, -3.3, 7.9, 8.1, 29.9, 30.1, 40.0, 100.0, 700.0])
def test_derivatives_of_the_bessel_function_to_all_digits(x):
    first = fc.grad(np.i0)
    assert first(x) == pytest.approx(series(x, 1), rel=4e-15)
    assert fc.grad(first)(x) == pytest.approx((series(x, 0) + series(x, 2)) / 2, rel=4e-15)
    third = (3 * series(x, 1) + series(x, 3)) / 4
    assert fc.grad(fc.grad(first))(x) == pytest.approx(third, rel=4e-15)


def test_the_bessel_function_where_it_overflows_and_is_not_a_number():
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(fc.grad(np.i0)(720.0), np.inf)
        assert np.isnan(fc.grad(np.i0)(np.nan))
    with pytest.raises(TypeError, match="complex"):
        fc.jvp(np.i0, (1j,), (1.0 + 0j,))


def test_a_length_that_is_a_batch_is_an_error():
    with pytest.raises(BatchError):
        fc.vmap(lambda x: fnp.arange(x))(np.array([1.0, 2.0]))
