"""Practice: what a page is told that asks for derivatives and gradients instead of showing them.

This module owns what is left out of the data of such a page, and must not know how it asks.
The page computes every answer itself, by the rules of the operations, from the numbers of the leaves.
Read next: `practice.js`, which asks, and `answers.js`, which judges.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from ...engine import Value, floats
from ...errors import AutogradError, StaleGraphError
from ...partials import stored_partials
from ..graph import Graph
from ..text import printable
from .names import node_names

__all__ = ["check_rules", "check_unchanged", "without_answers"]


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


def check_unchanged(graph: Graph) -> None:
    """Raise if the page would compute other numbers than the forward pass has.

    Raises:
        StaleGraphError: If a result or a local partial does not follow from the data of its operands.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> w = Value(3.0, label="w")
        >>> y = w.exp()
        >>> w.data = 0.0
        >>> check_unchanged(read_graph(y))
        Traceback (most recent call last):
        autograd.errors.StaleGraphError: no practice: data was changed since v1 was computed. With w = 0.0 its value \
is 1.0, and in the graph 20.085536923187668. Remedy: compute the output again
    """
    called = dict(zip(graph.values, node_names(graph), strict=True))
    for v in graph.values:
        if v is None or v.op is None:
            continue
        before, now = [v.data, *[found.partial for found in stored_partials(v)]], _now(v)
        for i, old in enumerate(before):
            new = now[i] if now else None
            if new == old or (new != new and old != old):
                continue
            what = "local partial" if i else "value"
            operands = [f"{called[x]} = {x.data!r}" if isinstance(x, Value) else repr(x) for x in v.operands]
            raise StaleGraphError(
                f"no practice: data was changed since {called[v]} was computed. With {', '.join(operands):.200} its "
                f"{what} is {'undefined' if new is None else repr(new)}, and in the graph {old!r}. "
                "Remedy: compute the output again"
            )


def _now(v: Value) -> list[float]:
    """The value of an operation at its operands as they are, and its local partials; nothing if it has no value."""
    assert v.op is not None
    xs = floats(v.operands)
    try:
        data = v.op.forward(*xs)
        sides = v.op.partials(data, *xs)
    except (ValueError, ZeroDivisionError):
        return []
    return [data, *[sides[found.position] for found in stored_partials(v)]]
