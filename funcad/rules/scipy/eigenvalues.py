"""`scipy.linalg`: eigenvalues and eigenvectors, of one matrix or of a pair, of bands and of parts of the spectrum.

In scope: `t` the tangent, `g` the cotangent, `ans` the output, and SciPy's own parameters. The formulas are those of
rules/decompositions.py. Whatever is Hermitian is brought to a standard problem as LAPACK does it; the vectors then
differ from SciPy's by their signs alone, and are given SciPy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from funcad.core.assemble import as_operand
from funcad.core.function import PrimitiveFunction, twin
from funcad.core.kinds import batching
from funcad.core.tracer import plain
from funcad.core.valued import with_value
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError
from funcad.rules.batching.linalg import of_matrices
from funcad.rules.decompositions import (
    across,
    conj,
    eig_push,
    eigh_pull,
    eigh_push,
    eigvals_jvp,
    eigvalsh_jvp,
    eigvalsh_vjp,
    from_triangle,
    is_complex,
    mH,
    placed,
    real,
)
from funcad.rules.scipy.banded import hermitian_of_band
from funcad.rules.scipy.operands import kept, one_matrix
from funcad.rules.scipy.triangular import by_lower

eigh = twin(scipy.linalg.eigh)
eigvalsh = twin(scipy.linalg.eigvalsh)
eig = twin(scipy.linalg.eig)
eigvals = twin(scipy.linalg.eigvals)
eigh_tridiagonal = twin(scipy.linalg.eigh_tridiagonal)
eigvalsh_tridiagonal = twin(scipy.linalg.eigvalsh_tridiagonal)
eig_banded = twin(scipy.linalg.eig_banded)
eigvals_banded = twin(scipy.linalg.eigvals_banded)


# --- Hermitian matrices, of which one triangle is read


def uplo(lower: bool) -> str:
    """Return NumPy's name of a triangle."""
    return "L" if lower else "U"


#: the standard problem
standard = twin(scipy.linalg.eigh)
standard.def_jvp(
    lambda t, ans, lower: eigh_push(t, ans, uplo(lower), "scipy.linalg.eigh"),
    unaffected=["check_finite", "driver"],
)
standard.def_vjp(lambda g, ans, lower: eigh_pull(g, ans, uplo(lower), "scipy.linalg.eigh"))
batching(of_matrices, standard)
#: its eigenvalues alone
values = twin(scipy.linalg.eigvalsh)
values.def_jvp(lambda t, a, lower: eigvalsh_jvp(t, a, uplo(lower)), unaffected=["check_finite", "driver"])
values.def_vjp(lambda g, a, lower: eigvalsh_vjp(g, a, uplo(lower)))
batching(of_matrices, values)

#: makes of all eigenvalues the index of the first that is selected
Selection = Callable[[Any], Any]


def by_index(first: Any, last: Any) -> Selection:
    """Select from one index to another."""
    return lambda w: int(first)


def by_value(low: Any, high: Any) -> Selection:
    """Select the eigenvalues of an interval that is open at its lower end."""
    return lambda w: np.sum(np.less_equal(plain(w), low), axis=-1)


def selected(x: Any, first: Any, count: int) -> Any:
    """Return some number of entries along the last axis of values, or of vectors in columns."""
    places = np.expand_dims(first, -1) + np.arange(count)
    if np.ndim(places) > 1:
        places = np.reshape(places, (*places.shape[:-1], *(1,) * (np.ndim(x) - places.ndim), count))
    return np.take_along_axis(x, np.broadcast_to(places, (*np.shape(x)[:-1], count)), -1)


def itself(u: Any) -> Any:
    """Return the vectors of a problem that is a standard one already."""
    return u


def solution(
    c: Any,
    value: Any,
    lower: bool = True,
    eigvals_only: bool = False,
    select: Selection | None = None,
    back: Callable[[Any], Any] = itself,
) -> Any:
    """Solve a standard problem, and return the selected part of the spectrum with SciPy's own values.

    Args:
        c: the Hermitian matrix.
        value: SciPy's result.
        lower: which triangle LAPACK reads: on it depends the phase of complex vectors.
        eigvals_only: whether the eigenvalues alone are wanted.
        select: makes of all eigenvalues the index of the first that is selected; None for the whole spectrum.
        back: makes of the vectors those of the problem that was brought to this one.
    """
    if eigvals_only:
        w = values(c, lower=lower)
        return with_value(w if select is None else selected(w, select(w), np.shape(value)[-1]), value)
    w, u = standard(c, lower=lower)
    v = back(u)
    if select is not None:
        first, count = select(w), np.shape(value[0])[-1]
        w, v = selected(w, first, count), selected(v, first, count)
    signs = np.sign(np.real(np.sum(conj(plain(v)) * plain(value[1]), axis=-2)))
    return with_value((w, v * across(signs)), value)


