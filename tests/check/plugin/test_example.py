"""The example project, copied and run as its README says."""

import re
import shutil

import pytest

from ...distributions import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "gradcheck-with-pytest"
README = EXAMPLE.joinpath("README.md").read_text("utf-8")


@pytest.fixture
def project(pytester):
    for file in EXAMPLE.glob("*.*"):
        shutil.copy(file, pytester.path)
    return pytester


def test_all_of_it_passes(project):
    project.runpytest_subprocess("-W", "error").assert_outcomes(passed=8)


def test_the_engine_passes(project):
    result = project.runpytest_inprocess("test_engine.py", "--value-class", "engine.py:Value", "-W", "error")
    result.assert_outcomes(passed=3)


def test_the_mistake_is_found_and_named_and_the_smallest_program_is_that_of_the_readme(project):
    result = project.runpytest_inprocess("test_engine.py", "--value-class", "overwriting_engine.py:Value")
    result.assert_outcomes(passed=1, failed=2)
    shown = [line.removeprefix("E").strip() for line in result.outlines]
    (output,) = re.findall(r"^```\n\$ (pytest test_engine.*?)^```", README, re.MULTILINE | re.DOTALL)
    command, *lines = [line for line in output.splitlines() if line]
    assert command == "pytest test_engine.py --value-class overwriting_engine.py:Value"
    assert [line for line in lines if line not in shown] == []
    result.stdout.fnmatch_lines([
        "the gradient of test_a_polynomial is wrong at 5 of 5 points (seed 0)",
        "input * analytic * numeric * difference * error estimate * verdict",
        "x * wrong",
        "`=` where `+=` is needed*[[]overwrite[]]",
    ])  # fmt: skip


def test_the_two_engines_differ_in_the_mistake_alone():
    right, wrong = (EXAMPLE.joinpath(name).read_text("utf-8") for name in ("engine.py", "overwriting_engine.py"))
    pairs = [pair for pair in zip(right.splitlines()[1:], wrong.splitlines()[1:], strict=True) if len(set(pair)) == 2]
    assert [(one.replace("+=", "="), two) for one, two in pairs] == [(two, two) for _, two in pairs]
    assert len(pairs) == 2


def test_the_readme_shows_code_of_the_project_and_names_its_files():
    (code,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert code in EXAMPLE.joinpath("test_losses.py").read_text("utf-8")
    names = set(re.findall(r"`(\w+\.py)`", README))
    assert names - {"conftest.py"} == {file.name for file in EXAMPLE.glob("*.py")}
