"""Practice: what a page is told that asks for derivatives and gradients instead of showing them.

This module owns what is left out of the data of such a page, and must not know how it asks.
The page computes every answer itself, by the rules of the operations, from the numbers of the leaves.
Read next: `practice.js`, which asks, and `answers.js`, which judges.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from ...errors import AutogradError
from ..graph import Graph
from ..text import printable

__all__ = ["check_rules", "without_answers"]


def without_answers(graph: Graph) -> Graph:
    """The graph with the numbers of its leaves and constants, and no number that follows from them.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> without_answers(read_graph(Value(3.0) * 2)).nodes[-1].data
        nan
    """
    nodes = [replace(node, data=math.nan if node.kind == "result" else node.data, grad=None) for node in graph.nodes]
    edges = [replace(edge, partial=None if edge.partial is None else math.nan) for edge in graph.edges]
    return replace(graph, nodes=tuple(nodes), edges=tuple(edges))


def check_rules(untranslated: Iterable[str]) -> None:
    """Raise if the page could not compute the answers.

    Raises:
        AutogradError: If there is an operation whose rule cannot be translated into the language of the page.
    """
    names = ", ".join([printable(name) for name in dict.fromkeys(untranslated)])
    if names:
        raise AutogradError(
            f"no practice with {names:.200}: the page computes the answers itself, and this rule cannot be translated "
            "into its language. Remedy: write forward and partials of the Op with arithmetic, comparisons and "
            "functions of autograd alone; or use replay(y), which shows everything and asks nothing"
        )
