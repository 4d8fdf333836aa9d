"""The row of an elementwise table: one partial derivative, ready for the modes to read."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from funcad.core.primitive import ANS, Formula, resolve
from funcad.core.tracer import anywhere, plain
from funcad.errors import RuleError

# how a row multiplies: by 1, by -1, by another number, by the very value that it names, by a formula
# of one value, by a formula of several or of none
PASS: Final = 0
NEGATE: Final = 1
NUMBER: Final = 2
SAME: Final = 3
ONE: Final = 4
MANY: Final = 5
# reading elements, which is no multiplication: the cotangent goes to the place that was read
READ: Final = 6
# the slots of a row in (ans, x, y)
X: Final = 1
Y: Final = 2


class Row:
    """A partial derivative: what it saves, and how it multiplies a tangent or cotangent."""

    __slots__ = ("ends", "factor", "fn", "how", "own", "slot", "slots")

    def __init__(self, name: str, partial: Formula | float, operands: tuple[str, ...], own: int = X) -> None:
        #: the slot of the argument that it is the derivative by
        self.own = own
        #: the slot of the single value that is named, -1 for none or several
        self.slot = -1
        self.slots: tuple[int, ...] = ()
        self.fn: Any = None
        #: the number that a row without a formula multiplies by
        self.factor: Any = None
        self.how = PASS
        #: for a row of several values: where an argument is infinite and the result no longer moves with it
        self.ends: Any = None
        if not callable(partial):
            self.factor = partial
            self.how = PASS if partial == 1 else NEGATE if partial == -1 else NUMBER
            return
        self.fn = partial
        named = of_argument(name, partial, operands)
        if named is None:
            named = resolve(name, partial, operands, ()).slots
        self.slots = named
        self.how = MANY
        if len(self.slots) == 1:
            self.slot = self.slots[0]
            self.how = SAME if _is_identity(partial) else ONE

    def save(self, ans: Any, x: Any, y: Any) -> Any:
        """Return what the formula names: the value itself, or a tuple of several."""
        slot = self.slot
        if slot == X:
            return x
        if slot == Y:
            return y
        if slot == ANS:
            return ans
        if not self.slots:
            return ()
        env = (ans, x, y)
        return tuple([env[s] for s in self.slots])

    def times(self, saved: Any, t: Any) -> Any:
        """Return the partial derivative times a tangent or cotangent."""
        how = self.how
        if how == ONE:
            return self.fn(saved) * t
        if how == SAME:
            return saved * t
        if how == PASS:
            return t
        if how == NEGATE:
            return -t
        if how == NUMBER:
            return self.factor * t
        return self.fn(*saved) * t if self.ends is None else self.stopped(saved, t)

    def ended(self, saved: tuple[Any, ...]) -> Any:
        """Return the truth values that `ends` gives, or None if there is no such element."""
        found = self.ends(*[plain(v) for v in saved])
        return None if found is None or not anywhere(found) else found

    def stopped(self, saved: tuple[Any, ...], t: Any) -> Any:
        """Return a product that is zero where the result does not move, be the other factor infinite."""
        found = self.ended(saved)
        if found is None:
            return self.fn(*saved) * t
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(found, 0, self.fn(*saved) * t)


def of_argument(name: str, partial: Any, operands: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return what a ufunc names, which is a formula of the argument; None for any other formula."""
    if not isinstance(partial, np.ufunc):
        return None
    if len(operands) != 1 or partial.nin != 1:
        raise RuleError(
            f"a rule of {name} is the ufunc {partial.__name__}; only f'(x) of one argument can be one"
        )
    return (X,)


class Reading(Row):
    """The row of `x[index]`, which saves the index."""

    def __init__(self) -> None:
        super().__init__("indexing", 1, ())
        self.how = READ


class Settled(Row):
    """The row of a partial derivative that is saved as a value."""

    def __init__(self) -> None:
        super().__init__("a partial derivative", 1, ())
        self.how = SAME


def _is_identity(fn: Formula) -> bool:
    """Tell whether a formula is `lambda v: v`, which then need not be called."""
    code = getattr(fn, "__code__", None)
    return code is not None and code.co_code == _IDENTITY and code.co_argcount == 1


# from source text: a compiled function has no byte code
_IDENTITY: Final = eval("lambda v: v").__code__.co_code


def rebuilt(like: Any, items: list[Any]) -> Any:
    """Return items in the tuple, named tuple or list type of a primitive's own result."""
    make = getattr(type(like), "_make", type(like))
    return make(items)
