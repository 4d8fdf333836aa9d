"""Sample calls of the methods of a generator of random numbers.

A finite difference needs the same random numbers at two values of a parameter. `Frozen` begins at the same
state in every call; what NumPy draws by rejection it draws at a fixed parameter, and moves from there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.random.drawing import METHODS, pinned
from funcad.rules.random.moving import beta_of, f_of, gamma_of, t_of, vonmises_of, wald_of
from funcad.testing.samples import array, call, positive_definite, samples

#: where parameters are drawn: close to the `CENTRE`, from which draws are moved
CENTRE = 2.0
near = Domain("near 2", 1.97, 2.03)
twice = Domain("near 4", 3.94, 4.06)
apart = Domain("near 5", 4.5, 5.5)
probability = Domain("probability", 0.2, 0.8)


class Frozen(np.random.Generator):
    """A generator that draws the same numbers in every call, as smooth functions of the parameters."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self._begin = self.bit_generator.state

    def __repr__(self) -> str:
        return "rng"

    def __getattribute__(self, name: str) -> Any:
        if name in METHODS or name in ("random", "standard_normal", "standard_exponential"):
            self.bit_generator.state = self._begin
        return super().__getattribute__(name)


def inverted(name: str, quantile: Any, count: int = 1) -> None:
    """Have a method of `Frozen` draw at fixed parameters and move the draw to those that it is given."""

    def method(rng: Any, *given: Any, size: Any = None, dtype: Any = np.float64) -> Any:
        params, size = given[:count], given[count] if len(given) > count else size
        shape = np.broadcast_shapes(*[np.shape(p) for p in params]) if size is None else size
        at = [np.full_like(p, CENTRE, np.float64) for p in params]
        z = quantile(*params, getattr(super(Frozen, rng), name)(*at, size=shape), *at)
        return np.asarray(z, dtype) if np.shape(z) else float(dtype(z))

    setattr(Frozen, name, method)


def _gamma_draw(rng: Any, shape: Any, scale: Any, size: Any = None) -> Any:
    shapes = np.shape(shape), np.shape(scale)
    return np.asarray(scale, np.float64)[()] * rng.standard_gamma(
        shape, size=np.broadcast_shapes(*shapes) if size is None else size
    )


def _chisquare_draw(rng: Any, df: Any, size: Any = None) -> Any:
    return 2 * rng.standard_gamma(df / 2, size=size)


def _vonmises_draw(rng: Any, mu: Any, kappa: Any, size: Any = None) -> Any:
    at = np.full_like(kappa, CENTRE, np.float64)
    shape = np.broadcast_shapes(np.shape(mu), np.shape(kappa)) if size is None else size
    return mu + vonmises_of(kappa, super(Frozen, rng).vonmises(0.0, at, size=shape), at)


def _dirichlet_draw(rng: Any, alpha: Any, size: Any = None) -> Any:
    shape = () if size is None else tuple(np.atleast_1d(size))
    if np.max(alpha) >= 0.1:
        z = rng.standard_gamma(alpha, size=(*shape, len(alpha)))
        return z / np.sum(z, axis=-1, keepdims=True)
    rest = np.cumsum(alpha[::-1])[::-1]
    part = rng.beta(alpha[:-1], rest[1:], size=(*shape, len(alpha) - 1))
    left = np.cumprod(1 - part, axis=-1)
    one = np.ones_like(left[..., :1])
    return np.concatenate([one, left], axis=-1) * np.concatenate([part, one], axis=-1)


inverted("standard_gamma", gamma_of)
inverted("beta", beta_of, 2)
inverted("f", f_of, 2)
inverted("standard_t", t_of)
inverted("wald", wald_of, 2)
Frozen.gamma = _gamma_draw  # type: ignore[method-assign, assignment]
Frozen.chisquare = _chisquare_draw  # type: ignore[method-assign, assignment]
Frozen.vonmises = _vonmises_draw  # type: ignore[method-assign, assignment]
Frozen.dirichlet = _dirichlet_draw  # type: ignore[method-assign, assignment]

