"""Sample calls of ufuncs with an integer argument or several results, and of complex numbers."""

from typing import Any

import numpy as np

from funcad.core.domains import integers, nonzero, positive
from funcad.testing.samples import array, call, samples

samples(
    np.ldexp,
    call(array(3), array(3, domain=integers)),
    call(array(), 2),
    call(array(3), np.array([[1], [-2]])),
    call(array(0), 1),
)
# the mantissa jumps at the powers of two, the fractional part at the integers
samples(np.frexp, call(array(3, domain=nonzero)), call(array(domain=positive)), call(array(2, 0)))
samples(np.modf, call(array(3, domain=nonzero)), call(array(domain=positive)), call(array(0)))
samples(
    np.divmod,
    call(array(3), array(3, domain=positive), order=1),
    call(array(2, 1), array(1, 3, domain=positive), order=1),
)

# what ndarray.clip calls
CLIP: Any = np._core.umath.clip  # type: ignore[attr-defined]
samples(
    CLIP, call(array(3, 4), -1.0, 1.0), call(array(3), -0.5, array(domain=positive)), call(array(0), 0.0, 1.0)
)
# flat where it is smooth
samples(np.sign, call(array(3, domain=nonzero)), call(array(domain=positive)))

Z = array(3, complex=True)
PAIRS: list[Any] = [np.add, np.subtract, np.multiply, np.divide]
for pair in PAIRS:
    samples(pair, call(array(2, 1, complex=True), Z), call(Z, array(3)))
ENTIRE: list[Any] = [
    np.exp,
    np.sin,
    np.cos,
    np.tan,
    np.sinh,
    np.cosh,
    np.tanh,
    np.square,
    np.negative,
    np.reciprocal,
]
for fn in ENTIRE:
    samples(fn, call(Z))
BRANCHED: list[Any] = [np.log, np.log2, np.log10, np.log1p, np.sqrt, np.arctan, np.absolute]
for fn in BRANCHED:
    samples(fn, call(array(2, 3, domain=positive, complex=True)))
samples(np.power, call(array(3, domain=positive, complex=True), array(3, domain=positive)))
