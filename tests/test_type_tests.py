"""Tests by type in the user's code: `isinstance`, patterns and singledispatch go as in the plain run."""

import functools
import numbers

import numpy as np
import pytest

import funcad as fc


@functools.singledispatch
def kind(x):
    return "other"


@kind.register(np.ndarray)
def _(x):
    return "array"


@kind.register(float)
def _(x):
    return "float"


def pattern(x):
    match x:
        case np.ndarray():
            return "array"
        case float():
            return "float"
    return "other"


def asked(x):
    item = x[0]
    return [
        isinstance(x, np.ndarray),
        isinstance(x, (int, float)),
        isinstance(x, list),
        isinstance(item, float),
        isinstance(item, numbers.Real),
        isinstance(item, np.floating),
        isinstance(item, np.ndarray),
        isinstance(x.reshape(2, -1), np.ndarray | float),
        isinstance(item if len(x) else None, float),
        any(isinstance(part, np.ndarray) for part in [1, "a", x]),
        [isinstance(part, float) for part in x],
        kind(x),
        kind(item),
        pattern(x),
        pattern(item),
    ]


def transforms(f, x):
    yield lambda: fc.grad(f)(x)
    yield lambda: fc.jvp(f, (x,), (x,))
    yield lambda: fc.vmap(f)(np.stack([x, x]))
    yield lambda: fc.hessian(f)(x)
    yield lambda: fc.grad(fc.checkpoint(f))(x)


def test_tests_by_type_go_as_in_the_plain_run():
    x = np.array([1.0, 2.0])
    plain, answers = asked(x), []

    def f(x):
        answers.append(asked(x))
        return np.sum(x * x)

    # an interpreter changes its instructions after some runs
    for _ in range(20):
        for run in transforms(f, x):
            run()
    assert answers
    assert all(answer == plain for answer in answers)


def test_a_float_is_one():
    answers = []

    def f(x):
        answers.append((isinstance(x, float), isinstance(x, np.ndarray), isinstance(x, numbers.Real)))
        return x * x

    assert fc.grad(f)(3.0) == 6.0
    assert fc.grad(f)(np.array(3.0)) == 6.0
    assert answers == [(True, False, True), (False, True, False)]


def test_code_that_branches_on_the_type_is_differentiated_on_the_branch_of_the_plain_run():
    def norm(x):
        if not isinstance(x, np.ndarray):
            raise TypeError("an array is expected")
        return np.sqrt(np.sum(x * x))

    np.testing.assert_allclose(fc.grad(norm)(np.array([3.0, 4.0])), [0.6, 0.8])


def test_the_class_itself_is_that_of_a_tracer():
    def f(x):
        assert type(x) is not np.ndarray
        assert not issubclass(type(x), np.ndarray)
        with pytest.raises(TypeError):
            np.ndarray.sum(x)
        return np.sum(x)

    np.testing.assert_array_equal(fc.grad(f)(np.ones(2)), [1.0, 1.0])
