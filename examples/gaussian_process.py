"""Gaussian process regression: hyperparameters by gradient ascent on the marginal likelihood.

The likelihood is written with np.linalg.cholesky and np.linalg.solve. Its gradient is checked
against the closed form tr((a a' - K^-1) dK) / 2 (Rasmussen and Williams, equation 5.9).

Run: python examples/gaussian_process.py
"""

from typing import Any

import numpy as np

import funcad as fc


def covariance(hyper: dict[str, Any], a: Any, b: Any) -> Any:
    """Return the squared-exponential covariance of two sets of points on a line."""
    distance = (a[:, None] - b[None, :]) / np.exp(hyper["log_length"])
    return np.exp(2 * hyper["log_scale"] - 0.5 * distance**2)


def log_likelihood(hyper: dict[str, Any], x: Any, y: Any) -> Any:
    """Return the logarithm of the marginal likelihood of noisy observations."""
    K = covariance(hyper, x, x) + np.exp(2 * hyper["log_noise"]) * np.eye(len(x))
    L = np.linalg.cholesky(K)
    white = np.linalg.solve(L, y)
    return -0.5 * white @ white - np.sum(np.log(np.diag(L))) - 0.5 * len(x) * np.log(2 * np.pi)


def gradient_by_hand(hyper: dict[str, Any], x: Any, y: Any) -> dict[str, float]:
    """Return the gradient by the closed form."""
    signal = covariance(hyper, x, x)
    noise = np.exp(2 * hyper["log_noise"]) * np.eye(len(x))
    inverse = np.linalg.inv(signal + noise)
    a = inverse @ y
    squared = ((x[:, None] - x[None, :]) / np.exp(hyper["log_length"])) ** 2
    slopes = {"log_length": signal * squared, "log_scale": 2 * signal, "log_noise": 2 * noise}
    return {k: float(0.5 * np.trace((np.outer(a, a) - inverse) @ dK)) for k, dK in slopes.items()}


def main() -> None:
    """Fit the hyperparameters to noisy observations of a sine, and predict."""
    rng = np.random.default_rng(2)
    x = np.sort(rng.uniform(0, 10, 40))
    y = np.sin(x) + rng.normal(scale=0.2, size=40)
    hyper = {"log_length": -1.0, "log_scale": 0.5, "log_noise": -0.5}

    step = fc.value_and_grad(log_likelihood)
    for turn in range(401):
        value, gradient = step(hyper, x, y)
        if turn % 100 == 0:
            print(f"turn {turn:3d}: log-likelihood {value:.5f}")
        hyper = {k: hyper[k] + 0.01 * float(gradient[k]) for k in hyper}

    by_hand = gradient_by_hand(hyper, x, y)
    for k, g in fc.grad(log_likelihood)(hyper, x, y).items():
        np.testing.assert_allclose(g, by_hand[k], atol=1e-9)
        assert abs(g) < 1e-2, "not at the maximum"
    print({k: round(float(np.exp(v)), 3) for k, v in hyper.items()})

    new = np.linspace(0.5, 9.5, 50)
    K = covariance(hyper, x, x) + np.exp(2 * hyper["log_noise"]) * np.eye(len(x))
    error = np.max(np.abs(covariance(hyper, new, x) @ np.linalg.solve(K, y) - np.sin(new)))
    assert error < 0.25, error
    assert abs(np.exp(hyper["log_noise"]) - 0.2) < 0.05
    print(f"checked: the gradient equals the closed form; largest error of the prediction {error:.3f}")


if __name__ == "__main__":
    main()
