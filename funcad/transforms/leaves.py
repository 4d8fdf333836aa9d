"""The border of every transform: arguments taken apart into numbers, results checked and finished."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from funcad.core.assemble import as_operand
from funcad.core.assignable import DEPTH
from funcad.core.broadcast import fit, fit_of, own_dtype, shape_of
from funcad.core.general import zeros_like
from funcad.core.libraries import advice, raised_in_scipy
from funcad.core.tracer import Tracer, plain, raised_at
from funcad.core.tree import LEAF, flatten, is_number, paths, unflatten
from funcad.errors import ConversionError, FuncadError, InputTypeError, MismatchError, because

_ndarray: Final = np.ndarray
_generic: Final = np.generic


class Parts:
    """A tree taken apart: its structure, its leaves, and which of them are numbers."""

    __slots__ = ("leaves", "numbers", "numeric", "structure")

    structure: Any
    leaves: list[Any]
    numbers: list[Any]
    #: the places of the numbers among the leaves
    numeric: Sequence[int]

    def __init__(self, tree: Any) -> None:
        kind = type(tree)
        if isinstance(tree, Tracer) and tree.run.written:
            tree = tree.run.current(tree)
            kind = type(tree)
        if kind is float or isinstance(tree, Tracer) or (kind is _ndarray and tree.dtype.kind in "fc"):
            self.structure, self.numeric = LEAF, (0,)
            self.leaves = self.numbers = [tree]
            return
        self.leaves, self.structure = flatten(tree)
        if self.structure is LEAF:
            leaf = self.leaves[0] = as_operand(self.leaves[0])
            self.numeric, self.numbers = ((0,), [leaf]) if is_number(leaf) else ((), [])
        else:
            self.leaves = [as_operand(leaf) for leaf in self.leaves]
            self.numeric = [k for k, leaf in enumerate(self.leaves) if is_number(leaf)]
            self.numbers = [self.leaves[k] for k in self.numeric]

    def rebuild(self, numbers: Sequence[Any]) -> Any:
        """Return the tree with other numbers; all other leaves pass through."""
        if self.structure is LEAF:
            return numbers[0] if self.numeric else self.leaves[0]
        leaves = list(self.leaves)
        for k, x in zip(self.numeric, numbers, strict=True):
            leaves[k] = x
        return unflatten(self.structure, leaves)

    def names(self, tree: Any, root: str) -> list[str]:
        """Return the expressions that lead to the numbers."""
        listed = paths(tree, root)
        return [listed[k] for k in self.numeric]


def inputs(tree: Any, key: int | str) -> Parts:
    """Take the argument of a position or a name apart, to differentiate it.

    Raises:
        InputTypeError: a number in it is an integer or a boolean, or there is no number.
    """
    parts = Parts(tree)
    if parts.numbers is parts.leaves:
        return parts
    for k, x in enumerate(parts.numbers):
        if type(x) is float:
            continue
        dtype = own_dtype(x)
        if dtype is None or dtype.kind not in "fc":
            if isinstance(x, complex):
                continue
            name = parts.names(tree, f"argument {key!r}")[k]
            raise InputTypeError(
                f"{name} is {_describe(x)}: derivatives are taken with respect to real or complex "
                f"floating-point numbers; convert it with {_conversion(x)} first"
            )
    if len(parts.numbers) < len(parts.leaves):
        _check_others(parts, tree, key)
    if not parts.numbers:
        raise InputTypeError(
            f"argument {key!r} holds no number to differentiate with respect to (got {tree!r})"
        )
    return parts


def _check_others(parts: Parts, tree: Any, key: int | str) -> None:
    """Refuse containers that are not taken apart: the numbers in them would count as constants."""
    for k, leaf in enumerate(parts.leaves):
        if isinstance(leaf, (list, tuple, set, frozenset, Mapping)):
            items = leaf.values() if isinstance(leaf, Mapping) else leaf
            if any(is_number(v) for v in flatten(list(items))[0]):
                name = paths(tree, f"argument {key!r}")[k]
                raise InputTypeError(
                    f"{name} is a {type(leaf).__name__}, whose numbers funcad does not reach; pass a "
                    "tuple, list, dict, named tuple, dataclass or attrs class itself, or register the "
                    "class with optree in the namespace 'funcad'"
                )


def _describe(x: Any) -> str:
    if isinstance(x, _ndarray) or hasattr(x, "dtype"):
        return f"an array of dtype {x.dtype}"
    return f"the {type(x).__name__} {x!r}"


def _conversion(x: Any) -> str:
    return "x.astype(float)" if hasattr(x, "dtype") else "float(x)"


def check_like(x: Any, value: Any, name: str, what: str) -> Any:
    """Return a tangent or cotangent that fits a value.

    Raises:
        MismatchError: it differs from the value in shape or dtype.
    """
    x = as_operand(x)
    if not is_number(x):
        raise MismatchError(f"the {what} of {name} must be a number or an array (got {x!r})")
    shape, wanted = shape_of(x), shape_of(value)
    if shape != wanted:
        raise MismatchError(f"the {what} of {name} must have the shape {wanted} of its value (got {shape})")
    dtype = own_dtype(x)
    of_value = own_dtype(value) or np.dtype(type(value))
    if dtype is None:
        # a Python number takes on the precision of the value, but does not become complex
        if isinstance(x, complex) and of_value.kind != "c":
            raise MismatchError(f"the {what} of {name} must be real as its value (got {x!r})")
        x = float(x) if isinstance(x, int) else x
        return x if own_dtype(plain(value)) is None else of_value.type(x)
    if dtype != of_value:
        raise MismatchError(
            f"the {what} of {name} must have the dtype {of_value} of its value (got {dtype}); "
            f"write {what}.astype({str(of_value)!r})"
        )
    return x


def like_parts(parts: Parts, tree: Any, other: Any, root: str, what: str) -> list[Any]:
    """Return the numbers of a tangent or cotangent tree, checked against those of its values.

    Raises:
        MismatchError: the trees differ in structure, or leaves in shape or dtype.
    """
    given = Parts(other)
    if given.structure != parts.structure:
        raise MismatchError(
            f"the {what} of {root} must have the structure {parts.structure} of its value "
            f"(got {given.structure})"
        )
    names = parts.names(tree, root)
    return [
        check_like(given.leaves[k], x, name, what)
        for k, x, name in zip(parts.numeric, parts.numbers, names, strict=True)
    ]


def finish(g: Any, x: Any, taken: dict[int, Any]) -> Any:
    """Return a derivative as an array of its own, with the shape and dtype of its value.

    Args:
        g: the derivative, None for zero.
        x: the value that it belongs to.
        taken: by identity the arrays that must not be returned once more; the result is added.
    """
    if g is None:
        return zeros_like(x)
    if type(x) is float and type(g) is float:
        return g
    if type(g) is not _ndarray or type(x) is not _ndarray or g.dtype is not x.dtype or g.shape != x.shape:
        shape, dtype = fit_of(x)
        if isinstance(g, Tracer):
            return fit(g, shape, dtype)
        if shape == () and not isinstance(x, _ndarray):
            g = fit(g[()] if isinstance(g, _ndarray) else g, shape, dtype)
            # a Python number, as constant factors give, becomes a scalar of the dtype of the value
            return dtype.type(g) if isinstance(x, _generic) and own_dtype(g) is None else g
        g = fit(g, shape, dtype) if isinstance(g, _ndarray) else np.full(shape, g, dtype)
    flags = g.flags
    # a view or an array that somebody else holds would change under the user's feet
    if not (flags.owndata and flags.writeable) or id(g) in taken:
        g = np.array(g)
    taken[id(g)] = g
    return g


def call(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Call the user's function; NumPy wraps errors of a conversion, which are unwrapped here."""
    DEPTH.count = getattr(DEPTH, "count", 0) + 1
    try:
        return f(*args, **kwargs)
    except Exception as e:
        cause = e.__cause__
        if isinstance(cause, FuncadError) and not isinstance(e, FuncadError):
            raise because(cause, None)
        if not isinstance(e, FuncadError) and _is_of_objects(e):
            frames = raised_in_scipy(e)
            if frames:
                raise because(ConversionError(f"{e} (at {raised_at(e)}). {advice(frames)}"), e)
            raise because(
                ConversionError(
                    f"{e} (at {raised_at(e)}): an array of separate traced elements met a function that "
                    "needs one array; make it with funcad.numpy.array, or with np.stack"
                ),
                e,
            )
        raise
    finally:
        DEPTH.count -= 1