def reduced(a: Any, b: Any, lower: bool, kind: int) -> tuple[Any, Callable[[Any], Any]]:
    """Bring a problem with two matrices to a standard one by B = L L^H, and return how its vectors go back."""
    a, b = from_triangle(a, uplo(lower)), from_triangle(b, uplo(lower))
    factor = np.linalg.cholesky(b)
    if kind == 1:
        return by_lower(factor, mH(by_lower(factor, a))), lambda u: np.linalg.solve(mH(factor), u)
    c = mH(factor) @ a @ factor
    return c, (lambda u: factor @ u) if kind == 3 else (lambda u: by_lower(factor, u, 2))


def hermitian(fn: Any, a: Any, b: Any, only: bool, **options: Any) -> Any:
    """Return what `eigh` or `eigvalsh` returns."""
    for key in ("overwrite_a", "overwrite_b"):
        kept(options[key], fn.__name__, key)
    lower, kind = options["lower"], options["type"]
    index, interval = options["subset_by_index"], options["subset_by_value"]
    a = as_operand(a)
    if b is None and index is None and interval is None:
        given = {key: options[key] for key in ("lower", "check_finite", "driver")}
        return values(a, **given) if only else standard(a, **given)
    b = None if b is None else as_operand(b)
    select = None
    if index is not None:
        select = by_index(*index)
    elif interval is not None:
        select = by_value(*interval)
    value = fn(a, b, **options)
    if b is None:
        return solution(a, value, lower, only, select)
    c, back = reduced(a, b, lower, kind)
    return solution(c, value, lower, only, select, back)


own_eigh, own_eigvalsh = twin(scipy.linalg.eigh), twin(scipy.linalg.eigvalsh)
own_eigh.def_constant()
own_eigvalsh.def_constant()


@eigh.def_composite()
def _eigh(
    a: Any,
    b: Any = None,
    *,
    lower: bool = True,
    eigvals_only: bool = False,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    type: int = 1,
    check_finite: bool = True,
    subset_by_index: Any = None,
    subset_by_value: Any = None,
    driver: Any = None,
) -> Any:
    options = {
        "lower": lower,
        "overwrite_a": overwrite_a,
        "overwrite_b": overwrite_b,
        "type": type,
        "check_finite": check_finite,
        "subset_by_index": subset_by_index,
        "subset_by_value": subset_by_value,
        "driver": driver,
    }
    return hermitian(own_eigvalsh if eigvals_only else own_eigh, a, b, eigvals_only, **options)


@eigvalsh.def_composite()
def _eigvalsh(a: Any, b: Any = None, **options: Any) -> Any:
    return _eigh(a, b, eigvals_only=True, **options)


# --- bands: the dense problem gives the derivatives


def range_of(select: Any, select_range: Any) -> Selection | None:
    """Return the part of a spectrum by the options of tridiagonal and banded matrices."""
    kind = select.lower() if isinstance(select, str) else select
    if kind in (0, "a", "all"):
        return None
    return by_value(*select_range) if kind in (1, "v", "value") else by_index(*select_range)


def tridiagonal(d: Any, e: Any) -> Any:
    """Return the lower triangle of a matrix by its diagonal and the one below."""
    d, e = as_operand(d), as_operand(e)
    rest = [(0, 0)] * (np.ndim(e) - 1)
    return placed(d) + np.pad(placed(e), [*rest, (1, 0), (0, 1)])


own_tridiagonal, own_banded = twin(scipy.linalg.eigh_tridiagonal), twin(scipy.linalg.eig_banded)
own_tridiagonal.def_constant()
own_banded.def_constant()


@eigh_tridiagonal.def_composite()
def _eigh_tridiagonal(
    d: Any,
    e: Any,
    eigvals_only: bool = False,
    select: Any = "a",
    select_range: Any = None,
    check_finite: bool = True,
    tol: float = 0.0,
    lapack_driver: str = "auto",
) -> Any:
    value = own_tridiagonal(d, e, eigvals_only, select, select_range, check_finite, tol, lapack_driver)
    return solution(tridiagonal(d, e), value, True, eigvals_only, range_of(select, select_range))


@eigvalsh_tridiagonal.def_composite()
def _eigvalsh_tridiagonal(d: Any, e: Any, *args: Any, **options: Any) -> Any:
    return _eigh_tridiagonal(d, e, True, *args, **options)


