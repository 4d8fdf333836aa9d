"""SciPy's constructors of sparse arrays, for stored values that are traced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy.sparse

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.broadcast import shape_of
from funcad.core.primitive import strip
from funcad.core.tracer import Tracer
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.sparse import holding, with_data
from funcad.rules.scipy.traced_sparse import TracedSparse, issparse, of


class Format(type):
    """The type of the classes of this module: they make SciPy's arrays, or traced ones."""

    own: Any

    def __call__(cls, arg1: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(arg1, TracedSparse):
            refuse(cls.own, args, kwargs)
            return retyped(arg1.asformat(format_of(cls.own)), cls.own)
        if contains_tracer(arg1 if isinstance(arg1, tuple) else (arg1,)):
            return made(cls.own, arg1, *args, **kwargs)
        return cls.own(arg1, *args, **kwargs)

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x.like if isinstance(x, TracedSparse) else x, cls.own)


def format_of(own: Any) -> str:
    """Return the format of a class of SciPy, by which it is named."""
    return str(own.__name__[:3])


def refuse(own: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
    """Refuse what would change a traced array while it is made."""
    given = [a for a in (*args, *kwargs.values()) if a is not None and a is not False]
    if given:
        raise UnsupportedArgumentError(
            f"{own.__name__} of a traced sparse array takes no further arguments (got {given[0]!r})"
        )


def retyped(x: TracedSparse, own: Any) -> TracedSparse:
    """Return a traced array as one of SciPy's older matrices or newer arrays."""
    return TracedSparse(own(x.like), x.data)


def made(own: Any, arg: Any, shape: Any = None, dtype: Any = None, copy: bool = False) -> TracedSparse:
    """Make a traced sparse array of stored values and their places, or of a traced dense array.

    All elements of a dense array are stored, zeros too, since they have derivatives.
    """
    if isinstance(arg, Tracer):
        dense: Any = arg
        if len(shape_of(dense)) != 2:
            raise UnsupportedArgumentError(
                f"{own.__name__} of a traced array takes one of two axes (its shape is {shape_of(dense)})"
            )
        rows, columns = (i.ravel() for i in np.indices(shape_of(dense)))
        arg, shape = (np.ravel(dense), (rows, columns)), shape_of(dense)
    data, *where = arg
    data = as_operand(data)
    if dtype is not None and np.dtype(dtype) != data.dtype:
        data = data.astype(dtype)
    where = [strip(w) for w in where]
    numbers = np.arange(1, shape_of(data)[0] + 1)
    if len(where) == 2:
        like = own((numbers, *where), shape=shape)
        return TracedSparse(holding(like, data), data)
    coo = scipy.sparse.coo_array if issubclass(own, scipy.sparse.sparray) else scipy.sparse.coo_matrix
    like = coo((numbers, *where), shape=shape)
    return TracedSparse(holding(like, data), data).asformat(format_of(own))


def _format(own: Any) -> Any:
    doc = f"`scipy.sparse.{own.__name__}`, of plain or traced stored values."
    return Format(own.__name__, (), {"own": own, "__doc__": doc, "__module__": "funcad.scipy.sparse"})


csr_array, csc_array, coo_array = (
    _format(c) for c in (scipy.sparse.csr_array, scipy.sparse.csc_array, scipy.sparse.coo_array)
)
csr_matrix, csc_matrix, coo_matrix = (
    _format(c) for c in (scipy.sparse.csr_matrix, scipy.sparse.csc_matrix, scipy.sparse.coo_matrix)
)


# --- joined: SciPy is shown the numbers of the stored values, and says where they come to stand


def joined(fn: Callable[..., Any], blocks: Any, **kwargs: Any) -> Any:
    """Join plain and traced sparse arrays as a function of SciPy does."""
    values: list[Any] = []
    count = 0

    def numbered(x: Any) -> Any:
        nonlocal count
        if isinstance(x, (list, tuple)):
            return [numbered(v) for v in x]
        if x is None or not issparse(x):
            return x if x is None else numbered(scipy.sparse.coo_array(x))
        part = of(x)
        first, count = count, count + part.nnz
        values.append(part.data)
        return with_data(part.like, np.arange(first + 1, count + 1))

    numbers = fn(numbered(blocks), **kwargs)
    if numbers.format not in ("csr", "csc", "coo"):
        numbers = numbers.tocsr()
    data = np.concatenate(values)[numbers.data - 1]
    return TracedSparse(holding(numbers, data), data)


def is_traced(blocks: Any) -> bool:
    """Tell whether there is a traced sparse array among nested lists."""
    if isinstance(blocks, (list, tuple)):
        return any(is_traced(b) for b in blocks)
    return isinstance(blocks, TracedSparse)


def _joining(fn: Any) -> Any:
    def join(blocks: Any, format: Any = None, dtype: Any = None) -> Any:
        if not is_traced(blocks):
            return fn(blocks, format=format, dtype=dtype)
        if dtype is not None:
            raise UnsupportedArgumentError(f"{fn.__name__} of traced sparse arrays takes no dtype")
        return joined(fn, blocks, format=format)

    join.__name__, join.__doc__ = fn.__name__, f"`scipy.sparse.{fn.__name__}`, of plain or traced arrays."
    return join


hstack, vstack, block_array, bmat = (
    _joining(f)
    for f in (scipy.sparse.hstack, scipy.sparse.vstack, scipy.sparse.block_array, scipy.sparse.bmat)
)


def kron(A: Any, B: Any, format: Any = None) -> Any:
    """Return the Kronecker product of sparse arrays, as SciPy's function of the name."""
    if not (is_traced(A) or is_traced(B)):
        return scipy.sparse.kron(A, B, format=format)
    a, b = of(A).canonical(), of(B).canonical()
    rows, columns = (
        np.add.outer(np.asarray(i, np.int64) * n, j).ravel()
        for i, j, n in zip(a.tocoo().like.coords, b.tocoo().like.coords, b.shape, strict=True)
    )
    data = np.ravel(np.multiply.outer(a.tocoo().data, b.tocoo().data))
    shape = a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]
    kind = scipy.sparse.coo_array if isinstance(a.like, scipy.sparse.sparray) else scipy.sparse.coo_matrix
    return made(kind, (data, (rows, columns)), shape).asformat(format)