RNG = Frozen(3)
ONE, ROW, COLUMN, NONE = (array(*shape, domain=near) for shape in ((), (3,), (2, 1), (0,)))

DRAWS = np.array([0.3, 0.6, 0.9])
AT = np.full(3, CENTRE)

samples(pinned, call(array(3), np.zeros(3), np.ones(3)), call(array(), 0.5, 1.0, float32=False))
for _quantile in (gamma_of, t_of, vonmises_of):
    samples(_quantile, call(ROW, DRAWS, AT, float32=False), call(ONE, DRAWS, 2.0, order=1, float32=False))
samples(wald_of, call(ROW, ONE, DRAWS, AT, 2.0, float32=False))
samples(beta_of, call(ONE, ONE, 0.6, 2.0, 2.0, float32=False))  # these formulas are long
samples(f_of, call(ONE, ONE, 0.6, 2.0, 2.0, order=1, float32=False))

for _name in ("normal", "laplace", "logistic", "gumbel", "lognormal"):
    samples(METHODS[_name], call(RNG, ONE, ONE), call(RNG, ROW, COLUMN), call(RNG, ROW, 2.0, (2, 3)))
    samples(METHODS[_name], call(RNG, 2.0, ONE, size=4), call(RNG, NONE, ONE))
for _name in ("exponential", "rayleigh", "weibull", "pareto", "power"):
    samples(METHODS[_name], call(RNG, ONE), call(RNG, ROW, size=(2, 3)), call(RNG, NONE))
# the quantiles above have their second order there
for _name in ("gamma", "wald", "vonmises"):
    samples(
        METHODS[_name], call(RNG, ONE, ONE, order=1), call(RNG, ROW, COLUMN, (2, 3), order=1, float32=False)
    )
for _name in ("standard_gamma", "standard_t"):
    samples(METHODS[_name], call(RNG, ONE, order=1), call(RNG, ROW, size=(2, 3), order=1, float32=False))
for _name in ("beta", "f"):
    samples(METHODS[_name], call(RNG, ONE, ONE, size=2, order=1, float32=False))
samples(METHODS["gamma"], call(RNG, NONE, ONE, order=1))
samples(METHODS["standard_gamma"], call(RNG, ONE, dtype=np.float64, order=1, float32=False))
samples(METHODS["chisquare"], call(RNG, array(2, domain=twice), size=(2, 2), order=1, float32=False))
samples(
    METHODS["uniform"],
    call(RNG, array(domain=near), array(domain=apart)),
    call(RNG, array(3, domain=near), array(2, 1, domain=apart)),
    call(RNG, high=array(domain=apart), size=4),
)
samples(
    METHODS["triangular"],
    call(RNG, array(domain=probability), array(domain=near), array(domain=apart)),
    call(RNG, array(3, domain=probability), 2.0, array(2, 1, domain=apart), size=(2, 3)),
)
samples(METHODS["dirichlet"], call(RNG, array(2, domain=near), size=2, order=1, float32=False))
samples(
    METHODS["multivariate_normal"],
    call(RNG, array(3), positive_definite(3, 3), method="cholesky", tol=1e-6, float32=False),
    call(RNG, array(2), [[2.0, 0.5], [0.5, 1.0]], (3, 2), float32=False),
    call(RNG, array(2), [[2.0, 0.5], [0.5, 1.0]], method="eigh", check_valid="raise", float32=False),
)
samples(
    METHODS["permutation"],
    call(RNG, array(4)),
    call(RNG, array(3, 2)),
    call(RNG, array(3, 2), axis=1),
)
samples(
    METHODS["permuted"],
    call(RNG, array(4)),
    call(RNG, array(3, 2)),
    call(RNG, array(3, 2), axis=1),
)
samples(
    METHODS["choice"],
    call(RNG, array(4)),
    call(RNG, array(4), 3),
    call(RNG, array(4), size=(2, 2), replace=False),
    call(RNG, array(3, 2), 2, p=[0.2, 0.3, 0.5]),
    call(RNG, array(3, 4), 2, axis=1, shuffle=False, replace=False),
)
