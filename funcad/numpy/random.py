"""The generator of `numpy.random`, for draws whose distribution has traced parameters.

NumPy's own generator is compiled and does not see traced values. This one is NumPy's, with the same draws and
the same states, whose methods have derivatives by their parameters:

>>> import funcad as fc
>>> from funcad.numpy import random
>>> def f(mu, sigma):
...     return random.default_rng(0).normal(mu, sigma)
>>> fc.grad(f, (0, 1))(1.0, 2.0)
(1.0, 0.12573022...)
"""

from __future__ import annotations

from typing import Any

import numpy.random as _random
from numpy.random import *  # noqa: F403 - the namespace is NumPy's

from funcad.rules.random.drawing import Generator as Generator


def default_rng(seed: Any = None) -> Generator:  # type: ignore[no-redef]
    """Return a generator of NumPy's draws, which have derivatives by traced parameters.

    Args:
        seed: as in NumPy; a generator of NumPy is not copied: the two draw from one state.
    """
    if isinstance(seed, Generator):
        return seed
    return Generator(_random.default_rng(seed).bit_generator)
