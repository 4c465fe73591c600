"""Names of nodes, and pictures written shorter."""

import xml.etree.ElementTree as ElementTree

from autograd import Value
from autograd.engine import toposort
from autograd.view.drawing import graph_svg
from autograd.view.graph import read_graph
from autograd.view.look import Look
from autograd.view.replayer.compact import compact
from autograd.view.replayer.names import node_names

from .computations import neuron, sized
from .pages import opened

COMPUTED = ("fill", "stroke", "stroke-width", "text-anchor", "font-size", "font-weight", "stroke-dasharray")
LOOKS = """([svg, names]) => {
  const page = document.createElement("iframe");
  document.body.append(page);
  page.contentDocument.body.innerHTML = svg;
  const shapes = [...page.contentDocument.querySelectorAll("text, rect, path, polygon")];
  return shapes.map((shape) => {
    const style = page.contentWindow.getComputedStyle(shape);
    return [shape.tagName, shape.textContent, ...names.map((name) => style.getPropertyValue(name))];
  });
}"""


def test_names_are_different_and_labels_where_there_are_some():
    a = Value(1.0, label="a")
    y = (a + Value(2.0, label="a")) * Value(3.0) * Value(4.0, label="v1") * Value(5.0, label="a (2)")
    names = node_names(read_graph(y))
    assert len(set(names)) == len(names)
    assert names[:3] == ("a", "a (3)", "v2")
    assert {"a", "v1", "a (2)"} <= set(names)


def test_names_are_short_and_printable():
    y = Value(1.0, label="x" * 1000) + Value(1.0, label="\n\x00") + Value(1.0, label="x" * 1000 + "y")
    names = node_names(read_graph(y))
    assert len(set(names)) == len(names) == len(toposort(y))
    assert all(len(name) < 40 and name.isprintable() for name in names)


def test_a_shorter_picture_looks_the_same(page):
    for y in (neuron(), sized(60)):
        svg = graph_svg(read_graph(y), Look(room=True))
        wanted = page.evaluate(LOOKS, [svg, COMPUTED])
        for large in (False, True):
            shorter = compact(svg, large)
            ElementTree.fromstring(shorter)
            assert page.evaluate(LOOKS, [shorter, COMPUTED]) == wanted
        assert len(compact(svg, large=True)) < 0.7 * len(svg)


def test_the_live_picture_has_its_colours_as_attributes(page):
    opened(page, sized(60))
    fills = page.locator(".picture svg rect").evaluate_all("all => all.map((e) => e.getAttribute('fill'))")
    assert fills[0] == "#FFFFFF"
    assert fills.count(None) == len(page.locator(".marks rect").all()) - page.locator(".marks rect[fill]").count()
    assert page.locator(".picture svg style").count() == 0
