"""`jacfwd`, `jacrev` and `jacobian`: all partial derivatives of a function.

For containers the Jacobian is a tree of trees: for every array of the result the structure of the
argument, with arrays of shape `result.shape + argument.shape`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from funcad.transforms.chunks import MEMORY, Budget, Memory
from funcad.transforms.columns_and_rows import JacFwd, Jacobian, JacRev, ValueAndJacobian
from funcad.transforms.select import Argnums

P = ParamSpec("P")


def jacfwd(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Jacobian[P]:
    """Return the function that computes the Jacobian by forward mode, best for few arguments.

    The function runs once. One tangent for every number of the argument goes through its derivative,
    in chunks of as many as the budget allows.

    Args:
        f: a function that returns an array or a container of arrays.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        has_aux: whether f returns a pair (value, aux).
        holomorphic: whether f is a holomorphic function of complex arguments.
        chunk_size: how many tangents go through at once; unless given, as many as `memory` allows.
        memory: the budget for the tangents on their way, in bytes or as a text such as "500MB",
            which is the default. The Jacobian itself, and what the function's run keeps, come on top.

    Returns:
        A function with the signature of f; for arrays its result has the shape
        `f(x).shape + x.shape` and the dtype of x, complex if the result is. For containers
        it is a tree of trees: use `funcad.tree.ravel` for one matrix.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`; ArgumentError also for a
            chunk_size or a memory that is not positive.

    >>> import numpy as np
    >>> jacfwd(lambda x: np.array([x[0] * x[1], x[1]]))(np.array([2.0, 3.0]))
    array([[3., 2.],
           [0., 1.]])
    """
    return JacFwd(f, argnums, has_aux, holomorphic, Budget(chunk_size, memory))


def jacrev(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Jacobian[P]:
    """Return the function that computes the Jacobian by reverse mode, best for few results.

    Args:
        f, argnums, has_aux, holomorphic: as for `jacfwd`.
        chunk_size, memory: as for `jacfwd`, for the cotangents, one for every number of the result.

    Returns:
        As for `jacfwd`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> jacrev(np.sin)(np.array([0.0, 0.0]))
    array([[1., 0.],
           [0., 1.]])
    """
    return JacRev(f, argnums, has_aux, holomorphic, Budget(chunk_size, memory))


def jacobian(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Jacobian[P]:
    """Return the function that computes the Jacobian by the mode that takes fewer vectors.

    Args:
        f, argnums, has_aux, holomorphic, chunk_size, memory: as for `jacfwd`.

    Returns:
        As for `jacfwd`.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return Jacobian(f, argnums, has_aux, holomorphic, Budget(chunk_size, memory))


def value_and_jacobian(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> ValueAndJacobian[P]:
    """Return the function that computes the value and the Jacobian from one run.

    Args:
        f, argnums, has_aux, holomorphic, chunk_size, memory: as for `jacfwd`.

    Returns:
        A function with the signature of f, whose result is (value, Jacobian), or with has_aux
        ((value, aux), Jacobian).

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> value_and_jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    (array([1., 4.]), array([[2., 0.],
           [0., 4.]]))
    """
    return ValueAndJacobian(f, argnums, has_aux, holomorphic, Budget(chunk_size, memory))
