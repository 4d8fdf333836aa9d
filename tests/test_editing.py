"""np.delete, np.insert, np.resize, and functions applied piece by piece: what NumPy does, and the derivative."""

import numpy as np
import pytest

import funcad as fc
import funcad.numpy as fnp
from funcad.errors import BatchError, FuncadError
from funcad.testing import check_grads

X = np.array([1.3, -0.4, 2.2, 0.7])
M = np.arange(12.0).reshape(3, 4) * 0.3 - 1
PLACES = {
    "integer": 1,
    "negative": -2,
    "slice": slice(0, 3, 2),
    "slice backwards": slice(None, None, -2),
    "list": [0, 2],
    "array of one": np.array([1]),
    "none": [],
    "mask": np.array([True, False, True, False]),
    "repeated": [-1, 1, 1],
}


def check(f, x=X):
    """The value is that of the plain run, bit for bit, in type and in memory order; the derivatives pass."""
    plain, traced = f(x), fc.vjp(f, x)[0]
    assert type(plain) is type(traced) and plain.dtype == traced.dtype
    assert plain.strides == traced.strides
    np.testing.assert_array_equal(plain, traced)
    check_grads(f, (x,))


@pytest.mark.parametrize("name", PLACES)
def test_deleting_and_inserting_at_all_kinds_of_places(name):
    obj = PLACES[name]
    for x, axis in ((X, None), (X, 0), (M, 1), (M, -1), (np.asfortranarray(M), 1)):
        check(lambda x, axis=axis: np.delete(x, obj, axis), x)
        check(lambda x, axis=axis: np.insert(x, obj, 5.0, axis), x)
        check(lambda x, axis=axis: np.insert(x, obj, np.sum(x), axis), x)
    check(lambda x: np.insert(X, obj, x[0]))


def test_inserting_several_values():
    check(lambda x: np.insert(x, 1, [7.0, 8.0, 9.0]))
    check(lambda x: np.insert(x, [1, 3], x[:2]))
    check(lambda x: np.insert(M, 1, x, axis=0))
    check(lambda x: np.insert(M, 1, x[:3], axis=1))
    check(lambda x: np.insert(M, [1], x[:3, None], axis=1))
    check(lambda x: np.insert(M, 1, np.stack([x, x]), axis=0))
    check(lambda x: np.insert(x, 5, x[0, 0]), M)
    check(lambda x: np.insert(x[0], 0, 1.0))


def test_inserting_into_integers_is_constant():
    check(lambda x: np.insert(np.arange(3), 1, x[0]) * x[0])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.insert(x, 9, 1.0),
        lambda x: np.delete(x, 9),
        lambda x: np.delete(x, [True, False]),
        lambda x: np.insert(x, [0, 1], [1.0, 2.0, 3.0]),
        lambda x: np.apply_along_axis(np.sum, 1, x),
        lambda x: np.apply_along_axis(np.sum, 0, np.reshape(x, (4, 1))[:, :0]),
        lambda x: np.piecewise(x, [x > 0], [1.0, 2.0, 3.0]),
        lambda x: np.resize(x, (-1, 2)),
    ],
)
def test_what_numpy_refuses_is_the_same_error(f):
    with pytest.raises((ValueError, IndexError)) as plain:
        f(X)
    with pytest.raises(type(plain.value)) as traced:
        fc.jvp(f, (X,), (X,))
    assert not isinstance(traced.value, FuncadError)


def test_places_that_are_a_batch():
    with pytest.raises(BatchError, match="the places that np.delete is given"):
        fc.vmap(lambda x: np.delete(np.arange(4.0), x.astype(int)[0]))(np.abs(M))
    for f in (
        lambda x: np.delete(x, 1),
        lambda x: np.insert(x, [1, 2], x[2]),
        lambda x: np.resize(x, (3, 3)),
    ):
        np.testing.assert_array_equal(fc.vmap(f)(M), [f(x) for x in M])


# --- along axes


def test_apply_along_axis_has_the_dtype_of_the_first_result():
    for f in (
        lambda x: np.apply_along_axis(lambda r: 3 if r[0] < -0.5 else r[0], 1, x) * x[0, 0],
        lambda x: np.apply_along_axis(lambda r: r[0] if r[0] < -0.5 else 3, 1, x),
        lambda x: np.apply_along_axis(lambda r: (r[0] * 1.7).astype(np.float32), 1, x),
    ):
        check(f, M)


