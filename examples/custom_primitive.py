"""A compiled solver becomes a primitive in ten lines, and a rod's conductivity is found through it.

The rod is heated along a part of its length and cold at both ends. Its temperature solves a symmetric
tridiagonal system, which scipy.linalg.solveh_banded does by LAPACK in time proportional to its length.

Run: python examples/custom_primitive.py [--quick]
"""

from typing import Any

import numpy as np
from scipy.linalg import solveh_banded
from scipy.optimize import minimize
from shared import Run, plt

import funcad as fc
from funcad.testing import check_grads, check_primitive


@fc.primitive
def solve(bands: Any, b: Any) -> Any:
    """Return A^-1 b, A given by its diagonal and the one below it (2, n), whose last entry is not used."""
    return solveh_banded(bands, b, lower=True)


def bands_rule(g: Any, ans: Any, bands: Any) -> Any:
    """Return the cotangent of the bands: those of -z x', z = A^-1 g, with both sides of the diagonal."""
    z = solve(bands, g)
    return -np.stack([z * ans, np.append(z[1:] * ans[:-1] + z[:-1] * ans[1:], 0.0)])


solve.def_vjp(bands_rule, lambda g, bands: solve(bands, g))


def conductivity(weights: Any, n: int) -> Any:
    """Return the conductivity of n cells of the rod: the exponential of a sum of cosines."""
    centres = (np.arange(n) + 0.5) / n
    return np.exp(np.cos(np.pi * centres[:, None] * np.arange(len(weights))) @ weights)


def temperatures(weights: Any, heats: Any) -> Any:
    """Return the temperature at the inner nodes for each of the rows of heat (m, n - 1)."""
    n = heats.shape[1] + 1
    k = conductivity(weights, n) * n**2
    bands = np.stack([k[:-1] + k[1:], np.append(-k[1:-1], 0.0)])
    return np.stack([solve(bands, heat) for heat in heats])


def loss(weights: Any, heats: Any, measured: Any, sigma: float) -> Any:
    """Return half of the mean square of the misfit, in units of the noise."""
    return 0.5 * np.mean(((temperatures(weights, heats) - measured) / sigma) ** 2)


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the loss and the arguments of one gradient."""
    heats = np.ones((2, 499))
    return loss, (np.full(6, 0.1), heats, temperatures(np.zeros(6), heats), 0.002)


def main() -> None:
    """Check the primitive, find the conductivity from noisy temperatures, and draw both."""
    run = Run(__doc__)
    rng = np.random.default_rng(0)
    bands = np.stack([rng.uniform(3, 4, 5), rng.uniform(-1, 1, 5)])
    bands[1, -1] = 0.0
    passed = check_primitive(solve, bands, rng.normal(size=5))

    n, sigma = run.steps(quick=100, full=500), 0.002
    x = np.arange(1, n) / n
    heats = np.stack([(x < 0.4) * 2.0, (x > 0.6) * 2.0])
    true = np.array([0.0, 0.5, -0.4, 0.0, 0.3, -0.2])
    clean = temperatures(true, heats)
    measured = clean + rng.normal(scale=sigma, size=clean.shape)
    every = slice(None, None, n // 50)  # the check is of a short rod, which is better conditioned
    check_grads(lambda w: loss(w, heats[:, every], measured[:, every], sigma), (true,), order=1)

    found = minimize(
        fc.value_and_grad(loss), np.zeros(6), args=(heats, measured, sigma), jac=True, method="BFGS"
    )
    k, k_true = conductivity(found.x, n), conductivity(true, n)
    error = float(np.max(np.abs(k / k_true - 1)))

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    for row, color in enumerate(("tab:red", "tab:orange")):
        left.plot(x, measured[row], ".", ms=2, color="gray", label=None if row else "measured")
        side = ("left", "right")[row]
        left.plot(x, temperatures(found.x, heats)[row], color=color, label=f"fit, heated on the {side}")
    left.set(xlabel="place along the rod", ylabel="temperature", title="temperature")
    left.legend()
    places = (np.arange(n) + 0.5) / n
    right.plot(places, np.ones(n), color="gray", lw=1, ls=":", label="start")
    right.plot(places, k_true, color="black", label="true")
    right.plot(places, k, color="tab:blue", ls="--", label="found")
    right.set(xlabel="place along the rod", ylabel="conductivity", title="conductivity")
    right.legend()
    picture = run.save(figure, "custom_primitive.png")

    assert 0.4 < found.fun < 0.6, "the misfit is not that of the noise"
    assert error < run.steps(quick=20, full=5) / 100, error
    run.finish(
        "check_grads, check_primitive, the loss and the conductivity",
        unknowns_of_the_system=n - 1,
        gradients=found.njev,
        loss=float(found.fun),
        largest_error_of_conductivity=f"{error:.2%}",
        largest_error_of_the_rules=passed.error,
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
