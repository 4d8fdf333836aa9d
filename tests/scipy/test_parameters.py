"""Derivatives of special functions in their parameters, to second order, against a table made with 60 digits.

The table is written by make_parameter_reference.py, which has the functions in mpmath and the points: shapes from
1e-3 to 1e4, and numbers from far in the lower to far in the upper tail.
"""

import json
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
import scipy.special as special

import funcad as fc
from funcad.errors import NoRuleError, UndefinedDerivativeError, UnsupportedArgumentError

TABLE = json.loads((Path(__file__).parent / "parameter_reference.json").read_text())


def unit(n, i, like):
    """Return tangents of n arguments, ones for one of them."""
    return tuple(np.full_like(like, float(i == j)) for j in range(n))


@pytest.mark.parametrize("name", TABLE)
def test_first_and_second_derivatives_agree_with_60_digits(name):
    f = getattr(special, name)
    points, first, second = (np.array(column).T for column in zip(*TABLE[name], strict=True))
    n, k = len(points), 0
    for i in range(n - 1):
        t = unit(n, i, points[0])
        got = fc.jvp(f, tuple(points), t)[1]
        np.testing.assert_allclose(got, first[i], rtol=1e-9, atol=1e-300, err_msg=f"argument {i}")
        for j in range(i, n):
            along = fc.jvp(lambda *x, t=t: fc.jvp(f, x, t)[1], tuple(points), unit(n, j, points[0]))[1]
            # relative to what it is a sum of where that cancels: a derivative over its argument
            scale = 1e-2 * np.abs(first[i] / np.where(points[j] == 0, 1.0, points[j])) + 1e-300
            error = np.abs(along - second[k]) / np.maximum(np.abs(second[k]), scale)
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


@pytest.mark.parametrize(
    ("f", "reference", "point"),
    [
        (special.gammainc, lambda a, x: mp.gammainc(a, 0, x, regularized=True), (2.5, 1.3)),
        (special.jv, mp.besselj, (2.5, 7.0)),
        (special.yv, mp.bessely, (2.5, 1.3)),
        (special.kv, mp.besselk, (0.4, 1.3)),
        (special.iv, mp.besseli, (2.5, 7.0)),
    ],
)
def test_third_and_fourth_derivatives(f, reference, point):
    a, x = point
    third = fc.grad(fc.grad(fc.grad(f)))
    with mp.workdps(60):
        wanted = [float(mp.diff(lambda v: reference(v, mp.mpf(x)), mp.mpf(a), n)) for n in (3, 4)]
    got = [third(a, x), fc.grad(third)(a, x)]
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12)


def test_bessel_functions_at_known_orders():
    # DLMF 10.15.3 and 10.38.4: by the order at 0
    x = np.array([1e-3, 0.7, 30.0, 900.0])
    zero = np.zeros_like(x)
    np.testing.assert_allclose(
        fc.grad(lambda v: np.sum(special.jv(v, x)))(zero), np.pi / 2 * special.y0(x), rtol=1e-11
    )
    np.testing.assert_allclose(
        fc.grad(lambda v: np.sum(special.ive(v, x)))(zero), -special.k0e(x) * np.exp(-2 * x), rtol=1e-11
    )
    assert fc.grad(special.kv)(0.0, 2.0) == 0
    assert fc.grad(special.jv)(2.5, 0.0) == 0


def test_what_has_no_derivative_by_the_order_is_a_named_error():
    for point in [(0.0, 0.0), (2.0, -1.0)]:
        with pytest.raises(
            UndefinedDerivativeError, match=r"scipy\.special\.jv has no derivative by its order"
        ):
            fc.grad(special.jv)(*point)
    with pytest.raises(UnsupportedArgumentError, match="for real arguments only"):
        fc.grad(lambda v: np.abs(special.iv(v, 1j)))(0.5)


