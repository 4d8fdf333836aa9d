"""Smoke in an incompressible fluid finds the first push that makes it form a nabla.

The fluid lives on a periodic square of cells. A step carries velocity and smoke along the flow, backwards in time by
bilinear interpolation (Stam 1999), and then takes from the velocity its divergence, in Fourier space. L-BFGS
differentiates through all the steps, with respect to the velocity at the beginning.

Run: python examples/fluid_simulation.py [--quick]
"""

import time
import tracemalloc
from collections.abc import Callable
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


def step(state: Any, turn: int = 0) -> Any:  # noqa: ARG001
    """Return velocity and smoke, stacked (3, n, n), one step later."""
    moved = advect(state, state[:2])
    return np.concatenate([project(moved[:2]), moved[2:]])


def flow(push: Any, smoke: Any, steps: int) -> Any:
    """Return the state after a number of steps that begin with a push (2, n, n), less its divergence."""
    state = np.concatenate([project(push), smoke[None]])
    for turn in range(steps):
        state = step(state, turn)
    return state


def flow_of_pieces(push: Any, smoke: Any, steps: int) -> Any:
    """Return the same, from a loop of which a reverse pass keeps only some states."""
    return fc.checkpoint_loop(step, np.concatenate([project(push), smoke[None]]), steps)


def loss(push: Any, smoke: Any, target: Any, steps: int, simulate: Callable[..., Any] = flow) -> Any:
    """Return the mean square of what is wrong with the smoke at the end."""
    return np.mean((simulate(push, smoke, steps)[2] - target) ** 2)


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


def measured(simulate: Callable[..., Any], *args: Any) -> tuple[Any, float, float]:
    """Return the gradient, the seconds that it takes, and in another run its peak of memory in MiB."""
    gradient = fc.grad(loss)
    gradient(*args, simulate)
    begin = time.perf_counter()
    gradient(*args, simulate)
    seconds = time.perf_counter() - begin
    tracemalloc.start()
    value = gradient(*args, simulate)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return value, seconds, peak


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of the optimiser."""
    push = np.random.default_rng(0).normal(size=(2, 40, 40)) * 0.05
    return loss, (push, start(40), nabla(40), 100)


def animate(run: Run, frames: list[Any], name: str) -> None:
    """Write an animation of pictures of smoke, the last of which stays for a while."""
    figure, axes = plt.subplots(figsize=(3.2, 3.2), layout="constrained")
    axes.axis("off")
    shown = axes.imshow(frames[0], cmap="gray_r", vmin=0, vmax=1)
    film = FuncAnimation(figure, lambda k: [shown.set_data(frames[k])], [*range(len(frames))] + [-1] * 20)
    film.save(run.out / name, PillowWriter(fps=20), dpi=80)
    plt.close(figure)


def main() -> None:
    """Optimise the push, compare the memory of two gradients, and draw the smoke on its way."""
    run = Run(__doc__)
    n, steps, turns = run.steps(24, 64), run.steps(20, 120), run.steps(30, 300)
    smoke, target = start(n), nabla(n)
    push = np.random.default_rng(0).normal(size=(2, n, n)) * 0.005 * n / steps
    # on a few cells, and from a push under which no point of origin lies on the border of a cell
    rough = np.random.default_rng(1).normal(size=(2, 6, 6)) * 0.3
    check_grads(lambda p: loss(p, start(6), nabla(6), 4), (rough,), order=1)

    plain, seconds, peak = measured(flow, push, smoke, target, steps)
    pieces, seconds_pieces, peak_pieces = measured(flow_of_pieces, push, smoke, target, steps)
    np.testing.assert_array_equal(plain, pieces)

    value_and_grad = fc.value_and_grad(lambda p: loss(p.reshape(2, n, n), smoke, target, steps))
    losses = [loss(push, smoke, target, steps)]
    show = run.progress(turns, "L-BFGS")

    def record(intermediate_result: Any) -> None:
        losses.append(intermediate_result.fun)
        show(len(losses), losses[-1])

    options = {"maxiter": turns, "maxcor": 20, "ftol": 0.0, "gtol": 0.0}
    found = minimize(value_and_grad, push.ravel(), jac=True, method="L-BFGS-B", callback=record, options=options)
    push = found.x.reshape(2, n, n)
    states = [flow(push, smoke, 0)]
    for turn in range(steps):
        states.append(step(states[-1], turn))
    animate(run, [s[2] for s in states], "fluid_simulation.gif")

    figure, axes = plt.subplots(2, 4, figsize=(12, 6.2), layout="constrained")
    moments = [0, steps // 8, steps // 4, steps // 2, 3 * steps // 4, steps]
    pictures = [(f"step {k}", states[k][2]) for k in moments] + [("target", target)]
    for cell, (title, picture) in zip(axes.flat, pictures, strict=False):
        cell.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        cell.set(title=title, xticks=[], yticks=[])
    every = max(1, n // 16)
    y, x = np.indices((n, n))[:, ::every, ::every]
    v, u = states[0][:2, ::every, ::every]
    axes.flat[0].quiver(x, y, u, v, color="tab:red", angles="xy")
    axes.flat[0].set(title="step 0, and the push")
    axes.flat[-1].semilogy(losses)
    axes.flat[-1].set(title="mean square error", xlabel="turn of L-BFGS")
    picture = run.save(figure, "fluid_simulation.png")

    assert losses[-1] < run.steps(0.3, 0.1) * losses[0], losses
    assert peak_pieces < 0.6 * peak
    assert np.max(abs(project(states[-1][:2]) - states[-1][:2])) < 1e-12, "there is no divergence"
    run.finish(
        "check_grads, the loss, equal gradients, memory and divergence",
        cells=f"{n} x {n}, {steps} steps, {2 * n * n} parameters",
        error_at_first=float(losses[0]),
        error_at_the_end=float(losses[-1]),
        gradient=f"{peak:.1f} MiB, {seconds:.2f} s",
        gradient_by_checkpoint_loop=f"{peak_pieces:.1f} MiB, {seconds_pieces:.2f} s",
        picture=f"{picture.name} and .gif",
    )


if __name__ == "__main__":
    main()
