"""Many Hessian-vector products at one point, and gradients of many examples, against one at a time.

    python -m benchmarks.products

Ten products with the Hessian at one point: each by `funcad.hvp`, all in one batch, and one after the
other through the linearisation that `funcad.hvp(f, (x,))` keeps; the times include making it. Then the
gradients of 256 examples by `vmap` and by a Python loop. Results are compared before anything is timed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import funcad as fc
from benchmarks import losses, problems
from benchmarks.environment import use_one_thread
from benchmarks.table import factor, microseconds, table
from benchmarks.timing import measure, use_the_allocator

COUNT = 10
#: times of one product
AT_MOST = {"ten in a batch": 4.0, "ten by linearize": 7.0}
#: by what factor the loop over the examples is slower
EXAMPLES = 10.0

Function = Callable[[Any], Any]


def functions() -> dict[str, tuple[Function, Any]]:
    """Return functions of one number, and the points at which they are differentiated."""
    random = np.random.default_rng(20)
    logistic = problems.logistic(random, 2000, 50)
    net = problems.regression(random, 64, 20, 50, 50, 1)
    vector, back = fc.tree.ravel(net.x)
    return {
        "Rosenbrock 100": (lambda x: losses.rosenbrock(np, x), problems.rosenbrock(random, 100).x),
        "logistic regression 2000x50": (lambda w: losses.logistic(np, w, *logistic.data), logistic.x),
        "MLP 20-50-50-1, batch 64": (lambda v: losses.regression(np, back(v), *net.data), vector),
    }


def products(f: Function, x: Any) -> dict[str, Callable[[], Any]]:
    """Return the ways to ten products, and to one."""
    vectors = np.random.default_rng(3).normal(size=(COUNT, *x.shape))

    def one_after_the_other() -> Any:
        product = fc.hvp(f, (x,))
        return np.stack([product(v) for v in vectors])

    return {
        "one": lambda: fc.hvp(f, (x,), (vectors[0],)),
        "ten by hvp": lambda: np.stack([fc.hvp(f, (x,), (v,)) for v in vectors]),
        "ten in a batch": lambda: fc.vmap(lambda v: fc.hvp(f, (x,), (v,)))(vectors),
        "ten by linearize": one_after_the_other,
    }


def gradients() -> dict[str, Callable[[], Any]]:
    """Return the ways to the gradients of 256 examples."""
    p = problems.regression(np.random.default_rng(20), 256, 10, 20, 20, 1)

    def f(parameters: Any, x: Any, y: Any) -> Any:
        return losses.regression(np, parameters, x, y)

    one = fc.grad(f)

    def loop() -> Any:
        rows = [one(p.x, x, y) for x, y in zip(*p.data, strict=True)]
        return [np.stack(leaves) for leaves in zip(*rows, strict=True)]

    each = fc.vmap(one, in_axes=(None, 0, 0))
    return {"vmap": lambda: each(p.x, *p.data), "loop": loop}


def agree(calls: dict[str, Callable[[], Any]]) -> None:
    """Compare all results but that of the single product."""
    results = [call() for name, call in calls.items() if name != "one"]
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_allclose(b, a, rtol=1e-9, atol=1e-9 * float(np.max(np.abs(a))))


def main(repeats: int = 11, span: float = 0.030) -> int:
    use_the_allocator()
    print(f"{fc.build_info()}; median of {repeats} repetitions in turns\n")
    rows = []
    for name, (f, x) in functions().items():
        calls = products(f, x)
        agree(calls)
        times = {k: t.median for k, t in measure(calls, repeats, span).items()}
        ratios = [f"{factor(times[k] / times['one'])} ({bound:g})" for k, bound in AT_MOST.items()]
        rows.append([name, *[microseconds(t) for t in times.values()], *ratios])
    head = ["Hessian-vector products, us", "one", "ten by hvp", *AT_MOST]
    print(table([*head, "batch / one (at most)", "linearize / one (at most)"], rows))
    calls = gradients()
    agree(calls)
    times = {k: t.median for k, t in measure(calls, repeats, span).items()}
    ratio = f"{factor(times['loop'] / times['vmap'])} ({EXAMPLES:g})"
    print()
    print(
        table(
            ["gradients of 256 examples, us", "vmap", "loop", "loop / vmap (at least)"],
            [["MLP 10-20-20-1", microseconds(times["vmap"]), microseconds(times["loop"]), ratio]],
        )
    )
    return 0


if __name__ == "__main__":
    use_one_thread()
    sys.exit(main())
