"""Partial derivatives of NumPy's ufuncs and of Python's operators.

In scope: `x`, `y` the arguments, `ans` the output. A row gives one partial per argument; 1
means that the tangent passes as it is. At kinks the rows follow one principle, the mean of the
one-sided derivatives (docs/maths.md has the table of all points).
"""

from __future__ import annotations

import operator
from typing import Any, cast

import numpy as np

from funcad.core.directions import direction, ratio
from funcad.core.domains import (
    above_minus_one,
    above_one,
    nonzero,
    positive,
    real,
    unit,
)
from funcad.core.elementwise import Binary
from funcad.core.function import primitive
from funcad.core.kinds import composite, elementwise, general
from funcad.core.operators import ABS, ADD, DIV, MOD, MUL, NEG, POS, POW, SUB
from funcad.core.primitive import Constant, registry, unsupported
from funcad.core.tracer import anywhere, plain
from funcad.core.valued import with_value

LN2 = float(np.log(2.0))
LN10 = float(np.log(10.0))


_NUMBERS = (float, int)


def inverse(x: Any) -> Any:
    """1 / x, and an infinity where the division of a Python number would raise."""
    return np.copysign(np.inf, x) if type(x) in _NUMBERS and x == 0 else 1 / x


def weight(above: Any, equal: Any, x: Any, y: Any) -> Any:
    """1 where above, 1/2 where equal, else 0, in the dtype of the arguments."""
    dtype = np.result_type(plain(x), plain(y))
    return (np.add(above, np.logical_or(above, equal), dtype=dtype) / 2).astype(dtype)


def floating(x: Any, like: Any) -> Any:
    """Return integers and truth values in floating point: theirs may be half precision, or wrap."""
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        return int(x) if type(x) is bool else x
    return x.astype(np.result_type(plain(like), dtype)) if dtype.kind in "biu" else x


def slope_in_base(x: Any, y: Any) -> Any:
    """y x^(y-1), and 0 where y is 0 even if x is 0 as well."""
    y = floating(y, x)
    if type(y) is int or type(y) is float:
        if y == 0:
            return 0.0
        if type(x) is float and x == 0 and y < 1:
            return np.copysign(np.inf, y)  # where the power of a Python float would raise
        # the sum is 2 x exactly, and half the work
        return x + x if y == 2 else y * x ** (y - 1)
    return _slope_in_base(np.power, x, y)


def _slope_in_base(power: Any, x: Any, y: Any) -> Any:
    zero = np.equal(y, 0)
    if not anywhere(zero):
        return y * power(x, y - 1)
    # y x^y / x, of which the derivative by y is 1 / x there
    none = np.where(zero, y, 0.0)
    at_zero = none * power(x, none) / np.where(np.equal(x, 0), 1.0, x)
    return np.where(zero, at_zero, y * power(x, np.where(zero, 1, y - 1)))


def float_slope_in_base(x: Any, y: Any) -> Any:
    """y x^(y-1) in double precision at least, and 0 where y is 0."""
    y = floating(y, x)
    return _slope_in_base(np.float_power, x, y)


def slope_in_exponent(ans: Any, x: Any, y: Any) -> Any:
    """ans log x; at x = 0 its limit: 0 for y >= 0, minus infinity for y < 0."""
    x = floating(x, ans)
    zero = np.equal(x, 0)
    if not anywhere(zero):
        return ans * np.log(x)
    slope = np.where(zero, 0.0, ans) * np.log(np.where(zero, 1.0, x))
    return np.where(np.logical_and(zero, np.less(y, 0)), -np.inf, slope)


@primitive
def share(x: Any, y: Any) -> Any:
    """e^x / (e^x + e^y), from the difference alone; 1/2 where both are the same infinity."""
    # where e^(y - x) overflows the result is the 0 that it should be
    with np.errstate(over="ignore", invalid="raise"):
        try:
            d = np.asarray(np.subtract(y, x))
        except FloatingPointError:
            d = np.asarray(np.where(np.equal(x, y), 0, np.subtract(y, np.where(np.equal(x, y), 0, x))))
        np.exp(d, out=d)
        d += 1
        return np.reciprocal(d, out=d)[()]


