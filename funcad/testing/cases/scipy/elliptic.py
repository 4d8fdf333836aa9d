"""Sample calls of the elliptic functions in `scipy.special`."""

from scipy import special

from funcad.core.domains import Domain, positive
from funcad.rules.scipy import elliptic as rules
from funcad.testing.samples import array, call, samples

modulus = Domain("modulus", 0.1, 0.8)
samples(special.ellipj, call(array(3), array(2, 3, domain=modulus)), call(array(), array(domain=modulus)))
samples(special.ellipj, call(array(3), 0.5), call(1.5, array(2, domain=modulus)))
spread = [array(3, domain=positive), array(2, 3, domain=positive), array(domain=positive)]
samples(special.elliprd, call(*spread), call(0.0, *spread[1:]), call(array(2, 0, domain=positive), 1.0, 2.0))
samples(rules.of_roots, call(*spread), call(array(domain=positive), *spread[1:]))
