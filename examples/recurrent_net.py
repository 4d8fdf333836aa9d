"""A recurrent network learns to write docstrings, one character after the other.

The text is the docstrings of Python's own standard library. The figure is bits per character on a part of
the text that was held back, against a table of which character follows which (a bigram model).

Run: python examples/recurrent_net.py [--quick]
"""

from typing import Any

import numpy as np
from optimizers import adam, clipped, cosine
from shared import Run, Text, bits, draw_text, one_hot, write

import funcad as fc
from funcad.testing import check_grads

Params = dict[str, Any]


def cell(params: Params, h: Any, x: Any) -> Any:
    """Return the next state (n, hidden) for characters x (n, letters), rows with a single one."""
    return np.tanh(x @ params["in"] + h @ params["hidden"] + params["bias"])


def loss(params: Params, x: Any, h: Any) -> Any:
    """Return bits per character of texts (time + 1, n, letters): each letter from those before it."""
    states = []
    for letters in x[:-1]:
        h = cell(params, h, letters)
        states.append(h)
    return bits(np.stack(states) @ params["out"] + params["out bias"], x[1:])


def initial(letters: int, hidden: int, rng: np.random.Generator) -> Params:
    """Return random parameters."""
    return {
        "in": rng.normal(size=(letters, hidden)) * 0.3,
        "hidden": rng.normal(size=(hidden, hidden)) / np.sqrt(hidden),
        "bias": np.zeros(hidden),
        "out": rng.normal(size=(hidden, letters)) / np.sqrt(hidden),
        "out bias": np.zeros(letters),
    }


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    text, rng = Text(), np.random.default_rng(0)
    x = one_hot(text.pieces(text.train, 16, 33, rng), text.letters)
    return loss, (initial(text.letters, 64, rng), x, np.zeros((16, 64)))


def main() -> None:
    """Train, compare with the bigram model, and let it write."""
    run = Run(__doc__)
    text, rng = Text(), np.random.default_rng(0)
    hidden, length, n = run.steps(48, 160), 40, 32
    tiny = one_hot(text.pieces(text.train, 2, 5, rng), text.letters)
    check_grads(lambda p: loss(p, tiny, np.zeros((2, 4))), (initial(text.letters, 4, rng),), order=1)

    turns = run.steps(quick=250, full=4000)
    show = run.progress(turns)
    test = one_hot(text.pieces(text.test, 64, 101, np.random.default_rng(1)), text.letters)
    value_and_grad = fc.value_and_grad(loss)

    def step(params: Params, turn: int) -> Any:
        x = one_hot(text.pieces(text.train, n, length + 1, rng), text.letters)
        value, gradient = value_and_grad(params, x, np.zeros((n, hidden)))
        return value, clipped(gradient, 1.0)

    rate = cosine(run.steps(0.01, 0.004), turns)
    params = adam(step, initial(text.letters, hidden, rng), turns, rate=rate, callback=show).params
    reached, bigram = float(loss(params, test, np.zeros((64, hidden)))), text.bigram_bits()

    def say(h: Any, x: Any) -> Any:
        h = cell(params, h, x)
        return h, h @ params["out"] + params["out bias"]

    said = write(text, say, np.zeros((1, hidden)), 400)
    picture = run.save(draw_text(show.losses, bigram, reached, said), "recurrent_net.png")
    assert reached < (0.75 * show.losses[0] if run.quick else bigram), (reached, bigram)
    run.finish(
        "check_grads, and the bits per character",
        bits_per_character=reached,
        bigram_model=bigram,
        letters_in_the_text=len(text.train) + len(text.test),
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
