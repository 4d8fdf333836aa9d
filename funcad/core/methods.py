"""The attributes and methods of `numpy.ndarray` on a tracer, and what object arrays call.

What NumPy reads without any protocol is here; what has a protocol is in `protocol.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, ClassVar, Final, NoReturn

import numpy as np

from funcad.core.broadcast import own_dtype, shape_of
from funcad.core.elements import SEPARATE, item, viewed
from funcad.core.primitive import registry, strip, top_within
from funcad.core.protocol import Protocols
from funcad.core.tracer import Tracer, plain, user_line
from funcad.errors import AssignmentError, ConversionError


def _method(name: str) -> Any:
    fn = getattr(np, name)

    def method(self: Methods, *args: Any, **kwargs: Any) -> Any:
        p = registry.get(fn)
        return fn(self, *args, **kwargs) if p is None else p.apply((self, *args), kwargs)

    method.__name__ = name
    method.__doc__ = f"As `numpy.{name}`."
    return method


_REDUCTIONS: Final = "numpy._core._methods"
#: where NumPy tests by type whether it has an array or a number: np.isscalar, the families of polynomials
_TESTS: Final = ("numpy._core.numeric", "numpy.polynomial.")


def _asking_module() -> str:
    """Return the name of the module whose code asks, be it through an abstract class."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__") in (__name__, "abc"):
        frame = frame.f_back  # compiled functions have no frames
    return "" if frame is None else str(frame.f_globals.get("__name__"))


def _refused(name: str) -> Any:
    def method(self: Methods, *args: Any, **kwargs: Any) -> NoReturn:
        raise AssignmentError(
            f"`x.{name}(...)` on a traced array at {user_line()}: arrays under a transform are "
            f"not written to; make a new array (np.{name} where NumPy has it)"
        )

    return method


def _lost(name: str) -> Any:
    def method(self: Methods, *args: Any, **kwargs: Any) -> NoReturn:
        raise ConversionError(
            f"`x.{name}(...)` on a traced array at {user_line()} would lose the derivative; write "
            f"`funcad.stop_gradient(x).{name}(...)` where only the numbers are wanted"
        )

    return method


def is_array(x: Any) -> bool:
    """Tell whether a traced value is an array, and not a number, which nobody can write to."""
    x = plain(x)
    return isinstance(x, np.ndarray) or (isinstance(x, Tracer) and shape_of(x) != ())


def _memory(x: Any) -> Any:
    """Return the plain array of a traced one; for a batch one like an example."""
    value = plain(x)
    return np.empty(shape_of(value), own_dtype(value)) if isinstance(value, Tracer) else value


