"""What the user's line was calling when it failed: found in the byte code, for messages alone."""

from __future__ import annotations

import dis
import sys
from types import FrameType, ModuleType
from typing import Any, Final

from funcad.core.tracer import user_frame

_ATTRIBUTES: Final = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
#: what makes a generator
_MAKERS: Final = frozenset({"default_rng", "Generator", "RandomState"})


def random_method() -> tuple[str, Any] | None:
    """Return the method of a generator of random numbers that the user's line calls, and its owner.

    Returns:
        The call as it is written, `rng.normal`, and the generator or `numpy.random`; None for anything else.
    """
    numpy_random = sys.modules.get("numpy.random")
    frame = user_frame()
    if numpy_random is None or frame is None:
        return None
    found = _called(frame)
    if found is None:
        return None
    owner, text = found
    generators = (numpy_random.Generator, numpy_random.RandomState)
    return (text, owner) if owner is numpy_random or isinstance(owner, generators) else None


def _called(frame: FrameType) -> tuple[Any, str] | None:
    """Return the owner of the method that a frame calls, and the text of the call as in `name.name(...)`."""
    instructions = list(dis.get_instructions(frame.f_code))
    at = next((k for k, i in enumerate(instructions) if i.offset == frame.f_lasti), None)
    if at is None or not instructions[at].opname.startswith("CALL"):
        return None
    start = _start(instructions[at])
    # the steps of the expression that is called begin where the call begins
    steps = [i for i in instructions[:at] if _start(i) == start]
    roots = [k for k, i in enumerate(steps) if i.opname.startswith("LOAD_") and i.opname not in _ATTRIBUTES]
    ends = [k for k, i in enumerate(steps) if i.opname in _ATTRIBUTES]
    if not roots or not ends or ends[-1] < roots[-1]:
        return None
    text = str(steps[roots[-1]].argval)
    owner = {**frame.f_builtins, **frame.f_globals, **frame.f_locals}.get(text)
    for step in steps[roots[-1] + 1 : ends[-1]]:
        if step.opname == "CALL":
            if getattr(owner, "__name__", None) not in _MAKERS:
                return None
            owner, text = sys.modules["numpy.random"], f"{text}(...)"
        elif step.opname in _ATTRIBUTES:
            # attributes of other objects may compute
            if not isinstance(owner, ModuleType) and step.argval not in getattr(owner, "__dict__", {}):
                return None
            owner, text = getattr(owner, step.argval, None), f"{text}.{step.argval}"
    return owner, f"{text}.{steps[ends[-1]].argval}"


def _start(instruction: dis.Instruction) -> tuple[int | None, int | None] | None:
    position = instruction.positions
    return None if position is None else (position.lineno, position.col_offset)
