"""The network of a training painted small: each wire's weight, or its gradient, by width, colour and dashes.

This module owns the two panels of the network, and must not know how numbers got there.
Read next: `picture.py`, which puts panels together; `../network_paint.py`, the large picture of a network.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .. import style
from ..svg import Canvas, Point
from ..text import cells, number_text
from .curves import HEIGHT, RIGHT, WIDTH
from .wires import Wires, largest

__all__ = ["CORE", "DASHES", "MAX_WIDTH", "MIN_WIDTH", "OPACITIES", "paint_network", "places"]

TOP, BOTTOM = 54.0, HEIGHT - 22.0
SIDE = 24.0  # of the words; columns stand further in, as their names are wider than a unit
INSET = 14.0
MAX_WIDTH, MIN_WIDTH = 3.6, 0.5
STEPS = 12  # widths that are told apart; wires of one width are one path
OPACITIES = (0.25, 1.0)  # of the thinnest and of the widest
DASHES = "4 3"
CORE = 0.8  # of the radius of a unit: the circle of its bias
MORE_SIZE = 8.0
STRETCH = 1.7  # rows of small networks may stand further apart


def places(wires: Wires) -> tuple[list[list[Point | None]], float]:
    """The centre of each unit by column and index, None for those left out, and the radius of a unit."""
    layout = wires.layout
    width, height = WIDTH - 2 * (SIDE + INSET), BOTTOM - TOP
    scale = min(STRETCH, height / layout.height)
    radius = max(3.0, layout.radius * min(scale, 1.0) * 0.8)
    left, top = SIDE + INSET + radius, TOP + (height - layout.height * scale) / 2
    wide = (width - 2 * radius) / max(layout.width - 2 * layout.radius, 1.0)
    columns: list[list[Point | None]] = []
    for size, units in zip(layout.sizes, layout.units, strict=True):
        column: list[Point | None] = [None] * size
        for index, (x, y) in units:
            column[index] = (left + (x - layout.radius) * wide, top + y * scale)
        columns.append(column)
    return columns, radius


def paint_network(
    canvas: Canvas, wires: Wires, numbers: Sequence[float] | None, title: str, most: float | None = None
) -> None:
    """Paint the panel; what changes from frame to frame is the group of the kind `wires`.

    Args:
        canvas: Where to.
        wires: The network.
        numbers: Of its wires, and then of its units; None if there are none yet.
        title: What the numbers are.
        most: The number of the widest line; None for the largest of these.
    """
    widest = "none yet" if numbers is None else ""
    numbers = [0.0] * (len(wires.ends) + len(wires.units)) if numbers is None else numbers
    most = largest(numbers) if most is None else most
    canvas.text(SIDE, 16, title, anchor="start", bold=True, size=13.0)
    _paint_legend(canvas)
    canvas.text(WIDTH - RIGHT, 16, widest or f"widest: {number_text(most)}", anchor="end", size=style.SMALL_SIZE,
                fill=style.MUTED, kind="widest")  # fmt: skip
    columns, radius = places(wires)
    with canvas.group("wires"):
        _paint_wires(canvas, wires, columns, numbers, most)
    units = dict(zip(wires.units, numbers[len(wires.ends) :], strict=True))
    with canvas.group("units"):
        for k, column in enumerate(columns):
            for j, centre in enumerate(column):
                if centre is not None:
                    canvas.circle(centre, radius, fill=style.PAPER, stroke=style.INK, stroke_width=1)
                    if bias := units.get((k, j)):
                        canvas.circle(centre, radius * CORE, fill=style.VERMILLION if bias < 0 else style.BLUE,
                                      fill_opacity=_share(bias, most))  # fmt: skip
    for column, size in zip(columns, wires.sizes, strict=True):
        shown = [centre for centre in column if centre is not None]
        if len(shown) < size:
            middle = (len(shown) + 1) // 2
            (x, above), (_, below) = shown[middle - 1 : middle + 1]
            text, y = f"{size - len(shown)} more", (above + below) / 2
            half = cells(text) * style.CELL * MORE_SIZE / 2 + 2
            canvas.rectangle(x - half, y - 5.5, 2 * half, 11, fill=style.PAPER)
            canvas.text(x, y, text, size=MORE_SIZE, fill=style.MUTED)
    names = ["input", *[f"layer {k}" for k in range(1, len(columns) - 1)], "output"]
    if (WIDTH - 2 * SIDE) / len(names) >= 62:
        for name, column in zip(names, columns, strict=True):
            x = next(centre[0] for centre in column if centre is not None)
            canvas.text(x, HEIGHT - 10, name, size=style.SMALL_SIZE, fill=style.MUTED)


def _paint_legend(canvas: Canvas) -> None:
    x = SIDE
    for text, colour, dashes in (("positive", style.BLUE, None), ("negative", style.VERMILLION, DASHES)):
        canvas.line((x, 36), (x + 24, 36), stroke=colour, stroke_width=2.5, stroke_dasharray=dashes)
        canvas.text(x + 30, 36, text, anchor="start", size=style.SMALL_SIZE)
        x += 100
    canvas.text(WIDTH - RIGHT, 36, "in the circles: biases", anchor="end", size=style.SMALL_SIZE, fill=style.MUTED)


def _share(x: float, most: float) -> float:
    return min(1.0, abs(x) / most) if most and math.isfinite(x) else 1.0


def _paint_wires(
    canvas: Canvas, wires: Wires, columns: Sequence[Sequence[Point | None]], numbers: Sequence[float], most: float
) -> None:
    """Wires of one sign and about one width together, thin ones first."""
    paths: dict[tuple[int, int], list[str]] = {}
    for (k, i, j), x in zip(wires.ends, numbers, strict=False):
        start, end = columns[k][i], columns[k + 1][j]
        if start is None or end is None:
            continue
        sign = 0 if not math.isfinite(x) else -1 if x < 0 else 1
        step = STEPS if not sign else round(STEPS * _share(x, most)) if most else 0
        paths.setdefault((step, sign), []).append(f"M{start[0]:.1f},{start[1]:.1f}L{end[0]:.1f},{end[1]:.1f}")
    for (step, sign), lines in sorted(paths.items()):
        colour = style.MUTED if not sign else style.VERMILLION if sign < 0 else style.BLUE
        width = MIN_WIDTH + (MAX_WIDTH - MIN_WIDTH) * step / STEPS
        opacity = OPACITIES[0] + (OPACITIES[1] - OPACITIES[0]) * step / STEPS
        canvas.element(
            "path", d="".join(lines), fill="none", stroke=colour, stroke_width=width,
            stroke_opacity=opacity, stroke_dasharray=DASHES if sign < 0 else None,
        )  # fmt: skip
