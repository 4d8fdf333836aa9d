"""`funcad.scipy.interpolate`: curves fitted and calibrated by gradients, kinks, and SciPy's values to the bit."""

import numpy as np
import pytest
import scipy.interpolate
from scipy.sparse.linalg import spsolve

import funcad as fc
from funcad.errors import FuncadError
from funcad.scipy import interpolate
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
X = np.array([0.0, 0.7, 1.9, 3.0, 4.4, 5.0, 6.3])
Y = RNG.normal(size=7)
TWO = RNG.normal(size=(2, 7))
AT = np.array([-0.4, 0.0, 0.3, 1.9, 2.5, 4.9, 6.3, 7.0])
INSIDE = np.array([[0.1, 0.9], [2.2, 5.7]])
SITES = np.random.default_rng(5).uniform(0, 3, size=(14, 2))
HEIGHTS = np.sin(SITES[:, 0]) * SITES[:, 1]
PLACES = np.array([[1.0, 1.1], [1.9, 1.4], [0.8, 2.1]])

#: per name, what makes an interpolant of values at X
MAKERS = {
    "cubic": lambda m, y: m.CubicSpline(X, y),
    "natural": lambda m, y: m.CubicSpline(X, y, bc_type="natural"),
    "slopes given": lambda m, y: m.CubicSpline(X, y, bc_type=((1, 0.5), (2, -1.0)), extrapolate=True),
    "pchip": lambda m, y: m.PchipInterpolator(X, y),
    "pchip_interpolate": lambda m, y: lambda at: m.pchip_interpolate(X, y, at, der=1),
    "akima": lambda m, y: m.Akima1DInterpolator(X, y, extrapolate=True),
    "makima": lambda m, y: m.Akima1DInterpolator(X, y, method="makima", extrapolate=True),
    "hermite": lambda m, y: m.CubicHermiteSpline(X, y, 0.3 * y),
    "quintic spline": lambda m, y: m.make_interp_spline(X, y, k=5),
    "quadratic spline": lambda m, y: m.make_interp_spline(X, y, k=2),
    "clamped spline": lambda m, y: m.make_interp_spline(X, y, bc_type="clamped"),
    "line": lambda m, y: m.make_interp_spline(X, y, k=1),
    "least squares": lambda m, y: m.make_lsq_spline(X, y, [0.0] * 4 + [3.0] + [6.3] * 4),
    "interp1d": lambda m, y: m.interp1d(X, y, fill_value="extrapolate"),
    "interp1d cubic": lambda m, y: m.interp1d(X, y, "cubic", fill_value="extrapolate"),
    "interp1d quadratic": lambda m, y: m.interp1d(
        X, y, "quadratic", bounds_error=False, fill_value=(1.0, 2.0)
    ),
    "interp1d nearest": lambda m, y: m.interp1d(X, y, "nearest", fill_value="extrapolate"),
    "interp1d previous": lambda m, y: m.interp1d(X, y, "previous", bounds_error=False, fill_value=0.0),
    "interp1d next": lambda m, y: m.interp1d(X, y, "next", bounds_error=False, fill_value=0.0),
    "splev": lambda m, y: lambda at: m.splev(at, m.splrep(X, y)),
}


# --- programs


def test_a_yield_curve_is_calibrated_to_bonds():
    nodes = np.array([0.5, 1.0, 2.0, 5.0, 10.0])
    maturities = [1, 2, 4, 7, 10]
    coupons = [0.02, 0.025, 0.03, 0.03, 0.035]

    def prices(rates):
        curve = interpolate.CubicSpline(nodes, rates, bc_type="natural")
        total = []
        for n, coupon in zip(maturities, coupons, strict=True):
            times = np.arange(1, n + 1)
            discount = np.exp(-curve(times) * times)
            total.append(coupon * np.sum(discount) + discount[-1])
        return np.array(total)

    wanted = np.array([0.015, 0.018, 0.022, 0.027, 0.031])
    market = prices(wanted)
    rates = np.full(5, 0.02)
    for _ in range(6):
        rates = rates - np.linalg.solve(fc.jacobian(prices)(rates), prices(rates) - market)
    np.testing.assert_allclose(rates, wanted, atol=1e-13)
    # the sensitivity of a forward rate, which is a derivative of the curve, to the quoted rates
    forward = lambda r: interpolate.CubicSpline(nodes, r, bc_type="natural")(3.0, 1)
    by_units = [forward(e) for e in np.eye(5)]
    np.testing.assert_allclose(fc.grad(forward)(wanted), by_units, rtol=1e-12)


