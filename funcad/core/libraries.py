"""What code of NumPy and SciPy asks of a traced value: its type, or to become an array.

SciPy's compiled functions see no traced values. The function that the user called is found among the frames,
so that the error can name its twin in `funcad.scipy`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

from funcad.core.tracer import user_line
from funcad.errors import ConversionError

#: where NumPy tests by type whether it has an array or a number: np.isscalar, the families of polynomials
_TESTS: Final = ("numpy._core.numeric", "numpy.polynomial.")
_SPARSE: Final = "scipy.sparse."


def _module(frame: FrameType | None) -> str:
    return "" if frame is None else str(frame.f_globals.get("__name__"))


def _asking() -> FrameType | None:
    """Return the frame of the code that asks, be it through an abstract class."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and _module(frame) in (__name__, "funcad.core.methods", "abc"):
        frame = frame.f_back  # compiled functions have no frames
    return frame


def asking_module() -> str:
    """Return the name of the module whose code asks."""
    return _module(_asking())


def tests_by_type() -> bool:
    """Tell whether code of NumPy asks for the type; for sparse arrays a traced number is no scalar."""
    frame = _asking()
    return _module(frame).startswith(_TESTS) and not (
        frame is not None and _module(frame.f_back).startswith(_SPARSE)
    )


def _of_scipy() -> Iterator[FrameType]:
    """Yield the frames of SciPy between the user's code and this, from within."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and _module(frame).partition(".")[0] in ("funcad", "numpy", "scipy"):
        if _module(frame).startswith("scipy."):
            yield frame
        frame = frame.f_back


def leaves_the_operation() -> bool:
    """Tell whether a sparse array asks if an operand is an array, to leave the operation to one that is none.

    Raises:
        ConversionError: what asks is a method, and not an operator that the operand has too.
    """
    frame = next(_of_scipy(), None)
    if not _module(frame).startswith(_SPARSE) or frame is None:
        return False
    name = frame.f_code.co_name
    while "multiply" in name and frame.f_back is not None and _module(frame.f_back).startswith(_SPARSE):
        frame = frame.f_back
        name = frame.f_code.co_name
    if "multiply" in name:
        raise ConversionError(
            f"A.multiply(x) of a sparse array at {user_line()} does not see that x is traced: the derivative "
            "would be lost. Write A * x with one of the newer arrays, such as scipy.sparse.csr_array"
        )
    return name in _OPERATIONS


_OPERATIONS: Final = frozenset({"_matmul_dispatch", "_rmatmul_dispatch", "__mul__", "__rmul__", "_divide"})


def _called(frame: FrameType) -> str:
    """Return the name of a function, or of the class that is being made."""
    name = frame.f_code.co_name
    return type(frame.f_locals.get("self")).__name__ if name == "__init__" else name


def refuse_twin() -> None:
    """Refuse a function of SciPy that has a twin for traced values.

    Raises:
        ConversionError: it names the twin.
    """
    for frame in reversed(list(_of_scipy()) if "scipy" in sys.modules else []):
        # a function of the module, or a method of an object of the module that has a name there
        own = frame.f_locals.get("self")
        names = {_called(frame): "", str(getattr(own, "name", "")): f".{frame.f_code.co_name}"}
        for folder in _folders(_module(frame)):
            original, twins = sys.modules.get(f"scipy.{folder}"), _twins(folder)
            for name, method in names.items():
                if getattr(twins, name, None) is not getattr(original, name, None):
                    raise ConversionError(
                        f"scipy.{folder}.{name}{method} at {user_line()} does not see traced values: the "
                        f"derivative would be lost. Write `from funcad.scipy import {folder.split('.')[0]}` "
                        f"and call {folder}.{name}{method}, which has the same arguments"
                    )


def _folders(module: str) -> list[str]:
    """Return where the public names of a module of SciPy may stand, `sparse.linalg` and `sparse`."""
    parts = module.split(".")[1:3]
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _twins(folder: str) -> Any:
    try:
        return importlib.import_module(f"funcad.scipy.{folder}")
    except ModuleNotFoundError:
        return sys.modules.get(f"scipy.{folder}")  # no twins: all names are the same


def check_asked() -> Any:
    """Look at who asks for an array of separate elements; tell whether it is to get one object instead.

    Raises:
        ConversionError: it is a function of SciPy that has a twin.
    """
    if "scipy" not in sys.modules:
        return False
    if leaves_the_operation():
        return True
    refuse_twin()
    return False
