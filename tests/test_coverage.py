"""docs/coverage.md is what the registry says, and every function has its row."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from funcad.core.primitive import registry
from funcad.testing import coverage
from funcad.testing.command import main

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"


def rows_by_name():
    return {row.cells[0]: dict(zip(coverage.COLUMNS, row.cells, strict=True)) for row in coverage.rows()}


def test_the_page_is_up_to_date():
    # a fresh interpreter: other tests declare functions of their own
    command = [sys.executable, "-m", "funcad", "rules", "--markdown"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert PAGE.read_text(encoding="utf-8") == printed, f"run: {' '.join(command[1:])} > docs/coverage.md"


def test_every_function_has_a_row():
    page = PAGE.read_text(encoding="utf-8")
    for fn, p in registry.items():
        if getattr(fn, "__module__", "").partition(".")[0] == "numpy":
            assert f"`{p.name}`" in page


def test_rows_say_what_the_rules_cover():
    rows = rows_by_name()
    assert rows["np.sin"]["arguments"] == "x"
    assert (rows["np.sum"]["forward"], rows["np.sum"]["batched"]) == ("rule", "at once")
    assert "axis" in rows["np.sum"]["keywords"]
    assert rows["np.sum"]["keywords"].endswith("not out")
    assert (rows["np.matmul"]["forward"], rows["np.matmul"]["reverse"]) == ("itself", "rule")
    assert rows["np.linalg.eigh"]["complex"] == "yes"
    assert rows["np.copyto"]["reverse"] == "refuses"
    assert rows["np.argmax"]["forward"] == ""
    normal = rows["np.random.Generator.normal"]
    assert (normal["arguments"], normal["keywords"]) == ("loc, scale", "size")


def test_a_keyword_that_no_rule_knows_is_listed_as_such():
    unknown = rows_by_name()["np.linalg.pinv"]["keywords"]
    p = registry[np.linalg.pinv]
    refused = [
        name
        for name, checked in zip(getattr(p, "params", ()), getattr(p, "checked", ()), strict=True)
        if checked
    ]
    assert all(name in unknown.partition("not ")[2] for name in refused)


def test_the_command_prints_all_rows(capsys):
    assert main(["rules"]) == 0
    printed = capsys.readouterr().out
    assert f"{len(coverage.rows())} functions" in printed
