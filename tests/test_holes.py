"""Calls that HIPS autograd differentiates wrongly or not at all: each has its derivative here, to second order.

They were found by comparing it with central differences. The tests of SciPy's functions have those of SciPy.
"""

import numpy as np
import pytest

import funcad as fc
import funcad.numpy as fnp
from funcad.errors import FuncadError
from funcad.testing import check_grads

RNG = np.random.default_rng(5)
NAMES = {
    "np": np,
    "fnp": fnp,
    "row": np.array([True, False, True, True]),
    "column": np.array([[True], [False]]),
    "v": np.array([0.3, 0.7, -0.4, 1.2]),
    "K": RNG.normal(size=(4, 3)),
    "N": RNG.normal(size=(3, 4)),
    "B": RNG.normal(size=(2, 3, 3)) + 3 * np.eye(3),
}
INPUTS = {
    "number": 1.3,
    "vector": np.array([1.4, 0.6, -1.1, 2.3]),
    "3 by 4": RNG.normal(size=(3, 4)),
    "4 by 4": RNG.normal(size=(4, 4)) + 4 * np.eye(4),
    "3 by 3": RNG.normal(size=(3, 3)) + 4 * np.eye(3),
    "2 by 3 by 4": RNG.normal(size=(2, 3, 4)),
}

WRONG = {
    "vector": """
        np.linalg.norm(x, np.inf)
        np.fft.rfft(x, norm="forward")
        np.fft.rfft(x, norm="backward")
        np.fft.irfft(x, norm="backward")
        np.fft.irfft(x, norm="forward")
        np.fft.rfft(x, n=6)
        np.fft.rfft(x, n=2)
        np.fft.rfft(x, n=3)
        np.arccosh(x + 1j * v)
        np.sign(x + 1j * v)
        np.diagonal(np.reshape(x * 1j, (2, 2)), 0, -1, -2)
        fnp.full_like(np.ones(4), x[0])
        fnp.full(4, x)
        np.diff(x, prepend=1.0)
        np.diff(x, append=1.0)
        np.where(row, x, N)
        np.where(column, x, 0.0)
        np.clip(x, -1.0, np.array([[1.0], [2.0]]))
        np.cross(x[:3], np.ones((2, 3)))
    """,
    "number": """
        np.where(row, 1.0, x)
        np.outer(x, v)
        np.max(x * v, initial=100.0)
    """,
    "3 by 4": """
        np.sum(x, where=row)
        np.mean(x, where=row)
        np.prod(x, where=row)
        np.std(x, where=row)
        np.var(x, where=row)
        np.std(x, correction=1)
        np.var(x, correction=1)
        np.var(x, mean=np.zeros((1, 4)) + 0.1, axis=0)
        np.sum(x, initial=3.0)
        np.repeat(x, 2, axis=-1)
        np.linalg.norm(x, axis=1, keepdims=True)
        np.fft.rfft2(x, norm="forward")
    """,
    "3 by 3": """
        np.linalg.slogdet(x * (1.0 + 0.3j) + 0.1j * K[:3])[0]
        np.linalg.cholesky((x + 1j * K[:3]) @ np.conj((x + 1j * K[:3]).T))
        np.tile(x, 2)
        np.linalg.solve(x, B)
        np.linalg.solve(B, x)
    """,
    "2 by 3 by 4": "np.transpose(x, (-1, 0, 1))",
}

