"""The same derivatives worked out by hand: the chain rule in plain NumPy.

What the function itself has computed is used again. As in the functions themselves every
operation makes a new array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.losses import (
    BETA,
    RHO,
    SIGMA,
    STEPS_OF_BLUR,
    STEPS_OF_CHAIN,
    STEPS_OF_LOOP,
    STEPS_OF_LORENZ,
)

Array = np.ndarray[Any, np.dtype[np.float64]]


def chain(y: Array, a: Array, b: Array) -> Array:
    visited = []
    for _ in range(STEPS_OF_CHAIN):
        visited.append(y)
        y = np.sin(y) * a + b
    g = np.ones_like(y)
    for y in reversed(visited):
        g = g * a * np.cos(y)
    return g


def oscillator(x: float, h: float) -> float:
    v = 0.0
    visited = []
    for _ in range(STEPS_OF_LOOP):
        visited.append(x)
        v -= h * (x + x * x * x)
        x += h * v
    gx, gv = 1.0, 0.0
    for x in reversed(visited):
        gv += h * gx
        gx -= h * (1.0 + 3.0 * x * x) * gv
    return gx


def squares(x: Array) -> Array:
    """The same loop: `2 * x` would say what a loop costs, not what its derivative does."""
    g = np.zeros_like(x)
    for i in range(len(x)):
        g[i] = 2.0 * x[i]
    return g


def lorenz(s: Array, h: float) -> Array:
    visited = []
    for _ in range(STEPS_OF_LORENZ):
        k1 = _slope(s)
        s2 = s + h / 2 * k1
        k2 = _slope(s2)
        s3 = s + h / 2 * k2
        k3 = _slope(s3)
        s4 = s + h * k3
        visited.append((s, s2, s3, s4))
        s = s + h / 6 * (k1 + 2 * k2 + 2 * k3 + _slope(s4))
    g = 2 * s
    for s, s2, s3, s4 in reversed(visited):
        sixth = h / 6 * g
        g4 = _pull_slope(s4, sixth)
        g3 = _pull_slope(s3, 2 * sixth + h * g4)
        g2 = _pull_slope(s2, 2 * sixth + h / 2 * g3)
        g = g + g2 + g3 + g4 + _pull_slope(s, sixth + h / 2 * g2)
    return g


def _slope(s: Array) -> Array:
    x, y, z = s
    return np.array([SIGMA * (y - x), x * (RHO - z) - y, x * y - BETA * z])


def _pull_slope(s: Array, g: Array) -> Array:
    """Return the product of g and the Jacobian matrix of `_slope`."""
    (x, y, z), (a, b, c) = s, g
    return np.array([(RHO - z) * b - SIGMA * a + y * c, SIGMA * a - b + x * c, -x * b - BETA * c])


def formula(x: Array) -> tuple[float, Array]:
    square = x * x
    bell = np.exp(-square / 2)
    angle = 3 * x
    wave = np.sin(angle)
    below = 1 + square
    quotient = x / below
    value = float(np.sum(bell * wave + quotient))
    return value, bell * (3 * np.cos(angle) - x * wave) + (1 - 2 * x * quotient) / below


def blur(a: Array, target: Array) -> tuple[float, Array]:
    for _ in range(STEPS_OF_BLUR):
        a = _blurred(a)
    d = a - target
    value = float(np.sum(d * d))
    g = 2 * d
    for _ in range(STEPS_OF_BLUR):  # one step is its own transpose
        g = _blurred(g)
    return value, g


def _blurred(a: Array) -> Array:
    return (4 * a + np.roll(a, 1, 0) + np.roll(a, -1, 0) + np.roll(a, 1, 1) + np.roll(a, -1, 1)) / 8


def likelihood(logs: Array, x: Array, y: Array, identity: Array) -> tuple[float, Array]:
    length, scale, noise = logs
    distance = (x[:, None] - x[None, :]) / np.exp(length)
    square = distance * distance
    signal = np.exp(2 * scale - 0.5 * square)
    variance = np.exp(2 * noise)
    K = signal + variance * identity
    inverse = np.linalg.inv(K)
    a = inverse @ y
    value = 0.5 * (y @ a) + np.sum(np.log(np.diag(np.linalg.cholesky(K))))
    # Rasmussen and Williams, equation 5.9: tr((K^-1 - a a') dK) / 2
    G = inverse - np.outer(a, a)
    weighted = G * signal
    slopes = [0.5 * np.vdot(weighted, square), np.sum(weighted), variance * np.trace(G)]
    return float(value), np.array(slopes)


def logistic(w: Array, X: Array, y: Array) -> tuple[float, Array]:
    z = -y * (X @ w)
    softplus = np.logaddexp(0.0, z)
    return float(softplus.sum()), -(np.exp(z - softplus) * y) @ X


def logistic_hessian(w: Array, X: Array, y: Array) -> Array:
    p = 1.0 / (1.0 + np.exp(y * (X @ w)))
    return (X * (p * (1.0 - p))[:, None]).T @ X


def layers(x: Array, *weights: Array) -> Array:
    jacobian = None
    for W in weights:
        x = np.tanh(W @ x)
        step = (1.0 - x * x)[:, None] * W
        jacobian = step if jacobian is None else step @ jacobian
    assert jacobian is not None
    return jacobian


def regression_of_each(parameters: list[Array], X: Array, Y: Array) -> list[Array]:
    """The gradients of every example's mean square error: a batch of products of columns and rows."""
    outputs = _outputs(parameters, X)
    d = (outputs[-1] - Y) * (2.0 / Y.shape[1])
    gradients: list[Array] = []
    for k in range(len(outputs) - 2, -1, -1):
        h = outputs[k]
        gradients[:0] = [h[:, :, None] * d[:, None, :], d]
        if k:
            d = (d @ parameters[2 * k].T) * (1.0 - h * h)
    return gradients


