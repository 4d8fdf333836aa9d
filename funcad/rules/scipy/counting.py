"""Factorials, combinations and permutations of `scipy.special`, between whole numbers too.

Their values are SciPy's; the code here gives the derivatives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.assemble import as_operand
from funcad.core.batching import Stack
from funcad.core.broadcast import shape_of
from funcad.core.function import twin
from funcad.core.kinds import batching
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.batching import constants

factorial = twin(special.factorial)
comb = twin(special.comb)
perm = twin(special.perm)


def refuse_exact(name: str, exact: bool) -> None:
    """Refuse exact whole numbers, which have no derivative.

    Raises:
        UnsupportedArgumentError: the result was to be exact.
    """
    if exact:
        raise UnsupportedArgumentError(
            f"scipy.special.{name} with exact=True gives whole numbers; leave it out for a derivative"
        )


@factorial.def_composite(own_value=True)
def _factorial(n: Any, exact: bool = False, extend: str = "zero") -> Any:
    refuse_exact("factorial", exact)
    n = as_operand(n)
    if extend == "complex":
        return special.gamma(n + 1)
    below = plain(n) < 0
    return np.where(below, 0.0, special.gamma(np.where(below, 0.0, n) + 1))


@comb.def_composite(own_value=True)
def _comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:
    refuse_exact("comb", exact)
    N, k = as_operand(N), as_operand(k)
    if repetition:
        return special.binom(N + k - 1, k)
    inside = (plain(k) <= plain(N)) & (plain(N) >= 0) & (plain(k) >= 0)
    return np.where(inside, special.binom(np.where(inside, N, 1.0), np.where(inside, k, 1.0)), 0.0)


@perm.def_composite(own_value=True)
def _perm(N: Any, k: Any, exact: bool = False) -> Any:
    refuse_exact("perm", exact)
    N, k = as_operand(N), as_operand(k)
    inside = (plain(k) <= plain(N)) & (plain(N) >= 0) & (plain(k) >= 0)
    start, steps = np.where(inside, N - k + 1, 1.0), np.where(inside, k, 1.0)
    return np.where(inside, special.poch(start, steps), 0.0)


def of_arrays(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Align the ranks of arrays; of numbers in single precision SciPy makes double precision otherwise."""
    small = any([isinstance(a, Stack) and len(shape_of(a.array)) == 1 for a in args])
    return None if small else constants.elementwise(fn, args, kwargs)


batching(of_arrays, factorial, comb, perm)
