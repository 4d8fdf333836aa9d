"""`scipy.linalg`: singular values, QR, polar, Schur and Hessenberg factors, bases of range and null space.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `a` the matrix, and SciPy's own parameters. Factors
that a matrix determines have derivatives; where LAPACK chooses a basis or a phase there is an error.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.function import twin
from funcad.core.kinds import batching
from funcad.core.tracer import anywhere, plain
from funcad.core.valued import with_value
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.rules.batching.linalg import of_matrices
from funcad.rules.decompositions import (
    across,
    conj,
    diagonal,
    down,
    is_complex,
    mH,
    mT,
    qr_jvp,
    svd_pull,
    svd_push,
)
from funcad.rules.norms import nuclear
from funcad.rules.scipy.operands import kept, one_matrix

svd = twin(scipy.linalg.svd)
svdvals = twin(scipy.linalg.svdvals)
qr = twin(scipy.linalg.qr)
qr_multiply = twin(scipy.linalg.qr_multiply)
rq = twin(scipy.linalg.rq)
polar = twin(scipy.linalg.polar)
orthogonal_procrustes = twin(scipy.linalg.orthogonal_procrustes)
orth = twin(scipy.linalg.orth)
null_space = twin(scipy.linalg.null_space)
subspace_angles = twin(scipy.linalg.subspace_angles)
schur = twin(scipy.linalg.schur)
rsf2csf = twin(scipy.linalg.rsf2csf)
hessenberg = twin(scipy.linalg.hessenberg)


# --- singular values

svd.def_jvp(
    lambda t, ans, a, compute_uv: svd_push(t, ans, a, compute_uv, "scipy.linalg.svd"),
    unaffected=["full_matrices", "check_finite", "lapack_driver"],
)
svd.def_vjp(lambda g, ans, a, compute_uv: svd_pull(g, ans, a, compute_uv, "scipy.linalg.svd"))
batching(of_matrices, svd)


@svdvals.def_composite()
def _svdvals(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    kept(overwrite_a, "svdvals", "overwrite_a")
    return svd(a, compute_uv=False, check_finite=check_finite)


def _orthogonal(a: Any) -> Any:
    """Return U V^H of the singular value decomposition, which has derivatives at equal singular values too."""
    return conj(nuclear(a))


@polar.def_composite(own_value=True)
def _polar(a: Any, side: str = "right") -> Any:
    a = as_operand(a)
    u = _orthogonal(a)
    p = mH(u) @ a if side == "right" else a @ mH(u)
    return u, p


@orthogonal_procrustes.def_composite(own_value=True)
def _orthogonal_procrustes(A: Any, B: Any, check_finite: bool = True) -> Any:
    m = mT(mT(as_operand(B)) @ conj(as_operand(A)))
    return _orthogonal(m), np.linalg.norm(m, "nuc", axis=(-2, -1))


own_range = twin(scipy.linalg.orth)
own_range.def_constant()


@orth.def_composite()
def _orth(A: Any, rcond: Any = None) -> Any:
    value = own_range(A, rcond)
    u = svd(A, full_matrices=False)[0]
    return with_value(u[..., : np.shape(value)[-1]], value)


def null_push(t: Any, ans: Any, A: Any) -> Any:
    """-A^+ t n for the one vector n that all rows are orthogonal to."""
    m, n = np.shape(A)[-2:]
    if np.shape(ans)[-1] > 1 or n - m != np.shape(ans)[-1] or is_complex(ans):
        raise UndefinedDerivativeError(
            f"scipy.linalg.null_space of a matrix of shape {np.shape(A)}: the basis has no derivative unless it is "
            "one real vector, and stays one when the matrix changes; write what is wanted by the projection "
            "np.eye(n) - np.linalg.pinv(A) @ A"
        )
    return -(np.linalg.pinv(A) @ (t @ ans))


null_space.def_jvp(null_push, unaffected=["rcond", "check_finite", "lapack_driver"])


@subspace_angles.def_composite(own_value=True)
def _subspace_angles(A: Any, B: Any) -> Any:
    qa, qb = qr(A, mode="economic")[0], qr(B, mode="economic")[0]
    both = mH(qa) @ qb
    cosines = svdvals(both)[..., ::-1]
    rest = qb - qa @ both if np.shape(qa)[-1] >= np.shape(qb)[-1] else qa - qb @ mH(both)
    # small angles are known by their sines, others by their cosines; each may be 0 where it is not used
    small = np.greater_equal(plain(cosines)[..., ::-1] ** 2, 0.5)
    sines = np.where(small, svdvals(rest), 0.0)
    return np.where(small, np.arcsin(sines), np.arccos(np.where(small, 0.0, cosines)))


# --- QR


def qr_push(t: Any, ans: Any, a: Any, mode: str, pivoting: bool) -> Any:
    """Return the changes of the factors of the columns in their order; see rules/decompositions.py."""
    one_matrix(np.shape(a), "qr")
    rows, columns = np.shape(a)
    if mode == "raw" or (mode != "r" and mode != "economic" and rows > columns):
        raise UnsupportedArgumentError(
            f"scipy.linalg.qr has no derivative rule for mode={mode!r} of a matrix of shape {a.shape}, where LAPACK "
            "chooses a basis; pass mode='economic'"
        )
    q, r = (qr(a, mode="economic", pivoting=pivoting) if mode == "r" else ans)[:2]
    if pivoting:
        t = np.take(t, plain(ans[-1]), axis=1)
    dq, dr = qr_jvp(t, (q, r), t, "reduced")
    changes = [np.pad(dr, ((0, rows - dr.shape[0]), (0, 0)))] if mode == "r" else [dq, dr]
    return (*changes, None) if pivoting else tuple(changes)


qr.def_jvp(qr_push, unaffected=["lwork", "check_finite"])


@qr_multiply.def_composite(own_value=True)
def _qr_multiply(
    a: Any,
    c: Any,
    mode: str = "right",
    pivoting: bool = False,
    conjugate: bool = False,
    overwrite_a: bool = False,
    overwrite_c: bool = False,
) -> Any:
    kept(overwrite_a, "qr_multiply", "overwrite_a")
    kept(overwrite_c, "qr_multiply", "overwrite_c")
    q, r = qr(np.atleast_2d(as_operand(a)), mode="economic", pivoting=pivoting)[:2]
    q, c = conj(q) if conjugate else q, as_operand(c)
    product = c @ q if mode == "right" else q @ c
    return (product, r, None) if pivoting else (product, r)


@rq.def_composite(own_value=True)
def _rq(
    a: Any, overwrite_a: bool = False, lwork: Any = None, mode: str = "full", check_finite: bool = True
) -> Any:
    kept(overwrite_a, "rq", "overwrite_a")
    a = as_operand(a)
    one_matrix(np.shape(a), "rq")
    rows, columns = np.shape(a)
    if rows > columns or (rows < columns and mode != "economic"):
        raise UnsupportedArgumentError(
            f"scipy.linalg.rq has no derivative rule for mode={mode!r} of a matrix of shape {a.shape}; pass "
            "mode='economic', with as many columns as rows or more"
        )
    # with the rows in reverse order the transposed factors are those of QR, but for signs
    q, r = np.linalg.qr(mH(a[::-1]))
    q, r = mH(q)[::-1], mH(r)[::-1, ::-1]
    signs = np.sign(np.real(plain(diagonal(r)) * diagonal(own_r(a, mode="r")[:, -rows:])))
    r = r * across(signs)
    return r if mode == "r" else (r, down(signs) * q)


own_r = twin(scipy.linalg.rq)
own_r.def_constant()


# --- forms with zeros below the diagonal: Z^H A Z, where Z turns by an antihermitian X


def turned(m: Any, form: Any, x: Any) -> Any:
    """Return the change m + F X - X F of a form F."""
    return m + form @ x - x @ form


def starts(form: Any) -> list[int]:
    """Return where the blocks of a quasi-triangular matrix begin, and its size."""
    n = form.shape[0]
    return [0, *[k for k in range(1, n) if form[k, k - 1] == 0], n] if n else [0]


def schur_push(t: Any, ans: Any, a: Any, output: str, sort: Any) -> Any:
    """Solve for X block by block: F X - X F cancels what Z^T t Z has below the blocks of F.

    LAPACK makes the diagonal of a block of two constant, which determines how much the block turns.
    """
    one_matrix(np.shape(a), "schur")
    form, z = ans[:2]
    if is_complex(form):
        raise UndefinedDerivativeError(
            "scipy.linalg.schur: the vectors of a complex form are determined but for phases, which LAPACK chooses; "
            "for a real matrix pass output='real', or write what is wanted by eig or a function of the matrix"
        )
    m = mT(z) @ t @ z
    n = np.shape(form)[0]
    edges = starts(plain(form))
    columns: list[Any] = []
    try:
        for i, j in itertools.pairwise(edges):
            right = -m[j:, i:j]
            if i:
                right = right + np.concatenate(columns, axis=1)[j:] @ form[:i, i:j]
            columns.append(
                np.pad(triangular_sylvester(form[j:, j:], form[i:j, i:j], right), ((j, 0), (0, 0)))
            )
    except np.linalg.LinAlgError:
        raise UndefinedDerivativeError(
            "scipy.linalg.schur: the matrix does not determine the vectors of equal eigenvalues, so that they have "
            "no derivative; call scipy.linalg.eigvals(a) if only the values are needed"
        ) from None
    x = np.concatenate(columns, axis=1) if columns else np.zeros((n, n))
    x = x - mT(x)
    change = turned(m, form, x)
    shape = np.tri(n) == 0
    for i, j in itertools.pairwise(edges):
        shape[i:j, i:j] = True
        if j - i == 2:
            unit = np.zeros((n, n))
            unit[i, i + 1], unit[i + 1, i] = -1, 1
            slope = form[i, i + 1] + form[i + 1, i]
            if anywhere(np.equal(slope, 0)):
                raise UndefinedDerivativeError(
                    "scipy.linalg.schur: the vectors of a pair of complex eigenvalues may turn by any angle, so that "
                    "they have no derivative; write what is wanted by eig or a function of the matrix"
                )
            x = x + unit * ((change[i + 1, i + 1] - change[i, i]) / (2 * slope))
    change = np.where(shape, turned(m, form, x), 0)
    return (change, z @ x) if sort is None else (change, z @ x, None)


def triangular_sylvester(a: Any, b: Any, c: Any) -> Any:
    """Solve a X - X b = c for a few columns."""
    rows, k = np.shape(c)
    if k == 1:
        return np.linalg.solve(a - b * np.eye(rows), c)
    whole = np.kron(np.eye(k), a) - np.kron(mT(b), np.eye(rows))
    return mT(np.reshape(np.linalg.solve(whole, np.ravel(mT(c))), (k, rows)))


schur.def_jvp(schur_push, unaffected=["lwork", "check_finite"])


@rsf2csf.def_composite(own_value=True)
def _rsf2csf(T: Any, Z: Any, check_finite: bool = True) -> Any:
    T, Z = as_operand(T), as_operand(Z)
    one_matrix(np.shape(T), "rsf2csf")
    n = np.shape(T)[0]
    T, Z = T + 0j, Z + 0j
    for k in range(n - 1, 0, -1):
        below = T[k, k - 1]
        if np.abs(plain(below)) > np.finfo(float).eps * np.sum(np.abs(plain(diagonal(T)[k - 1 : k + 1]))):
            first = np.linalg.eigvals(T[k - 1 : k + 1, k - 1 : k + 1])[0] - T[k, k]
            size = np.sqrt(np.abs(first) ** 2 + np.abs(below) ** 2)
            c, s = first / size, below / size
            # the rotation of two rows and columns that makes the block triangular
            block = np.stack([np.stack([conj(c), s]), np.stack([-s, c])])
            around = np.eye(n)
            around[k - 1, k - 1] = around[k, k] = 0
            rotation = np.pad(block, (k - 1, n - k - 1)) + around
            T, Z = rotation @ T @ mH(rotation), Z @ mH(rotation)
        T = np.where(np.arange(n) == k - 1, np.where(np.arange(n)[:, None] == k, 0, T), T)
    return np.triu(T), Z


def hessenberg_push(t: Any, ans: Any, a: Any, calc_q: bool) -> Any:
    """Solve for X column by column: F X - X F cancels what Q^H t Q has below the first subdiagonal.

    The first column of Q stays, and every further one is determined but for a phase, which LAPACK chooses so that
    the subdiagonal is real.
    """
    one_matrix(np.shape(a), "hessenberg")
    form, q = ans if calc_q else hessenberg(a, calc_q=True)
    n = np.shape(form)[0]
    if n <= 2:
        return (t, None) if calc_q else t
    m = mH(q) @ t @ q
    below = np.diagonal(form, -1)
    if anywhere(np.equal(below[: n - 2], 0)):
        raise UndefinedDerivativeError(
            "scipy.linalg.hessenberg: a zero on the subdiagonal leaves the vectors behind it undetermined, so that "
            "they have no derivative"
        )
    x = np.zeros((n, n), plain(form).dtype)
    for j in range(n - 1):
        rest = (m[:, j] + form @ x[:, j] - x[:, : j + 1] @ form[: j + 1, j]) / below[j]
        column = np.where(np.arange(n) > j + 1, rest, 0)
        if is_complex(form):
            # on the diagonal X is imaginary
            column = np.where(np.arange(n) == j + 1, 1j * np.imag(rest), column)
        unit = np.zeros(n)
        unit[j + 1] = 1
        row = np.where(np.arange(n) > j + 1, conj(column), 0)
        x = x + down(column) * unit - down(unit) * row
    change = np.triu(turned(m, form, x), -1)
    return (change, q @ x) if calc_q else change


hessenberg.def_jvp(hessenberg_push, unaffected=["check_finite"])
