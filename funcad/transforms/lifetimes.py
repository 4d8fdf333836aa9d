"""How long the tangents and cotangents of a tape's variables are needed, and how much memory they take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from funcad.core.broadcast import Fit
from funcad.transforms.variable import Node


def parents_of(record: Any) -> list[int]:
    """Return the variables that a record has computed with."""
    if type(record) is Node:
        return [edge[2] for edge in record.edges]
    listed: list[int] = []
    edge = record
    while edge is not None:
        listed.append(edge[2])
        edge = edge[4]
    return listed


def last_uses(records: Sequence[Any], outputs: Sequence[int]) -> list[int]:
    """Return for each variable the last record that the outputs need it for, -1 for none."""
    last = [-1] * len(records)
    for k in outputs:
        last[k] = len(records)
    for k in range(len(records) - 1, -1, -1):
        record = records[k]
        if record is None:
            continue
        if type(record) is Node and record.outputs > 1:
            last[k] = max(last[k : k + record.outputs])
        if last[k] >= 0:
            for parent in parents_of(record):
                last[parent] = max(last[parent], k)
    return last


def peak(records: Sequence[Any], outputs: Sequence[int], fits: Sequence[Fit]) -> int:
    """Return how many bytes one tangent, or one cotangent, needs at the worst moment on its way.

    Args:
        records: those of a tape.
        outputs: the variables of the result.
        fits: the shape and dtype of each of them.
    """
    sizes = [0] * len(records)
    for k, (shape, dtype) in zip(outputs, fits, strict=True):
        sizes[k] = _bytes(shape, dtype)
    last = last_uses(records, outputs)
    changes = [0] * (len(records) + 2)
    for k in range(len(records) - 1, -1, -1):
        record = records[k]
        if record is None or last[k] < 0:
            continue
        if type(record) is Node:
            for _, _, parent, shape, dtype in record.edges:
                sizes[parent] = _bytes(shape, dtype)
        else:
            edge = record
            while edge is not None:
                _, _, parent, to, edge = edge
                # an operand that needs no fitting is as large as what was made of it
                sizes[parent] = sizes[k] if to is None else _bytes(*to)
    for k, (size, end) in enumerate(zip(sizes, last, strict=True)):
        if end >= 0:
            # a tangent lives from its record to its last use, a cotangent the other way round
            changes[k] += size
            changes[min(end, len(records)) + 1] -= size
    top = now = 0
    for change in changes:
        now += change
        top = max(top, now)
    return top


def _bytes(shape: tuple[int, ...], dtype: Any) -> int:
    return math.prod(shape) * int(getattr(dtype, "itemsize", 8))
