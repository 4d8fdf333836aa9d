"""Statistics, sets and interpolation: what the samples of the registry cannot show."""

import warnings

import numpy as np
import pytest

import funcad as fc
from funcad.errors import ConversionError, UnsupportedArgumentError
from funcad.testing import check_grads

nan, inf = np.nan, np.inf
RNG = np.random.default_rng(5)
X = RNG.normal(size=(3, 4))
V = RNG.normal(size=4)
ROW = np.array([True, False, True, True])
HOLED = np.array([[1.0, nan, 3.0], [nan, nan, nan], [2.0, 5.0, nan]])


def traced(f, x):
    """The value of f under each transform."""
    yield fc.jvp(f, (x,), (np.ones_like(x),))[0]
    yield fc.vjp(f, x)[0]
    yield fc.jvp(lambda x: fc.vjp(f, x)[0], (x,), (np.ones_like(x),))[0]


def warned(f, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = f(*args)
    return value, [(w.category, str(w.message)) for w in caught]


# --- calls for which other libraries give a wrong derivative, or none though NumPy takes them

CALLS = {
    "sum where": lambda x: np.sum(x, where=ROW),
    "mean where": lambda x: np.mean(x, where=ROW),
    "prod where": lambda x: np.prod(x, where=ROW),
    "std where": lambda x: np.std(x, where=ROW),
    "var where": lambda x: np.var(x, where=ROW),
    "std correction": lambda x: np.std(x, correction=1),
    "var correction": lambda x: np.var(x, correction=1),
    "var mean": lambda x: np.var(x, mean=np.full((1, 4), 0.1), axis=0),
    "sum initial": lambda x: np.sum(x, initial=3.0),
    "max initial": lambda x: np.max(x, initial=100.0),
    "diff prepend": lambda x: np.diff(x, prepend=1.0),
    "diff append": lambda x: np.diff(x, append=1.0),
    "diff of columns, both": lambda x: np.diff(x, 2, 0, x[:1] * 2, x[0, 0]),
    "gradient": lambda x: np.gradient(x)[1],
    "gradient along an axis": lambda x: np.gradient(x, axis=0),
    "gradient spacing": lambda x: np.gradient(x, 0.1, axis=1),
    "gradient edge_order": lambda x: np.gradient(x, axis=1, edge_order=2),
    "gradient of its own spacing": lambda x: np.gradient(x, x[0, 0] ** 2 + 1, axis=1),
    "clip broadcast": lambda x: np.clip(x[0], -1.0, np.array([[1.0], [2.0]])),
    "clip method": lambda x: x.clip(min=-1.0),
    "cumsum dtype": lambda x: np.cumsum(x, dtype=np.float64),
    "cumsum of a number": lambda x: np.cumsum(x[0, 0]),
    "cumprod axis": lambda x: np.cumprod(x, axis=-2, dtype=np.float64),
    "average weights": lambda x: np.average(x, axis=1, weights=x[0] ** 2 + 1),
    "average list of weights": lambda x: np.average(x, 0, [1.0, 2.0, 4.0], returned=True, keepdims=True)[0],
    "trapezoid x": lambda x: np.trapezoid(x, x[0], axis=-1),
    "trapezoid dx": lambda x: np.trapezoid(x, dx=x[0, 1], axis=0),
    "trapezoid of numbers": lambda x: np.trapezoid([1, 2, 4, 8], x[0]),
    "ptp": lambda x: np.ptp(x, axis=(0, 1), keepdims=True),
    "ediff1d": lambda x: np.ediff1d(x, to_end=x[0, :2], to_begin=x[1]),
    "method argpartition": lambda x: x[0] * x[0].argpartition(1),
    "digitize": lambda x: x * np.digitize(x, [0.1, 0.9]),
    "searchsorted": lambda x: x * np.searchsorted(np.sort(x[0]), x),
    "list of traced values": lambda x: np.median(fc.numpy.array([x[0, 0], x[0, 1], 2.0])),
    "cov of rows": lambda x: np.cov(fc.numpy.array([x[0], x[1] ** 2]), x[2], aweights=x[0] ** 2),
}


@pytest.mark.parametrize("call", CALLS)
def test_derivatives_that_other_libraries_get_wrong(call):
    check_grads(CALLS[call], (X,), order=2)


# --- the value

QUIET = {
    "nansum": np.nansum,
    "nanmean": lambda x: np.nanmean(x, axis=1),
    "nanmean of nothing": lambda x: np.nanmean(x[1]),
    "nanvar": lambda x: np.nanvar(x, axis=0, ddof=1),
    "nanstd": lambda x: np.nanstd(x, axis=1, keepdims=True),
    "nanmax": lambda x: np.nanmax(x, axis=1),
    "nanmin": lambda x: np.nanmin(x[1]),
    "nanmedian": lambda x: np.nanmedian(x, axis=1),
    "nanmedian of a row": lambda x: np.nanmedian(x[1]),
    "nanquantile": lambda x: np.nanquantile(x, [0.2, 0.5], axis=0),
    "nanpercentile": lambda x: np.nanpercentile(x, 30, axis=1),
    "median": lambda x: np.median(x, axis=1),
    "quantile": lambda x: np.quantile(x, 0.3, axis=0),
    "empty median": lambda x: np.median(x[:0]),
    "empty nanquantile": lambda x: np.nanquantile(x[:0], 0.5),
}


@pytest.mark.parametrize("name", QUIET)
def test_numpy_warns_as_often_as_in_the_plain_run(name):
    f = QUIET[name]
    value, messages = warned(f, HOLED)
    for mode in (lambda x: fc.vjp(f, x), lambda x: fc.jvp(f, (x,), (np.ones_like(x),))):
        out, seen = warned(mode, HOLED)
        np.testing.assert_array_equal(out[0], value)
        assert seen == messages
    if np.ndim(value) == 0:
        assert warned(fc.grad(f), HOLED)[1] == messages


def test_an_array_that_may_be_overwritten_is_not():
    for fn in (np.median, np.nanmedian, lambda x, **k: np.quantile(x, 0.3, **k)):
        x = np.array([3.0, 1.0, 2.0, 5.0])
        before, gradient = x.copy(), fc.grad(fn)(x)
        np.testing.assert_array_equal(fc.grad(lambda x, fn=fn: fn(x, overwrite_input=True))(x), gradient)
        np.testing.assert_array_equal(x, before)


def test_values_are_those_of_the_plain_run_also_with_other_orders_in_memory():
    big = RNG.normal(size=(40, 30))
    big[RNG.random(big.shape) < 0.1] = nan
    functions = [
        lambda x: np.nansum(x, axis=0), lambda x: np.nanprod(x, axis=1), lambda x: np.nanvar(x, 0, ddof=1),
        lambda x: np.nanstd(x, axis=1, dtype=np.float64), lambda x: np.nanmedian(x, axis=1),
        lambda x: np.cov(np.nan_to_num(x)), lambda x: np.cov(np.nan_to_num(x), rowvar=False),
        lambda x: np.corrcoef(np.nan_to_num(x)),
        lambda x: np.cov(np.nan_to_num(x), dtype=np.float32),
        lambda x: np.cov(np.nan_to_num(x), dtype=np.float32, aweights=np.arange(1.0, 1 + x.shape[1])),
        lambda x: np.unique(-0.0 * np.nan_to_num(x), return_index=True), lambda x: np.unique(-0.0 * np.nan_to_num(x)), lambda x: np.gradient(np.nan_to_num(x)),
        lambda x: np.histogram(np.nan_to_num(x), 7, weights=np.nan_to_num(x), density=True),
        lambda x: np.histogram2d(np.nan_to_num(x)[0], np.nan_to_num(x)[1], density=True),
        lambda x: np.interp(np.nan_to_num(x), [-1.0, 0.0, 2.0], [1.0, 3.0, 2.0], period=2.5),
        lambda x: np.unwrap(9 * np.nan_to_num(x), axis=0), lambda x: np.sort_complex(np.nan_to_num(x)),
    ]  # fmt: skip
    for x in (big, np.asfortranarray(big), big[::2, ::3], big.astype(np.float32)):
        for f in functions:
            plain = f(x)
            plain = plain if isinstance(plain, tuple) else (plain,)
            for value in traced(f, x):
                for a, b in zip(value if isinstance(value, tuple) else (value,), plain, strict=True):
                    assert a.dtype == b.dtype
                    assert type(a) is type(b)
                    assert a.tobytes() == b.tobytes()


# --- quantiles


def test_weights_choose_elements_and_carry_no_derivative():
    def f(x, w):
        return np.quantile(x, [0.2, 0.7], weights=w, method="inverted_cdf")

    x, w = np.array([4.0, 1.0, 3.0]), np.array([1.0, 2.0, 3.0])
    by_x, by_w = fc.jacobian(f, (0, 1))(x, w)
    np.testing.assert_array_equal(by_x, [[0, 1, 0], [0, 0, 1]])
    np.testing.assert_array_equal(by_w, np.zeros((2, 3)))


def test_a_quantile_by_its_level_has_the_slope_of_the_line_between_its_neighbours():
    x = np.array([0.0, 1.0, 3.0])

    def slope(q, method):
        return fc.grad(lambda q: np.quantile(x, q, method=method))(q)

    # before the first place and behind the last one it is flat
    found = [slope(q, "hazen") for q in (0.0, 0.1, 1 / 6, 0.3, 0.5, 0.99, 1.0)]
    np.testing.assert_allclose(found, [0, 0, 1.5, 3, 4.5, 0, 0])
    assert all(slope(q, m) == 0 for q in (0.0, 0.3, 0.5) for m in ("nearest", "midpoint", "inverted_cdf"))
    assert fc.grad(lambda q: np.percentile(x, q))(25.0) == pytest.approx(0.02)


def test_second_derivatives_of_a_quantile_agree_at_an_element():
    x, q = np.array([3.0, 0.0, 1.0]), 0.5
    by_level = fc.grad(np.quantile, 1)
    by_elements = fc.grad(np.quantile)
    mixed = [jacobian(by_level)(x, q) for jacobian in (fc.jacfwd, fc.jacrev)]
    mixed += [jacobian(by_elements, 1)(x, q) for jacobian in (fc.jacfwd, fc.jacrev)]
    for found in mixed:
        np.testing.assert_array_equal(found, [1, -1, 0])
    np.testing.assert_array_equal(fc.hessian(np.median)(x), np.zeros((3, 3)))


def test_levels_of_single_precision_have_their_own_places():
    # 10 q is 7 in single precision, and less in double precision
    x, q = np.arange(11.0), np.float32(0.7)
    for fn in (np.quantile, np.nanquantile):
        gradient = fc.grad(lambda x, fn=fn: fn(x, q, method="lower"))(x)
        assert fn(x, q, method="lower") == np.argmax(gradient) == 7


def test_levels_may_be_a_list_of_traced_values():
    jacobian = fc.jacobian(lambda q: np.nanquantile(q * np.arange(3.0), [q[0], 0.5]))(
        np.array([0.3, 1.0, 2.0])
    )
    check_grads(lambda q: np.nanquantile(q * np.arange(3.0), [q[0], 0.4]), (np.array([0.3, 1.0, 2.0]),))
    assert jacobian.shape == (2, 3)


def test_levels_of_several_axes_without_nan_are_refused():
    with pytest.raises(UnsupportedArgumentError, match=r"np\.ravel"):
        fc.jacobian(lambda x: np.nanquantile(x, [[0.1, 0.2]]))(V)
    assert fc.jacobian(lambda x: np.quantile(x, [[0.1, 0.2]]))(V).shape == (1, 2, 4)


# --- sets


def test_equal_elements_of_one_or_two_arrays_share():
    x, y = np.array([3.0, 1.0, 3.0]), np.array([3.0, 5.0])
    third = 1 / 3
    rows = {
        np.union1d: ([[0, 1, 0], [third, 0, third], [0, 0, 0]], [[0, 0], [third, 0], [0, 1]]),
        np.intersect1d: ([[third, 0, third]], [[third, 0]]),
        np.setdiff1d: ([[0, 1, 0]], [[0, 0]]),
        np.setxor1d: ([[0, 1, 0], [0, 0, 0]], [[0, 0], [0, 1]]),
    }
    for fn, wanted in rows.items():
        for jacobian in (fc.jacfwd, fc.jacrev):
            for found, w in zip(jacobian(fn, (0, 1))(x, y), wanted, strict=True):
                np.testing.assert_allclose(found, w)


def test_places_and_counts_of_unique_are_plain():
    x = np.array([3.0, 1.0, 3.0])
    seen = []

    def f(x):
        seen.append(np.unique_all(x))
        values, _, inverse, counts = seen[-1]
        return np.sum(values[inverse] * counts[inverse])

    np.testing.assert_allclose(fc.grad(f)(x), [2, 1, 2])
    assert type(seen[0]) is type(np.unique_all(x))
    for k in (1, 2, 3):
        np.testing.assert_array_equal(seen[0][k], np.unique_all(x)[k])
    common = []
    fc.vjp(lambda x: common.append(np.intersect1d(x, [3.0], return_indices=True)[1:]) or x, x)
    np.testing.assert_array_equal(common[0], [[0], [0]])


def test_equal_rows_share():
    x = np.array([[1.0, 2.0], [0.0, 3.0], [1.0, 2.0]])
    found = fc.jacobian(lambda x: np.unique(x, axis=0))(x)
    np.testing.assert_array_equal(found[1, 0], [[0.5, 0], [0, 0], [0.5, 0]])


def test_zeros_are_trimmed_by_value():
    x = np.array([0.0, 1.0, 0.0, 2.0, 0.0])
    np.testing.assert_array_equal(fc.jacobian(np.trim_zeros)(x), np.eye(5)[1:4])
    np.testing.assert_array_equal(fc.jacobian(lambda x: np.trim_zeros(x, "b"))(x), np.eye(5)[:4])
    assert fc.jacobian(np.trim_zeros)(np.zeros(2)).shape == (0, 2)
    both = np.zeros((3, 3))
    both[1, 1] = 1.0
    assert fc.jacobian(lambda x: np.trim_zeros(x, axis=1))(both).shape == (3, 1, 3, 3)


# --- interpolation and samples


def test_the_slope_at_an_end_where_the_function_jumps_is_that_of_the_side_of_the_value():
    def slopes(left, right):
        f = fc.grad(lambda x: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 3.0], left, right))
        return [f(x) for x in (-1.0, 0.0, 0.5, 1.0, 2.0, 3.0)]

    assert slopes(None, None) == [0, 0.5, 1, 1.5, 1, 0]
    assert slopes(0.0, 3.0) == [0, 0.5, 1, 1.5, 1, 0]
    assert slopes(-1.0, 4.0) == [0, 1, 1, 1.5, 2, 0]
    # a node that stands twice: a jump, but for equal values
    assert fc.grad(lambda x: np.interp(x, [0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 3.0, 7.0]))(1.0) == 4
    assert fc.grad(lambda x: np.interp(x, [0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 1.0, 4.0]))(1.0) == 2


