"""A Gaussian process forecasts the carbon dioxide above Mauna Loa.

The covariance is a sum of a trend whose slope may wander, changes from month to month, a season whose shape
may drift, and noise. Its parameters maximise the marginal likelihood, in scikit-learn for comparison too.

Run: python examples/gaussian_process.py [--quick]
"""

import warnings
from typing import Any

import numpy as np
from scipy.optimize import minimize
from shared import Run, plt

import funcad as fc
from funcad.testing import check_grads

#: variance and length (in years) of trend and changes; variance, life and smoothness of the season; noise
START = np.log([4000.0, 70.0, 0.4, 1.2, 6.0, 90.0, 1.3, 0.04])


def matern(distance: Any, length: Any) -> Any:
    """Return the correlation of a process whose slope is a random walk at close range (nu = 3/2)."""
    scaled = np.sqrt(3.0) * np.abs(distance) / length
    return (1 + scaled) * np.exp(-scaled)


def covariance(hyper: Any, a: Any, b: Any) -> Any:
    """Return the covariance of the signal at two sets of times, from the logarithms of the parameters."""
    trend, long, change, short, season, life, smooth, _ = np.exp(hyper)
    d = a[:, None] - b[None, :]
    yearly = np.exp(-2 * (np.sin(np.pi * d) / smooth) ** 2 - 0.5 * (d / life) ** 2)
    return trend * matern(d, long) + change * np.exp(-np.abs(d) / short) + season * yearly


def log_likelihood(hyper: Any, t: Any, y: Any) -> Any:
    """Return the logarithm of the marginal likelihood (Rasmussen and Williams, equation 2.30)."""
    L = np.linalg.cholesky(covariance(hyper, t, t) + np.exp(hyper[-1]) * np.eye(len(t)))
    white = np.linalg.solve(L, y)
    return -0.5 * white @ white - np.sum(np.log(np.diag(L))) - 0.5 * len(t) * np.log(2 * np.pi)


def forecast(hyper: Any, t: Any, y: Any, new: Any) -> tuple[Any, Any]:
    """Return mean and standard deviation of observations at new times."""
    noise = np.exp(hyper[-1])
    cross = covariance(hyper, t, new)
    K = covariance(hyper, t, t) + noise * np.eye(len(t))
    variance = np.diag(covariance(hyper, new, new)) - np.sum(cross * np.linalg.solve(K, cross), axis=0)
    return cross.T @ np.linalg.solve(K, y), np.sqrt(variance + noise)


def by_sklearn(t: Any, y: Any) -> float:
    """Return the log marginal likelihood that scikit-learn reaches with the same kernel and start."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, ExpSineSquared, Matern, WhiteKernel

    p = np.exp(START)
    wide = (1e-5, 1e6)
    yearly = ExpSineSquared(p[6], 1.0, length_scale_bounds=wide, periodicity_bounds="fixed")
    kernel = (
        ConstantKernel(p[0], wide) * Matern(p[1], wide, nu=1.5)
        + ConstantKernel(p[2], wide) * Matern(p[3], wide, nu=0.5)
        + ConstantKernel(p[4], wide) * RBF(p[5], wide) * yearly
        + WhiteKernel(p[7], wide)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says so where it has not converged
        model = GaussianProcessRegressor(kernel, alpha=0.0).fit(t[:, None], y)
    return float(model.log_marginal_likelihood_value_)


def monthly() -> tuple[Any, Any]:
    """Return the times in years, and the monthly means in parts per million, without the gaps."""
    from statsmodels.datasets import co2

    means = co2.load().data["co2"].resample("MS").mean().dropna()
    return np.array(means.index.year + (means.index.month - 0.5) / 12), means.to_numpy()


def problem() -> tuple[Any, tuple[Any, ...]]:
    """Return the log-likelihood and its arguments at the start of the fit."""
    t, y = monthly()
    known = t < 1992
    return log_likelihood, (START, t[known], y[known] - np.mean(y[known]))


def main() -> None:
    """Fit the years before 1992, forecast what follows, and draw it with what was measured."""
    run = Run(__doc__)
    t, y = monthly()
    first, last = run.steps(1984, 1958), run.steps(1995, 2002)
    known, later = (t >= first) & (t < 1992), (t >= 1992) & (t < last)
    centre = np.mean(y[known])
    data = t[known], y[known] - centre
    # all parameters 1: a covariance that is well conditioned, as finite differences must have it
    check_grads(lambda h: log_likelihood(h, data[0][:20], data[1][:20]), (np.zeros(len(START)),), order=1)

    turns = 300
    evidence = fc.value_and_grad(log_likelihood)
    begin = float(log_likelihood(START, *data))
    show = run.progress(turns, "fit")

    def negative(hyper: Any) -> tuple[float, Any]:
        value, gradient = evidence(hyper, *data)
        show(0, -value)
        return -float(value), -gradient

    bounds = [(np.log(1e-5), np.log(1e6))] * len(START)
    options = {"maxfun": turns, "ftol": 1e-13, "gtol": 1e-4}
    found = minimize(negative, START, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    theirs = by_sklearn(*data)
    mean, deviation = forecast(found.x, *data, t[later])
    error = y[later] - centre - mean
    inside = float(np.mean(np.abs(error) < 1.96 * deviation))

    grid = np.arange(first + 1 / 24, last, 1 / 24)
    centre_line, width = forecast(found.x, *data, grid)
    figure, axes = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for ax, start in zip(axes, (first, 1988), strict=True):
        seen = grid >= start
        low, high = (centre + centre_line + s * 1.96 * width for s in (-1, 1))
        ax.fill_between(grid[seen], low[seen], high[seen], color="tab:blue", alpha=0.25, label="95 % band")
        ax.plot(grid[seen], (centre + centre_line)[seen], color="tab:blue", lw=1, label="mean")
        ax.plot(t[known & (t >= start)], y[known & (t >= start)], ".", ms=3, color="black", label="fitted")
        ax.plot(t[later], y[later], ".", ms=3, color="tab:red", label="measured later")
        ax.axvline(1992, color="gray", lw=1, ls=":")
        ax.set(xlabel="year", ylabel="CO2, parts per million")
    axes[0].set_title("carbon dioxide at Mauna Loa")
    axes[1].set_title("the forecast from 1992 on")
    axes[0].legend(loc="upper left")
    picture = run.save(figure, "gaussian_process.png")

    assert -found.fun > begin + 1, "no gain"
    assert -found.fun >= theirs - 1e-6 * abs(theirs), (-found.fun, theirs)
    assert inside > 0.8, inside
    run.finish(
        "check_grads, the likelihood against scikit-learn's, and the band",
        months=len(data[0]),
        log_likelihood=f"{-found.fun:.4f} (start {begin:.2f}, scikit-learn {theirs:.4f})",
        gradients=found.nfev,
        root_mean_square_error=f"{np.sqrt(np.mean(error**2)):.2f} ppm over {len(error)} months",
        inside_the_band=f"{inside:.0%}",
        picture=picture.name,
    )


if __name__ == "__main__":
    main()
