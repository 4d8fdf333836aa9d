"""`scipy.interpolate`: piecewise polynomials, in their coefficients, breakpoints, and where they are read.

In scope: `c` the coefficients, highest power first, `x` the breakpoints, `at` the places. At a breakpoint the derivative
in the place is the mean of both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate
from scipy.special import poch

from funcad.core.assemble import as_operand, contains_tracer, typed
from funcad.core.batching import Stack
from funcad.core.broadcast import own_dtype
from funcad.core.elements import getitem
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import Tracer, anywhere, plain, user_line
from funcad.errors import NoRuleError


def doubled(x: Any) -> Any:
    """Return an array or a tracer in double precision, complex where it is."""
    x = as_operand(x)
    if not isinstance(x, (np.ndarray, Tracer)):
        x = np.asarray(x)
    dtype = np.result_type(own_dtype(x), np.float64)
    return x if own_dtype(x) == dtype and hasattr(x, "ndim") else typed(x, dtype)


def under_name(of: Any, fn: Any) -> PrimitiveFunction[..., Any]:
    """Return what computes for a class or function of SciPy as a primitive that is listed under its name."""
    fn.__module__ = of.__module__
    return twin(fn, f"scipy.interpolate.{of.__name__}")


# --- values at a vector of places: of shape (places, ...) for coefficients of shape (powers, intervals, ...)


def _piecewise(c: Any, x: Any, at: Any, nu: int, extrapolate: bool) -> Any:
    own = scipy.interpolate.PPoly.construct_fast(np.ascontiguousarray(c, np.result_type(c, float)), x)
    return own(at, nu, extrapolate)


#: a derivative of a piecewise polynomial, at a breakpoint from the right
piecewise = under_name(scipy.interpolate.PPoly, _piecewise)


def horner(c: Any, interval: Any, step: Any, nu: int) -> Any:
    """Return a derivative of the polynomials of intervals, by Horner's scheme."""
    powers = np.shape(c)[0]
    if nu >= powers:
        return np.zeros(np.shape(interval) + np.shape(c)[2:], plain(c).dtype)
    factors = poch(np.arange(powers - nu, 0, -1), nu)
    y: Any = None
    for k, factor in enumerate(factors):
        term = getitem(factor * c[k] if nu else c[k], interval)
        y = term if y is None else y * step + term
    return y


@piecewise.def_composite(own_value=True)
def _by_horner(c: Any, x: Any, at: Any, nu: int, extrapolate: bool) -> Any:
    # SciPy takes falling breakpoints too
    sign = np.where(np.less(plain(x)[-1], plain(x)[0]), -1.0, 1.0)
    nodes, places = sign * plain(x), sign * plain(at)
    column = np.shape(places) + (1,) * (np.ndim(c) - 2)
    interval = np.clip(np.searchsorted(nodes, places, "right") - 1, 0, np.shape(nodes)[0] - 2)
    start = getitem(x, interval)
    step = np.reshape(at - start, column)
    y = horner(c, interval, step, nu)
    on_node = np.equal(plain(at), plain(start)) & np.greater(interval, 0)
    if anywhere(on_node):
        # the value is that of the right side, and what it changes by with the place the mean of both
        before = np.where(on_node, interval - 1, interval)
        width = np.reshape(plain(start) - getitem(plain(x), before), column)
        left, at_node = step + width, plain(step) + width
        y = y + 0.5 * (horner(c, before, left, nu) - horner(c, before, at_node, nu))
        y = y - 0.5 * (horner(c, interval, step, nu) - horner(c, interval, plain(step), nu))
    if extrapolate:
        return y
    outside = np.less(places, nodes[0]) | np.greater(places, nodes[-1])
    return np.where(np.reshape(outside, column), 0, y)


def times(t: Any, y: Any) -> Any:
    """Return the product of a number for each place with the values there."""
    return np.reshape(t, np.shape(t) + (1,) * (np.ndim(y) - 1)) * y


