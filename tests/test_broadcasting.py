"""Sums that undo a broadcast, whatever the shapes, dtypes and memory layouts, and the parts of arrays."""

import numpy as np
import pytest

import funcad as fc

RNG = np.random.default_rng(0)
SHAPES = [
    ((5, 7), (5, 1)),
    ((5, 7), (1, 7)),
    ((5, 7), (7,)),
    ((5, 1), (1, 7)),
    ((5, 1), (7,)),
    ((2, 5, 7), (2, 5, 1)),
    ((2, 5, 7), (2, 1, 7)),
    ((2, 5, 7), (1, 5, 7)),
    ((2, 5, 1), (2, 1, 7)),
    ((1, 5, 1), (2, 1, 7)),
    ((5, 1), (2, 1, 7)),
    ((3, 130), (3, 1)),
    ((130, 3), (1, 3)),
    ((0, 3), (1, 3)),
    ((3, 0), (3, 1)),
    ((4, 1), (1, 1)),
]
LAYOUTS = {
    "C": lambda x: x,
    "F": np.asfortranarray,
    "reversed": lambda x: np.flip(np.flip(x).copy()),
    "every other": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
}


def numbers(shape, dtype):
    x = RNG.normal(size=shape)
    return (x + 1j * RNG.normal(size=shape) if np.dtype(dtype).kind == "c" else x).astype(dtype)


def summed_to(x, shape):
    """Sum over the axes that broadcasting added, one number after the other."""
    total = np.zeros(shape, x.dtype)
    np.add.at(total, tuple(np.broadcast_to(i, x.shape) for i in np.indices(shape, sparse=True)), x)
    return total


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
@pytest.mark.parametrize(("of_x", "of_y"), SHAPES)
def test_cotangents_of_a_broadcast_are_sums(of_x, of_y, dtype, layout):
    x, y = (LAYOUTS[layout](numbers(s, dtype)) for s in (of_x, of_y))
    g = LAYOUTS[layout](numbers(np.broadcast_shapes(of_x, of_y), dtype))
    tolerance = {"rtol": 1e-4, "atol": 1e-4} if dtype == "float32" else {"rtol": 1e-12, "atol": 1e-12}
    for f, dx, dy in (
        (lambda x, y: x * y, g * y, g * x),
        (lambda x, y: x - y, g, -g),
        (lambda x, y: x / y, g / y, -g * x / y**2),
    ):
        value, pullback = fc.vjp(f, x, y)
        np.testing.assert_array_equal(value, f(x, y))
        for found, expected, like in zip(pullback(g), (dx, dy), (x, y), strict=True):
            assert found.dtype == like.dtype
            np.testing.assert_allclose(found, summed_to(expected, like.shape), **tolerance)


def test_infinite_and_missing_numbers_stay_in_their_row():
    x = np.array([[1.0, np.inf, 2.0], [3.0, 4.0, 5.0], [np.nan, 6.0, 7.0]])
    rows = fc.grad(lambda y: np.sum(x * y))(np.ones((3, 1)))
    np.testing.assert_array_equal(rows, [[np.inf], [12.0], [np.nan]])
    columns = fc.grad(lambda y: np.sum(x * y))(np.ones((1, 3)))
    np.testing.assert_array_equal(columns, [[np.nan, np.inf, 14.0]])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("shift", "axis"), [(1, 0), (-2, 1), (9, -1), (0, 1), (3, None), ((1, 2), (0, 1))])
def test_roll_is_numpys_in_value_and_layout(shift, axis, layout):
    x = LAYOUTS[layout](numbers((4, 6), float))
    plain, pullback = fc.vjp(lambda x: np.roll(x, shift, axis), x)
    expected = np.roll(x, shift, axis)
    np.testing.assert_array_equal(plain, expected)
    seen = []
    fc.grad(lambda x: seen.append(fc.stop_gradient(np.roll(x, shift, axis))) or np.sum(x))(x)
    assert seen[0].strides == expected.strides
    g = numbers((4, 6), float)
    assert np.vdot(pullback(g)[0], x) == pytest.approx(np.vdot(g, expected))


CUTS = [1, 3, 4, np.int64(2), [2], [2, 2, 5], np.array([1, 4]), (0, 6), [4, 2], [-2], [2, 9], [], 2.0]


@pytest.mark.parametrize("cuts", CUTS, ids=str)
@pytest.mark.parametrize("axis", [0, -1])
def test_array_split_is_numpys(cuts, axis):
    x = numbers((6, 6), float)
    weights = [float(k + 1) for k in range(9)]

    def f(x):
        pieces = np.array_split(x, cuts, axis)
        shapes.append([p.shape for p in pieces])
        return sum(w * np.sum(np.sin(p)) for w, p in zip(weights, pieces, strict=False))

    shapes = []
    value, gradient = fc.value_and_grad(f)(x)
    assert value == f(x)
    assert shapes[0] == shapes[1]
    expected, places = np.zeros_like(x), np.arange(36).reshape(6, 6)
    for w, p in zip(weights, np.array_split(places, cuts, axis), strict=False):
        np.add.at(expected.reshape(-1), p.ravel(), w * np.cos(x.reshape(-1)[p.ravel()]))
    np.testing.assert_allclose(gradient, expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("split", "cuts", "error", "words"),
    [
        (np.array_split, 0, ValueError, "number sections must be larger than 0"),
        (np.array_split, [0.5], TypeError, "slice indices must be integers"),
        (np.split, 0, ZeroDivisionError, "modulo by zero"),
        (np.split, 4, ValueError, "array split does not result in an equal division"),
    ],
)
def test_cuts_that_numpy_refuses_are_refused(split, cuts, error, words):
    x = np.ones(6)
    for f in (lambda x: split(x, cuts), fc.grad(lambda x: np.sum(split(x, cuts)[0]))):
        with pytest.raises(error, match=words):
            f(x)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
def test_the_extremes_share_among_equal_numbers_and_pass_to_nan(axis, keepdims):
    x = np.array([[1.0, 3.0, 3.0], [np.nan, 2.0, 0.0]])
    gradient = fc.grad(lambda x: np.sum(np.max(x, axis=axis, keepdims=keepdims)))(x)
    expected = {
        None: [[0, 0, 0], [1, 0, 0]],
        0: [[0, 1, 1], [1, 0, 0]],
        -1: [[0, 0.5, 0.5], [1, 0, 0]],
        (0, 1): [[0, 0, 0], [1, 0, 0]],
    }
    np.testing.assert_array_equal(gradient, expected[axis])


def test_an_initial_extreme_takes_the_cotangent():
    x = np.array([[1.0, 3.0], [2.0, 0.0]])
    assert fc.grad(lambda x: np.sum(np.max(x, axis=1, initial=2.5)))(x).tolist() == [[0, 1], [0, 0]]
    assert fc.grad(lambda x: np.sum(np.max(x, axis=1, initial=3.0)))(x).tolist() == [[0, 0.5], [0, 0]]
    where = np.array([[True, False], [True, True]])
    gradient = fc.grad(lambda x: np.sum(np.max(x, axis=1, initial=0.5, where=where)))(x)
    assert gradient.tolist() == [[1, 0], [1, 0]]
