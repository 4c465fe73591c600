"""A network drawn: every unit and weight, sign and size, and what is left out."""

import math
import pickle
import random
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import pairwise
from urllib.request import urlopen

import numpy
import pytest

import autograd
import nn
from autograd import Value
from autograd.errors import ShapeError
from autograd.view import draw, draw_network, layout_network
from autograd.view.render import render_dot
from autograd.view.themes import theme as named_theme
from nn.layers import Sequential

from .svg import HARMLESS, SVG, Document, pixels


def build(*sizes, value=0.5):
    weights = [[[value] * before for _ in range(after)] for before, after in pairwise(sizes)]
    return weights, [[0.0] * size for size in sizes[1:]]


def lines(picture):
    """The line of each weight, by its title."""
    found = {}
    for g in ET.fromstring(picture.svg).iter(f"{SVG}g"):
        if g.get("class") == "weight":
            found[g.find(f"{SVG}title").text] = g.find(f"{SVG}line")
    return found


def test_the_network_of_the_course_has_9_units_and_32_weights():
    picture = Document(draw_network(*build(3, 4, 4, 1)).svg)
    assert len(picture.of("weight")) == 32
    assert len(picture.of("unit")) == 3 + 9
    assert picture.tags <= HARMLESS
    assert picture.of("more") == []


def test_sign_by_colour_and_dashes_and_size_by_width():
    found = lines(draw_network([[[2.0, -1.0, 0.0]]], [[0.25]], inputs=["a", "b", "c"], outputs=["y"]))
    a, b, c = (found[f"{weight}.0000"] for weight in ("a → y: weight 2", "b → y: weight -1", "c → y: weight 0"))
    assert a.get("stroke") == "#0072B2"
    assert b.get("stroke") == "#D55E00"
    assert a.get("stroke-dasharray") is None
    assert b.get("stroke-dasharray") is not None
    widths = [float(line.get("stroke-width")) for line in (a, b, c)]
    assert widths == [4.5, pytest.approx((4.5 + 0.6) / 2), 0.6]  # linear in the magnitude


def test_weights_go_from_the_unit_before_to_the_unit():
    weights = [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]
    titles = list(lines(draw_network(weights, [[]])))
    assert "input 2 → unit 3 of layer 1: weight 6.0000" in titles
    assert "input 1 → unit 2 of layer 1: weight 3.0000" in titles
    assert len(titles) == 6


def test_few_weights_carry_their_number_and_units_their_bias():
    picture = Document(draw_network([[[1.0, -1.0]]], [[-0.5]]).svg)
    assert {"1.0000", "-1.0000", "-0.50"} <= set(picture.texts)
    assert "1.0000" not in Document(draw_network(*build(3, 3, value=1.0)).svg).texts[:-1]


def labels(picture):
    """The boxes of the numbers on lines, and of the circles."""
    root = ET.fromstring(picture.svg)
    boxes = []
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("fill-opacity") == "0.9":
            x, y, width, height = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
            boxes.append((x, y, x + width, y + height))
    for circle in root.iter(f"{SVG}circle"):
        x, y, r = (float(circle.get(key)) for key in ("cx", "cy", "r"))
        boxes.append((x - r, y - r, x + r, y + r))
    return boxes


@pytest.mark.parametrize("sizes", [(a, b) for a in range(1, 9) for b in range(1, 9) if a * b <= 8] + [
    (2, 3, 1), (3, 4, 2), (4, 4, 1), (2, 2, 2, 2)])  # fmt: skip