def batch(fn: Any, args: tuple[Any, ...], _: Any) -> Any:
    """Compute a batch of places, or of coefficients, at once: the others are axes of a call anyway."""
    c, x, at, *rest = args
    stacked = tuple([isinstance(v, Stack) for v in (c, x, at)])
    if stacked == (True, False, False):
        return np.moveaxis(fn(np.moveaxis(c.array, 0, -1), x, at, *rest), -1, 0)
    if stacked == (False, False, True):
        y = fn(c, x, np.reshape(at.array, (-1,)), *rest)
        return np.reshape(y, np.shape(at.array) + np.shape(y)[1:])
    return None


batching(batch, piecewise)


# --- integrals

antiderivative = twin(
    lambda c, x, nu: scipy.interpolate.PPoly.construct_fast(c, x).antiderivative(nu).c,
    "scipy.interpolate.PPoly.antiderivative",
)
integral = twin(
    lambda c, x, a, b, extrapolate: scipy.interpolate.PPoly.construct_fast(c, x).integrate(a, b, extrapolate),
    "scipy.interpolate.PPoly.integrate",
)


@antiderivative.def_composite(own_value=True)
def _antiderivative(c: Any, x: Any, nu: int) -> Any:
    for _ in range(nu):
        powers, rest = np.shape(c)[0], (1,) * (np.ndim(c) - 2)
        c = c / np.reshape(np.arange(powers, 0, -1), (-1, 1, *rest))
        step = np.reshape(np.diff(x), (-1, *rest))
        whole = c[0]
        for k in range(1, powers):
            whole = whole * step + c[k]
        # each polynomial begins where the one before it ends
        begin = np.cumsum((whole * step)[:-1], axis=0)
        c = np.concatenate([c, np.concatenate([np.zeros_like(c[0, :1]), begin])[None]])
    return c


@integral.def_composite(own_value=True)
def _integral(c: Any, x: Any, a: Any, b: Any, extrapolate: Any) -> Any:
    whole, periodic = _antiderivative(c, x, 1), extrapolate == "periodic"
    period = x[-1] - x[0]

    def until(end: Any) -> Any:
        end = np.reshape(as_operand(end), (1,))
        if not periodic:
            return piecewise(whole, x, end, 0, True)[0]
        count = np.floor(plain((end - x[0]) / period))
        y = piecewise(whole, x, end - count * period, 0, True)[0]
        return y + count[0] * piecewise(whole, x, x[-1:], 0, True)[0]

    return until(b) - until(a)


# --- the class


