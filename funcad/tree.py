"""Containers as trees of leaves: `flatten`, `unflatten`, `map`, and `ravel` into one vector."""

from funcad.core.tree import flatten as flatten
from funcad.core.tree import map as map
from funcad.core.tree import ravel as ravel
from funcad.core.tree import unflatten as unflatten

__all__ = ["flatten", "map", "ravel", "unflatten"]
