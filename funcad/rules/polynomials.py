"""The functions of `numpy` that take polynomials as arrays of coefficients, the highest power first.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, and the function's own parameters. But for
the roots and the Vandermonde matrix they are NumPy's own algorithms, over functions that have rules.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.exceptions import RankWarning
from numpy.polynomial import polynomial

from funcad.core.assemble import as_operand, typed
from funcad.core.kinds import composite, general
from funcad.core.tracer import agreed, plain, user_frame


def coefficients(p: Any) -> Any:
    """Return a polynomial as an array of one axis or more."""
    return np.atleast_1d(as_operand(p.coeffs if isinstance(p, np.poly1d) else p))


def as_given(result: Any, *polynomials: Any) -> Any:
    """Return coefficients as a `poly1d` where one was given."""
    return np.poly1d(result) if any([isinstance(p, np.poly1d) for p in polynomials]) else result


def without_leading_zeros(p: Any) -> Any:
    """Return the coefficients of `poly1d`: from the first that is not zero, or one zero."""
    n = 0
    while n < len(p) and agreed(np.equal(plain(p[n]), 0), "whether a leading coefficient is zero"):
        n += 1
    return p[n:] if n < len(p) else np.zeros(1, p.dtype)


# --- sums, products, quotients


def padded_to_match(a: Any, b: Any) -> tuple[Any, Any]:
    """Return two polynomials with as many coefficients each."""
    missing = len(b) - len(a)
    if missing > 0:
        return np.concatenate((np.zeros(missing, a.dtype), a)), b
    return a, b if missing == 0 else np.concatenate((np.zeros(-missing, b.dtype), b))


@composite(np.polyadd)
def _polyadd(a1: Any, a2: Any) -> Any:
    return as_given(np.add(*padded_to_match(coefficients(a1), coefficients(a2))), a1, a2)


@composite(np.polysub)
def _polysub(a1: Any, a2: Any) -> Any:
    return as_given(np.subtract(*padded_to_match(coefficients(a1), coefficients(a2))), a1, a2)


@composite(np.polymul)
def _polymul(a1: Any, a2: Any) -> Any:
    factors = [without_leading_zeros(coefficients(a)) for a in (a1, a2)]
    if max([a.ndim for a in factors]) > 1:
        raise ValueError("Polynomial must be 1d only.")
    return as_given(np.convolve(*factors), a1, a2)


@composite(np.polydiv)
def _polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    numerator, v_ = coefficients(u) + 0.0, coefficients(v) + 0.0
    dtype = (numerator[0] + v_[0]).dtype
    r, steps = numerator.astype(dtype), len(numerator) - len(v_) + 1
    scale, n = 1.0 / v_[0], len(v_)
    quotient = []
    for k in range(steps):
        d = scale * r[k]
        quotient.append(d)
        r = np.concatenate([r[:k], r[k : k + n] - d * v_, r[k + n :]])
    q = np.stack(quotient).astype(dtype) if quotient else np.zeros(1, dtype)
    while len(r) > 1 and agreed(np.allclose(plain(r[0]), 0, rtol=1e-14), "the degree of the remainder"):
        r = r[1:]
    return as_given(q, u, v), as_given(r, u, v)


# --- values, derivatives, integrals


@composite(np.polyval)
def _polyval(p: Any, x: Any) -> Any:
    if isinstance(x, np.poly1d):
        y: Any = 0
    else:
        x = as_operand(x)
        y = np.zeros_like(x)
    for c in as_operand(p.coeffs if isinstance(p, np.poly1d) else p):
        y = y * x + c
    return y


@composite(np.polyder)
def _polyder(p: Any, m: Any = 1) -> Any:
    if int(m) < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    y = as_operand(p.coeffs if isinstance(p, np.poly1d) else p)
    for _ in range(int(m)):
        y = y[:-1] * np.arange(len(y) - 1, 0, -1)
    return as_given(y, p)


@composite(np.polyint)
def _polyint(p: Any, m: Any = 1, k: Any = None) -> Any:
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    constants = np.atleast_1d(np.zeros(m) if k is None else as_operand(k))
    if len(constants) == 1 and m > 1:
        constants = constants[0] * np.ones(m)
    if len(constants) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    y = as_operand(p.coeffs if isinstance(p, np.poly1d) else p)
    for i in range(m):
        y = np.concatenate((np.true_divide(y, np.arange(len(y), 0, -1)), constants[i : i + 1]))
    return as_given(y, p)


# --- numpy.polynomial: the lowest power first; its other functions take a traced array without a rule


def ascending_value(x: Any, c: Any, tensor: bool = True) -> Any:
    """Return the value of `numpy.polynomial.polynomial.polyval`."""
    c = np.atleast_1d(c)
    c = c if c.dtype.kind in "fc" else c + 0.0
    c = np.reshape(c, c.shape + (1,) * np.ndim(x)) if tensor else c
    y = c[-1] + x * 0
    for k in range(2, len(c) + 1):
        y = c[-k] + y * x
    return y


def as_array(a: Any) -> Any:
    """Return what np.asarray makes of a value: also a number has a dtype of its own then."""
    a = as_operand(a)
    return np.reshape(a, ()) if np.ndim(a) == 0 else a


@composite(polynomial.polyval2d)
def _polyval2d(x: Any, y: Any, c: Any) -> Any:
    x, y, c = as_array(x), as_array(y), as_operand(c)
    if np.shape(x) != np.shape(y):
        raise ValueError("x, y are incompatible")
    return ascending_value(y, ascending_value(x, c), tensor=False)


@composite(polynomial.polygrid2d)
def _polygrid2d(x: Any, y: Any, c: Any) -> Any:
    x, y, c = as_operand(x), as_operand(y), as_operand(c)
    return ascending_value(y, ascending_value(x, c))


# --- roots


@composite(np.poly)
def _poly(seq_of_zeros: Any) -> Any:
    zeros = np.atleast_1d(as_operand(seq_of_zeros))
    shape = zeros.shape
    if len(shape) == 2 and shape[0] == shape[1] != 0:
        zeros = np.linalg.eigvals(zeros)
    elif len(shape) != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    if len(zeros) == 0:
        return 1.0
    zeros = typed(zeros, np.dtype(np.mintypecode(zeros.dtype.char)))
    a = np.ones(1, zeros.dtype)
    for factor in np.stack([np.ones(len(zeros), zeros.dtype), -zeros], axis=1):
        a = np.convolve(a, factor)
    if np.iscomplexobj(zeros):
        z = plain(zeros)
        conjugates = np.all(np.equal(np.sort(z), np.sort(np.conjugate(z))))
        if agreed(conjugates, "whether the roots are conjugate to each other"):
            a = np.copy(np.real(a))
    return a


def root_slopes(r: Any, p: Any) -> Any:
    """Return p'(r), which divides the change of a root; nan at a multiple root, which has no derivative."""
    slopes = np.polyval(np.polyder(p), r)
    return np.where(np.equal(slopes, 0), np.nan, slopes)


