"""`funcad.scipy.ndimage`: registration by gradients, transposes at the borders, and SciPy's values to the bit."""

import numpy as np
import pytest
import scipy.ndimage

import funcad as fc
from funcad.errors import BatchError, FuncadError
from funcad.scipy import ndimage
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
IMAGE = RNG.normal(size=(7, 9))
LINE = RNG.normal(size=8)
MODES = ["reflect", "constant", "nearest", "mirror", "wrap", "grid-mirror", "grid-constant", "grid-wrap"]


def blobs(row, column):
    r, c = np.mgrid[:16, :18]
    return np.exp(-((r - row) ** 2 + (c - column) ** 2) / 9.0) + 0.5 * np.exp(-((r - 5) ** 2 + c**2) / 20.0)


# --- programs


def test_an_image_is_registered_by_the_gradient_of_a_shift():
    fixed, moved = blobs(8.0, 9.0), scipy.ndimage.shift(blobs(8.0, 9.0), (1.3, -0.7), mode="nearest")

    def residual(s):
        return (ndimage.shift(fixed, s, mode="nearest") - moved).ravel()

    s = np.zeros(2)
    for _ in range(8):
        jacobian = fc.jacfwd(residual)(s)
        s = s - np.linalg.lstsq(jacobian, residual(s), rcond=None)[0]
    np.testing.assert_allclose(s, (1.3, -0.7), atol=1e-10)


def test_an_affine_map_is_found_by_its_gradient():
    fixed = blobs(8.0, 9.0)
    wanted = np.array([[1.05, 0.04, -0.6], [-0.03, 0.97, 0.4]])
    target = scipy.ndimage.affine_transform(fixed, wanted, mode="mirror")

    def residual(matrix):
        y = ndimage.affine_transform(fixed, matrix[:, :2], matrix[:, 2], mode="mirror")
        return (y - target).ravel()

    matrix = np.eye(2, 3)
    for _ in range(15):
        jacobian = fc.jacobian(residual)(matrix).reshape(-1, 6)
        matrix = matrix - np.linalg.lstsq(jacobian, residual(matrix), rcond=None)[0].reshape(2, 3)
    np.testing.assert_allclose(matrix, wanted, atol=1e-9)


def test_the_width_of_a_blur_is_calibrated():
    sharp = RNG.normal(size=(12, 12))
    blurred = scipy.ndimage.gaussian_filter(sharp, 1.3)

    def residual(sigma):
        return (ndimage.gaussian_filter(sharp, sigma, radius=5) - blurred).ravel()

    sigma = 1.1
    for _ in range(10):
        slope = fc.jacfwd(residual)(sigma)
        sigma = sigma - slope @ residual(sigma) / (slope @ slope)
    assert abs(sigma - 1.3) < 1e-12


def test_a_kernel_is_learnt_from_an_image_and_its_filtered_copy():
    kernel = RNG.normal(size=(3, 2))
    target = scipy.ndimage.convolve(IMAGE, kernel, mode="wrap")
    # the loss is quadratic: one step of Newton's method
    loss = lambda k: np.sum((ndimage.convolve(IMAGE, k, mode="wrap") - target) ** 2)
    start = np.zeros((3, 2))
    step = np.linalg.solve(fc.hessian(loss)(start).reshape(6, 6), fc.grad(loss)(start).ravel())
    np.testing.assert_allclose(start - step.reshape(3, 2), kernel, rtol=1e-10)


# --- values and derivatives

