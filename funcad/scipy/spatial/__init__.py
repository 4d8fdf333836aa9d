"""`scipy.spatial` for traced values: distances between points.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import spatial
>>> float(fc.grad(spatial.distance.euclidean)(np.array([3.0, 4.0]), np.zeros(2))[1])
0.8
"""

from scipy.spatial import *

from funcad.rules.scipy.distance import distance_matrix as distance_matrix
from funcad.rules.scipy.distance import minkowski_distance as minkowski_distance
from funcad.rules.scipy.distance import minkowski_distance_p as minkowski_distance_p

# isort: split
# after the names of SciPy, among which is a module of its own
import funcad.scipy.spatial.distance as distance  # noqa: F401
