"""Places for shapes: a plain layered layout of our own, for machines where Graphviz cannot run at all.

This module owns the algorithm, and must not know what the shapes stand for.
Layers by the longest path to an output; order within a layer by barycentres, which keeps crossings few; places by
least squares, as near to the neighbours as the order allows.
Read next: `paint.py`, which paints shapes at their places.

References:
    K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of hierarchical system structures, 1981.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .scene import Scene
from .style import NODE_GAP, OP_SIZE, RANK_GAP
from .svg import Point

__all__ = ["Placement", "Route", "bends", "place"]

SWEEPS = 8
CONSTANT_PULL = 0.01  # constants stand aside: a chain of operations with constants stays a straight line
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
    """A shape, or a bend of a long arrow; `across` is its extent across the flow, `place` its centre there.

    How strongly it draws its neighbours to its own place is its `pull`.
    """

    layer: int
    along: float
    across: float
    place: float = 0.0
    pull: float = 1.0


def place(scene: Scene) -> Placement:
    """A place for every shape of the scene, without Graphviz.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> from autograd.view.scene import scene
        >>> left, right, middle = place(scene(read_graph(-Value(1.0)))).centres
        >>> left[0] < middle[0] < right[0]
        True
    """
    across = scene.direction == "TB"
    layers = _layers(len(scene.shapes), [(arrow.source, arrow.target) for arrow in scene.arrows])
    items = [
        _Item(
            layer,
            *((shape.height, shape.width) if across else (shape.width, shape.height)),
            pull=CONSTANT_PULL if shape.kind == "constant" else 1.0,
        )
        for shape, layer in zip(scene.shapes, layers, strict=True)
    ]
    chains = _chains(items, scene)
    links = [pair for chain in chains for pair in pairwise(chain)]
    _order_and_place(items, links)
    thickness = _thickness(items)
    middles = _layer_middles(thickness)
    flip: Callable[[float, float], Point] = (lambda x, y: (y, x)) if across else (lambda x, y: (x, y))
    centres = [flip(middles[item.layer], item.place) for item in items]
    landings = _landings(chains, items)
    routes = [_route(chain, items, middles, thickness, y, flip) for chain, y in zip(chains, landings, strict=True)]
    return Placement(tuple(centres[: len(scene.shapes)]), tuple(routes))


def bends(scene: Scene) -> int:
    """How many layers all arrows together pass without a stop: what laying out costs."""
    layers = _layers(len(scene.shapes), [(arrow.source, arrow.target) for arrow in scene.arrows])
    return sum([layers[arrow.target] - layers[arrow.source] - 1 for arrow in scene.arrows])


def _layers(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """Layer = the longest path to an output, counted back from the last layer (Kahn's order, from the outputs)."""
    before: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in arrows:
        before[target].append(source)
        waiting[source] += 1
    ready = [i for i, left in enumerate(waiting) if not left]
    depth = [0] * count
    for target in ready:  # grows while it is read
        for source in before[target]:
            depth[source] = max(depth[source], depth[target] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    last = max(depth)
    return [last - distance for distance in depth]


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
    rank = _depth_first(before, after)
    for layer in layers:
        layer.sort(key=rank.__getitem__)
        _pack(layer, [0.0] * len(layer), items)
    for sweep in range(SWEEPS):
        neighbours, walk = (after, reversed(layers)) if sweep % 2 == 0 else (before, iter(layers))
        for layer in walk:
            wishes = {i: _mean([items[n] for n in neighbours[i]], items[i].place) for i in layer}
            layer.sort(key=wishes.__getitem__)
            _pack(layer, [wishes[i] for i in layer], items)
    for layer in layers:  # at last, between the neighbours of both sides
        wishes = {i: _mean([items[n] for n in before[i] + after[i]], items[i].place) for i in layer}
        _pack(layer, [wishes[i] for i in layer], items)


def _depth_first(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """The order in which a walk from the outputs meets the items, first operands first: where sweeps start from."""
    rank = [-1] * len(before)
    stack = [i for i, following in enumerate(after) if not following][::-1]
    met = 0
    while stack:
        i = stack.pop()
        if rank[i] < 0:
            rank[i] = met
            met += 1
            stack += reversed(before[i])
    return rank


def _mean(items: Sequence[_Item], otherwise: float) -> float:
    """The mean place of some items, weighed by their pulls."""
    return sum([x.place * x.pull for x in items]) / sum([x.pull for x in items]) if items else otherwise


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


def _thickness(items: Sequence[_Item]) -> list[float]:
    """The extent of each layer along the flow: that of its thickest item."""
    thickness = [0.0] * (max([item.layer for item in items]) + 1)
    for item in items:
        thickness[item.layer] = max(thickness[item.layer], item.along)
    return thickness


def _layer_middles(thickness: Sequence[float]) -> list[float]:
    middles, position = [], 0.0
    for thick in thickness:
        middles.append(position + thick / 2)
        position += thick + RANK_GAP
    return middles


def _landings(chains: Sequence[Sequence[int]], items: Sequence[_Item]) -> list[float]:
    """Where each arrow lands: those that share a target land beside each other, in the order in which they come."""
    incoming: dict[int, list[int]] = {}
    for number, chain in enumerate(chains):
        incoming.setdefault(chain[-1], []).append(number)
    landings = [0.0] * len(chains)
    for target, numbers in incoming.items():
        numbers.sort(key=lambda number: items[chains[number][-2]].place)
        step = min(9.0, items[target].across * 0.7 / max(len(numbers) - 1, 1))
        for slot, number in enumerate(numbers):
            landings[number] = items[target].place + step * (slot - (len(numbers) - 1) / 2)
    return landings


def _route(
    chain: Sequence[int], items: Sequence[_Item], middles: Sequence[float], thickness: Sequence[float],
    landing: float, flip: Callable[[float, float], Point],
) -> Route:  # fmt: skip
    """A smooth way: straight through the layers that it passes, bending only in the gaps between them."""
    first, last = items[chain[0]], items[chain[-1]]
    radius = last.across / 2 if last.across == OP_SIZE else 0.0  # the ends of an operation's shape are round
    inset = radius - math.sqrt(max(radius**2 - (landing - last.place) ** 2, 0.0))
    tip = middles[last.layer] - last.along / 2 + inset, landing
    ends = [(middles[first.layer] + first.along / 2, first.place)]
    for i in chain[1:-1]:
        half = thickness[items[i].layer] / 2
        ends += [(middles[items[i].layer] - half, items[i].place), (middles[items[i].layer] + half, items[i].place)]
    ends.append((tip[0] - 6.0, tip[1]))
    curve = [flip(*ends[0])]
    for (x1, y1), (x2, y2) in pairwise(ends):
        bend = (x2 - x1) / 2
        curve += [flip(x1 + bend, y1), flip(x2 - bend, y2), flip(x2, y2)]
    return Route(tuple(curve), flip(*tip))
