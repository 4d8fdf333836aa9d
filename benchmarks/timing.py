"""Measuring several calls side by side."""

from __future__ import annotations

import gc
import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: seconds; a call that takes longer has FEW repetitions
LONG, FEW = 0.5, 3


@dataclass
class Timing:
    """What the repetitions of one call took, in seconds a call."""

    #: calls in a repetition
    calls: int
    wall: list[float] = field(default_factory=list)
    #: processor time of the whole process, its other threads included
    processor: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def minimum(self) -> float:
        return min(self.wall)

    @property
    def threads(self) -> float:
        """Processor time over wall time: above 1 when more than one thread worked."""
        return sum(self.processor) / sum(self.wall)


def measure(calls: Mapping[str, Callable[[], Any]], repeats: int, span: float) -> dict[str, Timing]:
    """Time calls in turns, so that a drift of the machine meets all of them alike.

    Args:
        calls: what is timed; each has run at least once before.
        repeats: the number of rounds. In each round every call has one repetition, and a
            different one begins. A call longer than `LONG` sits out after `FEW` rounds.
        span: the seconds that a repetition should take.
    """
    timings = {name: Timing(_calls_in(call, span)) for name, call in calls.items()}
    names = list(calls)
    for k in range(repeats):
        shift = k % len(names)
        for name in names[shift:] + names[:shift]:
            timing = timings[name]
            if k >= FEW and timing.minimum > LONG:
                continue
            wall, processor = _repetition(calls[name], timing.calls)
            timing.wall.append(wall / timing.calls)
            timing.processor.append(processor / timing.calls)
    return timings


def use_the_allocator(megabytes: int = 16) -> None:
    """Make and free one array, as any program has done that read and prepared data.

    Until a process has freed something large, glibc gives freed memory back to the system at every
    call, and page faults are then what an array of a few hundred kilobytes costs.
    """
    np.ones((megabytes, 131072))


def _calls_in(call: Callable[[], Any], span: float) -> int:
    """Return how many calls take about `span` seconds."""
    n = 1
    while True:
        # the first call after others may be a cold one
        wall = min(_repetition(call, n)[0], _repetition(call, n)[0])
        if wall >= span / 5:
            return max(1, round(n * span / wall))
        n *= 4


def _repetition(call: Callable[[], Any], n: int) -> tuple[float, float]:
    """Return wall and processor seconds of n calls, with the garbage collector at rest."""
    gc.collect()
    gc.disable()
    try:
        processor = time.process_time()
        start = time.perf_counter()
        for _ in itertools.repeat(None, n):
            call()
        wall = time.perf_counter() - start
        return wall, time.process_time() - processor
    finally:
        gc.enable()
