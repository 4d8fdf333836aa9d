"""Stochastic optimisers over containers: gradient descent with momentum, RMSProp, Adam.

Parameters are any container that funcad differentiates (dicts, lists, tuples, dataclasses of arrays);
the gradient has the same structure, and `fc.tree.map` walks through both. All three optimisers take

    step        a function of the parameters and of the number of the turn that returns the loss and
                its gradient: `lambda params, turn: fc.value_and_grad(loss)(params, batch(turn))`
    start       the parameters to begin with, or the `State` with which an earlier call ended
    turns       how many steps to take
    rate        the step size, or a function that gives it for a turn
    callback    called as callback(turn, loss, params) after each step

and return a `State`, whose `params` are the result. With fitting data that is the same at every turn and few
parameters, `scipy.optimize.minimize` on `fc.tree.ravel(params)` is the better choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import funcad as fc

Step = Callable[[Any, int], tuple[Any, Any]]
Callback = Callable[[int, Any, Any], None] | None
Rate = float | Callable[[int], float]


@dataclass
class State:
    """Where an optimiser stands: the parameters, its running averages, and the turns taken."""

    params: Any
    averages: tuple[Any, ...]
    turn: int = 0


def sgd(
    step: Step, start: Any, turns: int, rate: Rate = 0.1, mass: float = 0.9, callback: Callback = None
) -> State:
    """Descend along a velocity that remembers the gradients before (Polyak 1964)."""

    def rule(turn: int, g: Any, velocity: Any) -> tuple[Any, ...]:
        velocity = mass * velocity + g
        return velocity, velocity

    return _descend(rule, 1, step, start, turns, rate, callback)


def rmsprop(
    step: Step,
    start: Any,
    turns: int,
    rate: Rate = 0.001,
    decay: float = 0.9,
    epsilon: float = 1e-8,
    callback: Callback = None,
) -> State:
    """Divide each gradient by the root of a running mean of its squares (Tieleman and Hinton 2012)."""

    def rule(turn: int, g: Any, square: Any) -> tuple[Any, ...]:
        square = decay * square + (1 - decay) * g * g
        return g / (np.sqrt(square) + epsilon), square

    return _descend(rule, 1, step, start, turns, rate, callback)


def adam(
    step: Step,
    start: Any,
    turns: int,
    rate: Rate = 0.001,
    decay: tuple[float, float] = (0.9, 0.999),
    epsilon: float = 1e-8,
    callback: Callback = None,
) -> State:
    """Divide a running mean of the gradients by that of their squares (Kingma and Ba 2015)."""
    a, b = decay

    def rule(turn: int, g: Any, mean: Any, square: Any) -> tuple[Any, ...]:
        mean = a * mean + (1 - a) * g
        square = b * square + (1 - b) * g * g
        # the averages began at zero: the corrections make up for it
        corrected = np.sqrt(square / (1 - b ** (turn + 1)))
        return mean / (1 - a ** (turn + 1)) / (corrected + epsilon), mean, square

    return _descend(rule, 2, step, start, turns, rate, callback)


def clipped(gradient: Any, bound: float) -> Any:
    """Return the gradient, scaled down where its norm over all leaves is above a bound."""
    norm = np.sqrt(sum(np.sum(g * g) for g in fc.tree.flatten(gradient)[0]))
    return gradient if norm <= bound else fc.tree.map(lambda g: g * (bound / norm), gradient)


def cosine(rate: float, turns: int) -> Callable[[int], float]:
    """Return a rate that falls from `rate` to 0 along half a period of a cosine."""
    return lambda turn: rate * 0.5 * (1 + float(np.cos(np.pi * turn / turns)))


def _descend(
    rule: Callable[..., tuple[Any, ...]],
    averages: int,
    step: Step,
    start: Any,
    turns: int,
    rate: Rate,
    callback: Callback,
) -> State:
    """Take steps; the rule gives, for one array, the change (to be scaled) and its new averages."""
    if not isinstance(start, State):
        start = State(start, tuple(fc.tree.map(np.zeros_like, start) for _ in range(averages)))
    # the loop works on the leaves, and what the callback sees are containers
    leaves, structure = fc.tree.flatten(start.params)
    memories = list(zip(*(fc.tree.flatten(a)[0] for a in start.averages), strict=True))
    params = start.params
    end = start.turn + turns
    for turn in range(start.turn, end):
        loss, gradient = step(params, turn)
        size = rate(turn) if callable(rate) else rate
        for k, g in enumerate(fc.tree.flatten(gradient)[0]):
            change, *memories[k] = rule(turn, g, *memories[k])
            leaves[k] = leaves[k] - size * change
        params = fc.tree.unflatten(structure, leaves)
        if callback is not None:
            callback(turn, loss, params)
    kept = tuple(fc.tree.unflatten(structure, list(m)) for m in zip(*memories, strict=True))
    return State(params, kept, end)
