"""Which primitives a sample call reaches: funcad's own are checked through the functions that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from funcad.core.elementwise import Binary, Unary
from funcad.core.primitive import Primitive, registry
from funcad.testing.drawing import Drawn, from_call, own_calls
from funcad.testing.samples import SAMPLES, Call
from funcad.transforms.jvp import jvp
from funcad.transforms.leaves import Parts
from funcad.transforms.recording import Recording
from funcad.transforms.variable import Node

#: what every sample reaches; the sample is kept, so that no other one takes on its identity
_reached: dict[int, tuple[Call, set[Primitive]]] = {}


def calls(p: Primitive, fn: Callable[..., Any], rng: np.random.Generator) -> Iterator[Drawn]:
    """Yield everything that a primitive is checked with; without samples, those that reach it."""
    if p.domain or fn in SAMPLES:
        yield from own_calls(p, fn, rng)
        return
    users = [(user, registry[user]) for user in SAMPLES if user in registry]
    found = False
    # what the functions of NumPy reach is checked by them, and not by hundreds of SciPy's
    for of_scipy in (False, True):
        for user, q in users:
            if isinstance(q, (Unary, Binary)) or q.name.startswith("scipy.") is not of_scipy:
                continue
            for sample in SAMPLES[user]:
                if p in reached(q, user, sample):
                    found = True
                    yield from_call(q, user, sample, rng)
        if found:
            return


def reached(p: Primitive, fn: Callable[..., Any], sample: Call) -> set[Primitive]:
    """Return the primitives, but for elementwise ones, that a call and its tangent record."""
    known = _reached.get(id(sample))
    if known is None:
        known = _reached[id(sample)] = sample, _recorded(from_call(p, fn, sample, np.random.default_rng(0)))
    return known[1]


def _recorded(call: Drawn) -> set[Primitive]:
    def tangent(*xs: Any) -> Any:
        return jvp(call, xs, xs)[1]

    parts = [Parts(leaf) for leaf in call.leaves]
    try:
        tapes = [Recording(f, parts).tape for f in ((call, tangent) if call.order > 1 else (call,))]
    except Exception:
        return set()  # the check of that function will say what is wrong with it
    for tape in tapes:
        tape.release()
    return {record.primitive for tape in tapes for record in tape.records if isinstance(record, Node)}
