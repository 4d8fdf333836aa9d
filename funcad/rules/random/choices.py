"""Draws that select or count: a selection carries the derivative of what it selects, a count carries none."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.general import is_plain
from funcad.core.primitive import strip
from funcad.core.tracer import plain, user_line
from funcad.errors import AssignmentError, UnsupportedArgumentError
from funcad.rules.random.drawing import drawn, method, native, twice, wide, with_value
from funcad.rules.random.families import vectors

# --- selections: NumPy's own method selects among the places


def selection(rng: Any, name: str, x: Any, *params: Any, **kwargs: Any) -> Any:
    """Return the elements at the places that a method selects from an array of places."""
    x = as_operand(x)

    def places(x: Any, *params: Any) -> Any:
        numbers = np.arange(float(np.size(x))).reshape(np.shape(x))
        return np.asarray(native(rng, name)(numbers, *params, **kwargs)).astype(np.intp)[()]

    return np.take(np.ravel(x), drawn(name, places, [plain(x), *[strip(p) for p in params]]))


@method("permutation", "x")
def _permutation(rng: Any, x: Any, axis: int = 0) -> Any:
    return selection(rng, "permutation", x, axis=axis)


@method("permuted", "x")
def _permuted(rng: Any, x: Any, axis: int | None = None) -> Any:
    return selection(rng, "permuted", x, axis=axis)


@method("choice", "a size replace p", (None, True, None))
def _choice(rng: Any, a: Any, size: Any, replace: Any, p: Any, axis: int = 0, shuffle: bool = True) -> Any:
    if not contains_tracer(a):
        return drawn(
            "choice",
            lambda p: native(rng, "choice")(a, size, replace, p, axis, shuffle),
            [strip(p)],
        )
    if p is None:
        return selection(rng, "choice", a, size, replace, axis=axis, shuffle=shuffle)

    return selection(rng, "choice", a, size, replace, as_operand(p), axis=axis, shuffle=shuffle)


@method("shuffle", "x", kind="refuses")
def _shuffle(rng: Any, x: Any, axis: int = 0) -> Any:
    raise AssignmentError(
        f"np.random.Generator.shuffle at {user_line()} writes into a traced array; write "
        "`x = rng.permutation(x)`, which draws the same"
    )


# --- counts: plain values, as floor and round give them


def count(name: str, params: str, defaults: tuple[Any, ...] = ()) -> None:
    """Declare a method that draws integers, through which no derivative flows."""

    @method(name, params, defaults, "constant")
    def compute(rng: Any, *values: Any, **kwargs: Any) -> Any:
        given = [strip(as_operand(v)) for v in values]
        return drawn(name, lambda *p: native(rng, name)(*p, **kwargs), given)


# fmt: off
count("integers",                    "low high", (None,))
count("binomial",                    "n p")
count("negative_binomial",           "n p")
count("poisson",                     "lam", (1.0,))
count("zipf",                        "a")
count("geometric",                   "p")
count("hypergeometric",              "ngood nbad nsample")
count("logseries",                   "p")
count("multinomial",                 "n pvals")
count("multivariate_hypergeometric", "colors nsample")
# fmt: on


# --- families whose derivatives are not there


def without(name: str, params: str) -> None:
    """Declare a method that has no derivatives: its parameters may be a batch."""

    @method(name, params, kind="refuses")
    def compute(rng: Any, *values: Any, size: Any = None) -> Any:
        given = [as_operand(v) for v in values]
        if not all(is_plain(v) for v in given):
            raise UnsupportedArgumentError(
                f"np.random.Generator.{name} has no derivative with respect to its parameters ({params}); build the "
                "number from rng.normal and rng.chisquare, which have, or pass funcad.stop_gradient(value)"
            )
        return drawn(name, lambda *p: native(rng, name)(*p, size=size), given)


without("noncentral_chisquare", "df nonc")
without("noncentral_f", "dfnum dfden nonc")


# --- the normal distribution of vectors


@method("multivariate_normal", "mean cov")
def _multivariate_normal(
    rng: Any, mean: Any, cov: Any, size: Any = None, check_valid: str = "warn", tol: float = 1e-8, *,
    method: str = "svd",
) -> Any:  # fmt: skip
    mean, cov = wide(mean), wide(cov)
    kwargs = {"check_valid": check_valid, "tol": tol, "method": method}

    def normals(rng: Any, _: Any, mean: Any, cov: Any) -> Any:
        return native(rng, "standard_normal")(vectors(size, len(mean)))

    z, value = twice(rng, "multivariate_normal", normals, [mean, cov], size, **kwargs)
    return with_value(mean + z @ np.swapaxes(factor(cov, method), -1, -2), value)


def factor(cov: Any, method: str) -> Any:
    """Return the factor of a covariance by which NumPy multiplies standard normal numbers."""
    if method == "cholesky":
        return np.linalg.cholesky(cov)
    if method == "eigh":
        values, vectors = np.linalg.eigh(cov)
        return vectors * np.sqrt(np.abs(values))
    vectors, values, _ = np.linalg.svd(cov)
    return vectors * np.sqrt(values)
