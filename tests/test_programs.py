"""A corpus of small programs: values equal those of the plain run bit for bit, derivatives are right."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import funcad as fc
from funcad.testing import check_grads

_spec = importlib.util.spec_from_file_location("programs", Path(__file__).with_name("programs.py"))
programs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(programs)
PROGRAMS = programs.PROGRAMS


def bits(x):
    """Return what must be equal: type of number, dtype, shape and bytes."""
    a = np.asarray(x)
    return isinstance(x, np.ndarray), a.dtype, a.shape, a.tobytes()


def ones_like(tree):
    return fc.tree.map(lambda x: 1.0 if isinstance(x, float) else np.ones_like(x), tree)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_value_is_that_of_the_plain_run_bit_for_bit(name):
    f, args = PROGRAMS[name]
    expected = bits(f(*args))
    tangents = tuple(ones_like(a) for a in args)
    assert bits(fc.jvp(f, args, tangents)[0]) == expected
    assert bits(fc.vjp(f, *args)[0]) == expected
    everything = tuple(range(len(args)))
    if np.ndim(f(*args)) == 0:
        assert bits(fc.value_and_grad(f, everything)(*args)[0]) == expected
    # under two levels, in both orders
    assert bits(fc.jvp(lambda *xs: fc.vjp(f, *xs)[0], args, tangents)[0]) == expected
    assert bits(fc.vjp(lambda *xs: fc.jvp(f, xs, tangents)[0], *args)[0]) == expected


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name):
    f, args = PROGRAMS[name]
    check_grads(f, args, order=2)


@pytest.mark.parametrize("name", PROGRAMS)
def test_arguments_are_left_as_they_were(name):
    f, args = PROGRAMS[name]
    before = [bits(leaf) for leaf in fc.tree.flatten(args)[0]]
    fc.jacobian(f, tuple(range(len(args))))(*args)
    assert [bits(leaf) for leaf in fc.tree.flatten(args)[0]] == before
    assert all(leaf.flags.writeable for leaf in fc.tree.flatten(args)[0] if isinstance(leaf, np.ndarray))
