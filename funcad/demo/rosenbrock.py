"""Gradient and Hessian of `scipy.optimize.rosen`, as SciPy wrote it, against SciPy's own formulas."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

import funcad
from funcad.demo.pictures import GREY, ORANGE, picture
from funcad.errors import TakenApartWarning

if TYPE_CHECKING:
    from funcad.demo.report import Report


def newton_path(x: Any, turns: int = 50) -> Any:
    """Return the points of a damped Newton search for the minimum of SciPy's function."""
    from scipy.optimize import rosen

    gradient, hessian = funcad.grad(rosen), funcad.hessian(rosen)
    path = [x]
    for _ in range(turns):
        g = gradient(x)
        if np.linalg.norm(g) < 1e-10:
            break
        step, size = np.linalg.solve(hessian(x), g), 1.0
        while rosen(x - size * step) > rosen(x) - 0.1 * size * (g @ step):
            size /= 2
        x = x - size * step
        path.append(x)
    return np.array(path)


def run(report: Report, sizes: tuple[int, ...] = (2, 5, 20)) -> None:
    """Compare gradients and Hessians with SciPy's, and draw a search that uses them."""
    from scipy.optimize import rosen, rosen_der, rosen_hess

    rng = np.random.default_rng(0)
    with warnings.catch_warnings():
        # rosen begins with np.asarray(x), which takes the traced vector apart: exact, but slow,
        # and funcad says so once per place; here it is meant
        warnings.simplefilter("ignore", TakenApartWarning)
        for n in report.track(sizes, "gradients and Hessians"):
            x = rng.normal(size=n)
            g, H = funcad.grad(rosen)(x), funcad.hessian(rosen)(x)
            report.at_most(f"grad(rosen) - rosen_der, n = {n}", 1e-13, _relative(g, rosen_der(x)))
            report.at_most(f"hessian(rosen) - rosen_hess, n = {n}", 1e-13, _relative(H, rosen_hess(x)))
        path = newton_path(np.array([-1.2, 1.0]))
    report.at_most("end of the search - (1, 1)", 1e-10, float(np.linalg.norm(path[-1] - 1)))

    with picture(report.picture("rosenbrock.png"), 8.0, 5.6) as figure:
        axes = figure.subplots()
        a, b = np.meshgrid(np.linspace(-1.6, 1.6, 300), np.linspace(-0.6, 1.8, 300))
        heights = np.log10(rosen(np.stack([a, b])) + 1e-3)
        filled = axes.contourf(a, b, heights, levels=24, cmap="Blues")
        figure.colorbar(filled, ax=axes, label="log10 of rosen(x) + 0.001")
        axes.plot(path[:, 0], path[:, 1], "o-", color=ORANGE, ms=5, lw=1.6, label="Newton steps")
        axes.plot(1, 1, "*", color="white", ms=15, mec=GREY, label="minimum")
        axes.set(xlabel="x[0]", ylabel="x[1]")
        axes.grid(False)
        axes.legend(loc="lower left", frameon=True)
        axes.set_title(f"{len(path) - 1} Newton steps with grad and hessian of scipy.optimize.rosen")


def _relative(ours: Any, theirs: Any) -> float:
    """Return the largest difference of two arrays, relative to the largest number."""
    return float(np.max(np.abs(ours - theirs)) / np.max(np.abs(theirs)))
