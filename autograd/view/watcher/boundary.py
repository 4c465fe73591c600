"""The decision boundary painted: areas of the classes, the line between two, and the samples with their markers.

This module owns how predictions on a grid look, and must not know what made them. Between the points of the grid the
numbers are interpolated, as `boundary.js` does it in a page; classes differ by marker too.
Read next: `picture.py`, which puts panels together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .. import style
from ..svg import Canvas, Point
from ..text import cells, shortened, visible
from .curves import HEIGHT, LEFT, RIGHT, WIDTH, Axis
from .plane import LEVELS, MAX_CLASSES, NO_NUMBER, Plane
from .records import Grid

__all__ = ["BOTTOM", "FINE", "TOP", "areas", "contour", "paint_boundary"]

TOP, BOTTOM = 52.0, HEIGHT - 30.0
COLOURS = (style.BLUE, style.VERMILLION, "#009E73", style.INK, "#CC79A7")
FINE = 3  # painted cells for each step of the grid, in both directions
SHADES = 4
OPACITIES = (0.08, 0.34)  # of the palest shade that could be, and of the strongest
MAX_SAMPLES = 400
NAME = 14


def paint_boundary(canvas: Canvas, plane: Plane, grid: Grid) -> None:
    """Paint the panel; what changes from frame to frame is the group of the kind `plane`."""
    canvas.text(LEFT, 16, "Decision boundary", anchor="start", bold=True, size=13.0)
    with canvas.group("plane"):
        for colour, opacity, d in areas(grid, plane.one_score):
            canvas.element("path", d=d, fill=colour, fill_opacity=opacity, shape_rendering="crispEdges")
        if plane.one_score and (d := contour(grid)):
            canvas.element("path", d=d, fill="none", stroke=style.INK, stroke_width=1.5)
    horizontal, vertical = axes(plane)
    _paint_axes(canvas, horizontal, vertical)
    stride = -(-len(plane.points) // MAX_SAMPLES)
    with canvas.group("samples"):
        for (x, y), label in list(zip(plane.points, plane.labels, strict=True))[::stride]:
            _paint_marker(canvas, (horizontal.place(x), vertical.place(y)), label)
    x = LEFT
    for index, name in enumerate(plane.classes):
        text = shortened(visible(name) if isinstance(name, str) else f"{name:g}", NAME)
        _paint_marker(canvas, (x + 5, 37), index)
        canvas.text(x + 15, 37, text, anchor="start", size=style.SMALL_SIZE)
        x += 15 + cells(text) * style.CELL * style.SMALL_SIZE + 14


def axes(plane: Plane) -> tuple[Axis, Axis]:
    """The axes of the two inputs."""
    return (
        Axis(plane.low[0], plane.high[0], LEFT, WIDTH - RIGHT),
        Axis(plane.low[1], plane.high[1], BOTTOM, TOP),
    )


def _paint_axes(canvas: Canvas, horizontal: Axis, vertical: Axis) -> None:
    for tick, text in zip(horizontal.ticks(), horizontal.tick_texts(), strict=True):
        canvas.text(horizontal.place(tick), BOTTOM + 12, text, size=style.SMALL_SIZE, fill=style.MUTED)
    for tick, text in zip(vertical.ticks(), vertical.tick_texts(), strict=True):
        canvas.text(LEFT - 6, vertical.place(tick), text, anchor="end", size=style.SMALL_SIZE, fill=style.MUTED)
    canvas.rectangle(LEFT, TOP, WIDTH - RIGHT - LEFT, BOTTOM - TOP, fill="none", stroke=style.LINE, stroke_width=1)


def _paint_marker(canvas: Canvas, centre: Point, label: int) -> None:
    """The marker of a class: circle, triangle, square, diamond, triangle upside down."""
    (x, y), colour = centre, COLOURS[label]
    look = {"fill": colour, "stroke": style.PAPER, "stroke_width": 0.8}
    if label == 0:
        canvas.circle(centre, 3.6, **look)
        return
    corners = (
        ((0.0, -4.6), (4.2, 3.2), (-4.2, 3.2)), ((-3.3, -3.3), (3.3, -3.3), (3.3, 3.3), (-3.3, 3.3)),
        ((0.0, -4.8), (4.2, 0.0), (0.0, 4.8), (-4.2, 0.0)), ((0.0, 4.6), (4.2, -3.2), (-4.2, -3.2)),
    )[label - 1]  # fmt: skip
    canvas.polygon([(x + dx, y + dy) for dx, dy in corners], **look)


def areas(grid: Grid, one_score: bool) -> Iterator[tuple[str, float, str]]:
    """The areas of equal shade: colour, opacity, and the data of the SVG path, made of runs of cells."""
    side = (grid.size - 1) * FINE
    width, height = (WIDTH - RIGHT - LEFT) / side, (BOTTOM - TOP) / side
    shade_at = _shades(grid) if one_score else _classes(grid)
    paths: dict[tuple[int, int], list[str]] = {}
    for v in range(side):
        shades = [shade_at((u + 0.5) / FINE, (v + 0.5) / FINE) for u in range(side)]
        start = 0
        for u in range(1, side + 1):
            if u == side or shades[u] != shades[start]:
                if (shade := shades[start]) is not None:
                    # Edges are rounded, not lengths: neighbours meet without a gap.
                    left, right = round(LEFT + start * width, 1), round(LEFT + u * width, 1)
                    top, bottom = round(BOTTOM - (v + 1) * height, 1), round(BOTTOM - v * height, 1)
                    paths.setdefault(shade, []).append(f"M{left:g},{top:g}H{right:g}V{bottom:g}H{left:g}z")
                start = u
    for (label, depth), runs in sorted(paths.items()):
        yield (
            COLOURS[min(label, MAX_CLASSES - 1)],
            round(OPACITIES[0] + (OPACITIES[1] - OPACITIES[0]) * depth / SHADES, 2),
            "".join(runs),
        )


Shade = Callable[[float, float], tuple[int, int] | None]


def _shades(grid: Grid) -> Shade:
    """Of one score: the class by its sign, the shade by its size."""

    def shade(u: float, v: float) -> tuple[int, int] | None:
        corners = [share * cell for share, cell in _corners(grid, u, v) if cell != NO_NUMBER]
        if len(corners) < 4:
            return None
        level = sum(corners)
        return int(level > 0), min(SHADES, int(abs(level) / LEVELS * SHADES) + 1)

    return shade


def _classes(grid: Grid) -> Shade:
    """Of several scores: the class that most of the surrounding weighs for."""

    def shade(u: float, v: float) -> tuple[int, int] | None:
        weights: dict[int, float] = {}
        for share, label in _corners(grid, u, v):
            weights[label] = weights.get(label, 0.0) + share
        best = max(sorted(weights), key=weights.__getitem__)
        return None if best == NO_NUMBER else (best, SHADES)

    return shade


def _corners(grid: Grid, u: float, v: float) -> list[tuple[float, int]]:
    """The four points of the grid around a place, and their shares in it."""
    i, j = int(u), int(v)
    a, b = u - i, v - j
    at = j * grid.size + i
    found = grid.cells
    return [
        ((1 - a) * (1 - b), found[at]), (a * (1 - b), found[at + 1]),
        ((1 - a) * b, found[at + grid.size]), (a * b, found[at + grid.size + 1]),
    ]  # fmt: skip


def contour(grid: Grid) -> str:
    """The line on which the score changes its sign, as the data of an SVG path, by marching squares.

    `../contour.js` is the same in a page.
    """
    last = grid.size - 1
    parts = []
    for j in range(last):
        for i in range(last):
            at = j * grid.size + i
            square = [grid.cells[at], grid.cells[at + 1], grid.cells[at + grid.size + 1], grid.cells[at + grid.size]]
            if NO_NUMBER in square:
                continue
            crossings = list(_crossings(square))
            if len(crossings) == 4 and (sum(square) < 0) != (square[0] < 0):
                crossings.append(crossings.pop(0))  # a saddle: the middle decides which corners belong together
            for (a, b), (c, d) in zip(crossings[::2], crossings[1::2], strict=True):
                ends = [_placed((i + x) / last, (j + y) / last) for x, y in ((a, b), (c, d))]
                parts.append("M{:.1f},{:.1f}L{:.1f},{:.1f}".format(*ends[0], *ends[1]))
    return "".join(parts)


def _crossings(square: Sequence[int]) -> Iterator[Point]:
    """Where the sign changes on the sides of a square whose corners go round, in units of its side."""
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    for k in range(4):
        before, after = square[k], square[(k + 1) % 4]
        if (before > 0) != (after > 0):
            share = before / (before - after)
            (x0, y0), (x1, y1) = corners[k], corners[(k + 1) % 4]
            yield x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _placed(u: float, v: float) -> Point:
    return LEFT + u * (WIDTH - RIGHT - LEFT), BOTTOM + v * (TOP - BOTTOM)
