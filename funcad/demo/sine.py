"""A sine that sums its Taylor series in a while loop, and its derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import funcad
from funcad.demo.pictures import BLUE, GREY, ORANGE, RED, picture

if TYPE_CHECKING:
    from funcad.demo.report import Report


def taylor_sine(x: Any) -> Any:
    """Return sin(x) as the sum of its Taylor series, up to terms of at most 0.001."""
    total = currterm = x
    n = 1
    while np.abs(currterm) > 0.001:
        currterm = -currterm * x * x / ((n + 1) * (n + 2))
        total = total + currterm
        n += 2
    return total


def derivative_by_hand(x: float) -> float:
    """Return the derivative of the polynomial that `taylor_sine` sums at x, term by term."""
    total = slope = 1.0
    currterm = x
    n = 1
    while abs(currterm) > 0.001:
        currterm = -currterm * x * x / ((n + 1) * (n + 2))
        slope = -slope * x * x / (n * (n + 1))
        total = total + slope
        n += 2
    return total


def run(report: Report, points: int = 400) -> None:
    """Differentiate the loop on 0 to 2 pi, compare it with cos, and draw both."""
    xs = np.linspace(0.0, 2 * np.pi, points).tolist()
    derivative = funcad.grad(taylor_sine)
    second = funcad.grad(derivative)
    values = np.array([taylor_sine(x) for x in xs])
    slopes = np.array([derivative(x) for x in report.track(xs, "derivatives of the loop")])
    bends = np.array([second(x) for x in report.track(xs, "second derivatives")])
    by_hand = np.array([derivative_by_hand(x) for x in xs])
    report.at_most("derivative - the same sum by hand", 1e-12, np.max(np.abs(slopes - by_hand)))
    report.at_most("derivative - cos", 1e-3, np.max(np.abs(slopes - np.cos(xs))))
    report.at_most("second derivative + sin", 2e-3, np.max(np.abs(bends + np.sin(xs))))

    with picture(report.picture("sine.png"), 8.0, 6.4) as figure:
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1))
        top.plot(xs, np.cos(xs), color=GREY, lw=7, alpha=0.35, label="cos")
        top.plot(xs, slopes, color=ORANGE, label="derivative of the loop")
        top.plot(xs, values, color=BLUE, label="the loop: Taylor series of the sine")
        top.plot(xs, bends, color=RED, lw=1.4, ls="--", label="its second derivative")
        top.set_title("A while loop, differentiated as it is")
        top.set_ylim(-1.15, 1.75)
        top.legend(loc="upper center", ncols=2)
        bottom.plot(xs, slopes - np.cos(xs), color=ORANGE, lw=1.4)
        bottom.set_ylabel("derivative - cos")
        bottom.set_xlabel("x")
        bottom.set_title("The jumps are where the loop takes one more turn", fontsize=10, color=GREY)
        ticks = [0, np.pi / 2, np.pi, 3 * np.pi / 2, 2 * np.pi]
        bottom.set_xticks(ticks, ["0", "π/2", "π", "3π/2", "2π"])
        bottom.set_xlim(0, 2 * np.pi)
