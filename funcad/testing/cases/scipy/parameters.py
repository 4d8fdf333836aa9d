"""Sample calls of the series that give derivatives by parameters."""

from funcad.core.domains import Domain, positive
from funcad.rules.scipy import parameters_series as rules
from funcad.rules.scipy.parameters_tricomi import moments
from funcad.testing.samples import array, call, samples

inside = Domain("inside", -0.4, 0.7)
exponent = Domain("exponent", 2.0, 4.0)

samples(
    rules.series_0f1,
    call(array(3, domain=positive), array(2, 3), orders=(1, 0)),
    call(array(domain=positive), array()),
)
samples(
    rules.series_1f1,
    call(array(3, domain=positive), array(2, 3, domain=positive), array(domain=inside), orders=(1, 0, 0)),
    call(array(domain=positive), array(domain=positive), array(3, domain=inside), orders=(0, 1, 1)),
)
samples(
    rules.series_2f1,
    call(*[array(3, domain=positive) for _ in range(3)], array(2, 3, domain=inside), orders=(1, 0, 0, 0)),
    call(*[array(domain=positive) for _ in range(3)], array(domain=inside), orders=(0, 0, 1, 0)),
)
samples(
    rules.zeta_series,
    call(array(3, domain=exponent), array(2, 3, domain=positive)),
    call(array(domain=exponent), array(3, domain=positive), orders=(0, 1)),
)
samples(
    moments,
    call(array(3, domain=exponent), array(2, 3), array(domain=positive), orders=(1, 0, 0)),
    call(array(domain=exponent), array(), array(3, domain=positive), orders=(0, 1, 1)),
)
