"""The benchmarks compute the right thing; how fast is for `make bench` to say."""

import json
import subprocess
import sys
import warnings

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import (
    checkpoints,
    environment,
    examples,
    functions,
    memory,
    operations,
    products,
    race,
    report,
    science,
    timing,
)
from benchmarks.figures import Run
from benchmarks.libraries import COLUMNS, MismatchError, compare, installed
from benchmarks.targets import TARGETS, Target
from benchmarks.timing import Timing
from benchmarks.workloads import WORKLOADS


class Pure:
    compiled = False

    def __str__(self):
        return "pure Python"


def run_of(**medians):
    """A run in which every workload took the given seconds, by column."""
    timings = {
        name: {c: Timing(1, [s], [s]) for c, s in columns.items()} for name, columns in medians.items()
    }
    return Run({}, Pure(), 1, timings)


ROWS = pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)


@ROWS
def test_funcad_agrees_with_the_result_by_hand(workload):
    race.agreed(workload, ["funcad"], small=True)


@ROWS
@pytest.mark.parametrize("peer", environment.PEERS)
def test_a_peer_agrees_with_the_result_by_hand(workload, peer):
    if peer not in installed():
        pytest.skip(f"{peer} is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the peers are not ours
        race.agreed(workload, [peer], small=True)


@ROWS
def test_the_result_by_hand_leaves_its_arguments_alone(workload):
    problem, untouched = workload.problem(small=True), workload.problem(small=True)
    COLUMNS["by hand"](workload, problem)()
    np.testing.assert_equal((problem.x, problem.data), (untouched.x, untouched.data))


@pytest.mark.parametrize(
    ("result", "expected", "message"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-7]), "array 0 of peer differs .* by 5.0e-08"),
        ((1.0, np.zeros(2)), (1.0, np.ones(2)), "array 1 of peer differs"),
        (np.zeros(2), np.zeros(3), r"peer gives \[\(\(2,\), 'float64'\)\]"),
        (np.zeros(2, np.float32), np.zeros(2), "'float32'"),
    ],
)
def test_a_result_that_differs_is_an_error(result, expected, message):
    with pytest.raises(MismatchError, match=message):
        compare(WORKLOADS[0], "peer", result, expected)


def test_calls_are_measured_in_turns():
    order = []
    calls = {name: (lambda name=name: order.append(name)) for name in "ab"}
    timings = timing.measure(calls, repeats=3, span=1e-6)
    assert all(t.calls == 1 and len(t.wall) == 3 and t.minimum <= t.median for t in timings.values())
    assert order[-6:] == ["a", "b", "b", "a", "a", "b"]


def test_a_long_call_has_few_repetitions(monkeypatch):
    monkeypatch.setattr(timing, "LONG", 0.0)
    timings = timing.measure({"a": lambda: None}, repeats=7, span=1e-6)
    assert len(timings["a"].wall) == timing.FEW


def test_names_must_be_known():
    assert [w.name for w in race.chosen(["mlp-small"])] == ["mlp-small"]
    assert race.chosen([]) == list(WORKLOADS)
    with pytest.raises(ValueError, match="there is no workload 'chains'; there are chain, chain-large"):
        race.chosen(["chains"])


def test_targets_name_workloads_and_columns():
    names = {w.name: w for w in WORKLOADS}
    for t in TARGETS:
        assert t.workload in names
        assert {t.over, t.under} <= set(COLUMNS)
        assert t.of == "time" or names[t.workload].memory
    assert len(set(TARGETS)) == len(TARGETS)


def test_a_target_is_for_a_build():
    run = run_of(chain={"funcad": 2.0, "by hand": 1.0})
    lines = [line.split() for line in report.target_table(run).splitlines() if "chain, time" in line]
    answers = {tuple(line[-3:]) for line in lines if "hand" in line}
    assert "mlp-small" not in report.target_table(run)
    assert answers == {("compiled", "2.00", "-"), ("pure", "2.00", "yes")}


def test_a_target_of_memory_reads_the_memory():
    target = Target("formula", "funcad", "torch", 1.1, at_most=True, of="memory")
    assert (
        target.ratio({"formula": {"funcad": 5.0, "torch": 1.0}}, {"formula": {"funcad": 2.0, "torch": 2.0}})
        == 1.0
    )
    assert target.ratio({}, {"formula": {"funcad": 2.0, "torch": 0.0}}) is None


def test_the_growth_of_the_loop():
    run = run_of(**{"loop-500": {"funcad": 1.0, "torch": 1.0}, "loop-2000": {"funcad": 4.0, "torch": 16.0}})
    assert report.growth_line(run).endswith(
        "n=2000 over n=500 (4x is linear; minima): funcad 4.0x, torch 16.0x"
    )
    assert report.growth_line(run_of(chain={"funcad": 1.0})) is None


