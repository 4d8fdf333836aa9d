"""`scipy.signal`: recursive filters, in coefficients, signal and initial state.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, `a`, `b`, `x` the operands, and SciPy's own parameters.
The filter with the polynomials A and B in the delay gives the y with A y = B x. Hence A dy = dB x + B dx - dA y, and
the transposed systems are the same filters run backwards in time. A state z before the first sample adds to A y the
numbers a[0] z, one after the other, and is left behind by the last sample as what the filter gives after it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand
from funcad.core.batching import Call, looped
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.primitive import registry
from funcad.core.tracer import agreed, plain
from funcad.rules.batching.reductions import shifted
from funcad.rules.fourier import along, resized
from funcad.rules.scipy.signal_convolution import convolve

lfilter = twin(signal.lfilter)
lfilter_zi = twin(signal.lfilter_zi)
lfiltic = twin(signal.lfiltic)
filtfilt = twin(signal.filtfilt)
sosfilt = twin(signal.sosfilt)
sosfilt_zi = twin(signal.sosfilt_zi)
sosfiltfilt = twin(signal.sosfiltfilt)
deconvolve = twin(signal.deconvolve)

ONE = np.ones(1)


def polynomial(c: Any) -> Any:
    """Return coefficients, of which a number is one."""
    c = as_operand(c)
    return c if getattr(c, "ndim", 0) else np.reshape(c, 1)


def part(x: Any, axis: int, start: Any, stop: Any = None, step: Any = None) -> Any:
    """Return a slice along one axis."""
    return x[(slice(None),) * (axis % x.ndim) + (slice(start, stop, step),)]


# --- a filter at rest


def at_rest(b: Any, a: Any, x: Any, axis: int = -1) -> Any:
    """Filter along an axis, from the state zero."""
    return signal.lfilter(b, a, x, axis)


filtered = PrimitiveFunction(at_rest, name="scipy.signal.lfilter (at rest)")


class Backwards:
    """A^-T g for the cotangent g of one record, which the rules of several operands need."""

    def __init__(self) -> None:
        self.known: Any = None

    def __call__(self, g: Any, a: Any, axis: int) -> Any:
        known = self.known  # another thread may be walking back
        if known is None or known[0] is not g or known[1] is not a or known[2] != axis:
            known = self.known = (g, a, axis, np.flip(filtered(ONE, a, np.flip(g, axis), axis), axis))
        return known[3]

    def forget(self) -> None:
        """Forget it, once all operands of the record have their cotangents."""
        self.known = None


backwards = Backwards()


def lagged(r: Any, x: Any, count: int, axis: int) -> Any:
    """Return the sums of r[n + k] x[n] along an axis for k below a count, over all rows together."""
    n = x.shape[axis] + count - 1
    if x.ndim == 1:
        r = np.concatenate([r, np.zeros(n - len(r), r.dtype)])
    else:  # one row after the other, and zeros between them
        r, x = (np.ravel(np.moveaxis(resized(v, n, axis), axis, -1)) for v in (r, x))
        x = x[: len(x) - count + 1]
    return np.convolve(r, np.flip(x), "valid")


def delayed(b: Any, x: Any, axis: int) -> Any:
    """B x: the sums of b[k] x[n - k]."""
    return np.convolve(b, x)[: len(x)] if x.ndim == 1 else filtered(b, ONE, x, axis)


def advanced(g: Any, b: Any, axis: int) -> Any:
    """B^T g: the sums of b[k] g[n + k]."""
    return np.flip(delayed(b, np.flip(g, axis), axis), axis)


# fmt: off
filtered.def_jvp(
    lambda t, a, x, axis: filtered(ONE, a, delayed(t, x, axis), axis),
    lambda t, ans, a, axis: -filtered(ONE, a, delayed(t, ans, axis), axis),
    lambda t, b, a, axis: filtered(b, a, t, axis),
)
filtered.def_vjp(
    lambda g, a, x, axis, b_shape: lagged(backwards(g, a, axis), x, b_shape[0], axis),
    lambda g, ans, a, axis, a_shape: -lagged(backwards(g, a, axis), ans, a_shape[0], axis),
    lambda g, b, a, axis: advanced(backwards(g, a, axis), b, axis),
)
# fmt: on
registry[filtered].finished = backwards.forget  # type: ignore[attr-defined]  # of the kind general


def of_signals(c: Call) -> Any:
    """Filter all signals at once where they have one filter."""
    if c.stacked[0] or c.stacked[1]:
        return looped(c)
    return c.evaluate(*c.values, axis=shifted(c.param("axis"), c.rank(2)))


batching(of_signals, filtered)


# --- with a state


def from_state(b: Any, a: Any, x: Any, zi: Any, axis: int) -> Any:
    """Return what a filter gives from a state on."""
    driven = delayed(b, x, axis) + a[0] * resized(zi, x.shape[axis], axis)
    return filtered(ONE, a, driven, axis)


def with_state(b: Any, a: Any, x: Any, zi: Any, axis: int) -> tuple[Any, Any]:
    """Return what a filter gives from a state on, and the state that is left."""
    n, order = x.shape[axis], max(len(b), len(a)) - 1
    y = from_state(b, a, resized(x, n + order, axis), zi, axis)
    return part(y, axis, 0, n), delayed(a / a[0], part(y, axis, n), axis)


stateful = twin(signal.lfilter, "scipy.signal.lfilter (from a state)")
stateful.def_composite(own_value=True)(lambda b, a, x, axis, zi: with_state(b, a, x, zi, axis))


@lfilter.def_composite()
def _lfilter(b: Any, a: Any, x: Any, axis: int = -1, zi: Any = None) -> Any:
    b, a, x = polynomial(b), polynomial(a), as_operand(x)
    return filtered(b, a, x, axis) if zi is None else stateful(b, a, x, axis, as_operand(zi))


@lfilter_zi.def_composite(own_value=True)
def _lfilter_zi(b: Any, a: Any) -> Any:
    b, a = polynomial(b), polynomial(a)
    while len(a) > 1 and agreed(np.equal(plain(a[0]), 0), "whether a[0] is 0"):
        a = a[1:]
    b, a = b / a[0], a / a[0]
    n = max(len(a), len(b))
    b, a = resized(b, n, 0), resized(a, n, 0)
    # the state z that a constant 1 leaves as it is: y = b[0] + z[0] and z[k] = b[k+1] - a[k+1] y + z[k+1], so that
    # the tails of A and B, summed, give z, and y is the gain B(1) / A(1)
    gain = np.sum(b) / np.sum(a)
    return np.flip(np.cumsum(np.flip(b - a * gain)))[1:]


#: whether SciPy divides by the first coefficient, which older versions do not
DIVIDES_BY_FIRST = signal.lfiltic([1.0], [2.0, 1.0], [1.0])[0] == -0.5


@lfiltic.def_composite(own_value=True)
def _lfiltic(b: Any, a: Any, y: Any, x: Any = None) -> Any:
    b, a, y = polynomial(b), polynomial(a), as_operand(y)
    n, m = len(a) - 1, len(b) - 1

    def left(c: Any, past: Any, count: int) -> Any:
        """The sums of c[m + 1 + j] past[j]."""
        past = resized(past, count, 0)
        return resized(np.stack([np.sum(c[k + 1 :] * past[: count - k]) for k in range(count)]), max(n, m), 0)

    zi: Any = np.zeros(max(n, m))
    if x is not None and m:
        zi = zi + left(b, as_operand(x), m)
    if n:
        zi = zi - left(a, y, n)
    return zi / a[0] if DIVIDES_BY_FIRST else zi


@deconvolve.def_composite()
def _deconvolve(signal: Any, divisor: Any) -> Any:
    num, den = polynomial(signal), polynomial(divisor)
    if len(den) > len(num):
        return [], num
    pulse = np.zeros(len(num) - len(den) + 1)
    pulse[0] = 1
    quotient = filtered(num, den, pulse)
    return quotient, num - convolve(den, quotient)


# --- sections of second order, one after the other


@sosfilt.def_composite(own_value=True)
def _sosfilt(sos: Any, x: Any, axis: int = -1, zi: Any = None) -> Any:
    sos, x = as_operand(sos), as_operand(x)
    if zi is None:
        for section in sos:
            x = filtered(section[:3], section[3:], x, axis)
        return x
    states = []
    for section, state in zip(sos, as_operand(zi), strict=True):
        x, left = with_state(section[:3], section[3:], x, state, axis)
        states.append(left)
    return x, np.stack(states)


@sosfilt_zi.def_composite(own_value=True)
def _sosfilt_zi(sos: Any) -> Any:
    sos, scale, states = as_operand(sos), 1.0, []
    for section in sos:
        states.append(scale * _lfilter_zi(section[:3], section[3:]))
        scale = scale * np.sum(section[:3]) / np.sum(section[3:])
    return np.stack(states)


# --- forwards and backwards, from the state of a signal that was constant before


def extended(x: Any, edge: int, axis: int, padtype: Any) -> Any:
    """Return a signal that goes on at both ends: mirrored, mirrored at the end point, or constant."""
    if not edge or padtype is None:
        return x
    n = x.shape[axis]
    first, last = part(x, axis, 0, 1), part(x, axis, n - 1)
    before, after = part(x, axis, 1, edge + 1), part(x, axis, n - 1 - edge, n - 1)
    if padtype == "odd":
        before, after = 2 * first - before, 2 * last - after
    elif padtype == "constant":
        before, after = np.repeat(first, edge, axis), np.repeat(last, edge, axis)
    return np.concatenate([np.flip(before, axis), x, np.flip(after, axis)], axis)


def both_ways(run: Any, x: Any, edge: int, axis: int, padtype: Any) -> Any:
    """Filter an extended signal in both directions by a function of it and of its first sample."""
    edge = edge if padtype is not None else 0
    y = extended(x, edge, axis, padtype)
    for _ in range(2):
        y = np.flip(run(y, part(y, axis, 0, 1)), axis)
    return part(y, axis, edge, y.shape[axis] - edge)


@filtfilt.def_composite(own_value=True)
def _filtfilt(
    b: Any,
    a: Any,
    x: Any,
    axis: int = -1,
    padtype: Any = "odd",
    padlen: Any = None,
    method: str = "pad",
    irlen: Any = None,
) -> Any:
    b, a, x = polynomial(b), polynomial(a), as_operand(x)
    if method == "gust":
        return gustafsson(b, a, x, axis, irlen)
    zi = along(_lfilter_zi(b, a), axis, x.ndim)

    def run(y: Any, first: Any) -> Any:
        return from_state(b, a, y, zi * first, axis)

    return both_ways(run, x, 3 * max(len(a), len(b)) if padlen is None else padlen, axis, padtype)


def gustafsson(b: Any, a: Any, x: Any, axis: int, irlen: Any) -> Any:
    """Filter both ways from the states at both ends for which the two orders of doing so agree best.

    The states are the least-squares solution of (F. Gustafsson, Determining the initial states in forward-backward
    filtering, IEEE Transactions on Signal Processing 44, 1996).
    """
    order = max(len(a), len(b)) - 1
    if order == 0:
        return (b[0] / a[0]) ** 2 * x
    x = np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    m = n if irlen is None or n <= 2 * irlen else irlen

    def run(v: Any) -> Any:
        return filtered(b, a, v, -1)

    def back(v: Any) -> Any:
        return np.flip(v, -1)

    # row k: what the k-th number of a state gives, and that filtered backwards
    rows = filtered(ONE, a / a[0], np.eye(order, m), -1)
    turned = back(run(back(rows)))
    once, again = turned - rows, back(rows) - back(turned)
    if m == n:
        system, after = np.concatenate([once, again]), np.concatenate([turned, back(rows)])
    else:
        blank = np.zeros((order, m))
        system = np.concatenate([np.concatenate([once, blank], -1), np.concatenate([blank, again], -1)])
        after = np.concatenate([np.concatenate([turned, blank], -1), np.concatenate([blank, back(rows)], -1)])
    forth = back(run(back(run(x))))
    gap = run(back(run(back(x)))) - forth
    gap = gap if m == n else np.concatenate([gap[..., :m], gap[..., n - m :]], -1)
    correction = gap @ np.linalg.pinv(system) @ after
    if m < n:
        middle = np.zeros((*x.shape[:-1], n - 2 * m))
        correction = np.concatenate([correction[..., :m], middle, correction[..., m:]], -1)
    return np.moveaxis(forth + correction, -1, axis)


@sosfiltfilt.def_composite(own_value=True)
def _sosfiltfilt(sos: Any, x: Any, axis: int = -1, padtype: Any = "odd", padlen: Any = None) -> Any:
    sos, x = as_operand(sos), as_operand(x)
    if padlen is None:
        # the order and 1, less what sections of first order make up
        zeros = [
            sum([agreed(np.equal(plain(row[k]), 0), "sections of first order") for row in sos])
            for k in (2, 5)
        ]
        padlen = 3 * (2 * len(sos) + 1 - min(zeros))
    zi = _sosfilt_zi(sos)

    def run(y: Any, first: Any) -> Any:
        for section, state in zip(sos, zi, strict=True):
            y = from_state(section[:3], section[3:], y, along(state, axis, x.ndim) * first, axis)
        return y

    return both_ways(run, x, padlen, axis, padtype)
