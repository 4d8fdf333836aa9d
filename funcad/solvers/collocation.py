"""The sensitivities of a known solution: a linear system, by collocation on the steps of the solution.

Radau IIA of order 5 (Hairer and Wanner, Solving ODEs II, section IV.5) is stable for stiff systems. The
Jacobians at all its points are those of one batch. A step is halved where that changes its result by more
than the tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from funcad.solvers.transitions import Evaluate

_ROOT: Final = np.sqrt(6.0)
_PLACES: Final = np.array([(4 - _ROOT) / 10, (4 + _ROOT) / 10, 1.0])
_WEIGHTS: Final = np.array([
    [(88 - 7 * _ROOT) / 360, (296 - 169 * _ROOT) / 1800, (-2 + 3 * _ROOT) / 225],
    [(296 + 169 * _ROOT) / 1800, (88 + 7 * _ROOT) / 360, (-2 - 3 * _ROOT) / 225],
    [(16 - _ROOT) / 36, (16 + _ROOT) / 36, 1 / 9],
])  # fmt: skip
#: after so many rounds of halving, or with so many steps, it is given up
_ROUNDS: Final = 60
_MOST_STEPS: Final = 20_000


def collocated(
    path: Any, evaluate: Evaluate, directions: Any, start: Any, times: Sequence[float], rtol: Any, atol: Any
) -> Any:
    """Return the derivatives along some directions, (times, n, directions), or None where steps do not do.

    Args:
        path: the solution as a function of time, with its steps: an `OdeSolution`.
        evaluate: the right-hand side with its derivatives, for many times and states at once.
        directions: the directions among the parameters, in columns.
        start: the derivatives at the first time.
        times: where the derivatives are wanted, in the order of the integration.
        rtol, atol: the tolerances of the solution; what is small throughout has its own measure.
    """
    backward = times[-1] < times[0]
    inner = [t for t in path.ts if min(times) < t < max(times)]
    edges = np.array(sorted({*inner, *times}, reverse=backward))
    for _ in range(_ROUNDS):
        before, after = edges[:-1], edges[1:]
        middle = before + (after - before) / 2
        count = len(before)
        maps = _maps(
            path, evaluate, directions, np.append(before, [before, middle]), np.append(after, [middle, after])
        )
        states, changes = [start], []
        for whole, first, second in zip(
            maps[:count], maps[count : 2 * count], maps[2 * count :], strict=True
        ):
            s = states[-1]
            states.append(_applied(second, _applied(first, s)))
            changes.append(_applied(whole, s) - states[-1])
        found = np.array(states)
        largest = np.max(np.abs(found), axis=0)
        least = np.minimum(np.reshape(atol, (-1, 1)), np.max(rtol) * largest)
        allowed = np.max(rtol) * np.abs(found[1:]) + least
        coarse = np.any(np.abs(changes) > allowed, axis=(1, 2))
        if not np.any(coarse):
            return found[np.isin(edges, times)]
        edges = np.array(sorted({*edges, *middle[coarse]}, reverse=backward))
        if len(edges) > _MOST_STEPS or not np.all(np.isfinite(found)):
            break
    return None


def _applied(step: Any, s: Any) -> Any:
    """Return the derivatives after a step, for those before it."""
    n = len(s)
    return step[:, :n] @ s + step[:, n:]


def _maps(path: Any, evaluate: Evaluate, directions: Any, before: Any, after: Any) -> Any:
    """Return the linear maps of steps: of the derivatives before, and what is added."""
    h = after - before
    t = before[:, None] + h[:, None] * _PLACES
    y = path(t.ravel()).T
    (count, stages), n, k = t.shape, y.shape[1], directions.shape[1]
    _, by = evaluate(t.ravel(), y)
    inputs = np.concatenate([by[:, :, :n], by[:, :, n:] @ directions], axis=2)
    by_y = inputs[:, :, :n].reshape(count, stages, n, n)
    # the slopes at the stages: K_s = J_s (S + h sum a_sj K_j) + F_s
    system = np.einsum("c,sj,csab->csajb", -h, _WEIGHTS, by_y).reshape(count, stages * n, stages * n)
    system += np.eye(stages * n)
    slopes = np.linalg.solve(system, inputs.reshape(count, stages * n, n + k)).reshape(
        count, stages, n, n + k
    )
    same = np.concatenate([np.eye(n), np.zeros((n, k))], axis=1)
    return same + h[:, None, None] * np.einsum("j,cjab->cab", _WEIGHTS[-1], slopes)