def _diagonals(fn: Any, kind: Any) -> Any:
    def diags(
        diagonals: Any, /, offsets: Any = 0, shape: Any = None, format: Any = None, dtype: Any = None
    ) -> Any:
        if not contains_tracer((diagonals,) if isinstance(diagonals, Tracer) else tuple(diagonals)):
            return fn(diagonals, offsets=offsets, shape=shape, format=format, dtype=dtype)
        listed = [diagonals] if np.ndim(offsets) == 0 else list(diagonals)
        if np.ndim(offsets) == 0 and len(shape_of(as_operand(diagonals))) == 2:
            listed = list(diagonals)
        at = [int(k) for k in np.atleast_1d(offsets)]
        lengths = [shape_of(as_operand(d)) for d in listed]
        if shape is None:
            n = lengths[0][0] + abs(at[0])
            shape = (n, n)
        rows, columns, values = [], [], []
        for d, k in zip(listed, at, strict=True):
            i = np.arange(max(0, -k), min(shape[0], shape[1] - k))
            d = as_operand(d)
            if shape_of(d) not in ((), (1,), (len(i),)):
                raise ValueError(
                    f"Diagonal length (index {k}: {shape_of(d)[0]} at offset {k}) does not agree with "
                    f"array size {tuple(shape)}."
                )
            rows.append(i)
            columns.append(i + k)
            values.append(np.broadcast_to(d, (len(i),)))
        where = np.concatenate(rows), np.concatenate(columns)
        return made(kind, (np.concatenate(values), where), shape, dtype).asformat(format or "csr")

    diags.__name__, diags.__doc__ = (
        fn.__name__,
        f"`scipy.sparse.{fn.__name__}`, of plain or traced diagonals.",
    )
    return diags


diags_array = _diagonals(scipy.sparse.diags_array, scipy.sparse.coo_array)
diags = _diagonals(scipy.sparse.diags, scipy.sparse.coo_matrix)
