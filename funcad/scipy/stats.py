"""`scipy.stats` for traced values: SciPy's namespace, with twins of distributions, statistics and tests.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import stats
>>> def loss(shape, scale):
...     return -np.sum(stats.gamma.logpdf(np.array([0.5, 1.0, 2.5]), shape, scale=scale))
>>> fc.grad(loss, (0, 1))(np.float64(2.0), 0.5)
(np.float64(-1.03423...), np.float64(-4.0))
>>> fc.grad(lambda y: stats.pearsonr([1.0, 2.0, 3.0], y).statistic)(np.array([1.0, 2.0, 4.0])).round(4)
array([-0.0468,  0.0701, -0.0234])
"""

from typing import Any as _Any

from scipy.stats import *

from funcad.rules.scipy.covariances import Covariance as Covariance
from funcad.rules.scipy.kernel_density import gaussian_kde as gaussian_kde
from funcad.rules.scipy.multivariate import VECTORS as _VECTORS
from funcad.rules.scipy.statistics import (
    circmean as circmean,
)
from funcad.rules.scipy.statistics import (
    circstd as circstd,
)
from funcad.rules.scipy.statistics import (
    circvar as circvar,
)
from funcad.rules.scipy.statistics import (
    gmean as gmean,
)
from funcad.rules.scipy.statistics import (
    gzscore as gzscore,
)
from funcad.rules.scipy.statistics import (
    hmean as hmean,
)
from funcad.rules.scipy.statistics import (
    iqr as iqr,
)
from funcad.rules.scipy.statistics import (
    kendalltau as kendalltau,
)
from funcad.rules.scipy.statistics import (
    kurtosis as kurtosis,
)
from funcad.rules.scipy.statistics import (
    median_abs_deviation as median_abs_deviation,
)
from funcad.rules.scipy.statistics import (
    mode as mode,
)
from funcad.rules.scipy.statistics import (
    moment as moment,
)
from funcad.rules.scipy.statistics import (
    pmean as pmean,
)
from funcad.rules.scipy.statistics import (
    rankdata as rankdata,
)
from funcad.rules.scipy.statistics import (
    sem as sem,
)
from funcad.rules.scipy.statistics import (
    skew as skew,
)
from funcad.rules.scipy.statistics import (
    spearmanr as spearmanr,
)
from funcad.rules.scipy.statistics import (
    tmean as tmean,
)
from funcad.rules.scipy.statistics import (
    trim_mean as trim_mean,
)
from funcad.rules.scipy.statistics import (
    tsem as tsem,
)
from funcad.rules.scipy.statistics import (
    tstd as tstd,
)
from funcad.rules.scipy.statistics import (
    tvar as tvar,
)
from funcad.rules.scipy.statistics import (
    variation as variation,
)
from funcad.rules.scipy.statistics import (
    zmap as zmap,
)
from funcad.rules.scipy.statistics import (
    zscore as zscore,
)
from funcad.rules.scipy.statistics_tests import (
    boxcox as boxcox,
)
from funcad.rules.scipy.statistics_tests import (
    boxcox_llf as boxcox_llf,
)
from funcad.rules.scipy.statistics_tests import (
    energy_distance as energy_distance,
)
from funcad.rules.scipy.statistics_tests import (
    entropy as entropy,
)
from funcad.rules.scipy.statistics_tests import (
    linregress as linregress,
)
from funcad.rules.scipy.statistics_tests import (
    pearsonr as pearsonr,
)
from funcad.rules.scipy.statistics_tests import (
    ttest_1samp as ttest_1samp,
)
from funcad.rules.scipy.statistics_tests import (
    ttest_ind as ttest_ind,
)
from funcad.rules.scipy.statistics_tests import (
    ttest_rel as ttest_rel,
)
from funcad.rules.scipy.statistics_tests import (
    wasserstein_distance as wasserstein_distance,
)
from funcad.rules.scipy.statistics_tests import (
    yeojohnson as yeojohnson,
)
from funcad.rules.scipy.statistics_tests import (
    yeojohnson_llf as yeojohnson_llf,
)
from funcad.rules.scipy.stats.twins import TWINS as _TWINS

globals().update(_TWINS, **_VECTORS)


def __getattr__(name: str) -> _Any:
    # of SciPy's submodules and deprecated names; this module is no folder in which imports look for more
    import scipy.stats

    if name.startswith("__"):
        raise AttributeError(f"module 'funcad.scipy.stats' has no attribute {name!r}")

    return getattr(scipy.stats, name)
