"""`scipy.fft` for traced values: SciPy's namespace, with twins of all its transforms.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import fft
>>> fc.grad(lambda x: np.sum(fft.dct(x, norm="ortho") ** 2))(np.array([1.0, 2.0, 3.0])).round(12)
array([2., 4., 6.])
"""

from scipy.fft import *

from funcad.rules.scipy.fft import dct as dct
from funcad.rules.scipy.fft import dctn as dctn
from funcad.rules.scipy.fft import dst as dst
from funcad.rules.scipy.fft import dstn as dstn
from funcad.rules.scipy.fft import fft as fft
from funcad.rules.scipy.fft import fft2 as fft2
from funcad.rules.scipy.fft import fftn as fftn
from funcad.rules.scipy.fft import fftshift as fftshift
from funcad.rules.scipy.fft import fht as fht
from funcad.rules.scipy.fft import hfft as hfft
from funcad.rules.scipy.fft import hfft2 as hfft2
from funcad.rules.scipy.fft import hfftn as hfftn
from funcad.rules.scipy.fft import idct as idct
from funcad.rules.scipy.fft import idctn as idctn
from funcad.rules.scipy.fft import idst as idst
from funcad.rules.scipy.fft import idstn as idstn
from funcad.rules.scipy.fft import ifft as ifft
from funcad.rules.scipy.fft import ifft2 as ifft2
from funcad.rules.scipy.fft import ifftn as ifftn
from funcad.rules.scipy.fft import ifftshift as ifftshift
from funcad.rules.scipy.fft import ifht as ifht
from funcad.rules.scipy.fft import ihfft as ihfft
from funcad.rules.scipy.fft import ihfft2 as ihfft2
from funcad.rules.scipy.fft import ihfftn as ihfftn
from funcad.rules.scipy.fft import irfft as irfft
from funcad.rules.scipy.fft import irfft2 as irfft2
from funcad.rules.scipy.fft import irfftn as irfftn
from funcad.rules.scipy.fft import rfft as rfft
from funcad.rules.scipy.fft import rfft2 as rfft2
from funcad.rules.scipy.fft import rfftn as rfftn
