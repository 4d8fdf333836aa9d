"""Batches of gradients of samples, phases, correlations, and interpolation between nodes that all share."""

from __future__ import annotations

from typing import Any

from funcad.core.batching import Call, looped
from funcad.core.kinds import batching
from funcad.rules.batching.reductions import shifted
from funcad.rules.differences import slopes, unwrapped
from funcad.rules.interpolation import interpolated
from funcad.rules.statistics import bounded


def along_first(c: Call) -> Any:
    """Work along an axis of the first operand, the others being the same for all examples."""
    if not c.stacked[0] or any(c.stacked[1:]):
        return looped(c)
    return c.evaluate(*c.values, axis=shifted(c.param("axis"), c.rank(0)))


def at_points(c: Call) -> Any:
    """Interpolate at the points of all examples between the same nodes."""
    if not c.stacked[0] or any(c.stacked[1:]):
        return looped(c)
    return c.evaluate(*c.values)


def element_by_element(c: Call) -> Any:
    """Compute every element of every example."""
    return c.evaluate(c.values[0])


batching(element_by_element, bounded)
batching(along_first, slopes, unwrapped)
batching(at_points, interpolated)
