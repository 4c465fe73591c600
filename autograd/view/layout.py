"""Places for shapes: a plain layered layout of our own, for machines where Graphviz cannot run at all.

This module owns the algorithm, and must not know what the shapes stand for.
Layers by the longest path to an output; order within a layer by barycentres, which keeps crossings few; places by
least squares, as near to the neighbours as the order allows.
Read next: `paint.py`, which paints shapes at their places.

References:
    K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of hierarchical system structures, 1981.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .shapes import Scene
from .style import NODE_GAP, RANK_GAP
from .svg import Point

__all__ = ["Placement", "Route", "place"]

SWEEPS = 8
MAX_BENDS = 4000  # edges over several layers bend around the shapes between, unless there are too many bends to compute


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an arrow: a chain of cubic Bézier curves (start, then two control points and an end each), its tip."""

    curve: tuple[Point, ...]
    tip: Point


@dataclass(frozen=True, slots=True)
class Placement:
    """The centre of each shape and the route of each arrow, in the order of the scene; y grows downwards."""

    centres: tuple[Point, ...]
    routes: tuple[Route, ...]


@dataclass(slots=True)
class _Item:
    """A shape, or a bend of a long arrow; `across` is its extent across the flow, `place` its centre there."""

    layer: int
    along: float
    across: float
    place: float = 0.0


def place(scene: Scene) -> Placement:
    """A place for every shape of the scene, without Graphviz.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> from autograd.view.shapes import scene
        >>> left, right, middle = place(scene(read_graph(-Value(1.0)))).centres
        >>> left[0] < middle[0] < right[0]
        True
    """
    across = scene.direction == "TB"
    items = [
        _Item(0, shape.height if across else shape.width, shape.width if across else shape.height)
        for shape in scene.shapes
    ]
    _assign_layers(items, [(arrow.source, arrow.target) for arrow in scene.arrows])
    chains = _chains(items, scene)
    links = [pair for chain in chains for pair in zip(chain, chain[1:], strict=False)]
    _order_and_place(items, links)
    starts = _layer_starts(items)
    flip: Callable[[float, float], Point] = (lambda x, y: (y, x)) if across else (lambda x, y: (x, y))
    centres = [flip(starts[item.layer], item.place) for item in items]
    offsets = _parallel_offsets(scene)
    routes = [_route(chain, items, starts, offset, flip) for chain, offset in zip(chains, offsets, strict=True)]
    return Placement(tuple(centres[: len(scene.shapes)]), tuple(routes))


