"""`scipy.ndimage` for traced values: SciPy's namespace, with twins of the functions that have rules.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import ndimage
>>> image = np.array([0.0, 1.0, 4.0, 9.0, 16.0])
>>> fc.jacobian(lambda s: ndimage.shift(image, s, order=1))(0.5)
array([ 0., -1., -3., -5., -7.])
"""

from scipy.ndimage import *

from funcad.rules.scipy.ndimage_coefficients import spline_filter as spline_filter
from funcad.rules.scipy.ndimage_coefficients import spline_filter1d as spline_filter1d
from funcad.rules.scipy.ndimage_filters import convolve as convolve
from funcad.rules.scipy.ndimage_filters import convolve1d as convolve1d
from funcad.rules.scipy.ndimage_filters import correlate as correlate
from funcad.rules.scipy.ndimage_filters import correlate1d as correlate1d
from funcad.rules.scipy.ndimage_filters import uniform_filter as uniform_filter
from funcad.rules.scipy.ndimage_filters import uniform_filter1d as uniform_filter1d
from funcad.rules.scipy.ndimage_gaussian import gaussian_filter as gaussian_filter
from funcad.rules.scipy.ndimage_gaussian import gaussian_filter1d as gaussian_filter1d
from funcad.rules.scipy.ndimage_gaussian import gaussian_gradient_magnitude as gaussian_gradient_magnitude
from funcad.rules.scipy.ndimage_gaussian import gaussian_laplace as gaussian_laplace
from funcad.rules.scipy.ndimage_gaussian import laplace as laplace
from funcad.rules.scipy.ndimage_gaussian import prewitt as prewitt
from funcad.rules.scipy.ndimage_gaussian import sobel as sobel
from funcad.rules.scipy.ndimage_splines import affine_transform as affine_transform
from funcad.rules.scipy.ndimage_splines import map_coordinates as map_coordinates
from funcad.rules.scipy.ndimage_splines import rotate as rotate
from funcad.rules.scipy.ndimage_splines import shift as shift
from funcad.rules.scipy.ndimage_splines import zoom as zoom
