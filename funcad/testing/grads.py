"""`check_grads`: the derivatives of any function, checked in both modes and every nesting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcad.core.tree import flatten, paths, unflatten
from funcad.errors import ArgumentError, InputTypeError, OutputError
from funcad.testing.checker import Checker
from funcad.testing.problem import Problem
from funcad.testing.tolerance import Tolerance
from funcad.testing.vectors import is_differentiable, one_or_tuple


def check_grads(
    f: Callable[..., Any],
    args: Any,
    order: int = 2,
    modes: Sequence[str] = ("fwd", "rev"),
    rtol: float | None = None,
    atol: float | None = None,
    seed: int = 0,
) -> None:
    """Check the derivatives of a function at a point against finite differences and each other.

    The value under each transform must equal the plain one bit for bit. The forward derivative is
    compared with extrapolated central differences (or the complex step) along a random direction,
    the reverse one by the identity <g, J t> = <J^T g, t>, and the second order in all nestings.

    Args:
        f: a function of arrays or containers of them, giving arrays or containers.
        args: the arguments as a tuple; anything else is taken as the only argument. Leaves of
            real or complex floating-point dtype are differentiated, of any shape; others pass through.
        order: the highest order of derivative to check.
        modes: "fwd" for `jvp`, "rev" for `vjp`, or both.
        rtol: the relative tolerance, by default 1e-7 in double and 1e-3 in single precision.
        atol: the absolute tolerance, by default what rounding in the function's value explains.
        seed: of the random directions.

    Raises:
        DerivativeError: a derivative is wrong; the message names argument, entry and both numbers.
        InputTypeError: no argument holds a floating-point number.
        OutputError: the function returns no floating-point number.
        ArgumentError: a mode is neither "fwd" nor "rev", or the order is below 1.

    >>> import numpy as np
    >>> check_grads(lambda x, y: np.sum(np.sin(x) * y), (np.array([0.1, 0.2]), 3.0))
    """
    if not modes or not set(modes) <= {"fwd", "rev"}:
        raise ArgumentError(f'modes must be of "fwd" and "rev" (got {modes!r})')
    if order < 1:
        raise ArgumentError(f"order must be at least 1 (got {order})")
    args = args if isinstance(args, tuple) else (args,)
    problem = flat_problem(f, args)
    Checker(np.random.default_rng(seed), tuple(modes), Tolerance(rtol, atol or 0.0)).check(problem, order)


def flat_problem(f: Callable[..., Any], args: tuple[Any, ...]) -> Problem:
    """Return a function of containers as one of the leaves that can be differentiated."""
    leaves, structure = flatten(args)
    at = [k for k, x in enumerate(leaves) if is_differentiable(x)]
    name = getattr(f, "__name__", repr(f))
    if not at:
        raise InputTypeError(
            f"{name} has no floating-point argument to differentiate (got {args!r}); "
            "write 2.0 for 2, and x.astype(float) for an integer array"
        )
    results, of_result = flatten(f(*args))
    out = [k for k, y in enumerate(results) if is_differentiable(y)]
    if not out:
        raise OutputError(f"{name} returns no floating-point number to check (got {results!r})")

    def flat(*xs: Any) -> Any:
        filled = list(leaves)
        for k, x in zip(at, xs, strict=True):
            filled[k] = x
        ys, structure_now = flatten(f(*unflatten(structure, filled)))
        if structure_now != of_result:
            raise OutputError(
                f"{name} changes the structure of its result: {of_result}, then {structure_now}"
            )
        return one_or_tuple([ys[k] for k in out])

    inputs = paths(args, "args")
    outputs = paths(f(*args), name)
    return Problem(
        fn=flat,
        point=tuple(leaves[k] for k in at),
        name=name,
        inputs=tuple(inputs[k] for k in at),
        outputs=tuple(outputs[k] for k in out),
    )
