"""What `draw` shows, read from the SVG with an XML parser."""

import itertools
import random
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

import autograd
from autograd import Value
from autograd.view import Picture, draw, draw_network, drawing, read_graph
from autograd.view.render import render_dot
from autograd.view.text import printable, shortened

from .svg import HARMLESS, Document, pixels


def micrograd():
    """The program of micrograd's README, whose numbers are 24.7041, 138.8338 and 645.5773."""
    a, b = Value(-4.0, label="a"), Value(2.0, label="b")
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.label = "g"
    g.backward()
    return g


def random_graph(seed):
    rng = random.Random(seed)
    pool = [Value(rng.uniform(0.5, 2), label=rng.choice(["", "w", "a longer label", "x" * 40])) for _ in range(5)]
    for _ in range(rng.randrange(5, 40)):
        a, b = rng.choice(pool[-12:]), rng.choice(pool)
        step = rng.choice([
            lambda a, b: a + b, lambda a, b: a * 0.5 - b, lambda a, _: a.tanh(),
            lambda a, b: autograd.sum([a, b, a, 2.0]), lambda a, _: (a + 0.1).sigmoid(),
        ])  # fmt: skip
        pool.append(step(a, b))
    return pool[-1]


@pytest.fixture(params=["Graphviz", "own layout"])
def layout(request, monkeypatch):
    if request.param == "own layout":
        monkeypatch.setattr(drawing, "graphviz_placement", lambda *_: None)
    return request.param


def test_the_program_of_micrograd(layout):
    picture = Document(draw(micrograd()).svg)
    shown = {tuple(text.content for text in group.texts) for group in picture.values}
    assert ("g", "data", "24.7041", "grad", "1.0000") in shown
    assert ("a", "data", "-4.0000", "grad", "138.8338") in shown
    assert ("b", "data", "2.0000", "grad", "645.5773") in shown
    ops = Counter(group.texts[0].content for group in picture.of("op"))
    assert ops == {"+": 13, "*": 3, "-": 3, "**": 2, "relu": 2, "/": 2}  # counted in the program
    assert len(picture.values) == len(picture.of("op")) + 2


def test_every_node_and_edge_is_there(layout):
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    picture = Document(draw((a - b) ** 2 + a).svg)
    shown = {group.name: [text.content for text in group.texts] for group in picture.groups if group.kind != "edge"}
    number = {name: texts[texts.index("data") + 1] if "data" in texts else texts[0] for name, texts in shown.items()}
    assert Counter((number[source], number[target]) for source, target in picture.edges) == Counter([
        ("1.0000", "-"), ("2.0000", "-"), ("-", "-1.0000"), ("-1.0000", "**"), ("2", "**"), ("**", "1.0000"),
        ("1.0000", "+"), ("1.0000", "+"), ("+", "2.0000"),
    ])  # fmt: skip
    numbers = [text.content for group in picture.of("edge") for text in group.texts]
    assert sorted(numbers) == ["1", "1", "2", "2"]  # - and ** say which operand is which; + need not


def test_a_shared_operand_has_two_arrows(layout):
    a = Value(3.0, label="a")
    picture = draw(a + a)
    assert Document(picture.svg).edges == [("v0", "op1"), ("v0", "op1"), ("op1", "v1")]
    assert picture.source.count("v0:e -> op1") == 2


def test_many_arrows_between_two_nodes_are_one_with_a_number(layout):
    a = Value(1.0)
    edges = Document(draw(autograd.sum([a] * 1000)).svg).of("edge")
    assert [[text.content for text in edge.texts] for edge in edges] == [["×1,000"], []]


def test_gradient_is_a_dash_before_backward(layout):
    w = Value(2.0, label="w")
    y = w * 0.0
    assert {group.texts[-1].content for group in Document(draw(y).svg).values} == {"—"}
    y.backward()
    assert [group.texts[-1].content for group in Document(draw(y).svg).values] == ["0.0000", "1.0000"]


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("seed", range(8))
def test_nothing_overlaps_and_no_text_leaves_its_box(layout, seed, direction):
    picture = Document(draw(random_graph(seed), direction=direction).svg)
    boxed = picture.of("leaf", "result", "output", "op", "constant")
    for one, other in itertools.combinations(boxed, 2):
        assert not overlap(one.box, other.box), (one, other)
    for group in boxed:
        left, top, right, bottom = group.box
        assert 0 <= left
        assert right <= picture.width
        assert 0 <= top
        assert bottom <= picture.height
        for text in group.texts:
            assert left + 2 <= text.left
            assert text.right <= right - 2
            assert top < text.y < bottom
        rows = {}
        for text in group.texts:
            rows.setdefault(text.y, []).append(text)
        for row in rows.values():
            assert all(one.right < other.left for one, other in itertools.pairwise(row))


def test_the_flow_has_its_direction(layout):
    a = Value(1.0, label="a")
    for direction, side in (("LR", 0), ("TB", 1)):
        picture = Document(draw(a.tanh(), direction=direction).svg)
        box = {group.kind: group.box for group in picture.of("leaf", "op", "output")}
        assert box["leaf"][side] < box["op"][side] < box["output"][side]


def test_operands_stand_in_order(layout):
    values = [Value(i, label=f"x{i}") for i in range(6)]
    tops = {group.texts[0].content: group.box[1] for group in Document(draw(autograd.sum(values)).svg).of("leaf")}
    assert sorted(tops, key=tops.get) == [f"x{i}" for i in range(6)]


