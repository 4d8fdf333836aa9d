"""The two builds: what `build_info` says, and which one setup.py chooses."""

import ast
import importlib.metadata
import importlib.util
import os
import platform
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import funcad as fc
from funcad.build import BuildInfo

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def script():
    """The module setup.py, which does nothing when it is imported."""
    spec = importlib.util.spec_from_file_location("setup_of_funcad", ROOT / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- build_info


@pytest.mark.skipif("FUNCAD_EXPECT" not in os.environ, reason="FUNCAD_EXPECT does not name the build")
def test_the_build_is_the_expected_one():
    assert {"pure": False, "compiled": True}[os.environ["FUNCAD_EXPECT"]] == fc.build_info().compiled


def test_the_versions():
    info = fc.build_info()
    assert info.version == fc.__version__ == importlib.metadata.version("funcad")
    assert info.python == platform.python_version()
    assert info.numpy == np.__version__


def test_the_whole_kernel_is_compiled_or_nothing(script):
    kernel = sorted(path.removesuffix(".py").replace("/", ".") for path in script.KERNEL)
    info = fc.build_info()
    assert list(info.modules) == (kernel if info.compiled else [])


def test_the_text_is_one_line():
    info = BuildInfo(True, "1.2", "3.11.7", "2.4.6", ("funcad.core.tracer",))
    assert str(info) == "funcad 1.2, compiled by mypyc, Python 3.11.7, NumPy 2.4.6"
    assert str(info._replace(compiled=False)) == "funcad 1.2, pure Python, Python 3.11.7, NumPy 2.4.6"


# --- setup.py


def test_the_files_of_the_kernel_exist(script):
    folder = Path(fc.__file__).parent.parent
    assert [path for path in script.KERNEL if not (folder / path).is_file()] == []
    assert sorted(script.KERNEL) == list(script.KERNEL)


def test_no_other_class_inherits_from_one_of_the_kernel(script):
    """mypyc forbids it, and then no function can be differentiated."""
    folder = Path(fc.__file__).parent.parent
    classes = {
        path.relative_to(folder).as_posix(): [
            node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)
        ]
        for path in folder.glob("funcad/**/*.py")
    }
    kernel = {node.name for path in script.KERNEL for node in classes[path]}
    outside = [
        f"{path}: {node.name}"
        for path in classes.keys() - set(script.KERNEL)
        for node in classes[path]
        if not kernel.isdisjoint(ast.unparse(base).partition("[")[0] for base in node.bases)
    ]
    assert outside == []


@pytest.fixture
def build(script, monkeypatch, tmp_path):
    """A run of setup.py that builds nothing: returns what setuptools was called with."""
    monkeypatch.chdir(tmp_path)
    calls = []
    monkeypatch.setattr(script, "setup", lambda **options: calls.append(options))
    monkeypatch.setattr(script, "extensions", lambda folder: ["extension"])
    monkeypatch.setattr(script, "obstacle", lambda: None)

    def run(*command, **environment):
        for name in ("FUNCAD_PURE", "FUNCAD_COMPILED"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(script.sys, "argv", ["setup.py", *command])
        script.main()
        return calls.pop()

    return run


PURE = {"options": {"build": {"build_base": "build/pure"}}}
COMPILED = {"ext_modules": ["extension"], "options": {"build": {"build_base": "build/compiled"}}}


def test_a_wheel_is_compiled_where_it_can_be(build):
    assert build("bdist_wheel") == COMPILED
    assert build("bdist_wheel", FUNCAD_PURE="0") == COMPILED


def test_pure_on_demand(build, capfd):
    assert build("bdist_wheel", FUNCAD_PURE="1") == PURE
    assert capfd.readouterr().err == "funcad is built as pure Python: FUNCAD_PURE is set\n"


def test_mypy_is_needed_only_to_compile(build, script, monkeypatch):
    assert build("egg_info") == {"setup_requires": ["mypy>=2"]}
    assert build("egg_info", FUNCAD_PURE="1") == PURE
    assert build("dist_info") == {"setup_requires": []}
    monkeypatch.setattr(script, "obstacle", lambda: "there is no C compiler")
    assert build("egg_info") == PURE


def test_an_editable_install_is_pure(build):
    assert build("editable_wheel") == PURE
    with pytest.raises(SystemExit, match="hide later changes"):
        build("editable_wheel", FUNCAD_COMPILED="1")


def test_pure_without_a_compiler(build, script, monkeypatch, capfd):
    monkeypatch.setattr(script, "obstacle", lambda: "there is no C compiler")
    assert build("bdist_wheel") == PURE
    assert capfd.readouterr().err == "funcad is built as pure Python: there is no C compiler\n"
    with pytest.raises(SystemExit, match="FUNCAD_COMPILED is set, but there is no C compiler"):
        build("bdist_wheel", FUNCAD_COMPILED="1")


@pytest.mark.parametrize("failure", [SystemExit(1), ModuleNotFoundError("No module named 'mypyc'")])
def test_pure_where_compiling_fails(build, script, monkeypatch, capfd, failure):
    def fail(folder):
        raise failure

    monkeypatch.setattr(script, "extensions", fail)
    assert build("bdist_wheel") == PURE
    assert f"pure Python: compiling the kernel failed: {failure!r}\n" in capfd.readouterr().err
    with pytest.raises(type(failure)):
        build("bdist_wheel", FUNCAD_COMPILED="1")


def test_the_variables_contradict_each_other(build):
    with pytest.raises(SystemExit, match="contradict"):
        build("bdist_wheel", FUNCAD_PURE="1", FUNCAD_COMPILED="1")


def test_nothing_of_an_earlier_build_is_packed(build, tmp_path):
    left = [tmp_path / "build" / kind / "lib" / "left" for kind in ("pure", "compiled")]
    for folder in left:
        folder.mkdir(parents=True)
    build("egg_info")
    assert all(folder.exists() for folder in left)
    build("bdist_wheel")
    assert [folder.exists() for folder in left] == [True, False]
    build("bdist_wheel", FUNCAD_PURE="1")
    assert [folder.exists() for folder in left] == [False, False]


@pytest.mark.skipif(os.name == "nt", reason="MSVC does not read CC")
def test_a_compiler_must_work(script, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    assert not script.has_compiler()


def test_only_cpython_is_compiled_for(script, monkeypatch):
    monkeypatch.setattr(script, "has_compiler", lambda: True)
    monkeypatch.setattr(script, "sys", SimpleNamespace(implementation=SimpleNamespace(name="pypy")))
    assert script.obstacle() == "mypyc compiles for CPython, and this is pypy"
