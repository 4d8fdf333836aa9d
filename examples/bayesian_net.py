"""A Bayesian neural network knows where it has seen no data.

Every weight has a normal distribution of its own, whose mean and scale maximise the evidence lower bound. The
draws are a plain argument (weight = mean + scale * draw), so that the bound has an exact gradient
(Blundell et al. 2015; Kingma and Welling 2014).

Run: python examples/bayesian_net.py [--quick]
"""

from itertools import pairwise
from typing import Any

import numpy as np
from optimizers import adam, cosine
from shared import Run, diabetes, plt, ridge

import funcad as fc
from funcad.testing import check_grads

Params = dict[str, Any]
HIDDEN = 20


def network(weights: list[Any], x: Any) -> Any:
    """Return outputs (draws, n) of inputs (n, m), for weights (draws, inputs + 1, outputs) of each layer."""
    for k, w in enumerate(weights):
        # the last row is the bias; the root makes a standard normal weight a fair one at any width
        x = x @ w[:, :-1] / np.sqrt(w.shape[1] - 1) + w[:, -1:]
        x = 3 * np.exp(-0.5 * x**2) if k < len(weights) - 1 else x
    return x[:, :, 0]


def drawn(params: Params, draws: list[Any]) -> list[Any]:
    """Return weights from standard normal draws (draws, inputs + 1, outputs)."""
    return [m + np.exp(s) * d for m, s, d in zip(params["mean"], params["log scale"], draws, strict=True)]


def log_density(params: Params, y: Any, f: Any) -> Any:
    """Return the log-density of each measurement (n,) around outputs (draws, n)."""
    return -0.5 * ((y - f) / np.exp(params["log noise"])) ** 2 - params["log noise"] - 0.5 * np.log(2 * np.pi)


def divergence(params: Params) -> Any:
    """Return the Kullback-Leibler divergence of the weights from standard normal ones."""
    layers = zip(params["mean"], params["log scale"], strict=True)
    return sum(np.sum(0.5 * (np.exp(2 * s) + m**2 - 1) - s) for m, s in layers)


def loss(params: Params, draws: list[Any], x: Any, y: Any) -> Any:
    """Return the negative evidence lower bound of a measurement."""
    f = network(drawn(params, draws), x)
    return divergence(params) / len(y) - np.mean(log_density(params, y, f))


def normal(sizes: list[int], n: int, rng: np.random.Generator) -> list[Any]:
    """Return n standard normal draws of the weights of each layer, biases included."""
    return [rng.normal(size=(n, inputs + 1, outputs)) for inputs, outputs in pairwise(sizes)]


def initial(sizes: list[int], rng: np.random.Generator) -> Params:
    """Return random means, small scales, and a guess of the noise."""
    mean = [w[0] for w in normal(sizes, 1, rng)]
    return {"mean": mean, "log scale": [np.full_like(m, -5.0) for m in mean], "log noise": np.log(0.2)}


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    rng, sizes = np.random.default_rng(0), [10, HIDDEN, 1]
    x, y, *_ = diabetes(0)
    return loss, (initial(sizes, rng), normal(sizes, 4, rng), x, y)


def fit(x: Any, y: Any, turns: int, show: Any, rng: np.random.Generator) -> Params:
    """Return the parameters fitted with fresh draws at every step."""
    sizes, value_and_grad = [x.shape[1], HIDDEN, 1], fc.value_and_grad(loss)

    def step(params: Params, turn: int) -> Any:
        return value_and_grad(params, normal(sizes, 4, rng), x, y)

    return adam(step, initial(sizes, rng), turns, rate=cosine(0.02, turns), callback=show).params


def predict(params: Params, x: Any, rng: np.random.Generator) -> Any:
    """Return the outputs (500, n) of 500 networks drawn from the fitted distribution."""
    return network(drawn(params, normal([x.shape[1], HIDDEN, 1], 500, rng)), x)


