"""Any text comes out as that text: in SVG, DOT, PNG and HTML, read by a real XML parser, Graphviz and a real browser.

Many labels stand in one picture, so that a parser, a browser or Graphviz is asked once for all of them.
"""

import html
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings, strategies as st

import autograd
from autograd import Op, Value
from autograd.view import Graph, draw, drawing
from autograd.view.graph import Group, Node
from autograd.view.render import render_dot
from autograd.view.text import printable, shortened

from ..browser import open_html
from .svg import HARMLESS, SVG, Document, pixels
from .test_draw import HOSTILE

SPECIAL = [
    "\\", '"', "'", "<", ">", "&", "&amp;", "&#x41;", "&nbsp;", "\\N", "\\G", "\\E", "\\T", "\\H", "\\L", "\\l", "\\r",
    "\\n", "\\\\", "\n",
    "\r", "\r\n", "\t", " ", "  ", "\u00a0", "|", "{", "}", "]", "[", ";", "%", "$", "`", "//", "/*",
    "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "?>", "</text>", "</svg>", "<script>alert(1)</script>", "</style>",
    "<a href=x>", "javascript:", "onload=", "\x00", "\x07", "\x1b[0m", "\x7f", "\x85", "\u2028", "\u2029", "\ud800",
    "\udfff", "\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "🙂", "👩\u200d🔬", "🇩🇪", "שלום", "مرحبا", "\u202e", "\u2066",
    "\u200b", "\ufeff", "\u00ad", "数据", "e\u0301", "A" * 30, "∂", "x₁", "\\x41", "%0A", "NaN", "digraph { a -> b }",
]  # fmt: skip

any_text = st.one_of(
    st.lists(st.sampled_from(SPECIAL), min_size=1, max_size=5).map("".join),
    st.text(st.characters(codec=None, exclude_categories=[]), min_size=1, max_size=30),
    st.tuples(st.sampled_from(SPECIAL), st.integers(1, 2000)).map(lambda pair: pair[0] * pair[1]),
)
many_texts = st.lists(any_text, min_size=40, max_size=40)


def picture(labels):
    """A picture of one sum with a leaf for each label."""
    return draw(autograd.sum([Value(1.0, label=label) for label in labels]), show=("label", "op"))


def expected(text):
    return shortened(printable(text))


def in_order(labels):
    """What is shown of them, in the order of the alphabet: in pictures they come in the order of the graph."""
    return sorted(map(expected, labels))


def plain_spaces(text):
    """Graphviz keeps spaces together only if they are no-break spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@settings(max_examples=15, deadline=None)
@given(many_texts)
def test_an_xml_parser_reads_every_label_as_it_is(labels):
    svg = picture(labels).svg
    root = ET.fromstring(svg)
    assert sorted(t.text for t in root.iter(f"{SVG}text") if t.get("class") == "label") == in_order(labels)
    titles = [t.text for g in root.iter(f"{SVG}g") if "leaf" in g.get("class") for t in g.findall(f"{SVG}title")]
    for label in labels:
        said = f"label {shortened(printable(label), 300)}"
        said += f" ({len(label):,} characters)" if len(label) > 300 else ""
        assert any(title.endswith(said) for title in titles)
    document = Document(svg)
    assert document.tags <= HARMLESS
    assert not [name for name in document.attributes if "href" in name or name.startswith("on")]


READ = """(svgs) => svgs.map(svg => {
    const labels = root => [...root.querySelectorAll("text.label")].map(t => t.textContent)
    const tags = root => [...root.querySelectorAll("*")].map(e => e.localName)
    const strange = root => tags(root).filter(tag => !KNOWN.includes(tag))
    const KNOWN = ["svg", "title", "g", "rect", "circle", "line", "path", "polygon", "text"]
    const xml = new DOMParser().parseFromString(svg, "image/svg+xml")
    const inline = document.createElement("div")
    inline.innerHTML = svg          // a notebook does so
    document.body.replaceChildren(inline)
    return {xml: labels(xml), inline: labels(inline), strange: [...strange(xml), ...strange(inline)]}
})"""


def test_a_browser_reads_every_label_as_it_is(page):
    """As a document of its own (XML) and within a page (HTML), which have different parsers."""
    open_html(page, "<!doctype html><meta charset=utf-8><title>labels</title>")

    @settings(max_examples=8, deadline=None)
    @given(many_texts)
    def holds(labels):
        (read,) = page.evaluate(READ, [picture(labels).svg])
        assert sorted(read["xml"]) == in_order(labels)
        assert read["inline"] == read["xml"]
        assert read["strange"] == []

    holds()


def test_a_browser_reads_hostile_labels_as_they_are(page):
    open_html(page, "<!doctype html><meta charset=utf-8><title>labels</title>")
    for labels in (HOSTILE, SPECIAL, [x * 200 for x in SPECIAL]):
        (read,) = page.evaluate(READ, [picture(labels).svg])
        assert sorted(read["xml"]) == sorted(read["inline"]) == in_order(labels)
        assert read["strange"] == []


def from_graphviz(picture):
    """The texts of the picture's DOT, as Graphviz has read and drawn it."""
    root = ET.fromstring(render_dot(picture.source, "svg"))
    assert not list(root.iter(f"{SVG}a"))
    assert not list(root.iter(f"{SVG}image"))
    return sorted(plain_spaces("".join(t.itertext())) for t in root.iter(f"{SVG}text"))


