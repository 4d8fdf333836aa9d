"""`scipy.linalg`: matrices with a structure, made of vectors, and systems with those of Toeplitz and circulants.

Nearly all of them are written with functions of NumPy here: what SciPy fills in place is put together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.batching import looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.errors import UnsupportedArgumentError
from funcad.rules.decompositions import conj, is_complex
from funcad.rules.scipy.operands import kept, one_matrix

block_diag = twin(scipy.linalg.block_diag)
circulant = twin(scipy.linalg.circulant)
companion = twin(scipy.linalg.companion)
convolution_matrix = twin(scipy.linalg.convolution_matrix)
diagsvd = twin(scipy.linalg.diagsvd)
fiedler = twin(scipy.linalg.fiedler)
fiedler_companion = twin(scipy.linalg.fiedler_companion)
hankel = twin(scipy.linalg.hankel)
khatri_rao = twin(scipy.linalg.khatri_rao)
leslie = twin(scipy.linalg.leslie)
toeplitz = twin(scipy.linalg.toeplitz)
matmul_toeplitz = twin(scipy.linalg.matmul_toeplitz)
solve_toeplitz = twin(scipy.linalg.solve_toeplitz)
solve_circulant = twin(scipy.linalg.solve_circulant)
matrix_balance = twin(scipy.linalg.matrix_balance)
bandwidth = twin(scipy.linalg.bandwidth)
issymmetric = twin(scipy.linalg.issymmetric)
ishermitian = twin(scipy.linalg.ishermitian)
for _of_pattern in (bandwidth, issymmetric, ishermitian):
    _of_pattern.def_constant()


def offsets(rows: int, columns: int) -> Any:
    """Return i - j for every entry of a matrix."""
    return np.arange(rows)[:, None] - np.arange(columns)


def one_vector(x: Any, name: str) -> None:
    """Refuse a stack of vectors that stand for matrices."""
    if np.ndim(x) != 1:
        raise UnsupportedArgumentError(
            f"scipy.linalg.{name} has rules for one matrix and not for a stack of them: write funcad.vmap over "
            f"funcad.scipy.linalg.{name}"
        )


@toeplitz.def_composite()
def _toeplitz(c: Any, r: Any = None) -> Any:
    c = np.atleast_1d(as_operand(c))
    r = conj(c) if r is None else np.atleast_1d(as_operand(r))
    one_vector(c, "toeplitz")
    one_vector(r, "toeplitz")
    n = np.shape(r)[0]
    return np.concatenate([r[:0:-1], c])[offsets(np.shape(c)[0], n) + n - 1]


@hankel.def_composite()
def _hankel(c: Any, r: Any = None) -> Any:
    c = np.ravel(as_operand(c))
    r = np.zeros_like(c) if r is None else np.ravel(as_operand(r))
    m, n = np.shape(c)[0], np.shape(r)[0]
    return np.concatenate([c, r[1:]])[np.arange(m)[:, None] + np.arange(n)]


@circulant.def_composite()
def _circulant(c: Any) -> Any:
    c = np.atleast_1d(as_operand(c))
    n = np.shape(c)[-1]
    return np.take(c, offsets(n, n) % n, axis=-1)


def _convolution_part(m: int, n: int, mode: str) -> slice:
    """Return the rows of the full convolution that a mode keeps."""
    cut = {"full": 0, "same": min(m, n) - 1, "valid": 2 * (min(m, n) - 1)}[mode]
    return slice(cut // 2, m + n - 1 - (cut - cut // 2))


@convolution_matrix.def_composite()
def _convolution_matrix(a: Any, n: int, mode: str = "full") -> Any:
    a = as_operand(a)
    m = np.shape(a)[-1]
    places = offsets(m + n - 1, n)[_convolution_part(m, n, mode)]
    inside = (places >= 0) & (places < m)
    return np.where(inside, np.take(a, np.where(inside, places, 0), axis=-1), 0)


@block_diag.def_composite()
def _block_diag(*arrs: Any) -> Any:
    blocks = [np.atleast_2d(as_operand(a)) for a in arrs]
    batch = np.broadcast_shapes(*[np.shape(b)[:-2] for b in blocks])
    blocks = [np.broadcast_to(b, (*batch, *np.shape(b)[-2:])) for b in blocks]
    rest = [(0, 0)] * len(batch)
    total, at = sum([np.shape(b)[-1] for b in blocks]), 0
    rows = []
    for b in blocks:
        width = np.shape(b)[-1]
        rows.append(np.pad(b, [*rest, (0, 0), (at, total - at - width)]))
        at += width
    return np.concatenate(rows, axis=-2)


@companion.def_composite()
def _companion(a: Any) -> Any:
    a = np.atleast_1d(as_operand(a))
    first = -a[..., 1:] / (1.0 * a[..., 0:1])
    n = np.shape(first)[-1]
    below = np.broadcast_to(np.eye(n - 1, n, dtype=first.dtype), (*np.shape(first)[:-1], n - 1, n))
    return np.concatenate([first[..., None, :], below], axis=-2)


def _of_polynomial(n: int) -> tuple[Any, Any]:
    """Return which coefficients stand where in Fiedler's companion matrix, and its ones."""
    which, ones = np.zeros((n, n), int), np.zeros((n, n))
    ones[range(3, n, 2), range(1, n - 2, 2)] = 1
    which[range(2, n, 2), range(1, n - 1, 2)] = range(3, n + 1, 2)
    ones[range(0, n - 2, 2), range(2, n, 2)] = 1
    which[range(0, n - 1, 2), range(1, n, 2)] = range(2, n + 1, 2)
    which[0, 0], ones[1, 0] = 1, 1
    return which, ones


