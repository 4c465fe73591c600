"""Names of nodes, and pictures written shorter."""

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from urllib.parse import unquote

import pytest
from PIL import Image, ImageChops, ImageFilter

from autograd import Value
from autograd.engine import toposort
from autograd.view.drawing import graph_svg
from autograd.view.embedding import data_url
from autograd.view.graph import read_graph
from autograd.view.look import Look
from autograd.view.replayer.compact import compact
from autograd.view.replayer.names import node_names

from .computations import neuron, random_program, sized
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
ARROWS = """([svg]) => {
  document.body.innerHTML = svg.replace(/ style="[^"]*"/g, "");
  return Object.fromEntries([...document.querySelectorAll("g.edge")].map((group) => {
    const name = group.dataset.edge === undefined ? `r${group.dataset.target}` : group.dataset.edge;
    const path = group.querySelector("path");
    const ends = [path.getPointAtLength(0), path.getPointAtLength(1e6), ...group.querySelector("polygon").points];
    const colours = [path.getAttribute("stroke"), path.getAttribute("fill"), path.getAttribute("stroke-width"),
      group.querySelector("polygon").getAttribute("fill")].join(" ");
    return [`${name} ${colours}`, [...ends.flatMap(({ x, y }) => [x, y]), path.getTotalLength() / 20]];
  }));
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
        shorter = compact(svg)
        ElementTree.fromstring(shorter)
        assert page.evaluate(LOOKS, [shorter, COMPUTED]) == page.evaluate(LOOKS, [svg, COMPUTED])


def pixels(page, svg):
    page.set_content(f'<img src="{data_url(svg)}">')
    page.locator("img").evaluate("image => image.decode()")
    return Image.open(io.BytesIO(page.locator("img").screenshot())).convert("L")


@pytest.mark.parametrize("make", [neuron, lambda: sized(60), lambda: random_program(3, 30)])
def test_a_picture_with_its_arrows_in_two_paths_looks_the_same(page, make):
    svg = graph_svg(read_graph(make()), Look(room=True))
    shorter = compact(svg, large=True)
    ElementTree.fromstring(shorter)
    assert len(shorter) < 0.6 * len(svg)
    one, other = (pixels(page, drawn).filter(ImageFilter.GaussianBlur(2)) for drawn in (svg, shorter))
    assert abs(one.width - other.width) <= 1
    shared = (0, 0, min(one.width, other.width), min(one.height, other.height))
    differences = ImageChops.difference(one.crop(shared), other.crop(shared)).histogram()
    assert sum(differences[64:]) <= 1e-4 * shared[2] * shared[3]  # lines and letters moved by less than a pixel


@pytest.mark.parametrize("make", [lambda: sized(60), lambda: random_program(5, 80), lambda: random_program(7, 80)])
def test_the_live_picture_has_every_arrow_as_it_was(page, make):
    graph = read_graph(make())
    named = [replace(node, label=name) for node, name in zip(graph.nodes, node_names(graph), strict=True)]
    svg = graph_svg(replace(graph, nodes=tuple(named)), Look(room=True))
    opened(page, make())
    assert "data-edges" in unquote(page.locator(".autograd-page img").get_attribute("src"))
    live = page.evaluate(ARROWS, [page.locator(".picture svg").evaluate("e => e.outerHTML")])
    wanted = page.evaluate(ARROWS, [svg])
    assert live.keys() == wanted.keys()
    for name, numbers in wanted.items():
        assert live[name] == pytest.approx(numbers, abs=2.5), name
    assert page.locator(".picture path[data-edges]").count() == 0


def test_the_live_picture_has_its_colours_as_attributes(page):
    opened(page, sized(60))
    fills = page.locator(".picture svg rect").evaluate_all("all => all.map((e) => e.getAttribute('fill'))")
    assert fills[0] == "#FFFFFF"
    assert fills.count(None) == len(page.locator(".marks rect").all()) - page.locator(".marks rect[fill]").count()
    assert page.locator(".picture svg style").count() == 0
