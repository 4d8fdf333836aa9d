"""The arguments of the workloads: made from a random generator and the sizes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Problem:
    """The arguments of one workload: what is differentiated, the data, and the vector of an hvp."""

    x: Any
    data: tuple[Any, ...] = ()
    vector: Any = None


def chain(random: np.random.Generator, n: int) -> Problem:
    return Problem(random.normal(size=n), (random.uniform(0.9, 1.1, n), random.uniform(-0.5, 0.5, n)))


def oscillator(_: np.random.Generator) -> Problem:
    return Problem(0.7, (0.01,))


def logistic(random: np.random.Generator, rows: int, columns: int) -> Problem:
    X = random.normal(size=(rows, columns))
    y = np.where(X @ random.normal(size=columns) + random.normal(size=rows) > 0, 1.0, -1.0)
    return Problem(random.normal(size=columns) / columns, (X, y))


def _network(random: np.random.Generator, batch: int, *widths: int) -> tuple[list[Any], Any]:
    parameters: list[Any] = []
    for n, m in itertools.pairwise(widths):
        parameters += [random.normal(size=(n, m)) / np.sqrt(n), 0.1 * random.normal(size=m)]
    return parameters, random.normal(size=(batch, widths[0]))


def regression(random: np.random.Generator, batch: int, *widths: int) -> Problem:
    parameters, X = _network(random, batch, *widths)
    return Problem(parameters, (X, random.normal(size=(batch, widths[-1]))))


def classification(random: np.random.Generator, batch: int, *widths: int) -> Problem:
    parameters, X = _network(random, batch, *widths)
    return Problem(parameters, (X, np.eye(widths[-1])[random.integers(widths[-1], size=batch)]))


def layers(random: np.random.Generator, width: int) -> Problem:
    weights = tuple([random.normal(size=(width, width)) / np.sqrt(width) for _ in range(3)])
    return Problem(random.normal(size=width), weights)


def rosenbrock(random: np.random.Generator, n: int) -> Problem:
    return Problem(random.normal(size=n), vector=random.normal(size=n))


def recurrent(random: np.random.Generator, steps: int, batch: int, inputs: int, hidden: int) -> Problem:
    W = random.normal(size=(inputs, hidden)) / np.sqrt(inputs)
    U = random.normal(size=(hidden, hidden)) / np.sqrt(hidden)
    V = random.normal(size=(hidden, 1)) / np.sqrt(hidden)
    b, c = 0.1 * random.normal(size=hidden), 0.1 * random.normal(size=1)
    X = random.normal(size=(steps, batch, inputs))
    return Problem([W, U, b, V, c], (X, random.normal(size=(batch, 1))))


def likelihood(random: np.random.Generator, n: int) -> Problem:
    x = np.sort(random.uniform(0, n / 20, n))
    y = np.sin(x) + 0.2 * random.normal(size=n)
    return Problem(np.array([0.1, 0.2, -1.2]), (x, y, np.eye(n)))


def blur(random: np.random.Generator, n: int) -> Problem:
    return Problem(random.uniform(size=(n, n)), (random.uniform(size=(n, n)),))


def vector(random: np.random.Generator, n: int) -> Problem:
    return Problem(random.normal(size=n))


def lorenz(_: np.random.Generator) -> Problem:
    return Problem(np.array([1.0, 2.0, 20.0]), (0.01,))
