"""The functions that are differentiated, as a NumPy user writes them.

The first parameter is the array namespace: `numpy` itself for funcad, `autograd.numpy`, `jax.numpy`
and `torch`. PyTorch has its own text where its users would call a fused function instead.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

STEPS_OF_CHAIN = 100
STEPS_OF_LOOP = 200


def chain(np: Any, y: Any, a: Any, b: Any) -> Any:
    """Three operations a step on a short vector: the cost of one operation, 300 times."""
    for _ in range(STEPS_OF_CHAIN):
        y = np.sin(y)
        y = y * a
        y = y + b
    return np.sum(y)


def oscillator(_: Any, x: Any, h: Any) -> Any:
    """A spring with a cubic term, 200 steps of semi-implicit Euler on Python floats."""
    v = 0.0
    for _ in range(STEPS_OF_LOOP):
        v = v - h * (x + x * x * x)
        x = x + h * v
    return x


def logistic(np: Any, w: Any, X: Any, y: Any) -> Any:
    """The negative log likelihood of labels +1 and -1."""
    return np.sum(np.logaddexp(0.0, -y * (X @ w)))


def logistic_torch(torch: Any, w: Any, X: Any, y: Any) -> Any:
    return -torch.sum(_functional().logsigmoid(y * (X @ w)))


def perceptron(np: Any, parameters: Sequence[Any], X: Any) -> Any:
    """The output of dense layers with tanh between them."""
    *hidden, (W, b) = zip(parameters[::2], parameters[1::2], strict=True)
    for V, c in hidden:
        X = np.tanh(X @ V + c)
    return X @ W + b


def perceptron_torch(torch: Any, parameters: Sequence[Any], X: Any) -> Any:
    *hidden, (W, b) = zip(parameters[::2], parameters[1::2], strict=True)
    for V, c in hidden:
        X = torch.tanh(torch.addmm(c, X, V))
    return torch.addmm(b, X, W)


def regression(np: Any, parameters: Sequence[Any], X: Any, Y: Any) -> Any:
    """The mean square error of a network."""
    return np.mean((perceptron(np, parameters, X) - Y) ** 2)


def regression_torch(torch: Any, parameters: Sequence[Any], X: Any, Y: Any) -> Any:
    return _functional().mse_loss(perceptron_torch(torch, parameters, X), Y)


def classification(np: Any, parameters: Sequence[Any], X: Any, Y: Any) -> Any:
    """The mean cross entropy of a network's softmax; each row of Y has a one at its class."""
    z = perceptron(np, parameters, X)
    top = np.max(z, axis=1, keepdims=True)
    z = z - top
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - np.sum(Y * z, axis=1))


def classification_torch(torch: Any, parameters: Sequence[Any], X: Any, Y: Any) -> Any:
    return _functional().cross_entropy(perceptron_torch(torch, parameters, X), Y)


def rosenbrock(np: Any, x: Any) -> Any:
    """Rosenbrock's function, the text of `scipy.optimize.rosen`."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


def _functional() -> Any:
    return importlib.import_module("torch.nn.functional")
