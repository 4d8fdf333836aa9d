"""`scipy.ndimage` for traced values: SciPy's namespace, with twins of the functions that have rules.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import ndimage
>>> image = np.array([0.0, 1.0, 4.0, 9.0, 16.0])
>>> fc.jacobian(lambda s: ndimage.shift(image, s, order=1))(0.5)
array([ 0., -1., -3., -5., -7.])
"""

from scipy.ndimage import *

from funcad.rules.scipy.ndimage_callables import generic_filter as generic_filter
from funcad.rules.scipy.ndimage_callables import generic_filter1d as generic_filter1d
from funcad.rules.scipy.ndimage_callables import generic_gradient_magnitude as generic_gradient_magnitude
from funcad.rules.scipy.ndimage_callables import generic_laplace as generic_laplace
from funcad.rules.scipy.ndimage_callables import geometric_transform as geometric_transform
from funcad.rules.scipy.ndimage_choices import black_tophat as black_tophat
from funcad.rules.scipy.ndimage_choices import grey_closing as grey_closing
from funcad.rules.scipy.ndimage_choices import grey_dilation as grey_dilation
from funcad.rules.scipy.ndimage_choices import grey_erosion as grey_erosion
from funcad.rules.scipy.ndimage_choices import grey_opening as grey_opening
from funcad.rules.scipy.ndimage_choices import maximum_filter as maximum_filter
from funcad.rules.scipy.ndimage_choices import maximum_filter1d as maximum_filter1d
from funcad.rules.scipy.ndimage_choices import median_filter as median_filter
from funcad.rules.scipy.ndimage_choices import minimum_filter as minimum_filter
from funcad.rules.scipy.ndimage_choices import minimum_filter1d as minimum_filter1d
from funcad.rules.scipy.ndimage_choices import morphological_gradient as morphological_gradient
from funcad.rules.scipy.ndimage_choices import morphological_laplace as morphological_laplace
from funcad.rules.scipy.ndimage_choices import percentile_filter as percentile_filter
from funcad.rules.scipy.ndimage_choices import rank_filter as rank_filter
from funcad.rules.scipy.ndimage_choices import white_tophat as white_tophat
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
from funcad.rules.scipy.ndimage_regions import binary_closing as binary_closing
from funcad.rules.scipy.ndimage_regions import binary_dilation as binary_dilation
from funcad.rules.scipy.ndimage_regions import binary_erosion as binary_erosion
from funcad.rules.scipy.ndimage_regions import binary_fill_holes as binary_fill_holes
from funcad.rules.scipy.ndimage_regions import binary_hit_or_miss as binary_hit_or_miss
from funcad.rules.scipy.ndimage_regions import binary_opening as binary_opening
from funcad.rules.scipy.ndimage_regions import binary_propagation as binary_propagation
from funcad.rules.scipy.ndimage_regions import center_of_mass as center_of_mass
from funcad.rules.scipy.ndimage_regions import distance_transform_bf as distance_transform_bf
from funcad.rules.scipy.ndimage_regions import distance_transform_cdt as distance_transform_cdt
from funcad.rules.scipy.ndimage_regions import distance_transform_edt as distance_transform_edt
from funcad.rules.scipy.ndimage_regions import extrema as extrema
from funcad.rules.scipy.ndimage_regions import find_objects as find_objects
from funcad.rules.scipy.ndimage_regions import fourier_ellipsoid as fourier_ellipsoid
from funcad.rules.scipy.ndimage_regions import fourier_gaussian as fourier_gaussian
from funcad.rules.scipy.ndimage_regions import fourier_shift as fourier_shift
from funcad.rules.scipy.ndimage_regions import fourier_uniform as fourier_uniform
from funcad.rules.scipy.ndimage_regions import histogram as histogram
from funcad.rules.scipy.ndimage_regions import label as label
from funcad.rules.scipy.ndimage_regions import maximum as maximum
from funcad.rules.scipy.ndimage_regions import maximum_position as maximum_position
from funcad.rules.scipy.ndimage_regions import mean as mean
from funcad.rules.scipy.ndimage_regions import median as median
from funcad.rules.scipy.ndimage_regions import minimum as minimum
from funcad.rules.scipy.ndimage_regions import minimum_position as minimum_position
from funcad.rules.scipy.ndimage_regions import standard_deviation as standard_deviation
from funcad.rules.scipy.ndimage_regions import sum_ as sum_
from funcad.rules.scipy.ndimage_regions import sum_labels as sum_labels
from funcad.rules.scipy.ndimage_regions import variance as variance
from funcad.rules.scipy.ndimage_splines import affine_transform as affine_transform
from funcad.rules.scipy.ndimage_splines import map_coordinates as map_coordinates
from funcad.rules.scipy.ndimage_splines import rotate as rotate
from funcad.rules.scipy.ndimage_splines import shift as shift
from funcad.rules.scipy.ndimage_splines import zoom as zoom

sum = sum_  # noqa: A001 - SciPy's name
