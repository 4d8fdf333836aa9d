"""The attributes and methods of `numpy.ndarray` on a tracer, and what object arrays call.

What NumPy reads without any protocol is here; what has a protocol is in `protocol.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, NoReturn

import numpy as np

from funcad.core.broadcast import laid_out, own_dtype, shape_of
from funcad.core.elements import SEPARATE, item
from funcad.core.indexing import SIMPLE
from funcad.core.libraries import asking_module
from funcad.core.links import Link, is_array, is_basic, keeps_array, linked, viewed
from funcad.core.primitive import registry, strip, top_within
from funcad.core.protocol import VIEWS, Protocols
from funcad.core.tracer import Tracer, plain, user_line
from funcad.core.type_tests import tests_by_type
from funcad.errors import ConversionError

_float64: Final = np.float64


def method_of(name: str) -> Any:
    """Return a function of NumPy as a method."""
    fn = getattr(np, name)
    views = fn in VIEWS

    def method(self: Methods, *args: Any, **kwargs: Any) -> Any:
        p = registry.get(fn)
        if p is None or views or len(args) > 1 or "out" in kwargs:
            return fn(self, *args, **kwargs)
        return p.apply((self, *args), kwargs)

    method.__name__ = name
    method.__doc__ = f"As `numpy.{name}`."
    return method


_REDUCTIONS: Final = "numpy._core._methods"


def _refused(name: str) -> Any:
    def method(self: Methods, *args: Any, **kwargs: Any) -> NoReturn:
        from funcad.core.writing import refuse

        refuse(f"x.{name}(...)")

    return method


def _store(x: Any, result: Any) -> None:
    from funcad.core.writing import store

    store(x, result)


def _lost(name: str) -> Any:
    def method(self: Methods, *args: Any, **kwargs: Any) -> NoReturn:
        raise ConversionError(
            f"`x.{name}(...)` on a traced array at {user_line()} would lose the derivative; write "
            f"`funcad.stop_gradient(x).{name}(...)` where only the numbers are wanted"
        )

    return method


def _memory(x: Any) -> Any:
    """Return the plain array of a traced one; for a batch one like an example."""
    value = plain(x)
    return np.zeros(shape_of(value), own_dtype(value)) if isinstance(value, Tracer) else value


class Methods(Protocols):
    """A tracer with the attributes and methods of an array."""

    __slots__ = ()

    # what NumPy tests by type goes as in the plain run
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        if not tests_by_type():
            return type(self)
        x = plain(self)
        if isinstance(x, Tracer):
            return own_dtype(x).type if shape_of(x) == () else np.ndarray
        return type(x)

    # --- shape and elements

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.value)

    @shape.setter
    def shape(self, _shape: Any) -> None:
        from funcad.core.writing import refuse

        refuse("x.shape = ...")

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return getattr(self.value, "size", 1)

    @property
    def dtype(self) -> Any:
        if self.shape == () and asking_module() == _REDUCTIONS:
            # np.mean of elements divides what has no dtype; of the others it makes a plain number
            raise AttributeError("separate elements have no dtype")
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
        link = self.link
        if link is not None and type(link) is not Link:
            part = link.read(self, index)
            if part is not None:
                return part
        kind = type(index)
        if kind is slice:
            result = self.run.read(self, index)
            result.link = Link(self, None, index, True)
            return result
        if kind is int:
            result = self.run.read(self, index)
            if type(result) is type(self) and type(result.value) is _float64:
                return result  # a number, and no view
        elif kind is tuple and SIMPLE.issuperset(map(type, index)):
            result = self.run.read(self, index)
            if isinstance(result, Tracer) and (shape_of(result) != () or keeps_array(index)):
                result.link = Link(self, None, index, True)
            return result
        else:
            index = strip(index)
            top = top_within(index)
            run = self.run if top is None or top.level < self.run.level else top
            result = run.read(self, index)
        if isinstance(result, Tracer) and is_basic(index) and (shape_of(result) != () or keeps_array(index)):
            result.link = Link(self, None, index, True)
        return result

    def __iter__(self) -> Iterator[Any]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        if self.ndim > 1:
            return iter([self[k] for k in range(len(self))])  # rows are views
        return iter(self.run.general(SEPARATE, (self,), ()))

    def __reversed__(self) -> Iterator[Any]:
        return iter(list(self)[::-1])

    def __contains__(self, item: Any) -> bool:
        return strip(item) in plain(self)

    @property
    def T(self) -> Any:
        return linked(registry[np.transpose].apply((self,), {}), self, np.transpose, ())

    @property
    def mT(self) -> Any:
        return np.matrix_transpose(self)

    @property
    def real(self) -> Any:
        return np.real(self)

    @real.setter
    def real(self, value: Any) -> None:
        np.real(self)[...] = value

    @property
    def imag(self) -> Any:
        return np.imag(self)

    @imag.setter
    def imag(self, value: Any) -> None:
        np.imag(self)[...] = value

    @property
    def flat(self) -> Any:
        elements: Any = np.ravel(self)
        if isinstance(elements, Tracer):
            elements.link = Link(self, np.ravel, (), True)  # also where np.ravel makes a copy
        return elements

    @flat.setter
    def flat(self, value: Any) -> None:
        registry[np.put].apply((self, np.arange(self.size), value), {})

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def flags(self) -> Any:
        return _memory(self).flags

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(_memory(self).strides)

    # --- methods: NumPy's functions, with the signatures that ndarray has

    def reshape(self, *shape: Any, **kwargs: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **kwargs)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def astype(
        self, dtype: Any, order: Any = "K", casting: Any = "unsafe", subok: bool = True, copy: bool = True
    ) -> Any:
        if casting != "unsafe":
            _memory(self).astype(dtype, order, casting)  # raises what NumPy raises
        return laid_out(np.astype(self, dtype, copy=copy), order)  # type: ignore[call-overload]

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
        return self.copy()

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

    # --- in place

    def sort(self, axis: int = -1, kind: Any = None, order: Any = None, **kwargs: Any) -> None:
        _store(self, np.sort(self, axis, kind, order, **kwargs))

    def partition(self, kth: Any, axis: int = -1, kind: Any = "introselect", order: Any = None) -> None:
        _store(self, np.partition(self, kth, axis, kind, order))

    def fill(self, value: Any) -> None:
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        registry[np.put].apply((self, indices, values, mode), {})

    def view(self, *args: Any, **kwargs: Any) -> Any:
        return viewed(self, *args, **kwargs)

    def to_device(self, device: str, /, *, stream: Any = None) -> Any:
        np.empty(()).to_device(device, stream=stream)  # type: ignore[arg-type]  # raises what NumPy raises
        return self

    def compress(self, condition: Any, axis: int | None = None, out: Any = None) -> Any:
        return np.compress(condition, self, axis, out)

    sum: ClassVar[Any] = method_of("sum")
    mean: ClassVar[Any] = method_of("mean")
    prod: ClassVar[Any] = method_of("prod")
    max: ClassVar[Any] = method_of("max")
    min: ClassVar[Any] = method_of("min")
    var: ClassVar[Any] = method_of("var")
    std: ClassVar[Any] = method_of("std")
    cumsum: ClassVar[Any] = method_of("cumsum")
    cumprod: ClassVar[Any] = method_of("cumprod")
    squeeze: ClassVar[Any] = method_of("squeeze")
    swapaxes: ClassVar[Any] = method_of("swapaxes")
    ravel: ClassVar[Any] = method_of("ravel")
    repeat: ClassVar[Any] = method_of("repeat")
    take: ClassVar[Any] = method_of("take")
    diagonal: ClassVar[Any] = method_of("diagonal")
    trace: ClassVar[Any] = method_of("trace")
    dot: ClassVar[Any] = method_of("dot")
    all: ClassVar[Any] = method_of("all")
    any: ClassVar[Any] = method_of("any")
    argmax: ClassVar[Any] = method_of("argmax")
    argmin: ClassVar[Any] = method_of("argmin")
    argsort: ClassVar[Any] = method_of("argsort")
    argpartition: ClassVar[Any] = method_of("argpartition")
    choose: ClassVar[Any] = method_of("choose")
    nonzero: ClassVar[Any] = method_of("nonzero")
    searchsorted: ClassVar[Any] = method_of("searchsorted")
    resize: ClassVar[Any] = _refused("resize")
    setfield: ClassVar[Any] = _refused("setfield")
    setflags: ClassVar[Any] = _refused("setflags")
    byteswap: ClassVar[Any] = _lost("byteswap")
    getfield: ClassVar[Any] = _lost("getfield")
    tobytes: ClassVar[Any] = _lost("tobytes")
    tofile: ClassVar[Any] = _lost("tofile")
    dump: ClassVar[Any] = _lost("dump")
    dumps: ClassVar[Any] = _lost("dumps")
