"""A series whose coefficients are computed when they are asked for, and the recurrences for them.

Coefficients are those of Taylor: c_k is the k-th derivative over k factorial, and None stands for
zero. Source of the recurrences: A. Griewank and A. Walther, Evaluating Derivatives (2008), ch. 13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from funcad.core.array import TracedArray
from funcad.core.broadcast import stretch
from funcad.core.general import General, zeros_like
from funcad.core.tracer import Trace, user_line
from funcad.errors import RuleError, because

#: gives coefficient k from k and the inputs of a series, of which it may be one itself
Recurrence = Callable[..., Any]


class Growing(TracedArray):
    """A series that knows its first coefficients, and a recurrence for the next one.

    Without a recurrence the coefficients that are not known are zero: a constant, or an input.
    """

    __slots__ = ("derivative", "inputs", "known", "recurrence", "slopes")

    def __init__(
        self,
        trace: Trace,
        value: Any,
        recurrence: Recurrence | None = None,
        inputs: tuple[Any, ...] = (),
    ) -> None:
        self.run = trace
        self.value = value
        self.link = None
        self.known: list[Any] = [value]
        #: k times coefficient k, as far as they were asked for
        self.slopes: list[Any] = [None]
        self.recurrence = recurrence
        self.inputs = inputs
        #: the derivative of this series, where it was asked for
        self.derivative: Growing | None = None

    def coefficient(self, k: int) -> Any:
        """Return coefficient k; those before it are known from then on."""
        known = self.known
        while len(known) <= k:
            if self.recurrence is None:
                return None
            c = self.recurrence(len(known), *self.inputs)
            known.append(None if c is None else self._fitted(c))
        return known[k]

    def _fitted(self, c: Any) -> Any:
        """Give a coefficient the shape and dtype of the value."""
        try:
            return stretch(c, self.value)
        except ValueError as e:
            raise because(
                RuleError(f"a rule (called at {user_line()}) returned a tangent that does not fit: {e}"), e
            )

    def slope(self, k: int) -> Any:
        """Return k times coefficient k: what the derivative of the series has in place k - 1."""
        slopes = self.slopes
        while len(slopes) <= k:
            n = len(slopes)
            c = self.coefficient(n)
            slopes.append(c if c is None or n == 1 else n * c)
        return slopes[k]

    def derived(self) -> Any:
        """Return the derivative as a series of its own; None where it is known to be zero."""
        if self.recurrence is None and not any([c is not None for c in self.known[1:]]):
            return None
        made = self.derivative
        if made is None:
            first = self.coefficient(1)
            made = Growing(self.run, zeros_like(self.value) if first is None else first, shifted, (self,))
            self.derivative = made
        return made

    def release(self) -> None:
        """Forget everything but the value and the coefficients."""
        self.recurrence, self.inputs, self.derivative = None, (), None


class Joint:
    """The coefficients of several series that one function gives together: tuples, computed once."""

    __slots__ = ("inputs", "known", "recurrence")

    def __init__(self, recurrence: Recurrence, inputs: tuple[Any, ...]) -> None:
        self.recurrence = recurrence
        self.inputs = inputs
        self.known: list[Any] = [None]

    def coefficient(self, k: int) -> Any:
        """Return the tuple of the coefficients k."""
        while len(self.known) <= k:
            self.known.append(self.recurrence(len(self.known), *self.inputs))
        return self.known[k]


def add(a: Any, b: Any) -> Any:
    """Add coefficients, or tuples of them, of which None is zero."""
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (tuple, list)):
        return tuple([add(u, v) for u, v in zip(a, b, strict=True)])
    return a + b


def convolution(x: Growing, y: Growing, k: int, start: int = 0) -> Any:
    """Return the sum of x_j y_(k-j) for j from `start` to k."""
    x.coefficient(k)
    y.coefficient(k - start)
    return dot(x.known, y.known, k, start)


def dot(xs: list[Any], ys: list[Any], k: int, start: int) -> Any:
    """Return the sum of xs[j] ys[k-j], of which what is None or beyond the end is zero."""
    total = None
    for j in range(max(start, k + 1 - len(ys)), min(k + 1, len(xs))):
        a, b = xs[j], ys[k - j]
        if a is not None and b is not None:
            total = a * b if total is None else total + a * b
    return total


# --- recurrences: coefficient k of a series z, from its inputs


def shifted(k: int, x: Growing) -> Any:
    """z = x'."""
    return x.slope(k + 1)


def same(k: int, x: Growing) -> Any:
    """z = x up to rounding of the value."""
    return x.coefficient(k)


def stopped(k: int, found: Any, recurrence: Recurrence, inputs: tuple[Any, ...]) -> Any:
    """z' = 0 where the result has stopped moving with an infinite argument."""
    with np.errstate(divide="ignore", invalid="ignore"):
        c = recurrence(k, *inputs)
    return None if c is None else np.where(found, 0, c)


def element(k: int, x: Growing, index: Any) -> Any:
    """z = x[index]."""
    c = x.coefficient(k)
    return None if c is None else c[index]


def component(k: int, joint: Joint, place: int) -> Any:
    """z is one of several results."""
    c = joint.coefficient(k)
    return None if c is None else c[place]


def product(k: int, x: Growing, y: Growing) -> Any:
    """z = x y."""
    return convolution(x, y, k)


def quotient(k: int, z: Growing, x: Growing, y: Growing) -> Any:
    """z y = x, solved for the last term of the product."""
    c, rest = x.coefficient(k), convolution(y, z, k, 1)
    if rest is not None:
        c = -rest if c is None else c - rest
    return None if c is None else c / y.value


def power(k: int, z: Growing, x: Growing, p: Any) -> Any:
    """x z' = p x' z, for a constant p."""
    total = None
    for j in range(1, k + 1):
        a, b = x.coefficient(j), z.coefficient(k - j)
        if a is not None and b is not None:
            term = (p * j - (k - j)) * (a * b)
            total = term if total is None else total + term
    return None if total is None else total / (k * x.value)


def exponential(k: int, z: Growing, x: Growing) -> Any:
    """z' = x' z."""
    x.slope(k)
    total = dot(x.slopes, z.known, k, 1)
    return None if total is None else total / k


def image(k: int, p: General, xs: list[Growing], params: tuple[Any, ...]) -> Any:
    """z is a linear function of the xs together."""
    cs = [x.coefficient(k) for x in xs]
    if not any([c is not None for c in cs]):
        return None
    filled = [zeros_like(x.value) if c is None else c for x, c in zip(xs, cs, strict=True)]
    return p.evaluate(filled, params)


def images(k: int, terms: list[tuple[Any, Growing, tuple[Any, ...]]]) -> Any:
    """z is a sum of linear functions, each of one x: fn(x, *saved)."""
    total = None
    for fn, x, saved in terms:
        c = x.coefficient(k)
        if c is not None:
            total = add(total, fn(c, *saved))
    return total


def multilinear(k: int, p: General, xs: list[Growing], traced: list[int], params: Any) -> Any:
    """z is linear in each of the xs, of which those at the places `traced` are no constants."""
    total = None
    for orders in _orders(k, len(traced)):
        cs: list[Any] = [x.value for x in xs]
        for place, j in zip(traced, orders, strict=True):
            cs[place] = xs[place].coefficient(j)
        if not any([cs[place] is None for place in traced]):
            term = p.evaluate(tuple(cs), params)
            total = term if total is None else total + term
    return total


def _orders(k: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to write k as a sum of `count` orders."""
    if count == 1:
        yield (k,)
        return
    for j in range(k + 1):
        for rest in _orders(k - j, count - 1):
            yield (j, *rest)
