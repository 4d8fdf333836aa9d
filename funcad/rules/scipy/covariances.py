"""Covariances of `scipy.stats`: a number, a vector or a matrix, and SciPy's own objects that hold them factored."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import stats

from funcad.core.assemble import as_operand
from funcad.core.tracer import anywhere, plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.scipy.linalg import cholesky
from funcad.rules.scipy.stats.twins import traced
from funcad.rules.scipy.triangular import by_lower

#: as in SciPy, an eigenvalue smaller than this part of the largest one is none
SMALL: Final = 1e6 * float(np.finfo(float).eps)


def lower_factor(scale: Any, name: str) -> Any:
    """Return the lower Cholesky factor of a covariance of full rank."""
    values = np.linalg.eigvalsh(plain(scale))
    if anywhere(values[..., 0] <= SMALL * values[..., -1]):
        raise UnsupportedArgumentError(
            f"scipy.stats.{name} has a derivative for a covariance of full rank; this one is singular: add a small "
            "multiple of the identity, or write the density of the coordinates that vary"
        )
    return cholesky(scale, True)


def log_det(lower: Any) -> Any:
    """Return the logarithm of the determinant of L L^T."""
    return 2 * np.sum(np.log(np.diagonal(lower)))


def whitened(lower: Any, x: Any, axis: int = -1) -> Any:
    """Return L^-1 x along an axis."""
    x = np.moveaxis(x, axis, 0)
    columns = by_lower(lower, np.reshape(x, (np.shape(x)[0], -1)))
    return np.moveaxis(np.reshape(columns, np.shape(x)), 0, axis)


def matrix(scale: Any, dim: int) -> Any:
    """Return the covariance for which a number or a vector stands."""
    if np.ndim(scale) == 0:
        return scale * np.eye(dim)
    return np.diag(scale) if np.ndim(scale) == 1 else scale


def location_and_scale(loc: Any, scale: Any) -> tuple[Any, Any]:
    """Return location and covariance as SciPy reads them."""
    if isinstance(scale, stats.Covariance):
        scale = scale.covariance
        loc = np.zeros(()) if loc is None else loc
        return np.broadcast_to(as_operand(loc), np.shape(scale)[-1:]), scale
    scale = 1.0 if scale is None else as_operand(scale)
    if loc is None:
        loc = np.zeros(1 if np.ndim(scale) < 2 else np.shape(scale)[0])
    loc = np.reshape(as_operand(loc), (-1,)) if np.size(loc) == 1 else as_operand(loc)
    return loc, matrix(np.reshape(scale, ()) if np.size(scale) == 1 else scale, np.shape(loc)[0])


def distances(x: Any, loc: Any, lower: Any) -> Any:
    """Return the squared distances of points from a location."""
    x = as_operand(x)
    if np.ndim(x) < 2:
        x = np.reshape(x, (-1, 1) if np.ndim(x) and np.shape(loc)[0] == 1 else (1, -1))
    return np.sum(whitened(lower, x - loc) ** 2, -1)


# --- covariances that SciPy holds in a factored form


class OfSciPy(type(stats.Covariance)):  # type: ignore[misc]  # SciPy has no types
    """The class of a class that SciPy's covariances are instances of."""

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, stats.Covariance)


class Covariance(stats.Covariance, metaclass=OfSciPy):  # type: ignore[misc]  # SciPy has no types
    """SciPy's covariances, of plain matrices."""


def of_plain(name: str, instead: str) -> Any:
    """Return a constructor of a covariance that refuses traced values."""
    native = getattr(stats.Covariance, name)

    def construct(*args: Any, **kwargs: Any) -> Any:
        if traced(args, kwargs):
            raise UnsupportedArgumentError(
                f"scipy.stats.Covariance.{name} is for plain matrices; pass the covariance itself, cov={instead}"
            )
        return native(*args, **kwargs)

    return staticmethod(construct)


for _name, _instead in (
    ("from_cholesky", "L @ L.T"),
    ("from_diagonal", "d"),
    ("from_precision", "np.linalg.inv(precision)"),
    ("from_eigendecomposition", "v * w @ v.T"),
):
    setattr(Covariance, _name, of_plain(_name, _instead))
