"""Distributions of vectors and matrices in `scipy.stats`: SciPy's values, and derivatives by one Cholesky factor.

SciPy factors a covariance by its eigenvectors and reads its lower triangle alone. The derivative is with respect to
that triangle: for a symmetric change of the matrix it is the one of the symmetric matrix.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import special, stats

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.function import PrimitiveFunction
from funcad.core.general import is_plain
from funcad.core.primitive import Constant
from funcad.core.tracer import plain
from funcad.core.valued import with_value
from funcad.errors import UnsupportedArgumentError
from funcad.rules.random.drawing import drawn
from funcad.rules.scipy.covariances import (
    distances,
    location_and_scale,
    log_det,
    lower_factor,
    matrix,
    whitened,
)
from funcad.rules.scipy.functions import multigammaln
from funcad.rules.scipy.linalg import cholesky
from funcad.rules.scipy.parameters import student_constant
from funcad.rules.scipy.stats.functions import LOG_2, LOG_PI
from funcad.rules.scipy.stats.twins import Frozen, Twin, traced
from funcad.rules.scipy.triangular import by_lower

Body = Callable[..., Any]
LOG_2PI: Final = LOG_2 + LOG_PI


class Vectors(Twin):
    """A distribution of vectors or matrices.

    >>> import numpy as np
    >>> import funcad as fc
    >>> from funcad.scipy import stats
    >>> fc.grad(stats.multivariate_normal.logpdf, 1)(np.array([1.0, 2.0]), np.zeros(2), 2.0)
    array([0.5, 1. ])
    """

    def __call__(self, *args: Any, **kwargs: Any) -> GivenVectors:
        return GivenVectors(self, args, kwargs)

    def __reduce__(self) -> Any:
        return named, (self.label.rpartition(".")[2],)


class GivenVectors(Frozen):
    """A distribution of vectors with given parameters, which may be traced."""

    def __init__(self, dist: Twin, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        super().__init__(dist, args, kwargs)
        given = inspect.signature(vars(dist)["own"].__call__).bind(*args, **kwargs).arguments
        seed = given.pop("seed", None)
        # a seed is that of a sequence of draws
        given["random_state"] = np.random.RandomState(seed) if isinstance(seed, (int, np.integer)) else seed
        vars(self)["given"] = given

    def filled(self, method: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a method with those of the given parameters that it takes."""
        takes = inspect.signature(getattr(self.dist.own, name)).parameters
        return method(*args, **{k: v for k, v in self.given.items() if k in takes} | kwargs)


#: by name, the distributions that have rules
VECTORS: Final[dict[str, Any]] = {
    name: Vectors(f"scipy.stats.{name}", getattr(stats, name), {})
    for name in (
        "multivariate_normal", "multivariate_t", "dirichlet", "multinomial", "wishart", "invwishart", "matrix_normal",
    )
}  # fmt: skip


def named(name: str) -> Any:
    """Return the twin of a name."""
    return VECTORS[name]


def method(dist: str, name: str, own_value: bool = True) -> Callable[[Body], Body]:
    """Declare, as a decorator, code for the derivative of a method of a distribution."""

    def declare(body: Body) -> Body:
        f = PrimitiveFunction(getattr(VECTORS[dist].own, name), name=f"scipy.stats.{dist}.{name}")
        f.def_composite(own_value)(body)
        vars(VECTORS[dist])["methods"][name] = f
        return body

    return declare


def density(dist: str) -> Callable[[Body], Body]:
    """Declare, as a decorator, the logarithm of a density, and with it the density."""

    def declare(log: Body) -> Body:
        method(dist, "pdf")(lambda *args, **kwargs: np.exp(log(*args, **kwargs)))
        return method(dist, "logpdf")(log)

    return declare


# --- the normal distribution and Student's


