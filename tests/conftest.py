"""Hypothesis profiles, and a registry that no test changes for the next one."""

import os
import zlib

import pytest
from hypothesis import settings

import funcad as fc
from funcad.core.primitive import registry
from funcad.testing.cases import scipy as _scipy  # noqa: F401 - loads the tables for SciPy, for all tests
from funcad.testing.samples import SAMPLES

settings.register_profile("quick", max_examples=3, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=200, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def portion():
    """Return what takes a share of the sample calls of SciPy's functions: a third, and all of them if thorough.

    It is another third on a compiled build. Of NumPy's functions every sample is checked in every run.
    """
    thorough = settings.get_current_profile_name() == "thorough"
    compiled = fc.build_info().compiled

    def take(p, calls):
        calls = list(calls)
        if thorough or not p.name.startswith("scipy.") or len(calls) < 3:
            return calls
        return calls[(zlib.crc32(p.name.encode()) + compiled) % 3 :: 3]

    return take


@pytest.fixture(autouse=True)
def scratch():
    """Undo, after a test, every registration that it made."""
    rules, samples = dict(registry), dict(SAMPLES)
    yield
    for table, before in ((registry, rules), (SAMPLES, samples)):
        table.clear()
        table.update(before)
