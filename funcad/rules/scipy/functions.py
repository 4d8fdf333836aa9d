"""The functions of `scipy.special` that are Python code, and do not see traced values themselves.

`funcad.scipy.special` has them under SciPy's names. Their values are SciPy's; the code here gives the derivatives.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.assemble import as_operand
from funcad.core.function import twin
from funcad.core.general import is_plain, unsupported_operand
from funcad.core.primitive import registry
from funcad.core.tracer import plain
from funcad.core.valued import with_value
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.special import HURWITZ

logsumexp = twin(special.logsumexp)
softmax = twin(special.softmax)
log_softmax = twin(special.log_softmax)
polygamma = twin(special.polygamma)
multigammaln = twin(special.multigammaln)


def below_maximum(a: Any, axis: Any, b: Any = None) -> Any:
    """Return `a` less its maximum, a constant: 0 where they are the same infinity."""
    values = plain(a)
    present = values if b is None else np.where(np.equal(plain(b), 0), -np.inf, values)
    most = np.max(present, axis=axis, keepdims=True, initial=-np.inf)
    if b is not None and is_plain(b):
        values = present  # what a weight of 0 hides may be too large; of a traced weight it is the derivative
    with np.errstate(invalid="ignore"):
        return with_value(a, np.where(np.equal(values, most), 0.0, values - most))


@logsumexp.def_composite(own_value=True)
def _logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    a, b = as_operand(a), as_operand(b)
    if np.iscomplexobj(plain(a)) or np.iscomplexobj(plain(b)):
        raise UnsupportedArgumentError(
            "scipy.special.logsumexp has rules for real numbers; write np.log(np.sum(np.exp(a))) for complex ones"
        )
    # the logarithm of the sum but for a constant: the value is SciPy's
    terms = np.exp(below_maximum(a, axis, b))
    total = np.sum(terms if b is None else b * terms, axis=axis, keepdims=keepdims)
    return (np.log(np.abs(total)), np.sign(plain(total))) if return_sign else np.log(total)


@softmax.def_composite(own_value=True)
def _softmax(x: Any, axis: Any = None) -> Any:
    terms = np.exp(below_maximum(as_operand(x), axis))
    return terms / np.sum(terms, axis=axis, keepdims=True)


@log_softmax.def_composite(own_value=True)
def _log_softmax(x: Any, axis: Any = None) -> Any:
    below = below_maximum(as_operand(x), axis)
    return below - np.log(np.sum(np.exp(below), axis=axis, keepdims=True))


@polygamma.def_composite(own_value=True)
def _polygamma(n: Any, x: Any) -> Any:
    n, x = as_operand(n), as_operand(x)
    if not is_plain(n):
        raise unsupported_operand(registry[polygamma], "n")
    # psi^(n) = (-1)^(n+1) n! zeta(n + 1, x) (DLMF 25.11.12); zeta(1, x) is infinite, and order 0 is psi itself
    first = np.equal(n, 0)
    k = np.where(first, 1, n)
    return np.where(first, special.psi(x), (-1.0) ** (k + 1) * special.gamma(k + 1.0) * HURWITZ(k + 1, x))


@multigammaln.def_composite(own_value=True)
def _multigammaln(a: Any, d: Any) -> Any:
    a = as_operand(a)
    return sum([special.gammaln(a - 0.5 * j) for j in range(int(d))])