# not ans (1 - ans), which cancels where ans is near 1
share.def_elementwise(lambda ans, x, y: ans * share(y, x), lambda ans, x, y: -ans * share(y, x))


def slope_of_angle(x: Any, y: Any) -> Any:
    """y / (x^2 + y^2) without overflow; 0 at the origin, and where x or y is infinite."""
    r = np.hypot(x, y)
    if anywhere(np.isinf(r)):
        y = np.where(np.isinf(r), 0, y)
    return ratio(ratio(y, r), r)


def slope_of_arcsinh(x: Any) -> Any:
    """1 / sqrt(1 + x^2), for real x without overflow."""
    return 1 / (np.sqrt(x * x - -1) if np.iscomplexobj(x) else np.hypot(x, 1.0))


def slope_of_arcsin(x: Any) -> Any:
    """1 / sqrt(1 - x^2); a root for each factor, for complex x, is the slope on the branch cuts too."""
    if np.iscomplexobj(x):
        return 1 / (np.sqrt(-(x - 1)) * np.sqrt(x - -1))
    return 1 / np.sqrt((1 - x) * (1 + x))


# fmt: off
# --- arithmetic
elementwise(np.add,        1,                      1,                        operator=ADD)
elementwise(np.subtract,   1,                      -1,                       operator=SUB)
elementwise(np.multiply,   lambda y: y,            lambda x: x,              operator=MUL)
elementwise(np.divide,     lambda y: inverse(y),       lambda ans, y: ans / -y,  operator=DIV, domain=(real, nonzero))
elementwise(np.power,      slope_in_base,          slope_in_exponent,        operator=POW, domain=positive)
elementwise(np.float_power, float_slope_in_base,
                            slope_in_exponent,        domain=positive)
elementwise(np.remainder,  1,                      lambda x, y: -np.floor_divide(x, y), operator=MOD, domain=(real, positive))
elementwise(np.fmod,       1,                      lambda x, y: -np.trunc(np.divide(x, y)), domain=(real, positive))
elementwise(np.negative,   -1,                     operator=NEG)
elementwise(np.positive,   1,                      operator=POS)
elementwise(np.reciprocal, lambda ans: -ans * ans, domain=nonzero)
elementwise(np.square,     lambda x: x + x)
elementwise(np.sqrt,       lambda ans: 0.5 / ans,  domain=positive)
elementwise(np.cbrt,       lambda ans: 1 / (3 * ans * ans), domain=nonzero)

# --- exponentials and logarithms
elementwise(np.exp,        lambda ans: ans)
elementwise(np.exp2,       lambda ans: LN2 * ans)
elementwise(np.expm1,      np.exp)
elementwise(np.log,        lambda x: inverse(x),        domain=positive)
elementwise(np.log2,       lambda x: inverse(LN2 * x), domain=positive)
elementwise(np.log10,      lambda x: inverse(LN10 * x), domain=positive)
elementwise(np.log1p,      lambda x: inverse(1 + x),  domain=above_minus_one)
elementwise(np.logaddexp,  lambda x, y: share(x, y), lambda x, y: share(y, x))
elementwise(np.logaddexp2, lambda x, y: share(LN2 * x, LN2 * y), lambda x, y: share(LN2 * y, LN2 * x))

