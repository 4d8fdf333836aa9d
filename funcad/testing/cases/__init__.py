"""Sample calls of every primitive that is not elementwise, by topic as the rules are."""

from funcad.testing.cases import elements as elements
from funcad.testing.cases import ufuncs as ufuncs
