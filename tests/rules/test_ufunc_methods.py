"""reduce, accumulate, reduceat and outer of ufuncs, called as users call them."""

import numpy as np
import pytest

import funcad as fc
from funcad.errors import AssignmentError, FuncadError, NoRuleError, UnsupportedArgumentError
from funcad.testing import check_grads

RNG = np.random.default_rng(2)
X = RNG.uniform(0.5, 2.0, (3, 4))
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])

CALLS = {
    "add.reduce": np.add.reduce,
    "add.reduce of all": lambda x: np.add.reduce(x, None),
    "add.reduce over two axes": lambda x: np.add.reduce(x, (0, -1), keepdims=True),
    "add.reduce by position": lambda x: np.add.reduce(x, -1, None, None, True, 2.0, MASK),
    "add.reduce without a first element": lambda x: np.add.reduce(x, initial=None),
    "add.reduce in single precision": lambda x: np.add.reduce(x, 1, np.float32),
    "multiply.reduce": lambda x: np.multiply.reduce(x, 1, initial=None),
    "multiply.reduce of some": lambda x: np.multiply.reduce(x, 1, initial=3.0, where=MASK),
    "maximum.reduce": lambda x: np.maximum.reduce(x, None, initial=None),
    "maximum.reduce in single precision": lambda x: np.maximum.reduce(x, 1, np.float32),
    "minimum.reduce of some": lambda x: np.minimum.reduce(x, 1, where=MASK, initial=1.9),
    "subtract.reduce": np.subtract.reduce,
    "subtract.reduce in single precision": lambda x: np.subtract.reduce(x, 1, np.float32),
    "divide.reduce": lambda x: np.divide.reduce(x, axis=1, keepdims=True, initial=2.0),
    "logaddexp.reduce of some": lambda x: np.logaddexp.reduce(x, None, where=MASK),
    "hypot.reduce": lambda x: np.hypot.reduce(x, (0, 1)),
    "add.accumulate": np.add.accumulate,
    "add.accumulate in single precision": lambda x: np.add.accumulate(x, 1, np.float32),
    "multiply.accumulate": lambda x: np.multiply.accumulate(x, axis=-1),
    "maximum.accumulate": lambda x: np.maximum.accumulate(x, axis=(1,)),
    "minimum.accumulate": lambda x: np.minimum.accumulate(x[0], axis=None),
    "logaddexp.accumulate": lambda x: np.logaddexp.accumulate(x, 1),
    "add.reduceat": lambda x: np.add.reduceat(x, [0, 2, 1], axis=1),
    "add.reduceat in single precision": lambda x: np.add.reduceat(x, [0, 2, 1], axis=-1, dtype=np.float32),
    "multiply.reduceat": lambda x: np.multiply.reduceat(x, [0, 2]),
    "maximum.reduceat": lambda x: np.maximum.reduceat(x, [1, 3], 1),
    "subtract.outer": lambda x: np.subtract.outer(x[0], x),
    "power.outer of a number": lambda x: np.power.outer(2.0, x),
    "power.outer with a number": lambda x: np.power.outer(x, 2.0),
    "multiply.outer in single precision": lambda x: np.multiply.outer(x, x, dtype=np.float32),
    "multiply.outer of numbers": lambda x: np.multiply.outer(x[0, 0], x[1, 1]),
    "arctan2.outer": lambda x: np.arctan2.outer(x[0], x[1]),
    "divide.outer": lambda x: np.divide.outer(x[0], x[1]),
    "ldexp.outer": lambda x: np.ldexp.outer(x[0], [1, 2]),
}


def same(a, b):
    """Demand the same bits, dtype and type."""
    assert type(a) is type(b)
    assert (np.shape(a), a.dtype) == (np.shape(b), b.dtype)
    assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


@pytest.mark.parametrize("f", CALLS)
def test_values_and_derivatives(f):
    fn = CALLS[f]
    plain = fn(X)
    same(fc.jvp(fn, (X,), (X,))[0], plain)
    same(fc.vjp(fn, X)[0], plain)
    same(fc.vjp(lambda x: fc.jvp(fn, (x,), (X,))[0], X)[0], plain)
    batch = fc.vmap(fn)(np.stack([X, X / 2]))
    np.testing.assert_allclose(batch, [plain, fn(X / 2)], rtol=1e-6 if plain.dtype == np.float32 else 1e-13)
    check_grads(fn, (X if plain.dtype != np.float32 else X.astype(np.float32),), order=2)


