"""`scipy.interpolate`: the class of B-splines, and the functions that make one of data."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.function import twin
from funcad.core.tracer import Tracer, plain
from funcad.rules.scipy.interpolate_bsplines import (
    bspline,
    interpolating,
    knots_of,
    least_squares,
    lowered,
    refused,
)
from funcad.rules.scipy.interpolate_piecewise import doubled, placed, times


def _own(c: Any, knots: Any, k: int) -> Any:
    return scipy.interpolate.BSpline.construct_fast(knots, c, k)


derived = twin(
    lambda c, knots, k, nu: _own(c, knots, k).derivative(nu).c, "scipy.interpolate.BSpline.derivative"
)
integrated = twin(
    lambda c, knots, k: _own(c, knots, k).antiderivative().c, "scipy.interpolate.BSpline.antiderivative"
)
integral = twin(
    lambda c, a, b, knots, k, extrapolate: _own(c, knots, k).integrate(a, b, extrapolate),
    "scipy.interpolate.BSpline.integrate",
)


def padded(c: Any, n: int) -> Any:
    """Return coefficients with zeros behind them, as many as there are knots."""
    return np.concatenate([c, np.zeros((n - np.shape(c)[0], *np.shape(c)[1:]))])


@derived.def_composite(own_value=True)
def _derived(c: Any, knots: Any, k: int, nu: int) -> Any:
    for _ in range(nu):
        c, knots = lowered(c, knots, k)
        k -= 1
    return padded(c, len(knots))


@integrated.def_composite(own_value=True)
def _integrated(c: Any, knots: Any, k: int) -> Any:
    n = len(knots) - k - 1
    c = np.cumsum(times((knots[k + 1 :] - knots[:n]) / (k + 1), c[:n]), axis=0)
    return np.concatenate([np.zeros_like(c[:1]), c, np.repeat(c[-1:], k + 2, axis=0)])


@integral.def_composite(own_value=True)
def _integral(c: Any, a: Any, b: Any, knots: Any, k: int, extrapolate: Any) -> Any:
    whole = _integrated(c, knots, k)
    longer = np.concatenate([knots[:1], knots, knots[-1:]])
    low, high = knots[k], knots[-k - 1]

    def until(end: Any) -> Any:
        end = np.reshape(as_operand(end), (1,))
        if extrapolate != "periodic":
            end = end if extrapolate else np.clip(end, low, high)
            return bspline(whole, end, longer, k + 1, 0, True, False)[0]
        count = np.floor(plain((end - low) / (high - low)))
        y = bspline(whole, end - count * (high - low), longer, k + 1, 0, True, False)[0]
        period = bspline(whole, np.array([low, high]), longer, k + 1, 0, True, False)
        return y + count[0] * (period[1] - period[0])

    return until(b) - until(a)


class BSpline(scipy.interpolate.BSpline):  # type: ignore[misc]  # SciPy has no types
    """`scipy.interpolate.BSpline`, made of and read at traced values as well."""

    _c: Any
    _t: Any
    axis: Any
    extrapolate: Any

    def __init__(self, t: Any, c: Any, k: int, extrapolate: Any = True, axis: int = 0) -> None:
        if contains_tracer((t,)):
            raise refused("BSpline", "in the knots", "pass funcad.stop_gradient(t)")
        if not contains_tracer((c,)):
            super().__init__(t, c, k, extrapolate, axis)
            return
        self._set(t, np.moveaxis(doubled(c), axis, 0), k, extrapolate, axis % np.ndim(doubled(c)))

    def _set(self, t: Any, c: Any, k: int, extrapolate: Any, axis: int) -> None:
        self._t, self._c, self.k = np.asarray(t, float), c, k
        self.extrapolate, self.axis = extrapolate, axis

    @classmethod
    def construct_fast(cls, t: Any, c: Any, k: int, extrapolate: Any = True, axis: int = 0) -> Any:
        if not contains_tracer((c,)):
            return super().construct_fast(t, c, k, extrapolate, axis)
        made = object.__new__(cls)
        made._set(t, c, k, extrapolate, axis)
        return made

    def _traced(self) -> bool:
        return isinstance(self._c, Tracer)

    @property
    def c(self) -> Any:
        return self._c

    @c.setter
    def c(self, value: Any) -> None:
        self._c = as_operand(value)

    @property
    def t(self) -> Any:
        return self._t

    @t.setter
    def t(self, value: Any) -> None:
        self._t = np.asarray(value)

    def __call__(self, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
        if not self._traced() and not contains_tracer((x,)):
            return super().__call__(x, nu, extrapolate)
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        x, k = doubled(x), self.k
        shape, at = np.shape(x), np.reshape(x, (-1,))
        n = len(self._t) - k - 1
        if extrapolate == "periodic":
            at = self._t[k] + (at - self._t[k]) % (self._t[n] - self._t[k])
            extrapolate = False
        y = bspline(doubled(self._c), at, self._t, k, nu, bool(extrapolate), False)
        return placed(np.reshape(y, shape + np.shape(self._c)[1:]), len(shape), self.axis)

    def derivative(self, nu: int = 1) -> Any:
        if not self._traced():
            return super().derivative(nu)
        c = derived(self._c, self._t, self.k, nu)
        knots = self._t[nu : len(self._t) - nu]
        return self.construct_fast(knots, c, self.k - nu, self.extrapolate, self.axis)

    def antiderivative(self, nu: int = 1) -> Any:
        if not self._traced():
            return super().antiderivative(nu)
        made: Any = self
        for _ in range(nu):
            knots = np.concatenate([made._t[:1], made._t, made._t[-1:]])
            extrapolate = False if made.extrapolate == "periodic" else made.extrapolate
            c = integrated(made._c, made._t, made.k)
            made = made.construct_fast(knots, c, made.k + 1, extrapolate, made.axis)
        return made

    def integrate(self, a: Any, b: Any, extrapolate: Any = None) -> Any:
        if not self._traced() and not contains_tracer((a, b)):
            return super().integrate(a, b, extrapolate)
        extrapolate = self.extrapolate if extrapolate is None else extrapolate
        return integral(doubled(self._c), a, b, self._t, self.k, extrapolate)


def _of(spline: Any) -> Any:
    """Return a spline of SciPy as one that can be read at traced places."""
    return BSpline.construct_fast(spline.t, spline.c, spline.k, spline.extrapolate, spline.axis)


def make_interp_spline(
    x: Any,
    y: Any,
    k: int = 3,
    t: Any = None,
    bc_type: Any = None,
    axis: int = 0,
    check_finite: bool = True,
) -> Any:
    """Return what `scipy.interpolate.make_interp_spline` does, also for traced values."""
    if not contains_tracer((x, y, t, bc_type)):
        return _of(scipy.interpolate.make_interp_spline(x, y, k, t, bc_type, axis, check_finite))
    if contains_tracer((x, t)):
        raise refused(
            "make_interp_spline", "in the sites or knots", "CubicSpline and PchipInterpolator are also in x"
        )
    x = np.asarray(x, float)
    if t is None:
        periodic = isinstance(bc_type, str) and bc_type == "periodic"
        ends = [bc_type, bc_type] if bc_type is None or isinstance(bc_type, str) else list(bc_type)
        t = knots_of(x, k, ends, periodic)
        c = interpolating(y, x, k, None, bc_type, axis)
    else:
        c = interpolating(y, x, k, t, bc_type, axis)
    return BSpline.construct_fast(t, c, k, axis=axis % np.ndim(doubled(y)))


def make_lsq_spline(
    x: Any,
    y: Any,
    t: Any,
    k: int = 3,
    w: Any = None,
    axis: int = 0,
    check_finite: bool = True,
    *,
    method: str = "qr",
) -> Any:
    """Return what `scipy.interpolate.make_lsq_spline` does, also for traced values."""
    if not contains_tracer((x, y, t, w)):
        kwargs: Any = {} if method == "qr" else {"method": method}
        return _of(scipy.interpolate.make_lsq_spline(x, y, t, k, w, axis, check_finite, **kwargs))
    if contains_tracer((x, t, w)):
        raise refused("make_lsq_spline", "but in y", "pass funcad.stop_gradient of the others")
    c = least_squares(y, np.asarray(x, float), t, k, w, axis, method)
    return BSpline.construct_fast(t, c, k, axis=axis % np.ndim(doubled(y)))