MISSING = {
    "number": """
        (x * np.ones(()))[()] * 2.0
        np.cumsum(x)
        np.linalg.norm(x)
        np.sort([x, 2.0 * x, -x])
    """,
    "vector": """
        np.tile(x, (2,))
        np.tile(x, 2)
        np.outer(x, x)
        np.pad(x, 1, "edge")
        np.pad(x, 1, "reflect")
        np.pad(x, 5, "reflect", reflect_type="odd")
        np.pad(x, 2, "linear_ramp", end_values=(x[0] * x[1], 2.0))
        np.pad(x, 2, "mean", stat_length=3)
        np.pad(x, 1, "median")
        np.pad(x, (1, 2), "maximum")
        np.pad(x, 1, "minimum", stat_length=2)
        np.pad(x, 1, "empty")[1:-1]
        np.pad(x, (1, 2), constant_values=(x[0], 2.0))
        np.diag(x, -1)
        np.linalg.norm(x, 1)
        np.linalg.norm(x, 0.5)
        x.real
        x.item(0)
        x.clip(min=-1.0)
        +x
        np.add.reduce(x)
        np.maximum.accumulate(x)
        np.add(x, 1.0, where=row, out=fnp.zeros(4))
        np.exp(x, out=fnp.zeros(4))
        np.exp(x, where=row, out=fnp.zeros(4))
        np.multiply(x, x, out=fnp.zeros(4))
        np.clip(x, -1.0, 1.0, out=fnp.zeros(4))
        np.logaddexp(x, v, where=row, out=fnp.zeros(4))
        np.exp(x, casting="unsafe")
        np.exp(x, order="C", subok=False)
        np.matmul(x, x, out=fnp.zeros(()))
        np.cumsum(x, dtype=np.float64)
        x[[True, False, True, True]]
        x.tolist()[2]
        x.flat[1]
        np.fft.irfft(x, n=5)
        (x + 1j * v).real
    """,
    "3 by 4": """
        np.roll(x, (1, 1), axis=(0, 1))
        np.roll(x, [1, 2], axis=0)
        np.sort(x, axis=-1)
        np.sort(x, axis=None)
        np.sort(x, kind="stable")
        np.repeat(x, [1, 2, 0, 1], axis=1)
        np.transpose(x, (-1, 0))
        np.rollaxis(x, -1)
        np.trace(x, axis1=1, axis2=0)
        np.diagonal(x)
        np.diagonal(x, 1)
        np.diagonal(x, 0, -1, -2)
        np.diag(x)
        np.reshape(x, (2, 6), copy=True)
        np.rot90(x, k=1, axes=(1, 0))
        np.broadcast_to(x, (2, 3, 4))
        np.gradient(x, axis=0)
        np.gradient(x)[1]
        np.gradient(x, 0.1, axis=1)
        np.gradient(x, axis=1, edge_order=2)
        np.linalg.norm(x, axis=(-2, -1))
        np.linalg.norm(x, 1, axis=1)
        np.linalg.norm(x, np.inf)
        np.linalg.norm(x, -1)
        np.nan_to_num(x, nan=0.0, posinf=1.0)
        x.conj()
        x.copy()
        x.dot(K)
        x.mT
        x.transpose(1, 0)
        np.multiply.outer(x[0], x[1])
        np.einsum(x, [0, 1], K, [1, 2])
    """,
    "4 by 4": """
        np.linalg.cholesky(np.matmul(x, x.T) + 2 * np.eye(4), upper=True)
        np.linalg.slogdet(x).logabsdet
        np.linalg.svd(x)[1]
        np.linalg.svd(x, full_matrices=False).S
        np.linalg.svd(x, full_matrices=True)[1]
        np.linalg.svd(x, compute_uv=False, hermitian=False)
        np.einsum("ii", x)
        np.einsum("ii->i", x)
        np.einsum(x, [0, 0], [0])
    """,
    "3 by 3": 'np.einsum("iij->j", x[:, :, None] * np.ones(2))',
}

SINGLE = {
    "vector": """
        np.add(x, 1, dtype=np.float32)
        np.concatenate([x, x], dtype=np.float32)
    """,
}


def rows(table):
    return [
        pytest.param(line.strip(), INPUTS[name], id=line.strip())
        for name, lines in table.items()
        for line in lines.strip().splitlines()
    ]


def function(code):
    return eval(f"lambda x: {code}", dict(NAMES))


@pytest.mark.parametrize(("code", "x"), rows(WRONG) + rows(MISSING))
def test_it_has_its_derivative(code, x):
    f = function(code)
    check_grads(f, (x,), order=2)
    value = fc.jvp(f, (x,), (x,))[0]
    np.testing.assert_array_equal(value, f(x), strict=True)


