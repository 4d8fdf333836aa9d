"""Smoke in an incompressible fluid finds the first push that makes it form a nabla.

On a periodic square of cells, a step carries velocity and smoke along the flow, by bilinear interpolation
backwards in time (Stam 1999), and then takes the divergence from the velocity, in Fourier space. L-BFGS
differentiates through all the steps, with respect to the velocity at the beginning.

Run: python examples/fluid_simulation.py [--quick]
"""

import tracemalloc
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from scipy.optimize import minimize
from shared import Run, plt

import funcad as fc
from funcad.testing import check_grads


def project(velocity: Any) -> Any:
    """Return the part of a velocity (2, n, n), in rows and columns, that has no divergence."""
    n = velocity.shape[-1]
    rows, columns = np.fft.fftfreq(n, 1 / n)[:, None], np.fft.rfftfreq(n, 1 / n)[None, :]
    # the highest frequency of an even n has no sign, and so no derivative
    waves = np.stack(np.broadcast_arrays(rows * (2 * abs(rows) < n), columns * (2 * columns < n)))
    square = np.sum(waves**2, axis=0)
    spectrum = np.fft.rfft2(velocity)
    along = np.sum(waves * spectrum, axis=0) / np.where(square > 0, square, 1.0)
    return np.fft.irfft2(spectrum - waves * along, s=(n, n))


def advect(fields: Any, velocity: Any) -> Any:
    """Return fields (m, n, n) carried for one step by a velocity (2, n, n), in cells per step."""
    n = fields.shape[-1]
    origin = np.indices((n, n)) - velocity
    corner = np.floor(origin)
    down, right = origin - corner
    i, j = corner.astype(int) % n
    k, l = (i + 1) % n, (j + 1) % n
    upper = (1 - right) * fields[:, i, j] + right * fields[:, i, l]
    lower = (1 - right) * fields[:, k, j] + right * fields[:, k, l]
    return (1 - down) * upper + down * lower


def step(state: Any, turn: int = 0) -> Any:
    """Return velocity and smoke, stacked (3, n, n), one step later."""
    moved = advect(state, state[:2])
    return np.concatenate([project(moved[:2]), moved[2:]])


def plain_loop(step: Any, state: Any, n: int) -> Any:
    """Return what `fc.checkpoint_loop` does, from a loop of which a reverse pass keeps everything."""
    for turn in range(n):
        state = step(state, turn)
    return state


def loss(push: Any, smoke: Any, target: Any, steps: int, loop: Any = plain_loop) -> Any:
    """Return the mean square of what is wrong with the smoke at the end, after a push (2, n, n)."""
    state = loop(step, np.concatenate([project(push), smoke[None]]), steps)
    return np.mean((state[2] - target) ** 2)


def start(n: int) -> Any:
    """Return smoke (n, n) that fills a band from side to side, as much as there is in the nabla."""
    y = (np.arange(n) + 0.5) / n - 0.5
    return np.repeat(np.clip(0.5 + n * (np.mean(nabla(n)) / 2 - abs(y)), 0, 1)[:, None], n, axis=1)


def nabla(n: int) -> Any:
    """Return the picture (n, n) of a triangle on its tip, with a hole, its edges softened over a cell."""
    y, x = (np.indices((n, n)) + 0.5) / n - 0.5
    # the distance to the nearest of three sides, positive inside of the triangle
    inside = np.minimum(y + 0.34, (0.42 - y - 2 * abs(x)) / np.sqrt(5))
    return np.clip(0.5 + n * np.minimum(inside, 0.11 - inside), 0, 1)


def measured(*args: Any) -> tuple[Any, float]:
    """Return the gradient of the loss, and the peak of memory that it takes, in MiB."""
    tracemalloc.start()
    value, (_, peak) = fc.grad(loss)(*args), tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return value, peak / 2**20


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of the optimiser."""
    push = np.random.default_rng(0).normal(size=(2, 40, 40)) * 0.05
    return loss, (push, start(40), nabla(40), 100)


def main() -> None:
    """Optimise the push, compare the memory of two gradients, and draw the smoke on its way."""
    run = Run(__doc__)
    n, steps, turns = run.steps(24, 48), run.steps(20, 100), run.steps(30, 200)
    smoke, target = start(n), nabla(n)
    push = np.random.default_rng(0).normal(size=(2, n, n)) * 0.005 * n / steps
    # on a few cells, and from a push under which no point of origin lies on the border of a cell
    rough = np.random.default_rng(1).normal(size=(2, 6, 6)) * 0.3
    check_grads(lambda p: loss(p, start(6), nabla(6), 4), (rough,), order=1)
    plain, peak = measured(push, smoke, target, steps)
    pieces, peak_pieces = measured(push, smoke, target, steps, fc.checkpoint_loop)
    np.testing.assert_array_equal(plain, pieces)
    objective = fc.value_and_grad(lambda p: loss(p.reshape(2, n, n), smoke, target, steps))
    losses, show = [loss(push, smoke, target, steps)], run.progress(turns, "L-BFGS")

    def record(intermediate_result: Any) -> None:
        losses.append(intermediate_result.fun)
        show(len(losses), losses[-1])

    limits = {"maxiter": turns, "ftol": 0.0, "gtol": 0.0}
    found = minimize(objective, push.ravel(), jac=True, method="L-BFGS-B", callback=record, options=limits)
    states = [np.concatenate([project(found.x.reshape(2, n, n)), smoke[None]])]
    for turn in range(steps):
        states.append(step(states[-1], turn))
    figure, axes = plt.subplots(figsize=(3.2, 3.2), layout="constrained")
    axes.set(xticks=[], yticks=[])
    shown = axes.imshow(smoke, cmap="gray_r", vmin=0, vmax=1)
    film = FuncAnimation(figure, lambda k: [shown.set_data(states[k][2])], [*range(steps)] + [-1] * 20)
    film.save(run.out / "fluid_simulation.gif", PillowWriter(fps=20), dpi=80)
    plt.close(figure)

    figure, axes = plt.subplots(2, 4, figsize=(12, 6.2), layout="constrained")
    moments = [0, steps // 8, steps // 4, steps // 2, 3 * steps // 4, steps]
    pictures = [(f"step {k}" if k else "the push", states[k][2]) for k in moments] + [("target", target)]
    for cell, (title, picture) in zip(axes.flat, pictures, strict=False):
        cell.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        cell.set(title=title, xticks=[], yticks=[])
    x_y, push_x_y = np.indices((n, n))[::-1, ::3, ::3], states[0][1::-1, ::3, ::3]
    axes.flat[0].quiver(*x_y, *push_x_y, color="tab:red", angles="xy")
    axes.flat[-1].semilogy(losses)
    axes.flat[-1].set(title="mean square error", xlabel="turn of L-BFGS")
    run.save(figure, "fluid_simulation.png")
    assert losses[-1] < run.steps(0.3, 0.1) * losses[0], losses
    assert peak_pieces < 0.6 * peak
    assert np.max(abs(project(states[-1][:2]) - states[-1][:2])) < 1e-12, "there is no divergence"
    run.finish(
        "check_grads, the loss, equal gradients, memory and divergence",
        cells=f"{n} x {n}, {steps} steps, {2 * n * n} parameters",
        error=f"{losses[0]:.4f} at first, {losses[-1]:.4f} at the end",
        memory_of_a_gradient=f"{peak:.1f} MiB, {peak_pieces:.1f} MiB by checkpoint_loop",
        picture="fluid_simulation.png and .gif",
    )


if __name__ == "__main__":
    main()
