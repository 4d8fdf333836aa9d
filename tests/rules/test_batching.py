"""vmap of every primitive, and of its derivatives, against a loop over the examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import funcad as fc
from funcad.core.function import PrimitiveFunction
from funcad.core.primitive import registry
from funcad.errors import UnsupportedArgumentError
from funcad.testing.batched import EXAMPLES, check_batched
from funcad.testing.drawing import from_call
from funcad.testing.reach import calls
from funcad.testing.refusals import REFUSALS
from funcad.testing.samples import SAMPLES


def is_builtin(fn):
    """A primitive of funcad itself, not of a test module that was collected before."""
    return not isinstance(fn, PrimitiveFunction) or fn.__module__.partition(".")[0] == "funcad"


def rows(wanted):
    found = [(fn, p) for fn, p in registry.items() if is_builtin(fn) and wanted(fn, p)]
    return [pytest.param(fn, p, id=p.name) for fn, p in sorted(found, key=lambda row: row[1].name)]


DIFFERENTIABLE = rows(lambda fn, p: p.kind != "constant" and fn not in REFUSALS)
SAMPLED = rows(lambda fn, p: fn in SAMPLES and p.kind != "constant")


@pytest.mark.parametrize(("fn", "p"), DIFFERENTIABLE)
def test_a_batch_gives_what_the_loop_gives(fn, p):
    rngs = [np.random.default_rng(seed) for seed in range(EXAMPLES)]
    for drawn in zip(*[calls(p, fn, rng) for rng in rngs], strict=True):
        check_batched(drawn, rngs[0])


@pytest.mark.parametrize(("fn", "p"), SAMPLED)
@given(data=st.data())
def test_a_batch_gives_what_the_loop_gives_for_all_seeds(fn, p, data):
    sample = data.draw(st.sampled_from(SAMPLES[fn]))
    seed = data.draw(st.integers(0, 2**32 - 1))
    rngs = [np.random.default_rng([seed, k]) for k in range(EXAMPLES)]
    check_batched([from_call(p, fn, sample, rng) for rng in rngs], rngs[0])


# --- rules that look at values: in each batch one example asks for another branch than the rest

SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])
REGULAR = np.array([[2.0, 1.0], [0.5, 3.0]])
BRANCHES = {
    "sort": (np.sort, [[3.0, 1.0, 2.0], [1.0, 5.0, 1.0], [2.0, 2.0, 2.0]]),
    "sort rows": (lambda x: np.sort(np.reshape(x, (2, 2)), 0), [[3.0, 1.0, 3.0, 2.0], [1.0, 4.0, 2.0, 3.0]]),
    "partition": (lambda x: np.partition(x, 1), [[3.0, 1.0, 2.0], [1.0, 5.0, 1.0]]),
    "std": (np.std, [[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]]),
    "prod": (np.prod, [[1.0, 2.0, 4.0], [3.0, 0.0, 3.0], [0.0, 0.0, 1.0]]),
    "cumprod": (np.cumprod, [[1.0, 2.0, 4.0], [3.0, 0.0, 3.0]]),
    "norm": (np.linalg.norm, [[3.0, 4.0], [0.0, 0.0]]),
    "norm of order 3": (lambda x: np.linalg.norm(x, 3), [[3.0, 4.0], [0.0, 0.0]]),
    "hypot": (lambda x: np.hypot(x[0], x[1]), [[3.0, 4.0], [0.0, 0.0]]),
    "arctan2": (lambda x: np.arctan2(x[0], x[1]), [[3.0, 4.0], [0.0, 0.0], [np.inf, 1.0]]),
    "power": (lambda x: np.power(x[0], x[1]), [[3.0, 4.0], [0.0, 2.0]]),
    "det": (np.linalg.det, [REGULAR, SINGULAR]),
    "histogram": (lambda x: np.histogram(x, 3)[1], [[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]]),
    "absolute": (np.abs, [[1.0, -2.0], [0.0, 3.0]]),
    "whole numbers": (lambda x: x * x.astype(int), [[1.5, -2.5], [0.5, 3.0]]),
}


@pytest.mark.parametrize("f", BRANCHES)
def test_each_example_takes_its_own_branch(f):
    fn, rows = BRANCHES[f]
    examples = np.array(rows)
    np.testing.assert_allclose(fc.vmap(fn)(examples), [fn(x) for x in examples])
    for jacobian in (fc.jacfwd, fc.jacrev):
        wanted = [jacobian(fn)(x) for x in examples]
        np.testing.assert_allclose(fc.vmap(jacobian(fn))(examples), wanted, atol=1e-14)


def test_the_phase_of_vectors_is_that_of_each_example():
    rng = np.random.default_rng(0)
    a, t = (rng.normal(size=(3, 4, 4)) + 1j * rng.normal(size=(3, 4, 4)) for _ in range(2))

    def change(a, t):
        return fc.jvp(lambda a: np.linalg.eigh(a)[1], (a,), (t,))[1]

    np.testing.assert_allclose(fc.vmap(change)(a, t), [change(*both) for both in zip(a, t, strict=True)])


def test_numbers_close_to_real_ones_are_real_only_if_all_examples_are():
    z = np.array([[1 + 1e-18j, 2 + 0j], [3 + 1j, 4 + 0j]])
    assert fc.vmap(np.real_if_close)(z).dtype == complex
    assert fc.vmap(np.real_if_close)(z[:1]).dtype == float


def test_the_sign_of_complex_numbers_is_refused_only_under_differentiation():
    z = np.array([1 + 1j, -2j])
    np.testing.assert_array_equal(fc.vmap(np.sign)(z), np.sign(z))
    for f in (fc.vmap(lambda z: fc.jvp(np.sign, (z,), (z,))), lambda z: fc.jvp(fc.vmap(np.sign), (z,), (z,))):
        with pytest.raises(UnsupportedArgumentError, match="sign of a complex"):
            f(z)


def test_a_constant_of_the_user_is_a_batch():
    @fc.primitive
    def largest(x):
        return np.max(x)

    largest.def_constant()
    x = np.array([[1.0, 3.0], [2.0, 0.5]])
    np.testing.assert_array_equal(fc.vmap(lambda x: x * largest(x))(x), x * np.max(x, 1, keepdims=True))
    wanted = np.repeat(np.max(x, 1), 2).reshape(2, 2)
    np.testing.assert_array_equal(fc.vmap(fc.grad(lambda x: np.sum(x * largest(x))))(x), wanted)
