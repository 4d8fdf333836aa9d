"""Sample calls of what sparse arrays are made of: products, dense forms, sums and solutions."""

import numpy as np
import scipy.sparse

from funcad.rules.scipy.sparse import System, dense, product, sampled, solution, total
from funcad.testing.samples import array, call, samples

#: four rows, three columns, six stored values, of which two are at one place in the last
CSR = scipy.sparse.csr_array(([1.0] * 6, [0, 2, 1, 0, 1, 2], [0, 2, 3, 3, 6]), shape=(4, 3))
CSC = CSR.tocsc()
COO = scipy.sparse.coo_array(([1.0] * 6, ([0, 0, 3, 2, 3, 0], [1, 1, 0, 2, 2, 0])), shape=(4, 3))

for like in (CSR, CSC, COO):
    samples(product, call(array(6), array(3), like), call(array(6), array(3, 2), like))
    samples(dense, call(array(6), like))
    samples(sampled, call(array(4, 3), like))
    samples(total, call(array(6), like, None), call(array(6), like, 0), call(array(6), like, 1))
samples(
    product, call(array(6, complex=True), array(3, complex=True), CSR), call(np.arange(6.0), array(3), CSC)
)
samples(dense, call(array(6, complex=True), COO))


#: a square one, and what makes its diagonal large, in the order of its stored values
SQUARE = scipy.sparse.csc_array(([1.0] * 8, [0, 2, 0, 1, 2, 3, 1, 3], [0, 2, 4, 6, 8]), shape=(4, 4))
for like in (SQUARE, SQUARE.tocsr()):
    rows, columns = like.tocoo().coords
    large = np.where(rows == columns, 3.0, 0.0)
    values = array(8, make=lambda x, large=large: 0.3 * x + large)
    for direct in (True, False):
        for right in (array(4), array(4, 2)):
            samples(solution, call(values, right, System(like, direct), float32=False))
    samples(solution, call(values, array(4), System(like, False), "T", float32=False))
