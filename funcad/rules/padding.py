"""Padding: what is put around an array is chosen among its elements, or computed from them.

In scope: `t` the tangent, `g` the cotangent, and the parameters of np.pad.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import composite
from funcad.errors import UnsupportedArgumentError


def widths(pad_width: Any, ndim: int) -> list[tuple[int, int]]:
    """Return the pair of widths of every axis."""
    if isinstance(pad_width, dict):
        given = {k % ndim: w if isinstance(w, tuple) else (w, w) for k, w in pad_width.items()}
        return [given.get(k, (0, 0)) for k in range(ndim)]
    return [(int(a), int(b)) for a, b in np.broadcast_to(pad_width, (ndim, 2))]


def inner(g: Any, pad_width: Any) -> Any:
    """Cut off what was padded."""
    pairs = zip(g.shape, widths(pad_width, g.ndim), strict=True)
    return g[tuple([slice(before, n - after) for n, (before, after) in pairs])]


def _padded(array: Any, pad_width: Any, constant_values: Any = 0) -> Any:
    return np.pad(array, pad_width, constant_values=constant_values)


padded = PrimitiveFunction(_padded, name="np.pad")
padded.def_jvp(lambda t, pad_width: np.pad(t, pad_width), unaffected=["constant_values"])
padded.def_vjp(lambda g, pad_width: inner(g, pad_width))


def numbers_around(x: Any, axis: int, width: tuple[int, int], given: Any) -> list[Any]:
    """Return the given numbers as often as they stand before and after an array."""
    shapes = [(*x.shape[:axis], w, *x.shape[axis + 1 :]) for w in width]
    return [np.broadcast_to(given[k], shapes[k]) for k in (0, 1)]


def ramps_around(x: Any, axis: int, width: tuple[int, int], given: Any) -> list[Any]:
    """Return the numbers between the given ones and the edges of an array."""
    before, after = (
        np.linspace(given[k], np.take(x, -k, axis), width[k], endpoint=False, axis=axis) for k in (0, 1)
    )
    return [before, np.flip(after, axis)]


def statistic_around(statistic: Any) -> Any:
    """Return the function that gives a statistic of as many elements as given, from both ends."""

    def around(x: Any, axis: int, width: tuple[int, int], given: Any) -> list[Any]:
        n = x.shape[axis]
        first, last = (n if k is None else min(int(k), n) for k in given)
        parts = np.take(x, np.arange(first), axis), np.take(x, np.arange(n - last, n), axis)
        return [np.repeat(statistic(parts[k], axis=axis, keepdims=True), width[k], axis) for k in (0, 1)]

    return around


#: by mode, what is put around an array, and the keyword for the numbers that this takes
_AROUND: Final = {
    "constant": (numbers_around, "constant_values"),
    "linear_ramp": (ramps_around, "end_values"),
    "maximum": (statistic_around(np.max), "stat_length"),
    "mean": (statistic_around(np.mean), "stat_length"),
    "median": (statistic_around(np.median), "stat_length"),
    "minimum": (statistic_around(np.min), "stat_length"),
}

_DEFAULTS: Final = {"constant_values": 0, "end_values": 0}
#: modes that read elements again
_READING: Final = ("edge", "reflect", "symmetric", "wrap")

computed = twin(np.pad, "np.pad")


@computed.def_composite(own_value=True)
def _computed(x: Any, pad_width: Any, mode: str, reflect_type: str = "even", **kwargs: Any) -> Any:
    around, key = _AROUND.get(mode, (None, ""))
    pairs = np.broadcast_to(as_operand(kwargs.get(key, _DEFAULTS.get(key))), (x.ndim, 2))
    for axis, width in enumerate(widths(pad_width, x.ndim)):
        if width == (0, 0):
            continue
        if around is not None:
            before, after = around(x, axis, width, pairs[axis])
            x = np.concatenate([before, x, after], axis)
            continue
        # each new element of a reflection is a sum of old ones
        unit = np.eye(x.shape[axis], dtype=x.dtype)
        sums = np.pad(unit, (width, (0, 0)), mode, reflect_type=reflect_type)  # type: ignore[call-overload]
        x = np.moveaxis(np.tensordot(sums, x, (1, axis)), 0, axis)
    return x


@composite(np.pad)
def _pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    array = as_operand(array)
    if mode == "empty" or (mode == "constant" and not contains_tracer(kwargs.get("constant_values"))):
        return padded(array, pad_width, **kwargs)
    if mode in _AROUND or (mode in _READING and kwargs.get("reflect_type", "even") != "even"):
        return computed(array, pad_width, mode, **kwargs)
    if mode not in _READING:
        raise UnsupportedArgumentError(
            f"np.pad has no derivative rule for mode={mode!r}; join the parts with np.concatenate"
        )
    for axis, width in enumerate(widths(pad_width, array.ndim)):
        if width != (0, 0):
            places = np.pad(np.arange(array.shape[axis]), width, mode, **kwargs)
            array = np.take(array, places, axis)
    return array
