"""The tables and lines that a run prints."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.figures import Run
from benchmarks.libraries import COLUMNS
from benchmarks.table import factor, microseconds, table
from benchmarks.targets import IMPORT_LIMIT, TARGETS, ratio
from benchmarks.timing import Timing
from benchmarks.workloads import WORKLOADS

#: what is divided by what
RATIOS = (("funcad", "by hand"), ("autograd", "funcad"), ("torch", "funcad"), ("jax", "funcad"))
MEMORY_RATIOS = (("funcad", "by hand"), ("funcad", "autograd"), ("funcad", "torch"))

#: the same loop in two lengths, the shorter one first
GROWTH = (("loop-500", 500), ("loop-2000", 2000))

TITLES = {w.name: w.title for w in WORKLOADS}


def main_table(run: Run) -> str:
    """Return a row for every workload: microseconds a call, then ratios."""
    head = ["microseconds", *COLUMNS, *(f"{a} / {b}" for a, b in RATIOS)]
    rows = [
        [
            TITLES[name],
            *(microseconds(times[c]) if c in times else "-" for c in COLUMNS),
            *(factor(ratio(times, a, b)) for a, b in RATIOS),
        ]
        for name, times in run.times.items()
    ]
    return table(head, rows)


def memory_table(run: Run) -> str:
    """Return a row for every workload whose memory was measured: MiB at the peak, then ratios."""
    head = ["MiB at the peak", *COLUMNS, *(f"{a} / {b}" for a, b in MEMORY_RATIOS)]
    rows = [
        [
            TITLES[name],
            *(f"{peaks[c]:.1f}" if c in peaks else "-" for c in COLUMNS),
            *(factor(ratio(peaks, a, b)) for a, b in MEMORY_RATIOS),
        ]
        for name, peaks in run.memory.items()
    ]
    return table(head, rows)


def target_table(run: Run) -> str | None:
    """Return a row for every target of the run, None without any; one for another build has no answer."""
    times = run.times
    rows = []
    for t in (t for t in TARGETS if t.workload in times):
        value = t.ratio(times, run.memory)
        bound = f"{'at most' if t.at_most else 'at least'} {t.bound:g}"
        answer = "-" if value is None else "yes" if t.reached(value) else "no"
        reached = answer if t.applies(run.build.compiled) else "-"
        names = [f"{t.workload}, {t.of}", f"{t.over} / {t.under}"]
        rows.append([*names, bound, t.build, factor(value), reached])
    return table(["to reach", "ratio", "bound", "build", "measured", "reached"], rows) if rows else None


def growth_line(run: Run) -> str | None:
    """Return the line about the loop in two lengths, None where they were not both measured."""
    (shorter, n), (longer, m) = GROWTH
    if shorter not in run.timings or longer not in run.timings:
        return None
    # the two were not timed in turns: the minima depend less on what else ran
    short, long = run.timings[shorter], run.timings[longer]
    costs = ", ".join(f"{c} {long[c].minimum / short[c].minimum:.1f}x" for c in long)
    return f"loop over x[i], cost of n={m} over n={n} ({m / n:g}x is linear; minima): {costs}"


def import_line(seconds: float) -> str:
    """Return the line about the time of `import funcad`."""
    reached = "yes" if seconds <= IMPORT_LIMIT else "no"
    return (
        f"import funcad after import numpy: {1e3 * seconds:.0f} ms "
        f"(at most {1e3 * IMPORT_LIMIT:.0f} ms; reached: {reached})"
    )


def version_line(run: Run) -> str:
    """Return the line about the versions and the build."""
    found = ", ".join(f"{name} {version or '-'}" for name, version in run.versions.items())
    return f"{found}; funcad: {run.build}"


def thread_line(timings: Mapping[str, Mapping[str, Timing]]) -> str:
    """Return the line about the threads, which names the columns that used more than one."""
    busiest: dict[str, float] = {}
    for columns in timings.values():
        for column, timing in columns.items():
            busiest[column] = max(busiest.get(column, 0.0), timing.threads)
    over = [f"{column} ({value:.2f})" for column, value in busiest.items() if value > 1.1]
    found = f"more in {', '.join(over)}" if over else "never above 1.1"
    return f"one thread for every library (processor time over wall time: {found})"
