"""Histograms: how many numbers a bin holds is constant, but the sum of their weights and the edges are not."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand, typed
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.primitive import strip
from funcad.core.tracer import anywhere, plain

#: the counts and the edges as plain numbers
counted = PrimitiveFunction(lambda a, bins, limits: np.histogram(a, bins, limits), name="np.histogram")
counted.def_constant()


def _weighted(weights: Any, a: Any, bins: Any, limits: Any) -> Any:
    return np.histogram(a, bins, limits, weights=weights)[0]


def of_bins(g: Any, a: Any, edges: Any) -> Any:
    """Return the cotangent of the bin that each number is in, zero outside; the last bin holds its end."""
    last = len(edges) - 2
    place = np.searchsorted(edges, a, "right") - 1
    place = np.where(np.equal(a, edges[-1]), last, place)
    inside = np.logical_and(place >= 0, place <= last)
    return np.where(inside, np.take(as_operand(g), np.clip(place, 0, last)), 0)


#: the sums of the weights, which are linear in them
weighted = PrimitiveFunction(_weighted, name="np.histogram")
weighted.def_linear(lambda g, a, bins, limits: of_bins(g, a, counted(a, bins, limits)[1]))


@composite(np.histogram)
def _histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    a, given = plain(as_operand(a)), as_operand(a)
    numbers, limits = strip(bins), strip(range)
    counts, edges = counted(a, numbers, limits)
    if weights is not None:
        counts = weighted(as_operand(weights), a, numbers, limits)
    if np.ndim(numbers):
        edges = as_operand(bins)
    elif range is not None or given.size:
        low, high = (np.min(given), np.max(given)) if range is None else range
        edges = between(low, high, edges)
    if density:
        return counts / typed(np.diff(edges), np.dtype(float)) / np.sum(counts), edges
    return counts, edges


def between(low: Any, high: Any, edges: Any) -> Any:
    """Return edges from a lowest to a highest number, which are moved apart where they are alike."""
    alike = np.equal(low, high)
    if anywhere(alike):
        low, high = np.where(alike, low - 0.5, low), np.where(alike, high + 0.5, high)
    return np.linspace(low, high, len(edges), dtype=edges.dtype)
