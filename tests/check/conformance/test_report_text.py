"""The report as text for a terminal: what stands where, within the width, and no control signs."""

import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from autograd.check.conformance.junit import junit
from autograd.check.conformance.report import CaseResult, Figure, Report
from autograd.check.conformance.sums import summed
from autograd.check.conformance.text import printable, text
from autograd.check.conformance.wording import (
    MARKS,
    lines,
    mark,
    measured,
    new_failures,
    seconds,
    tally,
    told,
    verdict,
)

from .example_reports import BROKEN, FINE, HOSTILE_TEXTS, OVERWRITE, PLACE, RSUB, SECRET, STUDENT, case, hostile


def places(shown, *pieces):
    found = [shown.index(piece) for piece in pieces]
    assert found == sorted(found)
    return found


# --- what stands where -----------------------------------------------------------------------------------------


def test_the_order_is_head_groups_figures_cases_levels_diagnoses_verdict():
    shown = text(STUDENT, width=100)
    places(
        shown, "engine.py:Value, examined with Python 3.11.4 in 12 seconds",
        "spoken to:  Value(x)  .data  .grad  .backward()  .grad = 0.0", "offers:     add sub mul",
        "WRONG  operators  8 of 9 hold, 1 wrong", "figures: reported, never judged", "8 cases do not hold at lesson",
        "WRONG  operators/2.0 - a", "lesson    32 of 40 hold  WRONG  <- this level was asked for", "complete  32 of",
        "robust    32 of 48", "probably wrong", "1. `=`", "2. the der", "3. 2.0 - a",
    )  # fmt: skip
    assert shown.splitlines()[-1] == "lesson does not hold: 8 of 40 cases fail"
    assert shown.splitlines()[-3].startswith("begin with number 1: `=` where `+=`")


def test_a_failing_case_tells_title_level_program_what_is_seen_and_what_is_right():
    assert (
        "WRONG  functions/tanh  [lesson]  tanh has the right value and the right derivative.\n"
        "    a = Value(1.0)\n    b = a.tanh()\n    c = b * -3.0\n    c.backward()\n"
        "  seen:   a.grad is 1.25992\n  right:  -1.25992\n"
    ) in text(STUDENT, width=100)


@pytest.mark.parametrize("limit", [0, 1, 3, 6, 8, 100])
@pytest.mark.parametrize("level", ["lesson", "complete", "robust"])
def test_no_failing_case_is_hidden(limit, level):
    shown = text(replace(STUDENT, level=level), width=110, limit=limit)
    assert all(result.name in shown for result in STUDENT.failures("robust"))
    assert shown.count("  seen:   ") == min(limit, len(STUDENT.failures(level)))
    left = len(STUDENT.failures(level)) - limit
    assert (f"and {left} more, whose programs" in shown) == (left > 0)


def test_the_first_of_each_group_comes_before_others_of_the_same():
    shown = text(STUDENT, width=110, limit=3)
    places(shown, "WRONG  operators/2.0 - a  [", "WRONG  functions/tanh  [", "WRONG  sharing/a + a  [", "and 5 more",
           "WRONG  sharing/a * a: a.grad is 2; right: 4")  # fmt: skip


def test_one_of_each_group_is_shown_in_full_before_a_second_of_any():
    names = ("sharing/one", "sharing/two", "depth/one", "sharing/three", "order/one")
    report = replace(STUDENT, results=tuple(case(name, "lesson", "t.", "wrong", "x") for name in names))
    shown = text(report, width=100, limit=4)
    places(shown, "sharing/one  [", "depth/one  [", "order/one  [", "sharing/two  [", "and 1 more", "sharing/three: x")


def test_cases_above_the_level_are_named_where_they_count():
    shown = text(STUDENT, width=110)
    assert (
        "lesson    32 of 40 hold  WRONG  <- this level was asked for\ncomplete  32 of 44 hold  WRONG\n"
        "          MISSING: operators/a ** b; functions/log\n"
        "          WRONG: depth/1000\n          CRASHED: passes/twice\n"
        "robust    32 of 48 hold  WRONG\n"
        "          WRONG: depth/10000; depth/100000\n          TIME LIMIT: order/2**60 paths\n"
    ) in shown
    assert "left out at lesson: 8 that the class does not offer, and need not offer there" in shown


