"""The entry that disagrees: once a direction has failed, the inputs are moved one entry at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from attrs import evolve

from funcad.testing import messages
from funcad.testing.differences import derivative
from funcad.testing.problem import Problem
from funcad.testing.tolerance import Tolerance
from funcad.testing.vectors import leaves_of, one_or_tuple, pack, scale_of, unit, zero
from funcad.transforms.jvp import jvp

#: how many entries of each input or output are searched
SEARCHED = 64


def forward_entry(problem: Problem, plain: list[Any], tolerance: Tolerance) -> str | None:
    """Describe the first input entry whose tangent disagrees with finite differences."""
    for k, index, size, step in _steps(problem):
        column = derivative(problem.fn, problem.point, step)
        entries = pack(leaves_of(jvp(problem.fn, problem.point, step)[1]))
        at = tolerance.worst(entries, column, [*problem.point, *plain])
        if at is not None:
            return messages.entry(problem, "jvp", plain, at, k, index, entries[at], column, size)
    return None


def reverse_entry(
    problem: Problem, plain: list[Any], tolerance: Tolerance, pull: Callable[..., Any]
) -> str | None:
    """Describe the first entry of the pullback that disagrees with finite differences."""
    rows = [(place, pull(one_or_tuple(gs))) for place, gs in _unit_cotangents(plain)]
    for k, index, size, step in _steps(problem):
        estimate = derivative(problem.fn, problem.point, step)
        column = evolve(estimate, value=estimate.value.real)
        entries = np.array(column.value)
        for place, row in rows:
            entries[place] = np.real(np.asarray(row[k])[index]) * size
        at = tolerance.worst(entries, column, [*problem.point, *plain])
        if at is not None:
            return messages.entry(problem, "vjp", plain, at, k, index, entries[at], column, size)
    return None


def _steps(problem: Problem) -> Iterator[tuple[int, tuple[int, ...], float, tuple[Any, ...]]]:
    """Yield input, entry, size and direction for every entry, each moved by its own scale."""
    for k, x in enumerate(problem.point):
        scale = scale_of(x)
        for index in list(np.ndindex(np.shape(x)))[:SEARCHED]:
            step = [zero(y) for y in problem.point]
            step[k] = unit(x, index, scale[index])
            yield k, index, float(scale[index]), tuple(step)


def _unit_cotangents(plain: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Yield the place in the packed result and the cotangents that pick one entry of it."""
    start = 0
    for o, y in enumerate(plain):
        for n, index in enumerate(list(np.ndindex(np.shape(y)))[:SEARCHED]):
            gs = [zero(z) for z in plain]
            gs[o] = unit(y, index, 1.0)
            yield start + n, gs
        start += np.size(y)
