"""`quad`, `quad_vec` and `fixed_quad`: derivatives in the limits and in all that the integrand leads to.

The derivative of the integral of f(x, p) from a(p) to b(p) is f(b, p) b' - f(a, p) a' and the integral of
df/dp (Leibniz), which SciPy computes as it does the integral itself, at the same tolerances.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from scipy import integrate, special

from funcad.core.assemble import as_operand
from funcad.core.broadcast import shape_of
from funcad.core.general import is_plain
from funcad.core.tracer import Tracer, plain
from funcad.errors import ArgumentError, BatchError, TakenApartWarning, UnsupportedArgumentError
from funcad.solvers.closed import Closed, solved, tracing
from funcad.solvers.formula import known_by
from funcad.transforms.jvp import jvp
from funcad.transforms.stop_gradient import stop_gradient
from funcad.transforms.vjp import vjp
from funcad.transforms.vmap import vmap

#: integrates a plain function between plain limits: the integral, an error estimate, and what else it tells
Integrator = Callable[[Callable[[float], Any], Any, Any], tuple[Any, ...]]


def integral(
    name: str, own: Integrator, further: Integrator, func: Any, a: Any, b: Any, points: Any = ()
) -> tuple[Any, Any, list[tuple[Any, ...]]]:
    """Return the integral of a function that may lead to traced values, its error, and what each run tells.

    Args:
        name: what messages call the integrator.
        own: integrates the function itself.
        further: integrates its derivatives, which may be arrays.
        func: the function of a float, with all that it closes over.
        a, b: the limits.
        points: where the function is wanted, as far as that is known.
    """
    closed = Closed(func)
    told: list[tuple[Any, ...]] = []
    #: by the bytes of the operands, where the function was evaluated: its derivatives are wanted there too
    taken: dict[Any, list[float]] = {}

    def value(p: Any, a: Any, b: Any) -> tuple[Any, Any]:
        (f,) = closed.called(p)
        noted = taken[known_by(name, p, a, b)] = []

        def at(x: Any) -> Any:
            noted.append(x)
            return f(x)

        result, error, *rest = own(fetched(f, points, noted) if len(points) else at, a, b)
        told.append(tuple(rest))
        return result, error

    def at(x: Any, p: Any) -> Any:
        return as_operand(closed.filled(p)[0](x)) * 1.0

    def end(x: Any, p: Any) -> Any:
        # what has an integral up to infinity, and a limit there, has the limit zero
        infinite = np.isinf(plain(x))
        if isinstance(infinite, Tracer):
            chosen: Any = infinite
            return np.where(chosen, 0.0, at(np.where(chosen, 0.0, x), p))
        return at(0.0, p) * 0.0 if infinite else at(x, p)

    def again(f: Any, p: Any, a: Any, b: Any) -> Any:
        try:
            points: Any = taken.get(known_by(name, p, a, b), ())
        except BatchError:
            points = ()  # the examples of a batch have points of their own
        return integral(name, further, further, f, a, b, points)[0]

    def along(t: Any, p: Any, a: Any, b: Any) -> Any:
        return again(lambda x: jvp(lambda p: at(x, p), (p,), (t,))[1], p, a, b), None

    def back(gs: Any, p: Any, a: Any, b: Any) -> Any:
        g = gs[0]
        if shape_of(g) != ():
            return again(lambda x: _gradient(lambda p: np.sum(at(x, p) * g), p), p, a, b)
        return g * again(lambda x: _gradient(lambda p: at(x, p), p), p, a, b)

    result, error = solved(
        name,
        value,
        (closed.vector, a, b),
        [along, lambda t, p, a, _: (-end(a, p) * t, None), lambda t, p, _, b: (end(b, p) * t, None)],
        [back, lambda g, p, a, _: -np.sum(g[0] * end(a, p)), lambda g, p, _, b: np.sum(g[0] * end(b, p))],
    )
    closed.settle()
    return result, stop_gradient(error), told


def fetched(f: Any, points: Sequence[float], noted: list[float]) -> Callable[[float], Any]:
    """Return a function that knows its values at some points, computed as one batch where it takes one."""
    places = np.unique(points)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", TakenApartWarning)
            known = dict(zip(places.tolist(), vmap(f)(places), strict=True))
    except Exception:
        known = {}  # it branches, or takes numbers only; other errors are raised at the points themselves

    def at(x: float) -> Any:
        noted.append(x)
        return known[x] if x in known else f(x)

    return at


def _gradient(f: Any, p: Any) -> Any:
    """Return the gradient of a number, which may be of any type."""
    value, pull = vjp(f, p)
    return pull(value * 0.0 + 1.0)[0]


def componentwise(f: Any, a: Any, b: Any, **options: Any) -> tuple[Any, Any]:
    """Integrate a number or an array by `scipy.integrate.quad`, each element at its own tolerance."""
    known: dict[float, Any] = {}

    def once(x: float) -> Any:
        # the points that quad takes first are the same for all elements
        if x not in known:
            known[x] = f(x)
        return known[x]

    shape = np.shape(once(_inside(a, b)))
    if shape == ():
        return integrate.quad(once, a, b, **options)[:2]  # type: ignore[no-any-return]
    found = [
        integrate.quad(lambda x, k=k: np.ravel(once(x))[k], a, b, **options)[:2]
        for k in range(math.prod(shape))
    ]
    results, errors = np.array(found).T
    return np.reshape(results, shape), np.reshape(errors, shape)


def _inside(a: float, b: float) -> float:
    """Return the first point that quad takes: it shows the shape of the integrand."""
    if np.isinf(a) and np.isinf(b):
        return 1.0
    if np.isinf(b) or np.isinf(a):
        return a + 1.0 if np.isinf(b) else b - 1.0
    return 0.5 * (a + b)


def quad(
    func: Callable[..., Any],
    a: Any,
    b: Any,
    args: Any = (),
    full_output: Any = 0,
    *positional: Any,
    **options: Any,
) -> tuple[Any, ...]:
    """Integrate a function of one variable: `scipy.integrate.quad`, with derivatives.

    Args:
        func: the integrand, a function of a float and of `args`; it may close over traced values.
        a, b: the limits, which may be traced or infinite.
        args: further arguments of the integrand, which may be traced.
        full_output: as for SciPy.
        positional, options: the others of SciPy; none of them takes a derivative.

    Returns:
        The integral and an estimate of its absolute error, with SciPy's further results where asked for.

    Raises:
        UnsupportedArgumentError: an option is traced, a traced limit meets a weight function, or there is
            complex_func, or full_output under vmap.
        RuleError: the integrand reaches a traced value by a global variable or an attribute.

    >>> import numpy as np
    >>> import funcad as fc
    >>> fc.grad(lambda c: quad(lambda x: np.exp(-c * x), 0, np.inf)[0])(2.0).round(9)
    np.float64(-0.25)
    """
    options |= dict(zip(_QUAD, positional, strict=False))
    args = args if isinstance(args, tuple) else (args,)
    if not leads_to_traced(func, a, b, args, options):
        return integrate.quad(func, a, b, args, full_output, **options)  # type: ignore[no-any-return]
    name = "scipy.integrate.quad"
    check_options(name, options)
    if options.get("complex_func"):
        raise UnsupportedArgumentError(
            f"{name} has no derivative rule for complex_func=True; integrate the real and the imaginary part"
        )
    if options.get("weight") is not None and not (is_plain(a) and is_plain(b)):
        raise UnsupportedArgumentError(
            f"{name} has no derivative with respect to a limit under weight={options['weight']!r}; multiply "
            "the integrand by the weight, or pass `funcad.stop_gradient(limit)`"
        )
    result, error, told = integral(
        name,
        lambda f, a, b: integrate.quad(f, a, b, (), full_output, **options),
        lambda f, a, b: componentwise(f, a, b, **options),
        functools.partial(_called, func, args),
        a,
        b,
    )
    return (result, error, *rest_of(name, told))


def quad_vec(f: Callable[..., Any], a: Any, b: Any, *positional: Any, **options: Any) -> tuple[Any, ...]:
    """Integrate a function of one variable that gives arrays: `scipy.integrate.quad_vec`, with derivatives.

    Args:
        f: the integrand, as for `quad`.
        a, b: the limits, which may be traced or infinite.
        positional, options: the others of SciPy; `args` may be traced.

    Returns:
        The integral and an estimate of its error, with SciPy's further results where asked for.

    Raises:
        UnsupportedArgumentError: an option is traced, there are several workers, or full_output under vmap.
        RuleError: the integrand reaches a traced value by a global variable or an attribute.

    >>> import numpy as np
    >>> import funcad as fc
    >>> fc.jacobian(lambda b: quad_vec(lambda x: np.array([1.0, x]), 0, b)[0])(3.0).round(9)
    array([1., 3.])
    """
    options |= dict(zip(_VEC, positional, strict=False))
    args = options.pop("args", ())
    args = args if isinstance(args, tuple) else (args,)
    if not leads_to_traced(f, a, b, args, options):
        return integrate.quad_vec(f, a, b, args=args, **options)  # type: ignore[no-any-return]
    name = "scipy.integrate.quad_vec"
    check_options(name, options)
    if options.get("workers", 1) != 1:
        raise UnsupportedArgumentError(
            f"{name} has no derivative rule for several workers; leave workers out"
        )
    without = {k: v for k, v in options.items() if k != "full_output"}
    result, error, told = integral(
        name,
        lambda f, a, b: integrate.quad_vec(f, a, b, **options),
        lambda f, a, b: integrate.quad_vec(f, a, b, **without),
        functools.partial(_called, f, args),
        a,
        b,
    )
    return (result, error, *rest_of(name, told))


def fixed_quad(
    func: Callable[..., Any], a: Any, b: Any, args: tuple[Any, ...] = (), n: int = 5
) -> tuple[Any, None]:
    """Integrate by Gauss-Legendre quadrature of order n: `scipy.integrate.fixed_quad`, with derivatives.

    Args:
        func: a function of an array of points; it may close over traced values.
        a, b: the finite limits, which may be traced.
        args: further arguments of the integrand, which may be traced.
        n: the order.

    Returns:
        The integral, and None, as SciPy does.

    >>> import funcad as fc
    >>> fc.grad(lambda b: fixed_quad(lambda x: x**2, 0.0, b)[0])(3.0).round(9)
    np.float64(9.0)
    """
    if not leads_to_traced(func, a, b, args):
        return integrate.fixed_quad(func, a, b, args, n)  # type: ignore[no-any-return]
    if np.isinf(a) or np.isinf(b):
        raise ArgumentError("scipy.integrate.fixed_quad takes finite limits; write quad for infinite ones")
    x, w = special.roots_legendre(n)
    y = (b - a) * (np.real(x) + 1) / 2.0 + a
    return (b - a) / 2.0 * np.sum(w * func(y, *args), axis=-1), None


#: SciPy's further arguments, in its order
_QUAD: Final = (
    *("epsabs", "epsrel", "limit", "points", "weight", "wvar", "wopts", "maxp1", "limlst", "complex_func"),
)
_VEC: Final = (
    *("epsabs", "epsrel", "norm", "cache_size", "limit", "workers", "points", "quadrature", "full_output"),
)


def _called(func: Any, args: tuple[Any, ...], x: Any) -> Any:
    """Call an integrand with its further arguments."""
    return func(x, *args)


def leads_to_traced(*values: Any) -> bool:
    """Tell whether functions or values lead to a traced value."""
    return tracing() and bool(Closed(*values))


def check_options(name: str, options: dict[str, Any]) -> None:
    """Refuse options with a derivative."""
    for key, v in options.items():
        if not is_plain(v):
            raise UnsupportedArgumentError(
                f"{name} has no derivative with respect to its argument {key!r}; pass "
                "`funcad.stop_gradient(value)` there if the derivative through it is not wanted"
            )


def rest_of(name: str, told: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return what a run has told beside its results.

    Raises:
        UnsupportedArgumentError: there were several runs, of the examples of a batch.
    """
    if len(told) > 1 and any(told):
        raise UnsupportedArgumentError(f"{name} under vmap has no rule for full_output; leave it out")
    return told[0]