def test_samples_of_unsigned_integers_do_not_wrap_around():
    values, places = np.array([3, 1, 2], np.uint8), np.array([2, 1, 0], np.uint8)
    assert fc.grad(lambda x: np.interp(x, [0, 1, 2], values))(0.5) == -2
    np.testing.assert_allclose(
        fc.jacobian(lambda f: np.gradient(f, places))(np.zeros(3)), [[1, -1, 0], [0.5, 0, -0.5], [0, 1, -1]]
    )
    check_grads(lambda x: np.gradient(values, x), (np.array([0.0, 1.0, 3.0]),))


def test_interpolation_by_a_period_that_is_differentiated():
    check_grads(lambda x, p: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 3.0], period=p), (V, 4.3), order=2)


def test_ends_alone_are_refused_by_name():
    with pytest.raises(ConversionError):
        fc.grad(lambda left: np.interp(-1.0, [0.0, 1.0], [0.0, 1.0], left=left))(2.0)


def test_even_coordinates_have_the_derivative_of_uneven_ones():
    # there NumPy takes another way, along which all but one of the coordinates would get none
    f, x = np.array([0.0, 1.0, 4.0, 9.0]), np.arange(4.0)
    near = x + 1e-9 * np.array([0.0, 1.0, -1.0, 2.0])
    for edge_order in (1, 2):
        jacobian = fc.jacobian(lambda x, e=edge_order: np.gradient(f, x, edge_order=e))
        np.testing.assert_allclose(jacobian(x), jacobian(near), atol=1e-6)


