"""The families of random numbers: one row, or one function, per method of the generator.

Names in scope of a formula: `z` is the standard draw (a number between 0 and 1 where the method makes one out of
that), the others are the parameters of NumPy's method.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcad.core.tracer import anywhere, plain
from funcad.errors import BatchError, UnsupportedArgumentError
from funcad.rules.random.drawing import method, native, twice, wide, with_value
from funcad.rules.random.moving import beta_of, f_of, gamma_of, t_of, vonmises_of, wald_of


def family(
    name: str, params: str, defaults: Sequence[Any], standard: Any, formula: Callable[..., Any]
) -> None:
    """Declare a method whose draw is a formula of a standard draw and its parameters."""

    @method(name, params, defaults)
    def compute(rng: Any, *values: Any, size: Any = None) -> Any:
        given = [wide(v) for v in values]
        z, value = twice(rng, name, lambda rng, size, *_: standard(rng, size), given, size)
        return with_value(formula(z, *given), value)


def standard(name: str, *params: float) -> Callable[..., Any]:
    """Return the draw of a method with fixed parameters."""
    return lambda rng, size: native(rng, name)(*params, size=size)


def triangle(z: Any, left: Any, mode: Any, right: Any) -> Any:
    """The quantile of a triangle."""
    base = right - left
    rising = plain(z) <= plain((mode - left) / base)
    # each root where it is taken, since the other one may be that of a number below 0
    up = np.sqrt(np.where(rising, z * (mode - left) * base, 1.0))
    down = np.sqrt(np.where(rising, 1.0, (1 - z) * (right - mode) * base))
    return np.where(rising, left + up, right - down)


NORMAL, UNIFORM, EXPONENTIAL = (
    standard("standard_normal"),
    standard("random"),
    standard("standard_exponential"),
)

# fmt: off
family("normal",      "loc scale",       (0.0, 1.0), NORMAL,                        lambda z, loc, scale: loc + scale * z)
family("lognormal",   "mean sigma",      (0.0, 1.0), NORMAL,                        lambda z, mean, sigma: np.exp(mean + sigma * z))
family("uniform",     "low high",        (0.0, 1.0), UNIFORM,                       lambda z, low, high: low + (high - low) * z)
family("triangular",  "left mode right", (),         UNIFORM,                       triangle)
family("exponential", "scale",           (1.0,),     EXPONENTIAL,                   lambda z, scale: scale * z)
family("weibull",     "a",               (),         EXPONENTIAL,                   lambda z, a: np.power(z, 1 / a))
family("pareto",      "a",               (),         EXPONENTIAL,                   lambda z, a: np.expm1(z / a))
family("power",       "a",               (),         EXPONENTIAL,                   lambda z, a: np.power(-np.expm1(-z), 1 / a))
family("laplace",     "loc scale",       (0.0, 1.0), standard("laplace", 0.0, 1.0),  lambda z, loc, scale: loc + scale * z)
family("logistic",    "loc scale",       (0.0, 1.0), standard("logistic", 0.0, 1.0), lambda z, loc, scale: loc + scale * z)
family("gumbel",      "loc scale",       (0.0, 1.0), standard("gumbel", 0.0, 1.0),   lambda z, loc, scale: loc + scale * z)
family("rayleigh",    "scale",           (1.0,),     standard("rayleigh", 1.0),      lambda z, scale: scale * z)
# fmt: on


# --- families without a formula: the draw moves at a fixed probability


def alone(rng: Any, name: str, params: Sequence[Any], size: Any, **kwargs: Any) -> Any:
    """Return NumPy's draw with plain parameters."""
    return twice(rng, name, lambda *_: 0.0, params, size, **kwargs)[1]


@method("standard_gamma", "shape")
def _standard_gamma(rng: Any, shape: Any, size: Any = None, dtype: Any = np.float64) -> Any:
    shape = wide(shape)
    return gamma_of(shape, alone(rng, "standard_gamma", [shape], size, dtype=dtype), plain(shape))


def gammas(rng: Any, size: Any, shape: Any, *_: Any) -> Any:
    """Draw standard gamma numbers."""
    return native(rng, "standard_gamma")(shape, size=size)


@method("gamma", "shape scale", (1.0,))
def _gamma(rng: Any, shape: Any, scale: Any, size: Any = None) -> Any:
    shape, scale = wide(shape), wide(scale)
    z, value = twice(rng, "gamma", gammas, [shape, scale], size)
    return with_value(scale * gamma_of(shape, z, plain(shape)), value)


