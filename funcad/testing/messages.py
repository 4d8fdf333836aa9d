"""What a failed check says: the function, the argument, the entry, both numbers, and the rule's place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from funcad.testing.differences import Estimate
from funcad.testing.problem import Problem


def entry(
    problem: Problem,
    mode: str,
    plain: Sequence[Any],
    at: int,
    k: int,
    index: tuple[int, ...],
    found: Any,
    column: Estimate,
    size: float,
) -> str:
    """Describe an entry that disagrees.

    Args:
        problem: what was checked.
        mode: the mode that is wrong there.
        plain: the values of the function, for the shapes of its results.
        at: the place of the output entry in the packed result.
        k: the input.
        index: the entry of it.
        found: the derivative by the rule along a step of `size` in that entry.
        column: the reference along the same step.
        size: the size of that step.
    """
    where = f"d {located(problem.outputs, plain, at)} / d {problem.inputs[k]}{bracket(index)}"
    found, wanted = found / size, column.value[at] / size
    lines = [
        f"{problem.name}: wrong derivative with respect to {problem.inputs[k]}, entry {index}",
        f"  checked    {problem.mode(mode)}",
        f"  entry      {where}",
        f"  rule       {number(found)}",
        f"  reference  {number(wanted)} ({column.method}, error about {column.error[at] / size:.0e})",
        *_ratio(found, wanted),
        *_origin(problem, k, mode),
    ]
    return "\n".join(lines + _advice(problem))


def direction(problem: Problem, plain: Sequence[Any], at: int, found: Any, reference: Estimate) -> str:
    """Describe a tangent that disagrees along a direction, though no single entry does."""
    lines = [
        f"{problem.name}: wrong derivative along a random direction, though each entry alone is right",
        f"  checked    {problem.mode('jvp')}",
        f"  entry      {located(problem.outputs, plain, at)}",
        f"  rule       {number(found)}",
        f"  reference  {number(reference.value[at])} ({reference.method}, "
        f"error about {reference.error[at]:.0e})",
        *_origin(problem, None, "jvp"),
        "  the rule must be linear in the tangent, and add the terms of several arguments",
    ]
    return "\n".join(lines)


def adjoint(problem: Problem, forth: float, back: float, slack: float) -> str:
    """Describe a pullback that is not the adjoint of the forward derivative, though each entry is right."""
    lines = [
        f"{problem.name}: the pullback is not the transpose of the derivative",
        f"  checked    {problem.mode('vjp')}",
        f"  <g, J t>   {number(forth)}",
        f"  <J^T g, t> {number(back)} (they may differ by {slack:.0e})",
        *_origin(problem, None, "vjp"),
        "  the rule must be linear in the cotangent, and as precise as the function",
    ]
    return "\n".join(lines)


def nestings(problem: Problem, numbers: dict[str, float]) -> str:
    """Describe second derivatives that differ between the four nestings."""
    lines = [f"{problem.name}: the four nestings of the second derivative disagree"]
    lines += [f"  {mode:<10} {number(value)}" for mode, value in numbers.items()]
    return "\n".join([*lines, *_origin(problem, None, "jvp"), *_origin(problem, None, "vjp", call=False)])


def other_value(problem: Problem, mode: str, name: str, plain: Any, value: Any) -> str:
    """Describe a value that a transform changed."""
    return (
        f"{problem.name}: the value of {name} under {problem.mode(mode)} is not that of the plain run\n"
        + f"  plain      {_show(plain)}\n"
        + f"  {mode:<10} {_show(value)}\n"
        + "".join(line + "\n" for line in _origin(problem, None, mode))
        + "  the value must be computed by the very function, not by its rule"
    )


def misfit(problem: Problem, mode: str, name: str, derivative: Any, like: Any) -> str:
    """Describe a tangent or cotangent of another shape or dtype than its value."""
    return "\n".join(
        [
            f"{problem.name}: {problem.mode(mode)} gives {_form(derivative)} for {name}, which is "
            f"{_form(like)}",
            *_origin(problem, None, mode),
        ]
    )


def raised(problem: Problem, mode: str, error: BaseException, places: Sequence[str]) -> str:
    """Describe an exception raised while a mode ran."""
    return "\n".join(
        [
            f"{problem.name}: {problem.mode(mode)} with respect to {', '.join(problem.inputs)} raised "
            f"{type(error).__name__}: {error}",
            *[f"  rule at    {p}" for p in places],
            *_sample(problem),
        ]
    )


def not_finite(problem: Problem) -> str:
    """Describe a point where the function has no finite value."""
    text = (
        f"{problem.name}: the value is not finite at the point of the check, so there is no "
        "derivative to compare; choose a point inside the domain"
    )
    return "\n".join([text, *_sample(problem)])


def unsettled(problem: Problem, plain: Sequence[Any], reference: Estimate, at: int) -> str:
    """Describe a point where finite differences do not converge."""
    text = (
        f"{problem.name}: finite differences of {_checked(problem)} do not settle at the entry "
        f"{located(problem.outputs, plain, at)} ({number(reference.value[at])} with an error of "
        f"{reference.error[at]:.0e}), so there is nothing to compare with; "
        "choose a point away from kinks, or a function without noise"
    )
    return "\n".join([text, *_sample(problem)])


def located(outputs: Sequence[str], plain: Sequence[Any], at: int) -> str:
    """Name the output entry at a place of the packed result."""
    for name, y in zip(outputs, plain, strict=True):
        if at < np.size(y):
            return name + bracket(tuple(int(i) for i in np.unravel_index(at, np.shape(y))))
        at -= np.size(y)
    return outputs[-1]


def bracket(index: tuple[int, ...]) -> str:
    """Return an entry's index as it is written behind a name; nothing for a scalar."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def number(x: Any) -> str:
    """Return a number with the digits that matter in a comparison."""
    x = np.asarray(x)[()]
    return f"{x:.12g}" if np.imag(x) else f"{np.real(x):.12g}"


def _ratio(found: Any, wanted: Any) -> list[str]:
    if wanted == 0 or not np.isfinite(found):
        return []
    return [f"  ratio      {number(found / wanted)}"]


def _checked(problem: Problem) -> str:
    return f"its {' of '.join(reversed(problem.nesting))}" if problem.nesting else "it"


def _origin(problem: Problem, k: int | None, mode: str, call: bool = True) -> list[str]:
    # what a nested mode finds wrong may stand in any rule of the function
    places = problem.places(None if problem.nesting else k, mode)
    return [f"  rule at    {p}" for p in places] + (_sample(problem) if call else [])


def _sample(problem: Problem) -> list[str]:
    return [f"  sample     {problem.call}"] if problem.call else []


def _advice(problem: Problem) -> list[str]:
    if not problem.nesting:
        return []
    return [
        "  the first derivative is right: a rule must compute with what it is given, not with plain values"
    ]


def _form(x: Any) -> str:
    x = np.asarray(x)
    return f"an array of shape {x.shape} and dtype {x.dtype}"


def _show(x: Any) -> str:
    text = np.array2string(np.asarray(x), precision=17, threshold=6, separator=", ")
    return f"{type(x).__name__} {' '.join(text.split())} of dtype {np.asarray(x).dtype}"
