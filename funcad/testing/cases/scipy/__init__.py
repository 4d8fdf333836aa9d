"""Sample calls of SciPy's functions; importing this package loads all tables for SciPy."""

from funcad.testing.cases.scipy import functions as functions
from funcad.testing.cases.scipy import linalg as linalg
from funcad.testing.cases.scipy import special as special
