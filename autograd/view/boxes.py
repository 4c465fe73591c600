"""Boxes without cycles: nodes that were sorted into boxes are split where a way leaves a box and comes back to it.

This module owns the order of boxes, in which every way goes forward; it must not know what is in a box.
Read next: `groups.py`, which says what belongs into which box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from .flat import Flat

__all__ = ["forward_boxes"]


def forward_boxes(flat: Flat, member: Sequence[int]) -> tuple[list[int], list[int]]:
    """Boxes whose numbers grow along every way through the computation.

    A box that a way leaves and comes back to, as a layer that is called on its own output, is split: into what is
    computed before, and what after.

    Args:
        flat: The computation.
        member: For each node the box that it belongs to, numbered from 0.

    Returns:
        For each node its box now, numbered from 0 with operands first; and for each of these the box that it comes
        from.

    Cost: Linear in the number of operands, apart from the sorting of the boxes.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.flat import flatten
        >>> flat = flatten([Value(1.0).exp().tanh().exp()])
        >>> forward_boxes(flat, [1, 0, 1, 0])
        ([0, 1, 2, 3], [1, 0, 1, 0])
    """
    after = _following(flat, member)
    position = _sorted_forward(after, _first_results(flat, member, len(after)))
    if all(position[box] < position[target] for box, targets in enumerate(after) for target in targets):
        keys = [position[box] for box in member]  # no way goes backward, the usual case
    else:
        places = [position[box] for box in member]
        keys = [r * len(after) + place for r, place in zip(_rounds(flat, places), places, strict=True)]
    number = {key: i for i, key in enumerate(sorted(set(keys)))}
    boxes = [number[key] for key in keys]
    origin = [0] * len(number)
    for box, before in zip(boxes, member, strict=True):
        origin[box] = before
    return boxes, origin


def _rounds(flat: Flat, places: Sequence[int]) -> list[int]:
    """For each node how many times a way to it goes backward; a leaf waits for the first round that uses it."""
    rounds: list[int] = []
    used: dict[int, int] = {}
    for operands, here in zip(flat.operands, places, strict=True):
        rounds.append(max([rounds[x] + (places[x] > here) for x in operands], default=0))
    for operands, here, r in zip(flat.operands, places, rounds, strict=True):
        for x in operands:
            if not flat.operands[x]:
                used[x] = min(used.get(x, r), r - (places[x] > here))
    for leaf, r in used.items():
        rounds[leaf] = r
    return rounds


def _following(flat: Flat, member: Sequence[int]) -> list[set[int]]:
    """For each box those that use something of it."""
    after: list[set[int]] = [set() for _ in range(max(member) + 1)]
    for target, operands in zip(member, flat.operands, strict=True):
        for x in operands:
            if member[x] != target:
                after[member[x]].add(target)
    return after


def _first_results(flat: Flat, member: Sequence[int], count: int) -> list[int]:
    """The first result in each box; leaves are met where they are used, which says little."""
    first = [len(member)] * count
    for node in range(len(member) - 1, -1, -1):
        if flat.operands[node] or flat.constants[node]:
            first[member[node]] = node
    return first


def _sorted_forward(after: Sequence[Iterable[int]], first: Sequence[int]) -> list[int]:
    """The position of each box: Kahn's order; where all that is left waits in a cycle, the earliest goes ahead.

    Of those that are ready the latest is taken: the engine puts the last operand first, so that boxes beside each
    other come out in the order of the operands that they are.
    """
    waiting = [0] * len(after)
    for targets in after:
        for target in targets:
            waiting[target] += 1
    position = [-1] * len(waiting)
    ready = [(-first[box], -box) for box, left in enumerate(waiting) if not left]
    heapify(ready)
    stuck = sorted([(node, box) for box, node in enumerate(first)], reverse=True)
    for place in range(len(waiting)):
        box = _next(ready, stuck, position)
        position[box] = place
        for target in after[box]:
            waiting[target] -= 1
            if not waiting[target] and position[target] < 0:
                heappush(ready, (-first[target], -target))
    return position


def _next(ready: list[tuple[int, int]], stuck: list[tuple[int, int]], position: Sequence[int]) -> int:
    while ready:
        box = -heappop(ready)[1]
        if position[box] < 0:
            return box
    while True:
        _, box = stuck.pop()
        if position[box] < 0:
            return box
