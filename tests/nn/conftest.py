"""What runs here is not measured: a training calls the engine so often that measuring takes four times as long.

The engine is covered by tests of its own.
"""

import pytest
from coverage import Coverage


@pytest.fixture(autouse=True, scope="module")
def not_measured():
    measuring = Coverage.current()
    if measuring is None:
        yield
    else:
        measuring.stop()
        yield
        measuring.start()
