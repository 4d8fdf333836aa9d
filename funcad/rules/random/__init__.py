"""Random numbers whose distribution has traced parameters; `funcad.numpy.random` loads these tables."""

from funcad.rules.random import choices as choices
from funcad.rules.random import families as families
