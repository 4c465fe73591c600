"""The conformance suite as pytest tests: `pytest --value-class my:Value --pyargs autograd.check.suite`.

This file owns which outcome of a case becomes which outcome of a test; it must not know how a class is examined.
Read next: `conformance/runner.py`, the examination, which is made once for all tests.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from .conformance import Case, CaseResult, Report, cases, examine
from .conformance.report import LEVELS
from .conformance.wording import harmless, lines, told, visible

__all__ = [
    "pytest_generate_tests",
    "report",
    "results",
    "test_case",
    "test_no_known_mistake",
    "test_the_class_can_be_examined",
]

WITHOUT_PLUGIN = "autograd.check.suite needs the plugin pytest_autograd, which is switched off (-p no:pytest_autograd)"
NODE = "autograd/check/suite.py"
LONGEST_PROGRAM = 16  # lines of a program that are shown
PATIENCE = 600.0  # seconds to wait for the examination that another worker of pytest-xdist makes


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each case; what they are called is the same from wherever pytest is started."""
    if metafunc.config.getoption("value_level", default=None) is None:
        raise pytest.Collector.CollectError(WITHOUT_PLUGIN)
    _call(metafunc.definition.getparent(pytest.Module), NODE)
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The examination of the class that `--value-class` names, without that option of `autograd.Value`."""
    config = request.config
    target, level = config.getoption("value_class") or "autograd:Value", config.getoption("value_level")
    file, _, name = target.rpartition(":")
    if file.endswith(".py"):
        target = f"{config.invocation_params.dir / file}:{name}"

    def examined() -> Report:
        return examine(target, level=level)

    if not hasattr(config, "workerinput"):
        return examined()
    return _shared(tmp_path_factory.getbasetemp().parent, examined)


@pytest.fixture(scope="session")
def results(report: Report) -> Mapping[str, CaseResult]:
    """What became of each case, by its name."""
    if report.problem:
        pytest.skip("the class could not be examined")
    return {result.name: result for result in report.results}


def test_the_class_can_be_examined(report: Report) -> None:
    """The class is found, and offers what every engine has: data, a gradient, a backward pass."""
    if report.problem:
        pytest.fail(visible(f"{report.target}: {report.problem}"), pytrace=False)


def test_no_known_mistake(results: Mapping[str, CaseResult], report: Report) -> None:
    """Nothing that was observed looks like a mistake that is known by name."""
    counted = LEVELS[: LEVELS.index(report.level) + 1]
    found = [harmless(diagnosis).text() for diagnosis in report.diagnoses if diagnosis.level in counted]
    if found:
        pytest.fail("\n\n".join(["probably wrong, the most certain first:", *found]), pytrace=False)


def test_case(case: Case, results: Mapping[str, CaseResult], report: Report) -> None:
    """The case holds; those of higher levels, and of what the class need not offer, are skipped with their outcome."""
    result = results.get(case.name)
    if result is None:
        pytest.skip("not asked: what it is made of does not hold")
    seen, right = map(visible, told(result))
    if result.failed(report.level):
        said = [f"{result.outcome}: {visible(result.title)}", _program(result), f"seen:  {seen}", f"right: {right}"]
        pytest.fail("\n".join([line for line in said if line and line != "right: "]), pytrace=False)
    above = "" if result.counts(report.level) else f" ({result.level} level)"
    if above or result.outcome != "holds":
        pytest.skip(f"{result.outcome}{above}{f': {seen}' if seen else ''}")


def _call(module: Any, node: str) -> None:
    """Give the module and its tests a node id; outside of pytest's root folder it would be empty.

    There is no public way. Where the private one is another, the tests have their usual names.
    """
    if hasattr(module, "_nodeid"):
        module._nodeid = node
    elif hasattr(module, "_id"):  # pytest 9.1 and later
        module._id = type(module._id).parse(node)


def _program(result: CaseResult) -> str:
    """The program of the case, indented, and cut if it is long."""
    code = lines(result.program)
    cut = [f"... and {len(code) - LONGEST_PROGRAM} more lines"] if len(code) > LONGEST_PROGRAM else []
    return indent("\n".join([*code[:LONGEST_PROGRAM], *cut]), "    ")


def _shared(folder: Path, examined: Callable[[], Report]) -> Report:
    """The report of the worker of pytest-xdist that comes first; it leaves it to the others in a folder of them all."""
    place = folder / "conformance.json"
    try:
        os.close(os.open(folder / "conformance.lock", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        end = time.monotonic() + PATIENCE
        while not place.exists() and time.monotonic() < end:
            time.sleep(0.1)
        return Report.from_json(place.read_text(encoding="utf-8")) if place.exists() else examined()
    found = examined()
    written = folder / "conformance.part"
    written.write_text(found.to_json(), encoding="utf-8")
    written.replace(place)  # at once: the others see all of it or nothing
    return found
