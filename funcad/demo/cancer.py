"""Logistic regression on breast-cancer data by Newton's method with the exact Hessian.

The 30 features are standardised. The classes are all but separable, so that the coefficients
of largest likelihood are huge and ill determined; a ridge of strength 1 on the coefficients (not on
the intercept) makes the fit well posed, as scikit-learn's default does. The standard errors
are the roots of the diagonal of the inverse Hessian of this penalised loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import funcad
from funcad.demo.pictures import BLUE, GREY, ORANGE, picture

if TYPE_CHECKING:
    from funcad.demo.report import Report

RIDGE = 1.0


def loss(theta: Any, X: Any, sign: Any) -> Any:
    """Return the penalised negative log-likelihood; theta holds the intercept first."""
    margin = sign * (theta[0] + X @ theta[1:])
    return np.sum(np.logaddexp(0.0, -margin)) + 0.5 * RIDGE * np.sum(theta[1:] ** 2)


def newton(report: Report, X: Any, sign: Any, turns: int = 12) -> tuple[Any, Any, list[float]]:
    """Return the fitted parameters, the Hessian there, and the norm of the gradient at every turn."""
    gradient, hessian = funcad.grad(loss), funcad.hessian(loss)
    theta = np.zeros(X.shape[1] + 1)
    norms = []
    for _ in report.track(range(turns), "Newton's method"):
        g = gradient(theta, X, sign)
        norms.append(float(np.linalg.norm(g)))
        if norms[-1] < 1e-11:
            break
        theta = theta - np.linalg.solve(hessian(theta, X, sign), g)
    return theta, hessian(theta, X, sign), norms


def fit_by_sklearn(X: Any, y: Any) -> Any:
    """Return intercept and coefficients of the same penalised fit by scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    # C is the inverse of the ridge; the intercept is not penalised by this solver
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cholesky", tol=1e-12, max_iter=200)
    model.fit(X, y)
    return np.concatenate([model.intercept_, model.coef_[0]])


def run(report: Report) -> None:
    """Fit, compare with scikit-learn, and draw the coefficients with their standard errors."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    X = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    y = data.target  # 1 is benign
    sign = np.where(y == 1, 1.0, -1.0)
    theta, H, norms = newton(report, X, sign)
    errors = np.sqrt(np.diag(np.linalg.inv(H)))
    theirs = fit_by_sklearn(X, y)
    report.at_most("gradient at the fit", 1e-8, norms[-1])
    report.at_most("coefficients / scikit-learn's - 1", 1e-6, np.max(np.abs(theta / theirs - 1)))
    report.at_most("Hessian - textbook formula", 1e-12, _hessian_error(theta, X, sign, H))
    accuracy = np.mean((theta[0] + X @ theta[1:] > 0) == y)
    report.say(f"{len(norms)} turns, ridge {RIDGE}, {accuracy:.1%} of the cases right")

    order = np.argsort(theta[1:])
    with picture(report.picture("cancer.png"), 9.0, 7.6) as figure:
        axes = figure.subplots()
        rows = np.arange(len(order))
        axes.axvline(0, color=GREY, lw=1)
        axes.errorbar(
            theta[1:][order],
            rows,
            xerr=1.96 * errors[1:][order],
            fmt="o",
            color=BLUE,
            ecolor="#9dc0e0",
            elinewidth=4,
            ms=5,
            label="Newton with the exact Hessian, 95 % interval",
        )
        axes.plot(theirs[1:][order], rows, "x", color=ORANGE, ms=7, mew=1.5, label="scikit-learn")
        axes.set_yticks(rows, [str(data.feature_names[k]) for k in order])
        axes.set_ylim(-0.8, len(order) - 0.2)
        axes.set_xlabel("coefficient of the standardised feature (positive: towards benign)")
        axes.set_title("Breast cancer: coefficients and standard errors from the inverse Hessian", pad=26)
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2, handletextpad=0.4
        )


def _hessian_error(theta: Any, X: Any, sign: Any, H: Any) -> float:
    """Return how far a Hessian is from the formula in the textbooks."""
    p = 1 / (1 + np.exp(-sign * (theta[0] + X @ theta[1:])))
    with_ones = np.column_stack([np.ones(len(X)), X])
    ridge = RIDGE * np.diag([0.0] + [1.0] * X.shape[1])
    formula = with_ones.T * (p * (1 - p)) @ with_ones + ridge
    return float(np.max(np.abs(H - formula)) / np.max(np.abs(formula)))
