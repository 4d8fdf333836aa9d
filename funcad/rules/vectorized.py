"""`np.vectorize` for functions that compute with traced values."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer, typed
from funcad.core.elements import item, separate
from funcad.core.primitive import registry
from funcad.core.tracer import Tracer

_impl: Any = np.lib._function_base_impl


class vectorize(np.vectorize):  # noqa: N801 - as NumPy calls it
    """A function of numbers, called for every element of arrays, as `numpy.vectorize` does.

    The elements may be traced, and so may what the function closes over.

    >>> import funcad as fc
    >>> import numpy as np
    >>> import funcad.numpy as fnp
    >>> ramp = fnp.vectorize(lambda a: a * a if a > 0 else 0.0, otypes=[float])
    >>> fc.jacobian(ramp)(np.array([3.0, -1.0]))
    array([[6., 0.],
           [0., 0.]])
    """

    def _vectorize_call(self, func: Any, args: Any) -> Any:
        """Call a function for every element; NumPy has taken `excluded` arguments out."""
        if self.signature is not None:
            return self._call_with_axes(func, args)
        if not args:
            return func()
        arrays = np.broadcast_arrays(*[as_operand(a) for a in args])
        shape, size = np.shape(arrays[0]), np.size(arrays[0])
        first = None
        if self.otypes is not None:
            dtypes: list[Any] = list(self.otypes)
        else:
            if size == 0:
                raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
            # NumPy, too, learns the dtypes from one more call, with elements of the dtype of the arrays
            first = outputs_of(func(*[np.reshape(a, (size,))[0] for a in arrays]))
            dtypes = [dtype_of(r) for r in first]
        columns = [numbers_of(a, size) for a in arrays]
        rows = [outputs_of(func(*numbers)) for numbers in zip(*columns, strict=True)] if columns else []
        if first is not None and self.cache:
            rows[0] = first
        if any([len(r) != len(dtypes) for r in rows]):
            raise ValueError(f"the function has to return {len(dtypes)} values for every element")
        found = tuple([joined([r[k] for r in rows], shape, dtype) for k, dtype in enumerate(dtypes)])
        return found[0] if len(found) == 1 else found

    def _call_with_axes(self, func: Any, args: Any) -> Any:
        """Call a function for every vector, or what else the signature says."""
        inputs, outputs = self._in_and_out_core_dims  # type: ignore[attr-defined]
        if len(args) != len(inputs):
            raise TypeError(f"wrong number of positional arguments: expected {len(inputs)}, got {len(args)}")
        arrays: list[Any] = [registry[np.asarray].apply((a,), {}) for a in args]
        outer, sizes = _impl._parse_input_dimensions(arrays, inputs)
        shapes = _impl._calculate_shapes(outer, sizes, inputs)
        arrays = [np.broadcast_to(a, shape) for a, shape in zip(arrays, shapes, strict=True)]
        rows = []
        for index in np.ndindex(*outer):
            row = outputs_of(func(*[a[index] for a in arrays]))
            if len(row) != len(outputs):
                raise ValueError(
                    f"wrong number of outputs from pyfunc: expected {len(outputs)}, got {len(row)}"
                )
            rows.append(row)
        if not rows:
            return super()._vectorize_call(func, [np.empty(np.shape(a)) for a in arrays])  # type: ignore[misc]
        found = []
        for k, names in enumerate(outputs):
            _impl._update_dim_sizes(sizes, registry[np.asarray].apply((rows[0][k],), {}), names)
            dtype = self.otypes[k] if self.otypes is not None else dtype_of(rows[0][k])
            core = tuple([sizes[n] for n in names])
            found.append(joined([np.broadcast_to(r[k], core) for r in rows], (*outer, *core), dtype))
        return found[0] if len(found) == 1 else tuple(found)


def outputs_of(result: Any) -> tuple[Any, ...]:
    """Return the results of a function as a tuple."""
    return result if isinstance(result, tuple) else (result,)


def dtype_of(x: Any) -> Any:
    """Return the dtype that an array of a value has."""
    return registry[np.asarray].apply((x,), {}).dtype


def numbers_of(a: Any, size: int) -> list[Any]:
    """Return the elements of an array as Python's numbers."""
    if not isinstance(a, Tracer):
        return list(np.asarray(a, dtype=object).ravel())
    row: Any = a
    return [item(e, 0) for e in separate(np.reshape(row, (size,)))]


def joined(values: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Return values as one array of a shape and dtype."""
    if not contains_tracer(values):
        return np.reshape(np.array(values, dtype=dtype), shape)
    return np.reshape(np.stack([typed(v, np.dtype(dtype)) for v in values]), shape)
