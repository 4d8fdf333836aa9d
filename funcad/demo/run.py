"""The command line of the demonstration: which parts run, where the pictures go, how it ends."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from funcad.demo.report import Report

#: the parts in their order: the module, the title, the packages that it needs
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sine": ("A sine from a while loop", ("matplotlib",)),
    "tutorial": ("Logistic regression by gradient descent", ("matplotlib",)),
    "cancer": ("Logistic regression by Newton's method", ("matplotlib", "sklearn")),
    "rosenbrock": ("SciPy's Rosenbrock function", ("matplotlib", "scipy")),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demonstration.

    Args:
        argv: the arguments of the command line, those of the process unless given.

    Returns:
        The exit status: 0 when everything agrees, 1 when something does not, 2 when a package
        is missing.
    """
    parser = argparse.ArgumentParser(prog="python -m funcad demo", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("demo-output"), help="folder for the pictures")
    parser.add_argument(
        "--only", choices=list(PARTS), action="append", help="run this part only (may be repeated)"
    )
    options = parser.parse_args(argv)
    chosen = [name for name in PARTS if not options.only or name in options.only]
    missing = missing_packages(chosen)
    if missing:
        print(
            f"the demonstration needs {', '.join(missing)}, not installed here; "
            "install the extra with: python -m pip install 'funcad[demo]' "
            "(in a checkout: python -m pip install -e '.[demo]')",
            file=sys.stderr,
        )
        return 2
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    report = Report(output)
    for name in chosen:
        start = time.perf_counter()
        part = importlib.import_module(f"funcad.demo.{name}")
        report.begin(PARTS[name][0])
        part.run(report)
        report.end(time.perf_counter() - start)
    report.print_summary()
    return 0 if report.agrees else 1


def missing_packages(parts: Sequence[str]) -> list[str]:
    """Return the packages that some parts need and that cannot be imported."""
    needed = {package for name in parts for package in PARTS[name][1]}
    return sorted(p for p in needed if importlib.util.find_spec(p) is None)
