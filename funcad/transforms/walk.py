"""The walk back over the records of a tape: the reverse pass."""

from __future__ import annotations

from typing import Any

from funcad.core.broadcast import fit
from funcad.core.rows import ONE, PASS, SAME
from funcad.errors import RuleError
from funcad.transforms.tape import Node


class RecordFailure(Exception):
    """A rule raised during the walk, at the record of a position."""

    def __init__(self, position: int, cause: Exception) -> None:
        self.position = position
        self.cause = cause


def walk(records: list[Any], cotangents: list[Any], keep: bool = True) -> None:
    """Walk back over the records once, from the last variable that has a cotangent to the inputs.

    Without `keep` each record is dropped behind the walk, and the arrays that it saved with it.

    Raises:
        RecordFailure: a rule raised; it knows the record and the cause.
    """
    k = len(records)
    try:
        for k in range(len(records) - 1, -1, -1):
            record = records[k]
            if record is None:
                continue
            if not keep:
                records[k] = None
            if type(record) is tuple:
                g = cotangents[k]
                if g is None:
                    continue
                cotangents[k] = None
                edge = record
                while edge is not None:
                    row, saved, i, to, edge = edge
                    how = row.how
                    if how == ONE:
                        d = row.fn(saved) * g
                    elif how == SAME:
                        d = saved * g
                    elif how == PASS:
                        d = g
                    else:
                        d = row.fn(*saved) * g
                    if to is not None:
                        d = fit(d, to[0], to[1])
                    c = cotangents[i]
                    cotangents[i] = d if c is None else c + d
            else:
                _walk_node(record, k, cotangents)
    except Exception as e:
        raise RecordFailure(k, e) from e


def _walk_node(node: Node, k: int, cotangents: list[Any]) -> None:
    if node.outputs < 0:
        g = cotangents[k]
        if g is None:
            return
        cotangents[k] = None
    else:
        g = tuple(cotangents[k : k + node.outputs])
        cotangents[k : k + node.outputs] = [None] * node.outputs
        if all(c is None for c in g):
            return
    for pull, saved, i, shape, dtype in node.edges:
        d = pull(g, *saved)
        if d is None:
            if node.outputs < 0 and node.primitive.finished is None:
                raise RuleError(
                    f"a vjp rule of {node.primitive.name} returned None; return zeros where they are"
                )
            continue
        if getattr(d, "shape", ()) != shape or getattr(d, "dtype", None) is not dtype:
            d = fit(d, shape, dtype)
        c = cotangents[i]
        cotangents[i] = d if c is None else c + d
    if node.primitive.finished is not None:
        node.primitive.finished()
