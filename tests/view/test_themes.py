"""Colours: every text can be read in every theme, also by the colour-blind, and nothing is told by colour alone.

References:
    W3C, Web Content Accessibility Guidelines 2.1, 2018 (relative luminance, contrast ratio).
    F. Viénot, H. Brettel and J. D. Mollon, Digital video colourmaps for checking the legibility of displays by
    dichromats, Color Research & Application 24, 1999.
"""

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import asdict

import pytest

from autograd import Value
from autograd.view import draw, draw_network, read_graph
from autograd.view.legend import KINDS
from autograd.view.paint import paint_frame
from autograd.view.render import render_dot
from autograd.view.svg import Canvas
from autograd.view.themes import DARK, LIGHT, PRINT, THEMES, recoloured, theme, theme_css

from .pictures import cases, neuron
from .svg import SVG

EVERY_THEME = pytest.mark.parametrize("name", THEMES)
COLOURS = re.compile(r"#[0-9A-F]{6}\b")


def linear(colour):
    """The linear RGB components of "#RRGGBB" (sRGB)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def as_seen(colour, eye):
    """Linear RGB as a dichromat sees it: the matrices of Viénot et al., which are for linear RGB."""
    r, g, b = linear(colour)
    if eye == "protanopia":
        red_green = 0.11238 * r + 0.88762 * g
        return [red_green, red_green, 0.00401 * r - 0.00401 * g + b]
    if eye == "deuteranopia":
        red_green = 0.29275 * r + 0.70725 * g
        return [red_green, red_green, -0.02234 * r + 0.02234 * g + b]
    return [r, g, b]


def test_the_formula_of_contrast():
    assert contrast(linear("#000000"), linear("#FFFFFF")) == pytest.approx(21)
    assert contrast(linear("#777777"), linear("#FFFFFF")) == pytest.approx(4.478, abs=1e-3)  # as WebAIM's checker says


def box_of(element):
    if element.tag == f"{SVG}rect":
        if element.get("width") == "100%":
            return -1e9, -1e9, 1e9, 1e9
        x, y, width, height = (float(element.get(side)) for side in ("x", "y", "width", "height"))
        return x, y, x + width, y + height
    left, bottom = map(float, re.match(r"M([\d.]+),([\d.]+)", element.get("d")).groups())
    numbers = re.search(r"V([\d.]+) a([\d.]+),.* h(-?[\d.]+)", element.get("d")).groups()
    top, radius, width = float(numbers[0]) - float(numbers[1]), float(numbers[1]), float(numbers[2])
    return left, top, left + width + 2 * radius, bottom


def texts_on_fills(svg):
    """(text, its colour, the colour that was painted last where the text stands)."""
    painted = []
    for element in ET.fromstring(svg).iter():
        fill = element.get("fill")
        if element.tag in (f"{SVG}rect", f"{SVG}path") and fill != "none":
            painted.append((box_of(element), fill))
        elif element.tag == f"{SVG}text":
            x, y = float(element.get("x")), float(element.get("y")) - 0.35 * float(element.get("font-size"))
            under = [colour for (x1, y1, x2, y2), colour in painted if x1 <= x <= x2 and y1 <= y <= y2]
            yield element.text, fill, under[-1]


PICTURES = [draw(y, **{**options, "theme": "light"}).svg for _, y, options in cases()]


@EVERY_THEME
def test_every_text_has_a_contrast_of_4_5(name):
    pairs = {}
    for svg in PICTURES:
        pairs.update({(ink, fill): text for text, ink, fill in texts_on_fills(recoloured(svg, theme(name)))})
    assert len({fill for _, fill in pairs}) >= (6 if name != "print" else 1)
    for (ink, fill), text in pairs.items():
        for eye in ("usual", "protanopia", "deuteranopia"):
            assert contrast(as_seen(ink, eye), as_seen(fill, eye)) >= 4.5, (ink, fill, text, eye)


@EVERY_THEME
def test_borders_and_arrows_can_be_told_from_the_paper(name):
    colours = theme(name)
    for role in ("muted", "blue", "vermillion", "highlight", "line"):
        assert contrast(linear(getattr(colours, role)), linear(colours.paper)) >= 3, role


def form(kind):
    """What remains of a shape of a given size without its colours."""
    canvas = Canvas("")
    paint_frame(canvas, kind, (0.0, 0.0, 100.0, 40.0))
    return COLOURS.sub("", "".join(canvas.parts))


def test_kinds_of_shapes_differ_in_form():
    """Leaf, result, output, ... can be told without any colour: by corners, dashes, a second border."""
    for one, other in itertools.combinations(KINDS, 2):
        assert form(one) != form(other), (one, other)


def test_what_is_pointed_out_is_so_without_colour():
    x = Value(2.0, label="x")
    y = x.tanh()
    plain, pointed = (COLOURS.sub("", draw(y, theme="print", highlight=h).svg) for h in (None, (x, y)))
    assert pointed.count("<rect") == plain.count("<rect") + 3  # a band around the leaf, the operation and the result
    assert plain.count('stroke-width="3.2"') == 0
    assert pointed.count('stroke-width="3.2"') == 2


def test_on_paper_there_is_black_on_white():
    for svg in PICTURES:
        printed = recoloured(svg, PRINT)
        for colour in set(COLOURS.findall(re.sub(r"<(text|title)\b.*?</\1>|aria-label=\"[^\"]*\"", "", printed))):
            assert colour[1:3] == colour[3:5] == colour[5:7], colour
        fills = {e.get("fill") for e in ET.fromstring(printed).iter(f"{SVG}rect")}
        assert fills <= {"#FFFFFF", "none"}


def test_a_colour_of_the_light_theme_has_one_role():
    colours = asdict(LIGHT)
    assert len(set(colours.values())) == len(colours)
    assert all(COLOURS.fullmatch(c) for found in THEMES.values() for c in asdict(found).values())


def test_pictures_use_no_other_colours():
    known = set(asdict(LIGHT).values())
    for svg in PICTURES:
        for element in ET.fromstring(svg).iter():
            assert {element.get("fill"), element.get("stroke")} <= known | {None, "none"}


@pytest.mark.parametrize("name", ["dark", "print"])
def test_every_colour_is_translated(name):
    after = set(asdict(theme(name)).values())
    for svg in PICTURES[:6]:
        for element in ET.fromstring(recoloured(svg, theme(name))).iter():
            assert {element.get("fill"), element.get("stroke")} <= after | {None, "none"}


def test_text_that_looks_like_a_colour_stays():
    label = ' fill="#1B1F24" color="#FFFFFF"'
    y = Value(1.0, label=label)
    picture = draw(y, theme="dark")
    root = ET.fromstring(picture.svg)
    assert [t.text for t in root.iter(f"{SVG}text") if t.get("class") == "label"] == [label[:23] + "…"]
    assert label in next(t.text for t in root.iter(f"{SVG}title") if "label" in t.text)
    shown = ET.fromstring(render_dot(picture.source, "svg"))
    assert label[:23] in [t.text.replace("\xa0", " ").rstrip("…") for t in shown.iter(f"{SVG}text")]
    assert DARK.paper in picture.source


def test_a_network_can_be_dark_too():
    network = draw_network([[[1.0, -1.0]]], [[0.5]])
    dark = draw(network, theme="dark")
    assert DARK.blue in dark.svg
    assert LIGHT.ink not in dark.svg
    assert LIGHT.ink in network.svg  # which stays as it was


def test_css_follows_the_screen(page):
    svg = draw(neuron()).svg
    page.set_content(f"<style>{theme_css('svg')}</style>{svg}")
    colour = "() => getComputedStyle(document.querySelector('text.label')).fill"
    ink = {name: "rgb({}, {}, {})".format(*(int(theme(name).ink[i : i + 2], 16) for i in (1, 3, 5))) for name in THEMES}
    page.emulate_media(color_scheme="light")
    assert page.evaluate(colour) == ink["light"]
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(colour) == ink["dark"]
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(colour) == ink["light"]


def test_no_colour_of_a_network_in_dot_stays_that_of_the_light_theme():
    network = draw_network([[[1.0, -2.0]]], [[0.5]], title="network", theme="dark")
    assert f'bgcolor="{DARK.paper}"' in network.source
    assert "white" not in network.source
    found = set(re.findall("#[0-9A-F]{6}", network.source))
    assert found <= set(asdict(DARK).values())


def test_unknown_themes():
    for name in ("Dark", "", "sepia"):
        with pytest.raises(ValueError, match=r"theme = .*: it is one of 'light', 'dark', 'print'"):
            theme(name)
        with pytest.raises(ValueError, match="theme = "):
            draw(read_graph(Value(1.0)), theme=name)
