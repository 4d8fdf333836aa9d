"""`scipy.interpolate`: B-splines, in their coefficients, in the data that they are fitted to, and where they are read.

In scope: `t` the tangent, `g` the cotangent. The coefficients are a linear function of the data: a solve with a matrix of
few diagonals, whose factors serve the transpose as well. Knots and sites are constants.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate
from scipy.sparse import csc_array, vstack
from scipy.sparse.linalg import splu

from funcad.core.assemble import contains_tracer
from funcad.core.batching import looped
from funcad.core.elements import getitem
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import anywhere, plain, user_line
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.interpolate_piecewise import doubled, times, under_name

# --- values at a vector of places: of shape (places, ...) for coefficients of shape (n, ...)


def _bspline(c: Any, at: Any, knots: Any, k: int, nu: int, extrapolate: bool, left: bool) -> Any:
    if left:
        return recurrence(c, at, knots, k, nu, extrapolate, left)
    c = np.ascontiguousarray(c, np.result_type(c, float))
    return scipy.interpolate.BSpline.construct_fast(knots, c, k)(at, nu, extrapolate)


#: a derivative of a spline, at a knot from the left or from the right
bspline = under_name(scipy.interpolate.BSpline, _bspline)


def beside(at: Any, knots: Any, k: int, left: bool) -> Any:
    """Return the number of the knot before each place, of the two intervals next to a knot the one asked for."""
    inner = knots[k : len(knots) - k]
    found = np.searchsorted(inner, plain(at), "left" if left else "right") - 1
    return np.clip(found, 0, len(inner) - 2) + k


def lowered(c: Any, knots: Any, k: int) -> tuple[Any, Any]:
    """Return the coefficients and knots of the derivative."""
    n = len(knots) - k - 1
    width = knots[k + 1 : k + n] - knots[1:n]
    factors = k / np.where(width > 0, width, 1.0)
    return times(factors, np.diff(c[:n], axis=0)), knots[1:-1]


def recurrence(c: Any, at: Any, knots: Any, k: int, nu: int, extrapolate: bool, left: bool) -> Any:
    """Return a derivative by de Boor's recurrence, in code that is linear in the coefficients."""
    whole = knots[k], knots[-k - 1]
    if nu > k:
        return np.zeros((np.shape(at)[0], *np.shape(c)[1:]))
    for _ in range(nu):
        c, knots = lowered(c, knots, k)
        k -= 1
    before = beside(at, knots, k, left)
    d = [getitem(c, before + (j - k)) for j in range(k + 1)]
    for r in range(1, k + 1):
        for j in range(k, r - 1, -1):
            low, high = getitem(knots, before + (j - k)), getitem(knots, before + (1 + j - r))
            d[j] = d[j - 1] + times((at - low) / (high - low), d[j] - d[j - 1])
    y = d[k]
    if extrapolate:
        return y
    outside = np.less(plain(at), whole[0]) | np.greater(plain(at), whole[1])
    return np.where(np.reshape(outside, (-1,) + (1,) * (np.ndim(y) - 1)), 0, y)


def slope(c: Any, at: Any, knots: Any, k: int, nu: int, extrapolate: bool, left: bool) -> Any:
    """Return the next derivative, at a knot the mean of both sides."""
    y = bspline(c, at, knots, k, nu + 1, extrapolate, False)
    if anywhere(np.not_equal(beside(at, knots, k, True), beside(at, knots, k, False))):
        y = (y + bspline(c, at, knots, k, nu + 1, extrapolate, True)) / 2
    return y


bspline.def_jvp(
    lambda t, at, knots, k, nu, extrapolate, left: recurrence(t, at, knots, k, nu, extrapolate, left),
    lambda t, c, at, knots, k, nu, extrapolate, left: times(t, slope(c, at, knots, k, nu, extrapolate, left)),
)


def batch(call: Any) -> Any:
    """Compute a batch of places, or of coefficients, at once: the others are axes of a call anyway."""
    c, at = call.values
    if call.stacked == (True, False):
        return np.moveaxis(call.evaluate(np.moveaxis(c, 0, -1), at), -1, 0)
    if call.stacked == (False, True):
        y = call.evaluate(c, np.reshape(at, (-1,)))
        return np.reshape(y, np.shape(at) + np.shape(y)[1:])
    return looped(call)


batching(batch, bspline)


# --- the coefficients of data


