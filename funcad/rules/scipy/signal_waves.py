"""`scipy.signal`: waves as functions of time, and of their frequencies and shapes; how periodic events are."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand, typed
from funcad.core.function import twin
from funcad.core.tracer import anywhere, plain

chirp = twin(signal.chirp)
gausspulse = twin(signal.gausspulse)
sawtooth = twin(signal.sawtooth)
square = twin(signal.square)
vectorstrength = twin(signal.vectorstrength)

EXPM1 = np.cumprod([1.0, *(1.0 / np.arange(2, 13))])[::-1]
LOG1P = ((-1.0) ** np.arange(20) / np.arange(1, 21))[::-1]


def over(f: Any, series: Any, z: Any) -> Any:
    """Return f(z) / z, by its power series near 0."""
    near = np.less(np.abs(plain(z)), 0.1)
    if not anywhere(near):
        return f(z) / z
    far = np.where(near, 1.0, z)
    return np.where(near, np.polyval(series, np.where(near, z, 0.0)), f(far) / far)


def phase(t: Any, f0: Any, t1: Any, f1: Any, method: str, vertex_zero: bool) -> Any:
    """Return the integral of the frequency over time, in radians."""
    if method in ("linear", "lin", "li"):
        turns = f0 * t + 0.5 * (f1 - f0) / t1 * t * t
    elif method in ("quadratic", "quad", "q"):
        beta = (f1 - f0) / t1**2
        turns = f0 * t + beta * t**3 / 3 if vertex_zero else f1 * t + beta * ((t1 - t) ** 3 - t1**3) / 3
    elif method in ("logarithmic", "log", "lo"):
        turns = f0 * t * over(np.expm1, EXPM1, t / t1 * np.log(f1 / f0))
    else:
        # f0 / (1 + z t) is the frequency at time t
        turns = f0 * t * over(lambda z: np.log(np.abs(1 + z)), LOG1P, t * (f0 - f1) / (f1 * t1))
    return 2 * np.pi * turns


@chirp.def_composite(own_value=True)
def _chirp(
    t: Any,
    f0: Any,
    t1: Any,
    f1: Any,
    method: str = "linear",
    phi: Any = 0,
    vertex_zero: bool = True,
    *,
    complex: bool = False,
) -> Any:
    t, phi = as_operand(t), as_operand(phi)
    f0, t1, f1 = (typed(as_operand(v), np.float64) for v in (f0, t1, f1))  # as SciPy computes
    angle = phase(t, f0, t1, f1, method, vertex_zero) + phi * (np.pi / 180)
    return np.exp(1j * angle) if complex else np.cos(angle)


@gausspulse.def_composite(own_value=True)
def _gausspulse(
    t: Any,
    fc: Any = 1000,
    bw: Any = 0.5,
    bwr: Any = -6,
    tpr: Any = -60,
    retquad: bool = False,
    retenv: bool = False,
) -> Any:
    fc, bw, bwr, tpr = (as_operand(v) for v in (fc, bw, bwr, tpr))
    decay = -5 * (np.pi * fc * bw) ** 2 / (np.log(10) * bwr)
    if isinstance(t, str):  # the time after which the envelope is below tpr
        return np.sqrt(-np.log(10) / 20 * tpr / decay)
    t = as_operand(t)
    envelope, angle = np.exp(-decay * t * t), 2 * np.pi * fc * t
    waves = [envelope * np.cos(angle)]
    waves += [envelope * np.sin(angle)] if retquad else []
    waves += [envelope] if retenv else []
    return tuple(waves) if len(waves) > 1 else waves[0]


@sawtooth.def_composite(own_value=True)
def _sawtooth(t: Any, width: Any = 1) -> Any:
    t, width = as_operand(t), as_operand(width)
    into = np.mod(t, 2 * np.pi)
    rises = np.less(plain(into), plain(width) * 2 * np.pi)
    valid = np.logical_and(np.less_equal(plain(width), 1), np.greater_equal(plain(width), 0))
    rising = into / (np.pi * np.where(rises, width, 1.0)) - 1
    falling = (np.pi * (width + 1) - into) / (np.pi * np.where(rises, 1.0, 1 - width))
    return np.where(valid, np.where(rises, rising, falling), np.nan)


square.def_constant()


@vectorstrength.def_composite(own_value=True)
def _vectorstrength(events: Any, period: Any) -> Any:
    events, period = np.atleast_1d(as_operand(events)), as_operand(period)
    mean = np.mean(np.exp(2j * np.pi * events / np.expand_dims(period, -1)), axis=-1)
    return np.abs(mean), np.angle(mean)
