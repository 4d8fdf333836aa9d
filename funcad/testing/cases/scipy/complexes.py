"""Sample calls of `scipy.special` with complex numbers, where SciPy takes them."""

from scipy import special

from funcad.core.domains import Domain, positive
from funcad.rules.scipy import gammas, hypergeometric
from funcad.testing.samples import array, call, samples

near = array(3, domain=positive, complex=True)
inside = array(3, domain=Domain("inside", -0.5, 0.5), complex=True)

for fn in (
    *(special.erf, special.erfc, special.erfcx, special.erfi, special.dawsn, special.wofz, special.ndtr),
    *(special.log_ndtr, special.exp1, special.expi, special.expm1, special.log1p, special.xlogy),
    *(special.gamma, special.rgamma, special.loggamma, special.psi, special.wrightomega),
):
    samples(fn, call(*[near] * fn.nin))
samples(special.xlog1py, call(near, near))
samples(special.spence, call(near), call(inside))
samples(gammas.complex_zeta, call(2.0, near))
for fn in (special.jv, special.yv, special.iv, special.kv, special.kve):
    samples(fn, call(0.5, near))
for fn in (special.elliprf, special.elliprd, special.elliprg):
    samples(fn, call(near, near, near))
samples(special.elliprc, call(near, near))
samples(special.hyp0f1, call(0.5, near))
samples(special.hyp1f1, call(0.5, 1.5, near))
samples(special.hyp2f1, call(0.5, 1.0, 1.5, inside))
samples(hypergeometric.LAMBERT, call(near, 0, 1e-8), call(near, 1, 1e-8), call(inside, -1, 1e-8))
for fn in (
    *(special.eval_chebyt, special.eval_chebyu, special.eval_chebyc, special.eval_chebys),
    *(special.eval_legendre, special.eval_laguerre, special.eval_sh_legendre),
):
    samples(fn, call(3.0, near))
for fn in (special.eval_gegenbauer, special.eval_genlaguerre):
    samples(fn, call(3.0, 0.7, near))
samples(special.eval_jacobi, call(3.0, 0.7, 1.2, near))