class Fit:
    """The linear map from data, along the first axis, to coefficients, and its transpose."""

    def __init__(self, matrix: Any, before: Any = None) -> None:
        self.factors = splu(csc_array(matrix))
        #: what the data is multiplied with before the solve
        self.before = before

    def apply(self, y: Any) -> Any:
        """Return the coefficients."""
        columns = np.reshape(y, (np.shape(y)[0], -1))
        if self.before is not None:
            columns = self.before @ columns
        return np.reshape(self._solve(columns, "N"), (-1, *np.shape(y)[1:]))

    def back(self, g: Any) -> Any:
        """Return the transpose, applied to a cotangent."""
        columns = self._solve(np.reshape(g, (np.shape(g)[0], -1)), "T")
        if self.before is not None:
            columns = self.before.T @ columns
        return np.reshape(columns, (-1, *np.shape(g)[1:]))

    def _solve(self, columns: Any, trans: str) -> Any:
        if np.iscomplexobj(columns):
            return self._solve(columns.real, trans) + 1j * self._solve(columns.imag, trans)
        return self.factors.solve(np.ascontiguousarray(columns, float), trans)


def _fitted(y: Any, fit: Fit) -> Any:
    return fit.apply(y)


def _refitted(g: Any, fit: Fit) -> Any:
    return fit.back(g)


fitted = PrimitiveFunction(_fitted, name="coefficients of data")
refitted = PrimitiveFunction(_refitted, name="coefficients of data (transpose)")
fitted.def_linear(lambda g, fit: refitted(g, fit))
refitted.def_linear(lambda g, fit: fitted(g, fit))
batching(
    lambda c: np.moveaxis(c.evaluate(np.moveaxis(c.values[0], 0, -1)), -1, 0),
    fitted,
    refitted,
)


def design(at: Any, knots: Any, k: int) -> Any:
    """Return the sparse matrix of the B-splines at places."""
    return scipy.interpolate.BSpline.design_matrix(at, knots, k, extrapolate=k > 0)


def end_rows(orders: list[int], at: float, knots: Any, k: int, left: bool) -> list[Any]:
    """Return the rows of derivatives of the B-splines at an end."""
    n = len(knots) - k - 1
    first = 0 if left else n - k - 1
    basis = np.zeros((n, k + 1))
    basis[first : first + k + 1] = np.eye(k + 1)
    spline = scipy.interpolate.BSpline.construct_fast(knots, basis, k)
    columns = np.arange(first, first + k + 1)
    zeros = np.zeros(k + 1, int)
    return [csc_array((spline(at, order), (zeros, columns)), shape=(1, n)) for order in orders]


def conditions(bc: Any) -> list[Any]:
    """Return the derivatives that are given at one end, as pairs of an order and a value."""
    if bc is None or (isinstance(bc, str) and bc == "not-a-knot"):
        return []
    return [_ALIASES[bc]] if isinstance(bc, str) else list(bc)


_ALIASES = {"clamped": (1, 0.0), "natural": (2, 0.0)}


def _interpolating(y: Any, x: Any, k: int, knots: Any, bc_type: Any, axis: int) -> Any:
    return scipy.interpolate.make_interp_spline(x, y, k, knots, bc_type, axis).c


def _least_squares(y: Any, x: Any, knots: Any, k: int, w: Any, axis: int, method: str) -> Any:
    kwargs = {} if method == "qr" else {"method": method}
    return scipy.interpolate.make_lsq_spline(x, y, knots, k, w, axis, **kwargs).c


interpolating = under_name(scipy.interpolate.make_interp_spline, _interpolating)
least_squares = under_name(scipy.interpolate.make_lsq_spline, _least_squares)


@interpolating.def_composite(own_value=True)
def _interpolating_spline(y: Any, x: Any, k: int, knots: Any, bc_type: Any, axis: int) -> Any:
    y = np.moveaxis(doubled(y), axis, 0)
    periodic = isinstance(bc_type, str) and bc_type == "periodic"
    pair = (bc_type, bc_type) if bc_type is None or isinstance(bc_type, str) else bc_type
    first, last = ([], []) if periodic else (conditions(pair[0]), conditions(pair[1]))
    if knots is None:
        knots = knots_of(np.asarray(x, float), k, [pair[0], pair[1]], periodic)
    knots = np.asarray(knots, float)
    matrix = csc_array(design(x, knots, k))
    if periodic and k > 1:
        # the last coefficients are the first ones once more
        n = len(x) - 1
        rows, columns = matrix[:n].nonzero()
        folded = csc_array((matrix[:n].tocsr()[rows, columns], (rows, columns % n)), shape=(n, n))
        c = fitted(y[:n], Fit(folded))
        return np.concatenate([c, c[:k]])
    left = [order for order, _ in first]
    right = [order for order, _ in last]
    matrix = vstack([
        *end_rows(left, x[0], knots, k, True), matrix, *end_rows(right, x[-1], knots, k, False)
    ])  # fmt: skip
    one = np.zeros_like(y[:1])
    rows = [one + doubled(v) for _, v in first], [one + doubled(v) for _, v in last]
    return fitted(np.concatenate([*rows[0], y, *rows[1]]), Fit(matrix))


