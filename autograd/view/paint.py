"""A scene painted as SVG: the same look, whoever laid it out.

This module owns how boxes, circles and arrows look, and must not know Values or Graphviz.
Data and gradient stand in columns of their own, since they are compared; the gradient has a colour of its own.
Read next: `picture.py`, which puts the parts together.
"""

from __future__ import annotations

import math

from . import style
from .dot import FILLS
from .layout import Placement, Route
from .shapes import Scene, Shape
from .svg import Canvas, Point
from .text import DASH

__all__ = ["paint"]

BORDERS = {"leaf": style.BLUE, "result": style.LINE, "output": style.AMBER}
NOTE = 34.0  # the height of the line above the picture


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
        width = max(width, len(scene.note) * style.CELL * style.FONT_SIZE + 2 * style.MARGIN + 20)
        with canvas.group("note"):
            canvas.rectangle(style.MARGIN, 10, len(scene.note) * style.CELL * style.FONT_SIZE + 20, 24, rx=12,
                             fill=style.OUTPUT_FILL)  # fmt: skip
            canvas.text(style.MARGIN + 10, 22, scene.note, anchor="start")

    def moved(point: Point) -> Point:
        return point[0] + left, point[1] + top

    for arrow, route in zip(scene.arrows, placement.routes, strict=True):
        names = f"{scene.shapes[arrow.source].name} {scene.shapes[arrow.target].name}"
        with canvas.group(f"edge {names}"):
            _paint_arrow(canvas, Route(tuple(map(moved, route.curve)), moved(route.tip)), arrow.text)
    for shape, centre in zip(scene.shapes, placement.centres, strict=True):
        with canvas.group(f"{shape.kind} {shape.name}", shape.title):
            _paint_shape(canvas, shape, moved(centre))
    return canvas.document(width, height)


def _paint_arrow(canvas: Canvas, route: Route, text: str) -> None:
    canvas.curve(route.curve, stroke=style.MUTED, stroke_width=1.2)
    (x1, y1), (x2, y2) = route.curve[-1], route.tip
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    base = x2 - 7 * dx, y2 - 7 * dy
    wings = [(base[0] - 3 * side * dy, base[1] + 3 * side * dx) for side in (1, -1)]
    canvas.polygon([route.tip, *wings], fill=style.MUTED)
    if text:
        # On the outer side: where the arrow comes down from above, that is above it.
        side = 8.0 if route.curve[0][1] <= y2 + 1 else -8.0
        canvas.text(x2 - 12 * dx + side * dy, y2 - 12 * dy - side * dx, text, size=style.SMALL_SIZE, fill=style.MUTED)


def _paint_shape(canvas: Canvas, shape: Shape, centre: Point) -> None:
    x, y = centre
    left, top = x - shape.width / 2, y - shape.height / 2
    if shape.kind == "op":
        canvas.rectangle(left, top, shape.width, shape.height, rx=shape.height / 2, fill=style.OP_FILL,
                         stroke=style.BLUE, stroke_width=1.4)  # fmt: skip
        lower = 2.0 if "*" in shape.lines[0] else 0.0  # asterisks stand high in their line
        canvas.text(x, y + lower, shape.lines[0], bold=True, fill=style.INK)
    elif shape.kind == "more":
        canvas.rectangle(left, top, shape.width, shape.height, rx=shape.height / 2, fill=style.PAPER,
                         stroke=style.LINE, stroke_dasharray="3 3")  # fmt: skip
        canvas.text(x, y, shape.lines[0], fill=style.MUTED)
    elif shape.kind == "constant":
        canvas.rectangle(left, top, shape.width, shape.height, rx=6, fill=style.CONSTANT_FILL, stroke=style.LINE,
                         stroke_width=0.8)  # fmt: skip
        canvas.text(x, y, shape.lines[0])
    else:
        _paint_value(canvas, shape, left, top)


def _paint_value(canvas: Canvas, shape: Shape, left: float, top: float) -> None:
    """A box of two or three rows: the label as a heading, the data, the gradient."""
    border, right = BORDERS[shape.kind], left + shape.width
    label, data, grad = shape.lines
    fill = FILLS[shape.kind]
    canvas.rectangle(left, top, shape.width, shape.height, rx=5, fill=style.PAPER if label else fill)
    y = top + 2 + style.ROW / 2
    if label:
        bottom = top + 2 + style.ROW
        canvas.element(
            "path", fill=fill, d=f"M{left:.2f},{bottom:.2f} v{5 - 2 - style.ROW:.2f} a5,5 0 0 1 5,-5 "
            f"h{shape.width - 10:.2f} a5,5 0 0 1 5,5 v{2 + style.ROW - 5:.2f} z",
        )  # fmt: skip
        canvas.text(left + shape.width / 2, y, label, bold=True)
        y += style.ROW
    for word, number, ink in (("data", data, style.INK), ("grad", grad, style.GRADIENT_INK)):
        canvas.text(left + style.PADDING, y, word, anchor="start", fill=style.MUTED)
        canvas.text(right - style.PADDING, y, number, anchor="end", fill=style.MUTED if number == DASH else ink)
        y += style.ROW
    canvas.rectangle(left, top, shape.width, shape.height, rx=5, fill="none", stroke=border,
                     stroke_width=2.2 if shape.kind == "output" else 1.2)  # fmt: skip