def test_a_phase_has_derivative_one_also_where_it_jumps():
    phase = np.array([0.0, np.pi, 2 * np.pi, 9.0, -9.0])
    np.testing.assert_array_equal(fc.jacobian(np.unwrap)(phase), np.eye(5))
    jumps = fc.jacobian(lambda p: np.unwrap(phase + 0 * p, period=p))(6.0)
    np.testing.assert_array_equal(jumps, np.rint((np.unwrap(phase, period=6.0) - phase) / 6.0))


# --- covariances and histograms


def test_correlations_of_one_have_second_derivatives():
    y = np.array([1.0, 2.0, 4.0])

    def unclipped(x):
        a, b = x - np.mean(x), y - np.mean(y)
        return np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))

    found = fc.hessian(lambda x: np.corrcoef(x, y)[0, 1])(3 * y)
    np.testing.assert_allclose(found, fc.hessian(unclipped)(3 * y), atol=1e-12)


def test_tangents_of_correlations_are_not_clipped():
    direction = 100.0 * V
    tangent = fc.jvp(lambda x: np.corrcoef(x, X[0])[0, 1], (X[1],), (direction,))[1]
    assert abs(tangent) > 1
    gradient = fc.grad(lambda x: np.corrcoef(x, X[0])[0, 1])(X[1])
    assert tangent == pytest.approx(gradient @ direction)


