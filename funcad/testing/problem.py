"""What is checked: a flat function at a point, and the functions that derivatives make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve, frozen

from funcad.errors import DerivativeError
from funcad.testing.drawing import Drawn
from funcad.testing.vectors import as_leaf, is_differentiable, leaves_of, one_or_tuple
from funcad.transforms.jvp import jvp
from funcad.transforms.vjp import vjp


def no_places(_leaf: int | None, _mode: str) -> list[str]:
    """Name no rule: a function that is not a primitive has none."""
    return []


@frozen
class Problem:
    """A function of leaves that returns one leaf or a tuple of them, and the point to check it at."""

    fn: Callable[..., Any]
    point: tuple[Any, ...]
    #: what messages call the function, its inputs, and its results
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    #: the sample as source text
    call: str = ""
    #: the modes already applied, innermost first
    nesting: tuple[str, ...] = ()
    #: the source lines of the rules of an input (of all for None) that a mode reads
    places: Callable[[int | None, str], list[str]] = no_places

    def mode(self, outer: str) -> str:
        """Name a mode applied to this problem: `jvp of vjp`."""
        return " of ".join((outer, *reversed(self.nesting)))


def alone(problem: Problem, k: int) -> Problem:
    """Return the problem in which one input is differentiated and the others are constants."""
    point = problem.point

    def fn(x: Any) -> Any:
        return problem.fn(*point[:k], x, *point[k + 1 :])

    return evolve(
        problem,
        fn=fn,
        point=(point[k],),
        inputs=(problem.inputs[k],),
        places=lambda _leaf, mode: problem.places(k, mode),
    )


def pushed(problem: Problem, direction: Sequence[Any]) -> Problem:
    """Return the problem whose function is the tangent along a fixed direction."""

    def tangent(*xs: Any) -> Any:
        ts = tuple([as_leaf(t, x) for t, x in zip(direction, xs, strict=True)])
        return jvp(problem.fn, xs, ts)[1]

    return evolve(
        problem,
        fn=tangent,
        outputs=tuple(f"(tangent of {o})" for o in problem.outputs),
        nesting=(*problem.nesting, "jvp"),
    )


def pulled(problem: Problem, cotangents: Sequence[Any]) -> Problem:
    """Return the problem whose function gives the cotangents of the inputs for fixed ones of the outputs."""

    def cotangent(*xs: Any) -> Any:
        value, pull = vjp(problem.fn, *xs)
        gs = [as_leaf(g, v) for g, v in zip(cotangents, leaves_of(value), strict=True)]
        return one_or_tuple(pull(one_or_tuple(gs)))

    return evolve(
        problem,
        fn=cotangent,
        outputs=tuple(f"(cotangent of {i})" for i in problem.inputs),
        nesting=(*problem.nesting, "vjp"),
    )


def flat_call(call: Drawn) -> Callable[..., Any]:
    """Return the function from the leaves of a call to those of its results that can be differentiated."""
    out, _ = differentiable_results(call)

    def flat(*leaves: Any) -> Any:
        ys, _ = _listed(call(*leaves))
        return one_or_tuple([ys[k] for k in out])

    return flat


def differentiable_results(call: Drawn) -> tuple[list[int], bool]:
    """Return the positions of the results that can be differentiated, and whether there is a single one."""
    results, single = _listed(call(*call.leaves))
    out = [k for k, y in enumerate(results) if is_differentiable(y)]
    if not out:
        raise DerivativeError(
            f"{call.text(call.primitive.name)} returns no floating-point number to differentiate"
        )
    return out, single


def _listed(out: Any) -> tuple[list[Any], bool]:
    """Return the results of a call as a list, and whether it was a single one."""
    return (list(out), False) if isinstance(out, (tuple, list)) else ([out], True)
