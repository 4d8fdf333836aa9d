"""The whole registry, one primitive after the other: what was checked, and what has no check."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from funcad.core.primitive import Primitive, registry
from funcad.errors import DerivativeError
from funcad.testing.primitives import check_calls
from funcad.testing.reach import calls
from funcad.testing.refusals import REFUSALS, check_refusal
from funcad.testing.samples import SAMPLES


@frozen
class Outcome:
    """The record of one primitive's check."""

    fn: Any
    name: str
    kind: str
    #: "passed", "failed", "constant" (no derivative to check) or "refuses" (as it must)
    result: str
    samples: int = 0
    #: the largest relative difference between a rule and its reference
    error: float = 0.0
    message: str = ""
    seconds: float = 0.0


def outcomes(only: str | None = None, seed: int = 0) -> Iterator[Outcome]:
    """Check the primitives of the registry, and yield a record of each.

    Args:
        only: the name of a primitive, with or without its module; None checks all of them.
        seed: of the drawn numbers; those of a primitive do not depend on the others.
    """
    for fn, p in selected(only):
        start = time.perf_counter()
        if p.kind == "constant":
            yield Outcome(fn, p.name, p.kind, "constant")
            continue
        rng = np.random.default_rng(seed)
        try:
            if fn in REFUSALS:
                check_refusal(fn)
                yield Outcome(fn, p.name, p.kind, "refuses")
                continue
            passed = check_calls(p, calls(p, fn, rng), rng)
        except Exception as error:
            text = str(error) if isinstance(error, DerivativeError) else f"{type(error).__name__}: {error}"
            seconds = time.perf_counter() - start
            yield Outcome(fn, p.name, p.kind, "failed", message=text, seconds=seconds)
        else:
            seconds = time.perf_counter() - start
            yield Outcome(fn, p.name, p.kind, "passed", passed.samples, passed.error, seconds=seconds)


def selected(only: str | None = None) -> list[tuple[Any, Primitive]]:
    """Return the entries of the registry, all or those of one name, in order of their names."""
    entries = [
        (fn, p) for fn, p in registry.items() if only is None or only in (p.name, p.name.rpartition(".")[2])
    ]
    return sorted(entries, key=lambda entry: entry[1].name)


def unchecked() -> list[str]:
    """Return the names of the primitives with derivatives that no sample reaches."""
    rng = np.random.default_rng(0)
    return [
        p.name
        for fn, p in registry.items()
        if p.kind != "constant" and fn not in REFUSALS and next(calls(p, fn, rng), None) is None
    ]


def strays() -> list[Any]:
    """Return the functions that have samples but no entry in the registry."""
    return [fn for fn in (*SAMPLES, *REFUSALS) if fn not in registry]