def test_apply_along_axis_puts_the_axes_of_the_results_in_place():
    check(lambda x: np.apply_along_axis(lambda r: np.outer(r, r), 0, x), M)
    check(lambda x: np.apply_along_axis(lambda r: [r[0], r[1] * 2], 0, x), M)
    check(lambda x: np.apply_along_axis(np.sum, 0, x))
    check(lambda x: np.apply_along_axis(np.cumsum, -2, np.stack([x, x])), M)
    check(lambda x: np.apply_over_axes(np.sum, x, [0, -1]), M)


# --- pieces


PIECES = {
    "functions and a number": lambda x: np.piecewise(x, [x < 0, x > 1], [lambda v: -v, lambda v: v * v, 2.0]),
    "one condition": lambda x: np.piecewise(x, x < 0, [lambda v: -v, lambda v: v * v]),
    "a traced number": lambda x: np.piecewise(x, [x < 0, x > 1], [x[0] * 2, lambda v: v * v]),
    "traced arguments": lambda x: np.piecewise(x, [x < 0], [lambda v, a, b=1: v * a * b, 1.0], 2.0, b=x[0]),
    "an array of values": lambda x: np.piecewise(x, [x < 2], [np.arange(3.0), lambda v: v * v]),
    "conditions that overlap": lambda x: np.piecewise(x, [x < 1, x < 2], [lambda v: -v, lambda v: v * v]),
    "a function that needs its domain": lambda x: np.piecewise(
        x, [x < 0], [lambda v: np.sqrt(-v), lambda v: np.log(v)]
    ),
    "a function of all its elements": lambda x: np.piecewise(x, [x > 0.5], [lambda v: v / v.sum(), np.exp]),
}


@pytest.mark.parametrize("name", PIECES)
def test_pieces(name):
    f = PIECES[name]
    with np.errstate(all="raise"):
        check(f)
        batch = np.array([X, X * 1.01, X * 0.99])
        np.testing.assert_array_equal(fc.vmap(f)(batch), [f(x) for x in batch])


def test_pieces_of_a_number_and_of_rows():
    f = PIECES["a function that needs its domain"]
    for x in (1.5, -1.5):
        assert fc.grad(f)(x) == pytest.approx(1 / x if x > 0 else -0.5 / np.sqrt(-x))
        assert type(f(x)) is type(fc.vjp(f, x)[0])
    rows = np.array([True, False, True])
    check(lambda x: np.piecewise(x, [rows], [lambda v: v * v, 1.0]), M)


@pytest.mark.parametrize("name", [n for n in PIECES if "all its elements" not in n and "array" not in n])
def test_gradients_of_pieces_for_every_example_of_a_batch(name):
    gradient = fc.grad(lambda x: np.sum(PIECES[name](x)))
    batch = np.array([X, -X, X[::-1] * 1.1])
    np.testing.assert_allclose(fc.vmap(gradient)(batch), [gradient(x) for x in batch])
    one = fc.grad(PIECES["one condition"])
    np.testing.assert_allclose(fc.vmap(one)(X), [one(x) for x in X])


def test_gradients_in_a_batch_of_a_function_of_all_its_elements_are_an_error():
    gradient = fc.grad(lambda x: np.sum(PIECES["a function of all its elements"](x) ** 2))
    with pytest.raises(BatchError, match="do not act element by element"):
        fc.vmap(gradient)(np.array([X, -X]))


def test_functions_that_close_over_a_batch_are_an_error_that_says_how():
    def f(x):
        return np.sum(np.piecewise(x, [x < 0], [lambda v: v * x[0], lambda v: v * v]))

    for run in (f, fc.grad(f)):
        with pytest.raises(BatchError, match=r"np\.piecewise\(x, conditions, functions, value\)"):
            fc.vmap(run)(np.array([X, -X]))


def test_a_batch_inside_of_the_gradient():
    def total(batch):
        return np.sum(fc.vmap(PIECES["a function of all its elements"])(batch) ** 2)

    batch = np.array([X, -X])
    check_grads(total, (batch,))


def test_pieces_that_close_over_traced_values():
    check_grads(lambda p: fnp.piecewise(X, [X > 0], [lambda v: v * p[0], p[1]]), (X,))
