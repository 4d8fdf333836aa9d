"""What one operation costs in NumPy and in torch, on arrays as large as those of the workloads.

A gradient by NumPy cannot be faster than the operations of NumPy that it consists of.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.libraries import MismatchError
from benchmarks.report import thread_line
from benchmarks.table import factor, microseconds, table
from benchmarks.timing import Timing, measure, use_the_allocator


@dataclass(frozen=True)
class Operation:
    """A function of arrays, the same in both libraries."""

    title: str
    #: of(namespace, *arrays)
    of: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]


OPERATIONS = (
    Operation("exp, 1,000,000", lambda np, x: np.exp(x), ((1_000_000,),)),
    Operation("sin, 1,000,000", lambda np, x: np.sin(x), ((1_000_000,),)),
    Operation("product, 1,000,000", lambda _, x: x * x, ((1_000_000,),)),
    Operation("quotient, 1,000,000", lambda _, x: 1.0 / x, ((1_000_000,),)),
    Operation("sin, 10,000", lambda np, x: np.sin(x), ((10_000,),)),
    Operation("cos, 10,000", lambda np, x: np.cos(x), ((10_000,),)),
    Operation("logaddexp, 20,000", lambda np, x, y: np.logaddexp(x, y), ((20_000,), (20_000,))),
    Operation("tanh, 512x512", lambda np, x: np.tanh(x), ((512, 512),)),
    Operation("matmul, 512x784 and 784x512", lambda _, x, y: x @ y, ((512, 784), (784, 512))),
    Operation("matmul, 20000x50 and 50", lambda _, x, y: x @ y, ((20_000, 50), (50,))),
    Operation("solve, 200x200 and 200", lambda np, x, y: np.linalg.solve(x, y), ((200, 200), (200,))),
)


def run(repeats: int, span: float) -> str:
    """Return the table and the line about the threads.

    Raises:
        MismatchError: the results differ.
    """
    use_the_allocator()
    timings = {operation.title: _timed(operation, repeats, span) for operation in OPERATIONS}
    head = ["microseconds", "numpy", "torch", "numpy / torch"]
    rows = []
    for title, columns in timings.items():
        a, b = columns["numpy"].median, columns["torch"].median
        rows.append([title, microseconds(a), microseconds(b), factor(a / b)])
    return f"{table(head, rows)}\n\n{thread_line(timings)}"


def _timed(operation: Operation, repeats: int, span: float) -> dict[str, Timing]:
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    random = np.random.default_rng(20)
    arrays = [random.normal(size=shape) for shape in operation.shapes]
    tensors = [torch.tensor(a) for a in arrays]
    calls = {"numpy": lambda: operation.of(np, *arrays), "torch": lambda: operation.of(torch, *tensors)}
    if not np.allclose(calls["numpy"](), calls["torch"]().numpy(), rtol=1e-9, atol=1e-9):
        raise MismatchError(f"{operation.title}: NumPy and torch differ")
    return measure(calls, repeats, span)
