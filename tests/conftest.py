"""What holds for all tests: what is measured, how long a property test may take on a busy machine; the browser."""

import gc
import os
from collections import Counter
from importlib import import_module
from pkgutil import walk_packages

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

import autograd

from .browser import browser, page, pytest_itemcollected, watching

__all__ = ["browser", "page", "pytest_itemcollected", "watching"]

MEASURED = 10  # the first cases of a test, and each tenth after them
TRAININGS = ("tests/nn/cli/", "tests/nn/test_optimizers_conv", "tests/nn/test_phenomena", "tests/nn/test_syllabus")

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_xdist_auto_num_workers():
    """One process more than cores: some wait for a browser or for a process."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    """In a process of xdist pytest-cov starts two measurements: where `no_cover` stops the second the first went on."""
    first = Coverage.current()
    if first and hasattr(session.config, "workerinput"):
        first.stop()


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is measured of the collection is the import of our modules: measured as a whole it takes twice as long."""
    for module in walk_packages(autograd.__path__, "autograd."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    measurement = Coverage.current()
    if measurement:
        measurement.stop()
    gc.disable()  # it would go through some hundred thousand objects of which none can go
    try:
        return (yield)
    finally:
        gc.enable()
        if measurement:
            measurement.start()


def pytest_collection_modifyitems(items):
    """Most cases go through the lines of the first ones, and trainings through lines that have tests of their own.

    Measured, Values take more than four times as long.
    """
    cases = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test.startswith(TRAININGS) or (cases[test] >= MEASURED and cases[test] % MEASURED):
            item.add_marker(pytest.mark.no_cover)
        cases[test] += 1


@pytest.fixture(scope="module", autouse=True)
def only_new_objects():
    """Leave what is there before, the tests themselves and more, out of every run of the garbage collector."""
    gc.collect()
    gc.freeze()
