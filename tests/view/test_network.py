"""A network drawn: every unit and weight, sign and size, and what is left out."""

import math
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy
import pytest

import autograd
from autograd.errors import ShapeError
from autograd.view import draw_network, layout_network
from autograd.view.render import render_dot

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
