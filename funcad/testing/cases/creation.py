"""Sample calls of functions that make arrays of values, as `funcad.numpy` calls them."""

from typing import Any

import numpy as np

import funcad.numpy as fnp
from funcad.testing.samples import Call, array, call, samples

V, M, N = array(3), array(2, 3), array()


def by_columns(*args: Any, **kwargs: Any) -> Call:
    """Specify a call with NumPy's `order`, which is another thing than the order of a derivative."""
    return Call(args, {"order": "F", **kwargs})


samples(
    np.array,
    call(M),
    call(N),
    call([N, 2.0]),
    call([[N, 1], [2, N]]),
    call([V, np.ones(3)]),
    call(V, np.float64),
    call([N, N], dtype=complex),
    call(M, copy=None),
    call(V, ndmin=3),
    by_columns([V, V]),
    call([V, V], ndmax=2),
    by_columns(M),
    call(array(3, complex=True)),
    by=fnp.array,
)
samples(np.asarray, call(M), call(N), call([N, 2.0], np.float64), call(M, device="cpu"), by=fnp.asarray)
samples(np.asarray, by_columns([V, V], copy=True))
samples(np.asanyarray, call(M), call([V, V], dtype=complex), by=fnp.asanyarray)
samples(np.asanyarray, by_columns([V, V]), call(M, copy=True, device="cpu"))
samples(np.ascontiguousarray, call(M), call(N), call([N, 1], np.float64), by=fnp.ascontiguousarray)
samples(np.asfortranarray, call(M), call(N), call(V, dtype=np.float64), by=fnp.asfortranarray)
samples(np.asarray_chkfinite, call(M), call([N, 2.0], np.float64), by=fnp.asarray_chkfinite)
samples(np.asarray_chkfinite, by_columns([V, V]))
samples(np.require, call(M), call(M, None, "F"), call(V, np.float64, ["C", "OWNDATA"]), by=fnp.require)
samples(
    np.full,
    call(3, N),
    call((2, 3), V),
    call((2, 3), N, np.float64),
    call((2, 2), [N, 1.0]),
    by_columns((2, 3), V, device="cpu"),
    call((0, 3), V),
    by=fnp.full,
)
samples(
    np.full_like,
    call(M, 4.0),
    call(np.ones(4), N),
    call(array(2), np.ones((3, 1)), shape=(3, 2)),
    call([1.0, 2.0], N, dtype=np.float64),
    call(np.arange(3), N, float),
    by_columns(M, N, device="cpu"),
    by=fnp.full_like,
)
samples(np.ix_, call(V, [1, 2]), call(V, array(2), np.array([True, False])))
samples(
    np.kaiser, call(5, array()), call(4, array(make=abs)), call(0, array()), call(2, array()), by=fnp.kaiser
)
