"""`scipy.interpolate` for traced values: SciPy's namespace, with classes made of and read at traced values.

What is made of plain values is an object of SciPy's class, and can be read at traced places as well.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import interpolate
>>> spline = interpolate.CubicSpline([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 8.0, 27.0])
>>> float(fc.grad(spline)(1.5).round(12))
6.75
"""

from scipy.interpolate import *

from funcad.rules.scipy.interpolate_bspline_class import BSpline as BSpline
from funcad.rules.scipy.interpolate_bspline_class import make_interp_spline as make_interp_spline
from funcad.rules.scipy.interpolate_bspline_class import make_lsq_spline as make_lsq_spline
from funcad.rules.scipy.interpolate_bsplines import splev as splev
from funcad.rules.scipy.interpolate_bsplines import splrep as splrep
from funcad.rules.scipy.interpolate_cubic import Akima1DInterpolator as Akima1DInterpolator
from funcad.rules.scipy.interpolate_cubic import CubicHermiteSpline as CubicHermiteSpline
from funcad.rules.scipy.interpolate_cubic import CubicSpline as CubicSpline
from funcad.rules.scipy.interpolate_cubic import PchipInterpolator as PchipInterpolator
from funcad.rules.scipy.interpolate_cubic import pchip_interpolate as pchip_interpolate
from funcad.rules.scipy.interpolate_grids import RectBivariateSpline as RectBivariateSpline
from funcad.rules.scipy.interpolate_grids import RegularGridInterpolator as RegularGridInterpolator
from funcad.rules.scipy.interpolate_grids import interpn as interpn
from funcad.rules.scipy.interpolate_line import interp1d as interp1d
from funcad.rules.scipy.interpolate_piecewise import PPoly as PPoly
from funcad.rules.scipy.interpolate_scattered import RBFInterpolator as RBFInterpolator
from funcad.rules.scipy.interpolate_scattered import griddata as griddata
