"""`scipy.signal`: linear systems driven by inputs, in inputs, matrices, times and initial state."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.function import twin
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.matrix_functions import expm

lsim = twin(signal.lsim)
dlsim = twin(signal.dlsim)


def matrices(system: Any, name: str) -> tuple[Any, ...]:
    """Return the four matrices of a system."""
    if isinstance(system, (signal.lti, signal.dlti)):
        system = system.to_ss()
        return system.A, system.B, system.C, system.D
    if len(system) == 4:
        a, b, c, d = (as_operand(m) for m in system)
        return tuple([np.atleast_2d(m) for m in (a, b, c, d)])
    if contains_tracer(system):
        raise UnsupportedArgumentError(
            f"scipy.signal.{name} has derivatives with respect to the four matrices of a system; give it as (A, B, C, D)"
        )
    return matrices(signal.lti(*system), name)


def column(u: Any) -> Any:
    """Return inputs with an axis for their number."""
    u = np.atleast_1d(as_operand(u))
    return u[:, None] if u.ndim == 1 else u


@lsim.def_composite(own_value=True)
def _lsim(system: Any, U: Any, T: Any, X0: Any = None, interp: bool = True) -> Any:
    a, b, c, d = matrices(system, "lsim")
    times = np.atleast_1d(as_operand(T))
    states, inputs = a.shape[0], b.shape[1]
    x = np.zeros(states) if X0 is None else as_operand(X0)
    x = expm(a * times[0]) @ x
    u = np.zeros((len(times), inputs)) if U is None or np.ndim(U) == 0 else column(U)
    xs = [x]
    if len(times) > 1:
        # the exponential of the system with its inputs, and their slopes, as states (Van Loan 1978)
        dt = times[1] - times[0]
        top = np.concatenate([a * dt, b * dt, np.zeros((states, inputs))], axis=1)
        below = np.eye(2 * inputs, states + 2 * inputs, states + inputs)
        step = expm(np.concatenate([top, below]))[:states]
        drive, slope = step[:, states : states + inputs], step[:, states + inputs :]
        held, ahead = (drive - slope, slope) if interp else (drive, 0 * slope)
        driven = u[:-1] @ held.T + u[1:] @ ahead.T
        for change in driven:
            x = step[:, :states] @ x + change
            xs.append(x)
    out = np.stack(xs)
    return times, np.squeeze(out @ c.T + u @ d.T), np.squeeze(out)


@dlsim.def_composite(own_value=True)
def _dlsim(system: Any, u: Any, t: Any = None, x0: Any = None) -> Any:
    discrete = isinstance(system, signal.dlti)
    dt = system.dt if discrete else system[-1]
    of_states = isinstance(system, signal.StateSpace) or (not discrete and len(system) == 5)
    a, b, c, d = matrices(system if discrete else system[:-1], "dlsim")
    u = column(u)
    if t is None:
        count, stop = len(u), (len(u) - 1) * dt
    else:
        stop = t[-1]
        count = int(np.floor(stop / dt)) + 1
    times = np.linspace(0.0, stop, count)
    if t is not None:
        u = np.stack([np.interp(times, t, u[:, k]) for k in range(u.shape[1])], axis=1)
    x = np.zeros(a.shape[0]) if x0 is None else as_operand(x0)
    xs = [x]
    for change in u[: count - 1] @ b.T:
        x = a @ x + change
        xs.append(x)
    out = np.stack(xs)
    result = times, out @ c.T + u @ d.T, out
    return result if of_states else result[:2]
