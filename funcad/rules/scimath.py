"""`numpy.lib.scimath`: real numbers outside of a function's domain become complex, then the function.

Whether they do is decided by the values, for the whole array and under vmap for the whole batch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.kinds import composite
from funcad.core.tracer import Tracer, anywhere, plain

_SINGLE = (np.single, np.byte, np.short, np.ubyte, np.ushort, np.csingle)


def to_complex(x: Any) -> Any:
    """Return an array in a complex dtype, of single precision where it is of that or of short integers."""
    single = issubclass(np.result_type(x).type, _SINGLE)
    return np.astype(x, np.csingle if single else np.cdouble)


def negative(x: Any) -> Any:
    """Tell which numbers are real and below zero."""
    return np.isreal(x) & np.less(x, 0)


def outside(x: Any) -> Any:
    """Tell which numbers are real and outside of [-1, 1]."""
    return np.isreal(x) & np.greater(np.abs(x), 1)


def complex_where(condition: Callable[[Any], Any], x: Any) -> Any:
    """Return all numbers as complex ones if some satisfy a condition."""
    x = as_array(x)
    return to_complex(x) if anywhere(condition(plain(x))) else x


def as_array(x: Any) -> Any:
    """Return a number of Python as one of NumPy, whose dtype then counts."""
    x = as_operand(x)
    kind = type(plain(x))
    if isinstance(x, Tracer):
        number: Any = x
        return number.astype(kind) if kind in (float, complex) else number
    return x if hasattr(x, "astype") else np.asarray(x)[()]


def of_one(fn: Any, compute: Any, condition: Callable[[Any], Any]) -> None:
    """Declare a function of one array."""

    def body(x: Any) -> Any:
        return compute(complex_where(condition, x))

    composite(fn)(body)


# fmt: off
of_one(np.emath.sqrt,    np.sqrt,    negative)
of_one(np.emath.log,     np.log,     negative)
of_one(np.emath.log2,    np.log2,    negative)
of_one(np.emath.log10,   np.log10,   negative)
of_one(np.emath.arccos,  np.arccos,  outside)
of_one(np.emath.arcsin,  np.arcsin,  outside)
of_one(np.emath.arctanh, np.arctanh, outside)
# fmt: on


@composite(np.emath.logn)
def _logn(n: Any, x: Any) -> Any:
    x = complex_where(negative, x)
    n = complex_where(negative, n)
    return np.log(x) / np.log(n)


@composite(np.emath.power)
def _power(x: Any, p: Any) -> Any:
    x, p = complex_where(negative, x), as_array(p)
    # integers below zero are no exponents of integers
    return np.power(x, p * 1.0 if anywhere(negative(plain(p))) else p)
