"""The report as a page: what stands on it, that it needs nothing else, and that no text on it becomes markup."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from autograd.check.conformance.html import html
from autograd.check.conformance.report import Report
from autograd.check.conformance.style import STYLE

from .example_reports import BROKEN, FINE, HOSTILE_TEXTS, OVERWRITE, PLACE, RSUB, SECRET, STUDENT, case, hostile

EMPTY_ELEMENTS = {"meta", "rect"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "nav", "div", "span", "p",
    "h1", "h2", "h3", "a", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "details",
    "summary", "pre", "code", "strong", "bdi", "svg", "rect",
}  # fmt: skip


class Page(HTMLParser):
    """The page as elements: tags with attributes, and the text in each kind of element."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.texts, self.other = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY_ELEMENTS:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag  # every element is closed where it was opened

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def text(self):
        return "".join(data for tag, data in self.texts if tag != "style")

    def all(self, tag):
        return [attributes for found, attributes in self.tags if found == tag]


def structure(page):
    """Every tag with its attributes, the widths of the bars and the anchors included."""
    return [(tag, sorted(attributes.items())) for tag, attributes in Page(page).tags]


# --- what stands on it -------------------------------------------------------------------------------------------


def test_the_head_gives_the_verdict_in_words():
    page = html(STUDENT)
    assert '<h1><bdi>engine.py:Value</bdi></h1>\n<p class="verdict bad">' in page
    assert "lesson does not hold: 8 of 40 cases fail</p>" in page
    assert '<p class="verdict good">' in html(FINE)
    assert "lesson holds: 48 of 48 cases</p>" in html(FINE)
    assert "<title>engine.py:Value: gradients examined</title>" in page


def test_the_sections_and_the_links_to_them():
    page = Page(html(STUDENT))
    ids = [attributes["id"] for attributes in page.all("section")]
    assert ids == ["levels", "mistakes", "cases", "figures", "names"]
    assert [attributes["href"] for attributes in page.all("a")] == [f"#{name}" for name in ids]
    assert [attributes["id"] for attributes in Page(html(FINE)).all("section")] == [
        "levels",
        "cases",
        "figures",
        "names",
    ]


def test_every_level_has_its_numbers_in_words_and_a_bar_that_fits_them():
    page = html(STUDENT)
    for words in ("does not hold: 8 of 40 cases fail", "does not hold: 12 of 44 cases fail",
                  "does not hold: 16 of 48 cases fail", "8 not offered, and not needed"):  # fmt: skip
        assert words in page
    bars = [attributes for attributes in Page(page).all("rect") if attributes["class"] in ("held", "failed")]
    widths = [float(attributes["width"]) for attributes in bars]
    assert widths == pytest.approx([80.0, 20.0, 100 * 32 / 44, 100 * 12 / 44, 100 * 32 / 48, 100 * 16 / 48], abs=0.01)


def test_a_level_that_holds_is_not_called_wrong():
    page = html(FINE)
    assert page.count("holds: ") == 4
    assert "does not hold" not in page
    assert 'class="failed"' not in page
    assert "nothing was judged" in html(Report("engine.py:Value"))


def test_a_mistake_is_shown_with_its_program_its_idea_and_a_question():
    page = html(STUDENT)
    assert "<li><h3>1. <code>=</code> where <code>+=</code> is needed: a gradient that arrives twice is" in page
    assert "<p><strong>Seen:</strong> a.grad is 1 where 2 is right</p>" in page
    assert (
        "<pre><code>a = Value(3.0)\nb = a + a      # b = 6\nb.backward()   # by hand: db/da = 1 + 1 = 2</code>" in page
    )
    assert "<strong>Idea:</strong> the multivariate chain rule" in page
    assert "<strong>To think about:</strong> Through how many edges does a reach b" in page
    titles = [page.index(title) for title in (" where <code>+=", "the derivative of tanh has", "2.0 - a gives")]
    assert titles == sorted(titles)


def test_the_solution_is_not_in_the_page_unless_asked_for():
    for hints, has in ((1, (False, False)), (2, (True, False)), (3, (True, True))):
        page = html(STUDENT, hints)
        assert (PLACE in page, SECRET in page) == has
        assert ("<summary>Where to look</summary>" in page, "<summary>The solution</summary>" in page) == has
    assert not [attributes for attributes in Page(html(STUDENT, 3)).all("details") if "open" in attributes]
    for hints in (0, 4, None):
        with pytest.raises(ValueError, match="hints is 1, 2 or 3"):
            html(FINE, hints)


