"""How primitives compute a whole batch at once: one row per function, as in the tables of derivatives."""

from funcad.rules.batching import constants as constants
from funcad.rules.batching import indexing as indexing
from funcad.rules.batching import reductions as reductions
from funcad.rules.batching import shaping as shaping
