"""Where the rules of a primitive stand in the source."""

from __future__ import annotations

from funcad.core.elementwise import Binary, Unary
from funcad.core.general import General
from funcad.core.primitive import Composite, Primitive, Rule, place
from funcad.core.rows import Row


def operand_of(p: Primitive, argument: int | str) -> int | None:
    """Return which operand of a primitive an argument is, None where the rules do not know it.

    Args:
        p: the primitive.
        argument: the position of the argument in a call, or its keyword.
    """
    if not isinstance(p, General):
        return argument if isinstance(argument, int) else None
    if p.variadic:
        return 0 if isinstance(argument, int) else None
    at = p.index.get(argument) if isinstance(argument, str) else argument
    return p.operand_at.index(at) if at in p.operand_at else None


def argument_name(p: Primitive, argument: int | str) -> str:
    """Return an argument as messages call it: `argument 0 (x)`, `argument 'weights'`."""
    if isinstance(argument, str):
        return f"argument {argument!r}"
    if isinstance(p, General) and not p.variadic and argument < len(p.names):
        return f"argument {argument} ({p.names[argument]})"
    if isinstance(p, (Unary, Binary)):
        return f"argument {argument} ({'xy'[argument]})"
    return f"argument {argument}"


def rule_places(p: Primitive, operand: int | None, mode: str) -> list[str]:
    """Return the source lines of the rules that a mode reads for an operand, or for all of them."""
    if isinstance(p, Unary):
        return [_partial(p.row)]
    if isinstance(p, Binary):
        rows = (p.row0, p.row1)
        return _distinct([_partial(r) for r in (rows if operand is None else (rows[operand],))])
    if isinstance(p, General):
        numbers = range(len(p.pulls)) if operand is None else (operand,)
        return _distinct([_rule(p, n, mode) for n in numbers])
    if isinstance(p, Composite):
        return [f"{place(p.body)} (composite: the rules are those of the functions it calls)"]
    return [place(f) for f in p.rules]


def _partial(row: Row) -> str:
    return f"the number {row.factor!r} in its row" if row.fn is None else place(row.fn)


def _rule(p: General, operand: int, mode: str) -> str:
    """Return the place of the rule that a mode reads; the other mode's where it is derived."""
    push, pull = p.pushes[operand], p.pulls[operand]
    first: Rule | None
    first, name = (push, "jvp rule") if mode == "jvp" else (pull, "vjp rule")
    if first is not None:
        return f"{place(first.fn)} ({name if p.kind == 'general' else 'transpose'})"
    second = pull if mode == "jvp" else push
    if second is None:
        return f"no rule: {p.name} declares none for this argument"
    if p.kind != "general":
        return f"{place(second.fn)} ({p.kind}: the jvp is the function itself, this is its transpose)"
    other = "vjp" if mode == "jvp" else "jvp"
    return f"{place(second.fn)} ({other} rule, from which the {mode} follows)"


def _distinct(places: list[str]) -> list[str]:
    return list(dict.fromkeys(places))
