"""Where a run took place: threads, versions, and the time of `import funcad`.

Nothing here imports NumPy or a peer: `python -m benchmarks` calls `use_one_thread` before they start.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
import sys
import tempfile

PEERS = ("autograd", "torch", "jax")

#: read once by the libraries when they are imported
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "NPROC": "1",  # the size of the thread pools of XLA
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
    "JAX_ENABLE_X64": "1",
}

_IMPORT = """
import time
import numpy
start = time.perf_counter()
import funcad
print(time.perf_counter() - start)
"""


def use_one_thread() -> None:
    """Give every library one thread: where NumPy has started with more, the command starts anew."""
    if all(os.environ.get(k) == v for k, v in ONE_THREAD.items()):
        return
    os.environ.update(ONE_THREAD)
    if "numpy" in sys.modules:
        os.execv(sys.executable, sys.orig_argv)


def versions() -> dict[str, str | None]:
    """Return the versions of Python, NumPy, funcad and the peers; None for what is not installed."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for package in ("numpy", "funcad", *PEERS):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    if found["funcad"] is None:  # run from a checkout that is not installed
        import funcad

        found["funcad"] = funcad.__version__
    return found


def import_seconds(runs: int) -> float:
    """Return what `import funcad` adds to `import numpy`: the median over new interpreters.

    One more run before them compiles the sources into a folder of its own, as an installation does.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        settings["PYTHONPYCACHEPREFIX"] = folder
        times = [_import_once(settings) for _ in range(1 + runs)]
    return statistics.median(times[1:])


def _import_once(settings: dict[str, str]) -> float:
    command = [sys.executable, "-c", _IMPORT]
    return float(subprocess.run(command, env=settings, capture_output=True, text=True, check=True).stdout)
