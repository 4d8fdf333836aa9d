"""The workloads: one entry each, with nothing of any library in it but where one has its own text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from benchmarks import by_hand, losses, problems
from benchmarks.problems import Problem

Asked = Literal["gradient", "value and gradient", "hessian", "hvp", "jacobian", "gradient of each"]


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
    jax_loss: Callable[..., Any] | None = None
    #: whether the peak of memory is measured too
    memory: bool = False

    def problem(self, small: bool = False) -> Problem:
        """Return the arguments: the same in every run."""
        return self.make(np.random.default_rng(20), *(self.small if small else self.sizes))


WORKLOADS: tuple[Workload, ...] = (
    Workload(
        name="chain",
        title="chain of 300 operations, 10 elements",
        asked="gradient",
        loss=losses.chain,
        by_hand=by_hand.chain,
        make=problems.chain,
        sizes=(10,),
        small=(3,),
    ),
    Workload(
        name="chain-large",
        title="chain of 300 operations, 10,000 elements",
        asked="gradient",
        loss=losses.chain,
        by_hand=by_hand.chain,
        make=problems.chain,
        sizes=(10_000,),
        small=(50,),
    ),
    Workload(
        name="scalar-loop",
        title="scalar loop of 200 steps, Python floats",
        asked="gradient",
        loss=losses.oscillator,
        by_hand=by_hand.oscillator,
        make=problems.oscillator,
    ),
    Workload(
        name="loop-500",
        title="loop over x[i], n = 500",
        asked="gradient",
        loss=losses.squares,
        jax_loss=losses.squares_jax,
        by_hand=by_hand.squares,
        make=problems.vector,
        sizes=(500,),
        small=(5,),
    ),
    Workload(
        name="loop-2000",
        title="loop over x[i], n = 2000",
        asked="gradient",
        loss=losses.squares,
        jax_loss=losses.squares_jax,
        by_hand=by_hand.squares,
        make=problems.vector,
        sizes=(2000,),
        small=(20,),
    ),
    Workload(
        name="lorenz",
        title="Lorenz equations, 200 steps of Runge-Kutta",
        asked="gradient",
        loss=losses.lorenz,
        torch_loss=losses.lorenz_torch,
        jax_loss=losses.lorenz_jax,
        by_hand=by_hand.lorenz,
        make=problems.lorenz,
    ),
    Workload(
        name="logistic-small",
        title="logistic regression 100x10",
        asked="value and gradient",
        loss=losses.logistic,
        torch_loss=losses.logistic_torch,
        by_hand=by_hand.logistic,
        make=problems.logistic,
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
        make=problems.logistic,
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
        make=problems.regression,
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
        make=problems.classification,
        sizes=(512, 784, 512, 512, 10),
        small=(8, 7, 6, 5, 4),
        memory=True,
    ),
    Workload(
        name="recurrent",
        title="recurrent net, 50 steps, 10-20, batch 8",
        asked="value and gradient",
        loss=losses.recurrent,
        torch_loss=losses.recurrent_torch,
        by_hand=by_hand.recurrent,
        make=problems.recurrent,
        sizes=(50, 8, 10, 20),
        small=(4, 3, 2, 5),
    ),
    Workload(
        name="gaussian-process",
        title="Gaussian process, likelihood of 200 points",
        asked="value and gradient",
        loss=losses.likelihood,
        by_hand=by_hand.likelihood,
        make=problems.likelihood,
        sizes=(200,),
        small=(8,),
    ),
    Workload(
        name="blur",
        title="ten blurs of an image 100x100",
        asked="value and gradient",
        loss=losses.blur,
        by_hand=by_hand.blur,
        make=problems.blur,
        sizes=(100,),
        small=(6,),
    ),
    Workload(
        name="formula",
        title="elementwise formula, 1,000,000 elements",
        asked="value and gradient",
        loss=losses.formula,
        by_hand=by_hand.formula,
        make=problems.vector,
        sizes=(1_000_000,),
        small=(20,),
        memory=True,
    ),
    Workload(
        name="rosenbrock-gradient",
        title="Rosenbrock 100, gradient",
        asked="gradient",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_gradient,
        make=problems.rosenbrock,
        sizes=(100,),
        small=(6,),
    ),
    Workload(
        name="rosenbrock-hessian",
        title="Rosenbrock 100, Hessian",
        asked="hessian",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_hessian,
        make=problems.rosenbrock,
        sizes=(100,),
        small=(6,),
    ),
    Workload(
        name="rosenbrock-hessian-1000",
        title="Rosenbrock 1000, Hessian",
        asked="hessian",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_hessian,
        make=problems.rosenbrock,
        sizes=(1000,),
        small=(7,),
        memory=True,
    ),
    Workload(
        name="logistic-hessian",
        title="logistic regression 100x10, Hessian",
        asked="hessian",
        loss=losses.logistic,
        torch_loss=losses.logistic_torch,
        by_hand=by_hand.logistic_hessian,
        make=problems.logistic,
        sizes=(100, 10),
        small=(20, 4),
    ),
    Workload(
        name="net-jacobian",
        title="three layers 100-100, Jacobian",
        asked="jacobian",
        loss=losses.layers,
        by_hand=by_hand.layers,
        make=problems.layers,
        sizes=(100,),
        small=(6,),
    ),
    Workload(
        name="gradient-of-each",
        title="MLP 10-20-20-1, gradient of each of 256 rows",
        asked="gradient of each",
        loss=losses.regression,
        by_hand=by_hand.regression_of_each,
        make=problems.regression,
        sizes=(256, 10, 20, 20, 1),
        small=(6, 3, 5, 4, 2),
    ),
    Workload(
        name="rosenbrock-hvp",
        title="Rosenbrock 100, Hessian-vector product",
        asked="hvp",
        loss=losses.rosenbrock,
        by_hand=by_hand.rosenbrock_product,
        make=problems.rosenbrock,
        sizes=(100,),
        small=(6,),
    ),
)