def test_zeta_of_riemann_by_its_exponent():
    x = np.array([-20.3, -4.0, -1.0, -0.3, 0.0, 0.5, 1.1, 2.0, 30.0])
    with mp.workdps(40):
        wanted = [[float(mp.diff(mp.zeta, mp.mpf(v), n)) for v in x] for n in (1, 2)]
    slope = fc.vmap(fc.grad(special.zeta))
    np.testing.assert_allclose(slope(x), wanted[0], rtol=1e-9)
    np.testing.assert_allclose(fc.vmap(fc.grad(fc.grad(special.zeta)))(x), wanted[1], rtol=1e-9)


def test_hypergeometric_functions_of_known_parameters():
    # (1 - z)^-a, and e^x whatever two equal parameters are
    z = np.array([-90.0, -0.5, 0.0, 0.5, 0.98])
    got = fc.grad(lambda a: np.sum(special.hyp2f1(a, 2.5, 2.5, z)))(np.full(5, 1.3))
    np.testing.assert_allclose(got, -np.log1p(-z) * (1 - z) ** -1.3, rtol=1e-9)
    x = np.array([-50.0, -0.5, 0.3, 60.0])
    by_a, by_b = fc.grad(lambda a, b: np.sum(special.hyp1f1(a, b, x)), (0, 1))(
        np.full(4, 1.5), np.full(4, 1.5)
    )
    np.testing.assert_allclose(by_a, -by_b, rtol=1e-8)


@pytest.mark.parametrize(
    ("f", "point", "message"),
    [
        (special.hyp2f1, (1.5, 0.5, 2.5, 0.9999), "more than 4000 terms"),
        (special.hyp1f1, (60.5, 1.5, -80.0), "its terms cancel"),
        (special.hyp1f1, (0.5, 1.5, 1j), "complex"),
        (special.zeta, (2.0 + 1j,), "complex"),
        (special.hyperu, (-1.5, 1.5, 2.0), "first parameter is below -0.98"),
    ],
)
def test_where_no_accurate_series_is_known_is_a_named_error(f, point, message):
    with pytest.raises(UnsupportedArgumentError, match=message):
        fc.grad(lambda a: np.real(f(a, *point[1:])))(point[0])


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


@pytest.mark.parametrize(("f", "point"), [(special.gammaincinv, (2.0, 1.0)), (special.stdtrit, (2.0, 0.0))])
def test_an_infinite_inverse_is_a_named_error(f, point):
    with pytest.raises(UndefinedDerivativeError, match="where it is infinite"):
        fc.grad(f)(*point)
    assert fc.grad(special.betaincinv)(2.0, 3.0, 1.0) == 0  # which is 1 for any parameters


def test_counts_stay_whole_numbers():
    wanted = -12 * 0.3 * 0.7**2
    np.testing.assert_allclose(fc.grad(special.bdtr, 2)(1, 4, 0.3), wanted, rtol=1e-13)
    with pytest.raises(NoRuleError, match="with respect to its argument 'n'"):
        fc.grad(lambda n: special.nbdtr(1.0, n, 0.3))(4.0)


def density(log, *point):
    """Return what a density at a point is, from its logarithm, with 40 digits."""
    with mp.workdps(40):
        return float(mp.exp(log(*map(mp.mpf, point))))


