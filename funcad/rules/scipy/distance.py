"""`scipy.spatial.distance`: each metric is one formula along the last axis, for two vectors and for all pairs.

SciPy's compiled code gives the value, the formula the derivative. Points that are equal are at distance 0, where
the derivative is the mean over all directions, 0 (docs/maths.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.spatial
from scipy.spatial import distance

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.tracer import Tracer, anywhere
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.distance_pairs import (
    CANBERRA,
    CHEBYSHEV,
    CITYBLOCK,
    PRODUCTS,
    SQUARES,
    SUMS,
    among,
    between,
    upper,
    weighed,
)

Metric = Callable[..., Any]


def norm(x: Any) -> Any:
    """Return the root of the sum of squares along the last axis; at 0 its derivative is 0."""
    return np.linalg.norm(x, axis=-1)


def euclidean(u: Any, v: Any, w: Any = None) -> Any:
    """|u - v|."""
    return norm(u - v) if w is None else norm((u - v) * np.sqrt(w))


def sqeuclidean(u: Any, v: Any, w: Any = None) -> Any:
    """|u - v|^2."""
    d = u - v
    return np.sum(weighed(d * d, w), axis=-1)


def cityblock(u: Any, v: Any, w: Any = None) -> Any:
    """The sum of |u - v|."""
    return np.sum(weighed(np.abs(u - v), w), axis=-1)


def chebyshev(u: Any, v: Any, w: Any = None) -> Any:
    """The largest |u - v| of those with a weight."""
    return np.max(weighed(np.abs(u - v), None if w is None else np.greater(w, 0)), axis=-1)


def minkowski(u: Any, v: Any, p: Any = 2, w: Any = None) -> Any:
    """(sum w |u - v|^p)^(1/p), of whose two equal points nothing moves the distance."""
    if not isinstance(p, Tracer) and not isinstance(w, Tracer):
        root = 1 if w is None else np.not_equal(w, 0) if p == np.inf else np.power(w, 1 / p)
        return np.linalg.norm(root * (u - v), ord=p, axis=-1)
    if not isinstance(p, Tracer) and p == np.inf:
        return chebyshev(u, v, w)
    total = np.sum(weighed(np.abs(u - v) ** p, w), axis=-1)
    apart = np.not_equal(total, 0)
    return np.where(apart, np.where(apart, total, 1.0) ** (1.0 / p), 0.0)


def cosine(u: Any, v: Any, w: Any = None) -> Any:
    """1 - u.v / (|u| |v|)."""
    products = [np.sum(weighed(a * b, w), axis=-1) for a, b in ((u, v), (u, u), (v, v))]
    return 1.0 - products[0] / np.sqrt(products[1] * products[2])


def correlation(u: Any, v: Any, w: Any = None, centered: bool = True) -> Any:
    """The cosine distance of what is left when the means are taken away."""
    if not centered:
        return cosine(u, v, w)
    weights = None if w is None else w / np.sum(w)
    u, v = (
        a - (np.mean(a, axis=-1, keepdims=True) if w is None else np.sum(a * weights, axis=-1, keepdims=True))
        for a in (u, v)
    )
    return cosine(u, v, weights)


def canberra(u: Any, v: Any, w: Any = None) -> Any:
    """The sum of |u - v| / (|u| + |v|), in which 0 / 0 is 0."""
    size = np.abs(u) + np.abs(v)
    none = np.equal(size, 0)
    terms = np.abs(u - v) / (np.where(none, 1.0, size) if anywhere(none) else size)
    return np.sum(weighed(terms, w), axis=-1)


def braycurtis(u: Any, v: Any, w: Any = None) -> Any:
    """sum |u - v| / sum |u + v|."""
    parts = [np.sum(weighed(np.abs(x), w), axis=-1) for x in (u - v, u + v)]
    return parts[0] / parts[1]


def mahalanobis(u: Any, v: Any, VI: Any) -> Any:
    """The root of (u - v) VI (u - v)."""
    d = u - v
    return root(np.sum((d @ VI) * d, axis=-1))


def seuclidean(u: Any, v: Any, V: Any) -> Any:
    """The root of sum (u - v)^2 / V."""
    return norm((u - v) / np.sqrt(V))


def jensenshannon(p: Any, q: Any, base: float | None = None, *, axis: int = 0, keepdims: bool = False) -> Any:
    """The root of the mean divergence of two distributions from their mean."""
    p, q = (x / np.sum(x, axis=axis, keepdims=True) for x in (p, q))
    m = (p + q) / 2.0
    parts = [np.sum(entropy(x, m), axis=axis, keepdims=keepdims) for x in (p, q)]
    total = parts[0] + parts[1]
    return root((total if base is None else total / np.log(base)) / 2.0)


def entropy(x: Any, y: Any) -> Any:
    """x log(x / y), and 0 where x is 0."""
    none = np.equal(x, 0)
    return np.where(none, 0.0, x * np.log(np.where(none, 1.0, x) / np.where(none, 1.0, y)))


def root(x: Any) -> Any:
    """The square root, with the derivative 0 at 0, where the two points are equal."""
    none = np.less_equal(x, 0)
    return np.where(none, 0.0, np.sqrt(np.where(none, 1.0, x))) if anywhere(none) else np.sqrt(x)


#: by SciPy's names, the formulas
METRICS: dict[str, Metric] = {
    f.__name__: f
    for f in (
        euclidean, sqeuclidean, cityblock, chebyshev, minkowski, cosine, correlation, canberra, braycurtis,
        mahalanobis, seuclidean,
    )
}  # fmt: skip
#: other names that SciPy takes for them
ALIASES = {
    "euclid": "euclidean", "eu": "euclidean", "e": "euclidean", "sqe": "sqeuclidean",
    "sqeuclid": "sqeuclidean", "cityblock": "cityblock", "cblock": "cityblock", "cb": "cityblock",
    "c": "cityblock", "manhattan": "cityblock", "chebychev": "chebyshev", "cheby": "chebyshev",
    "cheb": "chebyshev", "ch": "chebyshev", "mi": "minkowski", "m": "minkowski", "pnorm": "minkowski",
    "cos": "cosine", "co": "correlation", "mahal": "mahalanobis", "mah": "mahalanobis", "se": "seuclidean",
    "s": "seuclidean", "js": "jensenshannon",
}  # fmt: skip
#: distances between sets and strings of truth values, which do not move with their elements
FLAT = ("hamming", "jaccard", "dice", "rogerstanimoto", "russellrao", "sokalsneath", "yule")


def metric_of(metric: Any, name: str) -> Metric:
    """Return the formula of a metric that is given by its name or as a function.

    Raises:
        UnsupportedArgumentError: no formula is known.
    """
    if callable(metric):
        metric = getattr(metric, "__name__", metric)
    key = str(metric).lower()
    key = ALIASES.get(key, key)
    if key == "jensenshannon":
        return lambda u, v: jensenshannon(u, v, axis=-1)
    if key not in METRICS:
        raise UnsupportedArgumentError(
            f"scipy.spatial.distance.{name} has no derivative rule for the metric {metric!r}; it has for "
            f"{', '.join([*METRICS, 'jensenshannon'])}"
        )
    return METRICS[key]


def settled(metric: Metric, points: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of a metric, with those that SciPy makes of all points."""
    kwargs = {k: v if v is None else as_operand(v) for k, v in kwargs.items()}
    if metric is seuclidean and kwargs.get("V") is None:
        kwargs["V"] = np.var(points(), axis=0, ddof=1)
    if metric is mahalanobis and kwargs.get("VI") is None:
        kwargs["VI"] = np.linalg.inv(np.cov(points().T)).T
    return kwargs


