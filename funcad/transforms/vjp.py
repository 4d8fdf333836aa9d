"""`vjp`: a function's value and its pullback, by one recording and a walk back per cotangent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, TypeVarTuple

import numpy as np

from funcad.errors import OutputError
from funcad.transforms.leaves import inputs, like_parts
from funcad.transforms.recording import Recording

Ts = TypeVarTuple("Ts")
R = TypeVar("R")


def copied(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a copy with the strides of an array: NumPy's loops may round otherwise by layout."""
    if x.flags.forc or x.size == 0:
        return np.array(x)
    low, high = np.lib.array_utils.byte_bounds(x)
    memory = np.empty(high - low, np.uint8)
    copy = np.ndarray(x.shape, x.dtype, memory.data, x.ctypes.data - low, x.strides)
    copy[...] = x
    return copy


class Pullback(Generic[R, *Ts]):
    """The linear map from a cotangent of the result to cotangents of the arguments."""

    __slots__ = ("_recording",)

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def __call__(self, cotangent: R) -> tuple[*Ts]:
        """Return one cotangent per argument; may be called any number of times.

        Args:
            cotangent: of the structure, shapes and dtypes of the function's result.

        Raises:
            MismatchError: the cotangent does not fit the result.
            ReversePassError: a rule failed; the message names the recorded line.
        """
        recording = self._recording
        gs = like_parts(recording.out, recording.result, cotangent, "the result", "cotangent")
        pulled = recording.pull(gs)
        return tuple([a.rebuild(p) for a, p in zip(recording.arguments, pulled, strict=True)])

    def __repr__(self) -> str:
        return f"<pullback of {getattr(self._recording.function, '__name__', self._recording.function)!r}>"


def vjp(f: Callable[[*Ts], R], *primals: *Ts) -> tuple[R, Pullback[R, *Ts]]:
    """Return the value of a function and its pullback (reverse mode).

    Args:
        f: a function of arrays or containers of them, giving arrays or containers.
        primals: the arguments.

    Returns:
        The value f(*primals), and the pullback: a function from a cotangent of the result to a
        tuple of cotangents, one for each argument. It may be called more than once.

    Raises:
        InputTypeError: an argument is an integer or a boolean.
        OutputError: the result holds no number.

    >>> import numpy as np
    >>> value, pullback = vjp(lambda x, y: x * np.exp(y), 3.0, 0.0)
    >>> [float(c) for c in pullback(1.0)]
    [1.0, 3.0]
    """
    trees: tuple[Any, ...] = primals
    arguments = [inputs(x, k) for k, x in enumerate(trees)]
    for a in arguments:
        a.numbers = [copied(x) if type(x) is np.ndarray else x for x in a.numbers]
    recording = Recording(f, arguments, copies=True)
    recording.tape.release()
    if not recording.out.numbers:
        raise OutputError(
            f"vjp needs a function that returns an array or a container of arrays (got {recording.result!r})"
        )
    # what the caller does with the result must not change what the tape has saved
    value = recording.out.rebuild([
        np.array(v) if type(v) is np.ndarray else v for v in recording.values()
    ])  # fmt: skip
    return value, Pullback(recording)
