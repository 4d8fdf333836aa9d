"""A long short-term memory learns the same text as recurrent_net.py, with fewer bits per character.

With `fc.checkpoint` a reverse pass keeps the states between pieces of the text, and runs each piece again
when it gets there: the gradient is the same, and the memory a part.

Run: python examples/lstm.py [--quick]
"""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from optimizers import adam, clipped, cosine
from shared import Run, Text, bits, draw_text, one_hot, sigmoid, write

import funcad as fc
from funcad.testing import check_grads

Params = dict[str, Any]
PIECE = 10  # steps that are run again together


def cell(params: Params, state: tuple[Any, Any], x: Any) -> tuple[Any, Any]:
    """Return the next hidden state and memory (n, hidden) for characters x (n, letters)."""
    h, memory = state
    gates = x @ params["in"] + h @ params["hidden"] + params["bias"]
    forget, write, show, new = np.split(gates, 4, axis=1)
    memory = sigmoid(forget) * memory + sigmoid(write) * np.tanh(new)
    return sigmoid(show) * np.tanh(memory), memory


def piece(params: Params, state: tuple[Any, Any], x: Any) -> tuple[Any, Any]:
    """Return the state after a piece of text (time + 1, n, letters), and the bits of its letters."""
    states = []
    for letters in x[:-1]:
        state = cell(params, state, letters)
        states.append(state[0])
    return state, bits(np.stack(states) @ params["out"] + params["out bias"], x[1:])


def loss(params: Params, x: Any, run_piece: Callable[..., Any] = piece) -> Any:
    """Return bits per character of texts (time + 1, n, letters), whose time is a multiple of PIECE."""
    zero = np.zeros((x.shape[1], len(params["bias"]) // 4))
    state, total, starts = (zero, zero), 0.0, range(0, len(x) - 1, PIECE)
    for k in starts:
        state, part = run_piece(params, state, x[k : k + PIECE + 1])
        total = total + part
    return total / len(starts)


def initial(letters: int, hidden: int, rng: np.random.Generator) -> Params:
    """Return random parameters; the forget gates begin open."""
    return {
        "in": rng.normal(size=(letters, 4 * hidden)) * 0.3,
        "hidden": rng.normal(size=(hidden, 4 * hidden)) / np.sqrt(hidden),
        "bias": np.concatenate([np.ones(hidden), np.zeros(3 * hidden)]),
        "out": rng.normal(size=(hidden, letters)) / np.sqrt(hidden),
        "out bias": np.zeros(letters),
    }


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    text, rng = Text(), np.random.default_rng(0)
    return loss, (initial(text.letters, 48, rng), one_hot(text.pieces(text.train, 16, 41, rng), text.letters))


def peak(f: Callable[[], Any]) -> tuple[float, Any]:
    """Return the peak of memory during a call, in MiB, and its result."""
    tracemalloc.start()
    result = f()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20, result


def main() -> None:
    """Train, compare the memory of two gradients, and let it write."""
    run = Run(__doc__)
    text, rng = Text(), np.random.default_rng(0)
    hidden, turns = run.steps(32, 160), run.steps(150, 4000)
    tiny = one_hot(text.pieces(text.train, 2, PIECE + 1, rng), text.letters)
    check_grads(lambda p: loss(p, tiny), (initial(text.letters, 3, rng),), order=1)

    params = initial(text.letters, hidden, rng)
    long = one_hot(text.pieces(text.train, 32, 20 * PIECE + 1, rng), text.letters)
    plain, gradient = peak(lambda: fc.grad(loss)(params, long))
    pieces, again = peak(lambda: fc.grad(lambda p: loss(p, long, fc.checkpoint(piece)))(params))
    fc.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12), again, gradient)
    assert pieces < 0.5 * plain, (pieces, plain)

    show, value_and_grad = run.progress(turns), fc.value_and_grad(loss)

    def step(params: Params, turn: int) -> Any:
        value, gradient = value_and_grad(params, one_hot(text.pieces(text.train, 32, 41, rng), text.letters))
        return value, clipped(gradient, 1.0)

    params = adam(step, params, turns, rate=cosine(run.steps(30, 5) / 1000, turns), callback=show).params
    test = one_hot(text.pieces(text.test, 64, 101, np.random.default_rng(1)), text.letters)
    reached, bigram = float(loss(params, test)), text.bigram_bits()

    def say(state: Any, x: Any) -> Any:
        state = cell(params, state, x)
        return state, state[0] @ params["out"] + params["out bias"]

    said = write(text, say, (np.zeros((1, hidden)), np.zeros((1, hidden))), 400)
    picture = run.save(draw_text(show.losses, bigram, reached, said), "lstm.png")
    thirds = np.mean(np.reshape(show.losses[: turns // 3 * 3], (3, -1)), axis=1)
    assert thirds[0] > thirds[1] > thirds[2], thirds
    assert reached < bigram + (0.5 if run.quick else -0.5), (reached, bigram)
    run.finish(
        "check_grads, the bits per character, and equal gradients with and without checkpoint",
        bits_per_character=reached,
        bigram_model=bigram,
        peak_of_a_gradient_of_200_steps=f"{plain:.1f} MiB",
        the_same_with_checkpoint=f"{pieces:.1f} MiB",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
