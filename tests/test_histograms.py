"""np.histogram: the value of the plain run for all keywords, and derivatives of weights and edges."""

import numpy as np
import pytest

import funcad as fc
import funcad.numpy as fnp
from funcad.testing import check_grads

X = np.array([1.3, -0.4, 2.2, 0.7, 0.1])
MANY = np.random.default_rng(1).normal(size=200)
KEYWORDS = {
    "nothing": {},
    "a number of bins": {"bins": 3},
    "a range": {"bins": 3, "range": (0, 2)},
    "an empty range": {"bins": 3, "range": (5, 5)},
    "edges": {"bins": [0.0, 1.0, 2.2]},
    "density": {"bins": 4, "density": True},
    "density with edges": {"bins": [0.0, 1.0, 2.2], "density": True},
}


@pytest.mark.parametrize("name", KEYWORDS)
@pytest.mark.filterwarnings("ignore:invalid value encountered in divide")
def test_the_value_is_that_of_the_plain_run(name):
    keywords = KEYWORDS[name]
    for x in (X, MANY, X.astype(np.float32)):
        for k in (0, 1):
            for f in (
                lambda x, k=k: np.histogram(x, **keywords)[k] * 1.0,
                lambda w, k=k, x=x: np.histogram(x[::-1], weights=w, **keywords)[k],
            ):
                plain, traced = f(x), fc.vjp(f, x)[0]
                assert plain.dtype == traced.dtype
                np.testing.assert_array_equal(plain, traced)


def test_a_weight_counts_in_its_bin_and_the_last_bin_holds_its_end():
    a = np.array([0.0, 1.0, 2.0, 0.5, 2.5, -1.0])
    jacobian = fc.jacobian(lambda w: np.histogram(a, [0.0, 1.0, 2.0], weights=w)[0])(np.ones(6))
    np.testing.assert_array_equal(jacobian, [[1, 0, 0, 1, 0, 0], [0, 1, 1, 0, 0, 0]])


def test_a_density_changes_with_the_width_of_the_bins():
    def tallest(x):
        return np.max(np.histogram(x, 3, density=True)[0])

    check_grads(tallest, (X,))
    assert tallest(2 * X) == pytest.approx(tallest(X) / 2)
    assert fc.grad(tallest)(X) @ X == pytest.approx(-tallest(X))


def test_ranges_and_edges_that_are_traced():
    check_grads(lambda r: fnp.histogram(X, 3, range=(r[0], 3.0), density=True)[0], (np.array([-1.0]),))
    check_grads(lambda e: np.histogram(X, e, density=True)[0], (np.array([-1.0, 0.5, 3.0]),))


def test_histograms_of_a_batch():
    batch = np.stack([X, X[::-1] * 1.1])

    def f(x, w):
        return np.histogram(x, 3, weights=w, density=True)[0]

    np.testing.assert_allclose(fc.vmap(f)(batch, batch**2), [f(x, x**2) for x in batch])
    gradient = fc.grad(lambda x, w: np.sum(f(x, w) ** 2), argnums=1)
    np.testing.assert_allclose(fc.vmap(gradient)(batch, batch**2), [gradient(x, x**2) for x in batch])
