"""`scipy.linalg` for traced values: SciPy's namespace, with twins of the functions that have rules.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import linalg
>>> fc.grad(lambda a: np.trace(linalg.expm(a)))(np.zeros((2, 2)))
array([[1., 0.],
       [0., 1.]])

Factors serve both passes: `lu_solve` solves the transposed system by the same ones. What is not read has
the gradient 0. Where LAPACK chooses signs, phases or bases freely, there is an error that says what to write.

>>> a = np.array([[4.0, 1.0], [9.0, 3.0]])
>>> fc.grad(lambda a: linalg.solve(a, np.ones(2), assume_a="pos")[0])(a).round(6)
array([[-0.049587, -0.057851],
       [-0.      ,  0.024793]])
>>> fc.jacobian(lambda a: linalg.eigh(a)[1])(np.eye(2))
Traceback (most recent call last):
    ...
funcad.errors.UndefinedDerivativeError: scipy.linalg.eigh: ...
"""

from scipy.linalg import *

from funcad.rules.scipy.banded import cho_solve_banded as cho_solve_banded
from funcad.rules.scipy.banded import cholesky_banded as cholesky_banded
from funcad.rules.scipy.banded import solve_banded as solve_banded
from funcad.rules.scipy.banded import solveh_banded as solveh_banded
from funcad.rules.scipy.decompositions import hessenberg as hessenberg
from funcad.rules.scipy.decompositions import null_space as null_space
from funcad.rules.scipy.decompositions import orth as orth
from funcad.rules.scipy.decompositions import orthogonal_procrustes as orthogonal_procrustes
from funcad.rules.scipy.decompositions import polar as polar
from funcad.rules.scipy.decompositions import qr as qr
from funcad.rules.scipy.decompositions import qr_multiply as qr_multiply
from funcad.rules.scipy.decompositions import rq as rq
from funcad.rules.scipy.decompositions import rsf2csf as rsf2csf
from funcad.rules.scipy.decompositions import schur as schur
from funcad.rules.scipy.decompositions import subspace_angles as subspace_angles
from funcad.rules.scipy.decompositions import svd as svd
from funcad.rules.scipy.decompositions import svdvals as svdvals
from funcad.rules.scipy.eigenvalues import eig as eig
from funcad.rules.scipy.eigenvalues import eig_banded as eig_banded
from funcad.rules.scipy.eigenvalues import eigh as eigh
from funcad.rules.scipy.eigenvalues import eigh_tridiagonal as eigh_tridiagonal
from funcad.rules.scipy.eigenvalues import eigvals as eigvals
from funcad.rules.scipy.eigenvalues import eigvals_banded as eigvals_banded
from funcad.rules.scipy.eigenvalues import eigvalsh as eigvalsh
from funcad.rules.scipy.eigenvalues import eigvalsh_tridiagonal as eigvalsh_tridiagonal
from funcad.rules.scipy.elimination import lu as lu
from funcad.rules.scipy.elimination import lu_factor as lu_factor
from funcad.rules.scipy.elimination import lu_solve as lu_solve
from funcad.rules.scipy.linalg import cho_factor as cho_factor
from funcad.rules.scipy.linalg import cho_solve as cho_solve
from funcad.rules.scipy.linalg import cholesky as cholesky
from funcad.rules.scipy.linalg import det as det
from funcad.rules.scipy.linalg import inv as inv
from funcad.rules.scipy.linalg import lstsq as lstsq
from funcad.rules.scipy.linalg import norm as norm
from funcad.rules.scipy.linalg import pinv as pinv
from funcad.rules.scipy.linalg import pinvh as pinvh
from funcad.rules.scipy.linalg import solve as solve
from funcad.rules.scipy.matrix_equations import solve_continuous_are as solve_continuous_are
from funcad.rules.scipy.matrix_equations import solve_continuous_lyapunov as solve_continuous_lyapunov
from funcad.rules.scipy.matrix_equations import solve_discrete_are as solve_discrete_are
from funcad.rules.scipy.matrix_equations import solve_discrete_lyapunov as solve_discrete_lyapunov
from funcad.rules.scipy.matrix_equations import solve_sylvester as solve_sylvester
from funcad.rules.scipy.matrix_functions import coshm as coshm
from funcad.rules.scipy.matrix_functions import cosm as cosm
from funcad.rules.scipy.matrix_functions import expm as expm
from funcad.rules.scipy.matrix_functions import expm_frechet as expm_frechet
from funcad.rules.scipy.matrix_functions import fractional_matrix_power as fractional_matrix_power
from funcad.rules.scipy.matrix_functions import funm as funm
from funcad.rules.scipy.matrix_functions import logm as logm
from funcad.rules.scipy.matrix_functions import signm as signm
from funcad.rules.scipy.matrix_functions import sinhm as sinhm
from funcad.rules.scipy.matrix_functions import sinm as sinm
from funcad.rules.scipy.matrix_functions import sqrtm as sqrtm
from funcad.rules.scipy.matrix_functions import tanhm as tanhm
from funcad.rules.scipy.matrix_functions import tanm as tanm
from funcad.rules.scipy.structured import bandwidth as bandwidth
from funcad.rules.scipy.structured import block_diag as block_diag
from funcad.rules.scipy.structured import circulant as circulant
from funcad.rules.scipy.structured import companion as companion
from funcad.rules.scipy.structured import convolution_matrix as convolution_matrix
from funcad.rules.scipy.structured import diagsvd as diagsvd
from funcad.rules.scipy.structured import fiedler as fiedler
from funcad.rules.scipy.structured import fiedler_companion as fiedler_companion
from funcad.rules.scipy.structured import hankel as hankel
from funcad.rules.scipy.structured import ishermitian as ishermitian
from funcad.rules.scipy.structured import issymmetric as issymmetric
from funcad.rules.scipy.structured import khatri_rao as khatri_rao
from funcad.rules.scipy.structured import leslie as leslie
from funcad.rules.scipy.structured import matmul_toeplitz as matmul_toeplitz
from funcad.rules.scipy.structured import matrix_balance as matrix_balance
from funcad.rules.scipy.structured import solve_circulant as solve_circulant
from funcad.rules.scipy.structured import solve_toeplitz as solve_toeplitz
from funcad.rules.scipy.structured import toeplitz as toeplitz
from funcad.rules.scipy.triangular import solve_triangular as solve_triangular
from funcad.rules.scipy.undefined import cdf2rdf as cdf2rdf
from funcad.rules.scipy.undefined import clarkson_woodruff_transform as clarkson_woodruff_transform
from funcad.rules.scipy.undefined import cossin as cossin
from funcad.rules.scipy.undefined import expm_cond as expm_cond
from funcad.rules.scipy.undefined import ldl as ldl
from funcad.rules.scipy.undefined import ordqz as ordqz
from funcad.rules.scipy.undefined import qr_delete as qr_delete
from funcad.rules.scipy.undefined import qr_insert as qr_insert
from funcad.rules.scipy.undefined import qr_update as qr_update
from funcad.rules.scipy.undefined import qz as qz

#: SciPy's older name
solve_lyapunov = solve_continuous_lyapunov
