"""Logistic regression on four points by gradient descent, to all digits of a known run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import funcad
from funcad.demo.pictures import BLUE, GREEN, GREY, RED, picture

if TYPE_CHECKING:
    from funcad.demo.report import Report

INPUTS = np.array([[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]])
TARGETS = np.array([True, True, False, True])
INITIAL_LOSS = "2.77258872224"
TRAINED_LOSS = "1.06727067579"


def sigmoid(x: Any) -> Any:
    """Return the logistic function, 1 / (1 + exp(-x))."""
    return 0.5 * (np.tanh(x / 2) + 1)


def predictions(weights: Any) -> Any:
    """Return the probability of True for every input."""
    return sigmoid(np.dot(INPUTS, weights))


def training_loss(weights: Any) -> Any:
    """Return the negative logarithm of the probability of all targets."""
    preds = predictions(weights)
    label_probabilities = preds * TARGETS + (1 - preds) * (1 - TARGETS)
    return -np.sum(np.log(label_probabilities))


def run(report: Report, steps: int = 100, rate: float = 0.01) -> None:
    """Train by gradient descent from zero, and draw the loss and the predictions."""
    value_and_gradient = funcad.value_and_grad(training_loss)
    weights = np.zeros(3)
    losses = []
    path = [predictions(weights)]
    for _ in range(steps):
        loss, gradient = value_and_gradient(weights)
        losses.append(float(loss))
        weights = weights - rate * gradient
        path.append(predictions(weights))
    losses.append(float(training_loss(weights)))
    report.digits("initial loss", INITIAL_LOSS, losses[0])
    report.digits(f"loss after {steps} steps", TRAINED_LOSS, losses[-1])

    with picture(report.picture("tutorial.png"), 10.0, 4.4) as figure:
        left, right = figure.subplots(1, 2)
        left.plot(losses, color=BLUE)
        left.set(xlabel="step", ylabel="loss", xlim=(-0.02 * steps, steps * 1.04), ylim=(0, losses[0] * 1.08))
        for k, align, dx, dy in ((0, "left", 12, 2), (steps, "right", 0, -18)):
            left.plot(k, losses[k], "o", color=BLUE, ms=6)
            left.annotate(f"{losses[k]:.11f}", (k, losses[k]), (dx, dy), textcoords="offset points", ha=align)
        left.set_title("Training loss")
        for k, curve in enumerate(np.transpose(path)):
            colour, sign = (GREEN, "True") if TARGETS[k] else (RED, "False")
            right.plot(curve, color=colour)
            right.annotate(
                f"input {k}: {sign}",
                (steps, curve[-1]),
                (6, 0),
                textcoords="offset points",
                va="center",
                color=colour,
            )
        right.axhline(0.5, color=GREY, lw=1, ls=":")
        right.set(xlabel="step", ylabel="probability of True", xlim=(0, steps * 1.3), ylim=(0, 1))
        right.set_title("Predictions")
