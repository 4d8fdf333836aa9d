"""`nquad`, `dblquad` and `tplquad`: SciPy's value, and the derivative of integrals within integrals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy import integrate

from funcad.solvers.closed import Closed
from funcad.solvers.formula import by_formula
from funcad.solvers.quadrature import leads_to_traced, quad, rest_of
from funcad.transforms.stop_gradient import stop_gradient


def nquad(
    func: Callable[..., Any], ranges: Any, args: Any = None, opts: Any = None, full_output: bool = False
) -> tuple[Any, ...]:
    """Integrate a function of several variables: `scipy.integrate.nquad`, with derivatives.

    Args:
        func: the integrand, as for SciPy; it may close over traced values.
        ranges: the limits of each variable, or functions of the outer ones, which may lead to traced values.
        args: further arguments of the integrand, which may be traced.
        opts, full_output: as for SciPy.

    Returns:
        The integral, the largest error estimate, and SciPy's count of evaluations where asked for.

    Raises:
        UnsupportedArgumentError: an option of `quad` is traced, or full_output under vmap.
        RuleError: a function reaches a traced value by a global variable or an attribute.

    >>> import funcad as fc
    >>> fc.grad(lambda c: nquad(lambda x, y: c * x * y, [[0, 1], [0, 2]])[0])(5.0).round(9)
    np.float64(1.0)
    """
    if not leads_to_traced(func, ranges, args, opts):
        return integrate.nquad(func, ranges, args, opts, full_output)  # type: ignore[no-any-return]
    closed = Closed(func, list(ranges), tuple(args or ()), opts)
    told: list[tuple[Any, ...]] = []

    def value(p: Any) -> tuple[Any, Any]:
        func, ranges, args, opts = closed.called(p)
        result, error, *rest = integrate.nquad(func, ranges, args, opts, full_output)
        told.append(tuple(rest))
        return result, error

    def formula(p: Any) -> tuple[Any, Any]:
        func, ranges, args, opts = closed.filled(p)
        options = (
            [{}] * len(ranges) if opts is None else [opts] * len(ranges) if isinstance(opts, dict) else opts
        )
        return _level(len(ranges) - 1, func, ranges, options, args), 0.0

    result, error = by_formula("scipy.integrate.nquad", value, formula, (closed.vector,))
    closed.settle()
    return (result, stop_gradient(error), *rest_of("scipy.integrate.nquad", told))


def _level(k: int, func: Any, ranges: Any, options: Any, outer: tuple[Any, ...]) -> Any:
    """Return the integral over the variables 0 to k, for values of the outer ones and further arguments."""
    low, high = ranges[k](*outer) if callable(ranges[k]) else ranges[k]
    option = dict(options[k](*outer) if callable(options[k]) else options[k])
    if "points" in option:
        option["points"] = [x for x in option["points"] if low <= x <= high]

    def inner(x: Any, *outer: Any) -> Any:
        return _level(k - 1, func, ranges, options, (x, *outer))

    return quad(inner if k else func, low, high, args=outer, **option)[0]


def dblquad(
    func: Callable[..., Any],
    a: Any,
    b: Any,
    gfun: Any,
    hfun: Any,
    args: Any = (),
    epsabs: float = 1.49e-8,
    epsrel: float = 1.49e-8,
) -> tuple[Any, ...]:
    """Integrate func(y, x) over y from gfun(x) to hfun(x) and x from a to b: `scipy.integrate.dblquad`.

    Args, Returns and Raises are those of `nquad`; limits and functions may be or lead to traced values.

    >>> import funcad as fc
    >>> fc.grad(lambda r: dblquad(lambda y, x: x * y, 0, r, 0, lambda x: x)[0])(2.0).round(9)
    np.float64(4.0)
    """

    def over_y(*outer: Any) -> list[Any]:
        return [_at(gfun, outer[0]), _at(hfun, outer[0])]

    return nquad(func, [over_y, [a, b]], args, {"epsabs": epsabs, "epsrel": epsrel})


def tplquad(
    func: Callable[..., Any],
    a: Any,
    b: Any,
    gfun: Any,
    hfun: Any,
    qfun: Any,
    rfun: Any,
    args: Any = (),
    epsabs: float = 1.49e-8,
    epsrel: float = 1.49e-8,
) -> tuple[Any, ...]:
    """Integrate func(z, y, x) over z, y and x: `scipy.integrate.tplquad`.

    Args, Returns and Raises are those of `nquad`; limits and functions may be or lead to traced values.

    >>> import funcad as fc
    >>> fc.grad(lambda r: tplquad(lambda z, y, x: 6.0, 0, r, 0, 1, 0, lambda x, y: y)[0])(2.0).round(9)
    np.float64(3.0)
    """

    def over_z(*outer: Any) -> list[Any]:
        return [_at(qfun, outer[1], outer[0]), _at(rfun, outer[1], outer[0])]

    def over_y(*outer: Any) -> list[Any]:
        return [_at(gfun, outer[0]), _at(hfun, outer[0])]

    return nquad(func, [over_z, over_y, [a, b]], args, {"epsabs": epsabs, "epsrel": epsrel})


def _at(limit: Any, *outer: Any) -> Any:
    """Return a limit, which may be a function of the outer variables."""
    return limit(*outer) if callable(limit) else limit