def _twin(name: str) -> PrimitiveFunction[..., Any]:
    return twin(getattr(distance, name), f"scipy.spatial.distance.{name}")


cdist, pdist = _twin("cdist"), _twin("pdist")
distance_matrix = twin(scipy.spatial.distance_matrix)
minkowski_distance = twin(scipy.spatial.minkowski_distance)
minkowski_distance_p = twin(scipy.spatial.minkowski_distance_p)


# --- all pairs: a recipe gets a function of a kernel, of a change of the points, and of weights of their coordinates

Pairs = Callable[..., Any]
Recipe = Callable[..., Any]


def double(x: Any) -> Any:
    """Return points in double precision, in which SciPy computes."""
    x = as_operand(x)
    return x if own_dtype(x) == np.float64 else x.astype(np.float64)


def _same(x: Any) -> Any:
    return x


def squared(pairs: Pairs, w: Any = None) -> Any:
    """The squares of the distances."""
    return pairs(SQUARES, _same if w is None else lambda x: x * np.sqrt(w))


def turned(pairs: Pairs, w: Any = None) -> Any:
    """1 less the products of directions."""

    def direction(x: Any) -> Any:
        return x / np.sqrt(np.sum(weighed(x * x, w), axis=-1, keepdims=True))

    return 1.0 - pairs(PRODUCTS, direction, w)


def centred(pairs: Pairs, w: Any = None) -> Any:
    """The same of what is left when the means are taken away."""
    weights = None if w is None else w / np.sum(w)

    def rest(x: Any) -> Any:
        return x - np.expand_dims(np.mean(x, axis=-1) if weights is None else x @ weights, -1)

    return turned(lambda kernel, change, w: pairs(kernel, lambda x: change(rest(x)), w), weights)


