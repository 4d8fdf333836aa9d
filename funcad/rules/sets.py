"""Functions that treat arrays as sets, and others that choose elements by their values.

The value is NumPy's own. Each element of the result has the mean of the derivatives of the elements that equal it. In
scope: `t` the tangent, `ans` the output, and the function's own parameters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from funcad.core.assemble import as_operand
from funcad.core.elements import scatter
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite
from funcad.core.tracer import plain


def _matches(ans: Any, a: Any) -> tuple[Any, Any, Any]:
    """Return for each element of `a` a place in `ans` and whether it is there, and where equal ones of `ans` look."""
    order = np.argsort(ans, kind="stable")
    values = ans[order]
    # nan is sorted to the end, where the search finds the first one
    into = np.minimum(np.searchsorted(values, a), max(values.size - 1, 0))
    found = values[into] if values.size else a
    there = (np.equal(found, a) | (np.isnan(found) & np.isnan(a))) & bool(values.size)
    return into, there, np.searchsorted(values, ans)


matches = PrimitiveFunction(_matches)
matches.def_constant()


def mean_of_equals(t: Any, ans: Any, a: Any, *others: Any) -> Any:
    """Return for each element of the result the mean of the tangents of its equals in `a`, and in other arrays."""
    size = np.size(ans)
    if not size:
        return np.zeros(0)
    into, there, own = matches(plain(ans), np.ravel(plain(a)))
    total = scatter(np.where(there, np.ravel(t), 0), into, (size,))
    number = scatter(np.where(there, 1.0, 0.0), into, (size,))
    for x in others:
        into, there, _ = matches(plain(ans), np.ravel(plain(x)))
        number = number + scatter(np.where(there, 1.0, 0.0), into, (size,))
    return (total / np.maximum(number, 1.0))[own]


def _rows(a: Any, axis: int) -> tuple[Any, Any]:
    """Return which row of the distinct ones each row along an axis is, and how often that one stands there."""
    _, inverse, counts = np.unique(a, return_inverse=True, return_counts=True, axis=axis)
    return np.ravel(inverse), counts


rows = PrimitiveFunction(_rows)
rows.def_constant()


def push_distinct(t: Any, ans: Any, ar: Any, axis: int | None) -> Any:
    """Return the mean of the tangents of equal elements, or of equal rows along an axis."""
    if axis is None:
        return mean_of_equals(t, ans, ar)
    inverse, counts = rows(plain(ar), axis)
    t, shape = np.moveaxis(t, axis, 0), np.shape(np.moveaxis(ans, axis, 0))
    number = np.reshape(counts, (-1,) + (1,) * (len(shape) - 1))
    return np.moveaxis(scatter(t, inverse, shape) / number, 0, axis)


def asked_of(asked: tuple[bool, ...]) -> dict[str, Any]:
    """Return the keywords by which places and counts are asked for."""
    return dict(zip(("return_index", "return_inverse", "return_counts"), asked, strict=True))


def _distinct(ar: Any, axis: Any, equal_nan: bool, sorted: bool, asked: Any) -> Any:
    # which of equal elements NumPy takes, 0 or -0, depends on what it is asked for
    out: Any = np.unique(ar, **asked_of(asked), axis=axis, equal_nan=equal_nan, sorted=sorted)
    return out[0] if any(asked) else out


def _with_places(ar: Any, axis: Any, equal_nan: bool, asked: Any) -> Any:
    out: Any = np.unique(ar, **asked_of(asked), axis=axis, equal_nan=equal_nan)
    return out[1:]


def _common_places(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    return np.intersect1d(ar1, ar2, assume_unique, return_indices=True)[1:]


distinct = PrimitiveFunction(_distinct, name="np.unique")
distinct.def_jvp(push_distinct, unaffected=["equal_nan", "sorted", "asked"])
#: the places and counts that np.unique returns on request, as plain numbers
with_places = PrimitiveFunction(_with_places, name="np.unique")
with_places.def_constant()
common_places = PrimitiveFunction(_common_places, name="np.intersect1d")
common_places.def_constant()


@composite(np.unique)
def _unique(
    ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False,
    axis: Any = None, *, equal_nan: bool = True, sorted: bool = True,
) -> Any:  # fmt: skip
    ar = as_operand(ar)
    if axis is not None and normalize_axis_index(axis, np.ndim(ar)) == 0 and np.ndim(ar) == 1:
        axis = None
    asked = bool(return_index), bool(return_inverse), bool(return_counts)
    values = distinct(ar, axis, equal_nan, sorted, asked)
    return (values, *with_places(ar, axis, equal_nan, asked)) if any(asked) else values


for _name in ("unique_all", "unique_counts", "unique_inverse", "unique_values", "union1d"):
    # NumPy's own code over np.unique
    _fn = getattr(np, _name)
    composite(_fn)(_fn.__wrapped__)


def _of_two(fn: Any, name: str) -> PrimitiveFunction[Any, Any]:
    """Declare the values that a function of two sets returns."""

    def value(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
        return fn(ar1, ar2, assume_unique)

    p = PrimitiveFunction(value, name=name)
    p.def_jvp(
        lambda t, ans, ar1, ar2: mean_of_equals(t, ans, ar1, ar2),
        lambda t, ans, ar1, ar2: mean_of_equals(t, ans, ar2, ar1),
        unaffected=["assume_unique"],
    )
    return p


def _common_with_places(ar1: Any, ar2: Any, assume_unique: bool) -> Any:
    return np.intersect1d(ar1, ar2, assume_unique, return_indices=True)[0]


common = _of_two(np.intersect1d, "np.intersect1d")
common_with_places = _of_two(_common_with_places, "np.intersect1d")
either = _of_two(np.setxor1d, "np.setxor1d")
only_first = _of_two(np.setdiff1d, "np.setdiff1d")


@composite(np.intersect1d)
def _intersect1d(ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    if not return_indices:
        return common(ar1, ar2, assume_unique)
    return (common_with_places(ar1, ar2, assume_unique), *common_places(ar1, ar2, assume_unique))


@composite(np.setxor1d)
def _setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    return either(ar1, ar2, assume_unique)


@composite(np.setdiff1d)
def _setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    return only_first(ar1, ar2, assume_unique)


# --- by order, by zeros


@composite(np.sort_complex)
def _sort_complex(a: Any) -> Any:
    b = np.sort(as_operand(a))
    return b if np.iscomplexobj(b) else b.astype(np.result_type(b.dtype, np.complex128))


def window(filt: Any, trim: str, axis: Any) -> tuple[slice, ...]:
    """Return which elements are left when the zeros at the ends are trimmed along some axes."""
    filt, ndim = plain(filt), np.ndim(filt)
    axes = range(ndim) if axis is None else normalize_axis_tuple(axis, ndim)
    places = np.argwhere(filt)
    if not len(places):
        return tuple([slice(0, 0) if k in axes else slice(None) for k in range(ndim)])
    first, last = places.min(0), places.max(0) + 1
    front, back = "f" in trim.lower(), "b" in trim.lower()
    return tuple([
        slice(int(first[k]) if front else None, int(last[k]) if back else None) if k in axes else slice(None)
        for k in range(ndim)
    ])  # fmt: skip


def _trim_zeros(filt: Any, trim: Any = "fb", axis: Any = None) -> Any:
    return np.trim_zeros(filt, trim, axis)


trimmed = PrimitiveFunction(_trim_zeros, name="np.trim_zeros")
trimmed.def_jvp(lambda t, filt, trim, axis: t if np.ndim(filt) == 0 else t[window(filt, trim, axis)])


@composite(np.trim_zeros)
def _trim_zeros_any(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    return trimmed(filt, trim, axis)
