"""Products and systems of sparse arrays: linear in the stored values, and in the dense operand.

In scope: `data` the stored values, `x` or `b` the dense operand, `g` the cotangent, `ans` the result, and
`like`, a plain sparse array whose stored values stand at the places of `data`. A traced sparse array
(traced_sparse.py) is its stored values and such an array. Cotangents are unconjugated.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from funcad.core.batching import Call, looped
from funcad.core.broadcast import shape_of
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching
from funcad.core.tracer import Tracer, plain


def with_data(like: Any, data: Any) -> Any:
    """Return a plain sparse array with other stored values at the same places."""
    data = np.ascontiguousarray(data)  # as the solvers need it
    if like.format == "coo":
        return type(like)((data, like.coords), shape=like.shape)
    # SciPy sorts the places in the array that it is given, which must not be that of `like`
    kept = like.has_canonical_format
    return type(like)((data, like.indices, like.indptr), shape=like.shape, copy=not kept)


def holding(like: Any, data: Any) -> Any:
    """Return a plain sparse array with the values of traced ones; under vmap, where they are many, with ones."""
    values = plain(data)
    return with_data(like, np.ones(like.nnz) if isinstance(values, Tracer) else values)


def places(like: Any) -> tuple[Any, Any]:
    """Return the row and the column of each stored value, in their order."""
    if like.format == "coo":
        rows, columns = like.coords
        return rows, columns
    outer = np.repeat(np.arange(len(like.indptr) - 1), np.diff(like.indptr))
    return (outer, like.indices) if like.format == "csr" else (like.indices, outer)


def at_places(g: Any, x: Any, like: Any) -> Any:
    """Return g_i x_j at the places i, j of the stored values, summed over the columns of matrices."""
    rows, columns = places(like)
    terms = g[rows] * x[columns]
    return terms if len(shape_of(terms)) == 1 else np.sum(terms, axis=-1)


def _product(data: Any, x: Any, like: Any) -> Any:
    return with_data(like, data) @ x


def _dense(data: Any, like: Any) -> Any:
    return with_data(like, data).toarray()


def _sampled(x: Any, like: Any) -> Any:
    return x[places(like)]


def _total(data: Any, like: Any, axis: int | None) -> Any:
    return with_data(like, data).sum(axis=axis)


product = PrimitiveFunction(_product, name="scipy.sparse @")
dense = PrimitiveFunction(_dense, name="scipy.sparse toarray")
sampled = PrimitiveFunction(_sampled, name="scipy.sparse sampled")
total = PrimitiveFunction(_total, name="scipy.sparse sum")

product.def_jvp(lambda t, x, like: product(t, x, like), lambda t, data, like: product(data, t, like))
product.def_vjp(
    lambda g, x, like: at_places(g, x, like),
    # the transpose of rows is one of columns with the stored values in the same order
    lambda g, data, like: product(data, g, like.T),
)
dense.def_linear(lambda g, like: sampled(g, like))
sampled.def_linear(lambda g, like: dense(g, like))
total.def_linear(
    lambda g, like, axis: np.broadcast_to(g, (like.nnz,)) if axis is None else g[places(like)[1 - axis]]
)


def _products(c: Call) -> Any:
    """Multiply the examples of dense operands by one sparse array, as the columns of one matrix."""
    if c.stacked[0]:
        return looped(c)
    data, x = c.values
    size, inner, *columns = shape_of(x)
    wide = np.reshape(np.moveaxis(x, 0, 1), (inner, size * math.prod(columns)))
    result = c.evaluate(data, wide)
    return np.moveaxis(np.reshape(result, (shape_of(result)[0], size, *columns)), 0, 1)


batching(_products, product)


# --- systems: the factors are computed once for the values of a matrix, and serve the derivatives too


class System:
    """A sparse matrix of plain values with its factors, which are computed when first asked for."""

    def __init__(self, like: Any, direct: bool, **options: Any) -> None:
        self.like = like
        #: whether `spsolve` gives the solution, and the factors its derivatives alone
        self.direct = direct
        self.options = options
        self.values = like.data
        self.factors: Any = None

    def factored(self, data: Any) -> Any:
        """Return the factors of the matrix with some stored values."""
        if self.factors is None or not (data is self.values or np.array_equal(data, self.values)):
            kept = {k: v for k, v in self.options.items() if not self.direct or k == "permc_spec"}
            self.factors = scipy.sparse.linalg.splu(with_data(self.like, data).tocsc(), **kept)
            self.values = data
        return self.factors

    def solve(self, data: Any, b: Any, trans: str) -> Any:
        """Return the solution for the matrix, its transpose ("T") or its adjoint ("H")."""
        if self.direct and trans == "N":
            return scipy.sparse.linalg.spsolve(with_data(self.like, data), b, **self.options)
        return self.factored(data).solve(np.asarray(b), trans)


def _solution(data: Any, b: Any, system: System, trans: str = "N") -> Any:
    return system.solve(data, b, trans)


solution = PrimitiveFunction(_solution, name="scipy.sparse.linalg.spsolve")

_TRANSPOSED = {"N": "T", "T": "N"}


def changed(t: Any, data: Any, ans: Any, system: System, trans: str) -> Any:
    """-A^-1 t x, where t is a change of the matrix as it is or of its transpose."""
    like = system.like if trans == "N" else system.like.T
    return -solution(data, product(t, ans, like), system, trans)


def of_matrix(g: Any, data: Any, ans: Any, system: System, trans: str) -> Any:
    """-y_i x_j with A^T y = g."""
    y = solution(data, g, system, _TRANSPOSED[trans])
    left, right = (y, ans) if trans == "N" else (ans, y)
    return -at_places(left, right, system.like)


solution.def_jvp(
    lambda t, data, ans, system, trans: changed(t, data, ans, system, trans),
    lambda t, data, system, trans: solution(data, t, system, trans),
)
solution.def_vjp(
    lambda g, data, ans, system, trans: of_matrix(g, data, ans, system, trans),
    lambda g, data, system, trans: solution(data, g, system, _TRANSPOSED[trans]),
)
