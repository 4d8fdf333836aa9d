"""The benchmarks compute the right thing; how fast is for `make bench` to say."""

import json
import warnings

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import environment, race, report, timing
from benchmarks.libraries import COLUMNS, MismatchError, compare, installed
from benchmarks.workloads import WORKLOADS

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


def test_names_must_be_known():
    assert [w.name for w in race.chosen(["mlp-small"])] == ["mlp-small"]
    assert race.chosen([]) == list(WORKLOADS)
    with pytest.raises(ValueError, match="there is no workload 'chains'; there are chain, scalar-loop"):
        race.chosen(["chains"])


def test_targets_name_workloads_and_columns():
    assert {t.workload for t in report.UNCOMPILED} <= {w.name for w in WORKLOADS}
    assert {c for t in report.UNCOMPILED for c in (t.over, t.under)} <= set(COLUMNS)


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
    assert command.main(["--only", "nothing"]) == 2
