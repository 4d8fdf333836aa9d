"""What a type checker knows of transformed functions: parameters and results are kept.

`make test` runs mypy over this file; the functions in it are never called.
"""

from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import funcad as fc

Floats = NDArray[np.float64]


def loss(w: Floats, data: Floats, *, rate: float = 0.1) -> float:
    return float(np.sum(w * data) * rate)


def residuals(w: Floats, data: Floats) -> Floats:
    return w - data


@fc.primitive
def cube(x: Floats) -> Floats:
    return x * x * x


@fc.custom_jvp
def softplus(x: Floats) -> Floats:
    return np.log1p(np.exp(x))


def parameters_are_kept(w: Floats) -> None:
    fc.grad(loss)(w, w, rate=0.2)
    fc.grad(loss)(w=w, data=w)
    fc.jacobian(residuals)(w, data=w)
    fc.grad(loss)(w, "no array")  # type: ignore[arg-type]
    fc.grad(loss)(w)  # type: ignore[call-arg]
    fc.grad(loss)(w, w, speed=0.2)  # type: ignore[call-arg]
    fc.jacobian(residuals)(w, data=w, rate=0.1)  # type: ignore[call-arg]
    fc.value_and_grad(loss)(w, 1.0)  # type: ignore[arg-type]
    fc.vmap(residuals, in_axes=(0, None))(w, data=w)
    fc.vmap(residuals)(w, "no array")  # type: ignore[arg-type]
    fc.hessian(loss, memory="1GB")(w, w, rate=0.2)
    fc.value_and_jacobian(residuals)(w)  # type: ignore[call-arg]
    fc.laplacian(loss)(w, w, speed=0.2)  # type: ignore[call-arg]
    fc.derivative(cube, 3)("no array")  # type: ignore[arg-type]
    softplus("no array")  # type: ignore[arg-type]


def pendulum(state: tuple[Floats, Floats], k: int) -> tuple[Floats, Floats]:
    angle, speed = state
    return angle + speed * k, speed - angle


def checkpoints(w: Floats) -> None:
    assert_type(fc.checkpoint(residuals)(w, data=w), Floats)
    assert_type(fc.checkpoint(loss)(w, w, rate=0.2), float)
    fc.checkpoint(residuals)(w, "no array")  # type: ignore[arg-type]
    fc.checkpoint(loss)(w, w, speed=0.2)  # type: ignore[call-arg]
    assert_type(fc.checkpoint_loop(pendulum, (w, w), 10), tuple[Floats, Floats])
    assert_type(fc.checkpoint_loop(pendulum, (w, w), 10, every=2), tuple[Floats, Floats])
    fc.checkpoint_loop(pendulum, w, 10)  # type: ignore[arg-type]


def results_are_kept(w: Floats) -> None:
    assert_type(fc.value_and_grad(loss)(w, w), tuple[float, Any])
    assert_type(fc.jvp(residuals, (w, w), (w, w)), tuple[Floats, Floats])
    assert_type(fc.jet(residuals, (w, w), ([w], [w])), tuple[Floats, list[Floats]])
    value, pullback = fc.vjp(residuals, w, w)
    assert_type(value, Floats)
    assert_type(pullback(w), tuple[Floats, Floats])
    pullback("no array")  # type: ignore[arg-type]
    assert_type(fc.vmap(residuals)(w, w), Floats)
    value, differential = fc.linearize(residuals, w, w)
    assert_type(differential(w, w), Floats)
    differential(w, "no array")  # type: ignore[arg-type]
    assert_type(fc.linear_transpose(residuals, w, w)(w), tuple[Floats, Floats])
    assert_type(fc.stop_gradient(w), Floats)
    assert_type(cube(w), Floats)
    assert_type(softplus(w), Floats)