@density("multivariate_normal")
def _normal(x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
    checked = allow_singular or isinstance(cov, stats.Covariance)
    mean, cov = location_and_scale(mean, cov)
    lower = lower_factor(cov, "multivariate_normal") if checked else cholesky(cov, True)
    return np.squeeze(-0.5 * (np.shape(mean)[0] * LOG_2PI + log_det(lower) + distances(x, mean, lower)))


@method("multivariate_normal", "entropy")
def _normal_entropy(mean: Any = None, cov: Any = 1) -> Any:
    mean, cov = location_and_scale(mean, cov)
    return 0.5 * (np.shape(mean)[0] * (LOG_2PI + 1) + log_det(lower_factor(cov, "multivariate_normal")))


def spread(scale: Any, diagonal: bool) -> tuple[Any, Any]:
    """Return what NumPy multiplies standard normal numbers by: an orthogonal matrix, and factors of its rows."""
    if diagonal:
        return np.eye(np.shape(scale)[0]), np.sqrt(np.diagonal(scale))
    _, values, turn = np.linalg.svd(scale)
    return turn, np.sqrt(values)


@method("multivariate_normal", "rvs", own_value=False)
def _normal_rvs(mean: Any = None, cov: Any = 1, size: Any = 1, random_state: Any = None) -> Any:
    if isinstance(cov, stats.Covariance):
        raise UnsupportedArgumentError(
            "scipy.stats.multivariate_normal.rvs has no derivative rule for a Covariance object; pass cov.covariance"
        )
    own = VECTORS["multivariate_normal"].own
    loc, scale = location_and_scale(mean, cov)
    diagonal = np.ndim(cov) < 2

    def draw(loc: Any, scale: Any) -> Any:
        value = own.rvs(loc, scale, size, random_state)
        turn, roots = spread(scale, diagonal)
        away = np.reshape(value, (-1, len(loc))) - loc
        return value, away @ turn.T / np.where(roots > 0, roots, 1.0)

    # the standard normal numbers behind the draws do not move
    value, z = drawn("multivariate_normal", draw, [plain(loc), plain(scale)])
    turn, roots = spread(scale, diagonal)
    return with_value(np.reshape(loc + z * roots @ turn, np.shape(value)), value)


def student_log_constant(df: Any, dim: int) -> Any:
    """The logarithm of the density at 0 for a determinant of 1, by products that do not cancel for large df.

    Gamma((df + dim) / 2) / Gamma(df / 2) is a product of dim // 2 factors, and of the ratio for dim = 1 where dim is odd.
    """
    total = student_constant(df) if dim % 2 else 0.0
    for k in range(dim % 2, dim, 2):
        total = total + np.log1p(k / df)
    return total - (dim // 2) * LOG_2PI


@density("multivariate_t")
def _student(x: Any, loc: Any = None, shape: Any = 1, df: Any = 1) -> Any:
    loc, shape = location_and_scale(loc, shape)
    df = 1 if df is None else as_operand(df)
    lower, dim = lower_factor(shape, "multivariate_t"), np.shape(loc)[0]
    if not contains_tracer(df) and np.isinf(df):
        return np.squeeze(-0.5 * (dim * LOG_2PI + log_det(lower) + distances(x, loc, lower)))
    tail = 0.5 * (df + dim) * np.log1p(distances(x, loc, lower) / df)
    return np.squeeze(student_log_constant(df, dim) - 0.5 * log_det(lower) - tail)


# --- shares and counts


def log_beta(alpha: Any) -> Any:
    """Return the logarithm of the integral of the powers alpha - 1 of shares."""
    return np.sum(special.gammaln(alpha)) - special.gammaln(np.sum(alpha))


@density("dirichlet")
def _dirichlet(x: Any, alpha: Any) -> Any:
    x, alpha = as_operand(x), as_operand(alpha)
    if np.shape(x)[0] != np.shape(alpha)[0]:
        x = np.concatenate([x, 1 - np.sum(x, 0, keepdims=True)])
    return np.squeeze(np.sum(special.xlogy(alpha - 1, x.T), -1) - log_beta(alpha))


@method("dirichlet", "entropy")
def _dirichlet_entropy(alpha: Any) -> Any:
    alpha = as_operand(alpha)
    total = np.sum(alpha)
    return (
        log_beta(alpha)
        + (total - np.shape(alpha)[0]) * special.psi(total)
        - np.sum((alpha - 1) * special.psi(alpha))
    )


@method("dirichlet", "mean")
def _dirichlet_mean(alpha: Any) -> Any:
    alpha = as_operand(alpha)
    return np.squeeze(alpha / np.sum(alpha))


@method("dirichlet", "var")
def _dirichlet_var(alpha: Any) -> Any:
    alpha = as_operand(alpha)
    share, total = alpha / np.sum(alpha), np.sum(alpha)
    return np.squeeze(share * (1 - share) / (total + 1))


def completed(p: Any) -> Any:
    """Return probabilities as SciPy reads them: the last one is what the others leave, where their sum is not 1."""
    rest = 1.0 - np.sum(p[..., :-1], -1, keepdims=True)
    off = np.abs(plain(np.sum(p, -1, keepdims=True)) - 1) > 10 * np.finfo(float).eps
    return np.concatenate([p[..., :-1], np.where(off, rest, p[..., -1:])], -1)


def log_counts(own: Constant, x: Any, n: Any, p: Any) -> Any:
    """Return the logarithm of the probability of counts; where they are impossible it is constant."""
    x, n, p = as_operand(x), as_operand(n), as_operand(p)
    for name, value in (("x", x), ("n", n)):
        if not is_plain(value):
            raise UnsupportedArgumentError(
                f"{own.name} has no derivative with respect to {name!r}, which is whole; pass "
                "`funcad.stop_gradient(value)` there if the derivative through it is not wanted"
            )
    value = own.apply((x, n, p), {})
    terms = np.sum(special.xlogy(x, completed(p)), -1)
    possible = np.equal(np.sum(x, -1), n) & np.all(np.greater_equal(x, 0), -1)
    return np.where(possible, terms, 0.0), value


def counts(name: str, outer: Callable[[Any, Any], Any]) -> None:
    """Add a method of the multinomial distribution."""
    native = getattr(VECTORS["multinomial"].own, name)
    own, given = Constant(f"scipy.stats.multinomial.{name}", native), inspect.signature(native)

    @functools.wraps(native)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not traced(args, kwargs):
            return native(*args, **kwargs)
        terms, value = log_counts(own, *given.bind(*args, **kwargs).args)
        return with_value(outer(terms, value), value)

    vars(VECTORS["multinomial"])["methods"][name] = call


counts("logpmf", lambda terms, value: terms)
counts("pmf", lambda terms, value: value * np.exp(terms - plain(terms)))


# --- matrices


def stack_of(x: Any, dim: int) -> Any:
    """Return matrices along the last axis, as SciPy reads what stands for them."""
    x = as_operand(x)
    if np.ndim(x) == 1 and dim == 1:
        return np.reshape(x, (1, 1, -1))
    return np.expand_dims(matrix(x, dim), -1) if np.ndim(x) < 3 else x


def factors(x: Any) -> tuple[Any, Any]:
    """Return the lower factors of matrices along the last axis, along the first one, and their log determinants."""
    lower = np.linalg.cholesky(np.moveaxis(x, -1, 0))
    return lower, 2 * np.sum(np.log(np.diagonal(lower, axis1=-2, axis2=-1)), -1)


def scale_of(df: Any, scale: Any) -> tuple[Any, Any, int]:
    """Return the degrees of freedom, the scale matrix and its dimension."""
    scale = 1.0 if scale is None else as_operand(scale)
    scale = matrix(scale, 1)
    dim = int(np.shape(scale)[0])
    return dim if df is None else as_operand(df), scale, dim


@density("wishart")
def _wishart(x: Any, df: Any, scale: Any) -> Any:
    df, scale, dim = scale_of(df, scale)
    x, lower = stack_of(x, dim), cholesky(scale, True)
    inner = by_lower(lower, np.reshape(whitened(lower, x, 0), (dim, -1)), 1)
    trace = np.trace(np.reshape(inner, np.shape(x)))
    constant = 0.5 * df * (dim * LOG_2 + log_det(lower)) + multigammaln(0.5 * df, dim)
    return np.squeeze(0.5 * (df - dim - 1) * factors(x)[1] - 0.5 * trace - constant)


@density("invwishart")
def _invwishart(x: Any, df: Any, scale: Any) -> Any:
    df, scale, dim = scale_of(df, scale)
    lower = cholesky(scale, True)
    of_x, log_det_x = factors(stack_of(x, dim))
    trace = np.sum(np.linalg.solve(of_x, lower) ** 2, (-2, -1))
    constant = 0.5 * df * (dim * LOG_2 - log_det(lower)) + multigammaln(0.5 * df, dim)
    return np.squeeze(-0.5 * (df + dim + 1) * log_det_x - 0.5 * trace - constant)


@density("matrix_normal")
def _matrix_normal(X: Any, mean: Any = None, rowcov: Any = 1, colcov: Any = 1) -> Any:
    X, rowcov, colcov = as_operand(X), as_operand(rowcov), as_operand(colcov)
    rows, columns = np.shape(X)[-2:]
    row, column = cholesky(matrix(rowcov, rows), True), cholesky(matrix(colcov, columns), True)
    away = X if mean is None else X - as_operand(mean)
    squares = np.sum(whitened(column, whitened(row, away, -2), -1) ** 2, (-2, -1))
    constant = rows * columns * LOG_2PI + columns * log_det(row) + rows * log_det(column)
    return np.squeeze(-0.5 * (constant + squares))
