"""Rules of batching, by topic: how a primitive computes all examples of a batch at once."""

from funcad.rules.batching import constants as constants
from funcad.rules.batching import differences as differences
from funcad.rules.batching import fourier as fourier
from funcad.rules.batching import indexing as indexing
from funcad.rules.batching import linalg as linalg
from funcad.rules.batching import products as products
from funcad.rules.batching import quantiles as quantiles
from funcad.rules.batching import reductions as reductions
from funcad.rules.batching import shaping as shaping
