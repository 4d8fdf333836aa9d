"""Gradients of single functions of NumPy and of loops over elements, beside autograd and the plain run.

    python -m benchmarks.functions

Each function takes 1,000 elements (a matrix of 32x32 for `kron` and `norm`) and returns one number.
funcad has plain `numpy`, autograd `autograd.numpy`; where autograd cannot assign to an array it collects
a list. Gradients are compared before anything is timed.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import funcad as fc
from benchmarks.environment import use_one_thread
from benchmarks.table import factor, microseconds, table
from benchmarks.timing import measure, use_the_allocator

Function = Callable[..., Any]


def where(np: Any, x: Any) -> Any:
    return np.sum(np.where(x > 0, x * x, np.sin(x)))


def concatenate(np: Any, x: Any) -> Any:
    return np.sum(np.concatenate([x, 2.0 * x, x[::2]]) ** 2)


def norm(np: Any, x: Any) -> Any:
    return np.linalg.norm(x) + np.sum(np.linalg.norm(x, axis=1))


def kron(np: Any, x: Any) -> Any:
    return np.sum(np.kron(x[:4, :4], x) ** 2)


def cumsum(np: Any, x: Any) -> Any:
    return np.sum(np.cumsum(x) ** 2)


def interp(np: Any, x: Any) -> Any:
    return np.sum(np.interp(x, np.linspace(-4.0, 4.0, 50), np.linspace(0.0, 1.0, 50) ** 2) ** 2)


def reads(_: Any, x: Any) -> Any:
    total = 0.0
    for i in range(1, len(x)):
        total = total + x[i] * x[i - 1]
    return total


def fills(np: Any, x: Any) -> Any:
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = x[i] * x[i]
    return np.sum(y)


def fills_by_list(np: Any, x: Any) -> Any:
    return np.sum(np.stack([x[i] * x[i] for i in range(len(x))]))


def slices(np: Any, x: Any) -> Any:
    y = x * 1.0
    for i in range(0, len(x) - 10, 10):
        y[i : i + 10] = np.sin(y[i : i + 10]) * x[i + 10]
    return np.sum(y)


def slices_by_list(np: Any, x: Any) -> Any:
    parts = [np.sin(x[i : i + 10]) * x[i + 10] for i in range(0, len(x) - 10, 10)]
    return np.sum(np.concatenate([*parts, x[10 * len(parts) :]]))


#: a name, the function, and the text for autograd where it has its own; None where it has no derivative
ROWS: tuple[tuple[str, Function, Function | None, tuple[int, ...]], ...] = (
    ("np.where", where, where, (1000,)),
    ("np.concatenate", concatenate, concatenate, (1000,)),
    ("np.linalg.norm", norm, norm, (32, 32)),
    ("np.kron", kron, kron, (32, 32)),
    ("np.cumsum", cumsum, cumsum, (1000,)),
    ("np.interp", interp, None, (1000,)),
    ("loop that reads x[i]", reads, reads, (1000,)),
    ("loop that fills y[i]", fills, fills_by_list, (1000,)),
    ("loop that fills slices", slices, slices_by_list, (1000,)),
)


def main(repeats: int = 9, span: float = 0.020) -> int:
    use_the_allocator()
    peer: Any = importlib.import_module("autograd") if importlib.util.find_spec("autograd") else None
    namespace: Any = importlib.import_module("autograd.numpy") if peer else None
    rows, ratios = [], []
    for name, f, other, shape in ROWS:
        x = np.random.default_rng(3).normal(size=shape)
        gradient = fc.grad(lambda x, f=f: f(np, x))
        calls: dict[str, Callable[[], Any]] = {
            "function": lambda f=f, x=x: f(np, x),
            "funcad": lambda g=gradient, x=x: g(x),
        }
        if peer and other is not None:
            theirs = peer.grad(lambda x, f=other: f(namespace, x))
            np.testing.assert_allclose(gradient(x), theirs(x), rtol=1e-9, atol=1e-9)
            calls["autograd"] = lambda g=theirs, x=x: g(x)
        times = {k: t.median for k, t in measure(calls, repeats, span).items()}
        against = times["autograd"] / times["funcad"] if "autograd" in times else None
        if against is not None:
            ratios.append(against)
        listed = [microseconds(times[c]) if c in times else "-" for c in ("function", "funcad", "autograd")]
        rows.append([name, *listed, factor(times["funcad"] / times["function"]), factor(against)])
    print(f"{fc.build_info()}; gradients in microseconds, median of {repeats} repetitions in turns\n")
    print(table(["", "function", "funcad", "autograd", "funcad / function", "autograd / funcad"], rows))
    if ratios:
        print(f"\nautograd / funcad: median {factor(statistics.median(ratios))}, least {factor(min(ratios))}")
    return 0


if __name__ == "__main__":
    use_one_thread()
    sys.exit(main())
