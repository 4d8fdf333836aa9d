"""`scipy.linalg`: functions of one matrix.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `A` the matrix. Cotangents are unconjugated, so the
transposed derivative is that at the transposed matrix (N. J. Higham, Functions of Matrices, 2008, chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import Tracer, anywhere, plain
from funcad.core.valued import with_value
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.rules.batching.linalg import of_matrices
from funcad.rules.decompositions import across, is_complex
from funcad.rules.linalg import condition, mT
from funcad.rules.scipy.exponential import change_of_exponential
from funcad.rules.scipy.matrix_equations import solve_sylvester
from funcad.rules.scipy.operands import one_matrix

expm = twin(scipy.linalg.expm)
expm_frechet = twin(scipy.linalg.expm_frechet)
logm = twin(scipy.linalg.logm)
sqrtm = twin(scipy.linalg.sqrtm)
signm = twin(scipy.linalg.signm)
fractional_matrix_power = twin(scipy.linalg.fractional_matrix_power)
funm = twin(scipy.linalg.funm)
cosm = twin(scipy.linalg.cosm)
sinm = twin(scipy.linalg.sinm)
tanm = twin(scipy.linalg.tanm)
coshm = twin(scipy.linalg.coshm)
sinhm = twin(scipy.linalg.sinhm)
tanhm = twin(scipy.linalg.tanhm)


def along(f: Callable[[Any], Any], a: Any, t: Any) -> Any:
    """Return the derivative of a function of a matrix along t.

    It is the upper right block of the function of [[a, t], [0, a]] (Higham, theorem 3.6). The direction is scaled
    to the size of one, as the algorithms depend on the norm.
    """
    n = np.shape(a)[-1]
    size = np.max(np.abs(plain(t)), axis=(-2, -1), keepdims=True, initial=0.0)
    size = np.where(np.equal(size, 0), 1.0, size)
    top = np.concatenate([a, t / size], axis=-1)
    bottom = np.concatenate([np.zeros_like(a), a], axis=-1)
    return size * f(np.concatenate([top, bottom], axis=-2))[..., :n, n:]


def double(x: Any) -> Any:
    """Return a matrix in double precision, in which derivatives of the exponential are computed."""
    return as_operand(x) * np.float64(1)


#: for one matrix, which needs no larger one
change_of_expm = PrimitiveFunction(change_of_exponential, name="scipy.linalg.expm (change)")


@change_of_expm.def_composite(own_value=True)
def _change_of_expm(a: Any, t: Any) -> Any:
    return along(expm, double(a), double(t))


def expm_along(a: Any, t: Any) -> Any:
    """Return the derivative of the exponential along t."""
    if np.ndim(a) != 2:
        return along(expm, a, t)
    return change_of_expm(a, t).astype(np.result_type(plain(a), plain(t)))


expm.def_jvp(lambda t, A: expm_along(A, t))
expm.def_vjp(lambda g, A: expm_along(mT(A), g))


@expm_frechet.def_composite(own_value=True)
def _expm_frechet(
    A: Any, E: Any, method: Any = None, compute_expm: bool = True, check_finite: bool = True
) -> Any:
    A, E = double(A), double(E)
    change = along(expm, A, E)
    return (expm(A), change) if compute_expm else change


# --- roots and logarithms


def by_eigenvectors(a: Any, f: Callable[[Any], Any]) -> Any:
    """Return V f(W) V^-1, which has derivatives where the eigenvalues differ."""
    w, v = np.linalg.eig(a)
    return (v * across(f(w + 0j))) @ np.linalg.inv(v)


def on_the_cut(result: Any, a: Any) -> bool:
    """Tell whether a real matrix has negative eigenvalues, whose pairs in a block may fall on both sides of the cut."""
    return is_complex(result) and not is_complex(a)


#: the principal logarithm where no eigenvalue is on the cut
principal_log = twin(scipy.linalg.logm)
principal_log.def_jvp(lambda t, A: along(principal_log, A, t))
principal_log.def_vjp(lambda g, A: along(principal_log, mT(A), g))


@logm.def_composite()
def _logm(A: Any, disp: Any = True) -> Any:
    shown(disp, "logm")
    A = as_operand(A)
    result = principal_log(A)
    return with_value(by_eigenvectors(A, np.log), plain(result)) if on_the_cut(result, A) else result


def shown(disp: Any, name: str) -> None:
    """Refuse that an estimate of the error is returned as well."""
    if disp is not True:
        raise UnsupportedArgumentError(f"scipy.linalg.{name} has rules for the result alone: leave disp out")


own_power = twin(scipy.linalg.fractional_matrix_power)
own_power.def_constant()


@fractional_matrix_power.def_composite()
def _fractional_matrix_power(A: Any, t: Any) -> Any:
    A, t = as_operand(A), as_operand(t)
    value = own_power(A, t)
    if not isinstance(t, Tracer) and t == int(t):
        return with_value(np.linalg.matrix_power(A, int(t)), value)
    if on_the_cut(value, A):
        return with_value(by_eigenvectors(A, lambda w: w**t), value)
    log = logm(A)
    if on_the_cut(log, A):
        raise UndefinedDerivativeError(
            "scipy.linalg.fractional_matrix_power: a real matrix with negative eigenvalues has complex powers beside "
            f"the real one with the exponent {plain(t)}, so that there is no derivative: pass A.astype(complex)"
        )
    # more accurate than the power of a block
    return with_value(expm(t * log), value)


def check_root(ans: Any) -> None:
    """Refuse the root of a singular matrix, beside which roots change without bound."""
    one_matrix(np.shape(ans), "sqrtm")
    if anywhere(condition(plain(ans)) > 0.2 / np.finfo(plain(ans).dtype).eps):
        raise UndefinedDerivativeError("scipy.linalg.sqrtm has no derivative at a singular matrix")


def root_push(t: Any, ans: Any) -> Any:
    """Solve X dX + dX X = t."""
    check_root(ans)
    return solve_sylvester(ans, ans, t.astype(ans.dtype))


def root_pull(g: Any, ans: Any) -> Any:
    """Solve the transposed equation."""
    check_root(ans)
    return solve_sylvester(mT(ans), mT(ans), g)


sqrtm.def_jvp(root_push)
sqrtm.def_vjp(root_pull)


def sign_push(t: Any, ans: Any, A: Any) -> Any:
    """Solve N dS + dS N = t - S t S, with N = A S (C. Kenney and A. J. Laub, 1991)."""
    one_matrix(np.shape(ans), "signm")
    size = A @ ans
    return solve_sylvester(size, size, t - ans @ t @ ans)


signm.def_jvp(sign_push)


# --- functions of the exponential


@cosm.def_composite(own_value=True)
def _cosm(A: Any) -> Any:
    A = as_operand(A)
    return 0.5 * (expm(1j * A) + expm(-1j * A)) if is_complex(A) else np.real(expm(1j * A))


@sinm.def_composite(own_value=True)
def _sinm(A: Any) -> Any:
    A = as_operand(A)
    return -0.5j * (expm(1j * A) - expm(-1j * A)) if is_complex(A) else np.imag(expm(1j * A))


@tanm.def_composite(own_value=True)
def _tanm(A: Any) -> Any:
    return np.linalg.solve(_cosm(A), _sinm(A))


@coshm.def_composite(own_value=True)
def _coshm(A: Any) -> Any:
    A = as_operand(A)
    return 0.5 * (expm(A) + expm(-A))


@sinhm.def_composite(own_value=True)
def _sinhm(A: Any) -> Any:
    A = as_operand(A)
    return 0.5 * (expm(A) - expm(-A))


@tanhm.def_composite(own_value=True)
def _tanhm(A: Any) -> Any:
    return np.linalg.solve(_coshm(A), _sinhm(A))


# --- any function of the eigenvalues

own_function = twin(scipy.linalg.funm)
own_function.def_constant()


@funm.def_composite()
def _funm(A: Any, func: Callable[[Any], Any], disp: Any = True) -> Any:
    shown(disp, "funm")
    A = as_operand(A)
    one_matrix(np.shape(A), "funm")
    value = own_function(A, lambda w: plain(func(w)))
    result = by_eigenvectors(A, func)
    return with_value(result if is_complex(value) else np.real(result), value)


batching(of_matrices, expm, principal_log)
