"""Sample calls of the integrals in `scipy.special` with several results."""

from scipy import special

from funcad.core.domains import positive
from funcad.rules.scipy import integrals as rules  # noqa: F401 - whose rules the samples are for
from funcad.testing.samples import array, call, samples

samples(special.fresnel, call(array(3)), call(array()), call(array(2, 0)))
samples(special.fresnel, call(array(2, complex=True)))
# SciPy's are wrong left of 0, and infinite in single precision
for fn in (special.modfresnelp, special.modfresnelm):
    samples(fn, call(array(3, domain=positive), float32=False), call(array(domain=positive), float32=False))
for fn in (special.sici, special.shichi, special.iti0k0, special.itj0y0):
    samples(fn, call(array(3, domain=positive)), call(array(domain=positive)), call(array(2, 0)))
for fn in (special.sici, special.shichi):
    samples(fn, call(array(2, domain=positive, complex=True)))
