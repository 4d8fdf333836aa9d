"""What the rules of `scipy.linalg` make of operands: the triangle that is read, stacks, what would be overwritten."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.errors import UnsupportedArgumentError
from funcad.rules.linalg import mT

_TRANS = {"N": 0, "T": 1, "C": 2}


def kind_of(trans: Any) -> int:
    """Return what a solver does with the matrix: 0 takes it, 1 its transpose, 2 the conjugate of that."""
    return _TRANS[trans] if isinstance(trans, str) else int(trans)


def triangle(x: Any, lower: bool, unit_diagonal: bool) -> Any:
    """Return the entries that the solver reads; with a unit diagonal it does not read the diagonal."""
    return np.tril(x, -int(unit_diagonal)) if lower else np.triu(x, int(unit_diagonal))


def outer(x: Any, y: Any) -> Any:
    """Return x y^T for vectors, or summed over the columns of matrices."""
    return np.outer(x, y) if getattr(x, "ndim", 0) == 1 else x @ mT(y)


def one_matrix(shape: tuple[int, ...], name: str) -> None:
    """Refuse a stack of matrices, for which SciPy reads the other operand in its own way."""
    if len(shape) != 2:
        raise UnsupportedArgumentError(
            f"scipy.linalg.{name} has rules for one matrix and not for a stack of them (its shape is {shape}): "
            f"write funcad.vmap over funcad.scipy.linalg.{name}"
        )


def kept(overwrite: bool, name: str, key: str) -> None:
    """Refuse that SciPy writes into an operand."""
    if overwrite:
        raise UnsupportedArgumentError(
            f"scipy.linalg.{name} has no derivative rule for the argument {key}=True; leave it out"
        )
