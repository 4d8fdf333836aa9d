"""SciPy's modules with functions that see traced values, under SciPy's own names and signatures.

`from funcad.scipy import special` in place of `from scipy import special` is the only change to make. The
ufuncs of `scipy.special` need none.
"""

import importlib as _importlib
import pkgutil as _pkgutil
from typing import Any as _Any

_MODULES = frozenset(module.name for module in _pkgutil.iter_modules(__path__))


def __getattr__(name: str) -> _Any:
    # imported when first used: SciPy is an extra
    if name in _MODULES:
        return _importlib.import_module(f"funcad.scipy.{name}")
    raise AttributeError(f"module 'funcad.scipy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_MODULES)
