"""A planet's orbit: how its place after one turn depends on where and how fast it started.

The orbit is integrated by a plain Python loop (Störmer-Verlet). Forward mode carries the four
derivatives along with the orbit. They are checked in two exact ways: the Jacobian of
a symplectic integrator is a symplectic matrix, and forward mode equals reverse mode.

Run: python examples/kepler.py
"""

from typing import Any

import numpy as np

import funcad as fc


def acceleration(q: Any) -> Any:
    """Return the pull of a sun of mass 1 at the origin."""
    return -q / np.sum(q * q) ** 1.5


def flow(state: Any, time: float = 2 * np.pi, steps: int = 2000) -> Any:
    """Return place and velocity after some time, as one vector (qx, qy, vx, vy)."""
    q, v = state[:2], state[2:]
    h = time / steps
    for _ in range(steps):
        v = v + 0.5 * h * acceleration(q)
        q = q + h * v
        v = v + 0.5 * h * acceleration(q)
    return np.concatenate([q, v])


def main() -> None:
    """Integrate one turn of an ellipse, with its sensitivities."""
    e = 0.3
    start = np.array([1 - e, 0.0, 0.0, np.sqrt((1 + e) / (1 - e))])
    end = flow(start)
    J = fc.jacfwd(flow)(start)
    print(f"after one turn the planet is {np.linalg.norm(end - start):.1e} from where it started")
    print("derivative of the end with respect to the start:")
    print(np.array2string(J, precision=4, suppress_small=True))

    omega = np.block([[np.zeros((2, 2)), np.eye(2)], [-np.eye(2), np.zeros((2, 2))]])
    np.testing.assert_allclose(J.T @ omega @ J, omega, atol=1e-9)

    # by Kepler's third law a speed increased by dv makes the orbit longer in time by
    # dT = 3 pi a v dv (a = 1, T = 2 pi a^1.5): the planet then lags by v dT along its path
    speed = start[3]
    lag = -3 * 2 * np.pi * speed**2
    np.testing.assert_allclose(J[1, 3], lag, rtol=1e-3)

    weights = np.array([1.0, -2.0, 0.5, 1.5])
    short = 200
    forward = weights @ fc.jacfwd(lambda s: flow(s, steps=short))(start)
    _, pull = fc.vjp(lambda s: flow(s, steps=short), start)
    np.testing.assert_allclose(pull(weights)[0], forward, rtol=1e-9)
    print("checked: the Jacobian is symplectic, obeys Kepler's third law, and both modes agree")


if __name__ == "__main__":
    main()
