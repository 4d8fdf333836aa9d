"""`scipy.signal`: the chirp z-transform, a polynomial of the signal at points of a spiral, and a part of the spectrum.

In scope: `g` the cotangent, `x_shape` the shape of the signal, and SciPy's own parameters. The value at point k is the
sum of x[n] a^-n w^(n k), symmetric in n and k but for the powers of a.
"""

from __future__ import annotations

import cmath
from typing import Any

import numpy as np
from scipy import signal

from funcad.core.batching import Call
from funcad.core.function import twin
from funcad.core.kinds import batching
from funcad.rules.batching.reductions import shifted
from funcad.rules.fourier import along

Shape = tuple[int, ...]

czt = twin(signal.czt)
zoom_fft = twin(signal.zoom_fft)


def transposed(g: Any, w: Any, a: Any, axis: int, n: int) -> Any:
    """Transform with the exchanged number of points, and put the powers of a behind."""
    return along(a ** -np.arange(n), axis, g.ndim) * czt(g, n, w, axis=axis)


def czt_back(g: Any, w: Any, a: Any, axis: int, x_shape: Shape) -> Any:
    """On a circle if no ratio is given."""
    w = cmath.exp(-2j * cmath.pi / g.shape[axis]) if w is None else w
    return transposed(g, w, 1.0 * a, axis, x_shape[axis])


def zoom_back(g: Any, fn: Any, fs: Any, endpoint: bool, axis: int, x_shape: Shape) -> Any:
    """On the arc between two frequencies, or from 0 to one."""
    m = g.shape[axis]
    first, last = fn if np.size(fn) == 2 else (0.0, fn)
    step = (last - first) / ((m - 1 if endpoint else m) * fs)
    return transposed(
        g, cmath.exp(-2j * cmath.pi * step), cmath.exp(2j * cmath.pi * first / fs), axis, x_shape[axis]
    )


def at_once(c: Call) -> Any:
    """Transform along one axis of every example."""
    return c.evaluate(c.values[0], axis=shifted(c.param("axis"), c.rank(0)))


czt.def_linear(czt_back, unaffected=["m"])
zoom_fft.def_linear(zoom_back, unaffected=["m"])
batching(at_once, czt, zoom_fft)
