"""`hessian_diagonal` and `laplacian`: second derivatives without the mixed ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

import numpy as np

from funcad.core.broadcast import shape_of
from funcad.core.general import zeros_like
from funcad.errors import InputTypeError
from funcad.transforms.batch import Batch, Batched
from funcad.transforms.chunks import MEMORY, Budget, Memory, unit_vectors
from funcad.transforms.columns_and_rows import Jacobian
from funcad.transforms.grad import grad
from funcad.transforms.leaves import finish
from funcad.transforms.linearize import Linearization
from funcad.transforms.select import Argnums, Selection

P = ParamSpec("P")


class HessianDiagonal(Jacobian[P]):
    """The diagonal of a Hessian."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        selection = Selection(self._f, self._argnums, args, kwargs)
        return selection.shaped(self._diagonals(selection))

    def _diagonals(self, selection: Selection) -> list[list[Any]]:
        """Return the second derivative by every number of every argument."""
        numbers = [x for p in selection.parts for x in p.numbers]
        if any([np.iscomplexobj(x) for x in numbers]):
            raise InputTypeError("the diagonal of a Hessian is taken with respect to real numbers")
        argnums = tuple(range(len(selection.parts)))
        linearization = Linearization(grad(selection, argnums), selection.parts)
        recording = linearization.recording
        try:
            found = [self._diagonal(linearization, k, x) for k, x in enumerate(numbers)]
        finally:
            recording.tape.release()
        listed = iter(found)
        return [[next(listed) for _ in p.numbers] for p in selection.parts]

    def _diagonal(self, linearization: Linearization, k: int, x: Any) -> Any:
        """Return the derivative of the gradient's number k by the argument's number k, entry by entry."""
        recording = linearization.recording
        count = len(recording.out.numbers)
        shape = shape_of(x)
        size = int(np.prod(shape))
        if linearization.tape.is_elementwise(k, recording.variables_of(k)):
            # every entry of the gradient depends on its own entry of the argument alone
            ts: list[Any] = [None] * count
            ts[k] = np.ones(shape, getattr(x, "dtype", float)) if shape else 1.0
            return finish(linearization.push(ts)[k], x, {})
        pieces, start = [], 0
        chunk = self._budget.chunk(size, recording.peak)
        if chunk < size:
            recording.settle()
        for rows, units in unit_vectors(x, chunk):
            trace = Batch(rows)
            ts = [None] * count
            ts[k] = Batched(trace, units)
            try:
                t = linearization.push(ts)[k]
            finally:
                trace.end()
            places = np.arange(rows)
            flat = np.reshape(t.value, (rows, size)) if type(t) is Batched else np.zeros((rows, size))
            pieces.append(flat[places, start + places])
            start += rows
        if not pieces:
            return zeros_like(x)
        return finish(np.reshape(np.concatenate(pieces), shape), x, {})


class Laplacian(HessianDiagonal[P]):
    """The sum of the diagonal of a Hessian."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        selection = Selection(self._f, self._argnums, args, kwargs)
        diagonals = [d for part in self._diagonals(selection) for d in part]
        total = np.sum(diagonals[0])
        for d in diagonals[1:]:
            total = total + np.sum(d)
        return total


def hessian_diagonal(
    f: Callable[P, Any], argnums: Argnums = 0, chunk_size: int | None = None, memory: Memory = MEMORY
) -> HessianDiagonal[P]:
    """Return the function that computes the diagonal of the Hessian, without the Hessian.

    Where every entry of the gradient depends on its own entry of the argument alone, as for a sum of
    functions of single entries, this costs one Hessian-vector product. Otherwise it costs one
    product for every entry, in chunks, of which the diagonal is kept.

    Args:
        f: a function whose result is one real number.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        chunk_size, memory: as for `jacfwd`.

    Returns:
        A function with the signature of f; its result has the structure and shapes of the argument.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> hessian_diagonal(lambda x: np.sum(x ** 3) + x[0] * x[1])(np.array([1.0, 2.0]))
    array([ 6., 12.])
    """
    return HessianDiagonal(f, argnums, False, False, Budget(chunk_size, memory))


def laplacian(
    f: Callable[P, Any], argnums: Argnums = 0, chunk_size: int | None = None, memory: Memory = MEMORY
) -> Laplacian[P]:
    """Return the function that computes the trace of the Hessian: the sum of the second derivatives.

    Args:
        f, argnums, chunk_size, memory: as for `hessian_diagonal`.

    Returns:
        A function with the signature of f, whose result is one number.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> float(laplacian(lambda x: x[0] ** 2 + 3 * x[1] ** 2)(np.array([1.0, 2.0])))
    8.0
    """
    return Laplacian(f, argnums, False, False, Budget(chunk_size, memory))
