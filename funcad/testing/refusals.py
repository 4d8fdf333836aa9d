"""Functions that refuse traced values: they would write them into a plain array, or have no derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.primitive import registry
from funcad.errors import DerivativeError, FuncadError
from funcad.transforms.jvp import jvp

MASK = np.array([[True, False], [False, True]])

#: for each such function, its arguments behind the array, of a traced value
REFUSALS: dict[Any, Callable[[Any], tuple[Any, ...]]] = {
    np.copyto: lambda t: (t,),
    np.put: lambda t: ([0], t),
    np.place: lambda t: (MASK, t),
    np.putmask: lambda t: (MASK, t),
    np.fill_diagonal: lambda t: (t[0],),
    np.put_along_axis: lambda t: (np.array([[0], [1]]), t[:, None], 1),
}


def check_refusal(fn: Any) -> None:
    """Check that a function raises one of funcad's errors for a traced value and a plain array.

    Raises:
        DerivativeError: it returned, and its derivative was lost.
    """
    x = np.ones(2)
    try:
        jvp(lambda t: fn(np.zeros((2, 2)), *REFUSALS[fn](t)), (x,), (x,))
    except FuncadError:
        return
    raise DerivativeError(
        f"{registry[fn].name} did not refuse a traced value: the derivative is lost without an error"
    )
