"""Sparse arrays: constants in products with traced arrays, and arrays whose stored values are traced."""

import operator

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

import funcad as fc
from funcad.errors import ConversionError, FuncadError, UnsupportedArgumentError
from funcad.scipy import sparse
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
A = scipy.sparse.random_array((4, 3), density=0.6, format="csr", rng=RNG)
B = scipy.sparse.random_array((4, 3), density=0.5, format="csc", rng=RNG)
C = scipy.sparse.random_array((3, 4), density=0.6, format="csr", rng=RNG)
M = scipy.sparse.csr_matrix(A)
S = (
    scipy.sparse.random_array((5, 5), density=0.4, format="csc", rng=RNG) + 3 * scipy.sparse.eye_array(5)
).tocsc()
X, Y, Z = RNG.normal(size=3), RNG.normal(size=4), RNG.normal(size=5)
COLUMNS, DENSE = RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3))


def entries(x):
    """Return the elements of a sparse array, or of a dense one as they are."""
    return x.toarray() if hasattr(x, "toarray") else x


def agree(f, *args):
    """Check values against SciPy's own to the bit, and derivatives to second order."""
    g = lambda *a: entries(f(*a))
    check_grads(g, args, order=2)
    value, plain = fc.jvp(g, args, args)[0], entries(f(*args))
    np.testing.assert_array_equal(value, plain, strict=True)


# --- plain sparse arrays in unmodified code

CONSTANT = {
    "A @ x": (lambda x: A @ x, X),
    "A @ columns": (lambda x: A @ x, COLUMNS),
    "A.dot(x)": (lambda x: A.dot(x), X),
    "y @ A": (lambda y: y @ A, Y),
    "rows @ A": (lambda y: y.T @ A, DENSE),
    "A * number": (lambda s: A * s, 1.3),
    "number * A": (lambda s: s * A, 1.3),
    "A * dense": (lambda d: A * d, DENSE),
    "dense * A": (lambda d: d * A, DENSE),
    "A * row": (lambda d: A * d, X),
    "A / dense": (lambda d: A / d, DENSE + 3.0),
    "A / number": (lambda s: A / s, 1.3),
    "A + dense": (lambda d: A + d, DENSE),
    "dense - A": (lambda d: d - A, DENSE),
    "A - dense": (lambda d: A - d, DENSE),
    "csc @ x": (lambda x: B @ x, X),
    "coo @ x": (lambda x: A.tocoo() @ x, X),
    "dia @ x": (lambda x: scipy.sparse.diags_array([1.0, 2.0, 3.0]) @ x, X),
    "matrix * x": (lambda x: M * x, X),
    "matrix @ x": (lambda x: M @ x, X),
    "x * matrix": (lambda y: y * M, Y),
}


@pytest.mark.parametrize(("f", "x"), CONSTANT.values(), ids=CONSTANT)
def test_a_plain_sparse_array_and_a_traced_operand(f, x):
    agree(f, x)


def test_a_batch_of_vectors_is_one_product():
    rows = RNG.normal(size=(6, 3))
    np.testing.assert_allclose(fc.vmap(lambda x: A @ x)(rows), (A @ rows.T).T)
    np.testing.assert_allclose(fc.jacobian(lambda x: A @ x)(X), A.toarray())


def test_a_method_that_leaves_no_choice_is_an_error():
    with pytest.raises(ConversionError, match=r"Write A \* x"):
        fc.jvp(lambda d: A.multiply(d), (DENSE,), (DENSE,))
    with pytest.raises(UnsupportedArgumentError, match=r"numpy\.matrix"):
        fc.jvp(lambda d: M + d, (DENSE,), (DENSE,))


# --- stored values that are traced


def of(data):
    return sparse.csr_array((data, A.indices, A.indptr), shape=A.shape)


def repeated(data):
    return sparse.coo_array((data, (np.zeros(len(data), int), np.arange(len(data)) % 3)), shape=(2, 3))


