"""Decompositions of matrices: Cholesky, eigenvalues, singular values, QR.

In scope: `t` the tangent, `g` the cotangent (a tuple for several outputs, None where one was not
used), `ans` the output, `a` the matrix, and the function's own parameters. Cotangents are
unconjugated. Complex vectors are determined up to a phase only; LAPACK makes one of their entries
real, and the rules follow it, so that they are the derivative of NumPy's very function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcad.core.gaps import off_diagonal, parted, pulled_apart
from funcad.core.kinds import composite, general
from funcad.core.tracer import Tracer, anywhere, plain
from funcad.errors import UnsupportedArgumentError


def mT(x: Any) -> Any:
    """Return the transposes of a stack of matrices."""
    return np.swapaxes(x, -1, -2)


def mH(x: Any) -> Any:
    """Return the conjugate transposes of a stack of matrices."""
    return conj(mT(x))


def conj(x: Any) -> Any:
    """Return the conjugate of a complex array; a real one as it is."""
    return np.conjugate(x) if is_complex(x) else x


def real(x: Any) -> Any:
    """Return the real part of a complex array; a real one as it is."""
    return np.real(x) if is_complex(x) else x


def is_complex(x: Any) -> bool:
    """Tell whether a value is complex below every level of tracing."""
    return np.iscomplexobj(plain(x))


def across(x: Any) -> Any:
    """Return numbers per column as rows of one matrix row."""
    return x[..., None, :]


def down(x: Any) -> Any:
    """Return numbers per row as columns."""
    return x[..., :, None]


def lower(x: Any) -> Any:
    """Return weights that keep the lower triangle and half of the diagonal of a square matrix."""
    dtype = plain(x).real.dtype
    weights = np.tri(x.shape[-1], dtype=dtype if dtype.kind == "f" else np.float64)
    np.fill_diagonal(weights, 0.5)
    return weights


def diagonal(x: Any) -> Any:
    """Return the diagonals of matrices."""
    return np.diagonal(x, axis1=-2, axis2=-1)


def placed(x: Any) -> Any:
    """Return diagonal matrices."""
    return across(x) * np.eye(x.shape[-1], dtype=x.dtype)


def gaps(s: Any) -> Any:
    """Return s_j - s_i."""
    return off_diagonal(across(s) - down(s))


def tied(v: Any, w: Any) -> Any:
    """Return vectors that count as used with their values, for rules that are differentiated again."""
    return v + 0 * across(w) if isinstance(w, Tracer) else v


# --- cholesky (I. Murray, arXiv:1602.07527); NumPy reads one triangle, and so does the derivative


def cholesky_jvp(t: Any, ans: Any, upper: bool) -> Any:
    """L Phi(L^-1 t L^-H), where Phi keeps the lower triangle and half of the diagonal."""
    factor = mH(ans) if upper else ans
    inside = np.linalg.solve(factor, mH(np.linalg.solve(factor, from_triangle(t, "U" if upper else "L"))))
    change = factor @ (lower(inside) * inside)
    return mH(change) if upper else change


def cholesky_vjp(g: Any, ans: Any, upper: bool) -> Any:
    """Return the cotangent of the triangle that is read."""
    return mH(cholesky_pull(mH(g), mH(ans), _solve)) if upper else cholesky_pull(g, ans, _solve)


def _solve(factor: Any, x: Any, trans: int) -> Any:
    return np.linalg.solve(mT(factor) if trans == 1 else mH(factor), x)


def cholesky_pull(g: Any, factor: Any, solve: Callable[[Any, Any, int], Any]) -> Any:
    """Return the cotangent of the lower triangle of a matrix, from that of its lower factor.

    It is L^-T Phi(L^T g) conj(L)^-1. A large factor is halved: [[A, B^H], [B, C]] has A = L L^H, B = N L^H and
    C = N N^H + R R^H. That is a fifth of the work of the formula for the whole, and most of it are products.

    Args:
        g: the cotangent of the factor, of which the lower triangle counts.
        factor: the factor.
        solve: solves with the transpose of a factor (1) or its adjoint (2).
    """
    n = factor.shape[-1]
    if n <= _WHOLE:
        inside = mT(factor) @ g
        inside = solve(factor, lower(inside) * inside, 1)
        return to_triangle(mT(solve(factor, mT(inside), 2)), "L")
    h = n // 2
    first, below, last = factor[..., :h, :h], factor[..., h:, :h], factor[..., h:, h:]
    c = cholesky_pull(g[..., h:, h:], last, solve)
    b = g[..., h:, :h] - (c + mH(c)) @ conj(below)
    b = mT(solve(first, mT(b), 2))
    a = cholesky_pull(g[..., :h, :h] - mH(b) @ conj(below), first, solve)
    top = np.concatenate([a, np.zeros_like(mT(b))], axis=-1)
    return np.concatenate([top, np.concatenate([b, c], axis=-1)], axis=-2)


#: up to this size the formula for the whole is as fast
_WHOLE: Final = 100


# --- eigh: NumPy reads one triangle, and the other has no part in the derivative


def from_triangle(t: Any, uplo: str) -> Any:
    """Return the Hermitian matrix whose triangle is that of t."""
    half = _weights(t, uplo) * t
    return half + mH(half)


def to_triangle(g: Any, uplo: str) -> Any:
    """Return the cotangent of a triangle from that of the Hermitian matrix."""
    return _weights(g, uplo) * (g + mH(g))


def _weights(x: Any, uplo: str) -> Any:
    return lower(x) if uplo.upper() == "L" else lower(x).T


def phase_row(v: Any, row: int) -> Any:
    """Return the row of vectors that LAPACK made real, ready to divide by; None if it did not."""
    if not is_complex(v):
        return None
    chosen = v[..., row, :]
    p = plain(chosen)
    if not p.size or anywhere(np.abs(np.imag(p)) > 100 * np.finfo(p.dtype).eps):
        return None
    chosen = np.real(chosen)
    return np.where(np.equal(chosen, 0), np.inf, chosen)  # where it is 0 there is no phase to follow


def with_entry(x: Any, row: int, change: Any) -> Any:
    """Add a change to one row of matrices."""
    unit = np.zeros((x.shape[-2], 1), plain(x).real.dtype)
    unit[row] = 1
    return x + unit * across(change)


def eigh_push(t: Any, ans: Any, UPLO: Any, name: str) -> Any:
    """Change the values by the diagonal of V^H t V, the vectors by the rest over the gaps."""
    w, v = ans
    m = mH(v) @ from_triangle(t, UPLO) @ v
    dv = v @ parted(m, gaps(w), name)
    row = 0 if UPLO.upper() == "L" else -1
    fixed = phase_row(v, row)
    if fixed is not None:
        dv = dv - v * across(1j * np.imag(dv[..., row, :]) / fixed)
    return real(diagonal(m)), dv


def eigh_pull(g: Any, ans: Any, UPLO: Any, name: str) -> Any:
    """Without a cotangent of the vectors no gap is divided by, so values may coincide."""
    of_w, of_v = g
    w, v = ans
    if of_v is None:
        return to_triangle(conj(v) * across(of_w) @ mT(v), UPLO)
    row = 0 if UPLO.upper() == "L" else -1
    fixed = phase_row(v, row)
    if fixed is not None:
        of_v = with_entry(of_v, row, -1j * np.imag(np.sum(of_v * v, axis=-2)) / fixed)
    inside = pulled_apart(mT(v) @ of_v, gaps(w), name, of_w)
    if of_w is not None:
        inside = inside + placed(of_w)
    return to_triangle(conj(v) @ inside @ mT(v), UPLO)


def eigvalsh_jvp(t: Any, a: Any, UPLO: Any) -> Any:
    """Return the diagonal of V^H t V."""
    w, v = np.linalg.eigh(a, UPLO)
    v = tied(v, w)
    return real(np.sum(conj(v) * (from_triangle(t, UPLO) @ v), axis=-2))


def eigvalsh_vjp(g: Any, a: Any, UPLO: Any) -> Any:
    """Return V diag(g) V^H for the triangle that is read."""
    w, v = np.linalg.eigh(a, UPLO)
    v = tied(v, w)
    return to_triangle(conj(v) * across(g) @ mT(v), UPLO)


# --- eig; LAPACK gives vectors of length 1, and makes the largest entry of a complex one real


def eig_push(t: Any, ans: Any, name: str) -> Any:
    """Change the values by the diagonal of V^-1 t V, the vectors by the rest over the gaps."""
    w, v = ans
    m = np.linalg.solve(v, t @ v)
    dv = v @ parted(m, gaps(w), name)
    scale = -real(np.sum(conj(v) * dv, axis=-2))
    if is_complex(v):
        # the eigenvectors of a real matrix that belong to real eigenvalues are real, and stay so
        largest = np.argmax(np.abs(plain(v)), axis=-2)[..., None, :]
        entry, change = (np.take_along_axis(x, largest, -2)[..., 0, :] for x in (v, dv))
        scale = scale - 1j * np.imag(change) / np.real(entry)
    return diagonal(m), dv + v * across(scale)


def eigvals_jvp(t: Any, a: Any) -> Any:
    """Return the diagonal of V^-1 t V."""
    w, v = np.linalg.eig(a)
    v = tied(v, w)
    return diagonal(np.linalg.solve(v, t @ v))


# --- svd (J. Townsend 2016; for complex matrices Z.-Q. Wan and S.-X. Zhang, arXiv:1909.02659)


def thin(u: Any, s: Any, vh: Any) -> tuple[Any, Any]:
    """Return the vectors that belong to singular values."""
    k = s.shape[-1]
    return (u if u.shape[-1] == k else u[..., :, :k]), (vh if vh.shape[-2] == k else vh[..., :k, :])


def padded(x: Any, like: Any) -> Any:
    """Fill up with nan what completes a basis: LAPACK's choice there has no derivative."""
    missing = [n - k for n, k in zip(like.shape, x.shape, strict=True)]
    if not any(missing):
        return x
    axis = -1 if missing[-1] else -2
    shape = (*x.shape[:-2], *((x.shape[-2], missing[-1]) if axis == -1 else (missing[-2], x.shape[-1])))
    return np.concatenate([x, np.full(shape, np.nan, x.dtype)], axis)


