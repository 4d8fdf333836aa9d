"""The primitives of Python's operators, filled in by the rows of the functions that they equal."""

from __future__ import annotations

import operator
from typing import Final

from funcad.core.elementwise import Binary, Unary

NEG: Final = Unary("-x", operator.neg)
POS: Final = Unary("+x", operator.pos)
ABS: Final = Unary("abs", operator.abs)
ADD: Final = Binary("+", operator.add)
SUB: Final = Binary("-", operator.sub)
MUL: Final = Binary("*", operator.mul)
DIV: Final = Binary("/", operator.truediv)
POW: Final = Binary("**", operator.pow)
MOD: Final = Binary("%", operator.mod)
