"""`scipy.signal`: what filters do to frequencies, and filters by their roots."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand
from funcad.core.function import twin
from funcad.core.tracer import agreed, plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.linalg import conj

freqz = twin(signal.freqz)
sosfreqz = twin(signal.sosfreqz)
#: what SciPy calls `sosfreqz` from 1.15 on
freqz_sos = twin(getattr(signal, "freqz_sos", signal.sosfreqz))
freqz_zpk = twin(signal.freqz_zpk)
freqs = twin(signal.freqs)
freqs_zpk = twin(signal.freqs_zpk)
findfreqs = twin(signal.findfreqs)
group_delay = twin(signal.group_delay)
sos2tf = twin(signal.sos2tf)
tf2zpk = twin(signal.tf2zpk)
zpk2tf = twin(signal.zpk2tf)


def grid(worN: Any, whole: bool, fs: Any, endpoint: bool = False) -> tuple[Any, Any]:
    """Return frequencies, and the same in radians a sample: some between 0 and the half circle, or as given."""
    if worN is None or isinstance(worN, (int, np.integer)):
        count = 512 if worN is None else int(worN)
        w = np.linspace(0, 2 * np.pi if whole else np.pi, count, endpoint=endpoint and not whole)
        return w * fs / (2 * np.pi), w
    given = np.atleast_1d(as_operand(worN))
    return given, 2 * np.pi * given / fs


def at_delay(c: Any, z: Any) -> Any:
    """Return the polynomial in the delay z."""
    return np.polyval(np.flip(c), z)


def response(b: Any, a: Any, w: Any) -> Any:
    """Return the quotient of two polynomials in the delay, on the unit circle."""
    z = np.exp(-1j * w)
    return at_delay(b, z) / at_delay(a, z)


@freqz.def_composite(own_value=True)
def _freqz(
    b: Any,
    a: Any = 1,
    worN: Any = 512,
    whole: bool = False,
    plot: Any = None,
    fs: Any = 2 * np.pi,
    include_nyquist: bool = False,
) -> Any:
    b, a, fs = np.atleast_1d(as_operand(b)), np.atleast_1d(as_operand(a)), as_operand(fs)
    if b.ndim > 1 or a.ndim > 1 or plot is not None:
        raise UnsupportedArgumentError(
            "scipy.signal.freqz has derivative rules for one filter and no plot: b and a have one axis; "
            "write funcad.vmap for several filters"
        )
    f, w = grid(worN, whole, fs, include_nyquist)
    return f, response(b, a, w)


def of_sections(sos: Any, worN: Any = 512, whole: bool = False, fs: Any = 2 * np.pi) -> Any:
    """Return the product of the responses of all sections."""
    sos, fs = as_operand(sos), as_operand(fs)
    f, w = grid(worN, whole, fs)
    h: Any = 1.0
    for row in sos:
        h = h * response(row[:3], row[3:], w)
    return f, h


sosfreqz.def_composite(own_value=True)(of_sections)
freqz_sos.def_composite(own_value=True)(of_sections)


def from_roots(z: Any, p: Any, k: Any, s: Any) -> Any:
    """Return the quotient of two polynomials by their roots."""
    z, p = np.atleast_1d(as_operand(z)), np.atleast_1d(as_operand(p))
    return as_operand(k) * np.prod(s[:, None] - z, axis=1) / np.prod(s[:, None] - p, axis=1)


@freqz_zpk.def_composite(own_value=True)
def _freqz_zpk(z: Any, p: Any, k: Any, worN: Any = 512, whole: bool = False, fs: Any = 2 * np.pi) -> Any:
    f, w = grid(worN, whole, as_operand(fs))
    return f, from_roots(z, p, k, np.exp(1j * w))


# --- of analog filters; the frequencies that SciPy chooses are rounded

findfreqs.def_constant()


@freqs.def_composite(own_value=True)
def _freqs(b: Any, a: Any, worN: Any = 200, plot: Any = None) -> Any:
    if plot is not None:
        raise UnsupportedArgumentError(
            "scipy.signal.freqs has no derivative rule for the argument plot; leave it out"
        )
    b, a, worN = as_operand(b), as_operand(a), 200 if worN is None else as_operand(worN)
    w = findfreqs(b, a, worN) if isinstance(worN, int) else np.atleast_1d(worN)
    return w, np.polyval(b, 1j * w) / np.polyval(a, 1j * w)


@freqs_zpk.def_composite(own_value=True)
def _freqs_zpk(z: Any, p: Any, k: Any, worN: Any = 200) -> Any:
    z, p, worN = as_operand(z), as_operand(p), 200 if worN is None else as_operand(worN)
    w = findfreqs(z, p, worN, kind="zp") if isinstance(worN, int) else np.atleast_1d(worN)
    return w, from_roots(z, p, k, 1j * w)


@group_delay.def_composite(own_value=True)
def _group_delay(system: Any, w: Any = 512, whole: bool = False, fs: Any = 2 * np.pi) -> Any:
    b, a = (np.atleast_1d(as_operand(c)) for c in system)
    fs = as_operand(fs)
    f, w = grid(w, whole, fs)
    # of the polynomial that turns as the response does; a ramp of coefficients is its derivative
    c = np.convolve(b, conj(np.flip(a)))
    delay = np.real(response(c * np.arange(len(c)), c, w)) - (len(a) - 1)
    return f, delay


# --- polynomials and their roots


@sos2tf.def_composite(own_value=True)
def _sos2tf(sos: Any) -> Any:
    b, a = np.ones(1), np.ones(1)
    for row in as_operand(sos):
        b, a = np.convolve(b, row[:3]), np.convolve(a, row[3:])
    return b, a


def trimmed(c: Any) -> Any:
    """Return a polynomial without zeros in front."""
    c = np.atleast_1d(as_operand(c))
    while len(c) > 1 and agreed(np.equal(plain(c[0]), 0), "whether the first coefficient is 0"):
        c = c[1:]
    return c


@tf2zpk.def_composite()
def _tf2zpk(b: Any, a: Any) -> Any:
    b, a = trimmed(b), trimmed(a)
    b, a = b / a[0], a / a[0]
    return np.roots(b / b[0]), np.roots(a), b[0]


@zpk2tf.def_composite(own_value=True)
def _zpk2tf(z: Any, p: Any, k: Any) -> Any:
    z, p, k = np.atleast_1d(as_operand(z)), np.atleast_1d(as_operand(p)), as_operand(k)
    if z.ndim > 1:
        raise UnsupportedArgumentError(
            "scipy.signal.zpk2tf has derivative rules for one output; call it once for every row of z"
        )
    return np.atleast_1d(k) * np.poly(z), np.poly(p)
