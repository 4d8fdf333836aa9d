"""Derivatives of logarithms of densities and probabilities, far into the tails, against mpmath.

The densities and distribution functions are those of the pages of SciPy's distributions.
"""

import mpmath as mp
import numpy as np
import pytest
import scipy.stats

import funcad as fc
from funcad.scipy import stats

INF = mp.inf


def phi(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def log_beta(z, a, b):
    return (a - 1) * mp.log(z) + (b - 1) * mp.log(1 - z) - mp.log(mp.beta(a, b))


def log_f(x, m, n):
    return (
        m / 2 * mp.log(m)
        + n / 2 * mp.log(n)
        + (m / 2 - 1) * mp.log(x)
        - (m + n) / 2 * mp.log(n + m * x)
        - mp.log(mp.beta(m / 2, n / 2))
    )


def log_extreme(x, c):
    if c == 0:
        return -mp.exp(-x) - x
    return -((1 - c * x) ** (1 / c)) + (1 / c - 1) * mp.log(1 - c * x)


#: by name, the logarithm of the density and the ends of the support
DENSITIES = {
    "norm": (lambda z: mp.log(phi(z)), -INF, INF),
    "uniform": (lambda z: mp.mpf(0) * z, 0, 1),
    "expon": (lambda z: -z, 0, INF),
    "laplace": (lambda z: -abs(z) - mp.log(2), -INF, INF),
    "cauchy": (lambda z: -mp.log(mp.pi * (1 + z * z)), -INF, INF),
    "logistic": (lambda z: -z - 2 * mp.log(1 + mp.exp(-z)), -INF, INF),
    "gumbel_r": (lambda z: -z - mp.exp(-z), -INF, INF),
    "gumbel_l": (lambda z: z - mp.exp(z), -INF, INF),
    "rayleigh": (lambda z: mp.log(z) - z * z / 2, 0, INF),
    "halfnorm": (lambda z: mp.log(2 * phi(z)), 0, INF),
    "halfcauchy": (lambda z: mp.log(2 / (mp.pi * (1 + z * z))), 0, INF),
    "gamma": (lambda z, a: (a - 1) * mp.log(z) - z - mp.loggamma(a), 0, INF),
    "chi2": (lambda z, k: (k / 2 - 1) * mp.log(z) - z / 2 - mp.loggamma(k / 2) - k / 2 * mp.log(2), 0, INF),
    "beta": (log_beta, 0, 1),
    "t": (lambda z, n: -mp.log(mp.sqrt(n) * mp.beta(n / 2, 0.5)) - (n + 1) / 2 * mp.log(1 + z * z / n), -INF, INF),
    "f": (log_f, 0, INF),
    "invgamma": (lambda z, a: -(a + 1) * mp.log(z) - 1 / z - mp.loggamma(a), 0, INF),
    "invgauss": (lambda z, mu: -mp.log(2 * mp.pi * z**3) / 2 - (z - mu) ** 2 / (2 * z * mu * mu), 0, INF),
    "lognorm": (lambda z, s: mp.log(phi(mp.log(z) / s) / (s * z)), 0, INF),
    "weibull_min": (lambda z, c: mp.log(c) + (c - 1) * mp.log(z) - z**c, 0, INF),
    "pareto": (lambda z, b: mp.log(b) - (b + 1) * mp.log(z), 1, INF),
    "genpareto": (lambda z, c: -z if c == 0 else -(1 + 1 / c) * mp.log(1 + c * z), 0, INF),
    "genextreme": (log_extreme, -INF, INF),
    "gennorm": (lambda z, b: mp.log(b / 2) - mp.loggamma(1 / b) - abs(z) ** b, -INF, INF),
    "skewnorm": (lambda z, a: mp.log(2 * phi(z) * mp.erfc(-a * z / mp.sqrt(2)) / 2), -INF, INF),
    "truncnorm": (lambda z, a, b: mp.log(phi(z) / (mp.ncdf(b) - mp.ncdf(a))), -1.0, 2.5),
    "vonmises": (lambda z, k: k * mp.cos(z) - mp.log(2 * mp.pi * mp.besseli(0, k)), -mp.pi, mp.pi),
    "wrapcauchy": (lambda z, c: mp.log((1 - c * c) / (2 * mp.pi * (1 + c * c - 2 * c * mp.cos(z)))), 0, 2 * mp.pi),
    "exponnorm": (
        lambda z, k: mp.log(mp.erfc(-(z - 1 / k) / mp.sqrt(2)) / (2 * k)) + 1 / (2 * k * k) - z / k, -INF, INF,
    ),
}  # fmt: skip


def tails(lower, upper):
    """F and 1 - F."""
    return {1: lower, -1: upper}


def mirrored(lower):
    """F and 1 - F of a symmetric distribution."""
    return tails(lower, lambda z, *a: lower(-z, *a))


def ndtr(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def below(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def above(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def part(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def student(z, n):
    tail = part(n / 2, mp.mpf(0.5), n / (n + z * z)) / 2
    return tail if z < 0 else 1 - tail


def decay(exponent):
    """F and 1 - F, where 1 - F is the exponential of a function."""
    return tails(lambda *a: -mp.expm1(exponent(*a)), lambda *a: mp.exp(exponent(*a)))


def wald(z, mu, sign):
    root = mp.sqrt(z)
    rest = mp.exp(2 / mu) * ndtr(-(z / mu + 1) / root)
    return ndtr(sign * (z / mu - 1) / root) + sign * rest


def gumbel(z):
    return mp.exp(-mp.exp(-z))


def extreme(z, c):
    return -mp.log(1 - c * z) / c


def general(z, b):
    tail = above(1 / b, abs(z) ** b) / 2
    return tail if z < 0 else 1 - tail


def angle(z, c):
    return mp.atan2((1 + c) * mp.sin(z / 2), (1 - c) * mp.cos(z / 2)) / mp.pi


def both(z, k):
    return ndtr(z) - mp.exp(1 / (2 * k * k) - z / k) * ndtr(z - 1 / k)


def skewed(z, a):
    # Owen's function by its integral
    t = mp.quad(lambda x: mp.exp(-z * z * (1 + x * x) / 2) / (1 + x * x), mp.linspace(0, a, 5)) / (2 * mp.pi)
    return ndtr(z) - 2 * t


#: by name, F and 1 - F
MASSES = {
    "norm": mirrored(ndtr),
    "uniform": tails(lambda z: z, lambda z: 1 - z),
    "expon": decay(lambda z: -z),
    "laplace": mirrored(lambda z: mp.exp(z) / 2 if z < 0 else 1 - mp.exp(-z) / 2),
    "cauchy": mirrored(lambda z: mp.atan2(1, -z) / mp.pi),
    "logistic": mirrored(lambda z: 1 / (1 + mp.exp(-z))),
    "gumbel_r": tails(gumbel, lambda z: -mp.expm1(-mp.exp(-z))),
    "gumbel_l": tails(lambda z: -mp.expm1(-mp.exp(z)), lambda z: gumbel(-z)),
    "rayleigh": decay(lambda z: -z * z / 2),
    "halfnorm": tails(lambda z: mp.erf(z / mp.sqrt(2)), lambda z: mp.erfc(z / mp.sqrt(2))),
    "halfcauchy": tails(lambda z: 2 / mp.pi * mp.atan(z), lambda z: 2 / mp.pi * mp.atan(1 / z)),
    "gamma": tails(lambda z, a: below(a, z), lambda z, a: above(a, z)),
    "chi2": tails(lambda z, k: below(k / 2, z / 2), lambda z, k: above(k / 2, z / 2)),
    "beta": tails(lambda z, a, b: part(a, b, z), lambda z, a, b: part(b, a, 1 - z)),
    "t": mirrored(student),
    "f": tails(lambda z, m, n: part(m / 2, n / 2, m * z / (m * z + n)), lambda z, m, n: part(n / 2, m / 2, n / (m * z + n))),
    "invgamma": tails(lambda z, a: above(a, 1 / z), lambda z, a: below(a, 1 / z)),
    "invgauss": tails(lambda z, mu: wald(z, mu, 1), lambda z, mu: wald(z, mu, -1)),
    "lognorm": tails(lambda z, s: ndtr(mp.log(z) / s), lambda z, s: ndtr(-mp.log(z) / s)),
    "weibull_min": decay(lambda z, c: -(z**c)),
    "pareto": decay(lambda z, b: -b * mp.log(z)),
    "genpareto": decay(lambda z, c: -mp.log(1 + c * z) / c),
    "genextreme": tails(lambda z, c: gumbel(extreme(z, c)), lambda z, c: -mp.expm1(-mp.exp(-extreme(z, c)))),
    "gennorm": mirrored(general),
    "skewnorm": tails(skewed, lambda z, a: skewed(-z, -a)),
    "truncnorm": tails(
        lambda z, a, b: (ndtr(z) - ndtr(a)) / (ndtr(b) - ndtr(a)), lambda z, a, b: (ndtr(b) - ndtr(z)) / (ndtr(b) - ndtr(a))
    ),
    "wrapcauchy": tails(angle, lambda z, c: angle(2 * mp.pi - z, c)),
    "exponnorm": tails(both, lambda z, k: 1 - both(z, k)),
}  # fmt: skip


def slopes(f, args):
    """The derivatives by all arguments, by differences with steps relative to them."""
    found = []
    for k, a in enumerate(args):
        h = a * mp.mpf(10) ** (-mp.mp.dps // 3)
        up, down = (f(*args[:k], v, *args[k + 1 :]) for v in (a + h, a - h))
        found.append(float((up - down) / (2 * h)))
    return found


#: shapes, where there are any; more than one where the formulas have several ranges
SHAPES = {
    "gamma": [(0.3,), (3.0,), (200.0,)], "chi2": [(5.0,)], "beta": [(0.5, 3.0), (50.0, 300.0)], "t": [(3.0,), (50.0,)],
    "f": [(3.0, 7.0)], "invgamma": [(3.0,)], "invgauss": [(0.7,)], "lognorm": [(0.8,)], "weibull_min": [(0.7,), (2.5,)],
    "pareto": [(3.0,)], "genpareto": [(0.3,), (-0.3,), (1e-6,)], "genextreme": [(0.3,), (-0.3,), (1e-6,)],
    "gennorm": [(1.5,)], "skewnorm": [(2.0,)], "truncnorm": [(-1.0, 2.5)], "vonmises": [(2.0,)], "wrapcauchy": [(0.5,)],
    "exponnorm": [(1.5,)],
}  # fmt: skip
#: probabilities at which the variable is taken, on both sides
LEVELS = (1e-30, 1e-4, 0.3)
#: points at which SciPy's own probabilities are 0 or 1, or nearly so
FAR = {
    "gamma": [2000.0],
    "norm": [-1e4, 300.0],
    "t": [-1e60],
    "cauchy": [1e200],
    "gumbel_r": [-6.5, 800.0],
    "chi2": [1e-180],
}
ROWS = [(name, shapes) for name in DENSITIES for shapes in SHAPES.get(name, [()])]


def points(name, shapes):
    """Where the derivatives are compared: in between the ends of the support, and not as close to one as to lose digits."""
    own = getattr(scipy.stats, name)
    levels = LEVELS[1:] if name in ("skewnorm", "genpareto", "genextreme") else LEVELS
    found = [float(f(p, *shapes)) for f in (own.ppf, own.isf) for p in levels] + FAR.get(name, [])
    low, high = own.support(*shapes)
    return [x for x in found if low < x < high and x != 0]


@pytest.mark.parametrize(("name", "shapes"), ROWS)
def test_log_densities(name, shapes):
    log = DENSITIES[name][0]
    n = tuple(range(1 + len(shapes)))
    for x in points(name, shapes):
        with mp.workdps(140):
            wanted = slopes(log, [mp.mpf(a) for a in (x, *shapes)])
        found = fc.grad(getattr(stats, name).logpdf, n)(x, *shapes)
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-30, err_msg=f"at {x}")


@pytest.mark.parametrize(("name", "shapes"), [row for row in ROWS if row[0] in MASSES])
@pytest.mark.parametrize("sign", [1, -1], ids=["logcdf", "logsf"])
def test_log_probabilities(name, shapes, sign):
    mass = MASSES[name][sign]
    method = getattr(getattr(stats, name), "logcdf" if sign > 0 else "logsf")
    n = tuple(range(1 + len(shapes)))
    for x in points(name, shapes):
        args = [mp.mpf(a) for a in (x, *shapes)]
        # as many digits again as cancel in 1 - F
        with mp.workdps(60 if name == "skewnorm" else 140):
            value = mass(*args)
            wanted = [
                s / float(value) if value > 1e-290 else s
                for s in slopes(mass if value > 1e-290 else lambda *a: mp.log(mass(*a)), args)
            ]
        found = fc.grad(lambda *a, f=method: f(*a), n)(x, *shapes)
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-40, err_msg=f"at {x}")


def choose(n, k):
    return mp.gamma(n + 1) / mp.gamma(k + 1) / mp.gamma(n - k + 1)


#: by name, the probability of k, the first k, what is fixed, and k with parameters
WHOLE = [
    ("poisson", lambda k, mu: mp.exp(-mu) * mu**k / mp.factorial(k), 0, (), [(0, 3.0), (3, 1000.0), (60, 2.0), (300, 0.5)]),
    ("geom", lambda k, p: p * (1 - p) ** (k - 1), 1, (), [(1, 0.3), (4, 1e-20), (900, 0.7)]),
    ("binom", lambda k, n, p: choose(n, k) * p**k * (1 - p) ** (n - k), 0, (2000,), [(3, 0.5), (1000, 0.1), (45, 0.02)]),
    ("nbinom", lambda k, n, p: mp.rf(n, k) / mp.factorial(k) * p**n * (1 - p) ** k, 0, (), [(3, 900.0, 0.1), (5, 2.5, 0.4), (300, 2.5, 0.9)]),
    ("planck", lambda k, a: (1 - mp.exp(-a)) * mp.exp(-a * k), 0, (), [(0, 1.0), (50, 30.0)]),
    ("dlaplace", lambda k, a: mp.tanh(a / 2) * mp.exp(-a * abs(k)), -150, (), [(-40, 2.0), (-1, 0.9), (0, 0.9), (3, 0.9), (50, 2.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "mass", "low", "fixed", "rows"), WHOLE, ids=[row[0] for row in WHOLE])
def test_whole_numbers(name, mass, low, fixed, rows):
    d = getattr(stats, name)
    for k, *params in rows:

        def total(start, end, k=k):
            return lambda *p: mp.fsum(mass(mp.mpf(j), *fixed, *p) for j in range(start, end))

        lower = total(low, k + 1)
        # a sum of what is far out, else the rest to 1
        far = getattr(scipy.stats, name).sf(k, *fixed, *params) < 1e-60
        upper = total(k + 1, k + 400) if far else lambda *p, lower=lower: 1 - lower(*p)
        functions = {"logpmf": lambda *p, k=k: mass(mp.mpf(k), *fixed, *p), "logcdf": lower, "logsf": upper}
        for method, f in functions.items():
            with mp.workdps(200):
                at = [mp.mpf(p) for p in params]
                wanted = slopes(lambda *p, f=f: mp.log(f(*p)), at)
            n = tuple(range(len(params)))
            found = fc.grad(lambda *p, m=method: getattr(d, m)(k, *fixed, *p), n)(*params)
            np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-30, err_msg=f"{method} at {k}")


@pytest.mark.parametrize(("method", "z", "a", "c"), [("logsf", 12.0, 2.0, 3.0), ("logcdf", 0.05, 2.0, -3.0)])
def test_powers_of_gamma_numbers_where_scipys_probability_is_0(method, z, a, c):
    with np.errstate(divide="ignore"):
        assert getattr(scipy.stats.gengamma, method)(z, a, c) == -np.inf
    with mp.workdps(60):
        wanted = slopes(lambda z, a, c: mp.log(above(a, z**c)), [mp.mpf(v) for v in (z, a, c)])
    np.testing.assert_allclose(
        fc.grad(getattr(stats.gengamma, method), (0, 1, 2))(z, a, c), wanted, rtol=1e-10
    )


@pytest.mark.parametrize(
    ("name", "shapes", "slopes"),
    [
        # by q: 1 over the density at the end; infinite where that is 0
        ("norm", (), (np.inf, np.inf)),
        ("gamma", (2.3,), (np.inf, np.inf)),
        ("expon", (), (1.0, np.inf)),
        ("lognorm", (0.7,), (np.inf, np.inf)),
        ("weibull_min", (1.5,), (np.inf, np.inf)),
        ("beta", (1.0, 2.0), (0.5, np.inf)),
        ("invgamma", (2.0,), (np.inf, np.inf)),
        ("f", (4.0, 5.0), (np.inf, np.inf)),
        ("uniform", (), (1.0, 1.0)),
        ("genpareto", (0.2,), (1.0, np.inf)),
    ],
)
def test_quantiles_of_0_and_1(name, shapes, slopes):
    ppf, isf = getattr(stats, name).ppf, getattr(stats, name).isf
    for q, slope in zip((0.0, 1.0), slopes, strict=True):
        np.testing.assert_allclose(fc.grad(ppf)(q, *shapes), slope, rtol=1e-12)
        np.testing.assert_allclose(fc.grad(isf)(1 - q, *shapes), -slope, rtol=1e-12)
        for k in range(len(shapes)):
            assert fc.grad(ppf, k + 1)(q, *shapes) == 0
            assert fc.grad(isf, k + 1)(q, *shapes) == 0
