"""The functions that are differentiated, as a NumPy user writes them.

The first parameter is the array namespace: `numpy` itself for funcad, `autograd.numpy`, `jax.numpy`
and `torch`. PyTorch has its own text where its users would call a fused function or where its
names differ, JAX where it would unroll a long loop and compile it for minutes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

STEPS_OF_CHAIN = 100
STEPS_OF_LOOP = 200
STEPS_OF_BLUR = 10
STEPS_OF_LORENZ = 200
#: of the equations of Lorenz
SIGMA, RHO, BETA = 10.0, 28.0, 8.0 / 3.0


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


def layers(np: Any, x: Any, *weights: Any) -> Any:
    """The output of layers with tanh, all as wide as the input: a function from vectors to vectors."""
    for W in weights:
        x = np.tanh(W @ x)
    return x


def rosenbrock(np: Any, x: Any) -> Any:
    """Rosenbrock's function, the text of `scipy.optimize.rosen`."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


def recurrent(np: Any, parameters: Sequence[Any], X: Any, Y: Any) -> Any:
    """The mean square error of what a recurrent net says after its last input; X[t] is a batch."""
    W, U, b, V, c = parameters
    h = np.tanh(X[0] @ W + b)
    for x in X[1:]:
        h = np.tanh(x @ W + h @ U + b)
    return np.mean((h @ V + c - Y) ** 2)


def recurrent_torch(torch: Any, parameters: Sequence[Any], X: Any, Y: Any) -> Any:
    W, U, b, V, c = parameters
    h = torch.tanh(torch.addmm(b, X[0], W))
    for x in X[1:]:
        h = torch.tanh(torch.addmm(torch.addmm(b, x, W), h, U))
    return _functional().mse_loss(torch.addmm(c, h, V), Y)


def likelihood(np: Any, logs: Any, x: Any, y: Any, identity: Any) -> Any:
    """The negative log marginal likelihood of a Gaussian process on a line.

    The logarithms are those of the length, the scale and the noise.
    """
    distance = (x[:, None] - x[None, :]) / np.exp(logs[0])
    K = np.exp(2 * logs[1] - 0.5 * distance * distance) + np.exp(2 * logs[2]) * identity
    L = np.linalg.cholesky(K)
    white = np.linalg.solve(L, y)
    return 0.5 * np.sum(white * white) + np.sum(np.log(np.diag(L)))


def blur(np: Any, a: Any, target: Any) -> Any:
    """The square distance of an image, blurred ten times, to another; the edges are joined."""
    for _ in range(STEPS_OF_BLUR):
        a = (4 * a + np.roll(a, 1, 0) + np.roll(a, -1, 0) + np.roll(a, 1, 1) + np.roll(a, -1, 1)) / 8
    return np.sum((a - target) ** 2)


def formula(np: Any, x: Any) -> Any:
    """Twelve operations, all elementwise but the sum."""
    return np.sum(np.exp(-x * x / 2) * np.sin(3 * x) + x / (1 + x * x))


def lorenz(np: Any, s: Any, h: Any) -> Any:
    """The square norm of the end of an orbit of the Lorenz equations, by Runge-Kutta of order 4."""
    for _ in range(STEPS_OF_LORENZ):
        s = _runge_kutta(lambda s: np.array(_lorenz(s)), s, h)
    return np.sum(s * s)


def lorenz_torch(torch: Any, s: Any, h: Any) -> Any:
    for _ in range(STEPS_OF_LORENZ):
        s = _runge_kutta(lambda s: torch.stack(_lorenz(s)), s, h)
    return torch.sum(s * s)


def lorenz_jax(np: Any, s: Any, h: Any) -> Any:
    def step(_: Any, s: Any) -> Any:
        return _runge_kutta(lambda s: np.array(_lorenz(s)), s, h)

    s = _lax().fori_loop(0, STEPS_OF_LORENZ, step, s)
    return np.sum(s * s)


def _lorenz(s: Any) -> list[Any]:
    x, y, z = s
    return [SIGMA * (y - x), x * (RHO - z) - y, x * y - BETA * z]


def _runge_kutta(f: Callable[[Any], Any], s: Any, h: Any) -> Any:
    k1 = f(s)
    k2 = f(s + h / 2 * k1)
    k3 = f(s + h / 2 * k2)
    k4 = f(s + h * k3)
    return s + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def squares(_: Any, x: Any) -> Any:
    """The sum of squares by a loop that reads one element a turn."""
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * x[i]
    return s


def squares_jax(_: Any, x: Any) -> Any:
    return _lax().fori_loop(0, len(x), lambda i, s: s + x[i] * x[i], 0.0)


def _lax() -> Any:
    return importlib.import_module("jax.lax")


def _functional() -> Any:
    return importlib.import_module("torch.nn.functional")
