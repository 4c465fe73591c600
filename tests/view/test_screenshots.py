"""What the browser paints: boxes, the active node and paper where they should be, and the same places as in a PNG."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from autograd.view import draw
from autograd.view.render import svg_to_png

from ..browser import open_html
from .pictures import loss, neuron, shared
from .replay.computations import neuron as lecture
from .replay.pages import go, opened

# Where the boxes of computed nodes are on the screen, and in which colours; the marks; the parts of the page.
BOXES = """app => {
  const box = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const colours = (e) => [getComputedStyle(e).fill, getComputedStyle(e).stroke];
  const rects = [...app.querySelectorAll(".picture g.value:not(.pending)")].map((g) => g.querySelector("rect"));
  const marks = [...app.querySelectorAll(".mark.target:not([hidden])")];
  return {
    nodes: rects.map((rect) => [box(rect), ...colours(rect)]),
    marks: marks.map((mark) => [box(mark), getComputedStyle(mark).stroke]),
    parts: [...app.querySelectorAll(".picture, .controls, .panel, .side")].map(box),
    paper: getComputedStyle(app).backgroundColor,
  };
}"""
# Of 255 by which a channel may be off: a border of one pixel that lies between two is painted on both with half of its
# colour, which is up to 128 from it; paper and fills are 160 and more away from the colours of borders.
CLOSE = 130


def screenshot(page):
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def rgb(text):
    return tuple(int(float(x)) for x in text[text.index("(") + 1 : -1].split(",")[:3])


def off(pixel, colour):
    return max(abs(a - b) for a, b in zip(pixel, colour, strict=True))


def nearest(image, x, y, colour, around=2):
    """How far the pixel nearest in colour is off, of those around a point."""
    return min(
        off(image.getpixel((i, k)), colour)
        for i in range(round(x) - around, round(x) + around + 1)
        for k in range(round(y) - around, round(y) + around + 1)
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_replay_is_painted_where_it_says(page, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened(page, lecture())
    page.locator("h1").click()  # nothing is hovered or focused
    active = []
    for k in (1, 5, 9):
        go(page, k)
        page.locator("h1").click()
        found, image = page.locator(".app").evaluate(BOXES), screenshot(page)
        paper = rgb(found["paper"])
        assert (sum(paper) > 600) == (scheme == "light")
        assert len(found["nodes"]) >= 6
        for (left, top, right, bottom), fill, stroke in found["nodes"]:
            assert off(image.getpixel((round(left) + 6, round((top + bottom) / 2))), rgb(fill)) <= 8, k
            assert nearest(image, left + (right - left) / 4, top, rgb(stroke)) <= CLOSE, k
            assert nearest(image, right, (top + bottom) / 2, rgb(stroke)) <= CLOSE, k
        ((left, top, right, bottom), ink), *more = found["marks"]
        assert more == []
        assert nearest(image, left + (right - left) * 0.3, top, rgb(ink), around=6) <= CLOSE
        marked = [b for b, *_ in found["nodes"] if left <= b[0] and b[2] <= right and top <= b[1] and b[3] <= bottom]
        assert len(marked) == 1
        others = [b for b, *_ in found["nodes"] if b not in marked]
        for b in others[:3]:  # no mark around what is not active: its dashes would be met somewhere on a whole side
            row = round(b[1] - (marked[0][1] - top)) + 1
            side = [image.getpixel((x, row)) for x in range(round(b[0]) + 4, round(b[2]) - 4)]
            assert min(off(pixel, rgb(ink)) for pixel in side) > 60 or k == 9  # there the receiver is marked, too
        active.append(marked[0])
    assert len(set(map(tuple, active))) == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_painted_outside_of_the_parts(page, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened(page, lecture())
    go(page, 5)
    found, image = page.locator(".app").evaluate(BOXES), screenshot(page)
    parts = found["parts"]
    assert len(parts) == 4
    top, low = round(min(part[1] for part in parts)), min(round(max(part[3] for part in parts)), image.height)
    painted = ImageChops.difference(image, Image.new("RGB", image.size, image.getpixel((2, 2)))).convert("L")
    for x1, y1, x2, y2 in parts:  # what is theirs, with the ring of the focus around it
        painted.paste(0, (round(x1) - 4, round(y1) - 4, round(x2) + 4, round(y2) + 4))
    strip = painted.crop((0, top, image.width, low)).point(lambda x: 255 if x > 24 else 0)
    assert strip.getbbox() is None


CELL = 16  # pixels of a cell of the grid of what is painted


def occupied(image):
    """The cells of a grid in which something is painted on the paper, which the corners of the picture show."""
    paper = Image.new("RGB", image.size, image.getpixel((image.width // 2, 3)))
    ink = ImageChops.difference(image, paper).convert("L").point(lambda x: 255 if x > 40 else 0)
    columns, rows = image.width // CELL, image.height // CELL
    return [
        ink.crop((c * CELL, r * CELL, (c + 1) * CELL, (r + 1) * CELL)).getbbox() is not None
        for r in range(rows) for c in range(columns)
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", [neuron, shared, loss])
def test_a_png_and_the_browser_paint_the_same_places(browser, make, theme):
    """Cells may differ where a letter or a border just touches them: the two smooth and hint differently."""
    picture = draw(make(), theme=theme, show=("label", "data", "grad", "op", "partials"))
    png = Image.open(BytesIO(svg_to_png(picture.svg, scale=1.0))).convert("RGB")
    with browser.new_context(viewport={"width": png.width, "height": png.height}, offline=True) as context:
        page = context.new_page()
        svg = picture.svg.replace("max-width:100%;height:auto", "display:block")
        open_html(page, f"<!doctype html><meta charset=utf-8><body style='margin:0'>{svg}</body>")
        shot = screenshot(page).crop((0, 0, png.width, png.height))
    one, other = occupied(png), occupied(shot)
    assert 0.1 < sum(one) / len(one) < 0.9  # a grid that tells something
    differ = sum(a != b for a, b in zip(one, other, strict=True)) / len(one)
    assert differ <= 0.03, differ
