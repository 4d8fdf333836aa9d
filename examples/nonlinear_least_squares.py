"""Nonlinear least squares with exact Jacobians reaches the certified digits of NIST.

Three reference problems, each from NIST's second start, by scipy.optimize.least_squares. The Jacobian
of the model at the solution also gives the standard errors.

Run: python examples/nonlinear_least_squares.py [--quick]
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from shared import HERE, Run, plt

import funcad as fc
from funcad.testing import check_grads


def misra1a(b: Any, x: Any) -> Any:
    """Return the volume adsorbed at a pressure."""
    return b[0] * (1 - np.exp(-b[1] * x))


def thurber(b: Any, x: Any) -> Any:
    """Return the mobility of electrons at the logarithm of a density."""
    return (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3)


def eckerle4(b: Any, x: Any) -> Any:
    """Return the transmittance at a wavelength."""
    return b[0] / b[1] * np.exp(-0.5 * ((x - b[2]) / b[1]) ** 2)


MODELS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "Misra1a": (misra1a, "pressure", "volume"),
    "Thurber": (thurber, "log of the density", "electron mobility"),
    "Eckerle4": (eckerle4, "wavelength", "transmittance"),
}


def read(name: str) -> tuple[Any, Any, Any, Any, Any]:
    """Return x, y, the second start, and the certified parameters and standard deviations."""
    lines = (HERE / "data" / f"{name}.dat").read_text(encoding="ascii").splitlines()
    rows = [line.split("=")[1].split() for line in lines[40:60] if line.strip().startswith("b")]
    _, start, certified, deviations = np.array(rows, dtype=float).T
    y, x = np.array([line.split() for line in lines[60:] if line.strip()], dtype=float).T
    return x, y, start, certified, deviations


def fit(model: Callable[..., Any], x: Any, y: Any, start: Any) -> tuple[Any, Any, int]:
    """Return the parameters, their standard errors, and how many Jacobians it took."""
    jacobian = fc.jacobian(model)
    found = least_squares(
        lambda b: model(b, x) - y,
        start,
        jac=lambda b: jacobian(b, x),
        method="lm",
        x_scale="jac",
        ftol=1e-15,
        xtol=1e-15,
        gtol=1e-15,
    )
    # through R of J = QR: J'J itself would lose half of the digits
    inverse = np.linalg.inv(np.linalg.qr(jacobian(found.x, x))[1])
    variance = np.sum(found.fun**2) / (len(x) - len(start))
    return found.x, np.sqrt(variance * np.sum(inverse**2, axis=1)), found.njev


def digits(found: Any, certified: Any) -> float:
    """Return the number of digits that agree, in the worst entry; NIST certifies 11."""
    return min(11.0, -float(np.log10(np.max(np.abs(found - certified) / np.abs(certified)) + 1e-16)))


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss, half of the sum of squares of Thurber's problem, and its arguments."""
    x, y, start, *_ = read("Thurber")
    return lambda b, x, y: 0.5 * np.sum((thurber(b, x) - y) ** 2), (start, x, y)


def main() -> None:
    """Fit the three problems, count the digits, and draw curves and residuals."""
    run = Run(__doc__)
    figure, axes = plt.subplots(
        2, 3, figsize=(12, 5.2), layout="constrained", sharex="col", height_ratios=[3, 1]
    )
    figures = {}
    for (name, (model, across, up)), (top, low) in zip(MODELS.items(), axes.T, strict=True):
        x, y, start, certified, deviations = read(name)
        check_grads(lambda b, model=model, x=x: np.sum(model(b, x[:5])), (certified,), order=1)
        b, errors, steps = fit(model, x, y, start)
        right = digits(b, certified), digits(errors, deviations)
        assert min(right) >= 7, (name, right)
        figures[name] = f"digits: parameters {right[0]:.1f}, deviations {right[1]:.1f}; {steps} Jacobians"
        assert np.sum((model(b, x) - y) ** 2) < np.sum((model(start, x) - y) ** 2)
        grid = np.linspace(x.min(), x.max(), 300)
        top.plot(grid, model(start, grid), color="gray", ls="--", lw=1, label="start")
        top.plot(grid, model(b, grid), color="tab:blue", label="fit")
        top.plot(x, y, ".", color="black", label="data")
        top.set(title=f"{name}: {min(right):.1f} digits agree", ylabel=up)
        low.axhline(0, color="tab:blue", lw=1)
        low.plot(x, y - model(b, x), ".", color="black")
        low.set(xlabel=across, ylabel="residual")
    axes[0, 0].legend()
    picture = run.save(figure, "nonlinear_least_squares.png")
    run.finish(
        "check_grads, the sums of squares, and the digits certified by NIST", **figures, picture=picture.name
    )


if __name__ == "__main__":
    main()
