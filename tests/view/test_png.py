"""A PNG checked by its content: every box and every line of the picture is painted where the SVG has it."""

import re
import xml.etree.ElementTree as ElementTree
from io import BytesIO

import pytest
from PIL import Image, ImageColor

from autograd.view import draw
from autograd.view.render import PNG_SCALE

from .pictures import diamond, loss, neuron, own_op, shared, wide_sum
from .svg import SVG

NEAR = 2  # pixels of the PNG around a point: half of the thinnest line, and the smoothing of its border
GRAPHS = {
    "neuron": (neuron, {}), "shared, partials": (shared, {"show": ("label", "data", "grad", "op", "partials")}),
    "diamond, dark": (diamond, {"theme": "dark"}), "wide sum, downwards": (wide_sum, {"direction": "TB"}),
    "own operation": (own_op, {}), "loss, print": (loss, {"theme": "print"}),
}  # fmt: skip


def painted(picture):
    """The PNG of a picture, and a function: whether a colour is near a point of the SVG."""
    image = Image.open(BytesIO(picture.pipe("png"))).convert("RGB")

    def near(x, y, colour, tolerance=60):
        # Of 255: smoothing mixes a thin line with the paper; paper and ink are 200 apart.
        wanted = ImageColor.getrgb(colour)
        column, row = round(x * PNG_SCALE), round(y * PNG_SCALE)
        around = [
            image.getpixel((i, k))
            for i in range(max(0, column - NEAR), min(image.width, column + NEAR + 1))
            for k in range(max(0, row - NEAR), min(image.height, row + NEAR + 1))
        ]
        return any(max(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) <= tolerance for pixel in around)

    return image, near


def colour_of(element, parents, name):
    """A colour of an element, which it may have from a group around it."""
    while element is not None:
        if element.get(name):
            return element.get(name)
        element = parents.get(element)
    raise AssertionError(f"no {name}")


def middles(frame):
    """The middles of the four sides of a box."""
    x, y, width, height = (float(frame.get(key)) for key in ("x", "y", "width", "height"))
    return [(x + width / 2, y), (x + width / 2, y + height), (x, y + height / 2), (x + width, y + height / 2)]


def half_way(path):
    """The point in the middle of a path of Bézier curves and lines: of its middle piece, at half of its parameter."""
    numbers = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", path)]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    if "C" not in path:
        (x1, y1), (x2, y2) = points[len(points) // 2 - 1], points[len(points) // 2]
        return (x1 + x2) / 2, (y1 + y2) / 2
    first = 3 * ((len(points) - 1) // 3 // 2)
    p = points[first : first + 4]
    return tuple((p[0][i] + 3 * p[1][i] + 3 * p[2][i] + p[3][i]) / 8 for i in (0, 1))


def read(picture):
    root = ElementTree.fromstring(picture.svg)
    return root, {child: parent for parent in root.iter() for child in parent}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_box_and_every_edge_is_painted(name):
    make, options = GRAPHS[name]
    picture = draw(make(), **options)
    root, parents = read(picture)
    image, near = painted(picture)
    assert image.size == pytest.approx([float(root.get(side)) * PNG_SCALE for side in ("width", "height")], abs=1)
    boxes = edges = 0
    for group in root.iter(f"{SVG}g"):
        kinds = group.get("class", "").split()
        frame, path = group.find(f"{SVG}rect"), group.find(f"{SVG}path")
        if "edge" in kinds:
            assert near(*half_way(path.get("d")), colour_of(path, parents, "stroke")), (kinds, path.get("d"))
            edges += 1
        elif group.get("data-node") and frame is not None:
            stroke = colour_of(frame, parents, "stroke")
            wanted = stroke if stroke != "none" else colour_of(frame, parents, "fill")
            assert all(near(x, y, wanted) for x, y in middles(frame)), (kinds, wanted)
            boxes += 1
    assert boxes >= 3
    assert edges >= 3


def test_what_is_not_painted_is_missed():
    """The same look at a picture without its lines, and at one without its boxes."""
    picture = draw(neuron())
    root, parents = read(picture)
    path = next(g.find(f"{SVG}path") for g in root.iter(f"{SVG}g") if "edge" in g.get("class", ""))
    frame = next(g.find(f"{SVG}rect") for g in root.iter(f"{SVG}g") if g.get("data-node"))
    stroke = colour_of(frame, parents, "stroke")
    middle, line = half_way(path.get("d")), colour_of(path, parents, "stroke")
    side = middles(frame)[0]

    class Without:
        def __init__(self, tag):
            self.svg = re.sub(rf"<{tag}\b[^>]*?/>", lambda m: m[0] if 'width="100%"' in m[0] else "", picture.svg)

        def pipe(self, _):
            from autograd.view.render import svg_to_png

            return svg_to_png(self.svg)

    assert painted(picture)[1](*middle, line)
    assert not painted(Without("path"))[1](*middle, line)
    assert painted(picture)[1](*side, stroke)
    assert not painted(Without("rect"))[1](*side, stroke)
