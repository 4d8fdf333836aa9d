"""Sample calls of distances: between two vectors, and between all pairs of points."""

import inspect
from typing import Any

import numpy as np

from funcad.core.domains import positive
from funcad.rules.scipy import distance, distance_pairs
from funcad.testing.samples import array, call, samples

W = np.array([0.5, 1.0, 2.0])
VI = np.array([[2.0, 0.3, 0.0], [0.3, 1.0, 0.2], [0.0, 0.2, 1.5]])
#: what a metric needs beside the points
NEEDED: dict[str, dict[str, Any]] = {"mahalanobis": {"VI": VI}, "seuclidean": {"V": W}, "minkowski": {"p": 3}}


def apart(*shape: int) -> Any:
    """Specify points no two coordinates of which are equal, nor two differences of coordinates."""
    return array(
        *shape, make=lambda x: 0.05 * x + np.cumsum(1.37 ** np.arange(x.size)).reshape(x.shape) % 3.1
    )


for name, metric in distance.METRICS.items():
    fn, needed = distance.VECTORS[name], NEEDED.get(name, {})
    samples(fn, call(apart(3), array(3, make=lambda x: 0.3 * x + 0.1), **needed))
    pair = apart(4, 3), array(2, 3, make=lambda x: 0.3 * x + 0.1)
    samples(distance.cdist, call(*pair, name, **needed))
    samples(distance.pdist, call(apart(4, 3), name, **needed))
    if "w" in inspect.signature(metric).parameters:
        samples(fn, call(apart(3), array(3, make=lambda x: 0.3 * x + 0.1), w=W, **needed))
        samples(distance.cdist, call(*pair, name, w=W, **needed))
        samples(distance.pdist, call(apart(4, 3), name, w=W, **needed))
samples(distance.cdist, call(apart(4, 3), [[0.1, 0.2, 0.35]]), call(apart(4, 2), apart(2, 2), "seuclidean"))
samples(
    distance.cdist, call(apart(5, 2), array(2, 2), "mahalanobis"), call(apart(3, 2), array(2, 2), "cityblock")
)
samples(distance.pdist, call(apart(4, 2), "seuclidean"), call(apart(5, 2), "mahalanobis"))
samples(
    distance.VECTORS["minkowski"],
    call(apart(3), array(3), 1.5),
    call(apart(3), array(3), w=array(3, domain=positive)),
)
samples(distance.VECTORS["euclidean"], call(apart(3), array(3), array(3, domain=positive)))
samples(distance.VECTORS["seuclidean"], call(apart(3), array(3), array(3, domain=positive)))
samples(distance.VECTORS["mahalanobis"], call(apart(3), array(3), array(3, 3, make=lambda x: VI + 0.1 * x)))
samples(distance.VECTORS["correlation"], call(apart(3), array(3), centered=False))
DISTRIBUTION = array(4, domain=positive)
samples(
    distance.VECTORS["jensenshannon"],
    call(DISTRIBUTION, array(4, domain=positive)),
    call(DISTRIBUTION, array(4, domain=positive), base=2.0),
    call(array(4, 2, domain=positive), array(4, 2, domain=positive)),
    call(array(2, 4, domain=positive), array(2, 4, domain=positive), axis=1, keepdims=True),
)
samples(distance.cdist, call(array(3, 4, domain=positive), array(2, 4, domain=positive), "jensenshannon"))
# of a matrix: tests/scipy/test_distance.py
samples(distance_pairs.squareform, call(array(6)), call(array(3)))
samples(distance.distance_matrix, call(apart(4, 2), array(3, 2)), call(apart(4, 2), array(3, 2), p=1))
samples(distance.minkowski_distance, call(apart(3, 2), array(3, 2)), call(apart(3, 2), array(2), p=np.inf))
samples(distance.minkowski_distance_p, call(apart(3, 2), array(3, 2)), call(apart(3, 2), array(2), p=np.inf))
TWO_SETS = apart(3, 2), array(4, 2, make=lambda x: 0.3 * x + 0.1)
KERNELS = [distance_pairs.SQUARES, distance_pairs.PRODUCTS, distance_pairs.CITYBLOCK, distance_pairs.SUMS]
samples(
    distance_pairs.between,
    *[call(apart(3, 2), array(4, 2, make=lambda x: 0.3 * x + 0.1), kernel, None) for kernel in KERNELS],
    call(
        apart(3, 2), array(4, 2, make=lambda x: 0.3 * x + 0.1), distance_pairs.CANBERRA, np.array([0.5, 2.0])
    ),
)
samples(distance_pairs.among, *[call(apart(4, 2), kernel, None) for kernel in KERNELS])
