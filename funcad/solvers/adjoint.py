"""The adjoint of a differential equation, integrated back in time.

Source: Y. Cao, S. Li, L. Petzold and R. Serban, SIAM J. Sci. Comput. 24 (2003).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import integrate

from funcad.core.general import is_plain
from funcad.core.tracer import plain
from funcad.solvers.sensitivities import System, sizes_of
from funcad.transforms.jacobian import jacobian
from funcad.transforms.vjp import vjp


class Adjoint(System):
    """A problem whose cotangents are integrated back in time."""

    def along(self, t: Any, p: Any) -> Any:
        """Return the tangent of the solution by the sensitivity in one direction."""
        size = np.max(np.abs(plain(t)) / sizes_of(p))
        size = np.where(np.equal(size, 0), 1.0, size)
        return self.sensitivities(p, np.reshape(t / size, (-1, 1)))[..., 0] * size

    def back(self, g: Any, p: Any) -> Any:
        """Return the cotangent of the parameters; by forward sensitivities for a derivative of it."""
        return self.adjoint(plain(g), plain(p)) if is_plain(g) and is_plain(p) else super().back(g, p)

    def adjoint(self, g: Any, p: Any) -> Any:
        """Integrate l' = -f_y^T l and q' = -f_p^T l from the last time to the first."""
        integrator, times, sizes = self.integrator, self.times, sizes_of(p)
        n, size = g.shape[1], np.max(np.abs(g), initial=0.0)
        if size == 0.0:
            return np.zeros_like(p)
        forward: Any = self.path(p) if len(times) > 1 else None

        def rhs(t: Any, state: Any) -> Any:
            _, pull = vjp(lambda y, p: self.slope(t, y, p), forward(t), p)
            by_y, by_p = pull(state[:n])
            return -np.concatenate([by_y, by_p * sizes])

        def jac(t: Any, state: Any) -> Any:
            by_y, by_p = jacobian(lambda y, p: self.slope(t, y, p), (0, 1))(forward(t), p)
            full = np.zeros((len(state), len(state)))
            full[:, :n] = -np.concatenate([by_y.T, by_p.T * sizes[:, None]])
            return full

        # relative to the size of the cotangents; a change of p by its size has the tolerance of the solution
        largest = np.max(np.abs(self.values))
        floor = np.min(integrator.atol) * np.concatenate(
            [np.full(n, 1 / largest if largest else 1.0), np.ones_like(p)]
        )
        state = np.concatenate([g[-1] / size, np.zeros_like(p)])
        for later, before, cotangent in zip(times[:0:-1], times[-2::-1], g[-2::-1], strict=True):
            found = integrator.run(
                integrate.solve_ivp, rhs, (later, before), state, integrator.rtol, floor, jac
            )
            state = found.y[:, -1]
            state[:n] += cotangent / size
        _, pull = vjp(self.start, p)
        return size * (pull(state[:n])[0] + state[n:] / sizes)
