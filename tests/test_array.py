"""The array face of a tracer: NumPy code as people write it, under every transform."""

import copy
import math
import warnings

import numpy as np
import pytest

import funcad as fc
import funcad.numpy as fnp
from funcad.errors import TakenApartWarning, UnsupportedArgumentError
from funcad.testing import check_grads

X = np.array([[0.5, -1.2, 2.0], [1.5, 0.3, -0.7]])
V = np.array([0.5, -1.2, 2.0])
MASK = np.array([[True, False, True], [False, True, True]])

INDICES = {
    "integer": 1,
    "negative": -1,
    "numpy integer": np.int64(1),
    "slice": slice(0, 1),
    "negative step": slice(None, None, -1),
    "tuple": (1, 2),
    "ellipsis": (..., 1),
    "new axis": (slice(None), None, 0),
    "empty tuple": (),
    "mask": MASK,
    "row mask": np.array([True, False]),
    "list": [0, 1, 1],
    "integers with repeats": np.array([0, 0, 1]),
    "two arrays": (np.array([0, 1, 0]), np.array([2, 2, 2])),
    "broadcasting arrays": (np.array([[0], [1]]), np.array([0, 0, 2])),
    "slice and array": (slice(None), np.array([2, 0, 2])),
    "array and slice": ([1, 1], slice(1, None)),
    "mask and integer": (np.array([False, True]), 1),
    "empty": slice(0, 0),
    "empty array": np.array([], int),
    "bool scalar": True,
}


@pytest.mark.parametrize("name", INDICES)
def test_indexing(name):
    index = INDICES[name]
    check_grads(lambda x: np.sin(x)[index] * 2.0, (X,))


OPERATORS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: (x * x + 1) ** y,
    "%": lambda x, y: x % (y * y + 5),
    "divmod": lambda x, y: divmod(x, 0.37)[1] * y,
    "//": lambda x, y: (x // 0.37) * y,
    "unary": lambda x, y: -x + abs(y) * +x,
    "constants on the left": lambda x, y: (2.0 - x) * (3 / (y * y + 1)) + 2.0**x + 10 % (y * y + 3),
}


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("shapes", [((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 1), (3,)), ((), (3,)), ((), ())])
def test_operators(name, shapes):
    rng = np.random.default_rng(3)
    x, y = (rng.uniform(0.4, 1.6, s) for s in shapes)
    check_grads(OPERATORS[name], (x[()], y[()]))


def test_powers_of_plain_scalars_and_arrays_round_as_the_operator_does():
    rng = np.random.default_rng(5)
    bases, exponents = rng.uniform(0.1, 5, 200), rng.uniform(-2, 2, 200)
    for b, e in zip(bases, exponents, strict=True):
        for base in (b, np.float32(b), np.int64(1 + b)):
            assert fc.vjp(lambda y, base=base: base**y, e)[0] == base**e
            assert fc.vjp(lambda y, base=base: np.power(base, y), e)[0] == np.power(base, e)
    for e in (2.0, 0.5, -1.0, 3.0):
        np.testing.assert_array_equal(fc.vjp(lambda y: bases**y, e)[0], bases**e)


def test_single_precision_constants_leave_the_gradient_of_a_float_a_float():
    for c in (np.float32(2), np.array([1, 2], np.float32), np.longdouble(3), np.complex64(1 + 1j)):
        for f in (lambda x, c=c: np.sum(np.real(x * c)), lambda x, c=c: np.sum(np.real(x + c))):
            assert isinstance(fc.grad(f)(1.5), float)
            value, tangent = fc.jvp(f, (1.5,), (1.0,))
            assert value.dtype == tangent.dtype


@pytest.mark.parametrize("x", [1.5, np.float64(1.5), np.float32(1.5), np.array(1.5)])
def test_scalars_and_arrays_without_axes_keep_their_type(x):
    functions = [copy.copy, copy.deepcopy, np.copy]
    if hasattr(x, "copy"):
        functions += [lambda x: x.copy(), lambda x: x.conj(), lambda x: x.conjugate()]
    for f in functions:
        assert type(fc.vjp(f, x)[0]) is type(f(x))


def test_division_by_the_integer_zero_is_infinite_as_in_numpy():
    with np.errstate(divide="ignore"):
        assert fc.grad(lambda x: x / 0)(np.float64(2.0)) == np.inf


