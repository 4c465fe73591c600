"""Large computations in boxes: what each box computes in the forward pass, and what arrives at it in the backward pass.

This module owns which node is in which box of a replay, and the gradients of all nodes, found without touching them;
it must not know how boxes are shown. The order of the sums is that of the engine.
Read next: `../groups.py`, which makes the boxes, and `groups.js`, which shows them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...engine import Value
from ...partials import stored_partials
from ..boxes import forward_boxes
from ..flat import Flat, flatten
from ..graph import Graph, Source
from ..groups import collapse
from ..text import printable, shortened
from ..tracing import Traced
from .changed import changed_note

__all__ = ["collapsed_replay"]

BLOCKS = 16  # boxes of a computation whose modules are not known
MOST_BOXES = 60  # if there are more modules, boxes are blocks
LISTED = 6  # values that a box names
REST = "outside of the modules"


def collapsed_replay(y: Value, traced: Traced | None, seed: float) -> tuple[Graph, dict[str, Any]]:
    """The graph of boxes of y, and the data of its replay.

    Args:
        y: The output.
        traced: What knows the modules of the nodes.
        seed: The gradient of y.

    Cost: A few passes over the whole computation; nothing is written to its Values.
    """
    flat = flatten([y])
    paths, titles = _paths(flat, traced)
    graph = collapse(y, "module", trace=_Places(flat.order, paths, titles), limit=len(flat.order) + 1)
    member = _numbered(paths)
    boxes, _ = forward_boxes(flat, member)
    told = _Boxes(flat, boxes, _gradients(flat, seed))
    note = f"{len(graph.nodes):,} boxes stand for {flat.total:,} nodes"
    return replace(graph, note=note), {
        "boxes": [told.about(members) for members in _members(boxes)],
        "names": [shortened(printable(node.label), 40) for node in graph.nodes],
        "titles": [shortened(printable(node.group.title), 40) if node.group else "" for node in graph.nodes],
        "edges": [[edge.source, edge.target, edge.count] for edge in graph.edges],
        "output": {"name": _name(y, "the output"), "data": y.data, "box": boxes[flat.roots[0]]},
        "seed": seed,
        "total": flat.total,
        "changed": changed_note(flat.order),
    }


class _Places:
    """What tells `collapse` the box of each node, as if it were its module."""

    models: Sequence[str] = ()

    def __init__(self, order: Sequence[Value], paths: Sequence[str], titles: dict[str, str]) -> None:
        self.titles, self._paths = titles, dict(zip(order, paths, strict=True))

    def source_of(self, v: Value) -> Source | None:
        """Lines of code are not asked for in boxes."""
        return None

    def module_of(self, v: Value) -> str:
        """The path of its box."""
        return self._paths[v]


def _paths(flat: Flat, traced: Traced | None) -> tuple[list[str], dict[str, str]]:
    """For each node the path of its box, and what kind of thing each box is."""
    if traced is not None and traced.titles:
        paths = [_layer(traced.module_of(v), traced) or REST for v in flat.order]
        if 1 < len(set(paths)) <= MOST_BOXES:
            return paths, {REST: "", **traced.titles}
    paths = _depths(flat)
    return paths, dict.fromkeys(paths, "")


def _layer(path: str, traced: Traced) -> str:
    """The path of the direct part of a model that a module lies in."""
    parts = path.split(".")
    for end in range(1, len(parts)):
        start = ".".join(parts[:end])
        if start in traced.titles and start not in traced.models:
            return start
    return path


def _depths(flat: Flat) -> list[str]:
    """Blocks of about the same number of nodes, by the longest way from the leaves; leaves are with their results."""
    levels: list[int] = []
    for operands, constants in zip(flat.operands, flat.constants, strict=True):
        levels.append(max([levels[x] for x in operands], default=-1) + 1 if operands or constants else 0)
    for level, operands in zip(reversed(levels), reversed(flat.operands), strict=True):
        for x in operands:
            if not flat.operands[x] and not flat.constants[x]:
                levels[x] = level
    sizes = [0] * (max(levels) + 1)
    for level in levels:
        sizes[level] += 1
    enough, start, held = -(-len(levels) // BLOCKS), 0, 0
    names: list[str] = []
    for end, size in enumerate(sizes):
        held += size
        if held >= enough or end == len(sizes) - 1:
            names += [f"depth {start:,} to {end:,}"] * (end + 1 - start)
            start, held = end + 1, 0
    return [names[level] for level in levels]


def _numbered(paths: Sequence[str]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(path, len(numbers)) for path in paths]


def _members(boxes: Sequence[int]) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in range(max(boxes) + 1)]
    for i, box in enumerate(boxes):
        members[box].append(i)
    return members


def _gradients(flat: Flat, seed: float) -> dict[Value, float]:
    """The gradients that `backward` would give, in its order."""
    grads = {flat.order[flat.roots[0]]: seed}
    for v in reversed(flat.order):
        arriving = grads[v]
        for _, operand, partial in stored_partials(v):
            term = partial * arriving
            grads[operand] = grads[operand] + term if operand in grads else term
    return grads


class _Boxes:
    """What the panel tells of each box: numbers of all its nodes, and names of a few."""

    def __init__(self, flat: Flat, boxes: Sequence[int], grads: dict[Value, float]) -> None:
        self.flat, self.boxes, self.grads = flat, boxes, grads
        self.outside = {x for i, operands in enumerate(flat.operands) for x in operands if boxes[x] != boxes[i]}
        self.outside.update(flat.roots)

    def about(self, members: Sequence[int]) -> dict[str, Any]:
        """Its operations, its leaves, what it gives to other boxes, and what it gets from them."""
        order = self.flat.order
        leaves = [i for i in members if order[i].op is None]
        outputs = [i for i in members if i in self.outside]
        inputs = {x for i in members for x in self.flat.operands[i] if self.boxes[x] != self.boxes[i]}
        gradients = [self.grads[order[i]] for i in leaves]
        return {
            "results": len(members) - len(leaves), "leaves": len(leaves), "inputs": len(inputs),
            "outputs": len(outputs), "length": math.hypot(*gradients),
            "largest": max(map(abs, gradients), default=0.0),
            "listed": [[_name(order[i], f"output {n}"), order[i].data, self.grads[order[i]]]
                       for n, i in enumerate(outputs[:LISTED], 1)],
        }  # fmt: skip


def _name(v: Value, otherwise: str) -> str:
    return shortened(printable(v.label), 24).strip() or otherwise
