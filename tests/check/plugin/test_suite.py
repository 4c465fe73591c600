"""The conformance suite as pytest tests: what becomes of each outcome, and that one examination serves all."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

import autograd.check.suite
from autograd.check.conformance import CaseResult, Report, cases
from autograd.check.diagnosis import Diagnosis

from ..conformance.engines import SMALL

SUITE = ("--pyargs", "autograd.check.suite", "-W", "error", "-p", "no:cacheprovider")

# One case of each kind; all others hold.
SHARED = CaseResult("sharing/a * a", "sharing", "lesson", "both count", "wrong", "a.grad is 3", "6", "b = a * a")
LONG = CaseResult("mixed/150 operations", "mixed", "lesson", "t", "crashed", "it ended", "", "\n".join("x" * 150))
DEEP = CaseResult(
    next(case.name for case in cases() if case.group == "size"),
    "size",
    "robust",
    "deep",
    "time limit",
    "no answer within 5 s",
)
ABSENT = CaseResult("functions/cbrt", "functions", "lesson", "t", "not offered", "no cbrt")
NEEDED = CaseResult("functions/exp", "functions", "lesson", "t", "not offered", "no exp", needed="complete")
MISTAKE = Diagnosis("overwrite", "`=` where `+=` is needed", "mul", "a.grad is 3", "b = a * a", "sum", ("?", "!", "."))


@pytest.fixture
def examined(pytester, monkeypatch):
    """Run the suite as if an examination had found this."""

    def run(*arguments, results=(), **found):
        asked = []
        changed = {result.name: result for result in results}

        def examine(target, level):
            asked.append((target, level))
            held = [CaseResult(case.name, case.group, case.level, case.title, "holds") for case in cases()]
            all_results = tuple(changed.get(result.name, result) for result in held)
            return Report(target, "Value", level, **{"results": all_results, **found})

        monkeypatch.setattr(autograd.check.suite, "examine", examine)
        return pytester.runpytest_inprocess(*SUITE, *arguments), asked

    return run


def higher(*levels):
    return sum(case.level in levels for case in cases())


def test_each_case_is_a_test_and_the_class_is_examined_once(examined):
    result, asked = examined("--value-level", "robust")
    result.assert_outcomes(passed=len(cases()) + 2)
    assert asked == [("autograd:Value", "robust")]


def test_without_a_level_it_is_the_lesson_and_what_lies_above_is_skipped(examined):
    result, asked = examined("-rs", "--value-class", "my_engine:Scalar")
    above = higher("complete", "robust")
    result.assert_outcomes(passed=len(cases()) + 2 - above, skipped=above)
    assert asked == [("my_engine:Scalar", "lesson")]
    result.stdout.fnmatch_lines([f"SKIPPED [[]{higher('robust')}[]] *: holds (robust level)"])


def test_a_file_is_named_from_where_pytest_was_started(examined, pytester):
    pytester.makepyfile(my_engine="")
    _, asked = examined("--value-class", "my_engine.py:Value")
    assert asked == [(f"{pytester.path / 'my_engine.py'}:Value", "lesson")]


def test_a_case_that_does_not_hold_fails_with_its_program(examined):
    result, _ = examined(results=[SHARED, LONG])
    text = result.stdout.str()
    assert "wrong: both count\n    b = a * a\nseen:  a.grad is 3\nright: 6\n" in text
    assert "crashed: t\n" + 16 * "    x\n" + "    ... and 134 more lines\nseen:  it ended\n" in text
    assert "right: \n" not in text
    assert "suite.py" not in text.partition("short test summary")[0].partition("FAILURES")[2]


def test_what_is_asked_at_a_higher_level_is_skipped_with_its_outcome(examined):
    result, _ = examined("-rs", results=[DEEP, ABSENT, NEEDED])
    result.assert_outcomes(passed=len(cases()) - higher("complete", "robust"), skipped=higher("complete", "robust") + 2)
    text = result.stdout.str()
    assert "time limit (robust level): no answer within 5 s" in text
    assert ": not offered: no cbrt" in text
    result, _ = examined("--value-level", "complete", results=[DEEP, ABSENT, NEEDED])
    assert result.parseoutcomes()["failed"] == 1  # exp is needed there
    result, _ = examined("--value-level", "robust", results=[DEEP, ABSENT, NEEDED])
    assert result.parseoutcomes()["failed"] == 2


def test_a_mistake_that_is_recognised_is_named(examined):
    result, _ = examined("-k", "mistake", diagnoses=(MISTAKE,))
    result.assert_outcomes(failed=1, deselected=len(cases()) + 1)
    result.stdout.fnmatch_lines(["probably wrong, the most certain first:", "", "`=` where `+=` is needed*overwrite*"])
    higher_mistake = Diagnosis(*[getattr(MISTAKE, name) for name in MISTAKE.__dataclass_fields__][:-1], "robust")
    examined("-k", "mistake", diagnoses=(higher_mistake,))[0].assert_outcomes(passed=1, deselected=len(cases()) + 1)


def test_a_class_that_cannot_be_examined_is_one_failure(examined):
    result, _ = examined(results=[], problem="there is no module nowhere")
    result.assert_outcomes(failed=1, skipped=len(cases()) + 1)
    result.stdout.fnmatch_lines(["autograd:Value: there is no module nowhere"])


def test_what_a_class_says_is_made_visible(examined):
    """No escape sequence of a class reaches the terminal, whatever text it stands in."""
    bad = "a\x1b[2Jb"
    wrong = replace(SHARED, title=bad, seen=bad, expected=bad, program=bad)
    mistake = Diagnosis(bad, bad, bad, bad, bad, bad, (bad, bad, bad))
    for found in ({"results": [wrong], "diagnoses": (mistake,)}, {"problem": bad}):
        text = examined(**found)[0].stdout.str()
        assert "a\\x1b[2Jb" in text
        assert "\x1b[2J" not in text


def test_workers_share_one_report_through_a_folder(tmp_path):
    report = Report("a:B", "B", results=(SHARED,), diagnoses=(replace(MISTAKE, hints=MISTAKE.hints[:1]),))
    made = []

    def examine():
        made.append(1)
        return replace(report, diagnoses=(MISTAKE,))

    assert autograd.check.suite._shared(tmp_path, examine).diagnoses == (MISTAKE,)
    assert autograd.check.suite._shared(tmp_path, examine) == report  # no solution stays in the folder
    assert made == [1]
    assert json.loads(tmp_path.joinpath("conformance.json").read_text("utf-8"))["target"] == "a:B"


def test_a_worker_that_waits_in_vain_examines_for_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(autograd.check.suite, "PATIENCE", 0.2)
    tmp_path.joinpath("conformance.lock").touch()  # of a worker that was killed
    report = Report("a:B")
    assert autograd.check.suite._shared(tmp_path, lambda: report) is report


@pytest.mark.parametrize("folder", ["", "below"])
def test_tests_have_the_same_names_from_everywhere(examined, pytester, folder, monkeypatch):
    """Their node ids, and the class names by which servers sort them."""
    (pytester.path / "below").mkdir()
    monkeypatch.chdir(pytester.path / folder)
    result, _ = examined("--junitxml=out.xml", results=[SHARED])
    result.stdout.fnmatch_lines(["FAILED autograd/check/suite.py::test_case[[]sharing/a [*] a[]] - *"])
    written = ElementTree.parse(pytester.path / folder / "out.xml").getroot()
    assert {case.get("classname") for case in written.iter("testcase")} == {"autograd.check.suite"}


def test_without_the_plugin_one_line_says_so(pytester):
    result = pytester.runpytest_subprocess("-p", "no:pytest_autograd", *SUITE)
    assert result.ret != 0
    text = result.stdout.str()
    assert text.count(autograd.check.suite.WITHOUT_PLUGIN) == 1
    assert "value_class" not in text
    assert len(result.stdout.lines) < 15


def test_an_engine_is_examined_by_two_workers_with_one_examination(pytester):
    """The real thing, on an engine that does what a lesson asks for."""
    (pytester.path / "engine.py").write_text(SMALL, "utf-8")
    base = pytester.path / "base"
    result = pytester.runpytest_subprocess(*SUITE, "-n", "2", "--value-class", "engine.py:Value", f"--basetemp={base}")
    outcomes = result.parseoutcomes()
    assert set(outcomes) == {"passed", "skipped"}, result.stdout.str()
    assert outcomes["passed"] + outcomes["skipped"] == len(cases()) + 2
    assert outcomes["passed"] > 25
    assert json.loads(base.joinpath("conformance.json").read_text("utf-8"))["class_name"] == "Value"
