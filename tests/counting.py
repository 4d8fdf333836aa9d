"""What a program does, counted exactly: records, calls of NumPy, arrays that NumPy allocates.

None of it is a time, so that the numbers are the same on every machine, whatever else it does.
"""

import ctypes
import gc
from typing import NamedTuple

import numpy as np

from funcad.transforms.dual import Dual, JvpTrace
from funcad.transforms.leaves import inputs
from funcad.transforms.recording import Recording
from funcad.transforms.tape import Tape, seed
from funcad.transforms.walk import walk


def records(f, *args):
    """Return how many records a program leaves on the tape; inputs leave places, but no records."""
    recording = Recording(f, [inputs(x, k) for k, x in enumerate(args)])
    recording.tape.release()
    return sum(r is not None for r in recording.tape.records)


# --- calls of NumPy


class Counted(np.ndarray):
    """An array that notes what NumPy is asked to do with it; its results are such arrays again.

    Ufuncs, functions and reads of elements are noted, and not methods that copy or reshape, nor new
    arrays made from no other, nor what is done in place to an array that `np.asarray` has made plain:
    most of that is in the count of arrays. To funcad it is no array of NumPy's own, so that the
    short cuts for those, which save no calls, are not taken.
    """

    #: the names of the calls since they were taken last
    calls: list[str] = []

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        return noted(name, getattr(ufunc, method), inputs, kwargs)

    def __array_function__(self, func, types, args, kwargs):
        return noted(func.__name__, func, args, kwargs)

    def __getitem__(self, index):
        return noted("getitem", lambda x: x[index], (self,), {})


def noted(name, fn, args, kwargs):
    """Note a call, and make it with arrays of NumPy's own."""
    Counted.calls.append(name)
    return counted(fn(*bare(args), **bare(kwargs)))


def counted(x):
    """Return a value with the arrays and scalars of NumPy in it as counted ones."""
    if type(x) in (tuple, list):
        return type(x)(counted(v) for v in x)
    return np.asarray(x).view(Counted) if isinstance(x, (np.ndarray, np.generic)) else x


def bare(x):
    """Return a value with the counted arrays in it as plain ones."""
    if type(x) in (tuple, list):
        return type(x)(bare(v) for v in x)
    if type(x) is dict:
        return {k: bare(v) for k, v in x.items()}
    return x.view(np.ndarray) if isinstance(x, Counted) else x


def taken():
    """Return the names of the calls since the last time that they were taken."""
    names, Counted.calls = Counted.calls, []
    return names


def calls_of(f, *args):
    """Return the calls of NumPy of the program itself."""
    taken()
    f(*counted(args))
    return taken()


def calls_of_vjp(f, args, cotangents):
    """Return the calls of NumPy on the way forward, and those of one walk back per cotangent.

    The border of a transform takes NumPy's own arrays only; the tape and the walk take all arrays.
    """
    taken()
    tape = Tape()
    out = f(*[tape.input(x) for x in counted(args)])
    forward = taken()
    for g in cotangents:
        walk(tape.records, seed(tape, [out], [counted(g)]))
    return forward, taken()


def calls_of_jvp(f, *args):
    """Return the calls of NumPy of one directional derivative."""
    taken()
    f(*_duals(args))
    return taken()


def calls_of_hvp(f, *args):
    """Return the calls of NumPy of a Hessian times a vector: forward mode over reverse mode.

    The cotangent of the result is a plain 1.0, as in `grad`: what depends on it alone is not noted.
    """
    taken()
    duals = _duals(args)
    tape = Tape()  # after the trace of the duals: the inner one
    out = f(*[tape.input(x) for x in duals])
    walk(tape.records, seed(tape, [out], [1.0]))
    return taken()


def _duals(args):
    trace = JvpTrace()
    return [Dual(trace, x, x) for x in counted(args)]


# --- arrays that NumPy allocates


class Allocated(NamedTuple):
    """How many blocks of memory NumPy asked for, for the elements of arrays, and their bytes."""

    arrays: int
    bytes: int


class _Handler(ctypes.Structure):
    # `PyDataMem_Handler` of numpy/ndarraytypes.h in its version 1, with its `PyDataMemAllocator`
    _fields_ = [
        ("name", ctypes.c_char * 127),
        ("version", ctypes.c_uint8),
        *((name, ctypes.c_void_p) for name in ("ctx", "malloc", "calloc", "realloc", "free")),
    ]


class Allocations:
    """NumPy's own hook for memory (NEP 49), which counts and leaves the work to NumPy's functions."""

    def __init__(self):
        pointer, size, api = ctypes.c_void_p, ctypes.c_size_t, ctypes.pythonapi
        capsule = ctypes.PYFUNCTYPE(ctypes.py_object, pointer, ctypes.c_char_p, pointer)(
            ("PyCapsule_New", api)
        )
        content = ctypes.PYFUNCTYPE(pointer, ctypes.py_object, ctypes.c_char_p)(("PyCapsule_GetPointer", api))
        table = ctypes.cast(
            content(np._core._multiarray_umath._ARRAY_API, None), ctypes.POINTER(ctypes.c_void_p)
        )
        # PyDataMem_SetHandler and PyDataMem_DefaultHandler: their places are part of NumPy's binary interface
        self._set = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(table[304])
        default = ctypes.cast(table[306], ctypes.POINTER(ctypes.py_object))[0]
        numpys = _Handler.from_address(content(default, b"mem_handler"))
        if numpys.version != 1:
            raise NotImplementedError(f"version {numpys.version} of NumPy's memory handler")
        self._sizes = []
        # called by NumPy with the lock of the interpreter held
        functions = [
            self._noting(ctypes.PYFUNCTYPE(pointer, pointer, size), numpys.malloc),
            self._noting(ctypes.PYFUNCTYPE(pointer, pointer, size, size), numpys.calloc),
            self._noting(ctypes.PYFUNCTYPE(pointer, pointer, pointer, size), numpys.realloc),
        ]
        addresses = [ctypes.cast(fn, pointer) for fn in functions]
        handler = _Handler(b"funcad counts", 1, numpys.ctx, *addresses, numpys.free)
        self._capsule = capsule(ctypes.addressof(handler), b"mem_handler", None)
        # an array frees its elements through the handler that made them, maybe when Python ends: never freed
        for kept in (handler, *functions):
            api.Py_IncRef(ctypes.py_object(kept))

    def _noting(self, form, address):
        numpys = form(address)
        calloc = len(form._argtypes_) == 3 and form._argtypes_[1] is ctypes.c_size_t

        def noting(ctx, *args):
            self._sizes.append(args[0] * args[1] if calloc else args[-1])
            return numpys(ctx, *args)

        return form(noting)

    def of(self, f, *args):
        """Return what NumPy allocates during one call, after one that fills every cache."""
        f(*args)
        gc.collect()
        before = self._set(self._capsule)
        try:
            self._sizes.clear()
            f(*args)
            return Allocated(len(self._sizes), sum(self._sizes))
        finally:
            self._set(before)


def allocations():
    """Return the hook, or why it cannot be installed here."""
    try:
        hook = Allocations()
        made = hook.of(lambda: (np.empty(3), np.zeros(3)[1:]))
    except Exception as e:
        return f"NumPy's memory handler cannot be replaced here: {type(e).__name__}: {e}"
    return hook if made == (2, 48) else f"NumPy's memory handler counted {made} for two arrays"
