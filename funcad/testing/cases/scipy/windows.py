"""Sample calls of `scipy.signal.windows`."""

from funcad.core.domains import Domain, positive
from funcad.rules.scipy import windows as rules
from funcad.testing.samples import array, call, samples

P, BETWEEN, STRONG = (
    array(domain=positive),
    array(domain=Domain("in", 0.3, 0.6)),
    array(domain=Domain("dB", 50, 80)),
)

samples(rules.kaiser, call(7, P), call(6, array()), call(5, P, sym=False), call(1, P))
samples(rules.kaiser_bessel_derived, call(6, P), call(2, P))
samples(rules.gaussian, call(7, P), call(6, P, False))
samples(rules.general_gaussian, call(7, P, P), call(6, P, sig=P, sym=False))
samples(rules.exponential, call(7, None, P), call(6, 1.7, P, False), call(5, array(), P, False))
samples(rules.tukey, call(12, BETWEEN), call(11, BETWEEN, sym=False))
samples(rules.general_cosine, call(7, array(3)), call(6, array(2), sym=False))
samples(rules.general_hamming, call(7, P), call(6, P, False))
samples(
    rules.chebwin,
    call(7, STRONG, float32=False),
    call(8, STRONG, float32=False),
    call(6, STRONG, sym=False, float32=False),
)
samples(
    rules.get_window,
    call(("kaiser", P), 6),
    call(P, 5, fftbins=False),
    call(("general_gaussian", P, P), 6),
    call(("general_hamming", P), 7, False),
    call(("exponential", None, P), 7, False),
)
