"""Direct solvers of sparse systems, by the right-hand side and by the stored values of the matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from funcad.core.assemble import as_operand
from funcad.core.broadcast import shape_of
from funcad.core.tracer import Tracer, plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.sparse import System, solution
from funcad.rules.scipy.traced_sparse import TracedSparse, issparse, of


def spsolve(A: Any, b: Any, permc_spec: str | None = None, use_umfpack: bool = True) -> Any:
    """Solve a sparse system, as `scipy.sparse.linalg.spsolve`; the derivatives factorise the matrix once.

    Args:
        A: the matrix, plain or with traced values.
        b: the right-hand side, a dense vector or matrix.
        permc_spec: how columns are permuted.
        use_umfpack: whether UMFPACK is used where it is installed.

    Raises:
        UnsupportedArgumentError: b is sparse.
    """
    if not isinstance(A, TracedSparse) and not isinstance(b, (Tracer, TracedSparse)):
        return scipy.sparse.linalg.spsolve(A, b, permc_spec, use_umfpack)
    if issparse(b):
        raise UnsupportedArgumentError("spsolve with a sparse right-hand side has no rule; write b.toarray()")
    a = of(A)
    a = a if a.format in ("csr", "csc") else a.tocsc()
    b = as_operand(b)
    column = len(shape_of(b)) == 2 and shape_of(b)[1] == 1
    system = System(a.like, True, permc_spec=permc_spec, use_umfpack=use_umfpack)
    # SciPy gives a vector for a right-hand side of one column
    return solution(a.data, np.ravel(b) if column else b, system)


class Factors:
    """The factors of a sparse matrix with traced values: what `splu` returns."""

    def __init__(self, a: TracedSparse, **options: Any) -> None:
        self.shape = a.shape
        self.nnz = a.nnz
        self._data = a.data
        self._system = System(a.like, False, **options)
        if not isinstance(plain(a.data), Tracer):  # under vmap there are many
            self._system.factored(plain(a.data))

    def solve(self, rhs: Any, trans: str = "N") -> Any:
        """Solve with the matrix ("N"), its transpose ("T") or its adjoint ("H")."""
        if trans == "H":
            return np.conj(solution(self._data, np.conj(as_operand(rhs)), self._system, "T"))
        return solution(self._data, as_operand(rhs), self._system, trans)


def splu(A: Any, permc_spec: Any = None, diag_pivot_thresh: Any = None, relax: Any = None,
         panel_size: Any = None, options: Any = None) -> Any:  # fmt: skip
    """Factorise a sparse matrix, as `scipy.sparse.linalg.splu`; `solve` of the factors takes traced values."""
    settings = {
        "permc_spec": permc_spec, "diag_pivot_thresh": diag_pivot_thresh, "relax": relax,
        "panel_size": panel_size, "options": options,
    }  # fmt: skip
    a = of(A)
    a = a if a.format == "csc" else a.tocsc()
    return Factors(a, **{k: v for k, v in settings.items() if v is not None})


def factorized(A: Any) -> Any:
    """Return a function that solves systems with a matrix, which is factorised once."""
    return splu(A).solve


def norm(x: Any, ord: Any = None, axis: Any = None) -> Any:
    """Return the norm of a sparse array, as `scipy.sparse.linalg.norm`: Frobenius, 1 or infinity."""
    if not isinstance(x, TracedSparse):
        return scipy.sparse.linalg.norm(x, ord, axis)
    if axis is None and ord in (None, "fro"):
        return np.linalg.norm(x.canonical().data)
    return np.linalg.norm(x.toarray(), ord, axis)
