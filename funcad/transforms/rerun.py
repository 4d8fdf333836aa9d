"""A call of a function that the reverse pass runs again, instead of keeping what it computed.

The call becomes a primitive of the traced values that reach the function: its arguments, and what it
closes over. A tape then keeps these values alone. The rules of the primitive are calls of this kind
themselves, so that a tape one level down keeps no more of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from types import CellType
from typing import Any, Final, NamedTuple

import numpy as np

from funcad.core.general import General
from funcad.core.tracer import Tracer, check_closed, top_trace, user_line
from funcad.errors import AssignmentError, ReversePassError
from funcad.transforms import fingerprint
from funcad.transforms.dual import Dual, JvpTrace
from funcad.transforms.leaves import Parts
from funcad.transforms.reach import Copier, Snapshot
from funcad.transforms.recording import Recording
from funcad.transforms.tape import Tape
from funcad.transforms.variable import Taped
from funcad.transforms.vjp import copied

_SIGNATURE: Final = inspect.signature(lambda *operands: operands)


def call(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function so that a tape keeps what it is given, and not what it computes."""
    made = Call(f, args, kwargs)
    # without a tape nothing is kept anyway
    return made.run() if any([on_tape(x) for x in made.operands]) else f(*args, **kwargs)


def on_tape(x: Any) -> bool:
    """Tell whether a value is on the tape of a reverse mode, at any level."""
    while isinstance(x, Tracer):
        if x.run.written:
            x.run.current(x)
        if isinstance(x.run, Tape) or (isinstance(x, Dual) and on_tape(x.tangent)):
            return True
        x = x.value
    return False


class Known(NamedTuple):
    """What a run of a function is known by."""

    structure: str
    results: tuple[Any, ...]
    constants: tuple[Any, ...] | None
    #: the states of the generators that it drew from
    drawn: tuple[Any, ...] | None


