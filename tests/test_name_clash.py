"""HIPS autograd and scalar-autograd have the same import name: what happens when both are installed."""

import zipfile
from pathlib import Path

import pytest

from .distributions import Environment, built, hips_wheel

IMPORT_AUTOGRAD = "import autograd; print(autograd.Value(2.0).data)"
REMEDY = ("`pip uninstall autograd`", "`pip install --force-reinstall scalar-autograd`")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "env", dependencies=True)


def test_alone_it_warns_of_nothing(environment: Environment) -> None:
    environment.pip("install", built()[0])
    result = environment.run(f"{IMPORT_AUTOGRAD}; import nn")
    assert (result.returncode, result.stdout, result.stderr) == (0, "2.0\n", "")


def test_installed_last_it_warns_and_names_the_remedy(environment: Environment) -> None:
    environment.pip("install", hips_wheel())
    environment.pip("install", built()[0])
    result = environment.run(IMPORT_AUTOGRAD)
    assert result.stdout == "2.0\n"
    assert "<string>:1: UserWarning: HIPS autograd" in result.stderr
    assert all(words in result.stderr for words in REMEDY)


def test_installed_first_nn_objects_and_the_remedy_works(environment: Environment) -> None:
    environment.pip("install", built()[0])
    environment.pip("install", hips_wheel())
    _nn_objects(environment)

    environment.pip("uninstall", "autograd")  # which takes our `autograd/__init__.py` along
    _nn_objects(environment)

    environment.pip("install", "--force-reinstall", built()[0])
    result = environment.run(f"{IMPORT_AUTOGRAD}; import nn")
    assert (result.returncode, result.stdout, result.stderr) == (0, "2.0\n", "")


def _nn_objects(environment: Environment) -> None:
    result = environment.run("import nn")
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("ImportError: nn needs the `autograd` of scalar-autograd")
    assert str(environment.packages / "autograd") in last
    assert all(words in last for words in REMEDY)


def test_the_wheel_holds_no_file_of_hips_autograd_but_init() -> None:
    ours, theirs = files(built()[0]), files(hips_wheel())
    assert ours & theirs == {"autograd/__init__.py"}
    folders = {name.rsplit("/", 1)[0] for name in theirs if name.count("/") > 1}
    modules = {name.removesuffix(".py") for name in theirs} | folders
    assert {name.removesuffix(".py") for name in ours} & modules == {"autograd/__init__"}


def files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())
