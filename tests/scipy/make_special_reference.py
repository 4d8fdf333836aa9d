"""Writes special_reference.json: derivatives of special functions to 40 digits, which the tests compare with.

Run as `python tests/scipy/make_special_reference.py`. By function: the arguments that are differentiated, the points, and
per point the first derivatives and the upper triangle of the second ones. A name such as `airy.1` is one of
several results; numbers are those of the functions written in mpmath below.
"""

import itertools
import json
from pathlib import Path

import mpmath as mp

FILE = Path(__file__).with_name("special_reference.json")
PI = 3.141592653589793


def grid(*axes):
    return list(itertools.product(*axes))


def ones(*values):
    return [(v,) for v in values]


def wofz(z):
    return mp.exp(-z * z) * mp.erfc(-1j * z)


def voigt(x, s, g):
    z = mp.mpc(x, g) / (s * mp.sqrt(2))
    return mp.re(wofz(z)) / (s * mp.sqrt(2 * mp.pi))


def beta(a, b):
    return mp.gamma(a) * mp.gamma(b) * mp.rgamma(a + b)


def poch(a, m):
    return mp.rf(a, m)


def binom(n, k):
    return mp.gamma(n + 1) * mp.rgamma(k + 1) * mp.rgamma(n - k + 1)


def whole_poch(m):
    return lambda a: mp.fprod([a + j for j in range(m)])


def agm(a, b):
    return mp.agm(a, b)


def struve_scaled(f):
    return lambda v: lambda x: f(v, x)


def spherical(f, kind):
    def at(n, z):
        order = n + mp.mpf(1) / 2
        if kind == "jn":
            # the entire part, which holds at 0 too
            series = mp.hyp0f1(n + mp.mpf(3) / 2, -z * z / 4)
            return z ** int(n) * series * mp.sqrt(mp.pi) / (2 ** (int(n) + 1) * mp.gamma(n + mp.mpf(3) / 2))
        if kind == "in":
            series = mp.hyp0f1(n + mp.mpf(3) / 2, z * z / 4)
            return z ** int(n) * series * mp.sqrt(mp.pi) / (2 ** (int(n) + 1) * mp.gamma(n + mp.mpf(3) / 2))
        return mp.sqrt(mp.pi / (2 * z)) * f(order, z)

    return at


def kelvin_j(x):
    return mp.besselj(0, x * mp.exp(0.75j * mp.pi))


def kelvin_k(x):
    return mp.besselk(0, x * mp.exp(mp.mpc(0, 1) * mp.pi / 4))


def kolmogorov(x):
    if x < 1:
        total = mp.fsum([mp.exp(-((2 * k - 1) ** 2) * mp.pi**2 / (8 * x * x)) for k in range(1, 30)])
        return -mp.sqrt(2 * mp.pi) / x * total  # but for 1, in which the rest would be lost
    return 2 * mp.fsum([(-1) ** (k - 1) * mp.exp(-2 * k * k * x * x) for k in range(1, 30)])


def smirnov(n, d):
    n = int(n)
    last = int(mp.floor(n * (1 - d)))
    terms = [
        mp.binomial(n, j) * (d + mp.mpf(j) / n) ** (j - 1) * (1 - d - mp.mpf(j) / n) ** (n - j)
        for j in range(last + 1)
    ]
    return d * mp.fsum(terms)


def tukey(x, lam):
    def quantile(p):
        return mp.log(p / (1 - p)) if lam == 0 else (p**lam - (1 - p) ** lam) / lam

    low, high = mp.mpf(0), mp.mpf(1)
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if quantile(middle) < x else (low, middle)
    return mp.findroot(lambda p: quantile(p) - x, (low + high) / 2, tol=mp.mpf(10) ** (-1.9 * mp.mp.dps))


def boxcox(x, y):
    return mp.log(x) * mp.hyp1f1(1, 2, y * mp.log(x))


