"""`hessian`, its diagonal and its trace, and its products with vectors: second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, overload

from funcad.errors import MismatchError
from funcad.transforms.chunks import MEMORY, Budget, Memory
from funcad.transforms.columns_and_rows import JacFwd, Jacobian, JacRev
from funcad.transforms.grad import ValueAndGrad, grad
from funcad.transforms.jvp import jvp
from funcad.transforms.leaves import inputs
from funcad.transforms.linearize import linearized
from funcad.transforms.select import Argnums

P = ParamSpec("P")


class _Rows(JacRev[P]):
    """The first derivatives, with what the function gives besides."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        rows, aux, _ = self._evaluate(args, kwargs)
        return rows, aux


class _GradAndValue(ValueAndGrad[P]):
    """The gradient, with the value besides."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        value, gradient = super().__call__(*args, **kwargs)
        return gradient, value


class Hessian(Jacobian[P]):
    """The second derivatives: the columns of the first ones."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        first = _Rows[P](self._f, self._argnums, self._has_aux, self._holomorphic, Budget(None, MEMORY))
        second, aux, _ = self._columns_of(first)._evaluate(args, kwargs)
        return (second, aux) if self._has_aux else second

    def _columns_of(self, first: Callable[P, Any]) -> JacFwd[P]:
        return JacFwd[P](first, self._argnums, True, self._holomorphic, self._budget)


class ValueGradAndHessian(Hessian[P]):
    """The value, the gradient and the Hessian, from one run."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        first = _GradAndValue[P](self._f, self._argnums, self._has_aux, self._holomorphic)
        second, value, gradient = self._columns_of(first)._evaluate(args, kwargs)
        return value, gradient, second


def hessian(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> Hessian[P]:
    """Return the function that computes the matrix of second derivatives.

    The function runs once, in reverse mode; tangents go through that run in chunks.

    Args:
        f: a function that returns a number, or an array.
        argnums: the argument to differentiate: a position, a parameter name, or a tuple of them.
        has_aux: whether f returns a pair (value, aux).
        holomorphic: whether f is a holomorphic function of complex arguments.
        chunk_size, memory: as for `jacfwd`.

    Returns:
        A function with the signature of f; for arrays its result has the shape
        `f(x).shape + x.shape + x.shape`. For containers it is a tree of trees.

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `jacfwd`.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    return Hessian(f, argnums, has_aux, holomorphic, Budget(chunk_size, memory))


def value_grad_and_hessian(
    f: Callable[P, Any],
    argnums: Argnums = 0,
    has_aux: bool = False,
    holomorphic: bool = False,
    chunk_size: int | None = None,
    memory: Memory = MEMORY,
) -> ValueGradAndHessian[P]:
    """Return the function that computes value, gradient and Hessian from one run.

    Args:
        f: a function whose result is one real number.
        argnums, has_aux, holomorphic, chunk_size, memory: as for `hessian`.

    Returns:
        A function with the signature of f, whose result is (value, gradient, Hessian), or with has_aux
        ((value, aux), gradient, Hessian).

    Raises:
        ArgumentError, InputTypeError, OutputError: as for `grad`.

    >>> import numpy as np
    >>> value, gradient, matrix = value_grad_and_hessian(lambda x: np.sum(x ** 3))(np.array([1.0, 2.0]))
    >>> float(value), gradient, matrix
    (9.0, array([ 3., 12.]), array([[ 6.,  0.],
           [ 0., 12.]]))
    """
    return ValueGradAndHessian(f, argnums, has_aux, holomorphic, Budget(chunk_size, memory))


@overload
def hvp(f: Callable[..., Any], primals: tuple[Any, ...]) -> Callable[..., Any]: ...
@overload
def hvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any: ...
def hvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...] | None = None) -> Any:
    """Return the product of a function's Hessian and a vector, without forming the Hessian.

    Args:
        f: a function whose result is one real number.
        primals: the arguments, a tuple; all of them are differentiated.
        tangents: the vector, a tuple of the same structure, shapes and dtypes. Without it the result
            is the function from vectors to products: it keeps the linearisation of the gradient at
            that point, so that many products cost one run of f, and may be given to `vmap`.

    Returns:
        The product: of the structure of the argument for one argument, else a tuple.

    Raises:
        InputTypeError, MismatchError, OutputError: as for `jvp` and `grad`.

    >>> import numpy as np
    >>> x, v = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    >>> hvp(lambda x: np.sum(x ** 3), (x,), (v,))
    array([ 6., 12.])
    >>> product = hvp(lambda x: np.sum(x ** 3), (x,))
    >>> product(v), product(2 * v)
    (array([ 6., 12.]), array([12., 24.]))
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list, type(None))):
        raise MismatchError(
            "hvp takes the arguments and the vectors as tuples: hvp(f, (x,), (v,)) "
            f"(got {type(primals).__name__} and {type(tangents).__name__})"
        )
    argnums: Argnums = 0 if len(primals) == 1 else tuple(range(len(primals)))
    gradient = grad(f, argnums)
    if tangents is not None:
        return jvp(gradient, tuple(primals), tuple(tangents))[1]
    return linearized(gradient, [inputs(x, k) for k, x in enumerate(primals)], tuple(primals))[1]
