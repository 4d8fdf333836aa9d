"""Functions that move, copy or convert elements: all linear, so a row is the way back.

In scope: `g` the cotangent, `a_shape` the shape of the operand `a`, and the function's own
parameters. Sums over broadcast axes and dtypes are settled after the rule.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from funcad.core.assemble import as_operand
from funcad.core.broadcast import dtype_named, own_dtype
from funcad.core.elements import scatter
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite, general, linear, shortcut
from funcad.core.tracer import anywhere, plain
from funcad.errors import UnsupportedArgumentError


def layout(order: str) -> Any:
    """Return an order that does not depend on the memory of the array at hand."""
    if order not in ("C", "F"):
        raise UnsupportedArgumentError(
            f"order={order!r} depends on the memory layout of an array, which its derivative need not "
            "share; pass order='C' or order='F'"
        )
    return order


def inverse(axes: Any) -> Any:
    """Return the permutation that undoes a permutation of axes."""
    if axes is None:
        return None
    return np.argsort([k % len(axes) for k in axes])


def leading(g: Any, axis: int, start: int) -> Any:
    """Undo np.rollaxis: bring the axis back from where it was moved to."""
    n = g.ndim
    axis, start = axis % n, start + n if start < 0 else start
    return np.moveaxis(g, start - 1 if axis < start else start, axis)


def on_diagonal(g: Any, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Return zeros of a shape with g on a diagonal of two axes: the way back from np.diagonal."""
    plane = (shape[axis1], shape[axis2])
    return np.moveaxis(diagonal_matrix(g, plane, offset), (-2, -1), (axis1, axis2))


