"""How far a derivative may differ from its reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from funcad.testing.differences import Estimate
from funcad.testing.vectors import Vector, precision

#: how far beyond its own estimate the error of a reference may lie
SAFETY = 10.0


@frozen
class Tolerance:
    """Relative and absolute tolerance; None chooses by the precision of the numbers."""

    rtol: float | None = None
    atol: float = 0.0

    def relative(self, leaves: Sequence[Any]) -> float:
        """Return the relative tolerance for numbers of the precision of some leaves."""
        if self.rtol is not None:
            return self.rtol
        return min(0.05, max(1e-7, 1e4 * precision(leaves)))

    def allowed(self, found: Vector, reference: Estimate, leaves: Sequence[Any]) -> Vector:
        """Return, entry by entry, by how much a derivative may differ from its reference."""
        rtol = self.relative(leaves)
        if self.rtol is None and reference.method == "complex step" and rtol < 1e-6:
            rtol *= 1e-2
        size = np.maximum(np.abs(found), np.abs(reference.value))
        size = np.where(np.isfinite(size), size, 0.0)
        floor = max(1e-3 * rtol * reference.top, self.rounding(reference, leaves), self.atol, 1e-300)
        allowed: Vector = np.maximum(np.maximum(rtol * size, SAFETY * reference.error), floor)
        return allowed

    def rounding(self, reference: Estimate, leaves: Sequence[Any]) -> float:
        """Return what rounding alone may do to a derivative along a direction of the point's scale."""
        return 500.0 * precision(leaves) * reference.scale

    def worst(self, found: Vector, reference: Estimate, leaves: Sequence[Any]) -> int | None:
        """Return the place of the entry that disagrees most, None where all agree."""
        difference = np.abs(found - reference.value)
        allowed = self.allowed(found, reference, leaves)
        wrong = ~(difference <= allowed)  # nan is wrong too
        if not np.any(wrong):
            return None
        excess = np.nan_to_num(difference / allowed, nan=np.inf)
        return int(np.argmax(np.where(wrong, excess, 0.0)))

    def unsettled(self, reference: Estimate) -> int | None:
        """Return the entry whose reference says nothing, as at a kink; None where all are sharp."""
        enough = max(1e-2 * reference.top, 1e-6 * reference.scale, self.atol, 1e-300)
        if np.all(SAFETY * reference.error <= enough):
            return None
        return int(np.argmax(np.nan_to_num(reference.error, nan=np.inf)))
