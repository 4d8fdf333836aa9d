"""`scipy.sparse` for traced values: arrays whose stored values are traced, and what joins and makes them.

A plain sparse array needs none of it: `A @ x`, `x @ A` and `A * x` see a traced x as they are. The gradient
by a sparse array has its stored values at the same places.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import sparse
>>> a = sparse.csr_array(([1.0, 2.0], ([0, 1], [1, 0])))
>>> fc.grad(lambda a: np.sum((a @ np.array([3.0, 4.0])) ** 2))(a).toarray()
array([[ 0., 32.],
       [36.,  0.]])
"""

from scipy.sparse import *

from funcad.rules.scipy.sparse_making import block_array as block_array
from funcad.rules.scipy.sparse_making import bmat as bmat
from funcad.rules.scipy.sparse_making import coo_array as coo_array
from funcad.rules.scipy.sparse_making import coo_matrix as coo_matrix
from funcad.rules.scipy.sparse_making import csc_array as csc_array
from funcad.rules.scipy.sparse_making import csc_matrix as csc_matrix
from funcad.rules.scipy.sparse_making import csr_array as csr_array
from funcad.rules.scipy.sparse_making import csr_matrix as csr_matrix
from funcad.rules.scipy.sparse_making import diags as diags
from funcad.rules.scipy.sparse_making import diags_array as diags_array
from funcad.rules.scipy.sparse_making import hstack as hstack
from funcad.rules.scipy.sparse_making import kron as kron
from funcad.rules.scipy.sparse_making import vstack as vstack
from funcad.rules.scipy.traced_sparse import issparse as issparse

# isort: split
# after the names of SciPy, among which is a module of its own
import funcad.scipy.sparse.linalg as linalg  # noqa: F401
