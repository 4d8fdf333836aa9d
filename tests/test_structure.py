"""The structure of the package: layers, sizes, one exception class per cause."""

import ast
from pathlib import Path

import pytest

import funcad

ROOT = Path(funcad.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

#: what the modules of a folder may import of ours
LAYERS = {
    "core": {"core", "errors"},
    "transforms": {"core", "transforms", "errors"},
    "rules": {"core", "errors"},
    "solvers": {"core", "transforms", "solvers", "errors"},
}


def imports(path):
    """Return the funcad modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("funcad"):
            names = [a.name for a in node.names] if node.module == "funcad" else [node.module.split(".")[1]]
            found |= set(names)
        elif isinstance(node, ast.Import):
            found |= {
                a.name.partition(".")[2].split(".")[0] for a in node.names if a.name.startswith("funcad.")
            }
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_layers(path):
    folder = path.relative_to(ROOT).parts[0]
    if folder in LAYERS and path != ROOT / "rules" / "__init__.py":
        # how the functions of a table are batched stands beside the tables; random numbers and SciPy have several files
        several = [ROOT / "rules" / folder for folder in ("batching", "random", "scipy", "slopes")]
        tables = {"rules"} if any([folder in path.parents for folder in several]) else set()
        assert imports(path) <= LAYERS[folder] | tables


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_is_about_one_thing_and_can_be_read(path):
    limit = 400 if path.relative_to(ROOT).parts[0] == "rules" else 330
    assert len(path.read_text().splitlines()) <= limit
    assert ast.get_docstring(ast.parse(path.read_text())) or path.name == "__init__.py"


def test_the_public_names_have_docstrings():
    for name in dir(funcad):
        if not name.startswith("_"):
            assert getattr(funcad, name).__doc__, name