def test_values_of_a_spline_are_fitted_to_data():
    knots, at = np.linspace(0, 1, 6), RNG.uniform(0, 1, 30)
    data = np.sin(4 * at)
    loss = lambda y: np.sum((interpolate.make_interp_spline(knots, y)(at) - data) ** 2)
    y = -np.linalg.solve(fc.hessian(loss)(np.zeros(6)), fc.grad(loss)(np.zeros(6)))
    matrix = np.stack([scipy.interpolate.make_interp_spline(knots, e)(at) for e in np.eye(6)], axis=1)
    np.testing.assert_allclose(y, np.linalg.lstsq(matrix, data, rcond=None)[0], rtol=1e-9)


def test_where_a_curve_made_outside_is_highest():
    curve = interpolate.PchipInterpolator([0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 2.5, 0.0])
    spline = interpolate.CubicSpline([0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 2.5, 0.0])
    place = 1.7
    for _ in range(8):
        place = place - fc.grad(spline)(place) / fc.grad(fc.grad(spline))(place)
    assert min(abs(spline.derivative().roots() - place)) < 1e-13
    assert fc.grad(curve)(2.0) == 0.0  # the highest of the values


def test_the_interval_in_which_a_path_is_followed():
    # an object of a plain table, read along a traced path on a grid
    table = interpolate.RegularGridInterpolator((np.arange(4.0), np.arange(5.0)), RNG.normal(size=(4, 5)))

    def work(speed):
        times = np.linspace(0.1, 0.9, 7)
        return np.sum(table(np.stack([speed * times, 2 * speed * times], axis=-1)))

    check_grads(work, (1.13,), order=2)


# --- values and derivatives


@pytest.mark.parametrize("name", MAKERS)
def test_values_are_scipys_own_to_the_bit(name):
    make = MAKERS[name]
    wanted = make(scipy.interpolate, Y)(AT)
    plain = make(interpolate, Y)
    by_data, _ = fc.jvp(lambda y: make(interpolate, y)(AT), (Y,), (Y,))
    by_place, _ = fc.jvp(lambda at: plain(at), (AT,), (AT,))
    for value in (plain(AT), by_data, by_place):
        np.testing.assert_array_equal(value, wanted, strict=True)


@pytest.mark.parametrize("name", MAKERS)
def test_derivatives_in_data_and_places(name):
    make = MAKERS[name]
    places = AT[[0, 2, 4, 5, 7]]
    check_grads(lambda y, at: make(interpolate, y)(at), (Y, places))
    batched = fc.vmap(lambda y, at: make(interpolate, y)(at))(
        np.stack([Y, 2 * Y]), np.stack([places, places])
    )
    np.testing.assert_allclose(batched[1], make(scipy.interpolate, 2 * Y)(places), rtol=1e-12)


#: nodes, the places halfway between them, the ends and beyond
EVERYWHERE = np.sort(np.concatenate([X, (X[1:] + X[:-1]) / 2, [-1.0, -1e-9, 6.3 + 1e-9, 8.0]]))
GRID = np.arange(7.0), np.array([0.0, 1.0, 2.5, 3.0, 4.0, 5.0])
CORNERS = np.stack(np.meshgrid(np.arange(0, 6.1, 0.5), np.arange(0, 5.1, 0.25)), axis=-1)
LINEAR_IN_DATA = {
    **{
        f"interp1d {kind}": lambda y, kind=kind: interpolate.interp1d(
            X, y, kind, bounds_error=False, fill_value="extrapolate"
        )(EVERYWHERE)
        for kind in ("linear", "nearest", "nearest-up", "zero", "slinear", "quadratic", "cubic")
    },
    **{
        f"interp1d {kind}": lambda y, kind=kind: interpolate.interp1d(
            X, y, kind, bounds_error=False, fill_value=0.0
        )(EVERYWHERE)
        for kind in ("previous", "next")
    },
    **{
        f"spline of degree {k}, derivative {nu}": lambda y, k=k, nu=nu: interpolate.make_interp_spline(
            X, y, k
        )(EVERYWHERE, nu)
        for k in (0, 1, 2, 3, 5)
        for nu in (0, 1, 2)
        if nu <= k
    },
    **{
        f"splev ext={ext}": lambda y, ext=ext: interpolate.splev(
            EVERYWHERE, interpolate.splrep(X, y), ext=ext
        )
        for ext in (0, 1, 3)
    },
    "cubic, derivative": lambda y: interpolate.CubicSpline(X, y)(EVERYWHERE, 1),
    "line, derivative": lambda y: interpolate.PPoly(np.stack([y[1:] - y[:-1], y[:-1]]), X)(EVERYWHERE, 1),
    **{
        f"grid {method}": lambda y, method=method: interpolate.RegularGridInterpolator(
            GRID, y[:, None] * np.arange(1, 7) ** 2, method
        )(CORNERS)
        for method in ("linear", "nearest", "slinear")
    },
    "surface": lambda y: interpolate.RectBivariateSpline(*GRID, y[:, None] * np.ones(6), kx=1, ky=2)(
        np.arange(-1.0, 8.0, 0.5), np.arange(-1.0, 6.0, 0.5)
    ),
    "triangles": lambda y: interpolate.griddata(SITES, np.tile(y, 2), SITES - 0.01, fill_value=0.0),
}


