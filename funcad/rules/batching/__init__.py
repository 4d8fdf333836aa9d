"""Rules of batching, by topic: how a primitive computes all examples of a batch at once."""

from funcad.rules.batching import linalg as linalg
from funcad.rules.batching import products as products
