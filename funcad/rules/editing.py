"""Functions that leave elements out or put some in, and those that apply a function piece by piece.

Where NumPy works with integers, masks and slices, its own function finds the places, as plain numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from funcad.core.assemble import as_operand, typed
from funcad.core.elements import scatter
from funcad.core.kinds import composite
from funcad.core.primitive import strip, top_within
from funcad.core.tracer import Trace, Tracer, anywhere, plain, user_line
from funcad.errors import BatchError, LeakedTracerError, because


def flat_or(a: Any, axis: int | None) -> tuple[Any, int]:
    """Return an array and one of its axes: the elements in a row, and that row, for None."""
    if axis is None:
        a = a if np.ndim(a) == 1 else np.ravel(a)
        return a, 0
    return a, normalize_axis_index(axis, np.ndim(a))


def at(a: Any, places: Any, axis: int, like: Any) -> Any:
    """Return the elements at some places of an axis, in the memory order of another array."""
    fortran = getattr(getattr(plain(like), "flags", None), "fnc", False)
    return np.copy(a[(slice(None),) * axis + (places,)], "F" if fortran else "C")


def plain_places(name: str, obj: Any) -> Any:
    """Return what names places, as plain numbers.

    Raises:
        BatchError: they are a batch.
    """
    obj = strip(obj)
    if top_within(obj) is not None:
        raise BatchError(
            f"the places that {name} is given are a batch, which plain NumPy does not see: loop over the "
            "examples in place of vmap, or choose with np.where"
        )
    return obj


@composite(np.delete)
def _delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    arr, axis = flat_or(as_operand(arr), axis)
    obj, places = plain_places("np.delete", obj), np.arange(np.shape(arr)[axis])
    kept = np.delete(places, obj)
    if isinstance(obj, slice) or (np.size(obj) == 1 and np.asarray(obj).dtype != bool):
        return at(arr, kept, axis, arr)
    # several places are masked out, which has a memory order of its own
    return arr[(slice(None),) * axis + (np.isin(places, kept),)]


@composite(np.insert)
def _insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    arr, axis = flat_or(as_operand(arr), axis)
    obj = plain_places("np.insert", obj)
    shape, n = list(np.shape(arr)), np.shape(arr)[axis]
    values = typed(as_operand(values), arr.dtype)
    indices = np.arange(*obj.indices(n)) if isinstance(obj, slice) else np.asarray(obj)
    if indices.dtype == bool:
        indices = np.flatnonzero(indices)
    if indices.size == 1:
        missing = len(shape) - np.ndim(values)
        values = np.reshape(values, (1,) * max(missing, 0) + np.shape(values))
        if indices.ndim == 0:  # as in a[:, 0] = values, which is not a[:, [0]] = values
            values = np.moveaxis(values, 0, axis)
        shape[axis] = np.shape(values)[axis]
    else:
        shape[axis] = indices.size
    while np.ndim(values) > len(shape) and np.shape(values)[0] == 1:
        values = values[0]
    values = np.broadcast_to(values, shape)
    places = np.insert(np.arange(n), obj, n + np.arange(shape[axis]))
    return at(np.concatenate([arr, values], axis), places, axis, arr)


composite(np.resize)(np.resize.__wrapped__)  # type: ignore[attr-defined]  # NumPy's own code over joining


# --- a function applied to rows, along axes, and where a condition holds


def as_array(a: Any) -> Any:
    """Return what np.asarray makes of a value: also a number has a dtype of its own then."""
    a = as_operand(a)
    return np.reshape(a, ()) if np.ndim(a) == 0 else a


@composite(np.apply_along_axis)
def _apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    arr = as_operand(arr)
    axis = normalize_axis_index(axis, np.ndim(arr))
    rows = np.moveaxis(arr, axis, -1)
    outer = np.shape(rows)[:-1]
    if 0 in outer:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    results = [as_array(func1d(rows[(*i, ...)], *args, **kwargs)) for i in np.ndindex(outer)]
    dtype = results[0].dtype
    stacked = np.stack([typed(r, dtype) for r in results])
    inner = np.shape(stacked)[1:]
    out = np.reshape(stacked, (*outer, *inner))
    return np.moveaxis(out, tuple(range(len(outer), out.ndim)), tuple(range(axis, axis + len(inner))))


@composite(np.apply_over_axes)
def _apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    value = as_operand(a)
    n = value.ndim
    for axis in (axes,) if np.ndim(axes) == 0 else axes:
        axis = axis + n if axis < 0 else axis
        result = func(value, axis)
        if result.ndim != value.ndim:
            result = np.expand_dims(result, axis)
        if result.ndim != value.ndim:
            raise ValueError("function is not returning an array of the correct shape")
        value = result
    return value


@composite(np.piecewise)
def _piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    x, condlist = as_operand(x), strip(condlist)
    top = top_within([condlist])
    if top is not None:
        if isinstance(x, Tracer) and x.run.level > top.level:
            return in_batch(x, condlist, funclist, args, kw)
        return of_examples(top, x, condlist, funclist, args, kw)
    conditions = pieces(condlist, np.ndim(x), len(funclist))
    shape = np.shape(x)
    if shape == ():
        x, conditions = np.reshape(x, (1,)), np.reshape(conditions, (-1, 1))
    y: Any = np.zeros_like(x)
    for condition, value in zip(conditions, funclist, strict=True):
        y = with_values(y, x, condition, value, args, kw)
    return np.reshape(y, shape) if shape == () else y


def of_examples(top: Trace, x: Any, condlist: Any, funclist: Any, args: Any, kw: Any) -> Any:
    """Return the pieces under vmap, where the functions see the elements of one example at a time.

    Raises:
        BatchError: a function closes over another value of the batch.
    """
    cause: Exception | None = None
    try:
        result = top.each(_piecewise, "np.piecewise", (x, condlist, funclist, *args), kw)
        inside = result.value
        if not isinstance(inside, Tracer) or inside.run.level < top.level:
            return result
    except LeakedTracerError as e:
        cause = e
    raise because(
        BatchError(
            f"under vmap the functions of np.piecewise (at {user_line()}) are called for every example; one that "
            "computes with another value of the batch needs it as an argument: np.piecewise(x, conditions, "
            "functions, value)"
        ),
        cause,
    )


def pieces(condlist: Any, ndim: int, count: int) -> Any:
    """Return the conditions of np.piecewise, with that of the default where it has a function."""
    if np.isscalar(condlist) or (not isinstance(condlist[0], (list, np.ndarray)) and ndim != 0):
        condlist = [condlist]
    conditions = np.asarray(condlist, dtype=bool)
    n = len(conditions)
    if n == count - 1:
        return np.concatenate([conditions, ~np.any(conditions, axis=0, keepdims=True)], axis=0)
    if n != count:
        raise ValueError(f"with {n} condition(s), either {n} or {n + 1} functions are expected")
    return conditions


def with_values(y: Any, x: Any, condition: Any, value: Any, args: Any, kw: Any) -> Any:
    """Return y with the values of a function, or a value, where a condition holds, in the dtype of y."""
    if callable(value):
        given = x[condition]
        if given.size == 0:
            return y
        value = value(given, *args, **kw)
    value = typed(as_operand(value), y.dtype)
    if np.ndim(value):
        like = np.shape(np.empty(np.shape(y), bool)[condition])
        value = scatter(np.broadcast_to(value, like), condition, np.shape(y))
    rest = (1,) * (np.ndim(y) - condition.ndim)
    return np.where(np.reshape(condition, condition.shape + rest), value, y)


def in_batch(x: Any, condlist: Any, funclist: Any, args: Any, kw: Any) -> Any:
    """Return the pieces where a derivative is inside of vmap: as many elements in every example.

    Where a condition does not hold the function gets a number where it does. That is right for functions
    that act element by element, and the value tells.

    Raises:
        BatchError: the value is not that of the functions of the chosen elements alone.
    """
    single = not isinstance(condlist, (list, tuple)) and np.ndim(condlist) == 0
    if single or (np.ndim(condlist[0]) == 0 and np.ndim(x) != 0):
        condlist = [condlist]
    conditions = [np.reshape(c, np.shape(c) + (1,) * (np.ndim(x) - np.ndim(c))) for c in condlist]
    conditions = [np.logical_and(c, True) for c in conditions]
    if len(conditions) == len(funclist) - 1:
        conditions.append(np.logical_not(np.any(np.stack(conditions), axis=0)))
    y: Any = np.zeros_like(plain(x))
    for condition, value in zip(conditions, funclist, strict=True):
        if callable(value) and anywhere(condition):
            chosen = np.where(condition, plain(x), np.nan)
            while isinstance(chosen, Tracer):
                chosen = chosen.value
            chosen = chosen[~np.isnan(chosen)]
            value = value(np.ravel(np.where(condition, x, chosen[0] if chosen.size else np.nan)), *args, **kw)
            value = np.reshape(value, np.shape(x)) if np.ndim(value) else value
        if not callable(value):
            y = np.where(condition, typed(as_operand(value), y.dtype), y)
    keywords = {k: strip(v) for k, v in kw.items()}
    exact = _piecewise(plain(x), condlist, strip(list(funclist)), *strip(args), **keywords)
    if anywhere(np.not_equal(plain(y), plain(exact)) & np.logical_not(np.isnan(plain(exact)))):
        raise BatchError(
            f"np.piecewise (at {user_line()}) cannot be differentiated inside of vmap with functions that do not "
            "act element by element, or that close over a value of the batch, which may be an argument: "
            "np.piecewise(x, conditions, functions, value); or write np.where or np.select"
        )
    return y