class Call:
    """One call of a function, seen as a function of the traced values that reach it."""

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.name: str = getattr(f, "__name__", type(f).__name__)
        #: what the first run gets, dropped behind it, since a tape keeps the call
        self.root: Any = (f, args, kwargs)
        self.snapshot = Snapshot(self.root)
        leaves = self.snapshot.leaves
        self.traced = [k for k, (_, x) in enumerate(leaves) if isinstance(x, Tracer)]
        self.operands: tuple[Any, ...] = tuple([leaves[k][1] for k in self.traced])
        #: by their slots the arrays that are no operands
        self.arrays = {k: x for k, (_, x) in enumerate(leaves) if not isinstance(x, Tracer)}
        #: the result: its structure, and the leaves that are no numbers
        self.out: Parts | None = None
        #: which numbers of the result depend on the operands
        self.depends: set[int] = set()
        #: the identities of the arrays that the first run kept for a derivative
        self.used: set[int] = set()
        #: what the first run is known by; a batch that runs element by element has several
        self.seen: set[Known] = set()

    def run(self) -> Any:
        """Run the function for the first time, and return its result."""
        numbers = self.bind(*self.operands)
        assert self.out is not None
        result = self.out.rebuild(numbers)
        # a tape keeps the call: drop all that a further run does not need
        self.root, self.operands, self.out.leaves = None, (), []
        self.snapshot.forget()
        return result

    def bind(self, *operands: Any) -> tuple[Any, ...]:
        """Return the numbers of the result, for operands of any level."""
        if not any([on_tape(x) for x in operands]):
            return self._first(operands)
        top = top_trace(operands)
        assert top is not None
        if type(top) is JvpTrace:
            return self._pushed(top, operands)
        kept = dict(self.arrays)
        numbers: tuple[Any, ...] = top.general(self._primitive(Pull(self, kept)), operands, ())
        if not isinstance(top, Tape):
            return numbers
        for k, x in kept.items():
            if (id(x) in self.used or x.base is not None) and top.constant(x) is not x:
                # with its strides, by which NumPy's loops may round otherwise, and a view again
                kept[k] = np.array(x) if x.base is None else copied(x)[...]
        return tuple([x if k in self.depends else _below(x, top) for k, x in enumerate(numbers)])

    def _first(self, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        """Run the function on a tape that is thrown away: what the function stores elsewhere is of no use."""
        before = fingerprint.of_generators()
        recording = Recording(self.as_called, [Parts(list(operands))])
        numbers = recording.values()
        tape = recording.tape
        if tape.constants is not None:
            self.used.update(tape.constants.held)
        known = _known_by(before, recording.out, numbers, tape)
        tape.release()
        self.note(known, recording.out, [k for k, x in enumerate(recording.out.numbers) if recording.owns(x)])
        return tuple(numbers)

    def as_called(self, values: Sequence[Any]) -> Any:
        """Call the function with other values of the operands, and all else as the caller gave it."""
        leaves = [self.snapshot.leaves[k][0] for k in self.traced]
        swapped = {id(x): v for x, v in zip(leaves, values, strict=True)}
        copier = Copier(lambda x: swapped.get(id(x), x), self.snapshot.leading_to(leaves))
        f, args, kwargs = copier.copy(self.root)
        held = copier.contents()
        given = [(v, v.run, v.value) for v in values if isinstance(v, Tracer)]
        result = f(*args, **kwargs)
        if any([v.link is not None or v.run is not run or v.value is not value for v, run, value in given]):
            raise AssignmentError(
                f"{self.name} (called at {user_line()}) under checkpoint writes to a traced array that it "
                "closes over or was given: it has a copy of it, so that the change would be lost; write to a "
                "copy (`x.copy()`), and return the new value"
            )
        for x, before, now in zip(copier.made, held, copier.contents(), strict=True):
            if len(before) != len(now) or any([a is not b for a, b in zip(before, now, strict=True)]):
                kind = "variable" if type(x) is CellType else type(x).__name__
                raise AssignmentError(
                    f"{self.name} (called at {user_line()}) under checkpoint writes to a {kind} that it "
                    "closes over or was given, and that holds traced values: it has a copy of it, so that "
                    "the change would be lost; return the new value instead"
                )
        return result

    def again(self, values: Sequence[Any], arrays: dict[int, Any]) -> Any:
        """Call the function with other values of the operands, and all else as it was at the call."""
        f, args, kwargs = self.snapshot.filled(arrays | dict(zip(self.traced, values, strict=True)))
        return f(*args, **kwargs)

    def note(self, known: Known, out: Parts, depends: Sequence[int]) -> None:
        """Note what a first run is known by, and what its result looks like."""
        self.seen |= {known, known._replace(constants=None)}
        self.depends.update(depends)
        # the numbers are values of a tape, which they would keep
        out.leaves = [None if k in out.numeric else x for k, x in enumerate(out.leaves)]
        out.numbers = []
        self.out = out

    def check(self, known: Known) -> None:
        """Refuse a further run that was not the same as a first one."""
        if all([k.constants is None for k in self.seen]):
            known = known._replace(constants=None)  # the first run was forward, and noted none
        if known not in self.seen:
            # a function that sets the seed leaves a state that the generators may have had before
            known = known._replace(drawn=fingerprint.of_generators())
        if known not in self.seen:
            raise ReversePassError(
                f"{self.name} under checkpoint computed something else, or drew other random numbers, when "
                "it was run again; it must compute the same each time: pass what changes as an argument, "
                "and draw random numbers outside, or from a generator that is an argument"
            )

    def _primitive(self, pull: Pull) -> General:
        p = General(self.name, self.bind, "general", _SIGNATURE, ())
        p.declare([self._tangents], [pull.of_operand])
        p.finished = pull.forget
        return p

    def _pushed(self, top: JvpTrace, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        """Run the function forward; a tape below keeps the values and the tangents that go in."""
        pairs = [top.primal_and_tangent(x) for x in operands]
        listed = [v for v, _ in pairs], [t for _, t in pairs]
        values, tangents = call(Push(self, first=True), (*listed, self.arrays), {})
        p = self._primitive(Pull(self, {}))
        for x in (*values, *tangents):
            check_closed(p, x, top)
        return tuple([top.lift(v, t) for v, t in zip(values, tangents, strict=True)])

    def _tangents(self, t: Any, operands: Any, i: int) -> Any:
        """Return the tangents of the results along that of one operand."""
        listed = [t if k == i else None for k in range(len(operands))]
        return tuple(call(Push(self, first=False), (list(operands), listed, self.arrays), {})[1])


class Push:
    """A call run forward: values and tangents of the operands give those of the results."""

    def __init__(self, made: Call, first: bool) -> None:
        self.__name__ = made.name
        self.made = made
        self.first = first

    def __call__(
        self, values: list[Any], tangents: list[Any], arrays: dict[int, Any]
    ) -> tuple[list[Any], list[Any]]:
        made = self.made
        trace = JvpTrace()
        duals = [v if t is None else Dual(trace, v, t) for v, t in zip(values, tangents, strict=True)]
        first = self.first and made.root is not None
        before = fingerprint.of_generators()
        try:
            out = Parts(made.as_called(duals) if first else made.again(duals, arrays))
        finally:
            trace.end()
        own = [type(x) is Dual and x.run is trace for x in out.numbers]
        results = [x.value if mine else x for x, mine in zip(out.numbers, own, strict=True)]
        pushed = [x.tangent if mine else None for x, mine in zip(out.numbers, own, strict=True)]
        known = _known_by(before, out, results)
        if first:
            made.note(known, out, [k for k, x in enumerate(out.numbers) if isinstance(x, Tracer)])
        else:
            made.check(known)
        return results, pushed


class Pull:
    """The way back through a call: cotangents of the results give those of the operands."""

    def __init__(self, made: Call, kept: dict[int, Any]) -> None:
        self.__name__ = made.name
        self.made = made
        #: the arrays that are no operands, as the tape keeps them
        self.kept = kept
        #: the cotangent of the walk in progress and those of all operands
        self.pulled: tuple[Any, list[Any]] | None = None

    def of_operand(self, g: Any, operands: Any, i: int) -> Any:
        """Return the cotangent of one operand: one run of the function serves all of a walk."""
        pulled = self.pulled  # another thread may be walking back over the same record
        if pulled is None or pulled[0] is not g:
            pulled = self.pulled = (g, call(self, (list(g), list(operands), self.kept), {}))
        return pulled[1][i]

    def forget(self) -> None:
        """Forget the cotangents of a walk."""
        self.pulled = None

    def __call__(self, gs: list[Any], values: list[Any], kept: dict[int, Any]) -> list[Any]:
        made = self.made
        before = fingerprint.of_generators()
        recording = Recording(lambda values: made.again(values, kept), [Parts(values)])
        try:
            made.check(_known_by(before, recording.out, recording.values(), recording.tape))
            return recording.pull(gs, keep=False)[0]
        finally:
            recording.tape.release()


def _known_by(before: Any, out: Parts, numbers: Sequence[Any], tape: Tape | None = None) -> Known:
    """Return what a run is known by; a run forward has no tape."""
    after = fingerprint.of_generators()
    return Known(
        str(out.structure),
        fingerprint.of_results(numbers),
        None if tape is None else fingerprint.of_constants(tape),
        None if after == before else after,
    )


def _below(x: Any, tape: Tape) -> Any:
    """Return the value of a variable of a tape."""
    return x.value if type(x) is Taped and x.run is tape else x