def inv_boxcox(x, y):
    return mp.exp(x * mp.hyp2f1(1, 1, 2, -x * y))


def jacobi_angle(u, m):
    return (
        u if m == 0 else mp.findroot(lambda p: mp.ellipf(p, m) - u, u, tol=mp.mpf(10) ** (-1.9 * mp.mp.dps))
    )


def sn(u, m):
    return mp.ellipfun("sn", u, m=m)


def lambert(k):
    return lambda z, _k, _t: mp.re(mp.lambertw(z, k))


def hyp0f1(v, z):
    return mp.hyp0f1(v, z)


def shifted(f):
    return lambda *a: f(*a[:-1], 2 * a[-1] - 1)


def sh_jacobi(n, p, q, x):
    return mp.jacobi(n, p - q, q - 1, 2 * x - 1) / mp.binomial(2 * n + p - 1, n)


def ferrers(m, v, x):
    return mp.re(mp.legenp(v, m, x, type=2))


AXIS = [-1.0, -0.7, 0.0, 0.3, 0.999, 1.0]
DEGREES = [0, 1, 2, 5, 20]
PARAMETERS = [-1e8, -100.0, -1.0, -1e-6, 0.0, 1e-9, 0.3, 0.9, 0.999999, 1 - 1e-12]
ANGLES = [1e-3, 0.5, 1.5, PI / 2, 3.0, 10.0, -7.0]

