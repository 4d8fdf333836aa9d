"""Leaves and directions: what the checks draw, compare and multiply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from funcad.core.tracer import plain

Vector = np.ndarray[Any, Any]


def leaves_of(out: Any) -> list[Any]:
    """Return the leaves of what a flat function returns: one leaf, or a tuple of them."""
    return list(out) if isinstance(out, tuple) else [out]


def one_or_tuple(leaves: Sequence[Any]) -> Any:
    """Return one leaf as it is, and several as a tuple."""
    return leaves[0] if len(leaves) == 1 else tuple(leaves)


def is_differentiable(x: Any) -> bool:
    """Tell whether a leaf is a real or complex floating-point number or an array of them."""
    if isinstance(x, (float, complex)):
        return True
    return isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind in "fc"


def pack(leaves: Sequence[Any]) -> Vector:
    """Return the entries of all leaves as one vector of shape (n,), in double precision."""
    parts = [np.ravel(np.asarray(x)) for x in leaves]
    return np.concatenate([p.astype(np.result_type(p.dtype, float)) for p in parts])


def unpack(vector: Vector, like: Sequence[Any]) -> list[Vector]:
    """Return a packed vector as arrays of the shapes of some leaves."""
    sizes = [np.size(x) for x in like]
    parts = np.split(vector, np.cumsum(sizes)[:-1].tolist())
    return [p.reshape(np.shape(x)) for p, x in zip(parts, like, strict=True)]


def same_bits(a: Any, b: Any) -> bool:
    """Tell whether two leaves have the same shape, dtype and bytes."""
    x, y = np.asarray(a), np.asarray(b)
    if x.shape != y.shape or x.dtype != y.dtype:
        return False
    if x.dtype.char in "gG":
        # numbers of extended precision have bytes of padding, which say nothing
        parts = [(x.real, y.real), (x.imag, y.imag)]
        return all(
            np.array_equal(u, v, True) and np.array_equal(np.signbit(u), np.signbit(v)) for u, v in parts
        )
    return x.tobytes() == y.tobytes()


def as_leaf(t: Any, like: Any) -> Any:
    """Return a direction in the type and dtype of a leaf, which may be traced."""
    dtype = getattr(like, "dtype", None)
    if dtype is not None:
        if isinstance(plain(like), np.ndarray):
            return np.asarray(t).astype(dtype)
        return dtype.type(t)
    return complex(t) if isinstance(plain(like), complex) else float(np.real(t))


def precision(leaves: Sequence[Any]) -> float:
    """Return the rounding unit of the least precise leaf."""
    return max([_eps(x) for x in leaves], default=_eps(0.0))


def _eps(x: Any) -> float:
    dtype = np.asarray(x).dtype
    return float(np.finfo(dtype).eps) if dtype.kind in "fc" else float(np.finfo(float).eps)


def scale_of(x: Any) -> Vector:
    """Return, for every entry of a leaf, how far it may be moved: its own size, but for tiny ones."""
    size = np.abs(np.asarray(x, dtype=np.result_type(np.asarray(x), float)))
    top = float(size.max()) if size.size else 1.0
    scale: Vector = np.maximum(size, 1e-2 * top) if top > 0.0 else np.ones(size.shape)
    return scale


def draw_direction(x: Any, rng: np.random.Generator) -> Any:
    """Return a random direction in which a leaf is moved, of the leaf's type and scale."""
    return as_leaf(scale_of(x) * _signs(x, rng), x)


def draw_cotangent(x: Any, rng: np.random.Generator) -> Any:
    """Return a random cotangent of a leaf, of the leaf's type."""
    return as_leaf(_signs(x, rng), x)


def _signs(x: Any, rng: np.random.Generator) -> Vector:
    # sizes between 1/2 and 1: every entry counts in every direction
    shape = np.shape(x)
    signs = np.asarray(rng.uniform(0.5, 1.0, shape) * rng.choice([-1.0, 1.0], shape))
    if np.asarray(x).dtype.kind == "c":
        signs = signs + 1j * rng.uniform(0.5, 1.0, shape) * rng.choice([-1.0, 1.0], shape)
    return signs


def unit(x: Any, index: tuple[int, ...], size: Any) -> Any:
    """Return the direction that moves one entry of a leaf, or its cotangent, by `size`."""
    out = np.zeros(np.shape(x), complex if np.asarray(x).dtype.kind == "c" else float)
    out[index] = size
    return as_leaf(out[()], x)


def inner(gs: Sequence[Any], ts: Sequence[Any]) -> tuple[float, float]:
    """Return the real inner product Re(sum(g * t)) of two lists of leaves, and its sum of sizes."""
    products = [
        np.asarray(g, np.result_type(np.asarray(g), float)) * np.asarray(t)
        for g, t in zip(gs, ts, strict=True)
    ]
    value = sum(float(np.sum(p.real)) for p in products)
    return value, sum(float(np.sum(np.abs(p))) for p in products)


def zero(x: Any) -> Any:
    """Return zeros of a leaf's type, shape and dtype."""
    return as_leaf(np.zeros(np.shape(x)), x)