@pytest.mark.skipif(not memory.available(), reason="the system does not tell the peak of memory")
def test_the_peak_of_memory_is_measured_in_a_new_process():
    assert memory.peak("formula", "by hand", small=True) < 1.0
    with pytest.raises(subprocess.CalledProcessError):
        memory.peak("formulas", "by hand")


@pytest.mark.skipif(not memory.available(), reason="the system does not tell the peak of memory")
def test_the_peak_counts_what_is_freed_during_the_call():
    assert 6.0 < memory.peak_of(lambda: np.ones(2**20).sum()) < 12.0  # 8 MiB


def test_the_operations_of_two_libraries(monkeypatch):
    pytest.importorskip("torch")
    small = operations.Operation("exp, 3", lambda np, x: np.exp(x), ((3,),))
    monkeypatch.setattr(operations, "OPERATIONS", (small,))
    out = operations.run(1, 1e-5)
    assert out.splitlines()[2].startswith("exp, 3")
    assert "one thread" in out


def test_the_chart_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    from benchmarks import chart

    file = tmp_path / "new" / "chart.png"
    one = {"funcad": 2.0, "by hand": 1.0, "torch": 0.5}
    chart.draw(run_of(chain=one, formula={"funcad": 1.0, "by hand": 1.0}), file)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_command_prints_the_tables_and_writes_the_figures(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(environment, "ONE_THREAD", {})  # the settings are for the whole process
    monkeypatch.setattr(race, "installed", lambda: ["funcad", "by hand"])
    file = tmp_path / "figures.json"
    assert command.main(["--quick", "--repeats", "1", "--only", "scalar-loop", "--json", str(file)]) == 0
    out = capsys.readouterr().out
    assert "one thread for every library" in out
    row = next(line for line in out.splitlines() if line.startswith("scalar loop"))
    assert row.split("  ")[-1].strip() == "-"  # jax was not asked
    figures = json.loads(file.read_text())
    assert set(figures["workloads"]["scalar-loop"]) == {"funcad", "by hand"}
    assert figures["memory_mib"] == {}  # this workload has none
    assert figures["build"] in out
    assert command.main(["--only", "nothing"]) == 2


def test_checkpoints_measures_and_draws(tmp_path, capsys):
    path = tmp_path / "chart.png"
    peaks = checkpoints.table((30, 100))
    checkpoints.draw((30, 100), peaks, path)
    assert peaks["checkpoint_loop"][1] < peaks["plain tape"][1]
    assert path.stat().st_size > 5000 and "100" in capsys.readouterr().out


def test_the_examples_have_a_gradient_each_that_is_timed_beside_autograd(capsys):
    for package in ("matplotlib", "sklearn", "statsmodels", "tqdm"):
        pytest.importorskip(package)
    folder = examples.FOLDER
    assert {p.stem for p in folder.glob("*.py")} - set(examples.HELPERS) == set(examples.AT_LEAST)
    names = ("logistic_regression", "nonlinear_least_squares", "bayesian_net", "custom_primitive")
    assert examples.main(names, repeats=1, span=1e-6) == 0
    out = capsys.readouterr().out
    assert [
        line.split()[0] for line in out.splitlines() if line.split()[:1] and line.split()[0] in names
    ] == [*names]
    assert "shared" not in sys.modules
    if "autograd" in installed():
        assert out.count("autograd cannot run") == 1
        assert "autograd cannot run custom_primitive.py" in out


def test_a_gradient_of_an_example_that_differs_is_an_error(monkeypatch):
    pytest.importorskip("autograd")
    for package in ("matplotlib", "sklearn", "tqdm"):
        pytest.importorskip(package)
    right = examples.by_autograd

    def wrong(name, peer):
        value, gradient = right(name, peer)()
        return lambda: (value, gradient * (1 + 1e-5))

    monkeypatch.setattr(examples, "by_autograd", wrong)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        examples.main(("logistic_regression",), repeats=1, span=1e-6)


@pytest.mark.parametrize("command", [products, functions])
def test_the_other_commands_compare_and_print(command, capsys):
    assert command.main(repeats=1, span=1e-6) == 0
    assert "funcad" in capsys.readouterr().out


def test_programs_over_scipy_compare_and_print(monkeypatch, capsys):
    monkeypatch.setattr(science, "PEERS", ("autograd",))  # JAX compiles for a minute
    assert science.main(repeats=1, span=1e-6, small=True) == 0
    out = capsys.readouterr().out
    assert all(row.name in out for row in science.programs(small=True))
