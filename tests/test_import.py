"""`import funcad` is light: it brings NumPy and the runtime dependencies, and nothing optional."""

import subprocess
import sys

OPTIONAL = (
    *(
        "scipy",
        "matplotlib",
        "sklearn",
        "rich",
        "torch",
        "jax",
        "autograd",
        "dask",
        "cupy",
        "numba",
        "pandas",
    ),
    *("hypothesis", "pytest", "statsmodels"),
)


def modules_after(statement: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter has imported after a statement."""
    code = f"import sys; {statement}; print(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_import_brings_nothing_optional() -> None:
    loaded = modules_after("import funcad")
    assert "numpy" in loaded
    assert loaded.isdisjoint(OPTIONAL)


def test_first_use_brings_nothing_optional() -> None:
    loaded = modules_after(
        "import numpy as np, funcad as fc; "
        "fc.grad(lambda p: np.sum(np.tanh(p['w'] @ p['b'])))({'w': np.eye(2), 'b': np.ones(2)})"
    )
    assert loaded.isdisjoint(OPTIONAL)


def test_submodules_can_be_imported_alone() -> None:
    for module in ("errors", "tree", "numpy", "testing", "extend", "demo"):
        assert "funcad" in modules_after(f"import funcad.{module}")