#: by name: the function, the arguments that are differentiated, the points
TABLE = {
    # exponentials, integrals, error functions
    "exprel": (lambda x: mp.hyp1f1(1, 2, x), [0], ones(-700.0, -50.0, -1.0, -1e-3, 0.0, 1e-9, 0.5, 3.0, 50.0, 700.0)),
    "spence": (lambda x: mp.re(mp.polylog(2, 1 - x)), [0], ones(1e-8, 0.1, 0.5, 1 - 1e-6, 1.0, 1.2, 1.9, 3.0, 100.0, 1e6)),
    "dawsn": (lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x), [0], ones(-3.0, 0.0, 1e-6, 0.5, 0.924, 2.0, 6.0, 11.9, 30.0, 1e3)),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [0], ones(-5.0, 0.0, 3.0, 11.0, 11.99, 12.01, 50.0, 1e3)),
    "voigt_profile": (voigt, [0, 1, 2], [(0.0, 1.0, 0.5), (0.3, 1e-3, 1.0), (20.0, 1.0, 0.1), (1.0, 0.05, 0.5), (0.5, 2.0, 1e-8), (100.0, 1.0, 1.0), (-3.0, 0.4, 0.2)]),
    "sici.0": (mp.si, [0], ones(-3.0, 0.0, 1e-6, 0.5, 5.0, 50.0)),
    "sici.1": (mp.ci, [0], ones(1e-6, 0.5, 5.0, 50.0)),
    "shichi.0": (mp.shi, [0], ones(-3.0, 0.0, 1e-6, 0.5, 5.0, 50.0, 300.0)),
    "shichi.1": (mp.chi, [0], ones(1e-6, 0.5, 5.0, 50.0, 300.0)),
    "fresnel.0": (mp.fresnels, [0], ones(-3.0, 0.0, 1e-6, 0.5, 5.0)),
    "fresnel.1": (mp.fresnelc, [0], ones(-3.0, 0.0, 1e-6, 0.5, 5.0)),
    "expn": (mp.expint, [1], grid([0, 1, 2, 5], [1e-3, 0.5, 3.0, 40.0, 300.0])),
    "exp1": (mp.e1, [0], ones(1e-6, 0.5, 40.0, 300.0)),
    "expm1": (mp.expm1, [0], ones(-40.0, -1e-9, 0.0, 1.0, 300.0)),
    "log1p": (mp.log1p, [0], ones(-1 + 1e-10, -1e-9, 0.0, 1.0, 1e10)),
    "cosm1": (lambda x: mp.cos(x) - 1, [0], ones(-1e-9, 0.0, 1.0, 100.0)),
    "cbrt": (mp.cbrt, [0], ones(1e-30, 1.0, 1e10)),
    "expit": (lambda x: 1 / (1 + mp.exp(-x)), [0], ones(-700.0, -30.0, 0.0, 0.3, 30.0)),
    "log_expit": (lambda x: -mp.log(1 + mp.exp(-x)), [0], ones(-30.0, 0.0, 0.3, 30.0)),
    "logit": (lambda x: mp.log(x) - mp.log(1 - x), [0], ones(1e-30, 1e-9, 0.3, 0.5, 1 - 1e-12)),
    "xlogy": (lambda x, y: x * mp.log(y), [0, 1], [(0.0, 2.0), (0.5, 1e-9), (3.0, 1e9)]),
    "xlog1py": (lambda x, y: x * mp.log(1 + y), [0, 1], [(0.0, 2.0), (0.5, 1e-9), (3.0, 1e9)]),
    "entr": (lambda x: -x * mp.log(x), [0], ones(1e-30, 0.3, 1e10)),
    "rel_entr": (lambda x, y: x * mp.log(x / y), [0, 1], [(1e-9, 2.0), (0.5, 1e-9), (3.0, 1e9)]),
    "kl_div": (lambda x, y: x * mp.log(x / y) - x + y, [0, 1], [(1e-9, 2.0), (0.5, 0.5), (3.0, 1e9)]),
    "huber": (lambda d, r: r * r / 2 if abs(r) <= d else d * (abs(r) - d / 2), [0, 1], [(1.0, 0.5), (1.0, -3.0), (1e-3, 2.0)]),
    "pseudo_huber": (lambda d, r: d * d * (mp.sqrt(1 + (r / d) ** 2) - 1), [0, 1], [(1.0, 0.5), (1.0, -3.0), (1e-3, 2.0), (1e-6, -20.0), (30.0, 1e-3)]),
    "erf": (mp.erf, [0], ones(-5.0, 0.0, 1e-9, 1.0)),
    "erfc": (mp.erfc, [0], ones(-5.0, 0.0, 1e-9, 1.0, 20.0)),
    "erfi": (mp.erfi, [0], ones(-5.0, 0.0, 1e-9, 1.0, 20.0)),
    "erfinv": (mp.erfinv, [0], ones(-0.999999, -0.3, 0.0, 1e-9, 0.9)),
    "erfcinv": (lambda x: mp.erfinv(1 - x), [0], ones(1e-30, 1e-9, 0.3, 1.0, 1.9)),
    "ndtr": (mp.ncdf, [0], ones(-30.0, -1.0, 0.0, 1.0, 8.0)),
    "log_ndtr": (lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2), [0], ones(-1e4, -300.0, -20.0, -11.0, -1.0, 0.0, 1.0, 8.0)),
    "ndtri": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), [0], ones(1e-30, 1e-9, 0.3, 0.5, 0.999)),
    "owens_t": (lambda h, a: mp.quad(lambda t: mp.exp(-h * h * (1 + t * t) / 2) / (1 + t * t), [0, a]) / (2 * mp.pi), [0, 1], [(0.0, 0.5), (1.0, 1.0), (3.0, -0.2), (0.3, 8.0)]),
    "expi": (mp.ei, [0], ones(-30.0, -0.5, 1e-6, 0.5, 40.0, 300.0)),
    # gamma functions
    "gamma": (mp.gamma, [0], ones(-4.7, -0.5, 1e-8, 1.4616, 5.0, 160.0)),
    "rgamma": (mp.rgamma, [0], ones(-20.5, -7.0, -3.0, -2.0, -0.5, -1e-8, 0.0, 0.3, 0.5, 1.0, 5.0, 100.0)),
    "psi": (mp.digamma, [0], ones(-4.7, 1e-8, 1.4616, 5.0, 1e6)),
    "beta": (beta, [0, 1], [(0.5, 0.5), (2.0, 300.0), (1e6, 1e-3), (0.5, -1.5), (-1.5, 0.5), (-0.5, -0.7), (3.3, -7.1), (100.0, 200.0), (1.5, -2.5), (-2.5, -0.5)]),
    "betaln": (lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b), [0, 1], [(0.5, 0.5), (1e6, 1e-3), (1e6, 2.0), (3.0, 1e9), (1e-8, 1e-9)]),
    "poch": (poch, [0, 1], [(3.0, 2.0), (0.5, 0.5), (-2.5, 3.3), (1e6, 1.0), (1e5, -3.5), (50.0, 0.1)]),
    "binom": (binom, [0, 1], [(5.0, 2.0), (5.5, 2.3), (3.0, 5.0), (3.0, -1.0), (1e5, 3.0), (10.0, 10.5), (-0.5, 2.2), (1e6, 1.5), (40.0, 20.0)]),
    "gammaln": (mp.loggamma, [0], ones(1e-8, 0.5, 1.0, 2.0, 50.0, 1e8)),
    "zeta": (mp.zeta, [1], grid([1.5, 2.0, 7.0], [0.01, 1.0, 30.0])),
    # elliptic integrals and functions
    "ellipk": (mp.ellipk, [0], ones(*PARAMETERS)),
    "ellipkm1": (lambda p: mp.ellipk(1 - p), [0], ones(1e-30, 1e-12, 0.1, 1.0, 2.0, 1e4)),
    "ellipe": (mp.ellipe, [0], ones(*PARAMETERS)),
    "ellipkinc": (mp.ellipf, [0, 1], [*grid(ANGLES, [-50.0, -1.0, 1e-9, 0.5, 0.99]), (0.5, 0.999999)]),
    "ellipeinc": (mp.ellipe, [0, 1], [*grid(ANGLES, [-50.0, -1.0, 1e-9, 0.5, 0.99]), (0.5, 0.999999)]),
    "ellipj.0": (sn, [0, 1], grid([0.3, 1.7, -4.0], [0.1, 0.5, 0.95])),
    "ellipj.3": (jacobi_angle, [0, 1], grid([0.3, 1.2], [0.1, 0.5, 0.95])),
    "elliprf": (mp.elliprf, [0, 1, 2], [(1.0, 1.0, 1.0), (0.3, 2.0, 50.0), (1e-6, 1.0, 1.0), (1e6, 2.0, 1e-3)]),
    "elliprd": (mp.elliprd, [0, 1, 2], [(1.0, 1.0, 1.0), (0.3, 2.0, 50.0), (1e-6, 1.0, 1.0), (1e6, 2.0, 1e-3)]),
    "elliprg": (mp.elliprg, [0, 1, 2], [(1.0, 1.0, 1.0), (0.3, 2.0, 50.0), (1e-3, 1.0, 1.0)]),
    "elliprc": (mp.elliprc, [0, 1], [(1.0, 1.0), (0.3, 2.0), (5.0, 1e-3), (2.0, -0.7), (0.01, -30.0)]),
    "agm": (agm, [0, 1], [(1.0, 1.0), (1.0, 3.0), (1e-6, 2.0), (1e5, 1e-5)]),
    # Bessel's relatives
    "kn": (mp.besselk, [1], grid([0, 1, 4], [1e-3, 0.5, 30.0])),
    "yn": (mp.bessely, [1], grid([0, 1, 4], [1e-3, 0.5, 30.0])),
    "jv": (mp.besselj, [1], [*grid([0, 1, 4, 30], [0.0, 1e-3, 0.5, 30.0]), (2.5, 1e-3), (2.5, 100.0)]),
    "ive": (lambda v, x: mp.exp(-abs(x)) * mp.besseli(v, x), [1], [*grid([0, 1, 4], [1e-3, 0.5, 30.0, 41.0, 300.0, 1e5]), (2.5, 1e4)]),
    "kve": (lambda v, x: mp.exp(x) * mp.besselk(v, x), [1], [*grid([0, 1, 4], [1e-3, 0.5, 30.0, 41.0, 300.0, 1e5]), (2.5, 1e4)]),
    "i0e": (lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), [0], ones(-300.0, 0.5, 41.0, 1e5)),
    "i1e": (lambda x: mp.exp(-abs(x)) * mp.besseli(1, x), [0], ones(-300.0, 0.5, 41.0, 1e5)),
    "k0e": (lambda x: mp.exp(x) * mp.besselk(0, x), [0], ones(0.5, 41.0, 1e5)),
    "k1e": (lambda x: mp.exp(x) * mp.besselk(1, x), [0], ones(0.5, 41.0, 1e5)),
    "j0": (mp.j0, [0], ones(-7.0, 0.0, 1e-6, 1.0, 300.0)),
    "j1": (mp.j1, [0], ones(-7.0, 0.0, 1e-6, 1.0, 300.0)),
    "y0": (lambda x: mp.bessely(0, x), [0], ones(1e-6, 1.0, 300.0)),
    "y1": (lambda x: mp.bessely(1, x), [0], ones(1e-6, 1.0, 300.0)),
    "i0": (lambda x: mp.besseli(0, x), [0], ones(-7.0, 0.0, 1e-6, 1.0, 300.0)),
    "i1": (lambda x: mp.besseli(1, x), [0], ones(-7.0, 0.0, 1e-6, 1.0, 300.0)),
    "k0": (lambda x: mp.besselk(0, x), [0], ones(1e-6, 1.0, 300.0)),
    "k1": (lambda x: mp.besselk(1, x), [0], ones(1e-6, 1.0, 300.0)),
    "yv": (mp.bessely, [1], grid([0.0, 0.3, 7.5], [1e-3, 1.0, 100.0])),
    "iv": (mp.besseli, [1], grid([0.0, 0.3, 7.5], [1e-3, 1.0, 100.0])),
    "kv": (mp.besselk, [1], grid([0.0, 0.3, 7.5], [1e-3, 1.0, 100.0])),
    "struve": (mp.struveh, [1], [*grid([0, 1, 3], [0.0, 1e-3, 0.5, 1.5, 12.0]), (2.5, 50.0)]),
    "modstruve": (mp.struvel, [1], grid([0, 1, 3], [0.0, 1e-3, 0.5, 1.5, 12.0, 50.0])),
    "airy.0": (mp.airyai, [0], ones(-20.0, -1.0, 0.0, 1.0, 8.0, 50.0)),
    "airy.1": (lambda x: mp.airyai(x, derivative=1), [0], ones(-20.0, -1.0, 0.0, 1.0, 8.0)),
    "airy.2": (mp.airybi, [0], ones(-20.0, -1.0, 0.0, 1.0, 8.0, 50.0)),
    "airy.3": (lambda x: mp.airybi(x, derivative=1), [0], ones(-20.0, -1.0, 0.0, 1.0, 8.0)),
    "airye.0": (lambda x: mp.airyai(x) * mp.exp(2 * x * mp.sqrt(x) / 3), [0], ones(1e-3, 1.0, 2.01, 30.0, 1e4)),
    "airye.1": (lambda x: mp.airyai(x, derivative=1) * mp.exp(2 * x * mp.sqrt(x) / 3), [0], ones(0.5, 3.0, 1e4)),
    "airye.2": (lambda x: mp.airybi(x) * mp.exp(-2 * x * mp.sqrt(x) / 3), [0], ones(1e-3, 1.0, 2.01, 30.0, 1e4)),
    "airye.3": (lambda x: mp.airybi(x, derivative=1) * mp.exp(-2 * x * mp.sqrt(x) / 3), [0], ones(0.5, 3.0, 1e4)),
    "berp": (lambda x: mp.diff(lambda t: mp.re(kelvin_j(t)), x), [0], ones(0.0, 0.5, 3.0)),
    "keip": (lambda x: mp.diff(lambda t: mp.im(kelvin_k(t)), x), [0], ones(0.5, 3.0)),
    "spherical_jn": (spherical(mp.besselj, "jn"), [1], grid([0, 1, 2, 7], [0.0, 1e-3, 0.5, 12.0])),
    "spherical_in": (spherical(mp.besseli, "in"), [1], grid([0, 1, 2, 7], [0.0, 1e-3, 0.5, 12.0])),
    "spherical_yn": (spherical(mp.bessely, "yn"), [1], grid([0, 1, 2, 7], [1e-3, 0.5, 12.0])),
    "spherical_kn": (spherical(mp.besselk, "kn"), [1], grid([0, 1, 2, 7], [1e-3, 0.5, 12.0])),
    "itstruve0": (lambda x: x * x / mp.pi * mp.hyp2f3(1, 1, 1.5, 1.5, 2, -x * x / 4), [0], ones(0.5, 3.0, 12.0)),
    "pbdv.0": (mp.pcfd, [1], grid([0.5, 3.0], [-1.0, 0.5, 4.0])),
    # orthogonal polynomials and Legendre functions
    "eval_chebyt": (mp.chebyt, [1], grid(DEGREES, AXIS)),
    "eval_chebyu": (mp.chebyu, [1], grid(DEGREES, AXIS)),
    "eval_legendre": (mp.legendre, [1], grid(DEGREES, AXIS)),
    "eval_gegenbauer": (mp.gegenbauer, [2], grid(DEGREES, [0.7], [-1.0, -0.7, 0.1, 0.3, 0.999, 1.0])),
    "eval_jacobi": (mp.jacobi, [3], grid(DEGREES, [0.3], [1.2], AXIS)),
    "eval_laguerre": (lambda n, x: mp.laguerre(n, 0, x), [1], grid(DEGREES, [0.0, 0.5, 8.0])),
    "eval_genlaguerre": (mp.laguerre, [2], grid(DEGREES, [1.3], [0.0, 0.5, 8.0])),
    "eval_hermite": (mp.hermite, [1], grid(DEGREES, [0.0, 0.5, -4.0])),
    "eval_hermitenorm": (lambda n, x: 2 ** (-mp.mpf(n) / 2) * mp.hermite(n, x / mp.sqrt(2)), [1], grid(DEGREES, [0.0, 0.5, -4.0])),
    "eval_sh_legendre": (shifted(mp.legendre), [1], grid(DEGREES, [0.0, 0.3, 1.0])),
    "eval_sh_chebyt": (shifted(mp.chebyt), [1], grid(DEGREES, [0.0, 0.3, 1.0])),
    "eval_sh_chebyu": (shifted(mp.chebyu), [1], grid(DEGREES, [0.0, 0.3, 1.0])),
    "eval_sh_jacobi": (sh_jacobi, [3], grid(DEGREES, [2.3], [1.2], [0.0, 0.3, 1.0])),
    "lpmv": (ferrers, [2], [*grid([0, 1, 3], [3, 12], [-0.9, 0.3, 0.99]), (0, 2.5, 0.3), (1, 2.5, -0.6), (-1, 3, 0.3)]),
    # hypergeometric functions
    "hyp0f1": (hyp0f1, [1], grid([0.5, 2.0], [-30.0, 0.0, 1e-3, 5.0])),
    "hyp1f1": (mp.hyp1f1, [2], [(0.5, 1.5, -30.0), (0.5, 1.5, 0.0), (2.0, 0.7, 3.0), (1.0, 3.0, 40.0), (-3.0, 1.2, 5.0)]),
    "hyp2f1": (mp.hyp2f1, [3], [(0.5, 1.0, 1.5, -3.0), (0.5, 1.0, 1.5, 0.0), (0.3, 0.7, 2.2, 0.9), (-3.0, 1.2, 0.7, 0.4)]),
    "wright_bessel": (lambda a, b, x: mp.nsum(lambda k: x**k / mp.factorial(k) * mp.rgamma(a * k + b), [0, mp.inf], method="d"), [2], [(0.5, 1.0, 0.3), (1.5, 0.7, 4.0)]),
    "hyperu": (mp.hyperu, [2], [(0.5, 1.5, 0.3), (1.2, 0.7, 4.0), (2.0, 3.5, 30.0)]),
    "lambertw": (lambert(0), [0], [(z, 0, 1e-8) for z in (-0.3, 0.0, 1e-9, 0.5, 3.0, 1e10)]),
    "lambertw, branch -1": (lambert(-1), [0], [(z, -1, 1e-8) for z in (-0.3, -0.1, -1e-10)]),
    "wrightomega": (lambda x: mp.lambertw(mp.exp(x)), [0], ones(-40.0, -1.0, 0.0, 1.0, 30.0, 1e6)),
    # distributions, transforms
    "kolmogorov": (kolmogorov, [0], ones(0.1, 0.4, 0.99, 1.01, 2.0, 5.0, 10.0)),
    "smirnov": (smirnov, [1], [(1, 0.3), (4, 0.37), (10, 0.11), (10, 0.93), (50, 0.151), (300, 0.0511)]),
    "nrdtrimn": (lambda p, s, x: x - s * mp.sqrt(2) * mp.erfinv(2 * p - 1), [0, 1, 2], [(0.3, 1.2, 0.5), (0.999, 0.2, -3.0)]),
    "nrdtrisd": (lambda m, p, x: (x - m) / (mp.sqrt(2) * mp.erfinv(2 * p - 1)), [0, 1, 2], [(0.3, 0.7, 0.5), (0.9, 0.2, -3.0)]),
    "tklmbda": (tukey, [0, 1], [(0.3, 0.5), (-1.0, 0.14), (0.2, 1.7), (3.0, -0.4)]),
    "boxcox": (boxcox, [0, 1], [(1.0, 0.5), (3.0, 0.0), (3.0, 1e-9), (0.2, -1.3), (1e4, 0.5)]),
    "boxcox1p": (lambda x, y: boxcox(1 + x, y), [0, 1], [(0.0, 0.5), (2.0, 0.0), (1e-9, 0.3), (-0.8, -1.3)]),
    "inv_boxcox": (inv_boxcox, [0, 1], [(1.0, 0.5), (3.0, 0.0), (3.0, 1e-9), (0.2, -1.3), (40.0, 0.5)]),
    "inv_boxcox1p": (lambda x, y: inv_boxcox(x, y) - 1, [0, 1], [(1.0, 0.5), (3.0, 0.0), (0.2, -1.3)]),
    "powm1": (lambda x, y: mp.power(x, y) - 1, [0, 1], [(1.0, 0.5), (3.0, 0.0), (0.2, -1.3)]),
}  # fmt: skip


def derivatives(f, by, point):
    """Return the first derivatives of a function, and the upper triangle of its second ones."""
    at = [mp.mpf(v) if k in by else v for k, v in enumerate(point)]

    def g(*moved):
        given = dict(zip(by, moved, strict=True))
        return f(*[given.get(k, v) for k, v in enumerate(at)])

    def diff(*orders):
        return float(mp.re(mp.diff(g, tuple(at[k] for k in by), orders)))

    unit = [tuple(int(i == j) for j in range(len(by))) for i in range(len(by))]
    first = [diff(*u) for u in unit]
    pairs = itertools.combinations_with_replacement(range(len(by)), 2)
    return first, [diff(*[a + b for a, b in zip(unit[i], unit[j], strict=True)]) for i, j in pairs]


def main():
    mp.mp.dps = 40
    known = {}
    for name, (f, by, points) in TABLE.items():
        rows = [[list(map(float, p)), *derivatives(f, by, p)] for p in points]
        known[name] = {"by": by, "rows": rows}
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in known.items())
    FILE.write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
