"""Logistic regression, fitted by gradient descent, checked against its own optimality conditions.

Run: python examples/logistic_regression.py
"""

from typing import Any

import numpy as np

import funcad as fc


def loss(weights: Any, inputs: Any, labels: Any) -> Any:
    """Return the mean negative log-likelihood of labels in {0, 1}, with a small ridge."""
    logits = inputs @ weights
    return np.mean(np.logaddexp(0.0, logits) - labels * logits) + 0.005 * np.sum(weights**2)


def main() -> None:
    """Draw data from a known model, fit it, and compare."""
    rng = np.random.default_rng(1)
    true = np.array([1.5, -2.0, 0.5])
    inputs = rng.normal(size=(400, 3))
    labels = (rng.uniform(size=400) < 1 / (1 + np.exp(-inputs @ true))).astype(float)

    step = fc.value_and_grad(loss)
    weights = np.zeros(3)
    for turn in range(301):
        value, gradient = step(weights, inputs, labels)
        if turn % 100 == 0:
            print(f"turn {turn:3d}: loss {value:.6f}, norm of the gradient {np.linalg.norm(gradient):.1e}")
        weights = weights - 2.0 * gradient

    # the gradient in closed form: X' (sigmoid(X w) - y) / n + 0.01 w
    sigmoid = 1 / (1 + np.exp(-inputs @ weights))
    by_hand = inputs.T @ (sigmoid - labels) / len(labels) + 0.01 * weights
    np.testing.assert_allclose(fc.grad(loss)(weights, inputs, labels), by_hand, atol=1e-15)
    assert np.linalg.norm(by_hand) < 1e-6
    print(f"fitted {np.round(weights, 3)}, drawn from {true}")
    print("checked: the gradient equals the closed form, and vanishes at the fit")


if __name__ == "__main__":
    main()
