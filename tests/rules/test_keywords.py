"""Every keyword of NumPy's own signatures is known here: taken, or refused by name."""

import inspect

import numpy as np
import pytest

import funcad as fc
from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.primitive import Composite, registry
from funcad.errors import FuncadError
from funcad.testing import check_grads
from funcad.testing.samples import SAMPLES


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


#: what only chooses a place or a library, and has its tests elsewhere (tests/test_assignment.py, test_creation.py)
PLACES = {"out", "like", "device", "subok", "overwrite_input"}
#: functions that write: their arguments are tested in tests/test_assignment.py
WRITERS = {np.copyto, np.fill_diagonal, np.place, np.put, np.putmask, np.put_along_axis}
#: keywords that a sample call cannot give: NumPy takes one value only, or the call goes to a function of ours,
#: or writes to its argument
APART = {
    ("np.nan_to_num", "copy"),
    ("np.arange", "dtype"),
    ("np.partition", "kind"),
    ("np.random.Generator.standard_gamma", "dtype"),
    ("np.nanvar", "mean"),
    ("np.nanstd", "mean"),
}


def tried(fn):
    """Return the parameters that some sample call of a function gives another value than the default."""
    signature = inspect.signature(fn)
    found = set()
    for call in SAMPLES.get(fn, ()):
        try:
            given = signature.bind(*call.args, **call.kwargs).arguments
        except TypeError:
            continue  # np.arange, whose positions shift
        for name, value in given.items():
            default = signature.parameters[name].default
            if not (value is default or (type(value) is type(default) and value == default)):
                found.add(name)
    return found


@pytest.mark.parametrize(("fn", "p"), [*rows(Composite), *rows(General)])
def test_some_sample_call_gives_each_keyword(fn, p):
    if not p.name.startswith("np.") or fn in WRITERS:
        pytest.skip("not a function of NumPy that returns its result")
    refused = {
        n for n, checked in zip(getattr(p, "params", ()), getattr(p, "checked", ()), strict=True) if checked
    }
    never = [
        n
        for n, q in inspect.signature(fn).parameters.items()
        if q.kind not in (q.VAR_KEYWORD, q.VAR_POSITIONAL) and n not in tried(fn) | refused | PLACES
    ]
    assert [n for n in never if (p.name, n) not in APART] == []


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


@pytest.mark.parametrize("f", [np.median, np.nanmedian])
def test_leave_to_overwrite_is_not_taken_under_a_transform(f):
    x = np.array([3.0, 1.0, 4.0, 2.0])
    before = x.copy()
    slope = fc.grad(lambda x: f(x, overwrite_input=True))(x)
    np.testing.assert_array_equal(slope, [0.5, 0.0, 0.0, 0.5])
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("f", [np.nanvar, np.nanstd])
def test_a_mean_that_is_given(f):
    x = np.array([3.0, np.nan, 4.0, 2.0])
    check_grads(lambda y: f(np.where(np.isnan(x), np.nan, y), mean=2.0 + 0.0 * y[0]), (np.arange(4.0),))
