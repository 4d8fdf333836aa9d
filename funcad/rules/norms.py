"""Norms of vectors and matrices.

A norm is real, so one formula, its gradient at every element, serves both modes. At kinks it is
the mean over all directions: 0 at the origin, and ties of a maximum or a minimum share equally.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.directions import direction, ratio
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite, general
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError


def mH(x: Any) -> Any:
    """Return the conjugate transposes of a stack of matrices."""
    return conj(np.swapaxes(x, -1, -2))


def conj(x: Any) -> Any:
    """Return the conjugate of a complex array; a real one as it is."""
    return np.conjugate(x) if np.iscomplexobj(plain(x)) else x


def shared(chosen: Any, axis: Any) -> Any:
    """Give equal weights, with the sum 1, to what was chosen along an axis."""
    return chosen / np.maximum(np.sum(chosen, axis=axis, keepdims=True), 1)


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the axes that are reduced, none of them negative."""
    n = np.ndim(x)
    if axis is None:
        return tuple(range(n))
    return tuple([k % n for k in axis]) if isinstance(axis, tuple) else (int(axis) % n,)


def expanded(y: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Give a reduced array its axes back, with size 1."""
    return y if keepdims or not getattr(y, "ndim", 0) else np.expand_dims(y, axes)


# --- gradients


def gradient(ans: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Return the derivative of a norm by every element."""
    axes = axes_of(x, axis)
    n = expanded(ans, axes, keepdims)
    vector = len(axes) == 1 or (axis is None and ord is None)
    if ord is None or (vector and ord == 2) or (not vector and ord in ("fro", "f")):
        return ratio(conj(x), n)
    return of_vectors(n, x, ord, axes) if vector else of_matrices(x, ord, axes)


def of_vectors(n: Any, x: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """Return the gradient of a norm of vectors that is not the Euclidean one."""
    if ord == 0:
        raise UnsupportedArgumentError(
            "np.linalg.norm(x, 0) counts the elements that are not zero, so it has no derivative; "
            "pass funcad.stop_gradient(x) if only its value is wanted"
        )
    if ord == 1:
        return direction(x)
    if math.isinf(ord):
        return direction(x) * shared(np.equal(np.abs(x), n), axes).astype(plain(x).real.dtype)
    p = float(ord)
    size = np.abs(x)
    if p > 1:
        return np.power(ratio(size, n), p - 1) * direction(x)
    # a cusp, rising on both sides: the mean is 0, and the power must not see it
    cusp = np.logical_or(np.equal(size, 0), np.equal(n, 0))
    return np.where(cusp, 0, np.power(ratio(np.where(cusp, 1, size), n), p - 1)) * direction(x)


def of_matrices(x: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """Return the gradient of a norm of matrices that is not the Frobenius one."""
    rows, columns = axes
    if ord in (1, -1, np.inf, -np.inf):
        summed, other = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = plain(np.sum(np.abs(x), axis=summed, keepdims=True))
        top = (np.max if ord > 0 else np.min)(sums, axis=other, keepdims=True)
        return direction(x) * shared(np.equal(sums, top), other).astype(sums.dtype)
    a = np.moveaxis(x, axes, (-2, -1))
    if ord == "nuc":
        slope = nuclear(a)
    else:
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        slope = conj((u * chosen(plain(s), ord)[..., None, :]) @ vh)
    return np.moveaxis(slope, (-2, -1), axes)


def chosen(s: Any, ord: Any) -> Any:
    """Return the weights of the singular values in a norm; 0 for those that are 0 up to rounding."""
    if not s.size:
        return s
    top = s[..., :1]
    noise = 10 * np.finfo(s.dtype).eps * top
    if ord == "nuc":
        return (s > noise).astype(s.dtype)
    nearest = top if ord == 2 else s[..., -1:]
    return (shared(np.abs(s - nearest) <= noise, -1) * (s > noise)).astype(s.dtype)


def _nuclear(a: Any) -> Any:
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return conj((u * chosen(s, "nuc")[..., None, :]) @ vh)


#: the gradient of the nuclear norm: conj(U V^H), whose derivative has no poles at equal singular values
nuclear = PrimitiveFunction(_nuclear, name="np.linalg.norm (nuc)")


def nuclear_change(t: Any, a: Any) -> Any:
    """Return the change of the gradient along t: a symmetric form, so its own transpose."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    m = mH(u) @ t @ mH(vh)
    change = u @ ((m - mH(m)) / (s[..., :, None] + s[..., None, :])) @ vh
    if a.shape[-2] > s.shape[-1]:
        change = change + ((t @ mH(vh) - u @ m) / s[..., None, :]) @ vh
    if a.shape[-1] > s.shape[-1]:
        change = change + u @ ((mH(u) @ t - m @ vh) / s[..., :, None])
    return conj(change)


nuclear.def_jvp(lambda t, a: nuclear_change(t, a))
nuclear.def_vjp(lambda g, a: nuclear_change(g, a))


def norm_jvp(t: Any, ans: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Sum the gradient times the tangent."""
    d = gradient(ans, x, ord, axis, keepdims) * t
    d = np.real(d) if np.iscomplexobj(plain(d)) else d
    return np.sum(d, axis=axes_of(x, axis), keepdims=keepdims)


def norm_vjp(g: Any, ans: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Spread the cotangent over the gradient."""
    return expanded(g, axes_of(x, axis), keepdims) * gradient(ans, x, ord, axis, keepdims)


general(np.linalg.norm, jvp=norm_jvp, vjp=norm_vjp)


@composite(np.linalg.cond)
def _cond(x: Any, p: Any = None) -> Any:
    x = as_operand(x)
    if p is None or p in (2, -2):
        s = np.linalg.svd(x, compute_uv=False)
        with np.errstate(all="ignore"):
            return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    # NumPy inverts in double precision
    inverse = np.linalg.inv(x.astype(np.result_type(x.dtype, float)))
    r = np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(inverse, p, axis=(-2, -1))
    return r.astype(plain(x).real.dtype)


@composite(np.linalg.matrix_norm)
def _matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    return np.linalg.norm(x, axis=(-2, -1), keepdims=keepdims, ord=ord)


@composite(np.linalg.vector_norm)
def _vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    x = as_operand(x)
    shape = np.shape(x)
    axes = axes_of(x, axis)
    if axis is None:
        y, along = np.ravel(x), 0
    elif isinstance(axis, tuple):
        rest = tuple([k for k in range(len(shape)) if k not in axes])
        y = np.transpose(x, (*axes, *rest))
        y = np.reshape(y, (math.prod([shape[k] for k in axes]), *[shape[k] for k in rest]))
        along = 0
    else:
        y, along = x, axis
    norm = np.linalg.norm(y, axis=along, ord=ord)
    if not keepdims:
        return norm
    return np.reshape(norm, tuple([1 if k in axes else n for k, n in enumerate(shape)]))
