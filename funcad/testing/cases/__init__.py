"""Sample calls of every primitive that is not elementwise, by topic as the rules are."""

import importlib
import importlib.util

from funcad.testing.cases import creation as creation
from funcad.testing.cases import decompositions as decompositions
from funcad.testing.cases import differences as differences
from funcad.testing.cases import editing as editing
from funcad.testing.cases import elements as elements
from funcad.testing.cases import fourier as fourier
from funcad.testing.cases import interpolation as interpolation
from funcad.testing.cases import joining as joining
from funcad.testing.cases import linalg as linalg
from funcad.testing.cases import missing as missing
from funcad.testing.cases import norms as norms
from funcad.testing.cases import polynomials as polynomials
from funcad.testing.cases import products as products
from funcad.testing.cases import quantiles as quantiles
from funcad.testing.cases import random as random
from funcad.testing.cases import reductions as reductions
from funcad.testing.cases import selection as selection
from funcad.testing.cases import sets as sets
from funcad.testing.cases import shaping as shaping
from funcad.testing.cases import spacing as spacing
from funcad.testing.cases import statistics as statistics
from funcad.testing.cases import ufunc_methods as ufunc_methods
from funcad.testing.cases import ufuncs as ufuncs


def load_extras() -> None:
    """Load the tables of rules and the sample calls for SciPy, where it is installed."""
    if importlib.util.find_spec("scipy") is not None:
        importlib.import_module("funcad.testing.cases.scipy")
