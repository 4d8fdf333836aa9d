"""The demonstration runs headless, its numbers agree, its pictures exist, and it fails loudly."""

from pathlib import Path

import numpy as np
import pytest

from funcad.demo import cancer, main, report, rosenbrock, run, sine, tutorial
from funcad.demo.report import Report


def assert_picture(path: Path) -> None:
    from matplotlib.image import imread

    image = imread(path)
    assert min(image.shape[:2]) > 300, "the picture is too small"
    assert np.ptp(image[..., :3]) > 0.5, "the picture is empty"


def assert_agrees(r: Report) -> None:
    assert [c for c in r.checks if not c.agrees] == []
    assert r.agrees
    for path in r.pictures:
        assert_picture(path)


def test_sine_follows_cos(tmp_path: Path) -> None:
    r = Report(tmp_path)
    sine.run(r, points=20)
    assert_agrees(r)


def test_tutorial_gives_all_digits(tmp_path: Path) -> None:
    r = Report(tmp_path)
    tutorial.run(r)
    assert_agrees(r)
    assert [c.got for c in r.checks] == ["2.77258872224", "1.06727067579"]


def test_cancer_agrees_with_sklearn(tmp_path: Path) -> None:
    r = Report(tmp_path)
    cancer.run(r)
    assert_agrees(r)


def test_rosenbrock_agrees_with_scipy(tmp_path: Path) -> None:
    r = Report(tmp_path)
    rosenbrock.run(r, sizes=(2, 3))
    assert_agrees(r)


def test_command_prints_the_table_and_makes_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a" / "b"
    assert main(["--only", "tutorial", "--output", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "2.77258872224" in printed
    assert "1.06727067579" in printed
    assert "2 of 2 checks agree" in printed
    assert [p.name for p in folder.iterdir()] == ["tutorial.png"]


def test_command_fails_when_something_disagrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tutorial, "TRAINED_LOSS", "1.06727067578")
    assert main(["--only", "tutorial", "--output", str(tmp_path)]) == 1
    assert "1 of 2 checks agree" in capsys.readouterr().out


def test_missing_package_names_the_command_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PARTS", {"sine": ("A sine", ("no_such_package",))})
    assert main(["--output", str(tmp_path / "never")]) == 2
    error = capsys.readouterr().err
    assert "no_such_package" in error
    assert "pip install 'funcad[demo]'" in error
    assert not (tmp_path / "never").exists()


def test_empty_report_does_not_pass(tmp_path: Path) -> None:
    assert not Report(tmp_path).agrees


def test_table_without_rich(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in ("rich", "rich.console", "rich.progress", "rich.table"):
        monkeypatch.setitem(sys.modules, name, None)
    r = Report(tmp_path)
    r.begin("part")
    assert list(r.track([1, 2], "counting")) == [1, 2]
    r.at_most("good", 1e-3, 1e-4)
    r.at_most("bad", 1e-3, float("nan"))
    r.print_summary()
    printed = capsys.readouterr().out
    assert "good      at most 1e-03  1.0e-04  yes" in printed
    assert "bad       at most 1e-03  nan      NO" in printed
    assert isinstance(r.checks[0], report.Check)