def test_frequencies_have_no_derivative():
    with pytest.raises(UnsupportedArgumentError, match="aweights"):
        fc.jacobian(lambda w: np.cov(X[:, :3], fweights=w))(np.ones(3))


def test_counts_are_constant_and_weights_are_added_up():
    w = np.arange(1.0, 5.0)
    x = np.array([0.1, 0.5, 1.0, 1.5])
    found = fc.jacobian(lambda w: np.histogram(x, [0.0, 0.5, 1.0], weights=w)[0])(w)
    np.testing.assert_array_equal(found, [[1, 0, 0, 0], [0, 1, 1, 0]])
    seen = []
    fc.vjp(lambda x: seen.extend(np.histogram2d(x, x, 2)) or x, x)
    assert type(seen[0]) is np.ndarray
    np.testing.assert_array_equal(seen[0], np.histogram2d(x, x, 2)[0])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.median(x, out=np.zeros(())),
        lambda x: np.quantile(x, 0.5, out=np.zeros(())),
        lambda x: np.nansum(x, out=np.zeros(())),
        lambda x: np.nanmean(x, out=np.zeros(())),
        lambda x: np.nanvar(x, out=np.zeros(())),
        lambda x: np.nanmax(x, out=np.zeros(())),
        lambda x: np.cumsum(x, out=np.zeros(4)),
    ],
)
def test_out_is_refused(f):
    with pytest.raises(UnsupportedArgumentError, match="leave it out"):
        fc.jacobian(f)(V)


@pytest.mark.parametrize("fn", [np.diff, np.trapezoid, np.average, np.median, np.unwrap, np.gradient])
def test_an_axis_out_of_bounds_is_that_error(fn):
    for axis in (2, -3):
        with pytest.raises(np.exceptions.AxisError):
            fc.jacobian(lambda x, axis=axis: fn(x, axis=axis))(X)
