"""Sample calls of ufuncs with an integer argument or several results, and of complex numbers."""

from typing import Any

import numpy as np

from funcad.core.domains import Domain, integers, nonzero, positive
from funcad.testing.samples import array, call, samples, separated

samples(
    np.ldexp,
    call(array(3), array(3, domain=integers)),
    call(array(), 2),
    call(array(3), np.array([[1], [-2]])),
    call(array(0), 1),
)
# the mantissa jumps at the powers of two, the fractional part and the quotient at the integers
between = Domain("between", 0.6, 0.85)
samples(
    np.frexp,
    call(array(3, domain=between, make=lambda x: x * np.array([1.0, -2.0, 8.0]))),
    call(array(domain=between)),
    call(array(2, 0)),
)
samples(
    np.modf,
    call(array(3, domain=between, make=lambda x: x + np.array([0.0, -2.0, 2.0]))),
    call(array(domain=between)),
    call(array(0)),
)
for remainder in (np.divmod, np.remainder, np.fmod):
    samples(
        remainder,
        call(array(3, domain=between, make=lambda x: x * np.array([2.0, -2.0, 1.0])), 1.1),
        call(array(2, 1, domain=between), array(1, 3, domain=Domain("above", 1.1, 1.5))),
        call(3.7, array(3, domain=Domain("divisor", 1.35, 1.7))),
    )

# what ndarray.clip calls
CLIP: Any = np._core.umath.clip  # type: ignore[attr-defined]
samples(
    CLIP,
    call(separated(3, 4), -0.6, 0.6),
    call(separated(3), -0.2, array(domain=Domain("upper", 0.0, 0.05))),
    call(array(0), 0.0, 1.0),
)
# flat where it is smooth
samples(np.sign, call(array(3, domain=nonzero)), call(array(domain=positive)))

Z = array(3, complex=True)
PAIRS: list[Any] = [np.add, np.subtract, np.multiply, np.divide]
for pair in PAIRS:
    samples(pair, call(array(2, 1, complex=True), Z), call(Z, array(3)))
ENTIRE: list[Any] = [
    np.exp,
    np.exp2,
    np.expm1,
    np.positive,
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
INVERSE: list[Any] = [np.arcsin, np.arccos, np.arcsinh, np.arccosh, np.arctanh]
for fn in INVERSE:
    for sign in (1.0, -1.0):  # on either side of the imaginary axis the branch differs
        samples(fn, call(array(3, domain=positive, make=lambda z, s=sign: s * z, complex=True)))
for fn in BRANCHED:
    samples(fn, call(array(2, 3, domain=positive, complex=True)))
samples(np.power, call(array(3, domain=positive, complex=True), array(3, domain=positive)))
samples(np.float_power, call(array(3, domain=positive, complex=True), array(3, domain=positive)))
samples(np.sign, call(array(2, 3, domain=positive, complex=True)), call(array(domain=positive, complex=True)))
for fn in (np.maximum, np.minimum, np.fmax, np.fmin):  # the order is that of the real parts
    samples(fn, call(array(2, 3, complex=True), array(3, make=lambda x: 0.5 * x)))
# the logarithm of small integers and truth values is of half precision in NumPy
SMALL: list[Any] = [np.array([1, 2, 3], np.int8), np.array([5, 200, 3], np.uint8), np.array([True] * 3), True]
POWERS: list[Any] = [np.power, np.float_power]
for fn in POWERS:
    for base in SMALL:
        samples(fn, call(base, array(3), float32=False))
    samples(fn, call(array(3, domain=positive), np.array([0, 1, 2], np.uint8)))
