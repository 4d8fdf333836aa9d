"""Sample calls of the functions of `scipy.special` that are Python code."""

from funcad.core.domains import Domain, positive
from funcad.rules.scipy.functions import log_softmax, logsumexp, multigammaln, polygamma, softmax
from funcad.testing.samples import array, call, samples

samples(
    logsumexp,
    call(array(3)),
    call(array(2, 3), axis=0),
    call(array(2, 3), axis=(0, 1), keepdims=True),
    call(array(2, 3), axis=-1, b=array(2, 3, domain=positive)),
    call(array(3), b=array(3, domain=positive), return_sign=True),
    call([array(), 0.5, array()]),
)
samples(softmax, call(array(3)), call(array(2, 3), axis=0), call(array(2, 3), axis=(0, 1)))
samples(log_softmax, call(array(3)), call(array(2, 3), axis=-1))
samples(
    polygamma,
    call(0, array(3, domain=positive)),
    call(1, array(domain=positive)),
    call([[0], [3]], array(3, domain=positive)),
)
samples(multigammaln, call(array(3, domain=Domain("above", 1.2, 4.0)), 3), call(array(domain=positive), 1))
