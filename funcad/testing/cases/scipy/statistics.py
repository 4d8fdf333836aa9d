"""Sample calls of descriptive functions, regressions and tests of `scipy.stats`."""

import numpy as np

from funcad.core.domains import Domain
from funcad.rules.scipy import statistics as d
from funcad.rules.scipy import statistics_tests as t
from funcad.testing.samples import array, call, samples, separated

LEVEL = Domain("above 0", 0.5, 2.0)
POWER = array(domain=Domain("power", 0.3, 1.5))
A = array(3, 4, domain=LEVEL)
SPREAD = array(5, 2, make=lambda x: x + np.arange(10).reshape(5, 2) * [0.6, -0.7])
APART = separated(3, 4)

for _f in (d.gmean, d.hmean):
    samples(
        _f,
        call(A),
        call(A, axis=-1, weights=A, keepdims=True),
        call(A, axis=None),
        call([array(domain=LEVEL), 1.0]),
    )
samples(
    d.pmean,
    call(A, 2),
    call(A, POWER, axis=(0, 1), keepdims=True, float32=False),
    call(A, -1.5, axis=1, weights=array(4, domain=LEVEL)),
    call(A, 0),
)
samples(
    d.moment,
    call(SPREAD, 3),
    call(SPREAD, [1, 2, 4], axis=-1, float32=False),
    call(SPREAD, 2, center=0.5, keepdims=True),
)
for _f in (d.skew, d.kurtosis):
    samples(_f, call(SPREAD), call(SPREAD, axis=None, bias=False), call(SPREAD, axis=(1, 0), keepdims=True))
samples(d.kurtosis, call(SPREAD, fisher=False))
samples(d.sem, call(SPREAD), call(SPREAD, axis=-1, ddof=0, keepdims=True))
samples(d.variation, call(A), call(A, axis=-1, ddof=1), call(A, axis=None, keepdims=True))
samples(d.zscore, call(SPREAD), call(SPREAD, axis=None, ddof=1), call(array(2, 4), axis=-1))
samples(d.zmap, call(A, array(5, 4)), call(array(2), SPREAD, axis=None, ddof=1))
samples(d.gzscore, call(A), call(A, axis=-1, ddof=1))
samples(
    d.iqr,
    call(APART),
    call(APART, axis=1, rng=(10, 60), scale="normal"),
    call(APART, axis=0, interpolation="lower", keepdims=True),
)
samples(
    d.median_abs_deviation,
    call(array(4, make=lambda x: 0.3 * x + np.array([0.0, 5.0, 1.0, 12.0]))),
    call(
        array(3, 5, make=lambda x: 0.3 * x + np.array([0.0, 5.0, 2.0, 12.0, 9.0])),
        axis=-1,
        scale="normal",
        keepdims=True,
    ),
)
samples(d.mode, call(APART), call(APART, axis=-1, keepdims=True))
samples(
    d.tmean,
    call(A),
    call(APART, (-0.6, 0.9)),
    call(APART, (None, 0.9), (True, False), axis=-1, keepdims=True),
)
for _f in (d.tvar, d.tstd, d.tsem):
    samples(_f, call(A), call(APART, (-1.1, None), axis=None), call(APART, axis=-1, ddof=0, keepdims=True))
samples(d.trim_mean, call(APART, 0.1), call(APART, 0.3, axis=-1), call(APART, 0.2, axis=None, keepdims=True))
for _f in (d.circmean, d.circvar, d.circstd):
    samples(
        _f,
        call(A),
        call(A, 3.0, axis=0),
        call(
            A,
            high=array(domain=Domain("high", 3.0, 4.0)),
            low=array(domain=Domain("low", 0.0, 0.4)),
            axis=-1,
            keepdims=True,
        ),
    )
samples(d.circstd, call(A, normalize=True))

X, Y = array(5, domain=LEVEL, make=lambda x: x + np.arange(5.0)), array(5)
for _g in (t.pearson, t.pearsonr, t.line, t.linregress):
    samples(_g, call(X, Y), call(X, Y, alternative="less"))
samples(t.pearson, call(A, array(3, 4), axis=-1, alternative="greater"), call(A, array(3, 1), axis=0))
samples(t.linregress, call(A, array(3, 4), axis=1, keepdims=True))
for _g in (t.one_sample, t.ttest_1samp):
    samples(_g, call(A, 0.9), call(A, array(3, 1), axis=-1, alternative="less", keepdims=True))
for _g in (t.paired_samples, t.ttest_rel):
    samples(_g, call(A, array(3, 4)), call(A, array(3, 4), axis=None, alternative="greater"))
for _g in (t.two_samples, t.ttest_ind):
    samples(
        _g,
        call(A, array(5, 4)),
        call(A, array(3, 2), axis=-1, equal_var=False, alternative="less", keepdims=True),
    )
samples(
    t.entropy,
    call(A),
    call(A, axis=-1, base=2, keepdims=True),
    call(A, array(3, 4, domain=LEVEL), axis=None),
    call(A, array(4, domain=LEVEL), axis=1),
)
samples(t.boxcox, call(A, POWER), call(A, 0.0))
samples(
    t.yeojohnson,
    call(array(4), POWER, float32=False),
    call(array(2, 3), 0.0, float32=False),
    call(array(4), 2.0, float32=False),
)
samples(t.boxcox_llf, call(POWER, A), call(-0.5, A, axis=-1, keepdims=True), call(0.0, A, axis=None))
samples(
    t.yeojohnson_llf,
    call(POWER, array(3, 4), float32=False),
    call(-0.5, array(3, 4), axis=-1, keepdims=True, float32=False),
)
U, V = (
    array(3, domain=Domain("u", 0.1, 0.2), make=lambda x: x + np.array([0, 2, 1])),
    array(4, domain=Domain("v", 0.5, 0.6), make=lambda x: x + np.array([2, 0, 1, 3])),
)
for _g in (t.wasserstein_distance, t.energy_distance):
    samples(
        _g,
        call(U, V),
        call(U, V, array(3, domain=LEVEL), array(4, domain=LEVEL)),
        call(U, V, v_weights=[1.0, 2.0, 1.0, 1.0]),
    )
