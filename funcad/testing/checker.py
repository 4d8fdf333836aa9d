"""The checks themselves: value, forward, reverse and their nestings at one point."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import define, field

from funcad.errors import DerivativeError, FuncadError
from funcad.testing import messages
from funcad.testing.differences import Estimate, derivative
from funcad.testing.problem import Problem, pulled, pushed
from funcad.testing.search import forward_entry, reverse_entry
from funcad.testing.tolerance import SAFETY, Tolerance
from funcad.testing.vectors import (
    as_leaf,
    draw_cotangent,
    draw_direction,
    inner,
    leaves_of,
    one_or_tuple,
    pack,
    precision,
    same_bits,
    unpack,
)
from funcad.transforms.jvp import jvp
from funcad.transforms.vjp import vjp


@define
class Checker:
    """The checks with their random numbers and tolerances, and the largest error so far."""

    rng: np.random.Generator
    modes: tuple[str, ...] = ("fwd", "rev")
    tolerance: Tolerance = field(factory=Tolerance)
    #: the largest difference between a rule and its reference, relative to derivative and value
    worst: float = 0.0

    def check(self, problem: Problem, order: int) -> None:
        """Check the derivatives of a problem up to an order, in every nesting of the modes.

        Raises:
            DerivativeError: a derivative is wrong; the message shows the entry and both numbers.
        """
        plain = leaves_of(self._run(problem, "f", lambda: problem.fn(*problem.point)))
        if not all(np.all(np.isfinite(y)) for y in plain):
            raise DerivativeError(messages.not_finite(problem))
        ts = tuple([draw_direction(x, self.rng) for x in problem.point])
        gs = [draw_cotangent(y, self.rng) for y in plain]
        reference = derivative(problem.fn, problem.point, ts)
        at = self.tolerance.unsettled(reference)
        if at is not None:
            raise DerivativeError(messages.unsettled(problem, plain, reference, at))
        tangents = self._forward(problem, plain, ts, reference) if "fwd" in self.modes else None
        if "rev" in self.modes:
            self._reverse(problem, plain, ts, gs, tangents, reference)
        if order > 1:
            if not problem.nesting:
                self._nested_values(problem, plain, ts)
            self._nested(problem, order, ts, gs)

    def _forward(
        self, problem: Problem, plain: list[Any], ts: tuple[Any, ...], reference: Estimate
    ) -> list[Any]:
        """Compare the tangent along a direction with the reference, and return it."""
        value, tangent = self._run(problem, "jvp", lambda: jvp(problem.fn, problem.point, ts))
        _same_value(problem, "jvp", plain, leaves_of(value))
        tangents = leaves_of(tangent)
        _fits(problem, "jvp", tangents, plain, problem.outputs)
        found = pack(tangents)
        size = max(reference.top, reference.scale)
        self._note(float(np.max(np.abs(found - reference.value), initial=0.0)), size)
        at = self.tolerance.worst(found, reference, [*problem.point, *plain])
        if at is not None:
            raise DerivativeError(
                forward_entry(problem, plain, self.tolerance)
                or messages.direction(problem, plain, at, found[at], reference)
            )
        return tangents

    def _reverse(
        self,
        problem: Problem,
        plain: list[Any],
        ts: tuple[Any, ...],
        gs: list[Any],
        tangents: list[Any] | None,
        reference: Estimate,
    ) -> None:
        """Check the identity <g, J t> = <J^T g, t>, which has no step: it holds to rounding."""
        value, pull = self._run(problem, "vjp", lambda: vjp(problem.fn, *problem.point))
        _same_value(problem, "vjp", plain, leaves_of(value))
        cotangents = self._run(problem, "vjp", lambda: pull(one_or_tuple(gs)))
        _fits(problem, "vjp", cotangents, problem.point, problem.inputs)
        leaves = [*problem.point, *plain]
        back, back_size = inner(cotangents, ts)
        forth, forth_size = inner(gs, unpack(reference.value, plain) if tangents is None else tangents)
        size = max(forth_size, back_size)
        slack = self.tolerance.rounding(reference, leaves) + self.tolerance.atol
        if tangents is None:
            errors = unpack(reference.error, plain)
            slack += SAFETY * sum(float(np.sum(np.abs(g) * e)) for g, e in zip(gs, errors, strict=True))
            slack += self.tolerance.relative(leaves) * size
        else:
            slack += 2e3 * precision(leaves) * size
        self._note(abs(forth - back), max(size, reference.scale))
        if not abs(forth - back) <= slack:
            raise DerivativeError(
                reverse_entry(problem, plain, self.tolerance, pull)
                or messages.adjoint(problem, forth, back, slack)
            )

    def _nested_values(self, problem: Problem, plain: list[Any], ts: tuple[Any, ...]) -> None:
        """Demand the plain value in every nesting of the modes."""
        pick = {"jvp": lambda f, *xs: jvp(f, xs, _like(ts, xs))[0], "vjp": lambda f, *xs: vjp(f, *xs)[0]}
        used = [name for mode, name in (("fwd", "jvp"), ("rev", "vjp")) if mode in self.modes]
        for outer in used:
            for inside in used:
                nested = functools.partial(pick[inside], problem.fn)
                value = self._run(problem, outer, functools.partial(pick[outer], nested, *problem.point))
                _same_value(problem, f"{outer} of {inside}", plain, leaves_of(value))

    def _nested(self, problem: Problem, order: int, us: tuple[Any, ...], gs: list[Any]) -> None:
        """Check the derivatives of the derivative in each mode, and that the nestings agree."""
        forward, reverse = pushed(problem, us), pulled(problem, gs)
        if "fwd" in self.modes:
            self.check(forward, order - 1)
        if "rev" in self.modes:
            self.check(reverse, order - 1)
        if "fwd" in self.modes and "rev" in self.modes:
            self._nestings_agree(problem, forward, reverse, us, gs)

    def _nestings_agree(
        self, problem: Problem, forward: Problem, reverse: Problem, us: tuple[Any, ...], gs: list[Any]
    ) -> None:
        """Compare the four second derivatives to rounding: one form g.D2f[u, v], read in four ways."""
        point = problem.point
        vs = tuple([draw_direction(x, self.rng) for x in point])
        forms = {
            "jvp of jvp": inner(gs, leaves_of(jvp(forward.fn, point, vs)[1])),
            "jvp of vjp": inner(us, leaves_of(jvp(reverse.fn, point, vs)[1])),
            "vjp of jvp": inner(vs, vjp(forward.fn, *point)[1](one_or_tuple(gs))),
            "vjp of vjp": inner(us, vjp(reverse.fn, *point)[1](one_or_tuple(vs))),
        }
        numbers = {nesting: value for nesting, (value, _) in forms.items()}
        size = max(size for _, size in forms.values())
        first, _ = inner(gs, leaves_of(forward.fn(*point)))
        slack = precision(point) * (5e3 * size + 500.0 * abs(first)) + self.tolerance.atol
        spread = max(numbers.values()) - min(numbers.values())
        self._note(spread, max(size, abs(first)))
        if not spread <= slack:
            raise DerivativeError(messages.nestings(problem, numbers))

    def _run(self, problem: Problem, mode: str, run: Callable[[], Any]) -> Any:
        """Run a mode; what a rule raises becomes an error that names the rule's place."""
        try:
            return run()
        except DerivativeError:
            raise
        except Exception as error:
            places = problem.places(None, mode)
            if not places and not isinstance(error, FuncadError):
                raise  # the user's own function failed: its own traceback says it best
            raise DerivativeError(messages.raised(problem, mode, error, places)) from error

    def _note(self, difference: float, size: float) -> None:
        """Keep the largest relative difference."""
        if size > 0.0 and difference > 0.0:
            self.worst = max(self.worst, difference / size)


def _like(ts: Sequence[Any], xs: Sequence[Any]) -> tuple[Any, ...]:
    return tuple([as_leaf(t, x) for t, x in zip(ts, xs, strict=True)])


def _same_value(problem: Problem, mode: str, plain: Sequence[Any], value: Sequence[Any]) -> None:
    """Demand the value of the plain run, bit for bit and of its type."""
    if problem.nesting:
        return  # of a derivative only the function's own value is promised to the bit
    for name, a, b in zip(problem.outputs, plain, value, strict=True):
        if not same_bits(a, b) or type(a) is not type(b):
            raise DerivativeError(messages.other_value(problem, mode, name, a, b))


def _fits(
    problem: Problem, mode: str, derivatives: Sequence[Any], like: Sequence[Any], names: Sequence[str]
) -> None:
    """Demand derivatives of the shapes and dtypes of what they belong to."""
    for name, d, x in zip(names, derivatives, like, strict=True):
        if np.shape(d) != np.shape(x) or np.asarray(d).dtype != np.asarray(x).dtype:
            raise DerivativeError(messages.misfit(problem, mode, name, d, x))