class Traced:
    """What a piecewise polynomial of SciPy does where its coefficients, breakpoints or places are traced."""

    _c: Any
    _x: Any
    extrapolate: Any
    axis: int

    def _set(self, c: Any, x: Any, extrapolate: Any, axis: int) -> None:
        self._c, self._x, self.axis = doubled(c), doubled(x), axis
        self.extrapolate = extrapolate

    def _traced(self) -> bool:
        return isinstance(self._c, Tracer) or isinstance(self._x, Tracer)

    @classmethod
    def construct_fast(cls, c: Any, x: Any, extrapolate: Any = None, axis: int = 0) -> Any:
        if not contains_tracer((c, x)):
            return super().construct_fast(c, x, extrapolate, axis)  # type: ignore[misc]  # SciPy's class follows
        made = object.__new__(cls)
        made._set(c, x, True if extrapolate is None else extrapolate, axis)
        return made

    @property
    def c(self) -> Any:
        return self._c

    @c.setter
    def c(self, value: Any) -> None:
        self._c = as_operand(value)

    @property
    def x(self) -> Any:
        return self._x

    @x.setter
    def x(self, value: Any) -> None:
        self._x = as_operand(value)

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        if not self._traced() and not contains_tracer((x,)):
            return super().__call__(x, nu, extrapolate)  # type: ignore[misc]  # SciPy's class follows
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        x = doubled(x)
        shape, at = np.shape(x), np.reshape(x, (-1,))
        if extrapolate == "periodic":
            at = self._x[0] + (at - self._x[0]) % (self._x[-1] - self._x[0])
            extrapolate = False
        y = piecewise(self._c, self._x, at, nu, bool(extrapolate))
        return placed(np.reshape(y, shape + np.shape(self._c)[2:]), len(shape), self.axis)

    def derivative(self, nu: int = 1) -> Any:
        if not self._traced():
            return super().derivative(nu)  # type: ignore[misc]  # SciPy's class follows
        if nu < 0:
            return self.antiderivative(-nu)
        powers = np.shape(self._c)[0]
        if nu >= powers:
            c = np.zeros_like(self._c[:1])
        else:
            factors = poch(np.arange(powers - nu, 0, -1), nu)
            c = self._c[: powers - nu] * np.reshape(factors, (-1,) + (1,) * (np.ndim(self._c) - 1))
        return self.construct_fast(c, self._x, self.extrapolate, self.axis)

    def antiderivative(self, nu: int = 1) -> Any:
        if not self._traced():
            return super().antiderivative(nu)  # type: ignore[misc]  # SciPy's class follows
        if nu <= 0:
            return self.derivative(-nu)
        extrapolate = False if self.extrapolate == "periodic" else self.extrapolate
        return self.construct_fast(antiderivative(self._c, self._x, nu), self._x, extrapolate, self.axis)

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        if not self._traced() and not contains_tracer((a, b)):
            return super().integrate(a, b, extrapolate)  # type: ignore[misc]  # SciPy's class follows
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        return integral(self._c, self._x, a, b, extrapolate)

    def solve(self, y: Any = 0.0, discontinuity: bool = True, extrapolate: Any = None) -> Any:
        self._refuse("solve", y)
        return super().solve(y, discontinuity, extrapolate)  # type: ignore[misc]  # SciPy's class follows

    def roots(self, discontinuity: bool = True, extrapolate: Any = None) -> Any:
        self._refuse("roots", 0.0)
        return super().roots(discontinuity, extrapolate)  # type: ignore[misc]  # SciPy's class follows

    def extend(self, c: Any, x: Any, *args: Any) -> Any:
        self._refuse("extend", (c, x))
        return super().extend(c, x, *args)  # type: ignore[misc]  # SciPy's class follows

    def _refuse(self, name: str, value: Any) -> None:
        """Refuse a method that has no rules where something is traced."""
        if self._traced() or contains_tracer((value,)):
            raise NoRuleError(
                f"{type(self).__name__}.{name} (called at {user_line()}) has no derivative rule: build the "
                "polynomial of funcad.stop_gradient(values), and take one step of Newton's method from its result"
            )


def placed(y: Any, count: int, axis: int) -> Any:
    """Return values with the axes of the places, the first ones, where the axis of the data was."""
    if axis == 0:
        return y
    order = list(range(np.ndim(y)))
    return np.transpose(y, order[count : count + axis] + order[:count] + order[count + axis :])


class PPoly(Traced, scipy.interpolate.PPoly):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.PPoly`, made of and read at traced values as well."""

    def __init__(self, c: Any, x: Any, extrapolate: Any = None, axis: int = 0) -> None:
        if not contains_tracer((c, x)):
            super().__init__(c, x, extrapolate, axis)
            return
        extrapolate = True if extrapolate is None else extrapolate
        self._set(np.moveaxis(as_operand(c), (axis, axis + 1), (0, 1)), x, extrapolate, axis)

    @classmethod
    def from_spline(cls, tck: Any, extrapolate: Any = None) -> Any:
        held = (tck.t, tck.c) if isinstance(tck, scipy.interpolate.BSpline) else tuple(tck)
        if contains_tracer(held):
            raise NoRuleError(
                f"{cls.__name__}.from_spline (called at {user_line()}) has no derivative rule: read the spline "
                "itself, which has derivative, antiderivative and integrate too"
            )
        return super().from_spline(tck, extrapolate)
