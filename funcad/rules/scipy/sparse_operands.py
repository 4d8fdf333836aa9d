"""Plain and traced sparse arrays as operands of traced values, and as containers of their stored values."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.tracer import Tracer
from funcad.rules.scipy.sparse import with_data
from funcad.rules.scipy.traced_sparse import TracedSparse, issparse, of


def _with_sparse(op: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def apply(x: Any, y: Any) -> Any:
        # one of the two is the traced value, which would come back here
        if issparse(x):
            return getattr(of(x), f"__{op.__name__}__")(y)
        reflected = getattr(of(y), f"__r{op.__name__}__", None)
        return NotImplemented if reflected is None else reflected(x)

    return apply


#: by the sign of an operator, what it does to a traced value and a sparse array
OPERATORS = {
    "+": _with_sparse(operator.add),
    "-": _with_sparse(operator.sub),
    "*": _with_sparse(operator.mul),
    "/": _with_sparse(operator.truediv),
    "@": _with_sparse(operator.matmul),
}


class Places:
    """Where the stored values of a sparse array stand: two are equal if all of them are."""

    def __init__(self, like: Any) -> None:
        self.like = like

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Places) or self._kind() != other._kind():
            return False
        return all(np.array_equal(a, b) for a, b in zip(self._indices(), other._indices(), strict=True))

    def __hash__(self) -> int:
        return hash(self._kind())

    def _kind(self) -> tuple[Any, ...]:
        return type(self.like), self.like.shape, self.like.nnz

    def _indices(self) -> tuple[Any, ...]:
        like = self.like
        return tuple(like.coords) if like.format == "coo" else (like.indices, like.indptr)

    def filled(self, data: Any) -> Any:
        """Return the array with other stored values: a plain one for plain values."""
        if isinstance(data, np.ndarray) and not isinstance(data, Tracer):
            return with_data(self.like, data)
        return TracedSparse(self.like, data)


def tree_of(cls: type) -> tuple[Any, Any] | None:
    """Return how a class is taken apart into stored values and places, and put together; None for others."""
    if not (issubclass(cls, TracedSparse) or getattr(cls, "format", None) is not None):
        return None

    def take_apart(x: Any) -> tuple[Any, ...]:
        x = of(x)
        return (x.data,), Places(x.like), ("data",)

    def put_together(at: Places, children: Any) -> Any:
        (data,) = children
        return at.filled(data)

    return take_apart, put_together
