"""Complex numbers in the sample calls that have real ones: what NumPy takes, the rules take."""

import numpy as np
import pytest
from attrs import evolve

from funcad.core.primitive import registry
from funcad.testing.checker import Checker
from funcad.testing.drawing import from_call
from funcad.testing.primitives import check_call
from funcad.testing.samples import SAMPLES, Spec

#: these promise no order of their result, or make edges between complex numbers
UNSUITED = {np.unique_values, np.histogram_bin_edges}


def turned(v):
    """Return a specification, or what holds specifications, with complex numbers."""
    if isinstance(v, Spec):
        return evolve(v, complex=True) if v.domain.differentiable else v
    if isinstance(v, (list, tuple)):
        return type(v)(turned(x) for x in v)
    return v


def is_turned(v):
    return v.complex if isinstance(v, Spec) else isinstance(v, (list, tuple)) and any(map(is_turned, v))


def complex_calls(fn):
    """Yield the sample calls of a function with complex numbers, up to five, if it has none by itself."""
    listed = SAMPLES[fn]
    if any(is_turned([*c.args, *c.kwargs.values()]) for c in listed):
        return
    for c in listed[:: max(1, len(listed) // 5)]:
        yield evolve(c, args=turned(c.args), kwargs={k: turned(v) for k, v in c.kwargs.items()})


ROWS = [
    pytest.param(fn, p, id=p.name)
    for fn, p in sorted(registry.items(), key=lambda row: row[1].name)
    if p.kind != "constant"
    and p.name.startswith("np.")
    and ".random." not in p.name
    and fn in SAMPLES
    and fn not in UNSUITED
    and any(complex_calls(fn))
]


@pytest.mark.parametrize(("fn", "p"), ROWS)
def test_what_numpy_takes_as_complex_has_a_derivative(fn, p):
    for sample in complex_calls(fn):
        rng = np.random.default_rng(3)
        drawn = from_call(p, fn, sample, rng)
        try:
            with np.errstate(all="ignore"):
                drawn(*drawn.leaves)
        except (TypeError, ValueError, NotImplementedError, np.exceptions.ComplexWarning):
            continue  # NumPy itself does not take them, or only their real parts
        check_call(p, drawn, Checker(rng), drawn.order)