def _is_of_objects(e: Exception) -> bool:
    """Tell whether an error of NumPy is about an array of Python objects."""
    if any([words in str(e) for words in _OF_OBJECTS]):
        return True
    if "could not be safely coerced" in str(e):
        # this message does not name the dtype: the function that called the ufunc has the array
        held = _last_frame(e).tb_frame.f_locals.values()
        return any([type(v) is _ndarray and v.dtype.kind == "O" for v in held])
    missing = _MISSING.fullmatch(str(e))
    if missing is None:
        return False
    # NumPy asks the elements for a method of the name of the function, or takes them for arrays
    return isinstance(getattr(np, missing[1], None), np.ufunc) or _raised_by_numpy(e)


def _raised_by_numpy(e: Exception) -> bool:
    name: str = _last_frame(e).tb_frame.f_globals.get("__name__", "")
    return name.startswith("numpy.")


def _last_frame(e: Exception) -> Any:
    """Return the entry of the traceback at which an error was raised."""
    entry = e.__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    return entry


_OF_OBJECTS: Final = (
    "dtype('O')",
    "<class 'numpy.object_'>",
    "loop of ufunc does not support argument",
    "not supported for the input types",
    "separate elements have no dtype",
    "object arrays are not supported",
    "ObjectDType",
    "real dtype",
    "object_[",
    "not a proper array of floats",
    "operation 'add' does not have an identity",
    "operation 'multiply' does not have an identity",
)
_MISSING: Final = re.compile(r"'(?:int|float|complex|bool)' object has no attribute '(\w+)'")
