"""How much work a derivative is, as exact numbers: what fails here has made funcad do more, or less."""

import importlib.util
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import funcad as fc

_spec = importlib.util.spec_from_file_location("counting", Path(__file__).with_name("counting.py"))
counting = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(counting)

V = np.linspace(0.1, 0.9, 5)
A = np.arange(9.0).reshape(3, 3) / 7 - 0.5
INPUTS = np.sin(np.arange(18.0)).reshape(6, 3)
LABELS = np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
LAYERS = (A, V[:3], A[:, :1].copy(), V[:1])


def chain(x):
    for _ in range(10):
        x = np.sin(x) * V + 0.5
    return np.sum(x)


def oscillator(x):
    v = 0.0
    for _ in range(10):
        v = v - 0.1 * (x + x * x * x)
        x = x + 0.1 * v
    return x


def logistic(w):
    return np.sum(np.logaddexp(0.0, -LABELS * (INPUTS @ w)))


def perceptron(w, b, u, c):
    return np.mean((np.tanh(INPUTS @ w + b) @ u + c - LABELS[:, None]) ** 2)


def entropy(z):
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[:, 0])


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


def reads(x):
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] * x[i]
    return total


def broadcasting(x):
    return np.sum((x[:, None] - V) ** 2)


def products(a):
    return np.sum(np.tanh(a @ A) @ a)


def several_uses(x):
    y = np.sin(x)
    return np.sum(y + y * y + np.exp(y) + y / 3.0)


def formula(x):
    return np.sum(np.exp(-x * x / 2) * np.sin(3 * x) + x / (1 + x * x))


def gaussian_process(logs):
    distance = (V[:, None] - V[None, :]) / np.exp(logs[0])
    K = np.exp(2 * logs[1] - 0.5 * distance * distance) + np.exp(2 * logs[2]) * np.eye(5)
    L = np.linalg.cholesky(K)
    white = np.linalg.solve(L, V)
    return 0.5 * np.sum(white * white) + np.sum(np.log(np.diag(L)))


def euler(s):
    for _ in range(3):
        x, y, z = s
        s = s + 0.1 * np.array([y - x, x * (1.0 - z) - y, x * y - z])
    return np.sum(s * s)


def blur(a):
    for _ in range(3):
        a = (np.roll(a, 1, 0) + np.roll(a, 1, 1) + 2 * a) / 4
    return np.sum(a * a)


class Calls(NamedTuple):
    """Calls of NumPy: of the program; of its gradient on the way forward and back; of jvp and hvp."""

    plain: int
    forward: int
    back: int
    jvp: int
    hvp: int


class Arrays(NamedTuple):
    """Arrays allocated by the derivatives, over those of the program, which depend on NumPy's version."""

    grad: int
    jvp: int
    hvp: int


class Row(NamedTuple):
    f: object
    args: tuple
    records: int
    calls: Calls
    arrays: Arrays


# Where a number became lower, write the new one. Where it became higher, funcad does more than it did:
# find the change that did it, and write the new one only with the reason in the message of the commit.
# fmt: off
TABLE = {
    #                                              records    plain, forward, back, jvp, hvp     more: grad, jvp, hvp
    "chain":            Row(chain, (V,),                31, Calls( 31,  31,  31,  62, 158), Arrays( 41,  31, 139)),
    "scalar loop":      Row(oscillator, (1.3,),         70, Calls(  0,   0,   0,   0,   0), Arrays(  0,   0,   0)),
    "logistic":         Row(logistic, (V[:3],),          4, Calls(  4,   4,   5,   9,  15), Arrays(  9,   8,  26)),
    "perceptron":       Row(perceptron, LAYERS,          8, Calls(  8,   8,  12,  20,  52), Arrays( 17,  13,  49)),
    "cross entropy":    Row(entropy, (INPUTS,),          6, Calls(  6,   6,   9,  14,  31), Arrays( 12,   8,  29)),
    "rosenbrock":       Row(rosenbrock, (V,),           11, Calls( 11,  11,  12,  26,  44), Arrays( 12,  13,  44)),
    "four reads":       Row(reads, (V[:4],),            16, Calls( 16,  16,  15,  39,  55), Arrays(  1,   0,   5)),
    "eight reads":      Row(reads, (np.arange(8.0),),   32, Calls( 32,  32,  31,  79, 111), Arrays(  1,   0,   5)),
    "broadcasting":     Row(broadcasting, (V,),          4, Calls(  4,   4,   4,   9,  17), Arrays(  5,   3,  12)),
    "products":         Row(products, (A,),              4, Calls(  4,   4,   8,  12,  34), Arrays( 10,  10,  31)),
    "several uses":     Row(several_uses, (V,),          8, Calls(  8,   8,  11,  19,  39), Arrays(  9,  12,  35)),
    "formula, float32": Row(formula, (V.astype("f"),),  12, Calls( 12,  12,  25,  37, 108), Arrays( 27,  30, 112)),
    "gaussian process": Row(gaussian_process, (V[:3],), 23, Calls( 23,  25,  52,  71, 200), Arrays( 53,  47, 173)),
    "euler":            Row(euler, (V[:3],),            38, Calls( 35,  44,  67, 111, 267), Arrays( 37,  25,  65)),
    "blur":             Row(blur, (A,),                 20, Calls( 20,  20,  22,  42,  84), Arrays( 16,  19,  80)),
}
# fmt: on

