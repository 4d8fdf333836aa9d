"""Forward sensitivities of differential equations, continuous ones and those of the steps.

The derivative S of the solution of y' = f(t, y, p) by p solves S' = f_y S + f_p. It is linear, and integrated
after the solution (collocation.py), or with it (A. C. Hindmarsh and others, SUNDIALS, ACM TOMS 31, 2005,
section 2.3). Each column is that by a relative change of its parameter, so that the tolerances of the
solution hold for it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from attrs import frozen
from scipy import integrate

from funcad.core.assemble import as_operand
from funcad.core.tracer import Tracer, plain, top_trace
from funcad.errors import TakenApartWarning, UndefinedDerivativeError, UnsupportedArgumentError
from funcad.solvers.closed import Closed
from funcad.solvers.collocation import collocated
from funcad.solvers.formula import same
from funcad.solvers.steps import replayed
from funcad.solvers.transitions import Evaluate, chained
from funcad.transforms.jacobian import jacfwd, jacobian, value_and_jacobian
from funcad.transforms.jvp import jvp
from funcad.transforms.vjp import vjp
from funcad.transforms.vmap import vmap

Rhs = Callable[[Any, Any], Any]


@frozen
class Integrator:
    """A method of SciPy with its options: what integrates the sensitivities as it did the solution."""

    #: what messages call it
    name: str
    method: Any
    #: solve_ivp with derivatives, for those of a higher order
    solve: Callable[..., Any]
    rtol: Any
    atol: Any
    implicit: bool
    #: what else holds for any system
    options: dict[str, Any]

    def run(
        self, solve: Any, rhs: Rhs, span: Any, y: Any, rtol: Any, atol: Any, jac: Any, **options: Any
    ) -> Any:
        """Integrate a system.

        Raises:
            UndefinedDerivativeError: the method fails.
        """
        if self.implicit:
            options["jac"] = jac
        found = solve(rhs, span, y, self.method, rtol=rtol, atol=atol, **self.options, **options)
        if not found.success:
            raise UndefinedDerivativeError(
                f"the sensitivities of {self.name} cannot be integrated as the solution was: {found.message}"
            )
        return found


class System:
    """An initial value problem as a function of all that it leads to, with forward sensitivities."""

    def __init__(
        self, integrator: Integrator, closed: Closed, times: Sequence[float], values: Any, steps: Any
    ) -> None:
        self.integrator = integrator
        self.closed = closed
        self.times = times
        self.values = values
        self.steps = steps
        #: the parameters at which the derivative by all of them is known, and where there is a tape
        self.known: tuple[tuple[Any, ...], Any] | None = None
        self.pulled: tuple[tuple[Any, ...], Any] | None = None
        self.check()

    def is_complex(self) -> bool:
        """Tell whether the state or the parameters are complex."""
        return np.iscomplexobj(self.values) or plain(self.closed.vector).dtype.kind == "c"

    def check(self) -> None:
        """Refuse complex systems."""
        if self.is_complex():
            raise UnsupportedArgumentError(
                f"{self.integrator.name} has sensitivities of complex systems by sensitivity='steps' only; "
                "write the system in real and imaginary parts, or take RK45 or DOP853"
            )

    def slope(self, t: Any, y: Any, p: Any) -> Any:
        """Return the right-hand side."""
        return as_operand(self.closed.filled(p)[0](t, y))

    def start(self, p: Any) -> Any:
        """Return the vector at the first time."""
        return as_operand(self.closed.filled(p)[1])

    def along(self, t: Any, p: Any) -> Any:
        """Return the tangent of the solution."""
        return self.by_parameters(p) @ t

    def back(self, g: Any, p: Any) -> Any:
        """Return the cotangent of the parameters."""
        return np.tensordot(g, self.by_parameters(p), axes=2)

    def by_parameters(self, p: Any) -> Any:
        """Return the derivative of the solution by all parameters, computed once."""
        known = self.known
        if known is None or not same(known[0], (p,)):
            known = self.known = (p,), self.all_columns(p)
        return known[1]

    def all_columns(self, p: Any) -> Any:
        """Compute the derivative of the solution by all parameters."""
        sizes = sizes_of(p)
        return self.sensitivities(p, np.diag(sizes)) / sizes

    def batch(self, p: Any) -> Evaluate:
        """Return the right-hand side with its derivatives as a function of many times and states."""
        n = self.values.shape[1]

        def one(t: Any, y: Any) -> Any:
            return value_and_jacobian(lambda z: self.slope(t, z[:n], z[n:]))(np.concatenate([y, p]))

        def evaluate(t: Any, y: Any) -> Any:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error", TakenApartWarning)
                    return vmap(one)(t, y)
            except Exception:
                # it branches, or has a function of time that takes numbers only; other errors are raised here
                found = [one(float(at), state) for at, state in zip(t, y, strict=True)]
                return tuple([np.stack(column) for column in zip(*found, strict=True)])

        return evaluate

    def sensitivities(self, p: Any, directions: Any) -> Any:
        """Return the derivatives along the columns of a matrix, of the shape (times, n, columns).

        By collocation on the steps of the solution where all are numbers. Else they are integrated with it,
        and a column beside which the absolute tolerance is large is integrated again, enlarged.
        """
        integrator = self.integrator
        if top_trace((p, directions)) is None and len(self.times) > 1:
            start = jacobian(self.start)(p) @ directions
            tolerances = integrator.rtol, integrator.atol
            found = collocated(self.path(p), self.batch(p), directions, start, self.times, *tolerances)
            if found is not None:
                return found
        enlarged = np.ones(np.shape(directions)[1])
        for _ in range(_TURNS):
            found = self.integrated(p, directions * enlarged) / enlarged
            least = np.reshape(integrator.atol, (-1, 1)) / np.max(integrator.rtol)
            least = np.where(least > 0, least, np.inf)
            share = np.max(np.abs(plain(found)) / least, axis=(0, 1), initial=0.0) * enlarged
            small = (share > 0) & (share < _SHARE)
            if not np.any(small):
                break
            enlarged = np.where(small, enlarged / np.where(small, share, 1.0), enlarged)
        return found

    def path(self, p: Any) -> Any:
        """Return the solution as a function of time, by another run."""
        integrator, times = self.integrator, self.times
        return integrator.run(
            integrate.solve_ivp,
            lambda t, y: self.slope(t, y, p),
            (times[0], times[-1]),
            self.values[0],
            integrator.rtol,
            integrator.atol,
            lambda t, y: jacobian(lambda y: self.slope(t, y, p))(y),
            dense_output=True,
        ).sol

    def integrated(self, p: Any, directions: Any) -> Any:
        """Integrate the derivatives along the columns of a matrix."""
        integrator, times = self.integrator, self.times
        n, k = self.values.shape[1], np.shape(directions)[1]
        y, by_start = value_and_jacobian(self.start)(p)
        state = np.concatenate([y, np.ravel(by_start @ directions)])

        def rhs(t: Any, state: Any) -> Any:
            y, s = state[:n], np.reshape(state[n:], (n, k))
            slope, by = value_and_jacobian(lambda z: self.slope(t, z[:n], z[n:]))(np.concatenate([y, p]))
            return np.concatenate([slope, np.ravel(by[:, :n] @ s + by[:, n:] @ directions)])

        def jac(t: Any, state: Any) -> Any:
            # with the change of f_y, which is large where the problem is stiff
            by_y = jacfwd(lambda y: rhs(t, np.concatenate([y, state[n:]])))(state[:n])
            by_s = np.concatenate([np.zeros((n, n * k)), np.kron(by_y[:n], np.eye(k))])
            return np.concatenate([by_y, by_s], axis=1)

        if len(times) == 1:
            return np.reshape(state[n:], (1, n, k))
        rtol, atol = _spread(integrator.rtol, n, k), _spread(integrator.atol, n, k)
        span = times[0], times[-1]
        found = integrator.run(integrator.solve, rhs, span, state, rtol, atol, jac, t_eval=times)
        return np.transpose(np.reshape(found.y[n:], (n, k, len(times))), (2, 0, 1))


class Replayed(System):
    """A problem whose steps are taken again, all at once where nothing but numbers is known of them."""

    def check(self) -> None:
        """Take complex systems too."""

    def along(self, t: Any, p: Any) -> Any:
        """Return the tangent of the solution."""
        return super().along(t, p) if self.at_once(p) else jvp(self.replay, (p,), (t,))[1]

    def back(self, g: Any, p: Any) -> Any:
        """Return the cotangent of the parameters; where they are many, from a tape of the steps."""
        n = self.values.shape[1]
        if self.at_once(p) and (n * (n + len(p)) <= _FEW or self.known is not None):
            return super().back(g, p)
        pulled = self.pulled
        if pulled is None or not same(pulled[0], (p,)):
            pulled = self.pulled = (p,), vjp(self.replay, p)[1]
        return pulled[1](g)[0]

    def at_once(self, p: Any) -> bool:
        """Tell whether the derivatives of all steps by all parameters are computed at once."""
        n = self.values.shape[1]
        numbers = len(self.steps) * (self.integrator.method.n_stages + 1) * n * (n + len(p))
        return not isinstance(p, Tracer) and not self.is_complex() and numbers <= _MOST

    def replay(self, p: Any) -> Any:
        """Return the solution by the steps that were taken."""
        rhs, y = self.closed.filled(p)
        return np.stack(replayed(self.integrator.method, self.steps, rhs, as_operand(y), self.times))

    def all_columns(self, p: Any) -> Any:
        """Compute the derivative of the solution by all parameters."""
        start = jacobian(self.start)(p)
        return chained(self.integrator.method, self.steps, self.batch(p), start, self.times)


_TURNS: Final = 3
#: how much larger or smaller a column may be than where both tolerances are the same
_SHARE: Final = 0.01
#: how many numbers the derivative of a right-hand side may have where a gradient is by all of its Jacobians
_FEW: Final = 1000
#: how many numbers the derivatives of all steps may have where they are computed at once: 160 MB
_MOST: Final = 20_000_000


def sizes_of(p: Any) -> Any:
    """Return the sizes of parameters, to which the tolerances are relative: 1 for those that are zero."""
    p = np.abs(plain(p))
    return np.where(np.equal(p, 0), 1.0, p)


def _spread(tolerance: Any, n: int, k: int) -> Any:
    """Return the tolerances of a state as those of the state with k sensitivities of each of its numbers."""
    if np.ndim(tolerance) == 0:
        return tolerance
    return np.concatenate([tolerance, np.repeat(np.broadcast_to(tolerance, (n,)), k)])
