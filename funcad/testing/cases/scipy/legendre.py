"""Sample calls of the Legendre functions and spherical harmonics of `scipy.special`."""

import numpy as np
from scipy import special

from funcad.core.domains import Domain, above_one, unit
from funcad.rules.scipy import legendre as rules
from funcad.rules.scipy.special import order, whole
from funcad.testing.samples import array, call, samples

orders = Domain("orders", -3.0, 3.0, integer=True, differentiable=False)
angle = Domain("angle", 0.2, 2.8)
degrees = np.array([0, 1, 3])

samples(special.lpmv, call(array(3, domain=orders), np.array([[3, 5, 4], [4, 3, 7]]), array(3, domain=unit)))
samples(special.lpmv, call(array(3, domain=whole), array(2, 3, domain=whole), array(3, domain=unit)))
samples(special.lpmv, call(1, array(2, domain=order), array(2, domain=unit)), call(0, 2, array(domain=unit)))
for diff_n in (0, 1, 2):
    samples(
        rules.legendre_p, call(degrees, array(2, 3, domain=unit), diff_n=diff_n), call(2, array(domain=unit))
    )
    samples(rules.sph_legendre_p, call(degrees, 1, array(2, 3, domain=angle), diff_n=diff_n))
samples(rules.sph_legendre_p, call(2, array(4, domain=orders), array(4, domain=angle)))
for norm in (False, True):
    for m in (np.array([0, 1, 3]), np.array([2, -1, -2])):
        samples(
            rules.assoc_legendre_p,
            call(np.array([2, 2, 3]), m, array(2, 3, domain=unit), norm=norm),
            call(np.array([2, 2, 3]), m, array(2, 3, domain=above_one), norm=norm, branch_cut=3),
            call(3, m, array(3, complex=True), norm=norm),
            call(3, m, array(3, complex=True), norm=norm, branch_cut=3),
        )
samples(rules.sph_harm_y, call(2, array(4, domain=orders), array(4, domain=angle), array()))
samples(rules.sph_harm_y, call(degrees, 1, array(2, 3, domain=angle), array(3)))
for theta in (array(2, 3, domain=angle), array(domain=angle)):
    samples(rules.legendre_p_all, call(3, theta, diff_n=1))
    samples(rules.sph_legendre_p_all, call(3, 2, theta), call(2, -1, theta, diff_n=2))
    samples(rules.sph_harm_y_all, call(3, 2, theta, array(3)))
for spec in (array(3, domain=unit), array(domain=unit)):
    samples(rules.assoc_legendre_p_all, call(3, 2, spec), call(2, 1, spec, norm=True))
samples(rules.assoc_legendre_p_all, call(3, 2, array(3, domain=above_one), branch_cut=3))
