"""The report as a page: what a parser and a reader find in it, whatever the texts are."""

import base64
import math
import unicodedata
from html.parser import HTMLParser

import pytest

from nn.cli.names import isolated, name
from nn.cli.report import Code, Picture, Report, Section, Table, Text, Tile, page
from nn.readable import aligned, number, seconds, share

HOSTILE = '<script>alert(1)</script>" onload="x" \'&amp; </style>'
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """The elements of a page with their attributes and texts; every element must be closed where it was opened."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.texts = [], [], []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def text_of(self, tag):
        return [text for name, text in self.texts if name == tag]


def test_every_text_stays_text():
    report = Report(
        HOSTILE, HOSTILE, [Tile(HOSTILE, HOSTILE, HOSTILE)], [HOSTILE],
        [Section(HOSTILE, [
            Text(HOSTILE), Code(HOSTILE), Table([HOSTILE], [[HOSTILE]], caption=HOSTILE),
            Table([HOSTILE], [[HOSTILE]], caption=HOSTILE, folded=True),
            Picture(b"<svg/>", alt=HOSTILE, caption=HOSTILE),
        ])],
        HOSTILE,
    )  # fmt: skip
    found = Page(page(report))
    assert found.all("script") == []
    assert not any(name.startswith("on") for _, attributes in found.elements for name in attributes)
    for tag in (
        "h1",
        "dt",
        "dd",
        "li",
        "h2",
        "a",
        "p",
        "code",
        "td",
        "th",
        "summary",
        "figcaption",
        "footer",
    ):
        assert HOSTILE in found.text_of(tag), tag
    assert found.text_of("title") == [f"{HOSTILE} · training report"]
    (image,) = found.all("img")
    assert image["alt"] == HOSTILE


def test_pictures_are_inside_and_nothing_else_may_load():
    png, svg = b"\x89PNG\r\n\x1a\nrest", b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    source = page(Report("r", "", sections=[Section("s", [Picture(png, "one"), Picture(svg, "two")])]))
    found = Page(source)
    kinds = []
    for image, content in zip(found.all("img"), (png, svg), strict=True):
        kind, data = image["src"].split(";base64,")
        kinds.append(kind)
        assert base64.b64decode(data) == content
    assert kinds == ["data:image/png", "data:image/svg+xml"]
    (policy,) = [meta["content"] for meta in found.all("meta") if "http-equiv" in meta]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "http://" not in source
    assert "https://" not in source
    for tag in ("link", "script", "iframe", "object"):
        assert found.all(tag) == []


def test_a_link_leads_to_each_section():
    found = Page(page(Report("r", "", sections=[Section(title, []) for title in "abc"])))
    targets = [section["id"] for section in found.all("section") if "id" in section]
    assert [link["href"] for link in found.all("a")] == [f"#{target}" for target in targets]
    assert len(set(targets)) == 3


def test_numbers_of_a_table_are_aligned_to_the_right_and_matter_by_row():
    table = Table(["split", "loss"], [["train", 0.123456], ["test", None]], emphasis=[1])
    found = Page(page(Report("r", "", sections=[Section("s", [table])])))
    assert [cell.get("class") for cell in found.all("td")] == [None, "number", None, "number"]
    assert [row.get("class") for row in found.all("tr")] == [None, None, "emphasis"]
    assert found.text_of("td") == ["train", "0.1235", "test", "—"]
    assert [cell["scope"] for cell in found.all("th")] == ["col", "col"]


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        page(Report("r", "", sections=[Section("s", [Table(["a", "b"], [["only one"]])])]))


def test_a_report_of_nothing_is_a_page():
    found = Page(page(Report("empty", "")))
    assert found.text_of("h1") == ["empty"]
    assert found.all("dl") == []


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "0"), (-3, "-3"), (1234567, "1,234,567"), (0.0, "0"), (1e-12, "1e-12"), (2.5e12, "2.5e+12"), (-0.5, "-0.5"),
     (99.996, "100"), (math.nan, "—"), (math.inf, "∞"), (-math.inf, "-∞"), ("text", "text"), (None, "—")],
)  # fmt: skip
def test_one_number(x, text):
    assert number(x) == text


def test_numbers_below_each_other():
    assert aligned([0.5, 123.456, -7.0]) == ["0", "123", "-7"]
    assert aligned([0.98765, 1.0]) == ["0.988", "1.000"]
    assert aligned([1.5, 10.25]) == ["1.5", "10.2"]
    assert aligned([1e-9, 2e-9]) == ["1e-09", "2e-09"]
    assert aligned([math.nan, 0.25, "x", 7]) == ["—", "0.250", "x", "7"]


def test_a_hundred_percent_is_all_of_them():
    for of in (10, 99, 100, 114, 1999, 2001, 19_999, 20_001, 100_000):
        assert share(1.0, of) == "100 %"
        assert share((of - 1) / of, of) != "100 %"
        assert share(0.0, of) == "0 %"


def test_durations():
    assert [seconds(x) for x in (0.26, 59.9, 61.0, 3600.0)] == ["0.3 s", "59.9 s", "61 s", "3,600 s"]


def test_signs_that_html_forbids_are_shown_as_escapes():
    hard = "a\x00b\x1b[2J\x85\u202ec\ufffe\U0001fffe\ud800"
    shown = r"a\x00b\x1b[2J\x85\u202ec\ufffe\U0001fffe\ud800"
    source = page(Report(hard, hard, [Tile(hard, hard, hard)], [hard], [Section(hard, [Picture(b"<svg/>", alt=hard)])]))
    found = Page(source)
    assert found.text_of("h1") == [shown]
    assert found.all("img")[0]["alt"] == shown
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in source)
    assert not {"\u202e", "\ufffe", "\U0001fffe"} & set(source)


def test_a_name_that_is_isolated_is_an_element_of_its_own():
    name = isolated("שלום <b>")
    found = Page(page(Report("r", f"Always {name}, 33 %.", sections=[Section("s", [Picture(b"<svg/>", alt=name)])])))
    assert found.text_of("bdi") == ["שלום <b>"]
    assert found.all("img")[0]["alt"] == name  # an attribute holds no elements


@pytest.mark.parametrize("text", ["\u2068a", "a\u2069", "\u2069a\u2068", "\u2068\u2068a\u2069", "\u2068a\u2069\u2069"])
def test_isolates_that_are_not_closed_leave_the_page_whole(text):
    found = Page(page(Report("r", text)))
    assert not {"\u2068", "\u2069"} & set("".join(text for _, text in found.texts))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"), ("größe ☃ 👩‍🚀", "größe ☃ 👩‍🚀"), ("a\nb\tc", r"a\nb\tc"), ("\u2028", r"\u2028"),
        ("x" * 60, "x" * 60), ("x" * 61, "x" * 30 + "…" + "x" * 29), ("\x1b" * 20, r"\x1b" * 7 + r"\x…b" + r"\x1b" * 7),
        ("a" + "x" * 10**6 + "z", "a" + "x" * 29 + "…" + "x" * 28 + "z"),
    ],
)  # fmt: skip
def test_names_are_visible_and_short(text, shown):
    assert name(text) == shown
    assert len(name(text)) <= 60


def test_only_names_from_right_to_left_are_isolated():
    assert isolated("left 1") == "left 1"
    assert isolated("ש 1") == "\u2068ש 1\u2069"
