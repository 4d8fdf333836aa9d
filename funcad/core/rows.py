"""What both modes do with rows and results: pick what a row names, rebuild what a primitive returns."""

from __future__ import annotations

from typing import Any

from funcad.core.kinds import PICK_ANS, PICK_NONE, PICK_X, PICK_Y


def pick(code: int, slots: tuple[int, ...], ans: Any, x: Any, y: Any) -> tuple[Any, ...]:
    """Return what an elementwise row names, in its order."""
    if code == PICK_X:
        return (x,)
    if code == PICK_Y:
        return (y,)
    if code == PICK_ANS:
        return (ans,)
    if code == PICK_NONE:
        return ()
    env = (ans, x, y)
    return tuple([env[s] for s in slots])


def rebuilt(like: Any, items: list[Any]) -> Any:
    """Return items in the tuple, named tuple or list type of a primitive's own result."""
    make = getattr(type(like), "_make", type(like))
    return make(items)