@pytest.mark.parametrize("a", [40.0, 1e4, 3.3e6, 1e8])
@pytest.mark.parametrize("deviations", [-3.0, 0.2, 4.0])
def test_densities_of_large_parameters(a, deviations):
    x = a + deviations * np.sqrt(a)
    wanted = density(lambda a, x: (a - 1) * mp.log(x) - x - mp.loggamma(a), a, x)
    np.testing.assert_allclose(fc.grad(special.gammainc, 1)(a, x), wanted, rtol=1e-11)
    # the distribution of x / a has the median 1 - 1 / 3a for all a (DLMF 8.11.12)
    if a >= 1e4:
        by_a, by_x = fc.grad(special.gammainc, (0, 1))(a, a - 1 / 3)
        np.testing.assert_allclose(-by_a / by_x, 1.0, rtol=1e-8)
    for b in (0.3, 50.0, 2 * a):
        z = a / (a + b) - deviations * np.sqrt(a * b / (a + b)) / (a + b) / 3
        log = lambda a, b, x: (
            (a - 1) * mp.log(x)
            + (b - 1) * mp.log1p(-x)
            + mp.loggamma(a + b)
            - mp.loggamma(a)
            - mp.loggamma(b)
        )
        if 0 < z < 1:
            np.testing.assert_allclose(
                fc.grad(special.betainc, 2)(a, b, z), density(log, a, b, z), rtol=1e-10
            )
    student = lambda n, t: (
        mp.loggamma((n + 1) / 2)
        - mp.loggamma(n / 2)
        - mp.log(n * mp.pi) / 2
        - (n + 1) / 2 * mp.log1p(t * t / n)
    )
    np.testing.assert_allclose(
        fc.grad(special.stdtr, 1)(a, deviations), density(student, a, deviations), rtol=1e-12
    )


def test_hyp0f1_of_negative_parameters_far_below_zero():
    for v, z in [(-2.5, -54.0), (-0.7, -146.0), (-1.5, -40.0)]:
        with mp.workdps(40):
            wanted = float(mp.diff(lambda v, z=z: mp.hyp0f1(v, z), mp.mpf(v)))
        np.testing.assert_allclose(fc.grad(special.hyp0f1)(v, z), wanted, rtol=1e-11)


def test_hyperu_by_its_variable_where_scipys_function_has_few_digits():
    for a, b, x in [(0.1, -7.8, 12.8), (0.24, -0.14, 23.1), (-0.3, 0.2, 15.0), (0.028, -0.97, 17.5)]:
        with mp.workdps(40):
            wanted = [float(mp.diff(lambda x, a=a, b=b: mp.hyperu(a, b, x), mp.mpf(x), n)) for n in (1, 2)]
        slope = fc.grad(special.hyperu, 2)
        got = slope(a, b, x), fc.grad(slope, 2)(a, b, x)
        np.testing.assert_allclose(got, wanted, rtol=1e-11)
    # a polynomial
    np.testing.assert_allclose(fc.grad(special.hyperu, 2)(-2.0, 1.5, 3.0), 2 * 3.0 - 5.0, rtol=1e-13)


def test_bessel_functions_of_large_orders_and_arguments():
    for f, reference, v, x in [
        (special.iv, mp.besseli, 694.0, 815.0),
        (special.kv, mp.besselk, 596.0, 771.0),
    ]:
        with mp.workdps(60):
            wanted = float(mp.diff(lambda v, x=x, f=reference: f(v, mp.mpf(x)), mp.mpf(v)))
        np.testing.assert_allclose(fc.grad(f)(v, x), wanted, rtol=1e-9)
    scaled = lambda v, x: mp.exp(-x) * mp.besseli(v, x)
    grown = lambda v, x: mp.exp(x) * mp.besselk(v, x)
    for f, reference in [(special.ive, scaled), (special.kve, grown)]:
        for v, x in [(37.6, 2620.5), (103.0, 3671.0)]:
            with mp.workdps(60):
                wanted = float(mp.diff(lambda x, v=v, f=reference: f(v, x), mp.mpf(x), 2))
            np.testing.assert_allclose(fc.grad(fc.grad(f, 1), 1)(v, x), wanted, rtol=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "c", "z"),
    [(0.4, 1.7, 39.8, -3.6), (8.6, 4.6, 19.3, -2.4), (1.6, 0.29, 29.9, -3.0), (-0.46, 7.1, 30.2, -23.7)],
)
def test_hyp2f1_by_its_variable_below_minus_one(a, b, c, z):
    with mp.workdps(40):
        wanted = [float(mp.diff(lambda x: mp.hyp2f1(a, b, c, x), mp.mpf(z), n)) for n in (1, 2)]
    slope = fc.grad(special.hyp2f1, 3)
    np.testing.assert_allclose([slope(a, b, c, z), fc.grad(slope, 3)(a, b, c, z)], wanted, rtol=1e-9)