def regression(parameters: list[Array], X: Array, Y: Array) -> tuple[float, list[Array]]:
    outputs = _outputs(parameters, X)
    d = outputs[-1] - Y
    return float(np.mean(d**2)), _back(parameters, outputs, d * (2.0 / d.size))


def classification(parameters: list[Array], X: Array, Y: Array) -> tuple[float, list[Array]]:
    outputs = _outputs(parameters, X)
    z = outputs[-1] - outputs[-1].max(axis=1, keepdims=True)
    p = np.exp(z)
    total = p.sum(axis=1, keepdims=True)
    value = float(np.log(total).sum() - np.vdot(Y, z)) / len(X)
    return value, _back(parameters, outputs, (p / total - Y) / len(X))


def _outputs(parameters: list[Array], X: Array) -> list[Array]:
    """Return the input of a network and the output of each layer; tanh lies between the layers."""
    outputs = [X]
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        z = outputs[-1] @ W + b
        outputs.append(np.tanh(z) if len(outputs) < len(parameters) // 2 else z)
    return outputs


def _back(parameters: list[Array], outputs: list[Array], d: Array) -> list[Array]:
    """Return the gradients, given the derivative with respect to the last output."""
    gradients: list[Array] = []
    for k in range(len(outputs) - 2, -1, -1):
        h = outputs[k]
        gradients[:0] = [h.T @ d, d.sum(axis=0)]
        if k:
            d = (d @ parameters[2 * k].T) * (1.0 - h * h)
    return gradients


def recurrent(parameters: list[Array], X: Array, Y: Array) -> tuple[float, list[Array]]:
    W, U, b, V, c = parameters
    states = [np.tanh(X[0] @ W + b)]
    for x in X[1:]:
        states.append(np.tanh(x @ W + states[-1] @ U + b))
    last = states[-1]
    d = last @ V + c - Y
    value = float(np.mean(d**2))
    d = d * (2.0 / d.size)
    gV, gc = last.T @ d, d.sum(axis=0)
    gW, gU, gb = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    d = d @ V.T
    for t in range(len(X) - 1, -1, -1):
        h = states[t]
        d = d * (1.0 - h * h)
        gW += X[t].T @ d
        gb += d.sum(axis=0)
        if t:
            gU += states[t - 1].T @ d
            d = d @ U.T
    return value, [gW, gU, gb, gV, gc]


def rosenbrock_gradient(x: Array) -> Array:
    head, tail = x[:-1], x[1:]
    d = 200.0 * (tail - head * head)
    g = np.empty_like(x)
    g[-1] = 0.0
    g[:-1] = -2.0 * d * head - 2.0 * (1.0 - head)
    g[1:] += d
    return g


def rosenbrock_hessian(x: Array) -> Array:
    n = len(x)
    diagonal, beside = _rosenbrock_bands(x)
    H = np.zeros((n, n))
    entries = H.reshape(-1)
    entries[:: n + 1] = diagonal
    entries[1 :: n + 1] = beside
    entries[n :: n + 1] = beside
    return H


def rosenbrock_product(x: Array, v: Array) -> Array:
    diagonal, beside = _rosenbrock_bands(x)
    diagonal *= v
    diagonal[:-1] += beside * v[1:]
    diagonal[1:] += beside * v[:-1]
    return diagonal


def _rosenbrock_bands(x: Array) -> tuple[Array, Array]:
    """Return the diagonal of the Hessian and the entries beside it."""
    head, tail = x[:-1], x[1:]
    diagonal = np.empty_like(x)
    diagonal[-1] = 0.0
    diagonal[:-1] = 1200.0 * head * head - 400.0 * tail + 2.0
    diagonal[1:] += 200.0
    return diagonal, -400.0 * head
