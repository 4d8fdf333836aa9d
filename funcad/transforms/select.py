"""Which arguments of a call are differentiated: `argnums` as a position, a name, or a tuple of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from funcad.errors import ArgumentError
from funcad.transforms.leaves import Parts, inputs

Argnum = int | str
Argnums = Argnum | tuple[Argnum, ...]


def check_argnums(argnums: Any) -> None:
    """Refuse what is neither a position, nor a name, nor a tuple of them."""
    for a in argnums if isinstance(argnums, tuple) else (argnums,):
        if not isinstance(a, (int, str)) or isinstance(a, bool):
            raise ArgumentError(
                f"argnums must be a position, a parameter name or a tuple of them (got {argnums!r})"
            )
    if argnums == ():
        raise ArgumentError("argnums is empty: name at least one argument to differentiate")


class Selection:
    """The differentiated arguments of one call, and the function of them alone."""

    __slots__ = ("args", "f", "keys", "kwargs", "parts", "single")

    parts: list[Parts]

    def __init__(
        self, f: Callable[..., Any], argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.f = f
        self.args = args
        self.kwargs = kwargs
        self.single = not isinstance(argnums, tuple)
        #: positions in args, or keys in kwargs
        self.keys: list[Argnum]
        if type(argnums) is int and 0 <= argnums < len(args):
            self.keys = [argnums]
            self.parts = [inputs(args[argnums], argnums)]
            return
        listed = argnums if isinstance(argnums, tuple) else (argnums,)
        self.keys = [_key(f, a, args, kwargs) for a in listed]
        if len(set(self.keys)) < len(self.keys):
            raise ArgumentError(f"argnums {argnums!r} names an argument of {_name(f)} twice")
        self.parts = [inputs(args[k] if isinstance(k, int) else kwargs[k], k) for k in self.keys]

    def __call__(self, *trees: Any) -> Any:
        """Call the function with other values of the differentiated arguments."""
        if len(trees) == 1 and isinstance(k := self.keys[0], int):
            return self.f(*self.args[:k], trees[0], *self.args[k + 1 :], **self.kwargs)
        args, kwargs = list(self.args), dict(self.kwargs)
        for key, tree in zip(self.keys, trees, strict=True):
            if isinstance(key, int):
                args[key] = tree
            else:
                kwargs[key] = tree
        return self.f(*args, **kwargs)

    def shaped(self, numbers: list[list[Any]]) -> Any:
        """Return derivatives in the structure of the arguments; a tuple if argnums was one."""
        trees = [p.rebuild(ns) for p, ns in zip(self.parts, numbers, strict=True)]
        return trees[0] if self.single else tuple(trees)

    def names(self) -> list[str]:
        """Return the expressions that lead to the numbers of the arguments."""
        listed: list[str] = []
        for key, part in zip(self.keys, self.parts, strict=True):
            value = self.args[key] if isinstance(key, int) else self.kwargs[key]
            listed += part.names(value, f"argument {key!r}")
        return listed


def _key(f: Callable[..., Any], argnum: Argnum, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Argnum:
    """Return where an argument stands in this call."""
    if isinstance(argnum, str) and argnum in kwargs:
        return argnum
    if isinstance(argnum, int) and -len(args) <= argnum < len(args):
        return argnum % len(args)
    listed = _parameters(f)
    positional = [p.name for p in listed if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if isinstance(argnum, str):
        if argnum in positional and positional.index(argnum) < len(args):
            return positional.index(argnum)
        if argnum in [p.name for p in listed if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]:
            raise ArgumentError(
                f"argnums={argnum!r}: {_name(f)} was called without {argnum!r}; pass it in the call"
            )
        raise ArgumentError(
            f"argnums={argnum!r}: {_name(f)} has no parameter of that name (it has "
            f"{', '.join([str(p.replace(annotation=p.empty, default=p.empty)) for p in listed])})"
        )
    if 0 <= argnum < len(positional) and positional[argnum] in kwargs:
        return positional[argnum]
    raise ArgumentError(
        f"argnums={argnum}: {_name(f)} was called with {len(args)} positional argument"
        f"{'' if len(args) == 1 else 's'}; name a parameter by its position or its name"
    )


def _parameters(f: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        return []


def _name(f: Callable[..., Any]) -> str:
    return getattr(f, "__name__", repr(f))
