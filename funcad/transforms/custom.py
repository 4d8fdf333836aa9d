"""`custom_jvp` and `custom_vjp`: functions of containers with a derivative of the user's own.

Unlike a primitive such a function takes and returns containers, and without a transform its
body runs as it stands. Each call makes a primitive of its leaves, so that all modes and their
nestings follow.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

from funcad.core.batching import Call
from funcad.core.broadcast import fit, fit_of, stretch
from funcad.core.general import General, zeros_like
from funcad.core.kinds import general_primitive
from funcad.core.tracer import top_trace
from funcad.errors import MismatchError, RuleError
from funcad.transforms.leaves import Parts
from funcad.transforms.vmap import vmap

P = ParamSpec("P")
R = TypeVar("R")
Rule = Callable[..., Any]
Axes = tuple[int | None, ...]


class _Custom(Generic[P, R]):
    """A function whose numbers, taken out of its containers, are the operands of a primitive."""

    def __init__(self, f: Callable[P, R]) -> None:
        functools.update_wrapper(self, f)
        self._f = f

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        parts = [Parts(a) for a in self._positional(args, kwargs)]
        numbers = tuple([x for p in parts for x in p.numbers])
        top = top_trace(numbers)
        if top is None:
            return self._f(*args, **kwargs)
        made = _Leaves(self, parts)
        flat = top.general(made.primitive(), numbers, ())
        if made.out is None:
            raise RuleError(f"{self._f.__name__} returned no result")
        return made.out.rebuild(flat if made.several else [flat])  # type: ignore[no-any-return]

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        # so that a function in a class body is a method
        return self if obj is None else functools.partial(self, obj)

    def __reduce__(self) -> str:
        return self._f.__qualname__

    def _positional(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        if not kwargs:
            return args
        bound = inspect.signature(self._f).bind(*args, **kwargs)
        bound.apply_defaults()
        if bound.kwargs:
            raise TypeError(f"{self._f.__name__}: keyword-only arguments cannot be differentiated")
        return bound.args

    def rule(self, made: _Leaves) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Return the jvp and the vjp rule of the primitive of one call."""
        raise NotImplementedError

    def twin(self, made: _Leaves, flat: Callable[..., Any], axes: Axes, size: int) -> _Custom[..., Any]:
        """Return the custom function that computes a whole batch, with rules that do so too."""
        raise NotImplementedError


class _Leaves:
    """One call of a custom function, seen as a function of its numbers alone."""

    def __init__(self, custom: _Custom[Any, Any], parts: list[Parts]) -> None:
        self.custom = custom
        self.parts = parts
        self.out: Parts | None = None
        self.several = False
        #: the cotangent of the walk in progress and those of all operands
        self.pulled: tuple[Any, list[Any]] | None = None

    def forget(self) -> None:
        """Forget the cotangents of a walk."""
        self.pulled = None

    def primitive(self) -> General:
        """Return the variadic primitive of the call."""
        jvp, vjp = self.custom.rule(self)
        p = general_primitive(self.custom._f.__name__, self.evaluate, "general", jvp, vjp)
        p.finished = self.forget
        p.batching = self.batched
        return p

    def trees(self, numbers: Any) -> list[Any]:
        """Return the arguments with other numbers."""
        trees, k = [], 0
        for p in self.parts:
            trees.append(p.rebuild(numbers[k : k + len(p.numbers)]))
            k += len(p.numbers)
        return trees

    def evaluate(self, *numbers: Any) -> Any:
        """Call the function; its result becomes one array or a tuple of arrays."""
        return self.taken_apart(self.custom(*self.trees(numbers)))

    def taken_apart(self, result: Any) -> Any:
        """Return a result as one array or a tuple of arrays."""
        self.out = Parts(result)
        self.several = len(self.out.numbers) != 1
        return tuple(self.out.numbers) if self.several else self.out.numbers[0]

    def batched(self, c: Call) -> Any:
        """Compute a whole batch one level down, where a rule still stands in for the derivative."""
        axes = tuple([0 if s else None for s in c.stacked])

        @functools.wraps(self.custom._f)
        def flat(*numbers: Any) -> Any:
            return vmap(self.example, axes, axis_size=c.size)(*numbers)

        return self.custom.twin(self, flat, axes, c.size)(*c.values)

    def example(self, *numbers: Any) -> Any:
        """Call the body of the function with one example."""
        return self.taken_apart(self.custom._f(*self.trees(numbers)))

    def flat(self, tree: Any, what: str) -> Any:
        """Return the numbers of a tree that must have the structure of the result."""
        assert self.out is not None
        parts = Parts(tree)
        if parts.structure != self.out.structure:
            raise MismatchError(
                f"the rule of {self.custom._f.__name__} must return a {what} of the structure "
                f"{self.out.structure} (got {parts.structure})"
            )
        numbers = [parts.leaves[k] for k in self.out.numeric]
        return tuple(numbers) if self.several else numbers[0]


