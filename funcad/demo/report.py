"""What the demonstration says: checks, a table of them, progress, and the paths of pictures."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class Check:
    """One line of the summary: a quantity, what was expected, what came out, and the verdict."""

    part: str
    quantity: str
    expected: str
    got: str
    agrees: bool


class Report:
    """Collects the checks and the pictures of all parts, and prints them."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.checks: list[Check] = []
        self.pictures: list[Path] = []
        self._part = ""

    @property
    def agrees(self) -> bool:
        """Whether every check agrees, and there is one at all."""
        return bool(self.checks) and all(c.agrees for c in self.checks)

    def begin(self, title: str) -> None:
        """Open a part."""
        self._part = title
        print(f"\n{title}")

    def end(self, seconds: float) -> None:
        """Close a part, naming the time that it took."""
        print(f"  done in {seconds:.1f} s")

    def say(self, text: str) -> None:
        """Print a remark."""
        print(f"  {text}")

    def check(self, quantity: str, expected: str, got: str, agrees: bool) -> None:
        """Add a line to the summary."""
        self.checks.append(Check(self._part, quantity, expected, got, bool(agrees)))

    def digits(self, quantity: str, expected: str, got: float) -> None:
        """Add a check that a number agrees with all the digits that are written."""
        places = len(expected.partition(".")[2])
        text = f"{got:.{places}f}"
        self.check(quantity, expected, text, text == expected)

    def at_most(self, quantity: str, bound: float, got: float) -> None:
        """Add a check that an error is at most a bound."""
        self.check(quantity, f"at most {bound:.0e}", f"{got:.1e}", got <= bound)

    def picture(self, name: str) -> Path:
        """Return the path of a picture to be written, and remember it."""
        path = self.output / name
        self.pictures.append(path)
        return path

    def track(self, items: Collection[T], what: str) -> Iterator[T]:
        """Go through items, with a progress bar once it has taken more than a second."""
        return _Progress(what, len(items)).follow(items)

    def print_summary(self) -> None:
        """Print the table of all checks and the paths of the pictures."""
        print()
        _print_table(self.checks)
        print("\nPictures:")
        for path in self.pictures:
            print(f"  {path}")
        wrong = sum(not c.agrees for c in self.checks)
        print(f"\n{len(self.checks) - wrong} of {len(self.checks)} checks agree.")


class _Progress:
    """A bar on the terminal, by rich if it is installed, that appears after a second."""

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total

    def follow(self, items: Iterable[T]) -> Iterator[T]:
        try:
            from rich.console import Console
            from rich.progress import Progress
        except ImportError:
            yield from self._plain(items)
            return
        start = time.monotonic()
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(f"  {self.what}", total=self.total, visible=False)
            for item in items:
                yield item
                bar.update(task, advance=1, visible=time.monotonic() - start > 1.0)

    def _plain(self, items: Iterable[T]) -> Iterator[T]:
        start = time.monotonic()
        shown = False
        for done, item in enumerate(items, 1):
            yield item
            if sys.stderr.isatty() and time.monotonic() - start > 1.0:
                shown = True
                filled = 30 * done // self.total
                sys.stderr.write(f"\r  {self.what} [{'#' * filled}{'.' * (30 - filled)}] {done}/{self.total}")
                sys.stderr.flush()
        if shown:
            sys.stderr.write("\r" + " " * 100 + "\r")


def _print_table(checks: Sequence[Check]) -> None:
    """Print a table with a section per part, by rich if it is installed."""
    header = ("quantity", "expected", "got", "agrees")
    rows = [(c.quantity, c.expected, c.got, "yes" if c.agrees else "NO") for c in checks]
    try:
        from rich.console import Console
        from rich.table import Table
    except ImportError:
        widths = [max(len(r[k]) for r in (header, *rows)) for k in range(len(header))]
        for row in (header, ["-" * w for w in widths], *rows):
            print("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip())
        return
    table = Table()
    for name in header:
        table.add_column(name, justify="right" if name in ("expected", "got") else "left")
    for k, (check, row) in enumerate(zip(checks, rows, strict=True)):
        last = k + 1 == len(checks) or checks[k + 1].part != check.part
        table.add_row(*row, style=None if check.agrees else "bold red", end_section=last)
    Console().print(table)
