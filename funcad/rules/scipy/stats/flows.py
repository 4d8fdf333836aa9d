"""The derivatives of the methods of one distribution: primitives whose value is given, with rules from its entry.

A flow gets its value with its arguments, since SciPy has computed it, and only its derivative is a formula. With
the density f and the motion m = dz / da at a fixed probability

    dF = f (dz - m da)    dlog F = f / F (dz - m da)    dz = dp / f + m da
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from funcad.core.assemble import contains_tracer
from funcad.core.several import several_primitive
from funcad.core.tracer import anywhere, plain
from funcad.rules.scipy.stats.entries import Entry, Formula

Flow = Callable[..., Any]


class Named:
    """A formula of any number of values, with the names that a rule asks for."""

    def __init__(self, formula: Formula, names: Sequence[str]) -> None:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])
        self.__wrapped__ = formula

    def __call__(self, *values: Any) -> Any:
        return self.__wrapped__(*values)


def rule(name: str, compute: Formula, partials: Sequence[Any], operands: Sequence[str]) -> Flow:
    """Return an elementwise function with partial derivatives, which is not an entry of the registry."""

    def run(*values: Any) -> Any:
        return p.apply(values, {}) if contains_tracer(values) else compute(*values)

    p = several_primitive(name, run, partials, (), operands)
    return run


#: the standardised variable: factors of the shape of loc and scale, so that cotangents are summed first
standardised: Final = rule(
    "a standardised variable",
    lambda x, loc, scale: (x - loc) / scale,
    (lambda scale: 1 / scale, lambda scale: -1 / scale, lambda ans, scale: ans * (-1 / scale)),
    ("x", "loc", "scale"),
)
#: a slope that is known at one point, so that it has no derivative
_known: Final = rule("a slope at an end", lambda gap, slope: slope, (np.nan, None), ("gap", "slope"))
#: 0 with a slope by the first argument, where a condition holds
ramp: Final = rule(
    "a slope at an end",
    lambda gap, slope, here: 0.0 * gap,
    (lambda gap, slope, here: np.where(here, _known(gap, slope), 0.0), None, None),
    ("gap", "slope", "here"),
)


def flow(name: str, entry: Entry, rate: Formula, motion: Callable[[Formula], Formula]) -> Flow:
    """Return a function of z, the shapes and a value that returns the value.

    Args:
        name: for messages.
        entry: the distribution.
        rate: the derivative by z, of the value, z and the shapes.
        motion: of a formula of `motions`, the derivative by its shape.
    """
    shapes = entry.shapes
    names = ("ans", "z", *shapes)
    partials: list[Named | None] = [Named(rate, names)]
    partials += [None if m is None else Named(motion(m), names) for m in entry.motions]

    label = f"scipy.stats.{entry.name}.{name}"
    return rule(label, lambda *operands: operands[-1], [*partials, None], ("z", *shapes, "value"))


def log_density(entry: Entry) -> Flow:
    """The flow of log f - log(scale), of z, the shapes, the scale and the value, by the score of the entry."""
    partials = (*entry.score, lambda scale: -1 / scale, None)
    label = f"scipy.stats.{entry.name}.logpdf"
    return rule(label, lambda *operands: operands[-1], partials, ("z", *entry.shapes, "scale", "value"))


def mass(entry: Entry, name: str, sign: int) -> Flow:
    """The flow of F, or of 1 - F for the sign -1."""

    def rate(_: Any, z: Any, *shapes: Any) -> Any:
        return sign * np.exp(entry.log(z, *shapes))

    return flow(name, entry, rate, lambda m: lambda _, z, *a: -m(z, *a) * rate(_, z, *a))


def log_mass(entry: Entry, name: str, sign: int) -> Flow:
    """The flow of log F, or of log(1 - F) for the sign -1."""
    under = entry.below if sign > 0 else entry.above

    def rate(ans: Any, z: Any, *shapes: Any) -> Any:
        lost = np.equal(plain(ans), -np.inf)
        if entry.slope is not None:
            lost = lost | (sign * entry.slope(plain(z), *[plain(s) for s in shapes]) > 0)
        ratio = np.exp(entry.log(z, *shapes) - np.where(lost, 0.0, ans))
        if anywhere(lost):
            known = np.nan if under is None else 1 / under(np.where(lost, z, inner(entry, shapes)), *shapes)
            ratio = np.where(lost, known, ratio)
        return sign * ratio

    return flow(name, entry, rate, lambda m: lambda ans, z, *a: -m(z, *a) * rate(ans, z, *a))


def quantile(entry: Entry, name: str, sign: int) -> Flow:
    """The flow of the inverse of F, or of 1 - F for the sign -1."""

    def rate(ans: Any, _: Any, *shapes: Any) -> Any:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            log = entry.log(ans, *shapes)
            # a density that is 0 at an end, where its logarithm is a difference of infinite terms
            lost = np.isnan(plain(log)) & ~np.isnan(plain(ans))
            if anywhere(lost):
                log = np.where(lost, -np.inf, entry.log(np.where(lost, inner(entry, shapes), ans), *shapes))
            return sign * np.exp(-log)

    def moved(m: Formula) -> Formula:
        def motion(ans: Any, _: Any, *shapes: Any) -> Any:
            still = at_still_end(entry, plain(ans), shapes)
            if not anywhere(still):
                return m(ans, *shapes)
            return np.where(still, 0.0, m(np.where(still, inner(entry, shapes), ans), *shapes))

        return motion

    return flow(name, entry, rate, moved)


def at_still_end(entry: Entry, place: Any, shapes: tuple[Any, ...]) -> Any:
    """Tell where a variable is at an end of the support that does not move with the shapes."""
    still: Any = False
    for end, at in zip(entry.support, entry.ends(shapes), strict=True):
        still = still | (np.equal(place, at) & (np.isinf(at) if callable(end) else True))
    return still


def inner(entry: Entry, shapes: tuple[Any, ...]) -> Any:
    """Return a point inside the support, where formulas are harmless."""
    low, high = entry.ends(shapes)
    below = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 1.0) - 1.0)
    above = np.where(np.isfinite(high), high, below + 1.0)
    return 0.5 * (below + above)
