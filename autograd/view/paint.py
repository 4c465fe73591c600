"""A scene painted as SVG: the same look, whoever laid it out.

This module owns how boxes, circles and arrows look, and must not know Values or Graphviz.
Data and gradient stand in columns of their own, since they are compared; the gradient has a colour of its own.
Read next: `picture.py`, which puts the parts together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from . import style
from .dot import BORDERS, FILLS
from .layout import Placement, Route
from .legend import LEGEND_ROW, SAMPLE, Entry, legend
from .scene import Arrow, Scene
from .shapes import Shape
from .svg import Canvas, Point
from .text import DASH, cells

__all__ = ["paint", "paint_frame"]

Box = tuple[float, float, float, float]  # left, top, width, height

NOTE = 34.0  # the height of the line above the picture
VALUES = ("leaf", "result", "output")
RADII = {"leaf": 9.0, "constant": 6.0, "group": 4.0}
STROKES = {"op": 1.4, "constant": 0.8, "output": 1.2}
HALO = 5.0  # the width of the band around what is highlighted


def paint(scene: Scene, placement: Placement) -> str:
    """The SVG document of a scene whose shapes have places."""
    canvas = Canvas(scene.title)
    xs = [x for route in placement.routes for x, _ in route.curve]
    ys = [y for route in placement.routes for _, y in route.curve]
    for shape, (x, y) in zip(scene.shapes, placement.centres, strict=True):
        xs += [x - shape.width / 2, x + shape.width / 2]
        ys += [y - shape.height / 2, y + shape.height / 2]
    left, top = style.MARGIN - min(xs), style.MARGIN - min(ys) + (NOTE if scene.note else 0.0)
    width, height = max(xs) + left + style.MARGIN, max(ys) + top + style.MARGIN
    if scene.note:
        width = max(width, _paint_note(canvas, scene.note))

    def moved(point: Point) -> Point:
        return point[0] + left, point[1] + top

    routes = [Route(tuple(map(moved, route.curve)), moved(route.tip)) for route in placement.routes]
    centres = list(map(moved, placement.centres))
    for shape, centre in zip(scene.shapes, centres, strict=True):
        if shape.highlighted:
            _paint_halo(canvas, _box(shape, centre), _radius(shape.kind, shape.height))
    _paint_edges(canvas, scene, routes, centres)
    for shape, centre in zip(scene.shapes, centres, strict=True):
        if shape.kind != "tag":
            kind = f"value {shape.kind}" if shape.kind in VALUES else shape.kind
            with canvas.group(f"{kind} {shape.name}", shape.title, data_node=shape.node):
                _paint_shape(canvas, shape, centre)
    if scene.look.legend:
        entries = legend(scene, width - 2 * style.MARGIN)
        _paint_legend(canvas, entries, style.MARGIN, height + LEGEND_ROW / 2)
        width = max(width, *[entry.end + 2 * style.MARGIN for entry in entries])
        height += entries[-1].y + LEGEND_ROW + style.MARGIN
    return canvas.document(width, height)


def _paint_legend(canvas: Canvas, entries: Sequence[Entry], left: float, top: float) -> None:
    size, middle = style.SMALL_SIZE, SAMPLE / 2
    with canvas.group("legend"):
        for entry in entries:
            x, y = left + entry.x, top + entry.y
            if entry.kind == "text":
                ink = {"grad": style.GRADIENT_INK, "0.50": style.INK}.get(entry.sample, style.MUTED)
                canvas.text(x + middle, y, entry.sample, size=size, fill=ink)
            elif entry.kind == "highlight":
                canvas.rectangle(x + 3, y - 6, SAMPLE - 6, 12, rx=3, fill="none", stroke=style.HIGHLIGHT,
                                 stroke_width=4.0)  # fmt: skip
            else:
                narrow = 5.0 if entry.kind == "op" else 0.0  # a circle
                paint_frame(canvas, entry.kind, (x + narrow, y - 8, SAMPLE - 2 * narrow, 16.0))
                if entry.sample:
                    canvas.text(x + middle, y, entry.sample, size=size)
            canvas.text(x + SAMPLE + 8, y, entry.words, anchor="start", size=size, fill=style.MUTED)


def _paint_note(canvas: Canvas, note: str) -> float:
    """The line above the picture; how wide the picture must be for it."""
    width = cells(note) * style.CELL * style.FONT_SIZE + 20
    with canvas.group("note"):
        canvas.rectangle(style.MARGIN, 10, width, 24, rx=12, fill=style.OUTPUT_FILL, stroke=style.AMBER)
        canvas.text(style.MARGIN + 10, 22, note, anchor="start")
    return width + 2 * style.MARGIN


def _paint_edges(canvas: Canvas, scene: Scene, routes: list[Route], centres: list[Point]) -> None:
    """Each edge as a group: its arrows, which are two where it carries a tag, and the tag."""
    sides = _sides(scene, routes)
    numbered = enumerate(scene.arrows)
    for (_, ends), group in groupby(numbered, key=lambda pair: (pair[1].edges, pair[1].ends)):
        parts = list(group)
        arrow = parts[0][1]
        data: dict[str, Any] = {"data_target": ends[1]}
        if arrow.edges:
            data = {"data_edge": _listed(arrow.edges), "data_source": ends[0], **data}
            data["data_position"] = _listed(arrow.positions) or None
        with canvas.group("edge" if arrow.edges else "edge result", **data):
            for k, part in parts:
                _paint_arrow(canvas, routes[k], part, sides.get(k, 0.0))
            if arrow.open:
                _paint_tag(canvas, scene.shapes[arrow.target], centres[arrow.target])


def _listed(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))


def _paint_arrow(canvas: Canvas, route: Route, arrow: Arrow, side: float) -> None:
    ink, width = (style.HIGHLIGHT, 3.2) if arrow.highlighted else (style.MUTED, 1.2)
    if arrow.open:
        canvas.curve((*route.curve, route.curve[-1], route.tip, route.tip), stroke=ink, stroke_width=width)
        return
    canvas.curve(route.curve, stroke=ink, stroke_width=width)
    (x1, y1), (x2, y2) = route.curve[-1], route.tip
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    back, half = (11.0, 6.0) if arrow.highlighted else (7.0, 3.0)
    base = x2 - back * dx, y2 - back * dy
    wings = [(base[0] - half * side * dy, base[1] + half * side * dx) for side in (1, -1)]
    canvas.polygon([route.tip, *wings], fill=ink)
    if arrow.text:
        canvas.text(x2 - 12 * dx + side * dy, y2 - 12 * dy - side * dx, arrow.text, size=style.SMALL_SIZE,
                    fill=style.MUTED, kind="position")  # fmt: skip


def _sides(scene: Scene, routes: Sequence[Route]) -> dict[int, float]:
    """On which side of an arrow its number stands, and how far: of two arrows to one tip, on the outer sides."""
    across, up = (1, 8.0) if scene.direction == "LR" else (0, -8.0)
    numbered: dict[int, list[int]] = {}
    for k, arrow in enumerate(scene.arrows):
        if arrow.text:
            numbered.setdefault(arrow.target, []).append(k)
    sides = {}
    for ks in numbered.values():
        ks.sort(key=lambda k: (routes[k].curve[-1][across], routes[k].curve[0][across]))
        sides.update({k: up if k == ks[0] else -up for k in ks})
    return sides


def _paint_tag(canvas: Canvas, tag: Shape, centre: Point) -> None:
    """The texts on an edge, beside each other, on paper of their own."""
    left, top = centre[0] - tag.width / 2, centre[1] - tag.height / 2
    canvas.rectangle(left, top, tag.width, tag.height, rx=4, fill=style.PAPER)
    x = left + 3
    for kind, text in tag.rows:
        fill = style.INK if kind == "partial" else style.MUTED
        canvas.text(x, centre[1], text, anchor="start", size=style.SMALL_SIZE, fill=fill, kind=kind)
        x += (cells(text) + 1) * style.CELL * style.SMALL_SIZE


def paint_frame(canvas: Canvas, kind: str, box: Box, fill: str | None = None, *, asked: bool = False) -> None:
    """The outline of a shape: kinds differ in form, not in colour alone; so does what was asked for."""
    left, top, width, height = box
    radius = _radius(kind, height)
    dashes = "3 3" if kind == "more" else None
    if kind == "group":  # a second box looks out from behind
        canvas.rectangle(left + 4, top + 4, width, height, rx=radius, fill=style.GROUP_FILL, stroke=style.LINE)
    border = style.AMBER if asked else BORDERS.get(kind, style.LINE)
    canvas.rectangle(left, top, width, height, rx=radius, fill=fill or FILLS[kind], stroke=border,
                     stroke_width=STROKES.get(kind, 1.2), stroke_dasharray=dashes)  # fmt: skip
    if asked or kind == "output":  # a double border
        canvas.rectangle(left + 3, top + 3, width - 6, height - 6, rx=max(radius - 3, 0.0), fill="none",
                         stroke=style.AMBER, stroke_width=1.2)  # fmt: skip


def _box(shape: Shape, centre: Point) -> Box:
    return centre[0] - shape.width / 2, centre[1] - shape.height / 2, shape.width, shape.height


def _radius(kind: str, height: float) -> float:
    return height / 2 if kind in ("op", "more") else RADII.get(kind, 2.0)


def _paint_shape(canvas: Canvas, shape: Shape, centre: Point) -> None:
    box = _box(shape, centre)
    if shape.kind in VALUES or shape.kind == "group":
        _paint_rows(canvas, shape, box)
        return
    paint_frame(canvas, shape.kind, box)
    ((row, text),) = shape.rows
    if row == "op":
        lower = 2.0 if "*" in text else 0.0  # asterisks stand high in their line
        canvas.text(centre[0], centre[1] + lower, text, bold=True, kind="symbol")
    else:
        canvas.text(*centre, text, fill=style.MUTED if row == "more" else style.INK, kind=row)


def _paint_halo(canvas: Canvas, box: Box, radius: float) -> None:
    """A broad band around what is pointed out: seen without colours too."""
    left, top, width, height = box
    out = HALO / 2 + 1
    canvas.rectangle(left - out, top - out, width + 2 * out, height + 2 * out, rx=radius + out, fill="none",
                     stroke=style.HIGHLIGHT, stroke_width=HALO)  # fmt: skip


def _paint_rows(canvas: Canvas, shape: Shape, box: Box) -> None:
    """A box of rows: the label as a heading, the data, the gradient."""
    left, top, width, _ = box
    headed = len(shape.rows) > 1 and shape.rows[0][0] == "label"
    paint_frame(canvas, shape.kind, box, style.PAPER if headed else None, asked=shape.asked)
    if headed:
        _paint_heading(canvas, shape, box)
    y = top + _above(shape) + style.ROW / 2
    for row, text in shape.rows:
        if row in ("data", "grad"):
            ink = style.MUTED if text == DASH else style.GRADIENT_INK if row == "grad" else style.INK
            canvas.text(left + style.PADDING, y, row, anchor="start", fill=style.MUTED)
            canvas.text(left + width - style.PADDING, y, text, anchor="end", fill=ink, kind=row)
        else:
            ink = style.INK if row == "label" else style.MUTED
            canvas.text(left + width / 2, y, text, bold=row == "label", fill=ink, kind=row)
        y += style.ROW


def _above(shape: Shape) -> float:
    """What is free above the first row."""
    return (shape.height - len(shape.rows) * style.ROW) / 2


def _paint_heading(canvas: Canvas, shape: Shape, box: Box) -> None:
    """The colour behind the first row, inside of the border."""
    left, top, width, _ = box
    inset = 3.6 if shape.asked or shape.kind == "output" else 0.6
    radius = max(_radius(shape.kind, 0.0) - inset, 0.0)
    bottom = top + _above(shape) + style.ROW
    left, top, width = left + inset, top + inset, width - 2 * inset
    canvas.element(
        "path", fill=FILLS[shape.kind], d=f"M{left:.2f},{bottom:.2f} V{top + radius:.2f} "
        f"a{radius:g},{radius:g} 0 0 1 {radius:g},-{radius:g} h{width - 2 * radius:.2f} "
        f"a{radius:g},{radius:g} 0 0 1 {radius:g},{radius:g} V{bottom:.2f} z",
    )  # fmt: skip
