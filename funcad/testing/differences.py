"""Numeric directional derivatives with an error estimate: the reference of every check.

Central differences over a falling sequence of steps are extrapolated to step zero (Ridders);
entry by entry the estimate with the smallest error is kept, so a step that crosses a kink or
leaves the domain does no harm. Where the function accepts complex input and is analytic, the
complex step is sharper, and is taken if it agrees with the differences.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from funcad.testing.vectors import Vector, leaves_of, pack

#: the largest step, relative to the direction, which has the scale of the argument
FIRST = 0.1
SHRINK = 2.0
STEPS = 11
COMPLEX_STEP = 1e-20
#: what NumPy and Python raise outside of a function's domain
OUTSIDE = (ArithmeticError, ValueError, np.linalg.LinAlgError)


@frozen
class Estimate:
    """A derivative along a direction, all outputs as one vector, with the error of each entry."""

    value: Vector
    error: Vector
    method: str
    #: the size of the function's values, which rounding errors are relative to
    scale: float

    @property
    def top(self) -> float:
        """The size of the largest entry."""
        return float(np.max(np.abs(self.value), initial=0.0))


def derivative(fn: Callable[..., Any], point: Sequence[Any], direction: Sequence[Any]) -> Estimate:
    """Estimate the derivative of a function of leaves along a direction.

    Args:
        fn: a function of leaves that returns one leaf or a tuple of them.
        point: the leaves, of real or complex floating-point dtype; single precision is widened.
        direction: a leaf for each, of the same shape and about the scale of the point.
    """
    xs, ts = [widened(x) for x in point], [widened(t) for t in direction]
    # nothing of the function is differentiable away from the user's own precision
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            center = pack(leaves_of(fn(*xs)))
        except Exception:
            xs, ts = list(point), list(direction)
            center = pack(leaves_of(fn(*xs)))
        estimate = ridders(fn, xs, ts, center)
        sharper = complex_step(fn, xs, ts, center)
    if sharper is not None and agree(sharper, estimate):
        error = 1e-14 * (np.abs(sharper) + estimate.scale)
        return Estimate(sharper, error, "complex step", estimate.scale)
    return estimate


def ridders(fn: Callable[..., Any], xs: Sequence[Any], ts: Sequence[Any], center: Vector) -> Estimate:
    """Extrapolate central differences to step zero, keeping for every entry the best estimate."""
    scale = _size(center)
    best = np.full(center.shape, np.nan, center.dtype)
    error = np.full(center.shape, np.inf)
    previous: list[Vector] = []
    noise: Any = 0.0
    for i in range(STEPS):
        h = FIRST / SHRINK**i
        ahead, behind = moved_by(fn, xs, ts, h, center), moved_by(fn, xs, ts, -h, center)
        # a row is extrapolated with the row before, and has the noise of both
        noise_before, noise = noise, coarseness(ahead, behind)
        scale = max(scale, _size(ahead), _size(behind)) if i == 0 else scale
        row = [(ahead - behind) / (2.0 * h)]
        if jumps(ahead, behind, center, scale):
            row = [np.full(center.shape, np.nan, center.dtype)]
        rounding = np.maximum(noise_before, noise) / h + 2.0**-52 * scale / h
        for j, before in enumerate(previous):
            factor = SHRINK ** (2 * (j + 1))
            row.append((factor * row[j] - before) / (factor - 1.0))
            e = np.maximum(np.abs(row[-1] - row[j]), np.abs(row[-1] - before)) + rounding
            better = e < error  # False where a step left the domain and gave nan
            best = np.where(better, row[-1], best)
            error = np.where(better, e, error)
        if np.all(error <= 1e-12 * np.abs(best) + rounding):
            break
        previous = row
    return Estimate(best, error, "finite differences", scale)


def moved_by(
    fn: Callable[..., Any], xs: Sequence[Any], ts: Sequence[Any], h: float, center: Vector
) -> Vector:
    """Return the function's values after a step; nan where the step leaves the domain."""
    try:
        values = pack(leaves_of(fn(*[moved(x, t, h) for x, t in zip(xs, ts, strict=True)])))
    except OUTSIDE:
        values = np.full(0, np.nan)
    return values if values.shape == center.shape else np.full(center.shape, np.nan, center.dtype)


def jumps(ahead: Vector, behind: Vector, center: Vector, scale: float) -> bool:
    """Tell whether a value differs from both its neighbours, as where the sign of a vector is arbitrary."""
    bend = np.abs((ahead + behind) / 2.0 - center)
    return bool(np.any(bend > 2.0 * np.abs(ahead - behind) + 0.1 * scale))


def _size(values: Vector) -> float:
    size = np.abs(values)
    return float(np.max(size, initial=0.0, where=np.isfinite(size)))


def coarseness(ahead: Vector, behind: Vector) -> Vector:
    """Return the rounding of values that are computed in single precision inside; else zero."""
    single = np.complex64 if ahead.dtype.kind == "c" else np.float32
    coarse = (ahead != behind) & (ahead == ahead.astype(single)) & (behind == behind.astype(single))
    size: Vector = np.where(coarse, 2.0**-23 * np.abs(ahead), 0.0)
    return size


def complex_step(
    fn: Callable[..., Any], xs: Sequence[Any], ts: Sequence[Any], center: Vector
) -> Vector | None:
    """Return Im f(x + i h t) / h, or None where it does not apply."""
    if center.dtype.kind == "c" or any(np.asarray(x).dtype.kind == "c" for x in xs):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            z = [moved(x, t, 1j * COMPLEX_STEP) for x, t in zip(xs, ts, strict=True)]
            out = pack(leaves_of(fn(*z)))
    except Exception:
        return None  # the function does not take complex numbers
    if out.shape != center.shape or out.dtype.kind != "c" or not np.all(np.isfinite(out)):
        return None
    if not np.allclose(out.real, center, rtol=1e-12, atol=1e-14 * np.max(np.abs(center), initial=0.0)):
        return None
    slope: Vector = out.imag / COMPLEX_STEP
    return slope


def agree(sharper: Vector, estimate: Estimate) -> bool:
    """Tell whether the complex step lies within the error of the differences everywhere."""
    allowed = 10.0 * estimate.error + 1e-7 * np.abs(estimate.value) + 1e-12 * estimate.scale
    return bool(np.all(np.abs(sharper - estimate.value) <= allowed))


def moved(x: Any, t: Any, h: complex) -> Any:
    """Return x + h t; an array of shape () stays an array."""
    y = x + h * t
    return np.asarray(y) if isinstance(x, np.ndarray) else y


def widened(x: Any) -> Any:
    """Return a leaf of half or single precision in double precision, others as they are."""
    dtype = getattr(x, "dtype", None)
    if dtype is None or dtype.itemsize >= (16 if dtype.kind == "c" else 8):
        return x
    return x.astype(complex if dtype.kind == "c" else float)
