"""Objects of other libraries: which table computes with them and a traced value, and takes them apart."""

from __future__ import annotations

import importlib
from typing import Any, Final

#: by the beginning of the module of a type, the module of a table. It has OPERATORS, by the sign of an
#: operator a function of both operands, and `tree_of`, which tells how a class is taken apart
_TABLES: Final[dict[str, str]] = {}


def foreign(package: str, table: str) -> None:
    """Note where the operators stand for the objects of a package."""
    _TABLES[package] = table


def operate(sign: str, x: Any, y: Any) -> Any:
    """Apply an operator to a traced value and an object that NumPy does not know, in either order.

    Returns:
        The result; NotImplemented where no table knows the object, which then may know the traced value.
    """
    for operand in (x, y):
        module = type(operand).__module__
        for package, table in _TABLES.items():
            if module.startswith(package):
                return importlib.import_module(table).OPERATORS[sign](x, y)
    return NotImplemented


def tree_of(cls: type) -> Any:
    """Return the functions that take objects of a class apart and put them together, or None."""
    for package, table in _TABLES.items():
        if cls.__module__.startswith(package):
            return importlib.import_module(table).tree_of(cls)
    return None
