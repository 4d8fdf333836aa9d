"""The distributions of whole numbers.

k is the number, further names are the shapes. In place of the motion of a quantile, which is a step, a row has
-(dF / da) over the probability of k.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.tracer import plain
from funcad.rules.scipy.special import HURWITZ
from funcad.rules.scipy.stats.entries import INF, discrete
from funcad.rules.scipy.stats.functions import log1mexp, lower, part, upper
from funcad.rules.slopes.families import beta_slope


def choices(n: Any, k: Any) -> Any:
    """The logarithm of the number of ways to choose k of n."""
    return special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)


def failures(k: Any, n: Any, p: Any) -> Any:
    """I(n, k + 1) at p by n: the motion of a beta number, times its density over the probability."""
    return (n + k) / p * beta_slope(p, 1 - p, n, k + 1)


def two_sided(k: Any, below: Any, above: Any) -> Any:
    """One formula for negative k, one for the others."""
    return np.where(np.less(plain(k), 0), below, above)


# fmt: off
discrete("bernoulli", lambda k, p: special.xlogy(k, p) + special.xlog1py(1 - k, -p), lambda k, p: (1 - k) / (1 - p), support=(0, 1),
         mean=lambda p: p, var=lambda p: p * (1 - p), entropy=lambda p: special.entr(p) + special.entr(1 - p))
discrete("binom",     lambda k, n, p: choices(n, k) + special.xlogy(k, p) + special.xlog1py(n - k, -p), None,
         lambda k, n, p: (n - k) / (1 - p), support=(0, lambda n, p: n), whole=("n",),
         below=lambda k, n, p: (n - k) / (1 - p) * part(1 - p, p, n - k, k + 1), above=lambda k, n, p: (n - k) / (1 - p) * part(p, 1 - p, k + 1, n - k),
         mean=lambda n, p: n * p, var=lambda n, p: n * p * (1 - p))
discrete("nbinom",    lambda k, n, p: special.gammaln(n + k) - special.gammaln(k + 1) - special.gammaln(n) + n * np.log(p) + special.xlog1py(k, -p),
         failures, lambda k, n, p: -(n + k) / p,
         below=lambda k, n, p: (n + k) / p * part(p, 1 - p, n, k + 1), above=lambda k, n, p: (n + k) / p * part(1 - p, p, k + 1, n),
         mean=lambda n, p: n * (1 - p) / p, var=lambda n, p: n * (1 - p) / (p * p))
discrete("geom",      lambda k, p: special.xlog1py(k - 1, -p) + np.log(p), lambda k, p: -k / p, support=(1, INF),
         logcdf=lambda k, p: log1mexp(-k * np.log1p(-p)), logsf=lambda k, p: k * np.log1p(-p),
         mean=lambda p: 1 / p, var=lambda p: (1 - p) / (p * p))
discrete("poisson",   lambda k, mu: special.xlogy(k, mu) - special.gammaln(k + 1) - mu, lambda k, mu: 1.0 + 0.0 * k,
         # F = gammaincc(k + 1, mu), whose slope is the probability of k
         below=lambda k, mu: upper(mu, k + 1), above=lambda k, mu: lower(mu, k + 1),
         mean=lambda mu: mu, var=lambda mu: mu)
discrete("betabinom", lambda k, n, a, b: choices(n, k) + special.betaln(k + a, n - k + b) - special.betaln(a, b), None, None, None,
         support=(0, lambda n, a, b: n), whole=("n",),
         mean=lambda n, a, b: n * a / (a + b), var=lambda n, a, b: n * a * b * (a + b + n) / ((a + b) ** 2 * (a + b + 1)))
discrete("planck",    lambda k, lambda_: log1mexp(lambda_) - lambda_ * k, lambda k, lambda_: -(k + 1) / np.expm1(lambda_),
         logcdf=lambda k, lambda_: log1mexp(lambda_ * (k + 1)), logsf=lambda k, lambda_: -lambda_ * (k + 1),
         mean=lambda lambda_: 1 / np.expm1(lambda_), var=lambda lambda_: np.exp(-lambda_) / np.expm1(-lambda_) ** 2)
discrete("logser",    lambda k, p: k * np.log(p) - np.log(k) - np.log(-np.log1p(-p)), None, support=(1, INF))
discrete("zipf",      lambda k, a: -a * np.log(k) - np.log(HURWITZ(a, 1.0)), None, support=(1, INF), mean=lambda a: HURWITZ(a - 1, 1.0) / HURWITZ(a, 1.0))
discrete("dlaplace",  lambda k, a: np.log(np.tanh(0.5 * a)) - a * np.abs(k),
         lambda k, a: -two_sided(k, (k + 1 - special.expit(a)) * special.expit(a), (k + special.expit(a)) * special.expit(-a)) / np.tanh(0.5 * a),
         support=(-INF, INF), mean=lambda a: 0.0 * a, var=lambda a: 0.5 / np.sinh(0.5 * a) ** 2,
         logcdf=lambda k, a: two_sided(k, a * k + special.log_expit(a), np.log1p(-np.exp(-a * np.maximum(k, 0.0) + special.log_expit(-a)))),
         logsf=lambda k, a: two_sided(k, np.log1p(-np.exp(a * np.minimum(k, 0.0) + special.log_expit(a))), -a * k + special.log_expit(-a)))
# fmt: on
