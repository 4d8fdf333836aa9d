"""Sample calls of `scipy.special`, where the domains of the elementwise rows do not say enough."""

from scipy import special

from funcad.core.domains import nonzero, positive
from funcad.rules.scipy import special as rules
from funcad.testing.samples import array, call, samples

# whole orders, of which that below may be negative
for fn in (special.jv, special.yv, special.iv, special.kv, special.ive, special.kve):
    samples(fn, call(array(3, domain=rules.whole), array(2, 3, domain=positive)))
for fn in (special.jv, special.iv, special.ive):
    samples(fn, call(array(3, domain=rules.whole), array(3, domain=nonzero)))
