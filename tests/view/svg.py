"""What an SVG document shows, read with the standard library's XML parser."""

import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import dataclass

SVG = "{http://www.w3.org/2000/svg}"
HARMLESS = {"svg", "title", "g", "rect", "circle", "line", "path", "polygon", "text"}


@dataclass
class Text:
    content: str
    left: float
    right: float
    y: float


@dataclass
class Group:
    kind: str
    name: str
    title: str
    texts: list
    box: tuple | None


class Document:
    """The groups of a picture by kind, and whether it consists of harmless elements alone."""

    def __init__(self, svg):
        self.root = ET.fromstring(svg)
        self.width, self.height = (float(self.root.get(side)) for side in ("width", "height"))
        self.groups = [self.group(g) for g in self.root.iter(f"{SVG}g")]
        self.texts = [t.text for t in self.root.iter(f"{SVG}text")]
        self.tags = {element.tag.removeprefix(SVG) for element in self.root.iter()}
        self.attributes = {name for element in self.root.iter() for name in element.attrib}

    def ends(self, edge):
        """The names of the shapes that an edge connects, found by their nodes: operand and operation, or these."""
        found = {}
        for g in self.root.iter(f"{SVG}g"):
            if g.get("data-node"):
                *kind, name = g.get("class").split()
                found[kind == ["op"], g.get("data-node")] = name
        source, target = edge.get("data-source"), edge.get("data-target")
        end = found[False, target]
        op = found.get((True, target), end)
        return f"{op} {end}" if source is None else f"{found[False, source]} {op}"

    def group(self, g):
        kind, _, name = g.get("class").removeprefix("value ").partition(" ")
        if kind == "edge":
            name = self.ends(g)
        title = g.find(f"{SVG}title")
        rect = g.find(f"{SVG}rect")
        box = None
        if rect is not None:
            x, y, width, height = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
            box = (x, y, x + width, y + height)
        texts = [self.text(t) for t in g.iter(f"{SVG}text")]
        return Group(kind, name, "" if title is None else title.text, texts, box)

    def text(self, t):
        size, x = float(t.get("font-size")), float(t.get("x"))
        width = float(t.get("textLength") or 0.602 * size * len(t.text))  # DejaVu Sans Mono: 0.602 em a character
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[t.get("text-anchor")]
        return Text(t.text, x - share * width, x + (1 - share) * width, float(t.get("y")))

    def of(self, *kinds):
        return [group for group in self.groups if group.kind in kinds]

    @property
    def values(self):
        return self.of("leaf", "result", "output")

    @property
    def edges(self):
        """The edges as pairs of the names of their ends."""
        return [tuple(group.name.split()) for group in self.of("edge")]


def pixels(png):
    """The size of a PNG and its rows of bytes, unfiltered no further than needed to see whether it is blank."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    data, position = b"", 8
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        kind = png[position + 4 : position + 8]
        if kind == b"IDAT":
            data += png[position + 8 : position + 8 + length]
        position += 12 + length
    return width, height, zlib.decompress(data)
