"""`checkpoint` and `checkpoint_loop`: compute again in the reverse pass, instead of keeping.

The scheme is that of Griewank and Walther (Algorithm 799: Revolve, ACM TOMS 26, 2000), here with two
levels: keep every k-th state, and go back over one stretch of k steps at a time. With k = sqrt(n) the
memory grows as sqrt(n), at the price of one more run (Chen et al., arXiv:1604.06174, 2016).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from funcad.errors import ArgumentError
from funcad.transforms.rerun import call
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


class Checkpoint(Transformed[P, R]):
    """A function of which the reverse pass keeps the arguments only, and which it runs again."""

    def __init__(self, f: Callable[P, R]) -> None:
        super().__init__(f, 0)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = call(self._f, args, kwargs)
        return result


def checkpoint(f: Callable[P, R]) -> Transformed[P, R]:
    """Return a function whose intermediate results are computed again in the reverse pass, not kept.

    Args:
        f: a function of arrays or containers, giving arrays or containers. It may close over traced
            values, in variables, defaults, containers, dataclasses and functions. It must compute
            the same each time, and is run once more for every reverse pass.

    Returns:
        A function with the signature of f and the same values and derivatives. A reverse pass keeps its
        arguments, what it closes over and its results.

    Raises:
        RuleError: f reaches a traced value by another way, a global variable or an attribute.
        AssignmentError: f writes to a container or variable that holds traced values and is not its own.
        ReversePassError: the second run gave another result, or drew other random numbers.

    >>> import numpy as np
    >>> from funcad import grad
    >>> def wave(x):
    ...     return np.sin(np.exp(np.cos(x)))
    >>> x = np.linspace(0.0, 1.0, 5)
    >>> plain = grad(lambda x: np.sum(wave(wave(x))))(x)
    >>> bool(np.all(grad(lambda x: np.sum(checkpoint(wave)(wave(x))))(x) == plain))
    True
    """
    return Checkpoint(f)


def checkpoint_loop(step: Callable[[S, int], S], state: S, n: int, every: int | None = None) -> S:
    """Return the state after n steps; a reverse pass keeps one state of every few, and runs the rest again.

    Args:
        step: a function of the state and the number of the step, 0 to n - 1, that returns the next
            state. What holds for the function of `checkpoint` holds for it.
        state: the state before the first step: an array, or a container of arrays.
        n: the number of steps.
        every: how many steps apart the kept states are, about the square root of n unless given.

    Returns:
        What `for k in range(n): state = step(state, k)` gives. The memory of a reverse pass is that of
        n / every states and of `every` steps on a tape, its time that of one more run.

    Raises:
        ArgumentError: n is no integer or is negative, every is no integer or is not positive.
        RuleError, AssignmentError, ReversePassError: as for `checkpoint`.

    >>> from funcad import grad
    >>> def logistic(x, k):
    ...     return 3.7 * x * (1.0 - x)
    >>> def after(x):
    ...     for k in range(50):
    ...         x = logistic(x, k)
    ...     return x
    >>> grad(after)(0.3) == grad(lambda x: checkpoint_loop(logistic, x, 50))(0.3)
    True
    """
    if not callable(step):
        raise ArgumentError(f"checkpoint_loop takes the function of one step first (got {step!r})")
    n = _count("n", n, 0)
    every = max(1, math.isqrt(n)) if every is None else _count("every", every, 1)
    for start in range(0, n, every):
        state = call(_stretch, (step, state, start, min(start + every, n)), {})
    return state


def _stretch(step: Callable[[S, int], S], state: S, start: int, stop: int) -> S:
    """Return the state after the steps of some numbers."""
    for k in range(start, stop):
        state = step(state, k)
    return state


def _count(name: str, value: Any, least: int) -> int:
    """Return a number of steps as an integer."""
    try:
        count = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        count = -1
    if count < least:
        raise ArgumentError(f"checkpoint_loop: {name} must be an integer of {least} or more (got {value!r})")
    return count
