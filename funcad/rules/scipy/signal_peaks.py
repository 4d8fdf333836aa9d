"""`scipy.signal`: peaks. Which they are is a constant, and how high they are is not."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from funcad.core.assemble import as_operand, typed
from funcad.core.function import twin
from funcad.core.general import is_plain
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError

peak_prominences = twin(signal.peak_prominences)
bases = twin(signal.peak_prominences, "scipy.signal.peak_prominences (bases)")
bases.def_constant()


@peak_prominences.def_composite()
def _peak_prominences(x: Any, peaks: Any, wlen: Any = None) -> Any:
    x = typed(as_operand(x), np.float64)  # as SciPy computes
    _, left, right = bases(x, peaks, wlen)
    return x[peaks] - np.maximum(x[left], x[right]), left, right


def find_peaks(
    x: Any,
    height: Any = None,
    threshold: Any = None,
    distance: Any = None,
    prominence: Any = None,
    width: Any = None,
    wlen: Any = None,
    rel_height: float = 0.5,
    plateau_size: Any = None,
) -> Any:
    """Find the peaks of a signal: their places, which are constants, and their properties.

    Args:
        x: the signal, of one axis, which may be traced.
        height, threshold, distance, prominence, width, wlen, rel_height, plateau_size: as for SciPy.

    Returns:
        The indices of the peaks, and a dictionary of their properties: heights, thresholds and prominences carry
        the derivative of the signal.

    Raises:
        UnsupportedArgumentError: a width is asked for of a traced signal.

    Source: SciPy's function of that name.

    >>> import numpy as np
    >>> import funcad as fc
    >>> from funcad.scipy import signal
    >>> fc.grad(lambda x: signal.find_peaks(x, height=0)[1]["peak_heights"][0])(np.array([0.0, 2.0, 1.0]))
    array([0., 1., 0.])
    """
    x = typed(as_operand(x), np.float64)  # as SciPy computes
    if width is not None and not is_plain(x):
        raise UnsupportedArgumentError(
            "funcad.scipy.signal.find_peaks has no derivative rule for the argument width; leave it out"
        )
    conditions = (height, threshold, distance, prominence, width, wlen, rel_height, plateau_size)
    peaks, properties = signal.find_peaks(plain(x), *[plain(c) for c in conditions])
    if "peak_heights" in properties:
        properties["peak_heights"] = x[peaks]
    if "left_thresholds" in properties:
        properties["left_thresholds"] = x[peaks] - x[peaks - 1]
        properties["right_thresholds"] = x[peaks] - x[peaks + 1]
    if "prominences" in properties:
        left, right = properties["left_bases"], properties["right_bases"]
        properties["prominences"] = x[peaks] - np.maximum(x[left], x[right])
    return peaks, properties
