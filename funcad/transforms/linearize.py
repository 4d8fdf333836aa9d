"""`linearize` and `linear_transpose`: derivatives as functions, which run the function only once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, TypeVarTuple

import numpy as np

from funcad.core.general import zeros_like
from funcad.core.tracer import anywhere, plain
from funcad.errors import LinearityError, MismatchError, OutputError
from funcad.transforms.leaves import Parts, finish, inputs, like_parts
from funcad.transforms.linear import LinearTape
from funcad.transforms.recording import Recording
from funcad.transforms.vjp import Pullback, copied

Ts = TypeVarTuple("Ts")
R = TypeVar("R")


class Linearization:
    """A function's run whose tape is read forwards and backwards: all derivatives at one point."""

    __slots__ = ("recording", "tape")

    def __init__(
        self, f: Callable[..., Any], arguments: Sequence[Parts], has_aux: bool = False, copies: bool = False
    ) -> None:
        self.tape = LinearTape(locks=True, copies=copies)
        self.recording = Recording(f, arguments, has_aux, self.tape)

    def push(self, tangents: list[Any]) -> list[Any]:
        """Return the tangents of the result's numbers, None for zeros, given those of the arguments'."""
        found = iter(self.tape.push(tangents, self.recording.variables()))
        return [next(found) if self.recording.owns(x) else None for x in self.recording.out.numbers]


class Differential:
    """The derivative of a function at a point: a linear map from tangents to the tangent of the result."""

    __slots__ = ("_linearization", "_trees")

    def __init__(self, linearization: Linearization, trees: tuple[Any, ...]) -> None:
        self._linearization = linearization
        self._trees = trees

    def __call__(self, *tangents: Any) -> Any:
        """Return the tangent of the result; may be called any number of times.

        Args:
            tangents: one per argument, of the same structure, shapes and dtypes.

        Raises:
            MismatchError: the tangents do not fit the arguments.
        """
        linearization = self._linearization
        arguments = linearization.recording.arguments
        if len(tangents) != len(arguments):
            raise MismatchError(f"there are {len(arguments)} arguments, but {len(tangents)} tangents")
        ts = [
            t
            for k, (part, x, given) in enumerate(zip(arguments, self._trees, tangents, strict=True))
            for t in like_parts(part, x, given, f"argument {k}", "tangent")
        ]
        pushed = linearization.push(list(ts))
        taken = {id(t): t for t in ts}
        out = linearization.recording.out
        values = linearization.recording.values()
        return out.rebuild([
            zeros_like(v) if t is None else finish(t, v, taken) for t, v in zip(pushed, values, strict=True)
        ])  # fmt: skip

    def __repr__(self) -> str:
        f = self._linearization.recording.function
        return f"<differential of {getattr(f, '__name__', f)!r}>"


def linearize(f: Callable[[*Ts], R], *primals: *Ts) -> tuple[R, Callable[[*Ts], R]]:
    """Return the value of a function and its derivative at that point, as a function of tangents.

    The function runs once, and each tangent then costs products and sums only: less than `jvp` for
    more than one tangent, at the price of memory for the partial derivatives.

    Args:
        f: a function of arrays or containers of them, giving arrays or containers.
        primals: the arguments.

    Returns:
        The value f(*primals), and a function from one tangent per argument to the tangent of the
        value, which may be called more than once and under `vmap`.

    Raises:
        InputTypeError: an argument is an integer or a boolean.
        OutputError: the result holds no number.

    >>> import numpy as np
    >>> value, differential = linearize(np.sin, 0.0)
    >>> float(value), float(differential(1.0)), float(differential(2.0))
    (0.0, 1.0, 2.0)
    """
    trees: tuple[Any, ...] = primals
    return linearized(f, [inputs(x, k) for k, x in enumerate(trees)], trees)


def linearized(f: Callable[..., Any], arguments: Sequence[Parts], trees: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return value and differential of a function of arguments that were taken apart."""
    for a in arguments:
        a.numbers = [copied(x) if type(x) is np.ndarray else x for x in a.numbers]
    linearization = Linearization(f, arguments, copies=True)
    linearization.tape.release()
    recording = linearization.recording
    if not recording.out.numbers:
        raise OutputError(
            "linearize needs a function that returns an array or a container of arrays "
            f"(got {recording.result!r})"
        )
    recording.settle()
    value = recording.out.rebuild([
        np.array(v) if type(v) is np.ndarray else v for v in recording.values()
    ])  # fmt: skip
    return value, Differential(linearization, trees)


def linear_transpose(f: Callable[[*Ts], R], *primals: *Ts) -> Callable[[R], tuple[*Ts]]:
    """Return the transpose of a linear function.

    Args:
        f: a function that is linear in all its arguments together.
        primals: arguments that tell structure, shapes and dtypes. Their values do not matter: the
            function runs on zeros, and what a comparison decides there is constant, as everywhere.

    Returns:
        A function from a cotangent of the result to a tuple of cotangents, one per argument.

    Raises:
        LinearityError: the function is not linear; the message names the operation.
        InputTypeError, OutputError: as for `vjp`.

    >>> import numpy as np
    >>> A = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> linear_transpose(lambda x: A @ x, np.zeros(2))(np.array([1.0, 0.0]))
    (array([1., 2.]),)
    """
    trees: tuple[Any, ...] = primals
    arguments = [inputs(x, k) for k, x in enumerate(trees)]
    for a in arguments:
        a.numbers = [zeros_like(x) for x in a.numbers]
    linearization = Linearization(f, arguments, copies=True)
    linearization.tape.release()
    recording = linearization.recording
    place = linearization.tape.nonlinear(recording.variables())
    name = getattr(f, "__name__", "f")
    if place >= 0:
        raise LinearityError(
            f"linear_transpose needs a linear function, but the derivative of {name} depends on its argument "
            f"(at {recording.line_of(place)}); take vjp for the transpose at a point"
        )
    if any([anywhere(np.not_equal(plain(v), 0)) for v in recording.values()]):
        raise LinearityError(
            f"linear_transpose needs a linear function, but {name} of zeros is not zero; leave out the "
            "constant, or take vjp"
        )
    pullback: Pullback[R, *Ts] = Pullback(recording)
    return pullback
