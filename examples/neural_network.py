"""A small neural network whose parameters are a list of dicts, trained by Adam on two spirals.

Run: python examples/neural_network.py
"""

from itertools import pairwise
from typing import Any

import numpy as np

import funcad as fc


def network(params: list[dict[str, Any]], x: Any) -> Any:
    """Return the logits of a fully connected network with tanh layers."""
    for layer in params[:-1]:
        x = np.tanh(x @ layer["weight"] + layer["bias"])
    return (x @ params[-1]["weight"] + params[-1]["bias"])[:, 0]


def loss(params: list[dict[str, Any]], x: Any, y: Any) -> Any:
    """Return the mean cross-entropy of labels in {-1, 1}."""
    return np.mean(np.logaddexp(0.0, -y * network(params, x)))


def initial(sizes: list[int], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return random parameters for layers of the given sizes."""
    return [{"weight": rng.normal(size=(m, n)) / np.sqrt(m), "bias": np.zeros(n)} for m, n in pairwise(sizes)]


def spirals(n: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return points on two intertwined spirals, and their labels."""
    t = np.sqrt(rng.uniform(0.05, 1, n)) * 2.5 * np.pi
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    points = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) * y[:, None] / 4
    return points + rng.normal(scale=0.03, size=(n, 2)), y


def main() -> None:
    """Train, and check the gradient along one direction and the accuracy on new points."""
    rng = np.random.default_rng(0)
    x, y = spirals(400, rng)
    params = initial([2, 24, 24, 1], rng)

    # one direction in the space of all parameters, forward mode against reverse mode
    direction = fc.tree.map(lambda p: rng.normal(size=p.shape), params)
    _, along = fc.jvp(lambda p: loss(p, x, y), (params,), (direction,))
    gradient = fc.grad(loss)(params, x, y)
    products = fc.tree.map(lambda g, d: np.sum(g * d), gradient, direction)
    np.testing.assert_allclose(along, sum(fc.tree.flatten(products)[0]), rtol=1e-10)

    # Adam on the flat vector of all parameters
    vector, back = fc.tree.ravel(params)
    mean, square = np.zeros_like(vector), np.zeros_like(vector)
    step = fc.value_and_grad(lambda v: loss(back(v), x, y))
    for turn in range(1, 801):
        value, g = step(vector)
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g
        vector -= 0.02 * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.999**turn)) + 1e-8)
        if turn % 200 == 0:
            print(f"turn {turn}: loss {value:.5f}")

    new_x, new_y = spirals(1000, rng)
    accuracy = np.mean(np.sign(network(back(vector), new_x)) == new_y)
    assert accuracy > 0.97, accuracy
    print(f"checked: both modes agree, and {accuracy:.1%} of new points are right")


if __name__ == "__main__":
    main()
