"""`vmap`: a function of one example, applied to every example of a batch at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.batching import repeated
from funcad.core.broadcast import shape_of
from funcad.core.tracer import kept
from funcad.core.tree import flatten, is_number, paths, spread, unflatten
from funcad.errors import ArgumentError, MismatchError
from funcad.transforms.batch import Batch, Batched
from funcad.transforms.leaves import call
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")
R = TypeVar("R")


class Mapped(Transformed[P, R]):
    """A function applied to every example of a batch."""

    def __init__(
        self, f: Callable[P, R], in_axes: Any, out_axes: Any, axis_size: int | None, chunk_size: int | None
    ) -> None:
        super().__init__(f, 0)
        check_count(axis_size, "axis_size", 0)
        check_count(chunk_size, "chunk_size", 1)
        self._in_axes = in_axes
        self._out_axes = out_axes
        self._axis_size = axis_size
        self._chunk_size = chunk_size

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        leaves, structure = flatten((args, kwargs))
        leaves = [as_operand(x) for x in leaves]
        axes = self._axes(args, kwargs)
        size = self._size(leaves, axes, args, kwargs)
        fronts = [x if a is None else np.moveaxis(x, a, 0) for x, a in zip(leaves, axes, strict=True)]
        chunk = size if self._chunk_size is None else min(self._chunk_size, size)
        results, stacked = [], []
        for start in range(0, size, chunk) if chunk else [0]:
            stop = min(start + chunk, size)
            whole = stop - start == size
            part = [
                x if a is None else x if whole else x[start:stop] for x, a in zip(fronts, axes, strict=True)
            ]
            out, numbers, which = self._run(part, axes, structure, stop - start)
            results.append(numbers)
            stacked.append(which)
        joined: R = self._joined(out, results, stacked, size)
        return joined

    def _axes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[int | None]:
        """Return for every leaf of the call the axis of the examples, None where it has none."""
        given = self._in_axes
        if isinstance(given, (tuple, list)):
            if len(given) != len(args):
                raise ArgumentError(
                    f"in_axes has {len(given)} entries for a call with {len(args)} positional arguments"
                )
            axes = [a for x, axis in zip(args, given, strict=True) for a in spread(axis, x, "in_axes")]
        else:
            axes = spread(given, args, "in_axes")
        axes += spread(0, kwargs, "in_axes")
        leaves = flatten((args, kwargs))[0]
        return [a if is_number(x) else None for a, x in zip(axes, leaves, strict=True)]

    def _size(self, leaves: list[Any], axes: list[int | None], args: Any, kwargs: Any) -> int:
        """Return the number of examples, after checking that all leaves agree on it."""
        sizes: dict[int, int] = {}
        for k, (x, axis) in enumerate(zip(leaves, axes, strict=True)):
            if axis is None:
                continue
            shape = shape_of(x)
            if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
                instead = "in_axes takes None for what is the same for all examples"
                if k >= len(flatten(args)[0]):
                    instead = "keywords are mapped along axis 0; close over what is the same for all examples"
                raise ArgumentError(
                    f"vmap cannot map {_names(args, kwargs)[k]} along axis {axis!r}: its shape is {shape}; "
                    f"{instead}"
                )
            sizes[k] = shape[axis]
        wanted = set(sizes.values()) | ({self._axis_size} if self._axis_size is not None else set())
        if len(wanted) > 1:
            names = _names(args, kwargs)
            listed = ", ".join([f"{names[k]} has {n} (axis {axes[k]})" for k, n in sizes.items()])
            asked = "" if self._axis_size is None else f", axis_size is {self._axis_size}"
            raise MismatchError(f"vmap needs the same number of examples everywhere: {listed}{asked}")
        if not wanted:
            raise ArgumentError(
                "vmap has nothing to map: every entry of in_axes is None, or there is no array; give an "
                "axis, or the number of examples as axis_size"
            )
        size: int = wanted.pop()
        return size

    def _run(
        self, leaves: list[Any], axes: list[int | None], structure: Any, size: int
    ) -> tuple[Any, list[Any], list[bool]]:
        """Run the function on a batch; return the result, its leaves, and which of them are batches."""
        trace = Batch(size)
        try:
            traced = [x if a is None else Batched(trace, kept(x)) for x, a in zip(leaves, axes, strict=True)]
            args, kwargs = unflatten(structure, traced)
            out = call(self._f, args, kwargs)
            found = [as_operand(x) for x in flatten(out)[0]]
        finally:
            trace.end()
        which = [type(x) is Batched and x.run is trace for x in found]
        return out, [x.value if s else x for x, s in zip(found, which, strict=True)], which

    def _joined(self, out: Any, results: list[list[Any]], stacked: list[list[bool]], size: int) -> Any:
        """Return the results of all chunks as one, with the examples along the axes that were asked for."""
        structure = flatten(out)[1]
        axes = spread(self._out_axes, out, "out_axes")
        leaves = []
        for k, axis in enumerate(axes):
            x = results[0][k]
            if stacked[0][k]:
                x = own(x) if len(results) == 1 else np.concatenate([numbers[k] for numbers in results])
            elif not is_number(x) or axis is None:
                leaves.append(x)
                continue
            else:
                x = repeated(x, size)
                x = np.array(x) if isinstance(x, np.ndarray) else x
            ndim = len(shape_of(x))
            if not isinstance(axis, int) or not -ndim <= axis < ndim:
                raise ArgumentError(
                    f"vmap cannot put the examples of {_outputs(out)[k]} along axis {axis!r}: with them it "
                    f"has {ndim} axes, and None is for results that are the same for all examples"
                )
            leaves.append(x if axis == 0 else np.moveaxis(x, 0, axis))
        return unflatten(structure, leaves)


def own(x: Any) -> Any:
    """Return a plain array that shares no memory with an argument; a tracer as it is."""
    return np.array(x) if type(x) is np.ndarray and not x.flags.owndata else x


def check_count(n: Any, name: str, least: int) -> None:
    """Refuse what is no number of examples."""
    if n is not None and (not isinstance(n, (int, np.integer)) or isinstance(n, bool) or n < least):
        raise ArgumentError(f"{name} must be an integer of at least {least}, or None (got {n!r})")


def _names(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[str]:
    """Return the expressions that lead to the leaves of a call."""
    listed = [n for k, x in enumerate(args) for n in paths(x, f"argument {k}")]
    return listed + [n for key in sorted(kwargs) for n in paths(kwargs[key], f"argument {key!r}")]


def _outputs(out: Any) -> list[str]:
    return paths(out, "the result")


def vmap(
    f: Callable[P, R],
    in_axes: Any = 0,
    out_axes: Any = 0,
    axis_size: int | None = None,
    chunk_size: int | None = None,
) -> Transformed[P, R]:
    """Return the function that applies a function to every example of a batch, in one run.

    The function is written for one example and sees one: inside, `x.shape` has no axis of the
    examples. Operations without a rule of batching are called once for every example, with the
    same result. Every other Python statement runs once.

    Args:
        f: a function of arrays or containers of them, giving arrays or containers.
        in_axes: the axis along which the examples lie in every array of the arguments, None for
            arguments that are the same for all; or a tuple with one entry per positional argument,
            each an axis, None, or a container of them that is a prefix of the argument. Keyword
            arguments are mapped along axis 0.
        out_axes: the axis of the examples in every array of the result, or a container of axes.
        axis_size: the number of examples, needed where no argument tells.
        chunk_size: how many examples one run takes, to bound the memory; all unless given.

    Returns:
        A function with the signature of f, whose arrays have one more axis.

    Raises:
        ArgumentError: an axis is out of range, nothing is mapped, or a size is not positive.
        MismatchError: the arguments disagree about the number of examples.
        BatchError: the function needs one example alone, such as in `if x > 0`.

    >>> import numpy as np
    >>> from funcad import grad
    >>> def loss(w, x, y):
    ...     return (w @ x - y) ** 2
    >>> w, x, y = np.array([1.0, 2.0]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.zeros(3)
    >>> vmap(grad(loss), in_axes=(None, 0, 0))(w, x, y)
    array([[2., 0.],
           [0., 4.],
           [6., 6.]])
    """
    return Mapped(f, in_axes, out_axes, axis_size, chunk_size)
