"""The missing mode: a jvp rule read backwards, a vjp rule read forwards.

A jvp rule is linear in the tangent, a vjp rule in the cotangent. Taping the rule as a function
of that one argument and walking back over the tape applies its transpose.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.broadcast import fit, fit_of
from funcad.core.general import General, zeros_like
from funcad.transforms.tape import Tape, no_derivative, seed, walk


def pull_by_transposing(g: Any, fn: Any, saved: tuple[Any, ...], shape: Any, dtype: Any) -> Any:
    """Pull back through a jvp rule: it is linear in the tangent, so tape it and walk back."""
    return transpose(lambda t: fn(t, *saved), np.zeros(shape, dtype or float), g)


def push_by_transposing(
    p: General, k: int, t: Any, ans: Any, values: tuple[Any, ...], params: tuple[Any, ...]
) -> Any:
    """Push a tangent through a vjp rule: the transpose of a transpose."""
    rule = p.pulls[0 if p.variadic else k]
    if rule is None:
        raise no_derivative(p, k)
    saved = p.save(rule, k, ans, values, params)
    shape, dtype = fit_of(values[k])
    if not isinstance(ans, (tuple, list)):
        return transpose(lambda g: fit(rule.fn(g, *saved), shape, dtype), zeros_like(ans), t)
    return transpose_tuple(lambda g: fit(rule.fn(g, *saved), shape, dtype), ans, t)


def transpose(linear: Any, example: Any, g: Any) -> Any:
    """Apply the transpose of a linear function to a cotangent.

    Args:
        linear: the function, of one array.
        example: any argument of it; only shape and dtype matter.
        g: a cotangent of the result, or a tuple of them with None for zeros.
    """
    tape = Tape()
    x = tape.input(example)
    out = linear(x)
    tape.end()
    outs, gs = (out, g) if isinstance(out, (tuple, list)) else ((out,), (g,))
    cotangents = seed(tape, outs, gs)
    walk(tape.records, cotangents)
    return zeros_like(example) if cotangents[0] is None else cotangents[0]


def transpose_tuple(linear: Any, examples: Any, g: Any) -> Any:
    """Apply the transpose of a linear function of a tuple of arrays to a cotangent."""
    tape = Tape()
    xs = tuple([tape.input(zeros_like(e)) for e in examples])
    out = linear(xs)
    tape.end()
    cotangents = seed(tape, (out,), (g,))
    walk(tape.records, cotangents)
    return tuple(
        [zeros_like(e) if c is None else c for e, c in zip(examples, cotangents, strict=False)]
    )
