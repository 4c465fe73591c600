"""The report as JUnit XML, for graders and servers that run tests.

This file owns which outcome becomes which element; it must not know how the cases were run.
Read next: `text.py`, the report in a terminal.

The form is that of the schema `junit-10.xsd` of the xUnit plugin of Jenkins, which GitLab, GitHub's actions and pytest
keep to as well. What fails there is exactly what keeps the class from the level that was asked for.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from .report import LEVELS, CaseResult, Report
from .wording import harmless, lines, mark, measured, suspicion, told, verdict, visible

__all__ = ["junit"]

ERRORS = ("time limit", "memory limit", "crashed")  # it gave no answer, where a failure is a wrong one


def junit(report: Report, hints: int = 1) -> str:
    """The report as JUnit XML.

    A suite per level holds the cases that the level asks for and those below do not. A wrong answer becomes a
    `failure`, as does an operation that the level demands and the class does not offer; a limit or a crash becomes an
    `error`. `skipped` is what the class does not offer and need not, and what fails at a higher level only. Figures
    become properties. A class that could not be examined is one `error`.

    Args:
        report: The report.
        hints: How much the diagnoses, which are in `system-out`, tell: 1 no solution, 2 where to look, 3 the solution.

    Returns:
        The text of a file in UTF-8.

    Raises:
        ValueError: If hints is not 1, 2 or 3, and there is a diagnosis.

    Example:
        >>> from autograd.check.conformance.report import CaseResult, Report
        >>> held = CaseResult("sharing/a + a", "sharing", "lesson", "a + a has the gradient 2", "holds", seconds=0.25)
        >>> print(junit(Report("engine.py:Value", results=(held,), seconds=0.5)))
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="engine.py:Value" tests="1" failures="0" errors="0" time="0.500">
          <testsuite name="lesson" tests="1" failures="0" errors="0" skipped="0" time="0.250">
            <properties>
              <property name="level" value="lesson" />
              <property name="verdict" value="lesson holds: 1 of 1 cases" />
            </properties>
            <testcase classname="conformance.sharing" name="a + a" time="0.250" />
          </testsuite>
        </testsuites>
        <BLANKLINE>
    """
    suites = [_not_examined(report)] if report.problem else [_suite(report, level, hints) for level in LEVELS]
    suites = [suite for suite in suites if suite.get("tests") != "0"]
    root = ElementTree.Element("testsuites", name=visible(report.target))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("time", _time(report.seconds))
    root.extend(suites)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _not_examined(report: Report) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name="examination", tests="1", failures="0", errors="1", skipped="0")
    case = ElementTree.SubElement(suite, "testcase", classname="conformance", name="the class can be examined")
    message = verdict(report)
    ElementTree.SubElement(case, "error", type="not examined", message=message).text = message
    return suite


def _suite(report: Report, level: str, hints: int) -> ElementTree.Element:
    results = report.of_level(level)
    suite = ElementTree.Element("testsuite", name=level, tests=str(len(results)))
    cases = [_case(result, report.level) for result in results]
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", _time(sum(result.seconds for result in results)))
    if level == _first_level(report):
        suite.append(_properties(report))
    suite.extend(cases)
    if level == _first_level(report) and report.diagnoses:
        ElementTree.SubElement(suite, "system-out").text = _diagnoses(report, hints)
    return suite


def _first_level(report: Report) -> str:
    """The lowest level that has a case: what belongs to the whole report stands there."""
    return next((level for level in LEVELS if report.of_level(level)), LEVELS[0])


def _properties(report: Report) -> ElementTree.Element:
    found = {"class": report.class_name, "python": report.python, "level": report.level, "verdict": verdict(report)}
    found |= {f"name of {role}": name for role, name in report.names.items()}
    found |= {"offered": " ".join(report.offered)}
    found |= {figure.name: f"{measured(figure)} {figure.note}".strip() for figure in report.figures}
    properties = ElementTree.Element("properties")
    for name, value in found.items():
        if value:
            ElementTree.SubElement(properties, "property", name=visible(name), value=visible(value))
    return properties


def _case(result: CaseResult, level: str) -> ElementTree.Element:
    name = visible(result.name.removeprefix(f"{result.group}/"))
    group = visible(result.group).replace(".", "_")  # a point would divide it where class names are shown as a tree
    case = ElementTree.Element("testcase", classname=f"conformance.{group}", name=name, time=_time(result.seconds))
    seen, right = told(result)
    said = f"{visible(result.title)} Seen: {visible(seen)}" + (f"; right: {visible(right)}" if right else "")
    if result.failed(level):
        tag = "error" if result.outcome in ERRORS else "failure"
        found = ElementTree.SubElement(case, tag, type=mark(result, level).lower(), message=said)
        found.text = "\n".join(_told_at_length(result, seen, right))
    elif result.outcome == "not offered":
        needed = f"; needed at {result.needed}" if result.needed else ""
        ElementTree.SubElement(case, "skipped", message=f"{visible(seen)}{needed}")
    elif result.failed(LEVELS[-1]):
        ElementTree.SubElement(
            case, "skipped", message=f"{result.outcome}, but {result.level} was not asked for: {said}"
        )
    return case


def _told_at_length(result: CaseResult, seen: str, right: str) -> Sequence[str]:
    found = [visible(result.title), "", *lines(result.program)] if result.program else [visible(result.title)]
    return [*found, "", f"seen:  {visible(seen)}", *([f"right: {visible(right)}"] if right else [])]


def _diagnoses(report: Report, hints: int) -> str:
    texts = [f"{i}. {harmless(diagnosis).text(hints)}" for i, diagnosis in enumerate(report.diagnoses, 1)]
    return "\n\n".join([f"{suspicion(report)}, the most certain first", *texts])


def _time(seconds: float) -> str:
    """A duration as the schema wants it: in seconds, without an exponent, a sign or nan."""
    return f"{seconds:.3f}" if 0.0 <= seconds < 1e9 else "0.000"
