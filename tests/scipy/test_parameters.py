"""Derivatives of special functions in their parameters, to second order, against a table made with 60 digits.

The table is written by make_parameter_reference.py, which has the functions in mpmath and the points: shapes from
1e-3 to 1e4, and numbers from far in the lower to far in the upper tail.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import scipy.special as special

import funcad as fc
from funcad.errors import NoRuleError, UndefinedDerivativeError

TABLE = json.loads((Path(__file__).parent / "parameter_reference.json").read_text())


def unit(n, i, like):
    """Return tangents of n arguments, ones for one of them."""
    return tuple(np.full_like(like, float(i == j)) for j in range(n))


@pytest.mark.parametrize("name", TABLE)
def test_first_and_second_derivatives_agree_with_60_digits(name):
    f = getattr(special, name)
    points, first, second = (np.array(column).T for column in zip(*TABLE[name], strict=True))
    n, k = len(points), 0
    for i in range(n):
        t = unit(n, i, points[0])
        got = fc.jvp(f, tuple(points), t)[1]
        np.testing.assert_allclose(got, first[i], rtol=1e-9, atol=1e-300, err_msg=f"argument {i}")
        for j in range(i, n):
            along = fc.jvp(lambda *x, t=t: fc.jvp(f, x, t)[1], tuple(points), unit(n, j, points[0]))[1]
            # relative to what it is a sum of where that cancels: a derivative over its argument
            scale = np.abs(first[i] / points[j])
            error = np.abs(along - second[k]) / np.maximum(np.abs(second[k]), 1e-2 * scale)
            assert np.max(error) < 1e-9, (i, j, points[:, np.argmax(error)])
            k += 1


INVERSES = [
    (special.gammaincinv, special.gammainc, [(0.03, 0.9), (1.0, 1e-8), (3.3, 0.4), (300.0, 0.99)], 1),
    (special.gammainccinv, special.gammaincc, [(0.03, 0.1), (1.0, 1e-30), (3.3, 0.4), (300.0, 1e-9)], 1),
    (special.betaincinv, special.betainc, [(0.5, 3.3, 1e-9), (2.0, 0.5, 0.7), (40.0, 300.0, 0.2)], 2),
    (special.betainccinv, special.betaincc, [(0.5, 3.3, 1e-9), (2.0, 0.5, 0.7), (40.0, 300.0, 0.2)], 2),
    (special.stdtrit, special.stdtr, [(0.5, 0.2), (3.3, 1e-9), (300.0, 0.8)], 1),
    (special.fdtri, special.fdtr, [(3.0, 5.0, 0.4), (300.0, 0.7, 0.1)], 2),
    (special.chdtri, special.chdtrc, [(3.0, 0.4), (300.0, 1e-12)], 1),
    (special.gdtrix, special.gdtr, [(2.0, 3.0, 0.4), (0.3, 30.0, 1e-5)], 2),
    (special.gdtria, lambda p, b, x: special.gdtr(p, b, x), [(0.4, 3.0, 2.0)], 0),
    (special.gdtrib, lambda a, p, x: special.gdtr(a, p, x), [(0.4, 0.3, 2.0)], 1),
    (special.btdtria, lambda p, b, x: special.betainc(p, b, x), [(0.4, 3.0, 0.2)], 0),
    (special.btdtrib, lambda a, p, x: special.betainc(a, p, x), [(0.4, 0.3, 0.2)], 1),
    (special.chdtriv, lambda p, x: special.chdtr(p, x), [(0.3, 2.0)], 0),
    (special.stdtridf, lambda p, t: special.stdtr(p, t), [(0.2, -1.2)], 0),
    (special.pdtrik, lambda p, m: special.gammaincc(p + 1, m), [(0.3, 4.0)], 0),
]


@pytest.mark.parametrize(
    ("inverse", "f", "points", "place"), INVERSES, ids=lambda v: getattr(v, "__name__", "")
)
def test_an_inverse_function_moves_so_that_the_probability_stays(inverse, f, points, place):
    def there_and_back(*args):
        return f(*args[:place], inverse(*args), *args[place + 1 :])

    for point in points:
        # the identity in the place of the inverse function, to second order
        p = point[place]
        first = [fc.grad(there_and_back, i)(*point) for i in range(len(point))]
        np.testing.assert_allclose(first[place], 1.0, rtol=1e-9)
        second = [
            fc.grad(fc.grad(there_and_back, i), j)(*point)
            for i in range(len(point))
            for j in range(i, len(point))
        ]
        sizes = [
            abs(fc.grad(f, i)(*point[:place], inverse(*point), *point[place + 1 :]))
            for i in range(len(point))
        ]
        others = [v / s for i, (v, s) in enumerate(zip(first, sizes, strict=True)) if i != place]
        np.testing.assert_allclose(others, 0.0, atol=1e-9)
        np.testing.assert_allclose(second, 0.0, atol=1e-6 / p)


def test_ends_of_the_range():
    # nothing depends on the parameters where the probability is 0 or 1
    for f, point in [
        (special.gammainc, (0.5, 0.0)),
        (special.gammaincc, (0.5, np.inf)),
        (special.fdtr, (0.5, 2.0, 0.0)),
        (special.stdtr, (2.0, -np.inf)),
    ]:
        assert fc.grad(f)(*point) == 0
    for x in (0.0, 1.0):
        assert fc.grad(special.betainc, (0, 1))(0.5, 0.5, x) == (0.0, 0.0)
    assert np.isnan(fc.grad(special.gammainc)(2.0, np.nan))
    assert np.isnan(fc.grad(special.gammainc)(np.nan, 2.0))


def test_a_parameter_at_the_end_of_its_range_is_a_named_error():
    with pytest.raises(UndefinedDerivativeError, match="a parameter at the end of its range"):
        fc.grad(special.gammainc)(0.0, 2.0)


def test_counts_stay_whole_numbers():
    wanted = -12 * 0.3 * 0.7**2
    np.testing.assert_allclose(fc.grad(special.bdtr, 2)(1, 4, 0.3), wanted, rtol=1e-13)
    with pytest.raises(NoRuleError, match="with respect to its argument 'n'"):
        fc.grad(lambda n: special.nbdtr(1.0, n, 0.3))(4.0)
