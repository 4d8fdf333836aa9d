"""The solution at some times, as a function of all that a differential equation leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funcad.solvers.adjoint import Adjoint
from funcad.solvers.closed import Closed, solved
from funcad.solvers.sensitivities import Integrator, Replayed, System
from funcad.solvers.steps import Rhs


def trajectory(
    integrator: Integrator, rhs: Rhs, y: Any, times: Sequence[float], values: Any, way: str, steps: Any = ()
) -> Any:
    """Return the solution at some times, one in each row, with derivatives in all that the system leads to.

    Args:
        integrator: how the solution was integrated.
        rhs: the right-hand side, which may close over traced values.
        y: the vector at the first time.
        times: distinct plain times in the order of the integration, the first one included.
        values: the solution at these times.
        way: "steps", "forward" or "adjoint", as `solve_ivp` has it.
        steps: the steps of the solution, where the way is by steps.
    """
    closed = Closed(rhs, y)
    if not closed:
        return values
    kinds = {"steps": Replayed, "forward": System, "adjoint": Adjoint}
    system = kinds[way](integrator, closed, times, values, steps)
    result = solved(integrator.name, lambda _: values, (closed.vector,), [system.along], [system.back])
    closed.settle()
    return result


def in_order(values: dict[float, Any]) -> tuple[list[float], dict[float, int]]:
    """Return distinct times in the order of an integration that starts with the first, and their places."""
    first = next(iter(values))
    distinct = sorted(values, reverse=any([t < first for t in values]))
    return distinct, {t: k for k, t in enumerate(distinct)}
