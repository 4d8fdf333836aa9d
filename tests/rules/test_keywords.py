"""Every keyword of NumPy's own signatures is known here: taken, or refused by name."""

import inspect

import numpy as np
import pytest

import funcad as fc
from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.primitive import Composite, registry
from funcad.errors import FuncadError


def parameters(fn):
    """Return the names of a function's parameters; None where it does not tell them."""
    try:
        listed = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in listed):
        return None
    return [p.name for p in listed if p.kind is not p.VAR_POSITIONAL]


def rows(kind):
    found = [
        (fn, p)
        for fn, p in registry.items()
        if type(p) is kind
        and not isinstance(fn, (np.ufunc, PrimitiveFunction))
        and parameters(fn) is not None
    ]
    return [pytest.param(fn, p, id=p.name) for fn, p in sorted(found, key=lambda row: row[1].name)]


@pytest.mark.parametrize(("fn", "p"), rows(Composite))
def test_a_composite_takes_what_numpy_takes(fn, p):
    """A keyword that a later NumPy adds fails here, and is not ignored silently."""
    body = inspect.signature(p.body)
    names = [q.name for q in body.parameters.values()]
    if any(q.kind is q.VAR_KEYWORD for q in body.parameters.values()):
        return  # it looks at the keywords itself; the tests of its topic hold them
    # `like` only chooses whose function is called, and has done so
    missing = [n for n in parameters(fn) if n not in (*names, "like")]
    positional = [
        q
        for q in inspect.signature(fn).parameters.values()
        if q.name in missing and q.kind is q.POSITIONAL_ONLY
    ]
    # positional-only parameters may have other names
    assert len(missing) == len(positional), f"{p.name} has no parameter {missing}"


@pytest.mark.parametrize(("fn", "p"), rows(General))
def test_a_primitive_has_the_parameters_of_numpy(fn, p):
    """They are read from NumPy's signature; what no rule knows is refused unless it has its default."""
    assert set(parameters(fn)) <= set(p.names)
    assert len(p.checked) == len(p.params)


REFUSED = {
    "sum with an output": lambda x: np.sum(x, out=np.zeros(())),
    "sort of fields": lambda x: np.sort(x, order="a"),
    "exp with a mask alone": lambda x: np.exp(x, where=x > 0),
    "einsum with a dtype": lambda x: np.einsum("i,i", x, x, dtype=np.float32),
    "reshape in memory's order": lambda x: np.reshape(x, (3, 1), order="A"),
    "matmul along axes": lambda x: np.matmul(x[:, None], x[None, :], axes=[(0, 1), (0, 1), (0, 1)]),
}


@pytest.mark.parametrize("f", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_supported_is_a_named_error(f):
    with pytest.raises(FuncadError):
        fc.jacobian(f)(np.array([1.0, 2.0, 3.0]))