@pytest.mark.parametrize(
    ("fn", "dtype"),
    [
        (lambda x: np.add.reduce(x, dtype=int), int),
        (lambda x: np.maximum.reduce(x, dtype=int), int),
        (lambda x: np.subtract.accumulate(x, dtype=int), int),
        (lambda x: np.logical_and.reduce(x > 1), bool),
        (lambda x: np.logical_or.reduce(x > 1.5, axis=None, keepdims=True), bool),
        (lambda x: np.logical_or.reduce(x > 1.5, initial=True), bool),
        (lambda x: np.less.outer(x[0], x[1]), bool),
        (lambda x: np.bitwise_or.reduce(x.astype(int)), int),
    ],
)
def test_integers_and_truth_values_carry_no_derivative(fn, dtype):
    value, tangent = fc.jvp(fn, (X,), (X,))
    np.testing.assert_array_equal(value, fn(X))
    assert value.dtype == dtype
    assert not np.any(tangent)
    np.testing.assert_array_equal(fc.vmap(fn)(np.stack([X, 2 * X])), [fn(X), fn(2 * X)])


@pytest.mark.parametrize(
    ("ufunc", "x", "wanted"),
    [
        (np.maximum, [1.0, 2.0, 2.0, 1.0, 3.0], [[0, 1, 0, 0, 0], [0, 0.5, 0.5, 0, 0]]),
        (np.maximum, [2.0, 2.0, 2.0], [[0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]]),
        (np.minimum, [1.0, 1.0, 2.0], [[0.5, 0.5, 0], [0.5, 0.5, 0]]),
        (np.fmax, [np.nan, 1.0, np.nan, 1.0], [[0, 1, 0, 0], [0, 1, 0, 0]]),
        (np.maximum, [1.0, np.nan, 2.0], [[0, 1, 0], [0, 1, 0]]),
    ],
)
def test_elements_that_attain_a_running_extreme_share_equally(ufunc, x, wanted):
    for jacobian in (fc.jacrev, fc.jacfwd):
        np.testing.assert_allclose(jacobian(ufunc.accumulate)(np.array(x))[1:3], wanted)


def test_numbers_beside_arrays_are_arrays_in_an_outer_product():
    x = X.astype(np.float32)
    for fn in (lambda x: np.add.outer(x, 0.1), lambda x: np.add.outer(0.1, x)):
        same(fc.jvp(fn, (x,), (x,))[0], fn(x))
    same(fc.jvp(lambda a: np.multiply.outer(a, x), (0.1,), (1.0,))[0], np.multiply.outer(0.1, x))


@pytest.mark.parametrize(
    ("fn", "x", "wanted"),
    [
        (np.fmax.reduce, [2.0, np.nan, 2.0, 1.0], [0.5, 0, 0.5, 0]),
        (lambda x: np.fmin.reduce(x, initial=1.0), [2.0, 1.0], [0, 0.5]),
        (lambda x: np.maximum.reduceat(x, [0])[0], [1.0, 1.0, 0.0], [0.5, 0.5, 0]),
        (lambda x: np.logaddexp.reduceat(x, [0, 2])[0], [-np.inf, -np.inf, -np.inf], [0.5, 0.5, 0]),
        (lambda x: np.multiply.reduceat(x, [0, 2])[0], [0.0, 2.0, 5.0], [2, 0, 0]),
        (np.multiply.reduce, [0.0, 2.0, 3.0], [6, 0, 0]),
        (np.hypot.reduce, [0.0, 0.0], [0, 0]),
        (np.logaddexp.reduce, [-np.inf, -np.inf], [0.5, 0.5]),
        (np.logaddexp.reduce, [np.inf, 1.0, np.inf, -np.inf], [0.5, 0, 0.5, 0]),
        (np.logaddexp.reduce, [0.0, 800.0, -800.0], [0, 1, 0]),
        (np.logaddexp2.reduce, [3.0, 3.0], [0.5, 0.5]),
        (np.subtract.reduce, [1.0, 2.0, 3.0], [1, -1, -1]),
        (np.divide.reduce, [1.0, np.inf, 2.0], [0, 0, 0]),
    ],
)
def test_reductions_at_their_kinks(fn, x, wanted):
    x = np.array(x)
    np.testing.assert_allclose(fc.grad(fn)(x), wanted, atol=1e-300)
    np.testing.assert_allclose(fc.jacfwd(fn)(x), wanted, atol=1e-300)