def knots_of(x: Any, k: int, ends: list[Any], periodic: bool) -> Any:
    """Return the knots that SciPy chooses for sites: those of some data."""
    zeros = np.zeros(len(x))
    if periodic:
        return scipy.interpolate.make_interp_spline(x, zeros, k, bc_type="periodic").t
    plain_ends = tuple([[(order, 0.0) for order, _ in conditions(end)] or None for end in ends])
    return scipy.interpolate.make_interp_spline(x, zeros, k, bc_type=plain_ends).t


@least_squares.def_composite(own_value=True)
def _least_squares_spline(y: Any, x: Any, knots: Any, k: int, w: Any, axis: int, method: str) -> Any:
    y = np.moveaxis(doubled(y), axis, 0)
    matrix = csc_array(design(x, np.asarray(knots, float), k))
    squares = np.ones(len(x)) if w is None else np.asarray(w, float) ** 2
    before = matrix.T.multiply(squares[None, :]).tocsc()
    return fitted(y, Fit(before @ matrix, before))


# --- splines of SciPy's older functions


def refused(name: str, what: str, instead: str) -> Exception:
    """Return the error for what has no rules."""
    return UnsupportedArgumentError(
        f"scipy.interpolate.{name} (called at {user_line()}) has no derivative {what}; {instead}"
    )


splev = twin(scipy.interpolate.splev)
#: the derivative of splrep is that of the spline through the data
coefficients_of = under_name(
    scipy.interpolate.splrep,
    lambda y, x, w, xb, xe, k: scipy.interpolate.splrep(x, y, w, xb, xe, k, s=0)[1],
)


@splev.def_composite(own_value=True)
def _splev(x: Any, tck: Any, der: int = 0, ext: int = 0) -> Any:
    knots, c, k = (tck.t, tck.c, tck.k) if isinstance(tck, scipy.interpolate.BSpline) else tck
    if contains_tracer((knots,)):
        raise refused("splev", "in the knots", "pass funcad.stop_gradient(knots)")
    if isinstance(c, (list, tuple)) and np.ndim(c[0]):
        return [_splev(x, (knots, one, k), der, ext) for one in c]
    x, knots = doubled(x), np.asarray(knots, float)
    at = np.reshape(x, (-1,))
    low, high = knots[k], knots[-k - 1]
    if ext == 3:
        at = np.clip(at, low, high)
    y = bspline(doubled(c)[: len(knots) - k - 1], at, knots, k, der, True, False)
    if ext == 1:
        y = np.where(np.less(plain(at), low) | np.greater(plain(at), high), 0, y)
    return np.reshape(y, np.shape(x))


@coefficients_of.def_composite(own_value=True)
def _coefficients_of(y: Any, x: Any, w: Any, xb: Any, xe: Any, k: int) -> Any:
    y = doubled(y)
    knots = scipy.interpolate.splrep(x, np.zeros(np.shape(y)), w, xb, xe, k, s=0)[0]
    c = fitted(y, Fit(csc_array(design(x, knots, k))))
    return np.concatenate([c, np.zeros(k + 1)])


def splrep(
    x: Any,
    y: Any,
    w: Any = None,
    xb: Any = None,
    xe: Any = None,
    k: int = 3,
    task: int = 0,
    s: Any = None,
    t: Any = None,
    full_output: int = 0,
    per: int = 0,
    quiet: int = 1,
) -> Any:
    """Return what `scipy.interpolate.splrep` does, also for traced values."""
    if not contains_tracer((x, y, w, s, t)):
        return scipy.interpolate.splrep(x, y, w, xb, xe, k, task, s, t, full_output, per, quiet)
    if contains_tracer((x, w, s, t)):
        raise refused("splrep", "but in y", "pass funcad.stop_gradient of the others")
    smooth = s not in (None, 0) or (s is None and w is not None)
    if smooth or task or t is not None or full_output or per:
        raise refused(
            "splrep",
            "of a smoothing, periodic or least-squares spline",
            "write s=0 for the spline through the data, or make_lsq_spline(x, y, t)",
        )
    own = scipy.interpolate.splrep(x, np.zeros(np.shape(plain(y))), w, xb, xe, k, s=0)
    return own[0], coefficients_of(y, x, w, xb, xe, k), k
