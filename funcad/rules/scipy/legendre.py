"""Legendre functions and spherical harmonics of `scipy.special`: derivatives by the variables.

Only `lpmv` is a ufunc; the others are twins. The values are SciPy's; the code here gives the derivatives, by
Gegenbauer's polynomials (DLMF 14.6.1, 18.7.9), and by angles from the neighbouring orders. By a degree or an
order there is no derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from funcad.core.assemble import as_operand
from funcad.core.batching import Stack, aligned, holds_stack
from funcad.core.broadcast import shape_of
from funcad.core.domains import Domain
from funcad.core.function import primitive, twin
from funcad.core.general import is_plain, unsupported_operand
from funcad.core.kinds import batching
from funcad.core.primitive import register, registry
from funcad.core.tracer import plain
from funcad.core.valued import Valued
from funcad.errors import UnsupportedArgumentError
from funcad.rules.batching import constants
from funcad.rules.scipy.formulas import ROOT_PI
from funcad.rules.scipy.special import whole

legendre_p = twin(special.legendre_p, "scipy.special.legendre_p")
assoc_legendre_p = twin(special.assoc_legendre_p, "scipy.special.assoc_legendre_p")
sph_legendre_p = twin(special.sph_legendre_p, "scipy.special.sph_legendre_p")
sph_harm_y = twin(special.sph_harm_y, "scipy.special.sph_harm_y")
legendre_p_all = twin(special.legendre_p_all, "scipy.special.legendre_p_all")
assoc_legendre_p_all = twin(special.assoc_legendre_p_all, "scipy.special.assoc_legendre_p_all")
sph_legendre_p_all = twin(special.sph_legendre_p_all, "scipy.special.sph_legendre_p_all")
sph_harm_y_all = twin(special.sph_harm_y_all, "scipy.special.sph_harm_y_all")


def check_whole(fn: Any, **given: Any) -> None:
    """Refuse a degree or an order with a derivative.

    Raises:
        UnsupportedArgumentError: one of them is differentiated.
    """
    for name, value in given.items():
        if not is_plain(as_operand(value)):
            raise unsupported_operand(registry[fn], name)


def integers(n: Any) -> Any:
    """Return whole numbers as integers, for which SciPy has recurrences, and others as they are."""
    n = plain(as_operand(n))
    return np.asarray(n).astype(int) if np.all(np.equal(n, np.trunc(n))) else n


def derivative(n: Any, k: Any, z: Any) -> Any:
    """The k-th derivative of P_n, for k of at least 0: (2 k - 1)!! C_(n-k)^(k + 1/2)(z)."""
    below = (n < k) & np.equal(n, np.trunc(n))
    degree = np.where(below, 0, n - k)
    factor = np.where(below, 0.0, 2.0**k * special.gamma(k + 0.5) / ROOT_PI)
    return factor * special.eval_gegenbauer(degree, k + 0.5, z)


def associated(n: Any, m: Any, z: Any, base: Any, sign: Any) -> Any:
    """base^(m/2) times the m-th derivative of P_n and a sign; of negative orders by (14.9.3)."""
    k = np.abs(m)
    # a root of the base is infinitely steep at 0, also where it is a factor of 0
    base = np.where((n < k) & np.equal(n, np.trunc(n)), 1.0, base)
    ratio = np.where(m < 0, 1 / special.poch(np.maximum(n - k + 1, 0.5), np.where(m < 0, 2 * k, 0)), 1.0)
    return np.where(m < 0, 1.0, sign) * ratio * base ** (k / 2) * derivative(n, k, z)


def _lpmv(m: Any, v: Any, x: Any) -> Any:
    check_whole(special.lpmv, m=m, v=v)
    m, v, x = integers(np.trunc(plain(m))), plain(as_operand(v)), as_operand(x)
    v = integers(np.where(v < -0.5, -v - 1, v))
    return associated(v, m, x, 1 - x * x, (-1.0) ** m)


register(special.lpmv, Valued("scipy.special.lpmv", special.lpmv, _lpmv))


@legendre_p.def_composite(own_value=True)
def _legendre_p(n: Any, z: Any, *, diff_n: int = 0) -> Any:
    check_whole(legendre_p, n=n)
    n, z = integers(n), as_operand(z)
    return np.stack([derivative(n, k, z) + 0 * z for k in range(diff_n + 1)])


@assoc_legendre_p.def_composite(own_value=True)
def _assoc_legendre_p(
    n: Any, m: Any, z: Any, *, branch_cut: int = 2, norm: bool = False, diff_n: int = 0
) -> Any:
    check_whole(assoc_legendre_p, n=n, m=m)
    if diff_n != 0:
        raise UnsupportedArgumentError(
            "scipy.special.assoc_legendre_p has a rule for diff_n=0; differentiate it with fc.grad or fc.jvp instead"
        )
    n, m, z = integers(n), integers(m), as_operand(z)
    power: Any = 1.0
    if np.all(np.equal(plain(branch_cut), 2)):
        base, sign = 1 - z * z, (-1.0) ** m
    elif np.all(np.equal(plain(branch_cut), 3)):
        # the root of z^2 - 1 that is positive on the right, and of the sign of z elsewhere
        base, sign = z * z - 1, 1.0
        power = np.where((np.real(plain(z)) < 0) & np.equal(m % 2, 1), -1.0, 1.0)
    else:
        raise UnsupportedArgumentError(
            "scipy.special.assoc_legendre_p has rules for one branch_cut, 2 or 3, for all elements"
        )
    scale: Any = 1.0
    if norm:
        k = np.abs(m)
        scale = np.sqrt((n + 0.5) / special.poch(np.maximum(n - k + 1, 0.5), 2 * k))
        m, sign = k, np.where(m < 0, 1.0, sign)
    return np.expand_dims(power * scale * associated(n, m, z, base, sign), 0)


# --- on the sphere


@primitive
def theta_part(n: Any, m: Any, theta: Any) -> Any:
    """Return the spherical Legendre function, without the axis that SciPy puts first."""
    return special.sph_legendre_p(n, m, theta)[0]


def neighbours(f: Any, n: Any, m: Any, theta: Any) -> Any:
    """The derivative by theta from those of the neighbouring orders, which divides by nothing (14.10.4, 14.10.5)."""
    n, m = np.asarray(n, float), np.asarray(m, float)
    upper, lower = np.maximum((n - m) * (n + m + 1), 0), np.maximum((n + m) * (n - m + 1), 0)
    # SciPy takes the absolute value of the sine
    side = np.where(np.sin(plain(theta)) < 0, -0.5, 0.5)
    return side * (np.sqrt(upper) * f(1) - np.sqrt(lower) * f(-1))


theta_part.def_elementwise(
    None,
    None,
    lambda n, m, theta: neighbours(lambda step: theta_part(n, m + step, theta), n, m, theta),
    operands=("n", "m", "theta"),
    domain=(
        whole,
        Domain("orders", -3.0, 3.0, integer=True, differentiable=False),
        Domain("angle", -3.0, 3.0),
    ),
)


def by_theta(n: Any, m: Any, theta: Any, times: int) -> Any:
    """Return a derivative of the spherical Legendre function, of an order such as 0, 1 or 2."""
    if times == 0:
        return theta_part(n, m, theta)
    return neighbours(lambda step: by_theta(n, m + step, theta, times - 1), n, m, theta)


@sph_legendre_p.def_composite(own_value=True)
def _sph_legendre_p(n: Any, m: Any, theta: Any, *, diff_n: int = 0) -> Any:
    check_whole(sph_legendre_p, n=n, m=m)
    n, m = plain(as_operand(n)), plain(as_operand(m))
    return np.stack([by_theta(n, m, as_operand(theta), k) for k in range(diff_n + 1)])


@sph_harm_y.def_composite(own_value=True)
def _sph_harm_y(n: Any, m: Any, theta: Any, phi: Any, *, diff_n: int = 0) -> Any:
    check_whole(sph_harm_y, n=n, m=m)
    if diff_n != 0:
        raise UnsupportedArgumentError(
            "scipy.special.sph_harm_y has a rule for diff_n=0; differentiate it with fc.jvp instead"
        )
    n, m = plain(as_operand(n)), plain(as_operand(m))
    return theta_part(n, m, as_operand(theta)) * np.exp(1j * m * as_operand(phi))


# --- all degrees and orders up to some


def degrees_and_orders(n: int, m: int, *variables: Any) -> tuple[Any, Any]:
    """Return the degrees 0 to n and the orders 0 to m, -m to -1, along two axes before those of the variables."""
    behind = (1,) * max([len(shape_of(v)) for v in variables])
    orders = np.concatenate([np.arange(abs(m) + 1), np.arange(-abs(m), 0)])
    return np.arange(n + 1).reshape(-1, 1, *behind), orders.reshape(-1, *behind)


@legendre_p_all.def_composite(own_value=True)
def _legendre_p_all(n: int, z: Any, *, diff_n: int = 0) -> Any:
    z = as_operand(z)
    return _legendre_p(degrees_and_orders(n, 0, z)[0][:, 0], z, diff_n=diff_n)


@assoc_legendre_p_all.def_composite(own_value=True)
def _assoc_legendre_p_all(n: int, m: int, z: Any, **options: Any) -> Any:
    z = as_operand(z)
    return _assoc_legendre_p(*degrees_and_orders(n, m, z), z, **options)


@sph_legendre_p_all.def_composite(own_value=True)
def _sph_legendre_p_all(n: int, m: int, theta: Any, *, diff_n: int = 0) -> Any:
    theta = as_operand(theta)
    return _sph_legendre_p(*degrees_and_orders(n, m, theta), theta, diff_n=diff_n)


@sph_harm_y_all.def_composite(own_value=True)
def _sph_harm_y_all(n: int, m: int, theta: Any, phi: Any, *, diff_n: int = 0) -> Any:
    theta, phi = as_operand(theta), as_operand(phi)
    return _sph_harm_y(*degrees_and_orders(n, m, theta, phi), theta, phi, diff_n=diff_n)


# --- batches of their values


def behind(axes: int) -> Any:
    """Align the ranks of the variables, before which the results have some axes."""

    def rule(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if holds_stack(list(kwargs.values())):
            return None
        rank = max([len(shape_of(a.array)) - 1 if isinstance(a, Stack) else np.ndim(a) for a in args])
        values = fn(*[aligned(a.array, rank) if isinstance(a, Stack) else a for a in args], **kwargs)
        return np.moveaxis(values, axes, 0)

    return rule


batching(constants.elementwise, special.lpmv)
batching(behind(0), sph_harm_y)
batching(behind(1), legendre_p, assoc_legendre_p, sph_legendre_p)
batching(behind(2), legendre_p_all, sph_harm_y_all)
batching(behind(3), assoc_legendre_p_all, sph_legendre_p_all)
