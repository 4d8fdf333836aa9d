"""Programs in the manner of SciPy's own tutorial, with numbers of theirs as parameters that are differentiated."""

import numpy as np
import pytest
import scipy.optimize
import scipy.special

from funcad.scipy import fft, integrate, interpolate, linalg, ndimage, signal, sparse, special, stats
from funcad.scipy.spatial import distance
from funcad.testing import check_grads

RNG = np.random.default_rng(0)


def drum(time, radius):
    """The height of a drum that swings with three nodes, at places along a radius."""
    angles = np.linspace(0.0, 2.0, 5)
    kth_zero = scipy.special.jn_zeros(3, 1)[-1]
    return np.cos(time) * np.cos(3 * angles) * scipy.special.jv(3, radius * kth_zero)


def integral_of_a_bessel_function(order, upper):
    """The integral of J_v(x) from 0 to an upper limit."""
    return integrate.quad(lambda x: special.jv(order, x), 0, upper)[0]


def pendulum(start, friction, gravity):
    """Angles of a pendulum with friction."""

    def motion(y, t, b, c):
        theta, omega = y
        return [omega, -b * omega - c * np.sin(theta)]

    t = np.linspace(0, 4, 9)
    return integrate.odeint(motion, [start, 0.0], t, args=(friction, gravity), rtol=1e-10, atol=1e-10)[:, 0]


def airy_equation(value, slope):
    """w'' = z w as a system of first order, from 0 to 2."""
    solution = integrate.solve_ivp(
        lambda z, y: [y[1], z * y[0]], (0.0, 2.0), [value, slope], rtol=1e-9, atol=1e-9
    )
    return solution.y[0, -1]


def curve_by_least_squares(c1, c2):
    """Coefficients of exp(-x) and x in data that these have made."""
    i = np.arange(1.0, 11.0)
    x = 0.1 * i
    data = c1 * np.exp(-x) + c2 * x + 0.01 * np.sin(9 * i)
    matrix = np.stack([np.exp(-x), x], axis=1)
    solution, residual, _, _ = linalg.lstsq(matrix, data)
    return np.append(solution, residual)


def function_of_a_matrix(a):
    """The matrix exponential, and its logarithm back."""
    return linalg.logm(linalg.expm(a)) @ linalg.expm(-a)


def circle_by_a_spline(heights):
    """A closed curve through points, its length element at 7 places, and an integral of the spline."""
    theta = 2 * np.pi * np.linspace(0, 1, 5)
    y = np.concatenate([heights, heights[:1]])
    spline = interpolate.CubicSpline(theta, y, bc_type="periodic")
    return np.append(
        np.hypot(spline(np.linspace(0, 6, 7)), spline(np.linspace(0, 6, 7), 1)), spline.integrate(0, 3)
    )


def spectrum_of_two_sines(first, second):
    """Squares of the Fourier coefficients of a windowed sum of two sines."""
    x = np.linspace(0.0, 0.5, 60, endpoint=False)
    y = np.sin(first * 2 * np.pi * x) + 0.5 * np.sin(second * 2 * np.pi * x)
    return np.abs(fft.fft(y * signal.windows.blackman(60))[1:12]) ** 2


def noise_through_a_filter(b, noise):
    """A signal filtered forwards and backwards."""
    return signal.filtfilt(b, [1.0, -0.4], np.sin(np.linspace(0, 3, 40)) + noise)


def image_smoothed_and_turned(image, width):
    """An image through a Gaussian, read along a slanted line."""
    line = np.stack([np.linspace(0.5, 3.1, 6), np.linspace(0.7, 3.3, 6)])
    return ndimage.map_coordinates(
        ndimage.gaussian_filter(image, width, radius=3), line, order=3, mode="nearest"
    )


def densities_of_a_sample(sample, width):
    """A density estimate, a t-test, and the skewness of a sample."""
    estimate = stats.gaussian_kde(sample, bw_method=width)
    test = stats.ttest_1samp(sample, 0.3)
    return np.concatenate(
        [estimate(np.linspace(-2, 2, 5)), np.stack([test.statistic, test.pvalue, stats.skew(sample)])]
    )


def fit_of_a_distribution(shape, location, scale):
    """The log-likelihood of a Student t distribution with its tails."""
    x = np.array([-1.2, 0.3, 0.5, 2.7])
    return stats.t.logpdf(x, shape, location, scale) + stats.t(shape, location, scale).logsf(3.0)


def poisson_equation(source):
    """The equation of Poisson on a line, by a sparse matrix."""
    n = len(source)
    laplacian = sparse.diags_array([-2.0, 1.0, 1.0], offsets=[0, -1, 1], shape=(n, n)).tocsc()
    return sparse.linalg.spsolve(laplacian, source)


def kernel_of_points(points):
    """A kernel matrix of points, and its determinant."""
    return linalg.det(np.exp(-distance.cdist(points, points, "sqeuclidean")) + 0.1 * np.eye(len(points)))


PROGRAMS = {
    drum: (0.3, np.linspace(0.1, 0.9, 5)),
    integral_of_a_bessel_function: (2.5, 4.5),
    pendulum: (np.pi - 0.4, 0.25, 5.0),
    airy_equation: (0.355, -0.259),
    curve_by_least_squares: (5.0, 2.0),
    function_of_a_matrix: (np.array([[0.3, 0.2], [-0.1, 0.6]]),),
    circle_by_a_spline: (np.array([0.0, 1.0, 0.1, -1.0]),),
    spectrum_of_two_sines: (10.3, 17.1),
    noise_through_a_filter: (np.array([0.3, 0.2]), 0.1 * RNG.normal(size=40)),
    image_smoothed_and_turned: (RNG.normal(size=(5, 5)), 0.9),
    densities_of_a_sample: (RNG.normal(size=8), 0.6),
    fit_of_a_distribution: (4.0, 0.1, 1.3),
    poisson_equation: (RNG.normal(size=6),),
    kernel_of_points: (RNG.normal(size=(4, 2)),),
    scipy.optimize.rosen: (np.array([1.3, 0.7, 0.8, 1.9, 1.2]),),
}


@pytest.mark.filterwarnings(
    "ignore::funcad.errors.TakenApartWarning"
)  # rosen is unmodified SciPy, by elements
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_a_program_has_its_derivatives(program):
    check_grads(program, PROGRAMS[program], order=1)


@pytest.mark.parametrize(
    "program",
    [
        drum,
        circle_by_a_spline,
        fit_of_a_distribution,
        poisson_equation,
        kernel_of_points,
    ],
    ids=lambda f: f.__name__,
)
def test_and_second_ones(program):
    check_grads(program, PROGRAMS[program], order=2)
