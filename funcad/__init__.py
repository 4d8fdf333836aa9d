"""Exact derivatives of the NumPy code that people already have.

>>> import numpy as np
>>> import funcad as fc
>>> fc.grad(lambda x: np.sum(np.sin(x) ** 2))(np.array([0.0, np.pi / 4])).round(12)
array([0., 1.])
"""

import importlib as _importlib
import typing as _t

from funcad import errors as errors
from funcad import rules as _rules  # noqa: F401 - fills the registry
from funcad import tree as tree
from funcad.build import build_info as build_info
from funcad.core.function import primitive as primitive
from funcad.transforms.checkpoint import checkpoint as checkpoint
from funcad.transforms.checkpoint import checkpoint_loop as checkpoint_loop
from funcad.transforms.custom import custom_jvp as custom_jvp
from funcad.transforms.custom import custom_vjp as custom_vjp
from funcad.transforms.diagonal import hessian_diagonal as hessian_diagonal
from funcad.transforms.diagonal import laplacian as laplacian
from funcad.transforms.grad import grad as grad
from funcad.transforms.grad import value_and_grad as value_and_grad
from funcad.transforms.hessian import hessian as hessian
from funcad.transforms.hessian import hvp as hvp
from funcad.transforms.hessian import value_grad_and_hessian as value_grad_and_hessian
from funcad.transforms.jacobian import jacfwd as jacfwd
from funcad.transforms.jacobian import jacobian as jacobian
from funcad.transforms.jacobian import jacrev as jacrev
from funcad.transforms.jacobian import value_and_jacobian as value_and_jacobian
from funcad.transforms.jet import derivative as derivative
from funcad.transforms.jet import jet as jet
from funcad.transforms.jvp import jvp as jvp
from funcad.transforms.linearize import linear_transpose as linear_transpose
from funcad.transforms.linearize import linearize as linearize
from funcad.transforms.stop_gradient import stop_gradient as stop_gradient
from funcad.transforms.vjp import vjp as vjp
from funcad.transforms.vmap import vmap as vmap

if _t.TYPE_CHECKING:
    from funcad import extend as extend
    from funcad import numpy as numpy
    from funcad import testing as testing

__version__ = "0.1.0"


def __getattr__(name: str) -> _t.Any:
    # imported when first used, so that `import funcad` stays short
    if name in ("extend", "numpy", "testing"):
        return _importlib.import_module(f"funcad.{name}")
    raise AttributeError(f"module 'funcad' has no attribute {name!r}")