TRACED = {
    "as dense": lambda d: of(d).toarray(),
    "csc": lambda d: of(d).tocsc().data,
    "coo": lambda d: of(d).tocoo(),
    "sum": lambda d: of(d).sum(),
    "sum of columns": lambda d: of(d).sum(axis=0),
    "sum of rows": lambda d: of(d).sum(axis=1),
    "mean": lambda d: of(d).mean(),
    "diagonal": lambda d: of(d).diagonal(),
    "transposed": lambda d: of(d).T @ Y,
    "times a vector": lambda d: of(d) @ X,
    "vector times it": lambda d: Y @ of(d),
    "negative": lambda d: -of(d),
    "plus": lambda d: of(d) + B,
    "plus it": lambda d: B + of(d),
    "minus": lambda d: B - of(d),
    "by elements": lambda d: of(d) * B,
    "times it by elements": lambda d: B * of(d),
    "times dense by elements": lambda d: of(d) * DENSE,
    "power": lambda d: of(d).power(2),
    "sparse product": lambda d: of(d) @ C,
    "product with it": lambda d: C @ of(d),
    "product with itself": lambda d: of(d) @ of(d).T,
    "part": lambda d: of(d)[1:3, :2],
    "element": lambda d: of(d)[1, 2],
    "rows": lambda d: of(d)[[2, 0]],
    "kron": lambda d: sparse.kron(of(d), C),
    "hstack": lambda d: sparse.hstack([of(d), B]),
    "vstack": lambda d: sparse.vstack([of(d), B, 2 * of(d)]),
    "block": lambda d: sparse.block_array([[of(d), None], [None, B]]),
    "diagonals": lambda d: sparse.diags_array([d[:4], d[:3], 2.0], offsets=[0, -1, 1], shape=(4, 4)),
    "repeated places": lambda d: repeated(d),
    "product with repeated places": lambda d: repeated(d).tocsr() @ X,
    "of a dense array": lambda d: sparse.csr_array(np.outer(d[:2], d[:2])),
    "norm": lambda d: sparse.linalg.norm(of(d)),
    "norm 1": lambda d: sparse.linalg.norm(of(d), 1),
}


@pytest.mark.parametrize("f", TRACED.values(), ids=TRACED)
def test_traced_stored_values(f):
    agree(f, A.data)


def test_a_sparse_argument_has_a_sparse_gradient():
    gradient = fc.grad(lambda a: np.sum((a @ X) ** 2))(A)
    assert isinstance(gradient, scipy.sparse.csr_array)
    np.testing.assert_array_equal(gradient.indices, A.indices)
    expected = 2 * np.outer(A @ X, X)
    np.testing.assert_allclose(gradient.toarray(), np.where(A.toarray() != 0, expected, 0))
    _, tangent = fc.jvp(lambda a: a @ a.T, (A,), (A,))
    np.testing.assert_allclose(tangent.toarray(), 2 * (A @ A.T).toarray())


def test_its_classes_are_those_of_scipy():
    assert isinstance(sparse.csr_array(A), scipy.sparse.csr_array)
    seen = []
    fc.grad(
        lambda d: seen.extend([sparse.issparse(of(d)), isinstance(of(d), sparse.csr_array)]) or np.sum(d)
    )(A.data)
    assert seen == [True, True]


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (
            lambda d: scipy.sparse.csr_array((d, A.indices, A.indptr), shape=A.shape),
            "from funcad.scipy import sparse",
        ),
        (lambda d: scipy.sparse.linalg.spsolve(S, d[:5]), r"sparse\.linalg\.spsolve"),
        (lambda d: np.asarray(of(d), float), r"\.toarray\(\)"),
        (lambda d: of(d).tolil(), "no attribute 'tolil'"),
        (lambda d: of(d).asformat("bsr"), "no format 'bsr'"),
        (lambda d: of(d)[1], "keep both"),
    ],
)
def test_what_it_cannot_do_is_an_error_that_says_what_to_write(f, message):
    with pytest.raises((FuncadError, AttributeError), match=message):
        fc.jvp(f, (A.data,), (A.data,))


# --- systems


def square(data):
    return sparse.csc_array((data, S.indices, S.indptr), shape=S.shape)


SYSTEMS = {
    "spsolve": lambda d, b: sparse.linalg.spsolve(square(d), b),
    "spsolve of rows": lambda d, b: sparse.linalg.spsolve(square(d).tocsr(), b),
    "spsolve for columns": lambda d, b: sparse.linalg.spsolve(square(d), np.stack([b, b * b], axis=1)),
    "spsolve for one column": lambda d, b: sparse.linalg.spsolve(square(d), b[:, None]),
    "splu": lambda d, b: sparse.linalg.splu(square(d)).solve(b),
    "splu transposed": lambda d, b: sparse.linalg.splu(square(d)).solve(b, "T"),
    "splu adjoint": lambda d, b: sparse.linalg.splu(square(d)).solve(b, "H"),
    "factorized": lambda d, b: sparse.linalg.factorized(square(d))(b),
}


@pytest.mark.parametrize("f", SYSTEMS.values(), ids=SYSTEMS)
def test_systems_by_the_matrix_and_the_right_hand_side(f):
    agree(f, S.data, Z)


def test_the_matrix_is_factorised_once_for_all_derivatives(monkeypatch):
    count = 0
    splu = scipy.sparse.linalg.splu

    def counted(*args, **kwargs):
        nonlocal count
        count += 1
        return splu(*args, **kwargs)

    monkeypatch.setattr(scipy.sparse.linalg, "splu", counted)
    fc.hessian(lambda b: np.sum(sparse.linalg.spsolve(S, b) ** 3))(Z)
    assert count == 1
    factors = sparse.linalg.splu(S)
    for _ in range(3):
        fc.grad(lambda b: np.sum(factors.solve(b) ** 2))(Z)
    assert count == 2


