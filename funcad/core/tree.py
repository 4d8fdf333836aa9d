"""Containers: taking them apart into leaves and putting them together again, over optree.

optree is imported when the first container is met, so that code with plain arrays does not
wait for it. Dataclasses and attrs classes are registered when they are first seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from funcad.core.broadcast import fit
from funcad.core.foreign import tree_of
from funcad.core.tracer import Tracer
from funcad.errors import TreeError, because

_NAMESPACE = "funcad"
#: types that are leaves without asking optree
_LEAVES = (np.ndarray, float, Tracer, complex, int, str, np.generic)


class LeafStructure:
    """The structure of a tree that is a single leaf."""

    num_leaves = 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeafStructure)

    def __hash__(self) -> int:
        return hash(LeafStructure)

    def __repr__(self) -> str:
        return "*"


LEAF = LeafStructure()


def flatten(tree: Any) -> tuple[list[Any], Any]:
    """Return the leaves of a tree in order, and its structure.

    Args:
        tree: nested tuples, lists, dicts, named tuples, dataclasses and attrs instances.

    Raises:
        TreeError: the tree contains itself.

    >>> leaves, structure = flatten({"b": [2.0, 3.0], "a": 1.0})
    >>> leaves
    [1.0, 2.0, 3.0]
    >>> unflatten(structure, [0.1, 0.2, 0.3])
    {'b': [0.2, 0.3], 'a': 0.1}
    """
    if isinstance(tree, _LEAVES):
        return [tree], LEAF
    import optree

    while True:
        try:
            leaves, structure = optree.tree_flatten(tree, namespace=_NAMESPACE)
        except RecursionError:
            raise because(
                TreeError(f"a {type(tree).__name__} contains itself; containers must be trees"), None
            )
        if not any([_register(type(leaf)) for leaf in leaves]):
            return leaves, structure


def unflatten(structure: Any, leaves: Any) -> Any:
    """Return the tree of a structure with other leaves.

    Raises:
        TreeError: the number of leaves is not that of the structure.
    """
    leaves = list(leaves)
    if len(leaves) != structure.num_leaves:
        raise TreeError(f"the structure has {structure.num_leaves} leaves (got {len(leaves)})")
    if structure is LEAF:
        return leaves[0]
    import optree

    return optree.tree_unflatten(structure, leaves)


def map(fn: Callable[..., Any], tree: Any, *rest: Any) -> Any:  # noqa: A001 - the name that users know
    """Apply a function to the leaves of a tree, and of further trees of the same structure.

    Raises:
        TreeError: the structures differ.

    >>> map(lambda x, y: x + y, (1.0, [2.0]), (10.0, [20.0]))
    (11.0, [22.0])
    """
    leaves, structure = flatten(tree)
    others = []
    for other in rest:
        more, structure2 = flatten(other)
        if structure2 != structure:
            raise TreeError(f"the trees differ in structure: {structure} and {structure2}")
        others.append(more)
    return unflatten(structure, [fn(*group) for group in zip(leaves, *others, strict=True)])


def ravel(tree: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return the numbers of a tree as one vector, and the function that leads back.

    Leaves that are no numbers stay out of the vector and are put back as they are.

    Args:
        tree: a tree whose leaves are arrays and floats of any shape.

    Returns:
        The vector of shape (n,), and a function from such a vector to a tree.

    >>> vector, back = ravel({"w": np.ones((2, 2)), "b": 0.5})
    >>> vector
    array([0.5, 1. , 1. , 1. , 1. ])
    >>> back(vector * 2)["b"]
    np.float64(1.0)
    """
    leaves, structure = flatten(tree)
    numeric = [k for k, leaf in enumerate(leaves) if is_number(leaf)]
    parts = [np.ravel(leaves[k]) for k in numeric]
    shapes = [(getattr(leaves[k], "shape", ()), getattr(leaves[k], "dtype", None)) for k in numeric]
    ends = np.cumsum([0, *(p.size for p in parts)]).tolist()
    vector = np.concatenate(parts) if parts else np.zeros(0)

    def back(v: Any) -> Any:
        if getattr(v, "shape", None) != (ends[-1],):
            raise TreeError(f"the vector must have shape ({ends[-1]},) (got {getattr(v, 'shape', v)!r})")
        new = list(leaves)
        for k, start, stop, (shape, dtype) in zip(numeric, ends, ends[1:], shapes, strict=False):
            new[k] = fit(np.reshape(v[start:stop], shape) if shape else v[start], shape, dtype)
        return unflatten(structure, new)

    return vector, back


def is_number(leaf: Any) -> bool:
    """Tell whether a leaf is a number, an array of numbers or a tracer."""
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind in "fcbiu" or leaf.dtype == object
    return isinstance(leaf, (float, complex, int, np.number, np.bool_, Tracer))


def spread(prefix: Any, tree: Any, name: str) -> list[Any]:
    """Return a value for every leaf of a tree, from a tree of values that ends earlier.

    Args:
        prefix: one value for all leaves, or a container of the structure of the tree's outer
            layers; None is a value.
        tree: the tree.
        name: what the message calls the prefix.

    Raises:
        TreeError: the prefix has another structure.
    """
    count = len(flatten(tree)[0])
    if prefix is None or isinstance(prefix, int):
        return [prefix] * count
    import optree

    flatten(prefix)  # registers its classes
    missing = object()
    marked = optree.tree_map(
        lambda v: missing if v is None else v, prefix, none_is_leaf=True, namespace=_NAMESPACE
    )
    try:
        values = optree.broadcast_prefix(marked, tree, namespace=_NAMESPACE)
    except ValueError as e:
        raise because(TreeError(f"{name} has another structure than what it is for: {e}"), None)
    return [None if v is missing else v for v in values]


def paths(tree: Any, root: str) -> list[str]:
    """Return for every leaf the expression that leads to it: `params['w'][0]`."""
    _, structure = flatten(tree)
    if structure is LEAF:
        return [root]
    import optree

    return [a.codify(root) for a in optree.treespec_accessors(structure)]


def _register(cls: type) -> bool:
    """Register a dataclass or an attrs class with optree; tell whether it was a new one."""
    if dataclasses.is_dataclass(cls):
        names = tuple(f.name for f in dataclasses.fields(cls))
    elif hasattr(cls, "__attrs_attrs__"):
        names = tuple(a.name for a in cls.__attrs_attrs__)
    else:
        return _register_foreign(cls)
    import optree

    def take_apart(obj: Any) -> tuple[Any, ...]:
        return tuple([getattr(obj, n) for n in names]), None, names

    def put_together(_: Any, children: Any) -> Any:
        # not through __init__: validators and converters are for plain values
        obj: Any = object.__new__(cls)
        for name, child in zip(names, children, strict=True):
            object.__setattr__(obj, name, child)
        return obj

    try:
        optree.register_pytree_node(
            cls,
            take_apart,
            put_together,
            path_entry_type=optree.GetAttrEntry,
            namespace=_NAMESPACE,
        )
    except ValueError:
        pass  # registered already: met twice in one tree, or by another thread
    return True


def _register_foreign(cls: type) -> bool:
    """Register a container of another library with optree, such as a sparse array."""
    functions = tree_of(cls)
    if functions is None:
        return False
    import optree

    try:
        optree.register_pytree_node(
            cls, *functions, path_entry_type=optree.GetAttrEntry, namespace=_NAMESPACE
        )
    except ValueError:
        pass  # by another thread
    return True