@pytest.mark.parametrize("name", LINEAR_IN_DATA)
def test_everywhere_the_derivative_is_that_of_the_data_that_was_read(name):
    # linear in the data: the tangent along the data is the value; one wrong node would be seen
    value, tangent = fc.jvp(LINEAR_IN_DATA[name], (Y,), (Y,))
    np.testing.assert_allclose(tangent, value, atol=1e-11)
    np.testing.assert_array_equal(value, LINEAR_IN_DATA[name](Y))


@pytest.mark.parametrize("name", ["cubic", "natural", "slopes given", "pchip", "akima", "makima"])
def test_derivatives_in_the_nodes(name):
    make = {
        "cubic": lambda x: interpolate.CubicSpline(x, Y),
        "natural": lambda x: interpolate.CubicSpline(x, Y, bc_type="natural"),
        "slopes given": lambda x: interpolate.CubicSpline(x, Y, bc_type=((1, 0.5), (2, -1.0))),
        "pchip": lambda x: interpolate.PchipInterpolator(x, Y),
        "akima": lambda x: interpolate.Akima1DInterpolator(x, Y),
        "makima": lambda x: interpolate.Akima1DInterpolator(x, Y, method="makima"),
    }[name]
    check_grads(lambda x: make(x)(INSIDE), (X,))


def test_a_periodic_spline():
    for make in (
        lambda m, y: m.CubicSpline(X, np.concatenate([y, y[:1]]), bc_type="periodic"),
        lambda m, y: m.make_interp_spline(X, np.concatenate([y, y[:1]]), k=3, bc_type="periodic"),
        lambda m, y: m.make_interp_spline(X, np.concatenate([y, y[:1]]), k=4, bc_type="periodic"),
    ):
        value, _ = fc.jvp(lambda y: make(interpolate, y)(INSIDE), (Y[:-1],), (Y[:-1],))
        np.testing.assert_array_equal(value, make(scipy.interpolate, Y[:-1])(INSIDE))
        check_grads(lambda y, at: make(interpolate, y)(at), (Y[:-1], INSIDE))


@pytest.mark.parametrize("make", ["CubicSpline", "PchipInterpolator", "make_interp_spline"])
def test_axes_and_orders(make):
    own, twin = getattr(scipy.interpolate, make), getattr(interpolate, make)
    for nu in (0, 1, 2):
        wanted = own(X, TWO, axis=1)(INSIDE, nu)
        value, _ = fc.jvp(lambda y: twin(X, y, axis=1)(INSIDE, nu), (TWO,), (TWO,))
        np.testing.assert_array_equal(value, wanted)
        check_grads(lambda y, at: twin(X, y, axis=1)(at, nu), (TWO, INSIDE))


@pytest.mark.parametrize("make", ["CubicSpline", "PchipInterpolator", "make_interp_spline"])
def test_derivatives_integrals_and_their_objects(make):
    own, twin = getattr(scipy.interpolate, make), getattr(interpolate, make)
    for get in (
        lambda f, a: f.derivative()(a),
        lambda f, a: f.antiderivative()(a),
        lambda f, a: f.antiderivative(2)(a),
        lambda f, a: f.derivative(2)(a),
        lambda f, a: f.integrate(a, 5.5),
        lambda f, a: f.integrate(5.0, a, extrapolate="periodic"),
    ):
        wanted = get(own(X, Y), 0.9)
        value, _ = fc.jvp(lambda y: get(twin(X, y), 0.9), (Y,), (Y,))
        np.testing.assert_array_equal(value, wanted)
        check_grads(lambda y, a: get(twin(X, y), a), (Y, 0.9))
    # the derivative of an integral of a curve that was made outside is the curve
    curve = twin(X, Y)
    assert fc.grad(lambda b: curve.integrate(0.0, b))(2.2) == pytest.approx(curve(2.2), rel=1e-14)


