"""Reductions that leave out nan: those of the other elements.

The value is NumPy's own, which warns where nothing is left. In scope: `t` the tangent, `g` the cotangent,
`ans` the output, and the function's own parameters, of which `np._NoValue` are those that the call left out.
The maximum and the minimum without nan stand with the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite, general
from funcad.core.primitive import strip
from funcad.core.reducing import ABSENT, everywhere, over_twice, refuse_out, restored
from funcad.core.tracer import plain


def present(a: Any, where: Any = ABSENT) -> Any:
    """Return which elements a reduction without nan looks at."""
    mask = ~np.isnan(plain(a))
    return mask if everywhere(where) else mask & where


def filled(a: Any, with_: float) -> Any:
    """Return an array with a number in place of nan; numbers that cannot be nan as they are."""
    a = as_operand(a)
    return np.where(np.isnan(a), with_, a) if np.result_type(plain(a)).kind in "fc" else a


@composite(np.nansum)
def _nansum(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = ABSENT,
    initial: Any = ABSENT, where: Any = ABSENT,
) -> Any:  # fmt: skip
    refuse_out(out)
    return np.sum(filled(a, 0), axis, dtype, keepdims=keepdims, initial=initial, where=where)


@composite(np.nanprod)
def _nanprod(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = ABSENT,
    initial: Any = ABSENT, where: Any = ABSENT,
) -> Any:  # fmt: skip
    refuse_out(out)
    return np.prod(filled(a, 1), axis, dtype, keepdims=keepdims, initial=initial, where=where)


@composite(np.nancumsum)
def _nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    refuse_out(out)
    return np.cumsum(filled(a, 0), axis, dtype)


@composite(np.nancumprod)
def _nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    refuse_out(out)
    return np.cumprod(filled(a, 1), axis, dtype)


def present_count(a: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    """Return how many elements a reduction without nan combines, and 1 in place of 0."""
    return np.maximum(np.sum(present(a, where), axis=axis, keepdims=keepdims), 1)


def push_nanmean(t: Any, a: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    """Return the mean of the tangents."""
    t = np.where(present(a, where), t, 0)
    return np.sum(t, axis=axis, keepdims=keepdims) / present_count(a, axis, keepdims, where)


def pull_nanmean(g: Any, a: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    """Share the cotangent among the elements."""
    share = restored(g / present_count(a, axis, keepdims, where), np.shape(a), axis, keepdims)
    return np.where(present(a, where), share, 0)


def present_deviation(a: Any, mean: Any, axis: Any, where: Any) -> Any:
    """Return conj(a - mean), and zeros where the reduction does not look."""
    mask = present(a, where)
    if mean is ABSENT:
        mean = np.sum(np.where(mask, a, 0), axis=axis, keepdims=True) / present_count(a, axis, True, where)
    d = np.where(mask, a - mean, 0)
    return np.conjugate(d) if np.iscomplexobj(d) else d


def freedom(a: Any, axis: Any, keepdims: Any, where: Any, ddof: Any, correction: Any) -> Any:
    """Return the degrees of freedom; nan where none are left, and 1 where there is no element."""
    n = np.sum(present(a, where), axis=axis, keepdims=keepdims)
    left = n - (ddof if correction is ABSENT else correction)
    return np.where(np.equal(n, 0), 1, np.where(left > 0, left, np.nan))


def push_nanvar(
    t: Any, ans: Any, a: Any, mean: Any, axis: Any, ddof: Any, keepdims: Any, where: Any, correction: Any
) -> Any:
    """Return the tangent of the variance by that of the array; minus that of a given mean."""
    change = np.where(present(a, where), 2 * present_deviation(a, mean, axis, where) * t, 0)
    change = np.sum(change, axis=axis, keepdims=keepdims)
    return change / freedom(a, axis, keepdims, where, ddof, correction)


def push_nanstd(
    t: Any, ans: Any, a: Any, mean: Any, axis: Any, ddof: Any, keepdims: Any, where: Any, correction: Any
) -> Any:
    """Return the tangent of the square root of the variance."""
    change = push_nanvar(t, ans, a, mean, axis, ddof, keepdims, where, correction)
    return over_twice(change, np.where(np.isnan(ans), 1, ans))


# fmt: off
general(np.nanmean, jvp=push_nanmean, vjp=pull_nanmean, unaffected=["dtype"])
# fmt: on


def _declare_spread(fn: Any, push: Any) -> Any:
    """Declare a variance or deviation. What a given mean gets is minus what the elements get."""

    def value(
        a: Any, mean: Any = ABSENT, axis: Any = None, dtype: Any = None, ddof: Any = 0,
        keepdims: Any = ABSENT, where: Any = ABSENT, correction: Any = ABSENT,
    ) -> Any:  # fmt: skip
        given = {"keepdims": keepdims, "where": where, "mean": mean, "correction": correction}
        given = {key: v for key, v in given.items() if v is not ABSENT}
        return fn(a, axis, dtype, ddof=ddof, **given)

    p = PrimitiveFunction(value, name=f"np.{fn.__name__}")
    p.def_jvp(
        push,
        lambda t, ans, a, mean, axis, ddof, keepdims, where, correction: (
            -push(t, ans, a, mean, axis, ddof, keepdims, where, correction)
        ),
        unaffected=["dtype"],
    )

    @composite(fn)
    def _spread(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = ABSENT,
        *, where: Any = ABSENT, mean: Any = ABSENT, correction: Any = ABSENT,
    ) -> Any:  # fmt: skip
        refuse_out(out)
        return p(a, mean, axis, dtype, ddof, keepdims, strip(where), correction)

    return p


nanvar = _declare_spread(np.nanvar, push_nanvar)
nanstd = _declare_spread(np.nanstd, push_nanstd)
