"""`jvp`: a function's value and its directional derivative, in one forward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple, cast

from funcad.core.general import zeros_like
from funcad.core.tracer import kept
from funcad.errors import MismatchError
from funcad.transforms.dual import Dual, JvpTrace
from funcad.transforms.leaves import Parts, call, finish, inputs, like_parts

Ts = TypeVarTuple("Ts")
R = TypeVar("R")


def jvp(f: Callable[[*Ts], R], primals: tuple[*Ts], tangents: tuple[*Ts]) -> tuple[R, R]:
    """Return the value of a function and its derivative along a direction (forward mode).

    Args:
        f: a function of arrays or containers of them, giving arrays or containers.
        primals: the arguments, a tuple.
        tangents: the direction, a tuple of the same structure, shapes and dtypes.

    Returns:
        The value f(*primals) and its tangent, of the same structure.

    Raises:
        InputTypeError: an argument is an integer or a boolean.
        MismatchError: primals and tangents differ in structure, shape or dtype.

    >>> import numpy as np
    >>> value, tangent = jvp(lambda x, y: x * np.exp(y), (3.0, 0.0), (1.0, 0.0))
    >>> float(value), float(tangent)
    (3.0, 1.0)
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise MismatchError(
            "jvp takes the arguments and the tangents as tuples: jvp(f, (x,), (t,)) "
            f"(got {type(primals).__name__} and {type(tangents).__name__})"
        )
    if len(primals) != len(tangents):
        raise MismatchError(f"jvp got {len(primals)} primals and {len(tangents)} tangents")
    trees, vectors = cast(tuple[Any, ...], primals), cast(tuple[Any, ...], tangents)
    parts = [inputs(x, k) for k, x in enumerate(trees)]
    directions = [
        like_parts(part, x, t, f"argument {k}", "tangent")
        for k, (part, x, t) in enumerate(zip(parts, trees, vectors, strict=True))
    ]
    value, tangent = push(f, parts, directions)
    return value, tangent


def push(f: Callable[..., Any], parts: list[Parts], directions: list[list[Any]]) -> tuple[Any, Any]:
    """Run a function on duals, and return its value and tangent."""
    trace = JvpTrace()
    args = [
        part.rebuild([Dual(trace, kept(x), kept(t)) for x, t in zip(part.numbers, ts, strict=True)])
        for part, ts in zip(parts, directions, strict=True)
    ]
    try:
        out = Parts(call(f, args, {}))
    finally:
        trace.end()
    values, tangents = [], []
    taken = {id(t): t for ts in directions for t in ts}
    for leaf in out.numbers:
        if type(leaf) is Dual and leaf.run is trace:
            values.append(leaf.value)
            tangents.append(finish(leaf.tangent, leaf.value, taken))
        else:
            values.append(leaf)
            tangents.append(zeros_like(leaf))
    return out.rebuild(values), out.rebuild(tangents)