def cut(g: Any, like: Any, name: str) -> Any:
    """Cut a cotangent down to the vectors of singular values; the others must be unused."""
    if g is None or g.shape == like.shape:
        return g
    m, n = like.shape[-2:]
    beyond = (np.not_equal(x, 0) for x in (g[..., :, n:], g[..., m:, :]))
    if any([anywhere(x) for x in beyond]):
        raise UnsupportedArgumentError(
            f"{name}(..., full_matrices=True): the vectors beyond the singular values have no "
            "derivative; pass full_matrices=False"
        )
    return g[..., :m, :n]


def svd_push(t: Any, ans: Any, a: Any, compute_uv: bool, name: str) -> Any:
    """Change the values by the diagonal of U^H t V, the vectors by the rest over the gaps of squares."""
    if not compute_uv:
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        u = tied(u, s)
        return real(np.sum(conj(u) * (t @ mH(vh)), axis=-2))
    s = ans[1]
    u, vh = thin(ans[0], s, ans[2])
    m, n, k = u.shape[-2], vh.shape[-1], s.shape[-1]
    p = mH(u) @ t @ mH(vh)
    # of p s_j + s_i p^H over s_j^2 - s_i^2 these are the partial fractions: a zero over zero is one that p makes
    even = parted(p + mH(p), gaps(s), name)
    odd = parted(p - mH(p), off_diagonal(across(s) + down(s)), name)
    inside = 0.5 * (even + odd)
    if is_complex(p):
        inside = inside + placed(1j * parted(np.imag(diagonal(p)), s, name))
    du = u @ inside
    dvh = mH(0.5 * (even - odd)) @ vh
    if m > k:
        du = du + parted(t @ mH(vh) - u @ p, across(s), name)
    if n > k:
        dvh = dvh + parted(mH(u) @ t - p @ vh, down(s), name)
    # with as many rows as columns or more, the first entries of V are real, otherwise those of U
    fixed = phase_row(mT(vh) if m >= n else u, 0)
    if fixed is not None:
        turn = 1j * np.imag(dvh[..., :, 0] if m >= n else -du[..., 0, :]) / fixed
        du, dvh = du + u * across(turn), dvh - down(turn) * vh
    return padded(du, ans[0]), real(diagonal(p)), padded(dvh, ans[2])


