"""Sample calls of factorials and combinations."""

from funcad.core.domains import Domain, positive
from funcad.rules.scipy.counting import comb, factorial, perm
from funcad.testing.samples import array, call, samples

few = Domain("few", 0.2, 2.5)
many = Domain("many", 3.1, 6.0)

samples(factorial, call(array(3, domain=positive)), call(array(domain=positive)), call(array(2, domain=many)))
samples(factorial, call(array(3, domain=positive), extend="complex"))
samples(factorial, call(array(3, complex=True), extend="complex"))
for fn in (comb, perm):
    samples(fn, call(array(3, domain=many), array(2, 3, domain=few)), call(array(domain=many), 2))
samples(comb, call(array(3, domain=many), array(2, 3, domain=few), repetition=True))
