"""`stop_gradient`: a value through which no derivative flows."""

from __future__ import annotations

from typing import TypeVar

from funcad.core import tree
from funcad.core.assemble import as_operand
from funcad.core.tracer import plain

T = TypeVar("T")


def stop_gradient(x: T) -> T:
    """Return the plain value of an array or a container: a constant to every transform.

    Args:
        x: arrays, numbers, or containers of them; other leaves pass through.

    >>> from funcad import grad
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    result: T = tree.map(lambda leaf: plain(as_operand(leaf)), x)
    return result
