"""All pairs of points: functions that a matrix product, or one coordinate after another, gives the derivative of.

No array of all differences is made. A kernel does not depend on the order of its two points, so that its change with
the second one is that with the first, transposed; for the pairs of one set one of the two is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from attrs import field, frozen
from scipy.spatial import distance

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.general import is_plain
from funcad.core.tracer import anywhere, plain
from funcad.rules.linalg import mT

#: how many pairs are computed together: their arrays stay in the processor's cache
TOGETHER: Final = 1 << 15

squareform = twin(distance.squareform, "scipy.spatial.distance.squareform")


def upper(n: int) -> tuple[Any, Any]:
    """Return the places of the pairs of n points in a square matrix, in SciPy's order."""
    return np.triu_indices(n, 1)


@squareform.def_composite(own_value=True)
def _squareform(X: Any, force: str = "no", checks: bool = True) -> Any:
    x = as_operand(X)
    if x.ndim == 2:
        return x[upper(len(x))]
    n = int(np.ceil(np.sqrt(len(x) * 2)))
    numbers = np.zeros((n, n), int)
    i, j = upper(n)
    numbers[i, j] = numbers[j, i] = np.arange(len(x))
    return np.where(np.eye(n, dtype=bool), 0.0, x[numbers]) if len(x) else np.zeros((1, 1))


@frozen(eq=False)
class Kernel:
    """A function of two points, of weights of their coordinates, or None, and the rules of its first point."""

    #: of two sets, all pairs
    of_two: Callable[[Any, Any, Any], Any]
    #: of a tangent of the first set, the change of all pairs
    push: Callable[[Any, Any, Any, Any], Any]
    #: of a cotangent of all pairs, that of the first set
    pull: Callable[[Any, Any, Any, Any], Any]
    #: of one set, its pairs in SciPy's order
    of_one: Callable[[Any, Any], Any] = field()

    @of_one.default
    def _upper(self) -> Callable[[Any, Any], Any]:
        return lambda x, w: self.of_two(x, x, w)[upper(len(x))]


#: a kernel of all pairs from two sets
between = PrimitiveFunction(
    lambda a, b, kernel, w: kernel.of_two(a, b, w), name="scipy.spatial.distance.cdist (kernels)"
)
between.def_jvp(
    lambda t, a, b, kernel, w: kernel.push(t, a, b, w),
    lambda t, a, b, kernel, w: mT(kernel.push(t, b, a, w)),
)
between.def_vjp(
    lambda g, a, b, kernel, w: kernel.pull(g, a, b, w),
    lambda g, a, b, kernel, w: kernel.pull(mT(g), b, a, w),
)


def among_push(t: Any, x: Any, kernel: Kernel, w: Any) -> Any:
    """The change with the first point of each pair, and with the second one."""
    change = kernel.push(t, x, x, w)
    return (change + mT(change))[upper(len(x))]


#: a kernel of the pairs of one set
among = PrimitiveFunction(
    lambda x, kernel, w: kernel.of_one(x, w), name="scipy.spatial.distance.pdist (kernels)"
)
among.def_jvp(among_push)
among.def_vjp(lambda g, x, kernel, w: kernel.pull(squareform(g, checks=False), x, x, w))


# --- kernels whose rules are matrix products


def weighed(x: Any, w: Any) -> Any:
    """Return points with weights of their coordinates, which None leaves as they are."""
    return x if w is None else x * w


def middle(a: Any, b: Any) -> Any:
    """Return a point amid all points: from there products of coordinates cancel least."""
    return 0.5 * (np.mean(plain(a), axis=0) + np.mean(plain(b), axis=0))


def squares_push(t: Any, a: Any, b: Any, _: Any) -> Any:
    """2 t_i (a_i - b_j)."""
    c = middle(a, b)
    return 2.0 * (np.sum(t * (a - c), axis=1)[:, None] - t @ (b - c).T)


def squares_pull(g: Any, a: Any, b: Any, _: Any) -> Any:
    """The sum over j of 2 g_ij (a_i - b_j)."""
    c = middle(a, b)
    return 2.0 * (np.sum(g, axis=1)[:, None] * (a - c) - g @ (b - c))


#: |a_i - b_j|^2, of points that are weighed already
SQUARES: Final = Kernel(
    lambda a, b, _: distance.cdist(a, b, "sqeuclidean"),
    squares_push,
    squares_pull,
    lambda x, _: distance.pdist(x, "sqeuclidean"),
)
#: the products a_i b_j
PRODUCTS: Final = Kernel(
    lambda a, b, w: weighed(a, w) @ b.T,
    lambda t, a, b, w: t @ weighed(b, w).T,
    lambda g, a, b, w: g @ weighed(b, w),
)


# --- kernels that are sums over the coordinates, by the slope of a term in the first coordinate of the two


