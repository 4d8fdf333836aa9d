"""Logistic regression by gradient descent, checked against its own optimality conditions.

Run: python examples/logistic_regression.py [--quick]
"""

from typing import Any

import numpy as np
from optimizers import sgd
from shared import Run, plt, sigmoid

import funcad as fc
from funcad.testing import check_grads

TRUE = np.array([1.5, -2.0, 0.5])


def loss(weights: Any, inputs: Any, labels: Any) -> Any:
    """Return the mean negative log-likelihood of labels in {0, 1}, with a small ridge."""
    logits = inputs @ weights
    return np.mean(np.logaddexp(0.0, logits) - labels * logits) + 0.005 * np.sum(weights**2)


def data(n: int) -> tuple[Any, Any]:
    """Return inputs (n, 3), and labels drawn with the probabilities of the true weights."""
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(n, 3))
    return inputs, (rng.uniform(size=n) < sigmoid(inputs @ TRUE)).astype(float)


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one step of training."""
    return loss, (np.zeros(3), *data(400))


def main() -> None:
    """Draw data from a known model, fit it, and compare."""
    run = Run(__doc__)
    inputs, labels = data(400)
    check_grads(lambda w: loss(w, inputs[:50], labels[:50]), (TRUE,))

    turns, value_and_grad = run.steps(quick=300, full=1000), fc.value_and_grad(loss)
    show = run.progress(turns)
    step = lambda weights, turn: value_and_grad(weights, inputs, labels)
    weights = sgd(step, np.zeros(3), turns, rate=2.0, mass=0.0, callback=show).params
    # the inverse of the Hessian, of the loss of all data together, tells how sure the fit is
    errors = np.sqrt(np.diag(np.linalg.inv(fc.hessian(loss)(weights, inputs, labels) * len(labels))))

    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    axes[0].semilogy(np.array(show.losses) - min(show.losses) + 1e-16)
    axes[0].set(xlabel="step", ylabel="loss above its least", title="gradient descent")
    axes[1].errorbar(range(3), weights, 1.96 * errors, fmt="o", capsize=4, label="fitted, 95 %")
    axes[1].plot(range(3), TRUE, "x", color="black", label="true")
    axes[1].set(xticks=range(3), xlabel="weight", title="the weights")
    axes[1].legend()
    picture = run.save(figure, "logistic_regression.png")

    # the gradient in closed form: X' (sigmoid(X w) - y) / n + 0.01 w
    by_hand = inputs.T @ (sigmoid(inputs @ weights) - labels) / len(labels) + 0.01 * weights
    np.testing.assert_allclose(fc.grad(loss)(weights, inputs, labels), by_hand, atol=1e-15)
    assert np.linalg.norm(by_hand) < 1e-6
    assert show.losses[-1] < 0.7 * show.losses[0]
    run.finish(
        "check_grads, and the gradient: it equals the closed form, and vanishes at the fit",
        loss=show.losses[-1],
        norm_of_the_gradient=f"{np.linalg.norm(by_hand):.1e}",
        weights=f"{np.round(weights, 3)}, drawn from {TRUE}",
        standard_errors=str(np.round(errors, 3)),
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
