"""Curves over the steps of a training: which figures share a panel, its axes, and the points.

This module owns the panels of curves; it must not know where figures come from. A number that is inf or nan leaves a
gap, and a cross marks its step on the upper edge.
Read next: `picture.py`, which puts panels together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import style
from ..svg import Canvas, Point
from ..text import cells, shortened, visible
from .records import Row
from .spans import share, widened

__all__ = ["HEIGHT", "LATER", "LEFT", "RIGHT", "WIDTH", "Axis", "Curves", "curve_panels", "path", "tick_texts"]

WIDTH, HEIGHT = 430.0, 290.0  # of every panel
LEFT, RIGHT, BOTTOM = 58.0, 14.0, 34.0
LEGEND_TOP, LEGEND_ROW = 36.0, 16.0
COLOURS = (style.BLUE, style.VERMILLION, style.HIGHLIGHT, style.INK, style.AMBER, style.MUTED)  # every theme has them
LATER = 0.25  # opacity
DASHES = "5 3"  # of validation
LOGARITHMIC = 100.0  # losses above 0 that change by more than this factor get a logarithmic axis
ROOM = 0.04  # above and below the numbers
TOGETHER = 6  # curves of a panel
NAME = 26  # characters of a name


@dataclass(frozen=True)
class Axis:
    """From numbers to places: linear, or logarithmic where `logarithmic`."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def place(self, x: float) -> float:
        """Where a number stands."""
        low, high, x = (
            (math.log10(v) for v in (self.low, self.high, x)) if self.logarithmic else (self.low, self.high, x)
        )
        return self.start + share(x, low, high) * (self.end - self.start)

    def ticks(self, whole: bool = False) -> list[float]:
        """Round numbers along the axis, about five."""
        if self.logarithmic:
            lowest, highest = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            return [10.0**k for k in range(lowest, highest + 1, max(1, (highest - lowest) // 5))]
        raw = self.high / 5 - self.low / 5  # the distance may be more than a double can hold
        unit = 10.0 ** math.floor(math.log10(raw))
        step = next(m * unit for m in (1, 2, 5, 10) if m * unit >= raw * 0.999)
        step = max(step, 1.0) if whole else step
        first = math.ceil(self.low / step - 1e-9)
        return [k * step for k in range(first, math.floor(self.high / step + 1e-9) + 1)]

    def tick_texts(self) -> list[str]:
        """The ticks written: as many decimals as tell them apart, and on a logarithmic axis no needless ones."""
        ticks = self.ticks()
        return [f"{tick:g}" for tick in ticks] if self.logarithmic else tick_texts(ticks)


@dataclass(frozen=True)
class Curves:
    """A panel: its title, the names of its curves, the rows that hold their numbers, and what a row is.

    Attributes:
        logarithmic: Whether the axis may be logarithmic.
    """

    title: str
    names: tuple[str, ...]
    rows: Sequence[Row]
    unit: str
    logarithmic: bool = False

    @property
    def x_axis(self) -> Axis:
        """The steps."""
        first, last = self.rows[0].step, self.rows[-1].step
        return Axis(first, last if last > first else first + 1, LEFT, WIDTH - RIGHT)

    @property
    def y_axis(self) -> Axis:
        """The numbers: all those that are finite."""
        found = [x for row in self.rows for name in self.names if math.isfinite(x := row.figures.get(name, math.nan))]
        low, high = min(found, default=0.0), max(found, default=1.0)
        top = self.top
        if self.logarithmic and low > 0 and high / low > LOGARITHMIC:
            return Axis(low, high, HEIGHT - BOTTOM, top, logarithmic=True)
        least, greatest = widened((low, high), ROOM)
        return Axis(max(least, 0.0) if 0 <= low < high else least, greatest, HEIGHT - BOTTOM, top)

    @property
    def entries(self) -> list[tuple[str, float, float]]:
        """The legend: each name with its place, in rows."""
        placed, x, y = [], LEFT, LEGEND_TOP
        for name in self.names:
            text = shortened(visible(name.replace("_", " ")), NAME)
            width = 30 + cells(text) * style.CELL * style.SMALL_SIZE + 14
            if x + width > WIDTH and x > LEFT:
                x, y = LEFT, y + LEGEND_ROW
            placed.append((text, x, y))
            x += width
        return placed

    @property
    def top(self) -> float:
        """The upper edge of the axes."""
        return self.entries[-1][2] + 18

    def points(self, name: str) -> list[Point | None]:
        """The place of each row's number; None where it is not finite, or not there."""
        x_axis, y_axis = self.x_axis, self.y_axis
        numbers = [(row.step, row.figures.get(name, math.nan)) for row in self.rows]
        return [(x_axis.place(s), y_axis.place(x)) if math.isfinite(x) else None for s, x in numbers]

    def breaks(self) -> list[float]:
        """The places of the steps at which a number was not finite."""
        axis = self.x_axis
        strange = [
            row for row in self.rows if any(not math.isfinite(row.figures.get(name, 0.0)) for name in self.names)
        ]
        return [axis.place(row.step) for row in strange]

    def colour(self, name: str) -> str:
        """The same for a figure and for its validation."""
        bases = list(dict.fromkeys([_base(n) for n in self.names]))
        return COLOURS[bases.index(_base(name)) % len(COLOURS)]

    @property
    def heading(self) -> str:
        """The title, with what is unusual about the axis."""
        return f"{self.title}, logarithmic" if self.y_axis.logarithmic else self.title

    def paint(self, canvas: Canvas, step: int) -> None:
        """Paint the panel, what comes after a step being pale; every curve is a group of the kind `curve`."""
        count = sum([row.step <= step for row in self.rows])
        canvas.text(LEFT, 16, self.heading, anchor="start", bold=True, size=13.0)
        self._paint_axes(canvas)
        for name, (text, x, y) in zip(self.names, self.entries, strict=True):
            dashes = DASHES if _is_validation(name) else None
            canvas.line((x, y), (x + 24, y), stroke=self.colour(name), stroke_width=2.5, stroke_dasharray=dashes)
            canvas.text(x + 30, y, text, anchor="start", size=style.SMALL_SIZE)
        for name in self.names:
            points = self.points(name)
            look: dict[str, Any] = {
                "fill": "none", "stroke": self.colour(name), "stroke_width": 2, "stroke_linejoin": "round",
                "stroke_linecap": "round",
                "stroke_dasharray": DASHES if _is_validation(name) else None,
            }  # fmt: skip
            if count < len(points):
                with canvas.group("later"):
                    canvas.element("path", d=path(points), stroke_opacity=LATER, **look)
            with canvas.group("curve", f"{visible(name.replace('_', ' '))} over the {self.unit}s"):
                canvas.element("path", d=path(points[:count]), **look)
        for x in self.breaks():
            with canvas.group("break", "not a finite number"):
                for sign in (-1, 1):
                    y = self.top + 5
                    start, end = (x - 4, y - 4 * sign), (x + 4, y + 4 * sign)
                    canvas.line(start, end, stroke=style.GRADIENT_INK, stroke_width=2)

    def _paint_axes(self, canvas: Canvas) -> None:
        x_axis, y_axis = self.x_axis, self.y_axis
        with canvas.group("axes"):
            for tick, text in zip(y_axis.ticks(), y_axis.tick_texts(), strict=True):
                y = y_axis.place(tick)
                canvas.line((LEFT, y), (WIDTH - RIGHT, y), stroke=style.RESULT_FILL, stroke_width=1)
                canvas.text(LEFT - 6, y, text, anchor="end", size=style.SMALL_SIZE, fill=style.MUTED)
            for tick in x_axis.ticks(whole=True):
                x = x_axis.place(tick)
                canvas.line((x, HEIGHT - BOTTOM), (x, HEIGHT - BOTTOM + 4), stroke=style.LINE, stroke_width=1)
                canvas.text(x, HEIGHT - BOTTOM + 12, f"{tick:.0f}", size=style.SMALL_SIZE, fill=style.MUTED)
            canvas.line((LEFT, HEIGHT - BOTTOM), (WIDTH - RIGHT, HEIGHT - BOTTOM), stroke=style.LINE, stroke_width=1)
            canvas.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, self.unit, size=style.SMALL_SIZE, fill=style.MUTED)


def path(points: Sequence[Point | None]) -> str:
    """The curve as the data of an SVG path; a lone point becomes a dot."""
    parts: list[str] = []
    for i, point in enumerate(points):
        if point is None:
            continue
        starts = i == 0 or points[i - 1] is None
        parts.append(f"{'M' if starts else 'L'}{point[0]:.1f},{point[1]:.1f}")
        if starts and (i + 1 == len(points) or points[i + 1] is None):
            parts.append("h0.1")
    return "".join(parts) or "M0,0"


def curve_panels(rows: Sequence[Row], unit: str) -> list[Curves]:
    """The panels of all figures: losses, the other figures, and the learning rate if it changes."""
    names = list(dict.fromkeys([n for row in rows for n in row.figures]))
    losses = [n for n in names if _base(n).endswith("loss")]
    rates = [n for n in names if n == "learning_rate"]
    others = [n for n in names if n not in losses and n not in rates]
    if len({row.figures.get("learning_rate") for row in rows}) == 1:
        rates = []
    grouped = (("Loss", losses), ("Metrics" if losses else "Figures", others), ("Learning rate", rates))
    return [
        Curves(title, tuple(found[start : start + TOGETHER]), rows, unit, title == "Loss")
        for title, found in grouped
        for start in range(0, len(found), TOGETHER)
    ]


def _base(name: str) -> str:
    return name.removeprefix("validation_").removeprefix("val_")


def _is_validation(name: str) -> bool:
    return _base(name) != name


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """As many decimals as tell neighbours apart."""
    for decimals in range(5):
        texts = [f"{tick:.{decimals}f}" for tick in ticks]
        if all(math.isclose(float(t), x, rel_tol=1e-6, abs_tol=1e-12) for t, x in zip(texts, ticks, strict=True)):
            break
    else:
        return [f"{tick:.3g}" for tick in ticks]
    return texts if max(map(len, texts), default=0) <= 7 else [f"{tick:.3g}" for tick in ticks]
