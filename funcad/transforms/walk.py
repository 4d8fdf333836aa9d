"""The walk back over the records of a tape: the reverse pass."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.batching import rule_for_each
from funcad.core.broadcast import Fit, fit, fit_product, own_dtype, shape_of
from funcad.core.elements import SCATTER, join
from funcad.core.indexing import add_at, scattered
from funcad.core.rows import NEGATE, ONE, PASS, READ, SAME, Row
from funcad.core.tracer import Tracer
from funcad.errors import BatchError, RuleError, because
from funcad.transforms.branches import walk_on
from funcad.transforms.variable import Node, RecordFailure

Edge = tuple[Row, Any, int, Any, Any]
"""(row, saved, parent, fit, next edge): what a record knows of one argument"""

_ndarray: Final = np.ndarray
_float64: Final = np.float64
_double: Final = np.dtype(np.float64)
_PLAIN: Final = (np.generic, np.ndarray)


def walk(records: list[Any], cotangents: list[Any], keep: bool = True) -> None:
    """Walk back over the records once, from the last variable that has a cotangent to the inputs.

    Without `keep` each record is dropped behind the walk, and the arrays that it saved with it.

    Raises:
        RecordFailure: a rule raised; it knows the record and the cause.
    """
    # the variables whose cotangent is a sum made here: nobody else holds it, so that it may grow in place
    owned: set[int] = set()
    # by variable the traced cotangents of its elements, which are put together at once
    waiting: dict[int, list[Any]] = {}
    k = len(records)
    try:
        for k in range(len(records) - 1, -1, -1):
            record = records[k]
            if waiting and k in waiting:
                _join(waiting, k, cotangents, owned)
            if record is None:
                continue
            if not keep:
                records[k] = None
            if type(record) is tuple:
                g = cotangents[k]
                if g is None:
                    continue
                cotangents[k] = None
                rest: Any = record
                while rest is not None:
                    edge: Edge = rest
                    row, saved, i, to, rest = edge
                    how = row.how
                    if how == ONE:
                        d = row.fn(saved) * g
                    elif how == SAME:
                        if to is not None:
                            d = fit_product(saved, g, to[0], to[1])
                            to = None
                        else:
                            d = saved * g
                    elif how == PASS:
                        d = g
                    elif how == NEGATE:
                        # summed first, where it has to be
                        if to is not None:
                            d = -fit(g, to[0], to[1])
                            to = None
                        else:
                            d = -g
                    elif how == READ:
                        _put(g, saved, to, i, cotangents, owned, waiting)
                        continue
                    elif row.ends is None:
                        d = row.times(saved, g)
                    elif row.ended(saved) is None:
                        d = row.fn(*saved) * g
                    else:
                        for j in list(waiting):
                            _join(waiting, j, cotangents, owned)
                        walk_on(records, cotangents, k, edge, g)
                        return
                    if to is not None:
                        d = fit(d, to[0], to[1])
                    c = cotangents[i]
                    cotangents[i] = d if c is None else _sum(c, d, i, owned)
            else:
                _walk_node(record, k, cotangents, owned)
    except Exception as e:
        raise because(RecordFailure(k, e), e)


def _walk_node(node: Node, k: int, cotangents: list[Any], owned: set[int]) -> None:
    p = node.primitive
    if node.outputs < 0:
        g = cotangents[k]
        if g is None:
            return
        cotangents[k] = None
    else:
        g = tuple(cotangents[k : k + node.outputs])
        cotangents[k : k + node.outputs] = [None] * node.outputs
        if all([c is None for c in g]):
            return
    for pull, saved, i, shape, dtype in node.edges:
        try:
            d = pull(g, *saved)
        except BatchError as e:
            d = rule_for_each(e, pull, (g, *saved))
        if d is None:
            if node.outputs < 0 and p.finished is None:
                raise RuleError(f"a vjp rule of {p.name} returned None; return zeros where they are")
            continue
        if type(d) is _ndarray:
            if d.shape != shape or d.dtype is not dtype:
                d = fit(d, shape, dtype)
        elif shape_of(d) != shape or own_dtype(d) is not dtype:
            d = fit(d, shape, dtype)
        c = cotangents[i]
        cotangents[i] = d if c is None else _sum(c, d, i, owned)
    if p.finished is not None:
        p.finished()


def _sum(c: Any, d: Any, i: int, owned: set[int]) -> Any:
    """Return the sum of two cotangents of a variable, in place where the first is a sum made here."""
    if type(c) is not _ndarray or type(d) is not _ndarray or c.dtype is not d.dtype:
        return c + d
    if i in owned:
        c += d
        return c
    owned.add(i)
    return c + d


def _join(waiting: dict[int, list[Any]], i: int, cotangents: list[Any], owned: set[int]) -> None:
    """Add the traced cotangents of single elements to that of the array that they were read from."""
    pairs = waiting.pop(i)
    shape, dtype = pairs[0]
    places, numbers = np.array(pairs[1]), join(*pairs[2])
    d = fit(SCATTER.apply((numbers, places, shape), {}), shape, dtype)
    c = cotangents[i]
    cotangents[i] = d if c is None else _sum(c, d, i, owned)


def _put(
    g: Any,
    index: Any,
    to: Fit,
    i: int,
    cotangents: list[Any],
    owned: set[int],
    waiting: dict[int, list[Any]],
) -> None:
    """Add the cotangent of elements that were read to that of the array they were read from.

    A loop over the elements of a vector adds to one array, and does not make one for each.
    """
    shape, dtype = to
    if type(index) is int and len(shape) == 1 and isinstance(g, Tracer):
        pairs = waiting.get(i)
        if pairs is None:
            pairs = waiting[i] = [to, [], []]
        pairs[1].append(index)
        pairs[2].append(g)
        return
    c = cotangents[i]
    kind = type(g)
    same = kind is float or (
        (kind is _float64 and dtype is _double) or (isinstance(g, _PLAIN) and g.dtype is dtype)
    )
    if not same or not (c is None or type(c) is _ndarray):
        d = fit(SCATTER.apply((g, index, shape), {}), shape, dtype)
        cotangents[i] = d if c is None else _sum(c, d, i, owned)
        return
    if c is None:
        cotangents[i] = scattered(g, index, shape, dtype)
        owned.add(i)
        return
    if i not in owned:
        owned.add(i)
        c = cotangents[i] = c.copy()
    add_at(c, g, index)
