"""Loads the tables of `scipy.special` whose domains say enough, so that they are checked without samples."""

from funcad.rules.scipy import gammas as gammas
from funcad.rules.scipy import hypergeometric as hypergeometric
from funcad.rules.scipy import orthogonal as orthogonal
from funcad.rules.scipy import tails as tails
