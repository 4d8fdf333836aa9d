"""`solve_ivp`: SciPy's solution of an initial value problem, with derivatives in all that leads to it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from attrs import frozen
from scipy import integrate
from scipy.integrate._ivp.rk import RungeKutta

from funcad.core.assemble import as_operand, typed
from funcad.core.broadcast import shape_of
from funcad.core.general import is_plain
from funcad.core.tracer import plain, user_line
from funcad.errors import ArgumentError, BatchError, UnsupportedArgumentError, because
from funcad.solvers.closed import Closed
from funcad.solvers.formula import by_formula, known_by
from funcad.solvers.quadrature import check_options, leads_to_traced
from funcad.solvers.sensitivities import Integrator
from funcad.solvers.steps import Step, slid
from funcad.solvers.trajectory import in_order, trajectory
from funcad.transforms.jvp import jvp
from funcad.transforms.stop_gradient import stop_gradient

NAME: Final = "scipy.integrate.solve_ivp"
_IMPLICIT: Final = (integrate.Radau, integrate.BDF, integrate.LSODA)
_WAYS: Final = ("steps", "forward", "adjoint")
#: the options that are about the system itself, and not about its sensitivities
_OF_SYSTEM: Final = ("jac", "jac_sparsity", "lband", "uband", "rtol", "atol", "first_step")


def solve_ivp(
    fun: Callable[..., Any],
    t_span: Any,
    y0: Any,
    method: Any = "RK45",
    t_eval: Any = None,
    dense_output: bool = False,
    events: Any = None,
    vectorized: bool = False,
    args: Any = None,
    *,
    sensitivity: str | None = None,
    **options: Any,
) -> Any:
    """Solve y' = fun(t, y), y(t0) = y0: `scipy.integrate.solve_ivp`, with derivatives.

    The value is that of SciPy's own run, bit for bit. Derivatives are taken by the initial state, by `args`
    and whatever else the functions close over, and by times: the ends of `t_span`, and `t_eval`.

    Args:
        fun: the right-hand side; it may return a list, and may close over traced values.
        t_span, y0, t_eval, args: as for SciPy; they may be or hold traced values.
        method, vectorized, options: as for SciPy; the tolerances are those of the derivatives too.
        dense_output: not where something is traced: give the times as `t_eval`.
        events: as for SciPy; the times of events have derivatives, and so have the states at them.
        sensitivity: how the derivative is computed. n is the length of y, m the number of traced values.

            - "steps", of RK23, RK45 and DOP853, and their default: the steps that were taken are taken again
              by traced arithmetic. A gradient costs a few runs whatever m is, and memory for each step.
            - "forward", of all methods, the default of the others: the sensitivities, n m numbers, are
              integrated on the steps of a second run, halved where they need it, for both modes. Those of a
              derivative that is differentiated again are integrated with it, as a system of size n (1 + m).
            - "adjoint", of all methods: the reverse mode integrates a system of size n + m back in time, with
              little memory, from a second run. Second derivatives are by forward sensitivities.

    Returns:
        SciPy's result, with `t`, `y`, `t_events` and `y_events` traced. Times at which the solver chose to
        stop are constants. Under `vmap` the counts are those of each example.

    Raises:
        ArgumentError: there is no such way, or "steps" is asked of a method that is not explicit Runge-Kutta.
        UnsupportedArgumentError: an option is traced, there is dense_output, or a complex system with another
            way than "steps".
        UndefinedDerivativeError: the sensitivities cannot be integrated.
        BatchError: the examples of a batch stop at different numbers of times; give t_eval.
        RuleError: a function reaches a traced value by a global variable or an attribute.

    >>> import numpy as np
    >>> import funcad as fc
    >>> def flight(angle, speed=10.0):
    ...     fall = lambda t, y: [y[1], -9.81]
    ...     landed = lambda t, y: y[0]
    ...     landed.terminal, landed.direction = True, -1
    ...     return solve_ivp(fall, (0, 9), [0.0, speed * np.sin(angle)], events=landed).t[-1]
    >>> fc.grad(flight)(np.pi / 6).round(6), (2 * 10 / 9.81 * np.cos(np.pi / 6)).round(6)
    (np.float64(1.765597), np.float64(1.765597))
    """
    if sensitivity is not None and sensitivity not in _WAYS:
        raise ArgumentError(f"sensitivity is one of {', '.join(_WAYS)}, or None (got {sensitivity!r})")
    if not leads_to_traced(fun, t_span, y0, t_eval, events, args, options):
        return integrate.solve_ivp(
            fun, t_span, y0, method, t_eval, dense_output, events, vectorized, args, **options
        )
    check_options(NAME, {k: v for k, v in options.items() if k != "jac"})
    if dense_output:
        raise UnsupportedArgumentError(
            f"{NAME} has no derivative rule for dense_output=True; give the times as t_eval"
        )
    kind = getattr(integrate, method) if isinstance(method, str) and hasattr(integrate, method) else method
    explicit = isinstance(kind, type) and issubclass(kind, RungeKutta)
    way = sensitivity or ("steps" if explicit else "forward")
    if way == "steps" and not explicit:
        raise ArgumentError(
            "sensitivity='steps' takes the steps of an explicit method again, RK23, RK45 or DOP853; "
            f"{method} has 'forward' and 'adjoint'"
        )
    problem = Problem(
        kind, way, (fun, t_span, y0, events, args, options.get("jac")), t_eval, vectorized, options
    )
    return problem.result()


@frozen
class Solved:
    """A run of the solver."""

    result: Any
    steps: list[Step]


class Problem:
    """A call of the solver: its value, and the formula of its derivative."""

    def __init__(
        self,
        method: Any,
        way: str,
        given: tuple[Any, ...],
        t_eval: Any,
        vectorized: bool,
        options: dict[str, Any],
    ) -> None:
        self.method = method
        self.way = way
        self.closed = Closed(*given)
        self.times = None if t_eval is None else as_operand(t_eval)
        self.vectorized = vectorized
        self.options = options
        self.events = given[3] is not None
        #: the runs of SciPy: one, or under vmap one for each example
        self.runs: list[Solved] = []
        #: the same by the bytes of their operands
        self.known: dict[Any, Solved] = {}
        #: whether the times of the result have derivatives
        listed = given[3] if isinstance(given[3], (list, tuple)) else [given[3]]
        ends = t_eval is None and any([getattr(event, "terminal", False) for event in listed])
        self.moving = ends or not (is_plain(given[1]) and is_plain(self.times))

    def result(self) -> Any:
        """Return SciPy's result with traced values in it."""
        operands = (self.closed.vector, np.empty(0) if self.times is None else self.times)
        try:
            flat = by_formula(NAME, self.value, self.formula, operands)
        except BatchError as e:
            if self.times is not None or len({len(run.result.t) for run in self.runs}) <= 1:
                raise
            raise because(
                BatchError(
                    f"{NAME} (called at {user_line()}) stops at different numbers of times for the examples "
                    "of a batch; give the times as t_eval, for the end alone t_eval=[end]"
                ),
                e,
            )
        self.closed.settle()
        runs = [run.result for run in self.runs]
        first = runs[0]
        t, y, *rest = flat
        count = len(rest) // 2
        fields = {k: v if len(runs) == 1 else [r[k] for r in runs] for k, v in first.items()}
        fields |= {
            "success": all([r.success for r in runs]),
            "t": t if self.moving else stop_gradient(t),
            "y": y,
        }
        if self.events:
            fields |= {"t_events": rest[:count], "y_events": rest[count:]}
        return type(first)(fields)

    # --- the value

    def value(self, p: Any, times: Any) -> tuple[Any, ...]:
        """Solve the problem for plain operands, and note the steps."""
        fun, t_span, y0, events, args, jac = self.closed.called(p)
        steps: list[Step] = []

        class Noted(self.method):  # type: ignore[name-defined,misc]  # a class of SciPy
            """The method, noting its steps."""

            def step(self) -> Any:
                message = super().step()
                if self.status != "failed":
                    steps.append(Step(self.t_old, self.t, self.y_old, self.K.copy()))
                return message

        options = self.options | ({"jac": jac} if "jac" in self.options else {})
        t_eval = None if self.times is None else times
        method = Noted if self.way == "steps" else self.method
        found = integrate.solve_ivp(
            fun, t_span, y0, method, t_eval, False, events, self.vectorized, args, **options
        )
        run = self.known[known_by(NAME, p, times)] = Solved(found, steps)
        self.runs.append(run)
        return (found.t, found.y, *(found.t_events or ()), *(found.y_events or ()))

    # --- the derivative

    def formula(self, p: Any, times: Any) -> tuple[Any, ...]:
        """Return the results of a run as functions of operands that may be traced."""
        key = known_by(NAME, p, times)
        if key not in self.known:
            self.value(plain(p), plain(times))
        run = self.known[key]
        fun, t_span, y0, events, args, _ = self.closed.filled(p)
        args = () if args is None else args
        result = run.result

        def rhs(t: Any, y: Any) -> Any:
            return vector_of(fun(t, y, *args), y)

        first = float(plain(as_operand(t_span[0])))
        start = slid(rhs, typed(as_operand(y0), result.y.dtype), t_span[0], first)
        event_times = result.t_events or []
        state = self.states(run, rhs, start, first)
        moments = [
            [_event_time(lambda t, y, e=e: e(t, y, *args), rhs, c, state(c)) for c in found]
            for e, found in zip(_listed(events), event_times, strict=True)
        ]
        t = list(result.t)
        if self.times is not None:
            t = [times[k] for k in range(len(t))] if self.moving else t
        elif len(t):
            t[0] = t_span[0]
            ended = [
                m[-1] for m, c in zip(moments, event_times, strict=True) if len(c) and c[-1] == result.t[-1]
            ]
            t[-1] = ended[0] if result.status == 1 and ended else t_span[1] if result.status == 0 else t[-1]
        y = [slid(rhs, state(c), c, at) for c, at in zip(result.t, t, strict=True)]
        return (
            _together(t, result.t),
            np.transpose(_together(y, np.transpose(result.y))),
            *[_together(m, found) for m, found in zip(moments, event_times, strict=True)],
            *[
                _together([slid(rhs, state(c), c, at) for c, at in zip(found, m, strict=True)], values)
                for m, found, values in zip(moments, event_times, result.y_events or [], strict=True)
            ],
        )

    def states(self, run: Solved, rhs: Any, start: Any, first: float) -> Callable[[float], Any]:
        """Return the solution as a function of the plain times of the results."""
        result = run.result
        values = {first: plain(start)} | dict(zip(result.t.tolist(), np.transpose(result.y), strict=True))
        for times, found in zip(result.t_events or [], result.y_events or [], strict=True):
            values |= dict(zip(times.tolist(), found, strict=True))
        distinct, place = in_order(values)
        integrator = Integrator(
            name=NAME,
            method=self.method,
            solve=functools.partial(solve_ivp, sensitivity="forward"),
            rtol=self.options.get("rtol", 1e-3),
            atol=self.options.get("atol", 1e-6),
            implicit=issubclass(self.method, _IMPLICIT),
            options={k: v for k, v in self.options.items() if k not in _OF_SYSTEM},
        )
        at = np.array([values[t] for t in distinct])
        found = trajectory(integrator, rhs, start, distinct, at, self.way, run.steps)
        return lambda t: found[place[float(t)]]


def _listed(events: Any) -> list[Any]:
    """Return the functions of the events, which SciPy takes as one or as several."""
    return [] if events is None else list(events) if isinstance(events, (list, tuple)) else [events]


def vector_of(slope: Any, y: Any) -> Any:
    """Return what a right-hand side gave, a number or a list perhaps, as a vector like the solution."""
    slope = as_operand(slope)
    return slope if shape_of(slope) == shape_of(y) else np.broadcast_to(slope, shape_of(y))


def _together(parts: Sequence[Any], values: Any) -> Any:
    """Return numbers or vectors as one array of the shape of its values."""
    return np.stack([as_operand(x) for x in parts]) if len(parts) else values


def _event_time(event: Any, rhs: Any, c: float, y: Any) -> Any:
    """Return the time of an event by Newton's method: each turn doubles the order that is exact."""
    t: Any = float(c)
    for _ in range(3):
        at = slid(rhs, y, float(c), t)
        g, slope = jvp(event, (t, at), (np.ones_like(plain(t))[()], rhs(t, at)))
        t = t - g / slope
    return t