@fiedler_companion.def_composite(own_value=True)
def _fiedler_companion(a: Any) -> Any:
    a = np.atleast_1d(as_operand(a))
    a = a / a[..., :1]
    n = np.shape(a)[-1] - 1
    if n < 2:
        return -a[..., 1:, None]
    which, ones = _of_polynomial(n)
    return np.where(which > 0, -np.take(a, which, axis=-1), ones)


@fiedler.def_composite()
def _fiedler(a: Any) -> Any:
    a = np.atleast_1d(as_operand(a))
    return np.abs(a[..., :, None] - a[..., None, :])


def on_diagonal(s: Any) -> Any:
    """Return diagonal matrices, whose zeros have no sign."""
    return np.where(np.eye(np.shape(s)[-1], dtype=bool), s[..., None], np.zeros((), s.dtype))


@leslie.def_composite()
def _leslie(f: Any, s: Any) -> Any:
    f, s = np.atleast_1d(as_operand(f)), np.atleast_1d(as_operand(s))
    rest = [(0, 0)] * (np.ndim(s) - 1)
    below = np.pad(on_diagonal(s), [*rest, (0, 0), (0, 1)])
    return np.concatenate([f[..., None, :], below], axis=-2)


@khatri_rao.def_composite()
def _khatri_rao(a: Any, b: Any) -> Any:
    a, b = as_operand(a), as_operand(b)
    c = a[..., :, None, :] * b[..., None, :, :]
    return np.reshape(c, (*np.shape(c)[:-3], np.shape(c)[-3] * np.shape(c)[-2], np.shape(c)[-1]))


@diagsvd.def_composite()
def _diagsvd(s: Any, M: int, N: int) -> Any:
    s = as_operand(s)
    k = np.shape(s)[-1]
    rest = [(0, 0)] * (np.ndim(s) - 1)
    return np.pad(on_diagonal(s), [*rest, (0, M - k), (0, N - k)])


def _scales(a: Any, permute: bool, scale: bool) -> Any:
    return scipy.linalg.matrix_balance(a, permute, scale, separate=True)[1]


#: the powers of two and the permutation, which small changes of the matrix leave as they are
scales = PrimitiveFunction(_scales, name="scipy.linalg.matrix_balance (scales)")
scales.def_constant()
own_balance = twin(scipy.linalg.matrix_balance)
own_balance.def_constant()


@matrix_balance.def_composite()
def _matrix_balance(
    A: Any, permute: bool = True, scale: bool = True, separate: bool = False, overwrite_a: bool = False
) -> Any:
    A = np.atleast_2d(as_operand(A))
    one_matrix(np.shape(A), "matrix_balance")
    kept(overwrite_a, "matrix_balance", "overwrite_a")
    scaling, order = scales(A, permute, scale)
    factors = scaling.astype(A.real.dtype)
    balanced = np.take(np.take(A, order, axis=0), order, axis=1) * factors / factors[:, None]
    return balanced, (scaling, order) if separate else own_balance(A, permute, scale)[1]


# --- systems: C x = b with the first column and the first row of C


