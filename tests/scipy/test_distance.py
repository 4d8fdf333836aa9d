"""`funcad.scipy.spatial.distance`: SciPy's values, derivatives of all metrics, equal points, programs."""

import inspect

import numpy as np
import pytest
import scipy.spatial.distance

import funcad as fc
from funcad.errors import ConversionError, UnsupportedArgumentError
from funcad.rules.scipy import distance_pairs
from funcad.rules.scipy.distance import METRICS
from funcad.scipy import spatial
from funcad.scipy.spatial import distance
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))
KEYWORDS = {
    "mahalanobis": {"VI": np.eye(3) + 0.2},
    "seuclidean": {"V": np.array([0.5, 1.0, 2.0])},
    "minkowski": {"p": 3},
}


@pytest.mark.parametrize("name", METRICS)
def test_values_are_those_of_scipy(name):
    more = KEYWORDS.get(name, {})
    for fn, args in (("cdist", (X, Y)), ("pdist", (X,))):
        ours, theirs = getattr(distance, fn), getattr(scipy.spatial.distance, fn)
        expected = theirs(*args, name, **more)
        value, _ = fc.jvp(lambda *a: ours(*a, name, **more), args, args)
        np.testing.assert_array_equal(value, expected, strict=True)
        np.testing.assert_array_equal(ours(*args, name, **more), expected, strict=True)
        check_grads(lambda *a: ours(*a, name, **more), args, order=2)


WEIGHED = [name for name, fn in METRICS.items() if "w" in inspect.signature(fn).parameters]


@pytest.mark.parametrize("weights", [None, np.array([0.5, 0.0, 2.0])], ids=["plain", "weighed"])
@pytest.mark.parametrize("name", WEIGHED)
def test_all_pairs_are_those_of_two_vectors_also_where_coordinates_and_distances_are_equal(
    name, weights, monkeypatch
):
    monkeypatch.setattr(distance_pairs, "TOGETHER", 10)  # a few rows at a time
    more = {} if weights is None else {"w": weights}
    x, y = RNG.integers(1, 4, (5, 3)).astype(float), RNG.integers(1, 4, (4, 3)).astype(float)
    x[:, 2], y[:, 2] = RNG.normal(size=5), RNG.normal(size=4)
    g, h = RNG.normal(size=(5, 4)), RNG.normal(size=10)
    metric = getattr(distance, name)

    def one_by_one(x, y):
        return sum(g[i, j] * metric(x[i], y[j], **more) for i in range(5) for j in range(4))

    def pair_by_pair(x):
        return sum(w * metric(x[i], x[j], **more) for w, i, j in zip(h, *np.triu_indices(5, 1), strict=True))

    found = fc.grad(lambda x, y: np.sum(g * distance.cdist(x, y, name, **more)), (0, 1))(x, y)
    for ours, expected in zip(found, fc.grad(one_by_one, (0, 1))(x, y), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-12)
    found = fc.grad(lambda x: np.sum(h * distance.pdist(x, name, **more)))(x)
    np.testing.assert_allclose(found, fc.grad(pair_by_pair)(x), atol=1e-12)


@pytest.mark.parametrize("p", [1, 2, np.inf, 1.5])
def test_distances_of_minkowski_are_those_of_their_exponents(p):
    norm = lambda x, y: np.linalg.norm(x[:, None] - y[None], ord=p, axis=-1)
    for f in (
        lambda x, y: distance.cdist(x, y, "minkowski", p=p),
        lambda x, y: spatial.distance_matrix(x, y, p),
    ):
        found, expected = (fc.grad(lambda x, y, f=f: np.sum(f(x, y) ** 2), (0, 1))(X, Y) for f in (f, norm))
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-12)


def test_a_batch_of_all_pairs_is_that_of_a_loop():
    sets = RNG.normal(size=(3, 5, 2))
    for name in ("cityblock", "chebyshev", "cosine", "euclidean"):
        slope = fc.grad(lambda x, name=name: np.sum(distance.pdist(x, name) ** 2))
        np.testing.assert_allclose(fc.vmap(slope)(sets), [slope(x) for x in sets], rtol=1e-14)


def test_signatures_are_those_of_scipy():
    for name in (*METRICS, "cdist", "pdist", "squareform", "jensenshannon"):
        assert inspect.signature(getattr(distance, name)) == inspect.signature(
            getattr(scipy.spatial.distance, name)
        )


