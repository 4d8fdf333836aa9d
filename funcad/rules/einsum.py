"""np.einsum: a contraction is linear in each operand, and of one operand alone it may be a view.

In scope: `g` the cotangent, and by number the operand that is to have its share of it.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from funcad.core.elements import scatter
from funcad.core.function import PrimitiveFunction
from funcad.core.kinds import composite, general_primitive
from funcad.core.primitive import register, registry
from funcad.core.protocol import seen_through
from funcad.core.tracer import Tracer
from funcad.errors import UnsupportedArgumentError

Shape = tuple[int, ...]
_LETTERS = string.ascii_uppercase + string.ascii_lowercase  # NumPy's own numbering of sublists


def _contract(*operands: Any, subscripts: str, optimize: Any = False) -> Any:
    return np.einsum(subscripts, *operands, optimize=optimize)


def terms_of(subscripts: str, shapes: Sequence[Shape]) -> tuple[list[str], str]:
    """Return the labels of every operand and of the output, with letters in place of ellipses."""
    given, arrow, out = subscripts.replace(" ", "").partition("->")
    inputs = given.split(",")
    if not arrow:
        used = given.replace("...", "").replace(",", "")
        out = "..." + "".join(sorted(c for c in set(used) if used.count(c) == 1))
    free = [c for c in _LETTERS if c not in subscripts]
    widths = [len(s) - len(t.replace("...", "")) for t, s in zip(inputs, shapes, strict=True)]
    dots = "".join(free[: max([w for t, w in zip(inputs, widths, strict=True) if "..." in t], default=0)])
    inputs = [t.replace("...", dots[len(dots) - w :]) for t, w in zip(inputs, widths, strict=True)]
    return inputs, out.replace("...", dots)


@functools.lru_cache(maxsize=1024)
def way_back(subscripts: str, shapes: tuple[Shape, ...], i: int) -> tuple[str, str, str]:
    """Return the subscripts of the way back to operand i, the labels that are kept, and all of them."""
    inputs, out = terms_of(subscripts, shapes)
    mine = inputs.pop(i)
    others = ",".join([out, *inputs])
    # an axis of size 1 was broadcast, so it is summed here
    size = dict(zip(mine, shapes[i], strict=True))
    kept = "".join([c for c in size if size[c] != 1 and c in others])
    return f"{others}->{kept}", kept, mine


def einsum_back(
    g: Any, operands: tuple[Any, ...], shapes: tuple[Shape, ...], i: int, subscripts: str, optimize: Any
) -> Any:
    """Contract g with the other operands; broadcast along labels that only operand i has."""
    back, kept, mine = way_back(subscripts, shapes, i)
    if isinstance(optimize, (list, tuple)) and list(optimize[:1]) == ["einsum_path"]:
        optimize = True  # the path is one of the way forward
    d = np.einsum(back, g, *operands[:i], *operands[i + 1 :], optimize=optimize)
    if np.shape(d) == shapes[i] and kept == mine:
        return d
    size = dict(zip(mine, shapes[i], strict=True))
    found = dict(zip(kept, np.shape(d), strict=True))
    d = np.broadcast_to(np.reshape(d, [found.get(c, 1) for c in size]), tuple(size.values()))
    if len(size) == len(mine):
        return d
    grid = dict(zip(size, np.ix_(*map(np.arange, size.values())), strict=True))
    return scatter(d, tuple([grid[c] for c in mine]), shapes[i])


#: np.einsum with its subscripts as a string, all operands in front
contract = PrimitiveFunction(_contract, name="np.einsum")
register(contract, general_primitive("np.einsum", contract, "bilinear", (), einsum_back, None, (), _contract))


@composite(np.einsum)
def _einsum(*operands: Any, out: Any = None, optimize: Any = False, **kwargs: Any) -> Any:
    plainly = {"dtype": None, "order": "K", "casting": "safe"}
    for key, value in {"out": out, **kwargs}.items():
        if value is not None and value != plainly.get(key):
            raise UnsupportedArgumentError(f"np.einsum has no derivative rule for the argument {key}=")
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0], operands[1:]
    else:
        arrays = operands[: 2 * (len(operands) // 2) : 2]
        own = ["".join("..." if k is ... else _LETTERS[k] for k in t) for t in operands[1::2] + operands[-1:]]
        subscripts = ",".join(own[:-1]) + ("->" + own[-1] if len(operands) % 2 else "")
    keywords = {"subscripts": subscripts, "optimize": optimize}
    result = registry[contract].apply(arrays, keywords)
    if len(arrays) == 1 and isinstance(arrays[0], Tracer):
        return seen_through(result, arrays[0], functools.partial(contract, **keywords), ())
    return result