# --- trigonometric and hyperbolic
elementwise(np.sin,        np.cos)
elementwise(np.cos,        lambda x: -np.sin(x))
elementwise(np.tan,        lambda ans: 1 + ans * ans, domain=unit)
elementwise(np.arcsin,     slope_of_arcsin,        domain=unit)
elementwise(np.arccos,     lambda x: -slope_of_arcsin(x), domain=unit)
elementwise(np.arctan,     lambda x: 1 / (1 + x * x))
elementwise(np.arctan2,    slope_of_angle,         lambda x, y: -slope_of_angle(y, x), domain=nonzero)
elementwise(np.hypot,      lambda ans, x: ratio(x, ans), lambda ans, y: ratio(y, ans), domain=nonzero)
elementwise(np.sinh,       np.cosh)
elementwise(np.cosh,       np.sinh)
elementwise(np.tanh,       lambda ans: 1 - ans * ans)
elementwise(np.arcsinh,    slope_of_arcsinh)
elementwise(np.arccosh,    lambda x: 1 / (np.sqrt(x - 1) * np.sqrt(x - -1)), domain=above_one)
elementwise(np.arctanh,    lambda x: inverse((1 - x) * (1 + x)), domain=unit)
elementwise(np.deg2rad,    np.pi / 180)
elementwise(np.radians,    np.pi / 180)
elementwise(np.rad2deg,    180 / np.pi)
elementwise(np.degrees,    180 / np.pi)

# --- kinks
elementwise(np.absolute,   direction,              operator=ABS, domain=nonzero, real_valued=True)
elementwise(np.fabs,       lambda x: np.sign(x),   domain=nonzero)
elementwise(np.maximum,    lambda x, y: weight(x > y, x == y, x, y),
                           lambda x, y: weight(y > x, x == y, x, y))
elementwise(np.minimum,    lambda x, y: weight(x < y, x == y, x, y),
                           lambda x, y: weight(y < x, x == y, x, y))
elementwise(np.fmax,       lambda x, y: weight((x > y) | np.isnan(y), x == y, x, y),
                           lambda x, y: weight((y > x) | np.isnan(x), x == y, x, y))
elementwise(np.fmin,       lambda x, y: weight((x < y) | np.isnan(y), x == y, x, y),
                           lambda x, y: weight((y < x) | np.isnan(x), x == y, x, y))
elementwise(np.copysign,   lambda x, y: np.sign(x) * np.copysign(1, y).astype(np.result_type(plain(x))), 0, domain=nonzero)
elementwise(np.heaviside,  0,                      lambda x, y: weight(x == 0, False, x, y), domain=nonzero)
elementwise(np.nextafter,  1,                      0)
# fmt: on


def overflowed(ans: Any, y: Any) -> Any:
    """Where a quotient is 0, and remains it, because its denominator has overflowed; None: nowhere."""
    infinite = np.isinf(y)
    return infinite & (ans == 0) if anywhere(infinite) else None


def overflowed_base(x: Any, y: Any) -> Any:
    """Where a power is 0, and remains it, because its base has overflowed; None: nowhere."""
    if type(y) in _NUMBERS and y > 0:
        return None
    infinite = np.isinf(x)
    return infinite & (np.real(y) < 0) if anywhere(infinite) else None


for _quotient in (np.divide, operator.truediv):
    cast(Binary, registry[_quotient]).row1.ends = overflowed
for _power in (np.power, np.float_power, operator.pow):
    cast(Binary, registry[_power]).row0.ends = overflowed_base

# --- with an integer argument or several results
general(
    np.ldexp,
    jvp=[lambda t, i: np.ldexp(t, i), None],
    vjp=[lambda g, i: np.ldexp(g, i), None],
    operands=["x", "i"],
    like=lambda x, i: None,
)
general(
    np.frexp,
    jvp=lambda t, ans: (np.ldexp(t, -plain(ans[1])), None),
    vjp=lambda g, ans: None if g[0] is None else np.ldexp(g[0], -plain(ans[1])),
    like=lambda x: None,
)
general(
    np.modf,
    jvp=lambda t: (t, None),
    vjp=lambda g: g[0],
    like=lambda x: None,
)


_SIGNS = Constant("np.sign", np.sign)


@composite(np.sign)
def _sign(x: Any, /, **kwargs: Any) -> Any:
    value = _SIGNS.apply((x,), kwargs)
    if not np.iscomplexobj(plain(x)):
        return value
    if kwargs:
        unsupported(registry[np.sign], *next(iter(kwargs.items())))
    return with_value(ratio(x, np.abs(x)), value)  # it turns with x


@composite(np.divmod)
def _divmod(x: Any, y: Any) -> Any:
    return np.floor_divide(x, y), np.remainder(x, y)
