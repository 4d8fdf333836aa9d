"""The walk back where a branch that was not taken is infinite: `np.where(x > 0, np.log(x), 0)` at 0.

The cotangent of such a branch is zero because nothing was taken of it, not because a number happened
to be zero; so is that of a denominator that has overflowed, as in `1 / (1 + np.exp(800.0))`. In the
common walk zero times an infinite partial derivative is nan. Where that happened, the records are walked
once more, or from the denominator on, and every cotangent knows which of its elements lead to the result
at all; the others stay zero, whatever they are multiplied by.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.broadcast import fit, shape_of
from funcad.core.elements import SCATTER
from funcad.core.rows import READ
from funcad.core.tracer import Tracer, anywhere, plain
from funcad.transforms.variable import Node, RecordFailure

Active = Any
"""truth values of the shape of a cotangent: which elements lead to the result; None for all of them"""


def has_nan(x: Any) -> bool:
    """Tell whether a derivative, or a derivative that it carries itself, has an element that is nan."""
    if x is None:
        return False
    if isinstance(x, Tracer):
        return has_nan(x.value) or has_nan(getattr(x, "tangent", None))
    return bool(np.any(np.isnan(x)))


def walk_branches(records: list[Any], cotangents: list[Any]) -> None:
    """Walk back over the records, and keep the cotangents of what was not taken at zero.

    Raises:
        RecordFailure: a rule raised; it knows the record and the cause.
    """
    _walk(records, len(records), cotangents, {})


def walk_on(records: list[Any], cotangents: list[Any], k: int, edge: Any, g: Any) -> None:
    """Go on with a walk at an edge of record k, where the common walk has met a result that has ended.

    Raises:
        RecordFailure: a rule raised; it knows the record and the cause.
    """
    active: dict[int, Active] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        try:
            _back_edges(edge, g, None, cotangents, active)
        except Exception as e:
            raise RecordFailure(k, e) from e
        _walk(records, k, cotangents, active)


def _walk(records: list[Any], count: int, cotangents: list[Any], active: dict[int, Active]) -> None:
    k = count
    try:
        for k in range(count - 1, -1, -1):
            record = records[k]
            if type(record) is Node:
                _back_node(record, k, cotangents, active)
            elif record is not None and cotangents[k] is not None:
                g, cotangents[k] = cotangents[k], None
                _back_edges(record, g, active.get(k), cotangents, active)
    except Exception as e:
        raise RecordFailure(k, e) from e


def _back_edges(edge: Any, g: Any, mark: Active, cotangents: list[Any], active: dict[int, Active]) -> None:
    while edge is not None:
        row, saved, parent, to, edge = edge
        if row.how == READ:
            d = fit(SCATTER.apply((g, saved, to[0]), {}), *to)
            a = _scattered(mark, saved, to[0])
        else:
            d, a = _times(row, saved, g, mark)
            if to is not None:
                d, a = fit(d, *to), _reduced(a, shape_of(d), to[0])
        _add(cotangents, active, parent, d, a)


def _times(row: Any, saved: Any, g: Any, a: Active) -> tuple[Any, Active]:
    """Return a partial derivative times a cotangent, zero where the cotangent leads nowhere."""
    ended = None if row.ends is None else row.ended(saved)
    if ended is not None:
        # an operand that has overflowed: the result stays what it is, however the operand moves
        a = _both(np.logical_not(ended), a, np.broadcast_shapes(shape_of(ended), shape_of(g)))
    if a is None:
        return row.times(saved, g), None
    if not anywhere(a):
        return 0 * g, a  # Python numbers raise where arrays give an infinity
    d = row.times(saved, g)
    a = np.broadcast_to(a, shape_of(d))
    whole = shape_of(d) == () and not isinstance(a, Tracer)  # one number, which is active
    return (d if whole else np.where(a, d, 0)), a


def _back_node(node: Node, k: int, cotangents: list[Any], active: dict[int, Active]) -> None:
    p = node.primitive
    several = node.outputs >= 0
    places = range(k, k + node.outputs) if several else [k]
    gs = [cotangents[i] for i in places]
    if all([g is None for g in gs]):
        return
    for i in places:
        cotangents[i] = None
    marks = [active.get(i) for i in places]
    g: Any = tuple(gs) if several else gs[0]
    for pull, saved, parent, shape, dtype in node.edges:
        d = pull(g, *saved)
        if d is None:
            continue
        if p.chooses:
            first = p.pulls[0]
            taken = plain(saved[0])
            if first is None or pull is not first.fn:
                taken = np.logical_not(taken)
            a = _reduced(_both(taken, marks[0], shape_of(gs[0])), shape_of(gs[0]), shape)
        elif all([m is None for m in marks]):
            a = None
        else:
            a = _pulled(pull, saved, gs, marks, several, shape)
        _add(cotangents, active, parent, fit(d, shape, dtype), a)
    if p.finished is not None:
        p.finished()


def _pulled(
    pull: Any, saved: Any, gs: list[Any], marks: list[Active], several: bool, shape: tuple[int, ...]
) -> Active:
    """Pull the marks themselves back: an operand's element leads on if it takes part in one that does."""
    numbers = [
        None if g is None else _unlike(shape_of(g)) if m is None else np.where(m, _unlike(shape_of(g)), 0.0)
        for g, m in zip(gs, marks, strict=True)
    ]
    found = np.abs(plain(pull(tuple(numbers) if several else numbers[0], *saved)))  # i times a mark is one
    return np.not_equal(np.broadcast_to(fit(found, shape, np.dtype(float)), shape), 0)


def _unlike(shape: tuple[int, ...]) -> Any:
    """Return numbers no two sums of which are equal, so that no difference of two marks is taken for none."""
    return 1.5 + np.sin(np.arange(math.prod(shape)) + 1.0).reshape(shape)


def _both(taken: Any, a: Active, shape: tuple[int, ...]) -> Active:
    taken = np.broadcast_to(taken, shape)
    return taken if a is None else np.logical_and(taken, a)


def _reduced(a: Active, have: tuple[int, ...], shape: tuple[int, ...]) -> Active:
    """Return the marks of an operand that was broadcast: those of any of its copies."""
    if a is None or have == shape:
        return a
    return np.not_equal(fit(np.where(np.broadcast_to(a, have), 1.0, 0.0), shape, np.dtype(float)), 0)


def _scattered(a: Active, index: Any, shape: tuple[int, ...]) -> Active:
    """Return the marks of an array of which elements were read: what was not read leads nowhere."""
    if a is None:
        marks = np.zeros(shape, bool)
        marks[index] = True
        return marks
    return np.not_equal(SCATTER.apply((np.where(a, 1.0, 0.0), index, shape), {}), 0)


def _add(cotangents: list[Any], active: dict[int, Active], i: int, d: Any, a: Active) -> None:
    if cotangents[i] is None:
        cotangents[i] = d
        active[i] = a
        return
    cotangents[i] = cotangents[i] + d
    known = active.get(i)
    active[i] = None if known is None or a is None else np.logical_or(known, a)
