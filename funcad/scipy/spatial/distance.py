"""`scipy.spatial.distance` for traced values: all metrics that are formulas.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy.spatial import distance
>>> points = np.array([[0.0, 0.0], [3.0, 4.0]])
>>> fc.grad(lambda p: np.sum(distance.pdist(p)))(points)
array([[-0.6, -0.8],
       [ 0.6,  0.8]])
"""

from scipy.spatial.distance import *

from funcad.rules.scipy.distance import VECTORS as _VECTORS
from funcad.rules.scipy.distance import cdist as cdist
from funcad.rules.scipy.distance import pdist as pdist
from funcad.rules.scipy.distance_pairs import squareform as squareform

globals().update(_VECTORS)