def _assign_layers(items: list[_Item], arrows: Sequence[tuple[int, int]]) -> None:
    """Layer = the longest path to an output, counted back from the last layer (Kahn's order, from the outputs)."""
    before: list[list[int]] = [[] for _ in items]
    waiting = [0] * len(items)
    for source, target in arrows:
        before[target].append(source)
        waiting[source] += 1
    ready = [i for i, count in enumerate(waiting) if not count]
    depth = [0] * len(items)
    for target in ready:  # grows while it is read
        for source in before[target]:
            depth[source] = max(depth[source], depth[target] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    last = max(depth)
    for item, distance in zip(items, depth, strict=True):
        item.layer = last - distance


def _chains(items: list[_Item], scene: Scene) -> list[list[int]]:
    """For each arrow the items that it passes; a bend is added in every layer that it crosses."""
    spans = [items[arrow.target].layer - items[arrow.source].layer for arrow in scene.arrows]
    bending = sum(spans) - len(spans) <= MAX_BENDS
    chains = []
    for arrow, span in zip(scene.arrows, spans, strict=True):
        bends = range(1, span) if bending else range(0)
        first = len(items)
        items += [_Item(items[arrow.source].layer + step, 0.0, 0.0) for step in bends]
        chains.append([arrow.source, *range(first, len(items)), arrow.target])
    return chains


def _order_and_place(items: list[_Item], links: Sequence[tuple[int, int]]) -> None:
    layers: list[list[int]] = [[] for _ in range(max([item.layer for item in items]) + 1)]
    for i, item in enumerate(items):
        layers[item.layer].append(i)
    before: list[list[int]] = [[] for _ in items]
    after: list[list[int]] = [[] for _ in items]
    for source, target in links:
        before[target].append(source)
        after[source].append(target)
    for layer in layers:
        _pack(layer, [0.0] * len(layer), items)
    for sweep in range(SWEEPS):
        neighbours, walk = (after, reversed(layers)) if sweep % 2 == 0 else (before, iter(layers))
        for layer in walk:
            wishes = {i: _mean([items[n].place for n in neighbours[i]], items[i].place) for i in layer}
            layer.sort(key=wishes.__getitem__)
            _pack(layer, [wishes[i] for i in layer], items)
    for layer in layers:  # at last, between the neighbours of both sides
        wishes = {i: _mean([items[n].place for n in before[i] + after[i]], items[i].place) for i in layer}
        _pack(layer, [wishes[i] for i in layer], items)


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _pack(layer: Sequence[int], wishes: Sequence[float], items: Sequence[_Item]) -> None:
    """The places nearest to the wishes (least squares) that keep the order and a gap: pool adjacent violators."""
    shift = 0.0  # what stands before an item in a tight column; without it, only the order remains to be kept
    shifts: list[float] = []
    blocks: list[tuple[float, int]] = []  # mean wish, number of items
    for i, wish in zip(layer, wishes, strict=True):
        half = items[i].across / 2
        shifts.append(shift + half)
        shift += 2 * half + NODE_GAP
        blocks.append((wish - shifts[-1], 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (mean, count), (earlier, earlier_count) = blocks.pop(), blocks.pop()
            total = count + earlier_count
            blocks.append(((mean * count + earlier * earlier_count) / total, total))
    bases = [mean for mean, count in blocks for _ in range(count)]
    for i, base, offset in zip(layer, bases, shifts, strict=True):
        items[i].place = base + offset


def _layer_starts(items: Sequence[_Item]) -> list[float]:
    """The middle of each layer along the flow; layers are as thick as their thickest item."""
    thickness = [0.0] * (max([item.layer for item in items]) + 1)
    for item in items:
        thickness[item.layer] = max(thickness[item.layer], item.along)
    middles, position = [], 0.0
    for thick in thickness:
        middles.append(position + thick / 2)
        position += thick + RANK_GAP
    return middles


def _parallel_offsets(scene: Scene) -> list[float]:
    """Several arrows between the same two shapes start and end beside each other."""
    total: dict[tuple[int, int], int] = {}
    for arrow in scene.arrows:
        pair = arrow.source, arrow.target
        total[pair] = total.get(pair, 0) + 1
    seen: dict[tuple[int, int], int] = {}
    offsets = []
    for arrow in scene.arrows:
        pair = arrow.source, arrow.target
        seen[pair] = seen.get(pair, 0) + 1
        offsets.append(9.0 * (seen[pair] - (total[pair] + 1) / 2))
    return offsets


def _route(
    chain: Sequence[int], items: Sequence[_Item], middles: Sequence[float], offset: float,
    flip: Callable[[float, float], Point],
) -> Route:  # fmt: skip
    """A smooth way through the bends, which leaves and arrives along the flow."""
    first, last = items[chain[0]], items[chain[-1]]
    start = middles[first.layer] + first.along / 2, first.place + offset
    tip = middles[last.layer] - last.along / 2, last.place + offset
    stops = [start, *[(middles[items[i].layer], items[i].place) for i in chain[1:-1]], (tip[0] - 6.0, tip[1])]
    curve = [flip(*start)]
    for (x1, y1), (x2, y2) in zip(stops, stops[1:], strict=False):
        bend = (x2 - x1) / 2
        curve += [flip(x1 + bend, y1), flip(x2 - bend, y2), flip(x2, y2)]
    return Route(tuple(curve), flip(*tip))
