"""`scipy.special` beyond the everyday: derivatives against 40 digits, removable points, twins, refusals."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
import scipy.special

import funcad as fc
from funcad.errors import FuncadError, NoRuleError, UndefinedDerivativeError, UnsupportedArgumentError
from funcad.scipy import special
from funcad.testing import check_grads

#: by function, the derivatives that make_special_reference.py has computed
KNOWN = json.loads(Path(__file__).with_name("special_reference.json").read_text())
#: whose first arguments are whole numbers
OF_DEGREES = ("eval_", "kn", "yn", "expn", "spherical", "smirnov")


def function(name):
    """Return a function of SciPy by its name in the reference: one of its results, or the real part."""
    name, _, index = name.partition(",")[0].partition(".")
    f = getattr(special, name)
    if index:
        return lambda *args: f(*args)[int(index)]
    return (lambda *args: np.real(f(*args))) if name == "lambertw" else f


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", KNOWN)
def test_derivatives_of_both_orders_agree_with_40_digits(name):
    f, by = function(name), KNOWN[name]["by"]
    pairs = list(itertools.combinations_with_replacement(by, 2))
    for point, first, second in KNOWN[name]["rows"]:
        args = [int(v) if name.startswith("lambertw") and k == 1 else v for k, v in enumerate(point)]
        if name.startswith(OF_DEGREES):
            args[0] = int(args[0])
        got = [fc.grad(f, i)(*args) for i in by] + [fc.grad(fc.grad(f, i), j)(*args) for i, j in pairs]
        scale = np.max(np.abs(first + second))
        np.testing.assert_allclose(
            got, first + second, rtol=1e-9, atol=1e-12 * scale + 1e-60, err_msg=f"{name}{tuple(point)}"
        )


@pytest.mark.parametrize(
    ("f", "reference", "points"),
    [
        (special.wofz, lambda z: mp.exp(-z * z) * mp.erfc(-1j * z), [0.3 + 1j, -2 - 1j, 9 + 0j, 7 - 3j, 1e4 + 1j]),
        (special.dawsn, lambda z: mp.sqrt(mp.pi) / 2 * mp.exp(-z * z) * mp.erfi(z), [0.3 + 1j, 9 + 1j]),
        (special.erfcx, lambda z: mp.exp(z * z) * mp.erfc(z), [0.3 + 1j, -1 - 2j, 9 + 3j, 20 - 3j]),
        (special.spence, lambda z: mp.polylog(2, 1 - z), [1 + 0j, 1.1 + 0.1j, -3 + 1j, 20 - 3j]),
        (special.loggamma, mp.loggamma, [0.3 + 1j, -7.3 + 0.4j, 40 - 3j]),
        (special.rgamma, mp.rgamma, [-2 + 0j, 0.3 + 1j, -7.3 + 0.4j, 40 - 3j]),
        (special.lambertw, mp.lambertw, [0j, 0.3 + 1j, -4 - 1j, 1e5 + 0j]),
        (lambda z: special.hankel1e(1.5, z), lambda z: mp.exp(-1j * z) * mp.hankel1(1.5, z), [0.3 + 1j, 60 + 1j]),
        (lambda z: special.shichi(z)[0], mp.shi, [1e-3j, 0.3 + 1j, 5 - 2j]),
    ],
)  # fmt: skip
def test_derivatives_by_complex_arguments_agree_with_40_digits(f, reference, points):
    for z in points:
        tangent = (np.complex128(1.0),)
        first = fc.jvp(f, (np.complex128(z),), tangent)[1]
        second = fc.jvp(lambda v: fc.jvp(f, (v,), tangent)[1], (np.complex128(z),), tangent)[1]
        with mp.workdps(40):
            wanted = [complex(mp.diff(reference, mp.mpc(z), n)) for n in (1, 2)]
        np.testing.assert_allclose([first, second], wanted, rtol=1e-9)


def nest(f, order):
    for _ in range(order):
        f = fc.grad(f)
    return f


@pytest.mark.parametrize(
    ("f", "x", "derivatives"),
    [
        (special.exprel, 0.0, [1 / 2, 1 / 3, 1 / 4]),
        (special.sinc, 0.0, [0.0, -np.pi**2 / 3, 0.0]),
        (special.spence, 1.0, [-1.0, 1 / 2, -2 / 3]),
        (special.dawsn, 0.0, [1.0, 0.0, -4.0]),
        (special.ellipk, 0.0, [np.pi / 8, 9 * np.pi / 64, 75 * np.pi / 256]),
        (special.ellipe, 0.0, [-np.pi / 8, -3 * np.pi / 64, -15 * np.pi / 256]),
        (lambda m: special.ellipj(0.0, m)[0], 0.3, [0.0, 0.0, 0.0]),
        (lambda z: special.spherical_jn(1, z), 0.0, [1 / 3, 0.0, -1 / 5]),
        (lambda z: special.spherical_jn(2, z), 0.0, [0.0, 2 / 15, 0.0]),
        (lambda z: special.spherical_jn(1, z, True), 0.0, [0.0, -1 / 5, 0.0]),
        (lambda x: special.jv(2, x), 0.0, [0.0, 1 / 4, 0.0]),
        (lambda x: special.shichi(x)[0], 0.0, [1.0, 0.0, 1 / 3]),
        (lambda x: special.sici(x)[0], 0.0, [1.0, 0.0, -1 / 3]),
        (special.bei, 0.0, [0.0, 1 / 2, 0.0]),
        (special.berp, 0.0, [0.0, 0.0, -3 / 8]),
        (special.rgamma, 0.0, [1.0, 2 * np.euler_gamma, 3 * np.euler_gamma**2 - np.pi**2 / 2]),
        (lambda x: special.eval_legendre(3, x), 1.0, [6.0, 15.0, 15.0]),
        (lambda x: special.legendre_p(3, x)[0], -1.0, [6.0, -15.0, 15.0]),
        (lambda x: special.lpmv(2, 3, x), 1.0, [-30.0, -90.0, -90.0]),
        (lambda x: special.lpmv(0, 0.5, x), 1.0, [3 / 8, -15 / 128, 105 / 1024]),
        (lambda t: special.sph_legendre_p(1, 0, t)[0], 0.0, [0.0, -np.sqrt(3 / (4 * np.pi)), 0.0]),
        (lambda a: special.poch(a, 2.0), -3.0, [-5.0, 2.0]),
        (lambda a: special.poch(a, 5.0), -3.0, [-6.0]),
        (lambda n: special.binom(n, 3.0), 2.0, [1 / 3, 1.0, 1.0]),
        (lambda s: special.voigt_profile(0.5, s, 0.7), 0.0, [0.0]),
        (lambda y: special.boxcox(3.0, y), 0.0, [np.log(3.0) ** 2 / 2, np.log(3.0) ** 3 / 3]),
        (special.kolmogorov, 0.0, [0.0, 0.0]),
        (lambda d: special.smirnov(5, d), 0.0, [-1.0, -8.0]),
        (special.it2struve0, 0.0, [-2 / np.pi, 0.0]),
        (lambda y: special.boxcox(1e-300, y), 2.0, [1 / 4, -1 / 4]),
        (lambda x: special.lpmv(1, 0, x), 1.0, [0.0, 0.0]),
        (lambda x: special.tklmbda(x, 2.0), 0.7, [0.0, 0.0]),
        (lambda x: special.expn(3, x), 0.0, [-1.0]),
        (lambda x: special.lambertw(x).real, 0.0, [1.0, -2.0, 9.0]),
        (lambda b: special.beta(0.5, b), -1.5, [-8 * np.pi / 3 / 2]),
    ],
)  # fmt: skip
def test_removable_points_and_edges_are_exact(f, x, derivatives):
    for k, wanted in enumerate(derivatives):
        np.testing.assert_allclose(nest(f, k + 1)(x), wanted, rtol=1e-12, atol=1e-13)


def test_voigts_profile_becomes_the_normal_distributions_and_cauchys():
    normal = scipy.special.voigt_profile(20.0, 1.0, 0.0)
    np.testing.assert_allclose(fc.grad(special.voigt_profile, 0)(20.0, 1.0, 0.0), -20.0 * normal, rtol=1e-12)
    np.testing.assert_allclose(fc.grad(special.voigt_profile, 1)(20.0, 1.0, 0.0), 399.0 * normal, rtol=1e-12)
    cauchy = 1 / (np.pi * (0.7 + 0.5**2 / 0.7))
    slope = fc.grad(special.voigt_profile, 0)
    np.testing.assert_allclose(slope(0.5, 0.0, 0.7), -2 * 0.5 / (0.5**2 + 0.7**2) * cauchy, rtol=1e-14)


def test_private_ufuncs_are_found_from_unmodified_code():
    code = (
        "import scipy.special as s, funcad as fc\n"
        "print(fc.grad(lambda z: s.lambertw(z).real)(1.0) - s.lambertw(1.0).real / (1 + s.lambertw(1.0).real))\n"
        "print(fc.grad(lambda q: s.zeta(2.0, q))(1.0) + 2 * s.zeta(3.0))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert [abs(float(line)) < 1e-15 for line in done.stdout.split()] == [True, True]


X = np.array([0.2, 0.7, 0.5])
TWINS = {
    "factorial": (lambda m, x: m.factorial(4 * x), X),
    "comb": (lambda m, x: m.comb(5 * x, 2), X),
    "perm": (lambda m, x: m.perm(5 * x, 2), X),
    "comb, repeated": (lambda m, x: m.comb(5 * x, 2, repetition=True), X),
    "spherical_jn": (lambda m, x: m.spherical_jn(np.array([0, 1, 2]), x), X),
    "spherical_kn, derivative": (lambda m, x: m.spherical_kn(2, x, derivative=True), X),
    "legendre_p": (lambda m, x: m.legendre_p(np.array([0, 1, 4]), x, diff_n=2), X),
    "assoc_legendre_p": (lambda m, x: m.assoc_legendre_p(4, -2, x, norm=True), X),
    "assoc_legendre_p, outside": (lambda m, x: m.assoc_legendre_p(4, 3, 2 + x, branch_cut=3), X),
    "sph_legendre_p": (lambda m, x: m.sph_legendre_p(4, 2, x, diff_n=1), X),
    "legendre_p_all": (lambda m, x: m.legendre_p_all(4, x, diff_n=1), X),
    "assoc_legendre_p_all": (lambda m, x: m.assoc_legendre_p_all(3, 2, x), X),
    "sph_legendre_p_all": (lambda m, x: m.sph_legendre_p_all(3, 3, x), X),
    "sph_harm_y_all": (lambda m, x: m.sph_harm_y_all(2, 1, x, 2 * x), X),
    "sph_harm_y": (lambda m, x: m.sph_harm_y(4, -2, x, 2 * x), X),
}


@pytest.mark.parametrize("name", TWINS)
def test_twins_give_scipys_values_and_whole_batches(name):
    f, x = TWINS[name]
    wanted = f(scipy.special, x)
    assert np.array_equal(f(special, x), wanted)
    value, tangent = fc.jvp(lambda v: f(special, v), (x,), (np.ones(3),))
    assert value.dtype == wanted.dtype
    assert np.array_equal(value, wanted)
    assert tangent.shape == wanted.shape
    check_grads(lambda v: np.real(f(special, v)), (x,))
    batch = np.stack([x, x[::-1], x / 2])
    np.testing.assert_array_equal(
        fc.vmap(lambda v: f(special, v))(batch), [f(scipy.special, v) for v in batch]
    )


@pytest.mark.parametrize(
    "f",
    [
        lambda m, z, **kw: m.legendre_p(5, z, **kw),
        lambda m, z, **kw: m.sph_legendre_p(5, 2, z, **kw),
        lambda m, z, **kw: m.assoc_legendre_p(5, -2, z, **kw),
        lambda m, z, **kw: m.assoc_legendre_p(5, 3, z, norm=True, **kw),
        lambda m, z, **kw: m.assoc_legendre_p(5, 3, z + 1, branch_cut=3, **kw),
    ],
)
def test_derivatives_of_legendre_functions_are_those_that_scipy_returns(f):
    wanted = f(scipy.special, 0.3, diff_n=2)
    found = [nest(lambda v: f(special, v)[0], k)(0.3) for k in range(3)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_spherical_harmonics_are_eigenfunctions_of_the_laplacian():
    def real_part(t, p):
        return np.real(special.sph_harm_y(3, 2, t, p))

    t, p = 0.8, 0.3
    by_t = fc.grad(real_part)(t, p)
    laplacian = fc.grad(fc.grad(real_part))(t, p) + by_t / np.tan(t)
    laplacian = laplacian + fc.grad(fc.grad(real_part, 1), 1)(t, p) / np.sin(t) ** 2
    np.testing.assert_allclose(laplacian, -12 * real_part(t, p), rtol=1e-12)


def test_the_period_of_a_pendulum():
    def period(amplitude, length):
        return 4 * np.sqrt(length / 9.81) * scipy.special.ellipk(np.sin(amplitude / 2) ** 2)

    # at small angles T = 2 pi sqrt(l / g) (1 + a^2 / 16 + ...)
    np.testing.assert_allclose(fc.grad(fc.grad(period))(0.0, 1.0), 2 * np.pi / np.sqrt(9.81) / 8, rtol=1e-14)
    check_grads(period, (1.2, 0.7))


def test_bessels_equation_holds_for_derivatives_of_derivatives():
    for x in (0.3, 4.0, 60.0):
        for v in (0.0, 1.5, 3.0):
            y = [nest(lambda z, v=v: scipy.special.jvp(v, z, 0), k)(x) for k in range(3)]
            np.testing.assert_allclose(x * x * y[2] + x * y[1], (v * v - x * x) * y[0], rtol=1e-10)
            np.testing.assert_allclose(y[1], scipy.special.jvp(v, x), rtol=1e-12)


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (NoRuleError, lambda x: scipy.special.eval_chebyt(x, 0.3), "argument 'n'"),
        (NoRuleError, lambda x: scipy.special.eval_genlaguerre(2, x, 0.3), "argument 'alpha'"),
        (NoRuleError, lambda x: scipy.special.mathieu_a(1, x), "mathieu_a"),
        (UnsupportedArgumentError, lambda x: special.comb(x, 2, exact=True), "leave it out"),
        (UnsupportedArgumentError, lambda x: special.legendre_p(x, 0.3), "argument 'n'"),
        (UnsupportedArgumentError, lambda x: scipy.special.lpmv(x, 2, 0.3), "argument 'm'"),
        (UnsupportedArgumentError, lambda x: special.sph_harm_y(2, 1, x, 0.3, diff_n=1)[0], "diff_n"),
        (UnsupportedArgumentError, lambda x: special.assoc_legendre_p(2, 1, x, diff_n=1), "diff_n"),
        (UnsupportedArgumentError, lambda x: np.real(scipy.special.jve(1, x * 1j)), "jv"),
        (UnsupportedArgumentError, lambda x: np.real(scipy.special.ive(1, x * 1j)), "iv"),
        (UndefinedDerivativeError, lambda x: scipy.special.beta(x + 0.5, -3.0), "whole"),
        (UndefinedDerivativeError, lambda x: scipy.special.betaln(x, -1.5), "pole|whole"),
        (UndefinedDerivativeError, lambda x: scipy.special.poch(-2.5, x), "whole"),
    ],
)  # fmt: skip
def test_what_has_no_derivative_says_so(error, call, message):
    with pytest.raises(error, match=message) as raised:
        fc.grad(call)(0.5)
    assert isinstance(raised.value, FuncadError)


def test_a_sign_carries_no_derivative():
    assert fc.grad(lambda x: x * scipy.special.gammasgn(x))(-0.5) == -1.0
