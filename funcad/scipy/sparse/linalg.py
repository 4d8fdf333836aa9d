"""`scipy.sparse.linalg` for traced values: direct solvers, whose factors serve the derivatives too.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import sparse
>>> a = sparse.csc_array([[2.0, 0.0], [0.0, 4.0]])
>>> fc.grad(lambda b: np.sum(sparse.linalg.spsolve(a, b)))(np.ones(2))
array([0.5 , 0.25])
"""

from scipy.sparse.linalg import *

from funcad.rules.scipy.sparse_solvers import factorized as factorized
from funcad.rules.scipy.sparse_solvers import norm as norm
from funcad.rules.scipy.sparse_solvers import splu as splu
from funcad.rules.scipy.sparse_solvers import spsolve as spsolve