CALLS = {
    "convolve": (IMAGE, RNG.normal(size=(3, 4))),
    "correlate": (IMAGE, RNG.normal(size=(2, 3))),
    "convolve1d": (IMAGE, RNG.normal(size=4)),
    "correlate1d": (IMAGE, RNG.normal(size=5)),
    "uniform_filter": (IMAGE, 4),
    "uniform_filter1d": (IMAGE, 3),
    "gaussian_filter": (IMAGE, 1.2),
    "gaussian_filter1d": (IMAGE, 0.8, 0, 2),
    "gaussian_laplace": (IMAGE, (1.1, 0.9)),
    "gaussian_gradient_magnitude": (IMAGE, 1.1),
    "laplace": (IMAGE,),
    "prewitt": (IMAGE, 0),
    "sobel": (IMAGE,),
    "spline_filter": (IMAGE,),
    "spline_filter1d": (IMAGE, 4),
    "zoom": (IMAGE, (1.7, 0.6)),
    "shift": (IMAGE, (0.3, -1.2)),
    "affine_transform": (IMAGE, np.array([[0.9, 0.1], [-0.2, 1.1]]), (0.5, 1.0)),
    "rotate": (IMAGE, 20.0),
    "map_coordinates": (IMAGE, RNG.uniform(-3, 12, size=(2, 11))),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("mode", MODES)
def test_values_are_scipys_own_to_the_bit(name, mode):
    args = CALLS[name]
    own, twin = getattr(scipy.ndimage, name), getattr(ndimage, name)
    for image in (args[0], args[0].astype(np.float32)):
        wanted = own(image, *args[1:], mode=mode)
        plain = twin(image, *args[1:], mode=mode)
        traced, _ = fc.jvp(lambda x: twin(x, *args[1:], mode=mode), (image,), (image,))
        for value in (plain, traced):
            np.testing.assert_array_equal(value, wanted, strict=True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("origin", [-2, 0, 1])
@pytest.mark.parametrize("size", [6, 7])
def test_the_transpose_of_a_correlation_folds_the_borders_back(mode, origin, size):
    # longer than the image, so that it is reflected several times
    x, weights = RNG.normal(size=3), RNG.normal(size=size)
    columns = [scipy.ndimage.correlate1d(e, weights, mode=mode, origin=origin) for e in np.eye(3)]
    pulled = fc.jacrev(lambda x: ndimage.correlate1d(x, weights, mode=mode, origin=origin))(x)
    np.testing.assert_allclose(pulled, np.transpose(columns), rtol=1e-13)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_the_transpose_of_the_spline_filter(mode, order):
    for n in (1, 2, 3, 6):
        columns = [scipy.ndimage.spline_filter1d(e, order, mode=mode) for e in np.eye(n)]
        pulled = fc.jacrev(lambda x: ndimage.spline_filter1d(x, order, mode=mode))(np.ones(n))
        np.testing.assert_allclose(pulled, np.transpose(columns), atol=1e-14)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_reading_anywhere_inside_and_outside(mode, order):
    at = np.array([[-6.3, -1.6, -0.2, 0.4, 2.7, 3.8, 9.2], [4.4, 0.3, 1.6, 2.2, 5.7, -0.3, -8.8]])
    image = RNG.normal(size=(4, 5))
    check_grads(lambda x, at: ndimage.map_coordinates(x, at, order=order, mode=mode, cval=0.3), (image, at))


READINGS = {
    **{f"rotate by {a}": lambda x, a=a, **k: ndimage.rotate(x, a, **k) for a in (0, 45, 90, 270, 60.0)},
    **{f"zoom by {z}": lambda x, z=z, **k: ndimage.zoom(x, z, **k) for z in (2, 0.5, (7 / 3, 1 / 3))},
    **{f"shift by {s}": lambda x, s=s, **k: ndimage.shift(x, s, **k) for s in (0, 1, 0.5, (-0.5, 1 / 3))},
    "mirrored": lambda x, **k: ndimage.affine_transform(x, np.array([[-1.0, 0, 5], [0, 1, 0.5]]), **k),
    "halved": lambda x, **k: ndimage.affine_transform(x, np.array([0.5, 1 / 3]), **k),
}


@pytest.mark.parametrize("name", READINGS)
@pytest.mark.parametrize("mode", MODES)
def test_halfway_and_at_the_borders_the_derivative_is_that_of_the_elements_that_were_read(name, mode):
    # linear in the image: the tangent along the image is the value; one wrong element would be seen
    for order in range(4):
        read = lambda x: READINGS[name](x, mode=mode, order=order)
        for image in (IMAGE[:6, :6], IMAGE[:5, :3]):
            value, tangent = fc.jvp(read, (image,), (image,))
            np.testing.assert_allclose(tangent, value, atol=1e-11)


def test_at_a_kink_the_slope_is_the_mean_of_both_sides_and_at_the_end_that_inside():
    line = np.array([0.0, 1.0, 3.0, 9.0])
    slope = lambda mode: fc.jacfwd(lambda s: ndimage.shift(line, s, order=1, mode=mode))(0.0)
    np.testing.assert_array_equal(slope("constant"), [-1.0, -1.5, -4.0, -6.0])
    np.testing.assert_array_equal(slope("nearest"), [-0.5, -1.5, -4.0, -3.0])
    np.testing.assert_array_equal(slope("mirror"), [0.0, -1.5, -4.0, 0.0])


def test_the_angle_of_a_rotation():
    check_grads(lambda a: ndimage.rotate(IMAGE, a, reshape=False, order=3, mode="reflect"), (17.0,))


def test_gradients_where_the_image_is_flat():
    flat = np.ones((4, 4))
    loss = lambda x: np.sum(ndimage.gaussian_gradient_magnitude(x, 1.0))
    np.testing.assert_array_equal(fc.grad(loss)(flat), np.zeros((4, 4)))


# --- filters that choose, and regions

FOOTPRINT = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)
HEIGHTS = np.array([[0.0, 0.3], [0.1, 0.02]])
CHOICES = {
    "minimum_filter": ((), {"size": (2, 3)}),
    "maximum_filter": ((), {"footprint": FOOTPRINT, "origin": (1, -1)}),
    "median_filter": ((), {"size": 3}),
    "rank_filter": ((2,), {"footprint": FOOTPRINT}),
    "percentile_filter": ((-30,), {"size": 4}),
    "minimum_filter1d": ((3,), {"axis": 0}),
    "maximum_filter1d": ((4,), {"origin": 1}),
    "grey_erosion": ((), {"structure": HEIGHTS}),
    "grey_dilation": ((), {"structure": HEIGHTS, "origin": (0, -1)}),
    "grey_opening": ((), {"size": (3, 2)}),
    "grey_closing": ((), {"footprint": FOOTPRINT}),
    "morphological_gradient": ((), {"size": 3}),
    "morphological_laplace": ((), {"structure": HEIGHTS}),
    "white_tophat": ((), {"size": 3}),
    "black_tophat": ((), {"size": 2}),
}


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("mode", ["reflect", "constant", "nearest", "mirror", "wrap"])
def test_filters_that_choose(name, mode):
    args, kwargs = CHOICES[name]
    own, twin = getattr(scipy.ndimage, name), getattr(ndimage, name)
    wanted = own(IMAGE, *args, mode=mode, **kwargs)
    value, tangent = fc.jvp(lambda x: twin(x, *args, mode=mode, **kwargs), (IMAGE,), (IMAGE,))
    np.testing.assert_array_equal(value, wanted)
    if mode != "constant" and "structure" not in kwargs:
        # homogeneous: the chosen elements themselves
        np.testing.assert_allclose(tangent, wanted, rtol=1e-14, atol=1e-14)
    check_grads(lambda x: twin(x, *args, mode=mode, **kwargs), (IMAGE,), order=1)


def test_equal_elements_share_the_derivative_of_the_maximum():
    line = np.array([1.0, 3.0, 3.0, 0.0])
    jacobian = fc.jacobian(lambda x: ndimage.maximum_filter(x, 3))(line)
    np.testing.assert_array_equal(jacobian[1], [0.0, 0.5, 0.5, 0.0])
    assert fc.grad(ndimage.maximum)(line)[1] == 0.5


def test_the_largest_spot_is_followed():
    # labels of a traced image are constants; its centre is not
    image = blobs(8.2, 9.4)

    def centre(x):
        labels, count = ndimage.label(x > 0.3)
        sizes = ndimage.sum_labels(np.ones_like(x), labels, np.arange(1, count + 1))
        return np.stack(ndimage.center_of_mass(x, labels, int(np.argmax(sizes)) + 1))

    np.testing.assert_array_equal(fc.jvp(centre, (image,), (image,))[0], centre(image))
    check_grads(centre, (image,), order=1)


@pytest.mark.parametrize(
    "name", ["sum", "sum_labels", "mean", "variance", "standard_deviation", "minimum", "maximum", "median"]
)
def test_statistics_of_regions(name):
    labels = np.tile([1, 1, 0, 2, 2, 0, 3, 3, 3], (7, 1))
    own, twin = getattr(scipy.ndimage, name), getattr(ndimage, name)
    for args in ((), (labels,), (labels, 2), (100 * labels, [300, 100, 100])):
        value, _ = fc.jvp(lambda x: twin(x, *args), (IMAGE,), (IMAGE,))
        np.testing.assert_array_equal(value, own(IMAGE, *args))
        check_grads(lambda x: twin(x, *args), (IMAGE,))
    least, most, first, last = fc.jvp(ndimage.extrema, (IMAGE,), (IMAGE,))[0]
    assert (least, most, first, last) == scipy.ndimage.extrema(IMAGE)
    centres = ndimage.center_of_mass(IMAGE, labels, [3, 1])
    moved = fc.jvp(lambda x: ndimage.center_of_mass(x, labels, [3, 1]), (IMAGE,), (IMAGE,))
    assert moved[0] == centres
    np.testing.assert_allclose(moved[1], 0.0, atol=1e-12)  # of degree 0


# --- what is refused


@pytest.mark.parametrize(
    ("f", "named"),
    [
        (lambda x: ndimage.laplace(x, output=np.empty((7, 9))), "array as output"),
        (lambda x: ndimage.correlate1d(np.arange(4), x[0, :3]), "output=float"),
        (lambda x: ndimage.zoom(x, x[0, 0]), "affine_transform"),
        (lambda x: ndimage.generic_filter(x, np.sum, 3), "sliding_window_view"),
        (lambda x: ndimage.geometric_transform(x, lambda at: at), "map_coordinates"),
        (lambda x: ndimage.fourier_gaussian(IMAGE, x[0, 0]), "sigma"),
        (lambda x: scipy.ndimage.sobel(x), "from funcad.scipy import ndimage"),
    ],
)
def test_what_is_not_supported_is_a_named_error(f, named):
    with pytest.raises(FuncadError, match=named):
        fc.jacobian(f)(IMAGE)


def test_filters_of_different_lengths_in_a_batch():
    blur = lambda sigma: ndimage.gaussian_filter1d(LINE, sigma)
    with pytest.raises(BatchError, match="radius="):
        fc.vmap(blur)(np.array([0.5, 2.0]))
    by_radius = fc.vmap(lambda sigma: ndimage.gaussian_filter1d(LINE, sigma, radius=4))(np.array([0.5, 2.0]))
    np.testing.assert_allclose(by_radius[1], scipy.ndimage.gaussian_filter1d(LINE, 2.0, radius=4), rtol=1e-14)


def test_the_other_functions_of_the_namespace_are_scipys():
    assert ndimage.generate_binary_structure is scipy.ndimage.generate_binary_structure
