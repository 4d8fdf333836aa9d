"""The look of the pictures, and writing them without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED, GREY = "#2a6fb0", "#e07b1a", "#2f9e62", "#c2373c", "#70757c"

_STYLE: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.labelcolor": "#2b2f33",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "figure.dpi": 130,
    "font.size": 10,
    "grid.color": "#e4e7ea",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "xtick.color": GREY,
    "ytick.color": GREY,
}


@contextmanager
def picture(path: Path, width: float = 8.0, height: float = 5.0) -> Iterator[Figure]:
    """Give a figure to draw into, and write it to a PNG file."""
    import matplotlib

    with matplotlib.rc_context(_STYLE):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        # a figure with its own canvas: no window system, and no global state of pyplot
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        figure.savefig(path)
