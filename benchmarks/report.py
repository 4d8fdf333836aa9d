"""The tables, and the same figures for a JSON file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.libraries import COLUMNS
from benchmarks.race import Times
from benchmarks.workloads import WORKLOADS

Results = Mapping[str, Times]

#: what is divided by what
RATIOS = (("funcad", "by hand"), ("autograd", "funcad"), ("torch", "funcad"), ("jax", "funcad"))
IMPORT_LIMIT = 0.060


@dataclass(frozen=True)
class Target:
    """A ratio of two columns that a workload has to reach."""

    workload: str
    over: str
    under: str
    bound: float
    #: whether the ratio may be at most the bound, or must be at least the bound
    at_most: bool

    def ratio(self, results: Results) -> float | None:
        return ratio(results.get(self.workload, {}), self.over, self.under)

    def reached(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


UNCOMPILED = (
    Target("chain", "funcad", "by hand", 3.0, at_most=True),
    Target("chain", "autograd", "funcad", 4.0, at_most=False),
    Target("scalar-loop", "autograd", "funcad", 8.0, at_most=False),
    Target("logistic-large", "funcad", "by hand", 1.15, at_most=True),
    Target("mlp-large", "funcad", "by hand", 1.15, at_most=True),
)


def ratio(times: Times, over: str, under: str) -> float | None:
    """Return the ratio of two medians, None where a column is missing."""
    if over not in times or under not in times:
        return None
    return times[over].median / times[under].median


def main_table(results: Results) -> str:
    """Return a row for every workload: microseconds a call, then ratios."""
    head = ["microseconds", *COLUMNS, *(f"{a} / {b}" for a, b in RATIOS)]
    titles = {w.name: w.title for w in WORKLOADS}
    rows = [
        [
            titles[name],
            *(_microseconds(times[c].median) if c in times else "-" for c in COLUMNS),
            *(_factor(ratio(times, a, b)) for a, b in RATIOS),
        ]
        for name, times in results.items()
    ]
    return _table(head, rows)


def target_table(results: Results) -> str:
    """Return a row for every target: the bound, what was measured, and whether it was reached."""
    rows = []
    for t in UNCOMPILED:
        value = t.ratio(results)
        bound = f"{'at most' if t.at_most else 'at least'} {t.bound:g}"
        reached = "-" if value is None else "yes" if t.reached(value) else "no"
        rows.append([t.workload, f"{t.over} / {t.under}", bound, _factor(value), reached])
    return _table(["to reach (uncompiled)", "ratio", "bound", "measured", "reached"], rows)


def import_line(seconds: float) -> str:
    """Return the line about the time of `import funcad`."""
    reached = "yes" if seconds <= IMPORT_LIMIT else "no"
    return (
        f"import funcad after import numpy: {1e3 * seconds:.0f} ms "
        f"(at most {1e3 * IMPORT_LIMIT:.0f} ms; reached: {reached})"
    )


def version_line(versions: Mapping[str, str | None]) -> str:
    """Return the line about the versions."""
    return ", ".join(f"{name} {version or '-'}" for name, version in versions.items())


def thread_line(results: Results) -> str:
    """Return the line about the threads, which names the columns that used more than one."""
    busiest: dict[str, float] = {}
    for times in results.values():
        for column, timing in times.items():
            busiest[column] = max(busiest.get(column, 0.0), timing.threads)
    over = [f"{column} ({value:.2f})" for column, value in busiest.items() if value > 1.1]
    found = f"more in {', '.join(over)}" if over else "never above 1.1"
    return f"one thread for every library (processor time over wall time: {found})"


def as_json(
    results: Results, versions: Mapping[str, str | None], import_seconds: float | None, repeats: int
) -> dict[str, Any]:
    """Return everything measured, in plain types."""
    return {
        "versions": dict(versions),
        "threads": 1,
        "repeats": repeats,
        "import_ms": None if import_seconds is None else 1e3 * import_seconds,
        "workloads": {
            name: {column: _timing(timing) for column, timing in times.items()}
            for name, times in results.items()
        },
        "targets": [
            {
                "workload": t.workload,
                "ratio": f"{t.over} / {t.under}",
                "bound": t.bound,
                "at_most": t.at_most,
                "measured": t.ratio(results),
            }
            for t in UNCOMPILED
        ],
    }


def _timing(timing: Any) -> dict[str, Any]:
    return {
        "median_us": 1e6 * timing.median,
        "minimum_us": 1e6 * timing.minimum,
        "calls": timing.calls,
        "repetitions_us": [1e6 * s for s in timing.wall],
        "processor_over_wall": timing.threads,
    }


def _microseconds(seconds: float) -> str:
    return f"{1e6 * seconds:,.1f}" if seconds < 1e-4 else f"{1e6 * seconds:,.0f}"


def _factor(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return lines with the first column at the left and the others at the right."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(n) for c, n in zip(row[1:], widths[1:], strict=True))])
        for row in (head, *rows)
    ]
    lines.insert(1, "  ".join("-" * n for n in widths))
    return "\n".join(lines)
