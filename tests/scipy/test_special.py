"""`scipy.special`: unmodified code, derivatives against 40 digits, tails and edges, and the twins."""

import subprocess
import sys

import mpmath as mp
import numpy as np
import pytest
import scipy.special

import funcad as fc
from funcad.errors import FuncadError, NoRuleError
from funcad.scipy import special

WIDE = [-30.0, -5.0, -0.7, -1e-3, 0.0, 1e-3, 0.4, 3.0, 20.0]
POSITIVE = [1e-6, 0.02, 0.5, 1.0, 3.3, 40.0, 200.0]
OPEN = [1e-9, 1e-3, 0.2, 0.5, 0.9, 1 - 1e-9]


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def ndtr(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


#: by function, the same in mpmath and where to compare their derivatives
REFERENCES = {
    "erf": (mp.erf, [-5.0, -0.7, 0.0, 1e-3, 3.0]),
    "erfc": (mp.erfc, [-5.0, -0.7, 0.0, 3.0, 20.0]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [-5.0, -0.7, 0.0, 3.0]),
    "erfi": (mp.erfi, [-5.0, 0.0, 1e-3, 3.0]),
    "erfinv": (mp.erfinv, [-0.999, -0.3, 0.0, 0.5, 0.99999]),
    "expit": (sigmoid, [*WIDE, -700.0, 700.0]),
    "log_expit": (lambda x: mp.log(sigmoid(x)), [*WIDE, -800.0, 700.0]),
    "logit": (lambda x: mp.log(x / (1 - x)), OPEN),
    "ndtr": (ndtr, WIDE),
    "log_ndtr": (lambda x: mp.log(ndtr(x)), [*WIDE, -1e4, -300.0]),
    "gamma": (mp.gamma, [0.02, 0.5, 1.0, 3.3, 40.0, 150.0]),
    "gammaln": (mp.loggamma, [1e-6, 0.02, 0.5, 1.0, 3.3, 40.0, 1e4]),
    "psi": (mp.psi, None),
    "exp1": (mp.e1, POSITIVE),
    "expi": (mp.ei, [0.02, 0.5, 1.0, 3.3, 40.0]),
    "j0": (mp.j0, [-7.0, 0.0, 1e-3, 1.0, 12.0]),
    "j1": (mp.j1, [-7.0, 0.0, 1e-3, 1.0, 12.0]),
    "i0e": (lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), [-7.0, 0.3, 1.0, 12.0]),
    "k0": (lambda x: mp.besselk(0, x), [1e-3, 0.5, 1.0, 12.0]),
    "entr": (lambda x: -x * mp.log(x), POSITIVE),
}
REFERENCES["psi"] = (mp.digamma, [1e-6, 0.02, 0.5, 1.0, 3.3, 40.0, 1e4])


@pytest.mark.parametrize("name", REFERENCES)
def test_derivatives_agree_with_40_digits(name):
    reference, points = REFERENCES[name]
    f = getattr(scipy.special, name)
    with mp.workdps(60):
        wanted = [
            [float(mp.diff(reference, mp.mpf(x), n, h=mp.mpf(10) ** -18)) for x in points] for n in (1, 2)
        ]
    x = np.array(points)
    first = fc.vmap(fc.grad(f))(x)
    np.testing.assert_allclose(first, wanted[0], rtol=1e-9, atol=1e-300)
    second = fc.vmap(fc.grad(fc.grad(f)))(x)
    # relative to the terms that the second derivative is a sum of, where they cancel
    np.testing.assert_allclose(second, wanted[1], rtol=1e-9, atol=1e-10 * np.max(np.abs(first)))


TWO = {
    "gammainc": (
        lambda a, x: mp.gammainc(a, 0, x, regularized=True),
        [(0.3, 1e-4), (2.0, 1.3), (50.0, 60.0)],
    ),
    "gammaincc": (lambda a, x: mp.gammainc(a, x, regularized=True), [(0.3, 1e-4), (2.0, 30.0), (50.0, 60.0)]),
    "jv": (mp.besselj, [(0.0, 1.0), (2.5, 0.3), (7.0, 12.0)]),
    "kv": (mp.besselk, [(0.0, 1.0), (2.5, 0.3), (7.0, 12.0)]),
}


