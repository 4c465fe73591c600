"""The inner runs of pytest print what they print in a terminal, in continuous integration too."""

import pytest


@pytest.fixture(autouse=True)
def as_in_a_terminal(monkeypatch):
    for name in ("CI", "BUILD_NUMBER"):  # with one of them set, pytest repeats whole messages in its summary
        monkeypatch.delenv(name, raising=False)
