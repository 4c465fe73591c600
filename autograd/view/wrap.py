"""Long pictures in rows: a picture that is much too wide is read like a text, line by line.

This module owns where rows end and how arrows get from one to the next, and must not know who placed the shapes.
An arrow keeps its way within its first and its last row. Between them it runs along lanes: down beside the rows at
the right, back to the left above its last row. Arrows from the same shape share their lanes.
Read next: `curves.py`, and `paint.py`, which paints shapes at their places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from .curves import CORNER, rounded, split
from .layout import Placement, Route
from .scene import Scene
from .style import NODE_GAP
from .svg import Point

__all__ = ["in_rows"]

WIDE = 2000.0  # pixels: what is wider is put into rows
ROW = 1400.0  # the width of a row at most; about that of a page, so that text stays legible
SHORTEST = 0.6  # of that
MOST_LANES = 8  # a picture in which more shapes have arrows from one row to the next would be harder to read in rows
BESIDE = ("op", "constant", "tag")  # what should stand in the row of what it leads to
LANE = 7.0  # from a lane to the next one
ROW_GAP = 26.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A part of the long picture from `start` to `end`; in it, bands of heights are occupied, in order.

    Attributes:
        start, end: Where it is in the long picture; its start comes to 0.
        bands: (first height, last height, by how much it is moved).
        top: Where it begins in the new picture.
    """

    start: float
    end: float
    bands: Sequence[tuple[float, float, float]]
    top: float

    def moved(self, point: Point) -> Point:
        x, y = point
        k = max(bisect_right(self.bands, y, key=itemgetter(0)) - 1, 0)
        _, high, shift = self.bands[k]
        if y <= high or k + 1 == len(self.bands):
            return x - self.start, y + shift
        following, _, next_shift = self.bands[k + 1]  # between two bands, which have moved towards each other
        share = (y - high) / (following - high)
        return x - self.start, y + shift + share * (next_shift - shift)


def in_rows(scene: Scene, placement: Placement) -> Placement:
    """The placement in rows, if it is very wide and that helps; else as it is.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> from autograd.view.layout import place
        >>> from autograd.view.scene import scene
        >>> y = Value(1.0)
        >>> for _ in range(50):
        ...     y = y.tanh()
        >>> drawn = scene(read_graph(y))
        >>> places = in_rows(drawn, place(drawn)).centres
        >>> max([x for x, _ in places]) < 1400 < max([x for x, _ in place(drawn).centres])
        True
    """
    if scene.direction != "LR":
        return placement  # a long column can be scrolled
    xs = [x for x, _ in placement.centres]
    ends = [x + shape.width / 2 for shape, x in zip(scene.shapes, xs, strict=True)]
    starts = [x - shape.width / 2 for shape, x in zip(scene.shapes, xs, strict=True)]
    if max(ends) - min(starts) <= WIDE:
        return placement
    cuts = _cuts(scene, starts, ends, xs)
    return placement if cuts is None else _Wrapper(scene, placement, cuts).wrapped()


def _cuts(scene: Scene, starts: Sequence[float], ends: Sequence[float], xs: Sequence[float]) -> list[float] | None:
    """Where rows end: between shapes, and where few arrows are cut; None if there is no such place."""
    gaps = _gaps(starts, ends)
    cuts: list[float] = []
    start, last = min(starts), max(ends)
    while last - start > ROW:
        within = [(left, right) for left, right in gaps if start + SHORTEST * ROW <= left <= start + ROW]
        crossing = {gap: _crossing(scene, xs, sum(gap) / 2) for gap in within}
        if not within or min(map(len, crossing.values())) > MOST_LANES:
            return None
        harm = {gap: sum([1 + (scene.shapes[i].kind in BESIDE) for i in some]) for gap, some in crossing.items()}
        left, right = min(reversed(within), key=harm.__getitem__)
        cuts.append(left + CORNER)
        start = right
    return cuts


def _gaps(starts: Sequence[float], ends: Sequence[float]) -> list[tuple[float, float]]:
    """From left to right, where no shape is."""
    gaps = []
    reached = min(starts)
    for start, end in sorted(zip(starts, ends, strict=True)):
        if start > reached + 2 * CORNER:
            gaps.append((reached, start))
        reached = max(reached, end)
    return gaps


def _crossing(scene: Scene, xs: Sequence[float], cut: float) -> set[int]:
    """The shapes from which arrows cross a cut."""
    return {arrow.source for arrow in scene.arrows if xs[arrow.source] < cut < xs[arrow.target]}