#: how all distances follow from kernels
RECIPES: dict[Metric, Recipe] = {
    euclidean: lambda pairs, w=None: root(squared(pairs, w)),
    sqeuclidean: squared,
    seuclidean: lambda pairs, V: root(squared(pairs, 1 / V)),
    cityblock: lambda pairs, w=None: pairs(CITYBLOCK, w=w),
    canberra: lambda pairs, w=None: pairs(CANBERRA, w=w),
    chebyshev: lambda pairs, w=None: pairs(CHEBYSHEV, w=None if w is None else np.greater(w, 0) * 1.0),
    braycurtis: lambda pairs, w=None: pairs(CITYBLOCK, w=w) / pairs(SUMS, w=w),
    cosine: turned,
    correlation: centred,
}
#: by the exponent, what a distance of Minkowski is
ORDERS: dict[Any, Metric] = {1: cityblock, 2: euclidean, np.inf: chebyshev}


def recipe_of(formula: Metric, kwargs: dict[str, Any]) -> Recipe | None:
    """Return the recipe of a metric; None where its formula is to be taken, as where weights are traced."""
    if formula is minkowski:
        p = kwargs.get("p", 2)
        order = ORDERS.get(p) if isinstance(p, (int, float)) else None
        recipe = None if order is None else recipe_of(order, kwargs)
        return None if recipe is None else lambda pairs, p=2, w=None: recipe(pairs, w)
    fixed = formula is seuclidean or not isinstance(kwargs.get("w"), Tracer)
    return RECIPES.get(formula) if fixed and "centered" not in kwargs else None


def of_two(formula: Metric, a: Any, b: Any, kwargs: dict[str, Any]) -> Any:
    """Return the distances of all pairs from two sets."""
    recipe = recipe_of(formula, kwargs)
    if recipe is not None:
        return recipe(lambda kernel, change=_same, w=None: between(change(a), change(b), kernel, w), **kwargs)
    return formula(a[:, None], b[None], **kwargs)


@cdist.def_composite(own_value=True)
def _cdist(XA: Any, XB: Any, metric: Any = "euclidean", *, out: Any = None, **kwargs: Any) -> Any:
    _refuse_out(out, "cdist")
    a, b = double(XA), double(XB)
    formula = metric_of(metric, "cdist")
    kwargs = settled(formula, lambda: np.concatenate([a, b]), kwargs)
    return of_two(formula, a, b, kwargs)


@pdist.def_composite(own_value=True)
def _pdist(X: Any, metric: Any = "euclidean", *, out: Any = None, **kwargs: Any) -> Any:
    _refuse_out(out, "pdist")
    x = double(X)
    formula = metric_of(metric, "pdist")
    kwargs = settled(formula, lambda: x, kwargs)
    recipe = recipe_of(formula, kwargs)
    if recipe is not None:
        return recipe(lambda kernel, change=_same, w=None: among(change(x), kernel, w), **kwargs)
    i, j = upper(len(x))
    return formula(x[i], x[j], **kwargs)


def _refuse_out(out: Any, name: str) -> None:
    if out is not None:
        raise UnsupportedArgumentError(
            f"scipy.spatial.distance.{name} has no derivative rule for the argument out; leave it out and use "
            "the returned array"
        )


@distance_matrix.def_composite(own_value=True)
def _distance_matrix(x: Any, y: Any, p: Any = 2.0, threshold: int = 1000000) -> Any:
    return of_two(minkowski, as_operand(x), as_operand(y), {"p": p})


@minkowski_distance.def_composite(own_value=True)
def _minkowski_distance(x: Any, y: Any, p: Any = 2.0) -> Any:
    return minkowski(as_operand(x), as_operand(y), p)


@minkowski_distance_p.def_composite(own_value=True)
def _minkowski_distance_p(x: Any, y: Any, p: Any = 2.0) -> Any:
    d = np.abs(as_operand(x) - as_operand(y))
    return np.max(d, axis=-1) if p == np.inf else np.sum(d**p, axis=-1)


def _of_vectors(formula: Metric) -> PrimitiveFunction[..., Any]:
    fn = _twin(formula.__name__)

    @fn.def_composite(own_value=True)
    def body(*args: Any, **kwargs: Any) -> Any:
        u, v, *rest = (a if a is None else as_operand(a) for a in args)
        return formula(u, v, *rest, **{k: as_operand(a) if k in _ARRAYS else a for k, a in kwargs.items()})

    return fn


_ARRAYS = frozenset({"w", "V", "VI"})
VECTORS = {name: _of_vectors(formula) for name, formula in METRICS.items()}
VECTORS["jensenshannon"] = _of_vectors(jensenshannon)
for _name in FLAT:
    VECTORS[_name] = _twin(_name)
    VECTORS[_name].def_constant()
