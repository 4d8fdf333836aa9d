"""`hessian` and `hvp`: second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from funcad.errors import MismatchError
from funcad.transforms.grad import grad
from funcad.transforms.jacobian import jacobian, jacrev
from funcad.transforms.jvp import jvp
from funcad.transforms.select import Argnums
from funcad.transforms.transformed import Transformed

P = ParamSpec("P")


def hessian(
    f: Callable[P, Any], argnums: Argnums = 0, has_aux: bool = False, holomorphic: bool = False
) -> Transformed[P, Any]:
    """Return the function that computes the matrix of second derivatives.

    Args:
        f: a function that returns a number, or an array.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        has_aux: whether f returns a pair (value, aux).
        holomorphic: whether f is a holomorphic function of complex arguments.

    Returns:
        A function with the signature of f; for arrays its result has the shape
        `f(x).shape + x.shape + x.shape`. For containers it is a tree of trees.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    # without batching a forward pass per number would run the function again each time, while
    # reverse over reverse records once; for many results `jacobian` takes the forward passes
    inner = jacrev(f, argnums, has_aux, holomorphic)
    return jacobian(inner, argnums, has_aux, holomorphic)


def hvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """Return the product of a function's Hessian and a vector, without forming the Hessian.

    Args:
        f: a function whose result is one real number.
        primals: the arguments, a tuple; all of them are differentiated.
        tangents: the vector, a tuple of the same structure, shapes and dtypes.

    Returns:
        The product: of the structure of the argument for one argument, else a tuple.

    Raises:
        InputTypeError, MismatchError, OutputError: as for `jvp` and `grad`.

    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x ** 3), (np.array([1.0, 2.0]),), (np.array([1.0, 1.0]),))
    array([ 6., 12.])
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise MismatchError(
            "hvp takes the arguments and the vectors as tuples: hvp(f, (x,), (v,)) "
            f"(got {type(primals).__name__} and {type(tangents).__name__})"
        )
    argnums: Argnums = 0 if len(primals) == 1 else tuple(range(len(primals)))
    return jvp(grad(f, argnums), tuple(primals), tuple(tangents))[1]
