"""A planet's orbit: how its place after one turn depends on where and how fast it started.

The orbit is integrated by a plain Python loop (Störmer-Verlet). Forward mode carries the four
derivatives along with the orbit. They are checked in two exact ways: the Jacobian of
a symplectic integrator is a symplectic matrix, and forward mode equals reverse mode.

Run: python examples/kepler.py [--quick]
"""

from typing import Any

import numpy as np
from shared import Run, plt

import funcad as fc
from funcad.testing import check_grads

E = 0.3  # how far the ellipse is from a circle
START = np.array([1 - E, 0.0, 0.0, np.sqrt((1 + E) / (1 - E))])


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


def loss(state: Any, steps: int) -> Any:
    """Return the square of how far from its start a planet is after one turn."""
    return np.sum((flow(state, steps=steps) - state) ** 2)


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one gradient."""
    return loss, (START, 200)


def main() -> None:
    """Integrate one turn of an ellipse, with its sensitivities."""
    run = Run(__doc__)
    steps = run.steps(quick=1000, full=5000)
    check_grads(lambda s: flow(s, time=1.0, steps=20), (START,))
    end = flow(START, steps=steps)
    J = fc.jacfwd(lambda s: flow(s, steps=steps))(START)

    omega = np.block([[np.zeros((2, 2)), np.eye(2)], [-np.eye(2), np.zeros((2, 2))]])
    symplectic = np.max(np.abs(J.T @ omega @ J - omega))
    assert symplectic < 1e-9, symplectic
    # by Kepler's third law a speed increased by dv makes the orbit longer in time by
    # dT = 3 pi a v dv (a = 1, T = 2 pi a^1.5): the planet then lags by v dT along its path
    lag = -3 * 2 * np.pi * START[3] ** 2
    np.testing.assert_allclose(J[1, 3], lag, rtol=1e-3)
    weights, short = np.array([1.0, -2.0, 0.5, 1.5]), 200
    forward = weights @ fc.jacfwd(lambda s: flow(s, steps=short))(START)
    _, pull = fc.vjp(lambda s: flow(s, steps=short), START)
    np.testing.assert_allclose(pull(weights)[0], forward, rtol=1e-9)

    figure, (wide, near) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    orbit = np.array([flow(START, time=t, steps=200) for t in np.linspace(0.1, 2 * np.pi, 80)])
    wide.plot(*orbit[:, :2].T, color="gray", lw=1)
    wide.plot(0, 0, "o", color="tab:orange", ms=10)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    for scale, color in ((0.005, "tab:red"), (0.002, "tab:blue")):
        pushes = scale * np.stack([0 * angles, 0 * angles, np.cos(angles), np.sin(angles)])
        reached = np.array([flow(START + p, steps=400)[:2] for p in pushes.T])
        for ax in (wide, near):
            ax.plot(*reached.T, ".", color=color, label=f"speed changed by {scale}, integrated")
        near.plot(*(end[:, None] + J @ pushes)[:2], "+", color=color, label="the same, by the Jacobian")
    wide.set(
        aspect="equal", xticks=[-1, -0.5, 0, 0.5], xlabel="x", ylabel="y", title="planets after one turn"
    )
    near.set(xticks=[0.685, 0.69, 0.695, 0.7], xlabel="x", ylabel="y", title="the same, near by")
    near.legend(fontsize=8)
    picture = run.save(figure, "kepler.png")
    run.finish(
        "check_grads; the Jacobian is symplectic, obeys Kepler's third law, and both modes agree",
        steps=steps,
        distance_from_the_start=f"{np.linalg.norm(end - START):.1e}",
        error_of_symplecticity=f"{symplectic:.1e}",
        lag_by_speed=f"{J[1, 3]:.5f}, by Kepler's third law {lag:.5f}",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
