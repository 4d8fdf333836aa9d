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
from funcad.core.primitive import register
from funcad.core.protocol import seen_through
from funcad.core.tracer import Tracer
from funcad.errors import UnsupportedArgumentError

Shape = tuple[int, ...]
Terms = tuple[list[str], str]
_LETTERS = string.ascii_uppercase + string.ascii_lowercase  # NumPy's own numbering of sublists


def _contract(*operands: Any, subscripts: str, optimize: Any = False) -> Any:
    return np.einsum(subscripts, *operands, optimize=optimize)


def terms_of(subscripts: str, shapes: Sequence[Shape]) -> Terms:
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


def einsum_back(
    g: Any, operands: tuple[Any, ...], shapes: tuple[Shape, ...], i: int, subscripts: str, optimize: Any
) -> Any:
    """Contract g with the other operands; broadcast along labels that only operand i has."""
    inputs, out = terms_of(subscripts, shapes)
    mine, others = inputs[i], inputs[:i] + inputs[i + 1 :]
    size = dict(zip(mine, shapes[i], strict=True))
    labels = "".join(size)
    # an axis of size 1 was broadcast, so it is summed here
    kept = [c for c in labels if size[c] != 1 and (c in out or any(c in t for t in others))]
    explicit_path = isinstance(optimize, (list, tuple)) and list(optimize[:1]) == ["einsum_path"]
    d = np.einsum(
        ",".join([out, *others]) + "->" + "".join(kept),
        g,
        *operands[:i],
        *operands[i + 1 :],
        optimize=True if explicit_path else optimize,
    )
    shape = tuple(size.values())
    if np.shape(d) != shape:
        found = dict(zip(kept, np.shape(d), strict=True))
        d = np.broadcast_to(np.reshape(d, [found.get(c, 1) for c in labels]), shape)
    if len(labels) == len(mine):
        return d
    grid = np.ix_(*[np.arange(n) for n in shape])
    return scatter(d, tuple([grid[labels.index(c)] for c in mine]), shapes[i])


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
        lists = ["".join("..." if k is ... else _LETTERS[k] for k in t) for t in operands[1::2]]
        arrays = operands[: 2 * (len(operands) // 2) : 2]
        subscripts = ",".join(lists)
        if len(operands) % 2:
            subscripts += "->" + "".join("..." if k is ... else _LETTERS[k] for k in operands[-1])
    made = functools.partial(contract, subscripts=subscripts, optimize=optimize)
    alone = len(arrays) == 1 and isinstance(arrays[0], Tracer)
    return seen_through(made(*arrays), arrays[0], made, ()) if alone else made(*arrays)
