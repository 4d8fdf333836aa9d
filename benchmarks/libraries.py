"""The columns: how each library takes the derivative that a workload asks for.

A column prepares a workload once (arrays of its own kind, compiled functions) and gives the call that
is timed. The peers are optional and are imported by name when their column is prepared, so they have
the type `Any` here and mypy needs neither them nor their stubs.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

import funcad
from benchmarks.problems import Problem
from benchmarks.workloads import Workload

Call = Callable[[], Any]


def _funcad(w: Workload, p: Problem) -> Call:
    def f(x: Any, *data: Any) -> Any:
        return w.loss(np, x, *data)

    x, data = p.x, p.data
    if w.asked == "hvp":
        return lambda: funcad.hvp(f, (x,), (p.vector,))
    if w.asked == "gradient of each":
        each = funcad.vmap(funcad.grad(f), in_axes=(None, *[0] * len(data)))
        return lambda: each(x, *data)
    transforms: dict[str, Any] = {
        "gradient": funcad.grad,
        "value and gradient": funcad.value_and_grad,
        "hessian": funcad.hessian,
        "jacobian": funcad.jacobian,
    }
    derivative = transforms[w.asked](f)
    return lambda: derivative(x, *data)


def _by_hand(w: Workload, p: Problem) -> Call:
    f, x, data = w.by_hand, p.x, p.data
    if w.asked == "hvp":
        data = (p.vector,)
    return lambda: f(x, *data)


def _autograd(w: Workload, p: Problem) -> Call:
    autograd: Any = importlib.import_module("autograd")
    namespace: Any = importlib.import_module("autograd.numpy")

    def f(x: Any, *data: Any) -> Any:
        return w.loss(namespace, x, *data)

    x, data = p.x, p.data
    if w.asked == "hvp":
        product = autograd.hessian_vector_product(f)
        return lambda: product(x, p.vector)
    if w.asked == "gradient of each":
        one = autograd.grad(f)

        def each() -> list[Any]:
            rows = [one(x, *row) for row in zip(*data, strict=True)]
            return [np.stack(leaves) for leaves in zip(*rows, strict=True)]

        return each
    transforms = {
        "gradient": autograd.grad,
        "value and gradient": autograd.value_and_grad,
        "hessian": autograd.hessian,
        "jacobian": autograd.jacobian,
    }
    derivative = transforms[w.asked](f)
    return lambda: derivative(x, *data)


def _torch(w: Workload, p: Problem) -> Call:
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    loss = w.torch_loss or w.loss
    gradient = torch.autograd.grad

    def f(x: Any, *data: Any) -> Any:
        return loss(torch, x, *data)

    def tensor(x: Any) -> Any:
        return torch.tensor(x, dtype=torch.float64)

    data = tuple(tensor(d) if isinstance(d, np.ndarray) else d for d in p.data)
    several = isinstance(p.x, list)
    functional = {
        "hessian": lambda: torch.func.hessian(f),
        "jacobian": lambda: torch.func.jacrev(f),
        "gradient of each": lambda: torch.func.vmap(torch.func.grad(f), in_dims=(None, *[0] * len(data))),
    }
    if w.asked in functional:
        x = [tensor(leaf) for leaf in p.x] if several else tensor(p.x)
        derived = functional[w.asked]()
        return lambda: derived(x, *data)
    x = [tensor(leaf).requires_grad_() for leaf in p.x] if several else tensor(p.x).requires_grad_()
    if w.asked == "hvp":
        vector = tensor(p.vector)

        def product() -> Any:
            (g,) = gradient(f(x), x, create_graph=True)
            return gradient(g, x, vector)[0]

        return product
    if w.asked == "gradient":
        return lambda: gradient(f(x, *data), x)[0]

    def value_and_gradient() -> Any:
        value = f(x, *data)
        g = gradient(value, x)
        return value, g if several else g[0]

    return value_and_gradient


def _jax(w: Workload, p: Problem) -> Call:
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    namespace: Any = importlib.import_module("jax.numpy")
    loss = w.jax_loss or w.loss

    def f(x: Any, *data: Any) -> Any:
        return loss(namespace, x, *data)

    def product(x: Any, v: Any) -> Any:
        return jax.jvp(jax.grad(f), (x,), (v,))[1]

    if w.asked == "hvp":
        derivative, arguments = product, (p.x, p.vector)
    else:
        transforms = {
            "gradient": jax.grad,
            "value and gradient": jax.value_and_grad,
            "hessian": jax.hessian,
            "jacobian": jax.jacrev,
            "gradient of each": lambda f: jax.vmap(jax.grad(f), in_axes=(None, *[0] * len(p.data))),
        }
        derivative, arguments = transforms[w.asked](f), (p.x, *p.data)
    arguments = jax.tree.map(namespace.asarray, arguments)
    compiled = jax.jit(derivative).lower(*arguments).compile()
    ready = jax.block_until_ready
    return lambda: ready(compiled(*arguments))


#: in the order of the table
COLUMNS: dict[str, Callable[[Workload, Problem], Call]] = {
    "funcad": _funcad,
    "by hand": _by_hand,
    "autograd": _autograd,
    "torch": _torch,
    "jax": _jax,
}


def installed() -> list[str]:
    """Return the columns whose library is installed."""
    return [c for c in COLUMNS if c == "by hand" or importlib.util.find_spec(c) is not None]


class MismatchError(AssertionError):
    """Two libraries disagree: nothing may be timed."""


def leaves(result: Any) -> list[Any]:
    """Return the numbers of a result of any library as NumPy arrays, in order."""
    if isinstance(result, (tuple, list)):
        return [leaf for part in result for leaf in leaves(part)]
    if hasattr(result, "detach"):
        result = result.detach().numpy()
    return [np.asarray(result)]


def compare(w: Workload, column: str, result: Any, expected: Any, tolerance: float = 1e-9) -> None:
    """Compare a result with the one by hand, relative to the largest entry of each array.

    Raises:
        MismatchError: a shape, the precision or a number differs.
    """
    got, want = leaves(result), leaves(expected)
    if [(a.shape, a.dtype) for a in got] != [(b.shape, b.dtype) for b in want]:
        raise MismatchError(
            f"{w.name}: {column} gives {[(a.shape, str(a.dtype)) for a in got]}, "
            f"by hand {[(b.shape, str(b.dtype)) for b in want]}"
        )
    for k, (a, b) in enumerate(zip(got, want, strict=True)):
        scale = float(np.max(np.abs(b)))
        if not np.allclose(a, b, rtol=tolerance, atol=tolerance * scale):
            worst = float(np.max(np.abs(a - b))) / scale
            raise MismatchError(
                f"{w.name}: array {k} of {column} differs from the one by hand by {worst:.1e}, "
                f"relative to its largest entry (allowed {tolerance:.0e})"
            )
