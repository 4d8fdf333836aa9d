"""Random numbers that move with the parameters of their distribution at a fixed probability.

Each function takes the parameters, a draw, and the parameters `at` which it was drawn. There its value is the
very draw; elsewhere the draw is moved along the differential equation of its quantile. The rules:

    t, g   the tangent of the parameter, the cotangent of the result
    ans    the moved draw
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcad.core.batching import Call
from funcad.core.broadcast import own_dtype
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching
from funcad.core.tracer import plain
from funcad.rules.slopes.families import (
    beta_slope,
    f_slopes,
    gamma_slope,
    t_slope,
    vonmises_slope,
    wald_slopes,
)

#: how long a step is that leads from the parameters of a draw to others, and how many there are at most
STEP, STEPS = 0.005, 16


def moved(slopes: Callable[..., tuple[Any, ...]], draw: Any, params: Sequence[Any], at: Sequence[Any]) -> Any:
    """Return a draw moved from its parameters to others, by the method of Runge and Kutta."""
    if all(np.array_equal(p, q) for p, q in zip(params, at, strict=True)):
        return draw
    ways = [np.subtract(p, q) for p, q in zip(params, at, strict=True)]

    def speed(z: Any, s: float) -> Any:
        parts = slopes(z, *[q + s * way for q, way in zip(at, ways, strict=True)])
        return sum([part * way for part, way in zip(parts, ways, strict=True)])

    longest = max([np.max(np.abs(way), initial=0.0) for way in ways])
    steps = min(STEPS, 1 + int(longest / STEP))
    h = 1 / steps
    for n in range(steps):
        s = n * h
        a = speed(draw, s)
        b = speed(draw + h / 2 * a, s + h / 2)
        c = speed(draw + h / 2 * b, s + h / 2)
        d = speed(draw + h * c, s + h)
        draw = draw + h / 6 * (a + 2 * b + 2 * c + d)
    return draw


def of_draw(change: Any, ans: Any) -> Any:
    """Return a change of a draw in the dtype of the draw."""
    dtype = own_dtype(plain(ans))
    return change if dtype is None or dtype == np.float64 else change.astype(dtype)


def double(x: Any) -> Any:
    """Return a draw in double precision."""
    dtype = own_dtype(x)
    return x if dtype is None or dtype == np.float64 else x.astype(np.float64)


def aligned(c: Call) -> Any:
    """Move the draws of all examples at once."""
    rank = max([c.rank(k) for k in range(len(c.values))])
    return c.evaluate(*[c.aligned(k, rank) if c.stacked[k] else c.values[k] for k in range(len(c.values))])


# --- the slopes by each parameter


def beta_slopes(z: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """The derivatives of a beta number by its parameters."""
    return beta_slope(z, 1 - z, a, b), -beta_slope(1 - z, z, b, a)


def _gamma(a: Any, draw: Any, at: Any) -> Any:
    return moved(lambda z, a: (gamma_slope(z, a),), draw, (a,), (at,))


def _beta(a: Any, b: Any, draw: Any, at: Any, bt: Any) -> Any:
    return moved(beta_slopes, draw, (a, b), (at, bt))


def _f(m: Any, n: Any, draw: Any, mt: Any, nt: Any) -> Any:
    return moved(f_slopes, draw, (m, n), (mt, nt))


def _t(n: Any, draw: Any, at: Any) -> Any:
    return moved(lambda z, n: (t_slope(z, n),), draw, (n,), (at,))


def _vonmises(k: Any, draw: Any, at: Any) -> Any:
    return moved(lambda z, k: (vonmises_slope(z, k),), draw, (k,), (at,))


def _wald(m: Any, s: Any, draw: Any, mt: Any, st: Any) -> Any:
    return moved(wald_slopes, draw, (m, s), (mt, st))


gamma_of, beta_of, f_of, t_of, vonmises_of, wald_of = (
    PrimitiveFunction(fn, name=f"random: {fn.__name__[1:]} at a fixed probability")
    for fn in (_gamma, _beta, _f, _t, _vonmises, _wald)
)

# fmt: off
gamma_of.def_jvp(   lambda t, ans, a:    of_draw(t * gamma_slope(double(ans), a), ans), None, None)
gamma_of.def_vjp(   lambda g, ans, a:            g * gamma_slope(double(ans), a),       None, None)
beta_of.def_jvp(    lambda t, ans, a, b: t * beta_slope(ans, 1 - ans, a, b),  lambda t, ans, a, b: t * -beta_slope(1 - ans, ans, b, a), None, None, None)
beta_of.def_vjp(    lambda g, ans, a, b: g * beta_slope(ans, 1 - ans, a, b),  lambda g, ans, a, b: g * -beta_slope(1 - ans, ans, b, a), None, None, None)
f_of.def_jvp(       lambda t, ans, m, n: t * f_slopes(ans, m, n)[0],          lambda t, ans, m, n: t * f_slopes(ans, m, n)[1],          None, None, None)
f_of.def_vjp(       lambda g, ans, m, n: g * f_slopes(ans, m, n)[0],          lambda g, ans, m, n: g * f_slopes(ans, m, n)[1],          None, None, None)
t_of.def_jvp(       lambda t, ans, n:    t * t_slope(ans, n),         None, None)
t_of.def_vjp(       lambda g, ans, n:    g * t_slope(ans, n),         None, None)
vonmises_of.def_jvp(lambda t, ans, k:    t * vonmises_slope(ans, k),  None, None)
vonmises_of.def_vjp(lambda g, ans, k:    g * vonmises_slope(ans, k),  None, None)
wald_of.def_jvp(    lambda t, ans, m, s: t * wald_slopes(ans, m, s)[0],       lambda t, ans, m, s: t * wald_slopes(ans, m, s)[1],       None, None, None)
wald_of.def_vjp(    lambda g, ans, m, s: g * wald_slopes(ans, m, s)[0],       lambda g, ans, m, s: g * wald_slopes(ans, m, s)[1],       None, None, None)

batching(aligned, gamma_of, beta_of, f_of, t_of, vonmises_of, wald_of)
# fmt: on
