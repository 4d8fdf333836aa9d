"""`odeint`: SciPy's solution by LSODA, with derivatives in all that the problem leads to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import integrate

from funcad.core.assemble import as_operand, typed
from funcad.core.general import is_plain
from funcad.core.tracer import plain
from funcad.errors import ArgumentError, UnsupportedArgumentError
from funcad.solvers.closed import Closed
from funcad.solvers.formula import by_formula, known_by
from funcad.solvers.quadrature import check_options, leads_to_traced, rest_of
from funcad.solvers.sensitivities import Integrator
from funcad.solvers.solve_ivp import solve_ivp, vector_of
from funcad.solvers.steps import slid
from funcad.solvers.trajectory import in_order, trajectory

NAME: Final = "scipy.integrate.odeint"
_TOLERANCE: Final = 1.49012e-8
#: SciPy's further arguments, in its order
_OPTIONS: Final = (
    *("col_deriv", "full_output", "ml", "mu", "rtol", "atol", "tcrit", "h0", "hmax", "hmin"),
    *("ixpr", "mxstep", "mxhnil", "mxordn", "mxords", "printmessg", "tfirst"),
)


def odeint(
    func: Callable[..., Any],
    y0: Any,
    t: Any,
    args: tuple[Any, ...] = (),
    Dfun: Any = None,
    *positional: Any,
    sensitivity: str | None = None,
    **options: Any,
) -> Any:
    """Solve y' = func(y, t), y(t[0]) = y0 at the times t: `scipy.integrate.odeint`, with derivatives.

    Args:
        func: the right-hand side; it may return a list, and may close over traced values.
        y0, t, args: as for SciPy; they may be or hold traced values.
        Dfun, positional, options: as for SciPy.
        sensitivity: "forward", the default, or "adjoint", as for `solve_ivp`. Sensitivities are integrated
            at the same tolerances.

    Returns:
        The solution, one time in each row, with SciPy's further results where asked for.

    Raises:
        ArgumentError: there is no such way.
        UnsupportedArgumentError: an option is traced, there is tcrit, or full_output under vmap.
        UndefinedDerivativeError: the sensitivities cannot be integrated.
        RuleError: a function reaches a traced value by a global variable or an attribute.

    >>> import numpy as np
    >>> import funcad as fc
    >>> t = np.array([0.0, 1.0])
    >>> fc.grad(lambda k: odeint(lambda y, t: -k * y, 1.0, t)[-1, 0])(2.0).round(6), -np.exp(-2.0).round(6)
    (np.float64(-0.135335), np.float64(-0.135335))
    """
    if sensitivity not in (None, "forward", "adjoint"):
        raise ArgumentError(f"sensitivity is 'forward', 'adjoint' or None (got {sensitivity!r})")
    options |= dict(zip(_OPTIONS, positional, strict=False))
    if not leads_to_traced(func, y0, t, args, Dfun, options):
        return integrate.odeint(func, y0, t, args, Dfun, **options)
    check_options(NAME, options)
    if options.get("tcrit") is not None:
        raise UnsupportedArgumentError(
            f"{NAME} has no derivative rule for tcrit; integrate from one to the next"
        )
    full_output, tfirst = options.get("full_output"), options.get("tfirst")
    times = as_operand(t)
    closed = Closed(func, y0, args if isinstance(args, tuple) else (args,), Dfun)
    told: list[tuple[Any, ...]] = []
    #: by the bytes of the operands, the solutions
    known: dict[Any, Any] = {}

    def value(p: Any, times: Any) -> Any:
        func, y0, args, Dfun = closed.called(p)
        found, *rest = integrate.odeint(func, y0, times, args, Dfun, **options | {"full_output": 1})
        told.append(tuple(rest) if full_output else ())
        known[known_by(NAME, p, times)] = found
        return found

    def formula(p: Any, times: Any) -> Any:
        key = known_by(NAME, p, times)
        if key not in known:
            value(plain(p), plain(times))
        values = known[key]
        func, y0, args, _ = closed.filled(p)

        def rhs(t: Any, y: Any) -> Any:
            return vector_of(func(t, y, *args) if tfirst else func(y, t, *args), y)

        at = plain(times).tolist()
        start = np.reshape(typed(as_operand(y0), float), (-1,))
        start = slid(rhs, start, times[0], at[0])
        distinct, place = in_order(dict.fromkeys(at))
        states = trajectory(
            _integrator(options),
            rhs,
            start,
            distinct,
            values[[at.index(t) for t in distinct]],
            sensitivity or "forward",
        )
        if is_plain(times):
            return states[[place[t] for t in at]]
        return np.stack([slid(rhs, states[place[c]], c, times[k]) for k, c in enumerate(at)])

    result = by_formula(NAME, value, formula, (closed.vector, times))
    closed.settle()
    rest = rest_of(NAME, told)
    return (result, *rest) if rest else result


def _integrator(options: dict[str, Any]) -> Integrator:
    """Return LSODA with the options that hold for any system."""
    steps = {"max_step": options.get("hmax"), "min_step": options.get("hmin")}
    tolerances = [options.get(k) for k in ("rtol", "atol")]
    rtol, atol = [_TOLERANCE if v is None else v for v in tolerances]
    return Integrator(
        name=NAME,
        method="LSODA",
        solve=functools.partial(solve_ivp, sensitivity="forward"),
        rtol=rtol,
        atol=atol,
        implicit=True,
        options={k: v for k, v in steps.items() if v},
    )
