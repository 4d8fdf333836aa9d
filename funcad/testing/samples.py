"""Sample calls of primitives: what the checker draws, so that no rule goes unchecked.

A sample is a call whose arrays are specifications: `call(array(3, 4), axis=0)` stands for the
function applied to a random 3x4 array. Every specification that is differentiable is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import field, frozen

from funcad.core.domains import Domain, real


@frozen
class Spec:
    """An array to draw: a shape, a domain, and what to make of the drawn numbers."""

    shape: tuple[int, ...]
    domain: Domain = real
    make: Callable[[Any], Any] | None = None
    """a function applied to the drawn array, such as one that makes it positive definite"""
    complex: bool = False

    def draw(self, rng: np.random.Generator, dtype: Any = np.float64) -> Any:
        """Return a random array; a scalar of the dtype for the shape ()."""
        x = draw_from(self.domain, self.shape, rng)
        if self.complex:
            x = x + 1j * draw_from(self.domain, self.shape, rng)
            dtype = np.result_type(dtype, np.complex64)
        if self.make is not None:
            x = self.make(x)
        return np.asarray(x).astype(dtype)[()]


def draw_from(domain: Domain, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    """Return random numbers of a domain, at a distance from its kink."""
    if domain.integer:
        return rng.integers(int(domain.low), int(domain.high), shape, endpoint=True)
    x = rng.uniform(domain.low, domain.high, shape)
    if domain.avoid is not None:
        away = np.where(x < domain.avoid, -0.2, 0.2)
        x = np.where(np.abs(x - domain.avoid) < 0.2, x + away, x)
    return x


@frozen
class Call:
    """A sample call; specifications among the arguments, also inside lists, are drawn."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(factory=dict)
    order: int = 2
    """up to which order derivatives exist at this sample"""
    float32: bool = True
    """whether the sample makes sense in single precision"""


def array(*shape: int, domain: Domain = real, make: Any = None, complex: bool = False) -> Spec:
    """Specify an array to draw."""
    return Spec(shape, domain, make, complex)


def call(*args: Any, order: int = 2, float32: bool = True, **kwargs: Any) -> Call:
    """Specify a sample call."""
    return Call(args, kwargs, order, float32)


def _positive_definite(x: Any) -> Any:
    n = x.shape[-1]
    return x @ np.conjugate(np.swapaxes(x, -1, -2)) / n + np.eye(n)


def _well_conditioned(x: Any) -> Any:
    return x / x.shape[-1] + 2 * np.eye(x.shape[-1])


def _separated(x: Any) -> Any:
    """Make all elements differ by at least 0.1, so that no finite difference crosses a tie."""
    rank = np.argsort(np.argsort(x, axis=None)).reshape(x.shape)
    return np.sign(x) * 0.01 + 0.25 * (rank - x.size / 2)


def positive_definite(*shape: int) -> Spec:
    """Specify a symmetric positive definite matrix, or a stack of them."""
    return Spec(shape, make=_positive_definite)


def well_conditioned(*shape: int) -> Spec:
    """Specify a square matrix that is far from singular, or a stack of them."""
    return Spec(shape, make=_well_conditioned)


def separated(*shape: int) -> Spec:
    """Specify an array without ties, for max, sort and the like."""
    return Spec(shape, make=_separated)


#: the sample calls of every primitive that is not elementwise, by function
SAMPLES: dict[Any, tuple[Call, ...]] = {}


#: by function, the function of `funcad.numpy` that calls it where it does not see traced values itself
CALLED_BY: dict[Any, Any] = {}


def samples(fn: Any, *calls: Call, by: Any = None) -> None:
    """Add sample calls of a function, and what calls it where plain NumPy does not see traced values."""
    SAMPLES[fn] = SAMPLES.get(fn, ()) + calls
    if by is not None:
        CALLED_BY[fn] = by
