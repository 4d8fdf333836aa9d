"""The primitives of Python's operators, filled in by the rows of the functions that they equal."""

from __future__ import annotations

import operator

from funcad.core.elementwise import Binary, Unary

NEG = Unary("-x", operator.neg)
POS = Unary("+x", operator.pos)
ABS = Unary("abs", operator.abs)
ADD = Binary("+", operator.add)
SUB = Binary("-", operator.sub)
MUL = Binary("*", operator.mul)
DIV = Binary("/", operator.truediv)
POW = Binary("**", operator.pow)
MOD = Binary("%", operator.mod)
