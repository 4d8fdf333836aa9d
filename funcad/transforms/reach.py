"""What a function leads to: its closure, defaults and arguments, copied with other values in them.

A function that is run again must see what it saw the first time. Cells of closures, lists and the
like may have changed by then (the variable of a loop has its last value), so that a snapshot of
them is taken. Values that are traced or arrays are not part of it: the snapshot has slots for them.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import sys
import types
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcad.core.assemble import as_operand, contains_tracer
from funcad.core.tracer import Tracer
from funcad.core.tree import flatten, unflatten
from funcad.errors import TreeError
from funcad.transforms.transformed import Transformed

#: what is neither taken apart nor copied
_ATOMS: Final = frozenset({
    *(float, int, complex, bool, str, bytes, type(None), type, range, slice),
    *(np.float64, np.float32, np.int64, np.bool_, np.ufunc),
    *(types.ModuleType, types.BuiltinFunctionType),
})  # fmt: skip


class Slot:
    """The place of a traced value or an array in a snapshot."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


class Snapshot:
    """What an object leads to at one moment; the traced values and arrays are taken out of it."""

    __slots__ = ("leaves", "parents", "root")

    def __init__(self, root: Any) -> None:
        #: the traced values and arrays, each once, and the value that stands for it
        self.leaves: list[tuple[Any, Any]] = []
        places: dict[int, Slot] = {}

        def take(x: Any) -> Any:
            if isinstance(x, Tracer) and _has_ended(x):
                return x  # what an earlier transform left there is an error only where it is used
            slot = places.get(id(x))
            if slot is None:
                slot = places[id(x)] = Slot(len(self.leaves))
                self.leaves.append((x, as_operand(x) if type(x) is np.ndarray else x))
            return slot

        copier = Copier(take)
        self.root = copier.copy(root)
        self.parents = copier.parents

    def filled(self, values: dict[int, Any]) -> Any:
        """Return a copy of the snapshot, with the values of the slots in it."""
        return Copier(lambda x: values[x.index] if type(x) is Slot else x).copy(self.root)

    def forget(self) -> None:
        """Drop the values that were found; what is left can be filled again."""
        self.leaves, self.parents = [], {}

    def leading_to(self, leaves: list[Any]) -> set[int]:
        """Return the identities of all objects that lead to some of the leaves."""
        found: set[int] = set()
        ahead = [id(x) for x in leaves]
        while ahead:
            k = ahead.pop()
            if k not in found:
                found.add(k)
                ahead += self.parents.get(k, ())
        return found


