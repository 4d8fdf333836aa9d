"""The missing mode: a jvp rule read backwards, a vjp rule read forwards.

A jvp rule is linear in the tangent, a vjp rule in the cotangent. Taping the rule as a function
of that one argument and walking back over the tape applies its transpose.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.broadcast import fit, fit_of
from funcad.core.general import General, zeros_like
from funcad.errors import RuleError
from funcad.transforms.tape import Tape, no_derivative, seed
from funcad.transforms.variable import Node, RecordFailure
from funcad.transforms.walk import walk


def pull_by_transposing(g: Any, p: General, fn: Any, saved: tuple[Any, ...], shape: Any, dtype: Any) -> Any:
    """Pull back through a jvp rule: it is linear in the tangent, so tape it and walk back."""
    return transpose(lambda t: fn(t, *saved), np.zeros(shape, dtype or float), g, p)


def push_by_transposing(
    p: General, k: int, t: Any, ans: Any, values: tuple[Any, ...], params: tuple[Any, ...]
) -> Any:
    """Push a tangent through a vjp rule: the transpose of a transpose."""
    rule = p.pulls[0 if p.variadic else k]
    if rule is None:
        raise no_derivative(p, k)
    saved = p.save(rule, k, ans, values, params)
    shape, dtype = fit_of(values[k])

    def pull(gs: Any) -> Any:
        g = gs if isinstance(ans, (tuple, list)) else gs[0]
        return fit(rule.fn(g, *saved), shape, dtype)

    examples = ans if isinstance(ans, (tuple, list)) else (ans,)
    pushed = _walked(pull, examples, t)
    return pushed if isinstance(ans, (tuple, list)) else pushed[0]


def transpose(linear: Any, example: Any, g: Any, p: General) -> Any:
    """Apply the transpose of a linear function to a cotangent.

    Args:
        linear: the function, of one array.
        example: any argument of it; only shape and dtype matter.
        g: a cotangent of the result, or a tuple of them with None for zeros.
        p: the primitive whose jvp rule the function is.
    """
    return _walked(lambda xs: linear(xs[0]), (example,), g, p)[0]


def _walked(linear: Any, examples: Any, g: Any, p: General | None = None) -> tuple[Any, ...]:
    """Apply the transpose of a linear function of a tuple of arrays."""
    tape = Tape()
    xs = tuple([tape.input(zeros_like(e)) for e in examples])
    out = linear(xs)
    tape.end()
    if p is not None and any([type(r) is Node and r.primitive is p for r in tape.records]):
        raise RuleError(
            f"the jvp rule of {p.name} applies {p.name} itself to the tangent, so that no vjp can "
            f"be derived from it; declare the function with {p.name}.def_linear, or give a vjp too"
        )
    outs, gs = (out, g) if isinstance(out, (tuple, list)) else ((out,), (g,))
    cotangents = seed(tape, outs, gs)
    try:
        walk(tape.records, cotangents, keep=False)
    except RecordFailure as failure:
        raise failure.cause from None
    return tuple([zeros_like(e) if c is None else c for e, c in zip(examples, cotangents, strict=False)])