def trace_back(g: Any, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Spread the cotangent of a trace along the diagonal."""
    length = len(range(*_rows(shape[axis1], shape[axis2], offset)))
    g = np.broadcast_to(np.expand_dims(g, -1), (*np.shape(g), length))
    return on_diagonal(g, shape, offset, axis1, axis2)


def _rows(rows: int, columns: int, offset: int) -> tuple[int, int]:
    """Return the first row of a diagonal, and the one after its last."""
    first = max(0, -offset)
    return first, max(first, min(rows, columns - offset))


def _diagonal_matrix(x: Any, plane: tuple[int, int], offset: int) -> Any:
    out = np.zeros((*x.shape[:-1], *plane), x.dtype)
    rows = np.arange(*_rows(*plane, offset))
    out[..., rows, rows + offset] = x
    return out


#: matrices of a shape with the last axis on a diagonal
diagonal_matrix = PrimitiveFunction(_diagonal_matrix, name="np.diag")
diagonal_matrix.def_linear(lambda g, offset: np.diagonal(g, offset, -2, -1), unaffected=["plane"])


def unshift(shift: Any) -> Any:
    """Return the shift that undoes a shift, or shifts of several axes."""
    return tuple([-s for s in shift]) if isinstance(shift, (tuple, list)) else -shift


def rolled(x: Any, shift: Any, axis: Any) -> Any:
    """Return np.roll(x, shift, axis), which for one axis is two slices joined."""
    if type(shift) is type(axis) is int and type(x) is np.ndarray and x.flags.c_contiguous and x.size:
        k, before = -shift % x.shape[axis], (slice(None),) * (axis % x.ndim)
        return np.concatenate([x[(*before, slice(k, None))], x[(*before, slice(k))]], axis)
    return np.roll(x, shift, axis)


def from_windows(g: Any, x_shape: tuple[int, ...], window_shape: Any, axis: Any) -> Any:
    """Add up, for each element, the cotangents of all windows that it is in."""
    size = math.prod(x_shape)
    places = sliding_window_view(np.reshape(np.arange(size), x_shape), window_shape, axis)
    return np.reshape(scatter(np.ravel(g), (np.ravel(places),), (size,)), x_shape)


# fmt: off
# --- shape
general(np.reshape,       jvp=lambda t, shape, order: np.reshape(t, shape, layout(order)),
                          vjp=lambda g, order, a_shape: np.reshape(g, a_shape, layout(order)), unaffected=["shape", "copy"])
general(np.ravel,         jvp=lambda t, order: np.ravel(t, layout(order)),
                          vjp=lambda g, order, a_shape: np.reshape(g, a_shape, layout(order)))
linear(np.squeeze,        lambda g, a_shape: np.reshape(g, a_shape), unaffected=["axis"])
linear(np.expand_dims,    lambda g, a_shape: np.reshape(g, a_shape), unaffected=["axis"])
linear(np.broadcast_to,   lambda g: g, unaffected=["shape", "subok"])
linear(np.copy,           lambda g: g, unaffected=["order", "subok"])
linear(sliding_window_view, from_windows, unaffected=["subok"])

# --- order of axes
linear(np.transpose,      lambda g, axes: np.transpose(g, inverse(axes)))
linear(np.matrix_transpose, lambda g: np.matrix_transpose(g))
linear(np.swapaxes,       lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis,       lambda g, source, destination: np.moveaxis(g, destination, source))
linear(np.rollaxis,       lambda g, axis, start: leading(g, axis, start))

# --- order of elements
linear(np.flip,           lambda g, axis: np.flip(g, axis))
linear(np.fliplr,         lambda g: np.fliplr(g))
linear(np.flipud,         lambda g: np.flipud(g))
linear(np.rot90,          lambda g, k, axes: np.rot90(g, -k, axes))
linear(np.roll,           lambda g, shift, axis: rolled(g, unshift(shift), axis))
shortcut(np.roll,         rolled)

# --- diagonals and triangles
linear(np.diagonal,       lambda g, a_shape, offset, axis1, axis2: on_diagonal(g, a_shape, offset, axis1, axis2))
linear(np.trace,          lambda g, a_shape, offset, axis1, axis2: trace_back(g, a_shape, offset, axis1, axis2),
                          unaffected=["dtype"])
linear(np.tril,           lambda g, k: np.tril(g, k))
linear(np.triu,           lambda g, k: np.triu(g, k))

# --- parts of complex numbers; dtype
linear(np.real,           lambda g: g)
linear(np.imag,           lambda g: -1j * g)
linear(np.conjugate,      lambda g: np.conjugate(g), like=lambda x: None)
# fmt: on


def _converted(x: Any, dtype: Any, copy: bool = True) -> Any:
    return x.astype(dtype, copy=copy) if hasattr(x, "astype") else dtype_named(dtype).type(x)


converted = PrimitiveFunction(_converted, name="np.astype")
converted.def_linear(lambda g: g, unaffected=["dtype", "copy"])


@composite(np.astype)
def _astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    operand, x = x, as_operand(x)
    wanted = dtype_named(dtype)
    if not copy and wanted == own_dtype(x):
        return operand  # the array itself
    if wanted.kind == "O":
        return np.asarray(x, dtype)  # separate elements
    if wanted.kind not in "fc":
        x = plain(x)
    return converted(x, dtype, copy)


# --- over other primitives


@composite(np.angle)
def _angle(z: Any, deg: bool = False) -> Any:
    z = as_operand(z)
    angle = np.arctan2(np.imag(z), np.real(z)) if np.iscomplexobj(z) else np.arctan2(0, z)
    return angle * (180 / np.pi) if deg else angle


@composite(np.real_if_close)
def _real_if_close(a: Any, tol: float = 100) -> Any:
    a = as_operand(a)
    if not np.iscomplexobj(a):
        return a
    tol = tol * np.finfo(a.dtype).eps if tol > 1 else tol
    return a if anywhere(np.logical_not(np.abs(np.imag(plain(a))) < tol)) else np.real(a)


@composite(np.diag)
def _diag(v: Any, k: int = 0) -> Any:
    v = as_operand(v)
    if np.ndim(v) == 1:
        n = v.shape[0] + abs(k)
        return diagonal_matrix(v, (n, n), k)
    if np.ndim(v) == 2:
        return np.diagonal(v, k)
    raise ValueError("Input must be 1- or 2-d.")


@composite(np.diagflat)
def _diagflat(v: Any, k: int = 0) -> Any:
    return np.diag(np.ravel(v), k)


@composite(np.broadcast_arrays)
def _broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    arrays = [as_operand(a) for a in args]
    shape = np.broadcast_shapes(*[np.shape(a) for a in arrays])
    return tuple([a if np.shape(a) == shape else np.broadcast_to(a, shape) for a in arrays])


def at_least(arrays: tuple[Any, ...], shaped: Any) -> Any:
    """Reshape each array as a function of its shape says; a single one comes back alone."""
    out = [np.reshape(a, shaped(np.shape(a))) for a in map(as_operand, arrays)]
    return out[0] if len(out) == 1 else tuple(out)


@composite(np.atleast_1d)
def _atleast_1d(*arys: Any) -> Any:
    return at_least(arys, lambda s: s or (1,))


@composite(np.atleast_2d)
def _atleast_2d(*arys: Any) -> Any:
    return at_least(arys, lambda s: s if len(s) > 1 else (1, *(s or (1,))))


@composite(np.atleast_3d)
def _atleast_3d(*arys: Any) -> Any:
    return at_least(arys, lambda s: s if len(s) > 2 else (*s, 1) if len(s) == 2 else (1, *(s or (1,)), 1))


@composite(np.meshgrid)
def _meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    axes = list(range(n))
    if indexing == "xy" and n > 1:
        axes[:2] = [1, 0]
    grids = tuple(
        [
            np.reshape(x, tuple([-1 if k == axis else 1 for k in range(n)]))
            for axis, x in zip(axes, xi, strict=True)
        ]
    )
    if not sparse:
        grids = np.broadcast_arrays(*grids)
    return tuple([np.copy(x) for x in grids]) if copy else grids
