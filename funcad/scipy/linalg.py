"""`scipy.linalg` for traced values: SciPy's namespace, with twins of the functions that have rules.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import linalg
>>> fc.grad(lambda a: np.trace(linalg.expm(a)))(np.zeros((2, 2)))
array([[1., 0.],
       [0., 1.]])
"""

from scipy.linalg import *

from funcad.rules.scipy.linalg import cho_factor as cho_factor
from funcad.rules.scipy.linalg import cho_solve as cho_solve
from funcad.rules.scipy.linalg import cholesky as cholesky
from funcad.rules.scipy.linalg import det as det
from funcad.rules.scipy.linalg import expm as expm
from funcad.rules.scipy.linalg import inv as inv
from funcad.rules.scipy.linalg import solve_triangular as solve_triangular
