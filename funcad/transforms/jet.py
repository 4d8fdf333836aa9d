"""`jet` and `derivative`: derivatives of any order along a path, in one pass of Taylor series."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar, TypeVarTuple, cast

import numpy as np

from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.general import zeros_like
from funcad.core.tree import LEAF
from funcad.errors import ArgumentError, InputTypeError, MismatchError
from funcad.transforms.leaves import Parts, call, finish, inputs, like_parts
from funcad.transforms.select import Argnum, Argnums, Selection
from funcad.transforms.series import JetTrace, Series
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")
Ts = TypeVarTuple("Ts")
R = TypeVar("R")


def jet(f: Callable[[*Ts], R], primals: tuple[*Ts], series: tuple[Sequence[Any], ...]) -> tuple[R, list[R]]:
    """Return the value of a function and its derivatives along a path (Taylor mode).

    For a path x(t) with x(0) = x, these are the derivatives of f(x(t)) by t at t = 0. The cost
    grows as the square of their number.

    Args:
        f: a function of arrays or containers of them, giving arrays or containers.
        primals: the arguments x, a tuple.
        series: for each argument the sequence of its derivatives (x', x'', ...) along the path,
            each of the structure, shapes and dtypes of the argument; all of one length n. The
            series (v, 0 * v, ...) is a straight line.

    Returns:
        The value f(*primals), and the list of its n derivatives, each of the structure of the value.

    Raises:
        InputTypeError: an argument is an integer or a boolean.
        MismatchError: primals and series differ in structure, shape, dtype or length.
        ArgumentError: n is too large for the dtype.

    Source: A. Griewank and A. Walther, Evaluating Derivatives (2008), chapter 13.

    >>> import numpy as np
    >>> value, series = jet(np.exp, (0.0,), ((1.0, 0.0, 0.0),))
    >>> float(value), [float(d) for d in series]
    (1.0, [1.0, 1.0, 1.0])
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(series, (tuple, list)):
        raise MismatchError(
            "jet takes the arguments and their series as tuples: jet(f, (x,), ((x1, x2),)) "
            f"(got {type(primals).__name__} and {type(series).__name__})"
        )
    if len(primals) != len(series):
        raise MismatchError(f"jet got {len(primals)} primals and {len(series)} series")
    trees = cast(tuple[Any, ...], primals)
    parts = [inputs(x, k) for k, x in enumerate(trees)]
    paths = [
        _path(part, x, terms, k) for k, (part, x, terms) in enumerate(zip(parts, trees, series, strict=True))
    ]
    orders = [len(terms) for terms in series]
    if len(set(orders)) > 1:
        raise MismatchError(
            f"the series of all arguments must have one length (got {', '.join(map(str, orders))}); "
            "pass zeros for the derivatives that vanish"
        )
    return cast(tuple[R, list[R]], expand(f, parts, paths, orders[0] if orders else 0))


def _path(parts: Parts, tree: Any, terms: Any, k: int) -> list[list[Any]]:
    """Return for each number of an argument its derivatives along the path, checked."""
    if not isinstance(terms, (tuple, list)):
        raise MismatchError(
            f"the series of argument {k} is a tuple or a list of its derivatives (x', x'', ...); for "
            f"a single one write (x1,) (got a {type(terms).__name__})"
        )
    checked = [like_parts(parts, tree, t, f"argument {k}", "term") for t in terms]
    return [list(column) for column in zip(*checked, strict=True)] or [[] for _ in parts.numbers]


def expand(
    f: Callable[..., Any], parts: list[Parts], paths: list[list[list[Any]]], order: int
) -> tuple[Any, list[Any]]:
    """Run a function on series, and return its value and its derivatives; None is a zero one."""
    _check_order(order, [x for part in parts for x in part.numbers])
    trace = JetTrace(order)
    args = [
        part.rebuild([
            trace.lifted(x, [_over_factorial(t, k) for k, t in enumerate(ts, 1)])
            for x, ts in zip(part.numbers, path, strict=True)
        ])
        for part, path in zip(parts, paths, strict=True)
    ]  # fmt: skip
    try:
        out = Parts(call(f, args, {}))
    finally:
        trace.end()
    taken = {id(t): t for path in paths for ts in path for t in ts if t is not None}
    values: list[Any] = []
    columns: list[list[Any]] = []
    for leaf in out.numbers:
        if type(leaf) is Series and leaf.run is trace:
            values.append(leaf.value)
            columns.append([
                finish(_times_factorial(c, k), leaf.value, taken) for k, c in enumerate(leaf.terms, 1)
            ])  # fmt: skip
        else:
            values.append(leaf)
            columns.append([zeros_like(leaf) for _ in range(order)])
    return out.rebuild(values), [out.rebuild([c[k] for c in columns]) for k in range(order)]


def _check_order(order: int, numbers: list[Any]) -> None:
    """Refuse an order whose factorial leaves the range of a dtype: the coefficients would vanish."""
    for x in numbers:
        info = np.finfo(own_dtype(x) or float)
        if math.factorial(order) > 1 / float(info.tiny):
            raise ArgumentError(
                f"derivatives of order {order} are too many for {info.dtype}, in which 1 / {order}! is no "
                "normal number; the largest order is 170 in double precision, 33 in single, 7 in half"
            )


def _over_factorial(t: Any, k: int) -> Any:
    """Return a derivative of order k as a coefficient."""
    return t if t is None or k == 1 else t / float(math.factorial(k))


def _times_factorial(c: Any, k: int) -> Any:
    """Return a coefficient as the derivative of order k."""
    return c if c is None or k == 1 else c * float(math.factorial(k))


class Derivative(Transformed[P, Any]):
    """The n-th derivative of a function of one number."""

    def __init__(self, f: Callable[P, Any], n: int, argnums: Argnums) -> None:
        super().__init__(f, argnums)
        if not isinstance(n, int) or isinstance(n, bool) or n < 0:
            raise ArgumentError(f"the order n of derivative(f, n) is a whole number from 0 on (got {n!r})")
        if isinstance(argnums, tuple):
            raise ArgumentError(
                f"derivative is taken by one argument, so argnums is one position or name (got {argnums!r})"
            )
        self._n = n

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        n = self._n
        if n == 0:
            return self._f(*args, **kwargs)
        selection = Selection(self._f, self._argnums, args, kwargs)
        part = selection.parts[0]
        self._check(selection)
        path = [zeros_like(part.numbers[0]) + 1, *[None] * (n - 1)]
        return expand(selection, [part], [[path]], n)[1][-1]

    def _check(self, selection: Selection) -> None:
        """Refuse what is not one number: derivatives by the elements of an array are many."""
        part = selection.parts[0]
        name = f"argument {selection.keys[0]!r}"
        if part.structure is not LEAF:
            what = "a container"
        elif shape := shape_of(part.numbers[0]):
            what = f"an array of shape {shape}"
        else:
            return
        raise InputTypeError(
            f"derivative differentiates by one number, but {name} is {what}; use funcad.jet for derivatives "
            "along a direction (of ones for a function that acts element by element), and funcad.jacobian "
            "or funcad.hessian for those by every element"
        )


def derivative(f: Callable[P, Any], n: int = 1, argnums: Argnum = 0) -> Transformed[P, Any]:
    """Return the function that computes the n-th derivative by one number, by Taylor series.

    Args:
        f: a function of a real or complex number, giving arrays or containers of any shape. Of a
            complex number it should be holomorphic: the derivative is taken along the real axis.
        n: the order; for 0 the result is the value of f.
        argnums: the argument to differentiate, a position or a parameter name.

    Returns:
        A function with the signature of f, whose result has the structure of that of f.

    Raises:
        ArgumentError: n is not a whole number from 0 on, or too large; argnums does not fit.
        InputTypeError: the argument is an integer, an array or a container.

    >>> import numpy as np
    >>> derivative(lambda x: x ** 5, 3)(2.0)
    240.0
    >>> float(derivative(lambda x: np.exp(2 * x), 10)(0.0))
    1024.0
    """
    return Derivative(f, n, argnums)
