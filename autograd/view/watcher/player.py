"""A training as a page that can be scrubbed: the last moment as a picture, and all frames as numbers for the script.

This module owns how a record is written small: weights as sixteen-bit shares of the largest, predictions as one
letter each, curves as places; it must not know how a page is made. `player.js` draws with the places and the colours
that are sent along.
Read next: `player.js`, `boundary.js`, `../contour.js`.
"""

from __future__ import annotations

import math
import sys
from array import array
from base64 import b64encode
from dataclasses import replace
from typing import Any

from .. import style
from ..embedding import part
from ..page import Page
from ..text import visible
from .boundary import BOTTOM, COLOURS as CLASS_COLOURS, FINE, OPACITIES as AREA_OPACITIES, SHADES, TOP
from .curves import HEIGHT, LATER, LEFT, RIGHT, WIDTH, curve_panels
from .network import CORE, DASHES, MAX_WIDTH, MIN_WIDTH, OPACITIES, places
from .picture import frame_svg, panel_kinds
from .plane import LEVELS, NO_NUMBER
from .records import Frame, Grid, Record, evenly, told
from .wires import largest

__all__ = ["page"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FULL = 32767
GRID_LETTERS = 60_000  # of all grids of a page
INKS = {"plus": style.BLUE, "minus": style.VERMILLION, "strange": style.MUTED, "ink": style.INK, "paper": style.PAPER}


def page(record: Record) -> Page:
    """The page of a training that has a frame at least."""
    last = record.whole(record.frames.last)
    said = told(last.row, record.unit)
    return Page(
        record.name, frame_svg(record, last), f"Training of {record.name}. The last state, {said}.",
        script=part("contour.js") + part("watcher/boundary.js") + part("watcher/player.js"),
        style=part("watcher/player.css"), data=_data(record), summary="\n".join([said, *record.remarks]),
    )  # fmt: skip


def _data(record: Record) -> dict[str, Any]:
    columns = record.columns
    return {
        "unit": record.unit, "columns": [visible(name.replace("_", " ")) for name in columns],
        "remarks": record.remarks,
        "kinds": panel_kinds(record), "size": [WIDTH, HEIGHT], "plot": [LEFT, TOP, WIDTH - RIGHT, BOTTOM],
        "steps": [row.step for row in record.rows], "curves": _curves(record), "network": _network(record),
        "plane": _plane(record), "inks": INKS, "later": LATER,
        "frames": [_frame(frame, columns) for frame in _lightened(list(record.frames))],
    }  # fmt: skip


def _curves(record: Record) -> list[dict[str, Any]]:
    """For each panel the places of the steps, and of each curve's numbers."""
    panels = []
    for curves in curve_panels(list(record.rows), record.unit):
        axis = curves.x_axis
        ys = [[None if p is None else round(p[1], 1) for p in curves.points(name)] for name in curves.names]
        panels.append({
            "x": [round(axis.place(row.step), 1) for row in curves.rows], "y": ys,
            "axis": [axis.low, axis.high, axis.start, axis.end], "top": curves.top, "bottom": curves.y_axis.start,
        })  # fmt: skip
    return panels


def _network(record: Record) -> dict[str, Any] | None:
    if record.wires is None:
        return None
    columns, radius = places(record.wires)
    rounded = [[centre and [round(centre[0], 1), round(centre[1], 1)] for centre in column] for column in columns]
    return {"columns": rounded, "core": round(radius * CORE, 2), "widths": [MIN_WIDTH, MAX_WIDTH],
            "opacities": OPACITIES, "dashes": DASHES}  # fmt: skip


def _plane(record: Record) -> dict[str, Any] | None:
    if record.plane is None:
        return None
    return {
        "colours": CLASS_COLOURS, "fine": FINE, "shades": SHADES, "opacities": AREA_OPACITIES, "levels": LEVELS,
        "letters": LETTERS, "none": NO_NUMBER, "oneScore": record.plane.one_score,
    }  # fmt: skip


def _lightened(frames: list[Frame]) -> list[Frame]:
    """The frames, with as many grids as have room in a page; where one is left out, that before it holds."""
    grids = [(frame, frame.grid) for frame in frames if frame.grid is not None]
    largest_grid = max([len(grid.cells) for _, grid in grids], default=1)
    kept = {id(frame) for frame, _ in evenly(grids, max(2, GRID_LETTERS // largest_grid))}
    return [frame if id(frame) in kept else replace(frame, grid=None) for frame in frames]


def _frame(frame: Frame, columns: list[str]) -> list[Any]:
    """The step, its figures, weights and gradients with their largest, and the grid."""
    figures = [frame.row.figures.get(name) for name in columns]
    shown = [None if x is None else float(f"{x:.6g}") for x in figures]
    return [frame.row.step, shown, *_shares(frame.weights), *_shares(frame.gradients), _letters(frame.grid)]


def _shares(numbers: array[float] | None) -> tuple[str | None, float]:
    """Numbers as sixteen-bit shares of the largest magnitude, in base64, and that magnitude."""
    if numbers is None:
        return None, 0.0
    most = largest(numbers)
    # Divided first: the largest may be so small that its reciprocal is none.
    shares = array("h", [round(x / (most or 1.0) * FULL) if math.isfinite(x) else -FULL - 1 for x in numbers])
    if sys.byteorder == "big":
        shares.byteswap()
    return b64encode(shares.tobytes()).decode("ascii"), float(f"{most:.6g}")


def _letters(grid: Grid | None) -> str | None:
    """A letter for each point of a grid: the place in the alphabet is the cell plus 31, the last for no number."""
    if grid is None:
        return None
    return "".join([LETTERS[-1 if cell == NO_NUMBER else cell + LEVELS] for cell in grid.cells])
