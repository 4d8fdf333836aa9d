"""Tables of rules for other libraries, loaded when a function of theirs first meets a traced value."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Final

from funcad.core.primitive import registry

#: by the module whose functions a table is for, the module of the table
_TABLES: Final[dict[str, str]] = {}


def on_demand(library: str, table: str) -> None:
    """Note where the rules for the functions of a module stand.

    Args:
        library: the module of the functions.
        table: the module that declares their rules when it is imported.
    """
    _TABLES[library] = table


def loaded(fn: Any) -> bool:
    """Load the rules for the module of a function, and tell whether it has one now."""
    name = getattr(fn, "__name__", "")
    for library, table in _TABLES.items():
        if table not in sys.modules and getattr(sys.modules.get(library), name, None) is fn:
            importlib.import_module(table)
            return fn in registry
    return False
