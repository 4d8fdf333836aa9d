"""What is to be reached: ratios of two columns, and their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: a workload, a column, and a median time or a peak of memory
Figures = Mapping[str, Mapping[str, float]]

IMPORT_LIMIT = 0.060


@dataclass(frozen=True)
class Target:
    """A ratio of two columns that a workload has to reach."""

    workload: str
    over: str
    under: str
    bound: float
    #: whether the ratio may be at most the bound, or must be at least the bound
    at_most: bool
    #: the build of funcad that it is for
    build: Literal["compiled", "pure", "any"] = "any"
    of: Literal["time", "memory"] = "time"

    def applies(self, compiled: bool) -> bool:
        return self.build in ("any", "compiled" if compiled else "pure")

    def ratio(self, times: Figures, memory: Figures) -> float | None:
        figures = times if self.of == "time" else memory
        return ratio(figures.get(self.workload, {}), self.over, self.under)

    def reached(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


def ratio(figures: Mapping[str, float], over: str, under: str) -> float | None:
    """Return the ratio of two columns, None where one is missing."""
    if over not in figures or not figures.get(under):
        return None
    return figures[over] / figures[under]


SMALL = ("logistic-small", "mlp-small", "rosenbrock-gradient")
LARGE = ("logistic-large", "mlp-large", "formula", "chain-large")
MEMORY = ("mlp-large", "formula")

TARGETS: tuple[Target, ...] = (
    Target("chain", "funcad", "by hand", 1.6, at_most=True, build="compiled"),
    Target("chain", "autograd", "funcad", 6.0, at_most=False, build="compiled"),
    Target("chain", "torch", "funcad", 3.0, at_most=False, build="compiled"),
    Target("chain", "funcad", "by hand", 2.6, at_most=True, build="pure"),
    Target("chain", "autograd", "funcad", 4.0, at_most=False, build="pure"),
    Target("chain", "torch", "funcad", 1.5, at_most=False, build="pure"),
    Target("scalar-loop", "autograd", "funcad", 30.0, at_most=False, build="compiled"),
    Target("scalar-loop", "torch", "funcad", 8.0, at_most=False, build="compiled"),
    *(Target(name, "funcad", "by hand", 3.0, at_most=True, build="compiled") for name in SMALL),
    *(Target(name, "autograd", "funcad", 4.0, at_most=False, build="compiled") for name in SMALL),
    *(Target(name, "torch", "funcad", 1.0, at_most=False, build="compiled") for name in SMALL),
    *(Target(name, "funcad", "by hand", 1.05, at_most=True) for name in LARGE),
    *(Target(name, "autograd", "funcad", 1.0, at_most=False) for name in LARGE),
    *(Target(name, "funcad", "torch", 1.1, at_most=True) for name in LARGE),
    Target("rosenbrock-hvp", "autograd", "funcad", 5.0, at_most=False),
    Target("rosenbrock-hvp", "torch", "funcad", 10.0, at_most=False),
    Target("loop-2000", "autograd", "funcad", 50.0, at_most=False),
    Target("rosenbrock-hessian", "autograd", "funcad", 20.0, at_most=False),
    Target("rosenbrock-hessian", "torch", "funcad", 3.0, at_most=False),
    Target("logistic-hessian", "autograd", "funcad", 8.0, at_most=False),
    Target("logistic-hessian", "torch", "funcad", 10.0, at_most=False),
    Target("net-jacobian", "autograd", "funcad", 20.0, at_most=False),
    Target("net-jacobian", "torch", "funcad", 1.0, at_most=False),
    Target("gradient-of-each", "autograd", "funcad", 10.0, at_most=False),
    Target("gradient-of-each", "torch", "funcad", 1.0, at_most=False),
    *(Target(name, "funcad", "autograd", 1.0, at_most=True, of="memory") for name in MEMORY),
    *(Target(name, "funcad", "torch", 1.1, at_most=True, of="memory") for name in MEMORY),
)