def test_at_a_node_the_slope_of_a_line_is_the_mean_of_both_sides():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 5.0])
    grid = np.array([[0.0, 1.0], [1.0, 2.0], [5.0, 6.0]])
    for line in (
        interpolate.interp1d(x, y),
        interpolate.make_interp_spline(x, y, k=1),
        interpolate.PPoly(np.array([[1.0, 4.0], [0.0, 1.0]]), x),
        lambda a: interpolate.RegularGridInterpolator((x, [0.0, 1.0]), grid)((a, 0.0)),
    ):
        assert fc.grad(line)(1.0) == 2.5
        assert fc.grad(line)(1.5) == 4.0


def test_at_a_breakpoint_every_order_is_the_mean_of_both_sides():
    c, x = np.array([[2.0, -1.0], [0.5, 1.5], [1.0, 4.0]]), np.array([0.0, 1.0, 3.0])

    def value(c, at):
        return interpolate.PPoly(c, x)(at)

    slope = fc.grad(value, 1)
    np.testing.assert_allclose(slope(c, 1.0), 0.5 * ((2 * 2.0 + 0.5) + 1.5))
    np.testing.assert_allclose(fc.grad(slope, 1)(c, 1.0), 0.5 * (2 * 2.0 + 2 * -1.0))
    # the value is that of the right side, the slope of both
    np.testing.assert_array_equal(fc.grad(value)(c, 1.0), [[0, 0], [0, 0], [0, 1]])
    np.testing.assert_array_equal(fc.grad(slope)(c, 1.0), [[1, 0], [0.5, 0.5], [0, 0]])
    each = fc.vmap(slope, in_axes=(None, 0))(c, np.array([0.5, 1.0, 2.0]))
    np.testing.assert_array_equal(each, [slope(c, at) for at in (0.5, 1.0, 2.0)])


def test_breakpoints_may_fall():
    x = np.array([3.0, 1.5, 1.0, 0.0])
    at = np.array([3.5, 2.0, 1.2, 0.7, -0.5])
    c = RNG.normal(size=(3, 3))
    for extrapolate in (True, False):
        value, _ = fc.jvp(lambda c: interpolate.PPoly(c, x, extrapolate)(at[1:4]), (c,), (c,))
        np.testing.assert_array_equal(value, scipy.interpolate.PPoly(c, x, extrapolate)(at[1:4]))
        check_grads(lambda c, x, at: interpolate.PPoly(c, x, extrapolate)(at), (c, x, at[1:4]))
    check_grads(lambda c, x, at: interpolate.PPoly(c, x)(at), (c, x, at))


@pytest.mark.parametrize("method", ["linear", "nearest", "slinear", "cubic"])
def test_a_grid_in_values_and_points(method):
    axes = np.arange(4.0), np.array([0.0, 1.0, 2.5, 3.0, 5.0])
    values = RNG.normal(size=(4, 5, 2))
    points = np.array([[[0.3, 2.2], [1.4, 0.8]], [[2.8, 2.7], [1.7, 4.4]]])
    make = interpolate.RegularGridInterpolator
    exact = {"solver": spsolve} if method == "cubic" else {}
    wanted = scipy.interpolate.RegularGridInterpolator(axes, values, method, **exact)(points)
    value, _ = fc.jvp(lambda v: make(axes, v, method, **exact)(points), (values,), (values,))
    np.testing.assert_array_equal(value, wanted)
    check_grads(lambda v, p: make(axes, v, method, **exact)(p), (values, points))
    plain = make(axes, values, method, **exact)
    np.testing.assert_array_equal(fc.jvp(plain, (points,), (points,))[0], wanted)
    np.testing.assert_array_equal(plain(points), wanted)
    flat = values[..., 0]
    check_grads(lambda v, p: interpolate.interpn(axes, v, p, method="linear"), (flat, points))


def test_a_surface():
    x, y, z = np.arange(5.0), np.arange(6.0), RNG.normal(size=(5, 6))
    a, b = np.array([0.3, 1.7, 3.2]), np.array([0.4, 2.2, 4.9])
    own = scipy.interpolate.RectBivariateSpline(x, y, z)
    plain = interpolate.RectBivariateSpline(x, y, z)
    for read in (lambda f, a: f(a, b), lambda f, a: f.ev(a, b), lambda f, a: f(a, b, dx=1, grid=False)):
        value, _ = fc.jvp(lambda z: read(interpolate.RectBivariateSpline(x, y, z), a), (z,), (z,))
        np.testing.assert_array_equal(value, read(own, a))
        np.testing.assert_array_equal(read(plain, a), read(own, a))
        check_grads(lambda z, a: read(interpolate.RectBivariateSpline(x, y, z), a), (z, a))
        check_grads(lambda a: read(plain, a), (a,))