def both_of(c_or_cr: Any) -> tuple[Any, Any]:
    """Return column and row; the row of a Hermitian matrix follows from its column."""
    if isinstance(c_or_cr, tuple):
        c, r = c_or_cr
        return as_operand(c), as_operand(r)
    c = as_operand(c_or_cr)
    return c, conj(c)


def _levinson(c: Any, r: Any, b: Any, check_finite: bool = True) -> Any:
    return scipy.linalg.solve_toeplitz((c, r), b, check_finite=check_finite)


#: solve_toeplitz with its operands one by one; SciPy does not read the first entry of the row
levinson = PrimitiveFunction(_levinson, name="scipy.linalg.solve_toeplitz (column, row)")


def convolved(x: Any, y: Any, n: int) -> Any:
    """Return the sums of x_j y_(k-j) along the first axis, cyclic with the period n."""
    product = np.fft.ifft(np.fft.fft(x, n, axis=0) * np.fft.fft(y, n, axis=0), axis=0)
    return product if is_complex(x) or is_complex(y) else np.real(product)


def applied(c: Any, r: Any, x: Any) -> Any:
    """Return the product with a Toeplitz matrix, which is a part of a circulant one."""
    around = np.concatenate([c, r[:0:-1]])
    n = np.shape(around)[0]
    return convolved(around if np.ndim(x) == 1 else around[:, None], x, n)[: np.shape(c)[0]]


def of_column(y: Any, x: Any) -> Any:
    """Return for every k the sum of y_(j+k) x_j, summed over the columns of matrices."""
    n = np.shape(y)[0]
    sums = convolved(y, x[::-1], 2 * n)[n - 1 : 2 * n - 1]
    return sums if np.ndim(sums) == 1 else np.sum(sums, axis=1)


def beyond_first(x: Any) -> Any:
    """Return a vector without its first entry, which the column has."""
    return np.where(np.arange(np.shape(x)[0]) > 0, x, 0)


def transposed(c: Any, r: Any) -> tuple[Any, Any]:
    """Return column and row of the transposed matrix."""
    first = np.arange(np.shape(c)[0]) == 0
    return np.where(first, c, r), c


levinson.def_jvp(
    lambda t, ans, c, r: -levinson(c, r, applied(t, np.zeros_like(t), ans)),
    lambda t, ans, c, r: -levinson(c, r, applied(np.zeros_like(t), t, ans)),
    lambda t, c, r: levinson(c, r, t),
    unaffected=["check_finite"],
)
levinson.def_vjp(
    lambda g, ans, c, r: -of_column(levinson(*transposed(c, r), g), ans),
    lambda g, ans, c, r: -beyond_first(of_column(ans, levinson(*transposed(c, r), g))),
    lambda g, c, r: levinson(*transposed(c, r), g),
)
batching(looped, levinson)


@solve_toeplitz.def_composite()
def _solve_toeplitz(c_or_cr: Any, b: Any, check_finite: bool = True) -> Any:
    c, r = both_of(c_or_cr)
    for x in (c, r):
        one_vector(x, "solve_toeplitz")
    return levinson(c, r, as_operand(b), check_finite)


@matmul_toeplitz.def_composite(own_value=True)
def _matmul_toeplitz(c_or_cr: Any, x: Any, check_finite: bool = False, workers: Any = None) -> Any:
    c, r = both_of(c_or_cr)
    for v in (c, r):
        one_vector(v, "matmul_toeplitz")
    # SciPy computes in double precision
    c, r, x = (v.astype(np.result_type(v, float)) for v in (c, r, as_operand(x)))
    return applied(c, r, x)


@solve_circulant.def_composite(own_value=True)
def _solve_circulant(
    c: Any,
    b: Any,
    singular: str = "raise",
    tol: Any = None,
    caxis: int = -1,
    baxis: int = 0,
    outaxis: int = 0,
) -> Any:
    if singular != "raise":
        raise UnsupportedArgumentError(
            f"scipy.linalg.solve_circulant has no derivative rule for singular={singular!r}; leave it out, or write "
            "np.linalg.pinv of the circulant matrix"
        )
    c, b = np.atleast_1d(as_operand(c)), np.atleast_1d(as_operand(b))
    spectrum = np.fft.fft(np.moveaxis(b, baxis, -1)) / np.fft.fft(np.moveaxis(c, caxis, -1))
    x = np.fft.ifft(spectrum)
    x = x if is_complex(c) or is_complex(b) else np.real(x)
    return x if outaxis == -1 else np.moveaxis(x, -1, outaxis)