def test_backticks_are_code_and_stay_text():
    report = replace(STUDENT, results=(case("a/b", "lesson", "`<b>` holds.", "wrong", "`a + 1` fails", "`2`"),),
                     diagnoses=(replace(OVERWRITE, seen="`c = 2.0 + a` raises"),))  # fmt: skip
    page = html(report)
    for words in ("&lt;b&gt;</code> holds.", "<code>a + 1</code> fails", "<code>2</code>", "<code>c = 2.0 + a</code>"):
        assert words in page
    assert "`" not in Page(page).text


def test_mistakes_that_the_level_does_not_need_say_so():
    held = replace(STUDENT, results=FINE.results, diagnoses=(RSUB,))
    assert "<p>Not needed for lesson, but probably wrong.</p>" in html(held)
    assert "Not needed" not in html(replace(held, level="complete"))


def test_mistakes_above_the_level_are_folded():
    page = html(STUDENT)
    folded = page.index("<details><summary>1 more, not needed for lesson</summary>\n<ol")
    assert page.index("<h3>2. the derivative") < folded < page.index("<h3>3. 2.0 - a gives")
    assert "1 more above" not in html(replace(STUDENT, level="complete"))
    alone = html(replace(STUDENT, diagnoses=(RSUB,)))
    assert "<h3>1. 2.0 - a gives" in alone
    assert "more above" not in alone


def test_a_mistake_without_hints_or_program():
    page = html(replace(STUDENT, diagnoses=(replace(RSUB, hints=(), program=""),)))
    assert "smallest program" not in page
    assert "To think about" not in page
    assert "The most certain first" not in page  # of one there is no order


def test_every_case_is_on_the_page_once():
    page = html(STUDENT)
    for result in STUDENT.results:
        assert page.count(f"<code>{result.name}</code>".replace("'", "&#x27;")) == 1
    rows = Page(page).all("tr")
    heads = page.count("<thead>")
    assert len(rows) - heads == len(STUDENT.results) + len(STUDENT.figures)


def test_what_fails_stands_unfolded_and_first():
    page = html(STUDENT)
    group = page[page.index("<h3>functions ") : page.index("<h3>sharing ")]
    places = [
        group.index(piece)
        for piece in (
            "/tanh",
            "<details><summary>1 case failing above lesson<",
            "/log",
            "<summary>9 more cases<",
            "/erf",
        )
    ]
    assert places == sorted(places)
    assert '<td class="mark bad">WRONG</td>' in group
    assert '<td class="mark faint">MISSING (complete)</td>' in group
    assert "<p><strong>seen:</strong> a.grad is 1.25992</p><p><strong>right:</strong> -1.25992</p>" in group
    assert "<summary>program</summary>\n<pre><code>a = Value(1.0)\nb = a.tanh()" in group
    order = page[page.index("<h3>order ") : page.index("<h3>depth ")]
    assert '<span class="faint">1 of 1 holds; above lesson: 1 of 1 time limit</span></h3>\n\n<details>' in order
    assert '<td class="mark faint">TIME LIMIT (robust)</td>' in order
    assert '<span class="bad">1 of 2 holds, 1 time limit</span></h3>\n<table>' in html(replace(STUDENT, level="robust"))
    assert "failing above" not in html(replace(STUDENT, level="robust"))
    assert "<summary>20 cases</summary>" in page[page.index("<h3>mixed ") : page.index("<h3>order ")]


def test_figures_are_reported_and_not_judged():
    page = html(STUDENT)
    assert "<p>Reported, never judged.</p>" in page
    assert '<th scope="row">memory per node</th><td class="number">1,234 bytes</td>' in page


def test_how_the_class_is_spoken_to():
    page = html(STUDENT)
    assert "<dt>its gradient</dt><dd><code>.grad</code></dd>" in page
    assert "<dt>it offers</dt><dd><code>add</code> <code>sub</code>" in page
    assert "Examined with Python 3.11.4 in 12 seconds." in page


def test_a_class_that_could_not_be_examined():
    page = html(BROKEN)
    assert (
        "engine.py:Valu could not be examined: engine.py has no class Valu; its classes are Value, Neuron</p>" in page
    )
    assert "<section" not in page
    assert "holds" not in page


# --- a page for everybody ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [STUDENT, FINE, BROKEN], ids=["3", "0", "-"])
def test_it_has_the_frame_of_a_page(report):
    page = html(report)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    found = Page(page)
    assert found.open == []
    assert {tag for tag, _ in found.tags} <= ALLOWED
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in found.all("meta")
    assert len(found.all("h1")) == len(found.all("main")) == len(found.all("title")) == 1
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in found.all("section"):
        assert attributes["aria-labelledby"] in ids


