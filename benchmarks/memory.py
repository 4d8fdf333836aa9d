"""The peak of memory in one call, measured in a process of its own.

`python -m benchmarks.memory WORKLOAD COLUMN` prints it in MiB: the largest resident set during the
call less the one before it. The system can reset its note of the largest resident set only on
Linux; elsewhere nothing is measured.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.environment import use_one_thread

#: a freed array of 128 KiB or more goes back to the system at once, in every library alike
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}

_RESET = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def available() -> bool:
    """Return whether this system can measure it."""
    return os.access(_RESET, os.W_OK) and os.access(_STATUS, os.R_OK)


def peak(workload: str, column: str, small: bool = False) -> float:
    """Return the peak of a call in MiB, measured in a new process."""
    command = [sys.executable, "-m", "benchmarks.memory", workload, column, *(["--small"] if small else [])]
    root = Path(__file__).parent.parent
    environment = os.environ | ALLOCATOR
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("workload")
    parser.add_argument("column")
    parser.add_argument("--small", action="store_true", help="the sizes of the tests")
    options = parser.parse_args()
    use_one_thread()
    # what follows imports NumPy and the peers, which read those settings only then
    from benchmarks import race
    from benchmarks.libraries import COLUMNS

    (w,) = race.chosen([options.workload])
    prepare = COLUMNS[options.column]
    # what a library loads or sets up at its first call is no part of the derivative
    prepare(w, w.problem(small=True))()
    call = prepare(w, w.problem(options.small))
    print(peak_of(call))
    return 0


def peak_of(call: Any) -> float:
    """Return the peak of a call in this process."""
    gc.collect()
    _trim()
    _RESET.write_text("5")
    before = _kilobytes("VmRSS")
    result = call()
    after = _kilobytes("VmHWM")
    del result
    return max(0, after - before) / 1024


def _trim() -> None:
    """Give what glibc keeps of freed memory back to the system; other C libraries keep it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _kilobytes(name: str) -> int:
    lines = _STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


if __name__ == "__main__":
    sys.exit(main())
