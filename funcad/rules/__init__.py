"""Tables of mathematics, by topic. Importing this package fills the registry."""

from funcad.core.foreign import foreign as _foreign
from funcad.core.on_demand import on_demand as _on_demand
from funcad.rules import bessel as bessel
from funcad.rules import constants as constants
from funcad.rules import creation as creation
from funcad.rules import decompositions as decompositions
from funcad.rules import differences as differences
from funcad.rules import editing as editing
from funcad.rules import einsum as einsum
from funcad.rules import fourier as fourier
from funcad.rules import interpolation as interpolation
from funcad.rules import joining as joining
from funcad.rules import linalg as linalg
from funcad.rules import missing as missing
from funcad.rules import norms as norms
from funcad.rules import padding as padding
from funcad.rules import polynomials as polynomials
from funcad.rules import products as products
from funcad.rules import quantiles as quantiles
from funcad.rules import reductions as reductions
from funcad.rules import scimath as scimath
from funcad.rules import selection as selection
from funcad.rules import sets as sets
from funcad.rules import shaping as shaping
from funcad.rules import spacing as spacing
from funcad.rules import statistics as statistics
from funcad.rules import ufunc_methods as ufunc_methods
from funcad.rules import ufuncs as ufuncs
from funcad.rules import writers as writers

# isort: split
# after the tables, whose functions it batches
from funcad.rules import batching as batching

_foreign("scipy.sparse", "funcad.rules.scipy.sparse_operands")
_foreign("funcad.rules.scipy.traced_sparse", "funcad.rules.scipy.sparse_operands")
_foreign("scipy.stats", "funcad.rules.scipy.statistics_results")
_TOPICS = (
    "special",
    "gammas",
    "integrals",
    "tails",
    "elliptic",
    "cylinder",
    "hypergeometric",
    "orthogonal",
    "legendre",
)
# the public names of `scipy.special`, and the ufuncs that its Python functions call
for _library in ("scipy.special", "scipy.special._ufuncs"):
    _on_demand(_library, *[f"funcad.rules.scipy.{_topic}" for _topic in _TOPICS])
