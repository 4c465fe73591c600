"""What holds for all tests: how long a property test may take on a busy machine decides nothing; the browser."""

import gc

from hypothesis import HealthCheck, settings

from .browser import browser, page, watching

__all__ = ["browser", "page", "watching"]

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_finish():
    """Leave the tests themselves, some hundred thousand objects, out of every later run of the garbage collector."""
    gc.collect()
    gc.freeze()
