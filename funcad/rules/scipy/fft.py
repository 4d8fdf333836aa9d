"""`scipy.fft`: Fourier, cosine, sine and Hankel transforms, all linear; the transposes of Fourier's are NumPy's.

In scope: `g` the cotangent, `x_shape` the shape of the operand, and SciPy's own parameters. See rules/fourier.py.
`overwrite_x` allows SciPy to destroy the operand; here the operand is kept, and the value is the same.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.fft

from funcad.core.assemble import as_operand
from funcad.core.batching import Call
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching, name_of
from funcad.rules.batching.reductions import shifted
from funcad.rules.fourier import along, resized, reversed_norm, transpose_irfft, transpose_rfft

Shape = tuple[int, ...]


def keeping(fn: Callable[..., Any]) -> PrimitiveFunction[..., Any]:
    """Return the twin of a transform that never writes into its operand."""

    @functools.wraps(fn)
    def kept(*args: Any, **kwargs: Any) -> Any:
        if len(args) <= place and "overwrite_x" not in kwargs:
            return fn(*args, **kwargs)
        # by name, as some take `orthogonalize` by name only where their signature says otherwise
        return fn(**{**signature.bind(*args, **kwargs).arguments, "overwrite_x": False})

    signature = inspect.signature(fn)
    place = list(signature.parameters).index("overwrite_x")
    return twin(kept, name_of(fn))


def axes_of(shape: Shape, s: Any, axes: Any) -> tuple[int, ...]:
    """Return the axes of a transform of several dimensions: by default the last ones, as many as lengths."""
    if axes is None:
        rank = len(shape)
        return tuple(range(0 if s is None else rank - len(np.atleast_1d(s)), rank))
    return tuple(np.atleast_1d(axes).tolist())


def back_to(x: Any, shape: Shape, axes: tuple[int, ...]) -> Any:
    """Undo that axes were cut or padded to the lengths of a transform."""
    for axis in axes:
        x = resized(x, shape[axis], axis)
    return x


def rank_shifted(c: Call) -> Any:
    """Transform along one axis of every example."""
    return c.evaluate(c.values[0], axis=shifted(c.param("axis"), c.rank(0)))


def axes_shifted(c: Call) -> Any:
    """Transform along some axes of every example."""
    axes = axes_of(c.shape(0), c.param("s"), c.param("axes"))
    return c.evaluate(c.values[0], axes=shifted(axes, c.rank(0)))


# --- Fourier transforms along one axis

fft = keeping(scipy.fft.fft)
ifft = keeping(scipy.fft.ifft)
rfft = keeping(scipy.fft.rfft)
irfft = keeping(scipy.fft.irfft)
hfft = keeping(scipy.fft.hfft)
ihfft = keeping(scipy.fft.ihfft)

# fmt: off
SAME = ["n", "overwrite_x", "workers"]
fft.def_linear(  lambda g, axis, norm, x_shape: resized(np.fft.fft(g, None, axis, norm), x_shape[axis], axis),
                 unaffected=SAME)
ifft.def_linear( lambda g, axis, norm, x_shape: resized(np.fft.ifft(g, None, axis, norm), x_shape[axis], axis),
                 unaffected=SAME)
rfft.def_linear( lambda g, n, axis, norm, x_shape: transpose_rfft(g, n, axis, norm, x_shape), unaffected=SAME)
irfft.def_linear(lambda g, axis, norm, x_shape: transpose_irfft(g, axis, norm, x_shape), unaffected=SAME)
# the conjugate of rfft
ihfft.def_linear(lambda g, n, axis, norm, x_shape:
                 transpose_rfft(np.conjugate(g), n, axis, reversed_norm(norm), x_shape), unaffected=SAME)
# fmt: on
batching(rank_shifted, fft, ifft, rfft, irfft, ihfft)


@hfft.def_composite()
def _hfft(
    x: Any,
    n: Any = None,
    axis: int = -1,
    norm: Any = None,
    overwrite_x: bool = False,
    workers: Any = None,
    *,
    plan: Any = None,
) -> Any:
    return irfft(np.conjugate(as_operand(x)), n, axis, reversed_norm(norm), False, workers, plan=plan)


# --- several axes: the transforms of real numbers keep half of the last axis

fftn = keeping(scipy.fft.fftn)
ifftn = keeping(scipy.fft.ifftn)
rfftn = keeping(scipy.fft.rfftn)
irfftn = keeping(scipy.fft.irfftn)
hfftn = keeping(scipy.fft.hfftn)
ihfftn = keeping(scipy.fft.ihfftn)


def transpose_complex(g: Any, inverse: bool, axes: tuple[int, ...], norm: Any, shape: Shape) -> Any:
    """The same transform, as its matrix is symmetric."""
    return back_to(
        (np.fft.ifftn if inverse else np.fft.fftn)(g, None, axes, norm) if axes else g, shape, axes
    )


def transpose_rfftn(g: Any, s: Any, axes: Any, norm: Any, x_shape: Shape) -> Any:
    """Back through the other axes, then through the halved one."""
    axes = axes_of(x_shape, s, axes)
    last = axes[-1]
    n = None if s is None or np.atleast_1d(s)[-1] == -1 else int(np.atleast_1d(s)[-1])
    return transpose_rfft(transpose_complex(g, False, axes[:-1], norm, x_shape), n, last, norm, x_shape)


def transpose_irfftn(g: Any, s: Any, axes: Any, norm: Any, x_shape: Shape) -> Any:
    """Back through the halved axis, then through the others."""
    axes = axes_of(x_shape, s, axes)
    return transpose_complex(transpose_irfft(g, axes[-1], norm, x_shape), True, axes[:-1], norm, x_shape)


# fmt: off
WAYS = ["overwrite_x", "workers"]
fftn.def_linear(  lambda g, s, axes, norm, x_shape:
                  transpose_complex(g, False, axes_of(x_shape, s, axes), norm, x_shape), unaffected=WAYS)
ifftn.def_linear( lambda g, s, axes, norm, x_shape:
                  transpose_complex(g, True, axes_of(x_shape, s, axes), norm, x_shape), unaffected=WAYS)
rfftn.def_linear( transpose_rfftn, unaffected=WAYS)
ihfftn.def_linear(lambda g, s, axes, norm, x_shape:
                  transpose_rfftn(np.conjugate(g), s, axes, reversed_norm(norm), x_shape), unaffected=WAYS)
irfftn.def_linear(transpose_irfftn, unaffected=WAYS)
# fmt: on
batching(axes_shifted, fftn, ifftn, rfftn, irfftn, ihfftn)


@hfftn.def_composite()
def _hfftn(
    x: Any,
    s: Any = None,
    axes: Any = None,
    norm: Any = None,
    overwrite_x: bool = False,
    workers: Any = None,
    *,
    plan: Any = None,
) -> Any:
    return irfftn(np.conjugate(as_operand(x)), s, axes, reversed_norm(norm), False, workers, plan=plan)


def in_a_plane(of: Any) -> Callable[..., Any]:
    """Return the body of a transform of two dimensions: that of several, for two axes."""

    def body(
        x: Any,
        s: Any = None,
        axes: Any = (-2, -1),
        norm: Any = None,
        overwrite_x: bool = False,
        workers: Any = None,
        *,
        plan: Any = None,
    ) -> Any:
        return of(x, s, axes, norm, False, workers, plan=plan)

    return body


fft2 = keeping(scipy.fft.fft2)
ifft2 = keeping(scipy.fft.ifft2)
rfft2 = keeping(scipy.fft.rfft2)
irfft2 = keeping(scipy.fft.irfft2)
hfft2 = keeping(scipy.fft.hfft2)
ihfft2 = keeping(scipy.fft.ihfft2)
for _in_plane, _of in (
    (fft2, fftn), (ifft2, ifftn), (rfft2, rfftn), (irfft2, irfftn), (hfft2, hfftn), (ihfft2, ihfftn)
):  # fmt: skip
    _in_plane.def_composite()(in_a_plane(_of))


# --- cosine and sine transforms
#
# Types 2 and 3 are transposes of each other, 4 is symmetric, and so is the sine's type 1, all but for weights of the
# numbers at the ends, which `orthogonalize` removes: type 3 is the transpose of type 2 with half the first number
# (the last one for sines), and the cosine's type 1 is a symmetric matrix of which both ends count half.

dct = keeping(scipy.fft.dct)
idct = keeping(scipy.fft.idct)
dst = keeping(scipy.fft.dst)
idst = keeping(scipy.fft.idst)
dctn = keeping(scipy.fft.dctn)
idctn = keeping(scipy.fft.idctn)
dstn = keeping(scipy.fft.dstn)
idstn = keeping(scipy.fft.idstn)

TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}


def at_ends(x: Any, axes: tuple[int, ...], factor: float, first: bool, last: bool) -> Any:
    """Multiply the first numbers, or the last, along some axes."""
    for axis in axes:
        weights = np.ones(x.shape[axis], np.finfo(x.dtype).dtype)
        if first:
            weights[0] = factor
        if last:
            weights[-1] = factor
        x = x * along(weights, axis, x.ndim)
    return x


def transpose_real(
    g: Any, fn: Any, sine: bool, inverse: bool, type: int, axes: Any, norm: Any, orthogonal: bool | None
) -> Any:
    """Transform with the transposed type, between the weights of the ends."""
    swapped = TRANSPOSED[type]
    where = axes if isinstance(axes, tuple) else (axes,)
    # SciPy passes `orthogonalize` on for real numbers only
    if orthogonal is None or np.iscomplexobj(g):
        orthogonal = norm == "ortho"
    matrix = swapped if inverse else type  # the inverse of type 2 is type 3
    ends = {} if orthogonal else {1: () if sine else (True, True), 2: (not sine, sine), 3: (not sine, sine)}
    first, last = ends.get(matrix, ()) or (False, False)
    if matrix in (1, 2):
        g = at_ends(g, where, 2.0, first, last)
    g = fn(g, swapped, None, axes, norm, orthogonalize=orthogonal)
    return at_ends(g, where, 0.5, first, last) if matrix in (1, 3) else g


def real_transform(fn: Any, several: Any, sine: bool, inverse: bool) -> None:
    """Declare a transform along one axis, and the same along several."""

    def transpose(g: Any, type: int, axis: int, norm: Any, orthogonalize: Any, x_shape: Shape) -> Any:
        g = transpose_real(g, fn, sine, inverse, type, axis, norm, orthogonalize)
        return resized(g, x_shape[axis], axis)

    def transpose_several(
        g: Any, type: int, s: Any, axes: Any, norm: Any, orthogonalize: Any, x_shape: Shape
    ) -> Any:
        axes = axes_of(x_shape, s, axes)
        return back_to(
            transpose_real(g, several, sine, inverse, type, axes, norm, orthogonalize), x_shape, axes
        )

    fn.def_linear(transpose, unaffected=SAME)
    several.def_linear(transpose_several, unaffected=WAYS)
    batching(rank_shifted, fn)
    batching(axes_shifted, several)


real_transform(dct, dctn, sine=False, inverse=False)
real_transform(idct, idctn, sine=False, inverse=True)
real_transform(dst, dstn, sine=True, inverse=False)
real_transform(idst, idstn, sine=True, inverse=True)


# --- Hankel transforms: a circulant matrix turned upside down is symmetric, and the two biases are in proportion

fht = twin(scipy.fft.fht)
ifht = twin(scipy.fft.ifht)
fht.def_linear(lambda g, dln, mu, offset, bias: fht(g, dln, mu, offset, bias))
ifht.def_linear(lambda g, dln, mu, offset, bias: ifht(g, dln, mu, offset, bias))
batching(lambda c: c.evaluate(c.values[0]), fht, ifht)


# --- shifts

fftshift = twin(scipy.fft.fftshift)
ifftshift = twin(scipy.fft.ifftshift)
fftshift.def_composite()(lambda x, axes=None: np.fft.fftshift(x, axes))
ifftshift.def_composite()(lambda x, axes=None: np.fft.ifftshift(x, axes))