def test_groups_are_marked_in_the_eyes_of_the_level():
    shown = text(STUDENT, width=100)
    for line in ("ok     order      1 of 1 holds; above lesson: 1 of 1 time limit",
                 "-      passes     above lesson: 1 of 1 crashed", "ok     mixed      20 of 20 hold\n",
                 "-      cost       above lesson: 1 of 1 memory limit; 1 reported",
                 "WRONG  functions  2 of 3 hold, 1 wrong; above lesson: 1 of 1 missing; 7 not offered"):  # fmt: skip
        assert line in shown
    high = replace(STUDENT, results=(case("edges/x", "robust", "t."),))
    assert "-  edges  above lesson: 1 of 1 hold\n" in text(high, width=100)  # of the lesson nothing was judged there
    shown = text(replace(STUDENT, level="robust"), width=100)
    assert "TIME LIMIT    order      1 of 2 holds, 1 time limit\n" in shown
    assert "CRASHED       passes     0 of 1 hold, 1 crashed\n" in shown


def test_a_class_that_holds():
    shown = text(FINE, width=100)
    assert shown.splitlines()[-1] == "lesson holds: 48 of 48 cases"
    assert "WRONG" not in shown
    assert "not hold" not in shown
    assert "probably" not in shown


def test_a_class_that_could_not_be_examined():
    words = "engine.py:Valu could not be examined: engine.py has no class Valu; its classes are Value, Neuron"
    assert text(BROKEN, width=200) == words
    assert "hold" not in text(BROKEN)


def test_nothing_judged_is_no_success():
    assert text(Report("engine.py:Value")).endswith("lesson nothing was judged")
    assert "lesson    0 of 0 hold  -" in text(Report("engine.py:Value"))


def test_a_group_of_figures_alone_is_neither_right_nor_wrong():
    report = replace(STUDENT, results=(case("cost/memory", "robust", "Bytes per node.", "reported"),))
    assert "figure  cost  1 reported\n" in text(report, width=100)


def test_one_case_and_one_diagnosis_are_told_in_the_singular():
    report = replace(STUDENT, results=(case("sharing/x", "lesson", "x", "wrong"),), diagnoses=(OVERWRITE,))
    shown = text(report, width=100)
    assert "-- 1 case does not hold at lesson --" in shown
    assert "-- probably wrong --" in shown
    assert "begin with" not in shown
    assert shown.endswith("lesson does not hold: 1 of 1 cases fails")


def test_long_programs_are_cut_and_say_so():
    program = "\n".join(f"a{i} = Value({i}.0)" for i in range(40))
    report = replace(STUDENT, results=(case("mixed/x", "lesson", "x", "wrong", program=program),))
    shown = text(report, width=100)
    assert "a15 = Value(15.0)\n    ... and 24 more lines\n" in shown
    assert "a16" not in shown


def test_mistakes_above_the_level_have_one_line_each():
    shown = text(STUDENT, width=100)
    assert "\n\nnot needed for lesson; --level robust tells more:\n3. 2.0 - a gives a - 2.0\n\n(--hints 2" in shown
    assert "seen: b.data is 1 where" not in shown
    shown = text(replace(STUDENT, level="complete"), width=100)
    assert "\n3. 2.0 - a gives a - 2.0  [rsub-reversed]\n  seen: b.data is 1 where -1 is right\n" in shown
    assert "tells more" not in shown


def test_where_no_mistake_concerns_the_level_all_are_shown():
    shown = text(replace(STUDENT, diagnoses=(RSUB,)), width=100)
    assert "\n1. 2.0 - a gives a - 2.0  [rsub-reversed]\n  seen: b.data is 1 where -1 is right\n" in shown
    assert "tells more" not in shown