def main() -> None:
    """Fit a wave whose data have a gap and draw the band, then compare with ridge regression."""
    run = Run(__doc__)
    wave = lambda x: np.sin(3 * x) + 0.3 * x
    rng, turns, splits = np.random.default_rng(0), run.steps(2000, 6000), run.steps(1, 10)
    tiny = normal([1, 3, 1], 2, rng)
    x = np.sort(rng.choice([-1, 1], 200) * rng.uniform(0.8, 2, 200))
    y = wave(x) + rng.normal(scale=0.1, size=200)
    check_grads(lambda p: loss(p, tiny, x[::50, None], y[::50]), (initial([1, 3, 1], rng),), order=1)
    show = run.progress(turns * (1 + splits))
    params = fit(3 * x[:, None], y, turns, show, rng)
    grid, noise = np.linspace(-3, 3, 241), float(np.exp(params["log noise"]))
    lines = predict(params, 3 * grid[:, None], rng)
    middle, spread = np.mean(lines, axis=0), np.std(lines, axis=0)
    gap, seen = abs(grid) < 0.5, (abs(grid) > 0.9) & (abs(grid) < 1.9)
    in_gap, at_data = float(np.mean(spread[gap])), float(np.mean(spread[seen]))
    band = 1.96 * np.sqrt(spread**2 + noise**2)
    covered = float(np.mean(abs(wave(grid) - middle)[gap] < band[gap]))

    scores = []
    for split in range(splits):
        a, b, a_test, b_test = diabetes(split)
        found = fit(a, b, turns, show, np.random.default_rng(split))
        density = log_density(found, b_test, predict(found, a_test, rng))
        ours = np.mean(np.logaddexp.reduce(density, axis=0) - np.log(len(density)))
        mean, log_noise = ridge(a, b, a_test)
        scores.append((ours, np.mean(log_density({"log noise": log_noise}, b_test, mean))))
    net, line = np.mean(scores, axis=0)
    gain = np.array(scores) @ np.array([1.0, -1.0])

    figure, axes = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained", width_ratios=[5, 2])
    axes[0].fill_between(grid, middle - band, middle + band, color="tab:blue", alpha=0.2, label="95 % band")
    axes[0].plot(grid, lines[:8].T, color="tab:blue", lw=0.5, alpha=0.7)
    axes[0].plot(grid, middle, color="tab:blue", lw=2, label="mean, and eight draws")
    axes[0].plot(x, y, ".", ms=3, color="black", label="measured")
    axes[0].plot(grid, wave(grid), color="tab:red", ls=":", label="the wave itself")
    axes[0].set(xlabel="x", ylabel="y", title="the network where there are data, and where there are none")
    axes[0].legend(loc="upper left")
    axes[1].plot(*np.array(scores).T[::-1], "o", color="tab:blue")
    axes[1].axline((line, line), slope=1, color="gray", lw=1)
    axes[1].set(xlabel="ridge regression", ylabel="network", title="diabetes, test log-likelihood")
    axes[1].set_aspect("equal", adjustable="datalim")
    picture = run.save(figure, "bayesian_net.png")

    losses = show.losses[:turns]
    assert np.mean(losses[-20:]) < 0.2 * losses[0], losses[-1]
    assert in_gap > 3 * at_data, (in_gap, at_data)
    assert net > line - 0.1, (net, line)
    run.finish(
        "check_grads, the bound, the band, and the likelihood against that of ridge regression",
        noise=f"{noise:.3f} (0.1 in truth)",
        deviation_of_the_mean=f"{at_data:.3f} among the data, {in_gap:.3f} in the gap",
        wave_within_the_band_in_the_gap=f"{covered:.0%}",
        diabetes=f"network {net:.4f}, ridge {line:.4f}, mean of {splits} splits",
        difference=f"{np.mean(gain):.4f}, deviation over the splits {np.std(gain):.4f}",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
