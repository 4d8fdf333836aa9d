"""Random numbers of the distributions: SciPy's draws, which move with traced parameters at a fixed probability."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from funcad.core.assemble import contains_tracer
from funcad.core.function import PrimitiveFunction
from funcad.core.primitive import Composite, register
from funcad.core.tracer import plain
from funcad.errors import UnsupportedArgumentError
from funcad.rules.random.drawing import drawn_by
from funcad.rules.scipy.stats.entries import Entry
from funcad.rules.scipy.stats.flows import quantile
from funcad.rules.scipy.stats.methods import Method, bound


def rvs(entry: Entry) -> Method:
    """Register the method that draws: z of the standardised variable, moved and scaled as SciPy does it."""
    label = f"scipy.stats.{entry.name}.rvs"
    f: Method = PrimitiveFunction(entry.own.rvs, name=label)
    run = quantile(entry, "rvs", 1)

    def body(*args: Any, size: Any = None, random_state: Any = None, **kwargs: Any) -> Any:
        *shapes, loc, scale = bound((*entry.shapes, "loc", "scale"), label, args, kwargs)

        def draw(*params: Any) -> Any:
            common = size if size is not None else np.broadcast_shapes(*[np.shape(p) for p in params]) or None
            # that of the class, since von Mises' own turns what it has moved
            return stats.rv_continuous.rvs(entry.own, *params[:-2], size=common, random_state=random_state)

        z = drawn_by(label, draw, [plain(p) for p in (*shapes, loc, scale)])
        x = run(0.5, *shapes, z) * scale + loc
        return x if entry.turned is None else entry.turned(x)

    register(f, Composite(label, f, body))
    return f


def counts(entry: Entry) -> Method:
    """Return the method of a distribution of whole numbers that draws: it refuses traced parameters."""
    label = f"scipy.stats.{entry.name}.rvs"

    def draw(*args: Any, **kwargs: Any) -> Any:
        if contains_tracer(args) or contains_tracer(tuple(kwargs.values())):
            raise UnsupportedArgumentError(
                f"{label} draws whole numbers, which have no derivative by the parameters; pass "
                "funcad.stop_gradient(value), or differentiate the expectation: weigh by the gradient of logpmf"
            )
        return entry.own.rvs(*args, **kwargs)

    return draw  # type: ignore[return-value]
