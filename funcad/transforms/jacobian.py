"""`jacfwd`, `jacrev` and `jacobian`: all partial derivatives of a function.

Forward mode takes one tangent per number of the arguments, reverse mode one cotangent per number of
the result; they go through the function's derivative in chunks, as one batch each. For containers
the Jacobian is a tree of trees: for every array of the result the structure of the argument, with
arrays of shape `result.shape + argument.shape`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

import numpy as np

from funcad.core.broadcast import shape_of
from funcad.errors import InputTypeError, OutputError
from funcad.transforms.chunks import Budget, Memory, applied, block
from funcad.transforms.leaves import Parts
from funcad.transforms.linearize import Linearization
from funcad.transforms.select import Argnums, Selection
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")

MEMORY: Memory = "500MB"
"""the default budget for what tangents or cotangents need on their way"""


class Jacobian(Transformed[P, Any]):
    """What the three have in common: the selection of arguments, aux, and the checks of dtypes."""

    def __init__(
        self,
        f: Callable[P, Any],
        argnums: Argnums,
        has_aux: bool,
        holomorphic: bool,
        chunk_size: int | None,
        memory: Memory,
    ) -> None:
        super().__init__(f, argnums)
        self._has_aux = has_aux
        self._holomorphic = holomorphic
        self._budget = Budget(chunk_size, memory)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        jacobian, aux, _ = self._evaluate(args, kwargs)
        return (jacobian, aux) if self._has_aux else jacobian

    def _evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any, Any]:
        """Return Jacobian, aux and value."""
        selection = Selection(self._f, self._argnums, args, kwargs)
        complex_argument = any([_is_complex(x) for p in selection.parts for x in p.numbers])
        if self._holomorphic and not all([_is_complex(x) for p in selection.parts for x in p.numbers]):
            raise InputTypeError("holomorphic=True differentiates with respect to complex numbers")
        if not self._holomorphic:
            self._check_arguments(complex_argument)
        linearization = Linearization(selection, selection.parts, self._has_aux)
        recording = linearization.recording
        try:
            self._check_result(recording.out, recording.result)
            complex_result = any([_is_complex(v) for v in recording.values()])
            forward = self._forwards(selection.parts, recording.out, complex_argument, complex_result)
            if not forward and complex_result and not self._holomorphic:
                raise OutputError(
                    "jacrev needs real results; pass holomorphic=True for a holomorphic function, take "
                    "jacfwd for a complex function of real arguments, or differentiate real and "
                    "imaginary parts"
                )
            blocks = self._columns(linearization) if forward else self._rows(linearization)
        finally:
            recording.tape.release()
        shaped = [selection.shaped(_grouped(b, selection.parts)) for b in blocks]
        return recording.out.rebuild(shaped), recording.aux, recording.out.rebuild(recording.values())

    def _check_arguments(self, complex_argument: bool) -> None:
        """Refuse arguments that the mode does not take."""

    def _forwards(self, parts: list[Parts], out: Parts, complex_argument: bool, complex_result: bool) -> bool:
        """Tell whether to go forwards: here, where that takes fewer vectors."""
        if complex_argument != complex_result and not self._holomorphic:
            return complex_result
        return sum([_size(x) for p in parts for x in p.numbers]) <= sum([_size(x) for x in out.numbers])

    def _check_result(self, out: Parts, result: Any) -> None:
        if not out.numbers:
            raise OutputError(
                f"a Jacobian needs a function that returns an array or a container of arrays (got {result!r})"
            )
        if self._holomorphic and not all([_is_complex(x) for x in out.numbers]):
            raise OutputError(
                "holomorphic=True needs complex results, but the function returned a real one; leave "
                "holomorphic out for a real function"
            )

    def _columns(self, linearization: Linearization) -> list[list[Any]]:
        """Return per number of the result the blocks of all argument numbers, by forward mode."""
        recording = linearization.recording
        numbers = [x for p in recording.arguments for x in p.numbers]
        values = recording.values()
        blocks: list[list[Any]] = [[] for _ in values]
        for n, x in enumerate(numbers):
            chunk = self._budget.chunk(_size(x), linearization.peak)
            columns = applied(linearization.push, n, numbers, values, chunk)
            for listed, y, value in zip(blocks, columns, values, strict=True):
                listed.append(block(np.moveaxis(y, 0, -1) if shape_of(value) else y, value, x, value))
        return blocks

    def _rows(self, linearization: Linearization) -> list[list[Any]]:
        """Return per number of the result the blocks of all argument numbers, by reverse mode."""
        recording = linearization.recording
        numbers = [x for p in recording.arguments for x in p.numbers]
        values = recording.values()
        blocks: list[list[Any]] = []
        for k, value in enumerate(values):
            chunk = self._budget.chunk(_size(value), linearization.peak)
            rows = applied(recording.cotangents, k, values, numbers, chunk)
            blocks.append([block(y, value, x, x) for y, x in zip(rows, numbers, strict=True)])
        return blocks


class JacFwd(Jacobian[P]):
    """The Jacobian by forward mode."""

    def _check_arguments(self, complex_argument: bool) -> None:
        if complex_argument:
            raise InputTypeError(
                "jacfwd needs real arguments; pass holomorphic=True for a holomorphic function, or "
                "take jacrev for a real function of complex arguments"
            )

    def _forwards(self, parts: Any, out: Any, complex_argument: bool, complex_result: bool) -> bool:  # noqa: ARG002
        return True


class JacRev(Jacobian[P]):
    """The Jacobian by reverse mode."""

    def _forwards(self, parts: Any, out: Any, complex_argument: bool, complex_result: bool) -> bool:  # noqa: ARG002
        return False


def _grouped(numbers: list[Any], parts: list[Parts]) -> list[list[Any]]:
    """Return what belongs to the numbers of all arguments, argument by argument."""
    grouped, k = [], 0
    for p in parts:
        grouped.append(numbers[k : k + len(p.numbers)])
        k += len(p.numbers)
    return grouped


def _is_complex(x: Any) -> bool:
    return (getattr(x, "dtype", None) or np.dtype(type(x))).kind == "c"


def _size(x: Any) -> int:
    size: int = getattr(x, "size", 1)
    return size


def jacfwd(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Jacobian[P]:
    """Return the function that computes the Jacobian by forward mode, best for few arguments.

    The function runs once. One tangent for every number of the argument goes through its derivative,
    in chunks of as many as the budget allows.

    Args:
        f: a function that returns an array or a container of arrays.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        has_aux: whether f returns a pair (value, aux).
        holomorphic: whether f is a holomorphic function of complex arguments.
        chunk_size: how many tangents go through at once; unless given, as many as `memory` allows.
        memory: the budget for the tangents on their way, in bytes or as a text such as "500MB",
            which is the default. The Jacobian itself, and what the function's run keeps, come on top.

    Returns:
        A function with the signature of f; for arrays its result has the shape
        `f(x).shape + x.shape`. For containers it is a tree of trees: use `funcad.tree.ravel` for one
        matrix.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`; ArgumentError also for a
            chunk_size or a memory that is not positive.

    >>> import numpy as np
    >>> jacfwd(lambda x: np.array([x[0] * x[1], x[1]]))(np.array([2.0, 3.0]))
    array([[3., 2.],
           [0., 1.]])
    """
    return JacFwd(f, argnums, has_aux, holomorphic, chunk_size, memory)


def jacrev(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Jacobian[P]:
    """Return the function that computes the Jacobian by reverse mode, best for few results.

    Args:
        f, argnums, has_aux, holomorphic: as for `jacfwd`.
        chunk_size, memory: as for `jacfwd`, for the cotangents, one for every number of the result.

    Returns:
        As for `jacfwd`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> jacrev(np.sin)(np.array([0.0, 0.0]))
    array([[1., 0.],
           [0., 1.]])
    """
    return JacRev(f, argnums, has_aux, holomorphic, chunk_size, memory)


def jacobian(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Jacobian[P]:
    """Return the function that computes the Jacobian by the mode that takes fewer vectors.

    Args:
        f, argnums, has_aux, holomorphic, chunk_size, memory: as for `jacfwd`.

    Returns:
        As for `jacfwd`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return Jacobian(f, argnums, has_aux, holomorphic, chunk_size, memory)


class ValueAndJacobian(Jacobian[P]):
    """The value and the Jacobian of a function, from one run."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        jacobian, aux, value = self._evaluate(args, kwargs)
        return ((value, aux) if self._has_aux else value), jacobian


def value_and_jacobian(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> ValueAndJacobian[P]:
    """Return the function that computes the value and the Jacobian from one run.

    Args:
        f, argnums, has_aux, holomorphic, chunk_size, memory: as for `jacfwd`.

    Returns:
        A function with the signature of f, whose result is (value, Jacobian), or with has_aux
        ((value, aux), Jacobian).

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> value_and_jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    (array([1., 4.]), array([[2., 0.],
           [0., 4.]]))
    """
    return ValueAndJacobian(f, argnums, has_aux, holomorphic, chunk_size, memory)