def test_powers_from_the_left_are_exact_or_refused():
    """In NumPy 2.4 np.power.reduce of a contiguous row leaves out elements on some processors."""
    x = np.array([1.3, 0.7, 1.9])
    wanted = fc.grad(lambda x: np.power(np.power(x[0], x[1]), x[2]))(x)
    for ufunc in (np.power, np.arctan2):
        loop = ufunc(ufunc(x[0], x[1]), x[2])
        if np.isclose(ufunc.reduce(x), loop):
            if ufunc is np.power:
                np.testing.assert_allclose(fc.grad(ufunc.reduce)(x), wanted)
        else:
            with pytest.raises(NoRuleError, match="only part of it"):
                fc.grad(ufunc.reduce)(x)


@pytest.mark.parametrize(
    ("fn", "error", "text"),
    [
        (lambda x: np.add.reduce(x, out=np.zeros(4)), AssignmentError, r"np.add.reduce\(..., out="),
        (lambda x: np.add.accumulate(x, out=np.zeros((3, 4))), AssignmentError, "accumulate"),
        (lambda x: np.add.outer(x, x, out=np.zeros((3, 4, 3, 4))), AssignmentError, "outer"),
        (lambda x: np.add.at(np.zeros(4), [0], x[0, 0]), AssignmentError, "np.add.at"),
        (lambda x: np.subtract.reduce(x, where=MASK, initial=0.0), UnsupportedArgumentError, "np.where"),
        (lambda x: np.add.reduce(x, initial=x[0, 0]), UnsupportedArgumentError, "initial"),
        (lambda x: np.logaddexp.reduce(x, initial=x[0, 0]), UnsupportedArgumentError, "initial"),
        (np.ldexp.reduce, NoRuleError, "np.ldexp.reduce"),
    ],
)
def test_what_has_no_rule_is_a_named_error(fn, error, text):
    assert issubclass(error, FuncadError)
    with pytest.raises(error, match=text):
        fc.jvp(fn, (X,), (X,))


@pytest.mark.parametrize(
    "fn",
    [
        np.matmul.reduce,
        np.sin.reduce,
        np.sin.outer,
        np.divmod.accumulate,
        lambda x: np.subtract.reduce(x, (0, 1)),
        lambda x: np.add.accumulate(x[0, 0]),
        lambda x: np.add.accumulate(x, None),
        lambda x: np.maximum.accumulate(x, 2),
        lambda x: np.add.reduceat(x[0, 0], [0]),
        lambda x: np.add.reduceat(x, [0, 9]),
        lambda x: np.add.reduce(x, 3),
        lambda x: np.logaddexp.reduce(x, 3),
        lambda x: np.logaddexp.reduce(x, other=3),
        lambda x: np.fmax.reduce(x[:0]),
    ],
)
def test_what_numpy_refuses_is_refused_with_its_error(fn):
    with pytest.raises((TypeError, ValueError, IndexError, RuntimeError)) as plain:
        fn(X)
    for f in (lambda x: fc.jvp(fn, (x,), (x,)), lambda x: fc.vjp(fn, x), lambda x: fc.vmap(fn)(x[None])):
        with pytest.raises(plain.type):
            f(X)


def test_a_mask_and_indices_may_be_batches():
    x, masks = np.stack([X, 2 * X]), np.stack([MASK, ~MASK])
    got = fc.vmap(lambda x, m: np.logaddexp.reduce(x, 1, where=m))(x, masks)
    np.testing.assert_allclose(
        got, [np.logaddexp.reduce(v, 1, where=m) for v, m in zip(x, masks, strict=True)]
    )
    at = np.array([[0, 2], [1, 2]])
    got = fc.vmap(lambda x, i: np.add.reduceat(x, i, 1))(x, at)
    np.testing.assert_allclose(got, [np.add.reduceat(v, i, 1) for v, i in zip(x, at, strict=True)])
