"""Functions that must refuse traced arrays: they write into their arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.errors import DerivativeError, FuncadError
from funcad.transforms.jvp import jvp

X = np.array([[1.0, 2.0], [3.0, 4.0]])

#: for each such function, the arguments behind the array that it writes to
REFUSALS: dict[Any, tuple[Any, ...]] = {
    np.copyto: (0.0,),
    np.put: ([0], 1.0),
    np.place: (X > 1.0, [1.0]),
    np.putmask: (X > 1.0, 1.0),
    np.fill_diagonal: (1.0,),
    np.put_along_axis: (np.array([[0], [1]]), 1.0, 1),
}


def check_refusal(fn: Any) -> None:
    """Check that a function raises one of funcad's errors for a traced array.

    Raises:
        DerivativeError: it returned, and its derivative was lost.
    """
    try:
        jvp(lambda x: fn(x, *REFUSALS[fn]), (X.copy(),), (X.copy(),))
    except FuncadError:
        return
    raise DerivativeError(
        f"np.{fn.__name__} writes into its argument and did not refuse a traced array: "
        "the derivative is lost without an error"
    )