@method("chisquare", "df")
def _chisquare(rng: Any, df: Any, size: Any = None) -> Any:
    half = wide(df) / 2
    z, value = twice(rng, "chisquare", lambda rng, size, df: gammas(rng, size, df / 2), [wide(df)], size)
    return with_value(2 * gamma_of(half, z, plain(half)), value)


@method("beta", "a b")
def _beta(rng: Any, a: Any, b: Any, size: Any = None) -> Any:
    a, b = wide(a), wide(b)
    return beta_of(a, b, alone(rng, "beta", [a, b], size), plain(a), plain(b))


@method("f", "dfnum dfden")
def _f(rng: Any, dfnum: Any, dfden: Any, size: Any = None) -> Any:
    m, n = wide(dfnum), wide(dfden)
    return f_of(m, n, alone(rng, "f", [m, n], size), plain(m), plain(n))


@method("standard_t", "df")
def _standard_t(rng: Any, df: Any, size: Any = None) -> Any:
    df = wide(df)
    return t_of(df, alone(rng, "standard_t", [df], size), plain(df))


@method("wald", "mean scale")
def _wald(rng: Any, mean: Any, scale: Any, size: Any = None) -> Any:
    mean, scale = wide(mean), wide(scale)
    return wald_of(mean, scale, alone(rng, "wald", [mean, scale], size), plain(mean), plain(scale))


@method("vonmises", "mu kappa")
def _vonmises(rng: Any, mu: Any, kappa: Any, size: Any = None) -> Any:
    mu, kappa = wide(mu), wide(kappa)
    value = alone(rng, "vonmises", [mu, kappa], size)
    angle = value - plain(mu)
    angle = angle - 2 * np.pi * np.round(angle / (2 * np.pi))
    return with_value(mu + vonmises_of(kappa, angle, plain(kappa)), value)


@method("dirichlet", "alpha")
def _dirichlet(rng: Any, alpha: Any, size: Any = None) -> Any:
    alpha = wide(alpha)
    if by_sticks(np.max(plain(alpha), initial=0.0), np.shape(alpha)):
        return sticks(rng, alpha, size)
    z, value = twice(rng, "dirichlet", lambda rng, _, a: gammas(rng, vectors(size, len(a)), a), [alpha], size)
    numbers = gamma_of(alpha, z, plain(alpha))
    return with_value(numbers / np.sum(numbers, axis=-1, keepdims=True), value)


def by_sticks(largest: Any, shape: tuple[int, ...]) -> bool:
    """Tell whether NumPy breaks sticks for a Dirichlet draw, and does not divide gamma numbers by their sum.

    Raises:
        BatchError: it does so for some examples of a batch.
    """
    small = anywhere(largest < 0.1)
    if small and anywhere(largest >= 0.1):
        raise BatchError(
            "np.random.Generator.dirichlet draws otherwise where all alpha are below 0.1, which holds for some "
            "examples of the batch only; loop over the examples in place of vmap"
        )
    return small and shape != (0,)


def vectors(size: Any, length: int) -> tuple[int, ...]:
    """Return the shape of draws that are vectors."""
    return (*(() if size is None else tuple(np.atleast_1d(size))), length)


def sticks(rng: Any, alpha: Any, size: Any) -> Any:
    """Return a Dirichlet draw by beta numbers: each takes its part of what the ones before have left."""
    if np.any(plain(alpha)[-1:] == 0):
        raise UnsupportedArgumentError(
            "np.random.Generator.dirichlet has no derivative where the last alpha is 0 and all are below 0.1; leave "
            "out the zeros"
        )
    ahead = np.cumsum(alpha[::-1])[::-1]
    a, b = alpha[:-1], ahead[1:]

    def betas(rng: Any, _: Any, alpha: Any) -> Any:
        rest = np.cumsum(alpha[::-1])[::-1]
        return native(rng, "beta")(alpha[:-1], rest[1:], size=vectors(size, len(alpha) - 1))

    z, value = twice(rng, "dirichlet", betas, [alpha], size)
    part = beta_of(a, b, z, plain(a), plain(b))
    left = np.cumprod(1 - part, axis=-1)
    one = np.ones_like(plain(left[..., :1]))
    whole = np.concatenate([one, left], axis=-1) * np.concatenate([part, one], axis=-1)
    return with_value(whole, value)
