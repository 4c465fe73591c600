"""What is pointed out in a picture: a path, all paths between two Values, or parameters.

This module owns how these are found among the nodes of a graph, and must not know how they are painted.
It walks without recursion.
Read next: `look.py`, which carries a highlight to the painter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..engine import Value
from .graph import Graph

__all__ = ["NOTHING", "Highlight", "find_highlight"]


@dataclass(frozen=True, slots=True)
class Highlight:
    """The indices of the nodes and of the edges that are pointed out."""

    nodes: frozenset[int] = frozenset()
    edges: frozenset[int] = frozenset()


NOTHING = Highlight()


def find_highlight(graph: Graph, asked: Any) -> Highlight:
    """The nodes and edges of a graph that somebody wants to see pointed out.

    Args:
        graph: Where to look.
        asked: A pair (x, y), which means all paths from x to y; a list of Values, of which neighbours in the list
            that are operand and result are joined; a Value; or an object with `parameters()`; None for nothing.

    Raises:
        TypeError: If asked is none of these.
        ValueError: If none of the Values is in the graph, or if no path leads from x to y.

    Example:
        >>> from autograd.view.graph import read_graph
        >>> x, w = Value(1.0), Value(2.0)
        >>> y = (x * w).tanh()
        >>> sorted(find_highlight(read_graph(y), (w, y)).nodes)
        [1, 2, 3]
    """
    if asked is None:
        return NOTHING
    values = _values(asked)
    index = {id(v): i for i, v in enumerate(graph.values) if v is not None}
    found = [index.get(id(v)) for v in values]
    if set(found) <= {None}:
        raise ValueError(
            "highlight: none of its Values is in the picture. Remedy: name Values of this computation, or let more "
            "of it be drawn with limit=, depth= or around="
        )
    if isinstance(asked, tuple) and len(asked) == 2:
        return _between(graph, found[0], found[1])
    steps = set(pairwise(found))
    edges = [k for k, edge in enumerate(graph.edges) if (edge.source, edge.target) in steps]
    return Highlight(frozenset([i for i in found if i is not None]), frozenset(edges))


def _values(asked: Any) -> Sequence[Value]:
    if isinstance(asked, Value):
        return [asked]
    if hasattr(asked, "parameters"):
        asked = asked.parameters()
    values = list(asked) if isinstance(asked, Iterable) else [asked]
    for v in values:
        if not isinstance(v, Value):
            raise TypeError(
                f"highlight takes a list of Values, a pair (x, y) or what has parameters(), not {type(v).__name__}: "
                f"{v!r:.60}"
            )
    return values


def _between(graph: Graph, start: int | None, end: int | None) -> Highlight:
    """All that lies on a path: it is reached from the start, and the end is reached from it."""
    operands: list[list[int]] = [[] for _ in graph.nodes]
    results: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        operands[edge.target].append(edge.source)
        results[edge.source].append(edge.target)
    nodes = _reached(start, results) & _reached(end, operands)
    if not nodes:
        raise ValueError(
            "highlight = (x, y): no path leads from x to y in the picture. Remedy: name the operand first, and let "
            "both be drawn with limit=, depth= or around="
        )
    edges = [k for k, edge in enumerate(graph.edges) if edge.source in nodes and edge.target in nodes]
    return Highlight(frozenset(nodes), frozenset(edges))


def _reached(start: int | None, following: Sequence[Sequence[int]]) -> set[int]:
    if start is None:
        return set()
    reached, waiting = {start}, [start]
    while waiting:
        new = set(following[waiting.pop()]) - reached
        reached |= new
        waiting += new
    return reached
