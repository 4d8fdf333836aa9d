"""The table of functions with rules, made from the registry and the samples: `python -m funcad rules`."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from attrs import frozen

from funcad.core.elementwise import Binary, Unary
from funcad.core.function import PrimitiveFunction
from funcad.core.general import General
from funcad.core.primitive import Composite, Constant, Primitive, registry
from funcad.testing import drawing as _drawing  # noqa: F401 - fills the table of samples
from funcad.testing.refusals import REFUSALS
from funcad.testing.samples import SAMPLES, Spec

COLUMNS: Final = ("function", "arguments", "forward", "reverse", "batched", "complex", "keywords")

INTRODUCTION: Final = """\
# Coverage

Every function that has rules, as the registry and the sample calls of the checks say. `python -m funcad rules --markdown`
prints this page; a test fails where it is out of date. Each function of the tables is checked by `python -m funcad check`.

| column | what it says |
|---|---|
| arguments | those that take derivatives |
| forward, reverse | *rule*: the mode has one of its own; *itself*: a linear function is its own derivative; *follows*: from the rule of the other mode; *parts*: NumPy code over other functions, whose rules serve; *refuses*: it writes into its argument, which is an error |
| batched | under `vmap`: *at once*: one call for all examples; *loop*: one call for each; *parts*: as the functions that it calls |
| complex | *yes*: among the sample calls are complex numbers |
| keywords | what the rules take beside the arguments; for *parts* what the sample calls give. *Not* those that are an error unless they have their default |
"""  # noqa: E501 - a cell of a table stands on one line
PLAIN: Final = (
    "No derivative flows through these; their results are plain values, under `vmap` those of each example:"
)


@frozen
class Row:
    """What is known about one function."""

    module: str
    topic: str
    cells: tuple[str, ...]


def rows() -> list[Row]:
    """Return a row for each function that users call, in order of modules, topics and names."""
    found = [_row(fn, p) for fn, p in registry.items() if not _is_internal(fn)]
    return sorted(found, key=lambda row: (row.module, row.topic == "constants", row.topic, row.cells[0]))


def markdown() -> Iterator[str]:
    """Yield the lines of the page, without those functions that a user has declared."""
    yield from INTRODUCTION.splitlines()
    module = topic = ""
    for row in rows():
        if row.module == "yours":
            continue
        if row.module != module:
            module, topic = row.module, ""
            yield from ("", f"## {module}")
        if row.topic != topic:
            topic = row.topic
            yield ""
            if topic == "constants":
                names = [r.cells[0] for r in rows() if (r.module, r.topic) == (module, topic)]
                yield from (PLAIN, ", ".join(f"`{name}`" for name in names))
            else:
                yield from (f"### {topic.capitalize()}", "", sentence(topic), "")
                yield from (f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|")
        if topic != "constants":
            _, *rest = (cell.replace("|", "\\|").replace("*", "\\*") for cell in row.cells)
            yield f"| `{row.cells[0]}` | {' | '.join(rest)} |"


def sentence(topic: str) -> str:
    """Return the first sentence about the tables of a topic."""
    try:
        module = importlib.import_module(f"funcad.rules.{topic}")
    except ImportError:
        return ""
    return (module.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _row(fn: Any, p: Primitive) -> Row:
    forward, reverse = _modes(fn, p)
    cells = (p.name, _arguments(fn, p), forward, reverse, _batched(p), _complex(fn), _keywords(fn, p))
    return Row(_module(fn, p), _topic(p), cells)


def _is_internal(fn: Any) -> bool:
    """Tell whether a primitive is one of funcad's own or of NumPy's, which other functions call."""
    if isinstance(fn, np.ufunc):
        return "." not in registry[fn].name
    return isinstance(fn, PrimitiveFunction) and str(fn.__module__).startswith("funcad.")


def _module(fn: Any, p: Primitive) -> str:
    """Name the part of the page that a function belongs to."""
    if isinstance(fn, PrimitiveFunction) and not p.declared_in.startswith("funcad."):
        return "yours"
    module = p.name.rpartition(".")[0]
    if "." not in p.name:
        return "Operators of Python"
    return module.replace("np", "numpy", 1) if module.partition(".")[0] == "np" else module


def _topic(p: Primitive) -> str:
    """Return the file of tables in which a function is declared, `constants` for all without derivatives."""
    if isinstance(p, Constant):
        return "constants"
    package, _, rest = p.declared_in.partition("funcad.rules.")
    if rest.startswith("scipy."):
        return rest
    return "other" if package or not rest else rest.partition(".")[0]


def _modes(fn: Any, p: Primitive) -> tuple[str, str]:
    if fn in REFUSALS:
        return "refuses", "refuses"
    if isinstance(p, Composite):
        return "parts", "parts"
    if isinstance(p, General):
        pushes, pulls = any(p.pushes), any(p.pulls)
        forward = "rule" if pushes else "itself" if p.kind in ("linear", "bilinear") else "follows"
        return forward, "rule" if pulls else "follows"
    return ("rule", "rule") if isinstance(p, (Unary, Binary)) else ("", "")


def _batched(p: Primitive) -> str:
    if isinstance(p, Composite):
        return "parts"
    if isinstance(p, General):
        return "at once" if p.batching is not None else "loop"
    return "at once" if isinstance(p, (Unary, Binary)) else ""


def _complex(fn: Any) -> str:
    calls = SAMPLES.get(fn, ())
    values = [v for c in calls for v in (*c.args, *c.kwargs.values())]
    return "yes" if any(_is_complex(v) for v in values) else ""


def _is_complex(x: Any) -> bool:
    if isinstance(x, Spec):
        return x.complex
    if type(x) in (list, tuple):
        return any(_is_complex(v) for v in x)
    return isinstance(x, complex) or (isinstance(x, np.ndarray) and x.dtype.kind == "c")


def _arguments(fn: Any, p: Primitive) -> str:
    if fn in REFUSALS:
        return ""
    if isinstance(p, Unary):
        return "x"
    if isinstance(p, Binary):
        return "x, y"
    if isinstance(p, General):
        if p.variadic:
            return "all"
        rules = zip(p.pushes, p.pulls, p.operand_at, strict=True)
        return ", ".join(p.names[k] for push, pull, k in rules if push is not None or pull is not None)
    return ", ".join(_given(fn, True)) if isinstance(p, Composite) else ""


def _keywords(fn: Any, p: Primitive) -> str:
    if isinstance(p, (Unary, Binary)):
        return "dtype" if isinstance(fn, np.ufunc) else ""
    if isinstance(p, General):
        named = list(zip(p.params, p.checked, strict=True))
        known = ", ".join(name for name, refused in named if not refused)
        unknown = ", ".join(name for name, refused in named if refused)
        return "; ".join(text for text in (known, f"not {unknown}" if unknown else "") if text)
    return ", ".join(_given(fn, False)) if isinstance(p, Composite) and fn not in REFUSALS else ""


def _given(fn: Any, drawn: bool) -> list[str]:
    """Return the names of what the sample calls of a function give: what is differentiated, or the rest."""
    names: dict[str, None] = {}
    takes: set[str] = set()
    for c in SAMPLES.get(fn, ()):
        for name, value in (*_by_name(fn, c.args), *c.kwargs.items()):
            names[name] = None
            if _is_drawn(value):
                takes.add(name)
        order: Any = c.order
        if isinstance(order, str):  # it is meant for the function
            names["order"] = None
    return [name for name in names if (name in takes) == drawn and name != "self"]


def _by_name(fn: Any, args: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    try:
        listed = list(inspect.signature(fn).parameters.values())
    except (TypeError, ValueError):
        listed = []
    several = [k for k, p in enumerate(listed) if p.kind is p.VAR_POSITIONAL]
    for k, value in enumerate(args):
        if several and k >= several[0]:
            yield f"*{listed[several[0]].name}", value
        else:
            yield listed[k].name if k < len(listed) else f"argument {k}", value


def _is_drawn(x: Any) -> bool:
    if type(x) in (list, tuple):
        return any(_is_drawn(v) for v in x)
    return isinstance(x, Spec) and x.domain.differentiable