def test_objects_of_plain_values_are_scipys():
    spline = interpolate.CubicSpline(X, Y)
    assert isinstance(spline, scipy.interpolate.CubicSpline)
    assert isinstance(spline, interpolate.PPoly)
    assert issubclass(interpolate.PchipInterpolator, interpolate.CubicHermiteSpline)
    assert isinstance(spline.derivative(), interpolate.PPoly)
    np.testing.assert_array_equal(spline.roots(), scipy.interpolate.CubicSpline(X, Y).roots())
    np.testing.assert_array_equal(spline.c, scipy.interpolate.CubicSpline(X, Y).c)
    assert interpolate.KroghInterpolator is scipy.interpolate.KroghInterpolator


# --- what is refused


@pytest.mark.parametrize(
    ("f", "named"),
    [
        (lambda y: interpolate.CubicSpline(X, y).roots(), "stop_gradient"),
        (lambda y: interpolate.make_interp_spline(y, Y), "CubicSpline"),
        (lambda y: interpolate.splrep(X, y, s=1.0), "s=0"),
        (lambda y: interpolate.interp1d(X + y, Y, "cubic")(1.0), "CubicSpline"),
        (lambda y: interpolate.BSpline(y, Y, 1), "stop_gradient"),
        (lambda y: scipy.interpolate.PchipInterpolator(X, y), "from funcad.scipy import interpolate"),
        (lambda y: interpolate.RBFInterpolator(SITES, HEIGHTS, neighbors=5)(y[:2][None]), "neighbors"),
        (lambda y: interpolate.RegularGridInterpolator((X,), y, "pchip")([[1.0]]), "pchip"),
    ],
)
def test_what_is_not_supported_is_a_named_error(f, named):
    with pytest.raises(FuncadError, match=named):
        fc.jvp(f, (0.01 * Y,), (Y,))


# --- scattered data


@pytest.mark.parametrize(
    "kernel", ["linear", "thin_plate_spline", "cubic", "quintic", "gaussian", "multiquadric"]
)
def test_radial_functions(kernel):
    epsilon = 1.3 if kernel in ("gaussian", "multiquadric") else None
    own = scipy.interpolate.RBFInterpolator(SITES, HEIGHTS, kernel=kernel, epsilon=epsilon)(PLACES)
    make = lambda y, d: interpolate.RBFInterpolator(y, d, kernel=kernel, epsilon=epsilon)
    np.testing.assert_array_equal(fc.jvp(lambda d: make(SITES, d)(PLACES), (HEIGHTS,), (HEIGHTS,))[0], own)
    np.testing.assert_array_equal(fc.jvp(make(SITES, HEIGHTS), (PLACES,), (PLACES,))[0], own)
    check_grads(lambda y, d, x: make(y, d)(x), (SITES, HEIGHTS, PLACES))
    # where it is read at a site it is smooth, but for the kernel that is not
    slopes = fc.jacfwd(make(SITES, HEIGHTS))(SITES[:1])[0, :, 0]
    near = fc.jacfwd(make(SITES, HEIGHTS))(SITES[:1] + np.array([[1e-9, 0.0], [-1e-9, 0.0]]))
    np.testing.assert_allclose(slopes[0], (near[0, 0, 0] + near[1, 1, 0]) / 2, rtol=1e-4, atol=1e-6)


def test_the_width_of_a_kernel_is_chosen_by_the_data_left_out():
    def left_out(log_width, smoothing):
        fit = interpolate.RBFInterpolator(
            SITES[3:], HEIGHTS[3:], smoothing=smoothing, kernel="gaussian", epsilon=np.exp(log_width)
        )
        return np.sum((fit(SITES[:3]) - HEIGHTS[:3]) ** 2)

    check_grads(left_out, (-0.2, 0.01))


def test_triangles():
    for method in ("linear", "nearest"):
        read = lambda d, x: interpolate.griddata(SITES, d, x, method)
        own = scipy.interpolate.griddata(SITES, HEIGHTS, PLACES, method)
        np.testing.assert_array_equal(fc.jvp(read, (HEIGHTS, PLACES), (HEIGHTS, PLACES))[0], own)
        np.testing.assert_array_equal(read(HEIGHTS, PLACES), own)
        check_grads(read, (HEIGHTS, PLACES))
    check_grads(lambda y, at: interpolate.griddata(X, y, at), (Y, INSIDE))
    with pytest.raises(FuncadError, match="RBFInterpolator"):
        fc.jvp(lambda d: interpolate.griddata(SITES, d, PLACES, "cubic"), (HEIGHTS,), (HEIGHTS,))
