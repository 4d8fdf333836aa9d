"""Arrays made of traced values: by `funcad.numpy`, by plain NumPy, or an error that says how."""

import warnings

import numpy as np
import pytest

import funcad as fc
import funcad.numpy as fnp
from funcad.errors import AssignmentError, ConversionError, FuncadError, UnsupportedArgumentError
from funcad.testing import check_grads

X = np.array([1.3, -0.4, 2.2, 0.7])
M = np.arange(12.0).reshape(3, 4) * 0.3 - 1
X32 = X.astype(np.float32)


def assert_same(plain, traced):
    """The same numbers in arrays of the same type, dtype and memory order."""
    if isinstance(plain, tuple):
        for a, b in zip(plain, traced, strict=True):
            assert_same(a, b)
        return
    assert type(plain) is type(traced)
    np.testing.assert_array_equal(plain, traced)
    if isinstance(plain, np.ndarray):
        assert plain.dtype == traced.dtype
        for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS"):
            assert plain.flags[flag] == traced.flags[flag]


#: functions of a namespace and a traced value: the plain run is that of NumPy
MADE = {
    "array": lambda n, x: n.array(x),
    "array of numbers": lambda n, x: n.array([[x[0], 1], [2, x[1]]]),
    "array in single precision": lambda n, x: n.array([x[0], x[1]], np.float32),
    "array of integers": lambda n, x: n.array([x[0], x[1]], int) * x[0],
    "array of complex numbers": lambda n, x: np.abs(n.array([x[0], x[1]], complex)),
    "array of a number": lambda n, x: n.array(x[0]),
    "array with axes": lambda n, x: n.array(x, ndmin=3),
    "array in Fortran order": lambda n, x: n.array(n.array(x, ndmin=2).T @ n.array(x, ndmin=2), order="F"),
    "array without a copy": lambda n, x: n.array(n.array(x), copy=False),
    "array with a copy if needed": lambda n, x: n.array(x, copy=None, dtype=np.float32),
    "asarray": lambda n, x: n.asarray(x),
    "asarray of a number": lambda n, x: n.asarray(x[0]),
    "asarray with dtype": lambda n, x: n.asarray(x, np.float32),
    "asarray in an order": lambda n, x: n.asarray([x, x], order="F"),
    "asanyarray": lambda n, x: n.asanyarray([x[0], 2]),
    "ascontiguousarray": lambda n, x: n.ascontiguousarray(np.stack([x, x]).T),
    "ascontiguousarray of a number": lambda n, x: n.ascontiguousarray(x[0]),
    "asfortranarray": lambda n, x: n.asfortranarray([x, x]),
    "require": lambda n, x: n.require([x, x], np.float32, ["F", "WRITEABLE"]),
    "asarray_chkfinite": lambda n, x: n.asarray_chkfinite(x),
    "full": lambda n, x: n.full((2, 3), x[0]),
    "full of an array": lambda n, x: n.full((2, 4), x, dtype=np.float32, order="F"),
    "full of a list": lambda n, x: n.full((3, 2), [x[0], 1]),
    "full_like": lambda n, x: n.full_like(np.ones(4), x[0]),
    "full_like of integers": lambda n, x: n.full_like([1, 2], x[0]) * x[0],
    "arange": lambda n, x: n.arange(x[0], 4.0, x[3]),
    "arange to a stop": lambda n, x: n.arange(x[0]) * x[1],
    "arange downwards": lambda n, x: n.arange(x[0], x[1], -x[3], dtype=np.float32),
    "kaiser": lambda n, x: n.kaiser(6, x[0]),
    "kaiser of one point": lambda n, x: n.kaiser(1, x[0]) * x[0],
    "insert of a list": lambda n, x: n.insert(np.ones(3), 1, [x[0], x[1]]),
    "piecewise of a closure": lambda n, x: n.piecewise(X, [X > 0], [lambda v: v * x[0], x[1]]),
    "apply_along_axis of a closure": lambda n, x: n.apply_along_axis(lambda r: r * x[0], 0, M),
    "ix_": lambda n, x: n.ix_(x, [1, 2], np.array([True, False]))[0],
    "r_": lambda n, x: n.r_[x, 1.0, x[0], 2:4, [3, 4]],
    "r_ of a range": lambda n, x: n.r_[x[1] : x[0] : 5j, 0.0 : x[0] : 0.5],
    "r_ with directives": lambda n, x: n.r_["0,2", x, X],
    "r_ along an axis": lambda n, x: n.r_["-1", x, X],
    "r_ with axes behind": lambda n, x: n.r_["0,3,0", x, X],
    "r_ with axes around": lambda n, x: n.r_["0,3,1", x, X],
    "c_": lambda n, x: n.c_[x, X],
    "c_ of numbers": lambda n, x: n.c_[x[0], 1.0],
    "c_ of a range": lambda n, x: n.c_[0 : x[0], x[:2]],
    "mgrid": lambda n, x: n.mgrid[x[1] : x[0] : 3j, 0:2:2j],
    "mgrid of a range": lambda n, x: n.mgrid[0.0 : x[0] : 0.5, 0:3] * x[0],
    "mgrid of one axis": lambda n, x: n.mgrid[x[1] : x[0] : 5j],
    "ogrid": lambda n, x: n.ogrid[0.0 : x[0] : 0.5, x[1] : 3],
    "eye and the like": lambda n, x: n.eye(3) * x[0] + n.tri(3) * x[1] + n.zeros(3) + n.ones(3),
    "indices": lambda n, x: x[n.diag_indices(4)[0]] * n.indices((4,))[0] + x[n.tril_indices(4)[0][:4]],
    "fromfunction": lambda n, x: n.fromfunction(lambda i, j: i * x[0] + j, (2, 3)),
    "vectorize": lambda n, x: n.vectorize(lambda a: a * a if a > 0 else -a)(x),
    "vectorize with otypes": lambda n, x: n.vectorize(lambda a: a * a, otypes=[float])(x),
    "vectorize of no elements": lambda n, x: n.vectorize(lambda a: a * a, otypes=[float])(x[:0]) * x[0],
    "vectorize over a grid": lambda n, x: n.vectorize(lambda a, b: a * b)(x, M),
    "vectorize of two results": lambda n, x: n.vectorize(lambda a, b: (a * b, a + 1))(x, 2),
    "vectorize with excluded": lambda n, x: n.vectorize(lambda a, p: a * p[0], excluded=["p"])(a=x, p=x),
    "vectorize without a place": lambda n, x: n.vectorize(lambda a, p: a * p[0], excluded={1})(x, x),
    "vectorize of rows": lambda n, x: n.vectorize(lambda a: a.sum(), signature="(n)->()")(M * x),
    "vectorize into tables": lambda n, x: n.vectorize(np.outer, signature="(n),(m)->(n,m)")(x, x[:2]),
    "vectorize of a closure": lambda n, x: n.vectorize(lambda a: a * x[0])(X),
    "vectorize with integers first": lambda n, x: n.vectorize(lambda a: 0 if a > 1.2 else a)(x) * x[0],
    "vectorize with a cache": lambda n, x: n.vectorize(lambda a: a * a, cache=True)(x),
    "vectorize as a decorator": lambda n, x: n.vectorize(otypes=[float])(lambda a: a * a)(x),
}


