"""Hypothesis profiles, and a registry that no test changes for the next one."""

import os

import pytest
from hypothesis import settings

from funcad.core.primitive import registry
from funcad.testing.cases import scipy as _scipy  # noqa: F401 - loads the tables for SciPy, for all tests
from funcad.testing.samples import SAMPLES

settings.register_profile("quick", max_examples=3, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=200, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def scratch():
    """Undo, after a test, every registration that it made."""
    rules, samples = dict(registry), dict(SAMPLES)
    yield
    for table, before in ((registry, rules), (SAMPLES, samples)):
        table.clear()
        table.update(before)
