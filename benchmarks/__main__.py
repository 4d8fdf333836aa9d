"""`python -m benchmarks`: compare results, time in turns, print the tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.environment import import_seconds, use_one_thread, versions

REPEATS, SPAN = 11, 0.030
QUICK_REPEATS, QUICK_SPAN = 3, 0.005


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    use_one_thread()
    # what follows imports NumPy and the peers, which read those settings only then
    from benchmarks import race, report
    from benchmarks.libraries import MismatchError

    try:
        workloads = race.chosen(options.only)
    except ValueError as e:
        print(e, file=sys.stderr)
        return 2
    repeats = options.repeats or (QUICK_REPEATS if options.quick else REPEATS)
    span = QUICK_SPAN if options.quick else SPAN
    results = {}
    for w in workloads:
        _progress(f"{w.title} ...")
        try:
            results[w.name] = race.run(w, repeats, span)
        except MismatchError as e:
            _progress("")
            print(f"the results differ, nothing is timed: {e}", file=sys.stderr)
            return 1
    _progress("")
    found = versions()
    added = None if options.only else import_seconds(3 if options.quick else 7)
    print(report.version_line(found))
    print(f"float64; median of {repeats} repetitions in turns; {report.thread_line(results)}\n")
    print(report.main_table(results))
    print("\n" + report.target_table(results))
    if added is not None:
        print("\n" + report.import_line(added))
    if options.json is not None:
        figures = report.as_json(results, found, added, repeats)
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def _progress(text: str) -> None:
    """Show what is being measured, where someone may be looking."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", action="append", default=[], help="one workload; repeatable"
    )
    parser.add_argument(
        "--repeats", metavar="N", type=_positive, help=f"repetitions ({REPEATS} unless given)"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write all figures to a file")
    parser.add_argument("--quick", action="store_true", help="few short repetitions, for a first look")
    return parser


def _positive(text: str) -> int:
    n = int(text)
    if n < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1 (got {n})")
    return n


if __name__ == "__main__":
    sys.exit(main())
