"""A neural network with two hidden layers reads handwritten digits.

The 1,797 images of 8x8 pixels are those that come with scikit-learn. Parameters are a list of
(weight, bias), and the gradient is a list of the same form.

Run: python examples/neural_net.py [--quick]
"""

from itertools import pairwise
from typing import Any

import numpy as np
from optimizers import adam, cosine
from shared import Run, batches, cross_entropy, digits, one_hot, plt

import funcad as fc
from funcad.testing import check_grads

Params = list[tuple[Any, Any]]


def network(params: Params, x: Any) -> Any:
    """Return the logits (n, 10) of images (n, 64)."""
    for weight, bias in params[:-1]:
        x = np.maximum(x @ weight + bias, 0.0)
    weight, bias = params[-1]
    return x @ weight + bias


def loss(params: Params, x: Any, labels: Any, decay: float = 1e-4) -> Any:
    """Return the cross-entropy, and a small price on large weights."""
    return cross_entropy(network(params, x), one_hot(labels, 10)) + decay * sum(
        np.sum(w * w) for w, _ in params
    )


def initial(sizes: list[int], rng: np.random.Generator) -> Params:
    """Return random weights that keep the variance through layers of rectifiers (He et al. 2015)."""
    return [(rng.normal(size=(m, n)) * np.sqrt(2 / m), np.zeros(n)) for m, n in pairwise(sizes)]


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    x, labels, *_ = digits()
    return loss, (initial([64, 128, 64, 10], np.random.default_rng(0)), x[:64].reshape(-1, 64), labels[:64])


def main() -> None:
    """Train, count the right answers on the test images, and draw those that it gets wrong."""
    run = Run(__doc__)
    rng = np.random.default_rng(0)
    x, labels, x_test, labels_test = digits()
    x, x_test = x.reshape(-1, 64), x_test.reshape(-1, 64)
    params = initial([64, 128, 64, 10], rng)
    check_grads(lambda p: loss(p, x[:8], labels[:8]), (initial([64, 6, 5, 10], rng),), order=1)

    turns = run.steps(quick=400, full=2000)
    chosen = batches(len(x), 64, rng)
    value_and_grad = fc.value_and_grad(loss)
    test_losses: list[Any] = []
    show = run.progress(turns)

    def step(params: Params, turn: int) -> Any:
        batch = next(chosen)
        # moved by up to a pixel's share of noise, no image is ever seen twice
        return value_and_grad(params, x[batch] + rng.normal(scale=0.1, size=(64, 64)), labels[batch])

    def record(turn: int, value: Any, params: Params) -> None:
        show(turn, value)
        if turn % 20 == 0:
            test_losses.append(cross_entropy(network(params, x_test), one_hot(labels_test, 10)))

    params = adam(step, params, turns, rate=cosine(0.003, turns), callback=record).params
    answers = np.argmax(network(params, x_test), axis=1)
    accuracy = float(np.mean(answers == labels_test))
    wrong = np.flatnonzero(answers != labels_test)

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained", width_ratios=[3, 2])
    axes[0].semilogy(show.losses, lw=0.5, color="tab:blue", alpha=0.6, label="training, each batch")
    axes[0].semilogy(np.arange(len(test_losses)) * 20, test_losses, color="tab:red", label="test")
    axes[0].set(xlabel="step", ylabel="loss", title="cross-entropy")
    axes[0].legend()
    axes[1].set(title=f"wrong: {len(wrong)} of {len(answers)} (answer, in brackets the label)")
    axes[1].axis("off")
    for k, i in enumerate(wrong[:15]):
        cell = axes[1].inset_axes((k % 5 / 5, 1 - (k // 5 + 1) / 3, 0.18, 0.27))
        cell.imshow(x_test[i].reshape(8, 8), cmap="gray_r")
        cell.set(title=f"{answers[i]} ({labels_test[i]})", xticks=[], yticks=[])
        cell.title.set_fontsize(9)
    picture = run.save(figure, "neural_net.png")

    assert accuracy >= run.steps(0.95, 0.97), accuracy
    assert show.losses[-1] < 0.2 * show.losses[0]
    run.finish(
        "check_grads, the loss and the test accuracy",
        training_loss=float(np.mean(show.losses[-20:])),
        test_loss=float(test_losses[-1]),
        test_accuracy=f"{accuracy:.2%}",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
