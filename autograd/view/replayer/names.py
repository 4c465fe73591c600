"""Names by which the nodes of a replay are told apart: labels, and numbers where there is none.

This module owns what a node is called in formulas, and must not know formulas or pages.
Labels are the user's: any text, and not always different.
Read next: `record.py`, which writes them down.
"""

from __future__ import annotations

from itertools import count

from ..graph import Graph
from ..text import printable, shortened

__all__ = ["node_names"]

LONGEST = 24  # cells of a label that are shown in formulas


def node_names(graph: Graph) -> tuple[str, ...]:
    """A name for each node, no two the same; "" for constants.

    A node goes by its label, with a number behind it if it is not the first of that label, and without a label by
    its place among the nodes that have none: v1, v2, ...

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> w = Value(2.0, label="w")
        >>> node_names(read_graph(w * w + Value(1.0, label="w")))
        ('w', 'v1', 'w (2)', 'v2')
    """
    labels = [shortened(printable(node.label), LONGEST).strip() for node in graph.nodes]
    taken = set(labels)
    seen: set[str] = set()
    numbers = count(1)
    names: list[str] = []
    for node, label in zip(graph.nodes, labels, strict=True):
        if node.kind == "constant":
            names.append("")
            continue
        name = label
        if not label:
            name = next(f"v{n}" for n in numbers if f"v{n}" not in taken)
        elif label in seen:
            name = next(f"{label} ({n})" for n in count(2) if f"{label} ({n})" not in taken | seen)
        seen.add(name)
        names.append(name)
    return tuple(names)
