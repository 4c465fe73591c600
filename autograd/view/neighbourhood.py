"""Which part of a computation is read: what is nearest to its outputs, or to one Value in it.

This module owns distance, counted in operations and breadth first; it must not know what a part is read for.
Read next: `graph.py`, which reads the part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..engine import Value

__all__ = ["AROUND", "Kept", "around_value", "nearest"]

AROUND = 2  # so many operations around a Value are read if no depth is given


@dataclass(slots=True)
class Kept:
    """What is read: Values, and constants as (result, position); at most `limit` of both together."""

    limit: int
    values: set[Value] = field(default_factory=set)
    constants: set[tuple[Value, int]] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether no more can be kept."""
        return len(self.values) + len(self.constants) >= self.limit


def nearest(roots: Iterable[Value], limit: int, depth: int | None = None) -> Kept:
    """The Values and constants nearest to the roots, breadth first.

    Args:
        roots: Where distances are counted from.
        limit: How many are kept at most.
        depth: How many operations they are away at most.
    """
    return _breadth_first(roots, limit, depth, {})


def around_value(v: Value, order: Sequence[Value], limit: int, depth: int | None = None) -> Kept:
    """The Values and constants nearest to one, along operands and results alike.

    Args:
        v: The Value.
        order: The computation that it is a part of.
        limit: How many are kept at most.
        depth: How many operations they are away at most; None means 2.

    Raises:
        ValueError: If v is no part of the computation.
        TypeError: If v is not a Value.
    """
    if not isinstance(v, Value):
        raise TypeError(f"around is a Value of the computation, not {type(v).__name__}: {v!r:.60}")
    results = _results(order)
    if v not in results:
        raise ValueError(f"around is no part of what is read: {v!r:.60} is not among its {len(order):,} Values")
    return _breadth_first([v], limit, AROUND if depth is None else depth, results)


def _results(order: Sequence[Value]) -> dict[Value, list[Value]]:
    """For each Value those that were computed from it, in order and with multiplicity."""
    results: dict[Value, list[Value]] = {v: [] for v in order}
    for v in order:
        for x in v.operands:
            if isinstance(x, Value):
                results[x].append(v)
    return results


def _breadth_first(
    roots: Iterable[Value], limit: int, depth: int | None, results: Mapping[Value, Sequence[Value]]
) -> Kept:
    kept = Kept(limit)
    waiting: deque[tuple[Value, int]] = deque()

    def keep(v: Value, distance: int) -> None:
        if v not in kept.values and not kept.full:
            kept.values.add(v)
            waiting.append((v, distance))

    for root in roots:
        keep(root, 0)
    while waiting and not kept.full:
        v, distance = waiting.popleft()
        if distance == depth:
            break
        for position, x in enumerate(v.operands):
            if isinstance(x, Value):
                keep(x, distance + 1)
            elif not kept.full:
                kept.constants.add((v, position))
        for result in results.get(v, ()):
            keep(result, distance + 1)
    return kept
