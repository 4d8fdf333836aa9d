"""Every example has a short run that checks itself: derivatives by check_grads, and figures that it must reach."""

import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import funcad as fc
from benchmarks.examples import load

HERE = Path(__file__).parent.parent / "examples"
SHARED = {"shared", "optimizers"}
EXAMPLES = [p for p in sorted(HERE.glob("*.py")) if p.stem not in SHARED]


def test_there_are_examples():
    assert len(EXAMPLES) >= 12
    page = (HERE / "README.md").read_text(encoding="utf-8")
    assert [p.name for p in EXAMPLES if f"`{p.name}`" not in page] == []


def run(name, folder, *options):
    """Run an example in a process of its own, and return the lines that it prints."""
    for module in ("matplotlib", "sklearn", "tqdm", "statsmodels"):
        pytest.importorskip(module)
    command = [
        sys.executable,
        "-W",
        "error",
        str(HERE / f"{name}.py"),
        "--quick",
        "--out",
        str(folder / "out"),
    ]
    # matplotlib touches dateutil, whose calls of utcfromtimestamp are not ours
    command[3:3] = ["-W", "ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"]
    # what is imported here is imported there, whichever build it is
    paths = os.pathsep.join([str(Path(fc.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*command, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_example_runs(path, tmp_path):
    lines = run(path.stem, tmp_path)
    assert lines[-1].startswith("checked: check_grads")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"], "an example writes to its folder only"
    assert [p.stem for p in (tmp_path / "out").glob("*.png")] == [path.stem], "an example draws"
    if path.stem == "neural_turing_machine":
        loss, steps = (
            next(line.split()[-1] for line in lines if word in line) for word in ("loss ", "steps ")
        )
        again = run(path.stem, tmp_path, "--resume")
        found = {line.split()[0]: line.split()[-1] for line in again if line.startswith("  ")}
        assert int(found["steps"]) == 2 * int(steps), "it goes on where it stood"
        assert float(found["loss"]) < float(loss)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.fixture
def bayesian_net():
    for module in ("matplotlib", "sklearn", "tqdm"):
        pytest.importorskip(module)
    return load("bayesian_net")[0]


def test_the_divergence_of_weights_from_standard_normal_ones(bayesian_net):
    at = lambda mean, scale: bayesian_net.divergence(
        {"mean": [np.full((2, 3), mean)], "log scale": [np.full((2, 3), np.log(scale))]}
    )
    assert at(0.0, 1.0) == 0.0
    w = np.linspace(-12, 12, 200_001)
    density = np.exp(-0.5 * ((w - 0.7) / 0.4) ** 2) / 0.4 / np.sqrt(2 * np.pi)
    ratio = -0.5 * ((w - 0.7) / 0.4) ** 2 - np.log(0.4) + 0.5 * w**2
    np.testing.assert_allclose(at(0.7, 0.4), 6 * np.trapezoid(density * ratio, w), rtol=1e-9)


def test_the_bound_is_below_the_evidence_and_meets_it_at_the_posterior(bayesian_net):
    # a net without a hidden layer whose input is 0 has one weight that counts, its bias: y = b + noise
    y, noise, rng = np.array([0.9, 1.4, 0.7]), 0.5, np.random.default_rng(0)
    K = np.ones((3, 3)) + noise**2 * np.eye(3)
    evidence = -0.5 * (y @ np.linalg.solve(K, y) + np.linalg.slogdet(2 * np.pi * K)[1])
    precision = 1 + 3 / noise**2
    place, scale = np.sum(y) / noise**2 / precision, precision**-0.5
    draws = [rng.normal(size=(2000, 2, 1))]
    draws[0] = np.concatenate([draws[0], -draws[0]]) / np.sqrt(np.mean(draws[0] ** 2, axis=0))

    def bound(place, scale):
        column = lambda bias: [np.stack([0.0, bias])[:, None]]
        params = {"mean": column(place), "log scale": column(np.log(scale))}
        return -3 * bayesian_net.loss(params | {"log noise": np.log(noise)}, draws, np.zeros((3, 1)), y)

    np.testing.assert_allclose(bound(place, scale), evidence, rtol=1e-9)
    assert bound(place + 0.1, scale) < evidence
    assert bound(place, 2 * scale) < evidence
    slopes = fc.grad(bound, argnums=(0, 1))(place, scale)
    np.testing.assert_allclose(slopes, 0.0, atol=1e-9)


@pytest.fixture(scope="module")
def optimizers():
    spec = importlib.util.spec_from_file_location("optimizers", HERE / "optimizers.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["optimizers"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["optimizers"]


CENTRE = {"a": np.array([1.0, -2.0]), "b": [np.array(3.0)]}
START = {"a": np.zeros(2), "b": [np.zeros(())]}


def bowl(params, turn=0):
    return fc.value_and_grad(lambda p: np.sum((p["a"] - CENTRE["a"]) ** 2) + 2 * (p["b"][0] - 3.0) ** 2)(
        params
    )


@pytest.mark.parametrize(("name", "rate"), [("sgd", 0.02), ("rmsprop", 0.01), ("adam", 0.05)])
def test_an_optimiser_finds_the_minimum_and_goes_on_from_its_state(optimizers, name, rate):
    optimise = getattr(optimizers, name)
    seen = []
    whole = optimise(bowl, START, 600, rate=rate, callback=lambda turn, loss, params: seen.append(turn))
    assert seen == list(range(600)) and whole.turn == 600
    np.testing.assert_allclose(whole.params["a"], CENTRE["a"], atol=0.02)
    assert np.all(START["a"] == 0.0), "the start is not written to"
    again = optimise(bowl, optimise(bowl, START, 250, rate=rate), 350, rate=rate)
    np.testing.assert_array_equal(fc.tree.ravel(again)[0], fc.tree.ravel(whole)[0])


def test_the_first_steps_by_hand(optimizers):
    _, g = bowl(START)
    step = fc.tree.ravel(g)[0]
    once = optimizers.adam(bowl, START, 1, rate=0.1).params
    np.testing.assert_allclose(fc.tree.ravel(once)[0], -0.1 * np.sign(step), rtol=1e-8)
    once = optimizers.sgd(bowl, START, 1, rate=lambda turn: 0.5 + turn).params
    np.testing.assert_allclose(fc.tree.ravel(once)[0], -0.5 * step)
    once = optimizers.rmsprop(bowl, START, 1, rate=0.1, decay=0.75).params
    np.testing.assert_allclose(fc.tree.ravel(once)[0], -0.2 * np.sign(step), rtol=1e-8)


def test_clipping_bounds_the_norm_and_keeps_the_direction(optimizers):
    _, g = bowl(START)
    vector = fc.tree.ravel(g)[0]
    short = fc.tree.ravel(optimizers.clipped(g, 1.0))[0]
    np.testing.assert_allclose(short, vector / np.linalg.norm(vector))
    assert optimizers.clipped(g, 1e3) is g