@pytest.mark.parametrize(("code", "x"), rows(SINGLE))
def test_in_single_precision(code, x):
    f = function(code)
    tangent = fc.jvp(f, (x,), (np.ones_like(x),))[1]
    assert tangent.dtype == np.float32
    np.testing.assert_array_equal(tangent, np.ones(len(tangent)))


REFUSED = {
    "np.exp(x, out=np.zeros(4))": r"funcad\.numpy\.zeros",
    "np.cumsum(x, out=np.zeros(4))": "use the returned array",
    "np.full_like(np.ones(4), x[0])": r"funcad\.numpy\.full_like",
    "np.linalg.norm(x, 0)": "has no derivative",
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_have_one_is_an_error_that_says_what_to_write(code):
    with pytest.raises(FuncadError, match=REFUSED[code]):
        fc.jvp(function(code), (INPUTS["vector"],), (INPUTS["vector"],))


def test_singular_values_beside_vectors_that_have_no_derivative():
    np.testing.assert_allclose(fc.grad(lambda x: np.sum(np.linalg.svd(x)[1]))(np.eye(2)), np.eye(2))


# --- nan or infinity where the derivative exists

POINTS = {
    "prod with a zero": (np.prod, [0.0, 2.0, 3.0], [6.0, 0.0, 0.0]),
    "prod with two zeros": (np.prod, [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]),
    "sinc at 0": (lambda x: np.sinc(x[0]), [0.0], [0.0]),
    "norm at 0": (np.linalg.norm, [0.0, 0.0], [0.0, 0.0]),
    "norm of order 1.5": (lambda x: np.linalg.norm(x, 1.5), [0.0, 1.0], [0.0, 1.0]),
    "norm of a matrix at 0": (np.linalg.norm, [[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]),
    "std of equal numbers": (np.std, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]),
    "hypot at 0": (lambda x: np.hypot(x[0], 0.0), [0.0], [0.0]),
    "arctan2 at 0": (lambda x: np.arctan2(x[0], 0.0), [0.0], [0.0]),
    "logaddexp of -inf": (lambda x: np.logaddexp(x[0], -np.inf), [-np.inf], [0.5]),
    "logaddexp of inf": (lambda x: np.logaddexp(x[0], np.inf), [np.inf], [0.5]),
    "root that is not taken": (lambda x: np.where(x > 0, np.sqrt(x), 0.0)[0], [0.0], [0.0]),
    "logarithm that is not taken": (lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)), [0.0, -1.0], [0.0, 0.0]),
    "singular values that are equal": (
        lambda x: np.sum(np.linalg.svd(x, compute_uv=False)), [[1.0, 0.0], [0.0, 1.0]], np.eye(2),
    ),
    "det of a singular matrix": (np.linalg.det, [[0.0, 0.0], [0.0, 2.0]], [[2.0, 0.0], [0.0, 0.0]]),
    "angle": (lambda x: np.sum(np.angle(x)), [0.0, -1.0], [0.0, 0.0]),
    "max with a nan": (np.max, [1.0, np.nan, 2.0], [0.0, 1.0, 0.0]),
    "arctan2 of small numbers": (lambda x: np.arctan2(x[0], 1e-200), [1e-200], [5e199]),
    "softplus of a large number": (lambda x: np.logaddexp(0.0, x[0]), [800.0], [1.0]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "x", "slope"), POINTS.values(), ids=POINTS)
def test_points_where_the_derivative_exists(f, x, slope):
    with np.errstate(all="ignore"):
        x = np.array(x)
        np.testing.assert_allclose(fc.grad(f)(x), slope, atol=1e-15)
        pushed = [fc.jvp(f, (x,), (e.reshape(x.shape),))[1] for e in np.eye(x.size)]
        np.testing.assert_allclose(np.reshape(pushed, x.shape), slope, atol=1e-15)


@pytest.mark.parametrize(
    ("f", "second"),
    [(lambda x: np.prod(np.stack([x, x])), 2.0), (np.sinc, -(np.pi**2) / 3)],
    ids=["prod", "sinc"],
)
def test_second_derivatives_at_0(f, second):
    assert fc.grad(fc.grad(f))(0.0) == pytest.approx(second)
    assert fc.hessian(f)(0.0) == pytest.approx(second)
