"""`scipy.integrate`: integrals of samples, in the values, the places and the spacing.

They are linear in the values. Where places fall together the formulas are SciPy's: a quotient by zero counts as zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import integrate

from funcad.core.assemble import as_operand
from funcad.core.function import twin

trapezoid = twin(integrate.trapezoid)
cumulative_trapezoid = twin(integrate.cumulative_trapezoid)
simpson = twin(integrate.simpson)
cumulative_simpson = twin(integrate.cumulative_simpson)
romb = twin(integrate.romb)


def part(y: Any, axis: int, start: int | None, stop: int | None, step: int | None = None) -> Any:
    """Return a slice along an axis."""
    return y[(slice(None),) * (axis % y.ndim) + (slice(start, stop, step),)]


def at(y: Any, axis: int, k: int) -> Any:
    """Return the elements at a place of an axis, which the result has no more."""
    return y[(slice(None),) * (axis % y.ndim) + (k,)]


def along(x: Any, y: Any, axis: int) -> Any:
    """Return places in the number of axes of the values: a vector lies along one of them."""
    x = as_operand(x)
    if x.ndim != 1:
        return x
    shape = [1] * y.ndim
    shape[axis] = -1
    return np.reshape(x, shape)


def ratio(a: Any, b: Any) -> Any:
    """Return a / b, and 0 where b is 0."""
    zero = np.equal(b, 0)
    return np.where(zero, 0.0, a / np.where(zero, 1.0, b))


def trapezia(y: Any, x: Any, dx: Any, axis: int) -> Any:
    """Return the areas between neighbouring values."""
    width = dx
    if x is not None:
        x = along(x, y, axis)
        # places of fewer axes than the values are those of the last ones
        x = x if x.ndim == y.ndim else np.broadcast_to(x, y.shape)
        width = part(x, axis, 1, None) - part(x, axis, None, -1)
    return width * (part(y, axis, 1, None) + part(y, axis, None, -1)) / 2.0


@trapezoid.def_composite(own_value=True)
def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    y = as_operand(y)
    return np.sum(trapezia(y, x, as_operand(dx), axis), axis=axis)


@cumulative_trapezoid.def_composite(own_value=True)
def _cumulative_trapezoid(
    y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: float | None = None
) -> Any:
    y = as_operand(y)
    res = np.cumsum(trapezia(y, x, as_operand(dx), axis), axis=axis)
    return res if initial is None else np.concatenate([0.0 * part(y, axis, 0, 1), res], axis=axis)


def parabolas(y: Any, x: Any, dx: Any, axis: int, stop: int) -> Any:
    """Return the integral of parabolas through three values each, over the intervals before a place."""
    y0, y1, y2 = part(y, axis, 0, stop, 2), part(y, axis, 1, stop + 1, 2), part(y, axis, 2, stop + 2, 2)
    if x is None:
        return np.sum(y0 + 4.0 * y1 + y2, axis=axis) * (dx / 3.0)
    h = np.diff(x, axis=axis)
    h0, h1 = part(h, axis, 0, stop, 2), part(h, axis, 1, stop + 1, 2)
    both, quotient = h0 + h1, ratio(h0, h1)
    middle = both * ratio(both, h0 * h1)
    terms = y0 * (2.0 - ratio(1.0, quotient)) + y1 * middle + y2 * (2.0 - quotient)
    return np.sum(both / 6.0 * terms, axis=axis)


@simpson.def_composite(own_value=True)
def _simpson(y: Any, x: Any = None, *, dx: Any = 1.0, axis: int = -1) -> Any:
    y, dx = as_operand(y), as_operand(dx)
    x = None if x is None else along(x, y, axis)
    n = y.shape[axis]
    if n % 2:
        return parabolas(y, x, dx, axis, n - 2)
    last, before = at(y, axis, -1), at(y, axis, -2)
    h1 = dx if x is None else at(x, axis, -1) - at(x, axis, -2)
    if n == 2:
        return 0.5 * h1 * (last + before)
    # the last interval by the parabola through the last three values (Cartwright 2017, equation 8)
    h0 = dx if x is None else at(x, axis, -2) - at(x, axis, -3)
    alpha = ratio(2 * h1**2 + 3 * h0 * h1, 6 * (h1 + h0))
    beta = ratio(h1**2 + 3.0 * h0 * h1, 6 * h0)
    eta = ratio(h1**3, 6 * h0 * (h0 + h1))
    return parabolas(y, x, dx, axis, n - 3) + alpha * last + beta * before - eta * at(y, axis, -3)


def first_intervals(y: Any, h: Any) -> Any:
    """Return the integrals of the parabolas through three neighbours over the first of their two intervals.

    Source: K. V. Cartwright, J. Math. Sci. & Math. Education 12 (2017), equation 8.
    """
    h1, h2 = h[..., :-1], h[..., 1:]
    first, second = h1 / (h1 + h2), h1 / h2
    product = first * second
    return h1 / 6 * ((3 - first) * y[..., :-2] + (3 + product + first) * y[..., 1:-1] - product * y[..., 2:])


@cumulative_simpson.def_composite(own_value=True)
def _cumulative_simpson(y: Any, *, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None) -> Any:
    y = as_operand(y)
    n = y.shape[axis]
    if n < 3:
        res = _cumulative_trapezoid(y, x, dx, axis)
    else:
        one_less = (*y.shape[: axis % y.ndim], n - 1, *y.shape[axis % y.ndim + 1 :])
        h = as_operand(dx) if x is None else np.diff(along(x, y, axis), axis=axis)
        h = np.moveaxis(np.broadcast_to(h, one_less), axis, -1)
        values = np.moveaxis(y, axis, -1)
        forward = first_intervals(values, h)
        backward = np.flip(first_intervals(np.flip(values, -1), np.flip(h, -1)), -1)
        # the intervals 0, 2, 4, ... are the first ones of their parabolas; 1, 3, 5, ... and the last the second
        places = np.arange(n - 1)
        places = np.where((places % 2 == 0) & (places < n - 2), places, n - 3 + places)
        res = np.moveaxis(np.cumsum(np.concatenate([forward, backward], -1)[..., places], -1), -1, axis)
    if initial is None:
        return res
    initial = np.broadcast_to(as_operand(initial), np.shape(part(y, axis, 0, 1)))
    return np.concatenate([initial, res + initial], axis=axis)


@romb.def_composite(own_value=True)
def _romb(y: Any, dx: Any = 1.0, axis: int = -1, show: Any = False) -> Any:
    y = as_operand(y)
    step = y.shape[axis] - 1
    h = step * as_operand(dx)
    row = [(at(y, axis, 0) + at(y, axis, -1)) / 2.0 * h]
    while step > 1:
        # Richardson's extrapolation: each new row halves the step
        new = [0.5 * (row[0] + h * np.sum(part(y, axis, step // 2, None, step), axis=axis))]
        for j, old in enumerate(row, start=1):
            new.append(new[-1] + (new[-1] - old) / (4**j - 1))
        row, step, h = new, step // 2, h / 2.0
    return row[-1]