class Methods(Protocols):
    """A tracer with the attributes and methods of an array."""

    __slots__ = ()

    # what NumPy tests by type goes as in the plain run
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        if not _asking_module().startswith(_TESTS):
            return type(self)
        x = plain(self)
        if isinstance(x, Tracer):
            return own_dtype(x).type if shape_of(x) == () else np.ndarray
        return type(x)

    # --- shape and elements

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.value)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return getattr(self.value, "size", 1)

    @property
    def dtype(self) -> Any:
        if self.shape == () and _asking_module() == _REDUCTIONS:
            # np.mean of elements divides what has no dtype; of the others it makes a plain number
            raise AttributeError("dtype")
        return own_dtype(self)

    @property
    def itemsize(self) -> int:
        return int(self.dtype.itemsize)

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Any:
        kind = type(index)
        if kind is int or kind is slice:
            return self.run.read(self, index)
        index = strip(index)
        top = top_within(index)
        run = self.run if top is None or top.level < self.run.level else top
        return run.read(self, index)

    def __iter__(self) -> Iterator[Any]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return iter(self.run.general(SEPARATE, (self,), ()))

    def __reversed__(self) -> Iterator[Any]:
        return iter(list(self)[::-1])

    def __contains__(self, item: Any) -> bool:
        return strip(item) in plain(self)

    @property
    def T(self) -> Any:
        return registry[np.transpose].apply((self,), {})

    @property
    def mT(self) -> Any:
        return np.matrix_transpose(self)

    @property
    def real(self) -> Any:
        return np.real(self)

    @property
    def imag(self) -> Any:
        return np.imag(self)

    @property
    def flat(self) -> Any:
        return np.ravel(self)

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def flags(self) -> Any:
        return _memory(self).flags

    @property
    def strides(self) -> tuple[int, ...]:
        strides: tuple[int, ...] = _memory(self).strides
        return strides

    # --- methods: NumPy's functions, with the signatures that ndarray has

    def reshape(self, *shape: Any, **kwargs: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **kwargs)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def astype(self, dtype: Any, **kwargs: Any) -> Any:
        return np.astype(self, dtype, **kwargs)  # type: ignore[call-overload]

    def item(self, *index: Any) -> Any:
        plain(self).item(*index)  # raises what NumPy raises
        place = index[0] if len(index) == 1 else index or 0
        return item(self, place if isinstance(place, int) else np.ravel_multi_index(place, self.shape))

    def tolist(self) -> Any:
        return item(self, 0) if self.ndim == 0 else [row.tolist() for row in self]

    def copy(self, order: str = "C") -> Any:
        # np.copy would make an array of a number
        return np.copy(self, order) if is_array(self) else self  # type: ignore[call-overload]

    def __copy__(self) -> Any:
        # numbers do not change, and a copy would be an array
        return self.copy() if is_array(self) else self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self.__copy__()

    def flatten(self, order: str = "C") -> Any:
        return np.copy(np.ravel(self, order))  # type: ignore[call-overload]

    def round(self, *args: Any, **kwargs: Any) -> Any:
        return np.round(self, *args, **kwargs)

    def __round__(self, ndigits: int | None = None) -> Any:
        return round(plain(self), ndigits)

    def conj(self) -> Any:
        return np.conjugate(self) if np.iscomplexobj(plain(self)) else self

    def conjugate(self) -> Any:
        return self.conj()

    def clip(self, min: Any = None, max: Any = None, **kwargs: Any) -> Any:
        return np.clip(self, min, max, **kwargs)

    def view(self, *args: Any, **kwargs: Any) -> Any:
        return viewed(self, *args, **kwargs)

    def to_device(self, device: str, /, *, stream: Any = None) -> Any:
        np.empty(()).to_device(device, stream=stream)  # type: ignore[arg-type]  # raises what NumPy raises
        return self

    def compress(self, condition: Any, axis: int | None = None, out: Any = None) -> Any:
        return np.compress(condition, self, axis, out)

    sum: ClassVar[Any] = _method("sum")
    mean: ClassVar[Any] = _method("mean")
    prod: ClassVar[Any] = _method("prod")
    max: ClassVar[Any] = _method("max")
    min: ClassVar[Any] = _method("min")
    var: ClassVar[Any] = _method("var")
    std: ClassVar[Any] = _method("std")
    cumsum: ClassVar[Any] = _method("cumsum")
    cumprod: ClassVar[Any] = _method("cumprod")
    squeeze: ClassVar[Any] = _method("squeeze")
    swapaxes: ClassVar[Any] = _method("swapaxes")
    ravel: ClassVar[Any] = _method("ravel")
    repeat: ClassVar[Any] = _method("repeat")
    take: ClassVar[Any] = _method("take")
    diagonal: ClassVar[Any] = _method("diagonal")
    trace: ClassVar[Any] = _method("trace")
    dot: ClassVar[Any] = _method("dot")
    all: ClassVar[Any] = _method("all")
    any: ClassVar[Any] = _method("any")
    argmax: ClassVar[Any] = _method("argmax")
    argmin: ClassVar[Any] = _method("argmin")
    argsort: ClassVar[Any] = _method("argsort")
    argpartition: ClassVar[Any] = _method("argpartition")
    choose: ClassVar[Any] = _method("choose")
    nonzero: ClassVar[Any] = _method("nonzero")
    searchsorted: ClassVar[Any] = _method("searchsorted")
    sort: ClassVar[Any] = _refused("sort")
    fill: ClassVar[Any] = _refused("fill")
    put: ClassVar[Any] = _refused("put")
    partition: ClassVar[Any] = _refused("partition")
    resize: ClassVar[Any] = _refused("resize")
    setfield: ClassVar[Any] = _refused("setfield")
    setflags: ClassVar[Any] = _refused("setflags")
    byteswap: ClassVar[Any] = _lost("byteswap")
    getfield: ClassVar[Any] = _lost("getfield")
    tobytes: ClassVar[Any] = _lost("tobytes")
    tofile: ClassVar[Any] = _lost("tofile")
    dump: ClassVar[Any] = _lost("dump")
    dumps: ClassVar[Any] = _lost("dumps")

    # what an elementwise function calls on the elements of an array of traced values
    sqrt: ClassVar[Any] = _method("sqrt")
    cbrt: ClassVar[Any] = _method("cbrt")
    exp: ClassVar[Any] = _method("exp")
    exp2: ClassVar[Any] = _method("exp2")
    expm1: ClassVar[Any] = _method("expm1")
    log: ClassVar[Any] = _method("log")
    log2: ClassVar[Any] = _method("log2")
    log10: ClassVar[Any] = _method("log10")
    log1p: ClassVar[Any] = _method("log1p")
    sin: ClassVar[Any] = _method("sin")
    cos: ClassVar[Any] = _method("cos")
    tan: ClassVar[Any] = _method("tan")
    arcsin: ClassVar[Any] = _method("arcsin")
    arccos: ClassVar[Any] = _method("arccos")
    arctan: ClassVar[Any] = _method("arctan")
    sinh: ClassVar[Any] = _method("sinh")
    cosh: ClassVar[Any] = _method("cosh")
    tanh: ClassVar[Any] = _method("tanh")
    arcsinh: ClassVar[Any] = _method("arcsinh")
    arccosh: ClassVar[Any] = _method("arccosh")
    arctanh: ClassVar[Any] = _method("arctanh")
    degrees: ClassVar[Any] = _method("degrees")
    radians: ClassVar[Any] = _method("radians")
    deg2rad: ClassVar[Any] = _method("deg2rad")
    rad2deg: ClassVar[Any] = _method("rad2deg")
    fabs: ClassVar[Any] = _method("fabs")
    rint: ClassVar[Any] = _method("rint")
    arctan2: ClassVar[Any] = _method("arctan2")
    hypot: ClassVar[Any] = _method("hypot")
    fmod: ClassVar[Any] = _method("fmod")
    logaddexp: ClassVar[Any] = _method("logaddexp")
    logaddexp2: ClassVar[Any] = _method("logaddexp2")
    copysign: ClassVar[Any] = _method("copysign")
