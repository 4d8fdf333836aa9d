"""`scipy.stats` for traced values: SciPy's namespace, with twins of the distributions that have rules.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import stats
>>> def loss(shape, scale):
...     return -np.sum(stats.gamma.logpdf(np.array([0.5, 1.0, 2.5]), shape, scale=scale))
>>> fc.grad(loss, (0, 1))(np.float64(2.0), 0.5)
(np.float64(-1.03423...), np.float64(-4.0))
"""

from typing import Any as _Any

from scipy.stats import *

from funcad.rules.scipy.stats.twins import TWINS as _TWINS

globals().update(_TWINS)


def __getattr__(name: str) -> _Any:
    # of SciPy's submodules and deprecated names
    import scipy.stats

    return getattr(scipy.stats, name)