@pytest.mark.parametrize(
    "metric", ["euclidean", "sqeuclidean", "cityblock", "chebyshev", "minkowski", "canberra"]
)
def test_equal_points_have_the_derivative_0(metric):
    same = np.ones((3, 2))
    assert np.all(fc.grad(lambda x: np.sum(distance.pdist(x, metric)))(same) == 0)
    assert np.all(fc.grad(lambda x: np.sum(distance.cdist(x, same, metric)))(same) == 0)
    assert np.all(fc.grad(lambda x: getattr(distance, metric)(x, same[0]))(same[0]) == 0)


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, np.inf])
def test_equal_points_have_the_derivative_0_with_weights(p):
    point, w = np.array([1.0, 2.0]), np.array([0.5, 2.0])
    by_point, by_weights = fc.grad(lambda x, w: distance.minkowski(x, point, p, w), (0, 1))(point, w)
    assert np.all(by_point == 0)
    assert np.all(by_weights == 0)
    assert np.all(fc.grad(lambda x: distance.minkowski(x, point, p, w))(point) == 0)


def test_squares_of_equal_points_have_second_derivatives():
    same = np.ones((2, 1))
    hessian = fc.hessian(lambda x: np.sum(distance.pdist(x, "sqeuclidean")))(same)
    np.testing.assert_array_equal(np.reshape(hessian, (2, 2)), [[2.0, -2.0], [-2.0, 2.0]])
    assert np.all(np.isfinite(fc.hessian(lambda x: np.sum(distance.pdist(x)))(same)))


def test_points_far_from_the_origin_lose_no_digits():
    near = fc.grad(lambda x: np.sum(distance.pdist(x) ** 2))(X)
    far = fc.grad(lambda x: np.sum(distance.pdist(x) ** 2))(X + 1e6)
    np.testing.assert_allclose(far, near, atol=1e-8)


def test_square_forms():
    v = np.arange(1.0, 7.0)
    check_grads(distance.squareform, (v,), order=2)
    check_grads(lambda m: distance.squareform(m, checks=False), (RNG.normal(size=(4, 4)),), order=2)
    value, tangent = fc.jvp(lambda v: distance.squareform(distance.squareform(v)), (v,), (v,))
    np.testing.assert_array_equal(value, v)
    np.testing.assert_array_equal(tangent, v)
    with pytest.raises(ValueError, match="symmetric"):
        fc.jvp(distance.squareform, (np.arange(9.0).reshape(3, 3),), (np.ones((3, 3)),))


def kernel(x, scales, noise):
    """Return the covariance of a Gaussian process with a scale for each coordinate."""
    z = x / scales
    return np.exp(-0.5 * distance.cdist(z, z, "sqeuclidean")) + noise * np.eye(len(x))


def test_length_scales_of_a_gaussian_process():
    y = np.sin(X[:, 0])

    def negative_log_likelihood(scales, noise):
        k = kernel(X, scales, noise)
        return 0.5 * y @ np.linalg.solve(k, y) + 0.5 * np.linalg.slogdet(k)[1]

    check_grads(negative_log_likelihood, (np.array([1.0, 2.0, 0.5]), 0.1), order=2)


def test_stress_of_a_map():
    target = distance.pdist(RNG.normal(size=(6, 3)))
    points = RNG.normal(size=(6, 2))
    stress = lambda p: np.sum((distance.pdist(p) - target) ** 2)
    for _ in range(200):
        points = points - 0.05 * fc.grad(stress)(points)
    assert np.linalg.norm(fc.grad(stress)(points)) < 0.05
    check_grads(stress, (points,), order=2)


def test_of_matrices():
    check_grads(lambda x: spatial.distance_matrix(x, Y), (X,), order=2)
    check_grads(lambda x: spatial.minkowski_distance(x, Y[0], 3), (X,), order=2)


def test_what_cannot_be_differentiated_says_so():
    with pytest.raises(UnsupportedArgumentError, match="metric 'yule'"):
        fc.jvp(lambda x: distance.pdist(x, "yule"), (X,), (X,))
    with pytest.raises(UnsupportedArgumentError, match="argument out"):
        fc.jvp(lambda x: distance.pdist(x, out=np.zeros(10)), (X,), (X,))
    with pytest.raises(ConversionError, match=r"call spatial\.distance\.pdist"):
        fc.jvp(scipy.spatial.distance.pdist, (X,), (X,))
    assert fc.grad(lambda x: x[0] * distance.hamming(x, [1.0, 0.0]))(np.array([1.0, 2.0]))[0] == 0.5
