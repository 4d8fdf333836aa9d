"""How a run of a function is known again.

By the bits of its results, by the constants that its derivative depends on (where a value is 0 a
factor does not show in the result), and by the random numbers that it drew.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from funcad.core.tracer import Tracer
from funcad.transforms.tape import Tape

_FLOATS = (float, np.float64)


def of_results(numbers: Sequence[Any]) -> tuple[Any, ...]:
    """Return the shapes, dtypes and check sums of some values, below every level of tracing."""
    return tuple([_of_value(np.asarray(_bottom(x))) for x in numbers])


def of_constants(tape: Tape) -> tuple[Any, ...]:
    """Return what a recording is known by: the number of its records, and the constants in them."""
    floats: list[Any] = []
    others: list[Any] = []
    for record in tape.records:
        edge = record
        while type(edge) is tuple:
            saved = _bottom(edge[1])  # some are values of variables, which may be traced one level down
            if type(saved) in _FLOATS:
                floats.append(saved)
            elif type(saved) in (int, slice):
                others.append(saved)
            elif type(saved) is tuple:
                others.append([v for v in map(_bottom, saved) if isinstance(v, (int, float, slice))])
            edge = edge[4]
    held = [] if tape.constants is None else [v for v, _ in tape.constants.held.values()]
    return len(tape.records), _sum(np.array(floats, float)), repr(others), of_results(held)


def _bottom(x: Any) -> Any:
    """Return what is below every level, of batches the whole."""
    while isinstance(x, Tracer):
        x = x.value
    return x


def _of_value(a: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    return a.shape, a.dtype.str, _sum(a)


def _sum(a: np.ndarray[Any, Any]) -> int:
    """Return the check sum of the bytes of an array."""
    if a.dtype.hasobject:
        return 0  # they are addresses
    return zlib.crc32(np.ascontiguousarray(a).reshape(-1).view(np.uint8).data)


def of_generators() -> tuple[Any, ...]:
    """Return the states of the generators that `np.random.normal()` and `random.random()` draw from.

    A module that nobody has imported has none.
    """
    states: list[Any] = []
    if "numpy.random" in sys.modules:
        _, key, *rest = np.random.get_state(legacy=True)
        states += [_sum(np.asarray(key)), *rest]
    random = sys.modules.get("random")
    if random is not None:
        states.append(hash(random.getstate()))
    return tuple(states)
