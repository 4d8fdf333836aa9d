"""The methods of a distribution with a density: SciPy's values, with the derivatives of its entry.

z is the standardised variable. Outside of the support results are constant. At its ends log f and f have the
derivative on the inner side; F has a kink where f is not 0 there: the mean of both sides, half of the inner one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from attrs import frozen

from funcad.core.assemble import as_operand
from funcad.core.broadcast import own_dtype
from funcad.core.function import PrimitiveFunction
from funcad.core.primitive import Composite, Constant, register
from funcad.core.tracer import anywhere, plain
from funcad.core.valued import with_value
from funcad.rules.batching.constants import elementwise
from funcad.rules.scipy.stats.entries import Entry, Formula
from funcad.rules.scipy.stats.flows import inner, log_density, log_mass, mass, quantile, ramp, standardised

Body = Callable[..., Any]
Method = PrimitiveFunction[Any, Any]
#: the types in which SciPy computes a quantile before it is a double
NARROW: Final = (np.float16, np.float32)


def bound(names: tuple[str, ...], fn: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Return the arguments of a call in order, with loc = 0 and scale = 1 where they are not given.

    Raises:
        TypeError: an argument is missing, or not known.
    """
    given = dict(zip(names, args, strict=False))
    defaults = {"loc": 0, "scale": 1}
    unknown = [k for k in kwargs if k not in names or k in given]
    if len(args) > len(names) or unknown:
        raise TypeError(f"{fn} takes {', '.join(names)} (given: {len(args)} and {', '.join(kwargs)})")
    given = {**defaults, **given, **kwargs}
    missing = [name for name in names if name not in given]
    if missing:
        raise TypeError(f"{fn} needs a value for {', '.join(missing)}")
    return tuple([as_operand(given[name]) for name in names])


def method(entry: Entry, name: str, first: tuple[str, ...], body: Body) -> Method:
    """Register a method: SciPy's own for plain arguments, its value and the derivative of the body for traced ones."""
    label = f"scipy.stats.{entry.name}.{name}"
    native = getattr(entry.own, name)
    f: Method = PrimitiveFunction(native, name=label)
    names = (*first, *entry.shapes, "loc") + (() if entry.discrete else ("scale",))
    own = Constant(label, native)
    own.batching = elementwise

    def run(*args: Any, **kwargs: Any) -> Any:
        return body(own, bound(names, label, args, kwargs))

    register(f, Composite(label, f, run))
    return f


def with_density(entry: Entry) -> dict[str, Method]:
    """Register all methods of a distribution with a density."""
    return {
        name: method(entry, name, first, body)
        for first, bodies in (
            (("x",), of_density(entry) | of_mass(entry)),
            (("q",), of_quantile(entry)),
            ((), of_parameters(entry)),
        )
        for name, body in bodies.items()
        if name not in entry.without
    }


@frozen
class Ends:
    """Where a variable is at an end of the support."""

    here: Any
    #: the traced distance from the end, which is 0
    gap: Any
    #: 1 at the lower end, -1 at the upper one
    side: Any

    def steep(self, slope: Any) -> Any:
        """Return 0 with a slope by the variable where it is at an end."""
        return ramp(self.gap, slope, self.here)


def at(entry: Entry, derivative: Body, edge: Body, special: Callable[[Any], Any], kink: bool = False) -> Body:
    """Return the body of a method of x: a derivative at z inside of the support, 0 outside.

    Args:
        entry: the distribution.
        derivative: a function of z, the shapes, the scale and SciPy's value.
        edge: the same at an end of the support that is special, of the ends and then of these.
        special: tells of a value at an end whether it is one where `derivative` does not hold.
        kink: whether there is a kink at the other ends.
    """

    def body(own: Constant, values: tuple[Any, ...]) -> Any:
        x, *shapes, loc, scale = values
        value = own.apply(values, {})
        z = standardised(x, loc, scale)
        broken = np.isnan(value)
        if anywhere(broken):  # the derivative of nan is nan
            z = z + np.where(broken, np.nan, 0.0)
            scale = np.where(broken, 1.0, scale)
        place = plain(z)
        low, high = entry.ends(tuple(shapes))
        if not anywhere(~((place > low) & (place < high))):
            return with_value(derivative(z, *shapes, scale, value), value)
        # a result is constant at infinity too, unless it is the logarithm of 0
        outside = np.isinf(place) & np.isfinite(value) | (place < low) | (place > high)
        here = (np.equal(place, low) | np.equal(place, high)) & np.isfinite(place)
        at_end = here & special(value)
        there = outside | at_end
        inside = np.where(there, inner(entry, tuple(shapes)), z) if anywhere(there) else z
        result = derivative(inside, *shapes, scale, value)
        if kink and anywhere(here):
            result = np.where(here, 0.5 * result, result)
        if anywhere(at_end):
            upper = np.equal(place, high)
            end = np.where(upper, *entry.traced_ends(tuple(shapes))[::-1])
            ends = Ends(
                at_end, np.where(at_end, z - np.where(at_end, end, 0.0), 0.0), np.where(upper, -1.0, 1.0)
            )
            with np.errstate(divide="ignore"):  # a density may be infinite there
                taken = edge(ends, np.where(at_end, z, inside), *shapes, scale, value)
            result = np.where(at_end, taken, result)
        return with_value(np.where(outside, 0.0, result) if anywhere(outside) else result, value)

    return body