def blocks(a: Any, b: Any) -> Iterator[slice]:
    """Yield slices of the first set with which the pairs are few."""
    rows = max(1, TOGETHER // max(len(b), 1))
    for start in range(0, len(a), rows):
        yield slice(start, start + rows)


def no_context(a: Any, b: Any, w: Any) -> tuple[Any, ...]:
    """Return nothing: a slope of two coordinates alone."""
    return ()


@frozen(eq=False)
class Terms:
    """What a sum over the coordinates is made of."""

    #: of two coordinates and the context, the slope of their term in the first one
    slope: Callable[..., Any]
    #: of two sets and weights, constants for each pair
    context: Callable[[Any, Any, Any], tuple[Any, ...]] = no_context


def _slopes_push(t: Any, a: Any, b: Any, w: Any, terms: Terms) -> Any:
    out = np.zeros((len(a), len(b)))
    columns = np.ascontiguousarray(b.T)
    for rows in blocks(a, b):
        known = terms.context(a[rows], b, w)
        for k, column in enumerate(columns):
            out[rows] += t[rows, k, None] * terms.slope(a[rows, k, None], column, *known)
    return out


def _slopes_pull(g: Any, a: Any, b: Any, w: Any, terms: Terms) -> Any:
    out, g = np.empty(a.shape), np.ascontiguousarray(g)
    columns = np.ascontiguousarray(b.T)
    for rows in blocks(a, b):
        known = terms.context(a[rows], b, w)
        for k, column in enumerate(columns):
            out[rows, k] = np.vecdot(g[rows], terms.slope(a[rows, k, None], column, *known))
    return out


def _constant(fn: Callable[..., Any], name: str) -> PrimitiveFunction[..., Any]:
    primitive = PrimitiveFunction(fn, name=f"scipy.spatial.distance.cdist ({name})")
    primitive.def_constant()
    return primitive


#: the sums of the rules for plain numbers, and the context
slopes_push, slopes_pull = _constant(_slopes_push, "tangents"), _constant(_slopes_pull, "cotangents")
context_of = _constant(lambda a, b, w, terms: terms.context(a, b, w), "context")


def summed(terms: Terms, of_two: Callable[..., Any], **more: Callable[[Any, Any], Any]) -> Kernel:
    """Return the kernel `of_two`, a weighted sum over the coordinates; `of_one` may be given beside it."""

    def all_slopes(a: Any, b: Any, w: Any) -> Any:
        known = [c[..., None] for c in context_of(a, b, w, terms)]
        return terms.slope(a[:, None], b[None], *known)

    def push(t: Any, a: Any, b: Any, w: Any) -> Any:
        t = weighed(t, w)
        if is_plain([t, a, b]):
            return slopes_push(t, a, b, w, terms)
        return np.sum(t[:, None] * all_slopes(a, b, w), axis=-1)

    def pull(g: Any, a: Any, b: Any, w: Any) -> Any:
        if is_plain([g, a, b]):
            return weighed(slopes_pull(g, a, b, w, terms), w)
        return weighed(np.sum(g[..., None] * all_slopes(a, b, w), axis=1), w)

    return Kernel(of_two, push, pull, **more)


def canberra_slope(u: Any, v: Any) -> Any:
    """The slope of |u - v| / (|u| + |v|), in which 0 / 0 is 0."""
    size, gap = np.abs(u) + np.abs(v), u - v
    none = np.equal(size, 0)
    size = np.where(none, 1.0, size) if anywhere(none) else size
    return (np.sign(gap) - np.abs(gap) / size * np.sign(u)) / size


def chebyshev_slope(u: Any, v: Any, most: Any, share: Any) -> Any:
    """The slope of |u - v| where it is the largest, shared among those that are equal to it."""
    gap = plain(u - v)  # over the largest one it is a sign, which is constant
    return gap * (share * np.equal(np.abs(gap), most))


def largest(a: Any, b: Any, w: Any) -> tuple[Any, Any]:
    """Return the largest |u - v| of each pair, and 1 over the sum of those that are equal to it."""
    found, total = _cdist(a, b, "chebyshev", w), np.zeros((len(a), len(b)))
    for k in range(a.shape[1]):
        if w is None or w[k]:
            total += np.equal(np.abs(a[:, k, None] - b[:, k]), found)
    total *= found
    return found, 1.0 / np.where(total > 0, total, 1.0)


def _cdist(a: Any, b: Any, metric: str, w: Any) -> Any:
    return distance.cdist(a, b, metric, **({} if w is None else {"w": w}))


def _of_metric(metric: str, terms: Terms) -> Kernel:
    return summed(
        terms,
        lambda a, b, w: _cdist(a, b, metric, w),
        of_one=lambda x, w: distance.pdist(x, metric, **({} if w is None else {"w": w})),
    )


CITYBLOCK: Final = _of_metric("cityblock", Terms(lambda u, v: np.sign(u - v)))
CANBERRA: Final = _of_metric("canberra", Terms(canberra_slope))
#: its weights are 0 or 1
CHEBYSHEV: Final = _of_metric("chebyshev", Terms(chebyshev_slope, largest))
#: the sums of |u + v|
SUMS: Final = summed(Terms(lambda u, v: np.sign(u + v)), lambda a, b, w: _cdist(a, -b, "cityblock", w))
