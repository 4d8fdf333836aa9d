"""For authors of rules: the kinds of declaration, the domains, and `primitive`.

`elementwise(scipy.special.erf, lambda x: 2 / np.sqrt(np.pi) * np.exp(-x * x))` gives a function
that speaks NumPy's protocols its derivatives in every mode; docs/rules.md shows each kind.

>>> from funcad.extend import positive
>>> positive.low, positive.high
(0.2, 3.0)
"""

from funcad.core.batching import Call as Call
from funcad.core.domains import Domain as Domain
from funcad.core.domains import above_minus_one as above_minus_one
from funcad.core.domains import above_one as above_one
from funcad.core.domains import integers as integers
from funcad.core.domains import nonzero as nonzero
from funcad.core.domains import positive as positive
from funcad.core.domains import real as real
from funcad.core.domains import unit as unit
from funcad.core.function import PrimitiveFunction as PrimitiveFunction
from funcad.core.function import primitive as primitive
from funcad.core.kinds import batching as batching
from funcad.core.kinds import bilinear as bilinear
from funcad.core.kinds import composite as composite
from funcad.core.kinds import constant as constant
from funcad.core.kinds import elementwise as elementwise
from funcad.core.kinds import general as general
from funcad.core.kinds import linear as linear
from funcad.core.primitive import registry as registry
