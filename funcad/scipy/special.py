"""`scipy.special` for traced values: its ufuncs as they are, and twins of its functions that are Python code.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import special
>>> fc.grad(special.logsumexp)(np.array([0.0, 0.0, 800.0]))
array([0., 0., 1.])
"""

from scipy.special import *

from funcad.rules.scipy.counting import comb as comb
from funcad.rules.scipy.counting import factorial as factorial
from funcad.rules.scipy.counting import perm as perm
from funcad.rules.scipy.cylinder import spherical_in as spherical_in
from funcad.rules.scipy.cylinder import spherical_jn as spherical_jn
from funcad.rules.scipy.cylinder import spherical_kn as spherical_kn
from funcad.rules.scipy.cylinder import spherical_yn as spherical_yn
from funcad.rules.scipy.functions import log_softmax as log_softmax
from funcad.rules.scipy.functions import logsumexp as logsumexp
from funcad.rules.scipy.functions import multigammaln as multigammaln
from funcad.rules.scipy.functions import polygamma as polygamma
from funcad.rules.scipy.functions import softmax as softmax
from funcad.rules.scipy.legendre import assoc_legendre_p as assoc_legendre_p
from funcad.rules.scipy.legendre import assoc_legendre_p_all as assoc_legendre_p_all
from funcad.rules.scipy.legendre import legendre_p as legendre_p
from funcad.rules.scipy.legendre import legendre_p_all as legendre_p_all
from funcad.rules.scipy.legendre import sph_harm_y as sph_harm_y
from funcad.rules.scipy.legendre import sph_harm_y_all as sph_harm_y_all
from funcad.rules.scipy.legendre import sph_legendre_p as sph_legendre_p
from funcad.rules.scipy.legendre import sph_legendre_p_all as sph_legendre_p_all
