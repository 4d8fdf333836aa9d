"""The shape of what a rule returns: broadcasting may be left to funcad, anything else is a mistake."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.broadcast import shape_of
from funcad.core.general import General
from funcad.core.primitive import Primitive, place
from funcad.errors import DerivativeError
from funcad.testing.drawing import Drawn
from funcad.testing.places import argument_name
from funcad.testing.vectors import draw_cotangent, draw_direction


def check_shapes(p: Primitive, drawn: Drawn, rng: np.random.Generator) -> None:
    """Call every rule of a general primitive by itself, and check the shape of its result.

    Raises:
        DerivativeError: a vjp rule returns neither the operand's shape nor one that it broadcasts
            to, or a jvp rule what does not broadcast to the shape of the output.
    """
    if not isinstance(p, General):
        return
    args, kwargs = drawn.filled(drawn.leaves)
    operands, params = p.split(args, kwargs)
    ans = p.evaluate(operands, params)
    for k, x in enumerate(operands):
        if not any(x is leaf for leaf in drawn.leaves):
            continue
        at = 0 if p.variadic else k
        label = argument_name(p, k if p.variadic else p.operand_at[k])
        pull, push = p.pulls[at], p.pushes[at]
        if pull is not None:
            saved = p.save(pull, k, ans, operands, params)
            d = _called(p, pull.fn, "vjp", label, drawn, _cotangents(ans, rng), saved)
            if d is not None and not _broadcasts(shape_of(x), shape_of(d)):
                raise _wrong(p, pull.fn, "vjp", label, drawn, shape_of(d), f"{shape_of(x)} of the argument")
        if push is not None:
            saved = p.save(push, k, ans, operands, params)
            t = _called(p, push.fn, "jvp", label, drawn, draw_direction(x, rng), saved)
            several = isinstance(ans, (tuple, list))
            if several and (not isinstance(t, (tuple, list)) or len(t) != len(ans)):
                raise _wrong(p, push.fn, "jvp", label, drawn, t, f"a tuple of {len(ans)} tangents")
            for d, y in zip(t, ans, strict=True) if several else ((t, ans),):
                if d is not None and not _broadcasts(shape_of(d), shape_of(y)):
                    raise _wrong(p, push.fn, "jvp", label, drawn, shape_of(d), f"{shape_of(y)} of the output")


def _cotangents(ans: Any, rng: np.random.Generator) -> Any:
    if isinstance(ans, (tuple, list)):
        return tuple(_cotangents(y, rng) for y in ans)
    return draw_cotangent(ans, rng) if np.asarray(ans).dtype.kind in "fc" else None


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Tell whether one shape broadcasts to another."""
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def _called(p: Primitive, fn: Any, mode: str, label: str, drawn: Drawn, t: Any, saved: Any) -> Any:
    try:
        return fn(t, *saved)
    except Exception as error:
        raise DerivativeError(
            f"{p.name}: the {mode} rule of {label} raised {type(error).__name__}: {error}\n"
            f"  rule at    {place(fn)}\n  sample     {drawn.text(p.name)}"
        ) from error


def _wrong(
    p: Primitive, fn: Any, mode: str, label: str, drawn: Drawn, got: Any, wanted: str
) -> DerivativeError:
    return DerivativeError(
        f"{p.name}: the {mode} rule of {label} returns a wrong shape\n"
        f"  rule       {got}\n  reference  {wanted}\n"
        f"  rule at    {place(fn)}\n  sample     {drawn.text(p.name)}"
    )