def heat(conductivity):
    """Return the temperatures of a rod of cells with a source in its middle and ends at 0."""
    n = len(conductivity) - 1
    middle = np.arange(n) == n // 2
    stiffness = sparse.diags_array(
        [conductivity[:-1] + conductivity[1:], -conductivity[1:-1], -conductivity[1:-1]], offsets=[0, 1, -1]
    )
    return sparse.linalg.spsolve(stiffness.tocsc(), 1.0 * middle)


def test_the_conductivity_of_a_rod_by_its_temperatures():
    k = 1.0 + 0.3 * np.sin(np.arange(12.0))
    check_grads(heat, (k,), order=2)
    # in series: the temperature of the middle falls with the conductance of either side
    left, right = np.sum(1 / k[:6]), np.sum(1 / k[6:])
    slope = fc.grad(lambda k: heat(k)[5])(k)
    expected = -np.concatenate(
        [np.full(6, (right / (left + right)) ** 2), np.full(6, (left / (left + right)) ** 2)]
    )
    np.testing.assert_allclose(slope, expected / k**2, rtol=1e-12)


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix])
def test_places_that_are_not_in_order_stay_with_their_values(kind):
    def solved(data):
        # SciPy's solver sorts both in place
        where = np.array([1, 0, 1, 2, 0]), np.array([0, 2, 3, 5])
        return sparse.linalg.spsolve(kind((1.0 * data, *where), shape=(3, 3)), np.array([1.0, 2.0, 3.0]))

    check_grads(solved, (np.array([1.0, 4.0, 3.0, 5.0, 2.0]),), order=2)


def parts(x):
    """Return the format of a sparse array and its places and values in their order."""
    where = x.coords if x.format == "coo" else (x.indices, x.indptr)
    return type(x), [np.array(w) for w in where], np.array(x.data)


@pytest.mark.parametrize("first", ["csr", "csc", "coo"])
@pytest.mark.parametrize("second", ["csr", "csc", "coo", "dense"])
@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.matmul])
def test_results_have_the_format_and_the_order_of_scipys(op, first, second):
    a, b = (scipy.sparse.random_array((5, 5), density=0.4, rng=i) for i in (1, 2))
    a, b = a.asformat(first), b.toarray() + 3.0 if second == "dense" else b.asformat(second)
    wanted = op(a, b)
    if not scipy.sparse.issparse(wanted):
        return
    where = (a.coords,) if first == "coo" else (a.indices, a.indptr)
    seen = []

    def run(data):
        seen.append(op(getattr(sparse, f"{first}_array")((data, *where), shape=a.shape), b))
        return seen[-1].data

    data = fc.jvp(run, (a.data,), (a.data,))[0]
    kind, places, values = parts(wanted)
    np.testing.assert_array_equal(data, values)
    assert seen[0].format == wanted.format
    got = seen[0].coords if wanted.format == "coo" else (seen[0].indices, seen[0].indptr)
    for mine, theirs in zip(got, places, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_powers_are_of_the_elements_or_of_the_matrix():
    d = np.array([1.0, 2.0, 3.0, 4.0])
    where = np.array([0, 1, 1, 2]), np.array([0, 2, 3, 4])
    for kind, plain in (
        (sparse.csr_array, scipy.sparse.csr_array),
        (sparse.csr_matrix, scipy.sparse.csr_matrix),
    ):
        for n in (1, 2, 3):
            value, slope = fc.jvp(
                lambda t: (kind((t * d, *where), shape=(3, 3)) ** n).toarray(),
                (1.0,),
                (1.0,),
            )
            np.testing.assert_array_equal(value, (plain((d, *where), shape=(3, 3)) ** n).toarray())
            np.testing.assert_allclose(slope, n * value)


def test_stored_values_of_many_examples():
    def heat(conductivity, source):
        steps = sparse.diags(np.ones(3), 0, shape=(3, 4)) - scipy.sparse.diags_array(
            [1.0], offsets=[1], shape=(3, 4)
        )
        stiff = steps.T @ sparse.diags(conductivity) @ steps + scipy.sparse.eye_array(4)
        return sparse.linalg.splu(stiff.tocsc()).solve(source)

    many = np.array([[1.0, 2.0, 3.0], [0.5, 1.5, 0.7]])
    source = np.arange(4.0)
    got = fc.vmap(heat, (0, None))(many, source)
    np.testing.assert_array_equal(got, [heat(c, source) for c in many])
    slope = fc.grad(lambda c, s: np.sum(heat(c, s) ** 2))
    np.testing.assert_allclose(fc.vmap(slope, (0, None))(many, source), [slope(c, source) for c in many])