HOSTILE = [
    'say "hi"', "'", "<script>alert(1)</script>", "</text></svg><script>", "&lt;b&gt;&amp;&#10;", "<b>bold</b>", "<>",
    r"\N \G \E \T \H \L \l \r \n", "\\", 'ends with \\', '\\"', "{a|b}", "<port> p", "a -> b; c", '"] URL="http://x',
    "]]>",
    "x\ny", "tab\there", "nul\x00", "esc\x1b[31m", "\u2028", "🙂👩\u200d🔬", "שלום עולם", "مرحبا", "\u202eevil", "数据",
    "e\u0301", "\ud800", "\uffff", "  spaces  twice  ", "javascript:alert(1)", "%s %n", "${x}", "`x`", "<!-- x -->",
    "<!DOCTYPE x>", "\ufdfd",
]  # fmt: skip


OUR_STYLE = "max-width:100%;height:auto"  # of the picture as a whole: it shrinks with its page


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_any_label_comes_out_as_that_text(layout, label):
    a = Value(1.0, label=label)
    y = a * 2
    y.label = label
    picture = draw(y)
    document = Document(picture.svg)
    assert document.tags <= HARMLESS
    assert not [name for name in document.attributes if "href" in name or name.startswith("on")]
    assert [element.attrib["style"] for element in document.root.iter() if "style" in element.attrib] == [OUR_STYLE]
    shown = [text for text in document.texts if text not in ("data", "grad", "—", "1.0000", "2.0000", "2", "*")]
    assert shown == [shortened(printable(label))] * 2
    assert [group.title.endswith(f"label {printable(label)}") for group in document.values] == [True, True]
    assert pixels(picture.pipe("png"))


OUR_STYLE = "max-width:100%;height:auto"  # of the picture as a whole: it shrinks with its page


@pytest.mark.parametrize("label", HOSTILE, ids=ascii)
def test_any_label_comes_out_of_graphviz_as_that_text(label):
    """The DOT is read by Graphviz as what it should be: the same nodes, no attribute, link or markup from a label."""
    a = Value(1.0, label=label)
    root = ET.fromstring(render_dot(draw(a * 2).source, "svg"))
    texts = ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert sorted(text.replace("\xa0", " ") for text in texts) == sorted(
        [shortened(printable(label)), "data 1.0000", "grad —", "data 2.0000", "grad —", "*", "2"]
    )
    assert not list(root.iter("{http://www.w3.org/2000/svg}a"))
    titles = {t.text for t in root.iter("{http://www.w3.org/2000/svg}title")}
    assert titles - {"%1", "%3"} == {"v0", "c1", "v2", "op2", "v0:e->op2", "c1:e->op2", "op2:e->v2:w"}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all(label):
    picture = draw(Value(1.0, label=label) + 1)
    document = Document(picture.svg)
    assert document.tags <= HARMLESS
    assert document.edges == [("v0", "op2"), ("c1", "op2"), ("op2", "v2")]
    if label:
        assert shortened(printable(label)) in document.texts


def test_a_label_of_10_000_characters_is_shortened_visibly(layout):
    picture = Document(draw(Value(1.0, label="long " * 2000)).svg)
    assert "long long long long lon…" in picture.texts
    assert "(10,000 characters)" in picture.values[0].title
    assert picture.width < 400


def test_labels_that_are_not_strings():
    assert "7" in Document(draw(Value(1.0, label=7)).svg).texts


def test_a_large_graph_says_what_it_leaves_out(layout):
    y = Value(1.0, label="x")
    for _ in range(2000):
        y = y + 1
    picture = draw(y)
    document = Document(picture.svg)
    note = "500 of 4,001 nodes shown; limit= and depth= say how many"
    assert note in document.texts
    assert note in picture.source
    assert len(document.values) + len(document.of("constant")) == 500
    # 1 + 249 * 2 + 1: of the last but one the constant is cut off, of the last one both operands.
    assert sorted(group.texts[0].content for group in document.of("more")) == ["… 1 more", "… 2 more"]
    assert "nodes shown" not in draw(y, limit=5000).source


@pytest.mark.no_cover  # for time's sake
def test_a_million_deep_under_the_default_recursion_limit():
    y = Value(1.0)
    for _ in range(10**6):
        y = y * 1.0
    assert "500 of 2,000,001 nodes shown" in draw(y).svg


def test_several_outputs(layout):
    a = Value(1.0, label="a")
    picture = Document(draw([a + 1, a * 2]).svg)
    assert len(picture.of("output")) == 2
    assert len(picture.of("leaf")) == 1


def test_a_leaf_alone(layout):
    document = Document(draw(Value(1.5, label="w")).svg)
    assert [text.content for text in document.values[0].texts] == ["w", "data", "1.5000", "grad", "—"]


class Drawable:
    def __init__(self, drawn):
        self.drawn = drawn

    def graph(self):
        return self.drawn


def test_what_can_draw_itself_is_asked():
    picture = draw_network([[[1.0]]], [[0.0]])
    assert draw(Drawable(picture)).svg == draw(picture).svg == picture.svg
    assert isinstance(draw(Drawable(read_graph(Value(1.0)))), Picture)
    assert draw(Drawable(picture), format="png").format == "png"


@pytest.mark.parametrize("y", [1.0, "y", [1.0], None, Drawable("text")])
def test_what_cannot_be_drawn(y):
    with pytest.raises(TypeError, match="draw takes a Value"):
        draw(y)


def test_wrong_settings():
    with pytest.raises(ValueError, match="direction = 'RL'"):
        draw(Value(1.0), direction="RL")
    with pytest.raises(ValueError, match="format = 'bmp'"):
        draw(Value(1.0), format="bmp")


def test_the_package_offers_it():
    assert autograd.draw is draw
