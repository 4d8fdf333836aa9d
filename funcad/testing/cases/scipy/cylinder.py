"""Sample calls of Bessel's relatives in `scipy.special`: spherical ones, and those with several results."""

from scipy import special

from funcad.core.domains import Domain, positive
from funcad.rules.scipy import cylinder as rules
from funcad.rules.scipy.special import order, whole
from funcad.testing.samples import array, call, samples

samples(special.airy, call(array(3)), call(array()), call(array(2, 0)), call(array(2, complex=True)))
samples(special.airye, call(array(3, domain=Domain("beyond", 2.5, 8.0))))
samples(special.airye, call(array(3, domain=positive)), call(array(domain=positive)), call(array(2, 0)))
samples(special.kelvin, call(array(3, domain=positive)), call(array(domain=positive)), call(array(2, 0)))
for fn in (special.pbdv, special.pbvv, special.pbwa):
    samples(fn, call(array(3, domain=order), array(2, 3)), call(0.5, array()))
for fn in (rules.spherical_jn, rules.spherical_yn, rules.spherical_in, rules.spherical_kn):
    samples(
        fn,
        call(array(3, domain=whole), array(2, 3, domain=positive)),
        call(0, array(domain=positive)),
        call(2, array(3, domain=positive), derivative=True),
    )
samples(rules.spherical_jn, call(1, array(3, domain=positive, complex=True), derivative=True))
for fn in (special.hankel1, special.hankel2, special.hankel1e, special.hankel2e):
    samples(fn, call(0.5, array(3, domain=positive, complex=True)))
