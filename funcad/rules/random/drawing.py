"""How the methods of a generator draw with traced parameters.

NumPy's own method draws, with the plain parameters, so that draws and state are those of the plain run. Under
`vmap` a method whose parameters are a batch draws for one example after the other. A family with a formula of a
standard number draws that number too, from the same state, and the formula is traced.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.batching import Call
from funcad.core.broadcast import own_dtype
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import batching
from funcad.core.primitive import Composite, Constant, register, top_within
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError

Method = Callable[..., Any]
#: the methods by name, functions of the generator and NumPy's arguments
METHODS: Final[dict[str, Method]] = {}


class Generator(np.random.Generator):
    """NumPy's generator, whose draws have derivatives by traced parameters.

    >>> import funcad as fc
    >>> from funcad.numpy import random
    >>> fc.grad(lambda mu: random.default_rng(0).normal(mu, 2.0))(1.0)
    1.0
    """

    def __reduce__(self) -> Any:
        return Generator, (self.bit_generator,)


def native(rng: Any, name: str) -> Any:
    """Return NumPy's own method of a generator."""
    return getattr(super(Generator, rng) if isinstance(rng, Generator) else rng, name)


def _pinned(x: Any, base: Any, value: Any) -> Any:
    if np.array_equal(x, base, equal_nan=True):
        return value
    return value + (x - base)


#: x, whose value at the base is another one, which differs from it by rounding
pinned = PrimitiveFunction(_pinned, name="random: pinned")
pinned.def_jvp(lambda t: t, None, None)
pinned.def_vjp(lambda g: g, None, None)


def _pin_all(c: Call) -> Any:
    return c.evaluate(*[c.whole(k) for k in range(3)])


batching(_pin_all, pinned)


def with_value(x: Any, value: Any) -> Any:
    """Return a traced formula of a draw with NumPy's very draw for its value."""
    return pinned(x, plain(x), value)


# --- the draws


def drawn(name: str, draw: Method, params: Sequence[Any]) -> Any:
    """Return what a function of plain parameters draws; for a batch, example after example.

    Batches in batches are taken apart from within, and draw as the loop in a loop does: the outer one is slow.
    """
    return drawn_by(f"np.random.Generator.{name}", draw, params)


def drawn_by(label: str, draw: Method, params: Sequence[Any]) -> Any:
    """Return what a function draws, for messages by its whole name."""
    params = tuple(params)
    if top_within(params) is None:
        return draw(*params)
    counts: list[int] = []  # how many examples were met at each depth
    found: list[tuple[Any, ...]] = []

    def walked(at_end: Method, depth: int, *p: Any) -> Any:
        top = top_within(p)
        counts.extend([0] * (depth + 1 - len(counts)))
        counts[depth] += 1
        if top is None:
            return at_end(*p)
        return top.each(lambda *q: walked(at_end, depth + 1, *q), label, p, {})

    def collect(*p: Any) -> float:
        found.append(p)
        return 0.0

    walked(collect, 0, *params)
    sizes = [n // m for m, n in itertools.pairwise(counts)]
    results: dict[int, Any] = {
        k: draw(*found[k]) for k in np.arange(len(found)).reshape(sizes).ravel(order="F").tolist()
    }
    met = iter(range(len(found)))
    return walked(lambda *_: results[next(met)], 0, *params)


def twice(rng: Any, name: str, standard: Method, params: Sequence[Any], size: Any, **kwargs: Any) -> Any:
    """Return the standard draw and NumPy's draw from the same state, which moves on as in the plain run."""

    def draw(*params: Any) -> tuple[Any, Any]:
        shape = size if size is not None else np.broadcast_shapes(*[np.shape(p) for p in params]) or None
        with rng.bit_generator.lock:  # no other thread draws in between
            state = rng.bit_generator.state
            z = standard(rng, shape, *params)
            rng.bit_generator.state = state
            return z, native(rng, name)(*params, size=size, **kwargs)

    return drawn(name, draw, [plain(p) for p in params])


def wide(x: Any) -> Any:
    """Return a parameter as NumPy takes it, in double precision."""
    x = as_operand(x)
    if type(x) is float:
        return x
    dtype = own_dtype(x)
    if dtype is None:
        return float(x) if isinstance(x, int) else x
    return x if dtype == np.float64 else x.astype(np.float64)


def method(
    name: str, params: str, defaults: Sequence[Any] = (), kind: str = "composite"
) -> Callable[[Method], Method]:
    """Declare, as a decorator, what a method computes where one of its parameters is traced.

    Args:
        name: the method.
        params: its parameters that may be traced, which are its first ones.
        defaults: those of the last ones among them.
        kind: of the entry in the registry; "refuses" for a method that raises, which has none.
    """
    names = params.split()
    padding = (inspect.Parameter.empty,) * (len(names) - len(defaults))
    signature = inspect.signature(getattr(np.random.Generator, name))

    def declare(compute: Method) -> Method:
        def drawing(rng: Any, *args: Any, **kwargs: Any) -> Any:
            if not contains_tracer(args) and not contains_tracer(tuple(kwargs.values())):
                return native(rng, name)(*args, **kwargs)
            bound = signature.bind(rng, *args, **kwargs)
            given = dict(list(bound.arguments.items())[1:])
            for n, default in zip(names, (*padding, *defaults), strict=True):
                given.setdefault(n, default)
            values = [given.pop(n) for n in names]
            for key, value in given.items():
                if contains_tracer(value) or (key == "out" and value is not None):
                    raise UnsupportedArgumentError(
                        f"np.random.Generator.{name} of traced values takes no {key}={value!r}"
                    )
            return compute(rng, *values, **{k: v for k, v in given.items() if k != "out"})

        drawing.__name__, drawing.__qualname__ = name, f"Generator.{name}"
        drawing.__doc__ = f"`numpy.random.Generator.{name}`, for parameters that may be traced."
        drawing.__signature__ = signature  # type: ignore[attr-defined]
        METHODS[name] = drawing
        if kind == "constant":
            register(drawing, Constant(f"np.random.Generator.{name}", drawing))
        elif kind == "composite":
            register(drawing, Composite(f"np.random.Generator.{name}", drawing, drawing))
        setattr(Generator, name, drawing)
        return drawing

    return declare