class _Wrapper:
    """Moves what lies within a row, and joins the parts of what does not."""

    def __init__(self, scene: Scene, placement: Placement, cuts: list[float]) -> None:
        self.scene, self.placement, self.cuts = scene, placement, cuts
        self.row_of = [bisect_right(cuts, x) for x, _ in placement.centres]
        self.starts = self._starts()
        self.aside = self._lanes_aside()
        self.above = self._lanes_above()
        self.rows = self._rows()
        self.right = max([row.end - row.start for row in self.rows])

    def wrapped(self) -> Placement:
        centres = [self.rows[r].moved(c) for r, c in zip(self.row_of, self.placement.centres, strict=True)]
        return Placement(tuple(centres), tuple([self._route(k) for k in range(len(self.scene.arrows))]))

    def _leaving(self) -> list[tuple[int, int, int]]:
        """The arrows that end in a later row: their number, the shape that they come from, the row that they go to."""
        found = [(k, arrow.source, self.row_of[arrow.target]) for k, arrow in enumerate(self.scene.arrows)]
        return [(k, source, row) for k, source, row in found if self.row_of[source] < row]

    def _starts(self) -> dict[int, list[Point]]:
        """For each shape with such arrows the way to the end of its row that they share: the straightest of theirs."""
        starts: dict[int, list[Point]] = {}
        for k, source, _ in self._leaving():
            way, _ = split(self.placement.routes[k].curve, self.cuts[self.row_of[source]])
            height = self.placement.centres[source][1]
            known = starts.get(source)
            if known is None or abs(way[-1][1] - height) < abs(known[-1][1] - height):
                starts[source] = way
        return starts

    def _lanes_aside(self) -> dict[int, int]:
        """For each such shape its lane beside the rows, from 0, the innermost: no two share a lane at a height."""
        last: dict[int, int] = {}
        for _, source, row in self._leaving():
            last[source] = max(row, last.get(source, 0))
        taken: list[list[range]] = []
        lanes: dict[int, int] = {}
        order = sorted(last, key=lambda i: (last[i] - self.row_of[i], -self.placement.centres[i][1]))
        for source in order:
            span = range(self.row_of[source], last[source])
            lane = 0
            for number, spans in enumerate(taken):
                if any(span.start < other.stop and other.start < span.stop for other in spans):
                    lane = number + 1
            if lane == len(taken):
                taken.append([])
            taken[lane].append(span)
            lanes[source] = lane
        return lanes

    def _lanes_above(self) -> list[dict[int, int]]:
        """For each row the lanes above it, from 0, the lowest, which is for the outermost lane beside the rows."""
        sources: list[set[int]] = [set() for _ in range(len(self.cuts) + 1)]
        for _, source, row in self._leaving():
            sources[row].add(source)
        return [{i: lane for lane, i in enumerate(sorted(some, key=self.aside.__getitem__, reverse=True))}
                for some in sources]  # fmt: skip

    def _rows(self) -> list[_Row]:
        count = len(self.cuts) + 1
        spans: list[list[float]] = [[] for _ in range(count)]
        heights: list[list[tuple[float, float]]] = [[] for _ in range(count)]
        for shape, row, (x, y) in zip(self.scene.shapes, self.row_of, self.placement.centres, strict=True):
            spans[row] += [x - shape.width / 2, x + shape.width / 2]
            heights[row].append((y - shape.height / 2, y + shape.height / 2))
        ways = [(self.row_of[source], way) for source, way in self.starts.items()]
        for arrow, route in zip(self.scene.arrows, self.placement.routes, strict=True):
            row = self.row_of[arrow.target]
            ways.append((row, [point for point in route.curve if bisect_right(self.cuts, point[0]) == row]))
        for row, way in ways:
            heights[row] += [(y - LANE / 2, y + LANE / 2) for _, y in way]
        rows, top = [], 0.0
        for row in range(count):
            top += (ROW_GAP + LANE * len(self.above[row])) if row else 0.0
            bands = _bands(heights[row], top)
            rows.append(_Row(min(spans[row]), max(spans[row]), bands, top))
            top = bands[-1][1] + bands[-1][2]
        return rows

    def _route(self, k: int) -> Route:
        arrow, route = self.scene.arrows[k], self.placement.routes[k]
        first, last = self.row_of[arrow.source], self.row_of[arrow.target]
        tip = self.rows[last].moved(route.tip)
        if first == last:
            return Route(tuple(map(self.rows[last].moved, route.curve)), tip)
        _, after = split(route.curve, self.rows[last].start - CORNER)
        start = list(map(self.rows[first].moved, self.starts[arrow.source]))
        end = list(map(self.rows[last].moved, after))
        lane = self.above[last][arrow.source]
        x_right = self.right + CORNER + LANE * (1 + self.aside[arrow.source])
        x_left = -CORNER - LANE * (lane + 1)
        y = self.rows[last].top - ROW_GAP / 2 - LANE * lane
        way = [start[-1], (x_right, start[-1][1]), (x_right, y), (x_left, y), (x_left, end[0][1]), end[0]]
        return Route((*start, *rounded(way), *end[1:]), tip)


def _bands(heights: Sequence[tuple[float, float]], top: float) -> list[tuple[float, float, float]]:
    """Occupied bands, moved so that the first one begins at the top and none is far from the one before."""
    bands: list[tuple[float, float, float]] = []
    for low, high in sorted(heights):
        if bands and low <= bands[-1][1] + NODE_GAP:
            bands[-1] = bands[-1][0], max(high, bands[-1][1]), bands[-1][2]
        else:
            reached = bands[-1][1] + bands[-1][2] + NODE_GAP if bands else top
            bands.append((low, high, reached - low))
    return bands
