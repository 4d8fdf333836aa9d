"""One run: prepare every column, compare the results, then time them in turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks import memory as peaks
from benchmarks.libraries import COLUMNS, Call, compare, installed
from benchmarks.timing import Timing, measure, use_the_allocator
from benchmarks.workloads import WORKLOADS, Workload

Times = dict[str, Timing]


def chosen(names: Sequence[str]) -> list[Workload]:
    """Return the workloads of some names, all of them for none.

    Raises:
        ValueError: there is no workload of a name.
    """
    known = {w.name: w for w in WORKLOADS}
    for name in names:
        if name not in known:
            raise ValueError(f"there is no workload {name!r}; there are {', '.join(known)}")
    return [known[n] for n in names] or list(WORKLOADS)


def agreed(w: Workload, columns: Sequence[str] | None = None, small: bool = False) -> dict[str, Call]:
    """Return the call of every column, after comparing what they give with the result by hand.

    Raises:
        MismatchError: a result differs.
    """
    problem = w.problem(small)
    expected: Any = COLUMNS["by hand"](w, problem)()
    calls = {}
    for column in columns or installed():
        calls[column] = COLUMNS[column](w, problem)
        compare(w, column, calls[column](), expected)
        # a second time, so that what the first call changed or remembered is compared too
        compare(w, column, calls[column](), expected)
    return calls


def run(w: Workload, repeats: int, span: float) -> Times:
    """Return the times of every installed column."""
    calls = agreed(w)
    use_the_allocator()
    return measure(calls, repeats, span)


def memory(w: Workload, small: bool = False) -> dict[str, float]:
    """Return the peak of every installed column in MiB, of none where the system cannot measure it."""
    if not peaks.available():
        return {}
    return {column: peaks.peak(w.name, column, small) for column in installed()}
