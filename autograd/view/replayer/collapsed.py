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
from ..depths import depth_paths
from ..flat import Flat, flatten
from ..graph import Graph
from ..groups import boxed, layer_path
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
    graph, boxes = boxed(flat, paths, titles)
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


def _paths(flat: Flat, traced: Traced | None) -> tuple[list[str], dict[str, str]]:
    """For each node the path of its box, and what kind of thing each box is."""
    if traced is not None and traced.titles:
        paths = [layer_path(traced.module_of(v), traced) or REST for v in flat.order]
        if 1 < len(set(paths)) <= MOST_BOXES:
            return paths, {REST: "", **traced.titles}
    paths = depth_paths(flat, BLOCKS)
    return paths, dict.fromkeys(paths, "")


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
