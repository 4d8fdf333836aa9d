"""Who asks a traced value for its class: a test by type is to go as in the plain run.

`isinstance(x, np.ndarray)` falls back on `x.__class__`, and does not say that it does: it is known by the
instruction that the frame of the caller is at.
"""

from __future__ import annotations

import dis
import functools
from types import CodeType
from typing import Final

from funcad.core.libraries import SPARSE, asking, module_of
from funcad.core.tracer import is_users

#: where NumPy tests by type whether it has an array or a number: np.isscalar, the families of polynomials
_NUMPY: Final = ("numpy._core.numeric", "numpy.polynomial.")


def tests_by_type() -> bool:
    """Tell whether NumPy or a user tests the type; to sparse arrays a traced number is no scalar."""
    frame = asking()
    if frame is None:
        return False
    module = module_of(frame)
    if module.startswith(_NUMPY):
        return not module_of(frame.f_back).startswith(SPARSE)
    if module == "functools":  # singledispatch, which reads the class
        return dis.opname[frame.f_code.co_code[frame.f_lasti]] == "LOAD_ATTR"
    return is_users(frame) and not module.startswith("scipy.") and _is_test(frame.f_code, frame.f_lasti)


@functools.lru_cache(maxsize=4096)
def _is_test(code: CodeType, at: int) -> bool:
    """Tell whether an instruction is a call of isinstance, or a pattern with a class."""
    before = [i for i in dis.get_instructions(code) if i.offset <= at and i.opname != "CACHE"]
    last = before.pop()
    # Python 3.11 prepares a call by an instruction of its own, which makes a known one as a whole
    if last.opname not in ("CALL", "PRECALL"):
        return last.opname == "MATCH_CLASS"
    if before and before[-1].opname == "PRECALL":
        before.pop()
    # the function, and what stands for no object of a method, lie below the arguments
    wanted = (last.arg or 0) + 2
    while before and wanted > 0:
        loaded = before.pop()
        wanted -= dis.stack_effect(loaded.opcode, loaded.arg, jump=False)
    return wanted <= 0 and loaded.argval == "isinstance"