def test_a_level_that_holds_needs_no_mistake_of_higher_ones():
    held = replace(STUDENT, results=FINE.results, diagnoses=(RSUB,))
    assert "-- not needed for lesson, but probably wrong ---" in text(held, width=100)
    assert text(held).endswith("\n\nlesson holds: 48 of 48 cases")
    for report in (replace(held, level="complete"), replace(held, results=STUDENT.results)):
        assert "-- probably wrong ---" in text(report, width=100)
    assert parsed_notes(held).startswith("not needed for lesson, but probably wrong, the most certain first\n")


def parsed_notes(report):
    return ElementTree.fromstring(junit(report)).findtext(".//system-out")


def test_a_group_is_told_without_contradiction():
    mixed = [case("p/1", "lesson", "t."), case("p/2", "complete", "t.", "wrong"), case("p/3", "complete", "t."),
             case("p/4", "robust", "t.", "crashed"), case("p/5", "lesson", "t.", "not offered", needed="complete"),
             case("p/6", "lesson", "t.", "not offered"), case("p/7", "robust", "t.", "reported")]  # fmt: skip
    assert tally(mixed, "lesson") == (
        "1 of 1 holds; above lesson: 1 of 4 wrong, 1 crashed, 1 missing; 1 not offered; 1 reported"
    )
    assert tally(mixed, "complete") == (
        "2 of 4 hold, 1 wrong, 1 missing; above complete: 1 of 1 crashed; 1 not offered; 1 reported"
    )
    assert tally(mixed[2:3], "lesson") == "above lesson: 1 of 1 hold"


# --- hints -------------------------------------------------------------------------------------------------------


def test_the_solution_stands_there_only_when_asked_for():
    assert (PLACE in text(STUDENT), SECRET in text(STUDENT)) == (False, False)
    assert (PLACE in text(STUDENT, 2), SECRET in text(STUDENT, 2)) == (True, False)
    assert (PLACE in text(STUDENT, 3), SECRET in text(STUDENT, 3)) == (True, True)
    assert "\n(--hints 2 tells where to look, --hints 3 tells the solution)\n" in text(STUDENT, width=100)
    assert "\n(--hints 3 tells the solution)\n" in text(STUDENT, 2, width=100)
    assert "--hints" not in text(STUDENT, 3)
    with pytest.raises(ValueError, match="hints is 1, 2 or 3"):
        text(STUDENT, 4)


# --- width, encoding, control signs --------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 60, 80, 110])
def test_no_line_but_code_is_wider_than_the_terminal(width):
    wide = [line for line in text(STUDENT, width=width).splitlines() if len(line) > width]
    assert all(line.startswith("    ") for line in wide)
    assert width <= 60 or not wide


def test_code_can_be_pasted_however_narrow_the_terminal_is():
    line = "b.backward()   # by hand: 1 - 0.761594 * 0.761594 = 0.419974"
    assert f"\n    {line}\n" in text(STUDENT, width=40)
    report = replace(STUDENT, results=(case("a/b", "lesson", "t", "wrong", program=line),))
    assert text(report, width=40).count(f"\n    {line}\n") == 2


def test_the_width_is_that_of_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "64")
    assert text(STUDENT) == text(STUDENT, width=64) != text(STUDENT, width=100)
    monkeypatch.setenv("COLUMNS", "5000")
    assert text(STUDENT) == text(STUDENT, width=110)
    assert text(STUDENT, width=1) == text(STUDENT, width=40)


def test_a_terminal_without_the_signs_gets_plain_ones(monkeypatch):
    report = replace(STUDENT, diagnoses=(replace(OVERWRITE, idea="1 − y² ≤ σ, 2 × λ"),))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert "idea: 1 - y^2 <= \\u03c3, 2 * \\u03bb\n" in text(report)
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    assert "idea: 1 − y² ≤ σ, 2 × λ\n" in text(report)


def test_encodings_that_are_unknown_or_absent_do_not_fail():
    assert printable("λ", None) == printable("λ", "") == "λ"
    assert printable("λ", "no such encoding") == "\\u03bb"
    assert printable("é λ", "latin-1") == "\\xe9 \\u03bb"