def svd_pull(g: Any, ans: Any, a: Any, compute_uv: bool, name: str) -> Any:
    """Pull back each of the three outputs that was used."""
    if not compute_uv:
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        u = tied(u, s)
        return conj(u) * across(g) @ conj(vh)
    s = ans[1]
    u, vh = thin(ans[0], s, ans[2])
    of_u, of_s, of_vh = cut(g[0], u, name), g[1], cut(g[2], vh, name)
    m, n, k = u.shape[-2], vh.shape[-1], s.shape[-1]
    fixed = phase_row(mT(vh) if m >= n else u, 0)
    if fixed is not None and not (of_u is None and of_vh is None):
        turn = 0 if of_vh is None else np.imag(np.sum(of_vh * vh, axis=-1))
        turn = 1j * (turn if of_u is None else turn - np.imag(np.sum(of_u * u, axis=-2))) / fixed
        if m >= n:
            of_vh = np.zeros_like(plain(vh)) if of_vh is None else of_vh
            of_vh = mT(with_entry(mT(of_vh), 0, -turn))
        else:
            of_u = np.zeros_like(plain(u)) if of_u is None else of_u
            of_u = with_entry(of_u, 0, turn)
    gap = off_diagonal((across(s) - down(s)) * (across(s) + down(s)))
    inside = 0 if of_s is None else placed(of_s)
    outside: list[Any] = []
    if of_u is not None:
        bar = conj(of_u)
        x = mH(u) @ bar
        inside = inside + (pulled_apart(x, gap, name, of_s) - pulled_apart(mH(x), gap, name, of_s)) * across(
            s
        )
        if is_complex(x):
            inside = inside + placed(1j * pulled_apart(np.imag(diagonal(x)), s, name, of_s))
        if m > k:
            outside.append(pulled_apart(bar - u @ x, across(s), name, of_s) @ vh)
    if of_vh is not None:
        bar = conj(of_vh)
        y = vh @ mH(bar)
        inside = inside + down(s) * (pulled_apart(y, gap, name, of_s) - pulled_apart(mH(y), gap, name, of_s))
        if n > k:
            outside.append(u @ pulled_apart(bar - mH(y) @ vh, down(s), name, of_s))
    return conj(sum(outside, u @ inside @ vh))


