"""Where a rule's mathematics holds: the ranges that the property tests draw from."""

from __future__ import annotations

from attrs import frozen


@frozen
class Domain:
    """An interval of real numbers to draw an argument from; `integer` draws whole numbers."""

    name: str
    low: float
    high: float
    avoid: float | None = None
    """a kink inside the interval, from which samples keep a distance"""
    integer: bool = False
    differentiable: bool = True
    """False for an argument that takes no derivative, such as the exponent of ldexp"""


real = Domain("real", -2.0, 2.0)
nonzero = Domain("nonzero", -2.0, 2.0, avoid=0.0)
positive = Domain("positive", 0.2, 3.0)
nonnegative = Domain("nonnegative", 0.0, 3.0)
above_one = Domain("above_one", 1.1, 4.0)
above_minus_one = Domain("above_minus_one", -0.8, 3.0)
unit = Domain("unit", -0.9, 0.9)
#: between the jumps of a remainder
dividend = Domain("dividend", 2.2, 2.6)
divisor = Domain("divisor", 0.9, 1.05)
integers = Domain("integers", -3.0, 3.0, integer=True, differentiable=False)