@settings(max_examples=10, deadline=None)
@given(many_texts)
def test_graphviz_reads_every_label_as_it_is(labels):
    shown = [plain_spaces(expected(label)) for label in labels]
    assert from_graphviz(picture(labels)) == sorted([*shown, "sum"])


@settings(max_examples=5, deadline=None)
@given(many_texts)
def test_graphviz_reads_every_label_with_numbers_as_it_is(labels):
    """Boxes of several rows are records, which have rules of their own."""
    drawn = draw(autograd.sum([Value(1.0, label=label) for label in labels]), show=("label", "data", "op"))
    shown = [plain_spaces(expected(label)) for label in labels]
    numbers = ["data 1.0000"] * len(labels) + [f"data {float(len(labels)):.4f}"]
    assert from_graphviz(drawn) == sorted([*shown, *numbers, "sum"])


@pytest.mark.parametrize("text", SPECIAL, ids=ascii)
def test_operations_modules_and_classes_are_text_too(text):
    op = Op(text or "op", text, 2, lambda x, y: x + y, lambda *_: (1.0, 1.0))
    y = op(Value(1.0), Value(2.0))
    if text:
        shown = [t.text for t in ET.fromstring(draw(y).svg).iter(f"{SVG}text") if t.get("class") == "symbol"]
        assert shown == [expected(text)]
        assert plain_spaces(expected(text)) in from_graphviz(draw(y, show=("op",)))
    box = Node("group", group=Group(text, text + "C", 2, 1, 0, 1))
    inside = Node("leaf", "x", 1.0, module=text)
    drawn = draw(Graph((box, inside), (), (1,), 3), show=("label", "modules", "data"))
    shown = [t.text for t in ET.fromstring(drawn.svg).iter(f"{SVG}text")]
    assert shown.count(expected(text)) == (2 if text else 0)
    assert expected(text + "C") in shown
    assert plain_spaces(expected(text + "C")) in from_graphviz(drawn)


def test_a_function_for_numbers_returns_text():
    y = Value(1.0, label="x")
    shown = [t.text for t in ET.fromstring(draw(y, numbers=lambda x: "</text>\\N&\n").svg).iter(f"{SVG}text")]
    assert "</text>\\N&↵" in shown
    assert "data </text>\\N&↵" in from_graphviz(draw(y, numbers=lambda x: "</text>\\N&\n"))


def test_titles_are_text(page):
    y = Value(1.0, label='"><script>alert(1)</script>')
    y = y * 1
    y.label = '" onload="alert(1)'
    svg = draw(y).svg
    root = ET.fromstring(svg)
    assert root.get("aria-label") == 'Computation of " onload="alert(1)'
    assert "onload" not in root.attrib
    open_html(page, f"<!doctype html><meta charset=utf-8>{svg}<p>{html.escape(json.dumps('end'))}</p>")
    assert page.locator("svg").get_attribute("aria-label") == 'Computation of " onload="alert(1)'
    assert page.locator("p").inner_text() == '"end"'


def test_labels_are_in_the_png():
    """Where labels differ, images do; where they come out as the same text, images are the same."""
    images = {
        label: pixels(draw(Value(1.0, label=label)).pipe("png")) for label in ("<b>", "&lt;b&gt;", "b", "a\nb", "a↵b")
    }
    assert images["a\nb"] == images["a↵b"]
    assert len({image for label, image in images.items() if label != "a↵b"}) == 4


def test_both_layouts_show_the_same_labels(monkeypatch):
    with_graphviz = Document(picture(SPECIAL).svg).texts
    monkeypatch.setattr(drawing, "graphviz_placement", lambda *_: None)
    assert sorted(Document(picture(SPECIAL).svg).texts) == sorted(with_graphviz)
