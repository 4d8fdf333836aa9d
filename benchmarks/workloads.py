"""The workloads: one entry each, with nothing of any library in it but where PyTorch has its own text."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from benchmarks import by_hand, losses

Asked = Literal["gradient", "value and gradient", "hessian", "hvp"]


@dataclass(frozen=True)
class Problem:
    """The arguments of one workload: what is differentiated, the data, and the vector of an hvp."""

    x: Any
    data: tuple[Any, ...] = ()
    vector: Any = None


@dataclass(frozen=True)
class Workload:
    """One row of the table."""

    #: the name for --only
    name: str
    title: str
    asked: Asked
    #: loss(namespace, x, *data)
    loss: Callable[..., Any]
    #: by_hand(x, *data), or by_hand(x, vector) for an hvp
    by_hand: Callable[..., Any]
    #: make(random, *sizes)
    make: Callable[..., Problem]
    sizes: tuple[int, ...] = ()
    #: sizes for a quick comparison of results
    small: tuple[int, ...] = ()
    torch_loss: Callable[..., Any] | None = None

    def problem(self, small: bool = False) -> Problem:
        """Return the arguments: the same in every run."""
        return self.make(np.random.default_rng(20), *(self.small if small else self.sizes))


def _chain(random: np.random.Generator, n: int) -> Problem:
    return Problem(random.normal(size=n), (random.uniform(0.9, 1.1, n), random.uniform(-0.5, 0.5, n)))


def _oscillator(_: np.random.Generator) -> Problem:
    return Problem(0.7, (0.01,))


def _logistic(random: np.random.Generator, rows: int, columns: int) -> Problem:
    X = random.normal(size=(rows, columns))
    y = np.where(X @ random.normal(size=columns) + random.normal(size=rows) > 0, 1.0, -1.0)
    return Problem(random.normal(size=columns) / columns, (X, y))


def _network(random: np.random.Generator, batch: int, *widths: int) -> tuple[list[Any], Any]:
    parameters: list[Any] = []
    for n, m in itertools.pairwise(widths):
        parameters += [random.normal(size=(n, m)) / np.sqrt(n), 0.1 * random.normal(size=m)]
    return parameters, random.normal(size=(batch, widths[0]))


def _regression(random: np.random.Generator, batch: int, *widths: int) -> Problem:
    parameters, X = _network(random, batch, *widths)
    return Problem(parameters, (X, random.normal(size=(batch, widths[-1]))))


def _classification(random: np.random.Generator, batch: int, *widths: int) -> Problem:
    parameters, X = _network(random, batch, *widths)
    return Problem(parameters, (X, np.eye(widths[-1])[random.integers(widths[-1], size=batch)]))


def _rosenbrock(random: np.random.Generator, n: int) -> Problem:
    return Problem(random.normal(size=n), vector=random.normal(size=n))


WORKLOADS: tuple[Workload, ...] = (
    Workload(
        name="chain",
        title="chain of 300 operations, 10 elements",
        asked="gradient",
        loss=losses.chain,
        by_hand=by_hand.chain,
        make=_chain,
        sizes=(10,),
        small=(3,),
    ),
    Workload(
        name="scalar-loop",
        title="scalar loop of 200 steps, Python floats",
        asked="gradient",
        loss=losses.oscillator,
        by_hand=by_hand.oscillator,
        make=_oscillator,
    ),
    Workload(
        name="logistic-small",
        title="logistic regression 100x10",
        asked="value and gradient",
        loss=losses.logistic,
        torch_loss=losses.logistic_torch,
        by_hand=by_hand.logistic,
        make=_logistic,
        sizes=(100, 10),
        small=(20, 4),
    ),
    Workload(
        name="logistic-large",
        title="logistic regression 20000x50",
        asked="value and gradient",
        loss=losses.logistic,
        torch_loss=losses.logistic_torch,
        by_hand=by_hand.logistic,
        make=_logistic,
        sizes=(20000, 50),
        small=(200, 5),
    ),
    Workload(
        name="mlp-small",
        title="MLP 10-20-20-1, batch 32",
        asked="value and gradient",
        loss=losses.regression,
        torch_loss=losses.regression_torch,
        by_hand=by_hand.regression,
        make=_regression,
        sizes=(32, 10, 20, 20, 1),
        small=(6, 3, 5, 4, 1),
    ),
    Workload(
        name="mlp-large",
        title="MLP 784-512-512-10, batch 512",
        asked="value and gradient",
        loss=losses.classification,
        torch_loss=losses.classification_torch,
        by_hand=by_hand.classification,
        make=_classification,
        sizes=(512, 784, 512, 512, 10),
        small=(8, 7, 6, 5, 4),
    ),
    Workload(
        name="rosenbrock-gradient",
        title="Rosenbrock 100, gradient",
        asked="gradient",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_gradient,
        make=_rosenbrock,
        sizes=(100,),
        small=(6,),
    ),
    Workload(
        name="rosenbrock-hessian",
        title="Rosenbrock 100, Hessian",
        asked="hessian",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_hessian,
        make=_rosenbrock,
        sizes=(100,),
        small=(6,),
    ),
    Workload(
        name="rosenbrock-hvp",
        title="Rosenbrock 100, Hessian-vector product",
        asked="hvp",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_product,
        make=_rosenbrock,
        sizes=(100,),
        small=(6,),
    ),
)
