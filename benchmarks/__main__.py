"""`python -m benchmarks`: compare results, time in turns, measure memory, print the tables."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.environment import import_seconds, use_one_thread, versions

if TYPE_CHECKING:
    from benchmarks.figures import Run
    from benchmarks.workloads import Workload

REPEATS, SPAN = 11, 0.030
QUICK_REPEATS, QUICK_SPAN = 3, 0.005


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    use_one_thread()
    # what follows imports NumPy and the peers, which read those settings only then
    from benchmarks import operations, race
    from benchmarks.libraries import MismatchError

    repeats = options.repeats or (QUICK_REPEATS if options.quick else REPEATS)
    span = QUICK_SPAN if options.quick else SPAN
    try:
        workloads = race.chosen(options.only)
    except ValueError as e:
        print(e, file=sys.stderr)
        return 2
    try:
        if options.operations:
            print(operations.run(repeats, span))
            return 0
        run = _measured(workloads, repeats, span)
    except MismatchError as e:
        _progress("")
        print(f"the results differ, nothing is timed: {e}", file=sys.stderr)
        return 1
    if not options.only:
        _progress("import funcad ...")
        run.import_seconds = import_seconds(3 if options.quick else 7)
    _progress("")
    _print(run)
    _write(run, options.json, options.chart)
    return 0


def _measured(workloads: Sequence[Workload], repeats: int, span: float) -> Run:
    import funcad
    from benchmarks import race
    from benchmarks.figures import Run

    run = Run(versions(), funcad.build_info(), repeats)
    for w in workloads:
        _progress(f"{w.title} ...")
        run.timings[w.name] = race.run(w, repeats, span)
    for w in workloads:
        if w.memory:
            _progress(f"memory of {w.title} ...")
            run.memory[w.name] = race.memory(w)
    return run


def _print(run: Run) -> None:
    from benchmarks import report

    print(report.version_line(run))
    print(f"float64; median of {run.repeats} repetitions in turns; {report.thread_line(run.timings)}\n")
    print(report.main_table(run))
    if run.memory:
        print("\n" + report.memory_table(run))
    for part in (report.target_table(run), report.growth_line(run)):
        if part is not None:
            print("\n" + part)
    if run.import_seconds is not None:
        print("\n" + report.import_line(run.import_seconds))


def _write(run: Run, file: Path | None, chart: Path | None) -> None:
    from benchmarks.figures import as_json

    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(as_json(run), indent=1) + "\n")
    if chart is not None:
        from benchmarks.chart import draw

        draw(run, chart)


def _progress(text: str) -> None:
    """Show what is being measured, where someone may be looking."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", action="append", default=[], help="one workload; repeatable"
    )
    parser.add_argument(
        "--repeats", metavar="N", type=_positive, help=f"repetitions ({REPEATS} unless given)"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write all figures to a file")
    parser.add_argument("--chart", metavar="FILE.png", type=Path, help="also draw the times")
    parser.add_argument("--quick", action="store_true", help="few short repetitions, for a first look")
    parser.add_argument(
        "--operations", action="store_true", help="only time single operations of NumPy and torch"
    )
    options = parser.parse_args(arguments)
    # before minutes are spent
    if options.chart is not None and importlib.util.find_spec("matplotlib") is None:
        parser.error("--chart needs matplotlib")
    if options.operations and importlib.util.find_spec("torch") is None:
        parser.error("--operations needs torch")
    return options


def _positive(text: str) -> int:
    n = int(text)
    if n < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1 (got {n})")
    return n


if __name__ == "__main__":
    sys.exit(main())
