"""Tables and progress on the terminal: with rich where it is installed, plain text elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_STYLES = {"passed": "green", "failed": "bold red", "constant": "dim", "refuses": "dim"}


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[str] = ()) -> None:
    """Print rows under their columns.

    Args:
        columns: the headings.
        rows: the cells, one sequence for each row.
        right: the headings of the columns that are aligned to the right.
    """
    right = set(right)
    if not sys.stdout.isatty():  # where there is no width to fit in
        _print_plain(columns, rows, right)
        return
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        _print_plain(columns, rows, right)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*[Text(cell, style=_STYLES.get(cell, "")) for cell in row])
    Console().print(table)


def _print_plain(columns: Sequence[str], rows: Sequence[Sequence[str]], right: set[str]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        print("  ".join(cells).rstrip())


def progress(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield items while a bar on standard error shows how far they are; none unless it is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        for k, item in enumerate(items, 1):
            print(f"\r{what} {k}/{total}", end="\n" if k == total else "", file=sys.stderr, flush=True)
            yield item
        return
    yield from track(items, what, total=total, console=Console(stderr=True), transient=True)
