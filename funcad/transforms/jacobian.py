"""`jacfwd`, `jacrev` and `jacobian`: all partial derivatives of a function.

Forward mode takes one pass per number of the arguments, reverse mode one walk back per number
of the result. For containers the Jacobian is a tree of trees: for every array of the result
the structure of the argument, with arrays of shape `result.shape + argument.shape`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec

import numpy as np

from funcad.core.general import zeros_like
from funcad.errors import InputTypeError, OutputError
from funcad.transforms.jvp import push
from funcad.transforms.leaves import Parts
from funcad.transforms.recording import Recording, pair
from funcad.transforms.select import Argnums, Selection
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")


class Jacobian(Transformed[P, Any]):
    """What the three have in common: the selection of arguments, aux, and the checks of dtypes."""

    def __init__(self, f: Callable[P, Any], argnums: Argnums, has_aux: bool, holomorphic: bool) -> None:
        super().__init__(f, argnums)
        self._has_aux = has_aux
        self._holomorphic = holomorphic

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        selection = Selection(self._f, self._argnums, args, kwargs)
        if self._holomorphic and not all(_is_complex(x) for p in selection.parts for x in p.numbers):
            raise InputTypeError("holomorphic=True differentiates with respect to complex numbers")
        jacobian, aux = self._evaluate(selection)
        return (jacobian, aux) if self._has_aux else jacobian

    def _evaluate(self, selection: Selection) -> tuple[Any, Any]:
        raise NotImplementedError

    def _check_result(self, out: Parts, result: Any) -> None:
        if not out.numbers:
            raise OutputError(
                f"a Jacobian needs a function that returns an array or a container of arrays (got {result!r})"
            )
        if self._holomorphic and not all(_is_complex(x) for x in out.numbers):
            raise OutputError(
                "holomorphic=True needs complex results, but the function returned a real one; leave "
                "holomorphic out for a real function"
            )


class JacRev(Jacobian[P]):
    """The Jacobian by reverse mode."""

    def _evaluate(self, selection: Selection) -> tuple[Any, Any]:
        recording = Recording(selection, selection.parts, self._has_aux)
        try:
            return self._by_rows(selection, recording), recording.aux
        finally:
            recording.tape.release()

    def _by_rows(self, selection: Selection, recording: Recording) -> Any:
        self._check_result(recording.out, recording.result)
        values = recording.values()
        if not self._holomorphic and any(_is_complex(v) for v in values):
            raise OutputError(
                "jacrev needs real results; pass holomorphic=True for a holomorphic function, take "
                "jacfwd for a complex function of real arguments, or differentiate real and "
                "imaginary parts"
            )
        blocks = []
        for k, value in enumerate(values):
            gs: list[Any] = [None] * len(values)
            rows = []
            for basis in _basis(value):
                gs[k] = basis
                rows.append(recording.pull(gs))
            blocks.append(_transposed(rows, getattr(value, "shape", ()), selection.parts))
        return recording.out.rebuild([selection.shaped(b) for b in blocks])


class JacFwd(Jacobian[P]):
    """The Jacobian by forward mode."""

    def _evaluate(self, selection: Selection) -> tuple[Any, Any]:
        if not self._holomorphic and any(_is_complex(x) for p in selection.parts for x in p.numbers):
            raise InputTypeError(
                "jacfwd needs real arguments; pass holomorphic=True for a holomorphic function, or "
                "take jacrev for a real function of complex arguments"
            )
        return self._by_columns(selection)

    def _by_columns(self, selection: Selection) -> tuple[Any, Any]:
        parts = selection.parts
        zeros = [[_zero(x) for x in p.numbers] for p in parts]
        columns: list[list[list[list[Any]]]] = []  # per argument, number, element: result numbers
        out: Parts | None = None
        aux: Any = None
        for a, part in enumerate(parts):
            columns.append([])
            for n, x in enumerate(part.numbers):
                columns[a].append([])
                for basis in _basis(x):
                    directions = [list(z) for z in zeros]
                    directions[a][n] = basis
                    value, tangent = push(selection, parts, directions)
                    if self._has_aux:
                        (value, aux), tangent = pair(value), tangent[0]
                    out = Parts(value)
                    self._check_result(out, value)
                    t = Parts(tangent)
                    columns[a][n].append([t.leaves[k] for k in out.numeric])
        if out is None:  # every argument is empty: only the shape of the result is wanted
            return JacRev[P](self._f, self._argnums, self._has_aux, self._holomorphic)._evaluate(selection)
        blocks = []
        for k, value in enumerate(out.numbers):
            numbers = [
                [
                    _stacked([c[k] for c in tangents], value, x)
                    for tangents, x in zip(ts, p.numbers, strict=True)
                ]
                for ts, p in zip(columns, parts, strict=True)
            ]
            blocks.append(selection.shaped(numbers))
        return out.rebuild(blocks), aux


class AnyJacobian(JacRev[P]):
    """The Jacobian by the mode that takes fewer passes."""

    def _evaluate(self, selection: Selection) -> tuple[Any, Any]:
        recording = Recording(selection, selection.parts, self._has_aux)
        try:
            return self._by_fewer_passes(selection, recording)
        finally:
            recording.tape.release()

    def _by_fewer_passes(self, selection: Selection, recording: Recording) -> tuple[Any, Any]:
        self._check_result(recording.out, recording.result)
        inputs = sum(getattr(x, "size", 1) for p in selection.parts for x in p.numbers)
        outputs = sum(getattr(x, "size", 1) for x in recording.out.numbers)
        complex_result = any(_is_complex(v) for v in recording.values())
        complex_argument = any(_is_complex(x) for p in selection.parts for x in p.numbers)
        forward = inputs < outputs or complex_result
        if forward and (self._holomorphic or not complex_argument):
            recording.tape.release()  # the function runs again, and may write to what it computed with
            return JacFwd[P](self._f, self._argnums, self._has_aux, self._holomorphic)._evaluate(selection)
        return self._by_rows(selection, recording), recording.aux


def _is_complex(x: Any) -> bool:
    return (getattr(x, "dtype", None) or np.dtype(type(x))).kind == "c"


def _basis(x: Any) -> list[Any]:
    """Return the unit vectors of the space that a value lives in."""
    if getattr(x, "shape", ()) == ():
        return [1.0 if not hasattr(x, "dtype") else x.dtype.type(1)]
    vectors = []
    for k in range(x.size):
        e = np.zeros(x.shape, x.dtype)
        e.flat[k] = 1
        vectors.append(e)
    return vectors


def _zero(x: Any) -> Any:
    return np.zeros(x.shape, x.dtype)[()] if hasattr(x, "dtype") else 0.0


def _transposed(
    rows: list[list[list[Any]]], shape: tuple[int, ...], parts: Sequence[Parts]
) -> list[list[Any]]:
    """Turn rows of cotangents, one per element of the result, into one block per argument number."""
    blocks = []
    for a, part in enumerate(parts):
        block = []
        for n, x in enumerate(part.numbers):
            inner = getattr(x, "shape", ())
            dtype = getattr(x, "dtype", float)
            items = [row[a][n] for row in rows]
            if shape == ():
                block.append(items[0])
            elif items:
                block.append(np.reshape(np.stack(items), shape + inner))
            else:
                block.append(np.zeros(shape + inner, dtype))
        blocks.append(block)
    return blocks


def _stacked(items: list[Any], value: Any, x: Any) -> Any:
    """Turn tangents of one result, one per element of an argument, into a block."""
    shape, inner = getattr(value, "shape", ()), getattr(x, "shape", ())
    dtype = getattr(value, "dtype", None) or np.dtype(type(value))
    if not items or (dtype.kind not in "fc" and shape + inner):
        # an integer result has a derivative of zeros, which are floating-point numbers
        return np.zeros(shape + inner, dtype if dtype.kind in "fc" else getattr(x, "dtype", float))
    if dtype.kind not in "fc":
        return zeros_like(x)
    if inner == ():
        return items[0]
    return np.reshape(np.stack(items, axis=-1), shape + inner)


def jacfwd(
    f: Callable[P, Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Transformed[P, Any]:
    """Return the function that computes the Jacobian by forward mode, best for few arguments.

    Args:
        f: a function that returns an array or a container of arrays.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        has_aux: whether f returns a pair (value, aux).
        holomorphic: whether f is a holomorphic function of complex arguments.

    Returns:
        A function with the signature of f; for arrays its result has the shape
        `f(x).shape + x.shape`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> jacfwd(lambda x: np.array([x[0] * x[1], x[1]]))(np.array([2.0, 3.0]))
    array([[3., 2.],
           [0., 1.]])
    """
    return JacFwd(f, argnums, has_aux, holomorphic)


def jacrev(
    f: Callable[P, Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Transformed[P, Any]:
    """Return the function that computes the Jacobian by reverse mode, best for few results.

    Args:
        f, argnums, has_aux, holomorphic: as for `jacfwd`.

    Returns:
        As for `jacfwd`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> jacrev(np.sin)(np.array([0.0, 0.0]))
    array([[1., 0.],
           [0., 1.]])
    """
    return JacRev(f, argnums, has_aux, holomorphic)


def jacobian(
    f: Callable[P, Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Transformed[P, Any]:
    """Return the function that computes the Jacobian by the mode that takes fewer passes.

    Args:
        f, argnums, has_aux, holomorphic: as for `jacfwd`.

    Returns:
        As for `jacfwd`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return AnyJacobian(f, argnums, has_aux, holomorphic)
