"""What a table of distributions holds: one entry a distribution.

Formulas are of the standardised variable z, or of the whole number k, and of the shape parameters; they give
derivatives, not values, which are SciPy's. `motions` say how a quantile moves with the shape parameters: dz / da at a fixed
probability F(z; a), which is -(dF / da) / f. With the density it gives the derivatives of F, of 1 - F, of their
logarithms and inverses, and of random numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from attrs import frozen
from scipy import stats

from funcad.core.tracer import plain

Formula = Callable[..., Any]
INF: Final = np.inf


@frozen(eq=False)
class Entry:
    """A distribution: the formulas from which the derivatives of its methods follow."""

    name: str
    shapes: tuple[str, ...]
    #: the ends, or functions of the shapes
    support: tuple[float | Formula, float | Formula]
    #: of the density, or of the probability of k
    log: Formula
    #: by shape, dz / da at a fixed probability, for whole numbers -(dF / da) over the probability of k; or None
    motions: tuple[Formula | None, ...] = ()
    #: the logarithms of F and of 1 - F, where the quotient of density and value would lose digits
    logcdf: Formula | None = None
    logsf: Formula | None = None
    #: F / f and (1 - F) / f, for where SciPy's F has underflown to 0
    below: Formula | None = None
    above: Formula | None = None
    #: the slope of `log`, given where SciPy's F has few digits in its tails: those two are then taken in all of a tail
    slope: Formula | None = None
    #: the density where its logarithm is infinite at an end of the support, exact there and near
    pdf: Formula | None = None
    mean: Formula | None = None
    var: Formula | None = None
    entropy: Formula | None = None
    #: what SciPy does to a random number that has been moved and scaled
    turned: Formula | None = None
    #: the derivatives of `log` by z and by each shape, where they are short: `log` itself is then not computed
    score: tuple[Formula | float, ...] = ()
    #: methods for which no formula is accurate
    without: tuple[str, ...] = ()
    discrete: bool = False
    #: of shapes that are counts: they take no derivative
    whole: tuple[str, ...] = ()

    @property
    def own(self) -> Any:
        """SciPy's own distribution."""
        return getattr(stats, self.name)

    def ends(self, shapes: tuple[Any, ...]) -> tuple[Any, Any]:
        """Return the ends of the support at some shapes, as plain values."""
        return self.traced_ends(tuple([plain(s) for s in shapes]))

    def traced_ends(self, shapes: tuple[Any, ...]) -> tuple[Any, Any]:
        """Return the ends of the support at some shapes, with which they move."""
        low, high = (end(*shapes) if callable(end) else end for end in self.support)
        return low, high


#: the distributions by name
ENTRIES: Final[dict[str, Entry]] = {}


def continuous(
    name: str, log: Formula, *motions: Formula | None, support: Any = (-INF, INF), **more: Any
) -> None:
    """Add a distribution with a density to the table; its shapes are those that its formula names after z."""
    shapes = tuple(inspect.signature(log).parameters)[1:]
    ENTRIES[name] = Entry(name, shapes, support, log, motions, **more)


def discrete(name: str, log: Formula, *motions: Formula | None, support: Any = (0, INF), **more: Any) -> None:
    """Add a distribution of whole numbers to the table."""
    shapes = tuple(inspect.signature(log).parameters)[1:]
    ENTRIES[name] = Entry(name, shapes, support, log, motions, discrete=True, **more)
