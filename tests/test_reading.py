"""Reading elements, `x[index]`: exact for every kind of index, and one cotangent for a loop of reads."""

import numpy as np
import pytest

import funcad as fc
from funcad.errors import AssignmentError
from funcad.testing import check_grads

X = np.arange(1.0, 13.0).reshape(3, 4) / 7

INDICES = {
    "integer": 1,
    "negative": -1,
    "numpy integer": np.int64(2),
    "slice": slice(None, None, 2),
    "reversed": slice(None, None, -1),
    "tuple": (1, slice(1, 3)),
    "ellipsis": (..., 2),
    "new axis": (slice(None), None, 1),
    "array": np.array([0, 2, 0]),
    "list": [2, 2, 1],
    "pairs": ([0, 1, 0], [3, 2, 3]),
    "mask": X > 0.8,
    "rows by mask": np.array([True, False, True]),
    "empty": slice(0, 0),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
class TestEveryIndex:
    def test_all_modes_and_orders(self, index):
        check_grads(lambda x: np.sin(x[index]) * 2.0, (X,))

    def test_reads_add_up_with_the_whole_array(self, index):
        def before(x):
            return np.sum(x * x) + np.sum(x[index] ** 3) + np.sum(np.exp(x)) + np.sum(x[index])

        expected = 2 * X + np.exp(X)
        np.add.at(expected, index, 3 * X[index] ** 2 + 1)
        np.testing.assert_allclose(fc.grad(before)(X), expected, rtol=1e-14)

    @pytest.mark.parametrize("dtype", [np.float32, np.complex128])
    def test_the_dtype_is_kept(self, index, dtype):
        g = fc.grad(lambda x: np.sum(x[index].real ** 2) + np.sum(np.abs(x[index]) ** 2))(X.astype(dtype))
        assert g.dtype == dtype
        assert g.shape == X.shape


def test_a_loop_over_the_elements():
    def f(x):
        total = 0.0
        for i in range(len(x)):
            total = total + x[i] * x[i - 1] ** 2
        return total

    x = X.ravel()
    following = np.roll(x, -1)
    expected = np.roll(x, 1) ** 2 + 2 * x * following
    np.testing.assert_allclose(fc.grad(f)(x), expected, rtol=1e-14)
    check_grads(f, (x[:4],))


def test_walks_over_one_recording_do_not_share_memory():
    value, pullback = fc.vjp(lambda x: x[0] * x[1:] + x[2], X[0])
    seed = np.ones_like(value)
    (first,), untouched = pullback(seed), seed.copy()
    kept = first.copy()
    first[...] = 100.0
    (second,) = pullback(seed)
    np.testing.assert_array_equal(second, kept)
    np.testing.assert_array_equal(seed, untouched)
    assert second.flags.writeable


def test_the_result_may_be_the_argument_that_was_read():
    (x, y), pullback = fc.vjp(lambda x: (x, x[1]), X[0])
    seed = np.ones(4)
    (g,) = pullback((seed, y * 0 + 5.0))
    np.testing.assert_array_equal(g, [1, 6, 1, 1])
    np.testing.assert_array_equal(seed, np.ones(4))
    np.testing.assert_array_equal(x, X[0])


def test_an_index_may_change_after_the_read():
    def f(x):
        index = [0, 1]
        y = x[index]
        index[0] = 3
        return np.sum(y**2)

    np.testing.assert_allclose(fc.grad(f)(X[0]), [2 * X[0, 0], 2 * X[0, 1], 0, 0])


def test_an_index_array_must_not_be_written_to():
    def f(x):
        index = np.array([0, 1])
        y = x[index]
        index[0] = 3  # the line to name
        return np.sum(y)

    with pytest.raises(AssignmentError, match="the line to name"):
        fc.grad(f)(X[0])


def test_reads_of_reads_and_of_numbers():
    check_grads(lambda x: x[1:][0][2] * x[2, 3], (X,))
    assert fc.grad(lambda x: x[()] * 3.0)(np.array(2.0)) == 3.0
    assert fc.grad(lambda x: np.sin(x)[()] * 3.0)(np.float64(0.0)) == 3.0


def test_a_hessian_of_reads():
    def f(x):
        return x[0] * x[1] ** 2 + x[-1] * x[0]

    expected = np.array([[0, 2 * X[0, 1], 1], [2 * X[0, 1], 2 * X[0, 0], 0], [1, 0, 0]])
    np.testing.assert_allclose(fc.hessian(f)(X[0, :3]), expected)
    np.testing.assert_allclose(fc.jacfwd(fc.jacrev(f))(X[0, :3]), expected)
    np.testing.assert_allclose(fc.jacrev(fc.jacfwd(f))(X[0, :3]), expected)