def test_headings_leave_out_no_level():
    levels = [int(tag[1]) for tag, _ in Page(html(STUDENT)).tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_name_their_rows_and_columns():
    found = Page(html(STUDENT))
    assert all(attributes.get("scope") in ("row", "col") for attributes in found.all("th"))


def test_it_needs_no_network_and_no_script():
    for report in (STUDENT, FINE, BROKEN):
        found = Page(html(report, 3))
        for _, attributes in found.tags:
            assert not {"src", "srcset", "style", "action", "background", "data"} & set(attributes)
            assert not [name for name in attributes if name.startswith("on")]
            assert attributes.get("href", "#").startswith("#")
    assert not re.search(r"url\(|@import|//", STYLE)


def test_its_policy_allows_its_own_style_sheet_and_nothing_else():
    page = html(STUDENT)
    styles = [data for tag, data in Page(page).texts if tag == "style"]
    digest = base64.b64encode(hashlib.sha256("".join(styles).encode()).digest()).decode()
    policy = Page(page).all("meta")[1]
    assert policy == {
        "http-equiv": "Content-Security-Policy",
        "content": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    }
    assert page.index("Content-Security-Policy") < page.index("<style>")  # it governs what comes after it


def test_an_ordinary_page_is_light():
    assert len(html(STUDENT, 3).encode()) <= 40_000
    many = tuple(replace(r, name=f"{r.name} {i}") for i in range(3) for r in STUDENT.results)
    assert len(html(replace(STUDENT, results=many, diagnoses=STUDENT.diagnoses * 3), 3).encode()) <= 150_000


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast of the Web Content Accessibility Guidelines 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def schemes():
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL):
        yield dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def test_black_on_white_has_the_contrast_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well known grey that just fails


@pytest.mark.parametrize("scheme", list(schemes()), ids=["light", "dark", "print"])
def test_texts_can_be_read(scheme):
    for ink in ("text", "faint", "accent", "ok", "wrong"):
        for paper in ("page", "card", "code"):
            assert contrast(scheme[ink], scheme[paper]) >= 4.5, (ink, paper)
    for fill in ("ok-fill", "wrong-fill"):
        assert fill not in scheme or contrast(scheme[fill], scheme["card"]) >= 3.0


def test_there_is_a_light_a_dark_and_a_printed_form():
    assert len(list(schemes())) == 3
    assert "@media (prefers-color-scheme: dark)" in STYLE
    assert "@media print" in STYLE


def test_colour_is_never_all_that_tells_right_from_wrong():
    words = re.findall(r'<td class="mark \w+">(.*?)</td>', html(STUDENT))
    assert len(words) == len(STUDENT.results)
    assert all(words)
    assert '<span aria-hidden="true">✗</span>' in html(STUDENT)
    assert '<span aria-hidden="true">✓</span>' in html(FINE)


# --- no text becomes markup ----------------------------------------------------------------------------------------

HARMLESS = {hints: structure(html(hostile("harmless"), hints)) for hints in (1, 3)}


@pytest.mark.parametrize("text", [text for text in HOSTILE_TEXTS if "`" not in text])
@pytest.mark.parametrize("hints", [1, 3])
def test_hostile_texts_change_nothing_but_the_texts(text, hints):
    page = html(hostile(text), hints)
    assert structure(page) == HARMLESS[hints]
    found = Page(page)
    assert found.other == ["DOCTYPE html"]
    assert {tag for tag, _ in found.tags} <= ALLOWED
    assert page.replace("\n", "").isprintable()


def test_marks_of_code_make_code_and_nothing_else():
    title = "`<b>` and `&amp;` and ` and <i>"
    page = html(replace(STUDENT, diagnoses=(replace(OVERWRITE, title=title),)))
    assert "<h3>1. <code>&lt;b&gt;</code> and <code>&amp;amp;</code> and ` and &lt;i&gt;</h3>" in page


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("<>&\"'/=!-[]"), st.characters(exclude_characters="`")), min_size=1))
def test_any_text_stays_text(text):
    page = html(hostile(f"x{text}"), 3)
    assert structure(page) == HARMLESS[3]
    assert page.encode("utf-8")


def test_what_was_written_can_be_read():
    text = "<script>alert('&amp;')</script>"
    found = Page(html(hostile(text), 3))
    counts = Counter(data for _, data in found.texts)
    assert counts[text] > 20
    assert "script" not in {tag for tag, _ in found.tags}


def test_a_case_without_words_gets_some():
    page = html(replace(STUDENT, results=(case("a/b", "lesson", "t.", "memory limit"),)))
    assert "<strong>seen:</strong> it needed more memory than is allowed" in page
