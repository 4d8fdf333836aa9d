"""Integrals over the nodes of Gauss and Legendre, and the digamma function, in traced NumPy.

Integrals end where their integrand has fallen to exp(-50); the ends are plain numbers, constant to a derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcad.core.tracer import anywhere, plain

#: the logarithm of what a density falls to at the end of an integral
DEPTH: Final = 50.0
#: B(2k) / 2k, of the asymptotic series of the digamma function
BERNOULLI: Final = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
SHIFT: Final = 12

_nodes, _weights = np.polynomial.legendre.leggauss(64)
NODES: Final = (1 + _nodes) / 2
WEIGHTS: Final = _weights / 2
#: how many numbers are computed together
TOGETHER: Final = 1 << 15


def column(x: Any) -> Any:
    """Return an array with an axis for the nodes of a sum behind its own."""
    return np.expand_dims(x, -1)


def quadrature(f: Callable[[Any], Any], size: int) -> Any:
    """The integral of f from 0 to 1, for arrays of some size: f gets nodes along a last axis, few for long arrays."""
    few = max(1, min(len(NODES), TOGETHER // max(size, 1)))
    total: Any = 0.0
    for k in range(0, len(NODES), few):
        total = total + np.sum(WEIGHTS[k : k + few] * f(NODES[k : k + few]), -1)
    return total


def integral(f: Callable[[Any], Any], end: Any) -> Any:
    """The integral of f from 0 to the end."""
    ends = column(end)
    return end * quadrature(lambda x: f(ends * x), np.size(end))


def fall(depth: Callable[[Any], tuple[Any, Any]], start: Any) -> Any:
    """Return where a convex function, given with its derivative, reaches `DEPTH`, from a start above that."""
    v = start
    for _ in range(24):
        value, slope = depth(v)
        v = np.maximum(v - (value - DEPTH) / slope, 0.0)
    return v


def chosen(*rows: tuple[Any, Callable[..., Any], tuple[float, ...]], values: tuple[Any, ...]) -> Any:
    """Return, where a condition holds, a formula of some values; 0 where none does.

    Args:
        rows: conditions of which one holds at most, formulas, and harmless arguments for where it does not hold.
        values: the arguments.
    """
    total: Any = np.zeros_like(plain(values[0]))
    for condition, formula, elsewhere in rows:
        if anywhere(condition):
            there = formula(*[np.where(condition, v, k) for v, k in zip(values, elsewhere, strict=True)])
            total = np.where(condition, there, total)
    return total


# --- the digamma function, and its differences without cancellation


def asymptotic(x: Any) -> Any:
    """The digamma function less its logarithm, for x of 12 or more."""
    y = 1 / (x * x)
    total: Any = 0.0
    for b in reversed(BERNOULLI):
        total = (total + b) * y
    return -0.5 / x - total


def digamma_less_log(x: Any) -> Any:
    """The digamma function less the logarithm, which is about -1 / 2x for large x."""
    total: Any = 0.0
    for k in range(SHIFT):
        total = total + 1 / (x + k)
    return asymptotic(x + SHIFT) + np.log1p(SHIFT / x) - total


def digamma(x: Any) -> Any:
    """The derivative of the logarithm of the gamma function, for positive x."""
    total: Any = 0.0
    for k in range(SHIFT):
        total = total + 1 / (x + k)
    return asymptotic(x + SHIFT) + np.log(x + SHIFT) - total


def digamma_step(x: Any, h: Any) -> Any:
    """The difference digamma(x + h) - digamma(x), exact for small h too."""
    total: Any = 0.0
    for k in range(SHIFT):
        total = total + h / ((x + k) * (x + h + k))
    y = x + SHIFT
    return total + np.log1p(h / y) + (asymptotic(y + h) - asymptotic(y))
