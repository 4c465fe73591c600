"""The report as JUnit XML: of the form that graders read, true to the exit status, and safe whatever texts it holds."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from autograd.check.conformance.junit import junit
from autograd.check.conformance.report import Figure, Report

from .example_reports import BROKEN, FINE, HOSTILE_TEXTS, PLACE, SECRET, STUDENT, case, hostile

# junit-10.xsd of Jenkins' xUnit plugin, as far as it matters here: tag -> required and further attributes, children.
SCHEMA = {
    "testsuites": ({"name"}, {"time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"}, {"skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": ({"name"}, {"classname", "time", "group"}, {"failure", "error", "skipped", "system-out", "system-err"}),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
    "system-err": (set(), set(), set()),
}  # fmt: skip
TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")  # SUREFIRE_TIME
ORDER = ("properties", "testcase", "system-out", "system-err")  # demanded by the older schema of Ant


def parsed(report, hints=1):
    return ElementTree.fromstring(junit(report, hints).encode("utf-8"))


def assert_valid(root):
    assert root.tag == "testsuites"
    for element in root.iter():
        required, further, children = SCHEMA[element.tag]
        assert required <= set(element.attrib) <= required | further, element.attrib
        assert {child.tag for child in element} <= children
        assert TIME.fullmatch(element.get("time", "0.0"))
    for suite in root:
        assert [ORDER.index(child.tag) for child in suite] == sorted(ORDER.index(child.tag) for child in suite)
        assert sum(child.tag == "properties" for child in suite) <= 1
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases) > 0
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count)) == sum(found.find(tag) is not None for found in cases)
        for found in cases:
            assert sum(child.tag in ("failure", "error", "skipped") for child in found) <= 1
        names = [(found.get("classname"), found.get("name")) for found in cases]
        assert len(set(names)) == len(names)
    for count in ("tests", "failures", "errors"):
        assert int(root.get(count)) == sum(int(suite.get(count)) for suite in root)


def named(root, classname, name):
    found = [c for c in root.iter("testcase") if (c.get("classname"), c.get("name")) == (classname, name)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("level", ["lesson", "complete", "robust"])
@pytest.mark.parametrize("report", [STUDENT, FINE, BROKEN, Report("engine.py:Value")], ids=["3", "0", "-", "empty"])
def test_it_has_the_form_of_the_schema(report, level):
    assert_valid(parsed(replace(report, level=level)))


@pytest.mark.parametrize("level", ["lesson", "complete", "robust"])
@pytest.mark.parametrize("report", [STUDENT, FINE, BROKEN], ids=["3", "0", "-"])
def test_something_fails_exactly_if_the_exit_status_is_not_0(report, level):
    report = replace(report, level=level)
    root = parsed(report)
    failing = int(root.get("failures")) + int(root.get("errors"))
    assert failing == (1 if report.problem else len(report.failures(level)))
    assert (failing > 0) == (report.status() != 0)


def test_every_case_is_there_in_the_suite_of_its_level():
    root = parsed(STUDENT)
    assert [suite.get("name") for suite in root] == ["lesson", "complete", "robust"]
    for suite in root:
        found = {f"{c.get('classname').removeprefix('conformance.')}/{c.get('name')}" for c in suite.iter("testcase")}
        assert found == {result.name for result in STUDENT.of_level(suite.get("name"))}


def test_a_wrong_answer_is_a_failure():
    found = named(parsed(STUDENT), "conformance.functions", "tanh")
    assert found.get("time") == "0.012"
    assert found.find("failure").attrib == {
        "type": "wrong",
        "message": "tanh has the right value and the right derivative. Seen: a.grad is 1.25992; right: -1.25992",
    }
    assert found.find("failure").text == (
        "tanh has the right value and the right derivative.\n\n"
        "a = Value(1.0)\nb = a.tanh()\nc = b * -3.0\nc.backward()\n\nseen:  a.grad is 1.25992\nright: -1.25992"
    )


def test_what_ends_without_an_answer_is_an_error():
    root = parsed(replace(STUDENT, level="robust"))
    assert named(root, "conformance.order", "2**60 paths").find("error").get("type") == "time limit"
    assert named(root, "conformance.cost", "freed").find("error").get("type") == "memory limit"
    crashed = named(root, "conformance.passes", "twice").find("error")
    assert crashed.get("type") == "crashed"
    assert crashed.get("message").endswith("Seen: the Python that ran it ended")


def test_what_is_not_offered_is_skipped_where_it_is_not_demanded():
    at_lesson, at_complete = parsed(STUDENT), parsed(replace(STUDENT, level="complete"))
    words = "the class does not offer it"
    assert (
        named(at_lesson, "conformance.functions", "log").find("skipped").get("message")
        == f"{words}; needed at complete"
    )
    assert named(at_complete, "conformance.functions", "log").find("failure").get("type") == "missing"
    assert named(at_complete, "conformance.functions", "erf").find("skipped").get("message") == words


def test_what_fails_above_the_level_is_skipped_and_says_so():
    message = named(parsed(STUDENT), "conformance.depth", "1000").find("skipped").get("message")
    assert message.startswith("wrong, but complete was not asked for: A chain of 1000 operations. Seen: backward: Rec")


def test_what_holds_and_what_is_reported_has_no_children():
    root = parsed(STUDENT)
    assert len(named(root, "conformance.operators", "a + b")) == 0
    assert len(named(root, "conformance.cost", "memory")) == 0


def test_figures_and_the_verdict_are_properties_of_the_first_suite():
    root = parsed(STUDENT)
    properties = {p.get("name"): p.get("value") for p in root[0].iter("property")}
    assert properties["verdict"] == "lesson does not hold: 8 of 40 cases fail"
    assert properties["memory per node"] == "1,234 bytes of a chain of 100,000 sums, by tracemalloc"
    assert properties["name of gradient"] == ".grad"
    assert properties["python"] == "3.11.4"
    assert [suite.find("properties") is None for suite in root] == [False, True, True]
    alone = replace(STUDENT, results=STUDENT.of_level("robust"))
    assert parsed(alone)[0].find("system-out") is not None


def test_the_diagnoses_are_told_and_the_solution_only_when_asked_for():
    said = parsed(STUDENT)[0].find("system-out").text
    assert said.startswith("probably wrong, the most certain first\n\n1. `=` where `+=` is needed")
    assert "\n\n3. 2.0 - a gives a - 2.0  [rsub-reversed]\n" in said
    for hints, has in ((1, (False, False)), (2, (True, False)), (3, (True, True))):
        assert (PLACE in junit(STUDENT, hints), SECRET in junit(STUDENT, hints)) == has
    assert parsed(FINE)[0].find("system-out") is None


def test_a_class_that_could_not_be_examined_is_an_error():
    error = next(parsed(BROKEN).iter("error"))
    assert error.get("message").startswith("engine.py:Valu could not be examined: engine.py has no class Valu")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize("level", ["lesson", "robust"])
def test_hostile_texts_stay_texts(text, level):
    report = replace(hostile(text), level=level)
    root = parsed(report, hints=3)
    assert_valid(root)
    assert int(root.get("failures")) + int(root.get("errors")) == len(report.failures(level))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_valid_xml(text):
    assert_valid(parsed(replace(hostile(text), level="robust"), hints=3))


def test_escapes_show_what_was_there():
    report = replace(STUDENT, results=(case("a/b", "lesson", "t.", "wrong", "<b>\x1b[2J &amp;", "\x00", "x\x07"),))
    failure = next(parsed(report).iter("failure"))
    assert failure.get("message") == "t. Seen: <b>\\x1b[2J &amp;; right: \\x00"
    assert failure.text == "t.\n\nx\\x07\n\nseen:  <b>\\x1b[2J &amp;\nright: \\x00"


def test_times_and_figures_that_are_no_numbers():
    slow = replace(case("a/b", "lesson", "t."), seconds=float("inf"))
    figures = (Figure("time", float("nan"), "seconds"),)
    root = parsed(replace(STUDENT, results=(slow,), seconds=float("nan"), figures=figures))
    assert_valid(root)
    assert root.get("time") == root[0].get("time") == "0.000"


def test_a_name_with_points_is_no_package():
    found = parsed(replace(STUDENT, results=(case("2.0/x", "lesson", "t."),)))
    assert named(found, "conformance.2_0", "x") is not None
