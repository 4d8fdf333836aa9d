"""`scipy.special` for traced values: its ufuncs as they are, and twins of its functions that are Python code.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import special
>>> fc.grad(special.logsumexp)(np.array([0.0, 0.0, 800.0]))
array([0., 0., 1.])
"""

from scipy.special import *

from funcad.rules.scipy.functions import log_softmax as log_softmax
from funcad.rules.scipy.functions import logsumexp as logsumexp
from funcad.rules.scipy.functions import multigammaln as multigammaln
from funcad.rules.scipy.functions import polygamma as polygamma
from funcad.rules.scipy.functions import softmax as softmax