@pytest.mark.parametrize("name", TWO)
def test_derivatives_by_the_variable_agree_with_40_digits(name):
    reference, points = TWO[name]
    for a, x in points:
        with mp.workdps(60):
            wanted = float(mp.diff(lambda v, a=a: reference(mp.mpf(a), v), mp.mpf(x), h=mp.mpf(10) ** -18))
        np.testing.assert_allclose(fc.grad(getattr(scipy.special, name), 1)(a, x), wanted, rtol=1e-9)


def test_code_that_imports_scipy_is_not_changed():
    code = (
        "import numpy as np, scipy.special, funcad as fc\n"
        "print(fc.grad(lambda x: np.sum(scipy.special.erf(x)))(np.array([0.0])))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[1.12837917]\n"


@pytest.mark.parametrize(
    ("f", "x", "wanted"),
    [
        (special.expit, [-800.0, 800.0], [0.0, 0.0]),
        (special.log_expit, [-800.0, 800.0], [1.0, 0.0]),
        (special.logsumexp, [-np.inf, -np.inf], [0.5, 0.5]),
        (special.logsumexp, [np.inf, 1.0], [1.0, 0.0]),
        (special.logsumexp, [1000.0, 0.0], [1.0, 0.0]),
        (lambda y: special.xlogy(0.0, y), [0.0, 2.0], [0.0, 0.0]),
        (lambda x: special.xlogy(x, 2.0), [0.0], [np.log(2.0)]),
        (lambda x: special.gammainc(1.0, x), [0.0], [1.0]),
        (special.erfcinv, [1.0], [-np.sqrt(np.pi) / 2]),
        (lambda r: special.huber(1.0, r), [-3.0, 0.0, 0.5], [-1.0, 0.0, 0.5]),
    ],
)
def test_edges(f, x, wanted):
    gradient = fc.grad(lambda v: np.sum(f(v)))(np.array(x))
    np.testing.assert_allclose(gradient, wanted, rtol=1e-15)


@pytest.mark.parametrize(
    "f",
    [
        lambda n: special.polygamma(n, 1.0),
        lambda x: scipy.special.mathieu_a(1, x),
    ],
)
def test_what_has_no_rule_is_a_named_error(f):
    with pytest.raises(FuncadError, match=r"scipy\.special"):
        fc.grad(f)(0.5)


def test_a_parameter_without_a_rule_is_named():
    with pytest.raises(NoRuleError, match="with respect to its argument 'k'"):
        fc.grad(scipy.special.pdtr)(2.0, 1.0)


def test_a_twin_gives_scipys_own_value():
    x = np.random.default_rng(0).normal(size=(50, 7))
    for twin, own in ((special.logsumexp, scipy.special.logsumexp), (special.softmax, scipy.special.softmax)):
        assert (twin(x, axis=1) == own(x, axis=1)).all()
        value, _ = fc.jvp(lambda v, f=twin: f(v, axis=1), (x,), (x,))
        assert (value == own(x, axis=1)).all()
    assert special.gammaln is scipy.special.gammaln


def test_weights_of_zero_hide_large_numbers():
    a, b = np.array([900.0, 0.0, 1.0]), np.array([0.0, 1.0, 2.0])
    gradient = fc.grad(lambda v: special.logsumexp(v, b=b))(a)
    np.testing.assert_allclose(gradient, [0.0, 1 / (1 + 2 * np.e), 2 * np.e / (1 + 2 * np.e)], rtol=1e-15)


def test_complex_sums_are_refused():
    with pytest.raises(FuncadError, match="logsumexp has rules for real numbers"):
        fc.grad(lambda z: np.real(special.logsumexp(z)))(np.array([1j, 2.0]))
