"""The rates of a stiff reaction, fitted by exact sensitivities.

Robertson's problem: three substances, and rates that differ by nine orders of magnitude, over ten million
seconds. The data are made here, with noise. LSODA integrates the concentrations and, for the Jacobian, their
derivatives by the rates. The same fit by finite differences of the solver is beside it.

Run: python examples/stiff_ode.py [--quick]
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from shared import Run, plt

import funcad as fc
from funcad.scipy.integrate import solve_ivp
from funcad.testing import check_grads

RATES = np.array([0.04, 3e7, 1e4])
#: what is measured: the three substances, the second of which is a millionth of the others
SCALES = np.array([[1.0], [3e-5], [1.0]])
NOISE = 0.01


def reaction(t: float, y: Any, k: Any) -> Any:
    """Return how fast the substances grow: A -> B, 2 B -> B + C, B + C -> A + C."""
    first, second, third = k[0] * y[0], k[1] * y[1] ** 2, k[2] * y[1] * y[2]
    return np.array([third - first, first - second - third, second])


def concentrations(theta: Any, times: Any, rtol: float = 1e-6) -> Any:
    """Return the substances at some times, for the decimal logarithms of the rates."""
    tolerances: Any = {"rtol": rtol, "atol": rtol * 1e-3 * SCALES[:, 0]}
    k = 10.0**theta
    found = solve_ivp(reaction, (0.0, times[-1]), [1.0, 0.0, 0.0], "LSODA", times, args=(k,), **tolerances)
    return found.y / SCALES


class Problem:
    """The residuals of a fit, and how often the solver has run for them."""

    def __init__(self, times: Any, data: Any, rtol: float = 1e-6):
        self.times, self.data, self.rtol = times, data, rtol
        self.solves, self.seconds = 0, 0.0
        self.both = fc.value_and_jacobian(self.residuals)

    def residuals(self, theta: Any) -> Any:
        """Return the differences between model and data in units of the noise."""
        return np.ravel((concentrations(theta, self.times, self.rtol) - self.data) / (NOISE * self.data))

    def value(self, theta: Any) -> Any:
        """Return the residuals, from one run of the solver."""
        self.solves += 1
        return self.residuals(theta)

    def exact(self, theta: Any) -> Any:
        """Return the Jacobian: a run for the value, and one whose steps the sensitivities take."""
        self.solves += 2
        return self.both(theta)[1]

    def differences(self, theta: Any, step: float = 1e-4) -> Any:
        """Return the Jacobian by differences forward, with a step that suits the tolerance of the solver."""
        base = self.value(theta)
        steps = step * np.maximum(1, np.abs(theta)) * np.eye(len(theta))
        return np.stack([(self.value(theta + s) - base) / s.sum() for s in steps], axis=1)

    def fit(self, start: Any, jacobian: Callable[..., Any]) -> Any:
        """Return the solution of the least-squares problem."""
        begin = time.perf_counter()
        found = least_squares(self.value, start, jac=jacobian, max_nfev=60)
        self.seconds += time.perf_counter() - begin
        return found


def standard_errors(jacobian: Any) -> Any:
    """Return the standard errors of the parameters, where the residuals have variance 1."""
    inverse = np.linalg.inv(np.linalg.qr(jacobian)[1])
    return np.sqrt(np.sum(inverse**2, axis=1))


def digits(jacobian: Any, reference: Any) -> float:
    """Return how many digits of the worst column are right."""
    wrong = np.max(np.abs(jacobian - reference), axis=0) / np.max(np.abs(reference), axis=0)
    return float(-np.log10(np.max(wrong)))


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the sum of squares of a fit, and the arguments of one gradient."""
    times = np.logspace(-4, 7, 12)
    fit = Problem(times, concentrations(np.log10(RATES), times))
    return lambda theta: np.sum(fit.residuals(theta) ** 2), (np.log10(RATES) + 0.1,)


def main() -> None:
    """Fit the rates from several starts, in both ways, and draw the fit and the errors of the Jacobians."""
    run, rng = Run(__doc__), np.random.default_rng(0)
    times, truth = np.logspace(-4, 7, run.steps(12, 40)), np.log10(RATES)
    data = concentrations(truth, times, rtol=1e-9) * (1 + NOISE * rng.standard_normal((3, len(times))))
    exact_way, plain, other = [Problem(times, data) for _ in range(3)]
    check_grads(lambda x: np.sum(concentrations(x, times[:3], rtol=1e-10)), (truth,), order=1, rtol=1e-4)

    starts, found, failed, worse = run.steps(1, 5), [], 0, 0.0
    callback = run.progress(starts, "starts")
    for turn in range(starts):
        start = truth + rng.uniform(-0.7, 0.7, 3)
        found.append(exact_way.fit(start, exact_way.exact))
        by_differences = plain.fit(start, plain.differences)
        worse = max(worse, np.max(np.abs(by_differences.x - found[-1].x) / standard_errors(found[-1].jac)))
        usual = other.fit(start, lambda theta: other.differences(theta, step=1.5e-8))
        failed += usual.cost > 1.01 * found[-1].cost
        callback(turn, found[-1].cost)
    best = min(found, key=lambda result: result.cost)
    theta, errors = best.x, standard_errors(best.jac)
    assert np.all(np.abs(theta - truth) < 4 * errors)
    assert all(result.cost < 1.01 * best.cost for result in found), "all starts lead to the same rates"

    reference = Problem(times, data, rtol=1e-10).exact(theta)
    exact = digits(exact_way.exact(theta), reference)
    steps, grid = np.logspace(-9, -1, run.steps(3, 17)), np.logspace(-4, 7, 200)
    errors_of_steps = [digits(plain.differences(theta, step), reference) for step in steps]
    assert exact > max(errors_of_steps), (exact, errors_of_steps)

    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.4), layout="constrained")
    for curve, dots, name in zip(concentrations(theta, grid), data, ("A", "B / 3e-5", "C"), strict=True):
        (line,) = left.semilogx(grid, curve, label=name)
        left.plot(times, dots, ".", color=line.get_color())
    left.set(xlabel="seconds", ylabel="concentration", title="Robertson's reaction: made data, and the fit")
    right.semilogx(steps, errors_of_steps, "o-", label="finite differences")
    right.axhline(exact, color="black", label="exact sensitivities")
    right.set(xlabel="step", ylabel="right digits", title="The Jacobian, where the solver has rtol 1e-6")
    left.legend(), right.legend()
    rows = zip(theta, errors, truth, strict=True)
    shown = {f"log10_k{i}": f"{t:.4f} ± {e:.4f} (true {v:.4f})" for i, (t, e, v) in enumerate(rows, start=1)}
    run.finish(
        "check_grads, the rates within 4 standard errors, and one solution from all starts",
        **shown,
        exact_sensitivities=f"{exact_way.solves} runs, {exact_way.seconds:.2g} s",
        differences=f"{plain.solves} runs, {plain.seconds:.2g} s",
        differences_off_by=f"{worse:.2g} standard errors",
        with_the_step_of_least_squares=f"{failed} of {starts} fits fail",
        digits_of_the_Jacobian=f"{exact:.4g}, by differences with the best step {max(errors_of_steps):.4g}",
        picture=run.save(figure, "stiff_ode.png").name,
    )


if __name__ == "__main__":
    main()
