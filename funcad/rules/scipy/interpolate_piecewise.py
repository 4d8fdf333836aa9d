"""`scipy.interpolate`: piecewise polynomials, in their coefficients, breakpoints, and where they are read.

In scope: `t` the tangent, `c` the coefficients, highest power first, `x` the breakpoints, `at` the places. The derivative
in the place is the piecewise polynomial of the next order, which gives all orders; at a breakpoint the mean of both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate
from scipy.special import poch

from funcad.core.assemble import as_operand, contains_tracer, typed
from funcad.core.batching import looped
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


# --- values at a vector of places: of shape (places, ...) for coefficients of shape (powers, intervals, ...)


def _piecewise(c: Any, x: Any, at: Any, nu: int, extrapolate: bool, left: bool) -> Any:
    if left:
        return horner(c, x, at, nu, extrapolate, left)
    own = scipy.interpolate.PPoly.construct_fast(np.ascontiguousarray(c, np.result_type(c, float)), x)
    return own(at, nu, extrapolate)


#: a derivative of a piecewise polynomial, at a breakpoint from the left or from the right
piecewise = PrimitiveFunction(_piecewise, name="scipy.interpolate.PPoly")


def beside(x: Any, at: Any, left: bool) -> Any:
    """Return the number of the interval of each place, of the two next to a breakpoint the one asked for."""
    x, at = plain(x), plain(at)
    return np.clip(np.searchsorted(x, at, "left" if left else "right") - 1, 0, np.shape(x)[0] - 2)


def horner(c: Any, x: Any, at: Any, nu: int, extrapolate: bool, left: bool) -> Any:
    """Return a derivative by Horner's scheme, in code that is linear in the coefficients."""
    powers, rest = np.shape(c)[0], np.shape(c)[2:]
    interval = beside(x, at, left)
    column = (-1,) + (1,) * len(rest)
    step = np.reshape(at - getitem(x, interval), column)
    y = np.zeros((np.shape(at)[0], *rest), plain(c).dtype)
    for k in range(powers - nu):
        y = y * step + poch(powers - nu - k, nu) * getitem(c[k], interval)
    if extrapolate:
        return y
    outside = np.less(plain(at), plain(x)[0]) | np.greater(plain(at), plain(x)[-1])
    return np.where(np.reshape(outside, column), 0, y)


def slope(c: Any, x: Any, at: Any, nu: int, extrapolate: bool, left: bool) -> Any:
    """Return the next derivative, at a breakpoint the mean of both sides."""
    y = piecewise(c, x, at, nu + 1, extrapolate, False)
    if anywhere(np.not_equal(beside(x, at, True), beside(x, at, False))):
        y = (y + piecewise(c, x, at, nu + 1, extrapolate, True)) / 2
    return y


def times(t: Any, y: Any) -> Any:
    """Return the product of a number for each place with the values there."""
    return np.reshape(t, np.shape(t) + (1,) * (np.ndim(y) - 1)) * y


piecewise.def_jvp(
    lambda t, x, at, nu, extrapolate, left: horner(t, x, at, nu, extrapolate, left),
    lambda t, c, x, at, nu, extrapolate, left: times(
        -getitem(t, beside(x, at, left)), slope(c, x, at, nu, extrapolate, left)
    ),
    lambda t, c, x, at, nu, extrapolate, left: times(t, slope(c, x, at, nu, extrapolate, left)),
)


def batch(call: Any) -> Any:
    """Compute a batch of places, or of coefficients, at once: the others are axes of a call anyway."""
    c, x, at = call.values
    if call.stacked == (True, False, False):
        return np.moveaxis(call.evaluate(np.moveaxis(c, 0, -1), x, at), -1, 0)
    if call.stacked == (False, False, True):
        y = call.evaluate(c, x, np.reshape(at, (-1,)))
        return np.reshape(y, np.shape(at) + np.shape(y)[1:])
    return looped(call)


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
            return piecewise(whole, x, end, 0, True, False)[0]
        count = np.floor(plain((end - x[0]) / period))
        y = piecewise(whole, x, end - count * period, 0, True, False)[0]
        return y + count[0] * piecewise(whole, x, x[-1:], 0, True, False)[0]

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
        y = piecewise(self._c, self._x, at, nu, bool(extrapolate), False)
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
