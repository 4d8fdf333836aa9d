"""The derivative of all steps of an explicit Runge-Kutta method at once.

Where the solution is plain numbers, its stages are known before its derivative is: the Jacobians of the
right-hand side at all stages of all steps are one batch, and so are the linear maps from step to step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.integrate import DOP853

from funcad.solvers.steps import Step, interpolation

#: gives for times and the vectors there the slopes, and their derivatives by these and the parameters
Evaluate = Callable[[Any, Any], tuple[Any, Any]]


def chained(
    method: Any, steps: Sequence[Step], evaluate: Evaluate, start: Any, times: Sequence[float]
) -> Any:
    """Return the derivative of the solution at some times by all parameters: (times, n, parameters).

    Args:
        method: the class of the method, with its coefficients.
        steps: the steps that were accepted.
        evaluate: the right-hand side with its derivatives.
        start: the derivative at the first time.
        times: where the derivative is wanted, in the order of the integration.
    """
    if not steps:
        return np.stack([start for _ in times])
    ends = np.array([steps[0].before, *[step.after for step in steps]])
    sign = np.sign(ends[1] - ends[0])
    # the first end that is not before a time
    place = np.searchsorted(sign * ends, sign * np.asarray(times))
    inside = np.flatnonzero(ends[place] != times)
    maps = Maps(method, steps, evaluate, start.shape, len(inside) > 0)
    states = [start]
    for whole, own in zip(maps.whole, maps.own, strict=True):
        states.append(whole @ states[-1] + own)
    known = np.stack(states)
    found = known[place]
    if len(inside):
        i = place[inside] - 1
        found[inside] = maps.within(i, np.asarray(times)[inside], known[i])
    return found


class Maps:
    """The linear maps of all steps: from the derivative before, and the parameters, to the next one."""

    def __init__(
        self, method: Any, steps: Sequence[Step], evaluate: Evaluate, shape: tuple[int, int], dense: bool
    ) -> None:
        n, m = shape
        self.method = method
        self.steps = steps
        self.h = np.array([step.after - step.before for step in steps])
        self.before = np.array([step.before for step in steps])
        self.y = np.array([step.y for step in steps])
        self.slopes = np.stack([step.slopes for step in steps], axis=1)
        self.evaluate = evaluate
        #: by itself: the derivative before the step
        self.same = np.concatenate([np.eye(n), np.zeros((n, m))], axis=1)
        self.parameters = np.concatenate([np.zeros((m, n)), np.eye(m)], axis=1)
        weights = [method.A[k, :k] for k in range(method.n_stages)] + [method.B]
        places = [*method.C, 1.0]
        points = np.stack([self.moved(w, self.slopes) for w in weights])
        at = np.stack([self.before + c * self.h for c in places])
        _, by = evaluate(at.ravel(), points.reshape(-1, n))
        by = by.reshape(*points.shape, n + m)
        #: of each slope, for all steps, the derivative
        self.tangents: list[Any] = []
        for w, jacobian in zip(weights, by, strict=True):
            self.tangents.append(self.slope(jacobian, self.changed(w)))
        self.after = self.changed(method.B)
        self.whole, self.own = self.after[:, :, :n], self.after[:, :, n:]
        if dense and issubclass(method, DOP853):
            for a, c in zip(method.A_EXTRA, method.C_EXTRA, strict=True):
                w = a[: len(self.slopes)]
                slope, jacobian = evaluate(self.before + c * self.h, self.moved(w, self.slopes))
                self.tangents.append(self.slope(jacobian, self.changed(w)))
                self.slopes = np.concatenate([self.slopes, slope[None]])

    def moved(self, weights: Any, slopes: Any) -> Any:
        """Return the states that slopes with weights lead to."""
        return self.y + self.h[:, None] * np.tensordot(weights, slopes[: len(weights)], axes=1)

    def changed(self, weights: Any) -> Any:
        """Return the derivative of such states."""
        if not len(weights):
            return np.broadcast_to(self.same, (len(self.h), *self.same.shape))
        total = np.tensordot(weights, np.stack(self.tangents[: len(weights)]), axes=1)
        return self.same + self.h[:, None, None] * total

    def slope(self, jacobian: Any, state: Any) -> Any:
        """Return the derivative of slopes at states with a derivative."""
        n = len(self.same)
        return jacobian[:, :, :n] @ state + jacobian[:, :, n:] @ self.parameters

    def within(self, i: Any, at: Any, s: Any) -> Any:
        """Return the derivative of the interpolation at times within steps, before which it is s."""
        h, n = self.h[i], len(self.same)
        weights, change = interpolation(self.method, (at - self.before[i]) / h, h)
        total = np.einsum("tk,tkab->tab", weights, np.stack(self.tangents, axis=1)[i])
        total = total + np.expand_dims(change, (-1, -2)) * (self.after[i] - self.same)
        total = total + self.same
        return total[:, :, :n] @ s + total[:, :, n:]
