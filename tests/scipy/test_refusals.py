"""Functions of SciPy that have no rule: the error names the function and the line, and says what to write."""

import numpy as np
import pytest
import scipy.interpolate
import scipy.optimize
import scipy.stats

import funcad as fc
from funcad.errors import ConversionError, NoRuleError
from funcad.scipy import interpolate, signal, sparse, stats

X = np.linspace(0.1, 1.0, 8)
PLACES = np.arange(8.0)

WITHOUT_RULE = {
    "scipy.signal.butter": lambda x: signal.butter(2, x[0]),
    "scipy.signal.hilbert2": lambda x: signal.hilbert2(np.outer(x, x)),
    "scipy.stats.describe": lambda x: stats.describe(x).variance,
    "scipy.stats.quantile": lambda x: stats.quantile(x, 0.3),
    "scipy.stats.siegelslopes": lambda x: stats.siegelslopes(x)[0],
    "scipy.interpolate.Rbf": lambda x: interpolate.Rbf(PLACES, x)(0.3),
    "scipy.sparse.linalg.cg": lambda x: sparse.linalg.cg(np.eye(8), x)[0],
    "scipy.optimize.nnls": lambda x: scipy.optimize.nnls(np.eye(8), x)[0],
    "scipy.optimize.minimize": lambda x: scipy.optimize.minimize(lambda z: np.sum((z - x) ** 2), X).x,
}


@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning")
@pytest.mark.parametrize("name", WITHOUT_RULE)
@pytest.mark.parametrize("transform", [lambda f, x: fc.jvp(f, (x,), (x,)), fc.vjp])
def test_a_function_without_a_rule_is_named(transform, name):
    with pytest.raises(ConversionError, match=rf"{name} .*has no derivative rule") as caught:
        transform(WITHOUT_RULE[name], X)
    assert "test_refusals.py:" in str(caught.value)


@pytest.mark.filterwarnings("ignore::funcad.errors.TakenApartWarning")
@pytest.mark.parametrize(
    ("module", "f"),
    [
        ("interpolate", lambda x: scipy.interpolate.CubicSpline(PLACES, X)(x)),
        ("stats", lambda x: scipy.stats.norm(0.0, 1.0).logpdf(x)),
        ("stats", lambda x: scipy.stats.multivariate_normal(x, np.eye(8)).logpdf(X)),
    ],
)
def test_a_method_of_an_object_of_scipys_names_the_module_that_sees_traced_values(module, f):
    with pytest.raises(ConversionError, match=rf"[Ww]rite `from funcad\.scipy import {module}`"):
        fc.jvp(f, (X,), (X,))


def test_a_polynomial_is_not_made_of_a_traced_spline():
    def read(y):
        return interpolate.PPoly.from_spline(interpolate.make_interp_spline(PLACES, y))(0.3)

    assert read(X) == scipy.interpolate.PPoly.from_spline(scipy.interpolate.make_interp_spline(PLACES, X))(
        0.3
    )
    with pytest.raises(NoRuleError, match=r"PPoly\.from_spline .*test_refusals\.py.*read the spline itself"):
        fc.jvp(read, (X,), (X,))
