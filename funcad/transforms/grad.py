"""`grad` and `value_and_grad`: derivatives of functions with a scalar result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np

from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.tree import LEAF
from funcad.errors import InputTypeError, OutputError
from funcad.transforms.recording import Recording
from funcad.transforms.select import Argnums, Selection
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")
R = TypeVar("R")


#: the types of a result that is one real number at first sight
_REAL = (float, np.float64)


class Grad(Transformed[P, Any]):
    """The gradient of a function."""

    def __init__(self, f: Callable[P, Any], argnums: Argnums, has_aux: bool, holomorphic: bool) -> None:
        super().__init__(f, argnums)
        self._has_aux = has_aux
        self._holomorphic = holomorphic

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        _, aux, gradient = self._evaluate(args, kwargs)
        return (gradient, aux) if self._has_aux else gradient

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any, Any]:
        """Return value, aux and gradient."""
        selection = Selection(self._f, self._argnums, args, kwargs)
        if self._holomorphic:
            _check_complex(selection)
        recording = Recording(selection, selection.parts, self._has_aux)
        try:
            value = self._scalar(recording)
            pulled = recording.pull([1.0], keep=False)
        finally:
            recording.tape.release()
        return value, recording.aux, selection.shaped(pulled)

    def _scalar(self, recording: Recording) -> Any:
        """Return the result, after checking that it is one real number."""
        numbers = recording.values()
        single = len(numbers) == 1 and recording.out.structure is LEAF
        if single and type(numbers[0]) in _REAL and not self._holomorphic:
            return numbers[0]
        name = getattr(self._f, "__name__", "f")
        if recording.out.structure is not LEAF or not numbers:
            raise OutputError(
                f"grad needs a function that returns one number, but {name} returned "
                f"{_kind(recording.result)}; pass has_aux=True for a pair (value, aux), or take "
                f"funcad.jacobian({name}) for containers"
            )
        value = numbers[0]
        shape = shape_of(value)
        if shape != ():
            raise OutputError(
                f"grad needs a function that returns one number, but {name} returned an array of "
                f"shape {shape}; take funcad.jacobian({name}) for all derivatives, or grad of a sum"
            )
        dtype = own_dtype(value) or np.dtype(type(value))
        if dtype.kind == "c" and not self._holomorphic:
            raise OutputError(
                f"grad needs a real result, but {name} returned a complex one; pass holomorphic=True "
                f"if {name} is holomorphic, or take grad of its real and imaginary parts"
            )
        if dtype.kind != "c" and self._holomorphic:
            raise OutputError(f"holomorphic=True needs a complex result, but {name} returned {dtype}")
        return value


class ValueAndGrad(Grad[P]):
    """The value and the gradient of a function, in one evaluation."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        value, aux, gradient = self._evaluate(args, kwargs)
        return ((value, aux) if self._has_aux else value), gradient


def _kind(result: Any) -> str:
    return f"a {type(result).__name__}" if result is not None else "None"


def _check_complex(selection: Selection) -> None:
    for name, x in zip(selection.names(), [x for p in selection.parts for x in p.numbers], strict=True):
        dtype = getattr(x, "dtype", None) or np.dtype(type(x))
        if dtype.kind != "c":
            raise InputTypeError(
                f"holomorphic=True differentiates with respect to complex numbers, but {name} is "
                f"{dtype}; pass complex({name.rpartition(' ')[2]}) or leave holomorphic out"
            )


def grad(
    f: Callable[P, Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Grad[P]:
    """Return the function that computes the gradient of a function with a scalar result.

    Args:
        f: a function whose result is one real number.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        has_aux: whether f returns a pair (value, aux); the gradient function then returns
            (gradient, aux).
        holomorphic: whether f is a holomorphic function of complex arguments; the result is f'.

    Returns:
        A function with the signature of f. Its result has the structure, shapes and dtypes of the
        differentiated argument, or is a tuple of such if argnums is one. For a real f of complex
        z = x + iy it is df/dx - i df/dy.

    Raises:
        ArgumentError: argnums does not fit the function or the call.
        InputTypeError: the argument is an integer or a boolean.
        OutputError: the result is not one real number.

    >>> import numpy as np
    >>> f = lambda x: np.sum(x ** 3)
    >>> grad(f)(np.array([1.0, 2.0]))
    array([ 3., 12.])
    >>> grad(grad(lambda x: x ** 3))(2.0)
    12.0
    """
    return Grad(f, argnums, has_aux, holomorphic)


def value_and_grad(
    f: Callable[P, R], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Transformed[P, tuple[R, Any]]:
    """Return the function that computes the value and the gradient in one evaluation.

    Args:
        f, argnums, has_aux, holomorphic: as for `grad`.

    Returns:
        A function with the signature of f, whose result is (value, gradient), or with has_aux
        ((value, aux), gradient).

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    return ValueAndGrad(f, argnums, has_aux, holomorphic)
