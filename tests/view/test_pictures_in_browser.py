"""What a real browser measures in pictures: all is there, no text overlaps another or leaves its shape."""

import html
import itertools
from dataclasses import dataclass

import pytest

from autograd.view import Graph, draw, drawing
from autograd.view.text import printable, shortened

from ..browser import open_html
from .pictures import cases

pytestmark = pytest.mark.xdist_group("pictures in the browser")

MEASURE = """() => [...document.querySelectorAll("svg")].map(svg => {
    const origin = svg.getBoundingClientRect()
    const box = element => {
        const r = element.getBoundingClientRect()
        return [r.left - origin.left, r.top - origin.top, r.right - origin.left, r.bottom - origin.top]
    }
    return {
        box: box(svg),
        groups: [...svg.querySelectorAll("g")].map(g => ({
            kinds: g.getAttribute("class").split(" "),
            data: {...g.dataset},
            frame: g.querySelector("rect") && box(g.querySelector("rect")),
            texts: [...g.querySelectorAll("text")].map(
                t => ({content: t.textContent, kind: t.getAttribute("class"), box: box(t)})),
        })),
    }
})"""


@dataclass
class Measured:
    graph: Graph
    options: dict
    box: list
    groups: list

    @property
    def shapes(self):
        return [g for g in self.groups if "node" in g["data"]]

    @property
    def texts(self):
        return [t for g in self.groups for t in g["texts"]]


@pytest.fixture(scope="module", params=["Graphviz", "own layout"])
def measured(request, browser):
    """Every case, drawn and measured in one page; the graph is noted as it passes to the painter."""
    graphs, painted = [], []
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "own layout":
            patch.setattr(drawing, "graphviz_placement", lambda *_: None)
        real = drawing.scene
        patch.setattr(drawing, "scene", lambda graph, look: graphs.append(graph) or real(graph, look))
        named = list(cases())
        painted = [draw(y, **options).svg for _, y, options in named]
    context = browser.new_context()
    page = context.new_page()
    open_html(page, "<!doctype html><meta charset=utf-8>" + "".join([
        svg.replace("max-width:100%;height:auto", "display:block") for svg in painted
    ]))  # fmt: skip
    found = page.evaluate(MEASURE)
    context.close()
    assert len(found) == len(named) >= 30
    return {
        name: Measured(graph, options, **one)
        for (name, _, options), graph, one in zip(named, graphs, found, strict=True)
    }


NAMES = [name for name, *_ in cases()]
every_picture = pytest.mark.parametrize("name", NAMES)


def overlap(one, other, by=0.5):
    return (
        one[0] + by < other[2] and other[0] + by < one[2] and one[1] + by < other[3] and other[1] + by < one[3]
    )  # fmt: skip


@every_picture
def test_every_node_and_every_edge_is_there(measured, name):
    picture = measured[name]
    graph = picture.graph
    with_op = {i for i, node in enumerate(graph.nodes) if node.kind == "result"}
    ops = with_op if "op" in picture.options.get("show", ("op",)) else set()
    assert sorted(int(g["data"]["node"]) for g in picture.shapes) == sorted([*range(len(graph.nodes)), *ops])
    edges = [g for g in picture.groups if "edge" in g["data"]]
    assert sorted(k for g in edges for k in map(int, g["data"]["edge"].split())) == list(range(len(graph.edges)))
    for g in edges:
        for k in map(int, g["data"]["edge"].split()):
            assert (graph.edges[k].source, graph.edges[k].target) == (
                int(g["data"]["source"]),
                int(g["data"]["target"]),
            )
        shown = [int(p) for p in g["data"].get("position", "").split()]
        assert shown == [p for k in g["data"]["edge"].split() if (p := graph.edges[int(k)].position) is not None]
    for g in picture.shapes:
        node = graph.nodes[int(g["data"]["node"])]
        labels = [t["content"] for t in g["texts"] if t["kind"] == "label"]
        if "value" in g["kinds"] and "label" in picture.options.get("show", ("label",)):
            assert labels == ([shortened(printable(node.label))] if node.label else [])
        if "op" in g["kinds"]:
            assert [t["content"] for t in g["texts"]] == [shortened(printable(node.op))]


@every_picture
def test_text_stays_inside_of_its_shape_and_of_the_picture(measured, name):
    picture = measured[name]
    for g in picture.groups:
        for text in g["texts"]:
            left, top, right, bottom = text["box"]
            assert left >= 0, text
            assert top >= 0, text
            assert right <= picture.box[2], text
            assert bottom <= picture.box[3], text
            if g in picture.shapes:
                frame = g["frame"]
                assert left >= frame[0] + 2, (text, frame)
                assert right <= frame[2] - 2, (text, frame)
                assert top >= frame[1] - 0.5, (text, frame)
                assert bottom <= frame[3] + 0.5, (text, frame)


@every_picture
def test_no_two_texts_overlap(measured, name):
    for one, other in itertools.combinations(measured[name].texts, 2):
        assert not overlap(one["box"], other["box"]), (one, other)


@every_picture
def test_no_two_shapes_overlap_and_no_text_of_an_edge_lies_on_one(measured, name):
    picture = measured[name]
    for one, other in itertools.combinations(picture.shapes, 2):
        assert not overlap(one["frame"], other["frame"]), (one, other)
    for g in picture.groups:
        if "edge" in g["kinds"]:
            for text, shape in itertools.product(g["texts"], picture.shapes):
                round_op = "op" in shape["kinds"]  # its corners are empty
                assert not overlap(text["box"], shape["frame"], by=4 if round_op else 0.5), (text, shape)


def test_the_pictures_hold_hostile_text_as_text(measured):
    shown = [t["content"] for t in measured["hostile_names"].texts]
    assert '<script>alert("1")</scri…' in shown or any(t.startswith("<script>") for t in shown)
    assert html.escape("<b>") not in " ".join(shown)
