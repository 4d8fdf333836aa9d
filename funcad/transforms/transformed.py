"""What transforms return: a function that keeps the name, the docstring and the signature of another."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from funcad.errors import ArgumentError
from funcad.transforms.select import Argnums, check_argnums

P = ParamSpec("P")
R = TypeVar("R")


class Transformed(Generic[P, R]):
    """A function made by a transform: it keeps the name, the docstring and the signature.

    It can be pickled when the function can.
    """

    def __init__(self, f: Callable[P, Any], argnums: Argnums) -> None:
        if not callable(f):
            raise ArgumentError(
                f"{type(self).__name__.lower()} takes a function and returns a function: write "
                f"{type(self).__name__.lower()}(f)(x) (got {f!r})"
            )
        check_argnums(argnums)
        functools.update_wrapper(self, f)
        self._f = f
        self._argnums = argnums

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        raise NotImplementedError

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        # so that a transformed function in a class body is a method, as the function was
        return self if obj is None else functools.partial(self, obj)

    def __reduce__(self) -> Any:
        name = getattr(self, "__qualname__", "")
        if getattr(sys.modules.get(self.__module__), name, None) is self:
            return name  # a decorated function is pickled by its name, as any function is
        # not what `update_wrapper` has copied from the function, which is pickled itself
        return _restore, (type(self), {k: v for k, v in vars(self).items() if k in _STATE})

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} of {getattr(self._f, '__qualname__', self._f)}>"


_STATE = (
    "_f",
    "_argnums",
    "_has_aux",
    "_holomorphic",
    "_in_axes",
    "_out_axes",
    "_axis_size",
    "_chunk_size",
    "_budget",
    "_n",
)


def _restore(cls: type[Any], state: dict[str, Any]) -> Any:
    made: Any = object.__new__(cls)
    functools.update_wrapper(made, state["_f"])
    vars(made).update(state)
    return made
