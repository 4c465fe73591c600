"""What a page is told to draw the output over two leaves: structure and leaves of a computation that is shown in boxes.

This module owns for which computations that is sensible, and must not know how a surface is computed or drawn.
A replay node by node needs nothing from here: its own data say it all.
Read next: `surface.js`, which reads it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...engine import Value, toposort
from ..graph import Graph, read_graph
from ..javascript import rules_javascript
from ..misread import misread
from .record import record_graph, used_rules

__all__ = ["surface_of_boxes"]

MOST_LEAVES = 50  # to choose two from
MOST_NODES = 3000  # computed at each point of the grid, and written into the page
MOST_EDGES = 3 * MOST_NODES


def surface_of_boxes(y: Value, total: int) -> tuple[str, dict[str, Any]] | None:
    """The rules of a large computation as JavaScript, and its structure with the numbers of its leaves.

    Args:
        y: The output; each of its operations has a rule.
        total: The number of its nodes.

    Returns:
        None if there are fewer than 2 leaves or more than 50, more than 3000 nodes or 9000 edges, or a rule that
        cannot be translated.
    """
    if total > MOST_NODES or sum([len(v.operands) for v in toposort(y)]) > MOST_EDGES:
        return None
    graph = read_graph(y, total)
    leaves = sum(node.kind == "leaf" for node in graph.nodes)
    if not 2 <= leaves <= MOST_LEAVES:
        return None
    source, translated = rules_javascript(used_rules(graph), misread(graph.values))
    return (source, _structure(graph)) if all(translated) else None


def _structure(graph: Graph) -> dict[str, Any]:
    """The record of the graph, without what only words need."""
    nodes = [replace(node, module="", source=None) for node in graph.nodes]
    edges = [replace(edge, partial=None) for edge in graph.edges]
    record = record_graph(replace(graph, nodes=tuple(nodes), edges=tuple(edges)), 1.0, "")
    calls = [{"text": "", "brackets": [], "locals": call["locals"]} for call in record["calls"]]  # how many operands
    return {**record, "calls": calls, "partials": ""}
