"""Directions x / |x|, which at the origin are the mean over all directions, 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from funcad.core.tracer import anywhere, plain


def ratio(x: Any, r: Any) -> Any:
    """x / r where r is a radius, and 0 at the origin."""
    zero = np.equal(r, 0)
    return np.where(zero, 0, x / np.where(zero, 1.0, r)) if anywhere(zero) else x / r


def direction(x: Any) -> Any:
    """d|x|/dx: the sign of a real x (0 at 0), conj(z)/|z| of a complex one."""
    return ratio(np.conjugate(x), np.abs(x)) if np.iscomplexobj(plain(x)) else np.sign(x)