def of_density(entry: Entry) -> dict[str, Body]:
    """The bodies of the methods that are formulas of the density."""
    density = entry.pdf
    scored = log_density(entry) if entry.score else None

    def logpdf(z: Any, *rest: Any) -> Any:
        if scored is not None:
            return scored(z, *rest)
        *shapes, scale, _ = rest
        return entry.log(z, *shapes) + -np.log(scale)  # so that a cotangent is summed as it is

    def pdf(z: Any, *rest: Any) -> Any:
        *shapes, scale, _ = rest
        return np.exp(entry.log(z, *shapes)) / scale

    def end(_: Ends, z: Any, *rest: Any) -> Any:
        *shapes, scale, _ = rest
        assert density is not None
        return density(z, *shapes) / scale

    return {
        # from an infinite value inwards
        "logpdf": at(entry, logpdf, lambda ends, *rest: ends.steep(-rest[-1] * ends.side), np.isinf),
        "pdf": at(entry, pdf, end, lambda _: density is not None),
    }


def of_mass(entry: Entry) -> dict[str, Body]:
    """The bodies of F, 1 - F and their logarithms."""
    density = entry.pdf

    def flowing(name: str, build: Any, sign: int) -> Body:
        run = build(entry, name, sign)
        return ending(lambda z, *rest: run(z, *rest[:-2], rest[-1]), sign)

    def closed(formula: Formula, sign: int) -> Body:
        return ending(lambda z, *rest: formula(z, *rest[:-2]), sign)

    def ending(derivative: Body, sign: int) -> Body:
        def edge(ends: Ends, z: Any, *rest: Any) -> Any:
            # the logarithm of 0 is infinitely steep; else the mean of the slopes on both sides
            half = 0.0 if density is None else 0.5 * plain(density(z, *rest[:-2]))
            return ends.steep(sign * np.where(np.equal(rest[-1], -np.inf), np.inf, half))

        def special(value: Any) -> Any:
            return np.equal(value, -np.inf) if density is None else True

        return at(entry, derivative, edge, special, kink=True)

    return {
        "cdf": flowing("cdf", mass, 1),
        "sf": flowing("sf", mass, -1),
        "logcdf": flowing("logcdf", log_mass, 1) if entry.logcdf is None else closed(entry.logcdf, 1),
        "logsf": flowing("logsf", log_mass, -1) if entry.logsf is None else closed(entry.logsf, -1),
    }


def of_quantile(entry: Entry) -> dict[str, Body]:
    """The bodies of the inverses of F and 1 - F."""

    def inverse(name: str, sign: int) -> Body:
        run = quantile(entry, name, sign)

        def body(own: Constant, values: tuple[Any, ...]) -> Any:
            p, *shapes, loc, scale = values
            # the quantile of the standardised variable, which SciPy moves and scales in this very way
            z = own.apply((p, *shapes), {})
            result = run(p, *shapes, z) * np.where(np.greater(plain(scale), 0), scale, np.nan) + loc
            # in single precision it rounds in between
            narrow = any([own_dtype(v) in NARROW for v in values])
            return with_value(result, own.apply(values, {})) if narrow else result

        return body

    return {"ppf": inverse("ppf", 1), "isf": inverse("isf", -1)}


def of_parameters(entry: Entry) -> dict[str, Body]:
    """The bodies of mean, var, std and entropy."""

    def body(formula: Body) -> Body:
        def run(own: Constant, values: tuple[Any, ...]) -> Any:
            value = own.apply(values, {})
            *shapes, loc, scale = (*values, 1) if entry.discrete else values
            result = formula(tuple(shapes), loc, scale)
            finite = np.isfinite(value)
            if anywhere(~finite):  # infinite, or not defined
                result = result * np.where(finite, 1.0, np.nan)
            return with_value(result, value)

        return run

    mean, var, entropy = entry.mean, entry.var, entry.entropy
    bodies = {}
    if mean is not None:
        bodies["mean"] = body(lambda shapes, loc, scale: loc + scale * mean(*shapes))
    if var is not None:
        bodies["var"] = body(lambda shapes, _, scale: scale * scale * var(*shapes))
        bodies["std"] = body(lambda shapes, _, scale: scale * np.sqrt(var(*shapes)))
    if entropy is not None:
        bodies["entropy"] = body(lambda shapes, _, scale: np.log(scale) + entropy(*shapes))
    return bodies