# --- qr (Walter and Lehmann, arXiv:1009.6112); LAPACK makes the diagonal of R real


def qr_jvp(t: Any, ans: Any, a: Any, mode: str) -> Any:
    """Split Q^H t R^-1 into an antihermitian part, which turns Q, and a triangular one."""
    rows, columns = a.shape[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and rows <= columns):
        raise UnsupportedArgumentError(
            f"np.linalg.qr has no derivative rule for mode={mode!r} of a matrix of shape "
            f"{a.shape}; pass mode='reduced'"
        )
    q, r = np.linalg.qr(a) if mode == "r" else ans
    k = q.shape[-1]
    inside = mH(q) @ t
    scaled = mT(np.linalg.solve(mT(r[..., :k]), mT(t[..., :k])))
    m = mH(q) @ scaled
    below = np.tril(m, -1)
    turn = below - mH(below)
    if is_complex(m):
        turn = turn + placed(1j * np.imag(diagonal(m)))
    dr = np.triu(inside - turn @ r)
    return dr if mode == "r" else (q @ (turn - m) + scaled, dr)


# fmt: off
general(np.linalg.cholesky, jvp=cholesky_jvp, vjp=cholesky_vjp)
general(np.linalg.eigh,     jvp=lambda t, ans, UPLO: eigh_push(t, ans, UPLO, "np.linalg.eigh"),
                            vjp=lambda g, ans, UPLO: eigh_pull(g, ans, UPLO, "np.linalg.eigh"))
general(np.linalg.eigvalsh, jvp=eigvalsh_jvp, vjp=eigvalsh_vjp)
general(np.linalg.eig,      jvp=lambda t, ans: eig_push(t, ans, "np.linalg.eig"))
general(np.linalg.eigvals,  jvp=eigvals_jvp)
general(np.linalg.svd,      jvp=lambda t, ans, a, compute_uv: svd_push(t, ans, a, compute_uv, "np.linalg.svd"),
                            vjp=lambda g, ans, a, compute_uv: svd_pull(g, ans, a, compute_uv, "np.linalg.svd"),
                            unaffected=["full_matrices"])
general(np.linalg.qr,       jvp=qr_jvp)
# fmt: on
composite(np.linalg.svdvals)(lambda x, /: np.linalg.svd(x, compute_uv=False))