@pytest.mark.parametrize("value", [0.5, -12.3456, -1.5e-7])
def test_numbers_on_lines_cover_neither_each_other_nor_units(sizes, value):
    picture = draw_network(*build(*sizes, value=value))
    boxes = labels(picture)
    few = sum([a * b for a, b in pairwise(sizes) if a * b <= 8])
    assert len(boxes) == few + sum(sizes)
    for k, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[k + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_a_small_number_is_not_shown_as_zero():
    texts = Document(draw_network(*build(2, 3, value=-2e-7)).svg).texts
    assert "-2e-7" in texts
    assert "0.00" in texts  # the biases
    assert "-0.00" not in texts


def test_gradients_in_place_of_weights():
    weights, biases = build(2, 1, value=5.0)
    picture = draw_network(weights, biases, gradients=[[[0.25, -0.125]]])
    found = lines(picture)
    assert list(found) == [
        "input 2 → unit 1 of layer 1: weight 5.0000, gradient -0.1250",
        "input 1 → unit 1 of layer 1: weight 5.0000, gradient 0.2500",
    ]  # fmt: skip
    assert [float(line.get("stroke-width")) for line in found.values()] == [pytest.approx((4.5 + 0.6) / 2), 4.5]
    texts = Document(picture.svg).texts
    assert {"0.2500", "-0.1250"} <= set(texts)
    assert "positive gradient" in texts[-1]
    assert "up to 0.2500" in texts[-1]
    assert "penwidth=4.50" in picture.source
    with pytest.raises(ShapeError, match="gradients has not the shape of weights"):
        draw_network(weights, biases, gradients=[[[0.25]]])


@pytest.mark.parametrize("network", [
    nn.Neuron(2, seed=0), nn.Layer(2, 3, seed=0), nn.MLP(2, [3, 1], seed=0),
    Sequential(nn.MLP(2, [3], dropout=0.5, seed=0), nn.Layer(3, 1, seed=0)),
], ids=["neuron", "layer", "mlp", "sequential"])  # fmt: skip
def test_modules_are_drawn_with_every_node_one_click_away(network):
    state = random.getstate()
    picture = draw(network)
    assert random.getstate() == state  # drawing does not change the next dropout
    document = Document(picture.svg)
    assert len(document.of("weight")) == network.n_weights
    assert document.tags <= HARMLESS
    nodes = Document(picture.nodes.svg)
    assert len(nodes.values) >= network.n_parameters
    assert {"x1", "x2"} <= set(nodes.texts)
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml"}
    html = bundle["text/html"]
    assert html.index("<img") < html.index("<details><summary>") < html.rindex("<img")
    assert "<script" not in html
    assert picture.copy().nodes is picture.nodes
    assert pickle.loads(pickle.dumps(picture)).nodes.svg == picture.nodes.svg
    assert set(draw(Value(1.0))._repr_mimebundle_()) == {"image/svg+xml", "image/png"}


def test_the_images_in_a_notebook_are_the_pictures():
    picture = draw(nn.MLP(2, [2, 1], seed=0), format="png")
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png"}
    parts = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            parts.append((tag, dict(attributes)))

    Reader().feed(bundle["text/html"])
    assert [tag for tag, _ in parts] == ["div", "div", "img", "details", "summary", "img"]
    assert parts[0][1] == {"class": "tex2jax_ignore mathjax_ignore"}
    assert [set(attributes) for _, attributes in parts[1:]] == [set(), {"alt", "src"}, set(), set(), {"alt", "src"}]
    shown = [urlopen(attributes["src"]).read().decode() for tag, attributes in parts if tag == "img"]
    for svg, drawn in zip(shown, (picture.svg, picture.nodes.svg), strict=True):
        assert ET.canonicalize(svg) == ET.canonicalize(drawn)
    assert parts[2][1]["alt"] == "Network (2-2-1)"


def test_gradients_of_a_module():
    network = nn.MLP(2, [1], seed=0)
    network([3.0, -4.0]).backward()
    found = lines(network.graph(gradients=True))
    assert sorted([title.rpartition("gradient ")[2] for title in found]) == ["-4.0000", "3.0000"]


def test_a_forward_pass_that_is_not_defined_is_left_out():
    network = nn.Layer(1, 1, activation=lambda z: autograd.log(z - z), seed=0)
    picture = draw(network)
    assert picture.nodes is None
    assert set(picture._repr_mimebundle_()) == {"image/svg+xml", "image/png"}
    with pytest.raises(ShapeError, match="inputs has 2 names"):
        nn.MLP(3, [1]).graph(inputs=["a", "b"])


@pytest.mark.parametrize("name", ["dark", "print"])
def test_themes(name):
    weights, biases = build(2, 1)
    picture = draw_network(weights, biases, theme=name, forward=Value(1.0).tanh())
    paper = named_theme(name).paper
    for svg in (picture.svg, picture.nodes.svg):
        assert f'fill="{paper}"' in svg
        assert ("#DCEBF5" in svg) is False  # the leaves' light colour
    assert picture.svg != draw_network(weights, biases).svg
    with pytest.raises(ValueError, match="theme = 'sepia'"):
        draw_network(weights, biases, theme="sepia")


@pytest.mark.parametrize(
    ("bias", "shown"),
    [(0.123, "0.12"), (-0.001, "0.00"), (-12.34, "-12.3"), (123.456, "123.5"), (-1234.5, "-1234"), (1e9, "1e9"),
     (-1e-9, "0.00"), (math.inf, "inf"), (math.nan, "nan"), (-1.5e100, "±…")],
)  # fmt: skip
def test_biases_fit_into_their_circles(bias, shown):
    picture = Document(draw_network([[[1.0]]], [[bias]]).svg)
    assert shown in picture.texts


def test_wide_layers_show_their_ends_and_say_how_many_they_leave_out():
    names = [f"feature {i}" for i in range(30)]
    picture = Document(draw_network(*build(30, 16, 16, 1), inputs=names).svg)
    assert [group.texts[0].content for group in picture.of("more")] == ["15 more"]
    assert len(picture.of("unit")) == 15 + 16 + 16 + 1
    assert len(picture.of("weight")) == 15 * 16 + 16 * 16 + 16
    shown = [text for text in picture.texts if text.startswith("feature")]
    assert shown == names[:8] + names[-7:]
    assert "30" in picture.texts  # the heading still tells the whole number
    assert "30-16-16-1" in picture.root.get("aria-label")


def test_text_stays_inside_the_picture():
    for title in ("", "t" * 300):
        picture = draw_network(*build(2, 3, 2), inputs=["x" * 100, "a"], outputs=["yes " * 30, "no"], title=title)
        document = Document(picture.svg)
        for g in document.root.iter(f"{SVG}text"):
            text = document.text(g)
            assert text.left >= 0
            assert text.right <= document.width
            assert 0 < text.y < document.height


def test_units_do_not_overlap():
    layout = layout_network([7, 40, 3], limit=10)
    for column in layout.units:
        ys = [y for _, (_, y) in column]
        assert all(later - earlier >= 40 for earlier, later in pairwise(ys))
    assert [len(column) for column in layout.units] == [7, 9, 3]
    assert [gap is None for gap in layout.gaps] == [True, False, True]
    middles = [(column[0][1][1] + column[-1][1][1]) / 2 for column in layout.units]
    assert middles == [layout.height / 2] * 3


def test_the_layout_is_public():
    assert autograd.layout_network is layout_network
    layout = layout_network([3, 2])
    for column in layout.units:
        for _, (x, y) in column:
            assert layout.radius <= x <= layout.width - layout.radius
            assert layout.radius <= y <= layout.height - layout.radius


@pytest.mark.parametrize(("sizes", "limit", "words"), [
    ([], 16, r"sizes = \[\]: a layout needs a column"), ([3, 0], 16, r"sizes = \[3, 0\]"), ([3, 2], 2, "limit = 2"),
])  # fmt: skip
def test_a_layout_of_nothing(sizes, limit, words):
    with pytest.raises(ValueError, match=words):
        layout_network(sizes, limit)


def test_hostile_names():
    name = '"><script>&amp;\n\\N{|}'
    picture = draw_network([[[1.0]]], [[0.0]], inputs=[name], outputs=[name], title=name, activations=[name])
    document = Document(picture.svg)
    assert document.tags <= HARMLESS
    assert document.texts.count('"><script>&amp;↵\\N{|}') == 3
    svg = render_dot(picture.source, "svg")
    assert "script" not in {element.tag for element in ET.fromstring(svg).iter()}


def test_the_dot_has_every_unit_and_weight():
    picture = draw_network(*build(3, 4, 4, 1), title="net")
    root = ET.fromstring(render_dot(picture.source, "svg"))
    classes = [g.get("class") for g in root.iter(f"{SVG}g")]
    assert (classes.count("node"), classes.count("edge")) == (12, 32)
    assert "15 more" in draw_network(*build(30, 2)).source
    render_dot(draw_network(*build(30, 2)).source, "svg")


def test_weights_that_are_not_finite_are_drawn():
    found = lines(draw_network([[[math.nan, math.inf, 1.0]]], [[]]))
    assert len(found) == 3
    assert all(float(line.get("stroke-width")) <= 4.5 for line in found.values())


def test_all_zero():
    assert len(lines(draw_network(*build(2, 2, value=0.0)))) == 4


def test_a_picture_does_not_change_with_the_weights():
    weights, biases = build(2, 1, value=1.0)
    picture = draw_network(weights, biases)
    weights[0][0][0] = 9.0
    assert "9.0000" not in picture.svg


def test_arrays_and_values_are_numbers():
    weights = [numpy.ones((2, 3)), numpy.ones((1, 2))]
    assert len(lines(draw_network(weights, [numpy.zeros(2), numpy.zeros(1)]))) == 8


def test_png():
    width, height, rows = pixels(draw_network(*build(3, 4, 4, 1)).pipe("png"))
    assert width > 800
    assert height > 300
    assert len(set(rows)) > 20


@pytest.mark.parametrize(
    ("weights", "biases", "names", "words"),
    [
        ([], [], {}, "needs a layer"),
        ([[[]]], [[]], {}, "needs a layer"),
        ([[[1.0]]], [], {}, "biases for 0 layers, and weights for 1"),
        ([[[1.0, 2.0], [1.0]]], [[0.0, 0.0]], {}, r"weights\[0\]\[1\] has 1 weights for the 2 units before"),
        ([[[1.0]]], [[0.0, 1.0]], {}, r"biases\[0\] has 2 numbers for 1 units"),
        ([[[1.0]]], [[0.0]], {"inputs": ["a", "b"]}, "inputs has 2 names, the network has 1"),
        ([[[1.0]]], [[0.0]], {"outputs": ["a", "b"]}, "outputs has 2 names"),
        ([[[1.0]]], [[0.0]], {"activations": ["a", "b"]}, "activations has 2 names"),
    ],
)
def test_shapes_that_do_not_fit(weights, biases, names, words):
    with pytest.raises(ShapeError, match=words):
        draw_network(weights, biases, **names)


def test_a_limit_too_small():
    with pytest.raises(ValueError, match="limit = 2"):
        draw_network([[[1.0]]], [[0.0]], limit=2)
