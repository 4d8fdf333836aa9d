"""The same derivatives worked out by hand: the chain rule in plain NumPy.

What the function itself has computed is used again. As in the functions themselves every
operation makes a new array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.losses import STEPS_OF_CHAIN, STEPS_OF_LOOP

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


def logistic(w: Array, X: Array, y: Array) -> tuple[float, Array]:
    z = -y * (X @ w)
    softplus = np.logaddexp(0.0, z)
    return float(softplus.sum()), -(np.exp(z - softplus) * y) @ X


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
