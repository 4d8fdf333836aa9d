"""Batches of Fourier transforms and of sliding windows: the axes of an example, shifted by that of the examples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from funcad.core.batching import Call
from funcad.core.kinds import batching
from funcad.rules.batching.reductions import shifted


def along(c: Call) -> Any:
    """Transform along one axis of an example."""
    return c.evaluate(c.values[0], axis=shifted(c.param("axis"), c.rank(0)))


def windows(c: Call) -> Any:
    """Slide over some axes of an example, all of them for None; one may come twice."""
    axis, rank = c.param("axis"), c.rank(0)
    axes = range(rank) if axis is None else axis if np.iterable(axis) else (axis,)
    return c.evaluate(c.values[0], axis=tuple([shifted(k, rank) for k in axes]))


batching(along, np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft)
batching(windows, sliding_window_view)
