"""What code of NumPy and SciPy asks of a traced value: its type, or to become an array.

SciPy's compiled functions see no traced values. The function that the user called is found among the frames,
so that the error can name its twin in `funcad.scipy`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, Final

from funcad.core.tracer import user_line
from funcad.errors import ConversionError

SPARSE: Final = "scipy.sparse."
#: what is called between the question and here
_ASKED: Final = (__name__, "funcad.core.methods", "funcad.core.type_tests", "abc")


def module_of(frame: FrameType | None) -> str:
    """Return the name of the module that a frame runs in."""
    return "" if frame is None else str(frame.f_globals.get("__name__"))


def asking() -> FrameType | None:
    """Return the frame of the code that asks, be it through an abstract class."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and module_of(frame) in _ASKED:
        frame = frame.f_back  # compiled functions have no frames
    return frame


def asking_module() -> str:
    """Return the name of the module whose code asks."""
    return module_of(asking())


def _of_scipy() -> Iterator[FrameType]:
    """Yield the frames of SciPy between the user's code and this, from within."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and module_of(frame).partition(".")[0] in ("funcad", "numpy", "scipy"):
        if module_of(frame).startswith("scipy."):
            yield frame
        frame = frame.f_back


def leaves_the_operation() -> bool:
    """Tell whether a sparse array asks if an operand is an array, to leave the operation to one that is none.

    Raises:
        ConversionError: what asks is a method, and not an operator that the operand has too.
    """
    frame = next(_of_scipy(), None)
    if not module_of(frame).startswith(SPARSE) or frame is None:
        return False
    name = frame.f_code.co_name
    while "multiply" in name and frame.f_back is not None and module_of(frame.f_back).startswith(SPARSE):
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
    """Return the name of a function, or of the class of a method."""
    own = frame.f_locals.get("self")
    return frame.f_code.co_name if own is None else type(own).__name__


def _without_twin(frame: FrameType) -> str:
    """Return the public name of a function of SciPy; empty if it has none."""
    name = _called(frame)
    folders = _folders(module_of(frame))
    return next((f"scipy.{f}.{name}" for f in folders if hasattr(sys.modules.get(f"scipy.{f}"), name)), "")


def refuse_twin() -> None:
    """Refuse a function of SciPy that has a twin for traced values.

    Raises:
        ConversionError: it names the twin.
    """
    outer = ""
    for frame in asking_of_scipy():
        twin = _twin(frame)
        if twin is not None and outer:
            raise ConversionError(f"{outer} (called at {user_line()}) has no derivative rule; {_INSTEAD}")
        if twin is not None:
            raise ConversionError(twin)
        outer = outer or _without_twin(frame)


def _twin(frame: FrameType) -> str | None:
    """Say what to write for a function of SciPy that has a twin."""
    # a function of the module, or a method of an object of the module that has a name there
    own = frame.f_locals.get("self")
    names = {_called(frame): "", str(getattr(own, "name", "")): f".{frame.f_code.co_name}"}
    for folder in _folders(module_of(frame)):
        original, twins = sys.modules.get(f"scipy.{folder}"), _twins(folder)
        for name, method in names.items():
            if getattr(twins, name, None) is not getattr(original, name, None):
                return (
                    f"scipy.{folder}.{name}{method} at {user_line()} does not see traced values: the "
                    f"derivative would be lost. Write `from funcad.scipy import {folder.split('.')[0]}` "
                    f"and call {folder}.{name}{method}, which has the same arguments"
                )
    return None


def advice(frames: Iterable[FrameType]) -> str:
    """Say what to write where code of SciPy has met a traced value.

    Args:
        frames: those of SciPy, from the user's code inwards.
    """
    modules: list[str] = []
    for frame in frames:
        twin = _twin(frame)
        if twin is not None:
            return twin
        if _without_twin(frame):
            return f"{_without_twin(frame)} has no derivative rule; {_INSTEAD}"
        modules += [folder.partition(".")[0] for folder in _folders(module_of(frame))]
    module = modules[0] if modules else ""
    if not module or _twins(module) is sys.modules.get(f"scipy.{module}"):
        return f"This function of SciPy has no derivative rule; {_INSTEAD}"
    return (
        f"SciPy's own functions do not see traced values: write `from funcad.scipy import {module}` in place "
        f"of `from scipy import {module}`. For a function that has no rule there, {_INSTEAD}"
    )


_INSTEAD: Final = (
    "express it with functions that have one (docs/coverage.md lists them), wrap it with funcad.primitive "
    "and a rule of your own, or pass funcad.stop_gradient(x) where only the number is wanted"
)


def asking_of_scipy() -> list[FrameType]:
    """Return the frames of SciPy between the user's code and this, from without."""
    return list(_of_scipy())[::-1] if "scipy" in sys.modules else []


def raised_in_scipy(e: BaseException) -> list[FrameType]:
    """Return the frames of SciPy that an error has passed through last, from without."""
    frames: list[FrameType] = []
    entry = e.__traceback__
    while entry is not None:
        library = module_of(entry.tb_frame).partition(".")[0]
        if library == "scipy":
            frames.append(entry.tb_frame)
        elif library not in ("funcad", "numpy"):
            frames.clear()
        entry = entry.tb_next
    return frames


def _folders(module: str) -> list[str]:
    """Return where the public names of a module of SciPy may stand, `sparse.linalg` and `sparse`."""
    parts = [part for part in module.split(".")[1:3] if not part.startswith("_")]
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
