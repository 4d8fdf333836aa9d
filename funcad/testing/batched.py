"""Batches against loops: `vmap` of a call must give what a Python loop over the examples gives.

The examples are several drawings of one sample call. Each of its arrays is a batch alone, and all
of them together; values, tangents and cotangents are compared, with the modes outside and inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import evolve

from funcad.errors import DerivativeError
from funcad.testing.drawing import Drawn
from funcad.testing.problem import flat_call
from funcad.testing.vectors import as_leaf, draw_cotangent, draw_direction, leaves_of, one_or_tuple
from funcad.transforms.jvp import jvp
from funcad.transforms.vjp import vjp
from funcad.transforms.vmap import vmap

#: how many examples make a batch
EXAMPLES = 3


def check_batched(drawn: Sequence[Drawn], rng: np.random.Generator) -> None:
    """Check a batch of drawings of one call, and of its derivatives, against the loop.

    Raises:
        DerivativeError: the batch differs from the loop.
    """
    call = drawn[0]
    f = flat_call(call)
    examples = [d.leaves for d in drawn]
    count = len(call.leaves)
    for mapped in sorted({(True,) * count, *[_one(k, count) for k in range(count)]}):
        rows = [tuple([e[k] if m else examples[0][k] for k, m in enumerate(mapped)]) for e in examples]
        _compare(call, "the value", f, rows, mapped)
    ts = [tuple([draw_direction(x, rng) for x in row]) for row in examples]
    gs = [tuple([draw_cotangent(y, rng) for y in leaves_of(f(*row))]) for row in examples]
    everything = (True,) * (2 * count)
    of_results = (True,) * len(gs[0])

    def tangent(*args: Any) -> Any:
        return jvp(f, args[:count], args[count:])[1]

    def cotangent(*args: Any) -> Any:
        return one_or_tuple(vjp(f, *args[:count])[1](one_or_tuple(args[count:])))

    pushed = [(*row, *t) for row, t in zip(examples, ts, strict=True)]
    pulled = [(*row, *g) for row, g in zip(examples, gs, strict=True)]
    _compare(call, "vmap of jvp", tangent, pushed, everything)
    _compare(call, "vmap of vjp", cotangent, pulled, (True,) * count + of_results)
    # as for a Jacobian: many tangents and cotangents at one point
    _compare(
        call,
        "vmap over tangents",
        tangent,
        [(*examples[0], *t) for t in ts],
        (False,) * count + (True,) * count,
    )
    _compare(
        call,
        "vmap over cotangents",
        cotangent,
        [(*examples[0], *g) for g in gs],
        (False,) * count + of_results,
    )
    axes = (0,) * count

    def of_batch(*args: Any) -> Any:
        return jvp(vmap(f, axes), args[:count], args[count:])[1]

    def back_of_batch(*args: Any) -> Any:
        return one_or_tuple(vjp(vmap(f, axes), *args[:count])[1](one_or_tuple(args[count:])))

    _same(call, "jvp of vmap", of_batch(*_stacked(pushed, everything)), _loop(tangent, pushed))
    together = _stacked(pulled, (True,) * count + of_results)
    _same(call, "vjp of vmap", back_of_batch(*together), _loop(cotangent, pulled))


def nearby(call: Drawn, rng: np.random.Generator) -> list[Drawn]:
    """Return a call and others at points close to it: the examples of a batch."""
    moved = [
        tuple([as_leaf(x + 1e-3 * draw_direction(x, rng), x) for x in call.leaves])
        for _ in range(EXAMPLES - 1)
    ]
    return [call, *[evolve(call, leaves=leaves) for leaves in moved]]


def _one(k: int, count: int) -> tuple[bool, ...]:
    return tuple([n == k for n in range(count)])


def _stacked(rows: Sequence[tuple[Any, ...]], mapped: Sequence[bool]) -> list[Any]:
    return [
        np.stack([row[k] for row in rows]) if m else rows[0][k] for k, m in enumerate(mapped)
    ]  # fmt: skip


def _loop(f: Callable[..., Any], rows: Sequence[tuple[Any, ...]]) -> Any:
    results = [leaves_of(f(*row)) for row in rows]
    return one_or_tuple([np.stack(column) for column in zip(*results, strict=True)])


def _compare(
    call: Drawn, what: str, f: Callable[..., Any], rows: Sequence[tuple[Any, ...]], mapped: tuple[bool, ...]
) -> None:
    axes = tuple([0 if m else None for m in mapped])
    _same(call, what, vmap(f, axes)(*_stacked(rows, mapped)), _loop(f, rows))


def _same(call: Drawn, what: str, batch: Any, loop: Any) -> None:
    """Demand the results of the loop, but for rounding."""
    for got, wanted in zip(leaves_of(batch), leaves_of(loop), strict=True):
        text = f"{call.text(call.primitive.name)}: {what}"
        if np.shape(got) != np.shape(wanted) or got.dtype != wanted.dtype:
            raise DerivativeError(
                f"{text} has shape {np.shape(got)} and dtype {got.dtype}, the loop over the examples "
                f"{np.shape(wanted)} and {wanted.dtype}"
            )
        eps = float(np.finfo(wanted.dtype).eps)
        slack = 1e4 * eps * (1 + np.max(np.abs(wanted), initial=0.0))
        if not np.allclose(got, wanted, rtol=1e5 * eps, atol=slack, equal_nan=True):
            raise DerivativeError(f"{text} differs from the loop over the examples:\n{got}\n{wanted}")
