"""Memory and time of a long loop's gradient, on a plain tape and by `funcad.checkpoint_loop`.

    python -m benchmarks.checkpoints
    python -m benchmarks.checkpoints --chart benchmarks/results/checkpoints.png

The state has 1,000 elements, a step is `x + 0.01 * np.sin(x) * x`. The peak is what `tracemalloc` sees,
which counts every array of NumPy and every object of Python; each is measured in a process of its own, the
time in another run without `tracemalloc`, as the best of three. Both gradients are compared bit for bit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

from benchmarks.environment import use_one_thread

LENGTHS = (100, 300, 1000, 3000, 10000)
COLUMNS = ("plain tape", "checkpoint_loop")
COLOURS = {"plain tape": "#c2373c", "checkpoint_loop": "#2a6fb0"}

#: of the plain tape's peak, after 10,000 steps
TARGET = 0.05


def gradient(column, n):
    """Return the gradient of the sum of squares after n steps."""
    import numpy as np

    import funcad as fc

    def step(x, _):
        return x + 0.01 * np.sin(x) * x

    def loop(x):
        for k in range(n):
            x = step(x, k)
        return x

    def loss(x):
        y = loop(x) if column == "plain tape" else fc.checkpoint_loop(step, x, n)
        return np.sum(y * y)

    return fc.grad(loss)(np.linspace(0.0, 1.0, 1000))


def measure(column, n):
    """Return the peak in bytes, the seconds, and the sum of the gradient, of this process."""
    gradient(column, 10)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = gradient(column, n)
        times.append(time.perf_counter() - start)
    tracemalloc.start()
    gradient(column, n)
    peak = tracemalloc.get_traced_memory()[1]
    return {"peak": peak, "seconds": min(times), "gradient": result.tobytes().hex()}


def measured(column, n):
    """Return the same from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.checkpoints", "--one", column, str(n)]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def table(lengths):
    """Measure and print a row for every length; return the peaks in MiB by column."""
    peaks = {c: [] for c in COLUMNS}
    print(f"{'steps':>6} {'plain tape':>12} {'checkpoint_loop':>16} {'memory':>8} {'time':>6}")
    for n in lengths:
        plain, loop = [measured(c, n) for c in COLUMNS]
        if plain["gradient"] != loop["gradient"]:
            sys.exit(f"the gradients of {n} steps differ")
        for c, row in zip(COLUMNS, (plain, loop), strict=True):
            peaks[c].append(row["peak"] / 2**20)
        memory, seconds = loop["peak"] / plain["peak"], loop["seconds"] / plain["seconds"]
        a, b = [f"{peaks[c][-1]:.2f} MiB" for c in COLUMNS]
        print(f"{n:>6} {a:>12} {b:>16} {memory:>8.1%} {seconds:>6.2f}")
    return peaks


def draw(lengths, peaks, path):
    """Write the chart: the peak against the number of steps, on logarithmic axes."""
    # matplotlib is needed here only
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.5, 4.5), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for column, power in zip(COLUMNS, (1.0, 0.5), strict=True):
        y = peaks[column]
        axes.plot(lengths, y, "o-", color=COLOURS[column])
        axes.annotate(
            f"{column}\n{y[-1]:.1f} MiB",
            (lengths[-1], y[-1]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS[column],
        )
        guide = [y[-1] * (n / lengths[-1]) ** power for n in lengths]
        axes.plot(lengths, guide, ":", color="#70757c", lw=1, zorder=0)
        axes.annotate(
            "as n" if power == 1.0 else "as the square root of n",
            (lengths[0], guide[0]),
            xytext=(4, -4),
            textcoords="offset points",
            va="top",
            fontsize=8,
            color="#70757c",
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(lengths[0] * 0.85, lengths[-1] * 4.5)
    axes.set_xticks(lengths, [f"{n:,}" for n in lengths])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("n, steps of a state of 1,000 elements")
    axes.set_ylabel("peak memory of the gradient, MiB")
    axes.set_axisbelow(True)
    axes.grid(color="#e4e7ea")
    axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checkpoints", description=__doc__)
    parser.add_argument("--chart", type=Path, help="where to draw memory against the number of steps")
    parser.add_argument("--one", nargs=2, metavar=("COLUMN", "N"), help="measure one in this process")
    options = parser.parse_args()
    use_one_thread()
    if options.one:
        print(json.dumps(measure(options.one[0], int(options.one[1]))))
        return 0
    peaks = table(LENGTHS)
    ratio = peaks["checkpoint_loop"][-1] / peaks["plain tape"][-1]
    reached = "reached" if ratio <= TARGET else "missed"
    print(f"at most {TARGET:.0%} of the plain tape after {LENGTHS[-1]:,} steps: {reached} ({ratio:.1%})")
    if options.chart:
        draw(LENGTHS, peaks, options.chart)
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
