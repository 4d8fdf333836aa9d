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


class Counter:
    """The calls of NumPy, by name."""

    def __init__(self):
        self.names = []

    def taken(self):
        """Return the calls since the last time that they were asked for."""
        names, self.names = self.names, []
        return names


def bare(x):
    """Return an argument or a result with the arrays inside the wrappers."""
    if isinstance(x, Counted):
        return x.array
    if type(x) in (list, tuple):
        return type(x)(bare(v) for v in x)
    if type(x) is dict:
        return {k: bare(v) for k, v in x.items()}
    return x


class Counted(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that counts what NumPy is asked to do with it; its results are such arrays again.

    funcad sees a foreign array type in it. So the shortcuts that it takes for NumPy's own arrays
    are not what is counted here, but the operations of the rules. What is not counted:
    attributes such as the shape, and new arrays that are made from no other (`np.zeros`).
    A method that is not here is an AttributeError and not a call that was missed.
    """

    __slots__ = ("array", "counter")
    # for indices and comparisons of identity as of NumPy's arrays
    __hash__ = None

    def __init__(self, array, counter):
        self.array = array
        self.counter = counter

    def _wrapped(self, x):
        if isinstance(x, (np.ndarray, np.generic)):
            return Counted(x, self.counter)
        return type(x)(self._wrapped(v) for v in x) if type(x) in (list, tuple) else x

    def _did(self, name, fn, *args, **kwargs):
        self.counter.names.append(name)
        return self._wrapped(fn(*bare(args), **bare(kwargs)))

    # --- NumPy's protocols

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        name = ufunc.__name__ + ("" if method == "__call__" else f".{method}")
        return self._did(name, getattr(ufunc, method), *inputs, **kwargs)

    def __array_function__(self, func, types, args, kwargs):
        return self._did(func.__name__, func, *args, **kwargs)

    # --- attributes cost nothing

    @property
    def shape(self):
        return self.array.shape

    @property
    def ndim(self):
        return self.array.ndim

    @property
    def size(self):
        return self.array.size

    @property
    def dtype(self):
        return self.array.dtype

    @property
    def nbytes(self):
        return self.array.nbytes

    def __len__(self):
        return len(self.array)

    def __bool__(self):
        return bool(self.array)

    def __float__(self):
        return float(self.array)

    def __repr__(self):
        return f"Counted({self.array!r})"

    # --- elements, views, copies

    @property
    def T(self):
        return self._did("T", lambda x: x.T, self)

    def __getitem__(self, index):
        return self._did("getitem", lambda x, i: x[i], self, index)

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def reshape(self, *shape):
        return self._did("reshape", lambda x: x.reshape(*shape), self)

    def astype(self, dtype):
        return self._did("astype", lambda x: x.astype(dtype), self)

    def copy(self):
        return self._did("copy", lambda x: x.copy(), self)


class Calls(NamedTuple):
    """The names of the calls of NumPy, in order: on the way forward, and on the way back."""

    forward: list[str]
    back: list[str]


def calls_of_grad(f, x):
    """Return the calls of NumPy of a gradient by reverse mode, without the border of the transform.

    The border takes NumPy's own arrays only; the tape and the walk take what computes as one.
    """
    counter, tape = Counter(), Tape()
    out = f(tape.input(Counted(x, counter)))
    forward = counter.taken()
    walk(tape.records, seed(tape, [out], [Counted(np.float64(1.0), counter)]))
    return Calls(forward, counter.taken())


def calls_of_jvp(f, x):
    """Return the calls of NumPy of one directional derivative."""
    counter, trace = Counter(), JvpTrace()
    f(Dual(trace, Counted(x, counter), Counted(np.ones_like(x), counter)))
    return counter.taken()


def calls_of_hvp(f, x):
    """Return the calls of NumPy of a Hessian times a vector: forward mode over reverse mode."""
    counter, trace, tape = Counter(), JvpTrace(), Tape()
    out = f(tape.input(Dual(trace, Counted(x, counter), Counted(np.ones_like(x), counter))))
    forward = counter.taken()
    walk(tape.records, seed(tape, [out], [Counted(np.float64(1.0), counter)]))
    return Calls(forward, counter.taken())


def calls_of(f, x):
    """Return the calls of NumPy of the program itself."""
    counter = Counter()
    f(Counted(x, counter))
    return counter.taken()


# --- arrays that NumPy allocates


class Allocated(NamedTuple):
    """How many blocks of memory NumPy asked for, for the elements of arrays, and their bytes."""

    arrays: int
    bytes: int


class _Allocator(ctypes.Structure):
    # `PyDataMemAllocator` of numpy/ndarraytypes.h
    _fields_ = [("ctx", ctypes.c_void_p)] + [
        (name, ctypes.c_void_p) for name in ("malloc", "calloc", "realloc", "free")
    ]


class _Handler(ctypes.Structure):
    # `PyDataMem_Handler` of numpy/ndarraytypes.h, in its version 1
    _fields_ = [("name", ctypes.c_char * 127), ("version", ctypes.c_uint8), ("allocator", _Allocator)]


class Allocations:
    """NumPy's own hook for memory (NEP 49), which counts and forwards to NumPy's allocator.

    An array frees its elements through the handler that made them, at the latest when the
    interpreter ends. So the handler is never freed, and what frees is NumPy's function itself.
    """

    def __init__(self):
        capsule_of = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
        pointer_of = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)
        new_capsule = capsule_of(("PyCapsule_New", ctypes.pythonapi))
        pointer_in = pointer_of(("PyCapsule_GetPointer", ctypes.pythonapi))
        table = pointer_in(np._core._multiarray_umath._ARRAY_API, None)
        api = ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))
        # the places in NumPy's table of functions are part of its binary interface
        self._set = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(api[304])
        default = ctypes.cast(api[306], ctypes.POINTER(ctypes.py_object))[0]
        numpys = _Handler.from_address(pointer_in(default, b"mem_handler"))
        if numpys.version != 1:
            raise NotImplementedError(f"version {numpys.version} of NumPy's memory handler")
        self._arrays = self._bytes = 0
        self._kept = self._counters(numpys.allocator)
        malloc, calloc, realloc = (ctypes.cast(fn, ctypes.c_void_p) for fn in self._kept)
        allocator = _Allocator(numpys.allocator.ctx, malloc, calloc, realloc, numpys.allocator.free)
        self._handler = _Handler(b"funcad counts", 1, allocator)
        self._capsule = new_capsule(ctypes.addressof(self._handler), b"mem_handler", None)
        for thing in (self._handler, *self._kept):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))

    def _counters(self, numpys):
        """Return functions for C that count and then allocate as NumPy does."""
        size, pointer = ctypes.c_size_t, ctypes.c_void_p
        # with the lock of the interpreter held, as NumPy calls them
        of_malloc = ctypes.PYFUNCTYPE(pointer, pointer, size)
        of_calloc = ctypes.PYFUNCTYPE(pointer, pointer, size, size)
        of_realloc = ctypes.PYFUNCTYPE(pointer, pointer, pointer, size)
        malloc, calloc = of_malloc(numpys.malloc), of_calloc(numpys.calloc)
        realloc = of_realloc(numpys.realloc)

        def counting_malloc(ctx, n):
            self._arrays += 1
            self._bytes += n
            return malloc(ctx, n)

        def counting_calloc(ctx, count, n):
            self._arrays += 1
            self._bytes += count * n
            return calloc(ctx, count, n)

        def counting_realloc(ctx, p, n):
            self._arrays += 1
            self._bytes += n
            return realloc(ctx, p, n)

        return of_malloc(counting_malloc), of_calloc(counting_calloc), of_realloc(counting_realloc)

    def count(self, f, *args):
        """Return what NumPy allocates during one call, after one that fills every cache."""
        f(*args)
        gc.collect()
        collects = gc.isenabled()
        gc.disable()
        before = self._set(self._capsule)
        try:
            self._arrays = self._bytes = 0
            f(*args)
            return Allocated(self._arrays, self._bytes)
        finally:
            self._set(before)
            if collects:
                gc.enable()


_allocations = None


def allocated(f, *args):
    """Return the arrays, and their bytes, that NumPy allocates during one call."""
    global _allocations
    if _allocations is None:
        _allocations = Allocations()
    return _allocations.count(f, *args)


def no_allocations():
    """Return why allocations cannot be counted here, None where they can."""
    try:
        made = [
            allocated(np.empty, 3).arrays,
            allocated(np.zeros, 3).arrays,
            allocated(lambda: np.ones(3)[1:]).arrays,
        ]
    except Exception as e:
        return f"NumPy's memory handler cannot be replaced here: {type(e).__name__}: {e}"
    return None if made == [1, 1, 1] else f"NumPy's memory handler counted {made} for three arrays"
