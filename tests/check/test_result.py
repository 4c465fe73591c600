"""The result as a table, in text and in HTML."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser

from autograd.check import GradcheckResult, Row
from autograd.check.diagnosis import Diagnosis


def row(
    name="x", verdict="correct", difference=1e-12, error=1e-10, label="", reason="", analytic=1.0, resolution=2.1234e-10
):
    resolution = math.inf if verdict == "cannot tell" else resolution
    return Row(name, label, analytic, analytic + difference, difference, error, verdict, reason, resolution)


def test_worst_first():
    rows = [
        row("fine"), row("doubtful", "cannot tell", math.nan, math.inf), row("close", difference=9e-11),
        row("bad", "wrong", 1.0), row("worse", "wrong", 100.0), row("nan", "wrong", math.nan),
    ]  # fmt: skip
    result = GradcheckResult(rows)
    assert [r.name for r in result.rows] == ["nan", "worse", "bad", "doubtful", "close", "fine"]


def test_the_verdict_of_all_is_that_of_the_worst():
    assert (GradcheckResult([row()]).verdict, GradcheckResult([row()]).ok) == ("correct", True)
    doubtful = GradcheckResult([row(), row(verdict="cannot tell")])
    assert (doubtful.verdict, doubtful.ok) == ("cannot tell", False)
    wrong = GradcheckResult([row(), row(verdict="cannot tell"), row(verdict="wrong")])
    assert (wrong.verdict, wrong.ok) == ("wrong", False)
    assert GradcheckResult([]).verdict == "cannot tell"


def test_the_table():
    text = str(GradcheckResult([row("x[0]", "wrong", 0.5, label="w", reason="because"), row("long name")]))
    assert text.split("\n") == [
        "gradcheck: wrong (2 derivatives: 1 wrong, 1 correct)",
        "input      label  analytic  numeric  difference  error estimate  verdict",
        "x[0]       w             1      1.5     5.0e-01         1.0e-10  wrong    because",
        "long name                1        1     1.0e-12         1.0e-10  correct",
        "resolution: a gradient that is wrong by 2.1e-10 or more would have been seen",
    ]


def test_the_resolution():
    assert GradcheckResult([row(), row(resolution=3e-9)]).resolution == 3e-9
    mixed = GradcheckResult([row(), row(resolution=3e-9), row(verdict="cannot tell")])
    assert mixed.resolution == math.inf
    assert mixed.resolved == (
        "resolution: a gradient that is wrong by 3.0e-09 or more would have been seen, "
        "but not in the 1 of which nothing can be told"
    )
    assert GradcheckResult([row(verdict="cannot tell")]).resolved.startswith("resolution: none")
    exact = GradcheckResult([row(resolution=5e-324)])
    assert exact.resolved == "resolution: a gradient that is wrong at all would have been seen"
    assert GradcheckResult([]).resolution == math.inf


def test_a_column_without_labels_is_left_out():
    assert "label" not in str(GradcheckResult([row()]))


def test_the_table_keeps_its_shape_with_any_name():
    text = str(GradcheckResult([row(label="two\nlines " + "long" * 40), row("y")]))
    lines = text.split("\n")
    assert len(lines) == 5
    assert len({line.index("1.0e-10") for line in lines[2:4]}) == 1
    assert "two lines longlong" in lines[2]
    assert "…" in lines[2]


def test_long_tables_show_the_worst_and_say_how_many_are_left():
    result = GradcheckResult([row(f"x{i}") for i in range(99)] + [row("bad", "wrong", 1.0)])
    lines = str(result).split("\n")
    assert lines[2].startswith("bad ")
    assert len(lines) == 2 + 30 + 2
    assert lines[-2] == "... 70 more in .rows, none of them worse"
    assert len(result.table(limit=100).split("\n")) == 2 + 100 + 1


def test_repr_is_short():
    assert repr(GradcheckResult([row()])) == "<GradcheckResult correct, 1 rows>"


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert [name for name, _ in attrs] in ([], ["style"])

    def handle_data(self, data):
        self.texts.append(data)


def test_html_escapes_everything():
    evil = "<script>alert('x')</script>&amp;\"<img src=x onerror=y>"
    html = GradcheckResult([row(evil, label=evil, reason=evil, verdict="wrong")])._repr_html_()
    cells = Cells()
    cells.feed(html)
    assert set(cells.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
    assert cells.texts.count(evil) == 3
    assert "wrong" in cells.texts


def test_html_aligns_numbers_at_the_right_and_words_at_the_left():
    html = GradcheckResult([row("x", "wrong", 0.5, label="w", reason="because")])._repr_html_()
    cells = re.findall(r'<t[hd] style="([^"]*)">([^<]*)</t[hd]>', html)
    assert [text for _, text in cells[:8]] == [
        "input", "label", "analytic", "numeric", "difference", "error estimate", "verdict", "reason"
    ]  # fmt: skip
    for heads, texts in ((cells[:8], cells[8:]),):
        for (style, head), (below, _) in zip(heads, texts, strict=True):
            side = "left" if head in ("input", "label", "verdict", "reason") else "right"
            assert f"text-align:{side}" in style
            assert f"text-align:{side}" in below
    assert "color:inherit" in html  # black on black in a dark notebook otherwise
    assert "label" not in GradcheckResult([row()])._repr_html_()


def test_diagnoses_are_printed_as_far_as_the_hints_go():
    found = Diagnosis("sign", "the <sign> is wrong", "op", "seen", "a = 1", "idea", ("think", "look", "solve"))
    quiet, told = (GradcheckResult([row(verdict="wrong")], [found], hints) for hints in (1, 3))
    assert str(quiet).endswith("\n\n" + found.text(1))
    assert str(told).endswith("\n\n" + found.text(3))
    assert "solve" not in str(quiet) + quiet._repr_html_()
    assert "solve" in told._repr_html_()
    assert "the &lt;sign&gt; is wrong" in quiet._repr_html_()
    assert (quiet.diagnoses, quiet.hints) == ((found,), 1)


def test_errors_of_zero_are_shown_as_zero():
    lines = str(GradcheckResult([row(difference=0.0, error=0.0)])).split("\n")
    assert lines[2].split() == ["x", "1", "1", "0", "0", "correct"]


def test_html_of_a_long_table_says_what_is_left():
    assert "<p>... 50 more in .rows" in GradcheckResult([row()] * 150)._repr_html_()
