"""The methods of a distribution of whole numbers: SciPy's values, with the derivatives by the parameters.

The number k and its shift `loc` take no derivative: between whole numbers the probability is 0. Quantiles are
steps, which are constant in the probability and in the parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.general import is_plain
from funcad.core.primitive import Constant
from funcad.core.tracer import anywhere, plain
from funcad.core.valued import with_value
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.stats.entries import Entry
from funcad.rules.scipy.stats.flows import log_mass, mass
from funcad.rules.scipy.stats.methods import Body, Method, method, of_parameters

Derivative = Callable[..., Any]


def refuse(own: Constant, **given: Any) -> None:
    """Refuse a derivative by a number that is whole.

    Raises:
        UnsupportedArgumentError: an argument is traced.
    """
    for name, value in given.items():
        if not is_plain(value):
            raise UnsupportedArgumentError(
                f"{own.name} has no derivative with respect to {name!r}: the distribution is one of whole numbers; "
                "pass `funcad.stop_gradient(value)` there if the derivative through it is not wanted"
            )


def at_whole(entry: Entry, derivative: Derivative, steps: bool) -> Body:
    """Return the body of a method of k: a derivative on the support, 0 elsewhere.

    Args:
        entry: the distribution.
        derivative: a function of k, the shapes and SciPy's value.
        steps: whether the method is a sum of probabilities, which is constant between whole numbers and 1 from the end on.
    """

    def body(own: Constant, values: tuple[Any, ...]) -> Any:
        k, *shapes, loc = values
        counts = {n: s for n, s in zip(entry.shapes, shapes, strict=True) if n in entry.whole}
        refuse(own, k=k, loc=loc, **counts)
        value = own.apply(values, {})
        k = plain(k) - plain(loc)
        low, high = entry.ends(tuple(shapes))
        floor = np.floor(k)
        inside = (k >= low) & ((k < high) if steps else (k <= high) & np.equal(k, floor))
        if not anywhere(~inside):
            return with_value(derivative(floor, *shapes, value), value)
        # harmless arguments, which the other branch of a choice has derivatives of too
        k = np.where(inside, floor, np.where(np.isfinite(low), low, 0.0))
        result = derivative(k, *shapes, np.where(inside, value, 0.0))
        return with_value(np.where(inside, result, 0.0), value)

    return body


def quantile(own: Constant, values: tuple[Any, ...]) -> Any:
    """The body of ppf and isf: what SciPy gives without the shift, which has derivative 1."""
    *rest, loc = values
    return own.apply(tuple(rest), {}) + loc


def of_whole_numbers(entry: Entry) -> dict[str, Method]:
    """Register all methods of a distribution of whole numbers."""
    bodies = {
        "pmf": at_whole(entry, lambda k, *a: np.exp(entry.log(k, *a[:-1])), steps=False),
        "logpmf": at_whole(entry, lambda k, *a: entry.log(k, *a[:-1]), steps=False),
    }
    if any([m is not None for m in entry.motions]):
        bodies["cdf"] = at_whole(entry, mass(entry, "cdf", 1), steps=True)
        bodies["sf"] = at_whole(entry, mass(entry, "sf", -1), steps=True)
        for name, formula, sign in (("logcdf", entry.logcdf, 1), ("logsf", entry.logsf, -1)):
            run = log_mass(entry, name, sign) if formula is None else _without_value(formula)
            bodies[name] = at_whole(entry, run, steps=True)
    table = {name: method(entry, name, ("k",), body) for name, body in bodies.items()}
    table |= {name: method(entry, name, ("q",), quantile) for name in ("ppf", "isf")}
    for name, body in of_parameters(entry).items():
        table[name] = method(entry, name, (), body)
    return table


def _without_value(formula: Derivative) -> Derivative:
    return lambda k, *a: formula(k, *a[:-1])
