"""Everything measured in one run, and the same in plain types for a JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.targets import TARGETS
from benchmarks.timing import Timing


@dataclass
class Run:
    """What one run measured."""

    versions: Mapping[str, str | None]
    #: the answer of `funcad.build_info()`
    build: Any
    repeats: int
    #: a workload, a column, its timing
    timings: dict[str, dict[str, Timing]] = field(default_factory=dict)
    #: a workload, a column, its peak in MiB
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    import_seconds: float | None = None

    @property
    def times(self) -> dict[str, dict[str, float]]:
        """The medians in seconds a call."""
        return {name: {c: t.median for c, t in columns.items()} for name, columns in self.timings.items()}


def as_json(run: Run) -> dict[str, Any]:
    """Return everything measured, in plain types."""
    times = run.times
    return {
        "versions": dict(run.versions),
        "build": str(run.build),
        "compiled": run.build.compiled,
        "threads": 1,
        "repeats": run.repeats,
        "import_ms": None if run.import_seconds is None else 1e3 * run.import_seconds,
        "workloads": {
            name: {column: _timing(timing) for column, timing in columns.items()}
            for name, columns in run.timings.items()
        },
        "memory_mib": run.memory,
        "targets": [
            {
                "workload": t.workload,
                "of": t.of,
                "ratio": f"{t.over} / {t.under}",
                "bound": t.bound,
                "at_most": t.at_most,
                "build": t.build,
                "measured": t.ratio(times, run.memory),
            }
            for t in TARGETS
        ],
    }


def _timing(timing: Timing) -> dict[str, Any]:
    return {
        "median_us": 1e6 * timing.median,
        "minimum_us": 1e6 * timing.minimum,
        "calls": timing.calls,
        "repetitions_us": [1e6 * s for s in timing.wall],
        "processor_over_wall": timing.threads,
    }