class CustomJvp(_Custom[P, R]):
    """A function with a jvp rule of its own; reverse mode is the transpose of it."""

    _rule: Rule | None = None

    def defjvp(self, rule: Rule) -> Rule:
        """Declare the rule: `rule(primals, tangents) -> (value, tangent)`, both tuples given.

        The tangent has the structure of the value and must be linear in the tangents.
        """
        self._rule = rule
        return rule

    def rule(self, made: _Leaves) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        if self._rule is None:
            raise RuleError(f"{self._f.__name__} has no rule: declare one with {self._f.__name__}.defjvp")

        def push(t: Any, operands: Any, i: int) -> Any:
            tangents = [t if k == i else zeros_like(x) for k, x in enumerate(operands)]
            return self.pushed(made, operands, tangents)

        return (push,), ()

    def pushed(self, made: _Leaves, operands: Any, tangents: Any) -> Any:
        """Return the tangent of the result, flat."""
        assert self._rule is not None
        result = self._rule(tuple(made.trees(operands)), tuple(made.trees(tangents)))
        if not isinstance(result, tuple) or len(result) != 2:
            raise RuleError(f"the rule of {self._f.__name__} must return a pair (value, tangent)")
        return made.flat(result[1], "tangent")

    def twin(self, made: _Leaves, flat: Callable[..., Any], axes: Axes, size: int) -> CustomJvp[..., Any]:
        def one(*both: Any) -> Any:
            assert made.out is not None
            n = len(axes)
            t = self.pushed(made, both[:n], both[n:])
            values = made.out.numbers
            return tuple(map(stretch, t, values)) if made.several else stretch(t, values[0])

        twin = CustomJvp(flat)
        twin._rule = lambda xs, ts: (None, vmap(one, axes + axes, axis_size=size)(*xs, *ts))
        return twin


class CustomVjp(_Custom[P, R]):
    """A function with a vjp rule of its own; forward mode is the transpose of it."""

    _forward: Rule | None = None
    _backward: Rule | None = None

    def defvjp(self, forward: Rule, backward: Rule) -> None:
        """Declare the rule in two halves.

        Args:
            forward: `forward(*args) -> (value, residuals)`.
            backward: `backward(residuals, cotangent) -> cotangents`, a tuple with one per
                argument; None stands for zeros.
        """
        self._forward, self._backward = forward, backward

    def rule(self, made: _Leaves) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        if self._forward is None or self._backward is None:
            raise RuleError(f"{self._f.__name__} has no rule: declare one with {self._f.__name__}.defvjp")

        def pull(g: Any, operands: Any, i: int) -> Any:
            # one run of both halves serves all operands of a walk; `finished` forgets it
            pulled = made.pulled  # another thread may be walking back over the same record
            if pulled is None or pulled[0] is not g:
                pulled = made.pulled = (g, self.pulled(made, operands, g if made.several else (g,)))
            return pulled[1][i]

        return (), (pull,)

    def pulled(self, made: _Leaves, operands: Any, gs: Any) -> list[Any]:
        """Return the cotangents of all operands, None for zeros."""
        assert made.out is not None
        assert self._forward is not None
        assert self._backward is not None
        filled = [zeros_like(x) if c is None else c for c, x in zip(gs, made.out.numbers, strict=True)]
        _, residuals = self._forward(*made.trees(operands))
        cotangents = self._backward(residuals, made.out.rebuild(filled))
        if not isinstance(cotangents, tuple) or len(cotangents) != len(made.parts):
            raise RuleError(
                f"the backward rule of {self._f.__name__} must return a tuple of "
                f"{len(made.parts)} cotangents, one per argument (got {cotangents!r})"
            )
        numbers: list[Any] = []
        for p, c in zip(made.parts, cotangents, strict=True):
            given = None if c is None else Parts(c)
            if given is not None and given.structure != p.structure:
                raise MismatchError(
                    f"a cotangent of {self._f.__name__} must have the structure {p.structure} "
                    f"of its argument (got {given.structure})"
                )
            numbers += [None if given is None else given.leaves[k] for k in p.numeric]
        return numbers

    def twin(self, made: _Leaves, flat: Callable[..., Any], axes: Axes, size: int) -> CustomVjp[..., Any]:
        def one(*both: Any) -> Any:
            n = len(axes)
            pulled = zip(self.pulled(made, both[:n], both[n:]), both[:n], strict=True)
            return [None if c is None else fit(c, *fit_of(x)) for c, x in pulled]

        def backward(xs: Any, g: Any) -> Any:
            gs = g if made.several else (g,)
            cotangents = vmap(one, axes + (0,) * len(gs), axis_size=size)(*xs, *gs)
            # what all examples share gets the sum of what each sends back
            return tuple([
                np.sum(c, axis=0) if axis is None and c is not None else c
                for c, axis in zip(cotangents, axes, strict=True)
            ])  # fmt: skip

        twin = CustomVjp(flat)
        twin.defvjp(lambda *xs: (None, xs), backward)
        return twin


def custom_jvp(f: Callable[P, R]) -> CustomJvp[P, R]:
    """Give a function a jvp rule of its own; every mode and every order follow from it.

    Args:
        f: a function of arrays or containers. It must not close over traced values.

    >>> import numpy as np
    >>> from funcad import grad
    >>> @custom_jvp
    ... def log1pexp(x):
    ...     return np.log1p(np.exp(x))
    >>> @log1pexp.defjvp
    ... def rule(primals, tangents):
    ...     (x,), (t,) = primals, tangents
    ...     return log1pexp(x), t / (1 + np.exp(-x))
    >>> float(grad(log1pexp)(0.0))
    0.5
    """
    return CustomJvp(f)


def custom_vjp(f: Callable[P, R]) -> CustomVjp[P, R]:
    """Give a function a vjp rule of its own; every mode and every order follow from it.

    Args:
        f: a function of arrays or containers. It must not close over traced values.

    >>> from funcad import grad
    >>> @custom_vjp
    ... def clipped_gradient(x):
    ...     return x
    >>> clipped_gradient.defvjp(lambda x: (x, None), lambda _, g: (max(min(g, 1.0), -1.0),))
    >>> grad(lambda x: clipped_gradient(5.0 * x))(2.0)
    5.0
    """
    return CustomVjp(f)
