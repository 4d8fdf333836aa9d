"""Equations, inverses, determinants and powers of matrices, and of stacks of them.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `a`, `b` the operands, and the
function's own parameters. Cotangents are unconjugated, so transposes of what is holomorphic are
plain ones. Formulas: M. Giles, "An extended collection of matrix derivative results" (2008).
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite, constant, general
from funcad.core.tracer import anywhere, plain
from funcad.errors import UnsupportedArgumentError


def mT(x: Any) -> Any:
    """Return the transposes of a stack of matrices."""
    return np.swapaxes(x, -1, -2)


def mH(x: Any) -> Any:
    """Return the conjugate transposes of a stack of matrices."""
    return np.conjugate(mT(x)) if np.iscomplexobj(plain(x)) else mT(x)


def conj(x: Any) -> Any:
    """Return the conjugate of a complex array; a real one as it is."""
    return np.conjugate(x) if np.iscomplexobj(plain(x)) else x


def over(g: Any) -> Any:
    """Spread a number per matrix over the entries of the matrix."""
    return g[..., None, None] if getattr(g, "ndim", 0) else g


def contraction(x: Any, t: Any) -> Any:
    """Return the sum of x * t over the entries of each matrix."""
    return np.sum(x * t, axis=(-2, -1))


# --- solve: as in NumPy, b is a vector only if it has one axis


def solved(a: Any, b: Any, vectors: bool) -> Any:
    """Solve for the columns of b, or for a stack of vectors, whatever the number of axes."""
    return np.linalg.solve(a, b[..., None])[..., 0] if vectors else np.linalg.solve(a, b)


def solve_jvp_a(t: Any, ans: Any, a: Any, b_shape: Any) -> Any:
    """-a^-1 t x."""
    vectors = len(b_shape) == 1
    return -solved(a, np.matvec(t, ans) if vectors else t @ ans, vectors)


def solve_vjp_a(g: Any, ans: Any, a: Any, b_shape: Any) -> Any:
    """-(a^-T g) x^T."""
    if len(b_shape) == 1:
        return -solved(mT(a), g, True)[..., None] * ans[..., None, :]
    return -np.linalg.solve(mT(a), g) @ mT(ans)


# --- det: the cofactors are its derivative at every matrix, singular ones included


def others(s: Any) -> Any:
    """Return, for every entry of the last axis, the product of all others, without division."""
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([one, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], -1), -1)[..., ::-1]
    return before * after


def factors(a: Any) -> tuple[Any, Any, Any, Any]:
    """Return det(U) det(V^H) and the parts of the singular value decomposition."""
    u, s, vh = np.linalg.svd(a)
    return over(np.linalg.det(u) * np.linalg.det(vh)), u, s, vh


def _cofactors(a: Any) -> Any:
    d = np.linalg.det(a)
    singular = np.equal(d, 0)
    if not np.any(singular):
        # a tiny pivot is in both factors and cancels, as they come from one elimination
        return over(d) * mT(np.linalg.inv(a))
    if np.ndim(d) and not np.all(singular):
        out = np.empty_like(a)
        for part in (singular, ~singular):
            out[part] = _cofactors(a[part])
        return out
    sign, u, s, vh = factors(a)
    return sign * conj((u * others(s)[..., None, :]) @ vh)


def _curvature(t: Any, a: Any) -> Any:
    # In the basis of the singular vectors a is diagonal, and the cofactors of a diagonal matrix
    # plus e M are known to first order: sum_k p_ik M_kk on the diagonal, -p_ij M_ji beside it,
    # where p_ij is the product of all singular values but s_i and s_j.
    sign, u, s, vh = factors(a)
    m = mH(u) @ t @ mH(vh)
    unit = np.eye(s.shape[-1], dtype=s.dtype)
    p = others(np.where(unit == 1, unit, s[..., None, :])) * (1 - unit)
    diagonal = np.matvec(p, np.diagonal(m, axis1=-2, axis2=-1))
    return sign * (conj(u) @ (unit * diagonal[..., None] - p * mT(m)) @ conj(vh))


def _condition(a: Any) -> Any:
    return np.linalg.cond(a, 1)


#: the condition numbers of matrices as plain numbers, infinite for singular ones
condition = PrimitiveFunction(_condition, name="np.linalg.det (condition)")
condition.def_constant()
#: the cofactors of matrices, and their derivative along t: the second derivative of det
cofactors = PrimitiveFunction(_cofactors, name="np.linalg.det (cofactors)")
curvature = PrimitiveFunction(_curvature, name="np.linalg.det (second derivative)")


def third(x: Any, t: Any, a: Any) -> Any:
    """Return the third derivative of det along x and t, as the matrix of its last direction."""
    if a.size and anywhere(condition(a) * math.sqrt(np.finfo(a.dtype).eps) > 1):
        raise UnsupportedArgumentError(
            "np.linalg.det has derivatives up to the second order at a singular matrix, and no third "
            "one; expand the determinant by hand, or move the matrix away from singularity"
        )
    b = np.linalg.inv(a)
    p, q = b @ x, b @ t
    trace_p, trace_q = over(trace(p)), over(trace(q))
    both = p @ q
    unit = np.eye(a.shape[-1], dtype=a.dtype)
    form = (trace_p * trace_q - over(trace(both))) * unit - trace_p * q - trace_q * p + both + q @ p
    return over(np.linalg.det(a)) * mT(form @ b)


def trace(x: Any) -> Any:
    """Return the traces of matrices."""
    return np.trace(x, axis1=-2, axis2=-1)


# a second derivative is a symmetric form, so a row is its own transpose
cofactors.def_jvp(lambda t, a: curvature(t, a))
cofactors.def_vjp(lambda g, a: curvature(g, a))
curvature.def_jvp(lambda x, a: curvature(x, a), lambda x, t, a: third(x, t, a))
curvature.def_vjp(lambda g, a: curvature(g, a), lambda g, t, a: third(g, t, a))


# --- slogdet: the sign of a complex determinant turns with the imaginary part


def inverse_of_transposed(a: Any) -> tuple[Any, Any]:
    """Return a^-T as a pair: a numerator, and what to divide by; a singular matrix has its cofactors and zero."""
    try:
        return mT(np.linalg.inv(a)), None
    except np.linalg.LinAlgError:
        return cofactors(a), np.linalg.det(a)


def divided(x: Any, by: Any) -> Any:
    """Return x / by, infinite where that is zero; x itself for None."""
    if by is None:
        return x
    with np.errstate(divide="ignore", invalid="ignore"):
        return x / by


def slogdet_jvp(t: Any, ans: Any, a: Any) -> Any:
    """Return what the trace of a^-1 t changes: its real part the logarithm, its imaginary part the sign."""
    numerator, det = inverse_of_transposed(a)
    slope = divided(contraction(numerator, t), det)
    if np.iscomplexobj(plain(a)):
        return 1j * ans[0] * np.imag(slope), np.real(slope)
    return None, slope


def slogdet_vjp(g: Any, ans: Any, a: Any) -> Any:
    """Return a multiple of a^-T; the cotangent of a real sign has no part in it."""
    of_sign, of_log = g
    if of_sign is not None and np.iscomplexobj(plain(a)):
        turn = 1j * np.imag(of_sign * ans[0])
        of_log = turn if of_log is None else of_log + turn
    if of_log is None:
        return None
    numerator, det = inverse_of_transposed(a)
    return divided(over(of_log) * numerator, None if det is None else over(det))


# --- pinv (G. H. Golub and V. Pereyra 1973), where the rank is constant


def check_rank(ans: Any, a: Any, rcond: Any, rtol: Any) -> None:
    """Refuse a cut-off that drops more than rounding: the formula holds for the whole matrix."""
    if rcond is None and (rtol is None or not np.isscalar(rtol)):
        return
    a, p = plain(a), plain(ans)
    if not a.size:
        return
    lost, size = np.max(np.abs(a - a @ p @ a)), np.max(np.abs(a))
    if anywhere(lost > math.sqrt(np.finfo(a.dtype).eps) * size):
        raise UnsupportedArgumentError(
            f"np.linalg.pinv has no derivative rule for rcond={rcond!r}, rtol={rtol!r} where it drops "
            "singular values that are not zero; use np.linalg.svd and invert what is to be kept"
        )


def pinv_jvp(t: Any, ans: Any, a: Any, rcond: Any, rtol: Any) -> Any:
    """-p t p + p p^H t^H (1 - a p) + (1 - p a) t^H p^H p."""
    check_rank(ans, a, rcond, rtol)
    p, ph, th = ans, mH(ans), mH(t)
    # products that would be as large as a projection are never formed
    left, right = p @ (ph @ th), (th @ ph) @ p
    return left - (left @ a) @ p + right - p @ (a @ right) - p @ t @ p


def pinv_vjp(g: Any, ans: Any, a: Any, rcond: Any, rtol: Any) -> Any:
    """Transpose each of the three terms."""
    check_rank(ans, a, rcond, rtol)
    p, ph, gt = ans, mH(ans), mT(g)
    left, right = (gt @ p) @ ph, ph @ (p @ gt)
    both = left - a @ (p @ left) + right - (right @ p) @ a
    return conj(both) - mT(p @ gt @ p)


# fmt: off
general(np.linalg.solve,   jvp=[solve_jvp_a, lambda t, a, b_shape: solved(a, t, len(b_shape) == 1)],
                           vjp=[solve_vjp_a, lambda g, a, b_shape: solved(mT(a), g, len(b_shape) == 1)])
general(np.linalg.inv,     jvp=lambda t, ans: -(ans @ t @ ans),
                           vjp=lambda g, ans: -(mT(ans) @ g @ mT(ans)))
general(np.linalg.det,     jvp=lambda t, a: contraction(cofactors(a), t),
                           vjp=lambda g, a: over(g) * cofactors(a))
general(np.linalg.slogdet, jvp=slogdet_jvp, vjp=slogdet_vjp)
general(np.linalg.pinv,    jvp=pinv_jvp,    vjp=pinv_vjp)
# fmt: on


# --- least squares: the solution is pinv(a) @ b


def lstsq_jvp_a(t: Any, ans: Any, a: Any, b: Any, rcond: Any) -> Any:
    """Apply the derivative of pinv(a) to b."""
    p = np.linalg.pinv(a)
    check_rank(p, a, rcond, None)
    x = ans[0]
    r, y, th = b - a @ x, mH(p) @ x, mH(t)
    down = th @ y
    dx = p @ (mH(p) @ (th @ r)) - p @ (t @ x) + down - p @ (a @ down)
    return dx, residual_change(r, -(t @ x), ans), None, values_change(t, a)


def lstsq_jvp_b(t: Any, ans: Any, a: Any, b: Any) -> Any:
    """pinv(a) t."""
    return np.linalg.pinv(a) @ t, residual_change(b - a @ ans[0], t, ans), None, None


def residual_change(r: Any, d: Any, ans: Any) -> Any:
    """Return the change of the sums of squares of r, which NumPy leaves out where they vanish."""
    if not ans[1].size:
        return None
    change = 2 * np.sum(np.real(conj(r) * d), axis=0)
    return np.reshape(change, ans[1].shape)


def values_change(t: Any, a: Any) -> Any:
    """Return the change of the singular values: the diagonal of U^H t V."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.real(np.sum(conj(u) * (t @ mH(vh)), axis=-2))


