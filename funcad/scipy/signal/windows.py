"""`scipy.signal.windows` for traced values: SciPy's namespace, with twins of the windows that have a shape.

>>> import funcad as fc
>>> from funcad.scipy.signal import windows
>>> fc.jacfwd(lambda std: windows.gaussian(3, std))(1.0).round(6)
array([0.606531, 0.      , 0.606531])
"""

from scipy.signal.windows import *

from funcad.rules.scipy.windows import chebwin as chebwin
from funcad.rules.scipy.windows import exponential as exponential
from funcad.rules.scipy.windows import gaussian as gaussian
from funcad.rules.scipy.windows import general_cosine as general_cosine
from funcad.rules.scipy.windows import general_gaussian as general_gaussian
from funcad.rules.scipy.windows import general_hamming as general_hamming
from funcad.rules.scipy.windows import get_window as get_window
from funcad.rules.scipy.windows import kaiser as kaiser
from funcad.rules.scipy.windows import kaiser_bessel_derived as kaiser_bessel_derived
from funcad.rules.scipy.windows import tukey as tukey
