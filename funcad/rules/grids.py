"""The index objects `r_`, `c_`, `mgrid` and `ogrid` of NumPy, for traced values too."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.assemble import contains_tracer, typed
from funcad.core.primitive import registry
from funcad.core.tracer import Tracer, plain
from funcad.errors import UnsupportedArgumentError


def holds_tracer(key: Any) -> bool:
    """Tell whether a key, or a slice among its parts, holds a traced value."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(
        [contains_tracer([p.start, p.stop, p.step] if isinstance(p, slice) else p) for p in parts]
    )  # fmt: skip


def ends(part: slice) -> tuple[Any, Any, Any]:
    """Return the start, the stop and the step of a slice, as NumPy fills them in."""
    return 0 if part.start is None else part.start, part.stop, 1 if part.step is None else part.step


class Joiner:
    """An object that joins what stands in its brackets: `r_` along the first axis, `c_` as columns."""

    def __init__(self, numpys: Any, axis: int, ndmin: int, trans1d: int) -> None:
        self._numpys = numpys
        self._axis, self._ndmin, self._trans1d = axis, ndmin, trans1d

    def __getitem__(self, key: Any) -> Any:
        if not holds_tracer(key):
            return self._numpys[key]
        axis, ndmin, trans1d = self._axis, self._ndmin, self._trans1d
        parts = list(key) if isinstance(key, tuple) else [key]
        if isinstance(parts[0], str):
            axis, ndmin, trans1d = self._directive(parts.pop(0))
        arrays, kinds = [], []
        for part in parts:
            array, kind = one_part(part, ndmin, trans1d)
            arrays.append(array)
            kinds.append(kind)
        dtype = np.result_type(*kinds)
        return np.concatenate([with_axes(typed(a, dtype), ndmin) for a in arrays], axis=axis)

    def _directive(self, text: str) -> tuple[int, int, int]:
        """Return axis, least number of axes and place of the given axes from a text such as '0,2'."""
        if text in ("r", "c"):
            raise UnsupportedArgumentError(
                f"r_[{text!r}, ...] makes a numpy.matrix, which has no derivative rules; leave the text out"
            )
        given = [int(n) for n in text.split(",")]
        defaults = [self._axis, self._ndmin, self._trans1d]
        axis, ndmin, trans1d = given + defaults[len(given) :]
        return axis, ndmin, trans1d

    def __len__(self) -> int:
        return 0


def with_axes(a: Any, ndmin: int) -> Any:
    """Return an array with axes of length 1 in front, until it has some number of axes."""
    return np.reshape(a, (1,) * max(ndmin - np.ndim(a), 0) + np.shape(a))


def one_part(part: Any, ndmin: int, trans1d: int) -> tuple[Any, Any]:
    """Return one part of what is joined, and what decides on its dtype: the dtype, or a number."""
    if isinstance(part, slice):
        start, stop, step = ends(part)
        if isinstance(plain(step), complex):
            array = np.linspace(start, stop, int(abs(plain(step))))
        else:
            array = registry[np.arange].apply((start, stop, step), {})
        if ndmin > 1:
            array = with_axes(array, ndmin)
            array = np.swapaxes(array, -1, trans1d) if trans1d != -1 else array
        return array, array.dtype
    if isinstance(part, str):
        raise ValueError("special directives must be the first entry.")
    value = plain(part)
    if not isinstance(value, Tracer) and np.isscalar(value):
        return part, value
    array = registry[np.asarray].apply((part,), {})
    missing = ndmin - np.ndim(array)
    wide = with_axes(array, ndmin)
    if trans1d != -1 and missing > 0:
        k = trans1d + missing + 1 if trans1d < 0 else trans1d
        order = list(range(ndmin))
        wide = np.transpose(wide, order[:k] + order[missing:] + order[k:missing])
    return wide, array.dtype


class Mesh:
    """An object that makes coordinates of the slices in its brackets: full ones, or sparse ones."""

    def __init__(self, numpys: Any, sparse: bool) -> None:
        self._numpys, self._sparse = numpys, sparse

    def __getitem__(self, key: Any) -> Any:
        if not holds_tracer(key):
            return self._numpys[key]
        if not isinstance(key, tuple):
            return coordinates(key)
        kinds: list[Any] = [0]
        sizes: list[int] = []
        for part in key:
            start, stop, step = (plain(v) for v in ends(part))
            span = abs(step) if isinstance(step, complex) else step
            sizes.append(int(span) if isinstance(step, complex) else math.ceil((stop - start) / step))
            kinds += [start, stop, span]
        dtype = np.result_type(*kinds)
        axes = []
        for k, (part, size) in enumerate(zip(key, sizes, strict=True)):
            start, stop, step = ends(part)
            if isinstance(plain(step), complex):
                step = (stop - start) / float(size - 1) if size != 1 else 1
            line = np.arange(size, dtype=dtype) * step + start
            axes.append(np.reshape(line, tuple([-1 if k == j else 1 for j in range(len(key))])))
        return tuple(axes) if self._sparse else np.stack(np.broadcast_arrays(*axes))


def coordinates(part: slice) -> Any:
    """Return the numbers of one slice; an imaginary step says how many."""
    start, stop, step = ends(part)
    if not isinstance(plain(step), complex):
        return registry[np.arange].apply((start, stop, step), {})
    count = int(abs(step))
    dtype = np.result_type(plain(start), plain(stop), abs(step))
    step = (stop - start) / float(count - 1) if count != 1 else 1
    return np.arange(0, count, 1, dtype=dtype) * step + start


r_ = Joiner(np.r_, 0, 1, -1)
c_ = Joiner(np.c_, -1, 2, 0)
mgrid = Mesh(np.mgrid, False)
ogrid = Mesh(np.ogrid, True)