def roots_jvp(t: Any, ans: Any, p: Any) -> Any:
    """-t(r) / p'(r), as p(r) = 0 stays so: also where a coefficient at an end is zero."""
    return -np.polyval(t, ans) / root_slopes(ans, p)


def roots_vjp(g: Any, ans: Any, p: Any) -> Any:
    """The same way back; a root that was not used spreads no nan."""
    shares = np.where(np.equal(g, 0), 0, g / root_slopes(ans, p))
    return -(shares @ np.vander(ans, len(p)))


# --- powers of points


def powers_slope(x: Any, n: int, increasing: bool) -> Any:
    """Return the derivative of the Vandermonde matrix of each point: k x^(k-1)."""
    if n < 2:
        return np.zeros((len(x), n))
    k = np.arange(1, n) if increasing else np.arange(n - 1, 0, -1)
    parts = [np.zeros((len(x), 1)), np.vander(x, n - 1, increasing) * k]
    return np.concatenate(parts if increasing else parts[::-1], axis=1)


# fmt: off
general(np.roots,  jvp=roots_jvp, vjp=roots_vjp)
general(np.vander, jvp=lambda t, x, N, increasing: t[:, None] * powers_slope(x, len(x) if N is None else N, increasing),
                   vjp=lambda g, x, N, increasing: np.sum(g * powers_slope(x, len(x) if N is None else N, increasing), axis=1))
# fmt: on


# --- least squares


def weighted_in_place(a: Any, w: Any) -> Any:
    """Return the product as `a *= w` leaves it: in the dtype of a."""
    if not np.can_cast(np.result_type(a, w), a.dtype, "same_kind"):
        raise TypeError(f"weights of dtype {w.dtype} cannot be multiplied into data of dtype {a.dtype}")
    return typed(a * w, a.dtype)


def fitted_arrays(x: Any, y: Any, w: Any, deg: Any) -> tuple[Any, Any, Any]:
    """Return the arguments of np.polyfit as arrays, or NumPy's error."""
    x, y = as_operand(x) + 0.0, as_operand(y) + 0.0
    w = None if w is None else as_operand(w) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if np.ndim(x) != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if np.ndim(y) < 1 or np.ndim(y) > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    if w is not None and np.ndim(w) != 1:
        raise TypeError("expected a 1-d array for weights")
    if w is not None and w.shape[0] != y.shape[0]:
        raise TypeError("expected w and y to have the same length")
    return x, y, w


@composite(np.polyfit)
def _polyfit(
    x: Any, y: Any, deg: Any, rcond: Any = None, full: Any = False, w: Any = None, cov: Any = False
) -> Any:
    x, y, w = fitted_arrays(x, y, w, deg)
    order = int(deg) + 1
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    left, right = np.vander(x, order), y
    if w is not None:
        left = weighted_in_place(left, w[:, None])
        right = weighted_in_place(right, w[:, None] if right.ndim == 2 else w)
    scale = np.sqrt(np.sum(left * left, axis=0))
    left = typed(left / scale, left.dtype)
    c, residuals, rank, s = np.linalg.lstsq(left, right, rcond)
    c = (c.T / scale).T
    if full:
        return c, residuals, rank, s, rcond
    if not agreed(np.equal(rank, order), "the rank of the fit"):
        _warn_of_rank()
    if not cov:
        return c
    base = np.linalg.inv(np.dot(left.T, left))
    base = base / np.outer(scale, scale)
    factor: Any = 1
    if not (isinstance(cov, str) and cov == "unscaled"):
        if len(x) <= order:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        factor = residuals / (len(x) - order)
    return c, base * factor if y.ndim == 1 else base[:, :, np.newaxis] * factor


def _warn_of_rank() -> None:
    """Warn as NumPy does, at the line of the user."""
    frame = user_frame()
    where = ("", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)
    warnings.warn_explicit("Polyfit may be poorly conditioned", RankWarning, *where)