class Copier:
    """Copies what an object leads to, with other values in the place of its leaves."""

    def __init__(self, swap: Callable[[Any], Any], only: set[int] | None = None) -> None:
        """Prepare a copy.

        Args:
            swap: gives the value that takes the place of a tracer, an array or a slot.
            only: the identities of the objects to copy, where all others are shared.
        """
        self.swap = swap
        self.only = only
        #: by the identity of an object, it and its copy: what is met twice is copied once
        self.memo: dict[int, tuple[Any, Any]] = {}
        #: by the identity of an object, those of the objects that hold it
        self.parents: dict[int, list[int]] = {}
        #: the copies that code could write to
        self.made: list[Any] = []
        self.path: list[int] = []
        self.cells: list[tuple[Any, Any]] = []

    def copy(self, root: Any) -> Any:
        """Return a copy of an object."""
        result = self._copied(root)
        while self.cells:
            new, old = self.cells.pop()
            self.path = [id(old)]
            try:
                content = old.cell_contents
            except ValueError:
                continue  # the variable has no value yet
            new.cell_contents = self._copied(content)
        return result

    def contents(self) -> list[list[Any]]:
        """Return what the copies hold that code could write to."""
        return [contents(x) for x in self.made]

    def _copied(self, x: Any) -> Any:
        kind = type(x)
        if kind in _ATOMS:
            return x
        key = id(x)
        if self.path:
            self.parents.setdefault(key, []).append(self.path[-1])
        known = self.memo.get(key)
        if known is not None:
            return known[1]
        if isinstance(x, Tracer) or kind is Slot or (kind is np.ndarray and _holds_numbers(x)):
            new = self.swap(x)
        elif self.only is not None and key not in self.only:
            return x
        else:
            self.path.append(key)
            new = self._taken_apart(x, kind)
            self.path.pop()
        self.memo[key] = (x, new)
        return new

    def _taken_apart(self, x: Any, kind: type) -> Any:
        if kind is types.FunctionType:
            return self._function(x)
        if kind is types.CellType:
            return self._made(x, types.CellType())
        if kind is list or kind is dict:
            # known before its items are, which may lead back to it
            new = self._made(x, kind())
            if kind is list:
                new.extend(x if _only_atoms(x) else [self._copied(v) for v in x])
            else:
                new.update(x if _only_atoms(x.values()) else {k: self._copied(v) for k, v in x.items()})
            return new
        if kind is tuple:
            return x if _only_atoms(x) else tuple([self._copied(v) for v in x])
        if isinstance(x, tuple) and hasattr(x, "_make"):
            return kind._make([self._copied(v) for v in x])  # type: ignore[attr-defined]
        if kind is functools.partial:
            return functools.partial(self._copied(x.func), *self._copied(x.args), **self._copied(x.keywords))
        if kind is types.MethodType:
            return types.MethodType(self._copied(x.__func__), self._copied(x.__self__))
        if isinstance(x, Transformed):
            new = self._made(x, object.__new__(kind))
            vars(new).update(vars(x))
            new._f = new.__wrapped__ = self._copied(x._f)
            return new
        if names := field_names(kind):
            new = self._made(x, copy.copy(x))
            for name in names:
                object.__setattr__(new, name, self._copied(getattr(x, name)))
            return new
        if is_random(x):
            return copy.deepcopy(x)  # so that it draws the same numbers again
        return self._container(x)

    def _made(self, x: Any, new: Any) -> Any:
        self.memo[id(x)] = (x, new)
        self.made.append(new)
        if type(x) is types.CellType:
            self.cells.append((new, x))
        return new

    def _function(self, f: types.FunctionType) -> Any:
        if not (f.__closure__ or f.__defaults__ or f.__kwdefaults__):
            return f
        cells = tuple([self._copied(c) for c in f.__closure__ or ()])
        new = types.FunctionType(f.__code__, f.__globals__, f.__name__, None, cells)
        self.memo[id(f)] = (f, new)  # it may be a default of its own
        new.__defaults__ = self._copied(f.__defaults__)
        new.__kwdefaults__ = self._copied(f.__kwdefaults__)
        new.__qualname__, new.__module__, new.__doc__ = f.__qualname__, f.__module__, f.__doc__
        new.__dict__.update(f.__dict__)
        return new

    def _container(self, x: Any) -> Any:
        """Copy a container that optree knows; all other objects are shared."""
        try:
            leaves, structure = flatten(x)
        except TreeError:
            return x
        if len(leaves) == 1 and leaves[0] is x:
            return x
        return unflatten(structure, [self._copied(v) for v in leaves])


def contents(x: Any) -> list[Any]:
    """Return what a list, a dict, a cell, a dataclass or an attrs instance holds."""
    if type(x) is list:
        return list(x)
    if type(x) is dict:
        return [*x.keys(), *x.values()]
    if type(x) is types.CellType:
        try:
            return [x.cell_contents]
        except ValueError:
            return []
    return [getattr(x, name, None) for name in field_names(type(x))]


def field_names(cls: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass or an attrs class, none for other classes."""
    if dataclasses.is_dataclass(cls):
        return tuple([f.name for f in dataclasses.fields(cls)])
    return tuple([a.name for a in getattr(cls, "__attrs_attrs__", ())])


def is_random(x: Any) -> bool:
    """Tell whether an object is a generator of random numbers, of NumPy or of Python."""
    numpy_random, random = sys.modules.get("numpy.random"), sys.modules.get("random")
    if numpy_random is not None and isinstance(
        x, (numpy_random.Generator, numpy_random.RandomState, numpy_random.BitGenerator)
    ):
        return True
    return random is not None and isinstance(x, random.Random)


def _has_ended(x: Tracer) -> bool:
    """Tell whether the transform that made a value has returned."""
    return bool(x.run.ended)


def _only_atoms(values: Any) -> bool:
    """Tell whether all of some values are atoms; a long list of numbers is not gone through one by one."""
    return _ATOMS.issuperset(map(type, values))


def _holds_numbers(x: np.ndarray[Any, Any]) -> bool:
    return x.dtype.kind != "O" or contains_tracer(x)
