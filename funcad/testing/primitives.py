"""`check_primitive`: every rule of a primitive, over given or drawn arguments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import evolve, frozen

from funcad.core.primitive import Primitive, registry
from funcad.errors import DerivativeError, NoRuleError
from funcad.testing.batched import check_batched, nearby
from funcad.testing.checker import Checker
from funcad.testing.drawing import Drawn, given
from funcad.testing.places import operand_of, rule_places
from funcad.testing.problem import Problem, alone, differentiable_results, flat_call
from funcad.testing.reach import calls
from funcad.testing.shapes import check_shapes
from funcad.testing.vectors import leaves_of


@frozen
class Passed:
    """What a check that passed has covered."""

    name: str
    kind: str
    #: how many calls were checked, and the largest relative error among them
    samples: int
    error: float


def check_primitive(f: Any, *args: Any, order: int = 2, seed: int = 0, **kwargs: Any) -> Passed:
    """Check every rule of a primitive: both modes, all nestings, batches, shapes and dtypes.

    Args:
        f: a function with rules: of NumPy, or made with `funcad.primitive`.
        *args: an example call. Its floating-point arrays (or its floats, if it has no array) are
            differentiated. Without arguments, calls are drawn: from the domain of an elementwise
            primitive, in several shapes, broadcast, empty and in float32, and from the samples
            that are declared for it.
        order: the highest order of derivative to check.
        seed: of the drawn numbers and directions.
        **kwargs: keyword arguments of the example call.

    Returns:
        How many calls were checked, and the largest relative error.

    Raises:
        DerivativeError: a rule is wrong; the message shows argument, entry, both numbers and the
            place of the rule in the source. Also where there is nothing to draw arguments from.
        NoRuleError: the function has no rules.

    >>> import numpy as np
    >>> check_primitive(np.tanh)
    Passed(name='np.tanh', kind='elementwise', samples=..., error=...)
    >>> check_primitive(np.arctan2, np.array([0.5, -1.0]), np.array([2.0])).kind
    'elementwise'
    """
    p = registry.get(f)
    if p is None:
        name = getattr(f, "__name__", repr(f))
        raise NoRuleError(
            f"{name} has no rules to check; declare them with funcad.primitive, or use "
            "check_grads for a function of other functions"
        )
    rng = np.random.default_rng(seed)
    drawn = [given(p, f, args, kwargs, order)] if args or kwargs else calls(p, f, rng)
    return check_calls(p, drawn, rng, order)


def check_calls(p: Primitive, drawn: Iterable[Drawn], rng: np.random.Generator, order: int = 2) -> Passed:
    """Check the rules of a primitive over drawn calls.

    Raises:
        DerivativeError: a rule is wrong, or there is no call.
    """
    samples, error = 0, 0.0
    (of_batches,) = rng.spawn(1)  # what is drawn for the other checks does not depend on these
    for call in drawn:
        checker = Checker(rng)
        check_call(call.primitive, call, checker, min(order, call.order))
        check_batched(nearby(call, of_batches), of_batches)
        samples += 1
        error = max(error, checker.worst)
    if not samples and p.kind != "constant":
        raise DerivativeError(
            f"{p.name} has nothing to be checked with: pass example arguments to check_primitive, "
            "or declare sample calls with funcad.testing.samples"
        )
    return Passed(p.name, p.kind, samples, error)


def check_call(p: Primitive, call: Drawn, checker: Checker, order: int) -> None:
    """Check one call: the shapes of the rules, each array and each result alone, then all together."""
    if not call.leaves:
        raise DerivativeError(f"{call.text(p.name)} has no floating-point array to differentiate")
    whole = problem_of(p, call)
    if len(whole.inputs) > 1:
        for k in range(len(whole.inputs)):
            checker.check(alone(whole, k), 1)
    if len(whole.outputs) > 1:
        for k in range(len(whole.outputs)):
            checker.check(_result(whole, k), 1)
    check_shapes(p, call, checker.rng)
    checker.check(whole, order)


def problem_of(p: Primitive, call: Drawn) -> Problem:
    """Return a call as the problem of its differentiated arrays."""
    out, single = differentiable_results(call)

    def places(leaf: int | None, mode: str) -> list[str]:
        operand = None if leaf is None else operand_of(p, call.arguments[leaf])
        return rule_places(p, operand, mode)

    return Problem(
        fn=flat_call(call),
        point=call.leaves,
        name=p.name,
        inputs=call.labels,
        outputs=("ans",) if single else tuple(f"ans[{k}]" for k in out),
        call=call.text(p.name),
        places=places,
    )


def _result(problem: Problem, k: int) -> Problem:
    """Return the problem of one result alone: the cotangents of the others are absent."""

    def fn(*xs: Any) -> Any:
        return leaves_of(problem.fn(*xs))[k]

    return evolve(problem, fn=fn, outputs=(problem.outputs[k],))
