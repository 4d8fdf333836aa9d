"""A neural Turing machine learns to copy: a network that reads from and writes to a memory.

It is told some random rows of bits, and after a mark has to repeat them. Reading and writing are blurred
over all places of the memory by weights, which are found by content and by place (Graves, Wayne and
Danihelka 2014), so that the whole machine has a derivative.

Run: python examples/neural_turing_machine.py [--quick] [--resume]
"""

from typing import Any

import numpy as np
from optimizers import State, adam, clipped
from shared import Run, plt, sigmoid, softmax, softplus

import funcad as fc
from funcad.testing import check_grads

BITS, PLACES, WIDTH, HIDDEN = 4, 20, 8, 48
HEAD = WIDTH + 6  # a head is steered by a key, its strength, a gate, three shifts, and a sharpness


def address(memory: Any, before: Any, head: Any) -> Any:
    """Return the weights (n, PLACES) of a head, from where it was before and what steers it now."""
    key = np.tanh(head[:, :WIDTH])
    strength, gate, sharpness = np.split(head[:, WIDTH : WIDTH + 3], 3, axis=1)
    norms = np.sqrt(np.sum(memory**2, axis=2) * np.sum(key**2, axis=1, keepdims=True) + 1e-8)
    similarity = np.einsum("npw,nw->np", memory, key) / norms
    by_content = softmax(softplus(strength) * similarity)
    mixed = before + sigmoid(gate) * (by_content - before)  # interpolation
    back, stay, on = np.split(softmax(head[:, WIDTH + 3 :]), 3, axis=1)
    moved = back * np.roll(mixed, -1, axis=1) + stay * mixed + on * np.roll(mixed, 1, axis=1)
    sharp = (moved + 1e-12) ** (1 + softplus(sharpness))
    return sharp / np.sum(sharp, axis=1, keepdims=True)


def machine(params: dict[str, Any], inputs: Any) -> tuple[Any, list[Any], list[Any]]:
    """Return the logits (time, n, BITS) for inputs (time, n, BITS + 2), and where it read and wrote."""
    n = inputs.shape[1]
    memory = np.tile(0.01 + 0.0 * params["start"], (n, PLACES, 1)) + params["start"]
    read_at = write_at = np.eye(PLACES)[np.zeros(n, int)]
    got, logits, reads, writes = np.zeros((n, WIDTH)), [], [], []
    for x in inputs:
        hidden = np.tanh(np.concatenate([x, got], axis=1) @ params["hidden"] + params["hidden bias"])
        steering = hidden @ params["heads"] + params["heads bias"]
        write_at = address(memory, write_at, steering[:, :HEAD])
        erase, add = np.split(steering[:, 2 * HEAD :], 2, axis=1)
        place = write_at[:, :, None]
        memory = memory * (1 - place * sigmoid(erase)[:, None, :]) + place * np.tanh(add)[:, None, :]
        read_at = address(memory, read_at, steering[:, HEAD : 2 * HEAD])
        got = np.einsum("npw,np->nw", memory, read_at)
        logits.append(np.concatenate([hidden, got], axis=1) @ params["out"] + params["out bias"])
        reads.append(read_at)
        writes.append(write_at)
    return np.stack(logits), reads, writes


def loss(params: dict[str, Any], inputs: Any, bits: Any) -> Any:
    """Return the mean cross-entropy of the bits (length, n, BITS) that the machine should repeat."""
    logits = machine(params, inputs)[0][-len(bits) :]
    return np.mean(softplus(logits) - bits * logits)


def task(length: int, n: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return inputs (a mark, the bits, a mark, silence) and the bits."""
    bits = rng.integers(0, 2, (length, n, BITS)).astype(float)
    inputs = np.zeros((2 * length + 2, n, BITS + 2))
    inputs[0, :, BITS] = inputs[length + 1, :, BITS + 1] = 1
    inputs[1 : length + 1, :, :BITS] = bits
    return inputs, bits


def initial(rng: np.random.Generator) -> dict[str, Any]:
    """Return random parameters."""
    shapes = {
        "hidden": (BITS + 2 + WIDTH, HIDDEN),
        "heads": (HIDDEN, 2 * HEAD + 2 * WIDTH),
        "out": (HIDDEN + WIDTH, BITS),
    }
    weights = {k: rng.normal(size=s) / np.sqrt(s[0]) for k, s in shapes.items()}
    biases = {f"{k} bias": np.zeros(s[1]) for k, s in shapes.items()}
    return weights | biases | {"start": np.full(WIDTH, 0.01)}


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    rng = np.random.default_rng(0)
    return loss, (initial(rng), *task(4, 16, rng))


def wrong_bits(params: dict[str, Any], length: int) -> float:
    """Return the mean number of wrong bits in a sequence of a length."""
    inputs, bits = task(length, 500, np.random.default_rng(99))
    answers = machine(params, inputs)[0][-length:] > 0
    return float(np.sum(answers != bits) / 500)


def main() -> None:
    """Train on lengths 1 to 6, test on them and on twice the length, and draw the heads at work."""
    run = Run(__doc__, resume=True)
    rng = np.random.default_rng(1)
    start: Any = initial(rng)
    check_grads(loss, (start, *task(2, 2, rng)), order=1)
    saved = run.out / "neural_turing_machine.npz"
    if run.resume:
        _, back = fc.tree.ravel((start, (start, start)))
        with np.load(saved) as file:
            start = State(*back(file["vector"]), turn=int(file["turn"]))
            rng = np.random.default_rng(start.turn)
    longest, turns = run.steps(quick=2, full=6), run.steps(quick=400, full=6000)
    show, value_and_grad = run.progress(turns), fc.value_and_grad(loss)

    def step(params: Any, turn: int) -> Any:
        value, gradient = value_and_grad(params, *task(int(rng.integers(1, longest + 1)), 16, rng))
        return value, clipped(gradient, 1.0)

    state = adam(step, start, turns, rate=lambda turn: 0.005 * 0.5 ** (turn / 2000), callback=show)
    params = state.params
    np.savez(saved, vector=fc.tree.ravel((params, state.averages))[0], turn=state.turn)
    errors = {length: wrong_bits(params, length) for length in (*range(1, longest + 1), 2 * longest)}

    inputs, bits = task(2 * longest, 1, np.random.default_rng(5))
    logits, reads, writes = machine(params, inputs)
    answer = sigmoid(logits[:, 0])
    answer[: len(bits) + 2] = 0.0  # what it says before it is asked does not count
    rows = {"input": inputs[:, 0], "output": answer}
    rows |= {"where it writes": np.concatenate(writes), "where it reads": np.concatenate(reads)}
    heights = [3, 2, 7, 7]
    figure, axes = plt.subplots(4, figsize=(8, 9), sharex=True, layout="constrained", height_ratios=heights)
    for ax, (name, values) in zip(axes, rows.items(), strict=True):
        ax.imshow(values.T, aspect="auto", cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        ax.set(
            title=name, ylabel="place" if "where" in name else "channel", yticks=range(0, values.shape[1], 2)
        )
    axes[-1].set(xlabel="time", xticks=range(0, len(inputs), 2 if run.quick else 5))
    picture = run.save(figure, "neural_turing_machine.png")

    last, seen = float(np.mean(show.losses[-20:])), max(errors[k] for k in range(1, longest + 1))
    assert last < 0.3 if run.quick else seen < 0.05, (last, errors)
    figures = {f"wrong bits a sequence, length {k}": v for k, v in errors.items()} | {"picture": picture.name}
    run.finish("check_grads, the loss and the wrong bits", loss=last, steps=state.turn, **figures)


if __name__ == "__main__":
    main()