@pytest.mark.parametrize("shown", HOSTILE_TEXTS)
def test_control_signs_are_made_visible(shown):
    for limit in (0, 6):
        found = text(hostile(shown), hints=3, width=100, limit=limit)
        assert found.replace("\n", "").isprintable()
        assert found.encode("utf-8")


def test_an_escape_sequence_can_still_be_read():
    report = replace(STUDENT, results=(case("a/b", "lesson", "t", "wrong", "\x1b[2J\r\nlesson holds", "\u202e"),))
    shown = text(report, width=100)
    assert "seen:   \\x1b[2J\\r\\nlesson holds" in shown
    assert "right:  \\u202e" in shown


def test_a_message_cannot_pass_for_the_verdict():
    forged = "\nlesson holds: 48 of 48 cases\n"
    shown = text(hostile(forged), width=100).splitlines()
    assert not [line for line in shown if line.startswith("lesson holds")]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_printable(shown):
    assert text(hostile(shown), hints=3, width=80).replace("\n", "").isprintable()


def test_lines_of_a_program():
    assert lines("") == lines("\n\n") == []
    assert lines("\na\r\n\tb\n\nc\x1b\n") == ["a", "    b", "", "c\\x1b"]


# --- words ---------------------------------------------------------------------------------------------------------


def test_every_outcome_has_a_mark_of_its_own():
    assert len(set(MARKS.values())) == len(MARKS) == 7
    result = CaseResult("functions/log", "functions", "lesson", "log", "not offered", needed="complete")
    assert (mark(result, "lesson"), mark(result, "complete"), mark(result, "robust")) == ("-", "MISSING", "MISSING")


def test_the_sums_of_the_levels_add_up():
    for level in ("lesson", "complete", "robust"):
        total = summed(STUDENT, level)
        counted = [result for result in STUDENT.results if result.counts(level)]
        reported = sum(result.outcome == "reported" for result in counted)
        assert total.held + total.failed + total.absent + reported == len(counted)
        assert (total.failed == 0) == STUDENT.holds(level)
    news = [new_failures(STUDENT, level) for level in ("lesson", "complete", "robust")]
    assert [len(new) for new in news] == [8, 4, 4]
    assert {r.name for new in news for r in new} == {r.name for r in STUDENT.failures("robust")}


def test_verdicts():
    assert verdict(STUDENT, "robust") == "robust does not hold: 16 of 48 cases fail"
    assert verdict(replace(STUDENT, level="complete")) == "complete does not hold: 12 of 44 cases fail"
    assert verdict(FINE, "robust") == "robust holds: 56 of 56 cases"


def test_what_is_told_of_a_case_without_words():
    assert told(case("a/b", "lesson", "t", "crashed")) == ("the Python that ran it ended", "")
    assert told(case("a/b", "lesson", "t", "not offered"))[0] == "the class does not offer it"
    assert told(case("a/b", "lesson", "t")) == ("", "")


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (0.0, "0 seconds"), (1.5e-9, "1.5 nanoseconds"), (9.4e-7, "940 nanoseconds"), (2.13e-6, "2.1 microseconds"),
        (0.0123, "12 milliseconds"), (1.0, "1 seconds"), (12.34, "12 seconds"), (99.99, "100 seconds"),
        (312.4, "312 seconds"), (float("nan"), "nan seconds"), (float("inf"), "inf seconds"),
    ],
)  # fmt: skip
def test_durations_have_the_digits_that_mean_something(duration, shown):
    assert seconds(duration) == shown


def test_figures_have_the_digits_that_mean_something():
    assert measured(Figure("memory", 1234567.8, "bytes")) == "1,234,568 bytes"
    assert measured(Figure("memory", 95.75, "bytes")) == "95.8 bytes"
    assert measured(Figure("ratio", float("nan"), "")) == "nan"
    assert measured(Figure("time", 2e-6, "s")) == "2 microseconds"
    assert not re.search(r"\d{5}", text(STUDENT).partition("figures")[2].partition("--")[0].replace("100,000", ""))
