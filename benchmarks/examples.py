"""One gradient of each worked system in examples/, by funcad and by autograd.

    python -m benchmarks.examples

The sources are the same: for autograd, `np` of the example and of its helpers is `autograd.numpy`. Values and
gradients are compared before anything is timed. Where autograd cannot run a source, the table says why.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import funcad as fc
from benchmarks.environment import use_one_thread
from benchmarks.libraries import leaves
from benchmarks.table import factor, microseconds, table
from benchmarks.timing import measure, use_the_allocator

FOLDER = Path(__file__).parent.parent / "examples"
#: an example, and by what factor funcad is to be faster at least: more in loops and on small arrays
AT_LEAST = {
    "neural_net": 1.0,
    "convolutional_net": 1.0,
    "recurrent_net": 3.0,
    "lstm": 3.0,
    "neural_turing_machine": 3.0,
    "fluid_simulation": 1.0,
    "bayesian_net": 1.0,
    "gaussian_process": 1.0,
    "nonlinear_least_squares": 3.0,
    "logistic_regression": 1.0,
    "kepler": 3.0,
    "custom_primitive": 1.0,
    "stiff_ode": 1.0,
}
HELPERS = ("shared", "optimizers")


def load(name: str) -> tuple[ModuleType, ModuleType]:
    """Return an example and its module of helpers, both new, and leave no trace in `sys.modules`."""
    sys.path.insert(0, str(FOLDER))
    before = {k: sys.modules.pop(k) for k in HELPERS if k in sys.modules}
    try:
        spec = importlib.util.spec_from_file_location(f"example_{name}", FOLDER / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module, sys.modules["shared"]
    finally:
        sys.path.remove(str(FOLDER))
        for k in HELPERS:
            sys.modules.pop(k, None)
        sys.modules.update(before)


def by_autograd(name: str, peer: Any) -> Callable[[], Any]:
    """Return the call of autograd, whose arguments are made by NumPy itself."""
    module, helpers = load(name)
    loss, args = module.problem()
    namespace = importlib.import_module("autograd.numpy")
    vars(module)["np"] = vars(helpers)["np"] = namespace
    value_and_grad = peer.value_and_grad(loss)
    return lambda: value_and_grad(*args)


def sorted_leaves(result: Any) -> list[Any]:
    """Return the arrays of a value and its gradient, those of a dict in the order of their names."""
    value, gradient = result
    return leaves((value, fc.tree.flatten(gradient)[0]))


def why(error: Exception) -> str:
    """Return what autograd lacks, in one line."""
    return f"{type(error).__name__}: {str(error).splitlines()[0][:60]}"


def main(names: tuple[str, ...] = tuple(AT_LEAST), repeats: int = 9, span: float = 0.030) -> int:
    use_the_allocator()
    peer: Any = importlib.import_module("autograd") if importlib.util.find_spec("autograd") else None
    rows, ratios, notes = [], [], []
    for name in names:
        loss, args = load(name)[0].problem()
        value_and_grad = fc.value_and_grad(loss)
        calls: dict[str, Callable[[], Any]] = {
            "loss": lambda f=loss, a=args: f(*a),
            "funcad": lambda g=value_and_grad, a=args: g(*a),
        }
        if peer is not None:
            theirs = by_autograd(name, peer)
            try:
                result = theirs()
            except Exception as error:
                notes.append(f"autograd cannot run {name}.py: {why(error)}")
            else:
                for a, b in zip(sorted_leaves(calls["funcad"]()), sorted_leaves(result), strict=True):
                    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8 * float(np.max(np.abs(b))))
                calls["autograd"] = theirs
        for call in calls.values():
            call()
        times = {k: t.median for k, t in measure(calls, repeats, span).items()}
        ratio = times["autograd"] / times["funcad"] if "autograd" in times else None
        if ratio is not None:
            ratios.append(ratio)
        listed = [microseconds(times[c]) if c in times else "-" for c in ("loss", "funcad", "autograd")]
        bound = f"{factor(ratio)} ({AT_LEAST[name]:g})"
        rows.append([name, *listed, factor(times["funcad"] / times["loss"]), bound])
    print(f"{fc.build_info()}; one value and gradient in microseconds, median of {repeats} in turns\n")
    head = ["example", "loss", "funcad", "autograd", "funcad / loss", "autograd / funcad (at least)"]
    print("\n".join([table(head, rows), *notes]))
    if ratios:
        print(f"\nautograd / funcad: median {factor(statistics.median(ratios))}, least {factor(min(ratios))}")
    return 0


if __name__ == "__main__":
    use_one_thread()
    sys.exit(main())
