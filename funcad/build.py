"""What is installed: the kernel compiled by mypyc, or pure Python."""

from __future__ import annotations

import platform
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from typing import NamedTuple

import numpy as np


class BuildInfo(NamedTuple):
    """What a report of a problem should say about an installation; its text is one line of it."""

    compiled: bool
    version: str
    python: str
    numpy: str
    #: the modules that are compiled
    modules: tuple[str, ...]

    def __str__(self) -> str:
        kind = "compiled by mypyc" if self.compiled else "pure Python"
        return f"funcad {self.version}, {kind}, Python {self.python}, NumPy {self.numpy}"


def build_info() -> BuildInfo:
    """Say whether the kernel is compiled, with the versions of funcad, Python and NumPy.

    Returns:
        A record with the fields `compiled`, `version`, `python`, `numpy`, and the compiled `modules`.

    >>> import funcad as fc
    >>> print(fc.build_info())
    funcad ..., Python ..., NumPy ...
    """
    from funcad import __version__

    compiled = tuple(sorted(name for name in list(sys.modules) if _is_compiled(name)))
    return BuildInfo(bool(compiled), __version__, platform.python_version(), np.__version__, compiled)


def _is_compiled(name: str) -> bool:
    """Return whether a module is one of funcad's, and an extension module."""
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    return name.startswith("funcad.") and file.endswith(tuple(EXTENSION_SUFFIXES))