@eig_banded.def_composite()
def _eig_banded(
    a_band: Any,
    lower: bool = False,
    eigvals_only: bool = False,
    overwrite_a_band: bool = False,
    select: Any = "a",
    select_range: Any = None,
    max_ev: int = 0,
    check_finite: bool = True,
) -> Any:
    kept(overwrite_a_band, "eig_banded", "overwrite_a_band")
    a_band = as_operand(a_band)
    one_matrix(np.shape(a_band), "eig_banded")
    if is_complex(a_band) and not eigvals_only:
        raise UnsupportedArgumentError(
            "scipy.linalg.eig_banded has no rule for the vectors of a complex matrix, whose phases LAPACK chooses: "
            "pass eigvals_only=True, or call eigh with the dense matrix"
        )
    value = own_banded(a_band, lower, eigvals_only, False, select, select_range, max_ev, check_finite)
    c = hermitian_of_band(a_band, lower)
    return solution(c, value, True, eigvals_only, range_of(select, select_range))


@eigvals_banded.def_composite()
def _eigvals_banded(
    a_band: Any,
    lower: bool = False,
    overwrite_a_band: bool = False,
    select: Any = "a",
    select_range: Any = None,
    check_finite: bool = True,
) -> Any:
    return _eig_banded(a_band, lower, True, overwrite_a_band, select, select_range, 0, check_finite)


# --- general matrices

#: the problem of one matrix, with left vectors, right ones, both or none
of_one = twin(scipy.linalg.eig)


def of_one_push(t: Any, ans: Any, a: Any, left: Any, right: Any) -> Any:
    """Return the changes; left vectors are those of a^H."""
    if not (left or right):
        return eigvals_jvp(t, a).astype(ans.dtype)
    w, rest = ans[0], list(ans[1:])
    changes = []
    dw = None
    if left:
        dw, dv = vectors_push(mH(t), conj(w), rest.pop(0))
        dw = conj(dw)
        changes.append(dv)
    if right:
        dw, dv = vectors_push(t, w, rest.pop(0))
        changes.append(dv)
    return dw, *changes


def vectors_push(t: Any, w: Any, v: Any) -> tuple[Any, Any]:
    """Return the changes of eigenvalues, which SciPy has complex, and of vectors, which may be real."""
    dw, dv = eig_push(t, (w if is_complex(v) else real(w), v), "scipy.linalg.eig")
    return dw.astype(w.dtype), dv


of_one.def_jvp(of_one_push, unaffected=["check_finite"])


def _nearest(wanted: Any, w: Any) -> Any:
    return np.argmin(np.abs(wanted[..., :, None] - w[..., None, :]), axis=-1)


#: where among some eigenvalues those of another list are
nearest = PrimitiveFunction(_nearest, name="scipy.linalg.eig (order)")
nearest.def_constant()
own_eig = twin(scipy.linalg.eig)
own_eig.def_constant()


@eig.def_composite()
def _eig(
    a: Any,
    b: Any = None,
    left: Any = False,
    right: Any = True,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    homogeneous_eigvals: bool = False,
) -> Any:
    kept(overwrite_a, "eig", "overwrite_a")
    kept(overwrite_b, "eig", "overwrite_b")
    kept(homogeneous_eigvals, "eig", "homogeneous_eigvals")
    a = as_operand(a)
    if b is None:
        return of_one(a, left=left, right=right, check_finite=check_finite)
    kept(left, "eig", "left")
    b = as_operand(b)
    value = own_eig(a, b, False, right, check_finite=check_finite)
    try:
        w, v = np.linalg.eig(np.linalg.solve(b, a))
    except np.linalg.LinAlgError:
        raise UndefinedDerivativeError(
            "scipy.linalg.eig: the second matrix is singular, so that there are infinite eigenvalues, which have no "
            "derivative; solve for their inverses by scipy.linalg.eig(b, a)"
        ) from None
    if not right:
        return with_value(np.take_along_axis(w, nearest(value, w), -1), value)
    order = nearest(value[0], w)
    if is_complex(value[1]):
        raise UnsupportedArgumentError(
            "scipy.linalg.eig of two matrices has no rule for complex vectors, whose phases LAPACK chooses: call "
            "scipy.linalg.eigvals(a, b), or eig of np.linalg.solve(b, a)"
        )
    v = np.take_along_axis(v, np.broadcast_to(order[..., None, :], np.shape(v)), -1)
    signs = np.sign(np.sum(plain(v) * value[1], axis=-2))
    return with_value((np.take_along_axis(w, order, -1), v * across(signs)), value)


@eigvals.def_composite()
def _eigvals(
    a: Any,
    b: Any = None,
    overwrite_a: bool = False,
    check_finite: bool = True,
    homogeneous_eigvals: bool = False,
) -> Any:
    return _eig(a, b, False, False, overwrite_a, False, check_finite, homogeneous_eigvals)
