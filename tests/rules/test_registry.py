"""Every rule of the registry against finite differences, its adjoint, and its own second order."""

import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import funcad as fc
from funcad.core.elementwise import Binary, Unary
from funcad.core.kinds import composite
from funcad.core.primitive import registry
from funcad.errors import DerivativeError
from funcad.testing import check_primitive
from funcad.testing.checker import Checker
from funcad.testing.drawing import elementwise, from_call
from funcad.testing.primitives import check_call, check_calls
from funcad.testing.reach import calls
from funcad.testing.refusals import REFUSALS, check_refusal
from funcad.testing.samples import CALLED_BY, SAMPLES, array, call, samples
from funcad.testing.walk import outcomes, strays, unchecked


def is_builtin(fn):
    """A primitive of funcad itself, not of a test module that was collected before."""
    return registry[fn].declared_in.partition(".")[0] == "funcad"


def rows(wanted):
    found = [(fn, p) for fn, p in registry.items() if is_builtin(fn) and wanted(fn, p)]
    return [pytest.param(fn, p, id=p.name) for fn, p in sorted(found, key=lambda row: row[1].name)]


THOROUGH = settings.get_current_profile_name() == "thorough"
DIFFERENTIABLE = rows(lambda fn, p: p.kind != "constant" and fn not in REFUSALS)
ELEMENTWISE = rows(lambda fn, p: isinstance(p, (Unary, Binary)))
#: without the methods of distributions: hundreds of one table, for which tests/scipy/test_stats.py draws; of
#: SciPy's other functions one in four in the quick profile
SAMPLED = rows(
    lambda fn, p: (
        fn in SAMPLES
        and not p.declared_in.startswith("funcad.rules.scipy.stats")
        and (THOROUGH or not p.name.startswith("scipy.") or len(p.name) % 4 == 0)
    )
)
# pow(c, x) of a plain scalar c is to NumPy the same call as np.power(c, x), which rounds otherwise (docs/maths.md)
CALLED_BY[operator.pow] = lambda x, y: x**y
SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("fn", "p"), DIFFERENTIABLE)
def test_every_rule_passes_over_its_domain_and_its_samples(fn, p, portion):
    rng = np.random.default_rng(1)
    passed = check_calls(p, iter(portion(p, calls(p, fn, rng))), rng)
    assert passed.samples > 0


@pytest.mark.parametrize(("fn", "p"), ELEMENTWISE)
@given(data=st.data())
def test_elementwise_rules_hold_for_all_shapes(fn, p, data):
    count = len(p.domain)
    shapes = data.draw(mutually_broadcastable_shapes(num_shapes=count, max_dims=3, min_side=0, max_side=3))
    dtype, order = data.draw(st.sampled_from([(np.float64, 2), (np.float32, 1)]))
    rng = np.random.default_rng(data.draw(SEEDS))
    check_call(p, elementwise(p, fn, shapes.input_shapes, rng, dtype), Checker(rng), order)


@pytest.mark.parametrize(("fn", "p"), SAMPLED)
@given(data=st.data())
def test_rules_hold_for_all_seeds(fn, p, data):
    sample = data.draw(st.sampled_from(SAMPLES[fn]))
    rng = np.random.default_rng(data.draw(SEEDS))
    drawn = from_call(p, fn, sample, rng)
    check_call(p, drawn, Checker(rng), drawn.order)


@pytest.mark.parametrize("fn", REFUSALS, ids=lambda fn: fn.__name__)
def test_functions_that_write_into_their_argument_refuse(fn):
    check_refusal(fn)


def test_every_rule_has_a_check_and_every_check_a_rule():
    builtin = {p.name for fn, p in registry.items() if is_builtin(fn)}
    assert builtin & set(unchecked()) == set()
    assert strays() == []


@pytest.mark.usefixtures("scratch")
def test_a_rule_without_a_check_is_noticed():
    @fc.primitive
    def forgotten(x):
        return 2 * x

    forgotten.def_linear(lambda g: 2 * g)
    assert any("forgotten" in name for name in unchecked())
    (outcome,) = outcomes(only=registry[forgotten].name)
    assert outcome.result == "failed"
    assert "nothing to be checked with" in outcome.message

    samples(forgotten, call(array(3)))
    assert not any("forgotten" in name for name in unchecked())
    (outcome,) = outcomes(only=registry[forgotten].name)
    assert (outcome.result, outcome.samples) == ("passed", 2)


@pytest.mark.usefixtures("scratch")
def test_a_check_without_a_rule_is_noticed():
    def stray(x):
        return x

    samples(stray, call(array(3)))
    assert stray in strays()


@pytest.mark.usefixtures("scratch")
def test_a_value_that_a_transform_changes_is_noticed():
    def third(x):
        return x / 3

    composite(third)(lambda x: x * (1 / 3))

    # x is not traced: the function itself runs; traced, its body
    def dispatched(x):
        return third(x) if type(x) is np.ndarray else registry[third].apply((x,), {})

    registry[dispatched] = registry[third]
    with pytest.raises(DerivativeError, match="not that of the plain run"):
        check_primitive(dispatched, np.array([5.0, 7.0, 10.0]))