ROWS = pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)


@ROWS
def test_records(row):
    assert counting.records(row.f, *row.args) == row.records


@ROWS
def test_calls_of_numpy(row):
    f, args = row.f, row.args
    plain = counting.calls_of(f, *args)
    one = type(f(*args))(1.0)
    forward, back = counting.calls_of_vjp(f, args, [one])
    jvp, hvp = counting.calls_of_jvp(f, *args), counting.calls_of_hvp(f, *args)
    assert Calls(len(plain), len(forward), len(back), len(jvp), len(hvp)) == row.calls, (forward, back)


@pytest.fixture(scope="module")
def allocated():
    hook = counting.allocations()
    if isinstance(hook, str):
        pytest.skip(hook)
    return hook.of


@ROWS
def test_arrays_allocated(row, allocated):
    f, args = row.f, row.args
    gradient = fc.grad(f, tuple(range(len(args))))
    derivatives = ((gradient, *args), (fc.jvp, f, args, args), (fc.hvp, f, args, args))
    plain = allocated(f, *args).arrays
    assert Arrays(*[allocated(*d).arrays - plain for d in derivatives]) == row.arrays


@pytest.mark.parametrize("n", [100, 200])
def test_a_loop_over_the_elements_makes_one_array_whatever_its_length(n, allocated):
    x = np.linspace(0.0, 1.0, n)
    assert counting.records(reads, x) == 4 * n
    assert allocated(fc.grad(reads), x) == (1, x.nbytes)


def fills(x):
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = x[i] * x[i]
    return np.sum(y * y)


def recurs(x):
    y = x * 1.0
    for i in range(1, len(x)):
        y[i] = np.sin(y[i - 1]) + y[i]
    return np.sum(y)


def rows(x):
    y = np.zeros_like(x, shape=(len(x), 2))
    y[0] = x[:2]
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i]
    return np.sum(y)


def slices(x):
    y = x * 1.0
    for i in range(0, len(x) - 4, 4):
        y[i : i + 4] = A[0, 0] * np.arange(4.0) * x[i + 4]
    return np.sum(y)


@pytest.mark.parametrize("f", [fills, recurs, rows, slices])
@pytest.mark.parametrize(
    "derive",
    [
        fc.grad,
        lambda f: lambda x: fc.jvp(f, (x,), (x,)),
        lambda f: lambda x: fc.hvp(f, (x,), (x,)),
        lambda f: lambda x: fc.vmap(f)(np.stack([x, x])),
    ],
    ids=["grad", "jvp", "hvp", "vmap"],
)
def test_a_loop_that_writes_allocates_as_much_as_it_is_long(f, derive, allocated):
    """With a copy of the array for every write the bytes would grow as the square of the length."""
    short, long = [allocated(derive(f), np.linspace(0.1, 0.9, n)).bytes for n in (200, 800)]
    assert long < 4.2 * short


def test_a_jacobian_is_one_run_and_one_walk_for_all_rows(allocated):
    def layer(rows):
        return lambda x: np.tanh(INPUTS[:rows] @ x)

    forward, back = counting.calls_of_vjp(layer(6), (V[:3],), np.eye(6))
    assert forward == ["matmul", "tanh"]
    assert back == 6 * ["multiply", "subtract", "multiply", "matmul"]
    arrays = [allocated(fc.jacrev(layer(rows)), V[:3]).arrays for rows in (4, 5, 6)]
    assert np.diff(arrays).tolist() == [0, 0]