@pytest.mark.parametrize("name", MADE)
def test_the_twin_makes_what_numpy_makes(name):
    f = MADE[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x in (X, X32):
            assert_same(f(np, x), fc.vjp(lambda x: f(fnp, x), x)[0])
        check_grads(lambda x: f(fnp, x), (X,))


@pytest.mark.parametrize("name", ["array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray"])
def test_like_of_plain_numpy_sees_traced_values(name):
    make = getattr(np, name)
    assert_same(make([X[0], 1.0]), fc.vjp(lambda x: make([x[0], 1.0], like=x), X)[0])
    assert_same(make(2.5), fc.vjp(lambda x: make(2.5, like=x), X)[0])
    check_grads(lambda x: make([x[0] * x[1], 1.0], like=x), (X,))


def test_like_for_arrays_without_values():
    check_grads(lambda x: np.full(3, x[0], like=x) + np.arange(3.0, like=x) * x[1], (X,))
    check_grads(lambda x: np.eye(4, like=x) @ x + np.zeros(4, like=x) + np.ones(4, like=x), (X,))


def test_a_copy_that_cannot_be_avoided_is_numpys_error():
    for run in (lambda: np.array([1.0], copy=False), lambda: fc.jvp(no_copy, (X,), (X,))):
        with pytest.raises(ValueError, match="Unable to avoid copy"):
            run()


def no_copy(x):
    return fnp.array([x[0]], copy=False)


def test_asarray_chkfinite_finds_what_is_not_finite():
    with np.errstate(divide="ignore"), pytest.raises(ValueError, match="infs or NaNs"):
        fc.jvp(lambda x: fnp.asarray_chkfinite(x / 0.0), (X,), (X,))


# --- plain NumPy: exact through elements, or an error that names the way


EXACT = {
    "r_": lambda x: np.r_[x, 1.0],
    "c_": lambda x: np.c_[x, X],
    "full": lambda x: np.full((2, 4), x),
    "asarray": lambda x: np.asarray(x) * 2,
    "asarray_chkfinite": lambda x: np.asarray_chkfinite(x),
    "vectorize": lambda x: np.vectorize(lambda a: a * a)(x),
    "fromfunction": lambda x: np.fromfunction(lambda i: i * x[0], (3,)),
    "one axis of mgrid": lambda x: np.mgrid[x[1] : x[0] : 5j],
    "kaiser": lambda x: np.kaiser(6, x[0]),
    "tensordot": lambda x: np.tensordot(x, M, axes=(0, 1)),
    "full_like of a traced array": lambda x: np.full_like(x, x[0]),
    "full_like of a traced array by an array": lambda x: np.full_like(M * x[0], x),
}


@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning")
@pytest.mark.parametrize("name", EXACT)
def test_plain_numpy_is_exact(name):
    f = EXACT[name]
    np.testing.assert_array_equal(fc.vjp(f, X)[0], f(X))
    check_grads(f, (X,))


REFUSED = {
    "full with dtype": (lambda x: np.full(3, x[0], dtype=float), r"funcad\.numpy\.full for np\.full"),
    "full_like of a plain array": (lambda x: np.full_like(np.ones(4), x[0]), r"funcad\.numpy\.full_like"),
    "r_ of a range": (lambda x: np.r_[0.0 : x[0] : 0.5], r"funcad\.numpy\.r_"),
    "mgrid": (lambda x: np.mgrid[x[1] : x[0] : 3j, 0:2:2j], r"funcad\.numpy\.mgrid"),
    "vectorize": (
        lambda x: np.vectorize(lambda a: a * a, otypes=[float])(x[:1]),
        r"funcad\.numpy\.vectorize",
    ),
    "piecewise": (lambda x: np.piecewise(X, [X > 0], [lambda v: v * x[0], 0.0]), r"funcad\.numpy\.piecewise"),
    "insert": (lambda x: np.insert(X, 1, [x[0], 2.0]), r"funcad\.numpy\.insert"),
    "require": (lambda x: np.require(x[0], float), r"funcad\.numpy\.require"),
    "array with dtype": (lambda x: np.array([x[0]], float), r"funcad\.numpy\.array"),
    "float64": (lambda x: np.float64(x[0]), r"x\.astype\(dtype\) for np\.float64"),
    "float32": (lambda x: np.float32(x[0]), r"x\.astype\(dtype\)"),
    "complex128": (lambda x: np.complex128(x[0]), r"x\.astype\(dtype\)"),
    "arange": (lambda x: np.arange(0.0, x[0], 0.5), r"funcad\.numpy\.array, arange"),
    "fromiter": (lambda x: np.fromiter(x, float), r"funcad\.numpy\.array"),
    "eye": (lambda x: np.eye(x[0]), "an index"),
    "frompyfunc": (lambda x: np.frompyfunc(lambda a: a, 1, 1)(x), "has no derivative rule"),
    "kaiser of one point": (lambda x: np.kaiser(1, x[0]), r"funcad\.numpy\.kaiser"),
    "kaiser in single precision": (lambda x: np.kaiser(5, x.astype("f4")[0]), r"funcad\.numpy\.kaiser"),
    "r_ in single precision": (lambda x: np.r_[x.astype("f4"), 1.0], r"funcad\.numpy\.r_"),
    "c_ in single precision": (lambda x: np.c_[x.astype("f4"), 1.0 * X], r"funcad\.numpy\.c_"),
    "a matrix": (lambda x: fnp.r_["r", x], "numpy.matrix"),
}


@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning", "ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("name", REFUSED)
def test_plain_numpy_is_an_error_that_says_what_to_write(name):
    f, message = REFUSED[name]
    f(np.abs(X) if name != "eye" else np.array([2, 1]))
    for run in (lambda: fc.jvp(f, (X,), (X,)), lambda: fc.vjp(f, X)):
        with pytest.raises(FuncadError, match=message):
            run()


@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning")
def test_an_error_in_a_function_that_numpy_calls_is_about_that_function():
    import math

    with pytest.raises(ConversionError, match=r"math\.sin"):
        fc.jvp(lambda x: np.vectorize(lambda a: math.sin(a) * a)(x[:1]), (X,), (X,))


# --- what NumPy tests by type


def test_isscalar_is_that_of_the_plain_run():
    seen = []

    def f(x):
        seen.extend([np.isscalar(x), np.isscalar(x[0]), np.isscalar(x[0].item()), np.isscalar(np.sum(x))])
        return x

    f(X)
    for run in (lambda: fc.jvp(f, (X,), (X,)), lambda: fc.vjp(f, X), lambda: fc.vmap(f)(M)):
        run()
    assert seen[:4] == [False, True, True, True]
    assert seen == seen[:4] * 4


def test_methods_and_attributes_of_arrays():
    check_grads(lambda x: x[x.argpartition(2)] * x.view() + x.view(np.float64), (X,))
    check_grads(lambda x: x.to_device("cpu"), (X,))
    check_grads(lambda x: x.flat[1] * x, (X,))
    assert fc.vjp(lambda x: x.flags.c_contiguous and x.strides == (8,) and x.device == "cpu", X)[0]
    check_grads(lambda x: np.abs(x.view(complex) * (1 + 1j) + x[0]), (X,))
    check_grads(lambda z: (z * z).view(float)[1], (X + 1j * X[::-1],))
    pairs = fc.vmap(lambda x: x.view(complex))(M)
    np.testing.assert_array_equal(pairs, M.view(complex))


@pytest.mark.parametrize("name", ["tobytes", "tofile", "dump", "dumps", "byteswap", "getfield"])
def test_methods_that_give_numbers_away_refuse(name):
    with pytest.raises(ConversionError, match=rf"stop_gradient\(x\)\.{name}"):
        fc.jvp(lambda x: getattr(x, name)("f4"), (X,), (X,))


def test_methods_that_write_or_read_other_numbers_refuse():
    for f, error in (
        (lambda x: x.setflags(write=False), AssignmentError),
        (lambda x: x.setfield(1.0, float), AssignmentError),
        (lambda x: x.view(np.int64), UnsupportedArgumentError),
        (lambda x: x.view(np.float32), UnsupportedArgumentError),
        (lambda x: x & 1, TypeError),
        (lambda x: ~x, TypeError),
        (lambda x: x.to_device("gpu"), ValueError),
    ):
        with pytest.raises(error):
            fc.jvp(f, (X,), (X,))


def test_truth_values_of_a_batch_have_the_operators_of_arrays():
    def f(x):
        inside = ((x > -0.5) & ~(x > 1)) | (x < -0.8)
        return np.where(inside ^ np.array([True, False, True, False]), x, x.astype(int) << 1)

    np.testing.assert_array_equal(fc.vmap(f)(M), [f(x) for x in M])
    np.testing.assert_array_equal(
        fc.vmap(lambda x: 8 >> x.astype(int))(np.abs(M)), 8 >> np.abs(M).astype(int)
    )
