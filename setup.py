"""Compile the kernel by mypyc where a C compiler is present; install pure Python where none is.

Both builds have the same sources. Two variables of the environment decide otherwise:

    FUNCAD_PURE=1        pure Python; mypy is not needed
    FUNCAD_COMPILED=1    compiled, or the build fails

An editable install is pure Python, since extensions beside the sources would hide later changes to them.
`funcad.build_info()` says what is installed.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from setuptools import Distribution, Extension, setup
from setuptools.command.build_ext import build_ext

#: the modules that mypyc compiles; not the rules, whose parameters have their names in byte code
KERNEL = (
    "funcad/core/array.py",
    "funcad/core/assemble.py",
    "funcad/core/assignable.py",
    "funcad/core/batching.py",
    "funcad/core/broadcast.py",
    "funcad/core/element_methods.py",
    "funcad/core/elementwise.py",
    "funcad/core/forms.py",
    "funcad/core/general.py",
    "funcad/core/indexing.py",
    "funcad/core/links.py",
    "funcad/core/methods.py",
    "funcad/core/operators.py",
    "funcad/core/primitive.py",
    "funcad/core/protocol.py",
    "funcad/core/refusals.py",
    "funcad/core/rows.py",
    "funcad/core/tracer.py",
    "funcad/core/tree.py",
    "funcad/core/valued.py",
    "funcad/core/writing.py",
    "funcad/transforms/batch.py",
    "funcad/transforms/constants.py",
    "funcad/transforms/dual.py",
    "funcad/transforms/formulas.py",
    "funcad/transforms/growing.py",
    "funcad/transforms/leaves.py",
    "funcad/transforms/lifetimes.py",
    "funcad/transforms/linear.py",
    "funcad/transforms/recording.py",
    "funcad/transforms/select.py",
    "funcad/transforms/series.py",
    "funcad/transforms/slopes.py",
    "funcad/transforms/tape.py",
    "funcad/transforms/variable.py",
    "funcad/transforms/walk.py",
)

#: needed for building a compiled kernel only, and not by the result
MYPYC = "mypy>=2"

#: other packages and the user's configuration do not matter here: `mypy --strict` checks the types
MYPY_OPTIONS = ("--config-file=", "--follow-imports=skip", "--ignore-missing-imports")

BUILDING = {"bdist_wheel", "build", "build_ext", "editable_wheel", "install"}
EDITABLE = "extensions would hide later changes to the sources of an editable install"

PROBE = """
#include <Python.h>
PyMODINIT_FUNC PyInit_probe(void) { return NULL; }
"""


def main() -> None:
    """Run the command of setuptools in the build that the environment and the machine allow."""
    pure, demanded = asked("FUNCAD_PURE"), asked("FUNCAD_COMPILED")
    if pure and demanded:
        sys.exit("FUNCAD_PURE and FUNCAD_COMPILED contradict each other: set one of them")
    if pure:
        run_pure("FUNCAD_PURE is set")
    elif reason := EDITABLE if "editable_wheel" in sys.argv else obstacle():
        if demanded:
            sys.exit(f"FUNCAD_COMPILED is set, but {reason}")
        run_pure(reason)
    elif BUILDING.isdisjoint(sys.argv):
        # build frontends ask `egg_info` what a build needs
        setup(setup_requires=[MYPYC] if "egg_info" in sys.argv else [])
    else:
        run_compiled(demanded)


def asked(variable: str) -> bool:
    """Return whether a variable of the environment is set, to something else than 0."""
    return os.environ.get(variable, "") not in ("", "0")


def obstacle() -> str | None:
    """Say why the kernel cannot be compiled here; None where it can."""
    if sys.implementation.name != "cpython":
        return f"mypyc compiles for CPython, and this is {sys.implementation.name}"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "the kernel has not been tried on a Python without a global lock"
    return None if has_compiler() else "there is no C compiler that finds Python.h"


def has_compiler() -> bool:
    """Return whether an extension module can be compiled and linked, by doing it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "probe.c")
        source.write_text(PROBE, encoding="utf-8")
        extension = Extension("probe", [str(source)])
        command = build_ext(Distribution({"name": "probe", "ext_modules": [extension]}))
        command.build_lib = command.build_temp = folder
        try:
            command.ensure_finalized()
            command.run()
        except (Exception, SystemExit):
            return False
    return True


def extensions(folder: str) -> list[Extension]:
    """Translate the kernel to C, into a folder."""
    from mypyc.build import mypycify

    arguments = [*MYPY_OPTIONS, *KERNEL]
    found = mypycify(arguments, opt_level="3", debug_level="0", target_dir=folder, group_name="funcad")
    for e in found:
        # the warnings of some other compiler are no reason to fail
        e.extra_compile_args = [a for a in e.extra_compile_args if a != "-Werror"]
    return found


def run_pure(reason: str) -> None:
    """Run the command without extensions, and say why where it builds."""
    if not BUILDING.isdisjoint(sys.argv):
        print(f"funcad is built as pure Python: {reason}", file=sys.stderr)
    setup(options={"build": {"build_base": fresh("build/pure")}})


def run_compiled(demanded: bool) -> None:
    """Run the command with the compiled kernel; where that fails, without, unless it was demanded."""
    try:
        folder = fresh("build/compiled")
        setup(ext_modules=extensions(f"{folder}/c"), options={"build": {"build_base": folder}})
    except (Exception, SystemExit) as e:
        # both mypyc and setuptools exit on errors
        if demanded:
            raise
        run_pure(f"compiling the kernel failed: {e!r}")


def fresh(folder: str) -> str:
    """Empty a folder of builds: setuptools packs whatever an earlier build has left in it."""
    if not BUILDING.isdisjoint(sys.argv):
        shutil.rmtree(folder, ignore_errors=True)
    return folder


if __name__ == "__main__":
    main()
