"""A scene painted as SVG: the same look, whoever laid it out.

This module owns how boxes, circles and arrows look, and must not know Values or Graphviz.
Data and gradient stand in columns of their own, since they are compared; the gradient has a colour of its own.
Read next: `picture.py`, which puts the parts together.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

from . import style
from .dot import BORDERS, FILLS
from .layout import Placement, Route
from .shapes import Arrow, Scene, Shape
from .svg import Canvas, Point
from .text import DASH, cells

__all__ = ["paint"]

NOTE = 34.0  # the height of the line above the picture
VALUES = ("leaf", "result", "output")
HALO = 6.0  # the width of the band around what is highlighted


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
    _paint_edges(canvas, scene, routes, centres)
    for shape, centre in zip(scene.shapes, centres, strict=True):
        if shape.kind != "tag":
            kind = f"value {shape.kind}" if shape.kind in VALUES else shape.kind
            with canvas.group(f"{kind} {shape.name}", shape.title, data_node=shape.node):
                _paint_shape(canvas, shape, centre)
    return canvas.document(width, height)


def _paint_note(canvas: Canvas, note: str) -> float:
    """The line above the picture; how wide the picture must be for it."""
    width = cells(note) * style.CELL * style.FONT_SIZE + 20
    with canvas.group("note"):
        canvas.rectangle(style.MARGIN, 10, width, 24, rx=12, fill=style.OUTPUT_FILL, stroke=style.AMBER)
        canvas.text(style.MARGIN + 10, 22, note, anchor="start")
    return width + 2 * style.MARGIN


def _paint_edges(canvas: Canvas, scene: Scene, routes: list[Route], centres: list[Point]) -> None:
    """Each edge as a group: its arrows, which are two where it carries a tag, and the tag."""
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
                _paint_arrow(canvas, routes[k], part)
            if arrow.open:
                _paint_tag(canvas, scene.shapes[arrow.target], centres[arrow.target])


def _listed(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))


def _paint_arrow(canvas: Canvas, route: Route, arrow: Arrow) -> None:
    ink, width = (style.HIGHLIGHT, 3.2) if arrow.highlighted else (style.MUTED, 1.2)
    if arrow.open:
        canvas.curve((*route.curve, route.curve[-1], route.tip, route.tip), stroke=ink, stroke_width=width)
        return
    canvas.curve(route.curve, stroke=ink, stroke_width=width)
    (x1, y1), (x2, y2) = route.curve[-1], route.tip
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    base, half = (x2 - 7 * dx, y2 - 7 * dy), 4.5 if arrow.highlighted else 3.0
    wings = [(base[0] - half * side * dy, base[1] + half * side * dx) for side in (1, -1)]
    canvas.polygon([route.tip, *wings], fill=ink)
    if arrow.text:
        # On the outer side: where the arrow comes down from above, that is above it.
        side = 8.0 if route.curve[0][1] <= y2 + 1 else -8.0
        canvas.text(x2 - 12 * dx + side * dy, y2 - 12 * dy - side * dx, arrow.text, size=style.SMALL_SIZE,
                    fill=style.MUTED, kind="position")  # fmt: skip


def _paint_tag(canvas: Canvas, tag: Shape, centre: Point) -> None:
    """The texts on an edge, beside each other, on paper of their own."""
    left, top = centre[0] - tag.width / 2, centre[1] - tag.height / 2
    canvas.rectangle(left, top, tag.width, tag.height, rx=4, fill=style.PAPER)
    x = left + 3
    for kind, text in tag.rows:
        fill = style.INK if kind == "partial" else style.MUTED
        canvas.text(x, centre[1], text, anchor="start", size=style.SMALL_SIZE, fill=fill, kind=kind)
        x += (cells(text) + 1) * style.CELL * style.SMALL_SIZE


def _paint_shape(canvas: Canvas, shape: Shape, centre: Point) -> None:
    x, y = centre
    left, top = x - shape.width / 2, y - shape.height / 2
    radius = {"op": shape.height / 2, "more": shape.height / 2, "leaf": 9.0, "constant": 6.0}.get(shape.kind, 2.0)
    if shape.highlighted:
        out = HALO / 2 + 1
        canvas.rectangle(left - out, top - out, shape.width + 2 * out, shape.height + 2 * out, rx=radius + out,
                         fill="none", stroke=style.HIGHLIGHT, stroke_width=HALO)  # fmt: skip
    if shape.kind == "op":
        canvas.rectangle(left, top, shape.width, shape.height, rx=radius, fill=style.OP_FILL, stroke=style.BLUE,
                         stroke_width=1.4)  # fmt: skip
        symbol = shape.rows[0][1]
        lower = 2.0 if "*" in symbol else 0.0  # asterisks stand high in their line
        canvas.text(x, y + lower, symbol, bold=True, fill=style.INK, kind="symbol")
    elif shape.kind == "more":
        canvas.rectangle(left, top, shape.width, shape.height, rx=radius, fill=style.PAPER, stroke=style.LINE,
                         stroke_dasharray="3 3")  # fmt: skip
        canvas.text(x, y, shape.rows[0][1], fill=style.MUTED)
    elif shape.kind == "constant":
        canvas.rectangle(left, top, shape.width, shape.height, rx=radius, fill=style.CONSTANT_FILL, stroke=style.LINE,
                         stroke_width=0.8)  # fmt: skip
        canvas.text(x, y, shape.rows[0][1], kind="data")
    else:
        _paint_value(canvas, shape, left, top, radius)


def _paint_value(canvas: Canvas, shape: Shape, left: float, top: float, radius: float) -> None:
    """A box of rows: the label as a heading, the data, the gradient."""
    border, right = BORDERS.get(shape.kind, style.LINE), left + shape.width
    fill = FILLS[shape.kind]
    headed = bool(shape.rows) and shape.rows[0][0] == "label" and len(shape.rows) > 1
    canvas.rectangle(left, top, shape.width, shape.height, rx=radius, fill=style.PAPER if headed else fill)
    if headed:
        bottom = top + 2 + style.ROW
        canvas.element(
            "path", fill=fill, d=f"M{left:.2f},{bottom:.2f} v{radius - 2 - style.ROW:.2f} "
            f"a{radius:g},{radius:g} 0 0 1 {radius:g},-{radius:g} h{shape.width - 2 * radius:.2f} "
            f"a{radius:g},{radius:g} 0 0 1 {radius:g},{radius:g} v{2 + style.ROW - radius:.2f} z",
        )  # fmt: skip
    y = top + (shape.height - len(shape.rows) * style.ROW) / 2 + style.ROW / 2
    for kind, text in shape.rows:
        if kind in ("data", "grad"):
            ink = style.MUTED if text == DASH else style.GRADIENT_INK if kind == "grad" else style.INK
            canvas.text(left + style.PADDING, y, kind, anchor="start", fill=style.MUTED)
            canvas.text(right - style.PADDING, y, text, anchor="end", fill=ink, kind=kind)
        else:
            ink = style.INK if kind == "label" else style.MUTED
            canvas.text(left + shape.width / 2, y, text, bold=kind == "label", fill=ink, kind=kind)
        y += style.ROW
    canvas.rectangle(left, top, shape.width, shape.height, rx=radius, fill="none", stroke=border,
                     stroke_width=1.2)  # fmt: skip
    if shape.kind == "output":
        canvas.rectangle(left - 3, top - 3, shape.width + 6, shape.height + 6, rx=radius + 3, fill="none",
                         stroke=border, stroke_width=1.6)  # fmt: skip
