"""A sparse array whose stored values are traced, with the operations of SciPy's.

It is a vector of values and a plain sparse array that says where they stand. What is stored stays stored,
also where a sum happens to be zero, so that its derivative is not lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse

from funcad.core.assemble import as_operand
from funcad.core.broadcast import shape_of
from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import ConversionError, UnsupportedArgumentError
from funcad.rules.scipy.sparse import dense, holding, places, product, total, with_data


class TracedSparse:
    """A two-dimensional sparse array of SciPy with traced stored values."""

    #: NumPy's arrays leave operators to this class, as they do to SciPy's
    __array_priority__ = 10.2

    def __init__(self, like: Any, data: Any) -> None:
        """Make an array.

        Args:
            like: a plain sparse array of format csr, csc or coo, whose stored values are those of `data`.
            data: the stored values, a vector.
        """
        self.like = like
        self.data = data

    # --- what it is

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.like.shape
        return int(rows), int(columns)

    @property
    def format(self) -> str:
        return str(self.like.format)

    @property
    def dtype(self) -> Any:
        return self.data.dtype

    ndim = 2

    @property
    def nnz(self) -> int:
        return int(self.like.nnz)

    @property
    def T(self) -> TracedSparse:
        return TracedSparse(self.like.T, self.data)

    def __getattr__(self, name: str) -> Any:
        if name in (
            "indices",
            "indptr",
            "row",
            "col",
            "coords",
            "has_canonical_format",
            "has_sorted_indices",
        ):
            return getattr(self.like, name)
        raise AttributeError(
            f"a sparse array with traced values has no attribute {name!r}; its values are `.data`, and "
            "`.toarray()` is a traced array"
        )

    def __repr__(self) -> str:
        return f"<traced sparse array of shape {self.shape} in {self.format} with {self.nnz} stored values>"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if dtype is not None and np.dtype(dtype).kind != "O":
            raise ConversionError(
                f"a sparse array with traced values cannot become a plain array at {user_line()}: the "
                "derivative would be lost. Write .toarray(), or take the function from funcad.scipy.sparse"
            )
        out: Any = np.empty((), object)
        out[()] = self
        return out

    def __len__(self) -> int:
        raise TypeError("sparse array length is ambiguous; use getnnz()")

    # --- other formats

    def asformat(self, format: str | None, copy: bool = False) -> TracedSparse:
        """Return the array in another format, its values moved along."""
        if format is None or format == self.format:
            return self.copy() if copy else self
        if format not in ("csr", "csc", "coo"):
            raise UnsupportedArgumentError(
                f"a sparse array with traced values has no format {format!r}; use csr, csc or coo"
            )
        return self.canonical().moved(lambda like: like.asformat(format))

    def tocsr(self, copy: bool = False) -> TracedSparse:
        return self.asformat("csr", copy)

    def tocsc(self, copy: bool = False) -> TracedSparse:
        return self.asformat("csc", copy)

    def tocoo(self, copy: bool = False) -> TracedSparse:
        return self.asformat("coo", copy)

    def copy(self) -> TracedSparse:
        return TracedSparse(self.like.copy(), self.data)

    def moved(self, fn: Callable[[Any], Any]) -> TracedSparse:
        """Apply a function that only moves or drops stored values: it is shown their numbers."""
        numbers = fn(with_data(self.like, np.arange(1, self.nnz + 1)))
        data = self.data[numbers.data - 1]
        return TracedSparse(holding(numbers, data), data)

    def canonical(self) -> TracedSparse:
        """Return the array with one stored value for each place."""
        found, to = np.unique(keys_of(self.like), return_inverse=True)
        if len(found) == len(to):
            return self
        own = pattern(self)
        own.sum_duplicates()
        return gathered(own, found, to, self.data)

    def toarray(self) -> Any:
        """Return the dense array."""
        return dense(self.data, self.like)

    todense = toarray

    def transpose(self, axes: Any = None, copy: bool = False) -> TracedSparse:
        if axes is not None and tuple(axes) != (1, 0):
            raise ValueError("Sparse arrays do not support an 'axes' parameter other than (1, 0)")
        return self.T.copy() if copy else self.T

    # --- parts and sums

    def __getitem__(self, index: Any) -> Any:
        canonical = self.canonical()
        numbers = with_data(canonical.like, np.arange(1, canonical.nnz + 1))[index]
        if not scipy.sparse.issparse(numbers):
            n = int(numbers)
            return canonical.data[n - 1] if n else canonical.data.dtype.type(0)
        if numbers.ndim != 2:
            raise UnsupportedArgumentError(
                f"row or column {index!r} of a sparse array with traced values would have one axis; keep "
                "both with a slice, as in A[i : i + 1], or write A.toarray()[i]"
            )
        data = canonical.data[numbers.data - 1]
        return TracedSparse(holding(numbers, data), data)

    def diagonal(self, k: int = 0) -> Any:
        """Return the values of a diagonal, those that are not stored as zeros."""
        return np.diagonal(self.toarray(), k)

    def trace(self, offset: int = 0) -> Any:
        return np.sum(self.diagonal(offset))

    def sum(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """Return the sum of all elements or along an axis, as an array with one axis less."""
        if out is not None or dtype is not None:
            raise UnsupportedArgumentError("sum of a traced sparse array takes no dtype and no out")
        if axis is not None:
            refuse_matrix(self.like, "sum along an axis")
        return total(self.data, self.like, None if axis is None else int(axis) % 2)

    def mean(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """Return the mean of all elements or along an axis."""
        count = self.shape[0] * self.shape[1] if axis is None else self.shape[int(axis) % 2]
        return self.sum(axis, dtype, out) * (1.0 / count)

    # --- arithmetic

    def mapped(self, data: Any) -> TracedSparse:
        """Return an array with other values at the same places."""
        return TracedSparse(holding(self.like, data), data)

    def __neg__(self) -> TracedSparse:
        return self.mapped(-self.data)

    def __abs__(self) -> TracedSparse:
        return self.mapped(np.abs(self.data))

    def conj(self, copy: bool = True) -> TracedSparse:
        return self.mapped(np.conj(self.data))

    def power(self, n: Any) -> TracedSparse:
        """Return the array with each stored value raised to a power other than 0."""
        if np.any(np.equal(plain(n), 0)):
            raise NotImplementedError("zero power is not supported as it would densify the matrix")
        return self.mapped(self.data**n)

    def __pow__(self, n: Any) -> TracedSparse:
        if isinstance(self.like, scipy.sparse.sparray):
            return self.power(n)
        if n != int(n) or n < 1 or self.shape[0] != self.shape[1]:
            raise UnsupportedArgumentError(
                f"a {type(self.like).__name__} of shape {self.shape} with traced values has powers of 1 and more "
                f"of a square one, not {n}"
            )
        half = self if n == 1 else self ** (n // 2)
        return half if n == 1 else half @ half @ self if n % 2 else half @ half

    def __add__(self, other: Any) -> Any:
        if issparse(other):
            return union(self, of(other))
        if np.ndim(plain(other)) == 0 and not isinstance(other, Tracer) and other == 0:
            return self
        if np.ndim(plain(other)) == 0:
            raise NotImplementedError("adding a nonzero scalar to a sparse array is not supported")
        refuse_matrix(self.like, "the sum with a dense array")
        return self.toarray() + other

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def multiply(self, other: Any) -> TracedSparse:
        """Return the product element by element with a number, a dense or a sparse array."""
        if issparse(other):
            return intersection(self, of(other))
        other = as_operand(other)
        shape = shape_of(other)
        if shape == ():
            return self.mapped(self.data * other)
        wide = np.broadcast_to(other, np.broadcast_shapes(self.shape, shape))
        if shape_of(wide) != self.shape:
            raise UnsupportedArgumentError(
                f"a sparse array of shape {self.shape} with traced values is not broadcast to that of the "
                f"dense one, {shape}; write A.toarray() * x"
            )
        # as SciPy's result
        rows = self.tocsr() if self.format == "coo" else self
        here = rows.moved(lambda like: like.tocoo())
        return here.mapped(here.data * wide[places(here.like)])

    def __mul__(self, other: Any) -> Any:
        if not isinstance(self.like, scipy.sparse.sparray) and (issparse(other) or np.ndim(plain(other)) > 0):
            return self @ other  # as the older matrices do
        return self.multiply(other)

    def __rmul__(self, other: Any) -> Any:
        if not isinstance(self.like, scipy.sparse.sparray) and (issparse(other) or np.ndim(plain(other)) > 0):
            return other @ self
        return self.multiply(other)

    def __truediv__(self, other: Any) -> TracedSparse:
        return self.multiply(1.0 / as_operand(other))

    def __matmul__(self, other: Any) -> Any:
        if issparse(other):
            return composed(self, of(other))
        return product(self.data, as_operand(other), self.like)

    def __rmatmul__(self, other: Any) -> Any:
        if issparse(other):
            return composed(of(other), self)
        x = as_operand(other)
        return np.transpose(product(self.data, np.transpose(x), self.like.T))

    def dot(self, other: Any) -> Any:
        return self * other if np.ndim(plain(other)) == 0 and not issparse(other) else self @ other


def refuse_matrix(like: Any, what: str) -> None:
    """Refuse what gives a numpy.matrix."""
    if not isinstance(like, scipy.sparse.sparray):
        raise UnsupportedArgumentError(
            f"{what} is a numpy.matrix for {type(like).__name__}; use {type(like).__name__[:3]}_array"
        )


def issparse(x: Any) -> bool:
    """Tell whether a value is a sparse array, plain or traced."""
    return isinstance(x, TracedSparse) or bool(scipy.sparse.issparse(x))


def of(x: Any) -> TracedSparse:
    """Return a plain or traced sparse array as one of this module."""
    if isinstance(x, TracedSparse):
        return x
    x = x if x.format in ("csr", "csc", "coo") else x.tocsr()
    return TracedSparse(x, x.data)


def pattern(x: TracedSparse) -> Any:
    """Return a plain sparse array of ones, of which SciPy drops none as zero."""
    return with_data(x.like, np.ones(x.nnz))


def gathered(own: Any, keys: Any, to: Any, data: Any) -> TracedSparse:
    """Return sums of values in the format and the order of a plain sparse array.

    Args:
        own: the plain array, which SciPy has made by the same operation.
        keys: the numbers of its places in order.
        to: which of them each value goes to.
        data: the values.
    """
    count = len(to)
    sums = scipy.sparse.csr_array((np.ones(count), (to, np.arange(count))), shape=(len(keys), count))
    values = product(sums.data, data, sums)
    order = np.searchsorted(keys, keys_of(own))
    values = values if np.array_equal(order, np.arange(len(keys))) else values[order]
    return TracedSparse(holding(own, values), values)


def keys_of(x: Any) -> Any:
    """Return the number of the place of each stored value of a plain array, counted along the rows."""
    rows, columns = places(x)
    return np.asarray(rows, np.int64) * x.shape[1] + columns


def union(a: TracedSparse, b: TracedSparse) -> TracedSparse:
    """a + b."""
    if a.shape != b.shape:
        raise ValueError(f"inconsistent shapes {a.shape} and {b.shape}")
    keys, to = np.unique(np.concatenate([keys_of(a.like), keys_of(b.like)]), return_inverse=True)
    return gathered(pattern(a) + pattern(b), keys, to, np.concatenate([a.data, b.data]))


def intersection(a: TracedSparse, b: TracedSparse) -> TracedSparse:
    """The product of a and b element by element."""
    if a.shape != b.shape:
        raise UnsupportedArgumentError(
            f"sparse arrays of shapes {a.shape} and {b.shape} with traced values are not broadcast; use "
            "arrays of one shape"
        )
    a, b = a.canonical(), b.canonical()
    keys, of_a, of_b = np.intersect1d(
        keys_of(a.like), keys_of(b.like), assume_unique=True, return_indices=True
    )
    own = pattern(a).multiply(pattern(b))
    return gathered(own, keys, np.arange(len(keys)), a.data[of_a] * b.data[of_b])


def composed(a: TracedSparse, b: TracedSparse) -> TracedSparse:
    """a @ b, from all pairs of stored values that meet."""
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"matmul: dimension mismatch of {a.shape} and {b.shape}")
    own = pattern(a) @ pattern(b)
    a, b = a.tocsr(), b.tocsr()
    rows, inner = places(a.like)
    starts, counts = b.like.indptr[inner], np.diff(b.like.indptr)[inner]
    of_a = np.repeat(np.arange(a.nnz), counts)
    of_b = np.arange(len(of_a)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(starts, counts)
    at = np.asarray(rows, np.int64)[of_a] * own.shape[1] + b.like.indices[of_b]
    keys, to = np.unique(at, return_inverse=True)
    return gathered(own, keys, to, a.data[of_a] * b.data[of_b])
