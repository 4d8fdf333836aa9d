"""Products of vectors, matrices and tensors: linear in each operand, so a row is the way back.

In scope: `g` the cotangent, the operands by NumPy's names (`x`, `y` for ufuncs), their shapes as
`a_shape`, and the function's own parameters. Sums over broadcast axes and dtypes are settled
after the rule. Cotangents are unconjugated, so transposes are plain ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.broadcast import fit
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import bilinear, composite, general_primitive
from funcad.core.primitive import register
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError

Shape = tuple[int, ...]


def gufunc(x: Any, y: Any, /, out: Any = None, *, axes: Any = None, axis: Any = None, keepdims: bool = False,
           dtype: Any = None, casting: str = "same_kind", order: str = "K", subok: bool = True,
           signature: Any = None) -> None:  # fmt: skip
    """Stand in for the signature that generalised ufuncs have but do not show."""


def conj(x: Any) -> Any:
    """Return the conjugate of a complex array; a real one as it is."""
    return np.conjugate(x) if np.iscomplexobj(plain(x)) else x


def mT(x: Any) -> Any:
    """Return the transposes of a stack of matrices."""
    return x.T if x.ndim == 2 else np.swapaxes(x, -1, -2)


def column(x: Any) -> Any:
    """Return vectors as columns; a number, which broadcasts anyway, as it is."""
    return x[..., None] if getattr(x, "ndim", 0) else x


def row(x: Any) -> Any:
    """Return vectors as rows."""
    return x[..., None, :]


# --- dot, inner, outer, tensordot


def dot_to_a(g: Any, b: Any, a_shape: Shape) -> Any:
    """Contract g with all axes of b but the summed one."""
    nb = np.ndim(b)
    if not a_shape or nb == 0:
        return g * b
    if nb == 2 and len(a_shape) == 2:
        return np.dot(g, b.T)
    kept = [k for k in range(nb) if k != max(nb - 2, 0)]
    return np.tensordot(g, b, (list(range(len(a_shape) - 1, np.ndim(g))), kept))


def dot_to_b(g: Any, a: Any, b_shape: Shape) -> Any:
    """Contract g with all axes of a but the last."""
    na, nb = np.ndim(a), len(b_shape)
    if na == 0 or nb == 0:
        return a * g
    if na == 2 and nb <= 2:
        return np.dot(a.T, g)
    rows = list(range(na - 1))
    return np.moveaxis(np.tensordot(a, g, (rows, rows)), 0, max(nb - 2, 0))


def inner_to_a(g: Any, b: Any, a_shape: Shape) -> Any:
    """Contract g with all axes of b but the last."""
    if not a_shape or np.ndim(b) == 0:
        return g * b
    return np.tensordot(g, b, np.ndim(b) - 1)


def inner_to_b(g: Any, a: Any, b_shape: Shape) -> Any:
    """Contract g with all axes of a but the last."""
    if not b_shape or np.ndim(a) == 0:
        return a * g
    rows = list(range(np.ndim(a) - 1))
    return np.tensordot(g, a, (rows, rows))


def pairs(axes: Any) -> list[list[int]]:
    """Return the axes of either operand that np.tensordot sums over."""
    try:
        of_a, of_b = axes
    except TypeError:
        of_a, of_b = range(-axes, 0), range(axes)
    return [[int(k) for k in (ks if isinstance(ks, Iterable) else (ks,))] for ks in (of_a, of_b)]


def contracted(axes: Any, na: int, nb: int) -> list[list[int]]:
    """Return those axes, none of them negative, and the other axes of either operand."""
    of_a, of_b = ([k % n for k in ks] for ks, n in zip(pairs(axes), (na, nb), strict=True))
    return [of_a, of_b, [k for k in range(na) if k not in of_a], [k for k in range(nb) if k not in of_b]]


def tensordot_to_a(g: Any, b: Any, a_shape: Shape, axes: Any) -> Any:
    """Contract g with the axes of b that were kept."""
    of_a, of_b, kept_a, kept_b = contracted(axes, len(a_shape), np.ndim(b))
    d = np.tensordot(g, b, (list(range(len(kept_a), np.ndim(g))), kept_b))
    # the summed axes come out in the order that they have in b
    return _ordered(d, kept_a + [of_a[k] for k in np.argsort(of_b)])


def tensordot_to_b(g: Any, a: Any, b_shape: Shape, axes: Any) -> Any:
    """Contract g with the axes of a that were kept."""
    of_a, of_b, kept_a, kept_b = contracted(axes, np.ndim(a), len(b_shape))
    d = np.tensordot(a, g, (kept_a, list(range(len(kept_a)))))
    return _ordered(d, [of_b[k] for k in np.argsort(of_a)] + kept_b)


def _ordered(x: Any, axes: Sequence[int]) -> Any:
    """Bring axis k to the place axes[k]."""
    return x if list(axes) == sorted(axes) else np.transpose(x, np.argsort(axes))


def kron_back(g: Any, other: Any, shape: Shape, first: bool) -> Any:
    """Sum the blocks of a Kronecker product against the other factor."""
    of_other = np.shape(other)
    n = max(len(shape), len(of_other))
    mine = (1,) * (n - len(shape)) + shape
    theirs = (1,) * (n - len(of_other)) + of_other
    pairs = zip(mine, theirs, strict=True) if first else zip(theirs, mine, strict=True)
    blocks = np.reshape(g, tuple([k for pair in pairs for k in pair]))
    axes = list(range(int(first), 2 * n, 2))
    return np.reshape(np.tensordot(blocks, np.reshape(other, theirs), (axes, list(range(n)))), shape)


# --- matmul and its kin


def matmul_to_x(g: Any, y: Any, x_shape: Shape) -> Any:
    """g y^T, for vectors and stacks as well."""
    ny = y.ndim
    if ny == 1:
        return column(g) * y if len(x_shape) > 1 else g * y
    if len(x_shape) == 1:
        return np.matvec(y, g)
    if len(x_shape) == 2 < ny:
        stack = [*range(ny - 2), ny - 1]
        return np.tensordot(g, y, (stack, stack))  # one product in place of a stack to be summed
    if ny == 2 < g.ndim:
        return np.tensordot(g, y, (-1, -1))  # one product in place of a stack of small ones
    return g.dot(y.T) if type(g) is type(y) is np.ndarray and ny == 2 else np.matmul(g, mT(y))


def matmul_to_y(g: Any, x: Any, y_shape: Shape) -> Any:
    """x^T g, for vectors and stacks as well."""
    nx = x.ndim
    if nx == 1:
        return column(x) * row(g) if len(y_shape) > 1 else g * x
    if len(y_shape) <= 2 < nx:
        rows = list(range(nx - 1))
        return np.tensordot(x, g, (rows, rows))
    if len(y_shape) == 1 and nx == 2:
        return np.matmul(g, x)
    return x.T.dot(g) if type(g) is type(x) is np.ndarray and nx == g.ndim == 2 else np.matmul(mT(x), g)


def vecdot_back(g: Any, other: Any, shape: Shape, axis: Any) -> Any:
    """Return g times the other vector, with the vectors along the axis of the operand."""
    if axis is None or axis == -1:
        return column(g) * other
    d = column(g) * np.moveaxis(other, axis, -1)
    moved = [n for k, n in enumerate(shape) if k != axis % len(shape)]
    return np.moveaxis(fit(d, (*moved, shape[axis]), d.dtype), -1, axis)


# --- cross


def cross_to_a(g: Any, b: Any, a_shape: Shape, axisa: int, axisb: int, axisc: int, axis: Any) -> Any:
    """b x g."""
    axes = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    return -cross_back(g, b, a_shape, *axes)


def cross_to_b(g: Any, a: Any, b_shape: Shape, axisa: int, axisb: int, axisc: int, axis: Any) -> Any:
    """g x a."""
    axes = (axisb, axisa, axisc) if axis is None else (axis,) * 3
    return cross_back(g, a, b_shape, *axes)


def cross_back(g: Any, other: Any, shape: Shape, axis: int, of_other: int, of_g: int) -> Any:
    """Return g x other as a cotangent of the factor that has its vectors along the axis."""
    n = shape[axis]
    if n == 2 and np.shape(other)[of_other] == 2:
        g = np.expand_dims(g, -1)
        g = np.concatenate([np.zeros_like(plain(g)), np.zeros_like(plain(g)), g], -1)
    else:
        g = np.moveaxis(g, of_g, -1)
    d = np.cross(g, in_space(np.moveaxis(other, of_other, -1)))
    moved = [m for k, m in enumerate(shape) if k != axis % len(shape)]
    return np.moveaxis(fit(d, (*moved, 3), d.dtype)[..., :n], -1, axis)


def in_space(x: Any) -> Any:
    """Give vectors of a plane their third component."""
    return x if x.shape[-1] == 3 else np.concatenate([x, np.zeros_like(plain(x[..., :1]))], -1)


# --- convolve and correlate: every mode is a part of the full product


def in_full(g: Any, a_shape: Shape, v_shape: Shape, mode: Any, turns: bool = False) -> Any:
    """Place a cotangent into zeros as long as the full product."""
    na, nv = max(a_shape, default=1), max(v_shape, default=1)
    n, full, size = min(na, nv), na + nv - 1, g.shape[0]
    before = {"v": n - 1, "s": (n - 1) // 2, "f": 0}["vsf"[mode] if isinstance(mode, int) else mode[0]]
    if turns and nv > na:  # NumPy computes with the longer operand in front, and turns the result
        before = full - size - before
    return g if size == full else np.pad(g, (before, full - size - before))


def against(g: Any, other: Any) -> Any:
    """Correlate a cotangent of the full product with an operand, without conjugating."""
    return np.convolve(g, np.ravel(other)[::-1], "valid")


def correlate_to_a(g: Any, v: Any, a_shape: Shape, v_shape: Shape, mode: Any) -> Any:
    """Convolve g with the conjugate of v."""
    return np.convolve(in_full(g, a_shape, v_shape, mode, True), conj(v), "valid")


def correlate_to_v(g: Any, a: Any, a_shape: Shape, v_shape: Shape, mode: Any) -> Any:
    """Convolve g with a turned around, and turn the result back."""
    return conj(against(in_full(g, a_shape, v_shape, mode, True), a)[::-1])


# fmt: off
bilinear(np.dot,       dot_to_a,        dot_to_b)
bilinear(np.inner,     inner_to_a,      inner_to_b)
bilinear(np.outer,     lambda g, b, a_shape: np.reshape(np.dot(g, np.ravel(b)), a_shape),
                       lambda g, a, b_shape: np.reshape(np.dot(np.ravel(a), g), b_shape))
bilinear(np.vdot,      lambda g, b, a_shape: np.reshape(conj(g * np.ravel(b)), a_shape),
                       lambda g, a, b_shape: np.reshape(g * conj(np.ravel(a)), b_shape))
bilinear(np.tensordot, tensordot_to_a,  tensordot_to_b)
bilinear(np.kron,      lambda g, b, a_shape: kron_back(g, b, a_shape, True),
                       lambda g, a, b_shape: kron_back(g, a, b_shape, False))
bilinear(np.cross,     cross_to_a,      cross_to_b)
bilinear(np.convolve,  lambda g, v, a_shape, v_shape, mode: against(in_full(g, a_shape, v_shape, mode), v),
                       lambda g, a, a_shape, v_shape, mode: against(in_full(g, a_shape, v_shape, mode), a))
bilinear(np.correlate, correlate_to_a,  correlate_to_v)

# --- generalised ufuncs; vecdot and vecmat conjugate their first operand
bilinear(np.matmul,    matmul_to_x,     matmul_to_y,  like=gufunc)
bilinear(np.vecdot,    lambda g, y, x_shape, axis: conj(vecdot_back(g, y, x_shape, axis)),
                       lambda g, x, y_shape, axis: vecdot_back(g, conj(x), y_shape, axis),  like=gufunc)
bilinear(np.matvec,    lambda g, y: column(g) * row(y),
                       lambda g, x: np.matvec(mT(x), g),  like=gufunc)
bilinear(np.vecmat,    lambda g, y: conj(np.matvec(y, g)),
                       lambda g, x: column(conj(x)) * row(g),  like=gufunc)
# fmt: on


# --- a chain of matrices


def _chain(*arrays: Any) -> Any:
    return np.linalg.multi_dot(arrays)


def chain_back(g: Any, operands: tuple[Any, ...], shapes: tuple[Shape, ...], i: int) -> Any:
    """Multiply g by the transposes of what stands left and right of a matrix, in the best order."""
    first, last = len(shapes[0]) == 1, len(shapes[-1]) == 1
    mats = list(operands)
    mats[0] = row(mats[0]) if first else mats[0]
    mats[-1] = column(mats[-1]) if last else mats[-1]
    g = np.reshape(g, (mats[0].shape[0], mats[-1].shape[1]))
    factors = [mT(m) for m in mats[:i][::-1]] + [g] + [mT(m) for m in mats[i + 1 :][::-1]]
    return np.reshape(np.linalg.multi_dot(factors), shapes[i])


chain = PrimitiveFunction(_chain, name="np.linalg.multi_dot")
register(chain, general_primitive("np.linalg.multi_dot", chain, "bilinear", (), chain_back, None, (), _chain))


@composite(np.linalg.multi_dot)
def _multi_dot(arrays: Any, *, out: Any = None) -> Any:
    if out is not None:
        raise UnsupportedArgumentError("np.linalg.multi_dot has no derivative rule for the argument out=")
    return np.dot(*arrays) if len(arrays) == 2 else chain(*arrays)


# --- the twins in np.linalg, which differ in defaults and demands only


@composite(np.linalg.outer)
def _outer(x1: Any, x2: Any, /) -> Any:
    x1, x2 = as_operand(x1), as_operand(x2)
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError(f"Input arrays must be one-dimensional, but they are {x1.ndim=} and {x2.ndim=}.")
    return np.outer(x1, x2)


@composite(np.linalg.cross)
def _cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    x1, x2 = as_operand(x1), as_operand(x2)
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, but they are "
            f"{x1.shape[axis]} and {x2.shape[axis]} dimensional instead."
        )
    return np.cross(x1, x2, axis=axis)


composite(np.linalg.matmul)(lambda x1, x2, /: np.matmul(x1, x2))
composite(np.linalg.vecdot)(lambda x1, x2, /, *, axis=-1: np.vecdot(x1, x2, axis=axis))  # type: ignore[call-overload]
composite(np.linalg.tensordot)(lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes=axes))
composite(np.linalg.matrix_transpose)(lambda x, /: np.matrix_transpose(x))
composite(np.linalg.diagonal)(lambda x, /, *, offset=0: np.diagonal(x, offset, -2, -1))
composite(np.linalg.trace)(lambda x, /, *, offset=0, dtype=None: np.trace(x, offset, -2, -1, dtype))
