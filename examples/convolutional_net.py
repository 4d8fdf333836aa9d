"""A convolutional network reads handwritten digits, and shows what its filters see.

The convolution is a function of NumPy: the pieces of the images under the kernel side by side, times the
filters. Its derivative needs no rule of its own.

Run: python examples/convolutional_net.py [--quick]
"""

from typing import Any

import numpy as np
from optimizers import adam, cosine
from shared import Run, batches, cross_entropy, digits, one_hot, plt

import funcad as fc
from funcad.testing import check_grads

Params = dict[str, Any]


def convolve(x: Any, filters: Any, stride: int = 1, padding: int = 0) -> Any:
    """Return images (n, height, width, channels) seen through filters (kh, kw, channels, maps)."""
    kh, kw, channels, maps = filters.shape
    if padding:
        x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), "constant")
    height, width = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    pieces = np.concatenate(
        [
            x[:, i : i + stride * height : stride, j : j + stride * width : stride]
            for i in range(kh)
            for j in range(kw)
        ],
        axis=3,
    )
    return pieces @ np.reshape(filters, (kh * kw * channels, maps))


def pool(x: Any, size: int = 2) -> Any:
    """Return the largest number of each square of a size, for each channel."""
    n, height, width, channels = x.shape
    squares = np.reshape(x, (n, height // size, size, width // size, size, channels))
    return np.max(squares, axis=(2, 4))


def network(params: Params, x: Any) -> Any:
    """Return the logits (n, 10) of images (n, 8, 8)."""
    x = np.maximum(convolve(x[..., None], params["filters 1"], padding=1) + params["bias 1"], 0.0)
    x = pool(np.maximum(convolve(x, params["filters 2"], padding=1) + params["bias 2"], 0.0))
    x = pool(np.maximum(convolve(x, params["filters 3"], padding=1) + params["bias 3"], 0.0))
    return np.reshape(x, (len(x), -1)) @ params["weight"] + params["bias"]


def loss(params: Params, x: Any, labels: Any) -> Any:
    """Return the cross-entropy, and a small price on large weights."""
    weights = [w for name, w in params.items() if "bias" not in name]
    return cross_entropy(network(params, x), one_hot(labels, 10)) + 1e-4 * sum(np.sum(w * w) for w in weights)


def initial(maps: tuple[int, int, int], rng: np.random.Generator) -> Params:
    """Return random parameters for layers with so many filters of 3x3."""
    params: Params = {}
    for k, (channels, n) in enumerate(zip((1, *maps), maps, strict=False), 1):
        params[f"filters {k}"] = rng.normal(size=(3, 3, channels, n)) * np.sqrt(2 / (9 * channels))
        params[f"bias {k}"] = np.full(n, 0.1)  # white margins are then not at the kink of the rectifier
    flat = 4 * maps[-1]
    return params | {"weight": rng.normal(size=(flat, 10)) / np.sqrt(flat), "bias": np.zeros(10)}


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    x, labels, *_ = digits()
    return loss, (initial((16, 32, 64), np.random.default_rng(0)), x[:64], labels[:64])


def moved(x: Any, rng: np.random.Generator) -> Any:
    """Return the images with noise, half of them moved by a pixel to one side."""
    shifted = np.roll(x, int(rng.choice([-1, 1])), axis=2)  # the margins are mostly white
    return np.where(rng.random((len(x), 1, 1)) < 0.5, shifted, x) + rng.normal(scale=0.08, size=x.shape)


def main() -> None:
    """Train, count the right answers, and draw filters and feature maps."""
    run = Run(__doc__)
    rng = np.random.default_rng(0)
    x, labels, x_test, labels_test = digits()
    few = moved(x[:3], rng)
    check_grads(lambda p: loss(p, few, labels[:3]), (initial((2, 3, 2), rng),), order=1)

    turns = run.steps(quick=150, full=2500)
    params = initial((8, 16, 16) if run.quick else (16, 32, 64), rng)
    chosen, value_and_grad = batches(len(x), 64, rng), fc.value_and_grad(loss)
    show = run.progress(turns)

    def step(params: Params, turn: int) -> Any:
        batch = next(chosen)
        return value_and_grad(params, moved(x[batch], rng), labels[batch])

    params = adam(step, params, turns, rate=cosine(run.steps(8, 3) / 1000, turns), callback=show).params
    logits = network(params, x_test)
    accuracy = float(np.mean(np.argmax(logits, axis=1) == labels_test))

    filters = params["filters 1"]
    shown = [int(np.argmax(labels_test == d)) for d in (0, 3, 7)]
    maps = np.maximum(convolve(x_test[shown, :, :, None], filters, padding=1) + params["bias 1"], 0.0)
    bound = float(np.max(np.abs(filters)))
    figure, axes = plt.subplots(4, 9, figsize=(11, 5.4), layout="constrained")
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
    axes[0, 0].axis("off")
    for k in range(8):
        axes[0, k + 1].imshow(filters[:, :, 0, k], cmap="RdBu_r", vmin=-bound, vmax=bound)
        axes[0, k + 1].set_title(f"filter {k + 1}", fontsize=9)
        for row in range(3):
            axes[row + 1, k + 1].imshow(maps[row, :, :, k], cmap="viridis")
    for row in range(3):
        axes[row + 1, 0].imshow(x_test[shown[row]], cmap="gray_r")
    figure.suptitle(
        "Eight learned filters (red adds, blue takes away), and what each sees in three test images"
    )
    picture = run.save(figure, "convolutional_net.png")

    assert accuracy >= (0.93 if run.quick else 0.985), accuracy
    assert np.mean(show.losses[-10:]) < 0.3 * show.losses[0]
    run.finish(
        "check_grads, the loss and the test accuracy",
        training_loss=float(np.mean(show.losses[-20:])),
        test_loss=float(cross_entropy(logits, one_hot(labels_test, 10))),
        test_accuracy=f"{accuracy:.2%}",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