general(np.linalg.lstsq, jvp=[lstsq_jvp_a, lstsq_jvp_b])
constant(np.linalg.matrix_rank)


# --- functions that NumPy itself writes with others: step by step the same


@composite(np.linalg.matrix_power)
def _matrix_power(a: Any, n: Any) -> Any:
    a = as_operand(a)
    n = operator.index(n)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2] or n == 0:
        return np.linalg.matrix_power(np.zeros(a.shape, a.dtype), n)  # constant, or NumPy's error
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 3:
        return (a @ a) @ a
    power = result = None
    while n > 0:
        power = a if power is None else power @ power
        n, bit = divmod(n, 2)
        if bit:
            result = power if result is None else result @ power
    return result


@composite(np.linalg.tensorsolve)
def _tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    a, b = as_operand(a), as_operand(b)
    if axes is not None:
        order = list(range(a.ndim))
        for k in axes:
            order.remove(k)
            order.insert(a.ndim, k)
        a = np.transpose(a, order)
    shape = a.shape[-(a.ndim - b.ndim) :]
    size = math.prod(shape)
    if a.size != size**2:
        raise np.linalg.LinAlgError(
            "Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    return np.reshape(np.linalg.solve(np.reshape(a, (size, size)), np.ravel(b)), shape)


@composite(np.linalg.tensorinv)
def _tensorinv(a: Any, ind: int = 2) -> Any:
    a = as_operand(a)
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    flat = np.reshape(a, (math.prod(a.shape[ind:]), -1))
    return np.reshape(np.linalg.inv(flat), a.shape[ind:] + a.shape[:ind])
