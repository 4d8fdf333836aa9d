"""What tests and regressions of `scipy.stats` return, in SciPy's own classes: made of traced values, and taken apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import stats
from scipy.stats._result_classes import PearsonRResult, TtestResult

from funcad.core.tracer import Tracer

LinregressResult: Final = type(stats.linregress([0.0, 1.0, 2.0], [0.0, 1.0, 3.0]))
#: a result is no operand
OPERATORS: Final[dict[str, Callable[..., Any]]] = defaultdict(lambda: lambda x, y: NotImplemented)


class Namespace:
    """NumPy as a result asks for it: a traced value is an array already."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def asarray(self, x: Any, **kwargs: Any) -> Any:
        """Return an array, or the traced value."""
        return x if isinstance(x, Tracer) else np.asarray(x, **kwargs)


def correlated(statistic: Any, pvalue: Any, alternative: str, n: int, x: Any = None, y: Any = None) -> Any:
    """Return the result of a correlation; the samples, along the last axis, are for resampling alone."""
    return PearsonRResult(
        statistic, pvalue, alternative=alternative, n=np.asarray(n, float), x=x, y=y, axis=-1
    )


def tested(numbers: tuple[Any, ...], side: int) -> Any:
    """Return the result of Student's test, of all numbers that it holds."""
    statistic, pvalue, df, error, estimate = numbers
    result = TtestResult.__new__(TtestResult, statistic, pvalue)
    # not through __init__, which asks numbers for their dtype and namespace
    vars(result).update(
        df=df,
        _alternative=side,
        _standard_error=error,
        _estimate=estimate,
        _statistic_np=statistic,
        _dtype=getattr(statistic, "dtype", None),
        _xp=Namespace(),
    )
    return result


def fitted(slope: Any, intercept: Any, rvalue: Any, pvalue: Any, stderr: Any, intercept_stderr: Any) -> Any:
    """Return the result of a regression."""
    return LinregressResult(slope, intercept, rvalue, pvalue, stderr, intercept_stderr=intercept_stderr)


#: by class, the fields that hold numbers, those that do not, and what makes a result of both
FORMS: Final[dict[type, tuple[tuple[str, ...], tuple[str, ...], Callable[..., Any]]]] = {
    PearsonRResult: (
        ("statistic", "pvalue"),
        ("_alternative", "_n"),
        lambda r, p, alternative, n: correlated(r, p, alternative, n),
    ),
    TtestResult: (
        ("statistic", "pvalue", "df", "_standard_error", "_estimate"),
        ("_alternative",),
        lambda *held: tested(held[:-1], held[-1]),
    ),
    LinregressResult: (
        ("slope", "intercept", "rvalue", "pvalue", "stderr", "intercept_stderr"),
        (),
        fitted,
    ),
}


def tree_of(cls: type) -> tuple[Any, Any] | None:
    """Return how a class is taken apart into numbers, and put together; None for others."""
    if cls not in FORMS:
        return None
    numbers, others, make = FORMS[cls]

    def take_apart(x: Any) -> tuple[Any, ...]:
        held = tuple([v if isinstance(v, str) else int(v) for v in [getattr(x, name) for name in others]])
        return tuple([getattr(x, name) for name in numbers]), held, numbers

    return take_apart, lambda held, children: make(*children, *held)
