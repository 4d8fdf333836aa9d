"""The picture of a run: the time of each library relative to that by hand."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figures import Run
from benchmarks.report import TITLES
from benchmarks.table import factor

COLOURS = {"funcad": "#2a6fb0", "autograd": "#e07b1a", "torch": "#c2373c", "jax": "#2f9e62"}
GREY, LIGHT = "#70757c", "#e4e7ea"

#: inches, for a bar and for the gap between two workloads
BAR, GAP = 0.14, 0.12


def draw(run: Run, path: Path) -> None:
    """Write the chart: a group of bars for every workload, on a logarithmic scale."""
    # matplotlib is needed here only
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    times = run.times
    columns = [c for c in COLOURS if any([c in columns for columns in times.values()])]
    step = len(columns) * BAR + GAP
    figure = Figure(figsize=(9.0, 1.3 + len(times) * step), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for k, column in enumerate(columns):
        found = {i: t[column] / t["by hand"] for i, t in enumerate(times.values()) if column in t}
        places = [i * step + k * BAR for i in found]
        ratios = list(found.values())
        # a bar begins at 1, the time by hand, and goes to the left where the library is faster
        axes.barh(places, [r - 1 for r in ratios], BAR, left=1.0, color=COLOURS[column], label=column)
        for place, value in zip(places, ratios, strict=True):
            axes.annotate(
                factor(value),
                (value, place),
                xytext=(3 if value >= 1 else -3, 0),
                textcoords="offset points",
                ha="left" if value >= 1 else "right",
                va="center",
                fontsize=6.5,
                color=GREY,
            )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.margins(x=0.06)
    axes.axvline(1.0, color="black", lw=1)
    axes.set_yticks([i * step + (len(columns) - 1) * BAR / 2 for i in range(len(times))], _titles(run))
    axes.set_ylim(len(times) * step - BAR / 2 - GAP / 2, -BAR / 2 - GAP / 2)
    axes.set_xlabel(f"time relative to the derivative by hand (1); further left is faster\n{run.build}")
    axes.set_axisbelow(True)
    axes.grid(axis="x", color=LIGHT)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    figure.legend(ncols=len(columns), frameon=False, loc="outside upper right")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def _titles(run: Run) -> list[str]:
    return [TITLES[name] for name in run.timings]
