"""Calls of primitives to check: from samples, from domains, and from a user's own arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from attrs import evolve, frozen

from funcad.core.elementwise import Binary, Unary
from funcad.core.primitive import Primitive
from funcad.testing import cases as _cases  # noqa: F401 - fills the table of samples
from funcad.testing.places import argument_name
from funcad.testing.samples import CALLED_BY, SAMPLES, Call, Spec, draw_from
from funcad.testing.vectors import is_differentiable

Shapes = tuple[tuple[int, ...], ...]

#: what elementwise functions are drawn with: 0-d, arrays, broadcasting pairs, empty ones
UNARY_SHAPES: tuple[Shapes, ...] = (((),), ((3,),), ((2, 3),), ((0,),))
BINARY_SHAPES: tuple[Shapes, ...] = (
    ((), ()),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((2, 3), ()),
    ((), (3,)),
    ((0,), (0,)),
)
TERNARY_SHAPES: tuple[Shapes, ...] = (
    ((), (), ()),
    ((3,), (2, 3), ()),
    ((2, 1), (1, 3), (3,)),
    ((0,), (0,), (0,)),
)
QUATERNARY_SHAPES: tuple[Shapes, ...] = (
    ((), (), (), ()),
    ((3,), (2, 3), (), (3,)),
    ((2, 1), (1, 3), (3,), (1,)),
    ((0,), (0,), (0,), (0,)),
)


@frozen
class Slot:
    """The place of a differentiated array in a call."""

    number: int


@frozen
class Drawn:
    """A call with its differentiated arrays taken out."""

    primitive: Primitive
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    #: the arrays to differentiate, and of which argument each is a part
    leaves: tuple[Any, ...]
    arguments: tuple[int | str, ...]
    labels: tuple[str, ...]
    order: int = 2

    def __call__(self, *leaves: Any) -> Any:
        args, kwargs = self.filled(leaves)
        return self.fn(*args, **kwargs)

    def filled(self, leaves: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return positional and keyword arguments with arrays in the places."""
        args = tuple(_fill(a, leaves) for a in self.args)
        return args, {k: _fill(v, leaves) for k, v in self.kwargs.items()}

    def text(self, name: str) -> str:
        """Return the call as it would be written: `np.sum(float64(2, 3), axis=0)`."""
        args, kwargs = self.filled(self.leaves)
        parts = [_describe(a) for a in args] + [f"{k}={_describe(v)}" for k, v in kwargs.items()]
        return f"{name}({', '.join(parts)})"


def _fill(x: Any, leaves: tuple[Any, ...]) -> Any:
    if isinstance(x, Slot):
        return leaves[x.number]
    if type(x) in (list, tuple):
        return type(x)(_fill(v, leaves) for v in x)
    return x


def _describe(x: Any) -> str:
    if isinstance(x, (np.ndarray, np.generic)):
        return f"{x.dtype}{x.shape}"
    if type(x) in (list, tuple):
        inside = ", ".join(_describe(v) for v in x)
        return f"[{inside}]" if type(x) is list else f"({inside}{',' if len(x) == 1 else ''})"
    return getattr(x, "__name__", None) or repr(x)


class _Taker:
    """Takes the arrays to differentiate out of the arguments of a call."""

    def __init__(self, p: Primitive, wanted: Callable[[Any], bool]) -> None:
        self.p = p
        self.wanted = wanted
        self.leaves: list[Any] = []
        self.arguments: list[int | str] = []
        self.labels: list[str] = []

    def take(self, x: Any, argument: int | str, path: str = "") -> Any:
        """Return an argument with slots in place of the arrays that are wanted."""
        if type(x) in (list, tuple):
            return type(x)(self.take(v, argument, f"{path}[{k}]") for k, v in enumerate(x))
        if not self.wanted(x):
            return x
        self.leaves.append(x)
        self.arguments.append(argument)
        self.labels.append(argument_name(self.p, argument) + path)
        return Slot(len(self.leaves) - 1)


def taken(
    p: Primitive,
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    order: int = 2,
    wanted: Callable[[Any], bool] = is_differentiable,
) -> Drawn:
    """Return a call with the arrays that are to be differentiated taken out."""
    taker = _Taker(p, wanted)
    template = tuple(taker.take(a, k) for k, a in enumerate(args))
    keywords = {k: taker.take(v, k) for k, v in kwargs.items()}
    return Drawn(
        p, fn, template, keywords,
        tuple(taker.leaves), tuple(taker.arguments), tuple(taker.labels), order,
    )  # fmt: skip


def given(
    p: Primitive, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], order: int
) -> Drawn:
    """Return a user's own call: its arrays are differentiated, or its floats where there is no array."""
    drawn = taken(p, fn, args, kwargs, order, lambda x: hasattr(x, "dtype") and is_differentiable(x))
    return drawn if drawn.leaves else taken(p, fn, args, kwargs, order)


def from_call(
    p: Primitive, fn: Callable[..., Any], sample: Call, rng: np.random.Generator, dtype: Any = np.float64
) -> Drawn:
    """Draw the arrays of a sample call."""
    marked: list[Any] = []  # what was drawn to be differentiated, by identity

    def draw(x: Any) -> Any:
        if isinstance(x, Spec):
            if not x.domain.differentiable:
                return draw_from(x.domain, x.shape, rng)
            y = x.draw(rng, dtype)
            marked.append(y)
            return y
        return type(x)(draw(v) for v in x) if type(x) in (list, tuple) else x

    args = tuple(draw(a) for a in sample.args)
    kwargs = {k: draw(v) for k, v in sample.kwargs.items()}
    order: Any = sample.order
    if isinstance(order, str):  # order="F" is meant for the function
        kwargs["order"], order = order, 2
    fn = CALLED_BY.get(fn, fn)
    return taken(p, fn, args, kwargs, order, lambda x: any(x is y for y in marked))


def elementwise(
    p: Primitive, fn: Callable[..., Any], shapes: Shapes, rng: np.random.Generator, dtype: Any = np.float64
) -> Drawn:
    """Draw arguments of some shapes from the domain of an elementwise primitive."""
    specs = [Spec(shape, domain) for shape, domain in zip(shapes, p.domain, strict=True)]
    return from_call(p, fn, Call(tuple(specs)), rng, dtype)


def python_floats(p: Primitive, fn: Callable[..., Any], rng: np.random.Generator) -> Drawn:
    """Draw Python floats from the domain of an elementwise primitive."""
    return taken(p, fn, tuple(float(draw_from(d, (), rng)) for d in p.domain), {})


def own_calls(p: Primitive, fn: Callable[..., Any], rng: np.random.Generator) -> Iterator[Drawn]:
    """Yield the calls that a primitive's domain and its samples give, also in single precision."""
    if p.domain:
        shapes = (UNARY_SHAPES, BINARY_SHAPES, TERNARY_SHAPES, QUATERNARY_SHAPES)[len(p.domain) - 1]
        for s in shapes:
            yield elementwise(p, fn, s, rng)
        if isinstance(p, (Unary, Binary)):
            yield python_floats(p, fn, rng)
        yield evolve(elementwise(p, fn, shapes[1], rng, np.float32), order=1)
    for sample in SAMPLES.get(fn, ()):
        yield from_call(p, fn, sample, rng)
        if sample.float32:
            yield evolve(from_call(p, fn, sample, rng, np.float32), order=1)
