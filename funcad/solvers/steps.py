"""The steps of explicit Runge-Kutta methods, taken again by traced arithmetic, and steps of no length.

The controller of a solver chooses its steps from the numbers of a run. The steps that it took are constants;
the solution is then a smooth function of start and parameters, whose derivative is as exact as the solution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from attrs import frozen
from scipy.integrate import DOP853
from scipy.integrate._ivp.rk import RungeKutta

from funcad.core.general import is_plain
from funcad.core.kinds import general_primitive
from funcad.core.tracer import Tracer, top_trace
from funcad.errors import UnsupportedArgumentError
from funcad.transforms.series import JetTrace

Rhs = Callable[[Any, Any], Any]


@frozen
class Step:
    """A step that a method has taken."""

    before: float
    after: float
    #: the solution before it
    y: Any
    #: the right-hand side at its stages, and at its end
    slopes: Any


def weighted(*vectors: Any, weights: Any) -> Any:
    """Return the sum of vectors with constant weights, as one operation."""
    if top_trace(vectors) is None:
        return np.dot(weights, np.array(vectors))
    return _WEIGHTED.apply(vectors, {"weights": weights})


_WEIGHTED: Final = general_primitive(
    "a weighted sum", weighted, "linear", (), lambda g, i, weights: weights[i] * g
)


def moved(y: Any, slopes: Sequence[Any], weights: Any) -> Any:
    """Return y plus the slopes times their weights."""
    used = [k for k, w in enumerate(weights) if w != 0]
    return weighted(y, *[slopes[k] for k in used], weights=np.array([1.0, *[weights[k] for k in used]]))


def replayed(
    method: type[RungeKutta], steps: Sequence[Step], rhs: Rhs, y: Any, times: Sequence[float]
) -> list[Any]:
    """Return the solution at some times, in the order of the integration.

    Args:
        method: the class of the method, with its coefficients.
        steps: the steps that were accepted.
        rhs: the right-hand side, a function of a time and a vector.
        y: the vector at the first time.
        times: where the solution is wanted.
    """
    found: list[Any] = []
    ahead = list(times)
    if not steps:
        return [y for _ in ahead]
    forward = steps[0].after > steps[0].before
    slope = rhs(steps[0].before, y)
    while ahead and ahead[0] == steps[0].before:
        found.append(y)
        ahead.pop(0)
    for step in steps:
        if not ahead:
            break
        before, after = step.before, step.after
        h = after - before
        slopes = [slope]
        for a, c in zip(method.A[1:], method.C[1:], strict=True):
            slopes.append(rhs(before + c * h, moved(y, slopes, h * a[: len(slopes)])))
        new = moved(y, slopes, h * method.B)
        slope = rhs(after, new)
        slopes.append(slope)
        extra: list[Any] = []
        while ahead and (ahead[0] <= after if forward else ahead[0] >= after):
            at = ahead.pop(0)
            if at == after:
                found.append(new)
                continue
            if issubclass(method, DOP853) and not extra:
                extra = slopes + _further(method, rhs, before, h, y, slopes)
            found.append(_between(method, (at - before) / h, h, y, new, extra or slopes))
        y = new
    return found


def _further(
    method: type[DOP853], rhs: Rhs, before: float, h: float, y: Any, slopes: Sequence[Any]
) -> list[Any]:
    """Return the slopes that DOP853 needs for its interpolation only."""
    known = list(slopes)
    for a, c in zip(method.A_EXTRA, method.C_EXTRA, strict=True):
        known.append(rhs(before + c * h, moved(y, known, h * a[: len(known)])))
    return known[len(slopes) :]


def interpolation(method: type[RungeKutta], x: Any, h: Any) -> tuple[Any, Any]:
    """Return the weights of the slopes and of the whole change in the solution at parts x of steps h."""
    length = np.expand_dims(h, -1)
    if not issubclass(method, DOP853):
        return length * (np.power.outer(x, np.arange(1, method.P.shape[1] + 1)) @ method.P.T), 0.0
    # Hairer, Norsett and Wanner, Solving ODEs I, section II.6: a polynomial in x and 1 - x by turns
    powers = np.cumprod([x if k % 2 == 0 else 1 - x for k in range(3 + len(method.D))], axis=0)
    weights = length * np.tensordot(powers[3:], method.D, axes=(0, 0))
    weights[..., 0] += h * (powers[1] - powers[2])
    weights[..., method.n_stages] -= h * powers[2]
    return weights, powers[0] - powers[1] + 2 * powers[2]


def _between(method: type[RungeKutta], x: float, h: float, y: Any, new: Any, slopes: Sequence[Any]) -> Any:
    """Return the method's own interpolation at a part x of a step."""
    weights, change = interpolation(method, x, h)
    inside = moved(y, slopes, weights)
    return weighted(inside, new, y, weights=np.array([1.0, change, -change])) if change else inside


#: up to which order derivatives by time are those of the solution
ORDER: Final = 4


def slid(rhs: Rhs, y: Any, start: Any, stop: Any) -> Any:
    """Return the solution at `stop` where that at `start` is y; both are one time but for derivatives.

    One step of Kutta's method of order 4 has the solution's derivatives up to that order at length 0.

    Raises:
        UnsupportedArgumentError: a derivative of a higher order is asked for.
    """
    h = stop - start
    if is_plain(h):
        return y
    if _order(h) > ORDER:
        raise UnsupportedArgumentError(
            f"the solution of a differential equation has derivatives by time up to order {ORDER}; give the "
            "right-hand side itself to a transform for more"
        )
    first = rhs(start, y)
    second = rhs(start + h / 2, y + h / 2 * first)
    third = rhs(start + h / 2, y + h / 2 * second)
    last = rhs(stop, y + h * third)
    return y + h / 6 * (first + 2 * second + 2 * third + last)


def _order(h: Any) -> int:
    """Return how many derivatives are taken by a value at once."""
    order = 0
    while isinstance(h, Tracer):
        order += 0 if h.run.stacks else h.run.order if isinstance(h.run, JetTrace) else 1
        h = h.value
    return order
