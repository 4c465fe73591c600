"""A cache of native code that all processes of a test run share, and that is not the user's."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_session(tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder.parent if folder.name.startswith("popen-") else folder))
        yield
