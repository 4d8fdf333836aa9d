"""`scipy.integrate` for traced values: SciPy's namespace, with twins of the functions that have rules.

The functions of functions see what their integrand or right-hand side closes over, and its `args`.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import integrate
>>> def period(m):
...     return 4 * integrate.quad(lambda u: 1 / np.sqrt(1 - m * np.sin(u) ** 2), 0, np.pi / 2)[0]
>>> fc.grad(period)(0.0).round(9)
np.float64(1.570796327)
>>> def population(rate):
...     return integrate.solve_ivp(lambda t, y: rate * y, (0, 1), [1.0], rtol=1e-8).y[0, -1]
>>> fc.grad(population)(1.0).round(5)
np.float64(2.71828)
"""

from scipy.integrate import *

from funcad.rules.scipy.integrate import cumulative_simpson as cumulative_simpson
from funcad.rules.scipy.integrate import cumulative_trapezoid as cumulative_trapezoid
from funcad.rules.scipy.integrate import romb as romb
from funcad.rules.scipy.integrate import simpson as simpson
from funcad.rules.scipy.integrate import trapezoid as trapezoid
from funcad.solvers.nested import dblquad as dblquad
from funcad.solvers.nested import nquad as nquad
from funcad.solvers.nested import tplquad as tplquad
from funcad.solvers.odeint import odeint as odeint
from funcad.solvers.quadrature import fixed_quad as fixed_quad
from funcad.solvers.quadrature import quad as quad
from funcad.solvers.quadrature import quad_vec as quad_vec
from funcad.solvers.solve_ivp import solve_ivp as solve_ivp
