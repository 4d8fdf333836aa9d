"""The command line: `python -m funcad demo | check | rules`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

import funcad
from funcad.core.primitive import registry
from funcad.testing.cases import load_extras


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, and return its exit status.

    Args:
        argv: the arguments, those of the process by default.

    Returns:
        0 on success, 1 where a check failed, 2 where a name is unknown.
    """
    parser = argparse.ArgumentParser(
        prog="python -m funcad", description=(funcad.__doc__ or "").partition("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check every rule of the registry against finite differences")
    check.add_argument("--only", metavar="NAME", help="check one primitive alone: np.linalg.solve, or solve")
    check.add_argument("--seed", type=int, default=0, help="of the drawn numbers (default 0)")
    listing = commands.add_parser(
        "rules", help="list the functions that have rules, and what the rules cover"
    )
    listing.add_argument("--markdown", action="store_true", help="print the page docs/coverage.md")
    commands.add_parser("demo", help="run the examples on real data, with pictures", add_help=False)
    options, rest = parser.parse_known_args(argv)
    if options.command == "demo":
        from funcad.demo import main as demo

        return demo(rest) or 0
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    load_extras()
    if options.command == "rules":
        return rules(options.markdown)
    return run_checks(options.only, options.seed)


def rules(markdown: bool = False) -> int:
    """Print every function of the registry with what its rules cover, or the page of it."""
    from funcad.testing import coverage
    from funcad.testing.table import print_table

    if markdown:
        print(*coverage.markdown(), sep="\n")
        return 0
    rows = coverage.rows()
    print_table(coverage.COLUMNS, [row.cells for row in rows])
    print(f"\n{len(rows)} functions")
    return 0


def run_checks(only: str | None, seed: int) -> int:
    """Check the registry or one primitive of it, and print a table; 1 if a rule is wrong."""
    from funcad.testing.table import print_table, progress
    from funcad.testing.walk import outcomes, selected

    print(f"{funcad.build_info()}, seed {seed}")
    total = len(selected(only))
    if not total:
        print(f"no rule is called {only!r}{_near(only or '')}", file=sys.stderr)
        return 2
    start = time.perf_counter()
    done = list(progress(outcomes(only, seed), total, "checking"))
    rows = [
        (o.name, o.kind, str(o.samples or ""), o.result, f"{o.error:.1e}" if o.samples else "") for o in done
    ]
    columns = ("primitive", "kind", "samples", "result", "largest error")
    print_table(columns, rows, right=("samples", "largest error"))
    failed = [o for o in done if o.result == "failed"]
    for o in failed:
        print(f"\n{o.message}")
    counts = {r: sum(o.result == r for o in done) for r in ("passed", "failed", "constant", "refuses")}
    calls = sum(o.samples for o in done)
    seconds = time.perf_counter() - start
    print(
        f"\n{counts['passed']} passed over {calls} calls, {counts['failed']} failed, "
        f"{counts['constant']} constant, {counts['refuses']} that refuse, in {seconds:.1f} s"
    )
    return 1 if failed else 0


def _near(name: str) -> str:
    """Suggest the names that resemble a mistyped one."""
    import difflib

    names = {p.name.rpartition(".")[2]: p.name for p in registry.values()}
    close = difflib.get_close_matches(name.rpartition(".")[2], names, n=3)
    listed = ", ".join(names[c] for c in close)
    return f"; did you mean {listed}?" if listed else "; `python -m funcad rules` lists them"
