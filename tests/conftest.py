"""What holds for all tests: what is measured, how long a property test may take on a busy machine; the browser."""

import gc
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from .browser import browser, page, pytest_itemcollected, watching

__all__ = ["browser", "page", "pytest_itemcollected", "watching"]

MEASURED = 10  # the first cases of a test, and each tenth after them

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_xdist_auto_num_workers():
    """One process more than cores: some wait for a browser or for a process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items):
    """Most cases go through the lines of the first ones; measured, Values take more than four times as long."""
    cases = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        if cases[test] >= MEASURED and cases[test] % MEASURED:
            item.add_marker(pytest.mark.no_cover)
        cases[test] += 1


def pytest_collection_finish():
    """Leave the tests themselves, some hundred thousand objects, out of every later run of the garbage collector."""
    gc.collect()
    gc.freeze()
