"""Tables of rules for other libraries, loaded when a function of theirs first meets a traced value."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Final

from funcad.core.primitive import registry

#: by the module whose functions tables are for, the modules of the tables
_TABLES: Final[dict[str, tuple[str, ...]]] = {}


def on_demand(library: str, *tables: str) -> None:
    """Note where the rules for the functions of a module stand.

    Args:
        library: the module of the functions.
        tables: the modules that declare their rules when they are imported.
    """
    _TABLES[library] = tables


def loaded(fn: Any) -> bool:
    """Load the rules for the module of a function, and tell whether it has one now."""
    name = getattr(fn, "__name__", "")
    for library, tables in _TABLES.items():
        missing = [table for table in tables if table not in sys.modules]
        if missing and getattr(sys.modules.get(library), name, None) is fn:
            for table in missing:
                importlib.import_module(table)
            return fn in registry
    return False