def test_mean_and_spread_of_lists_of_traced_values():
    check_grads(lambda x: np.mean([v * v for v in x]), (V,))
    check_grads(lambda x: np.std([v * v for v in x], ddof=1), (V,))
    check_grads(lambda x: np.var(np.array([x[0], x[1] * x[2]])), (V,))
    check_grads(lambda x: np.array([v * v for v in x]).mean(), (V,))
    check_grads(lambda x: np.mean([[v, v * v] for v in x], axis=0), (V,))


def test_python_floats_stay_python_floats():
    seen = []

    def f(x):
        y = (2.0 * x + 1) ** 2 / 3 - x
        seen.append(type(y.value))
        return y

    assert type(fc.grad(f)(1.0)) is float
    assert seen == [float]


def test_matmul_operator():
    a = np.arange(6.0).reshape(2, 3)
    check_grads(lambda x, y: (x @ a) @ a.T @ y + a @ (a.T @ x), (np.eye(2) + 0.1, np.ones((2, 2))))
    check_grads(lambda v: v @ v + a @ v @ np.ones(2), (V,))


METHODS = {
    "sum": lambda x: x.sum(axis=0),
    "mean": lambda x: x.mean(1, keepdims=True),
    "prod": lambda x: x.prod(),
    "max": lambda x: x.max(axis=1),
    "min": lambda x: x.min(),
    "var": lambda x: x.var(axis=0, ddof=1),
    "std": lambda x: x.std(),
    "cumsum": lambda x: x.cumsum(axis=1),
    "reshape": lambda x: x.reshape(3, 2) * x.reshape((3, -1)) + x.reshape(-1)[0],
    "transpose": lambda x: x.transpose() + x.transpose(1, 0) + x.transpose((1, 0)) + x.T,
    "mT": lambda x: x.mT,
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "ravel": lambda x: x.ravel() * x.flatten(),
    "squeeze": lambda x: x[:, :1].squeeze(),
    "repeat": lambda x: x.repeat(2, axis=0),
    "take": lambda x: x.take([0, 2], axis=1),
    "compress": lambda x: x.compress([True, False, True], axis=1) * x.compress([True, True]),
    "diagonal": lambda x: x.diagonal(),
    "trace": lambda x: x.trace(),
    "dot": lambda x: x.dot(V),
    "clip": lambda x: x.clip(-1.0, 1.7),
    "clip keywords": lambda x: x.clip(min=-1.0),
    "copy": lambda x: x.copy() + copy.copy(x) + copy.deepcopy(x),
    "astype": lambda x: x.astype(float),
    "astype, all arguments": lambda x: x.astype(float, "F", "safe", False, False),
    "real and imag": lambda x: x.real * 2 + x.imag,
    "conj": lambda x: x.conj() + x.conjugate(),
    "item": lambda x: x.item(1) * x[0, 0].item() * x.item((1, 2)),
    "flat": lambda x: x.flat[1] * x.flat[4],
    "tolist": lambda x: sum(sum(row) for row in x.tolist()),
    "iteration": lambda x: sum(row[0] * row[1] for row in x),
    "unpacking": lambda x: next(a * b for a, b in [x]),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods(name):
    f = METHODS[name]
    check_grads(f, (X,))
    value, _ = fc.jvp(f, (X,), (X,))
    np.testing.assert_array_equal(value, f(X))


def test_a_conversion_that_casting_forbids_is_refused_as_in_numpy():
    f = lambda x: x.astype("f4", casting="safe")
    for run in (lambda: f(X), lambda: fc.vjp(f, X), lambda: fc.vmap(f)(X)):
        with pytest.raises(TypeError, match="according to the rule 'safe'"):
            run()


def test_attributes_are_those_of_the_array():
    def f(x):
        assert x.shape == (2, 3) and x.ndim == 2 and x.size == 6 and len(x) == 2
        assert x.dtype == np.float64 and x.itemsize == 8 and x.nbytes == 48
        assert np.shape(x) == (2, 3) and np.ndim(x) == 2 and np.size(x) == 6
        assert f"{x[0, 0]:.2f}" == "0.50"
        assert "0.5" in repr(x) and 2.0 in x and 7.0 not in x
        assert (x > 0).dtype == bool and not isinstance(x > 0, type(x))
        assert np.argmax(x) == 2 and x.argmin() == 1 and bool(x[0, 0])
        assert round(x[0, 1]) == -1
        return np.sum(x)

    fc.grad(f)(X)
    fc.jvp(f, (X,), (X,))


@pytest.mark.parametrize("q", [0.1, 0.3, 0.7, 0.9])
def test_quantiles_of_a_list_of_traced_values(q):
    check_grads(lambda x: np.quantile([x[0, 0], x[0, 2], x[1, 1]], q), (X,))
    check_grads(lambda x: np.percentile(np.array([x[0, 0], x[0, 2], x[1, 1]]), 100 * q), (X,))


CONVERSIONS = {
    "astype": lambda x, dtype: x.astype(dtype) * x,
    "ufunc": lambda x, dtype: np.multiply(x, x, dtype=dtype, casting="unsafe"),
    "sum": lambda x, dtype: np.sum(x, 0, dtype),
    "linspace": lambda x, dtype: np.linspace(x[0], x[1], 3, dtype=dtype),
}


@pytest.mark.parametrize("name", CONVERSIONS)
def test_dtypes_by_their_classes_and_as_objects(name):
    by_class = fc.jacobian(lambda x: CONVERSIONS[name](x, np.dtypes.Float64DType))(X)
    np.testing.assert_array_equal(by_class, fc.jacobian(lambda x: CONVERSIONS[name](x, float))(X))
    if name != "astype":
        with pytest.raises(UnsupportedArgumentError, match="dtype=object"):
            fc.jacobian(lambda x: CONVERSIONS[name](x, object))(X)


@pytest.mark.filterwarnings("ignore:a traced array was taken apart")
def test_astype_object_gives_separate_elements():
    def f(x):
        y = x.astype(object)
        assert y.dtype == object
        return np.sum(y * x) * x[0, 0]

    check_grads(f, (X,))
    with pytest.raises(UnsupportedArgumentError, match="dtype=object"):
        fc.jacobian(lambda x: np.stack([x, x], dtype=object))(X)


def test_text():
    def f(x):
        assert str(x[0, 0]) == "0.5" and str(x) == str(X) and f"{x}" == str(X)
        assert "%s %.3f %d" % (x[0, 1], x[0, 0], x[0, 1]) == "-1.2 0.500 -1"  # noqa: UP031 - as older code does
        return np.sum(x)

    assert np.all(fc.grad(f)(X) == 1)


class Own:
    """An operand to whose type NumPy leaves the operators."""

    __array_ufunc__ = None

    def __radd__(self, other):
        return other * 3.0

    __rmul__ = __rsub__ = __rtruediv__ = __rpow__ = __rmod__ = __rfloordiv__ = __rmatmul__ = __radd__


@pytest.mark.parametrize("sign", ["+", "*", "-", "/", "**", "%", "//", "@"])
def test_operands_that_leave_no_operator_to_numpy(sign):
    f = eval(f"lambda x: x {sign} y", {"y": Own()})
    check_grads(f, (X,))
    np.testing.assert_array_equal(fc.vmap(f)(X), 3 * X)


@pytest.mark.filterwarnings("ignore:a traced array was taken apart")
def test_polynomials_times_traced_numbers():
    p = np.polynomial.Polynomial([1.0, 2.0, 3.0])
    check_grads(lambda x: (x[0, 0] * p + x[0, 1] - p * x[1, 0])(x[1, 1]), (X,))
    check_grads(lambda x: np.polynomial.Polynomial(x[0]).convert(kind=np.polynomial.Chebyshev)(0.3), (X,))


def test_counts_among_several_results_are_plain():
    def f(x):
        _, _, rank, values = np.linalg.lstsq(x, x[:, 0])
        mantissa, exponent = np.frexp(x)
        return np.sum(values**2) * int(rank) + np.sum(np.ldexp(mantissa, exponent))

    check_grads(f, (X,))


def test_arrays_made_of_traced_values():
    def f(x):
        return np.array([x[0] * x[1], np.sin(x[0]), 2.0])

    expected = [[-1.2, 0.5, 0], [np.cos(0.5), 0, 0], [0, 0, 0]]
    for jac in (fc.jacobian, fc.jacfwd, fc.jacrev):
        np.testing.assert_allclose(jac(f)(V), expected)
    check_grads(lambda x: np.array([[x[0], 1.0], [x[1], x[2]]]) @ np.ones(2), (V,))
    check_grads(lambda x: np.sin(np.array([x[0], x[1]])) * x[:2], (V,))
    check_grads(lambda x: x[:2] * np.array([x[2], 2.0]), (V,))
    check_grads(lambda x: np.concatenate([np.array([x[0], x[1]]), x]), (V,))
    check_grads(lambda x: np.sum([x[0], x[1] * x[2]]) + np.stack([x[0], x[1]]), (V,))
    check_grads(lambda x: fnp.array([[x[0], 1.0], x[1:]]), (V,))
    check_grads(lambda x: fnp.full((2, 2), x[0]) * fnp.asarray([x[0], x[1]]), (V,))


def test_taking_an_array_apart_warns_once_per_place():
    def f(x):
        return np.sum(np.asarray(x) ** 2)

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        for _ in range(3):
            np.testing.assert_allclose(fc.grad(f)(V), 2 * V)
    assert [w.category for w in seen] == [TakenApartWarning]
    assert "np.asarray(x) ** 2" in str(seen[0].message) and seen[0].filename == __file__


def test_infinite_slopes_of_python_floats():
    with np.errstate(divide="ignore"):
        for f, x in ((np.log, 0.0), (np.log1p, -1.0), (np.sqrt, 0.0), (np.arctanh, 1.0), (np.arcsin, 1.0)):
            assert fc.grad(f)(x) == np.inf == fc.jvp(f, (x,), (1.0,))[1], f
    assert fc.grad(lambda x: x**0.5)(0.0) == np.inf
    assert fc.grad(lambda x: x**1.0)(0.0) == 1.0 and fc.grad(lambda x: x**0.0)(0.0) == 0.0


def test_python_control_flow():
    def f(x):
        total = 0.0
        k = 0
        while total < 10.0 and k < 50:
            total = total + (x * x if x > 1 else x) / (k + 1)
            k += 1
        return total

    assert fc.grad(f)(3.0) == pytest.approx(2 * 3.0 * (1 + 1 / 2))
    assert fc.grad(f)(0.5) == pytest.approx(sum(1 / (k + 1) for k in range(50)))


def test_ufunc_methods_and_keywords():
    check_grads(lambda x: np.add.reduce(x) + np.multiply.reduce(x, axis=0), (X,))
    check_grads(lambda x: np.add.accumulate(x, axis=1), (X,))
    check_grads(lambda x: np.multiply.outer(x[0], x[1]) + np.subtract.outer(x[0], V), (X,))
    check_grads(lambda x: np.maximum.reduce(x, axis=1), (X,))
    x32 = X.astype(np.float32)
    assert np.sin(x32, dtype=np.float64).dtype == np.float64
    value, tangent = fc.jvp(lambda x: np.sin(x, dtype=np.float64), (x32,), (x32,))
    assert value.dtype == tangent.dtype == np.float64
    assert fc.grad(lambda x: np.sum(np.sin(x, dtype=np.float64)))(x32).dtype == np.float32


def test_precision_of_the_input_is_kept():
    x = V.astype(np.float32)
    double = np.ones(3)
    for f in (
        lambda x: np.sum(np.sin(x) * double),
        lambda x: np.mean(x**2) + np.var(x) + np.std(x),
        lambda x: np.sum(np.maximum(x, 0)) + np.sum(np.logaddexp(x, 1.0)),
        lambda x: np.sum(x.reshape(3, 1) * x),
    ):
        assert fc.grad(f)(x).dtype == np.float32
        assert fc.jacfwd(f)(x).dtype == fc.jacrev(f)(x).dtype == np.float32
        assert fc.hessian(f)(x).dtype == np.float32
    assert fc.grad(lambda x: x * x)(np.float32(2)).dtype == np.float32


class TestOwnership:
    """What a transform returns belongs to the caller, and what it was given is not touched."""

    def test_gradients_can_be_written_to(self):
        for f in (np.sum, lambda x: np.sum(x.T), lambda x: np.sum(x[0]), lambda x: np.sum(x + 1)):
            g = fc.grad(f)(X)
            g *= 2.0
            g[0, 0] = 7.0

    def test_gradients_of_two_arguments_are_two_arrays(self):
        a, b = fc.grad(lambda x, y: np.sum(x + y), (0, 1))(X, X)
        a *= 2.0
        np.testing.assert_array_equal(b, np.ones_like(X))

    def test_cotangents_are_not_shared(self):
        ct = np.ones(3)
        _, pullback = fc.vjp(lambda x: x.reshape(3), V)
        (g,) = pullback(ct)
        g *= 2.0
        np.testing.assert_array_equal(ct, np.ones(3))
        np.testing.assert_array_equal(pullback(ct)[0], np.ones(3))

    def test_tangents_are_not_shared(self):
        t = np.ones(3)
        _, tangent = fc.jvp(lambda x: x, (V,), (t,))
        tangent *= 2.0
        np.testing.assert_array_equal(t, np.ones(3))


def test_pullbacks_can_be_called_again():
    _, pullback = fc.vjp(lambda x: np.sin(x) * x[::-1], V)
    first, second = pullback(np.ones(3))[0], pullback(2 * np.ones(3))[0]
    np.testing.assert_allclose(second, 2 * first)


class TestComplex:
    Z = 1.0 + 2.0j

    def test_convention(self):
        """For real f of z = x + iy the gradient is df/dx - i df/dy."""
        z = self.Z
        assert fc.grad(lambda z: abs(z) ** 2)(z) == pytest.approx(2 - 4j)
        assert fc.grad(lambda z: np.real(z))(z) == 1
        assert fc.grad(lambda z: np.imag(z))(z) == -1j
        assert fc.grad(lambda z: np.abs(z))(z) == pytest.approx(np.conj(z) / abs(z))
        assert fc.grad(lambda z: np.real(z**2))(z) == pytest.approx(2 * z)
        assert fc.grad(lambda z: np.imag(np.exp(z)))(z) == pytest.approx(-1j * np.exp(z))

    def test_holomorphic(self):
        z = self.Z
        assert fc.grad(np.sin, holomorphic=True)(z) == pytest.approx(np.cos(z))
        np.testing.assert_allclose(
            fc.jacobian(lambda z: z * z, holomorphic=True)(np.array([z, 1j])), np.diag([2 * z, 2j])
        )
        assert fc.hessian(lambda z: z**3, holomorphic=True)(z) == pytest.approx(6 * z)

    def test_real_numbers_through_complex_ones(self):
        g = fc.grad(lambda x: np.real((1 + 2j) * x**2))(3.0)
        assert g == 6.0 and np.isrealobj(g)
        g = fc.grad(lambda x: np.abs(x + 1j))(3.0)
        assert g == pytest.approx(3 / np.sqrt(10)) and np.isrealobj(g)
        _, tangent = fc.jvp(lambda z: np.abs(z), (self.Z,), (1j,))
        assert tangent == pytest.approx(2 / np.sqrt(5)) and np.isrealobj(tangent)


def test_default_keywords_of_ufuncs_change_nothing():
    assert fc.grad(lambda x: np.sin(x, where=True, casting="same_kind"))(0.0) == 1.0
    with pytest.raises(ValueError, match="order"):
        fc.grad(lambda x: np.sin(x, order="Z"))(0.0)
    with pytest.raises(UnsupportedArgumentError, match="where"):
        fc.grad(lambda x: np.sum(np.conjugate(x, where=np.array([True, False, True]))))(V)


@pytest.mark.parametrize("order", ["C", "F", "K"])
def test_a_ufunc_lays_its_result_out_as_it_is_asked_to(order):
    x = np.arange(6.0).reshape(2, 3)
    plain = np.exp(x, order=order).flags

    def f(x):
        y = np.exp(x, order=order)
        assert (y.flags.c_contiguous, y.flags.f_contiguous) == (plain.c_contiguous, plain.f_contiguous)
        return np.sum(y * y)

    np.testing.assert_allclose(fc.grad(f)(x), 2 * np.exp(2 * x))
    np.testing.assert_allclose(fc.jvp(f, (x,), (x,))[1], np.sum(2 * x * np.exp(2 * x)))


def test_astype_lays_its_result_out_as_it_is_asked_to():
    x = np.arange(6.0).reshape(2, 3)

    def f(x):
        y = x.astype(float, order="F")
        assert y.flags.f_contiguous
        assert x.astype(float, order="C", copy=False) is x
        return np.sum(y * y)

    np.testing.assert_allclose(fc.grad(f)(x), 2 * x)
    with pytest.raises(ValueError, match="order"):
        fc.grad(lambda x: np.sum(x.astype(float, order="Z")))(x)


def test_a_layout_that_depends_on_operands_is_an_error():
    with pytest.raises(UnsupportedArgumentError, match="order"):
        fc.grad(lambda x: np.sum(np.exp(x, order="A")))(V)


def test_rounding_of_traced_numbers_is_plain():
    assert fc.grad(lambda x: x * np.sum(np.trunc([x, 2.5])))(1.5) == 3.0
    assert fc.grad(lambda x: x * math.trunc(x) + math.floor(x) + math.ceil(x))(1.5) == 1.0


def test_arctan2_with_an_infinite_argument():
    for x, y in ((1.0, np.inf), (np.inf, 1.0), (1.0, -np.inf)):
        assert fc.grad(np.arctan2, (0, 1))(x, y) == (0.0, 0.0)
