"""The n-th derivative of sin(x) exp(x) by Taylor series, by nested grad and by nested jvp.

`python -m benchmarks.taylor` prints the time of each for n = 12, the errors against the closed form
2^(n/2) exp(x) sin(x + n pi / 4), and how the time of `derivative(f, n)` grows with n.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import funcad as fc

X = 0.7
ORDER = 12
ORDERS = (1, 2, 4, 8, 12, 16, 24, 32, 48)
Function = Callable[[Any], Any]


def f(x: Any) -> Any:
    return np.sin(x) * np.exp(x)


def exact(n: int, x: float) -> float:
    return 2 ** (n / 2) * math.exp(x) * math.sin(x + n * math.pi / 4)


def nested_grad(n: int) -> Function:
    g: Function = f
    for _ in range(n):
        g = fc.grad(g)
    return g


def _jvp(g: Function) -> Function:
    return lambda x: fc.jvp(g, (x,), (1.0,))[1]


def nested_jvp(n: int) -> Function:
    g: Function = f
    for _ in range(n):
        g = _jvp(g)
    return g


def seconds(g: Function, least: float = 0.2) -> float:
    """Return the shortest time of a call, over calls that take a while together."""
    best, total = math.inf, 0.0
    while best == math.inf or total < least:
        start = time.perf_counter()
        g(X)
        took = time.perf_counter() - start
        best, total = min(best, took), total + took
    return best


def error(value: Any, n: int) -> float:
    return abs(float(value) / exact(n, X) - 1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.taylor", description=__doc__)
    parser.add_argument(
        "--order", type=int, default=ORDER, help="of the comparison; nesting doubles with each"
    )
    n = parser.parse_args().order
    print(fc.build_info())
    print(f"\nderivative {n} of sin(x) exp(x) at x = {X}")
    taylor = seconds(fc.derivative(f, n))
    columns = {
        "derivative": fc.derivative(f, n),
        "nested jvp": nested_jvp(n),
        "nested grad": nested_grad(n),
    }
    for name, g in columns.items():
        took = taylor if name == "derivative" else seconds(g, 0.0)
        print(f"{name:12} {took * 1e6:14.1f} us {took / taylor:12.1f}x   error {error(g(X), n):.1e}")
    print("\n  n   derivative(f, n)   error")
    for k in ORDERS:
        d = fc.derivative(f, k)
        print(f"{k:3} {seconds(d, 0.05) * 1e6:13.1f} us     {error(d(X), k):.1e}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
