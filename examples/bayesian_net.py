"""A Bayesian neural network, fitted by variational inference, says where it does not know.

Each weight has a normal distribution, and is drawn as mean + deviation * noise, through which the gradient of
the evidence lower bound passes (Kingma and Welling 2014; Blundell et al. 2015). The data are a curve with a
gap, and the diabetes data that come with scikit-learn, against ridge regression. Run:

    python examples/bayesian_net.py [--quick]
"""

from itertools import pairwise
from typing import Any

import numpy as np
from optimizers import adam, cosine
from shared import Run, diabetes, plt

import funcad as fc
from funcad.testing import check_grads

Belief = dict[
    str, Any
]  # per layer (weight, bias): their means, the logarithms of their deviations; the noise


def network(layers: Any, x: Any) -> Any:
    """Return the outputs (draws, n) of a network for inputs (n, m), one row per draw of the weights."""
    for k, (weight, bias) in enumerate(layers):
        x = x @ weight + bias
        x = np.tanh(x) if k < len(layers) - 1 else x
    return x[..., 0]


def drawn(belief: Belief, noise: Any) -> Any:
    """Return weights as mean + deviation * noise."""
    return fc.tree.map(lambda m, s, e: m + np.exp(s) * e, belief["mean"], belief["log_deviation"], noise)


def divergence(belief: Belief, prior: float) -> Any:
    """Return the Kullback-Leibler divergence of the weights' distribution from N(0, prior^2)."""
    parts = zip(fc.tree.flatten(belief["mean"])[0], fc.tree.flatten(belief["log_deviation"])[0], strict=True)
    return sum(
        np.sum(0.5 * ((m / prior) ** 2 + np.exp(2 * s) / prior**2 - 1) - s + np.log(prior)) for m, s in parts
    )


def log_density(y: Any, mean: Any, log_noise: Any) -> Any:
    """Return the logarithm of the normal density."""
    return -0.5 * ((y - mean) / np.exp(log_noise)) ** 2 - log_noise - 0.5 * np.log(2 * np.pi)


def loss(belief: Belief, noise: Any, x: Any, y: Any, prior: float) -> Any:
    """Return the evidence lower bound of n observations, negative and per observation."""
    outputs = network(drawn(belief, noise), x)
    likelihood = np.mean(np.sum(log_density(y, outputs, belief["log_noise"]), axis=-1))
    return (divergence(belief, prior) - likelihood) / len(y)


def noise_for(sizes: list[int], draws: int, rng: np.random.Generator) -> Any:
    """Return standard normal numbers for all weights, once for each draw."""
    return [(rng.normal(size=(draws, m, n)), rng.normal(size=(draws, 1, n))) for m, n in pairwise(sizes)]


def initial(sizes: list[int], rng: np.random.Generator) -> Belief:
    """Return means as a network would begin with, and small deviations."""
    mean = [(rng.normal(size=(m, n)) / np.sqrt(m), 0.1 * rng.normal(size=(1, n))) for m, n in pairwise(sizes)]
    narrow = fc.tree.map(lambda w: np.full(w.shape, -4.0), mean)
    return {"mean": mean, "log_deviation": narrow, "log_noise": -1.0}


def fit(sizes: list[int], data: Any, prior: float, turns: int, rng: Any, show: Any = None) -> Any:
    """Return the belief after some turns."""
    value_and_grad = fc.value_and_grad(loss)

    def step(belief: Belief, _: int) -> Any:
        return value_and_grad(belief, noise_for(sizes, 8, rng), *data, prior)

    return adam(step, initial(sizes, rng), turns, rate=cosine(0.03, turns), callback=show).params


