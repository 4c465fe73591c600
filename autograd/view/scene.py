"""The scene of a graph: its shapes, and the arrows between them.

This module owns which arrows there are and what stands on them, and must not know where shapes go or in which format.
All pictures of graphs are made from scenes: DOT, Graphviz's layout, our own layout, and the SVG.
Read next: `dot.py`, which tells Graphviz, and `paint.py`, which paints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .graph import Edge, Graph, Node
from .look import PLAIN, Direction, Look
from .shapes import TITLE_LIMIT, Shape, node_shape, op_shape, tag_shape
from .text import number_text, printable, shortened

__all__ = ["Arrow", "Scene", "scene"]

COMMUTATIVE = {  # of these the order of the operands does not matter
    "add", "mul", "maximum", "minimum", "max", "min", "sum", "mean", "prod", "dot", "norm", "hypot", "logaddexp",
    "logsumexp",
}  # fmt: skip
PARALLEL = 3  # up to so many edges between the same two nodes are drawn one by one
AT_TIP = 2  # up to so many operands have their number at the tip of the arrow, where more would not find room


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the shape `source` to the shape `target`, by index.

    Attributes:
        source, target: The shapes.
        text: What stands at its tip.
        edges: The edges of the graph that it stands for; none between an operation and its result.
        ends: The nodes at its ends: those of its edges.
        positions: Which operands it brings, from 0.
        open: Whether it ends without a tip, at a tag from which another arrow goes on.
        highlighted: Whether it is pointed out.
    """

    source: int
    target: int
    text: str = ""
    edges: tuple[int, ...] = ()
    ends: tuple[int, int] = (0, 0)
    positions: tuple[int, ...] = ()
    open: bool = False
    highlighted: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything in the picture; `note` is a line above it, and `look` what was asked for."""

    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    direction: Direction
    title: str
    note: str
    look: Look = PLAIN


def scene(graph: Graph, look: Look = PLAIN) -> Scene:
    """The shapes and arrows for a graph.

    Example:
        >>> from autograd import Value
        >>> from autograd.view.graph import read_graph
        >>> a = Value(3.0, label="a")
        >>> picture = scene(read_graph(a + a))
        >>> [(shape.name, shape.rows[0]) for shape in picture.shapes]
        [('v0', ('label', 'a')), ('v1', ('data', '6.0000')), ('op1', ('op', '+'))]
        >>> [(arrow.source, arrow.target) for arrow in picture.arrows]
        [(0, 2), (0, 2), (2, 1)]
    """
    outputs = set(graph.outputs)
    shapes = [node_shape(i, node, i in outputs, look) for i, node in enumerate(graph.nodes)]
    ops: dict[int, int] = {}
    if "op" in look.show:
        for i, node in enumerate(graph.nodes):
            if node.kind == "result":
                ops[i] = len(shapes)
                shapes.append(op_shape(i, node, i in look.highlight.nodes))
    arrows = _arrows(graph, look, ops, shapes)
    lit = {graph.edges[k].target for k in look.highlight.edges}
    arrows += [Arrow(op, i, ends=(i, i), highlighted=i in lit) for i, op in ops.items()]
    note = graph.note
    if graph.left_out:
        note += " · " if note else ""
        note += f"{graph.total - graph.left_out:,} of {graph.total:,} nodes shown; limit= and depth= say how many"
    title = "Computation of " + (", ".join([_name(graph.nodes[i]) for i in graph.outputs[:5]]) or "a value")
    title = shortened(printable(title), TITLE_LIMIT)
    return Scene(tuple(shapes), tuple(arrows), look.direction, title, note, look)


def _arrows(graph: Graph, look: Look, ops: dict[int, int], shapes: list[Shape]) -> list[Arrow]:
    """The arrows from operands; where one carries a text, two, with the text as a shape of its own between them."""
    between: dict[tuple[int, int], list[int]] = {}
    counts: dict[int, int] = {}
    for k, edge in enumerate(graph.edges):
        between.setdefault((edge.source, edge.target), []).append(k)
        counts[edge.target] = counts.get(edge.target, 0) + 1
    arrows: list[Arrow] = []
    for (source, target), found in between.items():
        numbered = counts[target] > 1 and graph.nodes[target].op_name not in COMMUTATIVE
        for ks in [found] if len(found) > PARALLEL else [[k] for k in found]:
            edges = [graph.edges[k] for k in ks]
            positions = tuple([edge.position for edge in edges if edge.position is not None])
            lit = not look.highlight.edges.isdisjoint(ks)
            number = str(positions[0] + 1) if numbered and len(positions) == 1 else ""
            tip = number if counts[target] <= AT_TIP and "partials" not in look.show else ""
            end, whole = ops.get(target, target), (tuple(ks), (source, target), positions)
            if rows := _tag_rows(edges, "" if tip else number, look):
                arrows.append(Arrow(source, len(shapes), "", *whole, open=True, highlighted=lit))
                arrows.append(Arrow(len(shapes), end, "", *whole, highlighted=lit))
                shapes.append(tag_shape(f"e{ks[0]}", rows))
            else:
                arrows.append(Arrow(source, end, tip, *whole, highlighted=lit))
    return arrows


def _tag_rows(edges: Sequence[Edge], number: str, look: Look) -> tuple[tuple[str, str], ...]:
    rows = [("position", number)] if number else []
    if (count := sum([edge.count for edge in edges])) > 1:
        rows.append(("count", f"×{count:,}"))
    partials = {edge.partial for edge in edges}
    if "partials" in look.show and len(partials) == 1 and (partial := partials.pop()) is not None:
        rows.append(("partial", look.number(partial)))
        if number:
            rows[0] = ("position", f"{number}:")  # "2 -1.0" would read as a difference
    return tuple(rows)


def _name(node: Node) -> str:
    return node.label or number_text(node.data)
