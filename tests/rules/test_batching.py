"""vmap of every primitive, and of its derivatives, against a loop over the examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funcad as fc
from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.primitive import registry
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
GENERAL = rows(lambda fn, p: isinstance(p, General))
THOROUGH = settings.get_current_profile_name() == "thorough"
#: of SciPy's functions one in four in the quick profile
SAMPLED = rows(
    lambda fn, p: (
        fn in SAMPLES
        and p.kind != "constant"
        and (THOROUGH or not p.name.startswith("scipy.") or len(p.name) % 4 == 0)
    )
)


@pytest.mark.parametrize(("fn", "p"), DIFFERENTIABLE)
def test_a_batch_gives_what_the_loop_gives(fn, p, portion):
    rngs = [np.random.default_rng(seed) for seed in range(EXAMPLES)]
    for drawn in zip(*[portion(p, calls(p, fn, rng)) for rng in rngs], strict=True):
        check_batched(drawn, rngs[0])


@pytest.mark.parametrize(("fn", "p"), SAMPLED)
@given(data=st.data())
def test_a_batch_gives_what_the_loop_gives_for_all_seeds(fn, p, data):
    sample = data.draw(st.sampled_from(SAMPLES[fn]))
    seed = data.draw(st.integers(0, 2**32 - 1))
    rngs = [np.random.default_rng([seed, k]) for k in range(EXAMPLES)]
    check_batched([from_call(p, fn, sample, rng) for rng in rngs], rngs[0])


#: what is called for every example
LOOPED = {
    "np.arange", "np.roots",
    "np.bincount", "np.linalg.lstsq", "np.histogram", "np.histogramdd", "np.trim_zeros",
    "np.unique", "np.intersect1d", "np.setxor1d", "np.setdiff1d",
    "scipy.spatial.distance.cdist (kernels)",
    "scipy.spatial.distance.pdist (kernels)",
    "scipy.sparse toarray", "scipy.sparse sampled", "scipy.sparse sum", "scipy.sparse.linalg.spsolve",
}  # fmt: skip


def test_these_primitives_have_no_rule_of_batching():
    found = {row.id for row in GENERAL if row.values[1].batching is None}
    assert found == LOOPED


# --- products and linear algebra: axes, ranks and errors are those of one example

RNG = np.random.default_rng(3)
A, M, S, V = (RNG.normal(size=shape) for shape in ((3, 2, 3), (3, 4, 4), (3, 2, 4, 4), (3, 4)))
CALLS = {
    "matmul of a stack": (lambda s, m: s @ m, S, M),
    "matmul of a vector and a stack": (lambda s, v: v @ s, S, V),
    "matmul of a stack and a vector": (lambda s, v: s @ v, S, V),
    "dot of tensors": (np.dot, S, S),
    "inner of a stack": (np.inner, S, M),
    "tensordot": (lambda s, m: np.tensordot(s, m, ([2, 1], [-1, 0])), S, M),
    "tensordot without axes": (lambda s, m: np.tensordot(s, m, 0), M, V),
    "vecdot along an axis": (lambda s, m: np.vecdot(s, m, axis=0), M, M),
    "matvec of a stack": (np.matvec, S, V),
    "vecmat of a stack": (lambda s, v: np.vecmat(v, s), S, V),
    "cross along an axis": (lambda a, b: np.cross(a, b, axisa=1, axisb=-1, axisc=0), A, A),
    "kron of different ranks": (np.kron, A, V),
    "outer of matrices": (np.outer, A, M),
    "vdot of matrices": (np.vdot, M, M),
    "multiplication by a number": (np.dot, M, V[:, 0]),
    "einsum with an ellipsis": (lambda s, m: np.einsum("...ij,jk->...ki", s, m), S, M),
    "einsum of lists": (lambda s, m: np.einsum(s, [0, 1, 2], m, [2, 3]), S, M),
    "a chain": (lambda a, v: np.linalg.multi_dot([a[0], a[1], a[0], v]), S, V),
    "a chain from a vector": (lambda a, v: np.linalg.multi_dot([v, a[0], a[1]]), S, V),
    "solve for a vector": (np.linalg.solve, M, V),
    "solve with a stack for a vector": (np.linalg.solve, S, V),
    "solve for matrices": (np.linalg.solve, M, S),
    "norm of all elements": (lambda m, v: np.linalg.norm(m, keepdims=True) * v, M, V),
    "norm along an axis": (lambda s, v: np.linalg.norm(s, 3, axis=1) + v, S, V),
    "norm of matrices": (lambda s, v: np.linalg.norm(s, "nuc", axis=(1, 2))[0] * v, S, V),
    "norm without axes": (lambda m, v: np.linalg.norm(m, 1) * v, M, V),
}


@pytest.mark.parametrize("f", CALLS)
def test_products_of_batches(f):
    fn, x, y = CALLS[f]

    def changes(*args):
        jacobians = [fc.jacrev(fn, argnums=0)(*args), fc.jacfwd(fn, argnums=1)(*args)]
        return fn(*args), jacobians

    for axes in ((0, 0), (0, None), (None, 0)):
        given = [v if axis == 0 else v[1] for v, axis in zip((x, y), axes, strict=True)]
        rows = [[v[k] if axis == 0 else v for v, axis in zip(given, axes, strict=True)] for k in range(3)]
        value, jacobians = fc.vmap(changes, axes)(*given)
        wanted = [changes(*row) for row in rows]
        np.testing.assert_allclose(value, [w[0] for w in wanted], rtol=1e-9, atol=1e-11)
        for k, jacobian in enumerate(jacobians):
            np.testing.assert_allclose(jacobian, [w[1][k] for w in wanted], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("f", CALLS)
def test_products_of_batches_in_batches_and_of_none(f):
    fn, x, y = CALLS[f]
    pairs = fc.vmap(fc.vmap(fn, (None, 0)), (0, None))(x, y)
    np.testing.assert_allclose(pairs, [[fn(a, b) for b in y] for a in x], rtol=1e-9, atol=1e-11)
    assert fc.vmap(fn)(x[:0], y[:0]).shape == (0, *np.shape(fn(x[0], y[0])))


@pytest.mark.parametrize(
    ("fn", "error"),
    [
        (lambda m: np.linalg.norm(m, axis=2), np.exceptions.AxisError),
        (lambda m: np.linalg.norm(m, axis=-3), np.exceptions.AxisError),
        (lambda m: np.linalg.norm(m, axis=(0, 0)), ValueError),
        (lambda m: np.vecdot(m, m, axis=2), np.exceptions.AxisError),
        (lambda m: np.vecdot(m, m, axis=-3), np.exceptions.AxisError),
        (lambda m: np.cross(m, m, axis=2), np.exceptions.AxisError),
        (lambda m: np.tensordot(m, m, ([2], [0])), IndexError),
        (lambda m: np.tensordot(m, m[:2], 1), ValueError),
        (lambda m: np.matmul(m, m[0, 0]), ValueError),
        (lambda m: m[0, 0] @ m, ValueError),
        (lambda m: m @ m[:2], ValueError),
        (lambda m: np.matvec(m[0], m), ValueError),
        (lambda m: np.vdot(m, m[0]), ValueError),
        (lambda m: np.dot(m, m[:2]), ValueError),
        (lambda m: np.convolve(m, m[0]), ValueError),
        (lambda m: np.convolve(m[0], m[0, :0]), ValueError),
        (lambda m: np.convolve(m[0], m[0], "every"), ValueError),
        (lambda m: np.linalg.inv(m[0]), np.linalg.LinAlgError),
        (lambda m: np.linalg.det(m[0]), np.linalg.LinAlgError),
        (lambda m: np.linalg.inv(0 * m), np.linalg.LinAlgError),
        (lambda m: np.linalg.solve(m[0], m[0]), np.linalg.LinAlgError),
        (lambda m: np.linalg.solve(m, m[0, 0]), ValueError),
        (lambda m: np.linalg.multi_dot([m, m[:2], m]), ValueError),
    ],
)
def test_what_numpy_refuses_for_one_example_is_refused_for_a_batch(fn, error):
    for f in (fn, fc.vmap(fn)):
        with pytest.raises(error):
            f(M[0] if f is fn else M)


def test_lengths_of_convolutions_on_both_sides_of_the_threshold():
    x, y = RNG.normal(size=(2, 300)), RNG.normal(size=(2, 7)) + 1j
    for fn in (np.convolve, np.correlate):
        for mode in ("full", "same", "valid"):
            for a, b in ((x, y), (y, x), (x[:, :9], y), (y, x[:, :9]), (y, y)):
                got = fc.vmap(lambda a, b, fn=fn, mode=mode: fn(a, b, mode))(a, b)
                np.testing.assert_allclose(got, [fn(*pair, mode) for pair in zip(a, b, strict=True)])


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
    "median": (np.median, [[3.0, 1.0, 2.0], [1.0, 5.0, 1.0], [2.0, 2.0, 2.0], [1.0, np.nan, 2.0]]),
    "nanmedian": (np.nanmedian, [[3.0, 1.0, 2.0], [1.0, 5.0, 1.0], [1.0, np.nan, 2.0]]),
    "quantile": (
        lambda x: np.quantile(x, [0.0, 0.5]),
        [[3.0, 1.0, 2.0], [1.0, 5.0, 1.0], [1.0, np.nan, 2.0]],
    ),
    "level": (lambda q: np.quantile(np.array([0.0, 1.0, 3.0]), q), [[0.0, 0.2], [0.5, 0.5], [0.1, 1.0]]),
    "both": (lambda x: np.quantile(x, x[0], method="weibull"), [[0.5, 1.0, 3.0], [0.1, 0.1, 3.0]]),
    "nanmean": (np.nanmean, [[3.0, 1.0, 2.0], [1.0, np.nan, 1.0]]),
    "nanmax": (np.nanmax, [[3.0, 1.0, 3.0], [1.0, np.nan, 1.0]]),
    "nanstd": (np.nanstd, [[3.0, 1.0, 2.0], [1.0, np.nan, 1.0]]),
    "interp": (
        lambda x: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 3.0], 0.0, 5.0),
        [[0.0, 1.0, 2.0], [-1.0, 0.5, 3.0]],
    ),
    "nodes": (lambda x: np.interp([0.0, 1.0], x, [0.0, 1.0, 3.0]), [[0.0, 1.0, 2.0], [-1.0, 0.5, 3.0]]),
    "phases": (np.unwrap, [[0.0, 4.0, 1.0], [0.0, 1.0, 2.0]]),
    "coordinates": (lambda x: np.gradient(np.array([1.0, 4.0, 9.0]), x), [[0.0, 1.0, 2.0], [-1.0, 0.5, 3.0]]),
    "unique": (np.unique, [[3.0, 1.0, 3.0], [1.0, 2.0, 2.0]]),
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


def test_the_sign_of_complex_numbers_turns_with_them():
    z, t = np.array([1 + 1j, -2j]), np.array([1j, 1.0])
    np.testing.assert_array_equal(fc.vmap(np.sign)(z), np.sign(z))
    turn = 1j * np.imag(t * np.conj(z)) / np.abs(z) ** 3 * z
    for f in (np.sign, fc.vmap(np.sign)):
        np.testing.assert_allclose(fc.jvp(f, (z,), (t,))[1], turn)
    assert fc.grad(lambda x: np.sign(x) * x)(-3.0) == -1.0


def test_a_constant_of_the_user_is_a_batch():
    @fc.primitive
    def largest(x):
        return np.max(x)

    largest.def_constant()
    x = np.array([[1.0, 3.0], [2.0, 0.5]])
    np.testing.assert_array_equal(fc.vmap(lambda x: x * largest(x))(x), x * np.max(x, 1, keepdims=True))
    wanted = np.repeat(np.max(x, 1), 2).reshape(2, 2)
    np.testing.assert_array_equal(fc.vmap(fc.grad(lambda x: np.sum(x * largest(x))))(x), wanted)