def against_ridge(seed: int, turns: int) -> tuple[float, float]:
    """Return the mean log-likelihood of a quarter of the diabetes data, by the network and by ridge."""
    from sklearn.linear_model import RidgeCV

    x, y, x_test, y_test = diabetes(seed)
    rng, sizes = np.random.default_rng(seed), [10, 20, 1]
    belief = fit(sizes, (x, y), 0.3, turns, rng)
    each = log_density(
        y_test, network(drawn(belief, noise_for(sizes, 400, rng)), x_test), belief["log_noise"]
    )
    ridge = RidgeCV(alphas=np.logspace(-2, 4, 25)).fit(x, y)
    log_noise = 0.5 * np.log(np.mean((y - ridge.predict(x)) ** 2))
    mixture = np.logaddexp.reduce(each, axis=0) - np.log(len(each))
    return float(np.mean(mixture)), float(np.mean(log_density(y_test, ridge.predict(x_test), log_noise)))


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step, for 80 points of a cosine with none in the middle."""
    rng, sizes = np.random.default_rng(0), [1, 20, 1]
    t = np.concatenate([np.linspace(0, 2, 40), np.linspace(6, 8, 40)])
    x, y = ((t - 4) / 4)[:, None], np.cos(t) + 0.1 * rng.normal(size=80)
    return loss, (initial(sizes, rng), noise_for(sizes, 8, rng), x, y, 3.0)


def main() -> None:
    """Fit the curve with the gap, draw the predictive band, and compare with ridge regression."""
    run = Run(__doc__)
    rng, sizes = np.random.default_rng(1), [1, 20, 1]
    f, (belief, noise, x, y, *rest) = problem()
    check_grads(lambda b: f(b, noise, x[::8], y[::8], *rest), (belief,), order=1)
    turns = run.steps(quick=800, full=4000)
    losses, bar = [], run.progress(turns)

    def show(turn: int, value: Any, params: Any) -> None:
        losses.append(float(value))
        bar(turn, value)

    belief = fit(sizes, (x, y), 3.0, turns, rng, show)
    grid = np.linspace(-1.5, 1.5, 301)[:, None]
    outputs = network(drawn(belief, noise_for(sizes, 400, rng)), grid)
    middle, unsure = outputs.mean(axis=0), outputs.std(axis=0)
    band = 2 * np.sqrt(unsure**2 + np.exp(2 * belief["log_noise"]))
    seen, gap = np.min(np.abs(grid - x[:, 0]), axis=1) < 0.02, np.abs(grid[:, 0]) < 0.25
    mine, ridge = np.array([against_ridge(k, run.steps(300, 1500)) for k in range(run.steps(2, 10))]).T

    figure, axis = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axis.plot(grid, outputs[:12].T, lw=0.5, color="tab:orange", alpha=0.7)
    axis.fill_between(grid[:, 0], middle - band, middle + band, color="tab:blue", alpha=0.2)
    axis.plot(grid, middle, color="tab:blue", label="mean, band of two deviations, twelve draws")
    axis.plot(x, y, "k.", ms=4, label="data")
    axis.set(xlabel="x", ylim=(-3, 3), title="what the network knows, and where it does not")
    axis.legend(loc="upper center")
    picture = run.save(figure, "bayesian_net.png")

    wider = float(unsure[gap].mean() / unsure[seen].mean())
    assert losses[-1] < losses[0] - 1, losses[-1]
    assert wider > run.steps(1.5, 2), wider
    assert np.mean(mine - ridge) > -run.steps(0.2, 0.05), (mine, ridge)
    run.finish(
        "check_grads, the bound, the band in the gap and the likelihood of the test data",
        bound_per_observation=-float(np.mean(losses[-50:])),
        noise=f"{float(np.exp(belief['log_noise'])):.3f} (0.1 in the data)",
        deviation_of_draws=f"{wider:.1f} times as large in the gap as at the data",
        diabetes=f"{mine.mean():.3f} per patient, by ridge regression {ridge.mean():.3f}",
        difference=f"{np.mean(mine - ridge):.3f} ± {np.std(mine - ridge):.3f} over {len(mine)} splits",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
