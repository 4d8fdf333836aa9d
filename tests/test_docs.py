"""The Python code in README.md and docs/ runs, and prints what the page says.

All ```python blocks of a page share one namespace, in their order. A block with `>>>` is run as
a doctest, any other block is executed. Links between the pages lead somewhere.
"""

import doctest
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from funcad.extend import registry

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(page: Path) -> list[tuple[int, str]]:
    """Return the ```python blocks of a page, each with the line on which it begins."""
    text = page.read_text(encoding="utf-8")
    return [(text[: m.start(1)].count("\n"), m.group(1)) for m in BLOCK.finditer(text)]


def run_blocks(page: Path) -> int:
    """Run the blocks of a page, and return their number."""
    namespace: dict[str, object] = {"__name__": f"page_{page.stem}"}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    found = blocks(page)
    for line, code in found:
        if ">>>" in code:
            test = doctest.DocTestParser().get_doctest(code, namespace, page.name, str(page), line)
            output: list[str] = []
            runner.run(test, out=output.append, clear_globs=False)
            assert not output, "".join(output)
            namespace |= test.globs
        else:
            # the block stands at its own line, so that tracebacks name the line of the page
            exec(compile("\n" * line + code, str(page), "exec"), namespace)
    return len(found)


@pytest.fixture
def rules_of_the_page() -> Iterator[None]:
    """Forget the rules that a page declares, so that no other test meets them."""
    before = dict(registry)
    yield
    for fn in set(registry) - set(before):
        del registry[fn]


@pytest.mark.usefixtures("rules_of_the_page")
@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_code_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_blocks(page)


def test_pages_have_code() -> None:
    with_code = {page.stem for page in PAGES if blocks(page)}
    assert {"README", "tour", "tutorial", "maths", "how-it-works", "rules"} <= with_code


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_api_page_lists_every_public_name() -> None:
    import funcad

    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    inner = {"core", "transforms", "rules", "solvers", "demo"}
    public = {n for n in vars(funcad) if not n.startswith("_")} - inner
    missing = sorted(n for n in public if not re.search(rf"`(fc\.)?{n}\b", page))
    assert missing == []
    errors = {n for n, v in vars(funcad.errors).items() if isinstance(v, type)}
    assert sorted(n for n in errors if f"`{n}`" not in page) == []


def test_kinks_table_covers_its_claims() -> None:
    """Each row of the table of kinks in docs/maths.md is `| point | code | value |`; run the code."""
    import numpy as np

    import funcad as fc

    page = (ROOT / "docs" / "maths.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| `([^`]+)` \| `([^`]+)` \|", page, re.MULTILINE)
    assert len(rows) >= 60
    scope = {"np": np, "fc": fc, "inf": np.inf, "nan": np.nan, "d": fc.grad}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for code, value in rows:
            got = np.asarray(eval(code, dict(scope)))
            wanted = np.asarray(eval(value, dict(scope)))
            np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-12, err_msg=code)
